//! Rows that wait to be written at the same moment, written together: one round trip, one transaction and one flush of the
//! log for all of them.
//!
//! A worker writes one batch at a time and then takes whatever waits by then. So a row that comes alone is written alone
//! and at once, and the busier it gets the more are written together.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use deadpool_postgres::{Object, Pool};
use platform::postgres::pool::QueryMetrics;
use tokio::sync::{Mutex, mpsc, oneshot};
use tokio::time::timeout;
use tokio_postgres::error::SqlState;

use super::StoreError;
use crate::batch::next_batch;

/// Rows that may wait; who comes later waits to be let in, as long as his call may take.
const WAITING_MAX: usize = 1_024;
/// Rows that are written together at most.
const BATCH_MAX: usize = 64;
/// How long a batch may take: as long as callers wait who do not say otherwise. What is under way then may still be done, as
/// where a caller goes away.
const WRITING: Duration = Duration::from_secs(10);
/// Batches that are under way at once: while the log is flushed for one, the next is written.
const WORKERS: usize = 2;

/// What can be written together.
pub(crate) trait Together: Send + Sync + Sized + 'static {
    /// What its writer learns.
    type Answer: Send + 'static;
    /// What its statement is called in metrics.
    const STATEMENT: &'static str;

    /// What the rows are locked by, for writers on several servers to take their locks in one order.
    fn place(&self) -> &[u8];

    /// Writes rows in their order, all or none, and answers each.
    fn write(client: &Object, rows: &[Self]) -> impl Future<Output = Result<Vec<Self::Answer>, StoreError>> + Send;
}

struct Waiting<R: Together> {
    row: R,
    answer: oneshot::Sender<Result<R::Answer, StoreError>>,
}

/// Writes rows of one kind. Clones share its workers, which end with the last of them.
pub(crate) struct Writer<R: Together> {
    queue: mpsc::Sender<Waiting<R>>,
}

impl<R: Together> Clone for Writer<R> {
    fn clone(&self) -> Self {
        Self { queue: self.queue.clone() }
    }
}

impl<R: Together> fmt::Debug for Writer<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct(R::STATEMENT).field("free", &self.queue.capacity()).finish()
    }
}

impl<R: Together> Writer<R> {
    /// Call it within the runtime; it does not wait for the database to be there.
    pub fn start(pool: &Pool, queries: &QueryMetrics) -> Self {
        let (queue, waiting) = mpsc::channel(WAITING_MAX);
        let waiting = Arc::new(Mutex::new(waiting));
        for _ in 0..WORKERS {
            tokio::spawn(work::<R>(pool.clone(), queries.clone(), Arc::clone(&waiting)));
        }
        Self { queue }
    }

    /// Writes a row, which happens also where its caller goes away meanwhile.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached, or refuses this row.
    pub async fn write(&self, row: R) -> Result<R::Answer, StoreError> {
        let ended = || StoreError::Inconsistent(format!("whoever does {} has ended", R::STATEMENT));
        let (answer, answered) = oneshot::channel();
        self.queue.send(Waiting { row, answer }).await.map_err(|_| ended())?;
        answered.await.map_err(|_| ended())?
    }
}

async fn work<R: Together>(pool: Pool, queries: QueryMetrics, waiting: Arc<Mutex<mpsc::Receiver<Waiting<R>>>>) {
    loop {
        let batch = next_batch(&mut *waiting.lock().await, BATCH_MAX).await;
        let Some(mut batch) = batch else { return };
        batch.sort_by(|one, other| one.row.place().cmp(other.row.place()));
        let (rows, answers): (Vec<R>, Vec<_>) = batch.into_iter().map(|it| (it.row, it.answer)).unzip();
        let written = write(&pool, &queries, &rows).await;
        for (answer, written) in answers.into_iter().zip(written) {
            // Who asked may be gone.
            if answer.send(written).is_err() {}
        }
    }
}

/// All together; where PostgreSQL refuses that, each alone, because it may be one row's fault.
async fn write<R: Together>(pool: &Pool, queries: &QueryMetrics, rows: &[R]) -> Vec<Result<R::Answer, StoreError>> {
    match write_once(pool, queries, rows).await {
        Ok(answers) => answers.into_iter().map(Ok).collect(),
        Err(StoreError::Postgres(error)) if error.code().is_some_and(may_be_one_rows) && rows.len() > 1 => {
            let mut answers = Vec::with_capacity(rows.len());
            for row in rows {
                let written = write_once(pool, queries, std::slice::from_ref(row)).await;
                answers.push(written.and_then(|mut answers| answers.pop().ok_or_else(unanswered)));
            }
            answers
        }
        Err(error) => {
            let error = Arc::new(error);
            rows.iter().map(|_| Err(StoreError::Together(Arc::clone(&error)))).collect()
        }
    }
}

async fn write_once<R: Together>(
    pool: &Pool,
    queries: &QueryMetrics,
    rows: &[R],
) -> Result<Vec<R::Answer>, StoreError> {
    let client = pool.get().await?;
    let Ok(written) = timeout(WRITING, queries.timed(R::STATEMENT, R::write(&client, rows))).await else {
        // Nobody knows what is on its way over this connection: it is no good to others.
        drop(Object::take(client));
        return Err(StoreError::TimedOut(R::STATEMENT));
    };
    let answers = written?;
    if answers.len() == rows.len() { Ok(answers) } else { Err(unanswered()) }
}

/// Whether one row can be at fault: its data, a constraint, what a function raised, an order of locks.
fn may_be_one_rows(code: &SqlState) -> bool {
    let class = code.code().get(..2).unwrap_or_default();
    matches!(class, "22" | "23" | "40" | "P0")
}

fn unanswered() -> StoreError {
    StoreError::Inconsistent("rows that were written together were not all answered".to_owned())
}
