//! Requests by their id, so that none is done twice, and none is forgotten half-done.

use chrono::{DateTime, Utc};
use deadpool_postgres::Object;
use dict_queries::client::Params as _;
use dict_queries::queries::requests;
use uuid::Uuid;

use super::entries::{EntryStatus, inconsistent};
use super::together::Together;
use super::{Store, StoreError};
use crate::domain::cid::Cid;
use crate::domain::ispb::Ispb;
use crate::domain::key::KeyType;
use crate::vault::{Hash, Sealed};

/// A key that a request is to have: until the directory says more, or for good where there is none.
#[derive(Debug)]
pub struct Registration {
    /// Who asks.
    pub participant: Ispb,
    /// The request.
    pub request_id: Uuid,
    /// Keyed hash of what is asked.
    pub fingerprint: Hash,
    /// The request, or its answer where it is for good.
    pub request: Sealed,
    /// The kind of key.
    pub key_type: KeyType,
    /// The key and its CID; none where the directory makes the key.
    pub key: Option<(Hash, Cid)>,
    /// The sealed entry, where it is for good.
    pub entry: Option<Sealed>,
    /// The account.
    pub account_hash: Hash,
    /// The owner.
    pub owner_hash: Hash,
    /// The most keys that the account may have.
    pub keys_max: u32,
    /// What proves that the owner has the phone or mailbox, and how old that proof may be.
    pub possession: Option<(Uuid, DateTime<Utc>)>,
    /// Now.
    pub now: DateTime<Utc>,
}

/// What became of a registration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Registered {
    /// The key is reserved, or registered.
    Taken,
    /// The same was asked and answered before: the sealed answer.
    Repeated(Sealed),
    /// The same was asked before; that answer is no longer kept, and the entry is there.
    Before,
    /// The same was asked, and is not answered yet.
    UnderWay,
    /// Another thing was asked under this id.
    RequestIdUsed,
    /// The same institution and person have the key.
    Same,
    /// Another person has it.
    OtherPerson,
    /// Another institution has it, for the same person.
    OtherParticipant,
    /// A claim of the key is open.
    Claimed,
    /// The account has as many keys as it may.
    Full,
    /// The possession was not confirmed, is not of this key, is old, or was used.
    NoPossession,
    /// Somebody else was changing the same at this moment.
    Busy,
}

/// What the directory answered, as it is to be kept.
#[derive(Debug, Clone)]
pub struct Activation {
    /// Who asked.
    pub participant: Ispb,
    /// The request.
    pub request_id: Uuid,
    /// The answer.
    pub answer: Sealed,
    /// The key.
    pub key_hash: Hash,
    /// Its kind.
    pub key_type: KeyType,
    /// The account.
    pub account_hash: Hash,
    /// The owner.
    pub owner_hash: Hash,
    /// ACTIVE, or BLOCKED.
    pub status: EntryStatus,
    /// Its content identifier.
    pub cid: Cid,
    /// The sealed entry.
    pub entry: Sealed,
    /// When the directory made it.
    pub created_at: DateTime<Utc>,
    /// Since when its owner has the key.
    pub key_owned_since: DateTime<Utc>,
    /// Now.
    pub now: DateTime<Utc>,
}

/// A key that the directory did not say anything of yet.
#[derive(Debug)]
pub struct PendingKey {
    /// Who asked.
    pub participant: Ispb,
    /// The request.
    pub request_id: Uuid,
    /// The key.
    pub key_hash: Hash,
    /// Its kind.
    pub key_type: KeyType,
    /// The account.
    pub account_hash: Hash,
    /// The owner.
    pub owner_hash: Hash,
    /// Its content identifier, if the directory has it.
    pub cid: Cid,
    /// The sealed entry.
    pub entry: Sealed,
    /// Now.
    pub now: DateTime<Utc>,
}

/// What is given back where the directory does not have it.
#[derive(Debug, Clone, Copy)]
pub struct Reservation {
    /// Who asked.
    pub participant: Ispb,
    /// The request.
    pub request_id: Uuid,
    /// The key; none where the directory was to make it.
    pub key_hash: Option<Hash>,
    /// The account.
    pub account_hash: Hash,
    /// The possession that was used.
    pub possession_id: Option<Uuid>,
}

/// A request that was reserved and not answered.
#[derive(Debug)]
pub struct PendingRequest {
    /// Who asked.
    pub participant: Ispb,
    /// Its id.
    pub request_id: Uuid,
    /// What was asked.
    pub request: Sealed,
}

impl Store {
    /// Takes a key for a request.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn register_key(&self, registration: Registration) -> Result<Registered, StoreError> {
        self.registrations.write(registration).await
    }

    /// Shows a key as PENDING until the directory has said what it is; false where that is known, or another has the key.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn keep_pending(&self, pending: &PendingKey) -> Result<bool, StoreError> {
        let client = self.client().await?;
        let parameters = requests::KeepPendingParams {
            key_hash: pending.key_hash.as_slice(),
            key_type: pending.key_type.name(),
            participant: pending.participant.as_str(),
            account_hash: pending.account_hash.as_slice(),
            owner_hash: pending.owner_hash.as_slice(),
            cid: pending.cid.0.as_slice(),
            request_id: pending.request_id,
            data_key_id: pending.entry.data_key_id,
            sealed: pending.entry.bytes.as_slice(),
            now: pending.now,
        };
        let asked = async { requests::keep_pending().params(&client, &parameters).one().await };
        Ok(self.queries.timed("keep_pending", asked).await?)
    }

    /// Makes a reservation the directory's entry; false where there is no such reservation.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn activate_key(&self, activation: Activation) -> Result<bool, StoreError> {
        self.activations.write(activation).await
    }

    /// Gives a reservation back; with `unless_joined` only where no other call works on the same request. Whether it was.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn release_key(&self, reservation: &Reservation, unless_joined: bool) -> Result<bool, StoreError> {
        let client = self.client().await?;
        let parameters = requests::ReleaseKeyParams {
            participant: reservation.participant.as_str(),
            request_id: reservation.request_id,
            key_hash: reservation.key_hash.as_ref().map(Hash::as_slice),
            account_hash: reservation.account_hash.as_slice(),
            possession_id: reservation.possession_id,
            unless_joined,
        };
        let asked = async { requests::release_key().params(&client, &parameters).one().await };
        Ok(self.queries.timed("release_key", asked).await?)
    }

    /// Takes at most `most` requests that nobody has touched since `untouched_since`.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn take_pending_requests(
        &self,
        untouched_since: DateTime<Utc>,
        most: i64,
        now: DateTime<Utc>,
    ) -> Result<Vec<PendingRequest>, StoreError> {
        let client = self.client().await?;
        let asked =
            async { requests::take_pending_requests().bind(&client, &now, &untouched_since, &most).all().await };
        let rows = self.queries.timed("take_pending_requests", asked).await?;
        rows.into_iter()
            .map(|row| {
                let participant = row.participant.parse().map_err(|_| inconsistent("the participant of a request"))?;
                let request = Sealed { data_key_id: row.data_key_id, bytes: row.sealed };
                Ok(PendingRequest { participant, request_id: row.request_id, request })
            })
            .collect()
    }

    /// Forgets at most `most` answered requests that came before `before`; how many.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn forget_requests(&self, before: DateTime<Utc>, most: i64) -> Result<u64, StoreError> {
        let client = self.client().await?;
        let asked = async { requests::forget_requests().bind(&client, &before, &most).all().await };
        Ok(self.queries.timed("forget_requests", asked).await?.len() as u64)
    }
}

impl Together for Registration {
    type Answer = Registered;
    const STATEMENT: &'static str = "register_keys";

    fn place(&self) -> &[u8] {
        &self.account_hash
    }

    async fn write(client: &Object, rows: &[Self]) -> Result<Vec<Registered>, StoreError> {
        let parameters = requests::RegisterKeysParams {
            participants: column(rows, |row| row.participant.as_str()),
            request_ids: column(rows, |row| row.request_id),
            fingerprints: column(rows, |row| row.fingerprint.as_slice()),
            statuses: column(rows, |row| if row.entry.is_some() { "DONE" } else { "PENDING" }),
            request_data_key_ids: column(rows, |row| row.request.data_key_id),
            request_sealed: column(rows, |row| row.request.bytes.as_slice()),
            moments: column(rows, |row| row.now),
            key_hashes: column(rows, |row| row.key.as_ref().map(|(key_hash, _)| key_hash.as_slice())),
            key_types: column(rows, |row| row.key_type.name()),
            account_hashes: column(rows, |row| row.account_hash.as_slice()),
            owner_hashes: column(rows, |row| row.owner_hash.as_slice()),
            cids: column(rows, |row| row.key.as_ref().map(|(_, cid)| cid.0.as_slice())),
            entry_data_key_ids: column(rows, |row| row.entry.as_ref().map_or(0, |sealed| sealed.data_key_id)),
            entry_sealed: column(rows, |row| row.entry.as_ref().map(|sealed| sealed.bytes.as_slice())),
            keys_max: column(rows, |row| i32::try_from(row.keys_max).unwrap_or(i32::MAX)),
            possession_ids: column(rows, |row| row.possession.map(|(possession_id, _)| possession_id)),
            confirmed_after: column(rows, |row| row.possession.map_or(row.now, |(_, after)| after)),
        };
        let answers = requests::register_keys().params(client, &parameters).all().await?;
        answers.into_iter().map(registered).collect()
    }
}

fn registered(row: requests::RegisterKeys) -> Result<Registered, StoreError> {
    Ok(match (row.outcome.as_str(), row.data_key_id, row.sealed) {
        ("TAKEN", ..) => Registered::Taken,
        ("REPEATED", Some(data_key_id), Some(bytes)) => Registered::Repeated(Sealed { data_key_id, bytes }),
        ("REGISTERED", ..) => Registered::Before,
        ("UNDER_WAY", ..) => Registered::UnderWay,
        ("REQUEST_ID_USED", ..) => Registered::RequestIdUsed,
        ("SAME", ..) => Registered::Same,
        ("OTHER_PERSON", ..) => Registered::OtherPerson,
        ("OTHER_PARTICIPANT", ..) => Registered::OtherParticipant,
        ("CLAIMED", ..) => Registered::Claimed,
        ("FULL", ..) => Registered::Full,
        ("NO_POSSESSION", ..) => Registered::NoPossession,
        ("BUSY", ..) => Registered::Busy,
        _ => return Err(inconsistent("the outcome of register_key")),
    })
}

impl Together for Activation {
    type Answer = bool;
    const STATEMENT: &'static str = "activate_keys";

    fn place(&self) -> &[u8] {
        &self.account_hash
    }

    async fn write(client: &Object, rows: &[Self]) -> Result<Vec<bool>, StoreError> {
        let parameters = requests::ActivateKeysParams {
            participants: column(rows, |row| row.participant.as_str()),
            request_ids: column(rows, |row| row.request_id),
            request_data_key_ids: column(rows, |row| row.answer.data_key_id),
            request_sealed: column(rows, |row| row.answer.bytes.as_slice()),
            moments: column(rows, |row| row.now),
            key_hashes: column(rows, |row| row.key_hash.as_slice()),
            key_types: column(rows, |row| row.key_type.name()),
            account_hashes: column(rows, |row| row.account_hash.as_slice()),
            owner_hashes: column(rows, |row| row.owner_hash.as_slice()),
            statuses: column(rows, |row| row.status.name()),
            cids: column(rows, |row| row.cid.0.as_slice()),
            entry_data_key_ids: column(rows, |row| row.entry.data_key_id),
            entry_sealed: column(rows, |row| row.entry.bytes.as_slice()),
            created_at: column(rows, |row| row.created_at),
            key_owned_since: column(rows, |row| row.key_owned_since),
        };
        let outcomes = requests::activate_keys().params(client, &parameters).all().await?;
        Ok(outcomes.iter().map(|outcome| outcome != "GONE").collect())
    }
}

/// A column of rows, as an array.
fn column<'a, R, T>(rows: &'a [R], of: impl Fn(&'a R) -> T) -> Vec<T> {
    rows.iter().map(of).collect()
}
