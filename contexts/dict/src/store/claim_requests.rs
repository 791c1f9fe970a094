//! Requests that open claims, by their id. Their answer is the claim that they opened.

use chrono::{DateTime, Utc};
use deadpool_postgres::Transaction;
use dict_queries::client::Params as _;
use dict_queries::queries::claims;
use platform::random::Entropy;
use uuid::Uuid;

use super::{Store, StoreError};
use crate::domain::ispb::Ispb;
use crate::failure::Failure;
use crate::vault::{Hash, Sealed};

/// A request by its id and content.
#[derive(Debug, Clone, Copy)]
pub struct ClaimRequest {
    /// Whose.
    pub participant: Ispb,
    /// Its id.
    pub request_id: Uuid,
    /// Keyed hash of what it asks for.
    pub fingerprint: Hash,
}

/// What is known of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reserved {
    /// It is new.
    Taken,
    /// It came before, at that moment; what became of it is not known.
    Before(DateTime<Utc>),
    /// It opened this claim.
    Done(Uuid),
    /// Its id was used for something else.
    Used,
}

impl Store {
    /// Notes a request before anything is done for it.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached, or sealing fails.
    pub async fn reserve_claim_request(
        &self,
        request: &ClaimRequest,
        key_hash: &Hash,
        (now, entropy): (DateTime<Utc>, &dyn Entropy),
    ) -> Result<Reserved, Failure> {
        let client = self.client().await?;
        // It has nothing to say until it is answered.
        let sealed = self.seal_answer(request, None, entropy)?;
        let parameters = claims::ReserveClaimRequestParams {
            participant: request.participant.as_str(),
            request_id: request.request_id,
            fingerprint: request.fingerprint.as_slice(),
            key_hash: key_hash.as_slice(),
            data_key_id: sealed.data_key_id,
            sealed: sealed.bytes.as_slice(),
            now,
        };
        let asked = async { claims::reserve_claim_request().params(&client, &parameters).opt().await };
        if self.queries.timed("reserve_claim_request", asked).await.map_err(StoreError::from)?.is_some() {
            return Ok(Reserved::Taken);
        }
        let participant = request.participant.as_str();
        let asked = async { claims::claim_request().bind(&client, &request.request_id, &participant).opt().await };
        let row = self.queries.timed("claim_request", asked).await.map_err(StoreError::from)?;
        // Given back a moment ago.
        let Some(row) = row else { return Err(Failure::Busy) };
        if row.method != "START_CLAIM" || row.fingerprint != request.fingerprint {
            return Ok(Reserved::Used);
        }
        if row.status == "PENDING" {
            return Ok(Reserved::Before(row.created_at));
        }
        let plain = self.vault.open(request.request_id.as_bytes(), row.data_key_id, &row.sealed)?;
        let id = Uuid::from_slice(&plain);
        Ok(Reserved::Done(id.map_err(|_| StoreError::Inconsistent("the answer of a request is no id".to_owned()))?))
    }

    /// Gives a request back that changed nothing, so that it may be made again.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn release_claim_request(&self, request: &ClaimRequest) -> Result<(), StoreError> {
        let client = self.client().await?;
        let participant = request.participant.as_str();
        let asked =
            async { claims::release_claim_request().bind(&client, &request.request_id, &participant).opt().await };
        self.queries.timed("release_claim_request", asked).await?;
        Ok(())
    }

    /// Links a claim with the request that opened it, and answers the request.
    pub(super) async fn answer_request(
        &self,
        transaction: &Transaction<'_>,
        (key_hash, claim_id): (&Hash, Uuid),
        request: &ClaimRequest,
        (now, entropy): (DateTime<Utc>, &dyn Entropy),
    ) -> Result<(), Failure> {
        let key = key_hash.as_slice();
        let asked =
            async { claims::link_claim_request().bind(transaction, &request.request_id, &key, &claim_id).opt().await };
        if self.queries.timed("link_claim_request", asked).await.map_err(StoreError::from)?.is_none() {
            return Err(Failure::Busy);
        }
        let sealed = self.seal_answer(request, Some(claim_id), entropy)?;
        let parameters = claims::FinishClaimRequestParams {
            participant: request.participant.as_str(),
            request_id: request.request_id,
            fingerprint: request.fingerprint.as_slice(),
            key_hash: key,
            data_key_id: sealed.data_key_id,
            sealed: sealed.bytes.as_slice(),
            now,
        };
        let asked = async { claims::finish_claim_request().params(transaction, &parameters).opt().await };
        self.queries.timed("finish_claim_request", asked).await.map_err(StoreError::from)?;
        Ok(())
    }

    fn seal_answer(
        &self,
        request: &ClaimRequest,
        claim_id: Option<Uuid>,
        entropy: &dyn Entropy,
    ) -> Result<Sealed, Failure> {
        let plain = claim_id.as_ref().map_or(&[][..], |id| id.as_bytes());
        Ok(self.vault.seal(request.request_id.as_bytes(), plain, entropy)?)
    }
}
