//! What is forgotten, a bounded number of rows at a time.

use chrono::{DateTime, Utc};
use dict_queries::queries::retention;

use super::{Store, StoreError};

/// Rows that one statement deletes.
const ROWS: i64 = 5000;

/// What can be forgotten by its age.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Forgettable {
    /// Requests to open a claim of which nobody learnt what became.
    ClaimRequests,
    /// Changes of which the directory never said what became.
    ChangeIntents,
    /// Codes that expired.
    Possessions,
}

impl Store {
    /// Forgets what is from before that moment; how many rows.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn forget(&self, what: Forgettable, before: DateTime<Utc>) -> Result<u64, StoreError> {
        let client = self.client().await?;
        let mut forgotten = 0;
        loop {
            let gone = match what {
                Forgettable::ClaimRequests => {
                    let asked = async { retention::forget_claim_requests().bind(&client, &before, &ROWS).all().await };
                    self.queries.timed("forget_claim_requests", asked).await?
                }
                Forgettable::ChangeIntents => {
                    let asked = async { retention::forget_change_intents().bind(&client, &before, &ROWS).all().await };
                    self.queries.timed("forget_change_intents", asked).await?
                }
                Forgettable::Possessions => {
                    let asked = async { retention::forget_possessions().bind(&client, &before, &ROWS).all().await };
                    self.queries.timed("forget_possessions", asked).await?
                }
            };
            forgotten += u64::try_from(gone.len()).unwrap_or_default();
            if gone.len() < usize::try_from(ROWS).unwrap_or(usize::MAX) {
                return Ok(forgotten);
            }
        }
    }
}
