//! Rows move to the newest data key, a page at a time, while everything runs. What is written meanwhile is written under
//! the newest key by whoever knows it: first every server must have read it ([`crate::vault::Vault::refresh`]).

use dict_queries::client::Params as _;
use dict_queries::queries::reseal;
use platform::random::Entropy;
use uuid::Uuid;

use super::{Store, StoreError};
use crate::failure::Failure;
use crate::vault::VaultError;

/// A page of rows, sealed anew: what they were, and what they are to be.
#[derive(Default)]
struct Page {
    before: Vec<Vec<u8>>,
    after: Vec<Vec<u8>>,
}

impl Store {
    /// Seals every entry, claim and request anew that an older data key seals, `rows_at_once` at a time; how many.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached, or a row does not open: what was done until then stays so.
    pub async fn reseal(&self, entropy: &dyn Entropy, rows_at_once: i64) -> Result<u64, Failure> {
        let current = self.vault.current_data_key();
        let mut resealed = self.reseal_entries(entropy, rows_at_once, current).await?;
        resealed += self.reseal_claims(entropy, rows_at_once, current).await?;
        resealed += self.reseal_requests(entropy, rows_at_once, current).await?;
        Ok(resealed)
    }

    /// Adds a row to a page, sealed anew for the same place.
    fn add(
        &self,
        entropy: &dyn Entropy,
        page: &mut Page,
        bound_to: &[u8],
        (data_key_id, sealed): (i32, Vec<u8>),
    ) -> Result<(), VaultError> {
        let plain = self.vault.open(bound_to, data_key_id, &sealed)?;
        page.after.push(self.vault.seal(bound_to, &plain, entropy)?.bytes);
        page.before.push(sealed);
        Ok(())
    }

    async fn reseal_entries(&self, entropy: &dyn Entropy, most: i64, current: i32) -> Result<u64, Failure> {
        let client = self.client().await?;
        let (mut resealed, mut last) = (0, Vec::new());
        loop {
            let asked = async { reseal::entries_to_reseal().bind(&client, &last, &current, &most).all().await };
            let rows = self.queries.timed("entries_to_reseal", asked).await.map_err(StoreError::from)?;
            let Some(end) = rows.last().map(|row| row.key_hash.clone()) else { return Ok(resealed) };
            let mut page = Page::default();
            let mut key_hashes = Vec::with_capacity(rows.len());
            for row in rows {
                self.add(entropy, &mut page, &row.key_hash, (row.data_key_id, row.sealed))?;
                key_hashes.push(row.key_hash);
            }
            let written = async {
                reseal::reseal_entries().bind(&client, &current, &key_hashes, &page.before, &page.after).all().await
            };
            let written = self.queries.timed("reseal_entries", written).await.map_err(StoreError::from)?;
            resealed += written.len() as u64;
            last = end;
        }
    }

    async fn reseal_claims(&self, entropy: &dyn Entropy, most: i64, current: i32) -> Result<u64, Failure> {
        let client = self.client().await?;
        let (mut resealed, mut last) = (0, (Vec::new(), Uuid::nil()));
        loop {
            let parameters = reseal::ClaimsToResealParams {
                after_key_hash: last.0.as_slice(),
                after_claim_id: last.1,
                current,
                most,
            };
            let asked = async { reseal::claims_to_reseal().params(&client, &parameters).all().await };
            let rows = self.queries.timed("claims_to_reseal", asked).await.map_err(StoreError::from)?;
            let Some(end) = rows.last().map(|row| (row.key_hash.clone(), row.claim_id)) else { return Ok(resealed) };
            let mut page = Page::default();
            let (mut key_hashes, mut claim_ids) = (Vec::new(), Vec::new());
            for row in rows {
                let bound_to = [row.key_hash.as_slice(), row.claim_id.as_bytes()].concat();
                self.add(entropy, &mut page, &bound_to, (row.data_key_id, row.sealed))?;
                key_hashes.push(row.key_hash);
                claim_ids.push(row.claim_id);
            }
            let (before, after) = (&page.before, &page.after);
            let written = async {
                reseal::reseal_claims().bind(&client, &current, &key_hashes, &claim_ids, before, after).all().await
            };
            let written = self.queries.timed("reseal_claims", written).await.map_err(StoreError::from)?;
            resealed += written.len() as u64;
            last = end;
        }
    }

    async fn reseal_requests(&self, entropy: &dyn Entropy, most: i64, current: i32) -> Result<u64, Failure> {
        let client = self.client().await?;
        let (mut resealed, mut last) = (0, (Uuid::nil(), String::new()));
        loop {
            let parameters = reseal::RequestsToResealParams {
                after_request_id: last.0,
                after_participant: last.1.as_str(),
                current,
                most,
            };
            let asked = async { reseal::requests_to_reseal().params(&client, &parameters).all().await };
            let rows = self.queries.timed("requests_to_reseal", asked).await.map_err(StoreError::from)?;
            let Some(end) = rows.last().map(|row| (row.request_id, row.participant.clone())) else {
                return Ok(resealed);
            };
            let mut page = Page::default();
            let (mut request_ids, mut participants) = (Vec::new(), Vec::new());
            for row in rows {
                self.add(entropy, &mut page, row.request_id.as_bytes(), (row.data_key_id, row.sealed))?;
                request_ids.push(row.request_id);
                participants.push(row.participant);
            }
            let (before, after) = (&page.before, &page.after);
            let written = async {
                reseal::reseal_requests()
                    .bind(&client, &current, &request_ids, &participants, before, after)
                    .all()
                    .await
            };
            let written = self.queries.timed("reseal_requests", written).await.map_err(StoreError::from)?;
            resealed += written.len() as u64;
            last = end;
        }
    }
}
