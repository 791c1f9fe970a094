//! Level 2: Redis, shared by every process.

use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use platform::redis::Redis;

use super::LevelError;
use super::codec::{self, FETCHED_AT, HEAD, MAGIC};
use super::key::CacheKey;
use crate::domain::entry::Entry;

/// How long an entry stays at most.
const STAYS: TimeDelta = TimeDelta::days(7);
/// The largest value that is written, and read: whatever somebody puts there, no more of it is taken.
const VALUE_BYTES_MAX: usize = 8 << 20;

/// Writes a value unless one that was fetched later is there. Whatever is no value of ours is replaced.
/// Microseconds since 1970 are exact in a Lua number until the year 2255.
const KEEP: &str = "
local head = redis.pcall('GETRANGE', KEYS[1], 0, tonumber(ARGV[4]))
if type(head) == 'string' and #head > tonumber(ARGV[4]) and string.sub(head, 1, 4) == ARGV[3] then
  local at = tonumber(ARGV[5])
  if struct.unpack('>i8', string.sub(head, at, at + 7)) > struct.unpack('>i8', string.sub(ARGV[1], at, at + 7)) then
    return 0
  end
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1";

/// Level 2.
#[derive(Debug)]
pub struct Shared {
    redis: Redis,
    deadline: Duration,
}

impl Shared {
    /// One that is looked into within a deadline.
    pub fn new(redis: Redis, deadline: Duration) -> Self {
        Self { redis, deadline }
    }

    /// What is kept under a key.
    pub async fn get(&self, key: &CacheKey) -> Result<Option<Entry>, LevelError> {
        let text = key.to_string();
        // As GET, but bounded: a key that is absent reads as empty, and no value of ours is.
        let mut command = redis::cmd("GETRANGE");
        command.arg(&text).arg(0).arg(VALUE_BYTES_MAX);
        let value: Bytes = within(self.deadline, self.redis.query(&command)).await?;
        if value.is_empty() {
            return Ok(None);
        }
        match codec::decode(&text, &value) {
            Ok(entry) => Ok(Some(entry)),
            Err(reason) => {
                // What cannot be read cannot be compared either: it must not keep a good value out.
                within(self.deadline, self.redis.query::<()>(redis::cmd("UNLINK").arg(&text))).await?;
                Err(LevelError::Corrupt(reason))
            }
        }
    }

    /// Keeps an entry until its `keep_until`, seven days at most, unless a newer one is there. One that is too large
    /// or over already is left out.
    pub async fn put(&self, key: &CacheKey, entry: &Entry, now: DateTime<Utc>) -> Result<(), LevelError> {
        let stays_ms = (entry.keep_until - now).min(STAYS).num_milliseconds();
        if stays_ms < 1 || entry.body.len() > VALUE_BYTES_MAX - HEAD {
            return Ok(());
        }
        let text = key.to_string();
        let value = codec::encode(&text, entry);
        let mut command = redis::cmd("EVAL");
        command.arg(KEEP).arg(1).arg(&text);
        // Lua counts from one, and the end of a range is within it.
        command.arg(&value[..]).arg(stays_ms).arg(&MAGIC[..]).arg(HEAD - 1).arg(FETCHED_AT + 1);
        // Nobody waits for it: the connection's own deadline is enough.
        Ok(self.redis.query::<()>(&command).await?)
    }
}

async fn within<T>(
    deadline: Duration,
    query: impl Future<Output = Result<T, platform::redis::RedisError>>,
) -> Result<T, LevelError> {
    match tokio::time::timeout(deadline, query).await {
        Ok(answer) => Ok(answer?),
        Err(_) => Err(LevelError::Slow(deadline.as_millis())),
    }
}
