//! A data directory's PostgreSQL: ours for as long as we run, or that of the `bgc up` that has it.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::Role;
use super::cluster::{Cluster, ClusterError, ClusterOptions, DATABASE, socket_config};
use super::lock::{Attempt, DirectoryLock, Kind, LockError, Owner};
use super::target::Target;

/// How often a held lock is tried again.
const RETRY_PAUSE: Duration = Duration::from_millis(50);

/// How long one who waits for a lock is silent.
const SILENCE: Duration = Duration::from_millis(500);

/// Why a data directory's PostgreSQL cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum AccessError {
    /// `bgc up` runs already.
    #[error("`bgc up` runs already on {} (process {pid}): use that one, stop it, or choose another --data-dir", data_dir.display())]
    AlreadyUp {
        /// The data directory.
        data_dir: PathBuf,
        /// The one that has it.
        pid: u32,
    },
    /// Its owner did not go, or did not get its PostgreSQL to run, in time.
    #[error("{} is still in use by {} after {} s: wait for it to end, then try again", data_dir.display(), owner_text(owner.as_ref()), waited.as_secs())]
    Busy {
        /// The data directory.
        data_dir: PathBuf,
        /// The one that has it, if known.
        owner: Option<Owner>,
        /// How long we waited.
        waited: Duration,
    },
    /// The lock file could not be used.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// PostgreSQL is not running.
    #[error(transparent)]
    Cluster(#[from] ClusterError),
}

/// An owner, for a person.
fn owner_text(owner: Option<&Owner>) -> String {
    match owner {
        Some(Owner { pid, kind: Kind::Up, .. }) => format!("`bgc up` (process {pid})"),
        Some(Owner { pid, kind: Kind::Command, .. }) => format!("another command (process {pid})"),
        None => "another process".to_owned(),
    }
}

/// A data directory's PostgreSQL, ready for use.
#[derive(Debug)]
pub enum Access {
    /// Ours: started for as long as we run.
    Owned {
        /// The server.
        cluster: Box<Cluster>,
        /// Keeps others away; released after the server stopped.
        lock: DirectoryLock,
    },
    /// That of the `bgc up` that has the directory.
    Borrowed {
        /// The directory of its socket.
        socket_dir: PathBuf,
        /// The process that runs it.
        owner_pid: u32,
    },
}

/// Opens the PostgreSQL of a data directory.
///
/// `bgc up` ([`Kind::Up`]) owns it, and a second one is refused. A command uses the one of a running `up`,
/// waits up to `patience` for another command to end, and else starts one for its own duration.
/// `tell` is called once, with a text for the user, when there is something to wait for.
pub async fn open(
    options: &ClusterOptions,
    kind: Kind,
    patience: Duration,
    mut tell: impl FnMut(&str),
) -> Result<Access, AccessError> {
    let began = Instant::now();
    let mut told = false;
    loop {
        let owner = match DirectoryLock::try_take(&options.data_dir, kind)? {
            Attempt::Taken(mut lock) => {
                let cluster = Box::new(Cluster::start(options).await?);
                lock.announce(cluster.socket_dir())?;
                return Ok(Access::Owned { cluster, lock });
            }
            Attempt::Held(owner) => owner,
        };
        match &owner {
            Some(Owner { pid, kind: Kind::Up, .. }) if kind == Kind::Up => {
                return Err(AccessError::AlreadyUp { data_dir: options.data_dir.clone(), pid: *pid });
            }
            Some(Owner { pid, kind: Kind::Up, socket_dir: Some(socket_dir) }) => {
                return Ok(Access::Borrowed { socket_dir: socket_dir.clone(), owner_pid: *pid });
            }
            _ => {}
        }
        if began.elapsed() >= patience {
            return Err(AccessError::Busy { data_dir: options.data_dir.clone(), owner, waited: patience });
        }
        if !told && began.elapsed() >= SILENCE {
            told = true;
            tell(&format!("waiting for {} to release {}", owner_text(owner.as_ref()), options.data_dir.display()));
        }
        tokio::time::sleep(RETRY_PAUSE).await;
    }
}

impl Access {
    /// The directory of the server's socket.
    #[must_use]
    pub fn socket_dir(&self) -> &Path {
        match self {
            Access::Owned { cluster, .. } => cluster.socket_dir(),
            Access::Borrowed { socket_dir, .. } => socket_dir,
        }
    }

    /// How to connect to the product's database in a role.
    #[must_use]
    pub fn config(&self, role: Role) -> tokio_postgres::Config {
        socket_config(self.socket_dir(), role.name(), DATABASE)
    }

    /// The same, as what pools and migrations take.
    #[must_use]
    pub fn target(&self, role: Role) -> Target {
        Target::plain(self.config(role))
    }

    /// The server, where it is ours: to supervise it.
    #[must_use]
    pub fn cluster(&self) -> Option<&Cluster> {
        match self {
            Access::Owned { cluster, .. } => Some(cluster),
            Access::Borrowed { .. } => None,
        }
    }

    /// What the user should be told about where the data is.
    #[must_use]
    pub fn notices(&self) -> &[String] {
        self.cluster().map_or(&[], Cluster::notices)
    }

    /// Stops the server where it is ours, then lets the next one have the directory.
    pub async fn close(self) {
        if let Access::Owned { cluster, lock } = self {
            cluster.stop().await;
            drop(lock);
        }
    }
}
