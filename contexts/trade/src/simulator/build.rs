//! Building the simulator's index from the segments of a snapshot: one pass over the rows of the
//! last sixty months, product by product, in parallel.

use std::sync::Arc;

use rayon::prelude::*;

use super::lookup::{CountryLookup, NO_PLACE};
use super::ranking::{
    Columns, DEMAND_HIGH, DEMAND_MEDIUM, FREE_ZONE, NO_DISTANCE, NO_GROWTH, NO_PRICE, NO_SIZE, ProductEntry,
    RankingIndex, better,
};
use crate::cube::segment::Segment;
use crate::domain::cargo::{self, Mode, Nature, Profile};
use crate::domain::code::{Month, Ncm, Uf};
use crate::domain::coverage::Coverage;
use crate::domain::reference::Reference;
use crate::domain::score::{self, DemandLevel, DistanceScale, MONTHS, Parts, SizeScale, WINDOWS, Weights};
use crate::domain::succession::Succession;

/// Products that one thread takes at a time: small, because the large ones are neighbours in few chapters.
const PRODUCTS_PER_TASK: usize = 64;
/// Ways of transport that weights are summed by, with the unknown ones.
const MODES: usize = 4;
/// Countries without a coast that goods reach by road: Bolivia, Paraguay.
const LANDLOCKED: [&str; 2] = ["BOL", "PRY"];
/// Place of each way of transport in [`Sums::mode_g`].
const MODE_PLACES: [u8; 256] = mode_places();
/// Window of a month that is in none, or not covered.
const NO_WINDOW: u8 = u8::MAX;

/// What is summed for one destination of one product.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    fob_cents: [i64; WINDOWS],
    /// Over the rows of the last window that have a weight.
    priced_cents: i64,
    priced_g: i64,
    /// Bit by month of the year: the last window has twelve different ones.
    priced_months: u16,
    /// Weight of all windows by sea, road and air; unknown ways in the last place.
    mode_g: [i64; MODES],
    /// FOB of all windows from the state of the Manaus free zone.
    free_zone_cents: i64,
    seen: bool,
}

/// What one thread reuses from product to product.
struct Scratch {
    /// By place of the country.
    sums: Vec<Sums>,
    /// Places with rows in the product at hand.
    seen: Vec<u16>,
    candidates: Vec<Candidate>,
    /// Order keys of the candidates with their places.
    keys: Vec<((f64, i64, u16), u32)>,
    sizes: Vec<f64>,
    slopes: Vec<f64>,
    prices: Vec<f64>,
}

/// One destination while its product is in work.
#[derive(Debug, Clone, Copy)]
struct Candidate {
    place: u16,
    flags: u8,
    cargo: u8,
    fob_cents: [i64; WINDOWS],
    price: f64,
    /// ln(1 + V) of the last window.
    size: f64,
    slope: f64,
    parts: Parts,
    score: f64,
}

/// What a task needs besides its scratch space.
struct Builder<'a> {
    segments: &'a [Arc<Segment>],
    coverage: &'a Coverage,
    lookup: &'a CountryLookup,
    reference: &'a Reference,
    /// The state of the Manaus free zone.
    free_zone: u8,
    /// Last month and covered months of every product that no slice speaks of.
    common: Option<(Month, u64)>,
}

impl RankingIndex {
    /// The index of a snapshot. Products are those of any segment; destinations of a product are the
    /// rankable countries with FOB above zero in the covered ones of its sixty months.
    #[must_use]
    pub fn build(segments: &[Arc<Segment>], reference: &Reference, coverage: &Coverage) -> Self {
        let lookup = CountryLookup::new(reference);
        let mut ncms: Vec<Ncm> = segments.iter().flat_map(|segment| segment.ncms().map(|(ncm, _)| ncm)).collect();
        ncms.par_sort_unstable();
        ncms.dedup();
        let common = coverage.through().map(|last| (last, covered_months(last, |month| coverage.covers_all(month))));
        let free_zone = Uf::parse(b"AM").map_or(u8::MAX, |uf| uf.0);
        let builder = Builder { segments, coverage, lookup: &lookup, reference, free_zone, common };
        let parts: Vec<(Vec<ProductEntry>, Columns)> = ncms
            .par_chunks(PRODUCTS_PER_TASK)
            .map_init(|| Scratch::new(lookup.len()), |scratch, ncms| builder.products(ncms, scratch))
            .collect();
        let mut products = Vec::with_capacity(ncms.len());
        let mut columns = Columns::default();
        for (part, rows) in parts {
            let first = u32::try_from(columns.place.len()).unwrap_or(u32::MAX);
            products.extend(part.into_iter().map(|product| ProductEntry { first: first + product.first, ..product }));
            columns.append(&rows);
        }
        let mut unknown = ProductEntry::default();
        if let Some((last, covered)) = common {
            unknown.through = Some(last);
            unknown.window_months = window_months(covered);
        }
        Self { lookup, products, columns, unknown, succession: Succession::default() }
    }
}

const fn mode_places() -> [u8; 256] {
    let mut places = [3; 256];
    let mut via = 0;
    while via < 100 {
        places[via as usize] = match cargo::mode_of_via(via) {
            Some(Mode::Sea) => 0,
            Some(Mode::Road) => 1,
            Some(Mode::Air) => 2,
            None => 3,
        };
        via += 1;
    }
    places
}

/// Bit by age in months: whether the month `age` before `last` is covered.
fn covered_months(last: Month, covers: impl Fn(Month) -> bool) -> u64 {
    (0..MONTHS).filter(|age| covers(last.minus(*age))).fold(0, |bits, age| bits | 1 << age)
}

/// Covered months of each window, oldest first.
fn window_months(covered: u64) -> [u8; WINDOWS] {
    let mut months = [0; WINDOWS];
    for (window, months) in months.iter_mut().rev().enumerate() {
        *months = u8::try_from((covered >> (12 * window) & 0xFFF).count_ones()).unwrap_or(0);
    }
    months
}

impl Scratch {
    fn new(countries: usize) -> Self {
        Self {
            sums: vec![Sums::default(); countries],
            seen: Vec::with_capacity(countries),
            candidates: Vec::with_capacity(countries),
            keys: Vec::with_capacity(countries),
            sizes: Vec::with_capacity(countries),
            slopes: Vec::with_capacity(countries),
            prices: Vec::with_capacity(countries),
        }
    }
}

impl Builder<'_> {
    fn products(&self, ncms: &[Ncm], scratch: &mut Scratch) -> (Vec<ProductEntry>, Columns) {
        let mut columns = Columns::default();
        let products = ncms.iter().map(|ncm| self.product(*ncm, scratch, &mut columns)).collect();
        (products, columns)
    }

    fn product(&self, ncm: Ncm, scratch: &mut Scratch, columns: &mut Columns) -> ProductEntry {
        let first = u32::try_from(columns.place.len()).unwrap_or(u32::MAX);
        let months = if self.coverage.slices.contains_key(&ncm) {
            let last = self.coverage.through_of(ncm);
            last.map(|last| (last, covered_months(last, |month| self.coverage.covers(ncm, month))))
        } else {
            self.common
        };
        let mut entry = ProductEntry { ncm, first, ..ProductEntry::default() };
        let Some((last, covered)) = months else { return entry };
        entry.through = Some(last);
        entry.window_months = window_months(covered);
        entry.last_window_cents = self.sum_rows(ncm, last, covered, scratch);
        entry.usd_per_kg = product_price(scratch);
        let nature = cargo::nature(ncm, self.reference.product_units.get(&ncm).copied(), entry.usd_per_kg);
        self.collect_candidates(&entry, nature, scratch);
        entry.distance = self.distance_scale(&scratch.candidates);
        self.score_candidates(&entry, scratch);
        // Keys are a quarter of a candidate: sorting them moves less memory.
        scratch.keys.clear();
        scratch.keys.extend((0_u32..).zip(&scratch.candidates).map(|(at, candidate)| (self.key(candidate), at)));
        scratch.keys.sort_unstable_by(|left, right| better(left.0, right.0));
        for (_, at) in &scratch.keys {
            let candidate = &scratch.candidates[*at as usize];
            columns.place.push(candidate.place);
            columns.flags.push(candidate.flags);
            columns.cargo.push(candidate.cargo);
            columns.fob_cents.push(candidate.fob_cents);
            columns.price.push(candidate.price);
            columns.size_part.push(candidate.parts.market_size);
            columns.growth_part.push(candidate.parts.growth);
            columns.price_part.push(candidate.parts.price);
        }
        entry
    }

    fn key(&self, candidate: &Candidate) -> (f64, i64, u16) {
        let order = self.lookup.destinations[usize::from(candidate.place)].order;
        (candidate.score, candidate.fob_cents[WINDOWS - 1], order)
    }

    /// Adds up the rows of the product in its covered months, by country and window. Gives the FOB
    /// in cents of the last window, whatever the destination.
    fn sum_rows(&self, ncm: Ncm, last: Month, covered: u64, scratch: &mut Scratch) -> i64 {
        let mut last_window_cents = 0;
        scratch.seen.clear();
        let oldest = last.minus(MONTHS - 1).year();
        for segment in self.segments.iter().filter(|segment| (oldest..=last.year()).contains(&segment.year())) {
            let window_of = windows_of_year(segment.year(), last, covered);
            let rows = segment.rows_of(ncm);
            let keys = rows.country.iter().zip(rows.month).zip(rows.via.iter().zip(rows.uf));
            for (((country, month), (via, uf)), (fob_cents, weight_g)) in
                keys.zip(rows.fob_cents.iter().zip(rows.weight_g))
            {
                let window = window_of[usize::from(*month & 15)];
                if usize::from(window) == WINDOWS - 1 {
                    last_window_cents += fob_cents;
                }
                let place = self.lookup.place(*country);
                if window == NO_WINDOW || place == NO_PLACE {
                    continue;
                }
                let sums = &mut scratch.sums[usize::from(place)];
                if !sums.seen {
                    *sums = Sums { seen: true, ..Sums::default() };
                    scratch.seen.push(place);
                }
                sums.fob_cents[usize::from(window)] += fob_cents;
                sums.mode_g[usize::from(MODE_PLACES[usize::from(*via)])] += weight_g;
                sums.free_zone_cents += if *uf == self.free_zone { *fob_cents } else { 0 };
                if usize::from(window) == WINDOWS - 1 && *weight_g > 0 {
                    sums.priced_cents += fob_cents;
                    sums.priced_g += weight_g;
                    sums.priced_months |= 1 << (month & 15);
                }
            }
        }
        last_window_cents
    }

    /// Takes every country with exports, with its raw values.
    fn collect_candidates(&self, entry: &ProductEntry, nature: Nature, scratch: &mut Scratch) {
        scratch.candidates.clear();
        let (covered, neutral) = (entry.covered(), score::NEUTRAL);
        for place in &scratch.seen {
            let sums = &mut scratch.sums[usize::from(*place)];
            sums.seen = false;
            if sums.fob_cents.iter().all(|cents| *cents <= 0) {
                continue;
            }
            let logs = sums.fob_cents.map(score::ln_value);
            let price = score::price_usd_per_kg(sums.priced_cents, sums.priced_g, sums.priced_months.count_ones());
            let slope = score::growth_slope_of(&sums.fob_cents, &logs, covered);
            let [sea, road, air, _] = sums.mode_g;
            let iso3 = self.lookup.destinations[usize::from(*place)].iso3.as_str();
            let mode = cargo::mode([sea, road, air], price.or(entry.usd_per_kg), LANDLOCKED.contains(&iso3));
            let from_free_zone = sums.free_zone_cents * 2 > sums.fob_cents.iter().sum();
            scratch.candidates.push(Candidate {
                place: *place,
                flags: if from_free_zone { FREE_ZONE } else { 0 },
                cargo: Profile { nature, mode }.code(),
                fob_cents: sums.fob_cents,
                price: price.unwrap_or(f64::NAN),
                size: logs[WINDOWS - 1],
                slope: slope.unwrap_or(f64::NAN),
                parts: Parts { market_size: neutral, growth: neutral, price: neutral, distance: neutral },
                score: 0.0,
            });
        }
    }

    fn distance_scale(&self, candidates: &[Candidate]) -> Option<DistanceScale> {
        let kms = || candidates.iter().map(|candidate| self.lookup.destinations[usize::from(candidate.place)].ln_km);
        DistanceScale::of(kms().fold(f64::INFINITY, f64::min), kms().fold(f64::NEG_INFINITY, f64::max))
    }

    /// Normalizes every part within the reference set and scores it with the default weights.
    fn score_candidates(&self, entry: &ProductEntry, scratch: &mut Scratch) {
        let Scratch { candidates, sizes, slopes, prices, .. } = scratch;
        fill(sizes, candidates.iter().map(|candidate| candidate.size));
        fill(slopes, candidates.iter().map(|candidate| candidate.slope));
        fill(prices, candidates.iter().map(|candidate| candidate.price));
        let scale = SizeScale::of(sizes);
        for candidate in candidates {
            let size = candidate.size;
            let mut take = |value: Option<f64>, flag: u8| {
                if value.is_none() {
                    candidate.flags |= flag;
                }
                value.unwrap_or(score::NEUTRAL)
            };
            let ln_km = self.lookup.destinations[usize::from(candidate.place)].ln_km;
            candidate.parts = Parts {
                market_size: take(scale.map(|scale| scale.normalize(size)), NO_SIZE),
                growth: take(percentile(slopes, candidate.slope), NO_GROWTH),
                price: take(percentile(prices, candidate.price), NO_PRICE),
                distance: take(entry.distance.map(|scale| scale.normalize(ln_km)), NO_DISTANCE),
            };
            candidate.flags |= match DemandLevel::of(score::mid_rank(sizes, &size)) {
                DemandLevel::High => DEMAND_HIGH,
                DemandLevel::Medium => DEMAND_MEDIUM,
                DemandLevel::Low => 0,
            };
            candidate.score = score::score(&candidate.parts, &Weights::DEFAULT);
        }
    }
}

/// Price of the last window over all destinations of the product at hand.
fn product_price(scratch: &Scratch) -> Option<f64> {
    let (mut cents, mut grams, mut months) = (0, 0, 0_u16);
    for sums in scratch.seen.iter().map(|place| &scratch.sums[usize::from(*place)]) {
        cents += sums.priced_cents;
        grams += sums.priced_g;
        months |= sums.priced_months;
    }
    score::price_usd_per_kg(cents, grams, months.count_ones())
}

/// The values that there are, ascending.
fn fill(ascending: &mut Vec<f64>, values: impl Iterator<Item = f64>) {
    ascending.clear();
    ascending.extend(values.filter(|value| !value.is_nan()));
    ascending.sort_unstable_by(f64::total_cmp);
}

/// The mid-rank of a value; `None` when it is missing or alone.
fn percentile(ascending: &[f64], value: f64) -> Option<f64> {
    (!value.is_nan() && ascending.len() > 1).then(|| score::mid_rank(ascending, &value))
}

/// The window of each month (1–12) of a year; [`NO_WINDOW`] outside the windows or not covered.
fn windows_of_year(year: u16, last: Month, covered: u64) -> [u8; 16] {
    let mut windows = [NO_WINDOW; 16];
    for month in 1..=12_u8 {
        let Some(age) = Month::new(year, month).and_then(|month| last.0.checked_sub(month.0)) else { continue };
        if age < MONTHS && covered >> age & 1 == 1 {
            windows[usize::from(month)] = u8::try_from(age / 12).map_or(NO_WINDOW, |back| 4 - back);
        }
    }
    windows
}
