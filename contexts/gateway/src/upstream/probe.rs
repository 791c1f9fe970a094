//! What a source says of a file without sending it.

use std::time::{Duration, Instant};

use reqwest::Method;
use reqwest::header::{CONTENT_RANGE, HeaderMap};

use super::failure::Failure;
use super::send::{Asked, Call};
use super::{Probe, Upstream, UpstreamError, answer, now};

impl Upstream {
    /// When a probe is given up: after all attempts at their longest.
    pub(super) fn probe_deadline(&self) -> Instant {
        let limits = &self.connector.limits;
        let one = limits.queue + limits.timeout + limits.retry.longest;
        now() + one.saturating_mul(limits.retry.attempts.max(1)).min(Duration::from_secs(24 * 3600))
    }

    /// One attempt: HEAD, or the first byte of the file where the source refuses HEAD. Some do so for HEAD only, with
    /// a status (403) that a GET would mean.
    pub(super) async fn describe(&self, call: &Call) -> Result<Probe, Failure> {
        let shown = self.credentials.shown(&self.clients).await?;
        let response = self.send(call, &shown, Asked::All).await?;
        let (status, headers) = (response.status(), response.headers());
        if status.is_success() {
            return Ok(described(headers, answer::content_length(headers)));
        }
        if !matches!(status.as_u16(), 403 | 405 | 501) {
            return Err(self.refusal(response, &shown).await);
        }
        let call = Call { method: Method::GET, url: call.url.clone(), body: None, file: true };
        // A body that comes whole in spite of the range is not read: its connection ends with the response.
        let response = self.send(&call, &shown, Asked::FirstByte).await?;
        let (status, headers) = (response.status(), response.headers());
        match status.as_u16() {
            206 => {
                let range = answer::content_range(headers).filter(|range| range.from == 0);
                let why = "it answered with a part of the file whose place cannot be told";
                let range = range.ok_or_else(|| Failure::answered(UpstreamError::Invalid(why.to_owned())))?;
                Ok(described(headers, range.total))
            }
            // A file without a first byte.
            416 if headers.contains_key(CONTENT_RANGE) => Ok(described(headers, answer::unsatisfied_total(headers))),
            _ if status.is_success() => Ok(described(headers, answer::content_length(headers))),
            _ => Err(self.refusal(response, &shown).await),
        }
    }
}

fn described(headers: &HeaderMap, bytes: Option<u64>) -> Probe {
    Probe { bytes, etag: answer::etag(headers), last_modified: answer::last_modified(headers) }
}
