//! Gateway: outside sources behind one cached, observable door.

use platform::postgres::migrate::{Migration, MigrationSet};

pub mod cache;
pub mod call;
pub mod connectors;
pub mod domain;
pub mod secrets;
pub mod telemetry;
pub mod upstream;

/// The PostgreSQL schema of this context; nobody else names its tables.
pub const SCHEMAS: &[&str] = &["gateway"];

/// How it comes to be.
pub const MIGRATIONS: MigrationSet = MigrationSet {
    context: "gateway",
    migrations: &[Migration {
        version: 1,
        name: "response_cache",
        sql: include_str!("../migrations/0001_response_cache.sql"),
    }],
};
