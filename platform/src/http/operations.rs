//! What a supervisor asks: is the process alive, may it get traffic, what does it measure.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use axum::Router;
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::{Map, Value, json};
use tokio_util::sync::CancellationToken;

use super::Json;
use crate::auth::{Access, Rule, rule};
use crate::problem::{Code, FieldError, Problem};
use crate::telemetry::metrics::Metrics;

/// Whether traffic may come: every named check holds and the process is not stopping. Clones share
/// the checks; asking costs a shared lock and a few atomic reads, never a query.
#[derive(Debug, Clone)]
pub struct Readiness {
    stopping: CancellationToken,
    checks: Arc<RwLock<Vec<Arc<Check>>>>,
}

#[derive(Debug)]
struct Check {
    name: &'static str,
    ready: AtomicBool,
    /// Why not.
    reason: RwLock<String>,
}

/// The side of a check that knows. It starts as not ready.
#[derive(Debug, Clone)]
pub struct CheckHandle(Arc<Check>);

impl CheckHandle {
    /// The check holds from now on.
    pub fn ready(&self) {
        self.0.ready.store(true, Ordering::Release);
    }

    /// The check does not hold, because of `reason`.
    pub fn not_ready(&self, reason: impl Into<String>) {
        *self.0.reason.write().unwrap_or_else(PoisonError::into_inner) = reason.into();
        self.0.ready.store(false, Ordering::Release);
    }
}

impl Readiness {
    /// Without checks it is ready until `stopping` (the lifecycle's soft token) is cancelled.
    #[must_use]
    pub fn new(stopping: CancellationToken) -> Self {
        Self { stopping, checks: Arc::default() }
    }

    /// Adds a check: `name` is what the answer calls it. Not ready until its handle says so.
    #[must_use = "a check that nobody sets is never ready"]
    pub fn check(&self, name: &'static str) -> CheckHandle {
        let reason = RwLock::new("not checked yet".to_owned());
        let check = Arc::new(Check { name, ready: AtomicBool::new(false), reason });
        self.checks.write().unwrap_or_else(PoisonError::into_inner).push(Arc::clone(&check));
        CheckHandle(check)
    }

    /// Whether traffic may come.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        let checks = self.checks.read().unwrap_or_else(PoisonError::into_inner);
        !self.stopping.is_cancelled() && checks.iter().all(|check| check.ready.load(Ordering::Acquire))
    }

    /// The answer of `/ready`.
    fn answer(&self) -> Response {
        if self.stopping.is_cancelled() {
            return no_store(Problem::new(Code::Overloaded, "the server is stopping").into_response());
        }
        let checks = self.checks.read().unwrap_or_else(PoisonError::into_inner);
        let mut wrong = Vec::new();
        let mut named = Map::new();
        for check in checks.iter() {
            if check.ready.load(Ordering::Acquire) {
                named.insert(check.name.to_owned(), Value::from("ready"));
            } else {
                let detail = check.reason.read().unwrap_or_else(PoisonError::into_inner).clone();
                wrong.push(FieldError { pointer: check.name.to_owned(), detail });
            }
        }
        if wrong.is_empty() {
            return no_store(Json(json!({"status": "ready", "checks": named})).into_response());
        }
        let names: Vec<_> = wrong.iter().map(|error| error.pointer.as_str()).collect();
        let mut problem = Problem::new(Code::DataUnavailable, format!("not ready: {}", names.join(", ")));
        problem.errors = wrong;
        no_store(problem.into_response())
    }
}

fn no_store(mut response: Response) -> Response {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

async fn alive() -> Response {
    no_store(Json(json!({"status": "healthy"})).into_response())
}

/// `/health` and `/healthz` (the process answers) and `/ready` (it may get traffic), for any listener.
pub fn health_routes(readiness: Readiness) -> Router {
    Router::new()
        .route("/health", get(alive))
        .route("/healthz", get(alive))
        .route("/ready", get(move || std::future::ready(readiness.answer())))
}

/// Who may ask [`health_routes`]: a supervisor has no credentials.
pub const HEALTH_ACCESS: &[Rule] = &[
    rule(Method::GET, "/health", Access::Public),
    rule(Method::GET, "/healthz", Access::Public),
    rule(Method::GET, "/ready", Access::Public),
];

/// The operations port: `/metrics` and the health routes.
pub fn operations_routes(metrics: Arc<Metrics>, readiness: Readiness) -> Router {
    let exposition = move |headers: HeaderMap| std::future::ready(metrics.exposition(&headers));
    health_routes(readiness).route("/metrics", get(exposition))
}
