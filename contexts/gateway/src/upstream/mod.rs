//! Calls to sources: one [`Upstream`] a connector, with its connections, its pace, its breaker and its credentials.

use bytes::Bytes;
use chrono::{DateTime, Utc};

use crate::secrets::SecretError;

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
    /// clock), zero for `no-store`, `no-cache` and what cannot be understood; `None` when it says nothing.
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
}
