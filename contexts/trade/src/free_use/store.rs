//! Counters in PostgreSQL. One function is one statement; the rules are in migration 0003.

use chrono::{DateTime, NaiveDate, Utc};
use trade_queries::queries::free_use;

use super::{RequestDigest, Taken, Usage};
use crate::store::{Store, StoreError};

impl Store {
    /// The key of the hash of addresses: this store's, which becomes `fresh` where there is none.
    pub(super) async fn address_secret(&self, fresh: [u8; 32], now: DateTime<Utc>) -> Result<[u8; 32], StoreError> {
        let client = self.pool.get().await?;
        let statement = free_use::address_secret();
        let bytes =
            self.queries.timed("address_secret", statement.bind(&client, &fresh.as_slice(), &now).one()).await?;
        <[u8; 32]>::try_from(bytes).map_err(|_| StoreError::Inconsistent("the secret of addresses is cut".into()))
    }

    /// Takes a use of a subject's day, if the day has one left or the request was counted already.
    pub(super) async fn reserve_use(
        &self,
        subject: &str,
        now: DateTime<Utc>,
        per_day: u32,
        request: Option<RequestDigest>,
    ) -> Result<Taken, StoreError> {
        let client = self.pool.get().await?;
        let per_day = i32::try_from(per_day).unwrap_or(i32::MAX);
        let request = request.as_ref().map(<[u8; 32]>::as_slice);
        let statement = free_use::reserve_use();
        let query = statement.bind(&client, &subject, &now, &per_day, &request);
        let row = self.queries.timed("reserve_use", query.one()).await?;
        let usage = Usage { used: count(row.used_today)?, resets_at: row.resets_at };
        Ok(Taken { granted: row.outcome != "refused", day: row.local_day, usage })
    }

    /// Gives back what one reservation took.
    pub(super) async fn refund_use(
        &self,
        subject: &str,
        day: NaiveDate,
        request: Option<RequestDigest>,
    ) -> Result<(), StoreError> {
        let client = self.pool.get().await?;
        let request = request.as_ref().map(<[u8; 32]>::as_slice);
        let statement = free_use::refund_use();
        self.queries.timed("refund_use", statement.bind(&client, &subject, &day, &request).one()).await?;
        Ok(())
    }

    /// What a subject has used of the day.
    pub(super) async fn usage_of(&self, subject: &str, now: DateTime<Utc>) -> Result<Usage, StoreError> {
        let client = self.pool.get().await?;
        let statement = free_use::usage_of();
        let row = self.queries.timed("usage_of", statement.bind(&client, &subject, &now).one()).await?;
        Ok(Usage { used: count(row.used_today)?, resets_at: row.resets_at })
    }

    /// Forgets counters a week and repeatable requests two days after their time; how many.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn forget_uses(&self, now: DateTime<Utc>) -> Result<i64, StoreError> {
        let client = self.pool.get().await?;
        Ok(self.queries.timed("forget_uses", free_use::forget_uses().bind(&client, &now).one()).await?)
    }

    /// Erases counters, repeatable requests and saved products of a user, by the principal's subject; how many rows.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn erase_user(&self, subject: &str) -> Result<i64, StoreError> {
        let client = self.pool.get().await?;
        let subject = super::user_subject(subject);
        Ok(self.queries.timed("erase_subject", free_use::erase_subject().bind(&client, &subject).one()).await?)
    }
}

fn count(used: i32) -> Result<u32, StoreError> {
    u32::try_from(used).map_err(|_| StoreError::Inconsistent(format!("a counter of uses says {used}")))
}
