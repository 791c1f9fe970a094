//! What a run works on: a durable private PostgreSQL with the product's own settings.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use platform::clock::SystemClock;
use platform::postgres::Role;
use platform::postgres::cluster::{Cluster, ClusterOptions};
use platform::postgres::migrate;
use platform::postgres::pool::{self, PoolOptions, QueryMetrics};
use platform::postgres::settings::PoolSize;
use platform::postgres::target::Target;
use platform::telemetry::metrics::Metrics;
use trade::cube::Snapshot;
use trade::cube::directory::CubeDirectory;
use trade::ingest::guard::Replace;
use trade::ingest::input::Input;
use trade::ingest::load::{LoadOptions, Loader};
use trade::store::Store;

use crate::TradeOptions;
use crate::history::{RealMonths, shared_data};

/// Database of the history.
const HISTORY: &str = "bgc";

/// A line for the person who waits.
pub fn say(text: &str) {
    writeln!(std::io::stderr(), "{text}").unwrap_or_default();
}

/// The run's files and server.
pub struct World {
    /// Where everything is.
    pub dir: PathBuf,
    /// The real months.
    pub real: RealMonths,
    cluster: Option<Cluster>,
    psql: PathBuf,
}

/// A loader with the cube directory of its own database.
pub struct Place {
    /// Loads into the database.
    pub loader: Loader,
}

impl World {
    /// Makes the directory and starts the server.
    pub async fn create(options: &TradeOptions) -> Result<Self> {
        let real = RealMonths::read(&shared_data()?)?;
        if options.dir.exists() && !options.keep {
            std::fs::remove_dir_all(&options.dir)?;
        }
        std::fs::create_dir_all(&options.dir)?;
        let dir = options.dir.canonicalize()?;
        let mut world = Self { psql: postgres_program("psql")?, dir, real, cluster: None };
        world.start().await?;
        Ok(world)
    }

    /// Starts the server.
    pub async fn start(&mut self) -> Result<()> {
        self.cluster = Some(Cluster::start(&ClusterOptions::new(&self.dir)).await?);
        Ok(())
    }

    /// Stops the server.
    pub async fn close(&mut self) {
        if let Some(cluster) = self.cluster.take() {
            cluster.stop().await;
        }
    }

    fn cluster(&self) -> Result<&Cluster> {
        self.cluster.as_ref().context("the server is not running")
    }

    /// The history's database, migrated, with its cube.
    pub async fn history(&self) -> Result<Place> {
        self.place(HISTORY, &self.dir).await
    }

    /// A new empty database with a cube directory of its own.
    pub async fn empty(&self, name: &str) -> Result<Place> {
        self.cluster()?.create_database(name, None).await?;
        self.place(name, &self.dir.join(name)).await
    }

    async fn place(&self, database: &str, data_dir: &Path) -> Result<Place> {
        let target = |role: Role| -> Result<Target> {
            let mut config = self.cluster()?.config(role);
            config.dbname(database);
            Ok(Target::plain(config))
        };
        migrate::run(&target(Role::MigrationAdmin)?, &[trade::MIGRATIONS]).await?;
        let mut pooled = PoolOptions::new(PoolSize { min_connections: 0, max_connections: 16 }, "bench");
        pooled.statement_timeout = Duration::ZERO;
        let store = Store {
            pool: pool::build(&target(Role::AppRw)?, &pooled)?,
            queries: Metrics::new().register(QueryMetrics::register),
        };
        let cube = CubeDirectory::new(data_dir);
        Ok(Place { loader: Loader { store, cube, clock: Arc::new(SystemClock), keep_replaced_days: 30 } })
    }

    /// The live snapshot of the history.
    pub async fn snapshot(&self) -> Result<Arc<Snapshot>> {
        let place = self.history().await?;
        Ok(Arc::new(trade::cube::live::assemble(&place.loader.store, &place.loader.cube).await?))
    }

    /// A connection of the superuser, for what rivals need.
    pub async fn superuser(&self, database: &str) -> Result<tokio_postgres::Client> {
        Ok(Target::plain(self.cluster()?.superuser_config(database)).connect().await?)
    }

    /// `psql \copy` of an official file into a plain table without indexes, on the same server.
    pub async fn psql_copy(&self, file: &Path) -> Result<Duration> {
        let client = self.superuser("postgres").await?;
        let table = "DROP TABLE IF EXISTS plain; CREATE TABLE plain (co_ano int, co_mes int, co_ncm text, co_unid text, \
                     co_pais text, sg_uf_ncm text, co_via text, co_urf text, qt_estat bigint, kg_liquido bigint, vl_fob bigint)";
        client.batch_execute(table).await?;
        let socket = self.cluster()?.socket_dir().to_owned();
        let copy = format!("\\copy plain from '{}' with (format csv, header, delimiter ';')", file.display());
        let started = Instant::now();
        let status = Command::new(&self.psql)
            .args(["-q", "-X", "-U", "bgc_admin", "-d", "postgres", "-v", "ON_ERROR_STOP=1", "-c", &copy])
            .arg("-h")
            .arg(socket)
            .status()?;
        let took = started.elapsed();
        if !status.success() {
            bail!("psql \\copy failed");
        }
        Ok(took)
    }
}

impl Place {
    /// Loads a file as whole years.
    pub async fn load(&self, path: &Path) -> Result<Duration> {
        let options = LoadOptions {
            input: Input::Csv { path: path.to_owned() },
            source: "comexstat".to_owned(),
            replace: Replace::Year,
            allow_shrink: true,
            max_rejects: 0.001,
            rejects: path.with_extension("rejects.csv"),
            totals: None,
            through: None,
            only_year: None,
            decimal: None,
        };
        let started = Instant::now();
        let report = self.loader.load(options, Arc::new(|_| ())).await?;
        if !report.changed {
            bail!("{} was live already: nothing was measured", path.display());
        }
        Ok(started.elapsed())
    }
}

/// `psql`, beside the server's binaries or on PATH.
/// A program that comes with PostgreSQL, from beside the server where it is there.
pub fn postgres_program(name: &str) -> Result<PathBuf> {
    let binaries = platform::postgres::cluster::binaries::find(
        &platform::postgres::cluster::binaries::Search::from_environment(),
        None,
    )?;
    let beside = binaries.postgres.with_file_name(name);
    Ok(if beside.is_file() { beside } else { PathBuf::from(name) })
}
