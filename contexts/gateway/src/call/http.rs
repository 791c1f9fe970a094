//! `GET /v1/connectors` and `POST /v1/connectors/{id}/{endpoint}`.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use chrono::SecondsFormat;
use platform::http::Json;
use platform::openapi::{header as documented, integer, refusal, text, with_headers};
use platform::problem::{Code, Problem, Text};
use serde_json::{Map, Value};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::schema::{ConnectorBody, ConnectorListBody};
use super::text::tell;
use super::{Answer, CallError};
use crate::GatewayState;
use crate::domain::entry::EntryKind;

/// Where an answer came from.
const X_CACHE: HeaderName = HeaderName::from_static("x-cache");
/// When the source made it.
const X_SOURCE_TIME: HeaderName = HeaderName::from_static("x-source-time");

/// The routes of the gateway.
pub(crate) fn routes() -> OpenApiRouter<GatewayState> {
    let described = [
        (
            "X-Cache",
            text(
                "Where the answer came from: a level of the cache (`L1` memory, `L2` Redis, `L3` PostgreSQL), the source (`MISS`), or the cache past its time because the source fails (`STALE`).",
                "L1",
            ),
        ),
        ("Age", documented("Seconds since the source was asked.", integer(0))),
        (
            "X-Source-Time",
            text("When the source says that it made this, or else when it was asked.", "2026-09-04T12:00:00Z"),
        ),
    ];
    OpenApiRouter::default().routes(routes!(list)).routes(with_headers(routes!(call), &described))
}

/// Every source, and what can be asked of it
///
/// With the arguments of each endpoint, how long its answers are kept, and whether the source is being called now.
#[utoipa::path(
    get, path = "/v1/connectors", tag = "gateway", operation_id = "list_connectors",
    responses((status = 200, description = "The connectors.", body = ConnectorListBody))
)]
async fn list(State(state): State<GatewayState>) -> Response {
    let described = |(_, upstream): (&String, &std::sync::Arc<crate::upstream::Upstream>)| {
        ConnectorBody::new(upstream.connector(), upstream.breaker_state().name())
    };
    Json(ConnectorListBody { data: state.gateway.upstreams().iter().map(described).collect() }).into_response()
}

/// Ask a source
///
/// The body is one JSON object with the endpoint's parameters; numbers may be written as text (`"mes": "01"`). What
/// comes back depends on the endpoint. Two ways of asking for the same thing are one entry of the cache.
#[utoipa::path(
    post, path = "/v1/connectors/{id}/{endpoint}", tag = "gateway", operation_id = "call_connector",
    params(
        ("id" = String, Path, description = "The connector.", example = "comexstat"),
        ("endpoint" = String, Path, description = "What is asked of it.", example = "exportacao"),
    ),
    request_body(content = Map<String, Value>, example = json!({"ano": "2024", "mes": "01", "ncm": "17011400"})),
    responses(
        (status = 200, description = "The source's answer, as its connector maps it.", content_type = "application/json", body = Value),
        refusal::NotFound, refusal::SourceNotFound, refusal::SourceRefused, refusal::SourceInvalid,
        refusal::SourceUnavailable, refusal::SourceTimeout,
    )
)]
async fn call(
    State(state): State<GatewayState>,
    Path((connector, endpoint)): Path<(String, String)>,
    Json(arguments): Json<Map<String, Value>>,
) -> Result<Response, Problem> {
    match state.gateway.call(&connector, &endpoint, &arguments).await {
        Ok(answer) if answer.entry.kind == EntryKind::Missing => {
            let mut problem = Problem::spoken(
                Code::SourceNotFound,
                format!("{connector}: a fonte diz que isso não existe."),
                format!("{connector}: the source says that there is no such thing."),
            );
            problem.headers.extend(headers(&answer));
            Err(problem)
        }
        Ok(answer) => {
            let mut headers: HeaderMap = headers(&answer).into_iter().collect();
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
            Ok((headers, answer.entry.body).into_response())
        }
        Err(error) => Err(problem(&error)),
    }
}

fn headers(answer: &Answer) -> [(HeaderName, HeaderValue); 3] {
    let source_time = answer.entry.source_time.to_rfc3339_opts(SecondsFormat::Secs, true);
    [
        (X_CACHE, HeaderValue::from_static(answer.origin.name())),
        (header::AGE, HeaderValue::from(answer.age_s)),
        // Digits, dashes and colons are a header's value: the fallback is never taken.
        (X_SOURCE_TIME, HeaderValue::try_from(source_time).unwrap_or(HeaderValue::from_static(""))),
    ]
}

fn problem(error: &CallError) -> Problem {
    match error {
        CallError::UnknownConnector(id) => Problem::spoken(
            Code::NotFound,
            format!("Não há conector `{id}`; GET /v1/connectors lista os que há."),
            format!("There is no connector `{id}`; GET /v1/connectors lists those there are."),
        ),
        CallError::UnknownEndpoint { connector, endpoint } => Problem::spoken(
            Code::NotFound,
            format!("O conector `{connector}` não tem `{endpoint}`; GET /v1/connectors lista o que tem."),
            format!("The connector `{connector}` has no `{endpoint}`; GET /v1/connectors lists what it has."),
        ),
        CallError::IsFile { connector, endpoint } => Problem::spoken(
            Code::NotFound,
            format!("`{connector}/{endpoint}` é um arquivo e não se chama aqui; `bgc ingest sync` o baixa."),
            format!("`{connector}/{endpoint}` is a file and is not called here; `bgc ingest sync` downloads it."),
        ),
        CallError::Arguments(wrong) => Problem::fields(
            wrong.iter().map(|one| (one.pointer.clone(), Text::new(&one.portuguese, &one.english))).collect(),
        ),
        CallError::Source { connector, failure } => {
            let told = tell(failure);
            let portuguese = format!("{connector}: {}.", told.portuguese);
            let mut problem = Problem::spoken(told.code, portuguese, format!("{connector}: {failure}."));
            let retry_after = told.retry_after_s.map(|seconds| (header::RETRY_AFTER, HeaderValue::from(seconds)));
            problem.headers.extend(retry_after);
            problem
        }
    }
}
