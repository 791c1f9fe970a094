//! Servers and commands of the real binary.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use serde_json::Value;
use testkit::TempDir;

use crate::client::{Answer, get};

/// How long anything may take before a test gives up: the machine may be busy.
const PATIENCE: Duration = Duration::from_secs(120);

/// Stops the shared server and removes its directory when our end of its standard input closes, which the
/// system does however we end.
const REAPER: &str = r#"
cat > /dev/null
tries=0
[ -z "$1" ] || kill -TERM "$1" 2> /dev/null
while [ -n "$1" ] && kill -0 "$1" 2> /dev/null && [ "$tries" -lt 200 ]; do sleep 0.1; tries=$((tries + 1)); done
rm -rf -- "$2"
"#;

/// The binary with nothing of this process's environment that it would take settings from.
pub fn bgc(data_dir: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bgc"));
    command.env_clear();
    for name in ["PATH", "HOME", "TMPDIR", "BGC_PG_BIN"] {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
    for listener in ["BGC_HTTP_LISTEN", "BGC_GATEWAY_LISTEN", "BGC_OPERATIONS_LISTEN", "BGC_DICT_LISTEN"] {
        command.env(listener, "127.0.0.1:0");
    }
    // A directory without a bgc.toml.
    command.current_dir(std::env::temp_dir()).arg("--data-dir").arg(data_dir).stdin(Stdio::null());
    command
}

/// Runs a command to its end.
pub fn run(data_dir: &Path, arguments: &[&str]) -> Output {
    bgc(data_dir).args(arguments).output().unwrap()
}

/// Runs a command that must succeed; its standard output.
#[track_caller]
pub fn done(data_dir: &Path, arguments: &[&str]) -> String {
    let output = run(data_dir, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", stderr(&output));
    String::from_utf8(output.stdout).unwrap()
}

/// Runs a command that must be refused with exit code 1; its standard error.
#[track_caller]
pub fn refused(data_dir: &Path, arguments: &[&str]) -> String {
    let output = run(data_dir, arguments);
    assert_eq!(output.status.code(), Some(1), "{arguments:?}: {}", stderr(&output));
    stderr(&output)
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Waits until `found` gives something.
#[track_caller]
pub fn wait_for<T>(what: &str, mut found: impl FnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(value) = found() {
            return value;
        }
        assert!(began.elapsed() < PATIENCE, "waited in vain for {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Sends a signal by name (`TERM`, `INT`, `KILL`) to a process.
pub fn signal(pid: u32, name: &str) {
    let pid = rustix::process::Pid::from_raw(i32::try_from(pid).unwrap()).unwrap();
    let signal = match name {
        "TERM" => rustix::process::Signal::TERM,
        "INT" => rustix::process::Signal::INT,
        _ => rustix::process::Signal::KILL,
    };
    rustix::process::kill_process(pid, signal).unwrap();
}

/// Where a data directory's PostgreSQL has its files.
fn cluster_files(data_dir: &Path) -> PathBuf {
    match std::fs::read_to_string(data_dir.join("postgres.location")) {
        Ok(elsewhere) => PathBuf::from(elsewhere.trim()).join("data"),
        Err(_) => data_dir.canonicalize().unwrap().join("postgres/data"),
    }
}

/// The process id of the running PostgreSQL of a data directory.
pub fn postmaster(data_dir: &Path) -> Option<u32> {
    let text = std::fs::read_to_string(cluster_files(data_dir).join("postmaster.pid")).ok()?;
    text.lines().next()?.parse().ok()
}

/// Every process that works in the files of a data directory's PostgreSQL. Looks at Linux's `/proc`.
pub fn postgres_processes(data_dir: &Path) -> Vec<u32> {
    let files = cluster_files(data_dir);
    let Ok(processes) = std::fs::read_dir("/proc") else { return Vec::new() };
    let ids = processes.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    ids.filter(|id: &u32| std::fs::read_link(format!("/proc/{id}/cwd")).is_ok_and(|cwd| cwd == files)).collect()
}

/// Runs one statement that answers with one number in a data directory's running PostgreSQL, as its superuser.
pub fn ask_postgres(data_dir: &Path, sql: &str) -> Option<i64> {
    let lock: Value = serde_json::from_slice(&std::fs::read(data_dir.join("bgc.lock")).ok()?).ok()?;
    let mut config = tokio_postgres::Config::new();
    config.host_path(lock["socket_dir"].as_str()?).user("bgc_admin").dbname("bgc");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let (client, connection) = config.connect(tokio_postgres::NoTls).await.ok()?;
        let driven = tokio::spawn(connection);
        let answer = client.query_one(sql, &[]).await.ok()?.try_get(0).ok();
        drop(client);
        driven.await.ok()?.ok()?;
        answer
    })
}

/// Waits until a load copies rows into PostgreSQL.
#[track_caller]
pub fn wait_until_copying(data_dir: &Path) {
    wait_for("a load that copies", || {
        let copies = "SELECT count(*) FROM pg_stat_progress_copy WHERE tuples_processed > 2000";
        ask_postgres(data_dir, copies).filter(|copies| *copies > 0)
    });
}

/// A process in the background, killed when dropped.
pub struct Background {
    pub child: Child,
    log: PathBuf,
}

impl Background {
    pub fn start(mut command: Command, log: PathBuf) -> Self {
        command.stdout(Stdio::null()).stderr(File::create(&log).unwrap());
        Self { child: command.spawn().unwrap(), log }
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits for its end.
    pub fn end(&mut self) -> ExitStatus {
        wait_for("a process to end", || self.child.try_wait().unwrap())
    }

    /// What it said on its standard error so far.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap()
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        if self.child.try_wait().is_ok_and(|status| status.is_none()) {
            self.child.kill().unwrap();
            self.child.wait().unwrap();
        }
    }
}

/// A running `bgc up` or `bgc serve`.
pub struct Server {
    pub process: Background,
    /// `127.0.0.1:41234`, as its log says it; empty where this role has no such listener.
    pub http: String,
    /// The same of the gateway.
    pub gateway: String,
    /// The same of the operations port.
    pub operations: String,
    /// The same of dict's gRPC.
    pub dict: String,
    pub data_dir: PathBuf,
    /// What it printed until it was ready.
    pub printed: String,
}

impl Server {
    pub fn up(data_dir: &Path, sample: bool) -> Self {
        Self::up_with(data_dir, sample, &[])
    }

    /// Starts and waits until it is ready. Its logs are beside the data directory.
    pub fn up_with(data_dir: &Path, sample: bool, environment: &[(&str, &str)]) -> Self {
        let arguments: &[&str] = if sample { &["up", "--sample"] } else { &["up"] };
        Self::start(data_dir, arguments, environment)
    }

    /// The same of any command that serves.
    pub fn start(data_dir: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Self {
        std::fs::create_dir_all(data_dir).unwrap();
        let mut command = bgc(data_dir);
        command.args(arguments).envs(environment.iter().copied());
        let (stdout, log) = (data_dir.with_extension("stdout"), data_dir.with_extension("stderr"));
        command.stdout(File::create(&stdout).unwrap()).stderr(File::create(&log).unwrap());
        let mut process = Background { child: command.spawn().unwrap(), log };
        let listening = wait_for("a server to be ready", || {
            let log = process.log();
            if let Some(status) = process.child.try_wait().unwrap() {
                panic!("bgc {arguments:?} ended with {status}: {log}");
            }
            let mut lines = log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
            lines.find(|line| line["message"] == "listening")
        });
        let printed = std::fs::read_to_string(&stdout).unwrap();
        let [http, gateway, operations, dict] = ["http", "gateway", "operations", "dict"]
            .map(|name| listening[name].as_str().unwrap_or_default().to_owned());
        let first = [&http, &gateway, &dict].into_iter().find(|address| !address.is_empty()).unwrap();
        assert!(printed.contains(&format!("http://{first}")), "{printed}");
        Self { process, http, gateway, operations, dict, data_dir: data_dir.to_owned(), printed }
    }

    pub fn get(&self, path: &str) -> Answer {
        get(&self.http, path)
    }

    /// The lines of its log, each of which must be JSON.
    pub fn log_lines(&self) -> Vec<Value> {
        let log = self.process.log();
        // The last line may be under way.
        let whole = log.rsplit_once('\n').map_or("", |(whole, _)| whole);
        whole.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"))).collect()
    }

    /// Stops it by a signal, and sees that nothing is left.
    #[track_caller]
    pub fn stop(mut self, name: &str) -> ExitStatus {
        signal(self.process.id(), name);
        let status = self.process.end();
        assert_eq!(postgres_processes(&self.data_dir), Vec::<u32>::new(), "PostgreSQL has gone with bgc");
        assert_eq!(postmaster(&self.data_dir), None, "PostgreSQL was stopped, not killed");
        status
    }
}

/// A stopped data directory that holds the sample; loaded once, copied for each test.
pub fn sample_copy(label: &str) -> (TempDir, PathBuf) {
    static TEMPLATE: OnceLock<PathBuf> = OnceLock::new();
    let template = TEMPLATE.get_or_init(|| {
        let dir = leaked("template");
        assert!(done(&dir.join("data"), &["ingest", "sample"]).contains("US$"));
        dir.join("data")
    });
    let dir = TempDir::new(label);
    let copied = Command::new("cp").arg("-a").arg(template).arg(dir.join("data")).status().unwrap();
    assert!(copied.success());
    let data_dir = dir.join("data");
    (dir, data_dir)
}

/// A directory for the whole life of this process, removed after it.
pub fn leaked(label: &str) -> PathBuf {
    let dir = TempDir::new(label);
    let path = dir.path().to_owned();
    // A static value is never dropped: the reaper removes it.
    std::mem::forget(dir);
    reap("", &path);
    path
}

/// Ends a process and removes a directory after this process.
pub fn reap(pid: &str, dir: &Path) {
    let mut reaper = Command::new("/bin/sh");
    reaper.args(["-c", REAPER, "sh", pid]).arg(dir).stdin(Stdio::piped());
    // Its own group: a Ctrl-C must not end what cleans up after it.
    std::os::unix::process::CommandExt::process_group(&mut reaper, 0);
    // Kept until we end: the closing of its standard input is what it waits for.
    std::mem::forget(reaper.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap());
}

/// The server with the sample that tests share which change nothing.
pub fn shared() -> &'static Server {
    static SHARED: OnceLock<Server> = OnceLock::new();
    SHARED.get_or_init(|| {
        let (dir, data_dir) = sample_copy("shared");
        let server = Server::up(&data_dir, false);
        reap(&server.process.id().to_string(), dir.path());
        std::mem::forget(dir);
        server
    })
}
