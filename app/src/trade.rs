//! trade's wiring: the snapshot and what follows it, the sample, free use, retention.

use std::sync::Arc;
use std::time::Duration;

use ::trade::cube::directory::SyncError;
use ::trade::cube::live::{self, Observer, SharedSnapshot};
use ::trade::cube::snapshot::Snapshot;
use ::trade::free_use::FreeUse;
use ::trade::ingest::load::Loader;
use ::trade::simulator::estimates::EstimateTable;
use ::trade::store::{LoadCounts, Store};
use ::trade::telemetry::TradeMetrics;
use anyhow::{Context, Result};
use platform::clock::Clock;
use platform::http::operations::CheckHandle;
use platform::postgres::target::Target;
use platform::random::{Entropy, OsEntropy};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::config::Config;
use crate::database::Database;
use crate::ingest;
use crate::surroundings::Surroundings;

/// Connections to PostgreSQL that listen are opened again after this.
const LISTEN_PAUSE: Duration = Duration::from_secs(1);
/// How often old simulations are forgotten.
const RETENTION_PAUSE: Duration = Duration::from_secs(6 * 3600);

/// The counters of free simulations.
pub async fn free_use(around: Surroundings<'_>) -> Result<FreeUse> {
    let mut secret = [0; 32];
    OsEntropy.fill(&mut secret)?;
    let (store, tasks) = (around.database.store.clone(), around.tasks.clone());
    FreeUse::open(store, tasks, secret, around.clock.now()).await.context("open the counters of free simulations")
}

/// Background work: announcements, the snapshot that follows them, retention.
pub fn follow(around: Surroundings<'_>, shared: &SharedSnapshot, metrics: &TradeMetrics, check: CheckHandle) {
    let (announced, database) = (Arc::new(Notify::new()), around.database);
    around.tasks.spawn(listen(database.application.clone(), Arc::clone(&announced), around.stop.clone()));
    let observer = Arc::new(ReadyObserver { metrics: metrics.clone(), check });
    let (store, cube) = (database.store.clone(), database.cube.clone());
    let server = platform::random::hex_token(&OsEntropy).unwrap_or_default();
    let ends = (server, around.stop.clone());
    around.tasks.spawn(live::follow(store, cube, Arc::clone(shared), announced, observer, ends));
    let days = around.config.number("trade.simulations_kept_days").unwrap_or(365);
    around.tasks.spawn(forget(database.store.clone(), Arc::clone(around.clock), days, around.stop.clone()));
}

/// Loads the sample into an empty store; real data and a sample that is there already are left alone.
pub async fn load_sample(around: Surroundings<'_>) -> Result<()> {
    let database = around.database;
    let loader = loader(around.config, database, Arc::clone(around.clock))?;
    if loader.store.live_state().await?.years.is_empty() {
        ingest::load_sample(&loader, None, &database.data_dir).await.context("load the sample")?;
    }
    Ok(())
}

/// What loads work with.
pub fn loader(config: &Config, database: &Database, clock: Arc<dyn Clock>) -> Result<Loader> {
    let days = config.number("ingest.keep_replaced_days")?;
    Ok(Loader {
        store: database.store.clone(),
        cube: database.cube.clone(),
        clock,
        keep_replaced_days: u32::try_from(days).unwrap_or(u32::MAX).min(36_500),
    })
}

/// Readiness says whether there is a snapshot to answer from; metrics say the rest.
struct ReadyObserver {
    metrics: TradeMetrics,
    check: CheckHandle,
}

impl Observer for ReadyObserver {
    fn swapped(&self, snapshot: &Snapshot, took: Duration) {
        self.metrics.swapped(snapshot, took);
        self.check.ready();
    }

    fn failed(&self, error: &SyncError) {
        // The last good snapshot answers, so traffic may go on coming.
        self.metrics.failed(error);
    }

    fn counted(&self, counts: &LoadCounts) {
        self.metrics.counted(counts);
    }
}

/// Wakes the follower at each announcement, and after each new connection: what was announced meanwhile is lost.
async fn listen(target: Target, announced: Arc<Notify>, stop: CancellationToken) {
    loop {
        match target.listen(&[live::CHANNEL]).await {
            Ok(mut listener) => {
                announced.notify_one();
                loop {
                    tokio::select! {
                        () = stop.cancelled() => return,
                        notification = listener.next() => match notification {
                            Some(_) => announced.notify_one(),
                            None => break,
                        },
                    }
                }
            }
            Err(error) => tracing::warn!(
                error = platform::postgres::describe(&error),
                "cannot listen for new snapshots; trying again"
            ),
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(LISTEN_PAUSE) => {}
        }
    }
}

/// Forgets simulations older than their retention, and counters of free use, now and every few hours.
async fn forget(store: Store, clock: Arc<dyn Clock>, days: u64, stop: CancellationToken) {
    loop {
        let before = clock.now() - chrono::TimeDelta::days(i64::try_from(days).unwrap_or(365).min(36_500));
        match store.forget_simulations(before).await {
            Ok(0) => {}
            Ok(forgotten) => tracing::info!(forgotten, "old simulations were forgotten"),
            Err(error) => tracing::warn!(%error, "old simulations could not be forgotten; trying again later"),
        }
        match store.forget_uses(clock.now()).await {
            Ok(0) => {}
            Ok(forgotten) => tracing::info!(forgotten, "old counters of free simulations were forgotten"),
            Err(error) => tracing::warn!(%error, "old counters could not be forgotten; trying again later"),
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(RETENTION_PAUSE) => {}
        }
    }
}

/// The operator's table of estimates, where there is one.
pub fn estimates(config: &Config) -> Result<Option<EstimateTable>> {
    let Some(file) = config.optional("trade.estimates_file") else { return Ok(None) };
    let text = std::fs::read_to_string(file).with_context(|| format!("read the estimates {file}"))?;
    Ok(Some(EstimateTable::parse(&text).with_context(|| format!("in {file}"))?))
}
