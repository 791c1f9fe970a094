//! Entries, claims and CID events.

use prost_types::Timestamp;
use proto::{connect, core};

use super::{
    Faults, Read, account_from_proto, account_to_proto, cid_from_proto, claim_reason_from_proto, claim_reason_to_proto,
    claim_status_from_proto, claim_status_to_proto, claim_type_from_proto, claim_type_to_proto, ispb_from_proto,
    key_from_proto, key_to_proto, moment_from_proto, moment_to_proto, optional_moment_from_proto, owner_from_proto,
    owner_to_proto, required, side_from_proto, side_to_proto, under, uuid_from_proto, wrong,
};
use crate::directory::CidEvent;
use crate::domain::cid::Cid;
use crate::domain::claim::{Claim, Side};
use crate::domain::entry::Entry;
use crate::domain::reason::ClaimReason;

/// An entry as Connect has it.
#[must_use]
pub fn entry_to_proto(entry: &Entry) -> connect::Entry {
    connect::Entry {
        key: Some(key_to_proto(&entry.key)),
        account: Some(account_to_proto(&entry.account)),
        owner: Some(owner_to_proto(&entry.owner)),
        created_at: Some(moment_to_proto(entry.created_at)),
        key_owned_since: Some(moment_to_proto(entry.key_owned_since)),
        open_claim_created_at: entry.open_claim_created_at.map(moment_to_proto),
        request_id: entry.request_id.to_string(),
        blocked: entry.blocked,
    }
}

/// An entry of Connect.
///
/// # Errors
/// If it is missing, or a field of it is wrong.
pub fn entry_from_proto(entry: Option<&connect::Entry>, property: &str) -> Read<Entry> {
    let entry = required(entry, property)?;
    let mut faults = Faults::default();
    let at = |field| under(property, field);
    let key = faults.take(key_from_proto(entry.key.as_ref(), &at("key")));
    let account = faults.take(account_from_proto(entry.account.as_ref(), &at("account")));
    let owner = faults.take(owner_from_proto(entry.owner.as_ref(), &at("owner")));
    let created_at = faults.take(moment_from_proto(entry.created_at.as_ref(), &at("created_at")));
    let owned_since = faults.take(moment_from_proto(entry.key_owned_since.as_ref(), &at("key_owned_since")));
    let claimed = entry.open_claim_created_at.as_ref();
    let claimed = faults.take(optional_moment_from_proto(claimed, &at("open_claim_created_at")));
    let request_id = faults.take(uuid_from_proto(&entry.request_id, &at("request_id")));
    let (Some(key), Some(account), Some(owner), Some(created_at), Some(key_owned_since)) =
        (key, account, owner, created_at, owned_since)
    else {
        return Err(faults.found());
    };
    let (Some(open_claim_created_at), Some(request_id)) = (claimed, request_id) else { return Err(faults.found()) };
    let blocked = entry.blocked;
    Ok(Entry { key, account, owner, created_at, key_owned_since, open_claim_created_at, request_id, blocked })
}

/// An entry as our own callers see it.
#[must_use]
pub fn core_entry_to_proto(entry: &Entry, status: core::EntryStatus, cid: Option<Cid>) -> core::Entry {
    core::Entry {
        key: Some(key_to_proto(&entry.key)),
        account: Some(account_to_proto(&entry.account)),
        owner: Some(owner_to_proto(&entry.owner)),
        status: status.into(),
        created_at: Some(moment_to_proto(entry.created_at)),
        key_owned_since: Some(moment_to_proto(entry.key_owned_since)),
        open_claim_created_at: entry.open_claim_created_at.map(moment_to_proto),
        cid: cid.map(|cid| cid.to_string()).unwrap_or_default(),
    }
}

/// A CID that came or went, as the contract has it.
#[must_use]
pub fn cid_event_to_proto(event: &CidEvent) -> core::CidEvent {
    let kind = if event.added { core::cid_event::Kind::Added } else { core::cid_event::Kind::Removed };
    let occurred_at = Some(moment_to_proto(event.occurred_at));
    core::CidEvent { kind: kind.into(), cid: event.cid.to_string(), occurred_at }
}

/// A CID that came or went.
///
/// # Errors
/// If a field of it is wrong.
pub fn cid_event_from_proto(event: &core::CidEvent, property: &str) -> Read<CidEvent> {
    let added = match event.kind() {
        core::cid_event::Kind::Added => true,
        core::cid_event::Kind::Removed => false,
        core::cid_event::Kind::Unspecified => return wrong(&under(property, "kind"), "it is required"),
    };
    let cid = cid_from_proto(&event.cid, &under(property, "cid"))?;
    let occurred_at = moment_from_proto(event.occurred_at.as_ref(), &under(property, "occurred_at"))?;
    Ok(CidEvent { added, cid, occurred_at })
}

/// A claim as the contract has it. `roles` is what the one who asks is in it.
#[must_use]
pub fn claim_to_proto(claim: &Claim, roles: &[Side]) -> core::Claim {
    let reason = |reason: Option<ClaimReason>| reason.map(claim_reason_to_proto).unwrap_or_default().into();
    core::Claim {
        id: claim.id.to_string(),
        r#type: claim_type_to_proto(claim.claim_type).into(),
        key: Some(key_to_proto(&claim.key)),
        status: claim_status_to_proto(claim.status).into(),
        donor_participant: claim.donor_participant.to_string(),
        claimer: Some(owner_to_proto(&claim.claimer)),
        claimer_account: Some(account_to_proto(&claim.claimer_account)),
        opened_at: Some(moment_to_proto(claim.opened_at)),
        resolution_period_end: Some(moment_to_proto(claim.resolution_period_end)),
        completion_period_end: claim.completion_period_end.map(moment_to_proto),
        last_modified: Some(moment_to_proto(claim.last_modified)),
        confirm_reason: reason(claim.confirm_reason),
        cancel_reason: reason(claim.cancel_reason),
        cancelled_by: claim.cancelled_by.map(side_to_proto).unwrap_or_default().into(),
        roles: roles.iter().map(|&side| side_to_proto(side).into()).collect(),
    }
}

/// A claim, as the directory says it; `roles` is not looked at.
///
/// # Errors
/// If it is missing, or a field of it is wrong.
pub fn claim_from_proto(claim: Option<&core::Claim>, property: &str) -> Read<Claim> {
    let claim = required(claim, property)?;
    let mut faults = Faults::default();
    let at = |field| under(property, field);
    let id = faults.take(uuid_from_proto(&claim.id, &at("id")));
    let claim_type = claim_type_from_proto(claim.r#type, &at("type")).and_then(|it| required(it, &at("type")));
    let status = claim_status_from_proto(claim.status, &at("status")).and_then(|it| required(it, &at("status")));
    let (claim_type, status) = (faults.take(claim_type), faults.take(status));
    let key = faults.take(key_from_proto(claim.key.as_ref(), &at("key")));
    let donor = faults.take(ispb_from_proto(&claim.donor_participant, &at("donor_participant")));
    let claimer = faults.take(owner_from_proto(claim.claimer.as_ref(), &at("claimer")));
    let account = faults.take(account_from_proto(claim.claimer_account.as_ref(), &at("claimer_account")));
    let mut moment = |value: &Option<Timestamp>, field| {
        faults.take(optional_moment_from_proto(value.as_ref(), &at(field))).flatten()
    };
    let opened_at = moment(&claim.opened_at, "opened_at");
    let resolution_period_end = moment(&claim.resolution_period_end, "resolution_period_end");
    let completion_period_end = moment(&claim.completion_period_end, "completion_period_end");
    let last_modified = moment(&claim.last_modified, "last_modified");
    let opened_at = faults.take(required(opened_at, &at("opened_at")));
    let resolution_period_end = faults.take(required(resolution_period_end, &at("resolution_period_end")));
    let last_modified = faults.take(required(last_modified, &at("last_modified")));
    let confirm_reason = faults.take(claim_reason_from_proto(claim.confirm_reason, &at("confirm_reason"))).flatten();
    let cancel_reason = faults.take(claim_reason_from_proto(claim.cancel_reason, &at("cancel_reason"))).flatten();
    let cancelled_by = faults.take(side_from_proto(claim.cancelled_by, &at("cancelled_by"))).flatten();
    let (Some(id), Some(claim_type), Some(status), Some(key), Some(donor_participant), Some(claimer)) =
        (id, claim_type, status, key, donor, claimer)
    else {
        return Err(faults.found());
    };
    let (Some(claimer_account), Some(opened_at), Some(resolution_period_end), Some(last_modified)) =
        (account, opened_at, resolution_period_end, last_modified)
    else {
        return Err(faults.found());
    };
    faults.or(Claim {
        id,
        claim_type,
        key,
        status,
        donor_participant,
        claimer,
        claimer_account,
        opened_at,
        resolution_period_end,
        completion_period_end,
        last_modified,
        confirm_reason,
        cancel_reason,
        cancelled_by,
    })
}
