//! The metrics of this context.

use std::time::Duration;

use platform::telemetry::metrics::DURATION_BUCKETS_SECONDS;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use crate::domain::entry::Level;

/// Every metric of the gateway. Clones share them.
#[derive(Debug, Clone)]
pub struct GatewayMetrics {
    /// Of the cache.
    pub cache: CacheMetrics,
}

impl GatewayMetrics {
    /// Registers them, once per registry.
    pub fn register(registry: &mut Registry) -> Self {
        Self { cache: CacheMetrics::register(registry) }
    }
}

/// The metrics of the cache, each handle found once: counting a hit looks nothing up and makes no text.
#[derive(Debug, Clone)]
pub struct CacheMetrics {
    levels: [LevelMetrics; 3],
    /// Entries found in a lower level and kept in those above it.
    pub promotions: Counter,
    /// Entries that left the memory because it was full or their time there was over.
    pub evictions: Counter,
    /// What the memory holds, in bytes.
    pub size_bytes: Gauge,
}

/// What one level does.
#[derive(Debug, Clone)]
pub struct LevelMetrics {
    hits: Counter,
    misses: Counter,
    errors: Counter,
    latency: Histogram,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct LevelLabels {
    level: &'static str,
}

impl CacheMetrics {
    fn register(registry: &mut Registry) -> Self {
        let (hits, misses, errors) = <(Family<_, Counter>, Family<_, Counter>, Family<_, Counter>)>::default();
        // Memory answers in less than a microsecond.
        let buckets = || Histogram::new([0.000_001, 0.000_01].into_iter().chain(DURATION_BUCKETS_SECONDS));
        let latency: Family<_, Histogram, fn() -> Histogram> = Family::new_with_constructor(buckets);
        let levels = [Level::L1, Level::L2, Level::L3].map(|level| {
            let labels = LevelLabels { level: level.name() };
            LevelMetrics {
                hits: hits.get_or_create_owned(&labels),
                misses: misses.get_or_create_owned(&labels),
                errors: errors.get_or_create_owned(&labels),
                latency: latency.get_or_create_owned(&labels),
            }
        });
        let metrics = Self {
            levels,
            promotions: Counter::default(),
            evictions: Counter::default(),
            size_bytes: Gauge::default(),
        };
        let name = |what: &str| format!("integration_gateway_cache_{what}");
        registry.register(name("hits"), "Fresh answers found in a level of the cache", hits);
        registry.register(name("misses"), "Look-ups in a level of the cache that found nothing fresh", misses);
        registry.register(name("errors"), "Reads and writes of a level of the cache that failed", errors);
        let help = "Entries found in a lower level of the cache and kept in those above it";
        registry.register(name("promotions"), help, metrics.promotions.clone());
        let help = "Entries that left the memory because it was full or their time there was over";
        registry.register(name("evictions"), help, metrics.evictions.clone());
        registry.register(
            name("size_bytes"),
            "What the memory of the cache holds, in bytes",
            metrics.size_bytes.clone(),
        );
        registry.register(
            name("latency_seconds"),
            "How long a look-up in a level of the cache takes, in seconds",
            latency,
        );
        metrics
    }

    /// The metrics of a level.
    #[must_use]
    pub fn level(&self, level: Level) -> &LevelMetrics {
        &self.levels[level as usize]
    }
}

impl LevelMetrics {
    /// Counts a look-up that found something fresh.
    pub fn hit(&self, took: Duration) {
        self.hits.inc();
        self.latency.observe(took.as_secs_f64());
    }

    /// Counts a look-up that found nothing fresh.
    pub fn miss(&self, took: Duration) {
        self.misses.inc();
        self.latency.observe(took.as_secs_f64());
    }

    /// Counts a failed read or write; a failed read is a miss besides.
    pub fn error(&self) {
        self.errors.inc();
    }
}
