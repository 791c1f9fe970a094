//! Keys: registered, read, changed, removed. The directory is asked where there is one; this base follows it.

mod checks;
mod create;
mod delete;
pub mod grpc;
mod intent;
mod pending;
mod read;
mod record;
mod update;

pub use checks::check_keys;
pub use create::{Creation, create_key};
pub use delete::delete_key;
pub use pending::{Resolved, forget_requests, resolve_pending};
pub use read::{KeyPage, get_key, list_keys};
pub use update::{KeyChange, update_key};

use chrono::{DateTime, SubsecRound as _, Utc};
use platform::telemetry::trace::carried;

use crate::Dict;
use crate::caller::CallerOf;
use crate::directory::DirectoryError;
use crate::domain::account::Account;
use crate::domain::entry::Entry;
use crate::domain::ispb::Ispb;
use crate::domain::key::Key;
use crate::domain::refusal::{Refusal, RefusalKind};
use crate::failure::Failure;
use crate::store::{EntryStatus, StoredEntry};

/// What a key is called where there is none.
const KEY: &str = "key";

/// Now, as exact as the store keeps it: what is answered first and what is answered again must be the same moment.
pub(crate) fn now(dict: &Dict) -> DateTime<Utc> {
    dict.clock.now().trunc_subsecs(6)
}

/// An entry of the directory's with its moments as exact as the store keeps them.
pub(crate) fn as_kept(entry: &mut Entry) {
    entry.created_at = entry.created_at.trunc_subsecs(6);
    entry.key_owned_since = entry.key_owned_since.trunc_subsecs(6);
}

/// Whether an account is one of the caller's institution.
fn check_account_of(caller: &CallerOf, account: &Account) -> Result<(), Failure> {
    if account.participant == caller.participant { Ok(()) } else { Err(RefusalKind::Forbidden.into()) }
}

/// Does what must not end half-way: a caller who hangs up, or whose time is over, must not leave the directory changed and
/// this base not. What it calls has deadlines of its own.
async fn to_its_end<T: Send + 'static>(
    work: impl Future<Output = Result<T, Failure>> + Send + 'static,
) -> Result<T, Failure> {
    let ended = tokio::spawn(carried(work)).await;
    ended.unwrap_or_else(|_| Err(Failure::Internal("a change of an entry ended in a panic".to_owned())))
}

/// The entry of an institution's key; others' are as if they were not there.
async fn own_entry(dict: &Dict, participant: Ispb, key: &Key) -> Result<StoredEntry, Failure> {
    let stored = dict.store.entry(key).await?;
    stored.filter(|stored| stored.entry.account.participant == participant).ok_or(Failure::NotFound(KEY))
}

/// The entry of an institution's key that is to be changed: what is only reserved cannot be yet.
async fn settled_entry(dict: &Dict, participant: Ispb, key: &Key) -> Result<StoredEntry, Failure> {
    let stored = refreshed_block(dict, own_entry(dict, participant, key).await?).await?;
    if stored.status == EntryStatus::Pending { Err(Failure::Busy) } else { Ok(stored) }
}

/// A block ends in the directory, which tells nobody: where this base says that a court blocked a key, the directory is
/// asked whether that still holds. Where it does not answer, it does.
pub(crate) async fn refreshed_block(dict: &Dict, mut stored: StoredEntry) -> Result<StoredEntry, Failure> {
    let Some(directory) = dict.directory.as_ref().filter(|_| stored.status == EntryStatus::Blocked) else {
        return Ok(stored);
    };
    let asked = directory.get_entry_by_cid(stored.entry.account.participant, stored.cid).await;
    if asked.is_ok_and(|entry| !entry.blocked) {
        let key_hash = dict.store.vault.key_hash(&stored.entry.key);
        dict.store.mark_blocked(&key_hash, stored.cid, false, now(dict)).await?;
        stored.status = EntryStatus::Active;
        stored.entry.blocked = false;
    }
    Ok(stored)
}

/// What the directory's error means to the caller. A block that it speaks of is mirrored here.
async fn directory_failed(dict: &Dict, stored: &StoredEntry, error: DirectoryError) -> Result<Failure, Failure> {
    if let DirectoryError::Refused(Refusal { kind: RefusalKind::EntryBlocked, .. }) = error {
        let key_hash = dict.store.vault.key_hash(&stored.entry.key);
        dict.store.mark_blocked(&key_hash, stored.cid, true, now(dict)).await?;
    }
    Ok(error.into())
}
