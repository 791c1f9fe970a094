//! A fake of REST Countries v3.1: the countries that its users ask for, and how it refuses.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Map, Value, json};

use crate::fault::{Faults, behind_door};
use crate::http::TestListener;
use crate::request_log::RequestLog;

#[cfg(test)]
mod tests;

/// A country a line: two letters, three, name, Portuguese name, `CODE:name:symbol,…`, `code:language,…`, latitude and
/// longitude, capital, its latitude and longitude, region. Some parts of the Antarctic have neither currency nor capital.
const TABLE: &str = include_str!("table.txt");

/// Most fields that `/all` gives at once.
const FIELDS_MAX: usize = 10;

static COUNTRIES: LazyLock<Vec<Map<String, Value>>> = LazyLock::new(|| TABLE.lines().map(country).collect());

type Parameters = Query<BTreeMap<String, String>>;

/// The fake. Clones are the same host.
#[derive(Debug, Clone, Default)]
pub struct FakeRestCountries {
    faults: Faults,
    log: RequestLog,
}

impl FakeRestCountries {
    /// A host that works.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How many countries it knows.
    #[must_use]
    pub fn count() -> usize {
        COUNTRIES.len()
    }

    /// The switches of its faults.
    #[must_use]
    pub const fn faults(&self) -> &Faults {
        &self.faults
    }

    /// What it was asked.
    #[must_use]
    pub const fn log(&self) -> &RequestLog {
        &self.log
    }

    /// Its routes.
    pub fn router(&self) -> Router {
        let routes = Router::new().route("/v3.1/all", get(all)).route("/v3.1/alpha/{code}", get(alpha));
        behind_door(routes.fallback(|| async { refused(StatusCode::NOT_FOUND, "Not Found") }), &self.faults, &self.log)
    }

    /// Serves it over plain HTTP.
    pub async fn serve(&self) -> TestListener {
        TestListener::serve(self.router()).await
    }
}

async fn all(Query(parameters): Parameters) -> Response {
    match fields(&parameters) {
        Some(fields) if fields.len() <= FIELDS_MAX && !fields.contains("") => {
            Json(COUNTRIES.iter().map(|country| only(country, &fields)).collect::<Vec<_>>()).into_response()
        }
        _ => refused(StatusCode::BAD_REQUEST, "'fields' query not specified or you're requesting more than 10 fields"),
    }
}

/// With `fields` the answer is the country, without it is a list of one.
async fn alpha(Path(code): Path<String>, Query(parameters): Parameters) -> Response {
    if !(2..=3).contains(&code.len()) {
        return refused(StatusCode::BAD_REQUEST, "Bad Request");
    }
    let has_code = |country: &&Map<String, Value>| {
        ["cca2", "cca3"].iter().any(|name| country[*name].as_str().is_some_and(|own| own.eq_ignore_ascii_case(&code)))
    };
    match (COUNTRIES.iter().find(has_code), fields(&parameters)) {
        (None, _) => refused(StatusCode::NOT_FOUND, "Not Found"),
        (Some(country), Some(fields)) => Json(only(country, &fields)).into_response(),
        (Some(country), None) => Json([country]).into_response(),
    }
}

fn refused(status: StatusCode, message: &str) -> Response {
    (status, Json(json!({"status": status.as_u16(), "message": message}))).into_response()
}

fn fields(parameters: &BTreeMap<String, String>) -> Option<BTreeSet<&str>> {
    parameters.get("fields").map(|fields| fields.split(',').map(str::trim).collect())
}

fn only(country: &Map<String, Value>, fields: &BTreeSet<&str>) -> Value {
    let kept = country.iter().filter(|(name, _)| fields.contains(name.as_str()));
    Value::Object(kept.map(|(name, value)| (name.clone(), value.clone())).collect())
}

fn country(line: &str) -> Map<String, Value> {
    let cells: Vec<&str> = line.split('|').collect();
    let Ok([cca2, cca3, name, portuguese, currencies, languages, place, capital, capital_place, region]) =
        <[&str; 10]>::try_from(cells)
    else {
        panic!("no country: {line}");
    };
    let numbers = |text: &str| text.split(',').filter_map(|number| number.parse().ok()).collect::<Vec<f64>>();
    let mut currency_of = Map::new();
    for currency in currencies.split(',').filter(|currency| !currency.is_empty()) {
        let mut parts = currency.splitn(3, ':').map(str::to_owned);
        let (Some(code), Some(name), Some(symbol)) = (parts.next(), parts.next(), parts.next()) else {
            panic!("no currency: {currency}");
        };
        currency_of.insert(code, json!({"name": name, "symbol": symbol}));
    }
    let language_of = languages.split(',').filter_map(|language| language.split_once(':'));
    let language_of: Map<String, Value> = language_of.map(|(code, name)| (code.to_owned(), name.into())).collect();
    // A flag is the two letters as regional indicators.
    let indicator = |letter: char| char::from_u32(0x1_f1e6 + u32::from(letter) - u32::from('A'));
    let flag: String = cca2.chars().filter_map(indicator).collect();
    let capitals: Vec<&str> = [capital].into_iter().filter(|capital| !capital.is_empty()).collect();
    let mut country = Map::new();
    for (member, value) in [
        ("cca2", json!(cca2)),
        ("cca3", json!(cca3)),
        ("name", json!({"common": name, "official": name})),
        ("translations", json!({"por": {"official": portuguese, "common": portuguese}})),
        ("flag", json!(flag)),
        ("currencies", Value::Object(currency_of)),
        ("languages", Value::Object(language_of)),
        ("latlng", json!(numbers(place))),
        ("capital", json!(capitals)),
        ("capitalInfo", if capitals.is_empty() { json!({}) } else { json!({"latlng": numbers(capital_place)}) }),
        ("region", json!(region)),
    ] {
        country.insert(member.to_owned(), value);
    }
    country
}
