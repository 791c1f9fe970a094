//! A real Redis of a test's own, which can be killed, hung and brought back.

use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use platform::tls::IdentityFiles;
use rustix::process::{Pid, Signal, kill_process};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::TempDir;
use crate::tls::TestAuthority;

/// Runs a server and ends it once our end of its standard input is closed, which the system does however we end.
/// It prints the server's id, and waits for it, so that the id is never another process's.
const KEEPER: &str = r#"
dir="$1"
shift
redis-server "$@" --bind 127.0.0.1 --save "" --appendonly no --dir "$dir" --daemonize no < /dev/null > "$dir/log" 2>&1 &
pid=$!
echo "$pid"
cat > /dev/null
kill -KILL "$pid" 2> /dev/null
wait "$pid"
"#;

/// How long a start may take on a busy machine.
const START: Duration = Duration::from_secs(20);

/// A Redis server on a loopback port of its own, ended when this value is dropped or the process ends.
#[derive(Debug)]
pub struct TestRedis {
    dir: TempDir,
    port: u16,
    /// The files of one that speaks nothing but TLS, with clients that show a certificate.
    tls: Option<TlsFiles>,
    server: Option<Server>,
}

#[derive(Debug, Clone)]
struct TlsFiles {
    identity: IdentityFiles,
    client_ca: PathBuf,
}

#[derive(Debug)]
struct Server {
    keeper: Child,
    id: Pid,
}

impl TestRedis {
    /// Starts one.
    ///
    /// # Panics
    /// If it cannot be started; the message says what to install.
    pub async fn start() -> Self {
        Self::start_with(None).await
    }

    /// Starts one that speaks TLS only, and lets in whoever shows a certificate of `authority`.
    ///
    /// # Panics
    /// If it cannot be started; the message says what to install.
    pub async fn start_with_tls(authority: &TestAuthority) -> Self {
        let identity = authority.server(&["localhost", "127.0.0.1"], false);
        let identity = authority.keep("redis", &identity);
        Self::start_with(Some(TlsFiles { identity, client_ca: authority.root_file() })).await
    }

    async fn start_with(tls: Option<TlsFiles>) -> Self {
        // Another process may take the port between our closing it and the server's opening it: then another is tried.
        for _ in 0..5 {
            let mut redis = Self { dir: TempDir::new("redis"), port: free_port(), tls: tls.clone(), server: None };
            if redis.launch().await {
                return redis;
            }
        }
        panic!("tests need a Redis: redis-server did not start (install the package redis-server)");
    }

    /// Its address.
    #[must_use]
    pub fn url(&self) -> String {
        let scheme = if self.tls.is_some() { "rediss" } else { "redis" };
        format!("{scheme}://127.0.0.1:{}/0", self.port)
    }

    /// Ends it without a word (SIGKILL); what it held is gone.
    pub fn kill(&mut self) {
        if let Some(mut server) = self.server.take() {
            // The keeper kills it, reaps it and ends.
            drop(server.keeper.stdin.take());
            if let Err(error) = server.keeper.wait() {
                panic!("the keeper of redis-server could not be waited for: {error}");
            }
        }
    }

    /// Starts it again on the same port, empty; kills it first if it runs.
    ///
    /// # Panics
    /// If it cannot be started.
    pub async fn restart(&mut self) {
        self.kill();
        assert!(self.launch().await, "redis-server did not start again on port {}", self.port);
    }

    /// Stops it in its tracks (SIGSTOP): connections stay and nothing is answered.
    pub fn pause(&self) {
        self.signal(Signal::STOP);
    }

    /// Lets it go on (SIGCONT).
    pub fn resume(&self) {
        self.signal(Signal::CONT);
    }

    fn signal(&self, signal: Signal) {
        let Some(server) = &self.server else { panic!("redis-server does not run") };
        if let Err(error) = kill_process(server.id, signal) {
            panic!("redis-server could not be sent {signal:?}: {error}");
        }
    }

    /// Whether a server answers on the port now.
    async fn launch(&mut self) -> bool {
        let mut keeper = Command::new("/bin/sh");
        keeper.args(["-c", KEEPER, "sh"]).arg(self.dir.path());
        let port = self.port.to_string();
        match &self.tls {
            None => keeper.args(["--port", &port]),
            Some(TlsFiles { identity, client_ca }) => {
                keeper.args(["--port", "0", "--tls-port", &port, "--tls-auth-clients", "yes"]);
                keeper.arg("--tls-cert-file").arg(&identity.certificate).arg("--tls-key-file").arg(&identity.key);
                keeper.arg("--tls-ca-cert-file").arg(client_ca)
            }
        };
        // Its own group: a Ctrl-C must not end what cleans up.
        keeper.process_group(0).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut keeper = match keeper.spawn() {
            Ok(keeper) => keeper,
            Err(error) => panic!("could not start the shell that keeps redis-server: {error}"),
        };
        let id = read_id(&mut keeper);
        self.server = Some(Server { keeper, id });
        let began = Instant::now();
        while began.elapsed() < START {
            if answers(self.port, self.tls.is_some()).await {
                return true;
            }
            // A server that found its port taken has ended; its keeper has not reaped it yet.
            if std::fs::read_to_string(self.dir.join("log")).is_ok_and(|log| log.contains("Failed listening")) {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        self.kill();
        false
    }
}

impl Drop for TestRedis {
    fn drop(&mut self) {
        self.kill();
    }
}

fn free_port() -> u16 {
    match TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()) {
        Ok(address) => address.port(),
        Err(error) => panic!("no free port: {error}"),
    }
}

/// The line that the keeper prints.
fn read_id(keeper: &mut Child) -> Pid {
    use std::io::BufRead as _;
    let mut line = String::new();
    if let Some(output) = keeper.stdout.take()
        && let Err(error) = std::io::BufReader::new(output).read_line(&mut line)
    {
        panic!("the keeper of redis-server said nothing: {error}");
    }
    match line.trim().parse().ok().and_then(Pid::from_raw) {
        Some(id) => id,
        None => panic!("the keeper of redis-server said {line:?} where an id was expected"),
    }
}

/// One that speaks TLS opens its port when it is ready.
async fn answers(port: u16, tls: bool) -> bool {
    let asked = async {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
        if tls {
            return Ok(true);
        }
        stream.write_all(b"PING\r\n").await?;
        let mut answer = [0; 5];
        stream.read_exact(&mut answer).await?;
        std::io::Result::Ok(&answer == b"+PONG")
    };
    tokio::time::timeout(Duration::from_secs(1), asked).await.is_ok_and(|answer| answer.unwrap_or(false))
}
