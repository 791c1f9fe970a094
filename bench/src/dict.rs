//! The Core DICT beside pgbench and a bare gRPC echo, through the real binary.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use testkit::TempDir;

use crate::report::Report;
use crate::world::say;

/// The institution of the runs.
const ISPB: &str = "99999008";
/// Callers at once where the most that a side can do is asked for.
const CALLERS: &str = "64";
/// Turns that two sides take at being measured; the middle one counts.
const TURNS: u32 = 3;
/// How long a server may take to be ready.
const PATIENCE: Duration = Duration::from_secs(60);

/// Parts that can be measured alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Part {
    /// CreateKey.
    Writes,
    /// What the directory's write policy lets in.
    Policies,
    /// LookupKey.
    Lookups,
}

/// How large.
#[derive(Debug, clap::Args)]
pub struct DictOptions {
    /// Keys in the store for look-ups, in thousands.
    #[arg(long, default_value_t = 1000)]
    thousands: u64,
    /// Open claims in the store.
    #[arg(long, default_value_t = 10_000)]
    claims: u64,
    /// Seconds of each rate that is held.
    #[arg(long, default_value_t = 60)]
    seconds: u32,
    /// This part only.
    #[arg(long, value_enum)]
    only: Option<Part>,
    /// Where stores of look-ups stay, for other runs to use.
    #[arg(long)]
    keep: Option<PathBuf>,
    /// The binary to measure (default: beside this one).
    #[arg(long)]
    bgc: Option<PathBuf>,
    /// Where the figures go as JSON, besides standard output.
    #[arg(long)]
    pub json: Option<PathBuf>,
}

/// Every figure of dict.
pub async fn figures(options: &DictOptions, report: &mut Report) -> Result<()> {
    let bgc = match &options.bgc {
        Some(path) => path.clone(),
        None => std::env::current_exe()?.with_file_name("bgc"),
    };
    let asked = |part: Part| options.only.is_none_or(|only| only == part);
    if asked(Part::Writes) {
        writes(&bgc, options, report)?;
    }
    if asked(Part::Policies) {
        policies(&bgc, report)?;
    }
    if asked(Part::Lookups) {
        lookups(&bgc, options, report).await?;
    }
    Ok(())
}

/// CreateKey at its most beside pgbench, and at a rate that is held.
fn writes(bgc: &Path, options: &DictOptions, report: &mut Report) -> Result<()> {
    let directory = TempDir::new("bench-dict-writes");
    let server = Server::start(bgc, directory.path(), &[("BGC_DICT_SIMULATOR_POLICIES", "false")])?;
    // Around ours, so that a machine that grows slower or faster is seen on both sides.
    let before = server.pgbench()?;
    let most = server.load(&["create", "--callers", CALLERS, "--seconds", "20"])?;
    let after = server.pgbench()?;
    ensure!(most.failed == 0, "creations failed: {}", most.raw);
    report.rate_at_least("CreateKey", most.per_second, "1/s", ("pgbench, same rows", (before + after) / 2.0), 0.5);
    let held = server.load(&["create", "--rate", "1000", "--seconds", &options.seconds.to_string()])?;
    ensure!(held.failed == 0, "creations failed: {}", held.raw);
    report.at_most("CreateKey at 1,000/s, p50", held.p50_ms, "ms", 50.0);
    report.at_most("CreateKey at 1,000/s, p95", held.p95_ms, "ms", 200.0);
    report.at_most("CreateKey at 1,000/s, p99", held.p99_ms, "ms", 500.0);
    report.at_most("memory after the writes", server.memory_mib()?, "MiB", 512.0);
    server.stop()
}

/// With the directory's policies on, writes are refused when the bucket of 36,000 and what flowed into it are used up.
fn policies(bgc: &Path, report: &mut Report) -> Result<()> {
    let directory = TempDir::new("bench-dict-policies");
    let server = Server::start(bgc, directory.path(), &[])?;
    let began = Instant::now();
    let mut created = 0;
    loop {
        let load = server.load(&["create", "--callers", CALLERS, "--seconds", "2"])?;
        created += load.answered;
        if load.failed > 0 {
            ensure!(load.raw["failures"]["ResourceExhausted"].as_u64() == Some(load.failed), "refused: {}", load.raw);
            break;
        }
        ensure!(began.elapsed() < Duration::from_secs(300), "the write policy never refused");
    }
    let seconds = began.elapsed().as_secs_f64();
    // 1,200 a minute flow in; one more caller at a time may be let in while the bucket is at zero.
    let expected = 36_000.0 + seconds * 20.0;
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    let ratio = created as f64 / expected;
    say(&format!("the write policy let {created} creations in within {seconds:.0} s, {expected:.0} were expected"));
    report.at_most("creations let in ÷ bucket and refill", ratio, "×", 1.01);
    server.stop()
}

/// LookupKey of the own base beside a bare echo of the same message, at rates that are held, and by the number of keys.
async fn lookups(bgc: &Path, options: &DictOptions, report: &mut Report) -> Result<()> {
    let temporary = TempDir::new("bench-dict-lookups");
    let directory = options.keep.as_deref().unwrap_or(temporary.path());
    let few = Base::open(bgc, directory, 100_000, 0).await?;
    let many = Base::open(bgc, directory, options.thousands * 1000, options.claims).await?;
    let echo = Echo::start()?;
    let population = many.keys.to_string();
    let question = ["lookup", "--callers", CALLERS, "--seconds", "10", "--population", &population];
    let rival = many.server.load_at(&echo.url, &question)?;
    let most = many.server.load(&question)?;
    let rival_after = many.server.load_at(&echo.url, &question)?;
    ensure!(most.failed == 0, "look-ups failed: {}", most.raw);
    let rival = (rival.per_second + rival_after.per_second) / 2.0;
    report.rate_at_least("LookupKey, own base", most.per_second, "1/s", ("bare echo", rival), 0.4);
    let (mut echo_p99_ms, mut few_p99_ms, mut many_p99_ms) = (Vec::new(), Vec::new(), Vec::new());
    // In turns, so that all see the same machine; the echo says what of it is the machine's.
    let seconds = options.seconds / TURNS;
    for _ in 0..TURNS {
        echo_p99_ms.push(many.looked_up("bare echo", &echo.url, 5000, seconds)?.p99_ms);
        few_p99_ms.push(few.looked_up("100,000 keys", &few.server.url, 5000, seconds)?.p99_ms);
        many_p99_ms.push(many.looked_up("all keys", &many.server.url, 5000, seconds)?.p99_ms);
    }
    drop(echo);
    let (echo_p99_ms, few_p99_ms, many_p99_ms) = (median(echo_p99_ms), median(few_p99_ms), median(many_p99_ms));
    say(&format!(
        "p99 at 5,000/s, the middle of {TURNS} turns: bare echo {echo_p99_ms:.2} ms, ours {many_p99_ms:.2} ms"
    ));
    report.at_most("LookupKey at 5,000/s, p99", many_p99_ms, "ms", 5.0);
    let name = format!("look-up p99 at {} keys", many.keys);
    report.at_most_times(name, many_p99_ms, "ms", ("at 100,000 keys", few_p99_ms), 1.5);
    let double = many.looked_up("all keys", &many.server.url, 10_000, options.seconds.min(30))?;
    report.rate_at_least("LookupKey held at 10,000/s", double.per_second, "1/s", ("asked", 10_000.0), 0.99);
    report.at_most("memory after the look-ups", many.server.memory_mib()?, "MiB", 512.0);
    few.server.stop()?;
    many.server.stop()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// A server whose store holds that many keys of the sample.
struct Base {
    server: Server,
    keys: u64,
}

impl Base {
    /// Seeded, unless an earlier run left it in the directory.
    async fn open(bgc: &Path, directory: &Path, keys: u64, claims: u64) -> Result<Self> {
        let place = directory.join(format!("lookups-{keys}-{claims}"));
        std::fs::create_dir_all(&place)?;
        let server = Server::start(bgc, &place, &[("BGC_DICT_MODE", "off")])?;
        let seeded = place.join("seeded");
        if !seeded.exists() {
            server.seed(0, keys, claims).await?;
            std::fs::write(&seeded, "")?;
        }
        Ok(Self { server, keys })
    }

    /// Asks `who`, which is at that address, for keys of this base.
    fn looked_up(&self, who: &str, url: &str, rate: u32, seconds: u32) -> Result<Load> {
        let before = cpu_ticks()?;
        let (population, per_second, seconds) = (self.keys.to_string(), rate.to_string(), seconds.max(1).to_string());
        let arguments = ["lookup", "--population", &population, "--rate", &per_second, "--seconds", &seconds];
        let load = self.server.load_at(url, &arguments)?;
        ensure!(load.failed == 0, "look-ups failed: {}", load.raw);
        let after = cpu_ticks()?;
        #[expect(clippy::cast_precision_loss, reason = "a share of ticks")]
        let stolen = (after.stolen - before.stolen) as f64 / (after.all - before.all).max(1) as f64 * 100.0;
        say(&format!(
            "{who} at {rate}/s: {:.0}/s answered, p50 {:.2}, p95 {:.2}, p99 {:.2} ms; the host took {stolen:.0} % of the machine",
            load.per_second, load.p50_ms, load.p95_ms, load.p99_ms
        ));
        Ok(load)
    }
}

/// Time of all processors, and what of it the host gave to others.
struct CpuTicks {
    all: u64,
    stolen: u64,
}

fn cpu_ticks() -> Result<CpuTicks> {
    let text = std::fs::read_to_string("/proc/stat")?;
    let line = text.lines().next().context("/proc/stat is empty")?;
    let ticks: Vec<u64> = line.split_whitespace().skip(1).filter_map(|it| it.parse().ok()).collect();
    // user, nice, system, idle, iowait, irq, softirq, steal; guest times are part of user's.
    Ok(CpuTicks { all: ticks.iter().take(8).sum(), stolen: ticks.get(7).copied().unwrap_or(0) })
}

/// What a load test said.
struct Load {
    answered: u64,
    failed: u64,
    per_second: f64,
    p50_ms: f64,
    p95_ms: f64,
    p99_ms: f64,
    raw: Value,
}

/// A server of dict over a private PostgreSQL.
struct Server {
    child: Child,
    bgc: PathBuf,
    data_dir: PathBuf,
    url: String,
    token: String,
}

fn command(bgc: &Path, data_dir: &Path) -> Command {
    let mut command = Command::new(bgc);
    command.current_dir(std::env::temp_dir()).arg("--data-dir").arg(data_dir).stdin(Stdio::null());
    command
}

impl Server {
    fn start(bgc: &Path, directory: &Path, environment: &[(&str, &str)]) -> Result<Self> {
        let data_dir = directory.join("data");
        let log = directory.join("log");
        let child = command(bgc, &data_dir)
            .args(["serve", "dict"])
            .envs([
                ("BGC_DICT_LISTEN", "127.0.0.1:0"),
                ("BGC_OPERATIONS_LISTEN", "127.0.0.1:0"),
                ("BGC_DICT_PARTICIPANTS", ISPB),
                ("RATE_LIMIT_ENABLED", "false"),
                ("LOG_FORMAT", "json"),
            ])
            .envs(environment.iter().copied())
            .stdout(Stdio::null())
            .stderr(std::fs::File::create(&log)?)
            .spawn()
            .with_context(|| format!("start {}; build it first", bgc.display()))?;
        let mut server = Self { child, bgc: bgc.to_owned(), data_dir, url: String::new(), token: String::new() };
        let began = Instant::now();
        while server.url.is_empty() {
            let text = std::fs::read_to_string(&log)?;
            if let Some(status) = server.child.try_wait()? {
                bail!("the server ended with {status}: {text}");
            }
            let mut lines = text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
            if let Some(line) = lines.find(|line| line["message"] == "listening") {
                server.url = format!("http://{}", line["dict"].as_str().context("no address of dict")?);
            }
            ensure!(began.elapsed() < PATIENCE, "the server is not ready: {text}");
            std::thread::sleep(Duration::from_millis(50));
        }
        let scopes = "dict.key.write,dict.key.read,dict.lookup.display";
        let issue = ["token", "issue", "--sub", "bench", "--audience", "core-dict", "--ispb", ISPB, "--scope", scopes];
        let issued = command(bgc, &server.data_dir).args(issue).args(["--ttl", "7d"]).output()?;
        ensure!(issued.status.success(), "no token: {}", String::from_utf8_lossy(&issued.stderr));
        server.token = String::from_utf8(issued.stdout)?.trim().to_owned();
        Ok(server)
    }

    fn load(&self, arguments: &[&str]) -> Result<Load> {
        self.load_at(&self.url, arguments)
    }

    fn load_at(&self, url: &str, arguments: &[&str]) -> Result<Load> {
        let output = command(&self.bgc, &self.data_dir)
            .args(["dict", "load-test"])
            .args(arguments)
            .args(["--json", "--ispb", ISPB, "--url", url])
            .env("BGC_DICT_TOKEN", &self.token)
            .output()?;
        let text = String::from_utf8_lossy(&output.stdout);
        let failed = || format!("the load test failed: {text}{}", String::from_utf8_lossy(&output.stderr));
        let raw: Value = serde_json::from_str(text.trim()).with_context(failed)?;
        let number = |name: &str| raw[name].as_f64().unwrap_or(f64::MAX);
        Ok(Load {
            answered: raw["answered"].as_u64().unwrap_or(0),
            failed: raw["failed"].as_u64().unwrap_or(u64::MAX),
            per_second: number("answered_per_second"),
            p50_ms: number("p50_ms"),
            p95_ms: number("p95_ms"),
            p99_ms: number("p99_ms"),
            raw,
        })
    }

    /// Where PostgreSQL's socket is.
    fn socket(&self) -> Result<String> {
        let lock: Value = serde_json::from_slice(&std::fs::read(self.data_dir.join("bgc.lock"))?)?;
        Ok(lock["socket_dir"].as_str().context("no socket_dir in bgc.lock")?.to_owned())
    }

    /// The rate at which pgbench writes the rows of a creation in one statement, on the same server.
    fn pgbench(&self) -> Result<f64> {
        let script = self.data_dir.join("create.pgbench");
        std::fs::write(&script, include_str!("dict_create.pgbench"))?;
        let binary = crate::world::postgres_program("pgbench")?;
        let output = Command::new(binary)
            .args(["-n", "-M", "prepared", "-c", "16", "-j", "2", "-T", "15", "-U", "bgc_admin", "-h"])
            .arg(self.socket()?)
            .arg("-f")
            .arg(&script)
            .arg("bgc")
            .output()?;
        let text = String::from_utf8_lossy(&output.stdout);
        let line = text.lines().find(|line| line.starts_with("tps = "));
        let line = line.with_context(|| format!("pgbench said {text}{}", String::from_utf8_lossy(&output.stderr)))?;
        let rate = line.trim_start_matches("tps = ").split_whitespace().next().context("no rate")?;
        Ok(rate.parse()?)
    }

    async fn seed(&self, from: u64, to: u64, claims: u64) -> Result<()> {
        let began = Instant::now();
        crate::dict_seed::seed(&self.data_dir, &self.socket()?, ISPB, from..to, claims).await?;
        say(&format!("{} keys and {claims} claims seeded in {:.0} s", to - from, began.elapsed().as_secs_f64()));
        Ok(())
    }

    /// What the server holds of memory.
    fn memory_mib(&self) -> Result<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).context("no VmRSS")?;
        let kib: f64 = line.split_whitespace().nth(1).context("no number")?.parse()?;
        Ok(kib / 1024.0)
    }

    fn stop(mut self) -> Result<()> {
        terminate(&mut self.child)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Err(error) = terminate(&mut self.child) {
            say(&format!("a server was not stopped: {error}"));
        }
    }
}

fn terminate(child: &mut Child) -> Result<()> {
    if child.try_wait()?.is_none() {
        let stopped = Command::new("kill").arg(child.id().to_string()).status()?;
        ensure!(stopped.success(), "the process could not be signalled");
        child.wait()?;
    }
    Ok(())
}

/// A server in a process of its own that answers each look-up with the same message.
struct Echo {
    child: Child,
    url: String,
}

impl Echo {
    fn start() -> Result<Self> {
        use std::io::BufRead;
        let mut child = Command::new(std::env::current_exe()?).arg("dict-echo").stdout(Stdio::piped()).spawn()?;
        let stdout = child.stdout.take().context("no output")?;
        let mut line = String::new();
        std::io::BufReader::new(stdout).read_line(&mut line)?;
        Ok(Self { child, url: line.trim().to_owned() })
    }
}

impl Drop for Echo {
    fn drop(&mut self) {
        if let Err(error) = terminate(&mut self.child) {
            say(&format!("the echo was not stopped: {error}"));
        }
    }
}
