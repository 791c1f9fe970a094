//! Limits: the antiscan buckets that replicas share, and the rates that each keeps for itself.
//!
//! A bucket is the directory's own (DICT API 2.6.1, "Limitação de requisições"; Manual Operacional do DICT, 13.1): refused
//! where there is no whole token, charged by what came of it, and a charge may lead into debt. What a look-up may cost at
//! worst is held before the directory is asked and settled after, so that of look-ups that come at once none is sent that
//! the directory would refuse. Two stores do the same: Redis in one script, PostgreSQL in one function.

pub mod antiscan;
mod block;
mod fail_over;
pub mod postgres;
pub mod rate;
pub mod redis;

use std::fmt;

use chrono::{DateTime, Utc};
use platform::postgres::StoreError;
use platform::redis::RedisError;
use uuid::Uuid;

use crate::domain::bucket::{MICRO_TOKENS_PER_TOKEN, Policy};
use crate::vault::Hash;

/// One bucket. Whose it is, only its keyed hash says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bucket {
    /// Keyed hash of the policy's name and of whom it counts.
    pub hash: Hash,
    /// How large it is and how fast it fills.
    pub policy: Policy,
}

/// When a bucket is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// Now. A moment before the last refill adds nothing and takes nothing away.
    pub now: DateTime<Utc>,
    /// Since when everything was counted in this store; none means ever since. A bucket that was not touched since starts
    /// there without tokens.
    pub known_since: Option<DateTime<Utc>>,
}

/// Tokens that are wanted for what is about to be asked, in millionths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// Names the hold, so that it is settled once.
    pub hold: Uuid,
    /// What one look-up may cost at worst. As much is granted wherever there is a whole token.
    pub least: i64,
    /// What is granted at most, as long as that is no more than an eighth of what is free.
    pub most: i64,
    /// When a hold that nobody settled is charged in full.
    pub held_until: DateTime<Utc>,
}

/// What a bucket holds, in millionths of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Level {
    /// What was not charged yet; negative in debt.
    pub micro_tokens: i64,
    /// The same less what is held.
    pub free_micro_tokens: i64,
}

impl Level {
    /// After how many milliseconds there is a whole token by refill alone. Where there is one but for holds, at most a
    /// second: they are settled sooner.
    #[must_use]
    pub fn wait_ms(&self, policy: &Policy) -> u64 {
        let (unit_us, unit_micro_tokens) = policy.refill_unit();
        let missing = MICRO_TOKENS_PER_TOKEN.saturating_sub(self.free_micro_tokens).max(0).unsigned_abs();
        let units = missing.div_ceil(unit_micro_tokens.unsigned_abs());
        let by_refill = units.saturating_mul(unit_us.unsigned_abs()).div_ceil(1_000);
        if self.micro_tokens >= MICRO_TOKENS_PER_TOKEN { by_refill.min(HOLD_WAIT_MS) } else { by_refill }
    }
}

/// After how long to try again where only a hold is in the way.
const HOLD_WAIT_MS: u64 = 1_000;

/// What became of a wish for tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// Millionths of a token that are held now; 0 where there was no whole one.
    pub granted: i64,
    /// What there was before.
    pub level: Level,
}

/// Why a store of buckets did not answer: whether it did what it was asked is then unknown.
#[derive(Debug, thiserror::Error)]
pub enum BucketsError {
    /// Redis.
    #[error(transparent)]
    Redis(#[from] RedisError),
    /// PostgreSQL.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Neither yes nor no in time.
    #[error("the store of the buckets did not answer within {0} ms")]
    Slow(u128),
}

/// A store of buckets that replicas share. A bucket that it does not know is full.
#[tonic::async_trait]
pub trait Buckets: fmt::Debug + Send + Sync + 'static {
    /// Holds tokens, if there is a whole one. The last hold may lead into debt.
    ///
    /// # Errors
    /// If the store cannot be reached. What was held all the same is charged at the end of the hold.
    async fn hold(&self, bucket: &Bucket, wanted: &Wanted, at: &Moment) -> Result<Held, BucketsError>;

    /// Ends a hold and charges `cost` millionths in its place; nothing where it was settled or charged already. Without a
    /// hold it charges in any case. A negative cost is paid back, up to the capacity; 0 only looks.
    ///
    /// # Errors
    /// If the store cannot be reached.
    async fn settle(&self, bucket: &Bucket, hold: Option<Uuid>, cost: i64, at: &Moment) -> Result<Level, BucketsError>;
}
