//! What the trade context asks of the outside, answered by the gateway.

use std::path::Path;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use gateway::call::Gateway;
use gateway::domain::entry::EntryKind;
use gateway::domain::mapping::OutboundRequest;
use gateway::upstream::{Upstream, UpstreamError};
use serde_json::{Map, Value, json};
use trade::countries::{CountryError, CountryFacts, CountrySource};
use trade::domain::code::Month;
use trade::ingest::sync::{FetchProgress, OfficialError, OfficialFile, OfficialFiles, Published};

/// The connector of the ministry's files.
const BULK: &str = "comexstat-bulk";
/// The connector of the ministry's API.
const API: &str = "comexstat";
/// The connector that knows of countries.
const COUNTRIES: &str = "restcountries";

/// The ministry, by way of the gateway.
#[derive(Debug)]
pub struct Ministry(pub Arc<Gateway>);

impl Ministry {
    /// The source of a file and the request for it.
    fn request(
        &self,
        file: OfficialFile,
    ) -> Result<(&Arc<Upstream>, &gateway::domain::connector::Endpoint, OutboundRequest), OfficialError> {
        let (endpoint, arguments) = match file {
            OfficialFile::Year(year) => ("exportacao_ano", json!({ "ano": year })),
            OfficialFile::Totals => ("totais_conferencia", json!({})),
            OfficialFile::Table(table) => ("tabela", json!({ "nome": table.name() })),
        };
        let (upstream, endpoint) = self.0.find(BULK, endpoint)?;
        let arguments = arguments.as_object().cloned().unwrap_or_default();
        let arguments = endpoint.check(&arguments).map_err(|wrong| wrong_arguments(&wrong))?;
        Ok((upstream, endpoint, endpoint.request.fill(&arguments)))
    }
}

/// The answer to a question without arguments.
async fn asked(gateway: &Gateway, connector: &str, endpoint: &str) -> Result<Value, OfficialError> {
    let answer = gateway.call(connector, endpoint, &Map::new()).await?;
    if answer.entry.kind == EntryKind::Missing {
        return Err(format!("{connector} says that there is no {endpoint}").into());
    }
    Ok(serde_json::from_slice(&answer.entry.body)?)
}

fn wrong_arguments(wrong: &[gateway::domain::parameter::WrongArgument]) -> String {
    let one = |wrong: &gateway::domain::parameter::WrongArgument| format!("{}: {}", wrong.pointer, wrong.english);
    wrong.iter().map(one).collect::<Vec<_>>().join("; ")
}

impl OfficialFiles for Ministry {
    fn origin(&self) -> String {
        let host = |upstream: &Arc<Upstream>| upstream.connector().base_url.host_str().map(str::to_owned);
        self.0.upstreams().get(BULK).and_then(host).unwrap_or_else(|| BULK.to_owned())
    }

    fn probe(&self, file: OfficialFile) -> BoxFuture<'_, Result<Option<Published>, OfficialError>> {
        Box::pin(async move {
            let (upstream, endpoint, request) = self.request(file)?;
            match upstream.probe(endpoint, &request).await {
                Ok(probe) => {
                    let modified = probe.last_modified;
                    let validator = probe.etag.or_else(|| modified.map(|at| at.to_rfc3339()));
                    Ok(Some(Published { bytes: probe.bytes, validator, modified }))
                }
                Err(UpstreamError::NotFound) => Ok(None),
                Err(error) => Err(error.into()),
            }
        })
    }

    fn fetch<'a>(
        &'a self,
        file: OfficialFile,
        into: &'a Path,
        progress: FetchProgress<'a>,
    ) -> BoxFuture<'a, Result<Option<()>, OfficialError>> {
        Box::pin(async move {
            let (upstream, endpoint, request) = self.request(file)?;
            match upstream.download(endpoint, &request, into, progress).await {
                Ok(_) => Ok(Some(())),
                Err(UpstreamError::NotFound) => Ok(None),
                Err(error) => Err(error.into()),
            }
        })
    }

    fn announced(&self) -> BoxFuture<'_, Result<Option<Month>, OfficialError>> {
        Box::pin(async move {
            let told = asked(&self.0, API, "atualizacao").await?;
            let number = |name: &str| told[name].as_i64();
            let month = number("ano")
                .zip(number("mes"))
                .and_then(|(year, month)| Month::new(u16::try_from(year).ok()?, u8::try_from(month).ok()?));
            month.map(Some).ok_or_else(|| "the answer names no month".into())
        })
    }
}

/// REST Countries, by way of the gateway.
#[derive(Debug)]
pub struct RestCountries(pub Arc<Gateway>);

impl CountrySource for RestCountries {
    fn countries(&self) -> BoxFuture<'_, Result<Vec<CountryFacts>, CountryError>> {
        Box::pin(async move {
            let told = asked(&self.0, COUNTRIES, "countries").await?;
            let rows = told["countries"].as_array().ok_or("the answer has no list of countries")?;
            Ok(rows.iter().map(facts).collect())
        })
    }
}

fn facts(row: &Value) -> CountryFacts {
    let text = |name: &str| row[name].as_str().map(str::to_owned);
    let codes = |name: &str| {
        let listed = row[name].as_array().into_iter().flatten();
        listed.filter_map(|code| code.as_str().map(str::to_owned)).collect()
    };
    CountryFacts {
        iso2: text("iso2").unwrap_or_default(),
        iso3: text("iso3").unwrap_or_default(),
        name_en: text("name_en"),
        currencies: codes("currencies"),
        languages: codes("languages"),
    }
}
