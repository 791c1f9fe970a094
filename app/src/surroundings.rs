//! What of the process a context works with.

use std::sync::Arc;

use platform::clock::Clock;
use platform::telemetry::metrics::Metrics;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::config::Config;
use crate::database::Database;

/// What of the process a context works with.
#[derive(Clone, Copy)]
pub struct Surroundings<'a> {
    /// Settings.
    pub config: &'a Config,
    /// PostgreSQL.
    pub database: &'a Database,
    /// Where its metrics are shown.
    pub metrics: &'a Metrics,
    /// The time.
    pub clock: &'a Arc<dyn Clock>,
    /// Work behind answers: a stop waits for it.
    pub tasks: &'a TaskTracker,
    /// When background work ends.
    pub stop: &'a CancellationToken,
}
