//! What either side says to a claim: confirmed, refused, given up.

use uuid::Uuid;

use super::possession;
use super::sides_of;
use super::steps::take_step;
use crate::Dict;
use crate::caller::CallerOf;
use crate::domain::claim::{Claim, ClaimStatus, ClaimType, Side, Step};
use crate::domain::key::KeyType;
use crate::domain::reason::ClaimReason;
use crate::domain::refusal::RefusalKind;
use crate::failure::Failure;
use crate::store::StoredClaim;

/// What the donor's user says to an ownership claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// The key is given up.
    Accept,
    /// The key is kept: its possession was proved.
    Reject,
}

/// Which claim is to be ended, by whom and why.
#[derive(Debug, Clone, Copy)]
pub struct Cancellation<'a> {
    /// Which.
    pub claim_id: Uuid,
    /// Why.
    pub reason: ClaimReason,
    /// As which side; needed only where the caller's institution is on both.
    pub side: Option<Side>,
    /// The possession that the donor's user proved; empty where there is none.
    pub possession_id: &'a str,
}

/// The donor's answer to an ownership claim: confirmed at the user's request, or cancelled for fraud once the user has
/// proved to have the phone (Manual Operacional do DICT, section 6).
///
/// # Errors
/// `NotFound` for claims in which the caller has no part; ClaimTypeInconsistent for a portability; ClaimOperationInvalid
/// to the claimer; what the directory refuses; when it or the store cannot be reached.
pub async fn respond_to_claim(
    dict: &Dict,
    caller: &CallerOf,
    claim_id: Uuid,
    answer: Answer,
    possession_id: &str,
) -> Result<Claim, Failure> {
    let stored = load(dict, caller, claim_id, ClaimType::Ownership).await?;
    donor_only(&stored, caller)?;
    match answer {
        Answer::Accept => take_step(dict, &stored, Step::Confirm(ClaimReason::UserRequested), Side::Donor).await,
        Answer::Reject => {
            let step = Step::Cancel(ClaimReason::Fraud);
            with_possession(dict, caller, &stored, step, possession_id).await
        }
    }
}

/// Gives an ownership claim up: by the claimer, or by the donor for fraud.
///
/// # Errors
/// As [`respond_to_claim`]; `Invalid` where the side is not clear.
pub async fn cancel_claim(dict: &Dict, caller: &CallerOf, asked: &Cancellation<'_>) -> Result<Claim, Failure> {
    let stored = load(dict, caller, asked.claim_id, ClaimType::Ownership).await?;
    let side = side_of(&stored, caller, asked.side)?;
    take_step(dict, &stored, Step::Cancel(asked.reason), side).await
}

/// The donor's confirmation of a portability.
///
/// # Errors
/// As [`respond_to_claim`], with ClaimTypeInconsistent for an ownership claim.
pub async fn confirm_portability(
    dict: &Dict,
    caller: &CallerOf,
    claim_id: Uuid,
    reason: ClaimReason,
) -> Result<Claim, Failure> {
    let stored = load(dict, caller, claim_id, ClaimType::Portability).await?;
    donor_only(&stored, caller)?;
    take_step(dict, &stored, Step::Confirm(reason), Side::Donor).await
}

/// Ends a portability without moving the key. A donor's user who wants to keep a phone or an e-mail proves to have it
/// (Manual Operacional do DICT, section 5).
///
/// # Errors
/// As [`confirm_portability`]; `Invalid` where the side is not clear, or the possession is missing.
pub async fn cancel_portability(dict: &Dict, caller: &CallerOf, asked: &Cancellation<'_>) -> Result<Claim, Failure> {
    let stored = load(dict, caller, asked.claim_id, ClaimType::Portability).await?;
    let side = side_of(&stored, caller, asked.side)?;
    let step = Step::Cancel(asked.reason);
    let proved = matches!(stored.claim.key.key_type(), KeyType::Phone | KeyType::Email);
    if side == Side::Donor && asked.reason == ClaimReason::UserRequested && proved {
        return with_possession(dict, caller, &stored, step, asked.possession_id).await;
    }
    take_step(dict, &stored, step, side).await
}

async fn load(dict: &Dict, caller: &CallerOf, claim_id: Uuid, claim_type: ClaimType) -> Result<StoredClaim, Failure> {
    let stored = dict.store.claim(caller.participant, claim_id).await?.ok_or(Failure::NotFound("claim"))?;
    if stored.claim.claim_type == claim_type { Ok(stored) } else { Err(RefusalKind::ClaimTypeInconsistent.into()) }
}

fn donor_only(stored: &StoredClaim, caller: &CallerOf) -> Result<(), Failure> {
    if stored.claim.donor_participant == caller.participant {
        Ok(())
    } else {
        Err(RefusalKind::ClaimOperationInvalid.into())
    }
}

fn side_of(stored: &StoredClaim, caller: &CallerOf, asked: Option<Side>) -> Result<Side, Failure> {
    let sides = sides_of(&stored.claim, caller.participant);
    match (asked, sides.as_slice()) {
        (None, [only]) => Ok(*only),
        (None, _) => Err(Failure::field("role", "the institution is on both sides: which of them cancels?")),
        (Some(side), sides) if sides.contains(&side) => Ok(side),
        (Some(_), _) => Err(Failure::field("role", "the institution is not on that side")),
    }
}

/// The donor's step that needs a proof. A step that is not taken leaves the proof as it was.
async fn with_possession(
    dict: &Dict,
    caller: &CallerOf,
    stored: &StoredClaim,
    step: Step,
    possession_id: &str,
) -> Result<Claim, Failure> {
    let claim = &stored.claim;
    let done = claim.status == ClaimStatus::Cancelled && claim.cancelled_by == Some(Side::Donor);
    if done {
        // The proof was used up: the state alone says whether this is the same cancellation again.
        return take_step(dict, stored, step, Side::Donor).await;
    }
    possession::consume(dict, caller.participant, &claim.key, possession_id).await?;
    let taken = take_step(dict, stored, step, Side::Donor).await;
    if taken.is_err() {
        possession::give_back(dict, caller.participant, &claim.key, possession_id).await?;
    }
    taken
}
