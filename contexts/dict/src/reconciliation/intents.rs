//! Changes whose end was not noted: the directory says what became of them.

use chrono::TimeDelta;

use super::repair::Pair;
use crate::Dict;
use crate::directory::Directory;
use crate::domain::entry::Entry;
use crate::domain::refusal::{Refusal, RefusalKind};
use crate::entries::now;
use crate::failure::Failure;
use crate::store::{ChangeIntent, Put};

/// How long a change may take: later, nobody is at it any more.
const UNDER_WAY: TimeDelta = TimeDelta::seconds(60);

/// Finds out what became of at most `most` changes whose end is not noted, and does the same here; of how many it did.
///
/// # Errors
/// When the store or the directory cannot be reached. What the directory does not answer otherwise is left for the next
/// time.
pub async fn settle_intents(dict: &Dict, most: i64) -> Result<u64, Failure> {
    let Some(directory) = &dict.directory else { return Ok(0) };
    let mut settled = 0;
    for intent in dict.store.old_intents(now(dict) - UNDER_WAY, most).await? {
        match settle(dict, &**directory, &intent).await {
            Ok(()) => {
                dict.store.forget_intent(&intent).await?;
                settled += 1;
            }
            Err(failure @ (Failure::Unavailable { .. } | Failure::Store(_))) => return Err(failure),
            Err(failure @ Failure::Refused(Refusal { kind: RefusalKind::RateLimited, .. })) => return Err(failure),
            Err(failure) => tracing::warn!(%failure, "what became of a change is not known; it is asked again"),
        }
    }
    Ok(settled)
}

async fn settle(dict: &Dict, directory: &dyn Directory, intent: &ChangeIntent) -> Result<(), Failure> {
    let ChangeIntent { key_hash, participant, key_type, cid, new_cid, .. } = *intent;
    let pair = Pair { dict, directory, participant, key_type };
    let stands = pair.there(cid).await?;
    let done = match (stands, new_cid) {
        // What changed may be what no CID tells.
        (Some(entry), Some(new_cid)) if new_cid == cid => put(dict, &entry, intent).await?,
        // It was not done, or undone since.
        (Some(_), _) => true,
        (None, None) => dict.store.remove_entry(participant, (&key_hash, cid), false, now(dict)).await?,
        (None, Some(new_cid)) => match pair.there(new_cid).await? {
            Some(entry) => put(dict, &entry, intent).await?,
            None => false,
        },
    };
    if !done {
        // It was changed again on one side or the other: the comparison finds out how it stands.
        super::compare_soon(dict).await?;
    }
    Ok(())
}

/// Whether the entry stands here as the directory has it.
async fn put(dict: &Dict, entry: &Entry, intent: &ChangeIntent) -> Result<bool, Failure> {
    let put = dict.store.put_entry(&*dict.entropy, entry, Some(intent.cid), None, now(dict)).await?;
    Ok(put != Put::MovedOn)
}
