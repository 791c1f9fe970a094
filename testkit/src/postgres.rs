//! A real PostgreSQL for tests: one server per test process, one database per test.

use std::collections::HashMap;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use platform::postgres::Role;
use platform::postgres::cluster::{Cluster, ClusterOptions};
use platform::postgres::migrate::{self, MigrationSet};
use platform::postgres::target::Target;
use tokio::sync::{Mutex, OnceCell};
use tokio_postgres::Client;

use crate::TempDir;

/// Ends a server and removes its directory once our end of its standard input is closed, which the system
/// does however we end. By the id that the server itself wrote, which is gone when the server is.
const REAPER: &str = r#"
cat > /dev/null
pid=$(head -n 1 "$1/postgres/data/postmaster.pid" 2> /dev/null) && kill -INT "$pid" 2> /dev/null
tries=0
while [ -e "$1/postgres/data/postmaster.pid" ] && [ "$tries" -lt 100 ]; do sleep 0.1; tries=$((tries + 1)); done
rm -rf -- "$1"
"#;

/// The server that all tests of this process share.
#[derive(Debug)]
pub struct TestServer {
    cluster: Cluster,
    /// The template of each set of migrations, by their checksums.
    templates: Mutex<HashMap<String, String>>,
    _reaper: Child,
}

static SERVER: OnceCell<TestServer> = OnceCell::const_new();

/// The server of this test process, started at the first call. It is not durable, lives in a temporary
/// directory, and ends with the process.
///
/// # Panics
/// If it cannot be started; the message says what to install.
pub async fn postgres() -> &'static TestServer {
    SERVER.get_or_init(TestServer::start).await
}

/// Options for a server of a test's own, in a directory: not durable, small.
pub(crate) fn test_options(data_dir: &std::path::Path) -> ClusterOptions {
    let settings = [("max_connections", "200"), ("max_wal_size", "1GB"), ("work_mem", "16MB")];
    let settings = settings.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    ClusterOptions { durable: false, settings, ..ClusterOptions::new(data_dir) }
}

impl TestServer {
    async fn start() -> Self {
        let dir = TempDir::new("postgres");
        let cluster = match Cluster::start(&test_options(dir.path())).await {
            Ok(cluster) => cluster,
            Err(error) => panic!("tests need a PostgreSQL: {error}"),
        };
        let mut reaper = Command::new("/bin/sh");
        reaper.args(["-c", REAPER, "sh"]).arg(dir.path());
        // Its own group: a Ctrl-C must not end what cleans up after it.
        std::os::unix::process::CommandExt::process_group(&mut reaper, 0);
        reaper.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let reaper = match reaper.spawn() {
            Ok(reaper) => reaper,
            Err(error) => panic!("could not start the shell that cleans up: {error}"),
        };
        // The reaper removes it: a static value is never dropped.
        std::mem::forget(dir);
        Self { cluster, templates: Mutex::new(HashMap::new()), _reaper: reaper }
    }

    /// The server itself.
    #[must_use]
    pub fn cluster(&self) -> &Cluster {
        &self.cluster
    }

    /// The name of the template database with these migrations, made at the first call.
    async fn template(&self, sets: &[MigrationSet]) -> String {
        let key = sets.iter().flat_map(|set| {
            set.migrations
                .iter()
                .map(move |migration| format!("{}/{}:{}", set.context, migration.version, migration.checksum()))
        });
        let key = key.collect::<Vec<_>>().join(",");
        let mut templates = self.templates.lock().await;
        if let Some(name) = templates.get(&key) {
            return name.clone();
        }
        let name = format!("template_{}", templates.len());
        create(&self.cluster, &name, None).await;
        let target = Target::plain(self.config(Role::MigrationAdmin, &name));
        if let Err(error) = migrate::run(&target, sets).await {
            panic!("the template of the test databases could not be migrated: {error}");
        }
        // A database with a connection cannot be copied, and the runner's ends a moment after its client.
        let admin = connect(&Target::plain(self.cluster.superuser_config("postgres"))).await;
        let close = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1";
        if let Err(error) = admin.execute(close, &[&name]).await {
            panic!("the template of the test databases could not be closed: {error:?}");
        }
        templates.insert(key, name.clone());
        name
    }

    fn config(&self, role: Role, database: &str) -> tokio_postgres::Config {
        let mut config = self.cluster.config(role);
        config.dbname(database);
        config
    }
}

/// A database of a test's own, with the migrations applied, dropped with this value.
#[derive(Debug)]
pub struct TestDatabase {
    server: &'static TestServer,
    name: String,
}

impl TestDatabase {
    /// Creates one, as a copy of a template that is made once per process.
    ///
    /// # Panics
    /// If it cannot be created.
    pub async fn create(sets: &[MigrationSet]) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let server = postgres().await;
        let template = server.template(sets).await;
        let name = format!("test_{}", COUNT.fetch_add(1, Ordering::Relaxed));
        create(&server.cluster, &name, Some(&template)).await;
        Self { server, name }
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How to connect to it in a role.
    #[must_use]
    pub fn config(&self, role: Role) -> tokio_postgres::Config {
        self.server.config(role, &self.name)
    }

    /// The same, as what pools and migrations take.
    #[must_use]
    pub fn target(&self, role: Role) -> Target {
        Target::plain(self.config(role))
    }

    /// How to connect to it as the superuser: to look at what no role of the product may see.
    #[must_use]
    pub fn superuser_config(&self) -> tokio_postgres::Config {
        self.server.cluster.superuser_config(&self.name)
    }

    /// A connection in a role.
    ///
    /// # Panics
    /// If there is none to be had.
    pub async fn connect(&self, role: Role) -> Client {
        connect(&self.target(role)).await
    }
}

impl Drop for TestDatabase {
    /// Drops the database, connections or not. In a thread of its own: the test's runtime may be ending.
    fn drop(&mut self) {
        let config = self.server.cluster.superuser_config("postgres");
        let statement = format!("DROP DATABASE IF EXISTS \"{}\" WITH (FORCE)", self.name);
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            let Ok(runtime) = runtime else { return };
            runtime.block_on(async move {
                // Whatever is left goes with the server.
                if let Ok(client) = Target::plain(config).connect().await
                    && client.batch_execute(&statement).await.is_err()
                {}
            });
        });
        if dropped.join().is_err() {}
    }
}

async fn create(cluster: &Cluster, name: &str, template: Option<&str>) {
    if let Err(error) = cluster.create_database(name, template).await {
        panic!("the database {name} could not be created: {error}");
    }
}

async fn connect(target: &Target) -> Client {
    match target.connect().await {
        Ok(client) => client,
        Err(error) => panic!("no connection: {}", platform::postgres::describe(&error)),
    }
}
