//! StartClaim and StartPortability: idempotent by request_id, although createClaim of the directory is not.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::mirror::hear;
use super::random_uuid;
use crate::Dict;
use crate::caller::CallerOf;
use crate::directory::{ClaimFilter, Directory, DirectoryError, NewClaim};
use crate::domain::account::Account;
use crate::domain::claim::{self, Claim, Side};
use crate::domain::entry::check_limit;
use crate::domain::owner::Owner;
use crate::domain::refusal::RefusalKind;
use crate::entries::now;
use crate::failure::Failure;
use crate::store::{ClaimNews, ClaimRequest, Heard, Reserved};
use crate::vault::Hash;

/// How far the directory's clock and ours may be apart, when a claim is looked for by the moment it was asked for.
const CLOCKS_APART: TimeDelta = TimeDelta::minutes(1);
/// The most that a page of listClaims holds.
pub(crate) const PAGE: u32 = 200;

/// Opens a claim. The same request id and content give the same claim, as it stands then.
///
/// # Errors
/// `Invalid` for wrong fields; Forbidden for an account of another institution; RequestIdAlreadyUsed; what the directory
/// refuses; when the directory or the store cannot be reached.
pub async fn start_claim(dict: &Dict, caller: &CallerOf, request_id: Uuid, wish: &NewClaim) -> Result<Claim, Failure> {
    check(caller, request_id, wish)?;
    let key_hash = dict.store.vault.key_hash(&wish.key);
    let fingerprint = fingerprint(dict, wish);
    let request = ClaimRequest { participant: caller.participant, request_id, fingerprint };
    let moment = now(dict);
    let asked_at = match dict.store.reserve_claim_request(&request, &key_hash, (moment, &*dict.entropy)).await? {
        Reserved::Used => return Err(RefusalKind::RequestIdAlreadyUsed.into()),
        Reserved::Done(id) => return answer(dict, caller, id).await,
        Reserved::Before(asked_at) => Some(asked_at),
        Reserved::Taken => None,
    };
    let opened = match &dict.directory {
        Some(directory) => open_there(dict, &**directory, wish, &request, asked_at, moment).await,
        None => open_here(dict, wish, &request, &key_hash).await.map_err(|failure| (failure, true)),
    };
    match opened {
        Ok(claim) => Ok(claim),
        Err((failure, nothing_changed)) => {
            // Another call for the same request may have been faster.
            if let Reserved::Done(id) =
                dict.store.reserve_claim_request(&request, &key_hash, (moment, &*dict.entropy)).await?
            {
                return answer(dict, caller, id).await;
            }
            if nothing_changed {
                dict.store.release_claim_request(&request).await?;
            }
            Err(failure)
        }
    }
}

async fn answer(dict: &Dict, caller: &CallerOf, id: Uuid) -> Result<Claim, Failure> {
    let stored = dict.store.claim(caller.participant, id).await?.ok_or(Failure::NotFound("claim"))?;
    Ok(stored.claim)
}

fn check(caller: &CallerOf, request_id: Uuid, wish: &NewClaim) -> Result<(), Failure> {
    if wish.claimer_account.participant != caller.participant {
        return Err(RefusalKind::Forbidden.into());
    }
    let account = wish.claimer_account.check().err().unwrap_or_default();
    let owner = wish.claimer.check(true).err().unwrap_or_default();
    let mut violations: Vec<_> = account
        .into_iter()
        .map(|violation| violation.under("claimer_account"))
        .chain(owner.into_iter().map(|violation| violation.under("claimer")))
        .collect();
    if request_id.get_version_num() != 4 {
        violations.push(crate::domain::refusal::Violation::new("request_id", "it is no UUID of version 4"));
    }
    if violations.is_empty() { Ok(()) } else { Err(Failure::Invalid(violations)) }
}

fn fingerprint(dict: &Dict, wish: &NewClaim) -> Hash {
    let NewClaim { claim_type, key, claimer, claimer_account: account } = wish;
    let Owner { tax_id, name, trade_name } = claimer;
    let Account { participant, branch, number, account_type, opened_at } = account;
    let opened_at = opened_at.timestamp_micros().to_be_bytes();
    dict.store.vault.hash(
        "start claim",
        &[
            claim_type.name().as_bytes(),
            key.key_type().name().as_bytes(),
            key.value().as_bytes(),
            tax_id.as_str().as_bytes(),
            name.as_bytes(),
            trade_name.as_deref().unwrap_or_default().as_bytes(),
            participant.as_str().as_bytes(),
            branch.as_deref().unwrap_or_default().as_bytes(),
            number.as_bytes(),
            account_type.name().as_bytes(),
            &opened_at,
        ],
    )
}

/// Opens it in the directory. A failure says whether it is certain that nothing was changed there.
async fn open_there(
    dict: &Dict,
    directory: &dyn Directory,
    wish: &NewClaim,
    request: &ClaimRequest,
    asked_before: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<Claim, (Failure, bool)> {
    let unsure = |failure: Failure| (failure, false);
    let asked_at = asked_before.unwrap_or(now);
    if asked_before.is_some()
        && let Some(claim) = find_opened(dict, directory, wish, request, asked_at).await.map_err(unsure)?
    {
        hear(dict, directory, &claim, Some(request)).await.map_err(unsure)?;
        return Ok(claim);
    }
    let claim = match directory.create_claim(wish).await {
        Ok(claim) => claim,
        // Perhaps it is ours: of a call whose answer was lost, or of one at the same moment.
        Err(error) if may_be_ours(&error) => {
            match find_opened(dict, directory, wish, request, asked_at).await.map_err(unsure)? {
                Some(claim) => claim,
                None => {
                    let refused = error_kind(&error) == Some(RefusalKind::ClaimAlreadyExistsForKey);
                    return Err((error.into(), refused));
                }
            }
        }
        Err(error) => {
            let nothing_changed = match error {
                DirectoryError::Refused(_) => true,
                DirectoryError::Unavailable { .. } => asked_before.is_none(),
                DirectoryError::Unknown | DirectoryError::Broken(_) => false,
            };
            return Err((error.into(), nothing_changed));
        }
    };
    hear(dict, directory, &claim, Some(request)).await.map_err(unsure)?;
    Ok(claim)
}

fn may_be_ours(error: &DirectoryError) -> bool {
    use RefusalKind::{ClaimAlreadyExistsForKey, InternalServerError};
    match error {
        DirectoryError::Unknown => true,
        DirectoryError::Refused(refusal) => matches!(refusal.kind, ClaimAlreadyExistsForKey | InternalServerError),
        DirectoryError::Unavailable { .. } | DirectoryError::Broken(_) => false,
    }
}

fn error_kind(error: &DirectoryError) -> Option<RefusalKind> {
    if let DirectoryError::Refused(refusal) = error { Some(refusal.kind) } else { None }
}

/// The claim that a request opened, if it did: the directory knows no RequestId of createClaim, so that it is told by
/// its content and its moment, and by belonging to no other request.
async fn find_opened(
    dict: &Dict,
    directory: &dyn Directory,
    wish: &NewClaim,
    request: &ClaimRequest,
    asked_at: DateTime<Utc>,
) -> Result<Option<Claim>, Failure> {
    let from = asked_at - CLOCKS_APART;
    let mut filter = ClaimFilter {
        side: Some(Side::Claimer),
        statuses: Vec::new(),
        claim_type: Some(wish.claim_type),
        modified_after: Some(from),
        modified_before: None,
        limit: PAGE,
    };
    loop {
        let page = directory.list_claims(request.participant, &filter).await?;
        for claim in &page.claims {
            if claim.opened_at >= from && is_of(claim, wish) && belongs_to(dict, claim, request).await? {
                return Ok(Some(claim.clone()));
            }
        }
        match page.claims.last() {
            Some(last) if page.more => filter.modified_after = next_page(&filter, last.last_modified),
            _ => return Ok(None),
        }
    }
}

/// Where the next page begins: with the last moment of this one, or behind it where the whole page is of one moment,
/// which the directory's answer cannot be divided at.
pub(crate) fn next_page(filter: &ClaimFilter, last_modified: DateTime<Utc>) -> Option<DateTime<Utc>> {
    if filter.modified_after == Some(last_modified) {
        tracing::error!(
            limit = filter.limit,
            "more claims were modified at one moment than a page of listClaims holds"
        );
        return Some(last_modified + TimeDelta::microseconds(1));
    }
    Some(last_modified)
}

fn is_of(claim: &Claim, wish: &NewClaim) -> bool {
    let identity = |account: &Account| (account.branch.clone(), account.number.clone(), account.account_type);
    claim.key == wish.key
        && claim.claimer.tax_id == wish.claimer.tax_id
        && identity(&claim.claimer_account) == identity(&wish.claimer_account)
}

async fn belongs_to(dict: &Dict, claim: &Claim, request: &ClaimRequest) -> Result<bool, Failure> {
    let known = dict.store.claim(request.participant, claim.id).await?;
    Ok(known.and_then(|known| known.request_id).is_none_or(|request_id| request_id == request.request_id))
}

/// Opens it here, where there is no directory: between our own institutions.
async fn open_here(dict: &Dict, wish: &NewClaim, request: &ClaimRequest, key_hash: &Hash) -> Result<Claim, Failure> {
    let stored = dict.store.entry(&wish.key).await?;
    let about = stored.as_ref().map(|stored| stored.cid);
    let existing = stored.map(|stored| stored.entry);
    let open_claim = dict.store.open_claim(key_hash).await?.is_some();
    let NewClaim { claim_type, key, claimer, claimer_account } = wish;
    claim::check_new(*claim_type, key, existing.as_ref(), claimer, claimer_account, open_claim)?;
    // Better now than when the donor has given the key up.
    check_limit(dict.store.keys_of_account(claimer_account).await?, claimer.person_type())?;
    let donor = existing.ok_or(RefusalKind::ClaimKeyNotFound)?.account.participant;
    let (id, moment) = (random_uuid(&*dict.entropy)?, now(dict));
    let claim = claim::open(id, *claim_type, key.clone(), donor, claimer.clone(), claimer_account.clone(), moment);
    let (own, request) = (dict.participants.as_slice(), Some(request));
    let (entropy, entry, keys_max) = (&*dict.entropy, None, None);
    let news = ClaimNews { claim: &claim, about, entry, keys_max, request, own, now: moment, entropy };
    match dict.store.hear_of_claim(&news).await? {
        Heard::AnotherOpen => Err(RefusalKind::ClaimAlreadyExistsForKey.into()),
        Heard::EntryMovedOn => Err(Failure::Busy),
        Heard::Written | Heard::Known => Ok(claim),
    }
}
