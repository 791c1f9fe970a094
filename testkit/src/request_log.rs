//! What a fake host was asked: to assert what happened, and what did not.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use axum::http::{HeaderMap, Method};
use bytes::Bytes;

/// One request.
#[derive(Debug, Clone)]
pub struct Recorded {
    /// When it had arrived whole.
    pub at: Instant,
    /// The method.
    pub method: Method,
    /// The path, as it was sent.
    pub path: String,
    /// What stood behind `?`; empty if nothing did.
    pub query: String,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl Recorded {
    /// A header's value; empty if it was not sent.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("")
    }

    /// The body as JSON; `null` if it is none.
    #[must_use]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

/// All requests of a host, in their order. Clones show the same list.
#[derive(Debug, Clone, Default)]
pub struct RequestLog(Arc<Mutex<Vec<Recorded>>>);

impl RequestLog {
    pub(crate) fn push(&self, request: Recorded) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(request);
    }

    /// The requests whose path begins with `prefix`, which may name a method too: `HEAD /balanca`.
    #[must_use]
    pub fn of(&self, prefix: &str) -> Vec<Recorded> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.iter().filter(|request| covers(prefix, &request.method, &request.path)).cloned().collect()
    }

    /// How many those are.
    #[must_use]
    pub fn count(&self, prefix: &str) -> usize {
        self.of(prefix).len()
    }

    /// Forgets all.
    pub fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

/// Whether a prefix (`/general`, `POST /general`) speaks of a request.
pub(crate) fn covers(prefix: &str, method: &Method, path: &str) -> bool {
    match prefix.split_once(' ') {
        Some((wanted, prefix)) => wanted == method.as_str() && path.starts_with(prefix),
        None => path.starts_with(prefix),
    }
}
