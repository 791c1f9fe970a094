//! What can go wrong with a cube segment on disk.

use std::io;
use std::path::{Path, PathBuf};

use arrow_schema::ArrowError;

/// Why a segment could not be written or opened.
#[derive(Debug, thiserror::Error)]
pub enum CubeError {
    /// The file system refused.
    #[error("could not {action} {}: {source}", path.display())]
    Io {
        /// What was being done ("open", "write", …).
        action: &'static str,
        /// The file or directory.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The Arrow writer refused.
    #[error("could not encode {}: {source}", path.display())]
    Encode {
        /// The file.
        path: PathBuf,
        /// What Arrow said.
        source: ArrowError,
    },
    /// The file is not one that this version wrote whole. The segment must be rebuilt from PostgreSQL.
    #[error("{} is damaged or of another format ({reason}); rebuild the cube segment from the store", path.display())]
    Damaged {
        /// The file or directory.
        path: PathBuf,
        /// What does not fit.
        reason: String,
    },
    /// The rows do not fit what a segment can hold.
    #[error("the rows of {year} cannot be a cube segment: {reason}")]
    Unfit {
        /// Calendar year.
        year: u16,
        /// Which bound is broken, and by what.
        reason: String,
    },
}

impl CubeError {
    pub(crate) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self + use<> {
        let path = path.to_owned();
        move |source| Self::Io { action, path, source }
    }

    pub(super) fn damaged(path: &Path, reason: impl Into<String>) -> Self {
        Self::Damaged { path: path.to_owned(), reason: reason.into() }
    }
}
