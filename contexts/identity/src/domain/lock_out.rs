//! How guessing is slowed: some tries are free, then each costs a pause that doubles.

use chrono::{DateTime, TimeDelta, Utc};

/// Tries are forgotten after this long without one.
pub const MEMORY: TimeDelta = TimeDelta::hours(24);

/// How many tries of one kind are free and how long the pauses after them are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schedule {
    /// Tries before the first pause.
    pub free_tries: i32,
    /// The first pause, in seconds; each later one is twice the one before.
    pub first_pause_s: i64,
    /// The longest pause, in seconds: nobody is locked out for ever.
    pub max_pause_s: i64,
}

/// Passwords for one e-mail, from places it was not signed in from before, or from one place where it was.
pub const SIGN_IN_EMAIL: Schedule = Schedule { free_tries: 5, first_pause_s: 30, max_pause_s: 900 };
/// Passwords for any e-mail from one address.
pub const SIGN_IN_ADDRESS: Schedule = Schedule { free_tries: 30, first_pause_s: 30, max_pause_s: 900 };
/// The current password of one who is signed in.
pub const CURRENT_PASSWORD: Schedule = Schedule { free_tries: 5, first_pause_s: 30, max_pause_s: 900 };
/// New accounts from one address.
pub const SIGN_UP_ADDRESS: Schedule = Schedule { free_tries: 20, first_pause_s: 60, max_pause_s: 3600 };
/// Mails to reset the password of one e-mail.
pub const RESET_EMAIL: Schedule = Schedule { free_tries: 3, first_pause_s: 60, max_pause_s: 3600 };
/// Mails to reset passwords, asked for from one address.
pub const RESET_ADDRESS: Schedule = Schedule { free_tries: 20, first_pause_s: 60, max_pause_s: 3600 };

/// What is remembered of the tries of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tries {
    /// How many there were.
    pub count: i32,
    /// When the last one was.
    pub last_at: DateTime<Utc>,
    /// No further one before this.
    pub locked_until: Option<DateTime<Utc>>,
}

impl Tries {
    /// None so far.
    #[must_use]
    pub const fn none(now: DateTime<Utc>) -> Self {
        Self { count: 0, last_at: now, locked_until: None }
    }
}

/// There were too many tries; the next may be made after this long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Locked(pub TimeDelta);

impl Schedule {
    /// Takes one try at `now`. It is counted before anybody knows whether it is right, so that many at once
    /// count like one after the other; a right one is given back afterwards.
    ///
    /// # Errors
    /// If it may not be made yet; then nothing changes, so a lock never grows while it lasts.
    pub fn take(&self, tries: Tries, now: DateTime<Utc>) -> Result<Tries, Locked> {
        if let Some(until) = tries.locked_until.filter(|until| *until > now) {
            return Err(Locked(until - now));
        }
        let count = if now - tries.last_at >= MEMORY { 1 } else { tries.count.saturating_add(1) };
        Ok(Tries { count, last_at: now, locked_until: self.pause(count).map(|pause| now + pause) })
    }

    /// The pause after the `count`th try.
    fn pause(&self, count: i32) -> Option<TimeDelta> {
        let doublings = u32::try_from(count.checked_sub(self.free_tries)?).ok()?;
        let pause_s = 1_i64.checked_shl(doublings.min(62)).and_then(|factor| self.first_pause_s.checked_mul(factor));
        Some(TimeDelta::seconds(pause_s.unwrap_or(self.max_pause_s).min(self.max_pause_s)))
    }
}

/// The seconds of `Retry-After`: whole ones, at least one.
#[must_use]
pub fn retry_after_s(wait: TimeDelta) -> i64 {
    let whole = wait.num_seconds();
    (if wait > TimeDelta::seconds(whole) { whole + 1 } else { whole }).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn noon() -> DateTime<Utc> {
        DateTime::from_timestamp(1_742_040_000, 0).unwrap()
    }

    #[test]
    fn five_are_free_and_pauses_double_to_a_quarter_of_an_hour() {
        let (mut tries, mut now, mut pauses) = (Tries::none(noon()), noon(), Vec::new());
        for _ in 0..12 {
            tries = SIGN_IN_EMAIL.take(tries, now).unwrap();
            let pause = tries.locked_until.map_or(0, |until| (until - now).num_seconds());
            pauses.push(pause);
            if pause > 0 {
                assert_eq!(SIGN_IN_EMAIL.take(tries, now), Err(Locked(TimeDelta::seconds(pause))));
            }
            now += TimeDelta::seconds(pause);
        }
        assert_eq!(pauses, [0, 0, 0, 0, 30, 60, 120, 240, 480, 900, 900, 900]);
        let later = SIGN_IN_EMAIL.take(tries, now + MEMORY).unwrap();
        assert_eq!((later.count, later.locked_until), (1, None));
    }

    #[test]
    fn retry_after_is_never_too_early() {
        for (wait_ms, seconds) in [(-5, 1), (0, 1), (1, 1), (1000, 1), (1001, 2), (30_000, 30)] {
            assert_eq!(retry_after_s(TimeDelta::milliseconds(wait_ms)), seconds);
        }
    }

    proptest! {
        #[test]
        fn nobody_waits_longer_than_the_longest_pause(count in 0..i32::MAX, ago_s in 0_i64..200_000, locked_s in -2000_i64..900) {
            let now = noon();
            let locked_until = Some(now + TimeDelta::seconds(locked_s));
            let tries = Tries { count, last_at: now - TimeDelta::seconds(ago_s), locked_until };
            match SIGN_IN_EMAIL.take(tries, now) {
                Ok(taken) => {
                    prop_assert!(taken.count >= 1);
                    prop_assert!(taken.locked_until.is_none_or(|until| until - now <= TimeDelta::seconds(900)));
                }
                Err(Locked(wait)) => prop_assert!(wait > TimeDelta::zero() && wait <= TimeDelta::seconds(900)),
            }
        }
    }
}
