//! Three levels of cache, asked one after the other; one call to the source however many ask.
//!
//! [`cascade::Cascade`] is the way in. A level that is gone or hangs is skipped and costs nothing after a moment; it
//! never fails a call. What is written to Redis and PostgreSQL is written behind the answer.

pub mod cascade;
mod codec;
mod flights;
mod key;
mod levels;
mod memory;
mod shared;
mod table;

use std::time::Duration;

use platform::postgres::StoreError;
use platform::redis::RedisError;

pub use flights::{FLIGHTS_MAX, FlightFailure};
pub use key::CacheKey;

/// What may be in memory, in bytes.
pub const MEMORY_BYTES: u64 = 100 << 20;

/// What PostgreSQL may hold, in bytes; the clean-up deletes the oldest beyond it.
pub const TABLE_BYTES: i64 = 2 << 30;

/// How long the levels may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadlines {
    /// A look into Redis.
    pub shared: Duration,
    /// A look into PostgreSQL.
    pub table: Duration,
    /// A write to PostgreSQL, behind the answer. One to Redis takes as long as its connection lets answers take
    /// ([`platform::redis::RedisSettings::answer`]).
    pub write: Duration,
}

impl Default for Deadlines {
    fn default() -> Self {
        Self { shared: Duration::from_millis(50), table: Duration::from_millis(250), write: Duration::from_secs(2) }
    }
}

/// Why a level did not do its part. The call goes on without it.
#[derive(Debug, thiserror::Error)]
enum LevelError {
    #[error(transparent)]
    Redis(#[from] RedisError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("no answer within {0} ms")]
    Slow(u128),
    #[error("what is kept there is no entry of this cache: {0}")]
    Corrupt(&'static str),
    #[error("too much is waiting to be written")]
    Crowded,
}

impl LevelError {
    /// Whether the level itself is in trouble, and not one value in it.
    fn is_outage(&self) -> bool {
        !matches!(self, LevelError::Corrupt(_) | LevelError::Crowded)
    }
}
