//! What an institution must do by itself when its time has come: the directory does nothing (Manual Operacional do DICT,
//! sections 5 and 6).

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::StreamExt as _;
use uuid::Uuid;

use crate::Dict;
use crate::claims::mirror::is_passing;
use crate::claims::own_sides;
use crate::claims::steps::take_step;
use crate::domain::claim::{self, POSSESSION_PERIOD};
use crate::domain::refusal::Refusal;
use crate::failure::Failure;
use crate::store::StoredClaim;

/// Claims that are read at once.
const BATCH: i64 = 200;
/// Claims that are worked on at the same time.
const AT_ONCE: usize = 8;
/// Steps that one claim may take in one run: an open one whose time is over is acknowledged first.
const STEPS_MAX: usize = 3;
/// How long a claim rests whose step the directory refused.
const REFUSED_PAUSE: TimeDelta = TimeDelta::minutes(5);

/// What was done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CarriedOut {
    /// Steps that were taken.
    pub taken: usize,
    /// Claims whose step was refused; they are tried again later.
    pub refused: usize,
}

/// Takes every step that is due on our sides: acknowledging where there is no directory to be polled, the defaults of day
/// 7, completion of portability at once and of ownership after its period and proof of possession, and the
/// cancellation of day 30.
///
/// # Errors
/// The first failure of the directory or the store, after the claims of the same batch were tried.
pub async fn carry_out_due(dict: &Dict) -> Result<CarriedOut, Failure> {
    let now = dict.clock.now();
    let mut after = (DateTime::UNIX_EPOCH, Uuid::nil());
    let mut all = CarriedOut::default();
    loop {
        let moments = (now, now - POSSESSION_PERIOD);
        let batch = dict.store.due_claims(&dict.participants, moments, after, BATCH).await?;
        let Some(last) = batch.last() else { return Ok(all) };
        after = (last.claim.resolution_period_end, last.claim.id);
        let full = i64::try_from(batch.len()).unwrap_or(BATCH) >= BATCH;
        let asked: Vec<_> = batch.into_iter().map(|stored| carry_out(dict, stored, now)).collect();
        let mut first = None;
        for outcome in futures_util::stream::iter(asked).buffer_unordered(AT_ONCE).collect::<Vec<_>>().await {
            match outcome {
                Ok(one) => {
                    all.taken += one.taken;
                    all.refused += one.refused;
                }
                Err(failure) => first = first.or(Some(failure)),
            }
        }
        if let Some(failure) = first {
            return Err(failure);
        }
        if !full {
            return Ok(all);
        }
    }
}

async fn carry_out(dict: &Dict, mut stored: StoredClaim, now: DateTime<Utc>) -> Result<CarriedOut, Failure> {
    let mut done = CarriedOut::default();
    while done.taken < STEPS_MAX {
        let sides = own_sides(dict, &stored.claim);
        let Some(due) = claim::due(&stored.claim, &sides, stored.possession_confirmed, now) else { break };
        match take_step(dict, &stored, due.step, due.side).await {
            Ok(claim) => {
                tracing::info!(claim_id = %claim.id, step = ?due.step, side = due.side.name(), "a claim's step was due");
                stored.claim = claim;
                done.taken += 1;
            }
            Err(Failure::Refused(refusal)) if !is_passing(refusal.kind) => {
                tracing::warn!(claim_id = %stored.claim.id, step = ?due.step, kind = ?refusal.kind, "a due step was refused");
                postpone(dict, &stored, &refusal, now).await?;
                done.refused += 1;
                break;
            }
            Err(failure) => return Err(failure),
        }
    }
    Ok(done)
}

/// A period that has not ended by the directory's clock ends when it says; anything else is tried again after a pause.
async fn postpone(dict: &Dict, stored: &StoredClaim, refusal: &Refusal, now: DateTime<Utc>) -> Result<(), Failure> {
    let latest = now + REFUSED_PAUSE;
    let retry_at = refusal.period_end.map_or(latest, |end| end.clamp(now, latest));
    let key_hash = dict.store.vault.key_hash(&stored.claim.key);
    Ok(dict.store.postpone_claim(&key_hash, stored.claim.id, retry_at).await?)
}
