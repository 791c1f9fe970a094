//! Messages to use cases and back: one function for each method, named like it.

use proto::core;
use uuid::Uuid;

use super::answer::{self, Answer, Cancellation};
use super::read::{self, ClaimsPage, ClaimsPageQuestion};
use super::{possession, sides_of, start};
use crate::Dict;
use crate::caller::CallerOf;
use crate::directory::NewClaim;
use crate::directory::wire::{self, Faults, Read};
use crate::domain::claim::{Claim, ClaimType};
use crate::domain::reason::ClaimReason;
use crate::failure::Failure;

type Answered<T> = Result<T, Failure>;

fn shown(caller: &CallerOf, claim: &Claim) -> core::Claim {
    wire::claim_to_proto(claim, &sides_of(claim, caller.participant))
}

fn reason(number: i32) -> Read<ClaimReason> {
    Ok(wire::claim_reason_from_proto(number, "reason")?.unwrap_or(ClaimReason::UserRequested))
}

fn wish(
    claim_type: ClaimType,
    request_id: &str,
    key: Option<&core::Key>,
    claimer: Option<&core::Owner>,
    account: Option<&core::Account>,
) -> Read<(Uuid, NewClaim)> {
    let mut faults = Faults::default();
    let request_id = faults.take(wire::uuid_from_proto(request_id, "request_id"));
    let key = faults.take(wire::key_from_proto(key, "key"));
    let claimer = faults.take(wire::owner_from_proto(claimer, "claimer"));
    let account = faults.take(wire::account_from_proto(account, "claimer_account"));
    match (request_id, key, claimer, account) {
        (Some(request_id), Some(key), Some(claimer), Some(claimer_account)) => {
            Ok((request_id, NewClaim { claim_type, key, claimer, claimer_account }))
        }
        _ => Err(faults.found()),
    }
}

/// StartClaim.
///
/// # Errors
/// As [`start::start_claim`].
pub async fn start_claim(
    dict: &Dict,
    caller: &CallerOf,
    message: core::StartClaimRequest,
) -> Answered<core::StartClaimResponse> {
    let (key, claimer, account) = (message.key.as_ref(), message.claimer.as_ref(), message.claimer_account.as_ref());
    let read = wish(ClaimType::Ownership, &message.request_id, key, claimer, account);
    let (request_id, wish) = read.map_err(Failure::Invalid)?;
    let claim = start::start_claim(dict, caller, request_id, &wish).await?;
    Ok(core::StartClaimResponse { claim: Some(shown(caller, &claim)) })
}

/// StartPortability.
///
/// # Errors
/// As [`start::start_claim`].
pub async fn start_portability(
    dict: &Dict,
    caller: &CallerOf,
    message: core::StartPortabilityRequest,
) -> Answered<core::StartPortabilityResponse> {
    let (key, claimer, account) = (message.key.as_ref(), message.claimer.as_ref(), message.claimer_account.as_ref());
    let read = wish(ClaimType::Portability, &message.request_id, key, claimer, account);
    let (request_id, wish) = read.map_err(Failure::Invalid)?;
    let claim = start::start_claim(dict, caller, request_id, &wish).await?;
    Ok(core::StartPortabilityResponse { claim: Some(shown(caller, &claim)) })
}

/// GetClaimStatus.
///
/// # Errors
/// As [`read::get_claim_status`].
pub async fn get_claim_status(
    dict: &Dict,
    caller: &CallerOf,
    message: core::GetClaimStatusRequest,
) -> Answered<core::GetClaimStatusResponse> {
    let claim_id = wire::uuid_from_proto(&message.claim_id, "claim_id").map_err(Failure::Invalid)?;
    let claim = read::get_claim_status(dict, caller, claim_id).await?;
    Ok(core::GetClaimStatusResponse { claim: Some(shown(caller, &claim)) })
}

fn question(message: &core::ListClaimsRequest) -> Read<ClaimsPageQuestion<'_>> {
    let mut faults = Faults::default();
    let mut statuses = Vec::new();
    for (at, &number) in message.statuses.iter().enumerate() {
        let field = format!("statuses[{at}]");
        let read = wire::claim_status_from_proto(number, &field).and_then(|status| wire::required(status, &field));
        statuses.extend(faults.take(read));
    }
    let claim_type = faults.take(wire::claim_type_from_proto(message.r#type, "type"));
    let mut moment = |value: &Option<prost_types::Timestamp>, field| {
        faults.take(wire::optional_moment_from_proto(value.as_ref(), field)).flatten()
    };
    let modified_after = moment(&message.modified_after, "modified_after");
    let modified_before = moment(&message.modified_before, "modified_before");
    faults.or(ClaimsPageQuestion {
        statuses,
        claim_type: claim_type.flatten(),
        modified_after,
        modified_before,
        page_size: message.page_size,
        page_token: &message.page_token,
    })
}

fn page(caller: &CallerOf, page: &ClaimsPage) -> core::ListClaimsResponse {
    let claims = page.claims.iter().map(|claim| shown(caller, claim)).collect();
    core::ListClaimsResponse { claims, next_page_token: page.next_page_token.clone() }
}

/// ListIncomingClaims.
///
/// # Errors
/// As [`read::list_incoming_claims`].
pub async fn list_incoming_claims(
    dict: &Dict,
    caller: &CallerOf,
    message: core::ListClaimsRequest,
) -> Answered<core::ListClaimsResponse> {
    let question = question(&message).map_err(Failure::Invalid)?;
    Ok(page(caller, &read::list_incoming_claims(dict, caller, &question).await?))
}

/// ListOutgoingClaims.
///
/// # Errors
/// As [`read::list_outgoing_claims`].
pub async fn list_outgoing_claims(
    dict: &Dict,
    caller: &CallerOf,
    message: core::ListClaimsRequest,
) -> Answered<core::ListClaimsResponse> {
    let question = question(&message).map_err(Failure::Invalid)?;
    Ok(page(caller, &read::list_outgoing_claims(dict, caller, &question).await?))
}

/// RespondToClaim.
///
/// # Errors
/// As [`answer::respond_to_claim`].
pub async fn respond_to_claim(
    dict: &Dict,
    caller: &CallerOf,
    message: core::RespondToClaimRequest,
) -> Answered<core::RespondToClaimResponse> {
    let mut faults = Faults::default();
    let claim_id = faults.take(wire::uuid_from_proto(&message.claim_id, "claim_id"));
    let said = match core::ClaimAnswer::try_from(message.answer) {
        Ok(core::ClaimAnswer::Accept) => Some(Answer::Accept),
        Ok(core::ClaimAnswer::Reject) => Some(Answer::Reject),
        Ok(core::ClaimAnswer::Unspecified) | Err(_) => {
            faults.add("answer", "it is ACCEPT or REJECT");
            None
        }
    };
    let (Some(claim_id), Some(said)) = (claim_id, said) else { return Err(Failure::Invalid(faults.found())) };
    let claim = answer::respond_to_claim(dict, caller, claim_id, said, &message.possession_id).await?;
    Ok(core::RespondToClaimResponse { claim: Some(shown(caller, &claim)) })
}

fn cancellation<'a>(
    claim_id: &str,
    reason_number: i32,
    role: i32,
    possession_id: &'a str,
) -> Answered<Cancellation<'a>> {
    let mut faults = Faults::default();
    let claim_id = faults.take(wire::uuid_from_proto(claim_id, "claim_id"));
    let reason = faults.take(reason(reason_number));
    let side = faults.take(wire::side_from_proto(role, "role"));
    match (claim_id, reason, side) {
        (Some(claim_id), Some(reason), Some(side)) => Ok(Cancellation { claim_id, reason, side, possession_id }),
        _ => Err(Failure::Invalid(faults.found())),
    }
}

/// CancelClaim.
///
/// # Errors
/// As [`answer::cancel_claim`].
pub async fn cancel_claim(
    dict: &Dict,
    caller: &CallerOf,
    message: core::CancelClaimRequest,
) -> Answered<core::CancelClaimResponse> {
    let asked = cancellation(&message.claim_id, message.reason, message.role, "")?;
    let claim = answer::cancel_claim(dict, caller, &asked).await?;
    Ok(core::CancelClaimResponse { claim: Some(shown(caller, &claim)) })
}

/// ConfirmPortability.
///
/// # Errors
/// As [`answer::confirm_portability`].
pub async fn confirm_portability(
    dict: &Dict,
    caller: &CallerOf,
    message: core::ConfirmPortabilityRequest,
) -> Answered<core::ConfirmPortabilityResponse> {
    let asked = cancellation(&message.claim_id, message.reason, 0, "")?;
    let claim = answer::confirm_portability(dict, caller, asked.claim_id, asked.reason).await?;
    Ok(core::ConfirmPortabilityResponse { claim: Some(shown(caller, &claim)) })
}

/// CancelPortability.
///
/// # Errors
/// As [`answer::cancel_portability`].
pub async fn cancel_portability(
    dict: &Dict,
    caller: &CallerOf,
    message: core::CancelPortabilityRequest,
) -> Answered<core::CancelPortabilityResponse> {
    let asked = cancellation(&message.claim_id, message.reason, message.role, &message.possession_id)?;
    let claim = answer::cancel_portability(dict, caller, &asked).await?;
    Ok(core::CancelPortabilityResponse { claim: Some(shown(caller, &claim)) })
}

/// RequestPossessionCode.
///
/// # Errors
/// As [`possession::request_possession_code`].
pub async fn request_possession_code(
    dict: &Dict,
    caller: &CallerOf,
    message: core::RequestPossessionCodeRequest,
) -> Answered<core::RequestPossessionCodeResponse> {
    let key = wire::key_from_proto(message.key.as_ref(), "key").map_err(Failure::Invalid)?;
    let sent = possession::request_possession_code(dict, caller, &key).await?;
    Ok(core::RequestPossessionCodeResponse {
        possession_id: sent.possession_id.to_string(),
        expires_at: Some(wire::moment_to_proto(sent.expires_at)),
    })
}

/// ConfirmPossession.
///
/// # Errors
/// As [`possession::confirm_possession`].
pub async fn confirm_possession(
    dict: &Dict,
    caller: &CallerOf,
    message: core::ConfirmPossessionRequest,
) -> Answered<core::ConfirmPossessionResponse> {
    let mut faults = Faults::default();
    let key = faults.take(wire::key_from_proto(message.key.as_ref(), "key"));
    let claim_id = match message.claim_id.as_str() {
        "" => None,
        text => faults.take(wire::uuid_from_proto(text, "claim_id")),
    };
    let Some(key) = key else { return Err(Failure::Invalid(faults.found())) };
    faults.or(()).map_err(Failure::Invalid)?;
    let (id, code) = (message.possession_id.as_str(), message.code.as_str());
    let confirmed_at = possession::confirm_possession(dict, caller, &key, id, code, claim_id).await?;
    Ok(core::ConfirmPossessionResponse { confirmed_at: Some(wire::moment_to_proto(confirmed_at)) })
}
