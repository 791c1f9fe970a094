//! The use case of a load: a file becomes live in one transaction, or nothing changes.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Datelike, TimeDelta, Utc};
use platform::clock::Clock;
use tokio::sync::Mutex;
use trade_queries::queries::{batch, publish};

use super::error::{Fault, ReadError};
use super::guard::{self, GuardError, Replace, SAMPLE_SOURCE};
use super::history::{HistoryError, ReplacedYear};
use super::input::{self, Input};
use super::marks::Decimals;
use super::number::Mark;
use super::publish::{Prepared, publish_part, publish_years};
use super::row::Rules;
use super::shrink;
use super::space::{self, DiskFull};
use super::stage::{self, Staged};
use super::summary::{Progress, ReadSummary};
use super::tables::TablesError;
use super::totals::{Difference, Totals, TotalsError};
use crate::cube::directory::{CubeDirectory, SyncError};
use crate::domain::code::{Month, YEAR_BOUND, YEAR_MIN};
use crate::store::{LiveState, Store, StoreError};

/// How long a load waits for another one to end.
const LOCK_WAIT: Duration = Duration::from_secs(600);

/// What to load, and how.
#[derive(Debug, Clone)]
pub struct LoadOptions {
    /// Where the rows come from.
    pub input: Input,
    /// Name of the source (`comexstat`).
    pub source: String,
    /// What the file replaces.
    pub replace: Replace,
    /// Accept a year with less than half the rows it has now.
    pub allow_shrink: bool,
    /// Share of rows that may be rejected, 0 to 1.
    pub max_rejects: f64,
    /// Where rejected rows are written.
    pub rejects: PathBuf,
    /// The official totals to agree with.
    pub totals: Option<PathBuf>,
    /// Last covered month of the file's last year, when it is later than its last row.
    pub through: Option<Month>,
    /// The one year that the file must hold: its name says so.
    pub only_year: Option<u16>,
    /// The decimal mark of every value column, where the user says it.
    pub decimal: Option<Mark>,
}

/// What became of a load.
#[derive(Debug, Clone)]
pub struct LoadReport {
    /// The batch, as `ingest_batch` of every row.
    pub batch: String,
    /// False when the file's content was live already.
    pub changed: bool,
    /// What the file holds.
    pub summary: ReadSummary,
    /// What was replaced, by year; empty when nothing changed.
    pub replaced: Vec<ReplacedYear>,
    /// The snapshot that is live now.
    pub snapshot: i64,
    /// Time taken.
    pub duration: Duration,
}

/// Why a load did not happen. Nothing changed.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The file.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// What is live forbids it.
    #[error(transparent)]
    Guard(Box<GuardError>),
    /// PostgreSQL.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The cube.
    #[error(transparent)]
    Sync(#[from] SyncError),
    /// The code tables cannot be read.
    #[error(transparent)]
    Tables(#[from] TablesError),
    /// No room for what is still to be written.
    #[error(transparent)]
    Disk(#[from] DiskFull),
    /// The official totals cannot be read: without them nothing is loaded.
    #[error(transparent)]
    OfficialTotals(#[from] TotalsError),
    /// The official totals differ.
    #[error("the file differs from the official totals; nothing was loaded:\n{}", lines(.0))]
    Totals(Vec<Difference>),
    /// The store sums what it was given to something else.
    #[error(
        "{what} of {year} adds up to {found} and the file to {expected}; nothing was loaded, and this is a defect: please report it"
    )]
    Disagreement {
        /// Who disagrees.
        what: &'static str,
        /// Calendar year.
        year: u16,
        /// Its sums.
        found: String,
        /// The file's sums.
        expected: String,
    },
    /// Another load did not end in time.
    #[error("another load has been running for {} minutes; try again when it has ended", LOCK_WAIT.as_secs() / 60)]
    Busy,
    /// What was loaded cannot be compared or taken back.
    #[error(transparent)]
    History(#[from] HistoryError),
    /// A worker thread ended early.
    #[error("the load was interrupted")]
    Interrupted,
}

impl From<GuardError> for LoadError {
    fn from(error: GuardError) -> Self {
        Self::Guard(Box::new(error))
    }
}

impl From<tokio_postgres::Error> for LoadError {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Store(error.into())
    }
}

impl From<deadpool_postgres::PoolError> for LoadError {
    fn from(error: deadpool_postgres::PoolError) -> Self {
        Self::Store(error.into())
    }
}

fn lines(differences: &[Difference]) -> String {
    differences.iter().map(|difference| format!("  {difference}")).collect::<Vec<_>>().join("\n")
}

/// Everything a load works with.
#[derive(Debug, Clone)]
pub struct Loader {
    /// The store, as `app_rw`.
    pub store: Store,
    /// Where the cube lies.
    pub cube: CubeDirectory,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Days that replaced content is kept, so that a load can be compared and taken back; 0 keeps none.
    pub keep_replaced_days: u32,
}

/// Held while facts change: one load at a time in one store. Ends with its connection.
pub(super) struct IngestLock {
    _client: deadpool_postgres::ClientWrapper,
}

impl Loader {
    /// Loads a file.
    ///
    /// # Errors
    /// [`LoadError`]; nothing changed then.
    pub async fn load(
        &self,
        options: LoadOptions,
        progress: Arc<dyn Fn(Progress) + Send + Sync>,
    ) -> Result<LoadReport, LoadError> {
        let started = Instant::now();
        let _lock = self.lock().await?;
        self.resolve_known_names().await?;
        let live = self.store.live_state().await?;
        guard::check_source(&live.years, &options.source, matches!(options.input, Input::Sample { .. }))?;
        let officials = options.totals.as_deref().map(Totals::read).transpose()?;
        // What earlier loads left is of no use to anyone: this is the only load now.
        self.cube.collect_garbage(&live);
        let at = self.clock.now();
        let client = self.store.pool.get().await?;
        let version = batch::next_version().bind(&client).one().await?;
        let batch_id = format!("{}-{version}", at.format("%Y%m%dT%H%M%SZ"));
        let origin = options.input.origin();
        batch::open_batch()
            .bind(
                &client,
                &batch_id,
                &options.source,
                &at,
                &origin,
                &options.input.file_name(),
                &options.replace.name(),
            )
            .one()
            .await?;
        drop(client);
        let run = Run { loader: self, options: &options, live: &live, batch: batch_id, version, at, started };
        match run.load(officials, progress).await {
            Ok(report) => Ok(report),
            Err(error) => {
                run.record_failure(&error).await;
                Err(error)
            }
        }
    }

    /// Waits until no other load runs, and drops what one that did not end left behind.
    pub(super) async fn lock(&self) -> Result<IngestLock, LoadError> {
        let client = self.store.pool.get().await?;
        let deadline = Instant::now() + LOCK_WAIT;
        let mut waiting = false;
        while !publish::try_ingest_lock().bind(&client).one().await? {
            if Instant::now() > deadline {
                return Err(LoadError::Busy);
            }
            if !waiting {
                tracing::info!("another load is running; waiting for it to end");
                waiting = true;
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        publish::sweep().bind(&client).one().await?;
        let days = chrono::TimeDelta::days(i64::from(self.keep_replaced_days));
        publish::expire_kept().bind(&client, &(self.clock.now() - days)).one().await?;
        // The lock lives as long as the connection: it must not go back to the pool with it.
        Ok(IngestLock { _client: deadpool_postgres::Object::take(client) })
    }
}

/// The month that it is in São Paulo at `at`; no export is later.
#[must_use]
pub fn present_month(at: DateTime<Utc>) -> Month {
    // Brasília time, without daylight saving since 2019.
    let local = at - TimeDelta::hours(3);
    let month = u8::try_from(local.month()).unwrap_or(12);
    let year = u16::try_from(local.year()).unwrap_or(YEAR_MIN).clamp(YEAR_MIN, YEAR_BOUND);
    Month(year * 12 + u16::from(month) - 1)
}

/// One load under way.
pub(super) struct Run<'a> {
    pub loader: &'a Loader,
    pub options: &'a LoadOptions,
    pub live: &'a LiveState,
    pub batch: String,
    pub version: i64,
    pub at: DateTime<Utc>,
    pub started: Instant,
}

impl Run<'_> {
    async fn load(
        &self,
        officials: Option<Totals>,
        progress: Arc<dyn Fn(Progress) + Send + Sync>,
    ) -> Result<LoadReport, LoadError> {
        let (mut summary, staged) = self.read_by_proved_marks(progress).await?;
        self.phase("read and copied");
        if let Some(officials) = officials {
            officials.compare(&summary).map_err(LoadError::Totals)?;
        }
        guard::check_year(&summary, self.options.only_year)?;
        let rows = summary.rows_accepted;
        space::check(self.loader.cube.path(), rows.saturating_mul(space::BYTES_TO_PUBLISH_ROW))?;
        summary.notices.extend(shrink::notices(self, &summary, &staged).await?);
        let prepared = Prepared { summary: &summary, staged };
        let changed = match self.options.replace {
            Replace::Year => publish_years(self, prepared).await?,
            Replace::Slice | Replace::Countries => publish_part(self, prepared).await?,
        };
        let snapshot = if changed { self.version } else { self.live.version };
        let replaced = if changed { self.loader.replaced_years(&self.batch).await? } else { Vec::new() };
        let (batch, duration) = (self.batch.clone(), self.started.elapsed());
        Ok(LoadReport { batch, changed, summary, replaced, snapshot, duration })
    }

    /// Tells how far the load is, for whoever looks for its time.
    pub fn phase(&self, what: &'static str) {
        tracing::debug!(batch = self.batch, elapsed_ms = self.started.elapsed().as_millis() as u64, "{what}");
    }

    /// Reads the file, and once more where late numbers prove how earlier ones were meant.
    async fn read_by_proved_marks(
        &self,
        progress: Arc<dyn Fn(Progress) + Send + Sync>,
    ) -> Result<(ReadSummary, Staged), LoadError> {
        let decimals = Decimals::all(self.options.decimal);
        match self.read_and_copy(decimals, Arc::clone(&progress)).await {
            Err(LoadError::Read(ReadError { fault: Fault::DecimalProved(proved), .. })) => {
                let client = self.loader.store.pool.get().await?;
                publish::sweep().bind(&client).one().await?;
                self.read_and_copy(proved, progress).await
            }
            read => read,
        }
    }

    /// Reads the file on a thread of its own while two connections copy it into staging tables.
    async fn read_and_copy(
        &self,
        decimals: Decimals,
        progress: Arc<dyn Fn(Progress) + Send + Sync>,
    ) -> Result<(ReadSummary, Staged), LoadError> {
        let reference = Arc::new(self.live.reference.clone());
        let (mut stager, copies) = stage::start(&self.loader.store, Arc::clone(&reference), self.version);
        let input = self.options.input.clone();
        let limits = input::Limits {
            max_rejects: self.options.max_rejects,
            rejects: self.options.rejects.clone(),
            rules: Rules { present: present_month(self.at), decimals },
        };
        let cube = self.loader.cube.path().to_owned();
        let reading = tokio::task::spawn_blocking(move || {
            let mut push = |batch| {
                space::check(&cube, 0)?;
                Ok(stager.push(batch)?)
            };
            let summary = input::read(&input, &limits, &reference, &mut push, progress.as_ref());
            // Dropping the stager on an error ends the copies, which the sweep then removes.
            summary.map(|summary| stager.finish().map(|staged| (summary, staged)))
        });
        let read = reading.await.map_err(|_| LoadError::Interrupted)?;
        // A connection that failed is why the reading stopped, so its error comes first.
        let copied = copies.finish().await;
        match (read, copied) {
            (_, Err(error)) => Err(error.into()),
            (Err(error), Ok(_)) => Err(error.into()),
            (Ok(Err(_)), Ok(_)) => Err(LoadError::Interrupted),
            (Ok(Ok(read)), Ok(copied)) if copied == read.0.rows_accepted => Ok(read),
            (Ok(Ok((summary, _))), Ok(copied)) => Err(LoadError::Disagreement {
                what: "the number of rows copied",
                year: summary.years().keys().next().copied().unwrap_or_default(),
                found: copied.to_string(),
                expected: summary.rows_accepted.to_string(),
            }),
        }
    }

    /// Opens the staging tables that the plan needs and the file had no rows for.
    pub async fn ensure_staging(&self, years: impl Iterator<Item = u16>, filled: &[u16]) -> Result<(), LoadError> {
        let opened = Mutex::new(HashMap::new());
        for year in years.filter(|year| !filled.contains(year)) {
            stage::staging_table(&self.loader.store, &opened, year, self.version).await?;
        }
        Ok(())
    }

    /// The years that a first real load removes.
    pub fn sample_years(&self) -> Vec<u16> {
        let of_sample =
            |year: &&crate::store::LiveYear| year.source == SAMPLE_SOURCE && self.options.source != SAMPLE_SOURCE;
        self.live.years.iter().filter(of_sample).map(|year| year.year).collect()
    }

    /// Closes the batch, in the caller's transaction or alone.
    pub async fn close_batch(
        &self,
        client: &impl crate::store::Connection,
        summary: Option<&ReadSummary>,
        outcome: &str,
        message: &str,
    ) -> Result<(), LoadError> {
        let narrow = |value: i128| i64::try_from(value).unwrap_or(i64::MAX);
        let total = summary.map(ReadSummary::total).unwrap_or_default();
        let count = |value: Option<u64>| i64::try_from(value.unwrap_or_default()).unwrap_or(i64::MAX);
        let loaded = if outcome == "live" { summary.map(|summary| summary.rows_accepted) } else { None };
        batch::close_batch()
            .bind(
                client,
                &summary.map_or("", |summary| &summary.sha256),
                &count(summary.map(|summary| summary.rows_read)),
                &count(loaded),
                &count(summary.map(|summary| summary.rows_rejected)),
                &narrow(total.fob_cents),
                &narrow(total.weight_g),
                &i64::try_from(self.started.elapsed().as_millis()).unwrap_or(i64::MAX),
                &outcome,
                &message,
                &self.batch,
            )
            .one()
            .await?;
        Ok(())
    }

    /// Leaves the reason with the batch and no staging table behind. When even that fails, the next load's sweep does it.
    async fn record_failure(&self, error: &LoadError) {
        let recorded: Result<(), LoadError> = async {
            let client = self.loader.store.pool.get().await?;
            self.close_batch(&client, None, "failed", &error.to_string()).await?;
            publish::sweep().bind(&client).one().await?;
            Ok(())
        }
        .await;
        if let Err(second) = recorded {
            tracing::warn!(batch = %self.batch, error = %second, "could not record that the load failed; the next load will");
        }
    }
}
