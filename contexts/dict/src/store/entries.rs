//! Registered keys as rows. What names a person is sealed, bound to the key's hash.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use dict_queries::client::{GenericClient, Params as _};
use dict_queries::queries::entries;
use platform::random::Entropy;
use serde::{Deserialize, Serialize};

use super::{Store, StoreError};
use crate::domain::account::{Account, AccountType};
use crate::domain::cid::Cid;
use crate::domain::entry::Entry;
use crate::domain::ispb::Ispb;
use crate::domain::key::{Key, KeyType};
use crate::domain::owner::Owner;
use crate::domain::tax_id::TaxId;
use crate::failure::Failure;
use crate::page_token::Position;
use crate::vault::{Hash, Sealed, Vault};

/// Where an entry of this base stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryStatus {
    /// The directory did not say yet.
    Pending,
    /// Registered.
    Active,
    /// Blocked by a court.
    Blocked,
}

impl EntryStatus {
    /// As in the table.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            EntryStatus::Pending => "PENDING",
            EntryStatus::Active => "ACTIVE",
            EntryStatus::Blocked => "BLOCKED",
        }
    }

    pub(crate) fn parse(name: &str) -> Option<Self> {
        [Self::Pending, Self::Active, Self::Blocked].into_iter().find(|it| it.name() == name)
    }
}

/// An entry of this base. Personal data, so it has no `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredEntry {
    /// The entry; while PENDING its moments are those of the reservation.
    pub entry: Entry,
    /// Where it stands.
    pub status: EntryStatus,
    /// Its content identifier.
    pub cid: Cid,
}

/// What became of an entry that was to be put in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Put {
    /// There was none.
    Inserted,
    /// There was another one.
    Overwritten,
    /// One with the same CID was there.
    Same,
    /// Another one is there than expected; nothing was changed.
    MovedOn,
    /// Its account has as many keys as it may; nothing was changed.
    Full,
}

/// The sealed part of an entry.
#[derive(Serialize, Deserialize)]
pub(crate) struct Content<'a> {
    key: Cow<'a, str>,
    branch: Option<Cow<'a, str>>,
    number: Cow<'a, str>,
    account_type: Cow<'a, str>,
    opened_at: DateTime<Utc>,
    tax_id: Cow<'a, str>,
    name: Cow<'a, str>,
    trade_name: Option<Cow<'a, str>>,
}

impl<'a> Content<'a> {
    pub(crate) fn of(key: Option<&'a Key>, account: &'a Account, owner: &'a Owner) -> Self {
        Self {
            key: key.map_or("", Key::value).into(),
            branch: account.branch.as_deref().map(Cow::from),
            number: account.number.as_str().into(),
            account_type: account.account_type.name().into(),
            opened_at: account.opened_at,
            tax_id: owner.tax_id.as_str().into(),
            name: owner.name.as_str().into(),
            trade_name: owner.trade_name.as_deref().map(Cow::from),
        }
    }

    /// The key (none where the directory is still to make it), account and owner.
    pub(crate) fn read(self, key_type: KeyType, participant: Ispb) -> Option<(Option<Key>, Account, Owner)> {
        let key = if self.key.is_empty() { None } else { Some(Key::parse(key_type, &self.key).ok()?) };
        let account = Account {
            participant,
            branch: self.branch.map(Cow::into_owned),
            number: self.number.into_owned(),
            account_type: AccountType::parse(&self.account_type)?,
            opened_at: self.opened_at,
        };
        let owner = Owner {
            tax_id: TaxId::parse(&self.tax_id).ok()?,
            name: self.name.into_owned(),
            trade_name: self.trade_name.map(Cow::into_owned),
        };
        Some((key, account, owner))
    }
}

/// Turns a value into what is sealed.
pub(crate) fn to_json<T: Serialize>(value: &T) -> Result<Vec<u8>, Failure> {
    serde_json::to_vec(value).map_err(|error| Failure::Internal(format!("a value could not be written: {error}")))
}

pub(crate) fn inconsistent(what: &str) -> StoreError {
    StoreError::Inconsistent(format!("{what} is not in a form that this version knows"))
}

/// What is in the sealed column of an entry's row, for who fills the store past the use cases (benchmarks).
///
/// # Errors
/// If there is no randomness.
pub fn seal_entry(vault: &Vault, entropy: &dyn Entropy, key_hash: &Hash, entry: &Entry) -> Result<Sealed, Failure> {
    let plain = to_json(&Content::of(Some(&entry.key), &entry.account, &entry.owner))?;
    Ok(vault.seal(key_hash, &plain, entropy)?)
}

fn open_entry(vault: &Vault, row: &entries::SealedEntry) -> Result<StoredEntry, Failure> {
    let plain = vault.open(&row.key_hash, row.data_key_id, &row.sealed)?;
    read_entry(row, &plain).ok_or_else(|| inconsistent("an entry").into())
}

fn read_entry(row: &entries::SealedEntry, plain: &[u8]) -> Option<StoredEntry> {
    let content: Content<'_> = serde_json::from_slice(plain).ok()?;
    let status = EntryStatus::parse(&row.status)?;
    let (key, account, owner) = content.read(KeyType::parse(&row.key_type)?, row.participant.parse().ok()?)?;
    let entry = Entry {
        key: key?,
        account,
        owner,
        created_at: row.created_at,
        key_owned_since: row.key_owned_since,
        open_claim_created_at: row.claim_opened_at,
        request_id: row.request_id,
        blocked: status == EntryStatus::Blocked,
    };
    Some(StoredEntry { entry, status, cid: Cid(row.cid.as_slice().try_into().ok()?) })
}

/// Puts an entry where what stands under its key has `expected` as CID (none: whatever stands there), and its account has
/// less than `keys_max` keys (none: the directory has decided). CID events and outbox are part of it.
///
/// # Errors
/// When PostgreSQL cannot be reached, or there is no randomness.
pub(crate) async fn put_entry<C: GenericClient>(
    client: &C,
    vault: &Vault,
    entropy: &dyn Entropy,
    entry: &Entry,
    expected: Option<Cid>,
    keys_max: Option<u32>,
    now: DateTime<Utc>,
) -> Result<Put, Failure> {
    let key_hash = vault.key_hash(&entry.key);
    let sealed = seal_entry(vault, entropy, &key_hash, entry)?;
    let status = if entry.blocked { EntryStatus::Blocked } else { EntryStatus::Active };
    let (cid, account_hash, owner_hash) =
        (Cid::of(entry), vault.account_hash(&entry.account), vault.owner_hash(&entry.owner.tax_id));
    let parameters = entries::PutKeyParams {
        key_hash: key_hash.as_slice(),
        key_type: entry.key.key_type().name(),
        participant: entry.account.participant.as_str(),
        account_hash: account_hash.as_slice(),
        owner_hash: owner_hash.as_slice(),
        status: status.name(),
        cid: cid.0.as_slice(),
        request_id: entry.request_id,
        data_key_id: sealed.data_key_id,
        sealed: sealed.bytes.as_slice(),
        created_at: entry.created_at,
        key_owned_since: entry.key_owned_since,
        now,
        expected_cid: expected.as_ref().map(|cid| cid.0.as_slice()),
        keys_max: keys_max.map(|most| i32::try_from(most).unwrap_or(i32::MAX)),
    };
    let outcome = entries::put_key().params(client, &parameters).one().await.map_err(StoreError::from)?;
    match outcome.as_str() {
        "INSERTED" => Ok(Put::Inserted),
        "OVERWRITTEN" => Ok(Put::Overwritten),
        "SAME" => Ok(Put::Same),
        "MOVED_ON" => Ok(Put::MovedOn),
        "FULL" => Ok(Put::Full),
        _ => Err(inconsistent("the outcome of put_key").into()),
    }
}

/// Removes the entry of a participant if it still has that CID and, with `unless_claimed`, no claim of it is open;
/// whether it was removed. CID event and outbox are part of it.
///
/// # Errors
/// When PostgreSQL cannot be reached.
pub(crate) async fn remove_entry<C: GenericClient>(
    client: &C,
    participant: Ispb,
    (key_hash, cid): (&Hash, Cid),
    unless_claimed: bool,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let (key_hash, participant, cid) = (key_hash.as_slice(), participant.as_str(), cid.0.as_slice());
    Ok(entries::remove_key().bind(client, &key_hash, &participant, &cid, &unless_claimed, &now).one().await?)
}

impl Store {
    /// The entry of a key, whoever has it.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached, or the row does not open.
    pub async fn entry(&self, key: &Key) -> Result<Option<StoredEntry>, Failure> {
        let client = self.client().await?;
        let key_hash = self.vault.key_hash(key);
        let asked = async { entries::entry_by_key().bind(&client, &key_hash.as_slice()).opt().await };
        let row = self.queries.timed("entry_by_key", asked).await.map_err(StoreError::from)?;
        row.map(|row| open_entry(&self.vault, &row)).transpose()
    }

    /// At most `most` entries of an account, oldest first, those behind `after` only.
    ///
    /// # Errors
    /// As [`Store::entry`].
    pub async fn entries_of_account(
        &self,
        account_hash: &Hash,
        after: Option<&Position>,
        most: i64,
    ) -> Result<Vec<StoredEntry>, Failure> {
        let client = self.client().await?;
        let parameters = entries::EntriesOfAccountParams {
            account_hash: account_hash.as_slice(),
            after_created_at: after.map(|position| position.at),
            after_key_hash: after.map(|position| position.id.as_slice()),
            most,
        };
        let asked = async { entries::entries_of_account().params(&client, &parameters).all().await };
        let rows = self.queries.timed("entries_of_account", asked).await.map_err(StoreError::from)?;
        rows.iter().map(|row| open_entry(&self.vault, row)).collect()
    }

    /// Which of these keys have an entry here for certain, by their hashes.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn registered_keys(&self, key_hashes: &[Hash]) -> Result<Vec<Vec<u8>>, StoreError> {
        let client = self.client().await?;
        let key_hashes: Vec<&[u8]> = key_hashes.iter().map(Hash::as_slice).collect();
        let asked = async { entries::registered_keys().bind(&client, &key_hashes).all().await };
        Ok(self.queries.timed("registered_keys", asked).await?)
    }

    /// How many keys an account has, reserved ones included.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn keys_of_account(&self, account: &Account) -> Result<u32, StoreError> {
        let client = self.client().await?;
        let account_hash = self.vault.account_hash(account);
        let asked = async { entries::keys_of_account().bind(&client, &account_hash.as_slice()).opt().await };
        let count = self.queries.timed("keys_of_account", asked).await?.unwrap_or_default();
        Ok(u32::try_from(count).unwrap_or_default())
    }

    /// [`put_entry`] as a statement of its own.
    ///
    /// # Errors
    /// As there.
    pub async fn put_entry(
        &self,
        entropy: &dyn Entropy,
        entry: &Entry,
        expected: Option<Cid>,
        keys_max: Option<u32>,
        now: DateTime<Utc>,
    ) -> Result<Put, Failure> {
        let client = self.client().await?;
        let asked = put_entry(&client, &self.vault, entropy, entry, expected, keys_max, now);
        self.queries.timed("put_key", asked).await
    }

    /// [`remove_entry`] as a statement of its own.
    ///
    /// # Errors
    /// As there.
    pub async fn remove_entry(
        &self,
        participant: Ispb,
        of: (&Hash, Cid),
        unless_claimed: bool,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let client = self.client().await?;
        self.queries.timed("remove_key", remove_entry(&client, participant, of, unless_claimed, now)).await
    }

    /// Mirrors a court's block, or its end; whether anything changed.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn mark_blocked(
        &self,
        key_hash: &Hash,
        cid: Cid,
        blocked: bool,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let client = self.client().await?;
        let status = if blocked { EntryStatus::Blocked } else { EntryStatus::Active }.name();
        let (key_hash, cid) = (key_hash.as_slice(), cid.0.as_slice());
        let asked = async { entries::mark_blocked().bind(&client, &status, &now, &key_hash, &cid).opt().await };
        Ok(self.queries.timed("mark_blocked", asked).await?.is_some())
    }
}
