//! One call to Connect: its attempts, and what they say of the directory.

use std::future::Future;
use std::time::{Duration, Instant};

use platform::grpc::Deadline;
use platform::resilience::backoff::Backoff;
use platform::resilience::breaker::{BreakerState, Permit, Resting};
use proto::connect::connect_service_client::ConnectServiceClient;
use tonic::metadata::MetadataValue;
use tonic::transport::Channel;
use tonic::{Request, Response, Status};

use super::RemoteDirectory;
use crate::directory::DirectoryError;
use crate::directory::status::{self, Verdict};
use crate::directory::wire::Read;
use crate::domain::refusal::{Refusal, RefusalKind};

/// Pauses between attempts. A call has seconds, so that they are short.
const BACKOFF: Backoff = Backoff { base: Duration::from_millis(50), longest: Duration::from_secs(1) };

/// What is kept of a caller's time to answer him, at most; a tenth of what he has left where that is less.
const ANSWER_MARGIN: Duration = Duration::from_millis(100);

/// What a call is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Call {
    /// The contract's name for it.
    method: &'static str,
    /// Whether doing it twice is the same as once, so that it may be asked again when no answer came.
    repeatable: bool,
}

impl Call {
    /// One that reads, or that the directory knows again: by its RequestId, or because it was done already.
    pub const fn repeatable(method: &'static str) -> Self {
        Self { method, repeatable: true }
    }

    /// One that is asked again only when it is certain that nothing was done.
    pub const fn once(method: &'static str) -> Self {
        Self { method, repeatable: false }
    }
}

/// Why an attempt failed.
struct Failure {
    error: DirectoryError,
    /// Whether another attempt may help, and do no harm.
    again: bool,
    /// Whether it speaks against the directory, or the way to it.
    against: bool,
    retry_after: Option<Duration>,
}

impl Failure {
    fn of(call: Call, verdict: Verdict) -> Self {
        let told = |after: Option<Duration>| after.map(|it| u64::try_from(it.as_millis()).unwrap_or(u64::MAX));
        match verdict {
            Verdict::Refused(refusal) => {
                let again = refusal.kind == RefusalKind::ResourceConflict;
                let retry_after = refusal.retry_after_ms.map(Duration::from_millis);
                Self { error: refusal.into(), again, against: false, retry_after }
            }
            Verdict::NotDone { retry_after } => {
                let error = DirectoryError::Unavailable { retry_after_ms: told(retry_after) };
                Self { error, again: true, against: true, retry_after }
            }
            Verdict::Shed { retry_after } => {
                let error = DirectoryError::Unavailable { retry_after_ms: told(retry_after) };
                Self { error, again: false, against: false, retry_after }
            }
            Verdict::Unknown { lost_on_the_way } => {
                let again = lost_on_the_way && call.repeatable;
                Self { error: DirectoryError::Unknown, again, against: true, retry_after: None }
            }
            Verdict::Broken(what) => {
                let error = DirectoryError::Broken(format!("{}: {what}", call.method));
                Self { error, again: false, against: false, retry_after: None }
            }
        }
    }

    /// The same as the end of a call in which an earlier attempt may have been carried out: that the last one was not
    /// says nothing of it, nor do refusals of who asks. Others do, because they look at what there is.
    fn after_unknown(mut self) -> Self {
        let says_nothing = match &self.error {
            DirectoryError::Unavailable { .. } => true,
            DirectoryError::Refused(Refusal { kind, .. }) => {
                matches!(
                    kind,
                    RefusalKind::RateLimited
                        | RefusalKind::ResourceConflict
                        | RefusalKind::Forbidden
                        | RefusalKind::ParticipantInvalid
                        | RefusalKind::RequestSignatureInvalid
                )
            }
            DirectoryError::Unknown | DirectoryError::Broken(_) => false,
        };
        if says_nothing {
            self.error = DirectoryError::Unknown;
        }
        self
    }
}

impl RemoteDirectory {
    /// Asks until there is an answer that stands, no attempt is left, or the call's time is over.
    pub(super) async fn call<Q, A, T, F>(
        &self,
        call: Call,
        question: Q,
        ask: impl Fn(ConnectServiceClient<Channel>, Request<Q>) -> F,
        read: impl FnOnce(&A) -> Read<T>,
    ) -> Result<T, DirectoryError>
    where
        Q: Clone,
        F: Future<Output = Result<Response<A>, Status>>,
    {
        let answer = self.answer(call, question, ask).await;
        let result = answer.and_then(|answer| {
            read(&answer).map_err(|violations| {
                let fields: Vec<_> = violations.iter().map(|it| format!("{} ({})", it.property, it.reason)).collect();
                DirectoryError::Broken(format!("{}: {}", call.method, fields.join(", ")))
            })
        });
        self.metrics.ended(call.method, &result);
        if let Err(DirectoryError::Broken(what)) = &result {
            tracing::error!(what, "the directory broke the contract");
        }
        result
    }

    /// The same, its answer unread and uncounted.
    pub(super) async fn answer<Q, A, F>(
        &self,
        call: Call,
        question: Q,
        ask: impl Fn(ConnectServiceClient<Channel>, Request<Q>) -> F,
    ) -> Result<A, DirectoryError>
    where
        Q: Clone,
        F: Future<Output = Result<Response<A>, Status>>,
    {
        let (began, deadline) = (Instant::now(), self.deadline()?);
        let mut permit = self.admit()?;
        let mut number = 1;
        let mut unknown = false;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            // Who may ask again when no answer comes does not wait all the time for the first.
            let limit = if call.repeatable && number <= self.max_retries { left.min(self.timeout / 2) } else { left };
            let asked_at = Instant::now();
            let asked = tokio::time::timeout(limit, ask(self.client.clone(), self.request(question.clone(), limit)));
            let failure = match asked.await {
                Ok(Ok(answer)) => {
                    self.judge(permit.take(), true);
                    return Ok(answer.into_inner());
                }
                Ok(Err(status)) => Failure::of(call, status::read(&status)),
                Err(_) => Failure::of(call, Verdict::Unknown { lost_on_the_way: true }),
            };
            // That our caller had little time speaks neither for the directory nor against it. Who notices first that the
            // time is over, we, the client or the other side, is all the same.
            let out_of_time = failure.error == DirectoryError::Unknown && asked_at.elapsed() >= limit;
            if out_of_time && began.elapsed() < self.timeout / 2 {
                drop(permit.take());
            }
            unknown |= failure.error == DirectoryError::Unknown;
            let pause = (failure.again && number <= self.max_retries)
                .then(|| BACKOFF.pause(number, self.roll(), failure.retry_after))
                .flatten()
                .filter(|&pause| Instant::now() + pause < deadline);
            let Some(pause) = pause else {
                self.judge(permit.take(), !failure.against);
                return Err(if unknown { failure.after_unknown().error } else { failure.error });
            };
            number += 1;
            self.metrics.retried();
            tokio::time::sleep(pause).await;
        }
    }

    /// How long the directory may take: who waits for us is answered before his own time is over.
    fn deadline(&self) -> Result<Instant, DirectoryError> {
        let Some(waits) = Deadline::current().map(Deadline::remaining) else {
            return Ok(Instant::now() + self.timeout);
        };
        let limit = waits.saturating_sub((waits / 10).min(ANSWER_MARGIN)).min(self.timeout);
        if limit.is_zero() {
            return Err(DirectoryError::Unavailable { retry_after_ms: None });
        }
        Ok(Instant::now() + limit)
    }

    fn request<Q>(&self, question: Q, limit: Duration) -> Request<Q> {
        let mut request = Request::new(question);
        // The other side need not go on when nobody waits any more.
        request.set_timeout(limit);
        if let Some(trace) = platform::telemetry::trace::current_trace_id() {
            // Zero is no span.
            let value = format!("00-{trace}-{:016x}-01", self.roll().max(1));
            if let Ok(value) = MetadataValue::try_from(value) {
                request.metadata_mut().insert("traceparent", value);
            }
        }
        request
    }

    fn admit(&self) -> Result<Option<Permit>, DirectoryError> {
        let Some(breaker) = &self.breaker else { return Ok(None) };
        let left_alone = |resting: Resting| {
            // At least a moment: another call tries right now.
            let after_ms = u64::try_from(resting.retry_after.as_millis()).unwrap_or(u64::MAX).max(100);
            DirectoryError::Unavailable { retry_after_ms: Some(after_ms) }
        };
        let permit = breaker.admit(Instant::now()).map_err(left_alone)?;
        self.metrics.breaker(breaker.state());
        Ok(Some(permit))
    }

    fn judge(&self, permit: Option<Permit>, works: bool) {
        let Some(permit) = permit else { return };
        let change = if works { permit.succeeded() } else { permit.failed(Instant::now()) };
        match change {
            Some(BreakerState::Open) => tracing::warn!("breaker opened: the directory fails and is left alone"),
            Some(BreakerState::Closed) => tracing::info!("breaker closed: the directory works again"),
            Some(BreakerState::HalfOpen) | None => {}
        }
        if let Some(state) = change {
            self.metrics.breaker(state);
        }
    }

    fn roll(&self) -> u64 {
        let mut bytes = [0; 8];
        // Without randomness pauses are as long as they can be.
        if self.entropy.fill(&mut bytes).is_err() { u64::MAX } else { u64::from_le_bytes(bytes) }
    }
}
