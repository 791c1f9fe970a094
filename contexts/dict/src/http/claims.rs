//! `/v1/pix-claims`: claims of ownership and portabilities.

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use platform::auth::Caller;
use platform::http::{Created, Json, Query};
use platform::openapi::refusal;
use platform::problem::Problem;
use proto::core;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::claim_request::{CancelInput, ClaimInput, ClaimsQuestion, ConfirmInput, RespondInput, SideName};
use super::problem::{no_such_claim, problem, problem_of_query};
use super::schema::{ClaimBody, ClaimPage, ClaimTypeName, Incomplete};
use super::{DictState, caller_of, request_id};
use crate::Dict;
use crate::caller::CallerOf;
use crate::claims::grpc;
use crate::failure::Failure;

/// The routes of claims.
pub(super) fn routes() -> OpenApiRouter<DictState> {
    OpenApiRouter::default()
        .routes(routes!(list, start))
        .routes(routes!(get))
        .routes(routes!(respond))
        .routes(routes!(confirm))
        .routes(routes!(cancel))
}

fn claim(claim: Option<core::Claim>) -> Result<Json<ClaimBody>, Problem> {
    let body = claim.ok_or(Incomplete("claim")).and_then(ClaimBody::try_from);
    body.map(Json).map_err(|incomplete| problem(incomplete.into()))
}

/// Claims and portabilities that concern your institution
///
/// Least recently changed first: `incoming` are about keys that it holds, `outgoing` are those that it opened.
#[utoipa::path(
    get, path = "/v1/pix-claims", tag = "pix keys", operation_id = "list_pix_claims", params(ClaimsQuestion),
    responses((status = 200, description = "The claims.", body = ClaimPage))
)]
async fn list(
    State(dict): State<Dict>,
    caller: Caller,
    Query(question): Query<ClaimsQuestion>,
) -> Result<Json<ClaimPage>, Problem> {
    let caller = caller_of(&dict, &caller)?;
    let side = question.side;
    let message = question.try_into().map_err(problem_of_query)?;
    let page = match side {
        SideName::Incoming => grpc::list_incoming_claims(&dict, &caller, message).await,
        SideName::Outgoing => grpc::list_outgoing_claims(&dict, &caller, message).await,
    };
    let page = page.map_err(problem_of_query)?;
    Ok(Json(page.try_into().map_err(|incomplete: Incomplete| problem(incomplete.into()))?))
}

/// Claim a key, or bring one here
///
/// `OWNERSHIP`: a phone that another person has as a key is your customer's now. `PORTABILITY`: the key is your
/// customer's already, at another institution. The institution that holds the key has seven days to answer.
#[utoipa::path(
    post, path = "/v1/pix-claims", tag = "pix keys", operation_id = "start_pix_claim", request_body = ClaimInput,
    params(("Idempotency-Key" = String, Header, format = "uuid", description = "UUID version 4: new for each claim, the same for each repetition.")),
    responses(
        (status = 201, description = "It is open.", body = ClaimBody),
        refusal::PixKeyNotFound, refusal::PixKeyRefused, refusal::RateLimitExceeded, refusal::SourceRefused,
        refusal::SourceUnavailable
    )
)]
async fn start(
    State(dict): State<Dict>,
    caller: Caller,
    headers: HeaderMap,
    Json(body): Json<ClaimInput>,
) -> Result<Created<Json<ClaimBody>>, Problem> {
    let caller = caller_of(&dict, &caller)?;
    let (id, own) = (request_id(&headers)?, caller.participant);
    let started = match body.claim_type {
        ClaimTypeName::Ownership => {
            grpc::start_claim(&dict, &caller, body.ownership(own, id)).await.map(|answer| answer.claim)
        }
        ClaimTypeName::Portability => {
            grpc::start_portability(&dict, &caller, body.portability(own, id)).await.map(|answer| answer.claim)
        }
    };
    claim(started.map_err(problem)?).map(Created)
}

/// A claim or portability
///
/// Your institution takes part in it; of others nothing is said.
#[utoipa::path(
    get, path = "/v1/pix-claims/{id}", tag = "pix keys", operation_id = "get_pix_claim",
    params(("id" = String, Path, description = "The claim's id.", format = "uuid")),
    responses((status = 200, description = "The claim.", body = ClaimBody), refusal::NotFound)
)]
async fn get(State(dict): State<Dict>, caller: Caller, Path(id): Path<String>) -> Result<Json<ClaimBody>, Problem> {
    let caller = caller_of(&dict, &caller)?;
    claim(found(&dict, &caller, claim_id(id)?).await?)
}

/// What is no UUID names no claim.
fn claim_id(text: String) -> Result<String, Problem> {
    if Uuid::try_parse(&text).is_ok() { Ok(text) } else { Err(no_such_claim()) }
}

async fn found(dict: &Dict, caller: &CallerOf, claim_id: String) -> Result<Option<core::Claim>, Problem> {
    let message = core::GetClaimStatusRequest { claim_id };
    grpc::get_claim_status(dict, caller, message).await.map(|answer| answer.claim).map_err(problem)
}

/// Answer a claim of ownership
///
/// By the institution that holds the key. `ACCEPT` gives the key up. `REJECT` keeps it, and needs `possession_id` of a
/// proof that its user has the phone.
#[utoipa::path(
    post, path = "/v1/pix-claims/{id}/respond", tag = "pix keys", operation_id = "respond_to_pix_claim",
    params(("id" = String, Path, description = "The claim's id.", format = "uuid")), request_body = RespondInput,
    responses(
        (status = 200, description = "The claim as it is now.", body = ClaimBody),
        refusal::NotFound, refusal::PixKeyRefused, refusal::RateLimitExceeded, refusal::SourceRefused,
        refusal::SourceUnavailable
    )
)]
async fn respond(
    State(dict): State<Dict>,
    caller: Caller,
    Path(id): Path<String>,
    Json(body): Json<RespondInput>,
) -> Result<Json<ClaimBody>, Problem> {
    let caller = caller_of(&dict, &caller)?;
    let answered = grpc::respond_to_claim(&dict, &caller, body.message(claim_id(id)?)).await.map_err(problem)?;
    claim(answered.claim)
}

/// Confirm a portability
///
/// By the institution that holds the key, which gives it up.
#[utoipa::path(
    post, path = "/v1/pix-claims/{id}/confirm", tag = "pix keys", operation_id = "confirm_pix_portability",
    params(("id" = String, Path, description = "The claim's id.", format = "uuid")), request_body = ConfirmInput,
    responses(
        (status = 200, description = "The portability as it is now.", body = ClaimBody),
        refusal::NotFound, refusal::PixKeyRefused, refusal::RateLimitExceeded, refusal::SourceRefused,
        refusal::SourceUnavailable
    )
)]
async fn confirm(
    State(dict): State<Dict>,
    caller: Caller,
    Path(id): Path<String>,
    Json(body): Json<ConfirmInput>,
) -> Result<Json<ClaimBody>, Problem> {
    let caller = caller_of(&dict, &caller)?;
    let confirmed = grpc::confirm_portability(&dict, &caller, body.message(claim_id(id)?)).await.map_err(problem)?;
    claim(confirmed.claim)
}

/// Cancel a claim or portability
///
/// By either side, for a reason that its side may give. `role` is needed only where your institution is on both.
#[utoipa::path(
    post, path = "/v1/pix-claims/{id}/cancel", tag = "pix keys", operation_id = "cancel_pix_claim",
    params(("id" = String, Path, description = "The claim's id.", format = "uuid")), request_body = CancelInput,
    responses(
        (status = 200, description = "The claim as it is now.", body = ClaimBody),
        refusal::NotFound, refusal::PixKeyRefused, refusal::RateLimitExceeded, refusal::SourceRefused,
        refusal::SourceUnavailable
    )
)]
async fn cancel(
    State(dict): State<Dict>,
    caller: Caller,
    Path(id): Path<String>,
    Json(body): Json<CancelInput>,
) -> Result<Json<ClaimBody>, Problem> {
    let caller = caller_of(&dict, &caller)?;
    let id = claim_id(id)?;
    let kind = found(&dict, &caller, id.clone()).await?.and_then(|claim| ClaimTypeName::of(claim.r#type));
    let cancelled: Result<_, Failure> = match kind {
        Some(ClaimTypeName::Ownership) => {
            grpc::cancel_claim(&dict, &caller, body.ownership(id)).await.map(|answer| answer.claim)
        }
        Some(ClaimTypeName::Portability) => {
            grpc::cancel_portability(&dict, &caller, body.portability(id)).await.map(|answer| answer.claim)
        }
        None => Err(Incomplete("claim.type").into()),
    };
    claim(cancelled.map_err(problem)?)
}
