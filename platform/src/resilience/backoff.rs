//! How long to wait before another attempt.

use std::time::Duration;

/// Exponential pauses with full jitter: the n-th is anything between nothing and `base · 2ⁿ⁻¹`, and never longer than
/// `longest`. Those who failed together then do not come back together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backoff {
    /// The bound of the first pause.
    pub base: Duration,
    /// The bound of every pause, and the longest that we let ourselves be told to wait.
    pub longest: Duration,
}

impl Backoff {
    /// The pause before the attempt after attempt number `attempt` (the first is 1). `roll` is any random number: the
    /// pause is its share of the bound. `told` is what the other side asked for (`Retry-After`): the pause is then at
    /// least that long, and `None` when that is more than `longest`: whoever asks for that much is not asked again.
    #[must_use]
    pub fn pause(&self, attempt: u32, roll: u64, told: Option<Duration>) -> Option<Duration> {
        let doublings = attempt.saturating_sub(1).min(31);
        let bound = self.base.saturating_mul(1 << doublings).min(self.longest);
        let bound_ns = u64::try_from(bound.as_nanos()).unwrap_or(u64::MAX);
        // The upper 64 bits of the product: uniform over the bound, without a division.
        let share_ns = (u128::from(bound_ns) * u128::from(roll)) >> 64;
        let jittered = Duration::from_nanos(u64::try_from(share_ns).unwrap_or(bound_ns));
        match told {
            Some(told) if told > self.longest => None,
            Some(told) => Some(told.saturating_add(jittered).min(self.longest).max(told)),
            None => Some(jittered),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BACKOFF: Backoff = Backoff { base: Duration::from_millis(100), longest: Duration::from_secs(2) };

    #[test]
    fn bounds_double_up_to_the_longest() {
        let longest = |attempt| BACKOFF.pause(attempt, u64::MAX, None).unwrap().as_millis();
        assert_eq!([1, 2, 3, 5, 6, 40, u32::MAX].map(longest), [99, 199, 399, 1599, 1999, 1999, 1999]);
        assert_eq!(BACKOFF.pause(9, 0, None), Some(Duration::ZERO));
    }

    #[test]
    fn rolls_are_spread_evenly_over_the_bound() {
        let step = u64::MAX / 1_000;
        let sum: u128 = (0..1_000).map(|k| BACKOFF.pause(2, k * step, None).unwrap().as_micros()).sum();
        let mean_us = sum / 1_000;
        assert!((99_000..=101_000).contains(&mean_us), "{mean_us}");
    }

    #[test]
    fn what_the_other_side_asks_for_is_honoured_or_ends_the_attempts() {
        let told = |seconds| Some(Duration::from_secs(seconds));
        for roll in [0, 1 << 40, u64::MAX] {
            let pause = BACKOFF.pause(1, roll, told(1)).unwrap();
            assert!((Duration::from_secs(1)..=Duration::from_millis(1_100)).contains(&pause), "{pause:?}");
            assert_eq!(BACKOFF.pause(1, roll, told(2)), told(2));
            assert_eq!(BACKOFF.pause(1, roll, told(3)), None);
        }
    }

    #[test]
    fn absurd_settings_do_not_overflow() {
        let absurd = Backoff { base: Duration::MAX, longest: Duration::MAX };
        assert!(absurd.pause(u32::MAX, u64::MAX, Some(Duration::MAX)).is_some());
    }
}
