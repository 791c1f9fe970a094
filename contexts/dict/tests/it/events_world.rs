//! A store of a test's own with an outbox to fill, and relays over it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use dict::events::metrics::EventMetrics;
use dict::events::relay::{Relay, RelayOptions};
use dict::events::{Event, EventSink, SinkError};
use dict::store::Store;
use dict::vault::{Hash, MasterKey, Vault};
use platform::clock::Clock;
use platform::postgres::Role;
use platform::postgres::pool::{self, PoolOptions, QueryMetrics};
use platform::postgres::settings::PoolSize;
use platform::resilience::backoff::Backoff;
use prometheus_client::registry::Registry;
use serde_json::{Value, json};
use testkit::{CountingEntropy, FakeClock, TestDatabase};
use tokio::sync::{Mutex, Notify};
use tokio::task::JoinHandle;
use tokio_postgres::Client;
use tokio_util::sync::CancellationToken;

/// How long a test waits for what must come.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// Waits until `reached` says so.
#[track_caller]
pub fn eventually<F: Future<Output = bool>>(what: &str, mut reached: impl FnMut() -> F) -> impl Future<Output = ()> {
    let place = std::panic::Location::caller();
    async move {
        let began = Instant::now();
        while !reached().await {
            assert!(began.elapsed() < PATIENCE, "{place}: {what} did not come about");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

/// Short pauses, and batches as small as a test wants them: faults fall between and into many.
pub fn quick(events_max: i64) -> RelayOptions {
    RelayOptions {
        events_max,
        idle: Duration::from_millis(5),
        pause: Backoff { base: Duration::from_millis(20), longest: Duration::from_millis(200) },
        postpone: (Duration::from_millis(10), Duration::from_millis(100)),
    }
}

/// A hash that stands for a key.
pub fn key(number: u32) -> Hash {
    let mut hash = [7; 32];
    hash[..4].copy_from_slice(&number.to_be_bytes());
    hash
}

#[derive(Debug)]
pub struct World {
    pub database: TestDatabase,
    pub store: Store,
    pub clock: FakeClock,
    pub metrics: EventMetrics,
    pub registry: Registry,
    pub sql: Client,
}

impl World {
    pub async fn new() -> Self {
        let database = TestDatabase::create(&[dict::MIGRATIONS]).await;
        let clock = FakeClock::default();
        let options = PoolOptions::new(PoolSize { min_connections: 1, max_connections: 8 }, "dict tests");
        let pool = pool::build(&database.target(Role::AppRw), &options).unwrap();
        let entropy = CountingEntropy::default();
        let vault = Vault::load(&pool, &MasterKey([9; 32]), &entropy, clock.now()).await.unwrap();
        let mut registry = Registry::default();
        let queries = QueryMetrics::register(&mut registry);
        let store = Store::new(pool, queries, Arc::new(vault));
        let metrics = EventMetrics::register(&mut registry);
        let sql = database.connect(Role::MigrationAdmin).await;
        Self { database, store, clock, metrics, registry, sql }
    }

    /// Writes an event as a use case does.
    pub async fn write(&self, key_hash: &Hash, topic: &str, event_id: &str) {
        self.write_by(&self.sql, key_hash, topic, event_id).await;
    }

    /// The same over another connection.
    pub async fn write_by(&self, client: &Client, key_hash: &Hash, topic: &str, event_id: &str) {
        let payload = json!({"event_id": event_id}).to_string();
        let sql = "INSERT INTO dict.outbox (key_hash, topic, payload, created_at) VALUES ($1, $2, $3::text::jsonb, $4)";
        client.execute(sql, &[&&key_hash[..], &topic, &payload, &self.clock.now()]).await.unwrap();
    }

    /// Writes `per_key` events of each of `keys` keys; event `n` of key `k` is called `k-n`.
    pub async fn write_many(&self, keys: u32, per_key: u32) {
        let sql = "INSERT INTO dict.outbox (key_hash, topic, payload, created_at)
            SELECT decode(lpad(to_hex(key), 8, '0') || repeat('07', 28), 'hex'),
                (ARRAY['entries.created', 'entries.updated', 'entries.deleted'])[1 + event % 3],
                jsonb_build_object('event_id', key || '-' || event), $3
            FROM generate_series(1, $2::int) AS event, generate_series(1, $1::int) AS key ORDER BY event, key";
        let (keys, per_key) = (i32::try_from(keys).unwrap(), i32::try_from(per_key).unwrap());
        self.sql.execute(sql, &[&keys, &per_key, &self.clock.now()]).await.unwrap();
    }

    pub async fn waiting(&self) -> i64 {
        self.number("SELECT count(*) FROM dict.outbox").await
    }

    pub async fn is_drained(&self) {
        eventually("an empty outbox", || async { self.waiting().await == 0 }).await;
    }

    /// Starts a relay; it stops with the value.
    pub fn relay(&self, sinks: Vec<Arc<dyn EventSink>>) -> Running {
        self.relay_with(sinks, quick(100))
    }

    pub fn relay_with(&self, sinks: Vec<Arc<dyn EventSink>>, options: RelayOptions) -> Running {
        let clock = Arc::new(self.clock.clone());
        let entropy = Arc::new(CountingEntropy::default());
        let relay = Relay::new(self.store.clone(), sinks, clock, entropy, self.metrics.clone(), options);
        let stop = CancellationToken::new();
        Running { task: tokio::spawn(relay.run(stop.clone())), stop }
    }

    /// A number that a statement answers.
    pub async fn number(&self, sql: &str) -> i64 {
        self.sql.query_one(sql, &[]).await.unwrap().get(0)
    }

    /// Whether the product can get no connection to the database from now on; those it has are ended.
    pub async fn close_database(&self, closed: bool) {
        let limit = if closed { 0 } else { -1 };
        self.as_superuser(&format!("ALTER DATABASE {} CONNECTION LIMIT {limit}", self.database.name())).await;
        self.cut_database().await;
    }

    /// Ends every connection of the product to the database.
    pub async fn cut_database(&self) {
        let sql = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
            WHERE datname = current_database() AND usename = 'app_rw'";
        self.as_superuser(sql).await;
    }

    async fn as_superuser(&self, sql: &str) {
        let (client, connection) = self.database.superuser_config().connect(tokio_postgres::NoTls).await.unwrap();
        let driven = tokio::spawn(connection);
        client.batch_execute(sql).await.unwrap();
        driven.abort();
    }

    /// Lets every pause end.
    pub fn pauses_end(&self) {
        self.clock.advance(TimeDelta::minutes(2));
    }

    /// A metric's value as it is scraped.
    pub fn metric(&self, name: &str) -> String {
        let mut text = String::new();
        prometheus_client::encoding::text::encode(&mut text, &self.registry).unwrap();
        let line = text.lines().find(|line| line.split(' ').next() == Some(name));
        line.unwrap_or_else(|| panic!("no metric {name} in\n{text}")).split(' ').nth(1).unwrap().to_owned()
    }
}

/// A relay that runs until this is dropped.
pub struct Running {
    pub task: JoinHandle<()>,
    stop: CancellationToken,
}

impl Running {
    /// Ends it in the middle of whatever it does, as a crash would.
    pub async fn kill(mut self) {
        self.task.abort();
        assert!((&mut self.task).await.is_err_and(|error| error.is_cancelled()));
    }

    /// Lets it end its round.
    pub async fn stop(mut self) {
        self.stop.cancel();
        (&mut self.task).await.unwrap();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Whether a [`Sink`] takes an event, by its id.
type Judge = Arc<dyn Fn(&str) -> Result<(), SinkError> + Send + Sync>;

/// Keeps what it is given, or answers as it is told.
#[derive(Clone)]
pub struct Sink {
    pub events: Arc<Mutex<Vec<Event>>>,
    judge: Judge,
}

impl Default for Sink {
    fn default() -> Self {
        Self { events: Arc::default(), judge: Arc::new(|_| Ok(())) }
    }
}

impl std::fmt::Debug for Sink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sink").finish_non_exhaustive()
    }
}

impl Sink {
    /// Answers `error` for the first `times` events whose id begins with `prefix`, and takes all others.
    pub fn failing(times: usize, prefix: &'static str, error: SinkError) -> Self {
        let left = AtomicUsize::new(times);
        let judge = move |id: &str| {
            let take = |left: usize| left.checked_sub(1);
            let fails = id.starts_with(prefix) && left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, take).is_ok();
            if fails { Err(error.clone()) } else { Ok(()) }
        };
        Self { judge: Arc::new(judge), ..Self::default() }
    }

    /// The event ids in the order of their arrival.
    pub async fn ids(&self) -> Vec<String> {
        self.events.lock().await.iter().map(|event| event_id(event.payload.as_bytes())).collect()
    }
}

#[tonic::async_trait]
impl EventSink for Sink {
    fn name(&self) -> &'static str {
        "test"
    }

    async fn publish(&self, events: &[Event]) -> Vec<Result<(), SinkError>> {
        let mut kept = self.events.lock().await;
        let mut outcomes = Vec::new();
        for event in events {
            let outcome = (self.judge)(&event_id(event.payload.as_bytes()));
            if outcome.is_ok() {
                kept.push(event.clone());
            }
            outcomes.push(outcome);
        }
        outcomes
    }
}

/// Takes everything, and never returns.
#[derive(Debug, Default, Clone)]
pub struct HangsAfter {
    pub reached: Arc<Notify>,
}

#[tonic::async_trait]
impl EventSink for HangsAfter {
    fn name(&self) -> &'static str {
        "hangs"
    }

    async fn publish(&self, _: &[Event]) -> Vec<Result<(), SinkError>> {
        self.reached.notify_one();
        std::future::pending().await
    }
}

/// The `event_id` of a payload.
pub fn event_id(payload: &[u8]) -> String {
    let payload: Value = serde_json::from_slice(payload).unwrap();
    payload["event_id"].as_str().unwrap().to_owned()
}

/// Checks that all of `keys` times `per_key` events arrived, and that in each sequence an event that is new comes after
/// all events of its key that came before it.
#[track_caller]
pub fn assert_complete_and_in_order<S: AsRef<[String]>>(sequences: &[S], keys: u32, per_key: u32) {
    let mut all = BTreeSet::new();
    for ids in sequences {
        let mut seen = BTreeMap::<u32, BTreeSet<u32>>::new();
        for id in ids.as_ref() {
            let (key, event) = id.split_once('-').unwrap();
            let (key, event): (u32, u32) = (key.parse().unwrap(), event.parse().unwrap());
            let seen = seen.entry(key).or_default();
            assert!(
                seen.contains(&event) || seen.last().is_none_or(|last| *last < event),
                "event {event} of key {key} came after event {:?}",
                seen.last()
            );
            seen.insert(event);
            all.insert((key, event));
        }
    }
    let expected: BTreeSet<_> = (1..=keys).flat_map(|key| (1..=per_key).map(move |event| (key, event))).collect();
    let missing: Vec<_> = expected.difference(&all).take(10).collect();
    assert!(all == expected, "missing: {missing:?} (ten at most) of {} that came", all.len());
}
