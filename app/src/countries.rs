//! `bgc countries populate`: what is known of the countries, from a source or from the embedded table.

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Result;
use platform::clock::Clock;
use platform::postgres::pool::QueryMetrics;
use platform::telemetry::metrics::Metrics;
use trade::countries::{CountryDistance, CountrySource, Origin, PopulateReport, populate};
use trade::store::Store;

use crate::cli::CountriesCommand;
use crate::config::Config;
use crate::database::{self, Purpose};
use crate::sources::RestCountries;
use crate::{gateway, ingest, print, say};

/// Runs one command.
pub async fn run(config: &Config, clock: Arc<dyn Clock>, command: CountriesCommand) -> Result<ExitCode> {
    let CountriesCommand::Populate { offline, json } = command;
    let queries = Metrics::new().register(QueryMetrics::register);
    let database = database::open(config, Purpose::Command, queries).await?;
    let work = async {
        let source: Option<Arc<dyn CountrySource>> = match offline {
            true => None,
            false => Some(Arc::new(RestCountries(gateway::of_command(config, &database, &clock).await?))),
        };
        fill(&database.store, source, clock.as_ref(), json).await
    };
    let outcome = tokio::select! {
        outcome = work => outcome,
        () = ingest::interrupted() => Err(anyhow::anyhow!("interrupted; the table is as it was")),
    };
    database.close().await;
    outcome.map(|()| ExitCode::SUCCESS)
}

/// Fills the table, and says what became of it.
async fn fill(store: &Store, source: Option<Arc<dyn CountrySource>>, clock: &dyn Clock, json: bool) -> Result<()> {
    let report = populate(store, source.as_deref(), clock).await?;
    for notice in &report.notices {
        say(&format!("note: {notice}"));
    }
    if json { print(&serde_json::to_string(&report)?) } else { show(&report) }
}

fn show(report: &PopulateReport) -> Result<()> {
    let from = match report.from {
        Origin::RestCountries => "REST Countries and the embedded table",
        Origin::Embedded => "the embedded table",
    };
    print(&format!("{} countries from {from}, {} changed", report.rows, report.changed))?;
    let list = |countries: &[CountryDistance]| {
        let one = |country: &CountryDistance| format!("{} ({:.0} km)", country.name_pt, country.distance_km);
        countries.iter().map(one).collect::<Vec<_>>().join(", ")
    };
    print(&format!("nearest to São Paulo: {}", list(&report.nearest)))?;
    print(&format!("farthest from it: {}", list(&report.farthest)))
}
