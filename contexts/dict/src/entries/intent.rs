//! A change that is noted before the directory is asked for it, so that whoever dies in the middle leaves a trace.

use super::now;
use crate::Dict;
use crate::domain::cid::Cid;
use crate::failure::Failure;
use crate::random;
use crate::store::{ChangeIntent, StoredEntry};

/// Runs a change of an entry, in the directory and here: what becomes `new_cid`, or nothing at all. Where its end stays
/// unknown, the jobs find out ([`crate::reconciliation::settle_intents`]).
///
/// # Errors
/// Those of `change`; if the intent cannot be noted, before anything is asked.
pub(super) async fn noted<T>(
    dict: &Dict,
    stored: &StoredEntry,
    new_cid: Option<Cid>,
    change: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    let intent = ChangeIntent {
        key_hash: dict.store.vault.key_hash(&stored.entry.key),
        intent_id: random::uuid(&*dict.entropy).map_err(|error| Failure::Internal(error.to_string()))?,
        participant: stored.entry.account.participant,
        key_type: stored.entry.key.key_type(),
        cid: stored.cid,
        new_cid,
    };
    dict.store.note_intent(&intent, now(dict)).await?;
    let outcome = change.await;
    // What the directory refused it did not do, and what was gone before is removed. Of all other failures it is not known
    // what they left behind.
    let ended = match &outcome {
        Ok(_) | Err(Failure::Refused(_)) => true,
        Err(Failure::NotFound(_)) => new_cid.is_none(),
        Err(_) => false,
    };
    if ended && let Err(error) = dict.store.forget_intent(&intent).await {
        tracing::debug!(%error, "the end of a change is not noted; the jobs look at it once more");
    }
    outcome
}
