//! Level 1: memory of this process, bounded in bytes and in time.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use chrono::{DateTime, Utc};
use moka::ops::compute::{CompResult, Op};
use moka::sync::Cache;

use super::key::CacheKey;
use crate::domain::entry::Entry;
use crate::telemetry::CacheMetrics;

/// How long an entry stays at most, by the machine's steady clock; whether it is fresh is the [`Entry`]'s word.
const STAYS: Duration = Duration::from_secs(300);
/// What an entry costs besides its body: the digest, the times, and what the cache's tables, queues and sketch keep of
/// it. An estimate on the safe side.
const OVERHEAD_BYTES: u32 = 512;
/// Bytes after whose insertion the bound is enforced, and not only when the cache gets round to it.
const SETTLE_BYTES: u64 = 1 << 20;

/// Level 1.
#[derive(Debug)]
pub struct Memory {
    entries: Cache<[u8; 32], Entry>,
    unsettled_bytes: AtomicU64,
    metrics: CacheMetrics,
}

fn weight(entry: &Entry) -> u32 {
    u32::try_from(entry.body.len()).unwrap_or(u32::MAX).saturating_add(OVERHEAD_BYTES)
}

impl Memory {
    /// An empty one that holds at most so many bytes.
    pub fn new(bytes_max: u64, metrics: CacheMetrics) -> Self {
        let gone = metrics.clone();
        let entries = Cache::builder()
            .max_capacity(bytes_max)
            .weigher(|_, entry| weight(entry))
            .time_to_live(STAYS)
            .eviction_listener(move |_, entry, cause| {
                gone.size_bytes.dec_by(weight(&entry).into());
                if cause.was_evicted() {
                    gone.evictions.inc();
                }
            })
            .build();
        Self { entries, unsettled_bytes: AtomicU64::new(0), metrics }
    }

    /// What is kept under a key, fresh or not. No allocation, no text.
    pub fn get(&self, key: &CacheKey) -> Option<Entry> {
        self.entries.get(key.digest())
    }

    /// Keeps an entry, unless a newer one is there that is of use at `now`.
    pub fn put(&self, key: &CacheKey, entry: &Entry, now: DateTime<Utc>) {
        let bytes = weight(entry);
        // One look and one write as one step: of two that come at once the newer stays.
        let put = self.entries.entry_by_ref(key.digest()).and_compute_with(|kept| {
            let newer =
                |kept: &Entry| kept.fetched_at > entry.fetched_at && (kept.is_fresh(now) || kept.is_usable(now));
            if kept.is_some_and(|kept| newer(kept.value())) {
                return Op::Nop;
            }
            self.metrics.size_bytes.inc_by(bytes.into());
            Op::Put(entry.clone())
        });
        let was_put = matches!(put, CompResult::Inserted(_) | CompResult::ReplacedWith(_));
        if was_put && self.unsettled_bytes.fetch_add(bytes.into(), Ordering::Relaxed) >= SETTLE_BYTES {
            self.settle();
        }
    }

    /// Removes now what is too much or too old.
    pub fn settle(&self) {
        self.unsettled_bytes.store(0, Ordering::Relaxed);
        self.entries.run_pending_tasks();
    }

    /// Forgets everything.
    pub fn clear(&self) {
        self.entries.invalidate_all();
        self.settle();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;

    use bytes::Bytes;
    use chrono::TimeDelta;
    use prometheus_client::registry::Registry;

    use super::*;
    use crate::domain::entry::EntryKind;
    use crate::domain::parameter::Arguments;
    use crate::telemetry::GatewayMetrics;

    #[test]
    fn of_those_that_come_at_once_the_newest_stays() {
        const THREADS: i64 = 4;
        let memory = Memory::new(1 << 30, GatewayMetrics::register(&mut Registry::default()).cache);
        let barrier = Barrier::new(THREADS as usize);
        let entry = |second| {
            let at = DateTime::UNIX_EPOCH + TimeDelta::seconds(second);
            let (body, until) = (Bytes::from_static(b"{}"), DateTime::UNIX_EPOCH + TimeDelta::hours(1));
            Entry {
                kind: EntryKind::Found,
                body,
                fetched_at: at,
                source_time: at,
                fresh_until: until,
                keep_until: until,
            }
        };
        let key = |round: i64| CacheKey::new("a", "b", round.to_string(), &Arguments(serde_json::Map::new()));
        for round in 0..2_000 {
            let key = key(round);
            std::thread::scope(|scope| {
                for thread in 0..THREADS {
                    let (memory, barrier, key, entry) = (&memory, &barrier, &key, entry((round + thread) % THREADS));
                    scope.spawn(move || {
                        barrier.wait();
                        memory.put(key, &entry, DateTime::UNIX_EPOCH);
                    });
                }
            });
            assert_eq!(memory.get(&key), Some(entry(THREADS - 1)), "round {round}");
        }
        memory.settle();
        assert_eq!(memory.metrics.size_bytes.get(), 2_000 * i64::from(weight(&entry(0))));
    }
}
