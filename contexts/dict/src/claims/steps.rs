//! A step of a claim, taken for one of our sides: by the directory, or by our own rows where there is none.

use uuid::Uuid;

use super::mirror::{self, hear, hear_with_entry, in_store_time};
use super::random_uuid;
use crate::Dict;
use crate::directory::Directory;
use crate::domain::claim::{self, Claim, ClaimStatus, Side, Step};
use crate::domain::refusal::RefusalKind;
use crate::failure::Failure;
use crate::store::{Decided, StoredClaim};

/// Takes a step and says how the claim stands then. Repeated, it answers the same.
///
/// # Errors
/// What the directory or the state machine refuses; when the directory or the store cannot be reached.
pub async fn take_step(dict: &Dict, stored: &StoredClaim, step: Step, side: Side) -> Result<Claim, Failure> {
    let Some(directory) = &dict.directory else { return step_here(dict, stored, step, side).await };
    let asked = ask(dict, &**directory, stored, step, side).await;
    if let Err(Failure::Refused(refusal)) = &asked
        && refusal.kind == RefusalKind::ClaimOperationInvalid
    {
        // What is known here is old, perhaps.
        if let Err(failure) = mirror::catch_up(dict, &**directory, &stored.claim).await {
            tracing::warn!(claim_id = %stored.claim.id, %failure, "a claim could not be read again");
        }
    }
    asked
}

async fn ask(
    dict: &Dict,
    directory: &dyn Directory,
    stored: &StoredClaim,
    step: Step,
    side: Side,
) -> Result<Claim, Failure> {
    let (participant, id) = (stored.claim.participant(side), stored.claim.id);
    let claim = match step {
        Step::Acknowledge => directory.acknowledge_claim(participant, id).await,
        Step::Confirm(reason) => {
            // Whoever answers has seen it.
            if stored.claim.status == ClaimStatus::Open {
                directory.acknowledge_claim(participant, id).await?;
            }
            directory.confirm_claim(participant, id, reason).await
        }
        Step::Cancel(reason) => directory.cancel_claim(participant, id, side, reason).await,
        Step::Complete => return complete(dict, directory, stored).await,
    };
    let claim = claim?;
    hear(dict, directory, &claim, None).await?;
    Ok(claim)
}

async fn complete(dict: &Dict, directory: &dyn Directory, stored: &StoredClaim) -> Result<Claim, Failure> {
    let request_id = completion_request(dict, stored).await?;
    let claimer = stored.claim.participant(Side::Claimer);
    let completed = directory.complete_claim(claimer, stored.claim.id, request_id).await?;
    let claim = in_store_time(&completed.claim);
    let entry = mirror::entry_of(&claim, completed.entry_created_at, completed.key_owned_since, request_id);
    hear_with_entry(dict, &claim, Some(&entry), None).await?;
    Ok(claim)
}

/// The RequestId of the completion: in the row before the directory is asked, so that asking again is the same request.
async fn completion_request(dict: &Dict, stored: &StoredClaim) -> Result<Uuid, Failure> {
    if let Some(request_id) = stored.completion_request_id {
        return Ok(request_id);
    }
    let key_hash = dict.store.vault.key_hash(&stored.claim.key);
    let offered = random_uuid(&*dict.entropy)?;
    Ok(dict.store.fix_completion_request(&key_hash, stored.claim.id, offered).await?)
}

async fn step_here(dict: &Dict, stored: &StoredClaim, step: Step, side: Side) -> Result<Claim, Failure> {
    let key_hash = dict.store.vault.key_hash(&stored.claim.key);
    let request_id = if step == Step::Complete { Some(completion_request(dict, stored).await?) } else { None };
    let now = crate::entries::now(dict);
    let decide = |before: &StoredClaim| {
        let seen = match step {
            Step::Confirm(_) if before.claim.status == ClaimStatus::Open => {
                claim::step(&before.claim, Step::Acknowledge, side, now)?
            }
            _ => before.claim.clone(),
        };
        let after = claim::step(&seen, step, side, now)?;
        let owned_since = before.key_owned_since.unwrap_or(now);
        let newly = before.claim.status != ClaimStatus::Completed;
        let entry = request_id
            .filter(|_| newly && after.status == ClaimStatus::Completed)
            .map(|request_id| claim::resulting_entry(&after, owned_since, request_id, now));
        let keys_max = Some(after.claimer.person_type().keys_per_account_max());
        Ok(Decided { claim: after, entry, keys_max })
    };
    let own = dict.participants.as_slice();
    dict.store.step_claim((&key_hash, stored.claim.id), own, (now, &*dict.entropy), decide).await
}
