//! The command line.

pub mod dict;

use std::ops::RangeInclusive;
use std::path::PathBuf;

use chrono::TimeDelta;
use clap::{Args, Parser, Subcommand, ValueEnum};
use platform::auth::Tier;
use trade::domain::code::{Month, YEAR_BOUND, YEAR_MIN};
use trade::domain::volume::{self, Volume, VolumeError};
use trade::ingest::number::Mark;

/// Where to sell what Brazil makes: official export data, ranked destinations.
#[derive(Debug, Parser)]
#[command(name = "bgc", version, about, arg_required_else_help = true)]
pub struct Cli {
    /// Configuration file (default: bgc.toml in this directory, when there is one).
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Where the private PostgreSQL and the cube are kept (default: ./.bgc).
    #[arg(long, global = true, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Every command.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run everything in one process, with a private PostgreSQL unless DATABASE_URL is set.
    Up {
        /// Load the sample data set when the store is empty; real data is left alone.
        #[arg(long)]
        sample: bool,
    },
    /// Run one role.
    Serve {
        /// The role.
        #[arg(value_enum)]
        role: ServeRole,
    },
    /// Bring the schema up to date, or show where it stands.
    Migrate {
        /// Show each migration and when it was applied.
        #[arg(value_enum)]
        action: Option<MigrateAction>,
        /// Only check; exit code 1 when migrations are missing.
        #[arg(long)]
        check: bool,
        /// Print the migrations as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Ask the running server whether it is healthy; exit code 1 when it is not.
    Healthcheck {
        /// Print the result as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Load data.
    #[command(subcommand)]
    Ingest(IngestCommand),
    /// What is known of the countries that goods are sold to.
    #[command(subcommand)]
    Countries(CountriesCommand),
    /// Rank the destinations of a product.
    Simulate(SimulateOptions),
    /// PIX keys, claims and portability.
    #[command(subcommand)]
    Dict(Box<dict::DictCommand>),
    /// Issue tokens for programs.
    #[command(subcommand)]
    Token(TokenCommand),
    /// Look after accounts.
    #[command(subcommand)]
    User(UserCommand),
    /// Show or check the configuration.
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Print the OpenAPI document, or compare it with a file.
    #[command(name = "openapi")]
    OpenApi {
        /// Compare with this file; exit code 1 and what differs when it is another document.
        #[arg(long, value_name = "FILE")]
        check: Option<PathBuf>,
        /// Of the HTTP API, or of the gateway.
        #[arg(long, value_enum, default_value = "api")]
        role: DocumentRole,
    },
    /// Print a completion script for a shell.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
}

/// Roles of `bgc serve`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ServeRole {
    /// The HTTP API.
    Api,
    /// The door to outside sources.
    Gateway,
    /// PIX keys over gRPC.
    Dict,
    /// Every role.
    All,
}

/// Servers that have an OpenAPI document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DocumentRole {
    /// The HTTP API.
    Api,
    /// The gateway.
    Gateway,
}

/// What `bgc migrate` shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum MigrateAction {
    /// Each migration and when it was applied.
    Status,
}

/// `bgc config …`
#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Print every setting with its meaning and its value now.
    Print {
        /// Print them as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Check the configuration and every connector file; exit code 1 and file, line and reason where one is wrong.
    Check,
    /// Print the JSON Schema of connector files.
    Schema,
    /// Print a built-in connector file, to be changed and put into gateway.connectors_dir.
    Connector {
        /// Its id (comexstat, comexstat-bulk, restcountries).
        id: String,
    },
}

/// `bgc token …`
#[derive(Debug, Subcommand)]
pub enum TokenCommand {
    /// Print a signed token (JWT) in the name of this installation.
    Issue(TokenOptions),
}

/// What a token says.
#[derive(Debug, Clone, Args)]
pub struct TokenOptions {
    /// Whom it names.
    #[arg(long, value_name = "SUBJECT")]
    pub sub: String,
    /// What they pay for.
    #[arg(long, value_enum, default_value = "free")]
    pub tier: TierFlag,
    /// The tenant acted for.
    #[arg(long, value_name = "ID")]
    pub tenant: Option<String>,
    /// The payment institution spoken for (eight characters).
    #[arg(long)]
    pub ispb: Option<String>,
    /// What it allows besides, separated by commas.
    #[arg(long = "scope", value_name = "SCOPES", value_delimiter = ',')]
    pub scopes: Vec<String>,
    /// How long it holds: 30m, 1h, 7d.
    #[arg(long, default_value = "1h", value_name = "TIME", value_parser = identity::domain::lifetime::parse_ttl)]
    pub ttl: TimeDelta,
    /// Which server it is for.
    #[arg(long, default_value = identity::token::API_AUDIENCE)]
    pub audience: String,
}

/// Tiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TierFlag {
    /// Some simulations a day.
    Free,
    /// As many as they like.
    Premium,
}

impl From<TierFlag> for Tier {
    fn from(flag: TierFlag) -> Self {
        match flag {
            TierFlag::Free => Tier::Free,
            TierFlag::Premium => Tier::Premium,
        }
    }
}

/// `bgc user …`
#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Set what a user pays for; premium settles their upgrade request.
    Tier {
        /// Their e-mail or id.
        email: String,
        /// The tier.
        #[arg(value_enum)]
        tier: TierFlag,
    },
    /// List users in the order they came.
    List {
        /// Only those who wait for an upgrade.
        #[arg(long)]
        upgrade_requested: bool,
        /// Print the result as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Let a user sign in again at once after too many wrong passwords.
    Unlock {
        /// Their e-mail.
        email: String,
    },
}

/// `bgc ingest …`
#[derive(Debug, Subcommand)]
pub enum IngestCommand {
    /// Load export files: the official ComexStat layout or the simple one, plain or gzip.
    LoadCsv {
        /// The files, each a load of its own.
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        #[command(flatten)]
        options: LoadFlags,
    },
    /// Load a workbook.
    LoadXlsx {
        /// The file.
        file: PathBuf,
        /// The sheet (default: every sheet whose header fits).
        #[arg(long)]
        sheet: Option<String>,
        #[command(flatten)]
        options: LoadFlags,
    },
    /// Load the ministry's code tables (PAIS.csv, NCM.csv, …) from a directory.
    LoadTables {
        /// The directory.
        dir: PathBuf,
        /// Accept a table with less than half the rows it has now.
        #[arg(long)]
        allow_shrink: bool,
        /// Print the result as JSON.
        #[arg(long)]
        json: bool,
    },
    /// List the loads, the newest first, with what each replaced and the disk space of what is kept.
    Batches {
        /// How many.
        #[arg(long, default_value_t = 20, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10_000))]
        limit: u32,
        /// Print the result as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Compare a load with what it replaced: rows added, changed and removed, by month and product.
    Diff {
        /// The batch, as `batches` lists it.
        #[arg(long, value_name = "BATCH")]
        batch: String,
        /// Products shown, those that changed most first.
        #[arg(long, default_value_t = 20, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000))]
        limit: u32,
        /// Print the result as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Take a load back, so that what it replaced is live again, or take a year out for good.
    Drop(DropFlags),
    /// Bring the ministry's official files up to date: only what changed, each year whole or not at all.
    Sync(SyncFlags),
    /// Refresh the reports' materialized views.
    RefreshMv {
        /// Print the result as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Make and load the sample data set; refused beside real data.
    Sample {
        /// Number of rows, up to a full history.
        #[arg(long)]
        rows: Option<u64>,
        /// Write the sample as a file in the official layout instead of loading it.
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
        /// Print the result as JSON.
        #[arg(long)]
        json: bool,
    },
}

/// `bgc ingest drop`
#[derive(Debug, Clone, Args)]
#[command(group(clap::ArgGroup::new("dropped").required(true).args(["year", "batch"])))]
pub struct DropFlags {
    /// The year to take out: it is uncovered then, and nothing of it is kept.
    #[arg(long, value_name = "YEAR")]
    pub year: Option<u16>,
    /// The load to take back; it must be the newest of its years.
    #[arg(long, value_name = "BATCH")]
    pub batch: Option<String>,
    /// Do it without asking.
    #[arg(long)]
    pub yes: bool,
    /// Print the result as JSON.
    #[arg(long)]
    pub json: bool,
}

/// `bgc ingest sync`
#[derive(Debug, Clone, Args)]
pub struct SyncFlags {
    /// The years: 2024, or 1997..2026 with both ends (default: every year that the official totals name).
    #[arg(long, value_name = "YEARS", value_parser = years)]
    pub years: Option<RangeInclusive<u16>>,
    /// Only say what would be done, and why: nothing is loaded.
    #[arg(long)]
    pub dry_run: bool,
    /// Take the files from this directory and not from the ministry, for hosts without a network.
    #[arg(long, value_name = "DIR")]
    pub from_dir: Option<PathBuf>,
    /// Accept a year with less than half the rows it has now.
    #[arg(long)]
    pub allow_shrink: bool,
    /// Print the result as JSON.
    #[arg(long)]
    pub json: bool,
}

/// `bgc countries …`
#[derive(Debug, Subcommand)]
pub enum CountriesCommand {
    /// Fill cfg.countries_metadata: names, currencies, languages, capitals and their distance from São Paulo.
    Populate {
        /// Ask nobody: the embedded table serves alone.
        #[arg(long)]
        offline: bool,
        /// Print the result as JSON.
        #[arg(long)]
        json: bool,
    },
}

/// How a file is loaded.
#[derive(Debug, Clone, Args)]
pub struct LoadFlags {
    /// Name of the source; a year has one live source (default: comexstat; comexstat-site for an export of the ministry's site).
    #[arg(long)]
    pub source: Option<String>,
    /// What the file replaces: every year in it, or its NCMs or its countries in its months.
    #[arg(long, value_enum, default_value = "year")]
    pub replace: ReplaceFlag,
    /// Accept less than half of the rows or value that are replaced, or fewer months than are live.
    #[arg(long)]
    pub allow_shrink: bool,
    /// The decimal mark of the values, where the file does not prove it: 1.250 is 1.25 with point, 1250 with comma.
    #[arg(long, value_enum, value_name = "MARK")]
    pub decimal: Option<DecimalFlag>,
    /// Rows that may be rejected, in percent.
    #[arg(long, default_value_t = 0.1, value_name = "PERCENT", value_parser = percent, allow_negative_numbers = true)]
    pub max_rejects: f64,
    /// Where rejected rows are written (default: rejected-FILE in the data directory).
    #[arg(long, value_name = "FILE")]
    pub rejects: Option<PathBuf>,
    /// The official totals (EXP_TOTAIS_CONFERENCIA.csv): any difference refuses the load.
    #[arg(long, value_name = "FILE")]
    pub totals: Option<PathBuf>,
    /// Last covered month of the file's last year, when it is later than its last row.
    #[arg(long, value_name = "YYYY-MM", value_parser = month)]
    pub through: Option<Month>,
    /// Print the result as JSON.
    #[arg(long)]
    pub json: bool,
}

/// Values of `--replace`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ReplaceFlag {
    /// Every year in the file, whole.
    Year,
    /// Every NCM in the file, from its first month to its last.
    Slice,
    /// Every country in the file, all its products, from the file's first month to its last.
    Countries,
}

/// Values of `--decimal`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DecimalFlag {
    /// 1250.5
    Point,
    /// 1250,5
    Comma,
}

impl From<DecimalFlag> for Mark {
    fn from(flag: DecimalFlag) -> Self {
        match flag {
            DecimalFlag::Point => Self::Point,
            DecimalFlag::Comma => Self::Comma,
        }
    }
}

/// `bgc simulate`
#[derive(Debug, Clone, Args)]
pub struct SimulateOptions {
    /// The product, eight digits (17011400 or 1701.14.00).
    pub ncm: String,
    /// Volume to ship, in kilograms.
    #[arg(long, value_name = "N", value_parser = kilograms, allow_negative_numbers = true)]
    pub volume_kg: Option<f64>,
    /// Volume to ship with its unit: "25 t", "1,5 t", "2 contêineres 20'", "1 FEU".
    #[arg(long, value_name = "TEXT", value_parser = volume, allow_negative_numbers = true, conflicts_with = "volume_kg")]
    pub volume: Option<String>,
    /// Only these destinations, by ISO code (US,CN).
    #[arg(long, value_delimiter = ',', value_name = "CODES")]
    pub countries: Vec<String>,
    /// How many destinations (1 to 50).
    #[arg(long, default_value_t = 10, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=50))]
    pub max_results: u32,
    /// Print the answer of the API.
    #[arg(long)]
    pub json: bool,
}

fn percent(text: &str) -> Result<f64, String> {
    let value: Option<f64> = text.parse().ok();
    value
        .filter(|value| (0.0..=100.0).contains(value))
        .ok_or_else(|| "a percentage from 0 to 100 is expected".to_owned())
}

fn month(text: &str) -> Result<Month, String> {
    let parsed = text.split_once('-').and_then(|(year, month)| Month::new(year.parse().ok()?, month.parse().ok()?));
    parsed.ok_or_else(|| "a month such as 2025-06 is expected".to_owned())
}

fn years(text: &str) -> Result<RangeInclusive<u16>, String> {
    let (first, last) = text.split_once("..").unwrap_or((text, text));
    let year = |text: &str| text.parse().ok().filter(|year| (YEAR_MIN..=YEAR_BOUND).contains(year));
    let range = year(first).zip(year(last)).filter(|(first, last)| first <= last);
    range
        .map(|(first, last)| first..=last)
        .ok_or_else(|| format!("years such as 2024 or 1997..2026 are expected, from {YEAR_MIN} on"))
}

fn kilograms(text: &str) -> Result<f64, String> {
    let value = volume::number(text).map_err(|error| match error {
        VolumeError::Ambiguous { .. } => error.to_string(),
        _ => "a number of kilograms is expected".to_owned(),
    })?;
    if value > 0.0 { Ok(value) } else { Err("a number of kilograms above 0 is expected".to_owned()) }
}

fn volume(text: &str) -> Result<String, String> {
    match volume::parse(text) {
        Ok(Volume::Kg(kg)) if kg <= 0.0 => Err("a volume above 0 is expected".to_owned()),
        Ok(_) => Ok(text.to_owned()),
        Err(error) => Err(error.to_string()),
    }
}
