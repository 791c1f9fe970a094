//! HTTP: what stands around every route.
//!
//! [`service`] wraps routes in the one middleware all listeners share; [`server::serve`] puts them on
//! a listener; [`Json`] reads requests and refuses with a [`Problem`]; [`etag`] and
//! [`language`] answer conditionally and in the reader's language; [`operations`] is the operations port.

pub mod etag;
mod extract;
pub(crate) mod gather;
pub mod language;
mod observe;
pub mod operations;
mod query_params;
pub mod server;
mod success;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};

pub use extract::{Json, Query};
pub(crate) use observe::{Ids, PROBES};
pub use success::{Accepted, Created};

use crate::problem::{Code, Problem};
use crate::telemetry::metrics::HttpMetrics;
use crate::telemetry::trace::TraceIds;

/// The bounds and the log of one listener's routes.
#[derive(Debug, Clone)]
pub struct HttpOptions {
    /// Requests served at once; one more is refused with `overloaded` and `Retry-After`. Probes
    /// (`/health`, `/ready`, `/healthz`, `/metrics`) are never refused.
    pub max_in_flight: usize,
    /// From the head of a request to the head of its answer; then `timeout`.
    pub timeout: Duration,
    /// The largest body an extractor reads, in bytes; then `payload_too_large`. A route can set its
    /// own with `axum::extract::DefaultBodyLimit`.
    pub body_limit_bytes: usize,
    /// The query parameters the access log shows, by route template. All others, and those of other
    /// routes, are left out: tokens and names must never get there.
    pub logged_query_params: &'static [(&'static str, &'static [&'static str])],
}

impl Default for HttpOptions {
    fn default() -> Self {
        Self {
            max_in_flight: 1024,
            timeout: Duration::from_secs(10),
            body_limit_bytes: 64 << 10,
            logged_query_params: &[],
        }
    }
}

/// Wraps `routes` with everything a request meets before and after its handler: request id, metrics,
/// access log, load shedding, deadline, body limit, caught panics, security headers, and
/// problem+json for whatever goes wrong, unknown paths and methods included.
///
/// It sets the fallbacks of `routes`: a page that answers unknown paths mounts `/{*path}` instead.
/// Add nothing to the returned router: what is added later is not wrapped.
pub fn service(routes: Router, options: HttpOptions, metrics: HttpMetrics, trace_ids: Arc<TraceIds>) -> Router {
    routes
        .fallback(nothing_here)
        .method_not_allowed_fallback(method_not_allowed)
        // Resolves handlers now, so that the layer is applied once per route and not once per request.
        .with_state::<()>(())
        .layer(observe::ObserveLayer::new(options, metrics, trace_ids))
}

async fn nothing_here(request: Request) -> Problem {
    let path = request.uri().path();
    Problem::spoken(Code::NotFound, format!("Não há nada em `{path}`."), format!("There is nothing at `{path}`."))
}

/// Called when a path has routes, though none for the method; axum adds the `Allow` header.
async fn method_not_allowed(request: Request) -> Response {
    if request.method() == Method::OPTIONS {
        return StatusCode::NO_CONTENT.into_response();
    }
    let (path, method) = (request.uri().path(), request.method());
    Problem::spoken(
        Code::MethodNotAllowed,
        format!("`{path}` não aceita {method}; o cabeçalho Allow diz o que aceita."),
        format!("`{path}` does not take {method}; the header Allow says what it takes."),
    )
    .into_response()
}
