//! How long a call may take: what its client gave it, within what the server grants.

use std::time::{Duration, Instant};

use axum::http::{HeaderMap, HeaderName};

const GRPC_TIMEOUT: HeaderName = HeaderName::from_static("grpc-timeout");

tokio::task_local! {
    static DEADLINE: Deadline;
}

/// When the call that is being answered ends. What is asked on its behalf gets what [`remains`](Deadline::remaining) of
/// it: it is a value of the call's task, like the trace id, and does not follow a `spawn` unless it is handed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadline(pub Instant);

impl Deadline {
    /// That of the call this code runs for, if it runs for one.
    #[must_use]
    pub fn current() -> Option<Self> {
        DEADLINE.try_with(|deadline| *deadline).ok()
    }

    /// Runs `future` as part of the call that ends then.
    pub fn holds<F: Future>(self, future: F) -> impl Future<Output = F::Output> {
        DEADLINE.scope(self, future)
    }

    /// What is left of it; nothing once it has passed.
    #[must_use]
    pub fn remaining(self) -> Duration {
        self.0.saturating_duration_since(Instant::now())
    }
}

/// A `grpc-timeout` that cannot be read.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unreadable;

/// What the client gave the call, `None` where it said nothing: at most eight digits and a unit (gRPC over HTTP/2,
/// `Timeout → TimeoutValue TimeoutUnit`).
pub(super) fn asked(headers: &HeaderMap) -> Result<Option<Duration>, Unreadable> {
    let Some(value) = headers.get(GRPC_TIMEOUT) else { return Ok(None) };
    let (digits, unit) = value.as_bytes().split_at_checked(value.len().saturating_sub(1)).ok_or(Unreadable)?;
    if !(1..=8).contains(&digits.len()) || !digits.iter().all(u8::is_ascii_digit) {
        return Err(Unreadable);
    }
    let count = digits.iter().fold(0, |count: u64, digit| count * 10 + u64::from(digit - b'0'));
    Ok(Some(match unit {
        b"H" => Duration::from_secs(count * 3600),
        b"M" => Duration::from_secs(count * 60),
        b"S" => Duration::from_secs(count),
        b"m" => Duration::from_millis(count),
        b"u" => Duration::from_micros(count),
        b"n" => Duration::from_nanos(count),
        _ => return Err(Unreadable),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Result<Option<Duration>, Unreadable> {
        asked(&HeaderMap::from_iter([(GRPC_TIMEOUT, text.parse().unwrap())]))
    }

    #[test]
    fn every_unit_is_read_and_nothing_else() {
        assert_eq!(asked(&HeaderMap::new()), Ok(None));
        for (text, micros) in
            [("1H", 3_600_000_000), ("2M", 120_000_000), ("3S", 3_000_000), ("4m", 4000), ("5u", 5), ("6000n", 6)]
        {
            assert_eq!(of(text), Ok(Some(Duration::from_micros(micros))), "{text}");
        }
        assert_eq!(of("99999999H"), Ok(Some(Duration::from_secs(99_999_999 * 3600))));
        for text in ["", "S", "1", "123456789S", "-1S", "1.5S", "1s", "1 S", "１S"] {
            assert_eq!(of(text), Err(Unreadable), "{text}");
        }
    }

    #[tokio::test]
    async fn code_of_a_call_knows_when_that_ends_and_other_code_does_not() {
        let deadline = Deadline(Instant::now() + Duration::from_secs(3));
        assert_eq!(Deadline::current(), None);
        assert_eq!(deadline.holds(async { Deadline::current() }).await, Some(deadline));
        let spawned = async { tokio::spawn(async { Deadline::current() }).await.unwrap() };
        assert_eq!(deadline.holds(spawned).await, None);
    }

    #[test]
    fn what_has_passed_leaves_nothing() {
        assert_eq!(Deadline(Instant::now()).remaining(), Duration::ZERO);
    }
}
