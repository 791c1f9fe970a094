//! Level 1: memory of this process, bounded in bytes and in time.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

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

    /// Keeps an entry, unless a newer one is there.
    pub fn put(&self, key: &CacheKey, entry: &Entry) {
        if self.entries.get(key.digest()).is_some_and(|kept| kept.fetched_at > entry.fetched_at) {
            return;
        }
        let bytes = weight(entry);
        self.metrics.size_bytes.inc_by(bytes.into());
        self.entries.insert(*key.digest(), entry.clone());
        if self.unsettled_bytes.fetch_add(bytes.into(), Ordering::Relaxed) >= SETTLE_BYTES {
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
