//! One call under way: counted and logged once, however it ends.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use axum::http::{HeaderMap, HeaderValue, header};
use tonic::Code;

use super::guard::MethodRule;
use super::metrics::{GrpcMetrics, MethodHandles};
use crate::telemetry::logs::{self, AccessLine, USER_AGENT_LIMIT_BYTES};
use crate::telemetry::text::truncated;

/// What the metrics and the log call a method that no rule names.
const UNKNOWN: &str = "unknown";
/// What the access log calls the HTTP method of a call; its status is then a code of gRPC.
const GRPC: &str = "GRPC";

/// What is known of a method before it is called.
#[derive(Debug)]
pub(super) struct Method {
    /// `/package.Service/Method`.
    pub path: String,
    /// `None` for all that no rule names.
    pub rule: Option<MethodRule>,
    pub probe: bool,
    handles: MethodHandles,
}

impl Method {
    pub fn of(rule: MethodRule, metrics: &GrpcMetrics) -> Self {
        Self {
            path: format!("/{}/{}", rule.service, rule.method),
            rule: Some(rule),
            probe: rule.is_probe(),
            handles: MethodHandles::new(metrics, rule.service, rule.method),
        }
    }

    pub fn unknown(metrics: &GrpcMetrics) -> Self {
        let handles = MethodHandles::new(metrics, UNKNOWN, UNKNOWN);
        Self { path: UNKNOWN.to_owned(), rule: None, probe: false, handles }
    }
}

/// The calls under way on one listener.
#[derive(Debug)]
pub(super) struct InFlight {
    calls: AtomicUsize,
    metrics: GrpcMetrics,
}

impl InFlight {
    pub fn new(metrics: GrpcMetrics) -> Arc<Self> {
        Arc::new(Self { calls: AtomicUsize::new(0), metrics })
    }

    /// Takes a place, and says how many were taken before.
    pub fn enter(self: &Arc<Self>) -> (Place, usize) {
        self.metrics.in_flight.inc();
        (Place(Arc::clone(self)), self.calls.fetch_add(1, Ordering::Relaxed))
    }
}

/// A place among the calls under way.
pub(super) struct Place(Arc<InFlight>);

impl Drop for Place {
    fn drop(&mut self) {
        self.0.calls.fetch_sub(1, Ordering::Relaxed);
        self.0.metrics.in_flight.dec();
    }
}

/// One call, until its status is known. Dropped without one, its client has gone or the server was stopped hard.
pub(super) struct Call {
    pub method: Arc<Method>,
    pub trace_id: Arc<str>,
    started: Instant,
    user_agent: Option<HeaderValue>,
    ended: bool,
}

impl Call {
    pub fn begin(method: Arc<Method>, trace_id: Arc<str>, headers: &HeaderMap) -> Self {
        method.handles.begin();
        let user_agent = headers.get(header::USER_AGENT).cloned();
        Self { method, trace_id, started: Instant::now(), user_agent, ended: false }
    }

    /// Counts it, and writes its line of the access log.
    pub fn end(&mut self, code: Code) {
        if std::mem::replace(&mut self.ended, true) {
            return;
        }
        let elapsed = self.started.elapsed();
        self.method.handles.end(code, elapsed.as_secs_f64());
        if !logs::access_enabled(self.method.probe) {
            return;
        }
        let user_agent = self.user_agent.as_ref().map(|value| String::from_utf8_lossy(value.as_bytes()));
        logs::access(&AccessLine {
            endpoint: &self.method.path,
            method: GRPC,
            duration_ms: elapsed.as_micros() as f64 / 1000.0,
            status: code as u16,
            user_agent: truncated(user_agent.as_deref().unwrap_or_default(), USER_AGENT_LIMIT_BYTES),
            query_params: "{}",
            trace_id: &self.trace_id,
            probe: self.method.probe,
        });
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        self.end(Code::Cancelled);
    }
}
