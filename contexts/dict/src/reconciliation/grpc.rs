//! The methods of reconciliation, as the contract has them: messages in, messages out.

use chrono::DateTime;
use proto::core;

use crate::Dict;
use crate::caller::CallerOf;
use crate::directory::{CidEvent, wire};
use crate::domain::key::KeyType;
use crate::failure::Failure;

fn key_type(number: i32) -> Result<KeyType, Failure> {
    let read = wire::key_type_from_proto(number, "key_type").and_then(|it| wire::required(it, "key_type"));
    read.map_err(Failure::Invalid)
}

/// GetCid.
///
/// # Errors
/// As [`super::get_cid`], and `Invalid` for a key that cannot be read.
pub async fn get_cid(
    dict: &Dict,
    caller: &CallerOf,
    message: core::GetCidRequest,
) -> Result<core::GetCidResponse, Failure> {
    let key = wire::inferred_key_from_proto(message.key.as_ref(), "key").map_err(Failure::Invalid)?;
    let (cid, request_id) = super::get_cid(dict, caller, &key).await?;
    Ok(core::GetCidResponse { cid: cid.to_string(), request_id: request_id.to_string() })
}

/// GetVSync.
///
/// # Errors
/// As [`super::get_vsync`], and `Invalid` without a key type.
pub async fn get_v_sync(
    dict: &Dict,
    caller: &CallerOf,
    message: core::GetVSyncRequest,
) -> Result<core::GetVSyncResponse, Failure> {
    let verifier = super::get_vsync(dict, caller, key_type(message.key_type)?).await?;
    Ok(core::GetVSyncResponse {
        key_type: message.key_type,
        vsync: verifier.vsync.to_string(),
        entries: verifier.entries,
        verified_at: verifier.verification.map(|last| wire::moment_to_proto(last.at)),
        verified_ok: verifier.verification.is_some_and(|last| last.ok),
    })
}

/// ListCidEvents.
///
/// # Errors
/// As [`super::list_cid_events`], and `Invalid` for fields that cannot be read.
pub async fn list_cid_events(
    dict: &Dict,
    caller: &CallerOf,
    message: core::ListCidEventsRequest,
) -> Result<core::ListCidEventsResponse, Failure> {
    let key_type = key_type(message.key_type)?;
    let from = wire::optional_moment_from_proto(message.from.as_ref(), "from").map_err(Failure::Invalid)?;
    let which = (key_type, from.unwrap_or(DateTime::UNIX_EPOCH));
    let page = super::list_cid_events(dict, caller, which, message.page_size, &message.page_token).await?;
    Ok(core::ListCidEventsResponse {
        events: page.events.iter().map(event_message).collect(),
        next_page_token: page.next_page_token.unwrap_or_default(),
    })
}

fn event_message(event: &CidEvent) -> core::CidEvent {
    let kind = if event.added { core::cid_event::Kind::Added } else { core::cid_event::Kind::Removed };
    core::CidEvent {
        kind: kind.into(),
        cid: event.cid.to_string(),
        occurred_at: Some(wire::moment_to_proto(event.occurred_at)),
    }
}

/// Reconcile.
///
/// # Errors
/// As [`super::reconcile`], and `Invalid` without a key type.
pub async fn reconcile(
    dict: &Dict,
    caller: &CallerOf,
    message: core::ReconcileRequest,
) -> Result<core::ReconcileResponse, Failure> {
    let done = super::reconcile(dict, caller.participant, key_type(message.key_type)?).await?;
    let count = |count| i64::try_from(count).unwrap_or(i64::MAX);
    Ok(core::ReconcileResponse {
        agreed: done.agreed,
        inserted: count(done.inserted),
        removed: count(done.removed),
        overwritten: count(done.overwritten),
        vsync: done.vsync.to_string(),
    })
}
