//! What memory holds, whatever is put through it.

use std::sync::Arc;

use bytes::Bytes;
use gateway::cache::cascade::{Cascade, CascadeParts};
use gateway::cache::{CacheKey, MEMORY_BYTES};
use gateway::domain::entry::{Entry, EntryKind, Origin};
use gateway::telemetry::GatewayMetrics;
use platform::clock::Clock;
use prometheus_client::registry::Registry;
use testkit::FakeClock;
use tokio_util::task::TaskTracker;

use super::{Failure, key};

#[tokio::test]
async fn three_hundred_megabytes_leave_one_hundred() {
    const BODY_BYTES: usize = 256 << 10;
    let clock = FakeClock::default();
    let metrics = GatewayMetrics::register(&mut Registry::default()).cache;
    let parts = CascadeParts::new(Arc::new(clock.clone()), metrics.clone(), TaskTracker::new());
    let cascade: Cascade<Failure> = Cascade::new(parts);
    let now = clock.now();
    let day = now + chrono::TimeDelta::days(1);
    let ask = async |key: &CacheKey| {
        // A body that is a small part of a large buffer must not keep the buffer.
        let body = Bytes::from(vec![b'x'; 2 * BODY_BYTES]).slice(..BODY_BYTES);
        let kind = EntryKind::Found;
        let entry = Entry { kind, body, fetched_at: now, source_time: now, fresh_until: day, keep_until: day };
        cascade.get_or_fetch(key, async { Ok(entry) }).await.unwrap().1
    };
    let bound = i64::try_from(MEMORY_BYTES).unwrap();
    let slack = 4 << 20;
    for number in 0..1_200 {
        assert_eq!(ask(&key(number)).await, Origin::Miss);
        assert!(metrics.size_bytes.get() <= bound + slack, "{} after {number}", metrics.size_bytes.get());
    }
    cascade.cleanup(now).await.unwrap();
    let held = metrics.size_bytes.get();
    assert!(held <= bound && held > bound / 2, "{held}");
    assert!(metrics.evictions.get() >= 700, "{}", metrics.evictions.get());
    cascade.forget_memory();
    assert_eq!(metrics.size_bytes.get(), 0, "what comes in and goes out is counted alike");
}
