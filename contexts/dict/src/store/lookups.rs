//! What is remembered of look-ups that the directory answered, by a keyed hash of who asked and for which payment.

use chrono::{DateTime, TimeDelta, Utc};
use dict_queries::client::Params as _;
use dict_queries::queries::lookups::{
    ForgetLookupsParams, PayLookupBackParams, RememberLookupParams, UnpaidLookupParams, forget_lookups,
    pay_lookup_back, remember_lookup, unpaid_lookup,
};

use super::entries::inconsistent;
use super::{Store, StoreError};
use crate::domain::end_to_end_id::EndToEndId;
use crate::domain::ispb::Ispb;
use crate::domain::key::KeyType;
use crate::domain::tax_id::TaxId;
use crate::vault::Hash;

/// For how long a payment may follow.
const REMEMBERED: TimeDelta = TimeDelta::days(1);
/// Rows that one statement deletes, so that no lock is held for long.
const FORGET_ROWS: i64 = 10_000;

/// A look-up that the directory answered: who asked, for whom, for which payment. Personal data, so it has no `Debug`.
#[derive(Clone, Copy)]
pub struct AnsweredLookup<'a> {
    /// Who asked.
    pub participant: Ispb,
    /// For whom.
    pub payer: &'a TaxId,
    /// For which payment.
    pub end_to_end_id: &'a EndToEndId,
}

impl Store {
    fn lookup_hash(&self, lookup: &AnsweredLookup<'_>) -> Hash {
        let parts = [lookup.participant.as_str(), lookup.payer.as_str(), lookup.end_to_end_id.as_str()];
        self.vault.hash("lookup", &parts.map(str::as_bytes))
    }

    /// Remembers a look-up of a key of that kind, so that a payment pays it back. Repeated for the same payment, it
    /// changes nothing.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn remember_lookup(
        &self,
        lookup: &AnsweredLookup<'_>,
        key_type: KeyType,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let hash = self.lookup_hash(lookup);
        let client = self.client().await?;
        let row = RememberLookupParams {
            lookup_hash: hash.as_slice(),
            participant: lookup.participant.as_str(),
            key_type: key_type.name(),
            now,
        };
        let asked = async { remember_lookup().params(&client, &row).opt().await };
        self.queries.timed("remember_lookup", asked).await?;
        Ok(())
    }

    /// The kind of key of a look-up of the last day that was not paid back yet.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn unpaid_lookup(
        &self,
        lookup: &AnsweredLookup<'_>,
        now: DateTime<Utc>,
    ) -> Result<Option<KeyType>, StoreError> {
        let hash = self.lookup_hash(lookup);
        let client = self.client().await?;
        let which = UnpaidLookupParams { lookup_hash: hash.as_slice(), remembered_since: now - REMEMBERED };
        let asked = async { unpaid_lookup().params(&client, &which).opt().await };
        let row = self.queries.timed("unpaid_lookup", asked).await?;
        row.map(|row| KeyType::parse(&row).ok_or_else(|| inconsistent("a look-up"))).transpose()
    }

    /// Marks a look-up as paid back; whether this call did.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn pay_lookup_back(&self, lookup: &AnsweredLookup<'_>, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let hash = self.lookup_hash(lookup);
        let client = self.client().await?;
        let which = PayLookupBackParams { now, lookup_hash: hash.as_slice() };
        let asked = async { pay_lookup_back().params(&client, &which).opt().await };
        Ok(self.queries.timed("pay_lookup_back", asked).await?.is_some())
    }

    /// Deletes look-ups that no payment can follow any more, some thousands at most; how many. Call it now and then, until
    /// it returns 0.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn forget_lookups(&self, now: DateTime<Utc>) -> Result<usize, StoreError> {
        let client = self.client().await?;
        let which = ForgetLookupsParams { remembered_since: now - REMEMBERED, most_rows: FORGET_ROWS };
        let asked = async { forget_lookups().params(&client, &which).all().await };
        Ok(self.queries.timed("forget_lookups", asked).await?.len())
    }
}
