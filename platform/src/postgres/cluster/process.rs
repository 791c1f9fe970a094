//! The process of a PostgreSQL server: started, watched, its log kept, ended by its id.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process, test_kill_process};
use tokio::sync::watch;

/// The log starts a new file beyond this size; the one before is kept beside it.
const LOG_LIMIT_BYTES: u64 = 8 * 1024 * 1024;

/// How many of the last lines are kept for an error message.
const TAIL_LINES: usize = 12;

/// The longest line of the log that is read at once.
const LINE_LIMIT_BYTES: u64 = 16 * 1024;

/// A running server.
#[derive(Debug)]
pub(super) struct Process {
    pid: Pid,
    exit: watch::Receiver<Option<ExitStatus>>,
    tail: Arc<Mutex<VecDeque<String>>>,
}

impl Process {
    /// Starts a program whose standard error is a log, in its own process group: a Ctrl-C at the terminal
    /// is for us to handle, not for the server to receive at the same time.
    ///
    /// A thread of its own starts it and lives as long as it does, for two reasons: the death signal that
    /// `setpriv --pdeathsig` asks for is sent when the *thread* that started the process ends; and waiting
    /// in a thread ties the process to no asynchronous runtime.
    pub(super) fn start(mut command: Command, log_path: PathBuf) -> std::io::Result<Self> {
        use std::os::unix::process::CommandExt;
        command.process_group(0).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let (exit_sender, exit) = watch::channel(None);
        let tail = Arc::new(Mutex::new(VecDeque::new()));
        let kept = Arc::clone(&tail);
        let (started_sender, started) = mpsc::channel();
        std::thread::Builder::new().name("postgres-keeper".into()).spawn(move || {
            let mut child = match command.spawn() {
                Ok(child) => child,
                Err(error) => return report(&started_sender, Err(error)),
            };
            let (log_ended_sender, log_ended) = mpsc::channel::<()>();
            if let Some(stderr) = child.stderr.take() {
                let reader = std::thread::Builder::new().name("postgres-log".into()).spawn(move || {
                    keep_log(stderr, &log_path, &kept);
                    drop(log_ended_sender);
                });
                if let Err(error) = reader {
                    tracing::warn!(%error, "the log of PostgreSQL is not kept: no thread could be started");
                }
            }
            report(&started_sender, Ok(child.id()));
            let status = child.wait();
            // The last lines say why it ended: wait for them, but not for a child of its that lingers.
            if log_ended.recv_timeout(Duration::from_millis(500)) == Err(mpsc::RecvTimeoutError::Timeout) {
                tracing::debug!("PostgreSQL ended while a process of its still holds the log");
            }
            match status {
                Ok(status) => exit_sender.send_replace(Some(status)),
                Err(error) => {
                    tracing::error!(%error, "waiting for PostgreSQL failed");
                    None
                }
            };
        })?;
        let id = started.recv().map_err(std::io::Error::other)??;
        let pid = pid_of(id).ok_or_else(|| std::io::Error::other("the process has no valid id"))?;
        Ok(Self { pid, exit, tail })
    }

    /// The process id.
    pub(super) fn id(&self) -> u32 {
        self.pid.as_raw_nonzero().get().unsigned_abs()
    }

    /// How the process ended, if it has.
    pub(super) fn exited(&self) -> Option<ExitStatus> {
        *self.exit.borrow()
    }

    /// A receiver on which the end can be awaited.
    pub(super) fn exit_receiver(&self) -> watch::Receiver<Option<ExitStatus>> {
        self.exit.clone()
    }

    /// Sends a signal, unless the process has ended.
    pub(super) fn signal(&self, signal: Signal) {
        if self.exited().is_none()
            && let Err(error) = kill_process(self.pid, signal)
        {
            tracing::debug!(%error, pid = self.id(), "PostgreSQL was not signalled");
        }
    }

    /// The last lines of the log.
    pub(super) fn log_tail(&self) -> String {
        let tail = self.tail.lock().unwrap_or_else(PoisonError::into_inner);
        tail.iter().map(String::as_str).collect::<Vec<_>>().join("\n")
    }
}

/// Waits until a process has ended or the time is over; says which.
pub(super) async fn wait_exit(mut exit: watch::Receiver<Option<ExitStatus>>, at_most: Duration) -> bool {
    let ended = async {
        // An error means that the keeper thread is gone, and it goes only with the process.
        exit.wait_for(Option::is_some).await.is_ok_and(|status| status.is_some()) || exit.has_changed().is_err()
    };
    tokio::time::timeout(at_most, ended).await.unwrap_or(false)
}

/// Tells the starter how the start went.
fn report(sender: &mpsc::Sender<std::io::Result<u32>>, outcome: std::io::Result<u32>) {
    if sender.send(outcome).is_err() {
        tracing::debug!("nobody waits for PostgreSQL to start");
    }
}

/// An id as the operating system's calls take it.
pub(super) fn pid_of(id: u32) -> Option<Pid> {
    i32::try_from(id).ok().and_then(Pid::from_raw)
}

/// Whether a process with this id exists (`EPERM` says that it does, and is not ours).
pub(super) fn is_alive(pid: Pid) -> bool {
    match test_kill_process(pid) {
        Ok(()) => true,
        Err(error) => error == rustix::io::Errno::PERM,
    }
}

/// Copies what the server says into its log file, bounded, and keeps the last lines at hand.
/// Goes on reading when the file cannot be written: a full disk must not block the server on its pipe.
fn keep_log(stderr: impl Read, path: &Path, tail: &Mutex<VecDeque<String>>) {
    let mut reader = BufReader::new(stderr);
    let mut log = LogFile::open(path);
    let mut line = Vec::new();
    loop {
        line.clear();
        match reader.by_ref().take(LINE_LIMIT_BYTES).read_until(b'\n', &mut line) {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
        log.write(&line);
        let mut tail = tail.lock().unwrap_or_else(PoisonError::into_inner);
        if tail.len() == TAIL_LINES {
            tail.pop_front();
        }
        tail.push_back(String::from_utf8_lossy(&line).trim_end().to_owned());
    }
}

/// A log file that starts anew when it has grown too large.
struct LogFile<'path> {
    path: &'path Path,
    file: Option<File>,
    written_bytes: u64,
}

impl<'path> LogFile<'path> {
    fn open(path: &'path Path) -> Self {
        use std::os::unix::fs::OpenOptionsExt;
        let file = File::options().create(true).append(true).mode(0o600).open(path);
        if let Err(error) = &file {
            tracing::warn!(%error, path = %path.display(), "the log of PostgreSQL cannot be written");
        }
        let file = file.ok();
        let written_bytes = file.as_ref().and_then(|file| file.metadata().ok()).map_or(0, |found| found.len());
        Self { path, file, written_bytes }
    }

    fn write(&mut self, line: &[u8]) {
        if self.written_bytes > LOG_LIMIT_BYTES {
            let before = self.path.with_extension("log.1");
            if let Err(error) = std::fs::rename(self.path, &before) {
                tracing::debug!(%error, "the log of PostgreSQL was not set aside");
            }
            *self = Self::open(self.path);
        }
        let Some(file) = &mut self.file else { return };
        if file.write_all(line).is_ok() {
            self.written_bytes += line.len() as u64;
        }
    }
}

/// A program started so that it is told to stop (fast shutdown) when we die without telling it,
/// where the system can do that: `setpriv` of util-linux.
pub(super) fn dies_with_us(program: &Path) -> Command {
    let can = Command::new("setpriv")
        .args(["--pdeathsig", "INT", "true"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    if !can {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "INT"]).arg(program);
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_is_bounded_and_its_last_lines_are_at_hand() {
        let path = std::env::temp_dir().join(format!("bgc-log-{}.log", std::process::id()));
        let line = format!("{}\n", "x".repeat(1023));
        let lines = 9 * 1024;
        let tail = Mutex::new(VecDeque::new());
        keep_log(line.repeat(lines).as_bytes(), &path, &tail);
        let kept = std::fs::metadata(&path).unwrap().len();
        let before = std::fs::metadata(path.with_extension("log.1")).unwrap().len();
        assert_eq!(kept + before, lines as u64 * 1024);
        assert!(kept <= LOG_LIMIT_BYTES && before <= LOG_LIMIT_BYTES + 1024);
        assert_eq!(tail.lock().unwrap().len(), TAIL_LINES);
        std::fs::remove_file(&path).unwrap();
        std::fs::remove_file(path.with_extension("log.1")).unwrap();
    }
}
