//! The one layer around every method: metrics, admission, deadline, panics, the door, the access log.
//!
//! One hand-written layer and not six generic ones, as for HTTP: each of those boxes a future and clones a service.

use std::collections::HashMap;
use std::convert::Infallible;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::Route;
use futures_util::FutureExt;
use tokio_util::sync::CancellationToken;
use tonic::{Code as GrpcCode, Status};
use tonic_types::ErrorDetails;
use tower::{Layer, Service};

use super::answer::Answer;
use super::call::{Call, InFlight, Method};
use super::deadline::{Deadline, asked};
use super::status::{code_of, complete, refusal, refusal_with};
use super::{GrpcGuard, GrpcMetrics, GrpcOptions};
use crate::http::Ids;
use crate::problem::{Code, Problem};
use crate::telemetry::logs;
use crate::telemetry::trace::{TraceIds, with_trace_id};

type Answering = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

/// What all methods of one listener share.
struct Shared {
    methods: HashMap<String, Arc<Method>>,
    unknown: Arc<Method>,
    guard: Arc<GrpcGuard>,
    metrics: GrpcMetrics,
    in_flight: Arc<InFlight>,
    trace_ids: TraceIds,
    stop: Arc<CancellationToken>,
    max_in_flight: usize,
    default_deadline: Duration,
    max_deadline: Duration,
}

/// Wraps each service of a router.
#[derive(Clone)]
pub(super) struct GrpcLayer(Arc<Shared>);

impl GrpcLayer {
    /// `stop` ends the streams.
    pub fn new(
        options: &GrpcOptions,
        guard: Arc<GrpcGuard>,
        metrics: GrpcMetrics,
        trace_ids: TraceIds,
        stop: CancellationToken,
    ) -> Self {
        let mut methods = HashMap::new();
        for rule in &guard.rules {
            let method = Method::of(*rule, &metrics);
            methods.entry(method.path.clone()).or_insert_with(|| Arc::new(method));
        }
        Self(Arc::new(Shared {
            methods,
            unknown: Arc::new(Method::unknown(&metrics)),
            guard,
            in_flight: InFlight::new(metrics.clone()),
            metrics,
            trace_ids,
            stop: Arc::new(stop),
            max_in_flight: options.max_in_flight,
            default_deadline: options.default_deadline,
            max_deadline: options.max_deadline,
        }))
    }
}

impl Layer<Route> for GrpcLayer {
    type Service = Methods;

    fn layer(&self, route: Route) -> Methods {
        Methods { route, shared: Arc::clone(&self.0) }
    }
}

/// The methods of one service, or whatever no service answers.
#[derive(Clone)]
pub(super) struct Methods {
    route: Route,
    shared: Arc<Shared>,
}

impl Service<Request> for Methods {
    type Response = Response;
    type Error = Infallible;
    type Future = Answering;

    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        // A route makes itself ready when it is called.
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Answering {
        let shared = Arc::clone(&self.shared);
        let method = shared.methods.get(request.uri().path()).unwrap_or(&shared.unknown);
        let ids = Ids::of(request.headers(), &shared.trace_ids);
        let mut call = Call::begin(Arc::clone(method), ids.trace_id, request.headers());
        if !is_grpc(&request) {
            call.end(GrpcCode::InvalidArgument);
            return Box::pin(std::future::ready(Ok(not_grpc())));
        }
        let (place, before) = shared.in_flight.enter();
        let admitted = call.method.probe || before < shared.max_in_flight;
        let granted = shared.granted(&request);
        let route = self.route.clone();
        Box::pin(async move {
            let work = async {
                if !admitted {
                    shared.metrics.shed.inc();
                    return refused(refusal(Code::Overloaded, "too many calls are under way; try again in a second"));
                }
                match granted {
                    Some(granted) => shared.answer(&call, route, request, granted).await,
                    None => {
                        let form = "it is at most eight digits and one of the units H, M, S, m, u and n";
                        let told = |details: &mut ErrorDetails| {
                            details.add_bad_request_violation("grpc-timeout", form);
                        };
                        refused(refusal_with(Code::ValidationError, format!("grpc-timeout: {form}"), told))
                    }
                }
            };
            let mut response = with_trace_id(Arc::clone(&call.trace_id), work).await;
            drop(place);
            response.headers_mut().extend(Ids::answered(ids.given, &call.trace_id));
            Ok(shared.follow(call, response))
        })
    }
}

impl Shared {
    /// How long the call may take; `None` where what the client says of that cannot be read.
    fn granted(&self, request: &Request) -> Option<Duration> {
        let asked = asked(request.headers()).ok()?;
        Some(asked.unwrap_or(self.default_deadline).min(self.max_deadline))
    }

    /// Lets the method answer, if it does so in time.
    async fn answer(&self, call: &Call, route: Route, request: Request, granted: Duration) -> Response {
        let entered = Deadline(Instant::now() + granted).holds(self.enter(call, route, request));
        let answer = AssertUnwindSafe(entered).catch_unwind();
        match tokio::time::timeout(granted, answer).await {
            Ok(Ok(response)) => response,
            Ok(Err(panic)) => {
                self.metrics.panics.inc();
                let (endpoint, said) = (&*call.method.path, logs::panic_message(&*panic));
                tracing::error!(endpoint, "a method panicked: {said}");
                let message = format!("the call could not be answered; its id for a report is {}", call.trace_id);
                refused(refusal(Code::Internal, message))
            }
            Err(_elapsed) => {
                let message =
                    format!("no answer within {} s; whether it took effect is not known", granted.as_secs_f64());
                refused(refusal(Code::Timeout, message))
            }
        }
    }

    /// Through the door, to the method.
    async fn enter(&self, call: &Call, mut route: Route, request: Request) -> Response {
        let (mut parts, body) = request.into_parts();
        if let Some(rule) = call.method.rule {
            match self.guard.enter(&parts.headers, rule.access).await {
                Ok(Some(principal)) => drop(parts.extensions.insert(principal)),
                Ok(None) => {}
                Err(status) => return refused(*status),
            }
        } else if parts.extensions.get::<MatchedPath>().is_some() {
            return refused(refusal(Code::Forbidden, "there is no such method here, or nobody may call it"));
        }
        match route.call(Request::from_parts(parts, body)).await {
            Ok(response) => response,
            Err(never) => match never {},
        }
    }

    /// Ends the call with the status that is in the head, or waits for that at the end of the body.
    fn follow(&self, mut call: Call, response: Response) -> Response {
        let (mut parts, body) = response.into_parts();
        match code_of(&parts.headers) {
            Some(code) => {
                call.end(complete(&mut parts.headers, code, &call.trace_id));
                Response::from_parts(parts, body)
            }
            None => Response::from_parts(parts, Body::new(Answer::new(body, call, Arc::clone(&self.stop)))),
        }
    }
}

/// Whether a request is a call: other requests get an answer of HTTP (gRPC over HTTP/2, `Content-Type`).
fn is_grpc(request: &Request) -> bool {
    let content_type = request.headers().get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
    let after = content_type.and_then(|value| value.strip_prefix(b"application/grpc"));
    after.is_some_and(|rest| matches!(rest.first(), None | Some(b'+' | b';')))
}

fn not_grpc() -> Response {
    Problem::spoken(
        Code::UnsupportedMediaType,
        "Aqui só se fala gRPC: o tipo do corpo é application/grpc.",
        "Only gRPC is spoken here: the type of the body is application/grpc.",
    )
    .into_response()
}

fn refused(status: Status) -> Response {
    status.into_http()
}
