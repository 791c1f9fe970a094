//! `GET /metrics/resumo` and `GET /metrics/pais`. Names and shapes are those of the earlier service.

pub mod schema;

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use chrono::SecondsFormat;
use platform::http::etag::ETag;
use platform::openapi::{conditional, refusal};
use platform::problem::{Problem, Text};
use serde_json::{Value, json};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::totals::{by_country, partial_years, summary};
use crate::TradeState;
use crate::answer::{Pairs, pairs};
use crate::answer::{data_headers, documented, etag, push_decimal, push_kg, push_usd, ratio, respond};
use crate::cube::Snapshot;
use crate::cube::question::Refusal;
use crate::domain::code::{YEAR_BOUND, YEAR_MIN};
use crate::domain::country::BRAZIL;
use crate::explorer::cuts::sector;
use crate::explorer::http::{nothing_loaded, refused};

/// Most countries that can be asked for; there are fewer.
const LIMIT_MAX: usize = 1_000;

/// The routes of the reports.
pub fn routes() -> OpenApiRouter<TradeState> {
    OpenApiRouter::default()
        .routes(documented(conditional(routes!(resumo))))
        .routes(documented(conditional(routes!(pais))))
}

/// Totals of the exports
///
/// The exact totals of everything that is loaded, of one year, or of one sector. A year that is not known to its end is
/// in `partialYears`.
#[utoipa::path(
    get, path = "/metrics/resumo", tag = "reports", operation_id = "get_export_summary", params(schema::SummaryQuery),
    responses((status = 200, description = "The totals.", body = schema::ExportSummary,
        content_type = "application/json", example = json!({
            "totalUsd": 337_046_161_710.5, "totalKg": 754_234_836_153_u64, "paisesCount": 184, "setoresCount": 4,
            "anos": [2024], "updatedAt": "2025-01-15T12:00:00Z",
            "data": {"through": "2024-12", "source": "comexstat", "sample": false, "snapshot": "f5-2024-12",
                "partialYears": []}
        })), refusal::QueryTooLarge)
)]
async fn resumo(State(state): State<TradeState>, headers: HeaderMap, query: Pairs) -> Result<Response, Problem> {
    let (snapshot, parameters) = begin(&state, query, &["ano", "setor"])?;
    let year = parameters.year()?;
    let sector = match parameters.text("setor") {
        None => None,
        Some(name) => Some(sector(name, &snapshot).map_err(|text| Problem::fields(vec![("setor".into(), text)]))?),
    };
    let tag = etag(&snapshot.id, &format!("resumo {year:?} {sector:?}"));
    answer(&snapshot, &headers, &tag, || {
        let summary = summary(&snapshot, year, sector)?;
        // A year that is asked for and not known is named as such, whatever it sums to.
        let years: BTreeSet<u16> = summary.years.iter().copied().chain(year).collect();
        let rest = json!({
            "paisesCount": summary.countries,
            "setoresCount": summary.sectors,
            "anos": summary.years,
            "updatedAt": snapshot.updated_at.map(|at| at.to_rfc3339_opts(SecondsFormat::Secs, true)),
            "data": provenance(&snapshot, &years),
        });
        if summary.years.is_empty() {
            // Nothing is known of it: unknown is not zero.
            let rest = rest.to_string();
            return Ok(format!("{{\"totalUsd\":null,\"totalKg\":null,{}", rest.trim_start_matches('{')));
        }
        Ok(object("", summary.fob_cents, summary.weight_g, "", &rest))
    })
}

/// Exports by country
///
/// Every destination with its exact totals, largest first; those that are no countries (ships' stores, undeclared)
/// count too. Brazil itself (codes 100 and 105) is left out of the list; shares are of all exports, Brazil included.
#[utoipa::path(
    get, path = "/metrics/pais", tag = "reports", operation_id = "list_country_totals",
    params(schema::CountryTotalsQuery),
    responses((status = 200, description = "The countries, largest first.", body = Vec<schema::CountryTotal>,
        content_type = "application/json", example = json!([
            {"pais": "China", "totalUsd": 94_410_000_000_u64, "totalKg": 386_000_000_000_u64, "participacaoPct": 28.01,
                "anos": [2023, 2024]}
        ])), refusal::QueryTooLarge)
)]
async fn pais(State(state): State<TradeState>, headers: HeaderMap, query: Pairs) -> Result<Response, Problem> {
    let (snapshot, parameters) = begin(&state, query, &["ano", "limit"])?;
    let year = parameters.year()?;
    let limit = parameters.limit()?;
    let tag = etag(&snapshot.id, &format!("pais {year:?} {limit}"));
    answer(&snapshot, &headers, &tag, || {
        let ranked = by_country(&snapshot, year)?;
        let total: i64 = ranked.iter().map(|country| country.fob_cents).sum();
        let rows: Vec<String> = ranked
            .iter()
            .filter(|country| country.country != BRAZIL)
            .take(limit)
            .map(|country| {
                let known = snapshot.reference.countries.get(&country.country);
                let name = known.map_or_else(|| format!("{:03}", country.country), |known| known.name_pt.clone());
                // Hundredths of a percent, and 0 % of nothing.
                let part = ratio(i128::from(country.fob_cents), i128::from(total), 4).unwrap_or_default();
                let mut percent = String::from(",\"participacaoPct\":");
                push_decimal(&mut percent, part, 2);
                let name = format!("\"pais\":{},", Value::from(name));
                object(&name, country.fob_cents, country.weight_g, &percent, &json!({"anos": country.years}))
            })
            .collect();
        Ok(format!("[{}]", rows.join(",")))
    })
}

/// The snapshot and the parameters of a report.
fn begin(state: &TradeState, query: Pairs, allowed: &[&'static str]) -> Result<(Arc<Snapshot>, Parameters), Problem> {
    let pairs = pairs(query)?;
    for (at, (name, _)) in pairs.iter().enumerate() {
        if !allowed.contains(&name.as_str()) {
            let name: String = name.chars().take(40).collect();
            let allowed = allowed.join(", ");
            let text = Text::new(
                format!("O parâmetro \"{name}\" não existe; os parâmetros são {allowed}."),
                format!("There is no parameter \"{name}\"; the parameters are {allowed}."),
            );
            return Err(Problem::fields(vec![(name, text)]));
        }
        if pairs[..at].iter().any(|(earlier, _)| earlier == name) {
            let text = Text::new(format!("{name} aparece duas vezes."), format!("{name} is given twice."));
            return Err(Problem::fields(vec![(name.clone(), text)]));
        }
    }
    let snapshot = state.snapshot.load_full();
    if snapshot.is_empty() { Err(nothing_loaded()) } else { Ok((snapshot, Parameters(pairs))) }
}

struct Parameters(Vec<(String, String)>);

impl Parameters {
    /// A parameter that is there and not blank.
    fn text(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    }

    fn year(&self) -> Result<Option<u16>, Problem> {
        let Some(text) = self.text("ano") else { return Ok(None) };
        let year = text.parse().ok().filter(|year| text.len() == 4 && (YEAR_MIN..=YEAR_BOUND).contains(year));
        year.map(Some).ok_or_else(|| {
            let text = Text::new(
                format!("ano precisa ser um ano a partir de {YEAR_MIN}, como em ano=2025."),
                format!("ano must be a year from {YEAR_MIN} on, as in ano=2025."),
            );
            Problem::fields(vec![("ano".into(), text)])
        })
    }

    fn limit(&self) -> Result<usize, Problem> {
        let Some(text) = self.text("limit") else { return Ok(LIMIT_MAX) };
        let limit = text.parse().ok().filter(|limit| (1..=LIMIT_MAX).contains(limit));
        limit.ok_or_else(|| {
            let text = Text::new(
                format!("limit precisa ser um número de 1 a {LIMIT_MAX}."),
                format!("limit must be a number from 1 to {LIMIT_MAX}."),
            );
            Problem::fields(vec![("limit".into(), text)])
        })
    }
}

fn answer(
    snapshot: &Snapshot,
    headers: &HeaderMap,
    tag: &ETag,
    body: impl FnOnce() -> Result<String, Refusal>,
) -> Result<Response, Problem> {
    let provenance = data_headers(snapshot, snapshot.coverage.through());
    let body = match tag.matches(headers) {
        true => None,
        false => Some(body().map_err(refused)?),
    };
    Ok(respond("application/json", tag, provenance, body))
}

fn provenance(snapshot: &Snapshot, years: &BTreeSet<u16>) -> Value {
    json!({
        "through": snapshot.coverage.through().map(|month| month.to_string()),
        "source": snapshot.source,
        "sample": snapshot.sample,
        "snapshot": snapshot.id,
        "partialYears": partial_years(snapshot, years),
    })
}

/// An object of the members `first`, the exact totals, the members `middle`, and those of `rest`.
fn object(first: &str, fob_cents: i64, weight_g: i64, middle: &str, rest: &Value) -> String {
    let mut out = format!("{{{first}\"totalUsd\":");
    push_usd(&mut out, fob_cents);
    out.push_str(",\"totalKg\":");
    push_kg(&mut out, weight_g);
    out.push_str(middle);
    out.push(',');
    out.push_str(rest.to_string().trim_start_matches('{'));
    out
}
