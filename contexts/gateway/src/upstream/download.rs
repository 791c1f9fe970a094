//! Files: streamed to disk, gone on with after interruptions, complete or not at all.

use std::path::Path;
use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use chrono::{DateTime, Utc};
use platform::random::hex;
use reqwest::Response;
use reqwest::header::{CONTENT_ENCODING, HeaderMap, TRANSFER_ENCODING};
use sha2::{Digest, Sha256};
use tokio::sync::mpsc::{Sender, channel};

use super::attempts::Attempts;
use super::failure::Failure;
use super::part::{Description, Part};
use super::send::{Asked, Call};
use super::{Downloaded, Upstream, UpstreamError, answer, now};

/// Bytes are handed to the disk in pieces of about this size.
const PIECE_BYTES: usize = 512 << 10;
/// Pieces that wait for the disk; then the network waits.
const PIECES_WAITING_MAX: usize = 8;
/// After so many new bytes the attempts count anew: a long file may be interrupted often, but must get on.
const PROGRESS_BYTES: u64 = 1 << 20;
/// A source that sends fewer bytes than this in ten time-outs is as good as silent.
const TRICKLE_BYTES: u64 = 1 << 20;

/// Who is told how many bytes there are, and how many there will be.
type Progress<'a> = &'a (dyn Fn(u64, Option<u64>) + Send + Sync);

/// How an attempt ended; the part comes back whatever happened, unless the disk took it.
struct Attempted {
    part: Part,
    result: Result<Option<DateTime<Utc>>, Failure>,
}

impl Attempted {
    fn failed(part: Part, failure: Failure) -> Self {
        Self { part, result: Err(failure) }
    }
}

/// What an answer's body is: where it ends in the whole file.
struct Body {
    /// The end of this body, where the source says it.
    end: Option<u64>,
    /// The size of the file, where the source says it.
    total: Option<u64>,
}

impl Upstream {
    /// See [`Upstream::download`].
    pub(super) async fn file(
        &self,
        call: &Call,
        into: &Path,
        bytes_max: u64,
        progress: Progress<'_>,
    ) -> Result<Downloaded, UpstreamError> {
        let mut attempts = Attempts::begin(self, None).await?;
        let mut part = Part::open(into, request_id(call)).await?;
        let mut counted = part.bytes;
        loop {
            let attempted = self.piece(call, part, bytes_max, progress, &mut attempts).await?;
            part = attempted.part;
            match attempted.result {
                Ok(last_modified) => {
                    attempts.succeeded();
                    let (bytes, resumed_from) = (part.bytes, part.resumed_from);
                    progress(bytes, Some(bytes));
                    let sha256 = part.complete().await?;
                    return Ok(Downloaded { bytes, sha256, resumed_from, last_modified });
                }
                Err(failure) => {
                    // A file begun anew has to get further than it was: beginning again and again is no progress.
                    if part.bytes >= counted + PROGRESS_BYTES {
                        attempts.progressed();
                        counted = part.bytes;
                    }
                    if let Err(error) = attempts.again(failure).await {
                        if part.bytes == 0 {
                            part.discard().await?;
                        }
                        return Err(error);
                    }
                }
            }
        }
    }

    /// One attempt: as much of the file as one answer brings. An error where the part itself is lost.
    async fn piece(
        &self,
        call: &Call,
        part: Part,
        bytes_max: u64,
        progress: Progress<'_>,
        attempts: &mut Attempts<'_>,
    ) -> Result<Attempted, UpstreamError> {
        let timeout = self.connector.limits.timeout;
        let rest = part.rest();
        let head = async {
            let shown = self.credentials.shown(&self.clients).await?;
            let response = self.send(call, &shown, rest.as_ref().map_or(Asked::All, Asked::Rest)).await?;
            match response.status().as_u16() {
                200 | 206 | 416 => Ok(response),
                _ => Err(self.refusal(response, &shown).await),
            }
        };
        let head = tokio::time::timeout(timeout, head).await.unwrap_or_else(|_| Err(silence(timeout)));
        let mut response = match head {
            Ok(response) => response,
            Err(failure) => return Ok(Attempted::failed(part, failure)),
        };
        let last_modified = answer::last_modified(response.headers());
        let (part, body) = match response.status().as_u16() {
            200 => match fresh(response.headers(), bytes_max) {
                Ok(body) => {
                    let validator = answer::validator(response.headers());
                    let of = Description { request: request_id(call), validator, bytes: body.total };
                    (part.restart(Some(of)).await?, body)
                }
                Err(failure) => return Ok(Attempted::failed(part, failure)),
            },
            206 => match continued(response.headers(), &part, bytes_max) {
                Ok(body) => (part, body),
                Err(failure) => return Ok(Attempted::failed(part.restart(None).await?, failure)),
            },
            _ => {
                // Nothing is missing: the process ended between the last byte and the name.
                let total = answer::unsatisfied_total(response.headers());
                if part.bytes > 0 && total == Some(part.bytes) {
                    return Ok(Attempted { part, result: Ok(last_modified) });
                }
                let failure = invalid("it refuses the rest of the file, which it has itself announced");
                return Ok(Attempted::failed(part.restart(None).await?, failure));
            }
        };
        attempts.answering();
        let (part, poured) = pour(&mut response, part, &body, bytes_max, timeout, progress).await?;
        if let Err(failure) = poured {
            // Bytes that should not be there cannot be gone on with.
            let wrong = matches!(*failure.error, UpstreamError::TooLarge(_) | UpstreamError::Invalid(_));
            return Ok(Attempted::failed(if wrong { part.restart(None).await? } else { part }, failure));
        }
        let result = match body.total {
            Some(total) if part.bytes < total => Err(Failure::passing(UpstreamError::Unreachable(format!(
                "it ended the file after {} of {total} bytes",
                part.bytes
            )))),
            _ => Ok(last_modified),
        };
        Ok(Attempted { part, result })
    }
}

/// Checks an answer that begins the file.
fn fresh(headers: &HeaderMap, bytes_max: u64) -> Result<Body, Failure> {
    check_kind(headers)?;
    let total = answer::content_length(headers);
    // Ended by the end of the connection, a broken one looks like a whole one.
    if total.is_none() && !headers.contains_key(TRANSFER_ENCODING) {
        return Err(Failure::answered(UpstreamError::Invalid("it does not say where the file ends".to_owned())));
    }
    if total.is_some_and(|total| total > bytes_max) {
        return Err(Failure::answered(UpstreamError::TooLarge(bytes_max)));
    }
    Ok(Body { end: total, total })
}

/// Checks an answer that goes on with `part`; where it is not exactly what was asked for, the file begins anew.
fn continued(headers: &HeaderMap, part: &Part, bytes_max: u64) -> Result<Body, Failure> {
    check_kind(headers)?;
    let (Some(range), Some(rest), Some(of)) = (answer::content_range(headers), part.rest(), part.of.as_ref()) else {
        return Err(invalid("it answered with a part of the file whose place cannot be told"));
    };
    let other_size = range.total.is_some() && of.bytes.is_some() && range.total != of.bytes;
    let other_file = answer::validator(headers).is_some_and(|validator| validator != rest.validator);
    if range.from != rest.from || other_size || other_file {
        return Err(invalid("it answered with another part than asked for, or of another file"));
    }
    let total = range.total.or(of.bytes);
    if total.is_some_and(|total| total > bytes_max) {
        return Err(Failure::answered(UpstreamError::TooLarge(bytes_max)));
    }
    Ok(Body { end: Some(range.to + 1), total })
}

/// A page that says sorry is no file, and compressed bytes are not the bytes that ranges count.
fn check_kind(headers: &HeaderMap) -> Result<(), Failure> {
    let wrong = |what: &str| Failure::answered(UpstreamError::Invalid(what.to_owned()));
    if answer::content_type(headers).contains("text/html") {
        return Err(wrong("it is a page of HTML and not a file"));
    }
    let encoded = headers.get(CONTENT_ENCODING).is_some_and(|encoding| encoding != "identity");
    if encoded { Err(wrong("it is compressed, which was not asked for")) } else { Ok(()) }
}

fn invalid(what: &str) -> Failure {
    Failure::passing(UpstreamError::Invalid(what.to_owned()))
}

fn silence(timeout: Duration) -> Failure {
    Failure::passing(UpstreamError::Timeout(u64::try_from(timeout.as_millis()).unwrap_or(u64::MAX)))
}

/// From the network to the disk: reading and writing at the same time, with a bounded heap between them.
async fn pour(
    response: &mut Response,
    part: Part,
    body: &Body,
    bytes_max: u64,
    timeout: Duration,
    progress: Progress<'_>,
) -> Result<(Part, Result<(), Failure>), UpstreamError> {
    let (sender, receiver) = channel(PIECES_WAITING_MAX);
    let from = part.bytes;
    let read = read_all(response, sender, from, body, bytes_max, timeout, progress);
    let (read, written) = tokio::join!(read, part.write_all(receiver));
    let (part, written) = written?;
    Ok((part, written.map_err(Failure::ours).and(read)))
}

async fn read_all(
    response: &mut Response,
    sender: Sender<Bytes>,
    from: u64,
    body: &Body,
    bytes_max: u64,
    timeout: Duration,
    progress: Progress<'_>,
) -> Result<(), Failure> {
    let mut gathered = BytesMut::with_capacity(2 * PIECE_BYTES);
    let (mut bytes, mut pace) = (from, Trickle { since: now(), bytes: from });
    let ended = loop {
        let chunk = match tokio::time::timeout(timeout, response.chunk()).await {
            Err(_) => break Err(silence(timeout)),
            Ok(Err(error)) => break Err(Failure::of(&error, None)),
            Ok(Ok(None)) => break Ok(()),
            Ok(Ok(Some(chunk))) => chunk,
        };
        bytes += chunk.len() as u64;
        if bytes > bytes_max {
            return Err(Failure::answered(UpstreamError::TooLarge(bytes_max)));
        }
        if body.end.is_some_and(|end| bytes > end) {
            let why = "it is longer than announced";
            return Err(Failure::answered(UpstreamError::Invalid(why.to_owned())));
        }
        gathered.extend_from_slice(&chunk);
        if gathered.len() >= PIECE_BYTES {
            if sender.send(gathered.split().freeze()).await.is_err() {
                // The disk refused; the writer says why.
                return Ok(());
            }
            gathered.reserve(2 * PIECE_BYTES);
            progress(bytes, body.total);
        }
        if pace.too_slow(bytes, timeout) {
            break Err(silence(timeout));
        }
    };
    // What arrived before the interruption need not come again.
    if !gathered.is_empty() && sender.send(gathered.freeze()).await.is_ok() {
        progress(bytes, body.total);
    }
    ended
}

/// Sees to it that a source which sends a byte now and then does not hold us for ever.
struct Trickle {
    since: Instant,
    bytes: u64,
}

impl Trickle {
    fn too_slow(&mut self, bytes: u64, timeout: Duration) -> bool {
        let now = now();
        if now.saturating_duration_since(self.since) < timeout * 10 {
            return false;
        }
        let slow = bytes - self.bytes < TRICKLE_BYTES;
        *self = Self { since: now, bytes };
        slow
    }
}

/// What tells one request from another.
fn request_id(call: &Call) -> String {
    let mut hasher = Sha256::new();
    hasher.update(call.url.as_str());
    hasher.update([0]);
    hasher.update(call.body.as_deref().unwrap_or_default());
    hex(&hasher.finalize())
}
