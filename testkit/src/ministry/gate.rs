//! What stands before the API: the challenge for those that are no browser, and the pace.

use std::time::Instant;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use serde_json::{Value, json};

use super::{FakeMinistry, Refusal, TOO_MANY_REQUESTS, api};

const CHALLENGE: &str = "<!DOCTYPE html><html lang=\"en-US\"><head><title>Just a moment...</title></head><body>Enable JavaScript and cookies to continue</body></html>";

pub(super) async fn gate(State(ministry): State<FakeMinistry>, request: Request, next: Next) -> Response {
    let agent = request.headers().get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    if !agent.is_some_and(|agent| agent.starts_with("Mozilla/5.0")) {
        let headers = [("server", "cloudflare"), ("cf-mitigated", "challenge")];
        return (StatusCode::FORBIDDEN, headers, Html(CHALLENGE)).into_response();
    }
    match too_fast(&ministry) {
        None => next.run(request).await,
        Some(refused) => {
            let (status, body) = refusal(refused);
            let status = StatusCode::from_u16(status).unwrap_or_default();
            let retry_after = refused.retry_after_s.map(|seconds| [(header::RETRY_AFTER, seconds.to_string())]);
            match retry_after {
                Some(header) => (status, header, Json(body)).into_response(),
                None => (status, Json(body)).into_response(),
            }
        }
    }
}

/// Takes a turn, or says how to refuse.
fn too_fast(ministry: &FakeMinistry) -> Option<Refusal> {
    let mut state = ministry.lock();
    let now = Instant::now();
    let pace = state.pace?;
    if state.answered.is_some_and(|last| now.duration_since(last) < pace.every) {
        return Some(pace.refusal);
    }
    state.answered = Some(now);
    None
}

/// Status and body of a refusal. Clients look for both: the status, and `error.code` in a body of status 200.
pub(super) fn refusal(refusal: Refusal) -> (u16, Value) {
    if refusal.in_body {
        (200, json!({"error": {"code": 429, "message": TOO_MANY_REQUESTS}}))
    } else {
        (429, api::envelope(&Value::Null, false, Some(TOO_MANY_REQUESTS), "pt"))
    }
}
