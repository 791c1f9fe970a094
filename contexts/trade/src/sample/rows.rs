//! From annual figures to export rows: months by season, states, ways of transport and customs units.

use crate::domain::code::{CountryCode, Month, Uf, Via};
use crate::domain::fact::{Fact, SECTOR_DERIVED};

use super::SampleError;
use super::plan::{Cell, Plan};
use super::prng::{Prng, Split};

const ROWS: u64 = 8;
const ROAD: Via = 7;
/// Countries that a lorry reaches: Argentina, Bolivia, Chile, Paraguay, Peru, Uruguay, Venezuela.
const BY_ROAD: [CountryCode; 7] = [63, 97, 158, 586, 589, 845, 850];
/// Seldom-used codes of a country beside its usual one: they must be merged by whoever reads the sample.
const SECOND_CODES: [(CountryCode, CountryCode); 4] = [(249, 396), (23, 25), (245, 151), (628, 152)];
/// No cell counts for more than this for each way it has out of the state that makes most of it:
/// the largest cells, and those with few ways, would run out of keys and repeat them. For a year of a million rows.
const WEIGHT_PER_DOOR: u64 = 110;
const ROWS_PER_YEAR: u64 = 1_000_000;

/// One month of a cell, being split into rows.
struct Shipment<'a> {
    cell: &'a Cell,
    month: Month,
    fob_usd: u64,
    weight_kg: u64,
    rows: u64,
    /// Where between two steps the sampling of states begins, of 65,536.
    phase: u64,
}

/// Calls `take` with every row of `year`: exactly `rows` of them.
pub(super) fn of_year(plan: &Plan, year: u16, rows: u64, take: &mut dyn FnMut(Fact)) -> Result<(), SampleError> {
    let cells = plan.year(year)?;
    let least = cells.len() as u64;
    if rows < least {
        return Err(SampleError::TooFewRows { year, rows, least });
    }
    let weights: Vec<u64> = cells.iter().map(|cell| weight(plan, cell, rows)).collect();
    let mut split = Split::new(rows - least, weights.iter().sum());
    for (cell, weight) in cells.iter().zip(weights) {
        let rows = 1 + split.next(weight);
        months(plan, year, cell, rows, take);
    }
    Ok(())
}

/// How much a cell counts when rows are dealt out: large cells have more, less than in proportion.
fn weight(plan: &Plan, cell: &Cell, rows: u64) -> u64 {
    let states = &plan.states[cell.product];
    let all: u64 = states.iter().map(|(_, weight)| *weight).sum();
    let largest = states.iter().map(|(_, weight)| *weight).max().unwrap_or(1);
    let room = doors(plan, cell).len().max(1) as u64 * WEIGHT_PER_DOOR * (ROWS_PER_YEAR / rows.max(1)).max(1);
    cell.fob_usd.isqrt().min(room * (1000 * all / largest.max(1)) / 1000)
}

/// The ways of transport and customs units that goods of this product take to this country.
fn doors(plan: &Plan, cell: &Cell) -> Vec<(Via, u32)> {
    let ways: &[Via] = plan
        .tables
        .families
        .get(plan.tables.products[cell.product].family)
        .map_or(&[], |family| family.ways.as_slice());
    let open = |way: Via| ways.contains(&way) && (way != ROAD || BY_ROAD.contains(&cell.country));
    plan.tables.customs.iter().copied().filter(|(way, _)| open(*way)).collect()
}

/// Splits a cell over the year. Seasons say how much, and with few rows also whether, a month ships.
fn months(plan: &Plan, year: u16, cell: &Cell, rows: u64, take: &mut dyn FnMut(Fact)) {
    let product = &plan.tables.products[cell.product];
    let mut prng = Prng::of(ROWS, year, product.ncm.0, cell.country);
    let mut seasons = [80_u64; 12];
    if let Some(family) = plan.tables.families.get(product.family) {
        seasons.iter_mut().zip(&family.seasons).for_each(|(season, typical)| *season = *typical);
    }
    seasons.iter_mut().for_each(|season| *season *= prng.between(700, 1300));
    let all: u64 = seasons.iter().sum();
    let mut counts = Split::with_phase(rows, all, prng.between(0, all));
    let counts = seasons.map(|season| counts.next(season));
    let ships = |at: usize| if counts[at] > 0 { seasons[at] } else { 0 };
    let shipped = (0..12).map(ships).sum();
    let prices: [u64; 12] = std::array::from_fn(|_| prng.between(940, 1060));
    let heavy = |at: usize| ships(at) * prices[at];
    let mut fob = Split::new(cell.fob_usd, shipped);
    let mut kg = Split::new(cell.weight_kg, (0..12).map(heavy).sum());
    let doors = doors(plan, cell);
    let mut phase = prng.between(0, 1 << 16);
    for (at, rows) in counts.into_iter().enumerate() {
        let (fob_usd, weight_kg) = (fob.next(ships(at)), kg.next(heavy(at)));
        let Some(month) = Month::new(year, at as u8 + 1) else { continue };
        let shipment = Shipment { cell, month, fob_usd, weight_kg, rows, phase };
        // Golden-ratio steps: the months of a year together sample the states evenly.
        phase = (phase + 40_503) & 0xFFFF;
        split(plan, &shipment, &doors, &mut prng, take);
    }
}

/// Splits a month into rows. States are sampled at even steps through their shares, so that many cells
/// together have the right ones; rows of one state leave through successive customs units.
fn split(plan: &Plan, shipment: &Shipment<'_>, doors: &[(Via, u32)], prng: &mut Prng, take: &mut dyn FnMut(Fact)) {
    let product = &plan.tables.products[shipment.cell.product];
    let states = &plan.states[shipment.cell.product];
    let all: u64 = states.iter().map(|(_, weight)| *weight).sum();
    let rows = shipment.rows;
    if rows == 0 {
        return;
    }
    let mut fob = Split::new(shipment.fob_usd, 1000 * rows);
    let mut kg = Split::new(shipment.weight_kg, 1_000_000 * rows);
    let mut state = Walk { states, at: 0, through: states.first().map_or(0, |(_, weight)| *weight) };
    let mut door = first_door(doors, prng);
    let mut pair = Pair::EVEN;
    for row in 0..rows {
        let place = (u128::from(all) * u128::from((row << 16) + shipment.phase) / u128::from(rows << 16)) as u64;
        if state.reach(place) {
            door = first_door(doors, prng);
        }
        let second = (row % 2) as usize;
        if second == 0 {
            pair = if row + 1 == rows { Pair::EVEN } else { Pair::drawn(prng) };
        }
        let (via, urf) = doors.get(door % doors.len().max(1)).copied().unwrap_or((0, 0));
        door += 1;
        let fob_usd = fob.next(pair.fob[second]);
        let weight_kg = kg.next(pair.kg[second]);
        take(Fact {
            fob_cents: fob_usd as i64 * 100,
            weight_g: weight_kg as i64 * 1000,
            quantity: (weight_kg * 1000 / product.grams_per_unit.max(1)) as i64,
            ncm: product.ncm,
            urf,
            month: shipment.month,
            country: named(shipment.cell.country, prng),
            uf: state.uf(),
            via,
            unit: product.unit,
            sector: SECTOR_DERIVED,
        });
    }
}

/// Weights of two successive rows. They sum to a constant, so that the sum over a month is known
/// without a first pass over its rows.
struct Pair {
    fob: [u64; 2],
    kg: [u64; 2],
}

impl Pair {
    const EVEN: Self = Self { fob: [1000, 1000], kg: [1_000_000, 1_000_000] };

    /// Around a half each; seldom all of the value or of the weight on one of the two, which gives the rows
    /// without value or without weight that official files have.
    fn drawn(prng: &mut Prng) -> Self {
        let draw = prng.next();
        let first = 500 + (draw >> 40) % 1000;
        let dearer = 960_000 + (draw & 0xFFFF) * 80_000 / 0xFFFF;
        let kg = first * dearer / 1000;
        match (draw >> 20) % 400 {
            0 => Self { fob: [0, 2000], kg: [kg, 2_000_000 - kg] },
            1..=7 => Self { fob: [first, 2000 - first], kg: [0, 2_000_000] },
            _ => Self { fob: [first, 2000 - first], kg: [kg, 2_000_000 - kg] },
        }
    }
}

/// Large customs units come first in the table, and first here more often than not.
fn first_door(doors: &[(Via, u32)], prng: &mut Prng) -> usize {
    let at = prng.between(0, 1 << 16);
    (((at * at) >> 16) as usize * doors.len()) >> 16
}

/// The code that a row gives the country.
fn named(country: CountryCode, prng: &mut Prng) -> CountryCode {
    match SECOND_CODES.iter().find(|(code, _)| *code == country) {
        Some((_, second)) if prng.between(0, 500) == 0 => *second,
        _ => country,
    }
}

/// A walk through the shares of the states.
struct Walk<'a> {
    states: &'a [(Uf, u64)],
    at: usize,
    through: u64,
}

impl Walk<'_> {
    /// Goes on to the state whose share holds `place`; whether that is another one than before.
    fn reach(&mut self, place: u64) -> bool {
        let before = self.at;
        while place >= self.through && self.at + 1 < self.states.len() {
            self.at += 1;
            self.through += self.states[self.at].1;
        }
        self.at != before
    }

    fn uf(&self) -> Uf {
        self.states.get(self.at).map_or(Uf::NOT_DECLARED, |(uf, _)| *uf)
    }
}
