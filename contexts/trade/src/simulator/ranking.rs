//! The simulator's index: for every product, the parts of the score of every destination, computed
//! once when a snapshot is assembled. A request only weighs, sorts and prints.
//!
//! The reference set of a product, and so every part of a score, depends on the data alone. What a
//! request may choose (weights, countries, how many) touches none of it.

use std::cmp::Ordering;

use crate::domain::code::{CountryCode, Month, Ncm};
use crate::domain::score::{self, DemandLevel, DistanceScale, Parts, WINDOWS, Weights};
use crate::domain::succession::Succession;

pub use super::lookup::{CountrySet, Destination};

/// Bits of a destination's flags: which parts are missing.
pub(super) const NO_SIZE: u8 = 1;
pub(super) const NO_GROWTH: u8 = 1 << 1;
pub(super) const NO_PRICE: u8 = 1 << 2;
pub(super) const NO_DISTANCE: u8 = 1 << 3;
pub(super) const DEMAND_HIGH: u8 = 1 << 4;
pub(super) const DEMAND_MEDIUM: u8 = 1 << 5;
/// Most of the value comes from the Manaus free zone.
pub(super) const FREE_ZONE: u8 = 1 << 6;

/// One product of the index.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ProductEntry {
    /// The product.
    pub ncm: Ncm,
    /// Last month covered for it: the windows end here. `None` when no month is covered.
    pub through: Option<Month>,
    /// Covered months of each window, oldest first, 0–12.
    pub window_months: [u8; WINDOWS],
    /// FOB in cents of the last window to all destinations, rankable or not.
    pub last_window_cents: i64,
    /// US$ a kg of the last window over all destinations; `None` without enough data.
    pub usd_per_kg: Option<f64>,
    /// First of its rows, which end where the next product's begin.
    pub(super) first: u32,
    pub(super) distance: Option<DistanceScale>,
}

impl Default for ProductEntry {
    /// A product of which no month is covered.
    fn default() -> Self {
        Self {
            ncm: Ncm(0),
            through: None,
            window_months: [0; WINDOWS],
            last_window_cents: 0,
            usd_per_kg: None,
            first: 0,
            distance: None,
        }
    }
}

impl ProductEntry {
    /// Bit by window, oldest first: whether all its twelve months are covered.
    #[must_use]
    pub fn covered(&self) -> u8 {
        (0..WINDOWS).filter(|window| self.window_months[*window] == 12).fold(0, |bits, window| bits | 1 << window)
    }

    /// Covered months of the last window: what size and price stand on.
    #[must_use]
    pub const fn months_covered(&self) -> u8 {
        self.window_months[WINDOWS - 1]
    }
}

/// The columns of all destinations of all products, one row per pair, the rows of a product together
/// and in the order that the default weights give. 76 bytes a row.
#[derive(Debug, Default)]
pub(super) struct Columns {
    /// Place of the country in `RankingIndex::destinations`.
    pub(super) place: Vec<u16>,
    pub(super) flags: Vec<u8>,
    /// Kind of goods and way of transport: [`crate::domain::cargo::Profile::code`].
    pub(super) cargo: Vec<u8>,
    /// FOB in cents of the five windows, oldest first.
    pub(super) fob_cents: Vec<[i64; WINDOWS]>,
    /// US dollars per kg; NaN when there is none.
    pub(super) price: Vec<f64>,
    /// Normalized parts.
    pub(super) size_part: Vec<f64>,
    pub(super) growth_part: Vec<f64>,
    pub(super) price_part: Vec<f64>,
}

impl Columns {
    pub(super) fn append(&mut self, other: &Self) {
        self.place.extend_from_slice(&other.place);
        self.flags.extend_from_slice(&other.flags);
        self.cargo.extend_from_slice(&other.cargo);
        self.fob_cents.extend_from_slice(&other.fob_cents);
        self.price.extend_from_slice(&other.price);
        self.size_part.extend_from_slice(&other.size_part);
        self.growth_part.extend_from_slice(&other.growth_part);
        self.price_part.extend_from_slice(&other.price_part);
    }
}

/// Everything the simulator answers from.
#[derive(Debug, Default)]
pub struct RankingIndex {
    pub(super) lookup: super::lookup::CountryLookup,
    pub(super) products: Vec<ProductEntry>,
    pub(super) columns: Columns,
    /// What is covered for a product that the data do not know.
    pub(super) unknown: ProductEntry,
    /// Codes that ended.
    pub succession: Succession,
}

/// One ranked destination.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ranked {
    /// Row of the index.
    pub(super) row: u32,
    /// Place in the whole reference set, from 1, whatever was filtered.
    pub rank: u32,
    /// 0–10, not rounded.
    pub score: f64,
}

/// An answer before it is printed.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranking {
    /// The product: what is covered, and until when.
    pub product: ProductEntry,
    /// Destinations of the whole reference set.
    pub reference_count: usize,
    /// Destinations after the filter, before `max_results`.
    pub total_destinations: usize,
    /// The best of them, best first.
    pub ranked: Vec<Ranked>,
}

impl Ranking {
    /// The ranking of a product that the data do not know: no destinations, and the windows of all the others.
    pub(super) fn empty(index: &RankingIndex, ncm: Ncm) -> Self {
        let product = ProductEntry { ncm, ..index.unknown };
        Self { product, reference_count: 0, total_destinations: 0, ranked: Vec::new() }
    }
}

impl RankingIndex {
    /// The entry of a product; `None` when the data do not know it.
    #[must_use]
    pub fn product(&self, ncm: Ncm) -> Option<&ProductEntry> {
        self.place_of(ncm).map(|at| &self.products[at])
    }

    /// Every product of the data, ascending.
    pub fn products(&self) -> impl Iterator<Item = &ProductEntry> {
        self.products.iter()
    }

    /// Countries of the snapshot by what people write.
    #[must_use]
    pub fn lookup(&self) -> &super::lookup::CountryLookup {
        &self.lookup
    }

    /// Destinations in the index, over all products.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.columns.place.len()
    }

    pub(super) fn place_of(&self, ncm: Ncm) -> Option<usize> {
        self.products.binary_search_by_key(&ncm, |product| product.ncm).ok()
    }

    pub(super) fn rows_at(&self, product: usize) -> std::ops::Range<usize> {
        let first = |at: usize| self.products.get(at).map_or(self.rows(), |product| product.first as usize);
        first(product)..first(product + 1)
    }

    /// The country of a row.
    pub(super) fn destination(&self, row: u32) -> &Destination {
        &self.lookup.destinations[usize::from(self.columns.place[row as usize])]
    }

    /// The normalized parts of a row of `product`.
    #[must_use]
    pub(super) fn parts(&self, product: &ProductEntry, row: usize) -> Parts {
        let columns = &self.columns;
        let ln_km = self.lookup.destinations[usize::from(columns.place[row])].ln_km;
        Parts {
            market_size: columns.size_part[row],
            growth: columns.growth_part[row],
            price: columns.price_part[row],
            distance: product.distance.map_or(score::NEUTRAL, |scale| scale.normalize(ln_km)),
        }
    }

    /// How much a row's country buys against the others.
    pub(super) fn demand(&self, row: u32) -> DemandLevel {
        let flags = self.columns.flags[row as usize];
        if flags & DEMAND_HIGH != 0 {
            DemandLevel::High
        } else if flags & DEMAND_MEDIUM != 0 {
            DemandLevel::Medium
        } else {
            DemandLevel::Low
        }
    }

    fn compare(&self, left: &Ranked, right: &Ranked) -> Ordering {
        if left.score < right.score {
            return Ordering::Greater;
        }
        if left.score > right.score {
            return Ordering::Less;
        }
        let key = |entry: &Ranked| {
            (entry.score, self.columns.fob_cents[entry.row as usize][WINDOWS - 1], self.destination(entry.row).order)
        };
        better(key(left), key(right))
    }

    /// Puts rows, given with their scores, in order and numbers them.
    pub(super) fn sort(&self, ranked: &mut [Ranked]) {
        ranked.sort_unstable_by(|left, right| self.compare(left, right));
        for (rank, entry) in (1..).zip(ranked) {
            entry.rank = rank;
        }
    }
}

/// The order of destinations, best first, by (score, FOB in cents of the last window, place of the
/// public code in the alphabet): higher score, then higher FOB, then the earlier code.
pub(super) fn better(left: (f64, i64, u16), right: (f64, i64, u16)) -> Ordering {
    right.0.total_cmp(&left.0).then_with(|| right.1.cmp(&left.1)).then_with(|| left.2.cmp(&right.2))
}

/// Ranks the destinations of `ncm`: the whole reference set is scored and numbered, then those of
/// `countries` are kept, then the first `max_results`. `None` when the data do not know the product.
///
/// Nothing is allocated but the answer. With the default weights the order is already in the index.
#[must_use]
pub fn rank(
    index: &RankingIndex,
    ncm: Ncm,
    weights: &Weights,
    countries: Option<&CountrySet>,
    max_results: usize,
) -> Option<Ranking> {
    let product = index.place_of(ncm)?;
    let rows = index.rows_at(product);
    let entry = index.products[product];
    let reference_count = rows.len();
    let wanted = |row: u32| countries.is_none_or(|set| set.contains(index.columns.place[row as usize]));
    let scored = |row: u32| Ranked { row, rank: 0, score: score::score(&index.parts(&entry, row as usize), weights) };
    let first = entry.first;
    let all = first..first + u32::try_from(rows.len()).unwrap_or(0);
    if *weights == Weights::DEFAULT {
        let total_destinations =
            if countries.is_none() { rows.len() } else { all.clone().filter(|row| wanted(*row)).count() };
        let mut ranked = Vec::with_capacity(max_results.min(total_destinations));
        ranked.extend(
            all.filter(|row| wanted(*row)).take(max_results).map(|row| Ranked { rank: row - first + 1, ..scored(row) }),
        );
        return Some(Ranking { product: entry, reference_count, total_destinations, ranked });
    }
    let mut ranked = Vec::with_capacity(rows.len());
    ranked.extend(all.map(scored));
    if countries.is_none() && ranked.len() > max_results && max_results > 0 {
        // The rest need no order: nobody sees it.
        ranked.select_nth_unstable_by(max_results - 1, |left, right| index.compare(left, right));
        ranked.truncate(max_results);
    }
    index.sort(&mut ranked);
    let mut total_destinations = rows.len();
    if countries.is_some() {
        ranked.retain(|entry| wanted(entry.row));
        total_destinations = ranked.len();
    }
    ranked.truncate(max_results);
    Some(Ranking { product: entry, reference_count, total_destinations, ranked })
}

/// The `CO_PAIS` of the ranked destinations, best first.
#[must_use]
pub fn codes(index: &RankingIndex, ranking: &Ranking) -> Vec<CountryCode> {
    ranking.ranked.iter().map(|entry| index.destination(entry.row).code).collect()
}
