//! Benchmarks: each figure beside its rival, measured in the same run on the same machine.

mod dict;
mod dict_echo;
mod dict_seed;
mod explorer;
mod free_use;
mod gateway;
mod gateway_http;
mod gateway_sync;
mod history;
mod http;
mod load;
mod report;
mod simulator;
mod world;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

/// Measures the product beside its rivals.
#[derive(Debug, Parser)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

/// One benchmark a context.
#[derive(Debug, Subcommand)]
enum Command {
    /// Loads, cube, simulator, explorer.
    Trade(TradeOptions),
    /// The cache of outside answers.
    Gateway(GatewayOptions),
    /// Keys written and looked up through the binary.
    Dict(dict::DictOptions),
    /// A bare gRPC server that answers look-ups with one message: dict's rival.
    #[command(hide = true)]
    DictEcho,
}

/// How large, where.
#[derive(Debug, clap::Args)]
pub struct TradeOptions {
    /// Where the data is made; removed first and left behind.
    #[arg(long, default_value = "bench-data")]
    dir: PathBuf,
    /// Full years of history, of 1.5 M rows each; 18 make 27 M rows.
    #[arg(long, default_value_t = 18)]
    years: u16,
    /// Repetitions of each load.
    #[arg(long, default_value_t = 3)]
    repetitions: usize,
    /// Use the history that an earlier run left in the directory.
    #[arg(long)]
    keep: bool,
    /// Only the explorer, on the history that an earlier run left.
    #[arg(long, requires = "keep")]
    explorer: bool,
    /// Only the counting of free uses, which needs no history.
    #[arg(long)]
    free_use: bool,
    /// Where the figures go as JSON, besides standard output.
    #[arg(long)]
    json: Option<PathBuf>,
}

/// How often.
#[derive(Debug, clap::Args)]
pub struct GatewayOptions {
    /// Questions asked for each figure.
    #[arg(long, default_value_t = 20_000)]
    questions: usize,
    /// Leave the sync of three years out, which takes a minute.
    #[arg(long)]
    no_sync: bool,
    /// Where the figures go as JSON, besides standard output.
    #[arg(long)]
    json: Option<PathBuf>,
}

fn main() -> Result<ExitCode> {
    let cli = Cli::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    match cli.command {
        Command::Trade(options) => runtime.block_on(trade(options)),
        Command::Gateway(options) => runtime.block_on(gateway_figures(options)),
        Command::Dict(options) => runtime.block_on(dict_figures(&options)),
        Command::DictEcho => runtime.block_on(dict_echo::serve()),
    }
}

async fn trade(options: TradeOptions) -> Result<ExitCode> {
    let mut report = report::Report::default();
    let mut world = world::World::create(&options).await?;
    let measured = measure(&options, &mut world, &mut report).await;
    world.close().await;
    measured?;
    report.print(options.json.as_deref())
}

async fn gateway_figures(options: GatewayOptions) -> Result<ExitCode> {
    let mut report = report::Report::default();
    gateway::cache(options.questions, &mut report).await?;
    gateway_http::throughput(&mut report).await?;
    if !options.no_sync {
        gateway_sync::sync(&mut report).await?;
    }
    report.print(options.json.as_deref())
}

async fn dict_figures(options: &dict::DictOptions) -> Result<ExitCode> {
    let mut report = report::Report::default();
    dict::figures(options, &mut report).await?;
    report.print(options.json.as_deref())
}

async fn measure(options: &TradeOptions, world: &mut world::World, report: &mut report::Report) -> Result<()> {
    if options.free_use {
        return free_use::reservation(world, report).await;
    }
    if options.explorer {
        return explorer::shapes(&world.snapshot().await?, report).await;
    }
    load::into_empty(options, world, report).await?;
    load::history(options, world).await?;
    load::into_history(options, world, report).await?;
    load::cube(world, report).await?;
    load::start(world, report).await?;
    let snapshot = world.snapshot().await?;
    simulator::ranking(world, &snapshot, report).await?;
    simulator::handler(world, &snapshot, report).await?;
    http::throughput(&snapshot, report).await?;
    free_use::reservation(world, report).await?;
    explorer::shapes(&snapshot, report).await
}
