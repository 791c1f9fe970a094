//! DeleteKey (DICT API 2.6.1, deleteEntry; Manual Operacional do DICT, 4).

use std::sync::Arc;

use super::intent::noted;
use super::{KEY, directory_failed, now, settled_entry, to_its_end};
use crate::Dict;
use crate::caller::CallerOf;
use crate::directory::{Directory, DirectoryError};
use crate::domain::entry;
use crate::domain::key::Key;
use crate::domain::reason::EntryReason;
use crate::domain::refusal::{Refusal, RefusalKind};
use crate::domain::tax_id::TaxId;
use crate::failure::Failure;
use crate::store::StoredEntry;

/// How often a removal is tried while the entry changes under it.
const TRIES: usize = 3;

/// Removes a key of the caller's institution and answers what it was: from the directory, then from here.
///
/// # Errors
/// `NotFound`; `Invalid` where the user asks and nobody says who that is; Forbidden where that is not the owner;
/// EntryLockedByClaim, EntryBlocked, InvalidReason; `Unavailable` where the directory cannot be reached, or it is not known
/// whether it removed the key: asking again settles it.
pub async fn delete_key(
    dict: &Dict,
    caller: &CallerOf,
    key: &Key,
    reason: EntryReason,
    requester: Option<&TaxId>,
) -> Result<StoredEntry, Failure> {
    let stored = settled_entry(dict, caller.participant, key).await?;
    if reason == EntryReason::UserRequested && requester.is_none() {
        return Err(Failure::field("requester_tax_id", "it is required where the user asks for the removal"));
    }
    let claimed = stored.entry.open_claim_created_at.is_some();
    entry::check_delete(Some(&stored.entry), caller.participant, reason, requester, claimed)?;
    match &dict.directory {
        Some(directory) => {
            let (dict, directory, stored) = (dict.clone(), Arc::clone(directory), stored.clone());
            let noted = async move {
                let both = async {
                    let there = match delete_there(&*directory, &stored, reason).await {
                        Ok(there) => there,
                        Err(error) => return Err(directory_failed(&dict, &stored, error).await?),
                    };
                    let here = follow(&dict, &*directory, &stored).await?;
                    // Of those who remove it at the same moment some come too late.
                    if there || here { Ok(()) } else { Err(Failure::NotFound(KEY)) }
                };
                noted(&dict, &stored, None, both).await
            };
            to_its_end(noted).await?;
        }
        None => delete_here(dict, &stored).await?,
    }
    Ok(stored)
}

/// The directory has no idea of repeated removals: whether one that was not answered was done is found out by reading.
/// False where it was gone before.
async fn delete_there(
    directory: &dyn Directory,
    stored: &StoredEntry,
    reason: EntryReason,
) -> Result<bool, DirectoryError> {
    let participant = stored.entry.account.participant;
    match directory.delete_entry(participant, &stored.entry.key, reason).await {
        // Whatever else is answered says nothing of the removal.
        Err(DirectoryError::Unknown) => match is_gone(directory, stored).await {
            Ok(true) => Ok(true),
            Ok(false) | Err(_) => Err(DirectoryError::Unknown),
        },
        // It was removed before, by a call whose answer was lost or behind our back.
        Err(DirectoryError::Refused(Refusal { kind: RefusalKind::NotFound, .. })) => Ok(false),
        outcome => outcome.map(|()| true),
    }
}

async fn is_gone(directory: &dyn Directory, stored: &StoredEntry) -> Result<bool, DirectoryError> {
    match directory.get_entry_by_cid(stored.entry.account.participant, stored.cid).await {
        Ok(_) => Ok(false),
        Err(DirectoryError::Refused(Refusal { kind: RefusalKind::NotFound, .. })) => Ok(true),
        Err(error) => Err(error),
    }
}

/// The directory no longer has it: neither has this base. Where the entry was changed meanwhile, the directory says
/// whether what stands here now came before the removal or after it. Whether there was something to remove.
async fn follow(dict: &Dict, directory: &dyn Directory, deleted: &StoredEntry) -> Result<bool, Failure> {
    let participant = deleted.entry.account.participant;
    let key_hash = dict.store.vault.key_hash(&deleted.entry.key);
    let mut cid = deleted.cid;
    for _ in 0..TRIES {
        if dict.store.remove_entry(participant, (&key_hash, cid), false, now(dict)).await? {
            return Ok(true);
        }
        let stands = dict.store.entry(&deleted.entry.key).await?;
        let Some(stands) = stands.filter(|it| it.entry.account.participant == participant && it.cid != cid) else {
            return Ok(false);
        };
        if !is_gone(directory, &stands).await.map_err(|_| Failure::Busy)? {
            return Ok(false);
        }
        cid = stands.cid;
    }
    Err(Failure::Busy)
}

async fn delete_here(dict: &Dict, stored: &StoredEntry) -> Result<(), Failure> {
    let participant = stored.entry.account.participant;
    let key_hash = dict.store.vault.key_hash(&stored.entry.key);
    if dict.store.remove_entry(participant, (&key_hash, stored.cid), true, now(dict)).await? {
        return Ok(());
    }
    match dict.store.entry(&stored.entry.key).await? {
        None => Err(Failure::NotFound(KEY)),
        Some(it) if it.entry.open_claim_created_at.is_some() => Err(RefusalKind::EntryLockedByClaim.into()),
        Some(_) => Err(Failure::Busy),
    }
}
