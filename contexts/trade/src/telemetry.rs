//! The metrics of this context: what is loaded, how fresh it is, which snapshot answers.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64};
use std::time::Duration;

use platform::clock::Clock;
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeLabelSet, EncodeMetric};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::{ConstGauge, Gauge};
use prometheus_client::registry::{Registry, Unit};

use crate::cube::directory::SyncError;
use crate::cube::live::Observer;
use crate::cube::snapshot::Snapshot;
use crate::store::LoadCounts;

/// Labels of the load counts. Sources are few: an operator names them.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct LoadLabels {
    source: String,
    outcome: String,
}

/// What this context shows on the operations port.
#[derive(Debug, Clone)]
pub struct TradeMetrics {
    batches: Family<LoadLabels, Gauge>,
    rows: Family<LoadLabels, Gauge>,
    rejected: Family<LoadLabels, Gauge>,
    last_load: Arc<AtomicI64>,
    last_load_seconds: Gauge<f64, AtomicU64>,
    snapshot_rows: Gauge,
    snapshot_years: Gauge,
    swap_seconds: Gauge<f64, AtomicU64>,
    swaps: Counter,
    failures: Counter,
    store_up: Gauge,
    /// Simulations that were not kept because the store was behind.
    pub simulations_dropped: Counter,
}

impl TradeMetrics {
    /// Registers everything. The clock gives the age of the data at each scrape.
    pub fn register(registry: &mut Registry, clock: Arc<dyn Clock>) -> Self {
        let metrics = Self {
            batches: Family::default(),
            rows: Family::default(),
            rejected: Family::default(),
            last_load: Arc::new(AtomicI64::new(0)),
            last_load_seconds: Gauge::default(),
            snapshot_rows: Gauge::default(),
            snapshot_years: Gauge::default(),
            swap_seconds: Gauge::default(),
            swaps: Counter::default(),
            failures: Counter::default(),
            store_up: Gauge::default(),
            simulations_dropped: Counter::default(),
        };
        registry.register("bgc_ingest_batches", "Loads by source and outcome", metrics.batches.clone());
        registry.register("bgc_ingest_rows", "Rows that loads made live", metrics.rows.clone());
        registry.register("bgc_ingest_rejected_rows", "Rows that loads rejected", metrics.rejected.clone());
        registry.register_with_unit(
            "bgc_ingest_last_duration",
            "Duration of the last load",
            Unit::Seconds,
            metrics.last_load_seconds.clone(),
        );
        registry.register("bgc_snapshot_rows", "Rows of the cube that answers", metrics.snapshot_rows.clone());
        registry.register("bgc_snapshot_years", "Years of the cube that answers", metrics.snapshot_years.clone());
        registry.register_with_unit(
            "bgc_snapshot_swap",
            "Time the last snapshot took to open",
            Unit::Seconds,
            metrics.swap_seconds.clone(),
        );
        registry.register("bgc_snapshot_swaps", "Snapshots taken live", metrics.swaps.clone());
        registry.register(
            "bgc_snapshot_failures",
            "Attempts to follow the store that failed",
            metrics.failures.clone(),
        );
        registry.register(
            "bgc_store_up",
            "1 when the store answered the last time it was asked",
            metrics.store_up.clone(),
        );
        registry.register(
            "bgc_simulations_dropped",
            "Simulations not kept because the store was behind",
            metrics.simulations_dropped.clone(),
        );
        registry.register_collector(Box::new(Freshness { last_load: Arc::clone(&metrics.last_load), clock }));
        metrics
    }

    /// The store answered (or not).
    pub fn store_up(&self, up: bool) {
        self.store_up.set(i64::from(up));
    }

    /// What the store says of all loads so far.
    pub fn loads(&self, counts: &LoadCounts) {
        for row in &counts.outcomes {
            let labels = LoadLabels { source: row.source.clone(), outcome: row.outcome.clone() };
            self.batches.get_or_create(&labels).set(row.batches);
            self.rows.get_or_create(&labels).set(row.rows_loaded);
            self.rejected.get_or_create(&labels).set(row.rows_rejected);
        }
        if let Some(last) = &counts.last {
            self.last_load.store(last.at.timestamp(), std::sync::atomic::Ordering::Relaxed);
            self.last_load_seconds.set(last.duration_ms as f64 / 1000.0);
        }
    }
}

impl Observer for TradeMetrics {
    fn swapped(&self, snapshot: &Snapshot, took: Duration) {
        let rows: usize = snapshot.segments.iter().map(|segment| segment.rows()).sum();
        self.snapshot_rows.set(i64::try_from(rows).unwrap_or(i64::MAX));
        self.snapshot_years.set(i64::try_from(snapshot.segments.len()).unwrap_or(i64::MAX));
        self.swap_seconds.set(took.as_secs_f64());
        self.swaps.inc();
        self.store_up(true);
        tracing::info!(snapshot = snapshot.id, rows, took_ms = took.as_millis() as u64, "a new snapshot is live");
    }

    fn failed(&self, error: &SyncError) {
        self.failures.inc();
        self.store_up(false);
        tracing::warn!(%error, "the store could not be followed; the last good snapshot goes on answering");
    }

    fn counted(&self, counts: &LoadCounts) {
        self.loads(counts);
        self.store_up(true);
    }
}

/// Age of the data, computed when it is asked for.
#[derive(Debug)]
struct Freshness {
    last_load: Arc<AtomicI64>,
    clock: Arc<dyn Clock>,
}

impl Collector for Freshness {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), std::fmt::Error> {
        let at = self.last_load.load(std::sync::atomic::Ordering::Relaxed);
        if at == 0 {
            return Ok(());
        }
        let age = (self.clock.now().timestamp() - at).max(0);
        for (name, help, value) in [
            ("bgc_data_last_load_timestamp", "When data was last loaded, as Unix time", at),
            ("bgc_data_freshness", "Time since data was last loaded", age),
        ] {
            let gauge = ConstGauge::new(value);
            let described = encoder.encode_descriptor(name, help, Some(&Unit::Seconds), gauge.metric_type())?;
            gauge.encode(described)?;
        }
        Ok(())
    }
}
