//! A private PostgreSQL, started from the installed programs.
//!
//! It listens on a Unix socket only, in a directory that nobody but its user (and root) can enter; its
//! files are durable unless a test says otherwise; it ends with us, also when we are killed; and one that
//! a killed predecessor left behind is stopped before a new one starts. One cluster belongs to one data
//! directory, whose lock ([`super::lock`]) the caller holds.

pub mod binaries;
mod bootstrap;
mod create;
mod place;
mod process;
mod tuning;

use std::path::{Path, PathBuf};
use std::process::ExitStatus;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rustix::process::Signal;
use tokio_postgres::NoTls;
use tokio_postgres::error::SqlState;
use tokio_util::sync::CancellationToken;

use self::binaries::{Binaries, BinariesError, Search};
use self::place::Place;
use self::process::Process;
use super::{Role, describe};

/// The superuser of a private cluster. Used to set it up and by tests; the product never works as it.
const SUPERUSER: &str = "bgc_admin";

/// The database of the product in a private cluster.
pub const DATABASE: &str = "bgc";

/// How long a server may take to open its socket.
const START_LIMIT: Duration = Duration::from_secs(60);

/// How long it may go on saying that it is starting up: the replay of the log after a crash.
const RECOVERY_LIMIT: Duration = Duration::from_secs(15 * 60);

/// How long a fast shutdown may take before an immediate one: it writes a checkpoint.
const STOP_LIMIT: Duration = Duration::from_secs(60);

/// How long an immediate shutdown may take before the process is killed.
const QUIT_LIMIT: Duration = Duration::from_secs(10);

/// How long remains of a killed server (its children, its shared memory) are waited for.
const REMAINS_LIMIT: Duration = Duration::from_secs(20);

/// The longest pause between two attempts to restart a server that ended by itself.
const RESTART_PAUSE_LIMIT: Duration = Duration::from_secs(10);

/// How to start a private cluster.
#[derive(Debug, Clone)]
pub struct ClusterOptions {
    /// The product's data directory. The cluster is in `postgres` inside, the log in `postgres.log`.
    pub data_dir: PathBuf,
    /// Whether what is committed survives a crash of the machine. Only tests say no.
    pub durable: bool,
    /// Settings of the server that replace our defaults, by name.
    pub settings: Vec<(String, String)>,
    /// Where to look for the programs.
    pub search: Search,
}

impl ClusterOptions {
    /// A durable cluster with the default settings, from the programs that the environment finds.
    pub fn new(data_dir: impl Into<PathBuf>) -> Self {
        Self { data_dir: data_dir.into(), durable: true, settings: Vec::new(), search: Search::from_environment() }
    }
}

/// Why a private cluster is not running.
#[derive(Debug, thiserror::Error)]
pub enum ClusterError {
    /// No suitable PostgreSQL is installed.
    #[error(transparent)]
    Binaries(#[from] BinariesError),
    /// A file or directory could not be handled.
    #[error("could not {action} {}: {source}", path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// We are root and there is no user to run as.
    #[error(
        "PostgreSQL does not run as root, and neither `postgres` nor `nobody` is in /etc/passwd: create one of them, or run bgc as an ordinary user"
    )]
    NoUser,
    /// The user that PostgreSQL would run as cannot work in its directory.
    #[error("the user PostgreSQL runs as (uid {uid}) cannot work in {}: open its parent directories to that user, or choose another --data-dir", path.display())]
    Unreachable {
        /// The directory.
        path: PathBuf,
        /// The user.
        uid: u32,
    },
    /// A directory of the cluster belongs to somebody else.
    #[error("{} belongs to uid {uid}, not to uid {expected} that PostgreSQL would run as: run bgc as its owner, or choose another --data-dir", path.display())]
    NotOurs {
        /// The directory.
        path: PathBuf,
        /// Who has it.
        uid: u32,
        /// Who should.
        expected: u32,
    },
    /// No directory for the socket could be had.
    #[error("no private directory for PostgreSQL's socket could be made for {}: its own path is too long or has unusual characters, and the names tried under /tmp are taken; choose a shorter --data-dir", data_dir.display())]
    NoSocketDirectory {
        /// The data directory.
        data_dir: PathBuf,
    },
    /// A setting that would open the cluster to others.
    #[error(
        "the setting `{name}` of a private PostgreSQL is not free to choose; use an external one (DATABASE_URL) instead"
    )]
    ReservedSetting {
        /// The setting.
        name: String,
    },
    /// The cluster could not be created.
    #[error("initdb failed ({status}) for {}:\n{output}", data.display())]
    Initdb {
        /// How it ended.
        status: ExitStatus,
        /// What it said.
        output: String,
        /// For which directory.
        data: PathBuf,
    },
    /// A server of an earlier run does not stop.
    #[error("a PostgreSQL of an earlier run (process {pid}) still works on {} and does not stop: end it, then try again", data.display())]
    Leftover {
        /// Its process id.
        pid: u32,
        /// Its files.
        data: PathBuf,
    },
    /// The server ended while it started.
    #[error("PostgreSQL ended while it was starting ({status}); the end of {}:\n{tail}", log.display())]
    Exited {
        /// How it ended.
        status: ExitStatus,
        /// The last lines of its log.
        tail: String,
        /// The log file.
        log: PathBuf,
    },
    /// The server does not take connections.
    #[error("PostgreSQL did not take connections within {} s ({last}); see {}", waited.as_secs(), log.display())]
    NotReady {
        /// How long we waited.
        waited: Duration,
        /// What the last attempt said.
        last: String,
        /// The log file.
        log: PathBuf,
    },
    /// Roles or databases could not be set up.
    #[error("setting up {what} failed: {}", describe(source))]
    Bootstrap {
        /// What was being set up.
        what: String,
        /// What the server said.
        source: tokio_postgres::Error,
    },
    /// The cluster is being stopped.
    #[error("PostgreSQL is being stopped")]
    Stopping,
    /// A helper thread of ours ended before its work was done.
    #[error("a helper thread ended before its work was done: {0}")]
    Thread(#[from] tokio::task::JoinError),
}

impl ClusterError {
    fn io(action: &'static str, path: &Path, source: std::io::Error) -> Self {
        Self::Io { action, path: path.to_path_buf(), source }
    }
}

/// All that is needed to start the server, and to start it again.
#[derive(Debug, Clone)]
struct Plan {
    binaries: Binaries,
    place: Place,
    settings: Vec<(String, String)>,
    log: PathBuf,
    durable: bool,
}

/// A running private PostgreSQL. Dropping it asks the server to stop, without waiting; [`Cluster::stop`] waits.
#[derive(Debug)]
pub struct Cluster {
    plan: Plan,
    process: Mutex<Process>,
    /// Held while the server is started again, so that two callers do not both do it.
    restarting: tokio::sync::Mutex<()>,
    stopping: CancellationToken,
}

impl Cluster {
    /// Starts the cluster of a data directory, creating it the first time, and sets up its roles and its
    /// database. The caller holds the directory's lock.
    pub async fn start(options: &ClusterOptions) -> Result<Self, ClusterError> {
        let options = options.clone();
        let plan = tokio::task::spawn_blocking(move || create::prepare(&options)).await??;
        let process = launch(&plan).await?;
        let cluster = Self {
            plan,
            process: Mutex::new(process),
            restarting: tokio::sync::Mutex::new(()),
            stopping: CancellationToken::new(),
        };
        bootstrap::run(&cluster).await?;
        Ok(cluster)
    }

    /// What the user should be told about where the cluster is.
    #[must_use]
    pub fn notices(&self) -> &[String] {
        &self.plan.place.notices
    }

    /// The directory of its socket.
    #[must_use]
    pub fn socket_dir(&self) -> &Path {
        &self.plan.place.socket_dir
    }

    /// The process id of its server (the postmaster).
    #[must_use]
    pub fn process_id(&self) -> u32 {
        self.process().id()
    }

    /// How to connect to the product's database in a role.
    #[must_use]
    pub fn config(&self, role: Role) -> tokio_postgres::Config {
        socket_config(self.socket_dir(), role.name(), DATABASE)
    }

    /// How to connect to a database as the superuser: to set up databases of tests, never in the product.
    #[must_use]
    pub fn superuser_config(&self, database: &str) -> tokio_postgres::Config {
        socket_config(self.socket_dir(), SUPERUSER, database)
    }

    /// Creates a database that belongs to `migration_admin` and lets in only the three roles, as a copy of
    /// `template` where one is named. For tests: the product's own is there from the start.
    pub async fn create_database(&self, name: &str, template: Option<&str>) -> Result<(), ClusterError> {
        bootstrap::create_database(self, name, template).await
    }

    /// Waits until the server ends without having been asked to by [`Cluster::stop`]. Never ends otherwise.
    pub async fn wait_unexpected_exit(&self) -> ExitStatus {
        let mut exit = self.process().exit_receiver();
        loop {
            let ended = exit.wait_for(Option::is_some).await.ok().and_then(|status| *status);
            match ended {
                Some(status) if !self.stopping.is_cancelled() => return status,
                _ => std::future::pending::<()>().await,
            }
        }
    }

    /// Starts the server again after it ended. Does nothing if it runs.
    pub async fn restart(&self) -> Result<(), ClusterError> {
        let _only_one = self.restarting.lock().await;
        if self.stopping.is_cancelled() {
            return Err(ClusterError::Stopping);
        }
        if self.process().exited().is_none() {
            return Ok(());
        }
        let process = launch(&self.plan).await?;
        // stop() may have been called meanwhile, and has signalled the process before this one.
        if self.stopping.is_cancelled() {
            process.signal(Signal::INT);
        }
        *self.process() = process;
        Ok(())
    }

    /// Starts the server again whenever it ends by itself, with growing pauses, until `cancel` or [`Cluster::stop`].
    pub async fn supervise(&self, cancel: CancellationToken) {
        let first_pause = Duration::from_millis(200);
        let mut pause = first_pause;
        loop {
            let started = Instant::now();
            let status = tokio::select! {
                () = cancel.cancelled() => return,
                () = self.stopping.cancelled() => return,
                status = self.wait_unexpected_exit() => status,
            };
            if started.elapsed() > START_LIMIT {
                pause = first_pause;
            }
            tracing::error!(%status, pause_ms = pause.as_millis(), "PostgreSQL ended by itself: it is started again");
            tokio::select! {
                () = cancel.cancelled() => return,
                () = self.stopping.cancelled() => return,
                () = tokio::time::sleep(pause) => {}
            }
            pause = (pause * 2).min(RESTART_PAUSE_LIMIT);
            match self.restart().await {
                Ok(()) => tracing::info!(process_id = self.process_id(), "PostgreSQL runs again"),
                Err(ClusterError::Stopping) => return,
                Err(error) => tracing::error!(%error, "PostgreSQL was not started again"),
            }
        }
    }

    /// Stops the server: connections are ended, a checkpoint is written. Past a minute, without the
    /// checkpoint (the next start then replays the log). Stopping twice does no harm.
    pub async fn stop(&self) {
        self.stopping.cancel();
        let _no_restart = self.restarting.lock().await;
        for (signal, limit) in [(Signal::INT, STOP_LIMIT), (Signal::QUIT, QUIT_LIMIT), (Signal::KILL, QUIT_LIMIT)] {
            let exit = {
                let process = self.process();
                process.signal(signal);
                process.exit_receiver()
            };
            if process::wait_exit(exit, limit).await {
                return;
            }
            tracing::warn!(?signal, limit_s = limit.as_secs(), "PostgreSQL has not stopped yet");
        }
    }

    fn process(&self) -> MutexGuard<'_, Process> {
        self.process.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.stopping.cancel();
        self.process().signal(Signal::INT);
    }
}

/// Stops the server of a data directory that an earlier run left, without starting one. The caller knows
/// that the run is over: it has the lock, or its process is gone.
pub async fn stop_leftover(data_dir: &Path) -> Result<(), ClusterError> {
    match data_dir.canonicalize() {
        Ok(data_dir) => create::stop_leftover(&data_dir.join("postgres").join("data")).await,
        Err(_) => Ok(()),
    }
}

/// Whether a process with this id exists.
#[must_use]
pub fn process_exists(id: u32) -> bool {
    process::pid_of(id).is_some_and(process::is_alive)
}

/// How to connect through the socket in a directory.
pub(super) fn socket_config(socket_dir: &Path, user: &str, database: &str) -> tokio_postgres::Config {
    let mut config = tokio_postgres::Config::new();
    config.host_path(socket_dir).user(user).dbname(database).connect_timeout(Duration::from_secs(5));
    config
}

/// Starts the server and waits until it takes connections. Remains of a killed one are stopped or waited for.
async fn launch(plan: &Plan) -> Result<Process, ClusterError> {
    let began = Instant::now();
    create::stop_leftover(&plan.place.data()).await?;
    loop {
        let command = create::server_command(plan);
        let program = &plan.binaries.postgres;
        let process =
            Process::start(command, plan.log.clone()).map_err(|source| ClusterError::io("start", program, source))?;
        match wait_ready(plan, &process).await {
            Ok(()) => return Ok(process),
            // The children of a killed server notice its end within moments, and hold its memory until then.
            Err(ClusterError::Exited { tail, .. }) if held_by_remains(&tail) && began.elapsed() < REMAINS_LIMIT => {
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            Err(error) => {
                process.signal(Signal::QUIT);
                process::wait_exit(process.exit_receiver(), QUIT_LIMIT).await;
                return Err(error);
            }
        }
    }
}

/// Whether the log says that something of an earlier server is still there.
fn held_by_remains(tail: &str) -> bool {
    ["pre-existing shared memory block", "lock file \"postmaster.pid\" already exists", ".lock\" already exists"]
        .iter()
        .any(|sign| tail.contains(sign))
}

/// Waits until the server takes connections: a minute for the socket to open, longer while it says that it
/// recovers from a crash.
async fn wait_ready(plan: &Plan, process: &Process) -> Result<(), ClusterError> {
    let began = Instant::now();
    let config = socket_config(&plan.place.socket_dir, SUPERUSER, "postgres");
    let mut limit = START_LIMIT;
    loop {
        if let Some(status) = process.exited() {
            return Err(ClusterError::Exited { status, tail: process.log_tail(), log: plan.log.clone() });
        }
        let error = match config.connect(NoTls).await {
            Ok(_) => return Ok(()),
            Err(error) => error,
        };
        if error.code() == Some(&SqlState::CANNOT_CONNECT_NOW) {
            limit = RECOVERY_LIMIT;
        }
        if began.elapsed() > limit {
            let last = describe(&error);
            return Err(ClusterError::NotReady { waited: limit, last, log: plan.log.clone() });
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
