//! Calls to sources: one [`Upstream`] a connector, with its connections, its pace, its breaker and its credentials.
//!
//! A call waits for its turn, asks the breaker, and makes attempts until one succeeds, the failure will not pass, or the
//! time is over. Every wait has a bound; see [`crate::domain::connector::Limits`].

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use platform::clock::Clock;
use platform::random::Entropy;
use platform::resilience::breaker::{Breaker, BreakerState};
use platform::resilience::pace::Pace;
use secrecy::SecretString;
use tokio::sync::Semaphore;

use crate::domain::connector::{Connector, Endpoint, EndpointKind};
use crate::domain::mapping::{Mapped, OutboundRequest};
use crate::domain::parameter::Arguments;
use crate::secrets::{SecretError, Secrets};

pub use address::{LookedUp, Lookup, system_lookup};
pub use metrics::UpstreamMetrics;

mod address;
mod answer;
mod attempts;
mod body;
mod clients;
mod credentials;
mod der;
mod download;
mod failure;
mod issuers;
mod metrics;
mod part;
mod probe;
mod reading;
mod send;
mod tls;

use attempts::Attempts;
use clients::Clients;
use credentials::Credentials;
use failure::Failure;
use send::{Asked, Call};

/// An answer of status 200 to 299, read whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// The body, decompressed.
    pub body: Bytes,
    /// Its `Content-Type`, lower case; empty when there is none.
    pub content_type: String,
    /// `Date`.
    pub date: Option<DateTime<Utc>>,
    /// `Last-Modified`.
    pub last_modified: Option<DateTime<Utc>>,
    /// How long the source says that it is fresh: `max-age`, else `Expires` less `Date` of the same answer (never our
    /// clock), both less `Age`; zero for `no-store`, `no-cache` and what cannot be understood; `None` when it says nothing.
    pub fresh_seconds: Option<u64>,
}

/// Why there is no answer. It says what happened and never holds a credential or a body.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UpstreamError {
    /// 404 or 410.
    #[error("the source says that there is no such thing")]
    NotFound,
    /// The breaker is open.
    #[error("the source has failed {failures} times in a row and is left alone for {retry_after_s} s more")]
    Resting {
        /// Failures that opened it.
        failures: u32,
        /// Until it is tried again.
        retry_after_s: u64,
    },
    /// Our own pace: the wait for a turn would be too long.
    #[error("too many requests wait for this source; the next turn is in {retry_after_s} s")]
    Queued {
        /// When to try again.
        retry_after_s: u64,
    },
    /// 429, after every attempt.
    #[error("the source says that it is asked too often")]
    TooManyRequests {
        /// When to try again.
        retry_after_s: u64,
    },
    /// No connection, a broken one, or TLS that cannot be trusted.
    #[error("the source cannot be reached: {0}")]
    Unreachable(String),
    /// It did not answer in time.
    #[error("the source did not answer within {0} ms")]
    Timeout(u64),
    /// 500 and above, after every attempt.
    #[error("the source answered {0}")]
    Failed(u16),
    /// 503, with the wish to be left alone for longer than we wait.
    #[error("the source answered 503 and asks to be left alone for {retry_after_s} s")]
    Unavailable {
        /// When to try again.
        retry_after_s: u64,
    },
    /// Any other status: it understood us and refuses.
    #[error("the source refused the request with {status}: {detail}")]
    Refused {
        /// The status.
        status: u16,
        /// Its own words, cut short and without control characters.
        detail: String,
    },
    /// The answer is larger than the connector's file allows.
    #[error("the source's answer has more than {0} bytes")]
    TooLarge(u64),
    /// The answer is not what its headers say, or not what the file says.
    #[error("the source's answer cannot be used: {0}")]
    Invalid(String),
    /// The address is not one that this connector may call.
    #[error("{0}")]
    Forbidden(String),
    /// A credential is missing.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// The connector cannot be used as its file and this machine are.
    #[error("the connector cannot be used: {0}")]
    Setup(String),
    /// A downloaded file cannot be kept.
    #[error("the file cannot be kept: {0}")]
    Disk(String),
}

impl UpstreamError {
    /// As the metric says it: a closed set.
    #[must_use]
    pub const fn outcome(&self) -> &'static str {
        match self {
            UpstreamError::NotFound => "not_found",
            UpstreamError::Resting { .. } => "resting",
            UpstreamError::Queued { .. } => "queued",
            UpstreamError::TooManyRequests { .. } => "too_many_requests",
            UpstreamError::Unreachable(_) => "unreachable",
            UpstreamError::Timeout(_) => "timeout",
            UpstreamError::Failed(_) | UpstreamError::Unavailable { .. } => "failed",
            UpstreamError::Refused { .. } => "refused",
            UpstreamError::TooLarge(_) => "too_large",
            UpstreamError::Invalid(_) => "invalid",
            UpstreamError::Forbidden(_) => "forbidden",
            UpstreamError::Setup(_) => "setup",
            UpstreamError::Secret(_) => "secret",
            UpstreamError::Disk(_) => "disk",
        }
    }
}

/// What a source says of a file without sending it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probe {
    /// Its size, where the source says it.
    pub bytes: Option<u64>,
    /// `ETag`, as it stands.
    pub etag: Option<String>,
    /// `Last-Modified`.
    pub last_modified: Option<DateTime<Utc>>,
}

/// A file that arrived whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Downloaded {
    /// Its size.
    pub bytes: u64,
    /// SHA-256 of what is on disk, in lower-case hexadecimal.
    pub sha256: String,
    /// Where it went on from a part of an earlier download: bytes that did not come again.
    pub resumed_from: u64,
    /// `Last-Modified` of the answer that completed it.
    pub last_modified: Option<DateTime<Utc>>,
}

/// What an [`Upstream`] stands on.
#[derive(Debug, Clone)]
pub struct UpstreamParts {
    /// Where credentials come from.
    pub secrets: Arc<Secrets>,
    /// For the life of tokens and moments in headers.
    pub clock: Arc<dyn Clock>,
    /// For jitter and span ids.
    pub entropy: Arc<dyn Entropy>,
    /// What is counted.
    pub metrics: UpstreamMetrics,
}

/// A source as it is called.
pub struct Upstream {
    connector: Arc<Connector>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    metrics: UpstreamMetrics,
    clients: Clients,
    credentials: Credentials,
    pace: Option<Pace>,
    slots: Semaphore,
    breaker: Breaker,
}

impl fmt::Debug for Upstream {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Upstream").field("connector", &self.connector.id).finish_non_exhaustive()
    }
}

/// Answers above this are read on a thread of their own: they take longer than others should wait for.
const LARGE_BYTES: usize = 256 << 10;

/// A whole answer, as it came.
struct Whole {
    headers: reqwest::header::HeaderMap,
    body: Bytes,
    /// What was shown for it, which its words may repeat.
    secrets: Vec<SecretString>,
}

impl Whole {
    fn received(&self) -> Received {
        Received {
            content_type: answer::content_type(&self.headers),
            date: answer::date(&self.headers),
            last_modified: answer::last_modified(&self.headers),
            fresh_seconds: answer::fresh_seconds(&self.headers),
            body: self.body.clone(),
        }
    }
}

impl Upstream {
    /// The source of a connector. Reads `extra_ca_file`; calls nobody.
    ///
    /// # Errors
    /// When that file cannot be used, or TLS cannot be set up.
    pub fn new(connector: Arc<Connector>, parts: UpstreamParts) -> Result<Self, UpstreamError> {
        Self::with_lookup(connector, parts, system_lookup())
    }

    /// The same with names resolved by `lookup`; what it answers is checked like the system's answers.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn with_lookup(connector: Arc<Connector>, parts: UpstreamParts, lookup: Lookup) -> Result<Self, UpstreamError> {
        let UpstreamParts { secrets, clock, entropy, metrics } = parts;
        let limits = &connector.limits;
        metrics.added(&connector.id);
        let private = connector.allow_private_network;
        Ok(Self {
            clients: Clients::new(&connector, lookup)?,
            credentials: Credentials::new(connector.auth.clone(), secrets, Arc::clone(&clock), private),
            pace: limits.rate.map(|rate| Pace::new(rate.requests, rate.per)),
            slots: Semaphore::new(usize::try_from(limits.concurrency.max(1)).unwrap_or(1)),
            breaker: Breaker::new(limits.breaker.failures, limits.breaker.open),
            connector,
            clock,
            entropy,
            metrics,
        })
    }

    /// The connector.
    #[must_use]
    pub fn connector(&self) -> &Arc<Connector> {
        &self.connector
    }

    /// Whether calls go through, as metrics and the list of connectors say it.
    #[must_use]
    pub fn breaker_state(&self) -> BreakerState {
        self.breaker.state()
    }

    /// Asks an endpoint; everything together ends by `deadline`.
    ///
    /// # Errors
    /// When there is no answer of status 200 to 299 that can be read whole.
    pub async fn fetch(
        &self,
        endpoint: &Endpoint,
        request: &OutboundRequest,
        deadline: Instant,
    ) -> Result<Received, UpstreamError> {
        let call = Call::new(&self.connector.base_url, endpoint, request);
        let fetched = async {
            let call = call?;
            self.persist(deadline, || async { Ok(self.answer(&call).await?.received()) }).await
        };
        self.observed(endpoint, fetched).await
    }

    /// Asks an endpoint, and reads the answer as its connector describes it. An answer of status 200 that says that we
    /// ask too often is asked for again as a 429 is; a page instead of data speaks against the source as an error does.
    ///
    /// # Errors
    /// As [`Self::fetch`], and when the answer is not what the file says.
    pub async fn ask(
        &self,
        endpoint: &Endpoint,
        arguments: &Arguments,
        deadline: Instant,
    ) -> Result<(Mapped, Received), UpstreamError> {
        let call = Call::new(&self.connector.base_url, endpoint, &endpoint.request.fill(arguments));
        let asked = async {
            let call = call?;
            self.persist(deadline, || async { self.read(endpoint, arguments, self.answer(&call).await?).await }).await
        };
        self.observed(endpoint, asked).await
    }

    /// Reads a whole answer; a large one on a thread of its own.
    async fn read(
        &self,
        endpoint: &Endpoint,
        arguments: &Arguments,
        whole: Whole,
    ) -> Result<(Mapped, Received), Failure> {
        let (received, secrets) = (whole.received(), whole.secrets);
        let longest = self.connector.limits.retry.longest;
        if received.body.len() <= LARGE_BYTES {
            return Ok((reading::read(endpoint, arguments, &received, longest, &secrets)?, received));
        }
        let (endpoint, arguments) = (endpoint.clone(), arguments.clone());
        let reading = move || Ok((reading::read(&endpoint, &arguments, &received, longest, &secrets)?, received));
        let interrupted = |_| Failure::ours(UpstreamError::Invalid("reading it was interrupted".to_owned()));
        tokio::task::spawn_blocking(reading).await.map_err(interrupted)?
    }

    /// Asks what a file is (HEAD, or the first byte where the source refuses HEAD), without its content.
    ///
    /// # Errors
    /// As [`Self::fetch`]; the time is that of all attempts at their longest.
    pub async fn probe(&self, endpoint: &Endpoint, request: &OutboundRequest) -> Result<Probe, UpstreamError> {
        let call = Call::new(&self.connector.base_url, endpoint, request).map(Call::head);
        let described = async {
            let call = call?;
            self.persist(self.probe_deadline(), || self.describe(&call)).await
        };
        self.observed(endpoint, described).await
    }

    /// Brings a file to `into`: streamed to `<into>.part`, gone on with after every interruption (of this process too)
    /// if the source still has the same file, flushed to the disk, and renamed when it is complete. `progress` is told
    /// how many bytes there are, and how many there will be. What is at `into` already is replaced.
    ///
    /// # Errors
    /// As [`Self::fetch`], where the time-out is that of a silence; [`UpstreamError::TooLarge`] above the endpoint's
    /// `bytes_max`; [`UpstreamError::Disk`] when the file cannot be written, or another process is downloading it.
    /// What has arrived stays where a later call can go on with it.
    pub async fn download(
        &self,
        endpoint: &Endpoint,
        request: &OutboundRequest,
        into: &Path,
        progress: &(dyn Fn(u64, Option<u64>) + Send + Sync),
    ) -> Result<Downloaded, UpstreamError> {
        let bytes_max = match endpoint.kind {
            EndpointKind::File { bytes_max } => bytes_max,
            EndpointKind::Json => self.connector.limits.answer_bytes,
        };
        let call = Call::new(&self.connector.base_url, endpoint, request).map(|call| Call { file: true, ..call });
        self.observed(endpoint, async { self.file(&call?, into, bytes_max, progress).await }).await
    }

    /// Attempts until one succeeds.
    async fn persist<T, F>(&self, deadline: Instant, once: impl Fn() -> F) -> Result<T, UpstreamError>
    where
        F: Future<Output = Result<T, Failure>>,
    {
        let mut attempts = Attempts::begin(self, Some(deadline)).await?;
        loop {
            match self.attempt(deadline, once()).await {
                Ok(done) => {
                    attempts.succeeded();
                    return Ok(done);
                }
                Err(failure) => attempts.again(failure).await?,
            }
        }
    }

    /// One attempt, within its time.
    async fn attempt<T>(
        &self,
        deadline: Instant,
        attempt: impl Future<Output = Result<T, Failure>>,
    ) -> Result<T, Failure> {
        let (begun, timeout) = (now(), self.connector.limits.timeout);
        let ours = begun + timeout;
        let ended = tokio::time::timeout_at(ours.min(deadline).into(), attempt).await;
        ended.unwrap_or_else(|_| {
            let waited = now().saturating_duration_since(begun);
            let error = UpstreamError::Timeout(u64::try_from(waited.as_millis()).unwrap_or(u64::MAX));
            // A caller with less time than the source may take has learnt nothing about it.
            Err(if ours <= deadline { Failure::passing(error) } else { Failure::ours(error) })
        })
    }

    async fn answer(&self, call: &Call) -> Result<Whole, Failure> {
        let shown = self.credentials.shown(&self.clients).await?;
        let mut response = self.send(call, &shown, Asked::All).await?;
        if !response.status().is_success() {
            return Err(self.refusal(response, &shown).await);
        }
        if response.status().as_u16() == 206 {
            let error = UpstreamError::Invalid("it is a part, and the whole was asked for".to_owned());
            return Err(Failure::answered(error));
        }
        let headers = std::mem::take(response.headers_mut());
        let body = body::read(&mut response, self.connector.limits.answer_bytes).await?;
        Ok(Whole { headers, body, secrets: shown.secrets() })
    }

    /// Counts how a call ends, and says so in the log where it fails.
    async fn observed<T>(
        &self,
        endpoint: &Endpoint,
        call: impl Future<Output = Result<T, UpstreamError>>,
    ) -> Result<T, UpstreamError> {
        let begun = now();
        let result = call.await;
        let error = result.as_ref().err();
        self.metrics.ended(&self.connector.id, error);
        let (connector, endpoint) = (self.connector.id.as_str(), endpoint.name.as_str());
        let duration_ms = u64::try_from(now().saturating_duration_since(begun).as_millis()).unwrap_or(u64::MAX);
        match error {
            // Thousands of these may come in a second, and the line about the breaker says it already.
            None | Some(UpstreamError::NotFound | UpstreamError::Resting { .. } | UpstreamError::Queued { .. }) => {
                tracing::debug!(connector, endpoint, duration_ms, ok = error.is_none(), "source called");
            }
            Some(error) => {
                let outcome = error.outcome();
                tracing::warn!(connector, endpoint, outcome, duration_ms, %error, "a call to a source failed");
            }
        }
        result
    }

    /// A random number: for jitter and for ids that identify and protect nothing.
    fn roll(&self) -> u64 {
        let mut bytes = [0; 8];
        // Without randomness pauses are as long as they can be.
        if self.entropy.fill(&mut bytes).is_err() { u64::MAX } else { u64::from_le_bytes(bytes) }
    }
}

/// Tokio's clock, which tests can stop.
fn now() -> Instant {
    tokio::time::Instant::now().into_std()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Calls are made by tasks that outlive their callers.
    #[test]
    fn calls_can_move_between_threads() {
        fn movable<T: Send>(_: T) {}
        fn check(upstream: &Upstream, endpoint: &Endpoint, request: &OutboundRequest, into: &Path) {
            movable(upstream.fetch(endpoint, request, Instant::now()));
            movable(upstream.probe(endpoint, request));
            movable(upstream.download(endpoint, request, into, &|_, _| {}));
        }
        let _ = check;
    }
}
