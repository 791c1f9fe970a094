//! The outside world of a test: a ministry and a REST Countries on this machine, the shipped connectors pointed at
//! them, and a database of its own.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

use axum::Router;
use platform::postgres::Role;
use testkit::http::TestListener;
use testkit::ministry::FakeMinistry;
use testkit::rest_countries::FakeRestCountries;
use testkit::{TempDir, TestDatabase};
use tokio::runtime::{Builder, Runtime};
use tokio_postgres::config::Host;

use crate::client::{Answer, get, post};
use crate::harness::{Server, bgc, stderr};

/// Where fakes are served while the binary runs as a process of its own.
pub static RUNTIME: LazyLock<Runtime> =
    LazyLock::new(|| Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap());

/// A shipped connector file, edited: each part must be there, once.
pub fn shipped(name: &str, edits: &[(&str, &str)]) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../connectors").join(name);
    let mut text = std::fs::read_to_string(path).unwrap();
    for (from, to) in edits {
        assert_eq!(text.matches(from).count(), 1, "{name} has {from:?} once");
        text = text.replacen(from, to, 1);
    }
    text
}

/// A base address on this machine.
fn base(listener: &TestListener, path: &str) -> String {
    format!("base_url: {}\nallow_private_network: true", listener.url(path))
}

/// The connectors of the ministry and of REST Countries pointed at these hosts, with pauses and limits for tests.
pub fn connectors(dir: &Path, ministry: &TestListener, countries: &TestListener) {
    std::fs::create_dir_all(dir).unwrap();
    let bulk = [
        ("base_url: https://balanca.economia.gov.br", base(ministry, "").as_str()),
        ("attempts: 5, base_ms: 2000, longest_ms: 60000", "attempts: 3, base_ms: 10, longest_ms: 2000"),
        ("timeout_ms: 60000", "timeout_ms: 5000"),
    ]
    .map(|(from, to)| (from, to.to_owned()));
    write(dir, "comexstat-bulk.yaml", &bulk);
    let api = [
        ("base_url: https://api-comexstat.mdic.gov.br", base(ministry, "").as_str()),
        ("rate: { requests: 1, per_ms: 12000 }", "rate: { requests: 10000, per_ms: 1 }"),
        ("concurrency: 1\n", "concurrency: 64\n"),
        ("timeout_ms: 20000", "timeout_ms: 1500"),
        ("attempts: 3, base_ms: 10000, longest_ms: 30000", "attempts: 2, base_ms: 10, longest_ms: 2000"),
        ("breaker: { failures: 5, open_ms: 60000 }", "breaker: { failures: 1000, open_ms: 60000 }"),
    ]
    .map(|(from, to)| (from, to.to_owned()));
    write(dir, "comexstat.yaml", &api);
    let of_countries = [
        ("base_url: https://restcountries.com/v3.1", base(countries, "/v3.1")),
        ("rate: { requests: 2, per_ms: 1000 }", "retry: { attempts: 2, base_ms: 10 }".to_owned()),
    ];
    write(dir, "restcountries.yaml", &of_countries);
}

fn write(dir: &Path, name: &str, edits: &[(&str, String)]) {
    let edits: Vec<(&str, &str)> = edits.iter().map(|(from, to)| (*from, to.as_str())).collect();
    std::fs::write(dir.join(name), shipped(name, &edits)).unwrap();
}

/// Changes a file in place: the part must be there, once.
pub fn edit(path: &Path, from: &str, to: &str) {
    let text = std::fs::read_to_string(path).unwrap();
    assert_eq!(text.matches(from).count(), 1, "{} has {from:?} once", path.display());
    std::fs::write(path, text.replacen(from, to, 1)).unwrap();
}

/// Serves a router on this machine.
pub fn serve(router: Router) -> TestListener {
    RUNTIME.block_on(TestListener::serve(router))
}

/// The fakes, served, with connectors that lead to them.
pub struct Outside {
    pub files: TempDir,
    pub ministry: FakeMinistry,
    pub countries: FakeRestCountries,
    _served: [TestListener; 2],
}

impl Outside {
    pub fn new(label: &str, ministry: FakeMinistry) -> Self {
        let (files, countries) = (TempDir::new(label), FakeRestCountries::new());
        let served = [serve(ministry.router()), serve(countries.router())];
        connectors(&files.join("connectors"), &served[0], &served[1]);
        Self { files, ministry, countries, _served: served }
    }

    /// A file of the connectors' directory.
    pub fn connector(&self, name: &str) -> PathBuf {
        self.files.join("connectors").join(name)
    }

    /// What commands need to find it.
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        vec![("BGC_CONNECTORS_DIR", self.files.join("connectors").to_str().unwrap().to_owned())]
    }
}

/// The same with a database of its own, which commands reach by `DATABASE_URL`: no server has to be started for them.
pub struct World {
    pub outside: Outside,
    pub database: TestDatabase,
    pub data_dir: PathBuf,
    environment: Vec<(&'static str, String)>,
}

impl World {
    pub fn new(label: &str, ministry: FakeMinistry) -> Self {
        let outside = Outside::new(label, ministry);
        let schema = [trade::MIGRATIONS, identity::MIGRATIONS, gateway::MIGRATIONS, dict::MIGRATIONS];
        let database = RUNTIME.block_on(TestDatabase::create(&schema));
        let mut environment = outside.environment();
        environment.push(("DATABASE_URL", url(&database, None)));
        // Servers with data directories of their own that share a database share this key.
        environment.push(("DICT_MASTER_KEY", "5e".repeat(32)));
        Self { data_dir: outside.files.join("data"), outside, database, environment }
    }

    /// Sets a variable for what is started from now on.
    pub fn set(&mut self, name: &'static str, value: &str) {
        self.environment.retain(|(known, _)| *known != name);
        self.environment.push((name, value.to_owned()));
    }

    pub fn bgc(&self, arguments: &[&str]) -> Command {
        let mut command = bgc(&self.data_dir);
        command.args(arguments).envs(self.environment.iter().cloned());
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        self.bgc(arguments).output().unwrap()
    }

    /// A command that must succeed; its standard output.
    #[track_caller]
    pub fn done(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", told(&output));
        String::from_utf8(output.stdout).unwrap()
    }

    /// A command that must end with exit code 1; all that it said.
    #[track_caller]
    pub fn refused(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {}", told(&output));
        told(&output)
    }

    /// A server with a data directory of its own.
    pub fn serve(&self, name: &str, arguments: &[&str]) -> Server {
        let environment: Vec<(&str, &str)> = self.environment.iter().map(|(key, value)| (*key, &**value)).collect();
        Server::start(&self.outside.files.join(name), arguments, &environment)
    }

    /// One number out of the database, as its superuser.
    pub fn number(&self, sql: &str) -> f64 {
        RUNTIME.block_on(async {
            let (client, connection) = self.database.superuser_config().connect(tokio_postgres::NoTls).await.unwrap();
            let driven = tokio::spawn(connection);
            let sql = format!("SELECT ({sql})::float8");
            let number = client.query_one(&sql, &[]).await.unwrap().get(0);
            drop(client);
            driven.await.unwrap().unwrap();
            number
        })
    }
}

/// How the application connects, as libpq's text; by another socket directory where one is given.
pub fn url(database: &TestDatabase, socket_dir: Option<&Path>) -> String {
    let config = database.config(Role::AppRw);
    let Some(Host::Unix(own)) = config.get_hosts().first() else { panic!("the test server has a socket") };
    format!("host={} user={} dbname={}", socket_dir.unwrap_or(own).display(), Role::AppRw.name(), database.name())
}

/// All that a command said.
pub fn told(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), stderr(output))
}

/// Asks a server's gateway, as anybody on this machine may under `bgc up`.
pub fn call(server: &Server, endpoint: &str, body: &serde_json::Value) -> Answer {
    post(&server.gateway, &format!("/v1/connectors/{endpoint}"), &body.to_string())
}

/// The sum of a metric's lines that begin so.
pub fn metric(server: &Server, begin: &str) -> f64 {
    let text = get(&server.operations, "/metrics").body;
    let lines = text.lines().filter(|line| line.starts_with(begin));
    lines.map(|line| line.rsplit_once(' ').unwrap().1.parse::<f64>().unwrap()).sum()
}
