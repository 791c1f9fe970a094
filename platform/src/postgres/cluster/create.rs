//! From a data directory to a command that starts its server: created the first time, cleared of what a
//! killed predecessor left.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use super::binaries::BinariesError;
use super::place::{self, Place};
use super::process::{dies_with_us, is_alive, pid_of};
use super::tuning::{self, Machine};
use super::{ClusterError, ClusterOptions, Plan, QUIT_LIMIT, STOP_LIMIT, SUPERUSER, binaries};

/// The most of a small file of PostgreSQL that is read.
const SMALL_FILE_BYTES: u64 = 4096;

/// Variables that the programs would take settings from.
const FOREIGN_VARIABLES: [&str; 6] = ["PGPORT", "PGDATA", "PGOPTIONS", "PGDATESTYLE", "PGTZ", "PGCLIENTENCODING"];

/// Makes everything ready to start the server. Blocks: `initdb` takes about a second.
pub(super) fn prepare(options: &ClusterOptions) -> Result<Plan, ClusterError> {
    std::fs::create_dir_all(&options.data_dir)
        .map_err(|source| ClusterError::io("create", &options.data_dir, source))?;
    let data_dir =
        options.data_dir.canonicalize().map_err(|source| ClusterError::io("find", &options.data_dir, source))?;
    // Looked for before anything is made: without programs there is nothing to leave behind.
    if let Err(error @ BinariesError::NotFound { .. }) = binaries::find(&options.search, None) {
        return Err(error.into());
    }
    let settings = tuning::settings(Machine::measure(), options.durable, &options.settings)?;
    let place = place::prepare(&data_dir)?;
    let written_by = read_small(&place.data().join("PG_VERSION")).and_then(|text| text.trim().parse().ok());
    let plan = Plan {
        binaries: binaries::find(&options.search, written_by)?,
        place,
        settings: settings.into_iter().collect(),
        log: data_dir.join("postgres.log"),
        durable: options.durable,
    };
    if written_by.is_none() {
        create(&plan)?;
    }
    Ok(plan)
}

/// Runs `initdb` in a directory beside and renames it when it is done: a killed `initdb` leaves no half cluster.
fn create(plan: &Plan) -> Result<(), ClusterError> {
    let data = plan.place.data();
    let fresh = plan.place.base.join("data.new");
    match std::fs::remove_dir_all(&fresh) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(ClusterError::io("remove", &fresh, error));
        }
        _ => {}
    }
    // C.UTF-8 knows that É is é in capitals and sorts by code point, fast; where the system lacks it, C does.
    let with_letters = run_initdb(plan, &fresh, "C.UTF-8")?;
    if !with_letters.status.success() {
        let plain = run_initdb(plan, &fresh, "C")?;
        if !plain.status.success() {
            let output = String::from_utf8_lossy(&plain.stderr).trim().to_owned();
            return Err(ClusterError::Initdb { status: plain.status, output, data });
        }
    }
    std::fs::rename(&fresh, &data).map_err(|source| ClusterError::io("rename", &fresh, source))?;
    if plan.durable {
        std::fs::File::open(&plan.place.base)
            .and_then(|base| base.sync_all())
            .map_err(|source| ClusterError::io("sync", &plan.place.base, source))?;
    }
    Ok(())
}

fn run_initdb(plan: &Plan, into: &Path, character_type: &str) -> Result<std::process::Output, ClusterError> {
    let mut command = dies_with_us(&plan.binaries.initdb);
    command.arg("-D").arg(into).args(["-U", SUPERUSER, "-E", "UTF8", "--locale=C"]);
    command.arg(format!("--lc-ctype={character_type}"));
    // Local connections are trusted: see place.rs for what makes that safe. None come over TCP.
    command.args(["--auth-local=trust", "--auth-host=reject"]);
    if !plan.durable {
        command.arg("--no-sync");
    }
    as_postgres(&mut command, &plan.place);
    command.stdin(Stdio::null());
    command.output().map_err(|source| ClusterError::io("run", &plan.binaries.initdb, source))
}

/// The command that starts the server.
pub(super) fn server_command(plan: &Plan) -> Command {
    let mut command = dies_with_us(&plan.binaries.postgres);
    command.arg("-D").arg(plan.place.data()).arg("-k").arg(&plan.place.socket_dir);
    command.args(["-p", "5432", "-c", "listen_addresses=", "-c", "unix_socket_permissions=0700"]);
    for (name, value) in &plan.settings {
        command.arg("-c").arg(format!("{name}={value}"));
    }
    as_postgres(&mut command, &plan.place);
    command
}

/// The user, the working directory and the environment of a program of PostgreSQL.
fn as_postgres(command: &mut Command, place: &Place) {
    if let Some(user) = place.run_as {
        user.apply(command);
    }
    command.current_dir(&place.base).env("LC_ALL", "C");
    for name in FOREIGN_VARIABLES {
        command.env_remove(name);
    }
}

/// Stops a server that an earlier run left working on these files: fast, then at once.
pub(super) async fn stop_leftover(data: &Path) -> Result<(), ClusterError> {
    for (signal, limit) in [(Signal::INT, STOP_LIMIT), (Signal::QUIT, QUIT_LIMIT)] {
        let Some(pid) = leftover(data) else { return Ok(()) };
        tracing::info!(pid = pid.as_raw_nonzero(), "stopping the PostgreSQL that an earlier run left");
        if let Err(error) = kill_process(pid, signal) {
            tracing::debug!(%error, "the leftover was not signalled");
        }
        let began = Instant::now();
        while leftover(data).is_some() && began.elapsed() < limit {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
    match leftover(data) {
        None => Ok(()),
        Some(pid) => {
            Err(ClusterError::Leftover { pid: pid.as_raw_nonzero().get().unsigned_abs(), data: data.to_path_buf() })
        }
    }
}

/// The process of a live server on these files. `postmaster.pid` alone proves nothing: its number may
/// belong to any process by now. A server's working directory is its data directory, and that does.
fn leftover(data: &Path) -> Option<Pid> {
    let text = read_small(&data.join("postmaster.pid"))?;
    let pid = pid_of(text.lines().next()?.trim().parse().ok()?)?;
    if !is_alive(pid) {
        return None;
    }
    let works_in = std::fs::read_link(format!("/proc/{}/cwd", pid.as_raw_nonzero()));
    let is_ours = match works_in {
        Ok(works_in) => works_in == data,
        // No /proc (macOS), or a process that we may not look at; a zombie has no working directory either.
        Err(_) if Path::new("/proc/self").exists() => false,
        Err(_) => names_postgres(pid),
    };
    is_ours.then_some(pid)
}

/// Whether `ps` calls a process `postgres`.
fn names_postgres(pid: Pid) -> bool {
    let mut command = Command::new("ps");
    command.args(["-o", "comm=", "-p"]).arg(pid.as_raw_nonzero().to_string());
    command.output().is_ok_and(|output| String::from_utf8_lossy(&output.stdout).contains("postgres"))
}

/// The text of a file that is known to be small.
fn read_small(path: &PathBuf) -> Option<String> {
    let mut text = String::new();
    std::fs::File::open(path).ok()?.take(SMALL_FILE_BYTES).read_to_string(&mut text).ok()?;
    Some(text)
}
