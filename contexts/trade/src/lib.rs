//! Trade: official export files to exact totals, reports, a cube and ranked destinations.

pub mod cube;
pub mod domain;
pub mod explorer;
pub mod ingest;
pub mod sample;
pub mod simulator;
pub mod store;

use platform::postgres::migrate::{Migration, MigrationSet};

/// The PostgreSQL schemas of this context; nobody else names their tables.
pub const SCHEMAS: &[&str] = &["stg", "rpt", "cfg"];

/// How those schemas come to be.
pub const MIGRATIONS: MigrationSet = MigrationSet {
    context: "trade",
    migrations: &[
        Migration { version: 1, name: "facts_reports_tables", sql: include_str!("../migrations/0001_facts_reports_tables.sql") },
        Migration { version: 2, name: "publish_functions", sql: include_str!("../migrations/0002_publish_functions.sql") },
    ],
};
