//! Codes that were sent, and what they proved.

use chrono::{DateTime, Utc};
use dict_queries::client::Params as _;
use dict_queries::queries::{claims, possessions};
use uuid::Uuid;

use super::{Store, StoreError};
use crate::domain::ispb::Ispb;
use crate::vault::Hash;

/// A code as it is sent, for one key.
#[derive(Debug, Clone)]
pub struct NewPossession {
    /// What it is known by.
    pub possession_id: Uuid,
    /// The key that it was sent to.
    pub key_hash: Hash,
    /// Who asked for it.
    pub participant: Ispb,
    /// Keyed hash of the id and the code.
    pub code_hash: Hash,
    /// When it is sent.
    pub created_at: DateTime<Utc>,
    /// From when it proves nothing.
    pub expires_at: DateTime<Utc>,
}

/// Which possession of whom.
#[derive(Debug, Clone, Copy)]
pub struct PossessionOf {
    /// What it is known by.
    pub possession_id: Uuid,
    /// The key that it was sent to.
    pub key_hash: Hash,
    /// Who asked for it.
    pub participant: Ispb,
}

impl Store {
    /// Keeps a code, unless `most` were sent to the key since `window_start`; whether it was kept.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn insert_possession(
        &self,
        new: &NewPossession,
        window_start: DateTime<Utc>,
        most: i64,
    ) -> Result<bool, StoreError> {
        let client = self.client().await?;
        let parameters = possessions::InsertPossessionParams {
            key_hash: new.key_hash.as_slice(),
            possession_id: new.possession_id,
            participant: new.participant.as_str(),
            code_hash: new.code_hash.as_slice(),
            now: new.created_at,
            expires_at: new.expires_at,
            window_start,
            most,
        };
        let asked = async { possessions::insert_possession().params(&client, &parameters).opt().await };
        Ok(self.queries.timed("insert_possession", asked).await?.is_some())
    }

    /// Forgets a code that could not be sent.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn delete_possession(&self, of: &PossessionOf) -> Result<(), StoreError> {
        let client = self.client().await?;
        let key_hash = of.key_hash.as_slice();
        let asked = async { possessions::delete_possession().bind(&client, &key_hash, &of.possession_id).opt().await };
        self.queries.timed("delete_possession", asked).await?;
        Ok(())
    }

    /// Counts a try and gives the hash that it is to be compared with; none where nothing can be proved (any more).
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn try_possession(
        &self,
        of: &PossessionOf,
        most: i32,
        now: DateTime<Utc>,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let client = self.client().await?;
        let (key_hash, participant) = (of.key_hash.as_slice(), of.participant.as_str());
        let asked = async {
            possessions::try_possession()
                .bind(&client, &key_hash, &of.possession_id, &participant, &now, &most)
                .opt()
                .await
        };
        Ok(self.queries.timed("try_possession", asked).await?)
    }

    /// Notes that the code was right; when it was so for the first time.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn confirm_possession(
        &self,
        of: &PossessionOf,
        now: DateTime<Utc>,
    ) -> Result<Option<DateTime<Utc>>, StoreError> {
        let client = self.client().await?;
        let (key_hash, participant) = (of.key_hash.as_slice(), of.participant.as_str());
        let asked = async {
            possessions::confirm_possession()
                .bind(&client, &now, &key_hash, &of.possession_id, &participant)
                .opt()
                .await
        };
        Ok(self.queries.timed("confirm_possession", asked).await?)
    }

    /// Uses up a proof that is from after `confirmed_after`; false where there is none.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn use_possession(
        &self,
        of: &PossessionOf,
        confirmed_after: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let client = self.client().await?;
        let (key_hash, participant) = (of.key_hash.as_slice(), of.participant.as_str());
        let asked = async {
            possessions::use_possession()
                .bind(&client, &now, &key_hash, &of.possession_id, &participant, &confirmed_after)
                .opt()
                .await
        };
        Ok(self.queries.timed("use_possession", asked).await?.is_some())
    }

    /// Takes a use back.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn give_back_possession(&self, of: &PossessionOf) -> Result<(), StoreError> {
        let client = self.client().await?;
        let (key_hash, participant) = (of.key_hash.as_slice(), of.participant.as_str());
        let asked = async {
            possessions::give_back_possession().bind(&client, &key_hash, &of.possession_id, &participant).opt().await
        };
        self.queries.timed("give_back_possession", asked).await?;
        Ok(())
    }

    /// Uses a proof up for a claim that its institution opened; false where there is none, or nothing to be proved.
    /// Settling it again is fine.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn settle_claim_possession(
        &self,
        of: &PossessionOf,
        claim_id: Uuid,
        confirmed_after: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let (key_hash, participant) = (of.key_hash.as_slice(), of.participant.as_str());
        let mut client = self.client().await?;
        let transaction = client.transaction().await?;
        let asked = async {
            claims::settle_claim_possession().bind(&transaction, &key_hash, &claim_id, &participant, &now).opt().await
        };
        let Some(newly) = self.queries.timed("settle_claim_possession", asked).await? else { return Ok(false) };
        if newly {
            let asked = async {
                possessions::use_possession()
                    .bind(&transaction, &now, &key_hash, &of.possession_id, &participant, &confirmed_after)
                    .opt()
                    .await
            };
            if self.queries.timed("use_possession", asked).await?.is_none() {
                return Ok(false);
            }
        }
        transaction.commit().await?;
        Ok(true)
    }
}
