//! A thin HTTP API over the same use cases as `grpc/`, for the page and for scripts.
//!
//! Keys and tax ids stand in bodies, never in addresses, because addresses reach logs.

use axum::extract::FromRef;
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::middleware::map_response;
use axum::response::Response;
use platform::auth::{Access, Caller, Rule, rule};
use platform::problem::{Code, Problem};
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use crate::Dict;
use crate::caller::{self, CallerOf};
use crate::domain::refusal::RefusalKind;
use crate::failure::Failure;
use crate::lookup::Lookups;

mod claim_request;
mod claims;
mod keys;
mod problem;
mod request;
pub mod schema;

/// What the routes share.
#[derive(Debug, Clone)]
struct DictState {
    dict: Dict,
    lookups: Lookups,
}

impl FromRef<DictState> for Dict {
    fn from_ref(state: &DictState) -> Self {
        state.dict.clone()
    }
}

/// Every route of this context, with its documentation. No answer of theirs may be cached.
pub fn routes(dict: Dict, lookups: Lookups) -> OpenApiRouter {
    declared().layer(map_response(no_store)).with_state(DictState { dict, lookups })
}

/// What the routes say of themselves, for a document without a server.
#[must_use]
pub fn openapi() -> OpenApi {
    declared().into_openapi()
}

fn declared() -> OpenApiRouter<DictState> {
    OpenApiRouter::default().merge(keys::routes()).merge(claims::routes())
}

/// Who may use each route: programs and people with a token of an institution that is served here.
pub const ACCESS: &[Rule] = &[
    rule(Method::POST, "/v1/pix-keys", Access::Scope("dict.key.write")),
    rule(Method::POST, "/v1/pix-keys/search", Access::Scope("dict.key.read")),
    rule(Method::POST, "/v1/pix-keys/get", Access::Scope("dict.key.read")),
    rule(Method::POST, "/v1/pix-keys/update", Access::Scope("dict.key.write")),
    rule(Method::POST, "/v1/pix-keys/delete", Access::Scope("dict.key.write")),
    rule(Method::POST, "/v1/pix-keys/lookup", Access::Scope("dict.lookup.display")),
    rule(Method::POST, "/v1/pix-keys/possession-codes", Access::Scope("dict.possession")),
    rule(Method::POST, "/v1/pix-keys/possession-codes/confirm", Access::Scope("dict.possession")),
    rule(Method::GET, "/v1/pix-claims", Access::Scope("dict.claim.read")),
    rule(Method::POST, "/v1/pix-claims", Access::Scope("dict.claim.write")),
    rule(Method::GET, "/v1/pix-claims/{id}", Access::Scope("dict.claim.read")),
    rule(Method::POST, "/v1/pix-claims/{id}/respond", Access::Scope("dict.claim.write")),
    rule(Method::POST, "/v1/pix-claims/{id}/confirm", Access::Scope("dict.claim.write")),
    rule(Method::POST, "/v1/pix-claims/{id}/cancel", Access::Scope("dict.claim.write")),
];

/// The query parameters that the access log may show, by route.
pub const LOGGED_QUERY_PARAMS: &[(&str, &[&str])] = &[("/v1/pix-claims", &["side", "status", "type", "page_size"])];

async fn no_store(mut response: Response) -> Response {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// The institution that a caller speaks for, its request counted.
fn caller_of(dict: &Dict, caller: &Caller) -> Result<CallerOf, Problem> {
    caller::admit(dict, caller.known()?).map_err(|failure| match failure {
        Failure::Refused(refusal) if refusal.kind == RefusalKind::ParticipantInvalid => Problem::spoken(
            Code::Forbidden,
            "A credencial não fala por uma instituição atendida aqui; use um token com o `ispb` de uma delas.",
            "The credential speaks for no institution that is served here; use a token with the `ispb` of one.",
        ),
        failure => problem::problem(failure),
    })
}

/// The request's own id: the same id with the same content gives the same answer.
fn request_id(headers: &HeaderMap) -> Result<String, Problem> {
    let text = headers.get("idempotency-key").and_then(|value| value.to_str().ok()).map(str::trim);
    match text {
        Some(text) if !text.is_empty() => Ok(text.to_owned()),
        _ => Err(Problem::fields(vec![(
            "Idempotency-Key".to_owned(),
            platform::problem::Text::new(
                "Falta o cabeçalho Idempotency-Key: um UUID versão 4, novo para cada vontade e o mesmo em cada repetição.",
                "The header Idempotency-Key is missing: a UUID version 4, new for each wish and the same for each repetition.",
            ),
        )])),
    }
}
