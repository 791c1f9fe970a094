//! Buckets in Redis: one script, one round trip.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use platform::random::hex;
use platform::redis::Redis;
use redis::Cmd;
use uuid::Uuid;

use super::{Bucket, Buckets, BucketsError, Held, Level, Moment, Wanted};
use crate::domain::bucket::MICRO_TOKENS_PER_TOKEN;

const SCRIPT: &str = include_str!("bucket.lua");
/// Beside the buckets: since when all that was counted is still in this Redis.
const KNOWN_SINCE: &str = "dict:buckets:known_since";
/// How long an answer may take.
pub const DEADLINE: Duration = Duration::from_millis(250);

/// Buckets in Redis. Its memory may be lost: a Redis that this process saw before, and that has forgotten so, is one whose
/// buckets start without tokens. (Where Redis and every process start anew at once, nobody knows; then they start full.)
/// A Redis that evicts keys makes full buckets of them: give it room, a bucket takes some 200 bytes for some hours.
#[derive(Debug)]
pub struct RedisBuckets {
    redis: Redis,
    deadline: Duration,
    /// Whether it ever answered this process.
    seen: AtomicBool,
}

impl RedisBuckets {
    /// Buckets in that Redis, which is to answer within `deadline` ([`DEADLINE`]).
    #[must_use]
    pub fn new(redis: Redis, deadline: Duration) -> Self {
        Self { redis, deadline, seen: AtomicBool::new(false) }
    }

    fn command(&self, bucket: &Bucket, hold: &[u8], at: &Moment) -> Cmd {
        let (unit_us, unit_micro_tokens) = bucket.policy.refill_unit();
        let mut command = redis::cmd("EVAL");
        command.arg(SCRIPT).arg(2).arg(format!("dict:bucket:{}", hex(&bucket.hash))).arg(KNOWN_SINCE);
        command.arg(at.now.timestamp_micros()).arg(bucket.policy.capacity * MICRO_TOKENS_PER_TOKEN);
        command.arg(unit_us).arg(unit_micro_tokens);
        command.arg(at.known_since.map_or(0, |moment| moment.timestamp_micros()));
        command.arg(u8::from(self.seen.load(Ordering::Relaxed))).arg(hold);
        command
    }

    async fn run(&self, command: &Cmd) -> Result<Held, BucketsError> {
        let answer = tokio::time::timeout(self.deadline, self.redis.query(command)).await;
        let (granted, micro_tokens, free_micro_tokens): (i64, i64, i64) =
            answer.map_err(|_| BucketsError::Slow(self.deadline.as_millis()))??;
        self.seen.store(true, Ordering::Relaxed);
        Ok(Held { granted, level: Level { micro_tokens, free_micro_tokens } })
    }
}

#[tonic::async_trait]
impl Buckets for RedisBuckets {
    async fn hold(&self, bucket: &Bucket, wanted: &Wanted, at: &Moment) -> Result<Held, BucketsError> {
        let mut command = self.command(bucket, wanted.hold.as_bytes(), at);
        command.arg("hold").arg(wanted.least).arg(wanted.most).arg(wanted.held_until.timestamp_micros());
        self.run(&command).await
    }

    async fn settle(&self, bucket: &Bucket, hold: Option<Uuid>, cost: i64, at: &Moment) -> Result<Level, BucketsError> {
        let id = hold.as_ref().map_or(&[][..], |hold| hold.as_bytes());
        let mut command = self.command(bucket, id, at);
        command.arg("settle").arg(cost);
        Ok(self.run(&command).await?.level)
    }
}
