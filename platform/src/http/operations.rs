//! What a supervisor asks: is the process alive, may it get traffic, what does it measure.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::{Map, Value, json};
use tokio_util::sync::CancellationToken;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};
use utoipa_axum::routes;

use super::Json;
use crate::auth::{Access, Rule, rule};
use crate::openapi::{text, with_headers};
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
            return no_store(
                Problem::spoken(Code::Overloaded, "O servidor está parando.", "The server is stopping.")
                    .into_response(),
            );
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
        let mut problem = Problem::spoken(
            Code::DataUnavailable,
            format!("Não está pronto: {}.", names.join(", ")),
            format!("Not ready: {}.", names.join(", ")),
        );
        problem.errors = wrong;
        no_store(problem.into_response())
    }
}

fn no_store(mut response: Response) -> Response {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// The process answers.
#[derive(Debug, Clone, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Healthy {
    /// Always `healthy`: a process that is not does not answer.
    #[schema(pattern = "^healthy$", examples("healthy"))]
    pub status: String,
}

/// Traffic may come.
#[derive(Debug, Clone, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Ready {
    /// Always `ready`.
    #[schema(pattern = "^ready$", examples("ready"))]
    pub status: String,
    /// Every check by its name; all of them are `ready`.
    #[schema(example = json!({"snapshot": "ready"}))]
    pub checks: std::collections::BTreeMap<String, String>,
}

/// Is the process alive?
///
/// Answers as long as the process does, whatever it can reach.
#[utoipa::path(
    get, path = "/health", tag = "operations", operation_id = "get_health",
    responses((status = 200, description = "It is.", body = Healthy, example = json!({"status": "healthy"})))
)]
async fn health() -> Response {
    no_store(Json(json!({"status": "healthy"})).into_response())
}

/// Is the process alive? (Kubernetes' name)
///
/// The same as `/health`.
#[utoipa::path(
    get, path = "/healthz", tag = "operations", operation_id = "get_healthz",
    responses((status = 200, description = "It is.", body = Healthy, example = json!({"status": "healthy"})))
)]
async fn healthz() -> Response {
    health().await
}

/// May the server get traffic?
///
/// It may when every check holds and it is not stopping; otherwise 503, and `errors` says which check fails and why.
#[utoipa::path(
    get, path = "/ready", tag = "operations", operation_id = "get_ready",
    responses((status = 200, description = "It may.", body = Ready))
)]
async fn ready(State(readiness): State<Readiness>) -> Response {
    readiness.answer()
}

/// `/health` and `/healthz` (the process answers) and `/ready` (it may get traffic), for any listener.
pub fn health_routes(readiness: Readiness) -> OpenApiRouter {
    OpenApiRouter::default()
        .routes(uncached(routes!(health)))
        .routes(uncached(routes!(healthz)))
        .routes(uncached(routes!(ready)))
        .with_state(readiness)
}

fn uncached<S>(routes: UtoipaMethodRouter<S>) -> UtoipaMethodRouter<S> {
    with_headers(routes, &[("Cache-Control", text("Ask again each time.", "no-store"))])
}

/// Who may ask [`health_routes`]: a supervisor has no credentials.
pub const HEALTH_ACCESS: &[Rule] = &[
    rule(Method::GET, "/health", Access::Open),
    rule(Method::GET, "/healthz", Access::Open),
    rule(Method::GET, "/ready", Access::Open),
];

/// The operations port: `/metrics` and the health routes.
pub fn operations_routes(metrics: Arc<Metrics>, readiness: Readiness) -> Router {
    let exposition = move |headers: HeaderMap| std::future::ready(metrics.exposition(&headers));
    Router::from(health_routes(readiness)).route("/metrics", get(exposition))
}
