//! `GET /v1/saved-products`, `PUT` and `DELETE /v1/saved-products/{ncm}`.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, NoContent, Response};
use chrono::SecondsFormat;
use platform::auth::Caller;
use platform::http::Json;
use platform::http::language::Language;
use platform::openapi::{refusal, spoken, text, with_headers};
use platform::problem::{Code, Problem};
use serde_json::{Value, json};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::PRODUCTS_MAX;
use crate::TradeState;
use crate::catalogue::description;
use crate::domain::code::Ncm;
use crate::simulator::http::not_found;
use crate::simulator::number::pick;
use crate::store::{Store, StoreError};

/// The routes of saved products.
pub fn routes() -> OpenApiRouter<TradeState> {
    let uncached = ("Cache-Control", text("Ask again each time.", "no-store"));
    OpenApiRouter::default().routes(with_headers(spoken(routes!(list)), &[uncached])).routes(routes!(save, remove))
}

/// The products of a user, the last saved first.
#[derive(Debug, Clone, utoipa::ToSchema)]
#[cfg_attr(test, derive(serde::Deserialize))]
#[serde(deny_unknown_fields)]
pub struct SavedProductList {
    /// The products.
    #[schema(max_items = 200)]
    pub data: Vec<SavedProductRow>,
}

/// A product that a user keeps.
#[derive(Debug, Clone, utoipa::ToSchema)]
#[cfg_attr(test, derive(serde::Deserialize))]
#[serde(deny_unknown_fields)]
#[schema(as = SavedProduct)]
pub struct SavedProductRow {
    /// Eight digits.
    #[schema(pattern = "^[0-9]{8}$", examples("17011400"))]
    pub ncm: String,
    /// Description in the language of the answer; `null` for a code that the table does not name.
    #[schema(required = true, examples("Outros açúcares de cana"))]
    pub description: Option<String>,
    /// Since when (UTC).
    #[schema(format = DateTime, examples("2026-01-02T12:00:00Z"))]
    pub saved_at: String,
}

/// The products you saved
///
/// The last saved first, at most 200.
#[utoipa::path(
    get, path = "/v1/saved-products", tag = "saved products", operation_id = "list_saved_products",
    responses((status = 200, description = "Your products.", body = SavedProductList,
        example = json!({"data": [{"ncm": "17011400", "description": "Outros açúcares de cana", "saved_at": "2026-01-02T12:00:00Z"}]})))
)]
async fn list(State(state): State<TradeState>, caller: Caller, headers: HeaderMap) -> Result<Response, Problem> {
    let language = Language::of(&headers);
    let principal = caller.known()?;
    let saved = store(&state, language)?.saved_products(&principal.subject).await;
    let saved = saved.map_err(|error| unavailable(&error, language))?;
    let snapshot = state.snapshot.load();
    let rows: Vec<Value> = saved
        .iter()
        .map(|row| {
            json!({
                "ncm": row.ncm.to_string(),
                "description": description(&snapshot.reference, row.ncm, language),
                "saved_at": row.saved_at.to_rfc3339_opts(SecondsFormat::Secs, true),
            })
        })
        .collect();
    let mut response = Json(json!({ "data": rows })).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(language.tag()));
    Ok(response)
}

/// Save a product
///
/// Saving again changes nothing. More than 200 are refused.
#[utoipa::path(
    put, path = "/v1/saved-products/{ncm}", tag = "saved products", operation_id = "save_product",
    params(("ncm" = String, Path, description = "The product, eight digits.", pattern = "^[0-9]{8}$", example = "17011400")),
    responses((status = 204, description = "It is kept."), refusal::NcmNotFound)
)]
async fn save(
    State(state): State<TradeState>,
    caller: Caller,
    Path(ncm): Path<String>,
    headers: HeaderMap,
) -> Result<NoContent, Problem> {
    let language = Language::of(&headers);
    let principal = caller.known()?;
    let ncm = read_ncm(&ncm, language)?;
    let snapshot = state.snapshot.load_full();
    if !snapshot.knows(ncm) {
        return Err(Problem::new(Code::NcmNotFound, not_found(ncm, language)));
    }
    let saved = store(&state, language)?.save_product(&principal.subject, ncm, state.clock.now()).await;
    if saved.map_err(|error| unavailable(&error, language))? {
        return Ok(NoContent);
    }
    let detail = match language {
        Language::PtBr => format!("Já há {PRODUCTS_MAX} produtos salvos, o máximo; remova um antes de salvar outro."),
        Language::En => format!("{PRODUCTS_MAX} products are saved already, the most there can be; remove one first."),
    };
    Err(Problem::field("ncm", detail))
}

/// Remove a product you saved
///
/// Removing what is not kept changes nothing.
#[utoipa::path(
    delete, path = "/v1/saved-products/{ncm}", tag = "saved products", operation_id = "remove_product",
    params(("ncm" = String, Path, description = "The product, eight digits.", pattern = "^[0-9]{8}$", example = "17011400")),
    responses((status = 204, description = "It is not kept."))
)]
async fn remove(
    State(state): State<TradeState>,
    caller: Caller,
    Path(ncm): Path<String>,
    headers: HeaderMap,
) -> Result<NoContent, Problem> {
    let language = Language::of(&headers);
    let principal = caller.known()?;
    let ncm = read_ncm(&ncm, language)?;
    let removed = store(&state, language)?.remove_product(&principal.subject, ncm).await;
    removed.map(|()| NoContent).map_err(|error| unavailable(&error, language))
}

fn read_ncm(text: &str, language: Language) -> Result<Ncm, Problem> {
    Ncm::parse(text).ok_or_else(|| {
        Problem::field("ncm", pick(language, "O NCM precisa ter 8 dígitos.", "The NCM must have 8 digits."))
    })
}

fn store(state: &TradeState, language: Language) -> Result<&Store, Problem> {
    state.store.as_ref().ok_or_else(|| kept_nowhere(language))
}

fn unavailable(error: &StoreError, language: Language) -> Problem {
    tracing::warn!(%error, "saved products could not be reached");
    kept_nowhere(language)
}

fn kept_nowhere(language: Language) -> Problem {
    let mut problem = Problem::new(
        Code::DataUnavailable,
        pick(
            language,
            "Os produtos salvos não estão acessíveis agora; tente de novo em instantes.",
            "Saved products cannot be reached now; try again shortly.",
        ),
    );
    problem.headers.push((header::RETRY_AFTER, HeaderValue::from_static("1")));
    problem
}
