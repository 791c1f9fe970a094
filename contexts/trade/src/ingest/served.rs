//! Which servers answer from the store, and from which snapshot: a load ends when they answer from its own.

use std::time::{Duration, Instant};

use trade_queries::queries::history;

use super::load::{LoadError, Loader};
use crate::store::{Store, StoreError};

/// Longest wait for the servers.
const WAIT: Duration = Duration::from_secs(30);
/// How often they are looked at.
const PAUSE: Duration = Duration::from_millis(50);

/// Whether running servers answer from a snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Served {
    /// Every server that runs on this store does.
    Yes,
    /// No server runs on this store.
    NoServer,
    /// One does not yet.
    Late,
}

impl Served {
    /// Stable name, for programs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::NoServer => "no_server",
            Self::Late => "late",
        }
    }

    /// For people.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::Yes => "the running server answers from it",
            Self::NoServer => "no server is running on this store",
            Self::Late => "a running server does not answer from it yet",
        }
    }
}

impl Loader {
    /// Waits until every running server answers from `snapshot` or a later one, at most half a minute.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn wait_until_served(&self, snapshot: i64) -> Result<Served, LoadError> {
        let started = Instant::now();
        loop {
            let client = self.store.pool.get().await?;
            let servers = history::serving().bind(&client).all().await?;
            if servers.is_empty() {
                return Ok(Served::NoServer);
            }
            if servers.iter().all(|server| server.version >= snapshot) {
                return Ok(Served::Yes);
            }
            if started.elapsed() > WAIT {
                return Ok(Served::Late);
            }
            tokio::time::sleep(PAUSE).await;
        }
    }
}

impl Store {
    /// Says that a server answers from a snapshot. Said again every few seconds: silence means that it ended.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn report_serving(&self, server: &str, version: i64) -> Result<(), StoreError> {
        let client = self.pool.get().await?;
        self.queries.timed("report_serving", history::report_serving().bind(&client, &server, &version).one()).await?;
        Ok(())
    }

    /// Says that a server answers no more.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn end_serving(&self, server: &str) -> Result<(), StoreError> {
        let client = self.pool.get().await?;
        self.queries.timed("end_serving", history::end_serving().bind(&client, &server).one()).await?;
        Ok(())
    }
}
