//! Directories that are removed when they are no longer used.

use std::path::{Path, PathBuf};
use std::sync::Once;
use std::sync::atomic::{AtomicU32, Ordering};

/// How the names of our directories begin; the process id follows.
const PREFIX: &str = "bgc-test-";

/// A directory of its own under the system's temporary one, removed when dropped. Those of processes that
/// ended without removing theirs are removed by the next test process.
#[derive(Debug)]
pub struct TempDir {
    path: PathBuf,
}

impl TempDir {
    /// Creates an empty directory whose name ends with a label.
    ///
    /// # Panics
    /// If it cannot be created.
    #[must_use]
    pub fn new(label: &str) -> Self {
        static SWEPT: Once = Once::new();
        static COUNT: AtomicU32 = AtomicU32::new(0);
        SWEPT.call_once(sweep);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("{PREFIX}{}-{number}-{label}", std::process::id()));
        if let Err(error) = std::fs::create_dir_all(&path) {
            panic!("could not create {}: {error}", path.display());
        }
        Self { path }
    }

    /// Its path.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The path of an entry in it.
    #[must_use]
    pub fn join(&self, name: impl AsRef<Path>) -> PathBuf {
        self.path.join(name)
    }
}

impl Drop for TempDir {
    fn drop(&mut self) {
        remove(&self.path);
    }
}

/// Removes a directory. Tried again for a moment: a server that is just ending may still write into it.
fn remove(path: &Path) {
    for _ in 0..20 {
        match std::fs::remove_dir_all(path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                std::thread::sleep(std::time::Duration::from_millis(25));
            }
            _ => return,
        }
    }
}

/// Removes what dead processes left. A directory with a live server in it is left to that server's own end.
fn sweep() {
    let Ok(entries) = std::fs::read_dir(std::env::temp_dir()) else { return };
    for entry in entries.filter_map(Result::ok) {
        let name = entry.file_name();
        let Some(pid) = name.to_str().and_then(pid_in) else { continue };
        let has_server = entry.path().join("postgres/data/postmaster.pid").exists();
        if !platform::postgres::cluster::process_exists(pid) && !has_server {
            remove(&entry.path());
        }
    }
}

/// The process id in a name of ours.
fn pid_in(name: &str) -> Option<u32> {
    name.strip_prefix(PREFIX)?.split('-').next()?.parse().ok()
}
