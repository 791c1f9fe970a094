//! Room on the disk. PostgreSQL stops, and does not start again, when its log finds none: a load is
//! refused before that.

use std::path::{Path, PathBuf};

/// What a load leaves free: three segments of PostgreSQL's log, 16 MiB each.
const RESERVE_BYTES: u64 = 48 << 20;
/// Bytes that a row still takes once it is copied: its cube segment (56) and its place in the indexes.
pub const BYTES_TO_PUBLISH_ROW: u64 = 100;

/// Too little room for a load.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error(
    "the disk of {} is nearly full ({} MB free, {} MB needed); nothing was loaded: free some space, then load it again",
    path.display(), free_bytes >> 20, needed_bytes >> 20
)]
pub struct DiskFull {
    /// A directory on that disk.
    pub path: PathBuf,
    /// What is free.
    pub free_bytes: u64,
    /// What should be.
    pub needed_bytes: u64,
}

/// Refuses when the disk of a directory (there or yet to be made) has not `bytes` and the reserve free.
/// A file system that does not say how much it has is trusted.
///
/// # Errors
/// [`DiskFull`].
pub fn check(directory: &Path, bytes: u64) -> Result<(), DiskFull> {
    let Some(existing) = directory.ancestors().find(|path| path.is_dir()) else { return Ok(()) };
    let Ok(disk) = rustix::fs::statvfs(existing) else { return Ok(()) };
    let free_bytes = disk.f_bavail.saturating_mul(disk.f_frsize);
    let needed_bytes = bytes.saturating_add(RESERVE_BYTES);
    if disk.f_blocks == 0 || free_bytes >= needed_bytes {
        return Ok(());
    }
    Err(DiskFull { path: existing.to_owned(), free_bytes, needed_bytes })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_much_is_refused_with_the_figures_and_a_little_is_not() {
        let dir = std::env::temp_dir().join("not-made-yet");
        assert_eq!(check(&dir, 0), Ok(()));
        let error = check(&dir, u64::MAX >> 1).unwrap_err();
        assert!(error.to_string().contains("is nearly full"), "{error}");
    }
}
