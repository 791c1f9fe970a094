//! Requests by their id, so that none is done twice, and none is forgotten half-done.

use chrono::{DateTime, Utc};
use dict_queries::client::Params as _;
use dict_queries::queries::requests;
use uuid::Uuid;

use super::entries::{EntryStatus, inconsistent};
use super::{Store, StoreError};
use crate::domain::cid::Cid;
use crate::domain::ispb::Ispb;
use crate::domain::key::KeyType;
use crate::failure::Failure;
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
#[derive(Debug)]
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
    /// Takes a key for a request, in one round trip.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn register_key(&self, registration: &Registration) -> Result<Registered, Failure> {
        let client = self.client().await?;
        let (key, entry) = (registration.key.as_ref(), registration.entry.as_ref());
        let parameters = requests::RegisterKeyParams {
            participant: registration.participant.as_str(),
            request_id: registration.request_id,
            fingerprint: registration.fingerprint.as_slice(),
            request_status: if entry.is_some() { "DONE" } else { "PENDING" },
            key_hash: key.map(|(key_hash, _)| key_hash.as_slice()),
            request_data_key_id: registration.request.data_key_id,
            request_sealed: registration.request.bytes.as_slice(),
            now: registration.now,
            key_type: registration.key_type.name(),
            account_hash: registration.account_hash.as_slice(),
            owner_hash: registration.owner_hash.as_slice(),
            cid: key.map(|(_, cid)| cid.0.as_slice()),
            entry_data_key_id: entry.map(|sealed| sealed.data_key_id).unwrap_or_default(),
            entry_sealed: entry.map(|sealed| sealed.bytes.as_slice()),
            keys_max: i32::try_from(registration.keys_max).unwrap_or(i32::MAX),
            possession_id: registration.possession.map(|(possession_id, _)| possession_id),
            confirmed_after: registration.possession.map_or(registration.now, |(_, after)| after),
        };
        let asked = async { requests::register_key().params(&client, &parameters).one().await };
        let row = self.queries.timed("register_key", asked).await.map_err(StoreError::from)?;
        let outcome = match (row.outcome.as_str(), row.data_key_id, row.sealed) {
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
            _ => return Err(inconsistent("the outcome of register_key").into()),
        };
        Ok(outcome)
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

    /// Makes a reservation the directory's entry, in one round trip; false where there is no such reservation.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn activate_key(&self, activation: &Activation) -> Result<bool, StoreError> {
        let client = self.client().await?;
        let parameters = requests::ActivateKeyParams {
            participant: activation.participant.as_str(),
            request_id: activation.request_id,
            key_hash: activation.key_hash.as_slice(),
            request_data_key_id: activation.answer.data_key_id,
            request_sealed: activation.answer.bytes.as_slice(),
            now: activation.now,
            key_type: activation.key_type.name(),
            account_hash: activation.account_hash.as_slice(),
            owner_hash: activation.owner_hash.as_slice(),
            status: activation.status.name(),
            cid: activation.cid.0.as_slice(),
            entry_data_key_id: activation.entry.data_key_id,
            entry_sealed: activation.entry.bytes.as_slice(),
            created_at: activation.created_at,
            key_owned_since: activation.key_owned_since,
        };
        let asked = async { requests::activate_key().params(&client, &parameters).one().await };
        Ok(self.queries.timed("activate_key", asked).await? != "GONE")
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
