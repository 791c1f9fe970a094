//! The way in: memory, Redis, PostgreSQL, and then the source.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use deadpool_postgres::Pool;
use futures_util::FutureExt as _;
use platform::clock::Clock;
use platform::postgres::StoreError;
use platform::postgres::pool::QueryMetrics;
use platform::redis::Redis;
use tokio_util::task::TaskTracker;
use tracing::Instrument as _;

use super::flights::{FlightFailure, Flights};
use super::key::CacheKey;
use super::levels::Levels;
use super::memory::Memory;
use super::shared::Shared;
use super::table::Table;
use super::{Deadlines, MEMORY_BYTES, TABLE_BYTES};
use crate::domain::entry::{Entry, Level, Origin};
use crate::telemetry::CacheMetrics;

/// What a cascade is made of.
#[derive(Debug)]
pub struct CascadeParts {
    /// What memory may hold, in bytes: [`MEMORY_BYTES`].
    pub memory_bytes: u64,
    /// Level 2, where there is one.
    pub redis: Option<Redis>,
    /// Level 3 as `app_rw`, where there is one.
    pub table: Option<(Pool, QueryMetrics)>,
    /// What the table may hold, in bytes: [`TABLE_BYTES`].
    pub table_bytes: i64,
    /// What says whether an entry is fresh.
    pub clock: Arc<dyn Clock>,
    /// Where hits and misses are counted.
    pub metrics: CacheMetrics,
    /// Where look-ups and writes behind answers run; a stop waits for them.
    pub tasks: TaskTracker,
    /// How long the levels may take.
    pub deadlines: Deadlines,
}

impl CascadeParts {
    /// Memory alone, with the usual bounds.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>, metrics: CacheMetrics, tasks: TaskTracker) -> Self {
        let (deadlines, memory_bytes, table_bytes) = (Deadlines::default(), MEMORY_BYTES, TABLE_BYTES);
        Self { memory_bytes, redis: None, table: None, table_bytes, clock, metrics, tasks, deadlines }
    }
}

/// The cache of answers. `E` is what fetching one may fail with; everybody who waits for it gets a clone.
#[derive(Debug)]
pub struct Cascade<E> {
    levels: Arc<Levels>,
    flights: Flights<Result<(Entry, Origin), E>>,
}

impl<E> Cascade<E>
where
    E: Clone + Send + Sync + From<FlightFailure> + 'static,
{
    /// An empty memory above the levels of `parts`.
    #[must_use]
    pub fn new(parts: CascadeParts) -> Self {
        let CascadeParts { memory_bytes, redis, table, table_bytes, clock, metrics, tasks, deadlines } = parts;
        let memory = Memory::new(memory_bytes, metrics.clone());
        let shared = redis.map(|redis| Shared::new(redis, deadlines.shared));
        let table = table.map(|(pool, queries)| Table::new(pool, queries, deadlines, table_bytes));
        let levels = Levels::new(memory, (shared, table), clock, metrics, tasks.clone());
        Self { levels: Arc::new(levels), flights: Flights::new(tasks) }
    }

    /// What memory holds under a key, if it is fresh. Nothing is allocated, nobody is asked.
    #[must_use]
    pub fn get(&self, key: &CacheKey) -> Option<Entry> {
        self.levels.in_memory(key)
    }

    /// The answer under a key, from the first level that has a fresh one, else from the source.
    ///
    /// However many ask for one key at once, `fetch` of one of them runs, once; it must end by itself within its
    /// deadline. It goes on in a task of its own when its caller hangs up (drops this future; do not keep it unpolled,
    /// others may wait for it). What it answers is kept unless it is over already; what it fails with, never. Where it fails and a level has an answer that may still be given, that is given as
    /// [`Origin::Stale`].
    ///
    /// # Errors
    /// What `fetch` fails with, or a [`FlightFailure`].
    pub async fn get_or_fetch(
        &self,
        key: &CacheKey,
        fetch: impl Future<Output = Result<Entry, E>> + Send + 'static,
    ) -> Result<(Entry, Origin), E> {
        match self.get(key) {
            Some(entry) => Ok((entry, Origin::Hit(Level::L1))),
            None => self.fetch(key, fetch).await,
        }
    }

    /// The same for a caller whose [`Self::get`] has just found nothing: the memory is not counted as asked again.
    ///
    /// # Errors
    /// As [`Self::get_or_fetch`].
    pub async fn fetch(
        &self,
        key: &CacheKey,
        fetch: impl Future<Output = Result<Entry, E>> + Send + 'static,
    ) -> Result<(Entry, Origin), E> {
        let flown = self.flights.join(key, || look_up(Arc::clone(&self.levels), key.clone(), fetch)).await;
        flown.unwrap_or_else(|failure| Err(failure.into()))
    }

    /// Removes what is of no use at `now` from memory and from the table, and the oldest of the table where it holds too
    /// much. Returns how many rows went. One call deletes only so much, so that it ends soon when its caller is to stop:
    /// call it again until it returns 0.
    ///
    /// # Errors
    /// When PostgreSQL cannot be asked.
    pub async fn cleanup(&self, now: DateTime<Utc>) -> Result<u64, StoreError> {
        self.levels.memory.settle();
        match self.levels.table() {
            Some(table) => table.cleanup(now).await,
            None => Ok(0),
        }
    }

    /// Forgets what memory holds, for tests and measurements; the other levels keep theirs.
    pub fn forget_memory(&self) {
        self.levels.memory.clear();
    }
}

/// Asks the levels below memory, then the source.
async fn look_up<E: From<FlightFailure>>(
    levels: Arc<Levels>,
    key: CacheKey,
    fetch: impl Future<Output = Result<Entry, E>>,
) -> Result<(Entry, Origin), E> {
    let span = tracing::info_span!("cache_look_up", connector = key.connector(), endpoint = key.endpoint());
    async {
        let now = levels.clock.now();
        // Memory again: another look-up may have ended since the caller's own look.
        let mut stale = levels.memory.get(&key);
        if let Some(entry) = stale.take_if(|entry| entry.is_fresh(now)) {
            return Ok((entry, Origin::Hit(Level::L1)));
        }
        let mut some_rest = levels.some_rest();
        if let Some(entry) = levels.in_shared(&key, now).await {
            if entry.is_fresh(now) {
                promote(&levels, Level::L2, &key, &entry, now);
                return Ok((entry, Origin::Hit(Level::L2)));
            }
            stale = better(stale, entry, now);
        }
        if let Some(entry) = levels.in_table(&key, now).await {
            if entry.is_fresh(now) {
                promote(&levels, Level::L3, &key, &entry, now);
                return Ok((entry, Origin::Hit(Level::L3)));
            }
            stale = better(stale, entry, now);
        }
        some_rest |= levels.some_rest();
        let fetched = AssertUnwindSafe(fetch).catch_unwind().instrument(tracing::info_span!("fetch")).await;
        match fetched.unwrap_or_else(|_| Err(FlightFailure::Abandoned.into())) {
            Ok(entry) => Ok((keep(&levels, &key, entry, stale.as_ref()), Origin::Miss)),
            Err(error) => {
                // The time may have come meanwhile: a source can take long to fail.
                let now = levels.clock.now();
                let mut entry = stale.filter(|entry| entry.is_usable(now));
                if entry.is_none() && some_rest {
                    entry = levels.last_resort(&key, now).await;
                }
                let entry = entry.ok_or(error)?;
                if levels.memory.get(&key).is_none_or(|kept| !kept.is_usable(now)) {
                    // So that it can still be given when the level that it came from fails as well.
                    levels.memory.put(&key, &entry, now);
                }
                Ok((entry, Origin::Stale))
            }
        }
    }
    .instrument(span)
    .await
}

/// The one that may be answered when the source fails; of two, the one that was fetched later.
fn better(kept: Option<Entry>, entry: Entry, now: DateTime<Utc>) -> Option<Entry> {
    let rank = |entry: &Entry| (entry.is_usable(now), entry.fetched_at);
    match kept {
        Some(kept) if rank(&kept) >= rank(&entry) => Some(kept),
        _ => Some(entry),
    }
}

/// Keeps what was found in a level in those above it.
fn promote(levels: &Arc<Levels>, from: Level, key: &CacheKey, entry: &Entry, now: DateTime<Utc>) {
    levels.memory.put(key, entry, now);
    if from == Level::L3 {
        levels.write_shared(key, entry);
    }
    levels.metrics.promotions.inc();
}

/// Keeps what the source answered in every level, unless it is over already; in memory alone, for its own short time,
/// where it may not replace the `older` one that the others hold.
fn keep(levels: &Arc<Levels>, key: &CacheKey, entry: Entry, older: Option<&Entry>) -> Entry {
    if entry.fresh_until <= entry.fetched_at {
        return entry;
    }
    // A body may be a small part of a large buffer, which would be kept whole and counted as small.
    let entry = Entry { body: Bytes::copy_from_slice(&entry.body), ..entry };
    let now = levels.clock.now();
    levels.memory.put(key, &entry, now);
    if older.is_none_or(|older| entry.may_replace(older, now)) {
        levels.write_shared(key, &entry);
        levels.write_table(key, &entry);
    }
    entry
}
