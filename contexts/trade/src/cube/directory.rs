//! Where segments lie on disk, and bringing them in step with the store.
//!
//! PostgreSQL says which version of which year is live; `<year>-<version>` exists exactly when that
//! segment is complete. There is no manifest that could disagree.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use futures_util::{StreamExt, pin_mut};
use trade_queries::queries::snapshot;

use super::copy_out::{COLUMNS, CopyRows};
use super::segment::{CubeRow, Segment};
use super::{CubeError, write};
use crate::domain::reference::Reference;
use crate::store::{LiveState, LiveYear, Store, StoreError};

/// What bringing a cube in step can fail with.
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    /// A file.
    #[error(transparent)]
    Cube(#[from] CubeError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The rows of the store do not add up to what it says of the year.
    #[error(
        "year {year} of the store sums to {found}, and stg.live_year says {expected}; restore the database from a backup"
    )]
    Totals {
        /// Calendar year.
        year: u16,
        /// Cents and grams of the rows.
        found: String,
        /// Cents and grams of `stg.live_year`.
        expected: String,
    },
    /// A load replaced the year after its version was read.
    #[error("year {year} was replaced while its cube was about to be built; try again")]
    Superseded {
        /// Calendar year.
        year: u16,
    },
    /// A row that this program did not write.
    #[error("the store holds a row of {year} that cannot be read: {what}")]
    Row {
        /// Calendar year.
        year: u16,
        /// Which part of it.
        what: String,
    },
    /// A worker thread ended early.
    #[error("building the cube was interrupted")]
    Interrupted,
}

impl From<tokio_postgres::Error> for SyncError {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Store(error.into())
    }
}

/// The segments of one store below a data directory: `<data-dir>/cube/<store id>/`.
#[derive(Debug, Clone)]
pub struct CubeDirectory {
    root: PathBuf,
}

impl CubeDirectory {
    /// The cubes of a data directory.
    #[must_use]
    pub fn new(data_dir: &Path) -> Self {
        Self { root: data_dir.join("cube") }
    }

    /// The directory of all cubes; not there before the first load.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.root
    }

    /// The segment of a year's version.
    #[must_use]
    pub fn segment(&self, store_id: &str, year: u16, version: i64) -> PathBuf {
        self.root.join(store_id).join(format!("{year}-{version}"))
    }

    /// Opens every live segment, building from PostgreSQL those that are missing or damaged,
    /// two years at a time.
    ///
    /// # Errors
    /// When a segment can neither be opened nor built.
    pub async fn open(&self, store: &Store, state: &LiveState) -> Result<Vec<Arc<Segment>>, SyncError> {
        let reference = Arc::new(state.reference.clone());
        let opened = futures_util::stream::iter(state.years.iter().cloned())
            .map(|year| self.open_year(store, &state.store_id, year, Arc::clone(&reference)))
            .buffered(2)
            .collect::<Vec<_>>()
            .await;
        opened.into_iter().collect()
    }

    async fn open_year(
        &self,
        store: &Store,
        store_id: &str,
        year: LiveYear,
        reference: Arc<Reference>,
    ) -> Result<Arc<Segment>, SyncError> {
        let path = self.segment(store_id, year.year, year.version);
        if path.is_dir() {
            match open_checked(&path, &year) {
                Ok(segment) => return Ok(Arc::new(segment)),
                Err(error) => {
                    tracing::warn!(segment = %path.display(), %error, "a cube segment is damaged; building it anew from PostgreSQL");
                    std::fs::remove_dir_all(&path).map_err(CubeError::io("remove", &path))?;
                }
            }
        }
        build_live_year(store, &year, reference, &path).await?;
        Ok(Arc::new(open_checked(&path, &year)?))
    }

    /// Removes segments that are not live. Open maps of them stay valid: the files go when the last map does.
    pub fn collect_garbage(&self, state: &LiveState) {
        let live: HashMap<String, ()> =
            state.years.iter().map(|year| (format!("{}-{}", year.year, year.version), ())).collect();
        let directory = self.root.join(&state.store_id);
        let entries = match std::fs::read_dir(&directory) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return,
            Err(error) => {
                return tracing::warn!(directory = %directory.display(), %error, "could not list old cube segments");
            }
        };
        for entry in entries.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            // A newer version may be that of a load that has not committed yet.
            let newer =
                name.trim_start_matches('.').split(['-', '.']).nth(1).and_then(|version| version.parse::<i64>().ok());
            if live.contains_key(&name) || newer.is_none_or(|version| version > state.version) {
                continue;
            }
            if let Err(error) = std::fs::remove_dir_all(entry.path()) {
                tracing::warn!(segment = %entry.path().display(), %error, "could not remove an old cube segment");
            }
        }
    }
}

/// Opens a segment and compares it with what the store says of the year.
fn open_checked(path: &Path, year: &LiveYear) -> Result<Segment, SyncError> {
    let segment = Segment::open(path)?;
    let totals = segment.totals();
    if (totals.fob_cents, totals.weight_g) != (year.fob_cents, year.weight_g) {
        return Err(SyncError::Totals {
            year: year.year,
            found: format!("{} cents, {} g", totals.fob_cents, totals.weight_g),
            expected: format!("{} cents, {} g", year.fob_cents, year.weight_g),
        });
    }
    Ok(segment)
}

/// Builds the segment of a version, and of no other: a segment under the wrong name would be opened by every
/// later start, and its sums may well be the right ones.
async fn build_live_year(
    store: &Store,
    year: &LiveYear,
    reference: Arc<Reference>,
    path: &Path,
) -> Result<(), SyncError> {
    let mut client = store.pool.get().await.map_err(StoreError::from)?;
    let transaction = client
        .build_transaction()
        .isolation_level(tokio_postgres::IsolationLevel::RepeatableRead)
        .read_only(true)
        .start()
        .await?;
    // A server's statements have a deadline; reading a whole year takes as long as it takes.
    transaction.batch_execute("SET LOCAL statement_timeout = 0").await?;
    // Before the first statement, which takes the snapshot: a partition swapped by DDL is not hidden by one.
    transaction.batch_execute("LOCK TABLE stg.exportacao IN ACCESS SHARE MODE").await?;
    let version = snapshot::year_version().bind(&transaction, &i32::from(year.year)).opt().await?;
    if version != Some(year.version) {
        return Err(SyncError::Superseded { year: year.year });
    }
    build_year(transaction.client(), year.clone(), reference, path.to_owned()).await?;
    transaction.commit().await?;
    Ok(())
}

/// Builds a year's segment from the rows of the store, over a connection or a transaction of the caller.
///
/// # Errors
/// When a row cannot be read or the segment cannot be written.
pub(crate) async fn build_year(
    client: &tokio_postgres::Client,
    year: LiveYear,
    reference: Arc<Reference>,
    path: PathBuf,
) -> Result<(), SyncError> {
    let statement =
        format!("COPY (SELECT {COLUMNS} FROM stg.exportacao WHERE ano = {}) TO STDOUT (FORMAT binary)", year.year);
    let stream = client.copy_out(&statement).await?;
    let capacity = usize::try_from(year.rows).unwrap_or(0).min(1 << 24);
    let (sender, mut receiver) = tokio::sync::mpsc::channel::<bytes::Bytes>(64);
    // Decoding is as much work as PostgreSQL's encoding: it goes on beside the connection.
    let decoded = tokio::task::spawn_blocking(move || -> Result<(), SyncError> {
        let mut rows: Vec<CubeRow> = Vec::with_capacity(capacity);
        let mut decoder = CopyRows::new(&reference);
        while let Some(chunk) = receiver.blocking_recv() {
            decoder.feed(&chunk, &mut rows).map_err(|what| SyncError::Row { year: year.year, what })?;
        }
        decoder.finish().map_err(|what| SyncError::Row { year: year.year, what })?;
        if path.is_dir() {
            return Ok(());
        }
        write(&path, year.year, rows)?;
        Ok(())
    });
    pin_mut!(stream);
    while let Some(chunk) = stream.next().await {
        if sender.send(chunk?).await.is_err() {
            break;
        }
    }
    drop(sender);
    decoded.await.map_err(|_| SyncError::Interrupted)?
}
