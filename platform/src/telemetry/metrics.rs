//! Metrics: the registry, the metrics of every HTTP listener, and how they are shown.
//!
//! Label values come from closed sets only: a route's template, one of nine methods, a status. A
//! client cannot make a new time series.

use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::response::{IntoResponse, Response};
use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue, LabelValueEncoder, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::{Family, MetricConstructor};
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

/// Upper bounds of the duration buckets, in seconds. Every threshold of an SLO is one of them (1, 5,
/// 10, 30, 50, 100, 150, 200 and 500 ms, 1 and 2 s), so that a share of fast requests is a count and
/// never an interpolation.
pub const DURATION_BUCKETS_SECONDS: [f64; 18] = [
    0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.03, 0.05, 0.1, 0.15, 0.2, 0.5, 1.0, 2.0, 5.0,
    10.0,
];

/// The process's metrics. Share it as an `Arc`.
#[derive(Debug)]
pub struct Metrics {
    registry: Mutex<Registry>,
    /// The metrics of the HTTP listeners.
    pub http: HttpMetrics,
    /// `bgc_log_lines_dropped_total`: give a clone to [`super::logs::init`].
    pub log_lines_dropped: Counter,
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

impl Metrics {
    /// A registry that holds the metrics of this crate.
    #[must_use]
    pub fn new() -> Self {
        let mut registry = Registry::default();
        let http = HttpMetrics::register(&mut registry);
        let log_lines_dropped = Counter::default();
        registry.register(
            "bgc_log_lines_dropped",
            "Log lines dropped because the writer did not keep up",
            log_lines_dropped.clone(),
        );
        Self { registry: Mutex::new(registry), http, log_lines_dropped }
    }

    /// Lets a context register metrics of its own. Counters are registered without `_total`: the
    /// exposition appends it.
    pub fn register<T>(&self, register: impl FnOnce(&mut Registry) -> T) -> T {
        register(&mut self.registry.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Every metric in the OpenMetrics 1.0 text format.
    ///
    /// # Errors
    /// If a collector fails to write itself.
    pub fn open_metrics(&self) -> Result<String, fmt::Error> {
        let mut out = String::with_capacity(16 << 10);
        text::encode(&mut out, &self.registry.lock().unwrap_or_else(PoisonError::into_inner))?;
        Ok(out)
    }

    /// The answer to a scrape: OpenMetrics for a scraper that asks for it (Prometheus does), else the
    /// Prometheus text format 0.0.4.
    #[must_use]
    pub fn exposition(&self, request: &HeaderMap) -> Response {
        const OPEN_METRICS: &str = "application/openmetrics-text";
        let Ok(body) = self.open_metrics() else {
            let detail = "a metric failed to write itself; the log of this process may say which";
            return crate::problem::Problem::new(crate::problem::Code::Internal, detail).into_response();
        };
        let mut accepted = request.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
        let (content_type, body) = if accepted.any(|value| value.contains(OPEN_METRICS)) {
            ("application/openmetrics-text; version=1.0.0; charset=utf-8", body)
        } else {
            ("text/plain; version=0.0.4; charset=utf-8", prometheus_text(&body))
        };
        ([(header::CONTENT_TYPE, HeaderValue::from_static(content_type))], body).into_response()
    }
}

/// The same metrics in the older format, which names a counter by its sample (`_total`), and knows
/// neither units nor `# EOF` nor exemplars.
fn prometheus_text(open_metrics: &str) -> String {
    let mut out = String::with_capacity(open_metrics.len() + 1024);
    let mut lines = open_metrics.lines().peekable();
    while let Some(line) = lines.next() {
        if line.starts_with("# UNIT ") || line == "# EOF" {
            continue;
        }
        if let Some(rest) = line.strip_prefix("# HELP ") {
            let (name, help) = rest.split_once(' ').unwrap_or((rest, ""));
            let counter = lines.peek().is_some_and(|next| is_counter(next, name));
            out.push_str(&format!("# HELP {name}{} {help}\n", if counter { "_total" } else { "" }));
        } else if let Some(name) = line.strip_prefix("# TYPE ").and_then(|rest| rest.strip_suffix(" counter")) {
            out.push_str(&format!("# TYPE {name}_total counter\n"));
        } else {
            let sample = line.find(" # {").map_or(line, |exemplar| &line[..exemplar]);
            out.push_str(sample);
            out.push('\n');
        }
    }
    out
}

/// Whether `line` says that `name` is a counter.
fn is_counter(line: &str, name: &str) -> bool {
    line.strip_prefix("# TYPE ").and_then(|rest| rest.split_once(' ')) == Some((name, "counter"))
}

/// The methods a label can say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(usize)]
pub enum MethodLabel {
    /// GET
    Get,
    /// HEAD
    Head,
    /// POST
    Post,
    /// PUT
    Put,
    /// PATCH
    Patch,
    /// DELETE
    Delete,
    /// OPTIONS
    Options,
    /// TRACE and CONNECT and whatever a client makes up
    Other,
}

impl MethodLabel {
    const COUNT: usize = MethodLabel::Other as usize + 1;

    /// The label of a method.
    #[must_use]
    pub fn of(method: &Method) -> Self {
        match *method {
            Method::GET => Self::Get,
            Method::HEAD => Self::Head,
            Method::POST => Self::Post,
            Method::PUT => Self::Put,
            Method::PATCH => Self::Patch,
            Method::DELETE => Self::Delete,
            Method::OPTIONS => Self::Options,
            _ => Self::Other,
        }
    }

    /// As the label and the access log write it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Head => "HEAD",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
            Self::Options => "OPTIONS",
            Self::Other => "OTHER",
        }
    }
}

impl EncodeLabelValue for MethodLabel {
    fn encode(&self, encoder: &mut LabelValueEncoder<'_>) -> Result<(), fmt::Error> {
        self.name().encode(encoder)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    endpoint: String,
    method: MethodLabel,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct DurationLabels {
    endpoint: String,
    method: MethodLabel,
}

#[derive(Debug, Clone)]
struct DurationHistogram;

impl MetricConstructor<Histogram> for DurationHistogram {
    fn new_metric(&self) -> Histogram {
        Histogram::new(DURATION_BUCKETS_SECONDS)
    }
}

/// The metrics of HTTP requests: rate, errors, duration, and what is under way. Clones share them.
#[derive(Debug, Clone)]
pub struct HttpMetrics {
    requests: Family<RequestLabels, Counter>,
    durations: Family<DurationLabels, Histogram, DurationHistogram>,
    /// Requests being served now.
    pub(crate) in_flight: Gauge,
    /// Handlers that panicked.
    pub(crate) panics: Counter,
    /// Requests refused because too many were under way.
    pub(crate) shed: Counter,
    /// Connections open now.
    pub(crate) connections: Gauge,
}

impl HttpMetrics {
    fn register(registry: &mut Registry) -> Self {
        let metrics = Self {
            requests: Family::default(),
            durations: Family::new_with_constructor(DurationHistogram),
            in_flight: Gauge::default(),
            panics: Counter::default(),
            shed: Counter::default(),
            connections: Gauge::default(),
        };
        registry.register("bgc_http_requests", "HTTP requests answered", metrics.requests.clone());
        registry.register(
            "bgc_http_request_duration_seconds",
            "Time from the head of a request to the head of its answer, in seconds",
            metrics.durations.clone(),
        );
        registry.register("bgc_http_requests_in_flight", "HTTP requests being served", metrics.in_flight.clone());
        registry.register("bgc_http_panics", "HTTP handlers that panicked", metrics.panics.clone());
        registry.register("bgc_http_shed", "HTTP requests refused under overload", metrics.shed.clone());
        registry.register("bgc_http_connections", "HTTP connections open", metrics.connections.clone());
        metrics
    }

    /// Counts one answered request. `endpoint` is a route's template, from a closed set.
    pub fn observe(&self, endpoint: &str, method: MethodLabel, status: u16, seconds: f64) {
        self.counter(endpoint, method, status).inc();
        self.histogram(endpoint, method).observe(seconds);
    }

    fn counter(&self, endpoint: &str, method: MethodLabel, status: u16) -> Counter {
        self.requests.get_or_create_owned(&RequestLabels { endpoint: endpoint.to_owned(), method, status })
    }

    fn histogram(&self, endpoint: &str, method: MethodLabel) -> Histogram {
        self.durations.get_or_create_owned(&DurationLabels { endpoint: endpoint.to_owned(), method })
    }
}

/// The statuses whose counters a route keeps at hand; others are looked up.
const COMMON_STATUSES: [u16; 12] = [200, 204, 304, 400, 404, 405, 413, 415, 422, 499, 503, 504];

/// The handles of one route, found once: a request then costs no lock on the families and no string.
#[derive(Debug, Default)]
pub(crate) struct RouteHandles {
    methods: [OnceLock<Arc<MethodHandles>>; MethodLabel::COUNT],
}

#[derive(Debug)]
struct MethodHandles {
    duration: Histogram,
    statuses: [OnceLock<Counter>; COMMON_STATUSES.len()],
}

impl RouteHandles {
    /// Counts one answered request of this route; always called with the same `endpoint`.
    pub(crate) fn observe(
        &self,
        metrics: &HttpMetrics,
        endpoint: &str,
        method: MethodLabel,
        status: u16,
        seconds: f64,
    ) {
        let handles = self.methods[method as usize].get_or_init(|| {
            let duration = metrics.histogram(endpoint, method);
            Arc::new(MethodHandles { duration, statuses: Default::default() })
        });
        handles.duration.observe(seconds);
        match COMMON_STATUSES.iter().position(|&common| common == status) {
            Some(at) => handles.statuses[at].get_or_init(|| metrics.counter(endpoint, method, status)).inc(),
            None => metrics.counter(endpoint, method, status).inc(),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_formats_name_the_counter_exactly_once_as_documented() {
        let metrics = Metrics::new();
        metrics.http.observe("/v1/exports", MethodLabel::Get, 200, 0.0004);
        RouteHandles::default().observe(&metrics.http, "/v1/exports", MethodLabel::Get, 200, 0.3);
        let open = metrics.open_metrics().unwrap();
        let sample = r#"bgc_http_requests_total{endpoint="/v1/exports",method="GET",status="200"} 2"#;
        assert!(open.contains(&format!("\n{sample}\n")), "{open}");
        assert!(open.contains("# TYPE bgc_http_requests counter\n"), "{open}");
        assert!(open.ends_with("# EOF\n"));
        let old = prometheus_text(&open);
        assert!(old.contains(&format!("# TYPE bgc_http_requests_total counter\n{sample}\n")), "{old}");
        assert!(old.contains("# HELP bgc_http_requests_total HTTP"), "{old}");
        assert!(!old.contains("# EOF"));
        for bound in ["0.001", "0.2", "0.5", "2.0", "+Inf"] {
            let bucket = format!(
                "bgc_http_request_duration_seconds_bucket{{le=\"{bound}\",endpoint=\"/v1/exports\",method=\"GET\"}}"
            );
            assert!(old.contains(&bucket), "{bucket}\n{old}");
        }
    }

    #[test]
    fn methods_are_a_closed_set() {
        assert_eq!(MethodLabel::of(&Method::from_bytes(b"BREW").unwrap()).name(), "OTHER");
        assert_eq!(MethodLabel::of(&Method::PATCH).name(), "PATCH");
    }

    #[test]
    fn buckets_ascend() {
        assert!(DURATION_BUCKETS_SECONDS.is_sorted_by(|a, b| a < b));
    }
}
