//! When it is our turn: the generic cell rate algorithm (ITU-T I.371), one instant of state whatever the load.
//!
//! Turns are `per / requests` apart in the long run; after a pause, as many as `requests` may go at once. Whoever takes
//! a turn is told its moment and waits for it, in order of asking.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The wait for a turn would be longer than the caller waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLong {
    /// How long it would be.
    pub wait: Duration,
}

/// The rule and its state, pure.
#[derive(Debug, Clone)]
struct Cells {
    /// Between two turns.
    interval: Duration,
    /// How far ahead of the even pace turns may be taken.
    tolerance: Duration,
    /// The moment at which the next turn would be due at an even pace; `None` before the first.
    due: Option<Instant>,
}

/// A turn that was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Turn {
    at: Instant,
    due_before: Option<Instant>,
    due_after: Instant,
}

impl Cells {
    fn reserve(&mut self, now: Instant, longest: Duration) -> Result<Turn, TooLong> {
        let due = self.due.map_or(now, |due| due.max(now));
        let at = due.checked_sub(self.tolerance).map_or(now, |at| at.max(now));
        let wait = at.saturating_duration_since(now);
        if wait > longest {
            return Err(TooLong { wait });
        }
        let turn = Turn { at, due_before: self.due, due_after: due + self.interval };
        self.due = Some(turn.due_after);
        Ok(turn)
    }

    /// Gives a turn back, if nobody has taken one after it: those would otherwise have to be told a new moment.
    fn give_back(&mut self, turn: Turn) {
        if self.due == Some(turn.due_after) {
            self.due = turn.due_before;
        }
    }

    fn hold_until(&mut self, at: Instant) {
        let due = at + self.tolerance;
        self.due = Some(self.due.map_or(due, |earlier| earlier.max(due)));
    }
}

/// A pace that callers share.
#[derive(Debug)]
pub struct Pace {
    cells: Mutex<Cells>,
}

impl Pace {
    /// `requests` (at least 1) in `per`.
    #[must_use]
    pub fn new(requests: u32, per: Duration) -> Self {
        let interval = per / requests.max(1);
        let tolerance = interval * (requests.max(1) - 1);
        Self { cells: Mutex::new(Cells { interval, tolerance, due: None }) }
    }

    /// Waits for a turn, at most `longest`; refuses at once where that is not long enough. A caller that goes away
    /// while it waits gives its turn back.
    ///
    /// # Errors
    /// When the wait would be longer.
    pub async fn turn(&self, longest: Duration) -> Result<(), TooLong> {
        let turn = self.with(|cells| cells.reserve(now(), longest))?;
        let mut waiting = Waiting { pace: self, turn: Some(turn) };
        tokio::time::sleep_until(turn.at.into()).await;
        waiting.turn = None;
        Ok(())
    }

    /// Nobody's turn comes before `wait` from now (turns given already keep theirs), and then one after the other: the
    /// other side said so.
    pub fn hold(&self, wait: Duration) {
        self.with(|cells| cells.hold_until(now() + wait));
    }

    /// How long one who asked now would wait.
    #[must_use]
    pub fn wait(&self) -> Duration {
        let asked = self.with(|cells| cells.clone().reserve(now(), Duration::ZERO));
        asked.map_or_else(|too_long| too_long.wait, |_| Duration::ZERO)
    }

    fn with<T>(&self, use_them: impl FnOnce(&mut Cells) -> T) -> T {
        use_them(&mut self.cells.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Tokio's clock, which tests can stop.
fn now() -> Instant {
    tokio::time::Instant::now().into_std()
}

/// A turn whose moment has not come.
struct Waiting<'a> {
    pace: &'a Pace,
    turn: Option<Turn>,
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        if let Some(turn) = self.turn.take() {
            self.pace.with(|cells| cells.give_back(turn));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(requests: u32, per_ms: u64) -> Cells {
        Pace::new(requests, Duration::from_millis(per_ms)).cells.into_inner().unwrap()
    }

    #[test]
    fn a_burst_goes_at_once_then_the_pace_is_even() {
        let (mut cells, start) = (cells(3, 300), Instant::now());
        let waits: Vec<u128> =
            (0..6).map(|_| (cells.reserve(start, Duration::MAX).unwrap().at - start).as_millis()).collect();
        assert_eq!(waits, [0, 0, 0, 100, 200, 300]);
        let refused = cells.reserve(start, Duration::from_millis(399)).unwrap_err();
        assert_eq!(refused.wait, Duration::from_millis(400));
        // A refusal takes nothing.
        assert_eq!((cells.reserve(start, Duration::MAX).unwrap().at - start).as_millis(), 400);
    }

    #[test]
    fn a_turn_given_up_is_the_next_one_s_unless_others_stand_behind_it() {
        let (mut cells, start) = (cells(1, 100), Instant::now());
        let at = |turn: &Turn| (turn.at - start).as_millis();
        let turns: Vec<Turn> = (0..3).map(|_| cells.reserve(start, Duration::MAX).unwrap()).collect();
        cells.give_back(turns[1]);
        assert_eq!(at(&cells.reserve(start, Duration::MAX).unwrap()), 300);
        let mut fresh = super::tests::cells(1, 100);
        fresh.reserve(start, Duration::MAX).unwrap();
        let second = fresh.reserve(start, Duration::MAX).unwrap();
        fresh.give_back(second);
        assert_eq!(at(&fresh.reserve(start, Duration::MAX).unwrap()), 100);
    }

    #[test]
    fn a_hold_moves_everybody_behind_it() {
        let (mut cells, start) = (cells(5, 500), Instant::now());
        cells.hold_until(start + Duration::from_secs(10));
        let waits: Vec<u128> =
            (0..3).map(|_| (cells.reserve(start, Duration::MAX).unwrap().at - start).as_millis()).collect();
        assert_eq!(waits, [10_000, 10_100, 10_200]);
    }

    /// In every window of any length, never more turns than a burst and the even pace allow; and nobody waits longer
    /// than that needs.
    #[test]
    fn whoever_asks_whenever_the_pace_holds() {
        for seed in 1_u64..100 {
            let mut random = seed;
            let mut roll = |below: u64| {
                random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (random >> 33) % below
            };
            let requests = 1 + u32::try_from(roll(5)).unwrap();
            let mut cells = cells(requests, 100 * u64::from(requests));
            let start = Instant::now();
            let mut now = start;
            let mut turns = Vec::new();
            for _ in 0..200 {
                now += Duration::from_millis(roll(150));
                if let Ok(turn) = cells.reserve(now, Duration::from_millis(roll(400))) {
                    if roll(5) == 0 {
                        cells.give_back(turn);
                    } else {
                        turns.push((turn.at - start).as_millis());
                    }
                }
            }
            assert!(turns.is_sorted(), "seed {seed}");
            let burst = usize::try_from(requests).unwrap();
            for (first, from) in turns.iter().enumerate() {
                for (last, to) in turns.iter().enumerate().skip(first + burst) {
                    let most = burst as u128 + (to - from) / 100;
                    assert!((last - first + 1) as u128 <= most, "seed {seed}: {turns:?}");
                }
            }
        }
    }

    #[tokio::test]
    async fn waiting_and_giving_up_in_real_time() {
        let pace = Pace::new(1, Duration::from_millis(40));
        let start = Instant::now();
        pace.turn(Duration::ZERO).await.unwrap();
        assert!(pace.turn(Duration::from_millis(5)).await.is_err());
        // Gives up before its moment: the next one has it.
        assert!(tokio::time::timeout(Duration::from_millis(2), pace.turn(Duration::from_secs(1))).await.is_err());
        pace.turn(Duration::from_secs(1)).await.unwrap();
        let passed = start.elapsed();
        assert!(passed >= Duration::from_millis(40), "{passed:?}");
        assert!(pace.wait() > Duration::ZERO);
    }
}
