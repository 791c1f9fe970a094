//! Where the time comes from.

use std::fmt::Debug;

use chrono::{DateTime, Utc};

/// A source of the current time. Everything that needs the time takes one, so that a test can set it.
pub trait Clock: Debug + Send + Sync + 'static {
    /// The current moment in UTC.
    fn now(&self) -> DateTime<Utc>;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}
