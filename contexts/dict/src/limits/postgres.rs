//! Buckets in PostgreSQL: one function, one round trip, one row.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use dict_queries::client::Params as _;
use dict_queries::queries::buckets::{
    ForgetBucketsParams, HoldTokensParams, SettleTokensParams, forget_buckets, hold_tokens, settle_tokens,
};
use uuid::Uuid;

use super::{Bucket, Buckets, BucketsError, Held, Level, Moment, Wanted};
use crate::domain::bucket::MICRO_TOKENS_PER_TOKEN;
use crate::store::{Store, StoreError};

/// How long an answer may take, waiting for a connection included.
pub const DEADLINE: Duration = Duration::from_secs(2);
/// After so long without a touch every bucket of a look-up is full, however deep its debt.
const FULL_AFTER: TimeDelta = TimeDelta::days(1);
/// Rows that one statement deletes, so that no lock is held for long.
const FORGET_ROWS: i64 = 10_000;

/// Buckets in the table `dict.buckets`.
#[derive(Debug)]
pub struct PostgresBuckets {
    store: Store,
    deadline: Duration,
}

impl PostgresBuckets {
    /// Buckets in that store, which is to answer within `deadline` ([`DEADLINE`]).
    #[must_use]
    pub fn new(store: Store, deadline: Duration) -> Self {
        Self { store, deadline }
    }

    async fn within<T>(&self, asked: impl Future<Output = Result<T, StoreError>>) -> Result<T, BucketsError> {
        let answer = tokio::time::timeout(self.deadline, asked).await;
        Ok(answer.map_err(|_| BucketsError::Slow(self.deadline.as_millis()))??)
    }
}

#[tonic::async_trait]
impl Buckets for PostgresBuckets {
    async fn hold(&self, bucket: &Bucket, wanted: &Wanted, at: &Moment) -> Result<Held, BucketsError> {
        let (unit_us, unit_micro_tokens) = bucket.policy.refill_unit();
        let parameters = HoldTokensParams {
            bucket: &bucket.hash[..],
            capacity: bucket.policy.capacity * MICRO_TOKENS_PER_TOKEN,
            unit_us,
            unit_micro_tokens,
            asked_at: at.now,
            known_since: at.known_since,
            hold_id: wanted.hold,
            least_held: wanted.least,
            most_held: wanted.most,
            held_until: wanted.held_until,
        };
        self.within(async {
            let client = self.store.client().await?;
            let asked = async { hold_tokens().params(&client, &parameters).one().await };
            let row = self.store.queries.timed("hold_tokens", asked).await?;
            let level = Level { micro_tokens: row.micro_tokens, free_micro_tokens: row.free_micro_tokens };
            Ok(Held { granted: row.granted, level })
        })
        .await
    }

    async fn settle(&self, bucket: &Bucket, hold: Option<Uuid>, cost: i64, at: &Moment) -> Result<Level, BucketsError> {
        let (unit_us, unit_micro_tokens) = bucket.policy.refill_unit();
        let parameters = SettleTokensParams {
            bucket: &bucket.hash[..],
            capacity: bucket.policy.capacity * MICRO_TOKENS_PER_TOKEN,
            unit_us,
            unit_micro_tokens,
            asked_at: at.now,
            known_since: at.known_since,
            hold_id: hold,
            cost,
        };
        self.within(async {
            let client = self.store.client().await?;
            let asked = async { settle_tokens().params(&client, &parameters).one().await };
            let row = self.store.queries.timed("settle_tokens", asked).await?;
            Ok(Level { micro_tokens: row.micro_tokens, free_micro_tokens: row.free_micro_tokens })
        })
        .await
    }
}

impl Store {
    /// Deletes buckets that are full again, some thousands at most; how many. Call it now and then, until it returns 0.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn forget_buckets(&self, now: DateTime<Utc>) -> Result<usize, StoreError> {
        let client = self.client().await?;
        let parameters = ForgetBucketsParams { untouched_since: now - FULL_AFTER, most_rows: FORGET_ROWS };
        let asked = async { forget_buckets().params(&client, &parameters).all().await };
        Ok(self.queries.timed("forget_buckets", asked).await?.len())
    }
}
