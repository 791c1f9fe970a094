//! When a neighbour that fails is left alone.
//!
//! Closed: everybody goes. After so many failures in a row it opens: nobody goes for a while. Then one goes and tries
//! (half-open): its success closes, its failure opens again. A call that ends without a verdict, because its caller
//! went away, changes nothing, and the next one tries in its place.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// What a breaker lets through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BreakerState {
    /// Everybody.
    Closed,
    /// One that tries.
    HalfOpen,
    /// Nobody.
    Open,
}

impl BreakerState {
    /// As answers and logs say it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            BreakerState::Closed => "closed",
            BreakerState::HalfOpen => "half_open",
            BreakerState::Open => "open",
        }
    }
}

/// The neighbour is left alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resting {
    /// Failures in a row that led here.
    pub failures: u32,
    /// Until the next try; zero while one is under way.
    pub retry_after: Duration,
}

/// The rules as a pure machine.
#[derive(Debug, Clone)]
struct Machine {
    failures_max: u32,
    open_for: Duration,
    /// Failures in a row.
    failures: u32,
    state: State,
    /// Grows with every change of state: the verdict of a call that began before it does not count.
    generation: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Closed,
    Open { until: Instant },
    HalfOpen { trying: bool },
}

impl Machine {
    fn admit(&mut self, now: Instant) -> Result<u64, Resting> {
        match self.state {
            State::Closed => Ok(self.generation),
            State::Open { until } if now < until => {
                Err(Resting { failures: self.failures, retry_after: until.saturating_duration_since(now) })
            }
            State::HalfOpen { trying: true } => Err(Resting { failures: self.failures, retry_after: Duration::ZERO }),
            State::Open { .. } | State::HalfOpen { trying: false } => {
                self.enter(State::HalfOpen { trying: true });
                Ok(self.generation)
            }
        }
    }

    /// What stands in the way now, without going.
    fn resting(&self, now: Instant) -> Option<Resting> {
        match self.state {
            State::Open { until } if now < until => {
                Some(Resting { failures: self.failures, retry_after: until.saturating_duration_since(now) })
            }
            State::HalfOpen { trying: true } => Some(Resting { failures: self.failures, retry_after: Duration::ZERO }),
            _ => None,
        }
    }

    fn succeeded(&mut self, generation: u64) {
        if generation == self.generation {
            self.failures = 0;
            if self.state != State::Closed {
                self.enter(State::Closed);
            }
        }
    }

    fn failed(&mut self, generation: u64, now: Instant) {
        if generation == self.generation {
            self.failures = self.failures.saturating_add(1);
            if self.state != State::Closed || self.failures >= self.failures_max {
                self.enter(State::Open { until: now + self.open_for });
            }
        }
    }

    fn abandoned(&mut self, generation: u64) {
        if generation == self.generation && self.state == (State::HalfOpen { trying: true }) {
            self.enter(State::HalfOpen { trying: false });
        }
    }

    fn enter(&mut self, state: State) {
        self.state = state;
        self.generation = self.generation.wrapping_add(1);
    }

    fn shown(&self) -> BreakerState {
        match self.state {
            State::Closed => BreakerState::Closed,
            State::HalfOpen { .. } => BreakerState::HalfOpen,
            State::Open { .. } => BreakerState::Open,
        }
    }
}

/// A breaker that calls share. Clones are the same breaker.
#[derive(Debug, Clone)]
pub struct Breaker {
    machine: Arc<Mutex<Machine>>,
}

impl Breaker {
    /// Closed; opens after `failures` (at least 1) failures in a row, for `open_for`.
    #[must_use]
    pub fn new(failures: u32, open_for: Duration) -> Self {
        let machine =
            Machine { failures_max: failures.max(1), open_for, failures: 0, state: State::Closed, generation: 0 };
        Self { machine: Arc::new(Mutex::new(machine)) }
    }

    /// Lets a call through, or says for how long nobody goes. Whoever gets a permit owes it a verdict.
    ///
    /// # Errors
    /// While the neighbour is left alone, or another call tries.
    pub fn admit(&self, now: Instant) -> Result<Permit, Resting> {
        let generation = self.with(|machine| machine.admit(now))?;
        Ok(Permit { breaker: self.clone(), generation: Some(generation) })
    }

    /// What [`Self::admit`] would refuse with, without taking the place of the one that tries.
    #[must_use]
    pub fn resting(&self, now: Instant) -> Option<Resting> {
        self.with(|machine| machine.resting(now))
    }

    /// What it lets through, as of the last call.
    #[must_use]
    pub fn state(&self) -> BreakerState {
        self.with(|machine| machine.shown())
    }

    fn with<T>(&self, use_it: impl FnOnce(&mut Machine) -> T) -> T {
        use_it(&mut self.machine.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Applies a verdict; the change that it made, if any.
    fn judge(&self, verdict: impl FnOnce(&mut Machine)) -> Option<BreakerState> {
        self.with(|machine| {
            let before = machine.shown();
            verdict(machine);
            let after = machine.shown();
            (before != after).then_some(after)
        })
    }
}

/// A call that was let through. Dropped without a verdict it counts neither way.
#[derive(Debug)]
#[must_use = "a permit is owed a verdict"]
pub struct Permit {
    breaker: Breaker,
    /// Gone once the verdict is given.
    generation: Option<u64>,
}

impl Permit {
    /// The neighbour answered. The state if this changed it.
    pub fn succeeded(mut self) -> Option<BreakerState> {
        let generation = self.generation.take()?;
        self.breaker.judge(|machine| machine.succeeded(generation))
    }

    /// The neighbour failed. The state if this changed it.
    pub fn failed(mut self, now: Instant) -> Option<BreakerState> {
        let generation = self.generation.take()?;
        self.breaker.judge(|machine| machine.failed(generation, now))
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        if let Some(generation) = self.generation.take() {
            self.breaker.with(|machine| machine.abandoned(generation));
        }
    }
}

#[cfg(test)]
#[path = "breaker_tests.rs"]
mod tests;
