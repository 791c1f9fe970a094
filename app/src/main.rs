//! `bgc`: one binary, every role. This crate wires contexts to the outside; rules live in the contexts.

mod cli;
mod config;
mod countries;
mod database;
mod dict;
mod gateway;
mod identity;
mod ingest;
mod openapi;
mod page;
mod progress;
mod serve;
mod simulate;
mod sources;
mod surroundings;
mod sync;
mod tls;
mod trade;

use std::io::{IsTerminal, Write};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Result;
use clap::{CommandFactory, Parser};
use platform::clock::SystemClock;
use platform::telemetry::logs::{self, LogFormat, LogOptions};
use platform::telemetry::metrics::Metrics;

use cli::dict::DictCommand;
use cli::{Cli, Command, ConfigCommand, ServeRole};
use config::Config;

/// Calls are many small values made on one thread and dropped on another: the system's allocator spends a tenth of a
/// look-up's time on that.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // clap ends the process itself: 2 for bad usage, 0 for help.
    let cli = Cli::parse();
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    if let Some(threads) = worker_threads(&cli.command) {
        builder.worker_threads(threads);
    }
    let runtime = match builder.enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&anyhow::Error::new(error).context("start the runtime")),
    };
    let outcome = runtime.block_on(run(cli));
    // What ignored the stop is dropped: the process must end.
    runtime.shutdown_timeout(std::time::Duration::from_secs(2));
    match outcome {
        Ok(code) => code,
        Err(error) => fail(&error),
    }
}

/// Threads of the runtime, where it is to have other than one for each core and `TOKIO_WORKER_THREADS` does not say.
///
/// A call of dict is a few microseconds here and as much again in PostgreSQL, which wants its cores too: threads for all
/// of them wake each other for less than the waking costs (two on two cores answer 15,000 look-ups a second, one 19,000).
fn worker_threads(command: &Command) -> Option<usize> {
    let half = match command {
        Command::Serve { role: ServeRole::Dict } => true,
        Command::Dict(command) => matches!(**command, DictCommand::LoadTest(_)),
        _ => false,
    };
    let cores = std::thread::available_parallelism().ok()?.get();
    (half && std::env::var_os("TOKIO_WORKER_THREADS").is_none()).then(|| (cores / 2).max(1))
}

/// The whole chain of what went wrong, on stderr; exit code 1.
fn fail(error: &anyhow::Error) -> ExitCode {
    let mut text = String::new();
    for cause in error.chain() {
        let cause = cause.to_string();
        // Some libraries repeat their cause in their own text.
        if text.is_empty() {
            text = cause;
        } else if !text.ends_with(&cause) {
            text = format!("{text}: {cause}");
        }
    }
    say(&format!("error: {text}"));
    if error.is::<UsageError>() { ExitCode::from(2) } else { ExitCode::FAILURE }
}

/// A command that was written wrong, found only after its arguments were read; exit code 2.
#[derive(Debug)]
pub struct UsageError(pub String);

impl std::fmt::Display for UsageError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for UsageError {}

/// A line for the person at the terminal.
pub fn say(text: &str) {
    // Nobody is left to tell when stderr is closed.
    writeln!(std::io::stderr(), "{text}").unwrap_or_default();
}

/// A command's result, on stdout. A closed pipe (`| head`) is not an error.
pub fn print(text: &str) -> Result<()> {
    match writeln!(std::io::stdout(), "{text}") {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        written => Ok(written?),
    }
}

async fn run(cli: Cli) -> Result<ExitCode> {
    let mut config = Config::load(cli.config.as_deref(), &|name| std::env::var(name).ok())?;
    if let Some(data_dir) = &cli.data_dir {
        config.set("data_dir", data_dir.to_string_lossy().into_owned());
    }
    match cli.command {
        Command::Config(ConfigCommand::Print { json }) => {
            let text = if json { config.print_json() } else { config.print() };
            print(&text).map(|()| ExitCode::SUCCESS)
        }
        Command::Config(ConfigCommand::Check) => gateway::check(&config),
        Command::Config(ConfigCommand::Connector { id }) => gateway::show_connector(&id).map(|()| ExitCode::SUCCESS),
        Command::Config(ConfigCommand::Schema) => gateway::schema().map(|()| ExitCode::SUCCESS),
        Command::Completions { shell } => {
            clap_complete::generate(shell, &mut Cli::command(), "bgc", &mut std::io::stdout());
            Ok(ExitCode::SUCCESS)
        }
        Command::OpenApi { check, role } => openapi::run(check.as_deref(), role),
        Command::Healthcheck { json } => serve::healthcheck(&config, json).await,
        command => work(command, config).await,
    }
}

/// Commands that use the store: they log, and what they start they stop.
async fn work(command: Command, config: Config) -> Result<ExitCode> {
    let metrics = Arc::new(Metrics::new());
    let clock = Arc::new(SystemClock);
    let serves = matches!(command, Command::Up { .. } | Command::Serve { .. });
    let options = LogOptions {
        service: "bgc".to_owned(),
        level: if serves { config.text("log.level").to_owned() } else { quiet(config.text("log.level")) },
        format: log_format(&config, serves)?,
    };
    let guard = logs::init(&options, Arc::clone(&clock) as _, metrics.log_lines_dropped.clone())?;
    let outcome = match command {
        Command::Up { sample } => serve::up(config, metrics, clock, sample).await,
        Command::Serve { role } => serve::serve(config, metrics, clock, role).await,
        Command::Migrate { action, check, json } => database::migrate(&config, action, check, json).await,
        Command::Ingest(command) => ingest::run(&config, clock, command).await,
        Command::Countries(command) => countries::run(&config, clock, command).await,
        Command::Simulate(options) => simulate::run(&config, clock, options).await,
        Command::Dict(command) => dict::run(&config, clock, *command).await,
        Command::Token(command) => identity::token(&config, clock, command).await,
        Command::User(command) => identity::user(&config, clock, command).await,
        Command::Config(_) | Command::Completions { .. } | Command::OpenApi { .. } | Command::Healthcheck { .. } => {
            Ok(ExitCode::SUCCESS)
        }
    };
    guard.flush();
    outcome
}

/// Commands speak for themselves: only warnings interrupt them, unless more was asked for. What the pool
/// says of lost connections stands in the command's own error.
fn quiet(level: &str) -> String {
    if level == "info" { "warn,deadpool.postgres=error".to_owned() } else { level.to_owned() }
}

fn log_format(config: &Config, serves: bool) -> Result<LogFormat> {
    match config.optional("log.format") {
        Some(name) => Ok(name.parse()?),
        None if std::io::stderr().is_terminal() || !serves => Ok(LogFormat::Text),
        None => Ok(LogFormat::Json),
    }
}
