//! The cache of outside answers: memory by itself, Redis beside a bare GET on the same kind of connection, and how
//! many calls a thousand cold questions make.

use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use bytes::Bytes;
use chrono::TimeDelta;
use gateway::cache::cascade::{Cascade, CascadeParts};
use gateway::cache::{CacheKey, FlightFailure};
use gateway::domain::entry::{Entry, EntryKind, Level, Origin};
use gateway::domain::parameter::Arguments;
use gateway::telemetry::GatewayMetrics;
use platform::clock::{Clock, SystemClock};
use platform::redis::{Redis, RedisSettings, connect};
use prometheus_client::registry::Registry;
use serde_json::json;
use testkit::redis::TestRedis;
use tokio::sync::Barrier;
use tokio_util::task::TaskTracker;

use crate::report::{Report, percentile};

/// The sizes of answers: one month of one product, and a year of a chapter.
const BODIES: [(usize, &str); 2] = [(1 << 10, "1 KiB"), (64 << 10, "64 KiB")];
/// Different questions; each process asks each once below memory.
const KEYS: usize = 1_000;
/// Who ask at once for what nobody has.
const COLD: usize = 1_000;

/// What fetching fails with here.
#[derive(Debug, Clone, thiserror::Error)]
#[error(transparent)]
struct Failure(#[from] FlightFailure);

/// A process with an empty memory above Redis, where there is one.
fn node(redis: Option<Redis>) -> (Arc<Cascade<Failure>>, TaskTracker) {
    let metrics = GatewayMetrics::register(&mut Registry::default()).cache;
    let tasks = TaskTracker::new();
    let parts = CascadeParts { redis, ..CascadeParts::new(Arc::new(SystemClock), metrics, tasks.clone()) };
    (Arc::new(Cascade::new(parts)), tasks)
}

fn key(number: usize, bytes: usize) -> Result<CacheKey> {
    let arguments = json!({"ano": "2024", "mes": "01", "ncm": format!("{number:08}"), "bytes": bytes});
    let arguments = Arguments(arguments.as_object().context("an object")?.clone());
    Ok(CacheKey::new("comexstat", "exportacao", "0123456789abcdef", &arguments))
}

fn entry(bytes: usize) -> Entry {
    let now = SystemClock.now();
    let until = now + TimeDelta::days(1);
    let body = Bytes::from(vec![b'7'; bytes]);
    Entry { kind: EntryKind::Found, body, fetched_at: now, source_time: now, fresh_until: until, keep_until: until }
}

/// Every figure of the cache.
pub async fn cache(questions: usize, report: &mut Report) -> Result<()> {
    memory(questions, report).await?;
    let server = TestRedis::start().await;
    let settings = RedisSettings::from_url(&server.url())?;
    let redis = connect(&settings)?;
    let began = Instant::now();
    while redis.ping().await.is_err() {
        ensure!(began.elapsed() < Duration::from_secs(10), "Redis did not answer");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    for (bytes, size) in BODIES {
        shared(&redis, (bytes, size), questions, report).await?;
    }
    cold(&redis, report).await
}

/// A hit in memory, in process.
async fn memory(questions: usize, report: &mut Report) -> Result<()> {
    let (cascade, _tasks) = node(None);
    let kept = entry(BODIES[0].0);
    let keys = (0..KEYS).map(|number| key(number, 0)).collect::<Result<Vec<_>>>()?;
    for key in &keys {
        let entry = kept.clone();
        cascade.get_or_fetch(key, async { Ok(entry) }).await?;
    }
    let mut hits = Vec::with_capacity(questions);
    for key in keys.iter().cycle().take(questions) {
        let entry = kept.clone();
        let started = Instant::now();
        let found = cascade.get_or_fetch(black_box(key), async { Ok(entry) }).await?;
        hits.push(started.elapsed());
        ensure!(found.1 == Origin::Hit(Level::L1), "memory lost an entry");
        black_box(found);
    }
    report.at_most("hit in memory, p50", percentile(&mut hits, 0.5, 1e9), "ns", 2_000.0);
    report.at_most("hit in memory, p99", percentile(&mut hits, 0.99, 1e9), "ns", 2_000.0);
    Ok(())
}

/// A hit in Redis, in turns with a bare GET of the same value on the same connection.
async fn shared(redis: &Redis, (bytes, size): (usize, &str), questions: usize, report: &mut Report) -> Result<()> {
    let kept = entry(bytes);
    let keys = (0..KEYS).map(|number| key(number, bytes)).collect::<Result<Vec<_>>>()?;
    let (writer, writes) = node(Some(redis.clone()));
    for key in &keys {
        let entry = kept.clone();
        writer.get_or_fetch(key, async { Ok(entry) }).await?;
    }
    writes.close();
    writes.wait().await;
    let (mut ours, mut bare) = (Vec::new(), Vec::new());
    while ours.len() < questions {
        let (cascade, _tasks) = node(Some(redis.clone()));
        for key in &keys {
            let mut get = redis::cmd("GET");
            get.arg(key.to_string());
            let started = Instant::now();
            let value: Bytes = redis.query(&get).await?;
            bare.push(started.elapsed());
            ensure!(value.len() > bytes, "Redis lost a value");
            let entry = kept.clone();
            let started = Instant::now();
            let found = cascade.get_or_fetch(key, async { Ok(entry) }).await?;
            ours.push(started.elapsed());
            ensure!(found.1 == Origin::Hit(Level::L2), "not from Redis: {:?}", found.1);
        }
    }
    for (share, name) in [(0.5, "p50"), (0.99, "p99")] {
        report.at_most_times(
            format!("hit in Redis, {size}, {name}"),
            percentile(&mut ours, share, 1e6),
            "µs",
            ("GET on the same connection", percentile(&mut bare, share, 1e6)),
            1.3,
        );
    }
    Ok(())
}

/// A thousand at once for one cold key.
async fn cold(redis: &Redis, report: &mut Report) -> Result<()> {
    let (cascade, _tasks) = node(Some(redis.clone()));
    let (calls, gate) = (Arc::new(AtomicUsize::new(0)), Arc::new(Barrier::new(COLD)));
    let key = key(KEYS, 1)?;
    let started = Instant::now();
    let asking = (0..COLD).map(|_| {
        let (cascade, calls, gate, key) = (Arc::clone(&cascade), Arc::clone(&calls), Arc::clone(&gate), key.clone());
        tokio::spawn(async move {
            gate.wait().await;
            let fetch = async move {
                calls.fetch_add(1, Ordering::SeqCst);
                tokio::time::sleep(Duration::from_millis(20)).await;
                Ok(entry(BODIES[0].0))
            };
            cascade.get_or_fetch(&key, fetch).await
        })
    });
    for asked in asking.collect::<Vec<_>>() {
        asked.await??;
    }
    let took = started.elapsed();
    report.at_most("calls of 1,000 at once for one cold key", calls.load(Ordering::SeqCst) as f64, "calls", 1.0);
    report.at_most("their answers, the last, source of 20 ms", took.as_secs_f64() * 1e3, "ms", 200.0);
    Ok(())
}
