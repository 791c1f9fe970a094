//! The official files into the store: only what changed, and only what agrees with the official totals.
//!
//! Coverage is compared with coverage (what is published with what is live), never with the time of day: a sync that
//! ran late or often sees the same. A file whose totals are not out yet, or that differs from them, waits for the next
//! sync; what is live stays until a whole year of it can be replaced.

mod directory;
mod official;
mod plan;
pub(super) mod records;
mod report;
mod run;
mod tables;

#[cfg(test)]
mod plan_tests;

use std::ops::RangeInclusive;
use std::path::PathBuf;

pub use directory::Directory;
pub use official::{FetchProgress, OfficialError, OfficialFile, OfficialFiles, Published, TableName};
pub use plan::{SOURCE, State};
pub use report::{FileReport, Outcome, SyncReport};
pub use run::sync;

use super::load::LoadError;
use super::summary::Progress;
use super::totals::TotalsError;
use crate::store::StoreError;

/// What to sync, and how.
#[derive(Debug, Clone)]
pub struct SyncOptions {
    /// The years; every year that the official totals name where none are given.
    pub years: Option<RangeInclusive<u16>>,
    /// Only say what would be done: nothing but the totals is fetched, nothing is loaded.
    pub dry_run: bool,
    /// Accept a year with less than half the rows it has now.
    pub allow_shrink: bool,
    /// Where fetched files lie until they are loaded. It belongs to the sync, which removes it after success.
    pub downloads_dir: PathBuf,
    /// Where rows that cannot be understood are written, one file a year.
    pub rejects_dir: PathBuf,
}

/// How far a sync is.
#[derive(Debug, Clone)]
pub enum SyncEvent {
    /// A file comes from its source.
    Fetching {
        /// Which.
        file: OfficialFile,
        /// Bytes so far.
        bytes: u64,
        /// Bytes in all, where that is known.
        total: Option<u64>,
    },
    /// A file is read into the store.
    Loading {
        /// Which.
        file: OfficialFile,
        /// How far.
        progress: Progress,
    },
    /// Nothing more happens to a file.
    Settled(FileReport),
}

/// Why a sync ended early. Whatever it loaded before is whole and stays.
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    /// Only one at a time.
    #[error("another sync is running: wait until it has ended")]
    Busy,
    /// The official totals did not come.
    #[error("the official totals (EXP_TOTAIS_CONFERENCIA.csv) cannot be had from {origin}; nothing was loaded")]
    TotalsUnavailable {
        /// The source.
        origin: String,
        /// Why.
        #[source]
        source: OfficialError,
    },
    /// The source has no official totals.
    #[error("{origin} has no EXP_TOTAIS_CONFERENCIA.csv: without the official totals nothing is loaded")]
    TotalsMissing {
        /// The source.
        origin: String,
    },
    /// The official totals came twice and cannot be understood.
    #[error("the official totals of {origin} cannot be used, fetched twice; nothing was loaded")]
    Totals {
        /// The source.
        origin: String,
        /// Why.
        #[source]
        source: TotalsError,
    },
    /// A place for downloads cannot be made.
    #[error("{}: cannot be used for downloads", path.display())]
    Downloads {
        /// The directory.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// PostgreSQL.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A load failed in a way that every other would.
    #[error("{file}: the sync stopped here; what it loaded before stays, and the next one goes on")]
    Stopped {
        /// The file.
        file: String,
        /// Why.
        #[source]
        source: Box<LoadError>,
    },
}

impl From<tokio_postgres::Error> for SyncError {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Store(error.into())
    }
}

impl From<deadpool_postgres::PoolError> for SyncError {
    fn from(error: deadpool_postgres::PoolError) -> Self {
        Self::Store(error.into())
    }
}
