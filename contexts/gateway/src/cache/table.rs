//! Level 3: a table of PostgreSQL, which outlives every process.

use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use deadpool_postgres::{Object, Pool};
use gateway_queries::client::Params;
use gateway_queries::queries::response_cache::{
    CachedResponse, KeepResponseParams, cached_response, cleanup_expired, cleanup_oversized, keep_response,
};
use platform::postgres::StoreError;
use platform::postgres::pool::QueryMetrics;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::key::CacheKey;
use super::{Deadlines, LevelError};
use crate::domain::entry::{Entry, EntryKind};

/// Connections that the cache uses at once: the pool is there for others too.
const CONNECTIONS_MAX: usize = 8;
/// Rows deleted by one statement, so that no lock is held for long.
const CLEANUP_ROWS: i32 = 10_000;
/// Rounds of one clean-up, so that a caller who is to stop need not wait long; the next goes on where it ended.
const CLEANUP_ROUNDS: usize = 10;
/// The largest body that is kept, as in Redis.
const BODY_BYTES_MAX: usize = 8 << 20;

/// Level 3.
#[derive(Debug)]
pub struct Table {
    pool: Pool,
    queries: QueryMetrics,
    places: Semaphore,
    deadlines: Deadlines,
    bytes_max: i64,
}

impl Table {
    /// One whose clean-up leaves at most so many bytes.
    pub fn new(pool: Pool, queries: QueryMetrics, deadlines: Deadlines, bytes_max: i64) -> Self {
        Self { pool, queries, places: Semaphore::new(CONNECTIONS_MAX), deadlines, bytes_max }
    }

    /// What is kept under a key and not over.
    pub async fn get(&self, key: &CacheKey, now: DateTime<Utc>) -> Result<Option<Entry>, LevelError> {
        let text = key.to_string();
        let row = self
            .within(self.deadlines.table, async |client| {
                let asked = async { cached_response().bind(client, &text, &now).opt().await };
                self.queries.timed("gateway.cached_response", asked).await
            })
            .await?;
        row.map(entry).transpose()
    }

    /// Keeps an entry, unless a newer one is there.
    pub async fn put(&self, key: &CacheKey, entry: &Entry) -> Result<(), LevelError> {
        if entry.body.len() > BODY_BYTES_MAX {
            return Ok(());
        }
        let text = key.to_string();
        let row = KeepResponseParams {
            cache_key: text.as_str(),
            connector: key.connector(),
            endpoint: key.endpoint(),
            kind: entry.kind.name(),
            body: &entry.body[..],
            fetched_at: entry.fetched_at,
            source_time: entry.source_time,
            fresh_until: entry.fresh_until,
            keep_until: entry.keep_until.max(entry.fresh_until),
        };
        self.within(self.deadlines.write, async |client| {
            let asked = async { keep_response().params(client, &row).opt().await };
            self.queries.timed("gateway.keep_response", asked).await
        })
        .await
        .map(drop)
    }

    /// Deletes some of what is of no use at `now`, and of the oldest where there is too much. Returns how many rows; at
    /// zero nothing is left to delete.
    pub async fn cleanup(&self, now: DateTime<Utc>) -> Result<u64, StoreError> {
        let mut deleted = 0;
        for _ in 0..CLEANUP_ROUNDS {
            let client = self.pool.get().await?;
            let asked = async { cleanup_expired().bind(&client, &now, &CLEANUP_ROWS).one().await };
            let expired = self.queries.timed("gateway.cleanup_expired", asked).await?;
            let asked = async { cleanup_oversized().bind(&client, &self.bytes_max, &CLEANUP_ROWS).one().await };
            let oversized = self.queries.timed("gateway.cleanup_oversized", asked).await?;
            deleted += expired.unsigned_abs() + oversized.unsigned_abs();
            if expired.max(oversized) < i64::from(CLEANUP_ROWS) {
                break;
            }
        }
        Ok(deleted)
    }

    /// Runs one statement on a connection of its own, all within a deadline. A connection whose statement did not end
    /// in time is not handed on: the next one's would wait behind it.
    async fn within<T>(
        &self,
        deadline: Duration,
        statement: impl AsyncFnOnce(&Object) -> Result<T, tokio_postgres::Error>,
    ) -> Result<T, LevelError> {
        let began = std::time::Instant::now();
        let slow = || LevelError::Slow(deadline.as_millis());
        let entering = async {
            let place = self.places.acquire().await.map_err(|_| LevelError::Crowded)?;
            let client = self.pool.get().await.map_err(StoreError::from)?;
            Ok::<_, LevelError>((place, client))
        };
        let (_place, client) = timeout(deadline, entering).await.map_err(|_| slow())??;
        let left = deadline.saturating_sub(began.elapsed());
        match timeout(left, statement(&client)).await {
            Ok(answer) => Ok(answer.map_err(StoreError::from)?),
            Err(_) => {
                drop(Object::take(client));
                Err(slow())
            }
        }
    }
}

fn entry(row: CachedResponse) -> Result<Entry, LevelError> {
    let kind = match row.kind.as_str() {
        "found" => EntryKind::Found,
        "empty" => EntryKind::Empty,
        "missing" => EntryKind::Missing,
        _ => return Err(LevelError::Corrupt("its kind is unknown")),
    };
    Ok(Entry {
        kind,
        body: Bytes::from(row.body),
        fetched_at: row.fetched_at,
        source_time: row.source_time,
        fresh_until: row.fresh_until,
        keep_until: row.keep_until,
    })
}
