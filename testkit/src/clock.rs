//! A clock that stands still until it is told otherwise.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use platform::clock::Clock;

/// A clock that a test sets. Clones show the same time.
#[derive(Debug, Clone)]
pub struct FakeClock {
    now: Arc<Mutex<DateTime<Utc>>>,
}

impl FakeClock {
    /// A clock that stands at a moment in RFC 3339: `2025-03-15T12:00:00Z`.
    ///
    /// # Panics
    /// If that is no such moment.
    #[must_use]
    pub fn at(moment: &str) -> Self {
        let parsed = DateTime::parse_from_rfc3339(moment);
        let Ok(moment) = parsed else { panic!("`{moment}` is no moment in RFC 3339: {parsed:?}") };
        Self { now: Arc::new(Mutex::new(moment.to_utc())) }
    }

    /// Sets it to a moment.
    pub fn set(&self, moment: DateTime<Utc>) {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner) = moment;
    }

    /// Moves it; backwards where `by` is negative.
    pub fn advance(&self, by: TimeDelta) {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner) += by;
    }
}

impl Default for FakeClock {
    /// Stands at noon UTC of 15 March 2025.
    fn default() -> Self {
        Self::at("2025-03-15T12:00:00Z")
    }
}

impl Clock for FakeClock {
    fn now(&self) -> DateTime<Utc> {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_moves_only_when_told_and_for_all_clones() {
        let clock = FakeClock::default();
        let seen = clock.clone();
        clock.advance(TimeDelta::hours(2));
        assert_eq!(seen.now().to_rfc3339(), "2025-03-15T14:00:00+00:00");
    }
}
