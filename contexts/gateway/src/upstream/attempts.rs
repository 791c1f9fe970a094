//! The attempts of one call: when each may begin, and what the last one says about the source.

use std::time::{Duration, Instant};

use platform::resilience::backoff::Backoff;
use platform::resilience::breaker::{BreakerState, Permit, Resting};
use tokio::sync::SemaphorePermit;

use super::credentials::Fingerprint;
use super::failure::{Failure, Verdict};
use super::{Upstream, UpstreamError, now};

/// The attempts of one call. Dropped before its end it leaves no trace: its turn and its place are given back, and the
/// breaker learns nothing.
pub(super) struct Attempts<'a> {
    upstream: &'a Upstream,
    deadline: Option<Instant>,
    /// The attempt under way, from 1.
    number: u32,
    /// Whether other credentials have been tried.
    renewed: bool,
    /// Whether an attempt spoke against the source.
    failed: bool,
    permit: Option<Permit>,
    /// One of the requests on their way at once.
    slot: Option<SemaphorePermit<'a>>,
}

impl<'a> Attempts<'a> {
    /// Waits for everything that the first attempt needs.
    pub async fn begin(upstream: &'a Upstream, deadline: Option<Instant>) -> Result<Self, UpstreamError> {
        if let Some(resting) = upstream.breaker.resting(now()) {
            return Err(left_alone(resting));
        }
        let slot = Some(upstream.turn(deadline).await?);
        let permit = upstream.breaker.admit(now()).map_err(left_alone)?;
        upstream.changed(Some(upstream.breaker.state()));
        Ok(Self { upstream, deadline, number: 1, renewed: false, failed: false, permit: Some(permit), slot })
    }

    /// The source answered.
    pub fn succeeded(mut self) {
        self.judge(Verdict::Answered);
    }

    /// A long answer has begun. The call that tries whether a source works again need not wait for its end: others
    /// wait for its verdict.
    pub fn answering(&mut self) {
        if self.upstream.breaker.state() == BreakerState::HalfOpen {
            self.judge(Verdict::Answered);
        }
    }

    /// The attempt under way brought enough to count the next ones anew.
    pub fn progressed(&mut self) {
        self.number = 0;
    }

    /// Waits until the next attempt may begin, or ends the call with its error.
    pub async fn again(&mut self, failure: Failure) -> Result<(), UpstreamError> {
        self.slot = None;
        self.failed |= failure.verdict == Verdict::Failed;
        let retry = self.upstream.connector.limits.retry;
        if let (Some(told), Some(pace)) = (failure.told, &self.upstream.pace) {
            pace.hold(told.min(retry.longest));
        }
        let pause = match failure.refused {
            Some(refused) if self.other_credentials(refused).await => Some(Duration::ZERO),
            _ if failure.passing && self.number < retry.attempts => {
                self.number += 1;
                let backoff = Backoff { base: retry.base, longest: retry.longest };
                backoff.pause(self.number.max(2) - 1, self.upstream.roll(), failure.told)
            }
            _ => None,
        };
        let pause = pause.filter(|&pause| self.deadline.is_none_or(|deadline| now() + pause < deadline));
        let Some(pause) = pause else { return Err(self.end(failure)) };
        self.upstream.metrics.retried(&self.upstream.connector.id);
        tokio::time::sleep(pause).await;
        match self.upstream.turn(self.deadline).await {
            Ok(slot) => self.slot = Some(slot),
            // The failure says more than that there is no turn in time.
            Err(_) => return Err(self.end(failure)),
        }
        Ok(())
    }

    /// Forgets the refused credentials; whether there are others, once a call.
    async fn other_credentials(&mut self, refused: Fingerprint) -> bool {
        self.upstream.credentials.forget(refused).await;
        if std::mem::replace(&mut self.renewed, true) {
            return false;
        }
        let limit = now() + self.upstream.connector.limits.timeout;
        let limit = self.deadline.map_or(limit, |deadline| deadline.min(limit));
        let read = self.upstream.credentials.shown(&self.upstream.clients);
        match tokio::time::timeout_at(limit.into(), read).await {
            Ok(Ok(shown)) => shown.fingerprint != refused,
            Ok(Err(_)) | Err(_) => false,
        }
    }

    fn end(&mut self, failure: Failure) -> UpstreamError {
        self.judge(if self.failed && failure.verdict != Verdict::Answered { Verdict::Failed } else { failure.verdict });
        *failure.error
    }

    fn judge(&mut self, verdict: Verdict) {
        let Some(permit) = self.permit.take() else { return };
        let change = match verdict {
            Verdict::Answered => permit.succeeded(),
            Verdict::Failed => permit.failed(now()),
            Verdict::Nothing => None,
        };
        let connector = self.upstream.connector.id.as_str();
        match change {
            Some(BreakerState::Open) => {
                let open_s = self.upstream.connector.limits.breaker.open.as_secs();
                tracing::warn!(connector, open_s, "breaker opened: the source fails and is left alone");
            }
            Some(BreakerState::Closed) => tracing::info!(connector, "breaker closed: the source works again"),
            Some(BreakerState::HalfOpen) | None => {}
        }
        self.upstream.changed(change);
    }
}

fn left_alone(resting: Resting) -> UpstreamError {
    UpstreamError::Resting { failures: resting.failures, retry_after_s: seconds(resting.retry_after) }
}

/// Whole seconds, at least one: nobody is told to come back at once.
fn seconds(wait: Duration) -> u64 {
    (wait.as_secs() + u64::from(wait.subsec_nanos() > 0)).max(1)
}

impl Upstream {
    /// Waits for a turn by the pace and for a place among the requests on their way: `queue` long at most.
    async fn turn(&self, deadline: Option<Instant>) -> Result<SemaphorePermit<'_>, UpstreamError> {
        let begun = now();
        let until = begun + self.connector.limits.queue;
        let until = deadline.map_or(until, |deadline| deadline.min(until));
        if let Some(pace) = &self.pace {
            let refused = pace.turn(until.saturating_duration_since(begun)).await;
            refused.map_err(|too_long| UpstreamError::Queued { retry_after_s: seconds(too_long.wait) })?;
        }
        // A free place is taken even by one whose time is just over: the attempt then says so.
        if let Ok(slot) = self.slots.try_acquire() {
            return Ok(slot);
        }
        let waited = tokio::time::timeout_at(until.into(), self.slots.acquire()).await;
        let queued = || UpstreamError::Queued { retry_after_s: seconds(self.connector.limits.timeout) };
        waited.map_err(|_| queued())?.map_err(|_| queued())
    }

    fn changed(&self, state: Option<BreakerState>) {
        if let Some(state) = state {
            self.metrics.breaker(&self.connector.id, state);
        }
    }
}
