//! PostgreSQL: where it is, how it is reached, how its schema comes to be.
//!
//! Everything works as [`Role::AppRw`]; migrations alone work as [`Role::MigrationAdmin`], which owns every
//! object. A private cluster ([`cluster`]) serves a newcomer; an external one is named by [`settings`].

pub mod access;
pub mod cluster;
pub mod lock;
pub mod migrate;
pub mod pool;
pub mod settings;
mod store_error;
pub mod target;
pub mod tls;

use std::error::Error as _;

pub use store_error::StoreError;

/// Who the product is to PostgreSQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Reads and writes rows, by the privileges that migrations grant. Owns nothing.
    AppRw,
    /// Owns every object and runs migrations. No superuser.
    MigrationAdmin,
    /// Reads what migrations grant to auditors. Writes nothing.
    ReadonlyAudit,
}

impl Role {
    /// All roles.
    pub const ALL: [Role; 3] = [Role::AppRw, Role::MigrationAdmin, Role::ReadonlyAudit];

    /// Its name in PostgreSQL.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Role::AppRw => "app_rw",
            Role::MigrationAdmin => "migration_admin",
            Role::ReadonlyAudit => "readonly_audit",
        }
    }
}

/// What a database error says, for a person: the server's own message with its code, detail and hint where
/// there is one (the driver's own text is only "db error"), else the chain of causes.
#[must_use]
pub fn describe(error: &tokio_postgres::Error) -> String {
    if let Some(server) = error.as_db_error() {
        let mut text = format!("{} (SQLSTATE {})", server.message(), server.code().code());
        for (label, more) in [("detail", server.detail()), ("hint", server.hint()), ("in", server.where_())] {
            if let Some(more) = more {
                text.push_str(&format!("; {label}: {more}"));
            }
        }
        return text;
    }
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        let next_text = next.to_string();
        // The driver repeats some causes in its own text.
        if !text.ends_with(&next_text) {
            text.push_str(&format!(": {next_text}"));
        }
        cause = next.source();
    }
    text
}
