//! What is known of the countries that goods are sold to (`cfg.countries_metadata`).
//!
//! Which countries there are, where their capitals lie, what they are called in Brazil and their flags come from the
//! embedded table alone: no source knows that better, and none can spoil it. A source may say what changes in the
//! world: English names, currencies, languages.

mod merge;

#[cfg(test)]
mod merge_tests;

use std::fmt;

use futures_util::future::BoxFuture;
use platform::clock::Clock;
use serde::Serialize;
use trade_queries::queries::countries as sql;

use crate::store::{Store, StoreError};
use merge::Row;

/// How many of the nearest and of the farthest are told.
const TOLD: usize = 3;

/// What a source says of one country. Nothing of it is trusted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CountryFacts {
    /// ISO 3166-1 alpha-2.
    pub iso2: String,
    /// ISO 3166-1 alpha-3.
    pub iso3: String,
    /// English name.
    pub name_en: Option<String>,
    /// ISO 4217 codes.
    pub currencies: Vec<String>,
    /// ISO 639 codes, of two or three letters; kept as ISO 639-1 where there is such a code.
    pub languages: Vec<String>,
}

/// Why a source did not answer. Its text says what happened.
pub type CountryError = Box<dyn std::error::Error + Send + Sync>;

/// Whoever knows of countries: REST Countries, by way of the gateway.
pub trait CountrySource: fmt::Debug + Send + Sync {
    /// What it says of every country.
    ///
    /// # Errors
    /// When it cannot be asked; then the rows that are there stay, and where there are none the embedded table serves
    /// alone.
    fn countries(&self) -> BoxFuture<'_, Result<Vec<CountryFacts>, CountryError>>;
}

/// Where the rows came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// The source over the embedded table.
    RestCountries,
    /// The embedded table alone.
    Embedded,
}

/// A country and how far its capital is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CountryDistance {
    /// ISO 3166-1 alpha-2.
    pub code: String,
    /// Portuguese name.
    pub name_pt: String,
    /// English name.
    pub name_en: String,
    /// Great circle from São Paulo to the capital in km, rounded to one decimal.
    pub distance_km: f64,
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PopulateReport {
    /// Countries in the table.
    pub rows: usize,
    /// Rows that are new, different or gone.
    pub changed: u64,
    /// What this filling had to go by. With a source that failed it is the embedded table, and rows that were there
    /// already are left alone, which a notice says.
    pub from: Origin,
    /// The nearest, the nearest first.
    pub nearest: Vec<CountryDistance>,
    /// The farthest, the farthest first.
    pub farthest: Vec<CountryDistance>,
    /// Things worth telling: what of the source was not taken, and why.
    pub notices: Vec<String>,
}

/// Fills the table: a row for every country or territory with a capital, Brazil left out. The same embedded table and
/// the same source give the same rows, however often. While the source cannot be asked or used, a table that is filled
/// stays as it is; without a source (`None`) the embedded table is put in its place.
///
/// # Errors
/// When PostgreSQL cannot be reached or refuses; nothing changed then.
pub async fn populate(
    store: &Store,
    source: Option<&dyn CountrySource>,
    clock: &dyn Clock,
) -> Result<PopulateReport, StoreError> {
    let mut notices = Vec::new();
    let facts = match source {
        None => {
            notices.push("offline: names, currencies and languages are those of the embedded table".to_owned());
            None
        }
        Some(source) => match source.countries().await {
            Ok(facts) => Some(facts),
            Err(error) => {
                notices.push(format!("the source cannot be asked: {error}"));
                None
            }
        },
    };
    let merged = merge::merge(facts.as_deref(), &mut notices);
    let stays = source.is_some() && !merged.from_source && is_filled(store, merged.rows.len()).await?;
    let changed = if stays { 0 } else { put(store, &merged.rows, clock).await? };
    if stays {
        notices.push("the table stays as it was filled before; --offline fills it from the embedded table".to_owned());
    } else if source.is_some() && !merged.from_source {
        notices.push("the embedded table serves alone".to_owned());
    }
    let mut by_distance: Vec<&Row> = merged.rows.iter().collect();
    by_distance.sort_by(|left, right| left.distance_km.total_cmp(&right.distance_km).then(left.code.cmp(right.code)));
    Ok(PopulateReport {
        rows: merged.rows.len(),
        changed,
        from: if merged.from_source { Origin::RestCountries } else { Origin::Embedded },
        nearest: by_distance.iter().take(TOLD).map(|row| told(row)).collect(),
        farthest: by_distance.iter().rev().take(TOLD).map(|row| told(row)).collect(),
        notices,
    })
}

fn told(row: &Row) -> CountryDistance {
    CountryDistance {
        code: row.code.to_owned(),
        name_pt: row.name_pt.to_owned(),
        name_en: row.name_en.clone(),
        distance_km: (row.distance_km * 10.0).round() / 10.0,
    }
}

/// Whether the table holds as many rows as it should.
async fn is_filled(store: &Store, rows: usize) -> Result<bool, StoreError> {
    let client = store.pool.get().await?;
    let held = store.queries.timed("count_countries", sql::count_countries().bind(&client).one()).await?;
    Ok(usize::try_from(held).is_ok_and(|held| held >= rows))
}

/// Makes the table hold these rows and no others, in one statement; how many rows that changed.
async fn put(store: &Store, rows: &[Row], clock: &dyn Clock) -> Result<u64, StoreError> {
    fn column<'a, T>(rows: &'a [Row], part: impl Fn(&'a Row) -> T) -> Vec<T> {
        rows.iter().map(part).collect()
    }
    let client = store.pool.get().await?;
    let (at, statement) = (clock.now(), sql::put_countries());
    let (codes, iso3) = (column(rows, |row| row.code), column(rows, |row| row.iso3));
    let (names_pt, names_en) = (column(rows, |row| row.name_pt), column(rows, |row| row.name_en.as_str()));
    let flags = column(rows, |row| row.flag_emoji.as_str());
    let (currencies, languages) =
        (column(rows, |row| row.currency.as_str()), column(rows, |row| row.languages.as_str()));
    let (latitudes, longitudes) = (column(rows, |row| row.capital.0), column(rows, |row| row.capital.1));
    let distances = column(rows, |row| row.distance_km);
    let query = statement.bind(
        &client,
        &at,
        &codes,
        &iso3,
        &names_pt,
        &names_en,
        &flags,
        &currencies,
        &languages,
        &latitudes,
        &longitudes,
        &distances,
    );
    Ok(store.queries.timed("put_countries", query.one()).await?.unsigned_abs())
}
