//! A pool of connections with bounds on everything, and how long its statements take.

use std::fmt;
use std::future::Future;
use std::time::{Duration, Instant};

use deadpool_postgres::{Manager, ManagerConfig, RecyclingMethod, Runtime, Timeouts};
pub use deadpool_postgres::{Object as PooledClient, Pool, PoolError};
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeLabelSet, EncodeMetric};
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;
use tokio_postgres::NoTls;

use super::settings::PoolSize;
use super::target::Target;
use crate::telemetry::metrics::DURATION_BUCKETS_SECONDS;

/// The bounds of a pool.
#[derive(Debug, Clone)]
pub struct PoolOptions {
    /// How many connections.
    pub size: PoolSize,
    /// How long a caller waits for a free connection.
    pub wait: Duration,
    /// How long opening one may take.
    pub create: Duration,
    /// How long checking one before it is used again may take.
    pub recycle: Duration,
    /// How long one statement may run on the server; zero for no bound (loads).
    pub statement_timeout: Duration,
    /// What `pg_stat_activity` calls these connections.
    pub application_name: String,
    /// Whether a statement's plan is made once and kept, whatever its parameters: for statements that find few rows by
    /// their keys, above all in partitioned tables, where planning takes longer than finding.
    pub keep_plans: bool,
}

impl PoolOptions {
    /// Five seconds for each step, thirty for a statement; PostgreSQL decides which plans to keep.
    pub fn new(size: PoolSize, application_name: impl Into<String>) -> Self {
        let step = Duration::from_secs(5);
        Self {
            size,
            wait: step,
            create: step,
            recycle: step,
            statement_timeout: Duration::from_secs(30),
            application_name: application_name.into(),
            keep_plans: false,
        }
    }
}

/// Makes a pool. It opens no connection yet: see [`warm`].
pub fn build(target: &Target, options: &PoolOptions) -> Result<Pool, deadpool_postgres::BuildError> {
    let mut config = target.config.clone();
    config.application_name(&options.application_name);
    let timeout = format!("-c statement_timeout={}", options.statement_timeout.as_millis());
    let plans = if options.keep_plans { "-c plan_cache_mode=force_generic_plan" } else { "" };
    let session = format!("{} {timeout} {plans}", config.get_options().unwrap_or_default());
    config.options(session.trim());
    // A connection that the server closed is noticed without asking it: the driver has seen it end.
    let recycling = ManagerConfig { recycling_method: RecyclingMethod::Fast };
    let manager = match &target.tls {
        None => Manager::from_config(config, NoTls, recycling),
        Some(tls) => Manager::from_config(config, tls.clone(), recycling),
    };
    Pool::builder(manager)
        .max_size(options.size.max_connections)
        .timeouts(Timeouts { wait: Some(options.wait), create: Some(options.create), recycle: Some(options.recycle) })
        .runtime(Runtime::Tokio1)
        .build()
}

/// Opens the pool's first connections, so that the first requests need not, and a wrong address is found now.
pub async fn warm(pool: &Pool, connections: usize) -> Result<(), PoolError> {
    let opening = (0..connections).map(|_| pool.get());
    futures_util::future::try_join_all(opening).await.map(drop)
}

/// What a pool's refusal says, for a person.
#[must_use]
pub fn describe(error: &PoolError) -> String {
    match error {
        PoolError::Backend(error) => super::describe(error),
        other => other.to_string(),
    }
}

/// The label of [`QueryMetrics`].
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct QueryLabels {
    query_type: &'static str,
}

/// `bgc_query_duration_seconds{query_type}`: how long each named statement takes, as its caller sees it.
#[derive(Debug, Clone)]
pub struct QueryMetrics {
    durations: Family<QueryLabels, Histogram, fn() -> Histogram>,
}

impl QueryMetrics {
    /// Registers the metric. Once per registry.
    pub fn register(registry: &mut Registry) -> Self {
        let durations: Family<_, _, fn() -> Histogram> =
            Family::new_with_constructor(|| Histogram::new(DURATION_BUCKETS_SECONDS));
        let help = "How long each named statement takes, in seconds, whether it succeeds or not";
        registry.register("bgc_query_duration_seconds", help, durations.clone());
        Self { durations }
    }

    /// Runs a future that asks the database and records how long it took under a name from a closed set:
    /// the statement's own.
    pub async fn timed<T>(&self, query_type: &'static str, query: impl Future<Output = T>) -> T {
        let began = Instant::now();
        let outcome = query.await;
        self.observe(query_type, began.elapsed());
        outcome
    }

    /// Records a duration that was measured elsewhere.
    pub fn observe(&self, query_type: &'static str, took: Duration) {
        self.durations.get_or_create(&QueryLabels { query_type }).observe(took.as_secs_f64());
    }
}

/// Registers the gauges of a pool, read at each scrape: `bgc_db_pool_connections{state="idle"|"used"}`,
/// `bgc_db_pool_waiting`, `bgc_db_pool_max_connections`. Once per registry.
pub fn register_pool(registry: &mut Registry, pool: &Pool) {
    registry.register_collector(Box::new(PoolCollector { pool: pool.clone() }));
}

struct PoolCollector {
    pool: Pool,
}

impl fmt::Debug for PoolCollector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PoolCollector").field("status", &self.pool.status()).finish()
    }
}

impl Collector for PoolCollector {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let gauge = |count: usize| ConstGauge::new(i64::try_from(count).unwrap_or(i64::MAX));
        let status = self.pool.status();
        let idle = status.available.min(status.size);
        let kind = gauge(0).metric_type();
        let help = "Connections of the pool by what they do";
        let mut family = encoder.encode_descriptor("bgc_db_pool_connections", help, None, kind)?;
        for (state, count) in [("idle", idle), ("used", status.size - idle)] {
            gauge(count).encode(family.encode_family(&[("state", state)])?)?;
        }
        let help = "Callers that wait for a connection of the pool";
        gauge(status.waiting).encode(encoder.encode_descriptor("bgc_db_pool_waiting", help, None, kind)?)?;
        let help = "The most connections that the pool may open";
        gauge(status.max_size).encode(encoder.encode_descriptor("bgc_db_pool_max_connections", help, None, kind)?)
    }
}
