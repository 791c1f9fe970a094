//! `/v1/pix-keys`: registration, look-up and proof of possession.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use platform::auth::Caller;
use platform::http::{Accepted, Created, Json};
use platform::openapi::refusal;
use platform::problem::Problem;
use proto::core;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::problem::problem;
use super::request::{CreateInput, DeleteInput, KeyQuestion, LookupInput, PossessionInput, SearchInput, UpdateInput};
use super::schema::{EntryBody, EntryPage, EntryStatusName, Incomplete, LookupBody};
use super::{DictState, caller_of, request_id};
use crate::directory::wire;
use crate::failure::Failure;
use crate::{Dict, claims, entries, lookup};

/// The routes of keys.
pub(super) fn routes() -> OpenApiRouter<DictState> {
    OpenApiRouter::default()
        .routes(routes!(create))
        .routes(routes!(search))
        .routes(routes!(get))
        .routes(routes!(update))
        .routes(routes!(delete))
        .routes(routes!(look_up))
        .routes(routes!(send_code))
        .routes(routes!(confirm_code))
}

/// A code that was sent.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PossessionCode)]
struct CodeBody {
    /// What the code is confirmed with.
    possession_id: String,
    /// From when it proves nothing.
    #[schema(value_type = String, format = DateTime, examples("2026-11-22T12:10:00Z"))]
    expires_at: DateTime<Utc>,
}

/// A possession that was proved.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ProvedPossession)]
struct ProvedBody {
    /// When it was proved.
    #[schema(value_type = String, format = DateTime, examples("2026-11-22T12:03:20Z"))]
    confirmed_at: DateTime<Utc>,
}

fn entry(entry: Option<core::Entry>) -> Result<EntryBody, Failure> {
    Ok(entry.ok_or(Incomplete("entry"))?.try_into()?)
}

/// Register a PIX key
///
/// For an account of your institution. The same `Idempotency-Key` with the same body gives the same answer, whatever
/// happened to the first one. A phone or e-mail needs a possession that was proved (`/v1/pix-keys/possession-codes`);
/// a random key (`EVP`) has no value of its own, the directory makes it. An account has at most 5 keys of a natural
/// person or 20 of a legal one.
///
/// `pix_key_refused` with `ENTRY_KEY_OWNED_BY_DIFFERENT_PERSON` or `ENTRY_KEY_IN_CUSTODY_OF_DIFFERENT_PARTICIPANT` says
/// which claim can be opened instead (`POST /v1/pix-claims`).
#[utoipa::path(
    post, path = "/v1/pix-keys", tag = "pix keys", operation_id = "create_pix_key", request_body = CreateInput,
    params(("Idempotency-Key" = String, Header, format = "uuid", description = "UUID version 4: new for each key, the same for each repetition.")),
    responses(
        (status = 201, description = "It is registered.", body = EntryBody),
        (status = 202, description = "The directory has not answered yet: the key is `PENDING`. Ask for it again in a moment.", body = EntryBody),
        refusal::PixKeyRefused, refusal::RateLimitExceeded, refusal::SourceRefused, refusal::SourceUnavailable
    )
)]
async fn create(
    State(dict): State<Dict>,
    caller: Caller,
    headers: HeaderMap,
    Json(body): Json<CreateInput>,
) -> Result<Response, Problem> {
    let caller = caller_of(&dict, &caller)?;
    let message = body.message(caller.participant, request_id(&headers)?);
    let created = entries::grpc::create_key(&dict, &caller, message).await.and_then(|answer| entry(answer.entry));
    let created = created.map_err(problem)?;
    Ok(match created.status {
        EntryStatusName::Pending => Accepted(Json(created)).into_response(),
        EntryStatusName::Active | EntryStatusName::Blocked => Created(Json(created)).into_response(),
    })
}

/// The PIX keys of an account
///
/// Oldest first, pending ones included. It is a POST because account numbers do not belong into addresses.
#[utoipa::path(
    post, path = "/v1/pix-keys/search", tag = "pix keys", operation_id = "search_pix_keys", request_body = SearchInput,
    responses((status = 200, description = "The keys.", body = EntryPage))
)]
async fn search(
    State(dict): State<Dict>,
    caller: Caller,
    Json(body): Json<SearchInput>,
) -> Result<Json<EntryPage>, Problem> {
    let caller = caller_of(&dict, &caller)?;
    let page = entries::grpc::list_keys(&dict, &caller, body.message(caller.participant)).await.map_err(problem)?;
    Ok(Json(page.try_into().map_err(|incomplete: Incomplete| problem(incomplete.into()))?))
}

/// A PIX key of your institution
///
/// With its account and owner. Whose the keys of others are is asked with a look-up.
#[utoipa::path(
    post, path = "/v1/pix-keys/get", tag = "pix keys", operation_id = "get_pix_key", request_body = KeyQuestion,
    responses((status = 200, description = "The key.", body = EntryBody), refusal::PixKeyNotFound)
)]
async fn get(
    State(dict): State<Dict>,
    caller: Caller,
    Json(body): Json<KeyQuestion>,
) -> Result<Json<EntryBody>, Problem> {
    let caller = caller_of(&dict, &caller)?;
    let message = core::GetKeyRequest { key: Some(body.key.into()) };
    let found = entries::grpc::get_key(&dict, &caller, message).await.and_then(|answer| entry(answer.entry));
    found.map(Json).map_err(problem)
}

/// Change a PIX key
///
/// Its account, of the same institution, or its owner's names. Owner and institution stay. Random keys change for
/// `RFB_VALIDATION` only.
#[utoipa::path(
    post, path = "/v1/pix-keys/update", tag = "pix keys", operation_id = "update_pix_key", request_body = UpdateInput,
    responses(
        (status = 200, description = "The key as it is now.", body = EntryBody),
        refusal::PixKeyNotFound, refusal::PixKeyRefused, refusal::RateLimitExceeded, refusal::SourceRefused,
        refusal::SourceUnavailable
    )
)]
async fn update(
    State(dict): State<Dict>,
    caller: Caller,
    Json(body): Json<UpdateInput>,
) -> Result<Json<EntryBody>, Problem> {
    let caller = caller_of(&dict, &caller)?;
    let message = body.message(caller.participant);
    let updated = entries::grpc::update_key(&dict, &caller, message).await.and_then(|answer| entry(answer.entry));
    updated.map(Json).map_err(problem)
}

/// Remove a PIX key
///
/// Removing it again is `pix_key_not_found`. Where the user asked for it, `requester_tax_id` is theirs, and must be the
/// owner's.
#[utoipa::path(
    post, path = "/v1/pix-keys/delete", tag = "pix keys", operation_id = "delete_pix_key", request_body = DeleteInput,
    responses(
        (status = 200, description = "What was removed.", body = EntryBody),
        refusal::PixKeyNotFound, refusal::PixKeyRefused, refusal::RateLimitExceeded, refusal::SourceRefused,
        refusal::SourceUnavailable
    )
)]
async fn delete(
    State(dict): State<Dict>,
    caller: Caller,
    Json(body): Json<DeleteInput>,
) -> Result<Json<EntryBody>, Problem> {
    let caller = caller_of(&dict, &caller)?;
    let deleted = entries::grpc::delete_key(&dict, &caller, body.into()).await.and_then(|answer| entry(answer.entry));
    deleted.map(Json).map_err(problem)
}

/// Whose a PIX key is
///
/// As much as a person who is about to pay may see: names in full, a CPF masked, no account. Your own base is asked
/// before the directory, which asks for `payer_tax_id` and `end_to_end_id`. Questions to it cost tokens of the limits against scanning, one for a key that is
/// there and twenty for one that is not.
#[utoipa::path(
    post, path = "/v1/pix-keys/lookup", tag = "pix keys", operation_id = "look_up_pix_key", request_body = LookupInput,
    responses(
        (status = 200, description = "Whose it is.", body = LookupBody),
        refusal::PixKeyNotFound, refusal::PixKeyRefused, refusal::RateLimitExceeded, refusal::SourceRefused,
        refusal::SourceUnavailable
    )
)]
async fn look_up(
    State(DictState { dict, lookups }): State<DictState>,
    caller: Caller,
    Json(body): Json<LookupInput>,
) -> Result<Json<LookupBody>, Problem> {
    let caller = caller_of(&dict, &caller)?;
    let found = lookup::grpc::lookup_key(&dict, &lookups, &caller, body.into()).await.map_err(problem)?;
    Ok(Json(found.try_into().map_err(|incomplete: Incomplete| problem(incomplete.into()))?))
}

/// Send a code to a phone or mailbox
///
/// Whoever can type it back has the phone or mailbox. It holds for ten minutes and five tries.
#[utoipa::path(
    post, path = "/v1/pix-keys/possession-codes", tag = "pix keys", operation_id = "request_possession_code",
    request_body = KeyQuestion,
    responses((status = 201, description = "The code is on its way.", body = CodeBody), refusal::RateLimitExceeded)
)]
async fn send_code(
    State(dict): State<Dict>,
    caller: Caller,
    Json(body): Json<KeyQuestion>,
) -> Result<Created<Json<CodeBody>>, Problem> {
    let caller = caller_of(&dict, &caller)?;
    let message = core::RequestPossessionCodeRequest { key: Some(body.key.into()) };
    let sent = claims::grpc::request_possession_code(&dict, &caller, message).await.map_err(problem)?;
    let expires_at = wire::moment_from_proto(sent.expires_at.as_ref(), "expires_at");
    let expires_at = expires_at.map_err(|_| problem(Incomplete("expires_at").into()))?;
    Ok(Created(Json(CodeBody { possession_id: sent.possession_id, expires_at })))
}

/// Prove possession with a code
///
/// The proof is used once within an hour: to register the key (`possession_id`), to keep it against a claim, or, with
/// `claim_id`, to receive a key that was claimed.
#[utoipa::path(
    post, path = "/v1/pix-keys/possession-codes/confirm", tag = "pix keys", operation_id = "confirm_possession",
    request_body = PossessionInput,
    responses((status = 200, description = "Possession is proved.", body = ProvedBody))
)]
async fn confirm_code(
    State(dict): State<Dict>,
    caller: Caller,
    Json(body): Json<PossessionInput>,
) -> Result<Json<ProvedBody>, Problem> {
    let caller = caller_of(&dict, &caller)?;
    let proved = claims::grpc::confirm_possession(&dict, &caller, body.into()).await.map_err(problem)?;
    let confirmed_at = wire::moment_from_proto(proved.confirmed_at.as_ref(), "confirmed_at");
    let confirmed_at = confirmed_at.map_err(|_| problem(Incomplete("confirmed_at").into()))?;
    Ok(Json(ProvedBody { confirmed_at }))
}
