//! The levels as the cascade sees them: asked within their time, left alone while they fail, counted.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use platform::clock::Clock;
use platform::resilience::breaker::{Breaker, BreakerState};
use tokio::sync::Semaphore;
use tokio_util::task::TaskTracker;
use tracing::Instrument as _;

use super::LevelError;
use super::key::CacheKey;
use super::memory::Memory;
use super::shared::Shared;
use super::table::Table;
use crate::domain::entry::{Entry, Level};
use crate::telemetry::CacheMetrics;

/// Failures in a row that make us leave a level alone, and for how long.
const FAILURES: u32 = 3;
const REST: Duration = Duration::from_secs(1);
/// What may wait to be written, in units of [`UNIT_BYTES`]: 64 MiB. More is not written, and counted as an error.
const WAITING_UNITS: u32 = 64 << 10;
const UNIT_BYTES: usize = 1 << 10;

/// A level that may be absent, and its breaker.
#[derive(Debug)]
pub struct Remote<T> {
    store: Option<T>,
    breaker: Breaker,
    /// From the first time that it was left alone until it answers: an outage is told once.
    is_out: AtomicBool,
}

impl<T> Remote<T> {
    pub fn new(store: Option<T>) -> Self {
        Self { store, breaker: Breaker::new(FAILURES, REST), is_out: AtomicBool::new(false) }
    }

    fn rests(&self) -> bool {
        self.store.is_some() && self.breaker.state() != BreakerState::Closed
    }

    fn left_alone(&self, level: Level, error: &LevelError) {
        let level = level.name();
        if self.is_out.swap(true, Ordering::Relaxed) {
            tracing::debug!(level, %error, "a level of the cache still fails");
        } else {
            tracing::warn!(level, %error, "a level of the cache fails; working without it until it answers again");
        }
    }

    fn answers_again(&self, level: Level) {
        self.is_out.store(false, Ordering::Relaxed);
        tracing::info!(level = level.name(), "a level of the cache answers again");
    }
}

/// All three, and what is written behind answers.
#[derive(Debug)]
pub struct Levels {
    pub memory: Memory,
    pub shared: Remote<Shared>,
    pub table: Remote<Table>,
    pub clock: Arc<dyn Clock>,
    pub metrics: CacheMetrics,
    pub writes: TaskTracker,
    waiting: Arc<Semaphore>,
}

impl Levels {
    pub fn new(
        memory: Memory,
        stores: (Option<Shared>, Option<Table>),
        clock: Arc<dyn Clock>,
        metrics: CacheMetrics,
        writes: TaskTracker,
    ) -> Self {
        let (shared, table) = (Remote::new(stores.0), Remote::new(stores.1));
        let waiting = Arc::new(Semaphore::new(WAITING_UNITS as usize));
        Self { memory, shared, table, clock, metrics, writes, waiting }
    }

    /// What memory holds under a key, if it is fresh; counted.
    pub fn in_memory(&self, key: &CacheKey) -> Option<Entry> {
        let began = Instant::now();
        let fresh = self.memory.get(key).filter(|entry| entry.is_fresh(self.clock.now()));
        let metrics = self.metrics.level(Level::L1);
        match &fresh {
            Some(_) => metrics.hit(began.elapsed()),
            None => metrics.miss(began.elapsed()),
        }
        fresh
    }

    /// What Redis holds under a key.
    pub async fn in_shared(&self, key: &CacheKey, now: DateTime<Utc>) -> Option<Entry> {
        let span = tracing::debug_span!("cache", level = "L2");
        self.read(Level::L2, &self.shared, now, async |shared| shared.get(key).await).instrument(span).await
    }

    /// What PostgreSQL holds under a key.
    pub async fn in_table(&self, key: &CacheKey, now: DateTime<Utc>) -> Option<Entry> {
        let span = tracing::debug_span!("cache", level = "L3");
        self.read(Level::L3, &self.table, now, async |table| table.get(key, now).await).instrument(span).await
    }

    /// Whether a level is left alone, so that a look-up may not have asked it.
    pub fn some_rest(&self) -> bool {
        self.shared.rests() || self.table.rests()
    }

    /// What Redis or PostgreSQL hold, whether they are left alone or not: for when the source fails, and theirs is the
    /// only answer that there can be.
    pub async fn last_resort(&self, key: &CacheKey, now: DateTime<Utc>) -> Option<Entry> {
        if let Some(shared) = &self.shared.store
            && let Ok(Some(entry)) = shared.get(key).await
            && entry.is_usable(now)
        {
            return Some(entry);
        }
        match self.table.store.as_ref()?.get(key, now).await {
            Ok(entry) => entry.filter(|entry| entry.is_usable(now)),
            Err(error) => {
                tracing::debug!(%error, "no level of the cache could be asked for what the source does not say");
                None
            }
        }
    }

    async fn read<T>(
        &self,
        level: Level,
        remote: &Remote<T>,
        now: DateTime<Utc>,
        look: impl AsyncFnOnce(&T) -> Result<Option<Entry>, LevelError>,
    ) -> Option<Entry> {
        let began = Instant::now();
        let outcome = attempt(level, remote, look).await?;
        let metrics = self.metrics.level(level);
        match outcome {
            Ok(Some(entry)) if entry.is_fresh(now) => {
                metrics.hit(began.elapsed());
                Some(entry)
            }
            Ok(other) => {
                metrics.miss(began.elapsed());
                other
            }
            Err(error) => {
                metrics.error();
                metrics.miss(began.elapsed());
                tracing::debug!(level = level.name(), %error, "a level of the cache was skipped");
                None
            }
        }
    }

    /// Writes an entry to Redis, behind the answer.
    pub fn write_shared(self: &Arc<Self>, key: &CacheKey, entry: &Entry) {
        let (levels, key_of_task, entry_of_task) = (Arc::clone(self), key.clone(), entry.clone());
        self.write_behind(Level::L2, self.shared.store.is_some(), entry, async move {
            let (now, key, entry) = (levels.clock.now(), &key_of_task, &entry_of_task);
            let outcome = attempt(Level::L2, &levels.shared, async |shared| shared.put(key, entry, now).await).await;
            levels.written(Level::L2, outcome);
        });
    }

    /// Writes an entry to PostgreSQL, behind the answer.
    pub fn write_table(self: &Arc<Self>, key: &CacheKey, entry: &Entry) {
        let (levels, key_of_task, entry_of_task) = (Arc::clone(self), key.clone(), entry.clone());
        self.write_behind(Level::L3, self.table.store.is_some(), entry, async move {
            let (key, entry) = (&key_of_task, &entry_of_task);
            let outcome = attempt(Level::L3, &levels.table, async |table| table.put(key, entry).await).await;
            levels.written(Level::L3, outcome);
        });
    }

    fn write_behind(
        &self,
        level: Level,
        exists: bool,
        entry: &Entry,
        write: impl Future<Output = ()> + Send + 'static,
    ) {
        if !exists {
            return;
        }
        let units = u32::try_from(1 + entry.body.len() / UNIT_BYTES).unwrap_or(u32::MAX).min(WAITING_UNITS);
        let Ok(room) = Arc::clone(&self.waiting).try_acquire_many_owned(units) else {
            return self.written(level, Some(Err(LevelError::Crowded)));
        };
        let write = async move {
            write.await;
            drop(room);
        };
        self.writes.spawn(write.instrument(tracing::debug_span!("cache_write", level = level.name())));
    }

    fn written(&self, level: Level, outcome: Option<Result<(), LevelError>>) {
        if let Some(Err(error)) = outcome {
            self.metrics.level(level).error();
            tracing::debug!(level = level.name(), %error, "an answer was not written to a level of the cache");
        }
    }

    /// The table, for the clean-up.
    pub fn table(&self) -> Option<&Table> {
        self.table.store.as_ref()
    }
}

/// Asks a level unless it is absent or left alone, and remembers how it went.
async fn attempt<S, T>(
    level: Level,
    remote: &Remote<S>,
    ask: impl AsyncFnOnce(&S) -> Result<T, LevelError>,
) -> Option<Result<T, LevelError>> {
    let store = remote.store.as_ref()?;
    let permit = remote.breaker.admit(Instant::now()).ok()?;
    let outcome = ask(store).await;
    match &outcome {
        Err(error) if error.is_outage() => {
            if permit.failed(Instant::now()) == Some(BreakerState::Open) {
                remote.left_alone(level, error);
            }
        }
        _ => {
            if permit.succeeded() == Some(BreakerState::Closed) {
                remote.answers_again(level);
            }
        }
    }
    Some(outcome)
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::sync::Mutex;

    use platform::telemetry::logs::{LogFormat, LogOptions, subscriber};
    use prometheus_client::metrics::counter::Counter;

    use super::*;

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    /// Asks until it is let through so many times.
    async fn ask(remote: &Remote<()>, times: usize, answers: bool) {
        let mut asked = 0;
        while asked < times {
            let answer = async |(): &()| if answers { Ok(()) } else { Err(LevelError::Slow(250)) };
            asked += usize::from(attempt(Level::L3, remote, answer).await.is_some());
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    #[tokio::test]
    async fn an_outage_is_told_once_with_its_reason_and_so_is_its_end() {
        let options = LogOptions { service: "bgc".into(), level: "info".into(), format: LogFormat::Json };
        let lines = Lines::default();
        let clock = Arc::new(platform::clock::SystemClock);
        let (dispatch, guard) = subscriber(&options, clock, Box::new(lines.clone()), Counter::default()).unwrap();
        let remote = Remote::new(Some(()));
        {
            let _logs = tracing::dispatcher::set_default(&dispatch);
            // The last of these is the try after the first rest, which fails as well.
            ask(&remote, FAILURES as usize + 1, false).await;
            ask(&remote, 1, true).await;
            ask(&remote, FAILURES as usize, false).await;
        }
        drop(guard);
        let text = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
        let told: Vec<&str> = text.lines().collect();
        assert_eq!(told.len(), 3, "{text}");
        assert!(
            told[0].contains("a level of the cache fails") && told[0].contains("no answer within 250 ms"),
            "{text}"
        );
        assert!(told[1].contains("answers again") && told[2].contains("a level of the cache fails"), "{text}");
    }
}
