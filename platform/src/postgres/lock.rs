//! The lock of a data directory: one owner at a time, known to the others.
//!
//! The kernel holds it (`flock`), so it vanishes with its owner, however that ends. What the owner says of
//! itself is in the file's text.

use std::fs::{File, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// The lock file in a data directory.
const LOCK_FILE: &str = "bgc.lock";

/// The most that an owner writes about itself.
const OWNER_BYTES: u64 = 16 * 1024;

/// What the owner of a data directory is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// `bgc up`: stays, and lets commands use its PostgreSQL.
    Up,
    /// One command: goes when it is done.
    Command,
}

/// Who holds a data directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owner {
    /// Its process id.
    pub pid: u32,
    /// What it does.
    pub kind: Kind,
    /// The directory of its PostgreSQL's socket, once that runs.
    pub socket_dir: Option<PathBuf>,
}

/// Why the lock could not be used.
#[derive(Debug, thiserror::Error)]
#[error("could not {action} {}: {source}", path.display())]
pub struct LockError {
    /// What was tried.
    pub action: &'static str,
    /// The lock file, or its directory.
    pub path: PathBuf,
    /// What the system said.
    pub source: std::io::Error,
}

/// The lock of a data directory, held until it is dropped.
#[derive(Debug)]
pub struct DirectoryLock {
    path: PathBuf,
    file: File,
    owner: Owner,
}

/// What came of trying to take the lock.
#[derive(Debug)]
pub enum Attempt {
    /// It is ours.
    Taken(DirectoryLock),
    /// It is somebody's. `None` while that one has not written yet who it is.
    Held(Option<Owner>),
}

impl DirectoryLock {
    /// Tries to take the lock of a data directory, which is created if it is not there. Does not wait.
    pub fn try_take(data_dir: &Path, kind: Kind) -> Result<Attempt, LockError> {
        let path = data_dir.join(LOCK_FILE);
        let failed = |action| {
            let path = path.clone();
            move |source| LockError { action, path, source }
        };
        std::fs::create_dir_all(data_dir).map_err(failed("create the directory of"))?;
        let mut file =
            File::options().read(true).write(true).create(true).truncate(false).open(&path).map_err(failed("open"))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut text = String::new();
                (&mut file).take(OWNER_BYTES).read_to_string(&mut text).map_err(failed("read"))?;
                return Ok(Attempt::Held(serde_json::from_str(&text).ok().filter(is_alive)));
            }
            Err(TryLockError::Error(source)) => return Err(failed("lock")(source)),
        }
        let mut lock = Self { path, file, owner: Owner { pid: std::process::id(), kind, socket_dir: None } };
        lock.write()?;
        Ok(Attempt::Taken(lock))
    }

    /// Tells the others where our PostgreSQL is.
    pub fn announce(&mut self, socket_dir: &Path) -> Result<(), LockError> {
        self.owner.socket_dir = Some(socket_dir.to_path_buf());
        self.write()
    }

    fn write(&mut self) -> Result<(), LockError> {
        // serde_json fails on a path that is not UTF-8: sockets are only put in paths that are.
        let text = serde_json::to_string(&self.owner).map_err(std::io::Error::from);
        let written = text.and_then(|text| {
            self.file.set_len(0)?;
            self.file.rewind()?;
            self.file.write_all(text.as_bytes())
        });
        written.map_err(|source| LockError { action: "write", path: self.path.clone(), source })
    }
}

/// Whether an owner lives. A new owner's text replaces that of a dead one a moment after it has the lock:
/// until then the file names the dead one.
fn is_alive(owner: &Owner) -> bool {
    super::cluster::process_exists(owner.pid)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_to_come_learns_who_the_first_is() {
        let dir = std::env::temp_dir().join(format!("bgc-lock-{}", std::process::id()));
        let Attempt::Taken(mut first) = DirectoryLock::try_take(&dir, Kind::Up).unwrap() else { panic!("free") };
        first.announce(Path::new("/some/where")).unwrap();
        let Attempt::Held(Some(owner)) = DirectoryLock::try_take(&dir, Kind::Command).unwrap() else { panic!("held") };
        let expected = Owner { pid: std::process::id(), kind: Kind::Up, socket_dir: Some("/some/where".into()) };
        assert_eq!(owner, expected);
        drop(first);
        assert!(matches!(DirectoryLock::try_take(&dir, Kind::Command).unwrap(), Attempt::Taken(_)));
        std::fs::remove_dir_all(&dir).unwrap();
    }
}
