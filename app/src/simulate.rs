//! `bgc simulate`: the API's answer at the terminal.

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Result, bail};
use platform::clock::Clock;
use platform::http::language::Language;
use platform::postgres::pool::QueryMetrics;
use platform::problem::FieldError;
use platform::telemetry::metrics::Metrics;
use serde_json::{Value, json};
use trade::cube::live;
use trade::cube::snapshot::Snapshot;
use trade::simulator::estimates::EstimateTable;
use trade::simulator::lookup::CountryLookup;
use trade::simulator::request::Request;
use trade::simulator::{DataLabel, simulate, table};

use crate::cli::SimulateOptions;
use crate::config::Config;
use crate::database::{self, Purpose};
use crate::{print, say};

/// Runs one simulation against what is live.
pub async fn run(config: &Config, clock: Arc<dyn Clock>, options: SimulateOptions) -> Result<ExitCode> {
    if let Some(refused) = refuse_early(&options) {
        return Ok(refused);
    }
    let operators = crate::trade::estimates(config)?;
    let queries = Metrics::new().register(QueryMetrics::register);
    let database = database::open(config, Purpose::Command, queries).await?;
    let assembled = live::assemble(&database.store, &database.cube).await;
    database.close().await;
    let snapshot = assembled?;
    if snapshot.is_empty() {
        bail!("nothing is loaded yet: run `bgc ingest load-csv FILE`, or `bgc ingest sample` to try it");
    }
    answer(&snapshot, operators.as_ref().unwrap_or(EstimateTable::embedded()), clock.as_ref(), &options)
}

/// The request of the options, as a client of the API would write it.
fn body_of(options: &SimulateOptions) -> Value {
    let mut body = json!({"ncm": options.ncm, "max_results": options.max_results});
    if let Some(volume) = options.volume_kg {
        body["volume_kg"] = json!(volume);
    }
    if let Some(volume) = &options.volume {
        body["volume"] = json!(volume);
    }
    if !options.countries.is_empty() {
        body["countries"] = Value::from(options.countries.clone());
    }
    body
}

/// Says what is wrong with the options; the exit code of a wrong usage.
fn wrong_usage<'a>(errors: impl Iterator<Item = &'a FieldError>) -> ExitCode {
    for error in errors {
        say(&format!("error: {}: {}", error.pointer, error.detail));
    }
    ExitCode::from(2)
}

/// Refuses wrong options before the store is opened. Country codes wait for the countries of the store.
fn refuse_early(options: &SimulateOptions) -> Option<ExitCode> {
    let errors = Request::parse(&body_of(options), &CountryLookup::default(), Language::PtBr).err()?;
    let mut wrong = errors.iter().filter(|error| !error.pointer.starts_with("/countries")).peekable();
    wrong.peek()?;
    Some(wrong_usage(wrong))
}

fn answer(
    snapshot: &Snapshot,
    estimates: &EstimateTable,
    clock: &dyn Clock,
    options: &SimulateOptions,
) -> Result<ExitCode> {
    let language = Language::PtBr;
    let request = match Request::parse(&body_of(options), snapshot.ranking.lookup(), language) {
        Ok(request) => request,
        Err(errors) => return Ok(wrong_usage(errors.iter())),
    };
    let Ok(simulation) = simulate(&snapshot.ranking, &snapshot.reference, estimates, &request) else {
        bail!("o NCM {} não está na tabela de códigos nem nos dados", options.ncm);
    };
    let label = DataLabel { snapshot: &snapshot.id, source: &snapshot.source, sample: snapshot.sample };
    if options.json {
        print(&trade::simulator::json::write(&simulation, label, language, clock.now()))?;
    } else {
        print(table::write(&simulation, label, language).trim_end())?;
    }
    Ok(ExitCode::SUCCESS)
}
