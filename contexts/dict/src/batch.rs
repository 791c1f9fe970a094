//! What waits at the same moment, taken together.

use tokio::sync::mpsc;

/// Whoever waits now, at least one and not more than `most`; none when nobody can come any more.
pub(crate) async fn next_batch<T>(waiting: &mut mpsc::Receiver<T>, most: usize) -> Option<Vec<T>> {
    let mut batch = Vec::with_capacity(8);
    batch.push(waiting.recv().await?);
    // Those who are about to come at this very moment come along.
    tokio::task::yield_now().await;
    while batch.len() < most
        && let Ok(next) = waiting.try_recv()
    {
        batch.push(next);
    }
    Some(batch)
}
