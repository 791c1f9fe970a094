//! Two stores of buckets, of which the second works where the first is gone for longer than a moment.
//!
//! The second does not know what was counted in the first. So a bucket that it did not see since the failure starts there
//! without tokens, and likewise in the first when it returns: whoever looks up waits for the refill (half a minute for a
//! natural person), and no more is ever sent than the directory's bucket would let through. Where replicas do not agree
//! on whether the first is there, a bucket gives at most what it held and what came since, once in each store.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::{Bucket, Buckets, BucketsError, Held, Level, Moment, Wanted};

/// For how long the first store must fail before the second is used: a moment's failure is worth trying again, and
/// changing costs everybody the wait for a token.
pub const FAIL_OVER_AFTER: TimeDelta = TimeDelta::seconds(3);

/// Which store a hold is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The first.
    First,
    /// The one beside it.
    Second,
}

/// The stores, and how the first is.
#[derive(Debug)]
pub struct FailOver {
    first: Arc<dyn Buckets>,
    second: Option<Arc<dyn Buckets>>,
    health: Mutex<Health>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Health {
    /// Since when the first fails.
    failing_since: Option<DateTime<Utc>>,
    /// Whether the second was used since.
    away: bool,
    /// When it last returned after that.
    returned_at: Option<DateTime<Utc>>,
}

impl FailOver {
    pub fn new(first: Arc<dyn Buckets>, second: Option<Arc<dyn Buckets>>) -> Self {
        Self { first, second, health: Mutex::default() }
    }

    /// As [`Buckets::hold`], in the store that works; which it was.
    pub async fn hold(
        &self,
        bucket: &Bucket,
        wanted: &Wanted,
        now: DateTime<Utc>,
    ) -> Result<(Held, Place), BucketsError> {
        let at = self.first_moment(now);
        match self.first.hold(bucket, wanted, &at).await {
            Ok(held) => {
                self.first_answered(&at);
                Ok((held, Place::First))
            }
            Err(error) => {
                let (second, at) = self.first_failed(now, error)?;
                Ok((second.hold(bucket, wanted, &at).await?, Place::Second))
            }
        }
    }

    /// As [`Buckets::settle`], of a hold in that store.
    pub async fn settle(
        &self,
        bucket: &Bucket,
        (place, hold): (Place, Uuid),
        cost: i64,
        now: DateTime<Utc>,
    ) -> Result<Level, BucketsError> {
        match (place, &self.second) {
            (Place::Second, Some(second)) => {
                let known_since = self.health().failing_since;
                second.settle(bucket, Some(hold), cost, &Moment { now, known_since }).await
            }
            _ => self.first.settle(bucket, Some(hold), cost, &self.first_moment(now)).await,
        }
    }

    /// Charges without a hold; see [`Buckets::settle`].
    pub async fn charge(&self, bucket: &Bucket, cost: i64, now: DateTime<Utc>) -> Result<Level, BucketsError> {
        let at = self.first_moment(now);
        match self.first.settle(bucket, None, cost, &at).await {
            Ok(level) => {
                self.first_answered(&at);
                Ok(level)
            }
            Err(error) => {
                let (second, at) = self.first_failed(now, error)?;
                second.settle(bucket, None, cost, &at).await
            }
        }
    }

    fn health(&self) -> Health {
        *self.health.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn first_moment(&self, now: DateTime<Utc>) -> Moment {
        let health = self.health();
        Moment { now, known_since: if health.away { Some(now) } else { health.returned_at } }
    }

    fn first_answered(&self, at: &Moment) {
        let mut health = self.health.lock().unwrap_or_else(PoisonError::into_inner);
        if health.failing_since.is_some() {
            if health.away {
                tracing::info!("the first store of the antiscan buckets is back; they start there without tokens");
                health.returned_at = at.known_since;
            }
            (health.failing_since, health.away) = (None, false);
        }
    }

    /// The second store, where there is one and it is time for it; otherwise what the first said.
    fn first_failed(&self, now: DateTime<Utc>, error: BucketsError) -> Result<(&dyn Buckets, Moment), BucketsError> {
        let mut health = self.health.lock().unwrap_or_else(PoisonError::into_inner);
        let since = *health.failing_since.get_or_insert(now);
        let Some(second) = self.second.as_deref() else { return Err(error) };
        if now - since < FAIL_OVER_AFTER {
            return Err(error);
        }
        if !health.away {
            health.away = true;
            tracing::warn!(%error, "the antiscan buckets are counted in PostgreSQL until their first store is back");
        }
        Ok((second, Moment { now, known_since: Some(since) }))
    }
}
