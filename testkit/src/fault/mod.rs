//! Faults that a fake host shows when it is told to, by path, and the door that shows them.

mod body;
#[cfg(test)]
mod tests;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;

use crate::request_log::{Recorded, RequestLog, covers};

/// Largest body of a request that is read.
const REQUEST_LIMIT_BYTES: usize = 1 << 20;

/// What goes wrong with an answer.
#[derive(Debug, Clone)]
pub enum Fault {
    /// Another answer in its place.
    Reply {
        /// Its status.
        status: u16,
        /// Its headers.
        headers: Vec<(&'static str, String)>,
        /// Its body.
        body: Bytes,
    },
    /// Headers added, or put in the place of its own.
    Headers(Vec<(&'static str, String)>),
    /// Nothing at all for so long; then the answer.
    SlowFirstByte(Duration),
    /// The head at once, the body in pieces.
    Drip {
        /// Bytes of a piece.
        chunk_bytes: usize,
        /// Pause before each piece.
        every: Duration,
    },
    /// The connection is closed without any answer. Only over a network.
    HangUp,
    /// The connection is cut after so many bytes of the body, whose whole length the head has announced. A reader that
    /// is slow may miss the last of them.
    DropAfter(usize),
    /// Only the first bytes of the body, with a `Content-Length` that fits them: nothing shows that more is missing.
    Truncated(usize),
    /// Bytes in the middle of the body that belong to no text.
    Corrupted,
    /// One digit at the end of a line in the middle is another: still well-formed, and wrong.
    Altered,
    /// A few kilobytes that unpack to so many mebibytes of zeros.
    GzipBomb {
        /// Size of what they unpack to.
        mebibytes: usize,
    },
    /// A body without an announced length that goes on for so many bytes.
    Endless {
        /// Its length.
        bytes: u64,
    },
}

impl Fault {
    /// A failure of the server, with or without `Retry-After`.
    #[must_use]
    pub fn status(status: u16, retry_after_s: Option<u64>) -> Self {
        let headers = retry_after_s.map(|seconds| ("retry-after", seconds.to_string()));
        Self::Reply { status, headers: headers.into_iter().collect(), body: Bytes::from_static(b"out of order") }
    }

    /// Status 200 with a page where data should be.
    #[must_use]
    pub fn html() -> Self {
        const PAGE: &[u8] = b"<!DOCTYPE html><html><head><title>Manuten\xc3\xa7\xc3\xa3o</title></head><body>Sistema em manuten\xc3\xa7\xc3\xa3o.</body></html>";
        let headers = vec![("content-type", "text/html; charset=utf-8".to_owned())];
        Self::Reply { status: 200, headers, body: Bytes::from_static(PAGE) }
    }

    /// Status 200 with JSON that ends too early.
    #[must_use]
    pub fn invalid_json() -> Self {
        let headers = vec![("content-type", "application/json".to_owned())];
        Self::Reply {
            status: 200,
            headers,
            body: Bytes::from_static(br#"{"data":{"list":[{"coNcm":"17011400","year":"#),
        }
    }

    /// Sends the caller somewhere else, with status 302.
    #[must_use]
    pub fn redirect(to: &str) -> Self {
        Self::Reply { status: 302, headers: vec![("location", to.to_owned())], body: Bytes::new() }
    }

    /// A clock that is wrong: `Date` and `Expires` as HTTP writes them.
    #[must_use]
    pub fn dated(date: &str, expires: &str) -> Self {
        Self::Headers(vec![("date", date.to_owned()), ("expires", expires.to_owned())])
    }

    /// Whether it needs a body to show in; `HEAD` has none and is answered as if all were well.
    const fn is_of_body(&self) -> bool {
        !matches!(self, Self::Reply { .. } | Self::Headers(_) | Self::SlowFirstByte(_) | Self::HangUp)
    }
}

#[derive(Debug)]
struct Rule {
    prefix: String,
    /// How many requests still see it; `None` for all.
    left: Option<usize>,
    fault: Fault,
}

/// The faults of one host, switched while it runs. Clones are the same switches.
#[derive(Debug, Clone, Default)]
pub struct Faults(Arc<Mutex<Vec<Rule>>>);

impl Faults {
    /// The next `count` requests whose path begins with `prefix` (which may name a method: `GET /balanca`) see the
    /// fault. Rules are used up in the order in which they were made, one a request.
    pub fn fail_next(&self, prefix: &str, count: usize, fault: Fault) {
        self.push(Rule { prefix: prefix.to_owned(), left: Some(count), fault });
    }

    /// All requests of the prefix see the fault, until [`Faults::heal`].
    pub fn fail_always(&self, prefix: &str, fault: Fault) {
        self.push(Rule { prefix: prefix.to_owned(), left: None, fault });
    }

    /// No more faults.
    pub fn heal(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn push(&self, rule: Rule) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(rule);
    }

    fn take(&self, method: &Method, path: &str) -> Option<Fault> {
        let mut rules = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let applies = |rule: &Rule| {
            let shows = method != Method::HEAD || !rule.fault.is_of_body();
            shows && rule.left != Some(0) && covers(&rule.prefix, method, path)
        };
        let rule = rules.iter_mut().find(|rule| applies(rule))?;
        if let Some(left) = &mut rule.left {
            *left -= 1;
        }
        Some(rule.fault.clone())
    }
}

/// Puts the log and the faults before a router.
pub(crate) fn behind_door(router: Router, faults: &Faults, log: &RequestLog) -> Router {
    router.layer(from_fn_with_state((faults.clone(), log.clone()), door))
}

async fn door(State((faults, log)): State<(Faults, RequestLog)>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, REQUEST_LIMIT_BYTES).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let path = parts.uri.path().to_owned();
    let query = parts.uri.query().unwrap_or_default().to_owned();
    let (method, headers) = (parts.method.clone(), parts.headers.clone());
    let fault = faults.take(&method, &path);
    log.push(Recorded { at: Instant::now(), method, path, query, headers, body: body.clone() });
    let answer = next.run(Request::from_parts(parts, Body::from(body)));
    match fault {
        None => answer.await,
        Some(Fault::Reply { status, headers, body }) => {
            let mut response = (status_of(status), body).into_response();
            response.headers_mut().remove(header::CONTENT_TYPE);
            with_headers(response, headers)
        }
        Some(Fault::Headers(headers)) => with_headers(answer.await, headers),
        Some(Fault::SlowFirstByte(pause)) => {
            tokio::time::sleep(pause).await;
            answer.await
        }
        // The server's task of this connection ends with it; unlike a panic this prints nothing.
        Some(Fault::HangUp) => std::panic::resume_unwind(Box::new("hung up on purpose")),
        Some(fault) => body::spoil(answer.await, fault).await,
    }
}

fn status_of(status: u16) -> StatusCode {
    match StatusCode::from_u16(status) {
        Ok(status) => status,
        Err(error) => panic!("{status}: {error}"),
    }
}

fn with_headers(mut response: Response, headers: Vec<(&'static str, String)>) -> Response {
    for (name, value) in headers {
        match HeaderValue::from_str(&value) {
            Ok(value) => response.headers_mut().insert(HeaderName::from_static(name), value),
            Err(error) => panic!("{value:?} is no header: {error}"),
        };
    }
    response
}
