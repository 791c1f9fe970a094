//! `POST /v1/simulator/destinations`.

pub mod schema;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use platform::auth::{CREDENTIALS, Caller};
use platform::http::Json;
use platform::http::language::Language;
use platform::openapi::{refusal, spoken};
use platform::problem::{Code, FieldError, Problem};
use serde_json::Value;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::answer::{DataLabel, simulate};
use super::json;
use super::number::pick;
use super::record::SimulationRecord;
use super::request::Request;
use crate::TradeState;
use crate::answer::{data_headers, documented, etag, respond};
use crate::free_use::RepeatKey;
use crate::free_use::http::{hold, limit_headers, limited};

/// The routes of the simulator.
pub fn routes() -> OpenApiRouter<TradeState> {
    OpenApiRouter::default().routes(limited(documented(spoken(routes!(destinations)))))
}

/// Where to sell a product, and why
///
/// Ranks every country that bought the product from Brazil by market size, growth, price and distance, from official
/// export data of the last 60 covered months. Each destination says how its score comes about; margin, tariff,
/// logistics and lead time are estimates and no part of it. A known product that was never exported is an answer
/// without destinations. A POST is always answered whole: `ETag` names the answer and `If-None-Match` is not read.
///
/// Callers without premium have five answers a day, by user or else by address; only answers count.
#[utoipa::path(
    post, path = "/v1/simulator/destinations", tag = "simulator", operation_id = "simulate_destinations",
    params(("Idempotency-Key" = Option<String>, Header, max_length = 128, min_length = 1, pattern = "^[!-~]+$",
        description = "Repeating a request with the key and body of one that was answered within 24 hours counts no other use.")),
    request_body(content = schema::SimulationRequest, content_type = "application/json"),
    responses(
        (status = 200, description = "The destinations, best first.", body = schema::Simulation,
            content_type = "application/json", example = schema::example),
        refusal::NcmNotFound, refusal::RateLimitExceeded
    )
)]
async fn destinations(
    State(state): State<TradeState>,
    caller: Option<Caller>,
    headers: HeaderMap,
    Json(body): Json<Value>,
) -> Result<Response, Problem> {
    let language = Language::of(&headers);
    let key = RepeatKey::of(&headers, language)?;
    // Held over a wait, so not borrowed from the swap.
    let snapshot = state.snapshot.load_full();
    let index = &snapshot.ranking;
    let request = Request::parse(&body, index.lookup(), language).map_err(wrong)?;
    if snapshot.is_empty() {
        return Err(Problem::new(
            Code::DataUnavailable,
            pick(
                language,
                "Nenhuma exportação foi carregada ainda; use `bgc ingest load-csv ARQUIVO` ou `bgc up --sample`.",
                "No exports have been loaded yet; use `bgc ingest load-csv FILE` or `bgc up --sample`.",
            ),
        ));
    }
    let simulation = simulate(index, &snapshot.reference, &state.estimates, &request)
        .map_err(|missing| Problem::new(Code::NcmNotFound, not_found(missing.0, language)))?;
    let body = canonical(&request);
    let held = hold(&state, caller.as_ref(), key, &body, language).await?;
    let now = state.clock.now();
    if let Some(log) = &state.simulations {
        log.keep(SimulationRecord::of(&simulation, &snapshot.id, now));
    }
    let label = DataLabel { snapshot: &snapshot.id, source: &snapshot.source, sample: snapshot.sample };
    let answer = json::write(&simulation, label, language, now);
    // The tag names what was asked of which data. A POST is always answered whole, whatever the client has.
    let tag = etag(&snapshot.id, &format!("/v1/simulator/destinations {} {body}", language.tag()));
    let provenance = data_headers(&snapshot, simulation.ranking.product.through);
    let mut response = respond("application/json", &tag, provenance, Some(answer));
    response.headers_mut().insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(language.tag()));
    if let Some(held) = held {
        response.headers_mut().extend(limit_headers(&held.keep()));
        response.headers_mut().append(header::VARY, CREDENTIALS);
    }
    Ok(response)
}

pub(crate) fn not_found(ncm: crate::domain::code::Ncm, language: Language) -> String {
    match language {
        Language::PtBr => {
            format!("O NCM {ncm} não está na tabela de códigos nem nos dados; procure o produto em /v1/ncm?q=.")
        }
        Language::En => {
            format!("NCM {ncm} is in neither the code table nor the data; look the product up at /v1/ncm?q=.")
        }
    }
}

fn wrong(errors: Vec<FieldError>) -> Problem {
    let detail = errors.iter().map(|error| error.detail.as_str()).collect::<Vec<_>>().join(" ");
    Problem { errors, ..Problem::new(Code::ValidationError, detail) }
}

/// What a body asks for, the same for every way to write it.
fn canonical(request: &Request) -> String {
    let weights = &request.weights;
    let weights = [weights.market_size, weights.growth, weights.price, weights.distance];
    let boxes = if request.containers { " containers" } else { "" };
    format!(
        "{} {:?}{boxes} {:?} {} {weights:?}",
        request.ncm, request.volume_kg, request.country_codes, request.max_results
    )
}
