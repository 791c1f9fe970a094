//! Redis: one connection that many share, kept up in the background.
//!
//! [`connect`] never waits and never fails. Where the server is not there (yet, or any more), requests fail at once
//! with [`RedisError::Absent`] while one task looks for it; a lost server is logged once, and so is its return.

mod opener;
mod settings;

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Cmd, FromRedisValue};
use tokio::sync::Notify;
use tokio::task::AbortHandle;
use tokio::time::{sleep, timeout};

use opener::Opener;
pub use settings::{RedisSettings, SettingsError};

/// How often a server that is there is asked whether it still is.
const CHECK_EVERY: Duration = Duration::from_secs(1);
/// Checks without an answer after which the connection is given up: one may be lost to a slow moment.
const CHECKS_MAX: u32 = 2;
/// The first pause between two attempts to connect; it doubles up to [`CHECK_EVERY`].
const FIRST_PAUSE: Duration = Duration::from_millis(50);
/// Requests that may be on their way at once; more wait, within their deadline.
const IN_FLIGHT_MAX: usize = 1024;

/// Why Redis did not do what it was asked. Messages hold no credential, no key and no value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RedisError {
    /// There is no connection now; one is being looked for.
    #[error("Redis at {0} cannot be reached")]
    Absent(String),
    /// No answer in time; whether the request took effect is unknown.
    #[error("Redis at {0} did not answer in time")]
    Timeout(String),
    /// The connection broke; whether the request took effect is unknown.
    #[error("the connection to Redis was lost: {0}")]
    Lost(String),
    /// The server understood the request and refuses, or its answer is of another type than asked for.
    #[error("Redis refused a request: {0}")]
    Refused(String),
}

/// A Redis that may come and go. Clones share it; the last one ends the task that looks after it.
#[derive(Clone)]
pub struct Redis(Arc<Handle>);

struct Handle {
    shared: Arc<Shared>,
    keeper: AbortHandle,
}

struct Shared {
    place: String,
    connection: RwLock<Option<MultiplexedConnection>>,
    /// Told by a request that met a broken connection, so that it is replaced at once.
    broken: Notify,
}

impl fmt::Debug for Redis {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let connected = self.is_connected();
        formatter.debug_struct("Redis").field("place", &self.place()).field("connected", &connected).finish()
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.keeper.abort();
    }
}

/// A handle on the Redis of `settings`, at once, whether it is there or not. Call it within the runtime.
///
/// # Errors
/// When the settings name no server that could be asked at all.
pub fn connect(settings: &RedisSettings) -> Result<Redis, RedisError> {
    let config = AsyncConnectionConfig::new()
        .set_connection_timeout(Some(settings.connect))
        .set_response_timeout(Some(settings.answer))
        .set_pipeline_buffer_size(IN_FLIGHT_MAX)
        .set_concurrency_limit(IN_FLIGHT_MAX);
    let opener = Opener::new(settings, config).map_err(|error| refused(&error))?;
    let shared =
        Arc::new(Shared { place: settings.place().to_owned(), connection: RwLock::new(None), broken: Notify::new() });
    let keeper = tokio::spawn(keep(Arc::clone(&shared), opener, settings.connect)).abort_handle();
    Ok(Redis(Arc::new(Handle { shared, keeper })))
}

impl Redis {
    /// Sends one command and reads its answer.
    ///
    /// # Errors
    /// At once when there is no connection; otherwise within [`RedisSettings::answer`].
    pub async fn query<T: FromRedisValue>(&self, command: &Cmd) -> Result<T, RedisError> {
        let shared = &self.0.shared;
        let Some(mut connection) = shared.connection() else { return Err(RedisError::Absent(shared.place.clone())) };
        match command.query_async(&mut connection).await {
            Ok(answer) => Ok(answer),
            Err(error) => {
                if error.is_unrecoverable_error() {
                    shared.broken.notify_one();
                }
                Err(shared.explain(&error))
            }
        }
    }

    /// Asks whether it is there.
    ///
    /// # Errors
    /// When it is not, or does not answer in time.
    pub async fn ping(&self) -> Result<(), RedisError> {
        self.query::<()>(&redis::cmd("PING")).await
    }

    /// Whether there is a connection, as far as is known.
    #[must_use]
    pub fn is_connected(&self) -> bool {
        self.0.shared.connection().is_some()
    }

    /// Host, port and database, without credentials.
    #[must_use]
    pub fn place(&self) -> &str {
        &self.0.shared.place
    }
}

impl Shared {
    fn connection(&self) -> Option<MultiplexedConnection> {
        self.connection.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn publish(&self, connection: Option<MultiplexedConnection>) {
        *self.connection.write().unwrap_or_else(PoisonError::into_inner) = connection;
    }

    fn explain(&self, error: &redis::RedisError) -> RedisError {
        if error.is_timeout() {
            RedisError::Timeout(self.place.clone())
        } else if error.is_io_error() || error.is_unrecoverable_error() {
            RedisError::Lost(describe(error))
        } else {
            refused(error)
        }
    }
}

fn refused(error: &redis::RedisError) -> RedisError {
    RedisError::Refused(describe(error))
}

/// The kind of failure and the server's code (`NOAUTH`, `OOM`). Not its detail, which may quote what was sent.
fn describe(error: &redis::RedisError) -> String {
    match error.code() {
        Some(code) => format!("{} ({code})", error.category()),
        None if error.is_connection_refusal() => "nobody listens there".to_owned(),
        None => error.category().to_owned(),
    }
}

/// Connects, watches, and connects again, until it is aborted.
async fn keep(shared: Arc<Shared>, opener: Opener, within: Duration) {
    let mut pause = FIRST_PAUSE;
    let mut told = false;
    loop {
        // The driver's own deadline is for each step; this one is for all of them.
        let reason = match timeout(within, opener.open()).await {
            Ok(Ok(connection)) => {
                shared.publish(Some(connection.clone()));
                tracing::info!(redis = shared.place, "Redis connected");
                (pause, told) = (FIRST_PAUSE, false);
                let reason = watch(&shared, connection).await;
                shared.publish(None);
                reason
            }
            Ok(Err(reason)) => reason,
            Err(_) => "it did not answer in time".to_owned(),
        };
        if !told {
            tracing::warn!(
                redis = shared.place,
                reason,
                "Redis cannot be reached; working without it until it returns"
            );
            told = true;
        }
        sleep(pause).await;
        pause = (pause * 2).min(CHECK_EVERY);
    }
}

/// Returns why a connection is of no use any more.
async fn watch(shared: &Shared, mut connection: MultiplexedConnection) -> String {
    let mut silent = 0;
    loop {
        tokio::select! {
            () = shared.broken.notified() => {}
            () = sleep(CHECK_EVERY) => {}
        }
        match redis::cmd("PING").query_async::<()>(&mut connection).await {
            Ok(()) => silent = 0,
            Err(error) if error.is_timeout() => {
                silent += 1;
                if silent >= CHECKS_MAX {
                    return "it does not answer".to_owned();
                }
            }
            Err(error) if error.is_unrecoverable_error() || error.is_io_error() => return describe(&error),
            // It answers, if only to refuse: requests will say why.
            Err(_) => silent = 0,
        }
    }
}
