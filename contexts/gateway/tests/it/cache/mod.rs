//! The cache over a real Redis and a real PostgreSQL.

mod answers;
mod bounds;
mod faults;
mod flights;
mod kept;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use chrono::TimeDelta;
use gateway::cache::cascade::{Cascade, CascadeParts};
use gateway::cache::{CacheKey, Deadlines, FlightFailure, TABLE_BYTES};
use gateway::domain::entry::{Entry, EntryKind, Level, Origin};
use gateway::domain::parameter::Arguments;
use gateway::telemetry::GatewayMetrics;
use platform::clock::Clock;
use platform::postgres::Role;
use platform::postgres::pool::{self, Pool, PoolOptions, QueryMetrics};
use platform::postgres::settings::PoolSize;
use platform::redis::{Redis, RedisSettings, connect};
use prometheus_client::registry::Registry;
use serde_json::json;
use testkit::redis::TestRedis;
use testkit::{FakeClock, TestDatabase};
use tokio_util::task::TaskTracker;

/// How long a test waits for what must come.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// Deadlines too long to pass on a busy machine.
pub const LONG: Deadlines =
    Deadlines { shared: Duration::from_secs(10), table: Duration::from_secs(10), write: Duration::from_secs(10) };

/// What fetching fails with here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The source failed.
    Source,
    /// The look-up did.
    Flight(FlightFailure),
}

impl From<FlightFailure> for Failure {
    fn from(failure: FlightFailure) -> Self {
        Self::Flight(failure)
    }
}

pub type Answer = Result<(Entry, Origin), Failure>;

/// The stores that processes share, and the time.
pub struct World {
    pub redis: TestRedis,
    pub database: TestDatabase,
    pub clock: FakeClock,
}

/// One process with its own memory.
pub struct Node {
    pub cascade: Arc<Cascade<Failure>>,
    pub redis: Redis,
    pub tasks: TaskTracker,
    registry: Registry,
}

impl World {
    pub async fn create() -> Self {
        let (redis, database) = tokio::join!(TestRedis::start(), TestDatabase::create(&[gateway::MIGRATIONS]));
        Self { redis, database, clock: FakeClock::default() }
    }

    pub async fn node(&self) -> Node {
        self.node_with(LONG).await
    }

    pub async fn node_with(&self, deadlines: Deadlines) -> Node {
        self.node_of(deadlines, TABLE_BYTES).await
    }

    /// A process that leaves so many bytes in the table.
    pub async fn node_of(&self, deadlines: Deadlines, table_bytes: i64) -> Node {
        let redis = connect(&RedisSettings::from_url(&self.redis.url()).unwrap()).unwrap();
        until("Redis is there", async || redis.ping().await.is_ok()).await;
        let mut registry = Registry::default();
        let metrics = GatewayMetrics::register(&mut registry).cache;
        let queries = QueryMetrics::register(&mut registry);
        let tasks = TaskTracker::new();
        let cascade = Cascade::new(CascadeParts {
            redis: Some(redis.clone()),
            table: Some((self.pool(), queries)),
            deadlines,
            table_bytes,
            ..CascadeParts::new(Arc::new(self.clock.clone()), metrics, tasks.clone())
        });
        Node { cascade: Arc::new(cascade), redis, tasks, registry }
    }

    fn pool(&self) -> Pool {
        let size = PoolSize { min_connections: 0, max_connections: 10 };
        pool::build(&self.database.target(Role::AppRw), &PoolOptions::new(size, "gateway test")).unwrap()
    }

    /// An answer fetched now, fresh for five minutes and usable for a day.
    pub fn entry(&self, body: &str) -> Entry {
        let now = self.clock.now();
        Entry {
            kind: EntryKind::Found,
            body: Bytes::from(body.to_owned()),
            fetched_at: now,
            source_time: now - TimeDelta::hours(1),
            fresh_until: now + TimeDelta::minutes(5),
            keep_until: now + TimeDelta::days(1),
        }
    }

    /// "There is no such thing", for a minute.
    pub fn missing(&self) -> Entry {
        let until = self.clock.now() + TimeDelta::minutes(1);
        Entry { kind: EntryKind::Missing, fresh_until: until, keep_until: until, ..self.entry("") }
    }
}

impl Node {
    /// Asks for a key of a source that answers `entry`.
    pub async fn ask(&self, key: &CacheKey, entry: &Entry) -> (Entry, Origin) {
        let entry = entry.clone();
        self.cascade.get_or_fetch(key, async { Ok(entry) }).await.unwrap()
    }

    /// Asks for a key of a source that fails.
    pub async fn ask_failing(&self, key: &CacheKey) -> Answer {
        self.cascade.get_or_fetch(key, async { Err(Failure::Source) }).await
    }

    /// Waits until everything is written.
    pub async fn settle(&self) {
        self.tasks.close();
        self.tasks.wait().await;
        self.tasks.reopen();
    }

    /// Asks Redis itself.
    pub async fn redis<T: redis::FromRedisValue>(&self, words: &[&[u8]]) -> T {
        let mut command = redis::Cmd::new();
        for word in words {
            command.arg(*word);
        }
        self.redis.query(&command).await.unwrap()
    }

    /// The value of a metric of the cache, as a scrape sees it.
    pub fn metric(&self, sample: &str) -> f64 {
        let mut text = String::new();
        prometheus_client::encoding::text::encode(&mut text, &self.registry).unwrap();
        let name = format!("integration_gateway_cache_{sample} ");
        let value = text.lines().find_map(|line| line.strip_prefix(&name));
        value.map(|value| value.parse().unwrap()).unwrap_or_else(|| panic!("{name} in\n{text}"))
    }

    pub fn of_level(&self, what: &str, level: Level) -> f64 {
        self.metric(&format!("{what}{{level=\"{}\"}}", level.name()))
    }
}

/// A question, by number.
pub fn key(number: usize) -> CacheKey {
    keyed("a1", number)
}

/// A question to a version of an endpoint's file.
pub fn keyed(version: &str, number: usize) -> CacheKey {
    let arguments = json!({"ano": "2024", "ncm": format!("{number:08}")});
    CacheKey::new("comexstat", "exportacao", version, &Arguments(arguments.as_object().unwrap().clone()))
}

/// Waits for what must come.
pub async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let began = Instant::now();
    while !holds().await {
        assert!(began.elapsed() < PATIENCE, "{what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// A count that tasks share.
#[derive(Debug, Clone, Default)]
pub struct Count(Arc<AtomicUsize>);

impl Count {
    pub fn one_more(&self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }

    pub fn so_far(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}
