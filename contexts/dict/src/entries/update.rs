//! UpdateKey (DICT API 2.6.1, updateEntry): account data and names; institution, person and key stay.

use std::sync::Arc;

use super::{KEY, as_kept, check_account_of, directory_failed, now, settled_entry, to_its_end};
use crate::Dict;
use crate::caller::CallerOf;
use crate::directory::{Directory, DirectoryError, EntryUpdate};
use crate::domain::account::Account;
use crate::domain::cid::Cid;
use crate::domain::entry::{self, Entry};
use crate::domain::key::Key;
use crate::domain::reason::EntryReason;
use crate::domain::refusal::RefusalKind;
use crate::failure::Failure;
use crate::store::{Put, StoredEntry};

use super::intent::noted;
use super::record::stored;

/// How often a change is tried while the entry changes under it.
const TRIES: usize = 3;

/// What of a key is to change. Personal data, so it has no `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct KeyChange {
    /// Where it is to lead, if elsewhere.
    pub account: Option<Account>,
    /// Its owner's name, if another.
    pub name: Option<String>,
    /// Its owner's trade name, if another; an empty one takes it away.
    pub trade_name: Option<String>,
    /// Why.
    pub reason: EntryReason,
}

/// Changes a key of the caller's institution: in the directory, then here. What is as it should be already is left alone.
///
/// # Errors
/// `NotFound`; Forbidden for another institution's account; EntryBlocked, InvalidReason, EntryInvalid,
/// EntryLimitExceeded; `Unavailable` where the directory cannot be reached, or it is not known whether it changed the key:
/// asking again settles it.
pub async fn update_key(dict: &Dict, caller: &CallerOf, key: &Key, change: &KeyChange) -> Result<StoredEntry, Failure> {
    let before = settled_entry(dict, caller.participant, key).await?;
    let old = &before.entry;
    let account = change.account.as_ref().unwrap_or(&old.account);
    check_account_of(caller, account)?;
    let name = change.name.as_deref().unwrap_or(&old.owner.name);
    let trade_name = match &change.trade_name {
        Some(given) => Some(given.as_str()).filter(|name| !name.is_empty()),
        None => old.owner.trade_name.as_deref(),
    };
    let new = entry::updated(Some(old), account, name, trade_name, change.reason)?;
    if [Some(name), trade_name].into_iter().flatten().any(|name| name.trim().is_empty()) {
        return Err(Failure::field("owner_name", "a name has more than spaces"));
    }
    if new == *old {
        return Ok(before);
    }
    let vault = &dict.store.vault;
    if vault.account_hash(&new.account) != vault.account_hash(&old.account) {
        entry::check_limit(dict.store.keys_of_account(&new.account).await?, new.owner.person_type())?;
    }
    match &dict.directory {
        Some(directory) => {
            let (dict, directory, reason) = (dict.clone(), Arc::clone(directory), change.reason);
            let noted = async move {
                let both = async {
                    match change_there(&*directory, &new, reason).await {
                        Ok(changed) => follow(&dict, &*directory, &before, changed).await,
                        Err(error) => Err(directory_failed(&dict, &before, error).await?),
                    }
                };
                noted(&dict, &before, Some(Cid::of(&new)), both).await
            };
            to_its_end(noted).await
        }
        None => change_here(dict, &before, new).await,
    }
}

/// The directory has no idea of repeated changes: whether one that was not answered was made is found out by reading.
async fn change_there(directory: &dyn Directory, new: &Entry, reason: EntryReason) -> Result<Entry, DirectoryError> {
    let update = EntryUpdate {
        key: new.key.clone(),
        account: new.account.clone(),
        name: new.owner.name.clone(),
        trade_name: new.owner.trade_name.clone(),
        reason,
    };
    let answered = match directory.update_entry(&update).await {
        Err(DirectoryError::Unknown) => {
            let found = directory.get_entry_by_cid(new.account.participant, Cid::of(new)).await;
            // Found with what no CID tells, it may be the old one.
            found
                .map_err(|_| DirectoryError::Unknown)
                .and_then(|found| if found.account == new.account { Ok(found) } else { Err(DirectoryError::Unknown) })
        }
        answered => answered,
    }?;
    if answered.key != new.key || answered.request_id != new.request_id {
        return Err(DirectoryError::Broken("another entry was answered than was changed".to_owned()));
    }
    Ok(answered)
}

/// The directory has changed it: so does this base. Where the entry changed meanwhile, the directory says which change
/// was the last one.
async fn follow(
    dict: &Dict,
    directory: &dyn Directory,
    before: &StoredEntry,
    mut changed: Entry,
) -> Result<StoredEntry, Failure> {
    as_kept(&mut changed);
    let new = stored(changed);
    let mut expected = before.cid;
    for _ in 0..TRIES {
        let put = dict.store.put_entry(&*dict.entropy, &new.entry, Some(expected), None, now(dict)).await?;
        if put != Put::MovedOn {
            return Ok(answer(new, before));
        }
        let stands = dict.store.entry(&new.entry.key).await?.ok_or(Failure::NotFound(KEY))?;
        if stands.cid == new.cid {
            return Ok(stands);
        }
        directory.get_entry_by_cid(new.entry.account.participant, new.cid).await.map_err(|_| Failure::Busy)?;
        expected = stands.cid;
    }
    Err(Failure::Busy)
}

async fn change_here(dict: &Dict, before: &StoredEntry, new: Entry) -> Result<StoredEntry, Failure> {
    let keys_max = new.owner.person_type().keys_per_account_max();
    let put = dict.store.put_entry(&*dict.entropy, &new, Some(before.cid), Some(keys_max), now(dict)).await?;
    match put {
        Put::MovedOn => Err(Failure::Busy),
        Put::Full => Err(RefusalKind::EntryLimitExceeded.into()),
        Put::Inserted | Put::Overwritten | Put::Same => Ok(answer(stored(new), before)),
    }
}

/// A claim that was open before is open still.
fn answer(mut new: StoredEntry, before: &StoredEntry) -> StoredEntry {
    new.entry.open_claim_created_at = before.entry.open_claim_created_at;
    new
}
