//! CreateKey (DICT API 2.6.1, createEntry; Manual Operacional do DICT, 2 and 3).

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::pending::settle;
use super::record::{Wish, open_answer, seal_answer, stored};
use super::{check_account_of, now, own_entry};
use crate::Dict;
use crate::caller::CallerOf;
use crate::claims::possession::PROOF_LASTS;
use crate::directory::NewEntry;
use crate::domain::cid::Cid;
use crate::domain::entry::{self, Entry};
use crate::domain::key::{Key, KeyType};
use crate::domain::reason::EntryReason;
use crate::domain::refusal::RefusalKind;
use crate::failure::Failure;
use crate::store::entries::seal_entry;
use crate::store::{Registered, Registration, StoredEntry};
use crate::vault::{Sealed, VaultError};

/// What became of a wish for a key. Personal data, so it has no `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub enum Creation {
    /// The directory has it, and so has this base.
    Registered(StoredEntry),
    /// The directory did not say yet. It is asked again, by whoever asks the same again or by a job.
    Pending(NewEntry),
}

/// Registers a key for an account of the caller's institution. The same request is done once and answered the same.
///
/// # Errors
/// `Invalid` for a request_id that is no UUID of version 4 and for a possession that proves nothing; the directory's
/// refusals, from its own rules here or from itself; `Unavailable` where it cannot be reached.
pub async fn create_key(
    dict: &Dict,
    caller: &CallerOf,
    new: NewEntry,
    possession_id: Option<Uuid>,
) -> Result<Creation, Failure> {
    if new.request_id.get_version_num() != 4 {
        return Err(Failure::field("request_id", "it is no UUID of version 4"));
    }
    check_account_of(caller, &new.account)?;
    entry::check_new(new.key_type, new.key.as_ref(), &new.account, &new.owner, new.reason, true)?;
    let wish = Wish { possession_id: needed_possession(&new, possession_id)?, new };
    match dict.directory {
        Some(_) => through_directory(dict, wish).await,
        None => here(dict, &wish).await,
    }
}

/// A user who registers a phone or an e-mail has proved to have it (Manual Operacional do DICT, 2.1).
fn needed_possession(new: &NewEntry, possession_id: Option<Uuid>) -> Result<Option<Uuid>, Failure> {
    let sent_to = matches!(new.key_type, KeyType::Phone | KeyType::Email);
    if !sent_to || new.reason != EntryReason::UserRequested {
        return Ok(None);
    }
    match possession_id {
        Some(possession_id) => Ok(Some(possession_id)),
        None => Err(Failure::field("possession_id", "the possession of a phone or e-mail must be proved first")),
    }
}

async fn through_directory(dict: &Dict, wish: Wish) -> Result<Creation, Failure> {
    match reserve(dict, &wish).await? {
        Reserved::Fresh => settle(dict, wish, true).await,
        Reserved::UnderWay => settle(dict, wish, false).await,
        Reserved::Answered(stored) => Ok(Creation::Registered(*stored)),
    }
}

/// What a reservation led to, where nothing refuses it.
pub(super) enum Reserved {
    /// Nobody asked for it before.
    Fresh,
    /// It was asked for, and the directory has not said what it is.
    UnderWay,
    /// It was asked for and answered.
    Answered(Box<StoredEntry>),
}

/// Reserves what is wished for, until the directory has said what it is.
pub(super) async fn reserve(dict: &Dict, wish: &Wish) -> Result<Reserved, Failure> {
    let entry = wish.new.key.clone().map(|key| made_entry(&wish.new, key, now(dict)));
    register(dict, wish, entry.as_ref(), (None, wish.seal(dict)?)).await
}

/// Where there is no directory: this base makes the entry, and the random key too.
async fn here(dict: &Dict, wish: &Wish) -> Result<Creation, Failure> {
    let key = match &wish.new.key {
        Some(key) => key.clone(),
        None => random_key(dict)?,
    };
    let entry = made_entry(&wish.new, key, now(dict));
    let vault = &dict.store.vault;
    let sealed = seal_entry(vault, &*dict.entropy, &vault.key_hash(&entry.key), &entry)?;
    match register(dict, wish, Some(&entry), (Some(sealed), seal_answer(dict, &entry)?)).await? {
        Reserved::Fresh => Ok(Creation::Registered(stored(entry))),
        Reserved::Answered(stored) => Ok(Creation::Registered(*stored)),
        // Left from when there was a directory: only it knows.
        Reserved::UnderWay => Ok(Creation::Pending(wish.new.clone())),
    }
}

/// The entry that a wish leads to, if it is made at that moment.
pub(super) fn made_entry(new: &NewEntry, key: Key, moment: DateTime<Utc>) -> Entry {
    Entry {
        key,
        account: new.account.clone(),
        owner: new.owner.clone(),
        created_at: moment,
        key_owned_since: moment,
        open_claim_created_at: None,
        request_id: new.request_id,
        blocked: false,
    }
}

fn answered(stored: StoredEntry) -> Reserved {
    Reserved::Answered(Box::new(stored))
}

fn random_key(dict: &Dict) -> Result<Key, Failure> {
    let text = crate::random::uuid(&*dict.entropy).map_err(VaultError::from)?.to_string();
    Key::parse(KeyType::Evp, &text).map_err(|error| Failure::Internal(format!("a random key is no key: {error}")))
}

/// `sealed`: the entry where it is for good, and the request or its answer.
async fn register(
    dict: &Dict,
    wish: &Wish,
    entry: Option<&Entry>,
    sealed: (Option<Sealed>, Sealed),
) -> Result<Reserved, Failure> {
    let (new, vault, moment) = (&wish.new, &dict.store.vault, now(dict));
    let registration = Registration {
        participant: new.account.participant,
        request_id: new.request_id,
        fingerprint: wish.fingerprint(dict),
        request: sealed.1,
        key_type: new.key_type,
        key: entry.map(|entry| (vault.key_hash(&entry.key), Cid::of(entry))),
        entry: sealed.0,
        account_hash: vault.account_hash(&new.account),
        owner_hash: vault.owner_hash(&new.owner.tax_id),
        keys_max: new.owner.person_type().keys_per_account_max(),
        possession: wish.possession_id.map(|possession_id| (possession_id, moment - PROOF_LASTS)),
        now: entry.map_or(moment, |entry| entry.created_at),
    };
    match dict.store.register_key(registration).await? {
        Registered::Taken => Ok(Reserved::Fresh),
        Registered::UnderWay => Ok(Reserved::UnderWay),
        Registered::Repeated(sealed) => {
            open_answer(dict, new.account.participant, new.request_id, &sealed).map(answered)
        }
        Registered::Before => {
            let key = new.key.as_ref().ok_or_else(|| Failure::Internal("a random key was found by name".to_owned()))?;
            own_entry(dict, new.account.participant, key).await.map(answered)
        }
        Registered::RequestIdUsed => Err(RefusalKind::RequestIdAlreadyUsed.into()),
        Registered::Same => Err(entry::registered_already(true, true).into()),
        Registered::OtherPerson => Err(entry::registered_already(true, false).into()),
        Registered::OtherParticipant => Err(entry::registered_already(false, true).into()),
        Registered::Claimed => Err(RefusalKind::EntryLockedByClaim.into()),
        Registered::Full => Err(RefusalKind::EntryLimitExceeded.into()),
        Registered::NoPossession => {
            Err(Failure::field("possession_id", "it is no confirmed, fresh and unused possession of this key"))
        }
        Registered::Busy => Err(Failure::Busy),
    }
}
