//! The store of a command or a server: found, started where it is private, and brought to the schema.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result};
use platform::postgres::Role;
use platform::postgres::access::{self, Access};
use platform::postgres::cluster::ClusterOptions;
use platform::postgres::lock::Kind;
use platform::postgres::migrate::{self, MigrationSet};
use platform::postgres::pool::{self, PoolOptions, QueryMetrics};
use platform::postgres::settings::{self, DatabasePlace, DatabaseSettings, PoolSize};
use platform::postgres::target::Target;
use trade::cube::directory::CubeDirectory;
use trade::store::Store;

use crate::cli::MigrateAction;
use crate::config::Config;
use crate::{print, say};

/// The schema of every context, in the order they stand on each other.
pub const SCHEMA: &[MigrationSet] = &[trade::MIGRATIONS, identity::MIGRATIONS, gateway::MIGRATIONS, dict::MIGRATIONS];

/// How long a command waits for another one that has the data directory.
const PATIENCE: Duration = Duration::from_secs(600);

/// An open store.
#[derive(Debug)]
pub struct Database {
    /// The trade context's part of it.
    pub store: Store,
    /// Where the cube lies.
    pub cube: CubeDirectory,
    /// As `app_rw`, for connections outside the pool.
    pub application: Target,
    /// How large a pool may be.
    pub pool_size: PoolSize,
    /// The private server, where there is one.
    pub access: Option<Access>,
    /// The data directory.
    pub data_dir: PathBuf,
}

impl Database {
    /// Stops what was started.
    pub async fn close(self) {
        self.store.pool.close();
        if let Some(access) = self.access {
            access.close().await;
        }
    }
}

/// What a store is opened for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A server: it owns the data directory, and its statements have a deadline.
    Serve,
    /// A command: it uses a running server's PostgreSQL, and a load takes as long as it takes.
    Command,
}

/// Opens the store: the one of `DATABASE_URL` or `DB_HOST`, else the private one of the data directory.
pub async fn open(config: &Config, purpose: Purpose, queries: QueryMetrics) -> Result<Database> {
    let data_dir = data_dir(config)?;
    let kind = if purpose == Purpose::Serve { Kind::Up } else { Kind::Command };
    let settings = settings::from_env(|name| config.by_environment(name), &data_dir)?;
    let size = settings.pool;
    let (application, migration, access) = targets(settings, kind).await?;
    let prepared = prepare(&application, migration.as_ref(), access.as_ref()).await;
    let opened = prepared.and_then(|()| {
        let mut options = PoolOptions::new(size, "bgc");
        if purpose == Purpose::Command {
            options.statement_timeout = Duration::ZERO;
        }
        Ok(pool::build(&application, &options)?)
    });
    match opened {
        Ok(pool) => {
            let store = Store { pool, queries };
            let cube = CubeDirectory::new(&data_dir);
            Ok(Database { store, cube, application, pool_size: size, access, data_dir })
        }
        Err(error) => {
            if let Some(access) = access {
                access.close().await;
            }
            Err(error)
        }
    }
}

/// The data directory, made if it is missing, in full: PostgreSQL and the messages need no working directory.
fn data_dir(config: &Config) -> Result<PathBuf> {
    let path = PathBuf::from(config.text("data_dir"));
    std::fs::create_dir_all(&path).with_context(|| format!("make the data directory {}", path.display()))?;
    path.canonicalize().with_context(|| format!("find the data directory {}", path.display()))
}

/// The database as `app_rw` and, where we may, as `migration_admin`; the private server, where there is one.
async fn targets(settings: DatabaseSettings, kind: Kind) -> Result<(Target, Option<Target>, Option<Access>)> {
    match settings.place {
        DatabasePlace::External { app, migration } => Ok((*app, migration.map(|target| *target), None)),
        DatabasePlace::Private { data_dir } => {
            let access = access::open(&ClusterOptions::new(data_dir), kind, PATIENCE, say).await?;
            for notice in access.notices() {
                say(notice);
            }
            Ok((access.target(Role::AppRw), Some(access.target(Role::MigrationAdmin)), Some(access)))
        }
    }
}

/// Migrates where we may; a database whose migrations are run elsewhere is only checked.
async fn prepare(application: &Target, migration: Option<&Target>, access: Option<&Access>) -> Result<()> {
    let borrowed = matches!(access, Some(Access::Borrowed { .. }));
    match migration {
        Some(target) if !borrowed => drop(migrate::run(target, SCHEMA).await?),
        _ => migrate::check(application, SCHEMA).await?,
    }
    Ok(())
}

/// `bgc migrate`: runs, shows or checks.
pub async fn migrate(config: &Config, action: Option<MigrateAction>, check: bool, json: bool) -> Result<ExitCode> {
    let data_dir = data_dir(config)?;
    let settings = settings::from_env(|name| config.by_environment(name), &data_dir)?;
    let (application, migration, access) = targets(settings, Kind::Command).await?;
    let outcome = migrate_on(&application, migration.as_ref(), action, check, json).await;
    if let Some(access) = access {
        access.close().await;
    }
    outcome
}

async fn migrate_on(
    application: &Target,
    migration: Option<&Target>,
    action: Option<MigrateAction>,
    check: bool,
    json: bool,
) -> Result<ExitCode> {
    if check {
        migrate::check(application, SCHEMA).await?;
        print(if json { "{\"up_to_date\":true}" } else { "the schema is up to date" })?;
        return Ok(ExitCode::SUCCESS);
    }
    let states = match action {
        Some(MigrateAction::Status) => migrate::status(application, SCHEMA).await?,
        None => {
            let target =
                migration.context("MIGRATION_DATABASE_URL is not set: migrations need the role migration_admin")?;
            migrate::run(target, SCHEMA).await?
        }
    };
    if json {
        return print(&migrations_json(&states)).map(|()| ExitCode::SUCCESS);
    }
    if states.is_empty() {
        print("the schema is up to date")?;
    }
    for state in states {
        let when =
            state.applied_at.map_or_else(|| "not applied".to_owned(), |at| at.format("%Y-%m-%dT%H:%M:%SZ").to_string());
        print(&format!("{} {:04} {} {when}", state.context, state.version, state.name))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// `{"migrations": [{"context", "version", "name", "applied_at"}]}`: all of them for `status`, else those just applied.
fn migrations_json(states: &[migrate::Status]) -> String {
    let one = |state: &migrate::Status| {
        let applied_at = state.applied_at.map(|at| at.format("%Y-%m-%dT%H:%M:%SZ").to_string());
        serde_json::json!({"context": state.context, "version": state.version, "name": state.name, "applied_at": applied_at})
    };
    serde_json::json!({"migrations": states.iter().map(one).collect::<Vec<_>>()}).to_string()
}
