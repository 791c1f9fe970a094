//! Totals and the ranking of countries, by year and sector.

use std::collections::{BTreeMap, BTreeSet};

use crate::cube::Snapshot;
use crate::cube::question::{Cuts, Group, Grouping, Question, Refusal, TimeLevel};
use crate::cube::scan::Prepared;
use crate::domain::code::{CountryCode, Month, SectorId};

/// What everything adds up to.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// FOB value in US cents.
    pub fob_cents: i64,
    /// Net weight in grams.
    pub weight_g: i64,
    /// Destinations that occur, pseudo-countries among them.
    pub countries: usize,
    /// Sectors that occur.
    pub sectors: usize,
    /// Years that occur, ascending.
    pub years: BTreeSet<u16>,
}

/// One destination.
#[derive(Debug, PartialEq, Eq)]
pub struct CountryTotal {
    /// Which.
    pub country: CountryCode,
    /// FOB value in US cents.
    pub fob_cents: i64,
    /// Net weight in grams.
    pub weight_g: i64,
    /// Years with exports to it, ascending.
    pub years: BTreeSet<u16>,
}

/// The totals of one year or all, of one sector or all.
///
/// # Errors
/// [`Refusal`] where the cube does not answer, which the rollups never come near.
pub fn summary(snapshot: &Snapshot, year: Option<u16>, sector: Option<SectorId>) -> Result<Summary, Refusal> {
    let groups = groups(snapshot, year, sector, true)?;
    let mut countries = BTreeSet::new();
    let mut sectors = BTreeSet::new();
    let mut summary = Summary::default();
    for Group { key, sums } in groups {
        summary.fob_cents += sums.fob_cents;
        summary.weight_g += sums.weight_g;
        countries.insert(key.country);
        sectors.insert(key.sector);
        summary.years.insert(key.time);
    }
    summary.countries = countries.len();
    summary.sectors = sectors.len();
    Ok(summary)
}

/// Every destination of one year or all, largest first, ties by code.
///
/// # Errors
/// As [`summary`].
pub fn by_country(snapshot: &Snapshot, year: Option<u16>) -> Result<Vec<CountryTotal>, Refusal> {
    let mut totals: BTreeMap<CountryCode, CountryTotal> = BTreeMap::new();
    for Group { key, sums } in groups(snapshot, year, None, false)? {
        let country = key.country;
        let total = totals.entry(country).or_insert_with(|| CountryTotal {
            country,
            fob_cents: 0,
            weight_g: 0,
            years: BTreeSet::new(),
        });
        total.fob_cents += sums.fob_cents;
        total.weight_g += sums.weight_g;
        total.years.insert(key.time);
    }
    let mut ranked: Vec<CountryTotal> = totals.into_values().collect();
    ranked.sort_by_key(|total| (std::cmp::Reverse(total.fob_cents), total.country));
    Ok(ranked)
}

fn groups(
    snapshot: &Snapshot,
    year: Option<u16>,
    sector: Option<SectorId>,
    by_sector: bool,
) -> Result<Vec<Group>, Refusal> {
    let years = snapshot.segments.iter().map(|segment| segment.year()).filter(|at| year.is_none_or(|year| year == *at));
    let question = Question {
        by: Grouping { time: TimeLevel::Year, country: true, sector: by_sector, ..Grouping::default() },
        cuts: Cuts { sectors: sector.map(|sector| [sector].into()), ..Cuts::default() },
        months: years
            .flat_map(|year| (1..=12).filter_map(move |month| Month::new(year, month)))
            .map(|month| (month, month))
            .collect(),
        ..Question::default()
    };
    Prepared::new(&question, snapshot)?.run()
}

/// The years of `years` of which not every month is covered for every product.
#[must_use]
pub fn partial_years(snapshot: &Snapshot, years: &BTreeSet<u16>) -> Vec<u16> {
    let whole = |year: &u16| snapshot.coverage.years.get(year).is_some_and(|coverage| coverage.through_month >= 12);
    years.iter().filter(|year| !whole(year)).copied().collect()
}
