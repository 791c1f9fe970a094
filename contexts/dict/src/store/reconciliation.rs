//! The set of CIDs of a participant and key type, and how it last compared with the directory's.

use chrono::{DateTime, Utc};
use dict_queries::client::Params as _;
use dict_queries::queries::reconciliation;

use super::entries::inconsistent;
use super::{Store, StoreError};
use crate::directory::CidEvent;
use crate::domain::cid::{Cid, VSync};
use crate::domain::ispb::Ispb;
use crate::domain::key::KeyType;
use crate::page_token::Position;
use crate::vault::Hash;

/// When a key type was last compared, and whether both had the same then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verification {
    /// When.
    pub at: DateTime<Utc>,
    /// Whether they agreed, if need be after the repair.
    pub ok: bool,
}

fn cursor(key_type: KeyType) -> String {
    format!("vsync.{}", key_type.name())
}

fn cid(bytes: &[u8]) -> Result<Cid, StoreError> {
    bytes.try_into().map(Cid).map_err(|_| inconsistent("a CID"))
}

/// Reads what PostgreSQL writes of a bit string: a digit for each bit.
fn vsync(bits: &str) -> Option<VSync> {
    let mut bytes = [0; 32];
    if bits.len() != 256 {
        return None;
    }
    for (byte, digits) in bytes.iter_mut().zip(bits.as_bytes().chunks(8)) {
        *byte = u8::from_str_radix(std::str::from_utf8(digits).ok()?, 2).ok()?;
    }
    Some(VSync(bytes))
}

impl Store {
    /// The XOR of the CIDs of a participant's keys of one type, and how many they are. What is only reserved is no part
    /// of it.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn vsync(&self, participant: Ispb, key_type: KeyType) -> Result<(VSync, i64), StoreError> {
        let client = self.client().await?;
        let (participant, key_type) = (participant.as_str(), key_type.name());
        let asked = async { reconciliation::vsync().bind(&client, &participant, &key_type).one().await };
        let row = self.queries.timed("vsync", asked).await?;
        let read = row.bits.as_deref().map_or(Some(VSync::default()), vsync).ok_or_else(|| inconsistent("a VSync"))?;
        Ok((read, row.entries))
    }

    /// At most `most` CIDs in their order, those behind `after` only; of reserved keys too.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn cids_after(
        &self,
        participant: Ispb,
        key_type: KeyType,
        after: Option<Cid>,
        most: i64,
    ) -> Result<Vec<Cid>, StoreError> {
        let client = self.client().await?;
        let parameters = reconciliation::CidsAfterParams {
            participant: participant.as_str(),
            key_type: key_type.name(),
            after: after.as_ref().map_or(&[][..], |cid| &cid.0),
            most,
        };
        let asked = async { reconciliation::cids_after().params(&client, &parameters).all().await };
        let rows = self.queries.timed("cids_after", asked).await?;
        rows.iter().map(|row| cid(row)).collect()
    }

    /// Which keys have these CIDs. What is only reserved is left out.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn keys_of_cids(
        &self,
        participant: Ispb,
        key_type: KeyType,
        cids: &[Cid],
    ) -> Result<Vec<(Cid, Hash)>, StoreError> {
        let client = self.client().await?;
        let cids: Vec<&[u8]> = cids.iter().map(|cid| cid.0.as_slice()).collect();
        let (participant, key_type) = (participant.as_str(), key_type.name());
        let asked = async { reconciliation::keys_of_cids().bind(&client, &participant, &key_type, &cids).all().await };
        let rows = self.queries.timed("keys_of_cids", asked).await?;
        let read = |row: reconciliation::KeysOfCids| {
            let key_hash = row.key_hash.as_slice().try_into().map_err(|_| inconsistent("a hash"))?;
            Ok((cid(&row.cid)?, key_hash))
        };
        rows.into_iter().map(read).collect()
    }

    /// At most `most` CIDs that came or went, oldest first, each with its place; those behind `after` only. Numbers are
    /// above zero.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn cid_events(
        &self,
        participant: Ispb,
        key_type: KeyType,
        after: (DateTime<Utc>, i64),
        most: i64,
    ) -> Result<Vec<(CidEvent, Position)>, StoreError> {
        let client = self.client().await?;
        let parameters = reconciliation::CidEventsParams {
            participant: participant.as_str(),
            key_type: key_type.name(),
            after_occurred_at: after.0,
            after_event_number: after.1,
            most,
        };
        let asked = async { reconciliation::cid_events().params(&client, &parameters).all().await };
        let rows = self.queries.timed("cid_events", asked).await?;
        let read = |row: reconciliation::CidEvents| {
            let event = CidEvent { added: row.added, cid: cid(&row.cid)?, occurred_at: row.occurred_at };
            Ok((event, Position { at: row.occurred_at, id: row.event_number.to_be_bytes().to_vec() }))
        };
        rows.into_iter().map(read).collect()
    }

    /// How a key type last compared; none where it was never compared.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn verification(&self, participant: Ispb, key_type: KeyType) -> Result<Option<Verification>, StoreError> {
        let client = self.client().await?;
        let (participant, name) = (participant.as_str(), cursor(key_type));
        let asked = async { reconciliation::verification().bind(&client, &participant, &name).opt().await };
        let row = self.queries.timed("verification", asked).await?;
        Ok(row.map(|row| Verification { at: row.at, ok: row.ok }))
    }

    /// Makes every comparison of those institutions look as old as `long_ago`.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn verify_again(&self, participants: &[Ispb], long_ago: DateTime<Utc>) -> Result<(), StoreError> {
        let client = self.client().await?;
        let participants: Vec<&str> = participants.iter().map(Ispb::as_str).collect();
        let asked = async { reconciliation::verify_again().bind(&client, &long_ago, &participants).all().await };
        self.queries.timed("verify_again", asked).await?;
        Ok(())
    }

    /// Notes how a key type compares.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn record_verification(
        &self,
        participant: Ispb,
        key_type: KeyType,
        verification: Verification,
    ) -> Result<(), StoreError> {
        let client = self.client().await?;
        let (participant, name) = (participant.as_str(), cursor(key_type));
        let Verification { at, ok } = verification;
        let asked =
            async { reconciliation::record_verification().bind(&client, &participant, &name, &at, &ok).one().await };
        self.queries.timed("record_verification", asked).await?;
        Ok(())
    }
}

impl Store {
    /// How many keys of each kind the own base has.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn count_entries(&self) -> Result<Vec<(KeyType, i64)>, StoreError> {
        let client = self.client().await?;
        let asked = async { reconciliation::entry_counts().bind(&client).all().await };
        let counted = self.queries.timed("entry_counts", asked).await?;
        let count_of =
            |key_type: KeyType| counted.iter().find(|row| row.key_type == key_type.name()).map_or(0, |row| row.entries);
        Ok(KeyType::ALL.into_iter().map(|key_type| (key_type, count_of(key_type))).collect())
    }
}
