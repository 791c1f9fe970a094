//! What a source says of countries, laid over the embedded table. Pure.

use std::collections::BTreeMap;

use super::CountryFacts;
use crate::domain::country::{EmbeddedCountry, embedded, flag_emoji};

/// More records than this are not the countries of the world.
const RECORDS_MAX: usize = 1_000;
/// A source that knows fewer of our countries is broken, or is another source.
const KNOWN_MIN: usize = 50;
/// Longest name, in characters.
const NAME_CHARS_MAX: usize = 100;
/// Most currencies or languages of a country.
const CODES_MAX: usize = 12;
/// Countries named in a notice.
const NAMED_MAX: usize = 5;

/// A row of the table.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Row {
    pub code: &'static str,
    pub iso3: &'static str,
    pub name_pt: &'static str,
    pub name_en: String,
    pub flag_emoji: String,
    /// Codes, separated by commas.
    pub currency: String,
    /// Likewise.
    pub languages: String,
    /// Latitude and longitude in degrees.
    pub capital: (f64, f64),
    pub distance_km: f64,
}

/// The rows, by code.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Merged {
    pub rows: Vec<Row>,
    /// Whether the source had a part in them.
    pub from_source: bool,
}

/// Lays `facts` over the embedded table. What is wrong with them is told and not taken.
pub(super) fn merge(facts: Option<&[CountryFacts]>, notices: &mut Vec<String>) -> Merged {
    let mut rows: BTreeMap<&'static str, Row> = BTreeMap::new();
    for country in embedded().iter().filter(|country| country.canonical == country.co_pais && country.rankable()) {
        if let Some(row) = row_of(country) {
            rows.entry(row.code).or_insert(row);
        }
    }
    let known = facts.map(|facts| known_facts(facts, &rows, notices)).unwrap_or_default();
    let mut spoilt = Vec::new();
    for (code, facts) in &known {
        if let Some(row) = rows.get_mut(code)
            && !improve(row, facts)
        {
            spoilt.push(*code);
        }
    }
    if !spoilt.is_empty() {
        notices.push(format!("of {} the source says something that cannot be, which was not taken", named(&spoilt)));
    }
    Merged { rows: rows.into_values().collect(), from_source: !known.is_empty() }
}

fn row_of(country: &EmbeddedCountry) -> Option<Row> {
    let code = country.iso2?;
    Some(Row {
        code,
        iso3: country.iso3?,
        name_pt: country.name_pt,
        name_en: country.name_en.to_owned(),
        flag_emoji: flag_emoji(code),
        currency: country.currency.replace('|', ","),
        languages: country.languages.replace('|', ","),
        capital: country.capital?,
        distance_km: country.distance_km()?,
    })
}

/// What the source says of the countries that there are, one record each; nothing, when it cannot be the world.
fn known_facts<'a>(
    facts: &'a [CountryFacts],
    rows: &BTreeMap<&'static str, Row>,
    notices: &mut Vec<String>,
) -> BTreeMap<&'static str, &'a CountryFacts> {
    let mut known = BTreeMap::new();
    if facts.len() > RECORDS_MAX {
        notices.push(format!("the source names {} countries: nothing of it was taken", facts.len()));
        return known;
    }
    let mut twice = Vec::new();
    for fact in facts {
        // Both codes must agree: a record with one of them wrong may be of either country.
        let Some(row) = rows.get(fact.iso2.as_str()).filter(|row| row.iso3 == fact.iso3) else { continue };
        if known.contains_key(row.code) {
            twice.push(row.code);
        } else {
            known.insert(row.code, fact);
        }
    }
    if known.len() < KNOWN_MIN {
        notices.push(format!("the source knows {} countries of {}: nothing of it was taken", known.len(), rows.len()));
        return BTreeMap::new();
    }
    if !twice.is_empty() {
        notices.push(format!("the source names {} more than once: the first counts", named(&twice)));
    }
    known
}

/// Takes what is sane, and says whether all of it was. What the source leaves out is no fault.
fn improve(row: &mut Row, facts: &CountryFacts) -> bool {
    let mut sane = true;
    if let Some(name) = &facts.name_en {
        let name = name.trim();
        let fits = !name.is_empty() && name.len() <= 4 * NAME_CHARS_MAX && name.chars().count() <= NAME_CHARS_MAX;
        if fits && !name.chars().any(char::is_control) {
            name.clone_into(&mut row.name_en);
        } else {
            sane = false;
        }
    }
    let upper = |code: &str| code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase());
    let lower = |code: &str| matches!(code.len(), 2 | 3) && code.bytes().all(|byte| byte.is_ascii_lowercase());
    sane &= take_codes(&mut row.currency, &facts.currencies, upper);
    sane & take_codes(&mut row.languages, &facts.languages, lower)
}

/// Takes a list of codes, in the order of the alphabet: the source gives them in any.
fn take_codes(place: &mut String, codes: &[String], is_code: impl Fn(&str) -> bool) -> bool {
    if codes.len() > CODES_MAX || !codes.iter().all(|code| is_code(code)) {
        return false;
    }
    let mut sorted: Vec<&str> = codes.iter().map(String::as_str).collect();
    sorted.sort_unstable();
    sorted.dedup();
    if !sorted.is_empty() {
        *place = sorted.join(",");
    }
    true
}

/// A few codes, and how many more.
fn named(codes: &[&str]) -> String {
    let shown = codes.iter().take(NAMED_MAX).copied().collect::<Vec<_>>().join(", ");
    match codes.len().saturating_sub(NAMED_MAX) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}
