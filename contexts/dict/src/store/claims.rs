//! Claims as rows: read and written, whoever decided them.

use chrono::{DateTime, Utc};
use deadpool_postgres::Transaction;
use dict_queries::client::Params as _;
use dict_queries::queries::claims;
use uuid::Uuid;

use super::entries::{Content, to_json};
use super::{Store, StoreError};
use crate::domain::claim::{Claim, ClaimStatus, ClaimType, Side};
use crate::domain::ispb::Ispb;
use crate::domain::key::KeyType;
use crate::domain::reason::ClaimReason;
use crate::failure::Failure;
use crate::vault::{Hash, Sealed};

/// A claim, and what only this base knows of it.
#[derive(Clone)]
pub struct StoredClaim {
    /// The claim.
    pub claim: Claim,
    /// The RequestId of its completion, once that was tried.
    pub completion_request_id: Option<Uuid>,
    /// Whether the claimer's user proved to have the key.
    pub possession_confirmed: bool,
    /// The request that opened it, where that came through this base.
    pub request_id: Option<Uuid>,
    /// Since when the donor's user had the key, where the donor's entry was here.
    pub key_owned_since: Option<DateTime<Utc>>,
}

/// Which claims of one side are asked for.
#[derive(Debug, Clone)]
pub struct ClaimsQuestion {
    /// Which side the participant is on.
    pub side: Side,
    /// Whose.
    pub participant: Ispb,
    /// Beyond this moment and, at the moment itself, this id.
    pub after: (DateTime<Utc>, Uuid),
    /// Up to this moment.
    pub modified_before: DateTime<Utc>,
    /// In one of these states.
    pub statuses: Vec<ClaimStatus>,
    /// Of these kinds.
    pub claim_types: Vec<ClaimType>,
    /// How many at most.
    pub most: i64,
}

fn bound_to(key_hash: &[u8], claim_id: Uuid) -> Vec<u8> {
    [key_hash, claim_id.as_bytes()].concat()
}

fn unknown(claim_id: Uuid, what: &str) -> StoreError {
    StoreError::Inconsistent(format!("{what} of claim {claim_id} is none that this version knows"))
}

impl Store {
    /// A claim in which an institution takes part.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached, or the row does not open.
    pub async fn claim(&self, participant: Ispb, claim_id: Uuid) -> Result<Option<StoredClaim>, Failure> {
        let client = self.client().await?;
        let participant = participant.as_str();
        let asked = async { claims::claim_of_participant().bind(&client, &claim_id, &participant).opt().await };
        let row = self.queries.timed("claim_of_participant", asked).await.map_err(StoreError::from)?;
        row.map(|row| self.stored_claim(row)).transpose()
    }

    /// The claim of a key that is neither cancelled nor completed.
    ///
    /// # Errors
    /// As [`Store::claim`].
    pub async fn open_claim(&self, key_hash: &Hash) -> Result<Option<StoredClaim>, Failure> {
        let client = self.client().await?;
        let key_hash = key_hash.as_slice();
        let asked = async { claims::open_claim_of_key().bind(&client, &key_hash).opt().await };
        let row = self.queries.timed("open_claim_of_key", asked).await.map_err(StoreError::from)?;
        row.map(|row| self.stored_claim(row)).transpose()
    }

    /// Claims of one side, least recently modified first.
    ///
    /// # Errors
    /// As [`Store::claim`].
    pub async fn claims(&self, question: &ClaimsQuestion) -> Result<Vec<StoredClaim>, Failure> {
        let client = self.client().await?;
        let statuses: Vec<&str> = question.statuses.iter().map(|status| status.name()).collect();
        let claim_types: Vec<&str> = question.claim_types.iter().map(|claim_type| claim_type.name()).collect();
        let (participant, (after_at, after_id)) = (question.participant.as_str(), question.after);
        let (modified_before, most) = (question.modified_before, question.most);
        let (statuses, claim_types) = (statuses.as_slice(), claim_types.as_slice());
        let rows = match question.side {
            Side::Donor => {
                let parameters = claims::ClaimsOfDonorParams {
                    participant,
                    after_at,
                    after_id,
                    modified_before,
                    statuses,
                    claim_types,
                    most,
                };
                let asked = async { claims::claims_of_donor().params(&client, &parameters).all().await };
                self.queries.timed("claims_of_donor", asked).await
            }
            Side::Claimer => {
                let parameters = claims::ClaimsOfClaimerParams {
                    participant,
                    after_at,
                    after_id,
                    modified_before,
                    statuses,
                    claim_types,
                    most,
                };
                let asked = async { claims::claims_of_claimer().params(&client, &parameters).all().await };
                self.queries.timed("claims_of_claimer", asked).await
            }
        };
        rows.map_err(StoreError::from)?.into_iter().map(|row| self.stored_claim(row)).collect()
    }

    /// Claims where one of these institutions may have something to do, by the end of their resolution period, beyond
    /// `after`. Ownership claims from before `opened_before` are over.
    ///
    /// # Errors
    /// As [`Store::claim`].
    pub async fn due_claims(
        &self,
        participants: &[Ispb],
        (now, opened_before): (DateTime<Utc>, DateTime<Utc>),
        (after_at, after_id): (DateTime<Utc>, Uuid),
        most: i64,
    ) -> Result<Vec<StoredClaim>, Failure> {
        let client = self.client().await?;
        let participants: Vec<&str> = participants.iter().map(Ispb::as_str).collect();
        let participants = participants.as_slice();
        let parameters = claims::DueClaimsParams { participants, now, opened_before, after_at, after_id, most };
        let asked = async { claims::due_claims().params(&client, &parameters).all().await };
        let rows = self.queries.timed("due_claims", asked).await.map_err(StoreError::from)?;
        rows.into_iter().map(|row| self.stored_claim(row)).collect()
    }

    /// What these claims were last heard to be.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn known_claims(&self, ids: &[Uuid]) -> Result<Vec<(Uuid, ClaimStatus, DateTime<Utc>)>, StoreError> {
        let client = self.client().await?;
        let asked = async { claims::known_claims().bind(&client, &ids).all().await };
        let rows = self.queries.timed("known_claims", asked).await?;
        rows.into_iter()
            .map(|row| {
                let status = ClaimStatus::parse(&row.status).ok_or_else(|| unknown(row.claim_id, "status"))?;
                Ok((row.claim_id, status, row.last_modified))
            })
            .collect()
    }

    /// How many claims are neither cancelled nor completed.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn count_open_claims(&self) -> Result<i64, StoreError> {
        let client = self.client().await?;
        let asked = async { claims::count_open_claims().bind(&client).one().await };
        Ok(self.queries.timed("count_open_claims", asked).await?)
    }

    /// The RequestId of a claim's completion: `offered` where none was tried yet.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached, or there is no such claim.
    pub async fn fix_completion_request(
        &self,
        key_hash: &Hash,
        claim_id: Uuid,
        offered: Uuid,
    ) -> Result<Uuid, StoreError> {
        let client = self.client().await?;
        let key_hash = key_hash.as_slice();
        let asked =
            async { claims::fix_completion_request().bind(&client, &offered, &key_hash, &claim_id).opt().await };
        let fixed = self.queries.timed("fix_completion_request", asked).await?;
        fixed.ok_or_else(|| StoreError::Inconsistent(format!("claim {claim_id} is gone")))
    }

    /// Leaves a claim to later jobs only, from `retry_at` on, unless it changes before.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn postpone_claim(
        &self,
        key_hash: &Hash,
        claim_id: Uuid,
        retry_at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let client = self.client().await?;
        let key_hash = key_hash.as_slice();
        let asked = async { claims::postpone_claim().bind(&client, &retry_at, &key_hash, &claim_id).opt().await };
        self.queries.timed("postpone_claim", asked).await?;
        Ok(())
    }

    /// How far `name` got for a participant; none at the beginning.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn cursor(&self, participant: Ispb, name: &str) -> Result<Option<DateTime<Utc>>, StoreError> {
        let client = self.client().await?;
        let participant = participant.as_str();
        let asked = async { claims::cursor().bind(&client, &participant, &name).opt().await };
        Ok(self.queries.timed("cursor", asked).await?)
    }

    /// Notes how far `name` got.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn put_cursor(&self, participant: Ispb, name: &str, at: DateTime<Utc>) -> Result<(), StoreError> {
        let client = self.client().await?;
        let participant = participant.as_str();
        let asked = async { claims::put_cursor().bind(&client, &participant, &name, &at).opt().await };
        self.queries.timed("put_cursor", asked).await?;
        Ok(())
    }

    pub(super) fn stored_claim(&self, row: claims::ClaimRow) -> Result<StoredClaim, Failure> {
        let id = row.claim_id;
        let plain = self.vault.open(&bound_to(&row.key_hash, id), row.data_key_id, &row.sealed)?;
        let content: Content<'_> = serde_json::from_slice(&plain).map_err(|_| unknown(id, "content"))?;
        let key_type = KeyType::parse(&row.key_type).ok_or_else(|| unknown(id, "key_type"))?;
        let claimer = row.claimer_participant.parse().map_err(|_| unknown(id, "claimer"))?;
        let (key, claimer_account, claimer) = content.read(key_type, claimer).ok_or_else(|| unknown(id, "content"))?;
        let key = key.ok_or_else(|| unknown(id, "key"))?;
        let reason = |name: Option<String>| {
            name.map(|name| ClaimReason::parse(&name).ok_or_else(|| unknown(id, "reason"))).transpose()
        };
        let side = |name: String| Side::parse(&name).ok_or_else(|| unknown(id, "cancelled_by"));
        let claim = Claim {
            id,
            claim_type: ClaimType::parse(&row.claim_type).ok_or_else(|| unknown(id, "claim_type"))?,
            key,
            status: ClaimStatus::parse(&row.status).ok_or_else(|| unknown(id, "status"))?,
            donor_participant: row.donor_participant.parse().map_err(|_| unknown(id, "donor"))?,
            claimer,
            claimer_account,
            opened_at: row.opened_at,
            resolution_period_end: row.resolution_period_end,
            completion_period_end: row.completion_period_end,
            last_modified: row.last_modified,
            confirm_reason: reason(row.confirm_reason)?,
            cancel_reason: reason(row.cancel_reason)?,
            cancelled_by: row.cancelled_by.map(side).transpose()?,
        };
        Ok(StoredClaim {
            claim,
            completion_request_id: row.completion_request_id,
            possession_confirmed: row.possession_confirmed_at.is_some(),
            request_id: row.request_id,
            key_owned_since: row.key_owned_since,
        })
    }

    /// Locks a claim's row for the rest of a transaction.
    pub(super) async fn lock_claim(
        &self,
        transaction: &Transaction<'_>,
        key_hash: &Hash,
        claim_id: Uuid,
    ) -> Result<Option<StoredClaim>, Failure> {
        let asked = async { claims::lock_claim().bind(transaction, &key_hash.as_slice(), &claim_id).opt().await };
        let row = self.queries.timed("lock_claim", asked).await.map_err(StoreError::from)?;
        row.map(|row| self.stored_claim(row)).transpose()
    }

    /// Writes a claim that is not here yet; false where it is.
    pub(super) async fn insert_claim(
        &self,
        transaction: &Transaction<'_>,
        key_hash: &Hash,
        claim: &Claim,
        sealed: &Sealed,
        request_id: Option<Uuid>,
    ) -> Result<bool, StoreError> {
        let parameters = claims::InsertClaimParams {
            key_hash: key_hash.as_slice(),
            claim_id: claim.id,
            claim_type: claim.claim_type.name(),
            key_type: claim.key.key_type().name(),
            status: claim.status.name(),
            donor_participant: claim.donor_participant.as_str(),
            claimer_participant: claim.claimer_account.participant.as_str(),
            data_key_id: sealed.data_key_id,
            sealed: sealed.bytes.as_slice(),
            opened_at: claim.opened_at,
            resolution_period_end: claim.resolution_period_end,
            completion_period_end: claim.completion_period_end,
            last_modified: claim.last_modified,
            confirm_reason: claim.confirm_reason.map(ClaimReason::name),
            cancel_reason: claim.cancel_reason.map(ClaimReason::name),
            cancelled_by: claim.cancelled_by.map(Side::name),
            request_id,
        };
        let asked = async { claims::insert_claim().params(transaction, &parameters).opt().await };
        Ok(self.queries.timed("insert_claim", asked).await?.is_some())
    }

    /// Writes where a claim stands now.
    pub(super) async fn update_claim(
        &self,
        transaction: &Transaction<'_>,
        key_hash: &Hash,
        claim: &Claim,
        key_owned_since: Option<DateTime<Utc>>,
    ) -> Result<(), StoreError> {
        let parameters = claims::UpdateClaimParams {
            status: claim.status.name(),
            resolution_period_end: claim.resolution_period_end,
            completion_period_end: claim.completion_period_end,
            last_modified: claim.last_modified,
            confirm_reason: claim.confirm_reason.map(ClaimReason::name),
            cancel_reason: claim.cancel_reason.map(ClaimReason::name),
            cancelled_by: claim.cancelled_by.map(Side::name),
            key_owned_since,
            key_hash: key_hash.as_slice(),
            claim_id: claim.id,
        };
        let asked = async { claims::update_claim().params(transaction, &parameters).opt().await };
        self.queries.timed("update_claim", asked).await?;
        Ok(())
    }

    /// What names the people of a claim, sealed for its row.
    pub(super) fn seal_claim(
        &self,
        key_hash: &Hash,
        claim: &Claim,
        entropy: &dyn platform::random::Entropy,
    ) -> Result<Sealed, Failure> {
        let plain = to_json(&Content::of(Some(&claim.key), &claim.claimer_account, &claim.claimer))?;
        Ok(self.vault.seal(&bound_to(key_hash, claim.id), &plain, entropy)?)
    }
}
