//! Migrations: plain SQL, numbered from 1 within each context, applied once and in order.
//!
//! Which ones a database has is in `platform.schema_migration`, which belongs to the user that runs them.
//! A migration that was applied is never edited: its checksum is compared each time.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, Row};

use super::describe;
use super::target::Target;

/// The key of the advisory lock that one runner of migrations holds: "bgc_migr" in ASCII.
const LOCK_KEY: i64 = 0x6267_635f_6d69_6772;

/// What must be there before the first migration. Functions are open to everybody unless this is taken
/// away, and ours act with their owner's rights.
const PREPARE: &str = "\
CREATE SCHEMA IF NOT EXISTS platform;
CREATE TABLE IF NOT EXISTS platform.schema_migration (
    context    text        NOT NULL,
    version    integer     NOT NULL CHECK (version > 0),
    name       text        NOT NULL,
    sha256     text        NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (context, version)
);
GRANT USAGE ON SCHEMA platform TO app_rw, readonly_audit;
GRANT SELECT ON platform.schema_migration TO app_rw, readonly_audit;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
";

/// One step of a context's schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Migration {
    /// Its number: 1, 2, 3 … without a gap.
    pub version: i32,
    /// What it does, in a few words with underscores, as in its file's name.
    pub name: &'static str,
    /// The statements. They run in one transaction, so they hold no `BEGIN` or `COMMIT` of their own.
    pub sql: &'static str,
}

impl Migration {
    /// The SHA-256 of the statements, in hexadecimal.
    #[must_use]
    pub fn checksum(&self) -> String {
        Sha256::digest(self.sql.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// The migrations of one context.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MigrationSet {
    /// The context's name: `trade`.
    pub context: &'static str,
    /// Its migrations, by version.
    pub migrations: &'static [Migration],
}

/// Where one migration stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// Whose it is.
    pub context: &'static str,
    /// Its number.
    pub version: i32,
    /// Its name.
    pub name: &'static str,
    /// When it was applied, by the database's clock; `None` if it was not.
    pub applied_at: Option<DateTime<Utc>>,
}

/// Why the schema is not what the program needs.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// The program's own list is wrong: a defect, found by any test that migrates.
    #[error("the migrations of {context} are not numbered 1, 2, 3 …: number {version} is out of order")]
    Numbering {
        /// Whose.
        context: &'static str,
        /// The first that is out of order.
        version: i32,
    },
    /// One that was applied has changed since.
    #[error(
        "migration {version} ({name}) of {context} was changed after it was applied: restore its text and put the change into a new migration"
    )]
    Drift {
        /// Whose.
        context: &'static str,
        /// Which.
        version: i32,
        /// Its name.
        name: &'static str,
    },
    /// One was skipped.
    #[error(
        "migration {version} of {context} was not applied although a later one was: the history of this database is broken; restore it from a backup"
    )]
    Gap {
        /// Whose.
        context: &'static str,
        /// The one that is missing.
        version: i32,
    },
    /// The database was migrated by a newer program.
    #[error(
        "the database has migration {version} of {context}, this program knows {known} of them: run the newer bgc, the one that migrated it"
    )]
    Newer {
        /// Whose.
        context: &'static str,
        /// The database's last.
        version: i32,
        /// The program's last.
        known: usize,
    },
    /// Some are not applied yet.
    #[error("{} not applied yet, first number {version} of {context}: run `bgc migrate` with MIGRATION_DATABASE_URL set", count_text(*.pending))]
    Pending {
        /// How many.
        pending: usize,
        /// The first one's context.
        context: &'static str,
        /// The first one's number.
        version: i32,
    },
    /// Privileges cannot be granted to roles that are not there.
    #[error(
        "the roles {missing} are missing and this user may not create them: as a superuser run `{advice}`, then try again"
    )]
    RolesMissing {
        /// Their names.
        missing: String,
        /// The statements that create them.
        advice: String,
    },
    /// Another runner does not finish.
    #[error(
        "another migration has been running on this database for more than a minute: wait for it to end, then try again"
    )]
    Locked,
    /// One failed; nothing of it remains, those before it do.
    #[error("migration {version} ({name}) of {context} failed: {}", describe(source))]
    Failed {
        /// Whose.
        context: &'static str,
        /// Which.
        version: i32,
        /// Its name.
        name: &'static str,
        /// What the server said.
        source: tokio_postgres::Error,
    },
    /// The database could not be asked.
    #[error("the database could not be {action}: {}", describe(source))]
    Database {
        /// What was tried.
        action: &'static str,
        /// What the server said.
        source: tokio_postgres::Error,
    },
}

fn count_text(pending: usize) -> String {
    if pending == 1 { "1 migration is".to_owned() } else { format!("{pending} migrations are") }
}

fn failed(action: &'static str) -> impl Fn(tokio_postgres::Error) -> MigrateError {
    move |source| MigrateError::Database { action, source }
}

/// What the database knows of one migration.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Applied {
    sha256: String,
    at: DateTime<Utc>,
}

/// All that is applied, by context and version.
type History = BTreeMap<(String, i32), Applied>;

/// Applies what is missing, each migration in a transaction, one runner at a time. The target is
/// `migration_admin` or whoever owns the schema. Returns those it applied.
pub async fn run(target: &Target, sets: &[MigrationSet]) -> Result<Vec<Status>, MigrateError> {
    let mut client = target.connect().await.map_err(failed("reached"))?;
    if pending(&history(&client).await?, sets)?.is_empty() {
        return Ok(Vec::new());
    }
    // Bounds the wait for another runner, and that of a migration for somebody's lock on a table.
    client.batch_execute("SET lock_timeout = '60s'").await.map_err(failed("set up"))?;
    if let Err(source) = client.execute("SELECT pg_advisory_lock($1)", &[&LOCK_KEY]).await {
        let locked = source.code() == Some(&SqlState::LOCK_NOT_AVAILABLE);
        return Err(if locked { MigrateError::Locked } else { failed("locked")(source) });
    }
    ensure_roles(&client).await?;
    client.batch_execute(PREPARE).await.map_err(failed("prepared for migrations"))?;
    // Asked again under the lock: another runner may just have finished.
    let todo = pending(&history(&client).await?, sets)?;
    let mut applied = Vec::with_capacity(todo.len());
    for (context, migration) in todo {
        let at = apply(&mut client, context, migration).await.map_err(|source| MigrateError::Failed {
            context,
            version: migration.version,
            name: migration.name,
            source,
        })?;
        tracing::info!(context, version = migration.version, name = migration.name, "migration applied");
        applied.push(Status { context, version: migration.version, name: migration.name, applied_at: Some(at) });
    }
    Ok(applied)
    // The session's end releases the advisory lock.
}

/// Where every migration stands. Refuses a history that the program cannot go on from.
pub async fn status(target: &Target, sets: &[MigrationSet]) -> Result<Vec<Status>, MigrateError> {
    let client = target.connect().await.map_err(failed("reached"))?;
    let history = history(&client).await?;
    pending(&history, sets)?;
    let all = sets.iter().flat_map(|set| set.migrations.iter().map(|migration| (set.context, migration)));
    let with_time = all.map(|(context, migration)| Status {
        context,
        version: migration.version,
        name: migration.name,
        applied_at: history.get(&(context.to_owned(), migration.version)).map(|applied| applied.at),
    });
    Ok(with_time.collect())
}

/// Checks that the schema is exactly what the program needs. Works in any role that may read.
pub async fn check(target: &Target, sets: &[MigrationSet]) -> Result<(), MigrateError> {
    let client = target.connect().await.map_err(failed("reached"))?;
    let todo = pending(&history(&client).await?, sets)?;
    match todo.first() {
        None => Ok(()),
        Some((context, migration)) => {
            Err(MigrateError::Pending { pending: todo.len(), context, version: migration.version })
        }
    }
}

/// Applies one migration and records it, in one transaction.
async fn apply(
    client: &mut Client,
    context: &str,
    migration: &Migration,
) -> Result<DateTime<Utc>, tokio_postgres::Error> {
    let transaction = client.transaction().await?;
    transaction.batch_execute(migration.sql).await?;
    let row = transaction
        .query_one(
            "INSERT INTO platform.schema_migration (context, version, name, sha256) VALUES ($1, $2, $3, $4) RETURNING applied_at",
            &[&context, &migration.version, &migration.name, &migration.checksum()],
        )
        .await?;
    transaction.commit().await?;
    row.try_get(0)
}

/// What is applied. A database without the table has nothing applied.
async fn history(client: &Client) -> Result<History, MigrateError> {
    let rows =
        match client.query("SELECT context, version, sha256, applied_at FROM platform.schema_migration", &[]).await {
            Ok(rows) => rows,
            Err(error) if matches!(error.code(), Some(&SqlState::UNDEFINED_TABLE | &SqlState::INVALID_SCHEMA_NAME)) => {
                return Ok(History::new());
            }
            Err(source) => return Err(failed("asked for its migrations")(source)),
        };
    let read = |row: &Row| -> Result<_, tokio_postgres::Error> {
        Ok(((row.try_get(0)?, row.try_get(1)?), Applied { sha256: row.try_get(2)?, at: row.try_get(3)? }))
    };
    rows.iter().map(read).collect::<Result<_, _>>().map_err(failed("asked for its migrations"))
}

/// What is missing, in order; an error where the history and the program do not fit together.
fn pending<'sets>(
    history: &History,
    sets: &'sets [MigrationSet],
) -> Result<Vec<(&'static str, &'sets Migration)>, MigrateError> {
    let mut todo = Vec::new();
    for set in sets {
        let context = set.context;
        let last = history.keys().filter(|(name, _)| name == context).map(|(_, version)| *version).max().unwrap_or(0);
        for (expected, migration) in (1..).zip(set.migrations) {
            let version = migration.version;
            if version != expected {
                return Err(MigrateError::Numbering { context, version });
            }
            match history.get(&(context.to_owned(), version)) {
                Some(applied) if applied.sha256 != migration.checksum() => {
                    return Err(MigrateError::Drift { context, version, name: migration.name });
                }
                Some(_) => {}
                None if version < last => return Err(MigrateError::Gap { context, version }),
                None => todo.push((context, migration)),
            }
        }
        let known = set.migrations.len();
        if usize::try_from(last).is_ok_and(|last| last > known) {
            return Err(MigrateError::Newer { context, version: last, known });
        }
    }
    Ok(todo)
}

/// Makes sure that the roles that migrations grant to are there (a private cluster always has them).
async fn ensure_roles(client: &Client) -> Result<(), MigrateError> {
    let wanted = [super::Role::AppRw.name(), super::Role::ReadonlyAudit.name()];
    let rows = client
        .query(
            "SELECT name FROM unnest($1::text[]) AS name WHERE name NOT IN (SELECT rolname FROM pg_roles)",
            &[&wanted.as_slice()],
        )
        .await
        .map_err(failed("asked for its roles"))?;
    let missing: Vec<String> =
        rows.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>().map_err(failed("asked for its roles"))?;
    if missing.is_empty() {
        return Ok(());
    }
    let advice: String = missing.iter().map(|name| format!("CREATE ROLE {name};")).collect::<Vec<_>>().join(" ");
    match client.batch_execute(&advice).await {
        Ok(()) => Ok(()),
        Err(error) if error.code() == Some(&SqlState::INSUFFICIENT_PRIVILEGE) => {
            Err(MigrateError::RolesMissing { missing: missing.join(", "), advice })
        }
        Err(source) => Err(failed("given its roles")(source)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: Migration = Migration { version: 1, name: "first", sql: "SELECT 1" };
    const TWO: Migration = Migration { version: 2, name: "second", sql: "SELECT 2" };
    const SET: MigrationSet = MigrationSet { context: "demo", migrations: &[ONE, TWO] };

    fn applied(versions: &[(i32, &str)]) -> History {
        let entry = |(version, sha256): &(i32, &str)| {
            (("demo".to_owned(), *version), Applied { sha256: (*sha256).to_owned(), at: DateTime::UNIX_EPOCH })
        };
        versions.iter().map(entry).collect()
    }

    #[test]
    fn what_is_missing_is_found_in_order() {
        let none = pending(&History::new(), &[SET]).unwrap();
        assert_eq!(none, vec![("demo", &ONE), ("demo", &TWO)]);
        let first = pending(&applied(&[(1, &ONE.checksum())]), &[SET]).unwrap();
        assert_eq!(first, vec![("demo", &TWO)]);
    }

    #[test]
    fn histories_that_do_not_fit_are_refused() {
        let drift = pending(&applied(&[(1, "other")]), &[SET]);
        assert!(matches!(drift, Err(MigrateError::Drift { version: 1, .. })));
        let gap = pending(&applied(&[(2, &TWO.checksum())]), &[SET]);
        assert!(matches!(gap, Err(MigrateError::Gap { version: 1, .. })));
        let newer = pending(&applied(&[(1, &ONE.checksum()), (2, &TWO.checksum()), (3, "x")]), &[SET]);
        assert!(matches!(newer, Err(MigrateError::Newer { version: 3, known: 2, .. })));
        let misnumbered = MigrationSet { context: "demo", migrations: &[TWO] };
        assert!(matches!(pending(&History::new(), &[misnumbered]), Err(MigrateError::Numbering { version: 2, .. })));
    }
}
