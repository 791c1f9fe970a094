//! A service of two methods that does what it is told, and a client for it.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::http;
use futures_util::stream::{self, StreamExt};
use hyper_util::rt::TokioExecutor;
use platform::auth::{Authenticate, AuthenticateError, Authenticated, Credential, Presented, Principal, Tier};
use platform::grpc::{
    Deadline, GrpcAccess, GrpcGuard, GrpcMetrics, GrpcOptions, HEALTH_RULES, MethodRule, method_rule, serve,
};
use platform::http::server::{ServeEnd, bind};
use platform::lifecycle::Lifecycle;
use platform::telemetry::metrics::Metrics;
use prost::Message;
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;
use tonic::body::Body;
use tonic::service::Routes;
use tonic::transport::{Channel, Endpoint};
use tonic::{Code, Request, Response, Status, Streaming};
use tonic_prost::ProstCodec;

pub const NAME: &str = "test.v1.Teller";

pub const RULES: [MethodRule; 4] = [
    method_rule(NAME, "Open", GrpcAccess::Open),
    method_rule(NAME, "Scoped", GrpcAccess::Scope("tell")),
    method_rule(NAME, "Either", GrpcAccess::AnyScope(&["tell", "whisper"])),
    method_rule(NAME, "Watch", GrpcAccess::Open),
];

/// The only message.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct Said {
    #[prost(string, tag = "1")]
    pub text: String,
}

pub fn said(text: impl Into<String>) -> Said {
    Said { text: text.into() }
}

/// Tokens are the scopes they have, separated by commas.
#[derive(Debug)]
struct Door;

impl Authenticate for Door {
    fn authenticate<'a>(&'a self, presented: Presented<'a>) -> Authenticated<'a> {
        let answer = match presented {
            Presented::Token("down") => Err(AuthenticateError::Unavailable),
            Presented::Token("old") => Err(AuthenticateError::Refused("the token has expired")),
            Presented::Token(scopes) => Ok(scopes.split(',').map(str::to_owned).collect()),
            _ => panic!("only tokens come this far"),
        };
        let principal = answer.map(|scopes| Principal {
            subject: "u1".into(),
            tenant: None,
            tier: Tier::Free,
            ispb: Some("12345678".into()),
            scopes,
            credential: Credential::Token,
            credential_id: None,
        });
        Box::pin(std::future::ready(principal))
    }
}

#[derive(Clone)]
struct Teller {
    gate: Arc<Semaphore>,
}

impl Teller {
    async fn tell(self, request: Request<Said>) -> Result<Response<Said>, Status> {
        let text = match request.get_ref().text.as_str() {
            "panic" => panic!("the sky fell on 12345678909"),
            "fail" => return Err(Status::new(Code::Aborted, "busy")),
            "never" => std::future::pending().await,
            "gate" => {
                self.gate.acquire().await.unwrap().forget();
                "through".to_owned()
            }
            "who" => {
                let principal = request.extensions().get::<Arc<Principal>>();
                principal.map_or("nobody".to_owned(), |principal| principal.subject.clone())
            }
            "remaining" => {
                let deadline = Deadline::current().unwrap();
                deadline.remaining().as_millis().to_string()
            }
            other => other.to_owned(),
        };
        Ok(Response::new(said(text)))
    }
}

impl tonic::server::NamedService for Teller {
    const NAME: &'static str = NAME;
}

impl tower::Service<http::Request<Body>> for Teller {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        let teller = self.clone();
        let watch = request.uri().path().ends_with("/Watch");
        let mut grpc = tonic::server::Grpc::new(ProstCodec::<Said, Said>::default());
        Box::pin(async move {
            if watch {
                let forever = tower::service_fn(|request: Request<Said>| async move {
                    let first = stream::iter([Ok(request.into_inner())]);
                    Ok::<_, Status>(Response::new(first.chain(stream::pending::<Result<Said, Status>>())))
                });
                return Ok(grpc.server_streaming(forever, request).await);
            }
            Ok(grpc.unary(tower::service_fn(|request| teller.clone().tell(request)), request).await)
        })
    }
}

/// A running server and what is behind it.
pub struct TestServer {
    pub address: SocketAddr,
    pub metrics: Metrics,
    pub lifecycle: Lifecycle,
    /// "gate" answers when it gets a permit.
    pub gate: Arc<Semaphore>,
    pub end: JoinHandle<ServeEnd>,
}

pub async fn start_with(options: GrpcOptions) -> TestServer {
    let metrics = Metrics::new();
    let lifecycle = Lifecycle::new(Duration::from_secs(20));
    let gate = Arc::new(Semaphore::new(0));
    let listener = bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap();
    let address = listener.local_addr().unwrap();
    let (_, health) = tonic_health::server::health_reporter();
    let routes = Routes::new(Teller { gate: Arc::clone(&gate) }).add_service(health);
    let guard = Arc::new(GrpcGuard::new([&RULES[..], &HEALTH_RULES].concat(), Arc::new(Door)));
    let grpc_metrics = metrics.register(GrpcMetrics::register);
    let end = lifecycle.tasks().spawn(serve(listener, routes, options, guard, grpc_metrics, lifecycle.clone()));
    TestServer { address, metrics, lifecycle, gate, end }
}

pub async fn start() -> TestServer {
    start_with(GrpcOptions::default()).await
}

impl TestServer {
    pub async fn client(&self) -> Client {
        let endpoint = Endpoint::from_shared(format!("http://{}", self.address)).unwrap();
        Client(endpoint.connect().await.unwrap())
    }

    /// What a client gets that is not tonic's, of the open method.
    pub async fn raw(&self, content_type: &str, timeout: &str, text: &str) -> http::Response<hyper::body::Incoming> {
        self.raw_message(content_type, timeout, said(text).encode_to_vec()).await
    }

    /// The same with a message that need not be one.
    pub async fn raw_message(
        &self,
        content_type: &str,
        timeout: &str,
        message: Vec<u8>,
    ) -> http::Response<hyper::body::Incoming> {
        let mut framed = vec![0];
        framed.extend(u32::try_from(message.len()).unwrap().to_be_bytes());
        framed.extend(message);
        let request = http::Request::post(format!("http://{}/{NAME}/Open", self.address))
            .header("content-type", content_type)
            .header("grpc-timeout", timeout)
            .body(axum::body::Body::from(framed));
        let client = hyper_util::client::legacy::Client::builder(TokioExecutor::new()).http2_only(true).build_http();
        client.request(request.unwrap()).await.unwrap()
    }

    /// The value of one sample, as the exposition writes it.
    pub fn sample(&self, name: &str) -> Option<String> {
        let text = self.metrics.open_metrics().unwrap();
        text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' ').map(str::to_owned))
    }

    /// Waits until a sample has a value.
    pub async fn until(&self, name: &str, value: &str) {
        for _ in 0..2000 {
            if self.sample(name).as_deref() == Some(value) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("{name} is {:?}, not {value}", self.sample(name));
    }

    /// Waits until so many calls of a method ended with a code.
    pub async fn handled(&self, method: &str, code: &str, count: u32) {
        let name = format!(
            "grpc_server_handled_total{{grpc_service=\"{NAME}\",grpc_method=\"{method}\",grpc_code=\"{code}\"}}"
        );
        self.until(&name, &count.to_string()).await;
    }
}

#[derive(Clone)]
pub struct Client(pub Channel);

impl Client {
    /// Calls a method by its whole path, with metadata.
    pub async fn call(&self, path: &str, metadata: &[(&'static str, &str)], text: &str) -> Result<String, Status> {
        let mut grpc = tonic::client::Grpc::new(self.0.clone());
        grpc.ready().await.unwrap();
        let request = with_metadata(text, metadata);
        let codec = ProstCodec::<Said, Said>::default();
        grpc.unary(request, path.parse().unwrap(), codec).await.map(|answer| answer.into_inner().text)
    }

    /// Calls the open method.
    pub async fn open(&self, text: &str) -> Result<String, Status> {
        self.call(&format!("/{NAME}/Open"), &[], text).await
    }

    /// Watches for ever.
    pub async fn watch(&self, text: &str) -> Streaming<Said> {
        let mut grpc = tonic::client::Grpc::new(self.0.clone());
        grpc.ready().await.unwrap();
        let codec = ProstCodec::<Said, Said>::default();
        let path = format!("/{NAME}/Watch").parse().unwrap();
        grpc.server_streaming(Request::new(said(text)), path, codec).await.unwrap().into_inner()
    }
}

fn with_metadata(text: &str, metadata: &[(&'static str, &str)]) -> Request<Said> {
    let mut request = Request::new(said(text));
    for (name, value) in metadata {
        request.metadata_mut().append(*name, value.parse().unwrap());
    }
    request
}
