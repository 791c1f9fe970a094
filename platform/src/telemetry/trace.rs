//! Which request the running code serves.
//!
//! A task-local value rather than a tracing span: it costs a pointer swap per poll, and every log
//! line written while a request is served carries its `trace_id`. It does not follow a `spawn`: a
//! background task speaks for itself, or is [`carried`].

use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

tokio::task_local! {
    static TRACE_ID: Arc<str>;
}

/// Runs `future` as part of the request `trace_id`.
pub fn with_trace_id<F: Future>(trace_id: Arc<str>, future: F) -> impl Future<Output = F::Output> {
    TRACE_ID.scope(trace_id, future)
}

/// The `trace_id` of the request this code runs for, if it runs for one.
#[must_use]
pub fn current_trace_id() -> Option<Arc<str>> {
    TRACE_ID.try_with(Arc::clone).ok()
}

/// `future` as part of the request that this code runs for, if it runs for one: for a task of its own.
pub fn carried<F: Future>(future: F) -> impl Future<Output = F::Output> {
    let trace_id = current_trace_id();
    async move {
        match trace_id {
            Some(trace_id) => with_trace_id(trace_id, future).await,
            None => future.await,
        }
    }
}

/// A source of trace ids: 32 lower-case hexadecimal digits (W3C Trace Context), never all zero,
/// no two the same from one source. They identify, they do not protect: not for use as secrets.
#[derive(Debug)]
pub struct TraceIds {
    seed: u64,
    next: AtomicU64,
}

impl TraceIds {
    /// A source whose sequence is decided by `seed`; two with one seed give the same ids.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        Self { seed, next: AtomicU64::new(0) }
    }

    /// A source seeded by the operating system, for a process that serves.
    #[must_use]
    pub fn random() -> Self {
        Self::seeded(RandomState::new().build_hasher().finish())
    }

    /// The next id.
    pub fn next_id(&self) -> Arc<str> {
        let count = self.next.fetch_add(1, Ordering::Relaxed).wrapping_add(1);
        // Each half is a bijection of the count, so ids of one source cannot repeat.
        let high = mix(self.seed ^ mix(count));
        let low = mix(self.seed.rotate_left(32).wrapping_add(count)) | 1;
        let mut digits = [0_u8; 32];
        hexadecimal(high, &mut digits[..16]);
        hexadecimal(low, &mut digits[16..]);
        // Hexadecimal digits are ASCII: the fallback is never taken.
        Arc::from(std::str::from_utf8(&digits).unwrap_or("00000000000000000000000000000001"))
    }
}

/// The finaliser of SplitMix64 (Steele, Lea, Flood 2014): a bijection that spreads every bit.
const fn mix(value: u64) -> u64 {
    let mut z = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

fn hexadecimal(value: u64, out: &mut [u8]) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    for (byte, place) in out.iter_mut().zip((0..16).rev()) {
        *byte = DIGITS[(value >> (place * 4) & 0xf) as usize];
    }
}

/// The trace id of a W3C `traceparent` header, if the header is well formed.
/// Version `ff` and all-zero ids are not (W3C Trace Context, section 3.2.2).
#[must_use]
pub fn parse_traceparent(header: &str) -> Option<&str> {
    let hexadecimal = |part: &str| part.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    let zero = |part: &str| part.bytes().all(|b| b == b'0');
    let mut parts = header.split('-');
    let (version, trace_id, parent_id, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let shaped = version.len() == 2 && trace_id.len() == 32 && parent_id.len() == 16 && flags.len() == 2;
    // Version 00 has exactly four parts; a later one may have more.
    let complete = version != "00" || parts.next().is_none();
    let valid = shaped
        && complete
        && [version, trace_id, parent_id, flags].into_iter().all(hexadecimal)
        && version != "ff"
        && !zero(trace_id)
        && !zero(parent_id);
    valid.then_some(trace_id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn ids_are_distinct_and_well_formed() {
        let ids = TraceIds::seeded(7);
        let seen: HashSet<_> = (0..10_000).map(|_| ids.next_id()).collect();
        assert_eq!(seen.len(), 10_000);
        for id in seen {
            assert_eq!(parse_traceparent(&format!("00-{id}-00f067aa0ba902b7-01")), Some(&*id));
        }
        assert_eq!(TraceIds::seeded(7).next_id(), TraceIds::seeded(7).next_id());
        assert_ne!(TraceIds::random().next_id(), TraceIds::random().next_id());
    }

    #[tokio::test]
    async fn a_task_of_its_own_is_part_of_the_request_where_it_is_carried() {
        let spawned = async |future| tokio::spawn(future).await.unwrap();
        let id: Arc<str> = Arc::from("abc");
        let seen = || async { current_trace_id() };
        assert_eq!(with_trace_id(Arc::clone(&id), async { spawned(carried(seen())).await }).await, Some(id));
        assert_eq!(spawned(carried(seen())).await, None);
    }

    #[test]
    fn traceparent_is_checked() {
        let id = "4bf92f3577b34da6a3ce929d0e0e4736";
        assert_eq!(parse_traceparent(&format!("00-{id}-00f067aa0ba902b7-01")), Some(id));
        assert_eq!(parse_traceparent(&format!("cc-{id}-00f067aa0ba902b7-01-more")), Some(id));
        for wrong in [
            String::new(),
            format!("ff-{id}-00f067aa0ba902b7-01"),
            format!("00-{id}-0000000000000000-01"),
            format!("00-{id}-00f067aa0ba902b7-01-more"),
            format!("00-{}-00f067aa0ba902b7-01", "0".repeat(32)),
            format!("00-{}-00f067aa0ba902b7-01", id.to_uppercase()),
            format!("00-{id}x-00f067aa0ba902b7-01"),
        ] {
            assert_eq!(parse_traceparent(&wrong), None, "{wrong}");
        }
    }
}
