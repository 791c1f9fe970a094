//! How the process stops: in two stages, and it says which one ended it.
//!
//! The soft stop ends new work: listeners close, readiness turns false, connections finish the
//! request they are on. The hard stop, after a deadline or a second signal, drops what is left.
//! Everything here is a value that is passed along; two servers in one test do not meet.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// The two stages and the tasks that are waited for. Clones are the same lifecycle.
#[derive(Debug, Clone)]
pub struct Lifecycle {
    soft: CancellationToken,
    hard: CancellationToken,
    tasks: TaskTracker,
    drain_deadline: Duration,
    cause: Arc<OnceLock<Cause>>,
}

impl Lifecycle {
    /// A lifecycle whose soft stop lasts at most `drain_deadline`.
    #[must_use]
    pub fn new(drain_deadline: Duration) -> Self {
        Self {
            soft: CancellationToken::new(),
            hard: CancellationToken::new(),
            tasks: TaskTracker::new(),
            drain_deadline,
            cause: Arc::new(OnceLock::new()),
        }
    }

    /// Cancelled when new work must end.
    #[must_use]
    pub fn soft(&self) -> &CancellationToken {
        &self.soft
    }

    /// Cancelled when all work must end. Follows the soft stop, never precedes it.
    #[must_use]
    pub fn hard(&self) -> &CancellationToken {
        &self.hard
    }

    /// The tasks a stop waits for. Spawn servers and workers here.
    #[must_use]
    pub fn tasks(&self) -> &TaskTracker {
        &self.tasks
    }

    /// Begins the soft stop for `reason`; a later reason changes nothing.
    pub fn stop(&self, reason: &'static str) {
        self.begin(Cause::Requested(reason));
    }

    fn begin(&self, cause: Cause) {
        if self.cause.set(cause).is_ok() {
            tracing::info!(cause = cause.name(), deadline_s = self.drain_deadline.as_secs(), "stopping");
        }
        self.soft.cancel();
    }

    /// Waits for a signal or for [`Lifecycle::stop`], then for the tasks, at most until the deadline
    /// or a second signal. When it returns both tokens are cancelled.
    pub async fn run(&self, mut signals: Signals) -> Exit {
        tokio::select! {
            () = self.soft.cancelled() => {}
            Some(signal) = signals.0.recv() => self.begin(Cause::Signal(signal)),
        }
        self.tasks.close();
        let ended = tokio::select! {
            biased;
            () = self.tasks.wait() => Ended::Drained,
            Some(_) = signals.0.recv() => Ended::SecondSignal,
            () = tokio::time::sleep(self.drain_deadline) => Ended::Deadline,
        };
        self.hard.cancel();
        if ended != Ended::Drained {
            tracing::warn!(tasks = self.tasks.len(), "stopping before all work is done");
            // What obeys the hard token gets a moment to do so; what does not is dropped with the runtime.
            let moment = Duration::from_millis(500);
            if tokio::time::timeout(moment, self.tasks.wait()).await.is_err() {
                tracing::warn!(tasks = self.tasks.len(), "tasks ignored the stop");
            }
        }
        let cause = self.cause.get().copied().unwrap_or(Cause::Requested("the token was cancelled"));
        Exit { cause, ended }
    }
}

/// A signal that stops the process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// Ctrl-C at the terminal.
    Interrupt,
    /// What a supervisor sends.
    Terminate,
}

/// What began the stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// The operator or the supervisor.
    Signal(Signal),
    /// The program itself.
    Requested(&'static str),
}

impl Cause {
    /// In words, for the log.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Signal(Signal::Interrupt) => "SIGINT",
            Self::Signal(Signal::Terminate) => "SIGTERM",
            Self::Requested(reason) => reason,
        }
    }
}

/// What ended the stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// All work was done.
    Drained,
    /// The deadline came first.
    Deadline,
    /// A second signal came first.
    SecondSignal,
}

/// How the process stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exit {
    /// What began the stop.
    pub cause: Cause,
    /// What ended it.
    pub ended: Ended,
}

impl Exit {
    /// The exit code that says so: 0 when drained, 124 at the deadline (as `timeout` does), 130 on a
    /// second signal (as a shell does for an interrupted program).
    #[must_use]
    pub const fn code(self) -> u8 {
        match self.ended {
            Ended::Drained => 0,
            Ended::Deadline => 124,
            Ended::SecondSignal => 130,
        }
    }
}

/// Where signals come from.
#[derive(Debug)]
pub struct Signals(mpsc::Receiver<Signal>);

impl Signals {
    /// The process's SIGINT and SIGTERM. SIGHUP is ignored from now on: a closed terminal does not
    /// stop a server. Call it within the runtime.
    ///
    /// # Errors
    /// If the system refuses a handler.
    #[cfg(unix)]
    pub fn install() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut terminate = signal(SignalKind::terminate())?;
        let mut hang_up = signal(SignalKind::hangup())?;
        let (sender, signals) = Self::manual();
        tokio::spawn(async move {
            loop {
                let received = tokio::select! {
                    Some(()) = interrupt.recv() => Signal::Interrupt,
                    Some(()) = terminate.recv() => Signal::Terminate,
                    Some(()) = hang_up.recv() => continue,
                    else => return,
                };
                if sender.send(received).await.is_err() {
                    return;
                }
            }
        });
        Ok(signals)
    }

    /// Signals sent by the holder of the sender: for tests, and for a program without signals.
    #[must_use]
    pub fn manual() -> (mpsc::Sender<Signal>, Self) {
        let (sender, receiver) = mpsc::channel(4);
        (sender, Self(receiver))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn work_that_ends_is_waited_for() {
        let lifecycle = Lifecycle::new(Duration::from_secs(5));
        let soft = lifecycle.soft().clone();
        lifecycle.tasks().spawn(async move { soft.cancelled().await });
        let (sender, signals) = Signals::manual();
        sender.send(Signal::Terminate).await.unwrap();
        let exit = lifecycle.run(signals).await;
        assert_eq!(exit, Exit { cause: Cause::Signal(Signal::Terminate), ended: Ended::Drained });
        assert_eq!(exit.code(), 0);
    }

    #[tokio::test]
    async fn a_second_signal_ends_the_drain() {
        let lifecycle = Lifecycle::new(Duration::from_secs(60));
        let hard = lifecycle.hard().clone();
        lifecycle.tasks().spawn(async move { hard.cancelled().await });
        let (sender, signals) = Signals::manual();
        sender.send(Signal::Interrupt).await.unwrap();
        sender.send(Signal::Interrupt).await.unwrap();
        let exit = lifecycle.run(signals).await;
        assert_eq!((exit.ended, exit.code()), (Ended::SecondSignal, 130));
        assert!(lifecycle.tasks().is_empty());
    }

    #[tokio::test]
    async fn the_deadline_ends_the_drain_even_without_signals() {
        let lifecycle = Lifecycle::new(Duration::from_millis(20));
        lifecycle.tasks().spawn(std::future::pending::<()>());
        let (sender, signals) = Signals::manual();
        drop(sender);
        lifecycle.stop("the store is gone");
        lifecycle.stop("a later reason");
        let exit = lifecycle.run(signals).await;
        assert_eq!(exit, Exit { cause: Cause::Requested("the store is gone"), ended: Ended::Deadline });
        assert_eq!(exit.code(), 124);
    }
}
