//! Sources that behave and misbehave, and an upstream that calls them.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use gateway::domain::connector::{
    Auth, BreakerRule, CacheRule, Connector, Endpoint, EndpointKind, HttpMethod, Limits, Retry, SecretName,
};
use gateway::domain::mapping::{OutboundRequest, RequestTemplate, ResponseMapping};
use gateway::secrets::{Read, SecretSource, Secrets};
use gateway::upstream::{Lookup, Received, Upstream, UpstreamError, UpstreamMetrics, UpstreamParts};
use platform::telemetry::metrics::Metrics;
use testkit::{CountingEntropy, FakeClock};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A connector that may call this machine and waits for milliseconds only.
pub fn connector(base: &str) -> Connector {
    Connector {
        id: "source".to_owned(),
        title: "A source".to_owned(),
        base_url: base.parse().unwrap(),
        auth: Auth::None,
        extra_ca_file: None,
        fetch_missing_issuer: false,
        allow_private_network: true,
        redirect_hosts: Vec::new(),
        headers: vec![("user-agent".to_owned(), "bgc-test".to_owned())],
        limits: Limits {
            rate: None,
            concurrency: 64,
            queue: Duration::from_secs(5),
            connect: Duration::from_secs(2),
            timeout: Duration::from_secs(5),
            answer_bytes: 1 << 20,
            retry: Retry { attempts: 3, base: Duration::from_millis(2), longest: Duration::from_millis(20) },
            breaker: BreakerRule { failures: 100, open: Duration::from_secs(60) },
        },
        endpoints: BTreeMap::new(),
    }
}

/// A secret's name from `NAME/KEY`.
pub fn secret(name: &str) -> SecretName {
    let (name, key) = name.split_once('/').unwrap();
    SecretName { name: name.to_owned(), key: key.to_owned() }
}

pub fn endpoint(method: HttpMethod, kind: EndpointKind) -> Endpoint {
    let none = Duration::ZERO;
    Endpoint {
        name: "thing".to_owned(),
        title: "A thing".to_owned(),
        kind,
        method,
        parameters: Vec::new(),
        request: RequestTemplate::default(),
        response: ResponseMapping::default(),
        cache: CacheRule { fresh: none, stale_if_error: none, missing: none, obey_source: false },
        version: "1".to_owned(),
    }
}

/// Secrets that a test changes.
#[derive(Debug, Default)]
pub struct Vault(Mutex<HashMap<String, String>>);

impl Vault {
    pub fn set(&self, name: &str, value: &str) {
        self.0.lock().unwrap().insert(name.to_owned(), value.to_owned());
    }
}

impl SecretSource for Vault {
    fn name(&self) -> &'static str {
        "the test's vault"
    }

    fn read<'a>(&'a self, name: &'a SecretName) -> Read<'a> {
        let value = self.0.lock().unwrap().get(&name.to_string()).cloned();
        Box::pin(async move { Ok(value.map(Into::into)) })
    }
}

/// What an upstream stands on, in a test's hands.
pub struct World {
    pub clock: FakeClock,
    pub vault: Arc<Vault>,
    pub secrets: Arc<Secrets>,
    metrics: Metrics,
    parts: UpstreamParts,
}

impl World {
    pub fn new() -> Self {
        let (clock, vault, metrics) = (FakeClock::default(), Arc::new(Vault::default()), Metrics::new());
        let secrets = Arc::new(Secrets::new(vec![Arc::clone(&vault) as Arc<dyn SecretSource>]));
        let parts = UpstreamParts {
            secrets: Arc::clone(&secrets),
            clock: Arc::new(clock.clone()),
            entropy: Arc::new(CountingEntropy::default()),
            metrics: metrics.register(UpstreamMetrics::register),
        };
        Self { clock, vault, secrets, metrics, parts }
    }

    pub fn upstream(&self, connector: Connector) -> Upstream {
        Upstream::new(Arc::new(connector), self.parts.clone()).unwrap()
    }

    pub fn upstream_looking_up(&self, connector: Connector, lookup: Lookup) -> Upstream {
        Upstream::with_lookup(Arc::new(connector), self.parts.clone(), lookup).unwrap()
    }

    pub fn refused_upstream(&self, connector: Connector) -> UpstreamError {
        Upstream::new(Arc::new(connector), self.parts.clone()).unwrap_err()
    }

    /// The value of a metric's line; 0 where there is none.
    pub fn metric(&self, line: &str) -> u64 {
        let text = self.metrics.open_metrics().unwrap();
        text.lines().find_map(|found| found.strip_prefix(line)?.trim().parse().ok()).unwrap_or(0)
    }

    pub fn calls(&self, outcome: &str) -> u64 {
        let labels = format!("{{connector=\"source\",outcome=\"{outcome}\"}}");
        self.metric(&format!("integration_gateway_upstream_requests_total{labels}"))
    }

    pub fn retries(&self) -> u64 {
        self.metric("integration_gateway_upstream_retries_total{connector=\"source\"}")
    }

    pub fn breaker(&self) -> u64 {
        self.metric("integration_gateway_breaker_state{connector=\"source\"}")
    }
}

pub fn at(path: &str) -> OutboundRequest {
    OutboundRequest { path: path.to_owned(), ..OutboundRequest::default() }
}

/// GET of a path, within ten seconds.
pub async fn get(upstream: &Upstream, path: &str) -> Result<Received, UpstreamError> {
    let deadline = Instant::now() + Duration::from_secs(10);
    upstream.fetch(&endpoint(HttpMethod::Get, EndpointKind::Json), &at(path), deadline).await
}

/// A server that answers bytes, right or wrong, and hangs up: one request a connection.
pub struct RawServer {
    pub base: String,
    hits: Arc<AtomicUsize>,
    task: tokio::task::JoinHandle<()>,
}

impl RawServer {
    /// `answer` gets the number of the request, from 0, and its head.
    pub async fn start(answer: impl Fn(usize, &str) -> Vec<u8> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let (hits, answer) = (Arc::new(AtomicUsize::new(0)), Arc::new(answer));
        let counted = Arc::clone(&hits);
        let task = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let (answer, counted) = (Arc::clone(&answer), Arc::clone(&counted));
                tokio::spawn(async move { serve_raw(stream, &*answer, &counted).await });
            }
        });
        Self { base, hits, task }
    }

    /// Requests so far.
    pub fn hits(&self) -> usize {
        self.hits.load(Ordering::SeqCst)
    }
}

impl Drop for RawServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve_raw(mut stream: TcpStream, answer: &(dyn Fn(usize, &str) -> Vec<u8> + Send + Sync), hits: &AtomicUsize) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let Ok(byte) = stream.read_u8().await else { return };
        head.push(byte);
    }
    let number = hits.fetch_add(1, Ordering::SeqCst);
    let bytes = answer(number, &String::from_utf8_lossy(&head));
    // The client may have hung up: what it makes of that is what is tested.
    if stream.write_all(&bytes).await.is_ok() {
        stream.shutdown().await.unwrap_or_default();
    }
}

/// An answer of HTTP/1.1 as bytes.
pub fn raw(status: &str, headers: &[(&str, String)], body: &[u8]) -> Vec<u8> {
    let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let mut bytes = format!("HTTP/1.1 {status}\r\n{headers}connection: close\r\n\r\n").into_bytes();
    bytes.extend_from_slice(body);
    bytes
}

/// The value of a header in a request's head.
pub fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let named = |line: &&'a str| line.split_once(':').is_some_and(|(found, _)| found.eq_ignore_ascii_case(name));
    head.lines().find(named).map(|line| line[name.len() + 1..].trim())
}
