//! The one middleware: request id, admission, deadline, panics, metrics, access log, headers.
//!
//! One hand-written layer and not six generic ones: each of those boxes a future and clones a
//! service per request, and their sum costs more than ranking a product's destinations.

use std::convert::Infallible;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};
use std::time::Instant;

use axum::body::{Body, HttpBody};
use axum::extract::{DefaultBodyLimit, MatchedPath, Request};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Version, header};
use axum::response::{IntoResponse, Response};
use axum::routing::Route;
use futures_util::FutureExt;
use http_body_util::BodyExt;
use tower::{Layer, Service};

use super::language::Language;
use super::{HttpOptions, query_params};
use crate::problem::{Code, Problem, in_language};
use crate::telemetry::logs::{self, AccessLine, USER_AGENT_LIMIT_BYTES};
use crate::telemetry::metrics::{HttpMetrics, MethodLabel, RouteHandles};
use crate::telemetry::text::truncated;
use crate::telemetry::trace::{TraceIds, parse_traceparent, with_trace_id};

/// The status under which a request is counted whose answer nobody waited for: the client closed the
/// connection, or the server was stopped hard. Never sent.
const CLIENT_CLOSED: u16 = 499;
/// What the metrics and the log call a path that no route matches.
const UNMATCHED: &str = "unmatched";
/// Routes a supervisor asks: never refused under load, and not in the access log at `info`.
pub(crate) const PROBES: [&str; 4] = ["/health", "/ready", "/healthz", "/metrics"];
/// The longest `x-request-id` taken from a client, in bytes.
const REQUEST_ID_LIMIT_BYTES: usize = 128;

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

/// What the routes of one listener share.
#[derive(Debug)]
struct Shared {
    options: HttpOptions,
    metrics: HttpMetrics,
    trace_ids: Arc<TraceIds>,
    in_flight: AtomicUsize,
}

/// Wraps each route of a router.
#[derive(Debug, Clone)]
pub(super) struct ObserveLayer(Arc<Shared>);

impl ObserveLayer {
    pub(super) fn new(options: HttpOptions, metrics: HttpMetrics, trace_ids: Arc<TraceIds>) -> Self {
        Self(Arc::new(Shared { options, metrics, trace_ids, in_flight: AtomicUsize::new(0) }))
    }
}

impl Layer<Route> for ObserveLayer {
    type Service = Observe;

    fn layer(&self, route: Route) -> Observe {
        Observe { route, shared: Arc::clone(&self.0), slot: Arc::default() }
    }
}

/// What is known of a route before a request comes.
#[derive(Debug)]
struct Endpoint {
    template: String,
    probe: bool,
    logged_query_params: &'static [&'static str],
    handles: RouteHandles,
}

impl Endpoint {
    fn new(template: &str, options: &HttpOptions) -> Self {
        let of_route = options.logged_query_params.iter().find(|(route, _)| *route == template);
        Self {
            template: template.to_owned(),
            probe: PROBES.contains(&template),
            logged_query_params: of_route.map_or(&[], |(_, names)| names),
            handles: RouteHandles::default(),
        }
    }
}

/// One wrapped route.
#[derive(Clone)]
pub(super) struct Observe {
    route: Route,
    shared: Arc<Shared>,
    /// Filled by the first request: axum says the template only then.
    slot: Arc<OnceLock<Arc<Endpoint>>>,
}

impl Observe {
    fn endpoint(&self, request: &Request) -> Arc<Endpoint> {
        let template = request.extensions().get::<MatchedPath>().map_or(UNMATCHED, MatchedPath::as_str);
        let known = self.slot.get_or_init(|| Arc::new(Endpoint::new(template, &self.shared.options)));
        if known.template == template {
            Arc::clone(known)
        } else {
            // A service that answers several templates: right, only slower.
            Arc::new(Endpoint::new(template, &self.shared.options))
        }
    }
}

impl Service<Request> for Observe {
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        // A route makes itself ready when it is called.
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, mut request: Request) -> Self::Future {
        let endpoint = self.endpoint(&request);
        let ids = Ids::of(request.headers(), &self.shared.trace_ids);
        let exchange = Exchange::begin(&self.shared, endpoint, &request, ids.trace_id);
        let waiting = watch_body(&mut request);
        if !exchange.admitted() {
            self.shared.metrics.shed.inc();
            let response = exchange.finish(overloaded(), ids.given);
            return Box::pin(std::future::ready(Ok(response)));
        }
        DefaultBodyLimit::max(self.shared.options.body_limit_bytes).apply(&mut request);
        let answer = AssertUnwindSafe(self.route.call(request)).catch_unwind();
        let answer = tokio::time::timeout(self.shared.options.timeout, answer);
        let answer = with_trace_id(Arc::clone(&exchange.trace_id), answer);
        Box::pin(async move {
            let response = match answer.await {
                Ok(Ok(Ok(response))) => as_problem(response).await,
                Ok(Err(panic)) => exchange.panicked(&*panic),
                Err(_elapsed) => exchange.timed_out(waiting.is_some_and(|waiting| waiting.load(Ordering::Relaxed))),
            };
            Ok(exchange.finish(response, ids.given))
        })
    }
}

/// Looks at the body as it is read: whether the last look found nothing more yet. `None` without a body.
fn watch_body(request: &mut Request) -> Option<Arc<AtomicBool>> {
    if request.body().is_end_stream() {
        return None;
    }
    let waiting = Arc::new(AtomicBool::new(false));
    let inner = std::mem::replace(request.body_mut(), Body::empty());
    *request.body_mut() = Body::new(WatchedBody { inner, waiting: Arc::clone(&waiting) });
    Some(waiting)
}

struct WatchedBody {
    inner: Body,
    waiting: Arc<AtomicBool>,
}

impl HttpBody for WatchedBody {
    type Data = axum::body::Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<hyper::body::Frame<Self::Data>, Self::Error>>> {
        let polled = Pin::new(&mut self.inner).poll_frame(context);
        self.waiting.store(polled.is_pending(), Ordering::Relaxed);
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> hyper::body::SizeHint {
        self.inner.size_hint()
    }
}

/// How a request is recognised again.
pub(crate) struct Ids {
    /// As the log says it.
    pub trace_id: Arc<str>,
    /// The `x-request-id` the client gave, if it can be given back.
    pub given: Option<HeaderValue>,
}

impl Ids {
    /// `trace_id` is that of `traceparent`, else the client's `x-request-id`, else a new one.
    pub fn of(headers: &HeaderMap, trace_ids: &TraceIds) -> Self {
        let given = headers.get(X_REQUEST_ID).filter(|id| {
            let bytes = id.as_bytes();
            (1..=REQUEST_ID_LIMIT_BYTES).contains(&bytes.len()) && bytes.iter().all(u8::is_ascii_graphic)
        });
        let parent = headers.get(TRACEPARENT).and_then(|value| parse_traceparent(value.to_str().ok()?));
        let trace_id = parent.or_else(|| given?.to_str().ok());
        let trace_id = trace_id.map_or_else(|| trace_ids.next_id(), Arc::from);
        Self { trace_id, given: given.cloned() }
    }

    /// The value of `x-request-id` in the answer: the client's own, or the trace id.
    pub fn answered(given: Option<HeaderValue>, trace_id: &str) -> Option<(HeaderName, HeaderValue)> {
        // Both sources are visible ASCII, so this does not fail.
        Some((X_REQUEST_ID, given.or_else(|| HeaderValue::from_str(trace_id).ok())?))
    }
}

/// One request under way. However it ends, dropped futures included, it is counted and logged once.
struct Exchange {
    shared: Arc<Shared>,
    endpoint: Arc<Endpoint>,
    method: MethodLabel,
    started: Instant,
    user_agent: Option<HeaderValue>,
    /// A JSON object.
    query_params: Option<String>,
    trace_id: Arc<str>,
    language: Language,
    http1: bool,
    /// Requests under way when this one came.
    before: usize,
    finished: bool,
}

impl Exchange {
    fn begin(shared: &Arc<Shared>, endpoint: Arc<Endpoint>, request: &Request, trace_id: Arc<str>) -> Self {
        shared.metrics.in_flight.inc();
        let logged = endpoint.logged_query_params;
        let query = request.uri().query().filter(|_| !logged.is_empty());
        Self {
            method: MethodLabel::of(request.method()),
            started: Instant::now(),
            user_agent: request.headers().get(header::USER_AGENT).cloned(),
            query_params: query.map(|query| query_params::logged(query, logged)),
            trace_id,
            language: Language::of(request.headers()),
            http1: request.version() <= Version::HTTP_11,
            before: shared.in_flight.fetch_add(1, Ordering::Relaxed),
            finished: false,
            shared: Arc::clone(shared),
            endpoint,
        }
    }

    fn admitted(&self) -> bool {
        self.endpoint.probe || self.before < self.shared.options.max_in_flight
    }

    fn panicked(&self, panic: &(dyn std::any::Any + Send)) -> Response {
        self.shared.metrics.panics.inc();
        tracing::error!(
            endpoint = self.endpoint.template,
            trace_id = &*self.trace_id,
            "a handler panicked: {}",
            logs::panic_message(panic)
        );
        Problem::spoken(
            Code::Internal,
            format!("O pedido não pôde ser respondido; o identificador dele para um relato é {}.", self.trace_id),
            format!("The request could not be answered; its id for a report is {}.", self.trace_id),
        )
        .into_response()
    }

    /// Whose time ran out: the client's that still owes us the body, or ours.
    fn timed_out(&self, waiting_for_body: bool) -> Response {
        let seconds = self.shared.options.timeout.as_secs_f64();
        if !waiting_for_body {
            return Problem::spoken(
                Code::Timeout,
                format!("Sem resposta em {seconds} s; peça menos, ou de novo mais tarde."),
                format!("No answer within {seconds} s; ask for less, or again later."),
            )
            .into_response();
        }
        let mut problem = Problem::spoken(
            Code::RequestTimeout,
            format!("O corpo do pedido não chegou ao fim em {seconds} s; envie-o de novo."),
            format!("The body did not come to its end within {seconds} s; send it again."),
        );
        if self.http1 {
            // What is still to come is not read: there is no next request on this connection.
            problem.headers.push((header::CONNECTION, HeaderValue::from_static("close")));
        }
        problem.into_response()
    }

    /// Adds what every answer carries, counts and logs.
    fn finish(mut self, response: Response, given: Option<HeaderValue>) -> Response {
        let mut response = in_language(response, self.language);
        self.account(response.status().as_u16());
        let headers = response.headers_mut();
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        headers.entry(header::X_FRAME_OPTIONS).or_insert(HeaderValue::from_static("DENY"));
        headers.entry(header::REFERRER_POLICY).or_insert(HeaderValue::from_static("no-referrer"));
        headers.extend(Ids::answered(given, &self.trace_id));
        response
    }

    fn account(&mut self, status: u16) {
        self.finished = true;
        let elapsed = self.started.elapsed();
        let endpoint = &*self.endpoint;
        endpoint.handles.observe(&self.shared.metrics, &endpoint.template, self.method, status, elapsed.as_secs_f64());
        if !logs::access_enabled(endpoint.probe) {
            return;
        }
        let user_agent = self.user_agent.as_ref().map(|value| String::from_utf8_lossy(value.as_bytes()));
        logs::access(&AccessLine {
            endpoint: &endpoint.template,
            method: self.method.name(),
            duration_ms: elapsed.as_micros() as f64 / 1000.0,
            status,
            user_agent: truncated(user_agent.as_deref().unwrap_or_default(), USER_AGENT_LIMIT_BYTES),
            query_params: self.query_params.as_deref().unwrap_or("{}"),
            trace_id: &self.trace_id,
            probe: endpoint.probe,
        });
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        self.shared.in_flight.fetch_sub(1, Ordering::Relaxed);
        self.shared.metrics.in_flight.dec();
        if !self.finished {
            self.account(CLIENT_CLOSED);
        }
    }
}

fn overloaded() -> Response {
    let mut problem = Problem::spoken(
        Code::Overloaded,
        "Há pedidos demais em andamento; tente de novo em um segundo.",
        "Too many requests are under way; try again in a second.",
    );
    problem.headers.push((header::RETRY_AFTER, HeaderValue::from_static("1")));
    problem.into_response()
}

/// Turns an error that a library answered in plain text into a problem; every other answer passes.
async fn as_problem(response: Response) -> Response {
    let Some(code) = library_error(&response) else { return response };
    let (mut parts, body) = response.into_parts();
    let text = match body.collect().await {
        Ok(body) => String::from_utf8_lossy(truncated_bytes(&body.to_bytes())).into_owned(),
        Err(_) => String::new(),
    };
    let english = if text.is_empty() { code.title().to_owned() } else { text };
    let mut problem = Problem::spoken(code, code.title_in(Language::PtBr), english).into_response();
    parts.status = code.status();
    parts.headers.remove(header::CONTENT_LENGTH);
    for (name, value) in problem.headers() {
        parts.headers.insert(name, value.clone());
    }
    parts.extensions.extend(std::mem::take(problem.extensions_mut()));
    Response::from_parts(parts, problem.into_body())
}

fn truncated_bytes(bytes: &[u8]) -> &[u8] {
    &bytes[..bytes.len().min(1024)]
}

/// The code for an error answer whose body is absent or plain text, if it has one.
fn library_error(response: &Response) -> Option<Code> {
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) {
        return None;
    }
    let content_type = response.headers().get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
    let plain = content_type.is_none_or(|value| value.starts_with(b"text/plain"));
    // A body of known size is in memory already; a stream is not ours to wait for.
    let in_memory = HttpBody::size_hint(response.body()).exact().is_some();
    if !(plain && in_memory) {
        return None;
    }
    match status {
        // What axum calls a body or a parameter of the wrong shape is a wrong field here.
        StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY => Some(Code::ValidationError),
        StatusCode::NOT_FOUND => Some(Code::NotFound),
        StatusCode::SERVICE_UNAVAILABLE => Some(Code::Overloaded),
        other => Code::ALL.into_iter().find(|code| code.status() == other),
    }
}
