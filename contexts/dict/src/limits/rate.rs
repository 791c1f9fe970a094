//! How often somebody may ask this process: the generic cell rate algorithm (ITU-T I.371), one number for each.

use std::hash::{BuildHasher, Hash, RandomState};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use moka::sync::Cache;

/// How many are told apart at once; whoever was not seen for longest is forgotten, and starts afresh.
const WHO_MAX: u64 = 100_000;

/// Too often.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooOften {
    /// When it may be asked again, in milliseconds; at least 1.
    pub retry_after_ms: u64,
}

/// So many requests a second for each one who asks, in this process. Who that is, is kept as a number that only this
/// process can make. The clock is the steady one: setting the machine's back changes nothing.
#[derive(Debug)]
pub struct Rate {
    interval_ns: u64,
    tolerance_ns: u64,
    /// For each, when its next request is due at an even pace, in nanoseconds since `began`.
    due_ns: Cache<u64, Arc<AtomicU64>>,
    hasher: RandomState,
    began: Instant,
}

impl Rate {
    /// `per_second` (at least 1) in the long run, after a pause `burst` (at least 1) at once.
    #[must_use]
    pub fn new(per_second: u32, burst: u32) -> Self {
        let interval = Duration::from_secs(1) / per_second.max(1);
        let tolerance = interval.saturating_mul(burst.max(1) - 1);
        // Whoever was away for as long has their burst again, so nothing is lost with them.
        let idle = tolerance.max(Duration::from_secs(60));
        Self {
            interval_ns: nanoseconds(interval),
            tolerance_ns: nanoseconds(tolerance),
            due_ns: Cache::builder().max_capacity(WHO_MAX).time_to_idle(idle).build(),
            hasher: RandomState::new(),
            began: Instant::now(),
        }
    }

    /// Counts a request of `who`.
    ///
    /// # Errors
    /// If there were too many; it is not counted then.
    pub fn take(&self, who: impl Hash) -> Result<(), TooOften> {
        self.take_at(who, nanoseconds(self.began.elapsed()))
    }

    fn take_at(&self, who: impl Hash, now_ns: u64) -> Result<(), TooOften> {
        let due_ns = self.due_ns.get_with(self.hasher.hash_one(who), Arc::default);
        let taken = due_ns.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |due_ns| {
            let due_ns = due_ns.max(now_ns);
            (due_ns - now_ns <= self.tolerance_ns).then(|| due_ns.saturating_add(self.interval_ns))
        });
        match taken {
            Ok(_) => Ok(()),
            Err(due_ns) => {
                let wait_ns = due_ns.saturating_sub(self.tolerance_ns).saturating_sub(now_ns);
                Err(TooOften { retry_after_ms: wait_ns.div_ceil(1_000_000).max(1) })
            }
        }
    }
}

fn nanoseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: u64 = 1_000_000_000;

    #[test]
    fn each_has_its_burst_and_then_its_pace() {
        let rate = Rate::new(1_000, 1_000);
        for request in 0..1_000 {
            assert_eq!(rate.take_at("a", 0), Ok(()), "request {request}");
        }
        assert_eq!(rate.take_at("a", 0), Err(TooOften { retry_after_ms: 1 }));
        assert_eq!(rate.take_at("b", 0), Ok(()), "another has its own");
        assert_eq!(rate.take_at("a", SECOND / 1_000), Ok(()));
        assert!(rate.take_at("a", SECOND / 1_000).is_err());
        let later = (0..2_000).filter(|_| rate.take_at("a", 10 * SECOND).is_ok()).count();
        assert_eq!(later, 1_000, "a pause gives the burst back, and no more");
    }

    #[test]
    fn who_is_too_often_is_told_when() {
        let rate = Rate::new(2, 1);
        assert_eq!(rate.take_at("a", 0), Ok(()));
        assert_eq!(rate.take_at("a", SECOND / 10), Err(TooOften { retry_after_ms: 400 }));
        assert_eq!(rate.take_at("a", SECOND / 2), Ok(()));
    }
}
