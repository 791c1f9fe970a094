//! Which countries there are: the embedded table, the merging of several codes into one country,
//! and the distance from São Paulo.
//!
//! `CO_PAIS` gives some countries several codes (the United States 249, Johnston 396 and Wake 873).
//! One of them stands for the country; the cube, the reports and the simulator know only that one.
//! Choices where the published table is silent or in doubt:
//! - Jersey is 393 (which the table leaves without ISO code); 152 stays with the United Kingdom, as published;
//! - 489 Mayotte and 698 Saint Martin have their ISO codes, which the table does not give;
//! - a capital is the constitutional one where the seat of government differs: Sucre, Amsterdam;
//! - places without a settled seat (Antarctica, Bouvet, Heard, the US outlying islands, South Georgia,
//!   the French southern lands, Chagos) have no coordinates, so they are never ranked.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use super::code::CountryCode;
use super::reference::Country;

/// Latitude and longitude of São Paulo, from which distances are measured.
pub const SAO_PAULO: (f64, f64) = (-23.5505, -46.6333);
/// Mean radius of the Earth in km (IUGG).
pub const EARTH_RADIUS_KM: f64 = 6371.0088;
/// `CO_PAIS` of Brazil.
pub const BRAZIL: CountryCode = 105;

static COUNTRIES_CSV: &str = include_str!("../../data/countries.csv");

/// What kind of place a `CO_PAIS` names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CountryStatus {
    /// A sovereign country.
    Country,
    /// A territory with its own ISO code.
    Territory,
    /// No place: ships' stores, international organisations, undeclared.
    Pseudo,
    /// A country that no longer exists.
    Defunct,
    /// Brazil itself, the free zone of Manaus included.
    Brazil,
}

impl CountryStatus {
    fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "country" => Self::Country,
            "territory" => Self::Territory,
            "pseudo" => Self::Pseudo,
            "defunct" => Self::Defunct,
            "brazil" => Self::Brazil,
            _ => return None,
        })
    }
}

/// One row of the embedded table: one `CO_PAIS`.
#[derive(Debug, Clone, PartialEq)]
pub struct EmbeddedCountry {
    /// The code.
    pub co_pais: CountryCode,
    /// The code that stands for its country: itself, unless several codes were merged.
    pub canonical: CountryCode,
    /// ISO 3166-1 alpha-2 of the country.
    pub iso2: Option<&'static str>,
    /// ISO 3166-1 alpha-3 (for defunct countries the former one).
    pub iso3: Option<&'static str>,
    /// Portuguese name.
    pub name_pt: &'static str,
    /// English name.
    pub name_en: &'static str,
    /// Latitude and longitude of the capital or seat, in degrees.
    pub capital: Option<(f64, f64)>,
    /// ISO 4217 codes of the currencies, separated by `|`.
    pub currency: &'static str,
    /// Official languages as ISO 639 codes, separated by `|`.
    pub languages: &'static str,
    /// Country group of the estimate table; `none` where there is nothing to estimate.
    pub group: &'static str,
    /// What kind of place it is.
    pub status: CountryStatus,
    /// Other names that files use for it, separated by `|`.
    pub aliases: &'static str,
}

impl EmbeddedCountry {
    /// Whether the country may stand in a ranking: a country or territory with a seat to sell to.
    #[must_use]
    pub fn rankable(&self) -> bool {
        matches!(self.status, CountryStatus::Country | CountryStatus::Territory) && self.capital.is_some()
    }

    /// Great-circle distance in km from São Paulo to the capital.
    #[must_use]
    pub fn distance_km(&self) -> Option<f64> {
        self.capital.map(|capital| great_circle_km(SAO_PAULO, capital))
    }
}

fn parse_row(line: &'static str) -> Option<EmbeddedCountry> {
    let columns: Vec<&'static str> = line.split(';').collect();
    let [co_pais, canonical, iso2, iso3, name_pt, name_en, lat, lon, currency, languages, group, status, aliases] =
        columns[..]
    else {
        return None;
    };
    let optional = |text: &'static str| (!text.is_empty()).then_some(text);
    Some(EmbeddedCountry {
        co_pais: co_pais.parse().ok()?,
        canonical: canonical.parse().ok()?,
        iso2: optional(iso2),
        iso3: optional(iso3),
        name_pt,
        name_en,
        capital: lat.parse().ok().zip(lon.parse().ok()),
        currency,
        languages,
        group,
        status: CountryStatus::parse(status)?,
        aliases,
    })
}

/// The embedded table by `CO_PAIS`: every code of the 2026 vintage.
#[must_use]
pub fn embedded() -> &'static [EmbeddedCountry] {
    static TABLE: LazyLock<Vec<EmbeddedCountry>> =
        LazyLock::new(|| COUNTRIES_CSV.lines().skip(1).filter_map(parse_row).collect());
    &TABLE
}

/// The embedded row of a `CO_PAIS`.
#[must_use]
pub fn find(code: CountryCode) -> Option<&'static EmbeddedCountry> {
    let table = embedded();
    table.binary_search_by_key(&code, |country| country.co_pais).ok().map(|at| &table[at])
}

/// Great-circle distance in km between two points given as latitude and longitude in degrees
/// (haversine formula, which stays exact for near points).
#[must_use]
pub fn great_circle_km(from: (f64, f64), to: (f64, f64)) -> f64 {
    let (lat_from, lat_to) = (from.0.to_radians(), to.0.to_radians());
    let half_lat = (lat_to - lat_from) / 2.0;
    let half_lon = (to.1 - from.1).to_radians() / 2.0;
    let chord = half_lat.sin().powi(2) + lat_from.cos() * lat_to.cos() * half_lon.sin().powi(2);
    2.0 * EARTH_RADIUS_KM * chord.clamp(0.0, 1.0).sqrt().asin()
}

/// The flag of an ISO alpha-2 code as an emoji (two regional indicators); empty when it is no such code.
#[must_use]
pub fn flag_emoji(iso2: &str) -> String {
    if iso2.len() != 2 || !iso2.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return String::new();
    }
    iso2.bytes().filter_map(|byte| char::from_u32(0x1F1E6 + u32::from(byte - b'A'))).collect()
}

/// A row of the published country table (`PAIS.csv`) as loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedCountry {
    /// `CO_PAIS`.
    pub code: CountryCode,
    /// `CO_PAIS_ISOA3`; `ZZZ`, `NA` or empty where the table has none.
    pub iso3: String,
    /// `NO_PAIS`.
    pub name_pt: String,
    /// `NO_PAIS_ING`.
    pub name_en: String,
}

/// A country name that a file brought and no table knew then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnlistedCountry {
    /// The code that it was given, 1000 or above.
    pub code: CountryCode,
    /// The name.
    pub name: String,
    /// The country that it means, once a table knows it.
    pub resolved: Option<CountryCode>,
}

/// The countries of a snapshot and, for every code that is not its country's own, the country's code.
///
/// Published names win over the embedded ones. A published code that the embedded table does not
/// know joins the country that has its ISO code, or stands alone and is never ranked. `unlisted` are
/// names that no table knows, each its own country, never ranked.
#[must_use]
pub fn build_countries(
    published: Option<&[PublishedCountry]>,
    unlisted: &[UnlistedCountry],
) -> (BTreeMap<CountryCode, Country>, HashMap<CountryCode, CountryCode>) {
    let mut countries = BTreeMap::new();
    let mut merged = HashMap::new();
    for row in embedded() {
        if row.canonical == row.co_pais {
            countries.insert(row.co_pais, country_of_row(row));
        } else {
            merged.insert(row.co_pais, row.canonical);
        }
    }
    for row in published.unwrap_or_default() {
        if let Some(country) = countries.get_mut(&row.code) {
            take_name(&mut country.name_pt, &row.name_pt);
            take_name(&mut country.name_en, &row.name_en);
            continue;
        }
        if merged.contains_key(&row.code) {
            continue;
        }
        if let Some(canonical) = canonical_of_iso3(&row.iso3) {
            merged.insert(row.code, canonical);
        } else {
            countries.insert(row.code, country_alone(row.code, &row.name_pt, &row.name_en));
        }
    }
    for row in unlisted {
        match row.resolved.map(|code| merged.get(&code).copied().unwrap_or(code)) {
            Some(code) if countries.contains_key(&code) => drop(merged.insert(row.code, code)),
            _ => drop(countries.entry(row.code).or_insert_with(|| country_alone(row.code, &row.name, &row.name))),
        }
    }
    (countries, merged)
}

fn take_name(name: &mut String, published: &str) {
    let published = published.trim();
    if !published.is_empty() && published != "NA" {
        name.clear();
        name.push_str(published);
    }
}

fn canonical_of_iso3(iso3: &str) -> Option<CountryCode> {
    embedded().iter().find(|row| row.iso3 == Some(iso3.trim())).map(|row| row.canonical)
}

fn country_of_row(row: &EmbeddedCountry) -> Country {
    Country {
        code: row.co_pais,
        iso2: row.iso2.map(str::to_owned),
        iso3: row.iso3.map(str::to_owned),
        name_pt: row.name_pt.to_owned(),
        name_en: row.name_en.to_owned(),
        flag_emoji: row.iso2.map(flag_emoji).unwrap_or_default(),
        distance_km: row.distance_km(),
        group: row.group.to_owned(),
        rankable: row.rankable(),
    }
}

/// What a `CO_PAIS` that is in no table is called, in reports and answers alike. Never ranked.
#[must_use]
pub fn unlisted(code: CountryCode) -> Country {
    country_alone(code, &format!("País {code:03} (fora da tabela)"), &format!("Country {code:03} (not in the table)"))
}

/// A country of which nothing but code and name is known.
fn country_alone(code: CountryCode, name_pt: &str, name_en: &str) -> Country {
    Country {
        code,
        iso2: None,
        iso3: None,
        name_pt: name_pt.trim().to_owned(),
        name_en: name_en.trim().to_owned(),
        flag_emoji: String::new(),
        distance_km: None,
        group: "none".to_owned(),
        rankable: false,
    }
}

#[cfg(test)]
#[path = "country_tests.rs"]
mod tests;
