//! What the directory says of a claim becomes what this base says of it.

use chrono::{DateTime, SubsecRound as _, Utc};
use uuid::Uuid;

use crate::Dict;
use crate::claims::own_sides;
use crate::directory::{Directory, DirectoryError};
use crate::domain::claim::{Claim, ClaimStatus, Side};
use crate::domain::entry::Entry;
use crate::domain::ispb::Ispb;
use crate::domain::refusal::RefusalKind;
use crate::failure::Failure;
use crate::store::{ClaimNews, ClaimRequest, Heard};

/// Writes what the directory says, whoever heard it: a caller's request, the poll, or a message. Late and repeated news
/// change nothing.
///
/// # Errors
/// When the store fails, or the directory does while it is asked for what is missing; nothing is written then.
pub async fn hear(
    dict: &Dict,
    directory: &dyn Directory,
    claim: &Claim,
    request: Option<&ClaimRequest>,
) -> Result<(), Failure> {
    let claim = in_store_time(claim);
    let entry = claimers_entry(dict, directory, &claim).await?;
    match hear_with_entry(dict, &claim, entry.as_ref(), request).await? {
        Heard::Written | Heard::Known => return Ok(()),
        Heard::AnotherOpen | Heard::EntryMovedOn => {}
    }
    // The directory has one open claim for each key: the one that is open here has ended, and we have not heard of it.
    let key_hash = dict.store.vault.key_hash(&claim.key);
    if let Some(stale) = dict.store.open_claim(&key_hash).await?.filter(|stale| stale.claim.id != claim.id) {
        catch_up(dict, directory, &stale.claim).await?;
    }
    match hear_with_entry(dict, &claim, entry.as_ref(), request).await? {
        Heard::Written | Heard::Known => Ok(()),
        Heard::AnotherOpen | Heard::EntryMovedOn => Err(Failure::Busy),
    }
}

pub(super) async fn hear_with_entry(
    dict: &Dict,
    claim: &Claim,
    entry: Option<&Entry>,
    request: Option<&ClaimRequest>,
) -> Result<Heard, Failure> {
    let (own, now) = (dict.participants.as_slice(), dict.clock.now());
    let news = ClaimNews { claim, about: None, entry, keys_max: None, request, own, now, entropy: &*dict.entropy };
    dict.store.hear_of_claim(&news).await
}

/// Asks the directory about a claim of which somebody said that it moved, and writes what it says. Without a directory,
/// or where the directory knows no such claim of that institution, nothing is done.
///
/// # Errors
/// As [`hear`].
pub async fn look_after(dict: &Dict, participant: Ispb, claim_id: Uuid) -> Result<(), Failure> {
    let Some(directory) = &dict.directory else { return Ok(()) };
    match directory.get_claim(participant, claim_id).await {
        Ok(claim) => hear(dict, &**directory, &claim, None).await,
        Err(DirectoryError::Refused(refusal)) if refusal.kind == RefusalKind::NotFound => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Asks the directory what became of a claim that is here, and writes it.
///
/// # Errors
/// As [`hear`].
pub async fn catch_up(dict: &Dict, directory: &dyn Directory, stale: &Claim) -> Result<(), Failure> {
    let Some(&side) = own_sides(dict, stale).first() else { return Ok(()) };
    let claim = in_store_time(&directory.get_claim(stale.participant(side), stale.id).await?);
    let entry = claimers_entry(dict, directory, &claim).await?;
    hear_with_entry(dict, &claim, entry.as_ref(), None).await?;
    Ok(())
}

/// The entry that a completed claim gave to an institution of ours, where it is not here yet. Completing again with the
/// same RequestId says when it came to be; that is how a crash after completion is made good.
async fn claimers_entry(dict: &Dict, directory: &dyn Directory, claim: &Claim) -> Result<Option<Entry>, Failure> {
    let claimer = claim.participant(Side::Claimer);
    if claim.status != ClaimStatus::Completed || !dict.participants.contains(&claimer) {
        return Ok(None);
    }
    let known = dict.store.claim(claimer, claim.id).await?;
    if known.as_ref().is_some_and(|known| known.claim.status == ClaimStatus::Completed) {
        return Ok(None);
    }
    let Some(request_id) = known.and_then(|known| known.completion_request_id) else {
        // Somebody else completed it in our name. Reconciliation brings the entry.
        tracing::warn!(claim_id = %claim.id, "a claim was completed by a request that is not known here");
        return Ok(None);
    };
    match directory.complete_claim(claimer, claim.id, request_id).await {
        Ok(completed) => Ok(Some(entry_of(claim, completed.entry_created_at, completed.key_owned_since, request_id))),
        // Completed by another RequestId, or the entry is gone since.
        Err(DirectoryError::Refused(refusal)) if !is_passing(refusal.kind) => {
            tracing::warn!(claim_id = %claim.id, kind = ?refusal.kind, "the entry of a completed claim is left to reconciliation");
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

/// The directory has no time now, which says nothing of this claim.
pub(crate) const fn is_passing(kind: RefusalKind) -> bool {
    use RefusalKind::{InternalServerError, RateLimited, ResourceConflict, ServiceUnavailable};
    matches!(kind, RateLimited | ServiceUnavailable | InternalServerError | ResourceConflict)
}

/// The claimer's entry, as the directory made it.
pub(super) fn entry_of(
    claim: &Claim,
    created_at: DateTime<Utc>,
    key_owned_since: DateTime<Utc>,
    request_id: Uuid,
) -> Entry {
    Entry {
        key: claim.key.clone(),
        account: claim.claimer_account.clone(),
        owner: claim.claimer.clone(),
        created_at: created_at.trunc_subsecs(6),
        key_owned_since: key_owned_since.trunc_subsecs(6),
        open_claim_created_at: None,
        request_id,
        blocked: false,
    }
}

/// In whole microseconds, as the store keeps moments: they are compared with what is there.
pub(super) fn in_store_time(claim: &Claim) -> Claim {
    Claim {
        opened_at: claim.opened_at.trunc_subsecs(6),
        resolution_period_end: claim.resolution_period_end.trunc_subsecs(6),
        completion_period_end: claim.completion_period_end.map(|end| end.trunc_subsecs(6)),
        last_modified: claim.last_modified.trunc_subsecs(6),
        ..claim.clone()
    }
}
