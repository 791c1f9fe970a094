//! The snapshot that a server answers from, kept in step with the store.

use std::sync::Arc;
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;
use tokio_util::sync::CancellationToken;

use super::directory::{CubeDirectory, SyncError};
use super::snapshot::Snapshot;
use crate::domain::country;
use crate::ingest::guard::SAMPLE_SOURCE;
use crate::store::{LiveState, LoadCounts, Store};

/// Channel on which the store announces a new snapshot.
pub const CHANNEL: &str = "bgc_trade_snapshot";
/// How often the store is asked when no announcement comes: one may be lost with its connection.
const POLL: Duration = Duration::from_secs(15);
/// A load may replace a year between reading what is live and opening it; then both are done again.
const ATTEMPTS: u32 = 4;

/// What every request reads: one atomic load, no lock.
pub type SharedSnapshot = Arc<ArcSwap<Snapshot>>;

/// Reads what is live, opens or builds its segments, and assembles a snapshot.
///
/// # Errors
/// When the store cannot be read or a segment can neither be opened nor built.
pub async fn assemble(store: &Store, cube: &CubeDirectory) -> Result<Snapshot, SyncError> {
    let mut attempt = 0;
    loop {
        attempt += 1;
        let state = store.live_state().await?;
        match cube.open(store, &state).await {
            Ok(segments) => {
                let built = tokio::task::spawn_blocking(move || snapshot_of(state, segments)).await;
                return built.map_err(|_| SyncError::Interrupted);
            }
            Err(error @ (SyncError::Superseded { .. } | SyncError::Totals { .. } | SyncError::Cube(_)))
                if attempt < ATTEMPTS =>
            {
                tracing::warn!(%error, attempt, "what is live changed while the cube was opened; opening it again");
            }
            Err(error) => return Err(error),
        }
    }
}

fn snapshot_of(mut state: LiveState, segments: Vec<Arc<super::segment::Segment>>) -> Snapshot {
    let mut sources: Vec<&str> = state.years.iter().map(|year| year.source.as_str()).collect();
    sources.sort_unstable();
    sources.dedup();
    // A number that no table has is called here what the reports call it.
    for code in segments.iter().flat_map(|segment| segment.countries()) {
        state.reference.countries.entry(*code).or_insert_with(|| country::unlisted(*code));
    }
    // Part of the store's identity is in it: a client's ETag must not match another store's snapshot.
    let id = format!("{}-{}", state.store_id.get(..8).unwrap_or_default(), state.version);
    let source = sources.join(",");
    let sample = sources == [SAMPLE_SOURCE];
    Snapshot::new(id, segments, Arc::new(state.reference), state.coverage, source, sample, state.updated_at)
}

/// Tells a caller of [`follow`] what happened, for metrics and readiness.
pub trait Observer: Send + Sync {
    /// A new snapshot is live in this process.
    fn swapped(&self, snapshot: &Snapshot, took: Duration);
    /// The store could not be followed; the last good snapshot goes on answering.
    fn failed(&self, error: &SyncError);
    /// What the store says of all loads so far.
    fn counted(&self, counts: &LoadCounts);
}

/// Follows the store until `stop`: swaps the snapshot at each announcement, and asks every few seconds besides.
/// `announced` wakes it; the caller feeds it from LISTEN. `server` names this server among those of the store.
pub async fn follow(
    store: Store,
    cube: CubeDirectory,
    shared: SharedSnapshot,
    announced: Arc<tokio::sync::Notify>,
    observer: Arc<dyn Observer>,
    (server, stop): (String, CancellationToken),
) {
    loop {
        report(&store, &server, &shared).await;
        tokio::select! {
            () = stop.cancelled() => {
                if let Err(error) = store.end_serving(&server).await {
                    tracing::debug!(%error, "could not say that this server ends");
                }
                return;
            }
            () = announced.notified() => {}
            () = tokio::time::sleep(POLL) => {}
        }
        if let Err(error) = catch_up(&store, &cube, &shared, observer.as_ref()).await {
            observer.failed(&error);
        }
    }
}

/// Says which snapshot this server answers from, for loads that wait for it.
async fn report(store: &Store, server: &str, shared: &SharedSnapshot) {
    let version = shared.load().version();
    if let Err(error) = store.report_serving(server, version).await {
        tracing::debug!(%error, "could not say which snapshot is served");
    }
}

async fn catch_up(
    store: &Store,
    cube: &CubeDirectory,
    shared: &SharedSnapshot,
    observer: &dyn Observer,
) -> Result<(), SyncError> {
    let version = store.snapshot_version().await?;
    observer.counted(&store.load_counts().await?);
    if shared.load().id.ends_with(&format!("-{version}")) {
        return Ok(());
    }
    let started = Instant::now();
    let snapshot = Arc::new(assemble(store, cube).await?);
    shared.store(Arc::clone(&snapshot));
    observer.swapped(&snapshot, started.elapsed());
    Ok(())
}
