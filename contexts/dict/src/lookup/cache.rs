//! What the directory said of legal persons' keys, for as long as it may be kept (Manual Operacional do DICT, section 12):
//! at most 180 seconds, and no longer than its answer says. Natural persons' entries are never kept.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use moka::sync::Cache;

use crate::directory::FoundEntry;
use crate::domain::entry::Entry;
use crate::domain::owner::PersonType;
use crate::vault::Hash;

/// The longest that an answer is kept, in seconds.
const KEPT_SECONDS: u32 = 180;
/// How many answers are kept; each is about a kilobyte.
const ENTRIES_MAX: u64 = 20_000;

/// Answers of the directory, in memory of this process.
pub struct DirectoryCache {
    entries: Cache<Hash, Kept>,
    /// Keys that the directory is being asked for, and whether they changed since.
    asking: Mutex<HashMap<Hash, UnderWay>>,
}

#[derive(Clone)]
struct Kept {
    entry: Arc<Entry>,
    until: DateTime<Utc>,
}

#[derive(Default)]
struct UnderWay {
    questions: u32,
    changed: bool,
}

impl fmt::Debug for DirectoryCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DirectoryCache").field("entries", &self.entries.entry_count()).finish_non_exhaustive()
    }
}

impl Default for DirectoryCache {
    fn default() -> Self {
        // The steady clock ends them as well, whatever the other says.
        let kept = Duration::from_secs(KEPT_SECONDS.into());
        let entries = Cache::builder().max_capacity(ENTRIES_MAX).time_to_live(kept).build();
        Self { entries, asking: Mutex::default() }
    }
}

impl DirectoryCache {
    /// What is known of a key at `now`.
    #[must_use]
    pub fn get(&self, key_hash: &Hash, now: DateTime<Utc>) -> Option<Arc<Entry>> {
        let kept = self.entries.get(key_hash)?;
        (now < kept.until).then_some(kept.entry)
    }

    /// Says that the directory is about to be asked for a key, at `now`.
    #[must_use]
    pub fn asking(&self, key_hash: Hash, now: DateTime<Utc>) -> Asking<'_> {
        self.with_asking(|asking| asking.entry(key_hash).or_default().questions += 1);
        Asking { cache: self, key_hash, asked_at: now }
    }

    /// Forgets what is known of a key, and what is about to be: it changed.
    pub fn invalidate(&self, key_hash: &Hash) {
        self.with_asking(|asking| {
            if let Some(under_way) = asking.get_mut(key_hash) {
                under_way.changed = true;
            }
        });
        self.entries.invalidate(key_hash);
    }

    /// Forgets everything: what changed is not known.
    pub fn invalidate_all(&self) {
        self.with_asking(|asking| asking.values_mut().for_each(|under_way| under_way.changed = true));
        self.entries.invalidate_all();
    }

    fn with_asking<T>(&self, use_it: impl FnOnce(&mut HashMap<Hash, UnderWay>) -> T) -> T {
        use_it(&mut self.asking.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// A question to the directory that is under way.
pub struct Asking<'a> {
    cache: &'a DirectoryCache,
    key_hash: Hash,
    asked_at: DateTime<Utc>,
}

impl Asking<'_> {
    /// Keeps an answer, if it may be kept and the key did not change since the question.
    pub fn keep(self, found: &FoundEntry) {
        let seconds = found.cache_max_age_seconds.min(KEPT_SECONDS);
        let Entry { owner, blocked, .. } = &found.entry;
        if owner.person_type() != PersonType::Legal || *blocked || seconds == 0 {
            return;
        }
        let until = self.asked_at + TimeDelta::seconds(seconds.into());
        let kept = Kept { entry: Arc::new(found.entry.clone()), until };
        // Within the lock, so that a change comes before it or after it.
        self.cache.with_asking(|asking| {
            if asking.get(&self.key_hash).is_some_and(|under_way| !under_way.changed) {
                self.cache.entries.insert(self.key_hash, kept);
            }
        });
    }
}

impl Drop for Asking<'_> {
    fn drop(&mut self) {
        self.cache.with_asking(|asking| {
            if let Some(under_way) = asking.get_mut(&self.key_hash) {
                under_way.questions -= 1;
                if under_way.questions == 0 {
                    asking.remove(&self.key_hash);
                }
            }
        });
    }
}
