//! DICT: PIX keys, claims and portability by the Central Bank's rules.

use std::sync::Arc;

use platform::clock::Clock;
use platform::postgres::migrate::{Migration, MigrationSet};
use platform::random::Entropy;

use crate::claims::possession::CodeSender;
use crate::directory::Directory;
use crate::domain::ispb::Ispb;
use crate::limits::rate::Rate;
use crate::store::Store;

mod batch;
pub mod caller;
pub mod claims;
pub mod directory;
pub mod domain;
pub mod entries;
pub mod events;
pub mod failure;
pub mod grpc;
pub mod http;
pub mod jobs;
pub mod limits;
pub mod lookup;
pub mod page_token;
pub mod random;
pub mod reconciliation;
pub mod sample;
pub mod simulator;
pub mod store;
pub mod telemetry;
pub mod vault;

/// The PostgreSQL schema of this context; nobody else names its tables.
pub const SCHEMAS: &[&str] = &["dict"];

/// How it comes to be.
pub const MIGRATIONS: MigrationSet = MigrationSet {
    context: "dict",
    migrations: &[
        Migration { version: 1, name: "dict", sql: include_str!("../migrations/0001_dict.sql") },
        Migration { version: 2, name: "dict_lookups", sql: include_str!("../migrations/0002_dict_lookups.sql") },
        Migration { version: 3, name: "change_intents", sql: include_str!("../migrations/0003_change_intents.sql") },
    ],
};

/// What every use case works with.
#[derive(Debug, Clone)]
pub struct Dict {
    /// The record.
    pub store: Store,
    /// The way to the directory; none where this base is all there is.
    pub directory: Option<Arc<dyn Directory>>,
    /// The institutions this server speaks for.
    pub participants: Vec<Ispb>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
    /// How codes reach phones and mailboxes.
    pub codes: Arc<dyn CodeSender>,
    /// How often each caller may ask, through whichever door; none for as often as it likes.
    pub caller_rate: Option<Arc<Rate>>,
}
