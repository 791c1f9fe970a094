//! `bgc ingest …`: loads, for a person or (`--json`) for a program.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use platform::clock::Clock;
use platform::postgres::pool::QueryMetrics;
use platform::telemetry::metrics::Metrics;
use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use trade::domain::code::Month;
use trade::ingest::guard::{Replace, SAMPLE_SOURCE};
use trade::ingest::input::Input;
use trade::ingest::load::{LoadError, LoadOptions, LoadReport, Loader};
use trade::ingest::served::Served;
use trade::ingest::summary::Sums;
use trade::sample::{SampleOptions, write_csv};

use crate::cli::{IngestCommand, LoadFlags, ReplaceFlag};
use crate::config::Config;
use crate::database::{self, Database, Purpose};
use crate::{print, progress, say, sync};

mod history;

/// Rejected rows shown on the terminal; the file has them all.
const REJECTS_SHOWN: usize = 5;

/// Runs one command.
pub async fn run(config: &Config, clock: Arc<dyn Clock>, command: IngestCommand) -> Result<ExitCode> {
    if let IngestCommand::Sample { rows, out: Some(path), json } = &command {
        return write_sample(*rows, path, *json);
    }
    let queries = Metrics::new().register(QueryMetrics::register);
    let database = database::open(config, Purpose::Command, queries).await?;
    let loader = crate::trade::loader(config, &database, clock)?;
    let what_stays = match &command {
        IngestCommand::Sync(_) => "interrupted; the years that are loaded stay, and the next sync goes on",
        _ => "interrupted; nothing was loaded",
    };
    // A signal must not leave the private server running: the command is dropped, then the server stopped.
    let outcome = tokio::select! {
        outcome = work(&loader, command, config, &database) => outcome,
        () = interrupted() => Err(anyhow::anyhow!(what_stays)),
    };
    database.close().await;
    outcome.map(|()| ExitCode::SUCCESS)
}

/// Waits for a signal that ends the command.
pub async fn interrupted() {
    let terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate());
    let Ok(mut terminate) = terminate else { return std::future::pending().await };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}

async fn work(loader: &Loader, command: IngestCommand, config: &Config, database: &Database) -> Result<()> {
    let data_dir = database.data_dir.as_path();
    match command {
        IngestCommand::LoadCsv { files, options } => {
            if files.len() > 1 && options.rejects.is_some() {
                bail!(
                    "--rejects names one file and {} files are loaded: leave it out, or load them one by one",
                    files.len()
                );
            }
            for path in files {
                load(loader, Input::Csv { path }, &options, data_dir).await?;
            }
            Ok(())
        }
        IngestCommand::LoadXlsx { file, sheet, options } => {
            load(loader, Input::Xlsx { path: file, sheet }, &options, data_dir).await
        }
        IngestCommand::Sync(flags) => {
            let files = sync::official_files(&flags, config, database, &loader.clock).await?;
            sync::run(loader, files, &flags, data_dir).await
        }
        IngestCommand::LoadTables { dir, allow_shrink, json } => load_tables(loader, &dir, allow_shrink, json).await,
        IngestCommand::Batches { limit, json } => history::batches(loader, limit, json).await,
        IngestCommand::Diff { batch, limit, json } => history::diff(loader, &batch, limit, json).await,
        IngestCommand::Drop(flags) => history::drop(loader, &flags).await,
        IngestCommand::RefreshMv { json } => {
            loader.store.refresh_reports().await?;
            print(if json { "{\"refreshed\":true}" } else { "the reports are refreshed" })
        }
        IngestCommand::Sample { rows, json, .. } => {
            let report = load_sample(loader, rows, data_dir).await?;
            let served = served(loader, &report).await?;
            show(&report, "sample", served, json)
        }
    }
}

async fn load(loader: &Loader, input: Input, flags: &LoadFlags, data_dir: &Path) -> Result<()> {
    let label = match &input {
        Input::Csv { path } | Input::Xlsx { path, .. } => path.display().to_string(),
        Input::Sample { .. } => "sample".to_owned(),
    };
    let rejects = flags.rejects.clone().unwrap_or_else(|| rejects_path(data_dir, &label));
    let source = flags.source.clone().unwrap_or_else(|| input.default_source().to_owned());
    let options = LoadOptions {
        input,
        source,
        replace: match flags.replace {
            ReplaceFlag::Year => Replace::Year,
            ReplaceFlag::Slice => Replace::Slice,
            ReplaceFlag::Countries => Replace::Countries,
        },
        allow_shrink: flags.allow_shrink,
        max_rejects: flags.max_rejects / 100.0,
        rejects,
        totals: flags.totals.clone(),
        through: flags.through,
        only_year: None,
        decimal: flags.decimal.map(Into::into),
    };
    let (bar, moved) = progress::reading(&label);
    let loaded = loader.load(options, moved).await;
    bar.finish_and_clear();
    let report = match loaded {
        // It names its file, line and column already.
        Err(error @ LoadError::Read(_)) => return Err(error.into()),
        loaded => loaded.with_context(|| label.clone())?,
    };
    let served = served(loader, &report).await?;
    show(&report, &label, served, flags.json)
}

/// Waits until running servers answer from what was loaded.
async fn served(loader: &Loader, report: &LoadReport) -> Result<Served> {
    let served = loader.wait_until_served(report.snapshot).await?;
    if served == Served::Late {
        say("note: a running server does not answer from the new snapshot yet; it follows by itself");
    }
    Ok(served)
}

/// Where rejected rows of a file go when nobody says: in the data directory, named after the file.
fn rejects_path(data_dir: &Path, label: &str) -> std::path::PathBuf {
    let name = Path::new(label).file_name().map_or_else(|| "rows".into(), |name| name.to_string_lossy().into_owned());
    data_dir.join(format!("rejected-{}.csv", name.trim_end_matches(".csv")))
}

/// Loads the sample.
pub async fn load_sample(loader: &Loader, rows: Option<u64>, data_dir: &Path) -> Result<LoadReport> {
    let options = LoadOptions {
        input: Input::Sample { rows },
        source: SAMPLE_SOURCE.to_owned(),
        replace: Replace::Year,
        allow_shrink: true,
        max_rejects: 0.0,
        rejects: rejects_path(data_dir, "sample"),
        totals: None,
        through: None,
        only_year: None,
        decimal: None,
    };
    let (bar, moved) = progress::reading("sample");
    let loaded = loader.load(options, moved).await;
    bar.finish_and_clear();
    Ok(loaded?)
}

fn write_sample(rows: Option<u64>, path: &Path, json: bool) -> Result<ExitCode> {
    let file = std::fs::File::create(path).with_context(|| format!("make {}", path.display()))?;
    let mut out = std::io::BufWriter::with_capacity(1 << 20, file);
    let summary = write_csv(&mut out, &SampleOptions { rows })?;
    std::io::Write::flush(&mut out).with_context(|| format!("write {}", path.display()))?;
    if json {
        print(&json!({"file": path, "rows": summary.rows}).to_string())?;
    } else {
        print(&format!("{} rows of sample data in {}", summary.rows, path.display()))?;
    }
    Ok(ExitCode::SUCCESS)
}

async fn load_tables(loader: &Loader, dir: &Path, allow_shrink: bool, json: bool) -> Result<()> {
    let report = loader.load_tables(dir, allow_shrink).await?;
    if json {
        let rows: serde_json::Map<String, Value> =
            report.rows.iter().map(|(table, rows)| ((*table).to_owned(), json!(rows))).collect();
        let renamed: serde_json::Map<String, Value> =
            report.renamed.iter().map(|(year, rows)| (year.to_string(), json!(rows))).collect();
        return print(&json!({"tables": rows, "renamed_rows": renamed, "snapshot": report.snapshot, "notices": report.notices, "duration_ms": report.duration.as_millis() as u64}).to_string());
    }
    for (table, rows) in &report.rows {
        print(&format!("{table}: {rows} rows"))?;
    }
    for (year, rows) in &report.renamed {
        print(&format!("{year}: {rows} rows have another country or sector name now"))?;
    }
    for notice in &report.notices {
        say(&format!("note: {notice}"));
    }
    print(&format!("code tables loaded in {:.1} s", report.duration.as_secs_f64()))
}

/// What became of a load, for a program. Sums are exact decimals, never floats.
#[derive(Serialize)]
struct LoadJson<'a> {
    file: &'a str,
    batch: &'a str,
    changed: bool,
    snapshot: i64,
    sha256: &'a str,
    rows_read: u64,
    rows_loaded: u64,
    rows_rejected: u64,
    rejects: Option<&'a Path>,
    fob_usd: Box<RawValue>,
    kg: Box<RawValue>,
    months: BTreeMap<String, MonthJson>,
    replaced: Vec<history::ReplacedJson>,
    served: &'static str,
    notices: &'a [String],
    duration_ms: u64,
}

#[derive(Serialize)]
struct MonthJson {
    rows: u64,
    fob_usd: Box<RawValue>,
    kg: Box<RawValue>,
}

pub(crate) fn raw(value: i128, places: u32) -> Result<Box<RawValue>> {
    Ok(RawValue::from_string(decimal(value, places))?)
}

/// Says what became of a load.
fn show(report: &LoadReport, label: &str, served: Served, json: bool) -> Result<()> {
    let summary = &report.summary;
    let total = summary.total();
    for notice in &summary.notices {
        say(&format!("note: {label}: {notice}"));
    }
    if json {
        let month = |(month, sums): (&Month, &Sums)| {
            let json = MonthJson { rows: sums.rows, fob_usd: raw(sums.fob_cents, 2)?, kg: raw(sums.weight_g, 3)? };
            Ok((month.to_string(), json))
        };
        let report = LoadJson {
            file: label,
            batch: &report.batch,
            changed: report.changed,
            snapshot: report.snapshot,
            sha256: &summary.sha256,
            rows_read: summary.rows_read,
            rows_loaded: summary.rows_accepted,
            rows_rejected: summary.rows_rejected,
            rejects: summary.rejects_path.as_deref(),
            fob_usd: raw(total.fob_cents, 2)?,
            kg: raw(total.weight_g, 3)?,
            months: summary.months.iter().map(month).collect::<Result<_>>()?,
            replaced: report.replaced.iter().map(history::ReplacedJson::new).collect::<Result<_>>()?,
            served: served.name(),
            notices: &summary.notices,
            duration_ms: report.duration.as_millis() as u64,
        };
        return print(&serde_json::to_string(&report)?);
    }
    if !report.changed {
        print(&format!("{label}: nothing to do, this content is live already"))?;
    }
    print(&format!(
        "{label}: {} rows, US$ {}, {} kg in {:.1} s",
        grouped(&summary.rows_accepted.to_string()),
        grouped(&decimal(total.fob_cents, 2)),
        grouped(&decimal(total.weight_g, 3)),
        report.duration.as_secs_f64()
    ))?;
    for (month, sums) in &summary.months {
        print(&format!(
            "  {month}  {:>12} rows  US$ {:>18}",
            grouped(&sums.rows.to_string()),
            grouped(&decimal(sums.fob_cents, 2))
        ))?;
    }
    for replaced in &report.replaced {
        print(&history::replaced_line(replaced))?;
    }
    if report.changed {
        print(&format!("  batch {}: {}", report.batch, served.text()))?;
    }
    if summary.rows_rejected > 0 {
        let path = summary.rejects_path.as_ref().map(|path| path.display().to_string()).unwrap_or_default();
        say(&format!("{label}: {} rows rejected, listed in {path}", summary.rows_rejected));
        for reject in summary.first_rejects.iter().take(REJECTS_SHOWN) {
            say(&format!("  {}", reject.text_en()));
        }
    }
    Ok(())
}

/// An exact decimal from its smallest units, without a fraction of zeros.
pub(crate) fn decimal(value: i128, places: u32) -> String {
    let one = 10_i128.pow(places);
    let (whole, fraction) = (value / one, value % one);
    if fraction == 0 {
        return whole.to_string();
    }
    let digits = format!("{fraction:0width$}", width = places as usize);
    format!("{whole}.{}", digits.trim_end_matches('0'))
}

/// Thousands in groups, for reading.
pub fn grouped(number: &str) -> String {
    let (whole, fraction) = number.split_once('.').map_or((number, None), |(whole, fraction)| (whole, Some(fraction)));
    let mut out = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    if let Some(fraction) = fraction {
        out.push('.');
        out.push_str(fraction);
    }
    out
}
