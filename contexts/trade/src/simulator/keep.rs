//! Simulations on their way into the store, many a statement.

use std::time::Duration;

use prometheus_client::metrics::counter::Counter;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::record::{SimulationLog, SimulationRecord};
use crate::store::Store;

/// Simulations waiting for the store: at some hundred bytes each, a few megabytes.
const QUEUE: usize = 8_192;
/// Simulations of one statement.
const BATCH: usize = 500;
/// A statement is sent when this has passed since its first simulation, full or not.
const LINGER: Duration = Duration::from_millis(200);

/// The log that answers write to, and the work that empties it into `store`: run it until it ends.
/// It ends when every log is gone and everything is kept, or at once at `stop`.
pub fn keep(
    store: Store,
    dropped: Counter,
    stop: CancellationToken,
) -> (SimulationLog, impl Future<Output = ()> + Send) {
    let (log, receiver) = SimulationLog::new(QUEUE, dropped.clone());
    (log, empty(store, dropped, receiver, stop))
}

async fn empty(
    store: Store,
    dropped: Counter,
    mut receiver: mpsc::Receiver<SimulationRecord>,
    stop: CancellationToken,
) {
    let mut batch = Vec::with_capacity(BATCH);
    loop {
        let received = tokio::select! {
            () = stop.cancelled() => 0,
            received = receiver.recv_many(&mut batch, BATCH) => received,
        };
        if received == 0 {
            return;
        }
        if batch.len() < BATCH && !receiver.is_closed() {
            tokio::time::sleep(LINGER).await;
            while batch.len() < BATCH
                && let Ok(record) = receiver.try_recv()
            {
                batch.push(record);
            }
        }
        if let Err(error) = store.insert_simulations(&batch).await {
            dropped.inc_by(batch.len() as u64);
            tracing::warn!(%error, simulations = batch.len(), "simulations could not be kept");
        }
        batch.clear();
    }
}
