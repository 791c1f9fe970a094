//! Annual figures: how much of each product goes to each country, and where it comes from.
//!
//! 2024 is fitted to what is published of it; every other year starts from 2024, drifts by product and
//! by destination, and is fitted to what is published of that year.

use std::collections::BTreeSet;

use crate::domain::code::{CountryCode, Ncm, UFS, Uf};

use super::SampleError;
use super::fit::{Matrix, Targets, fit};
use super::prng::{Prng, Split};
use super::tables::Tables;

/// The year whose published figures are the most complete.
const BASE_YEAR: u16 = 2024;
/// Soybeans changed code in 2012; the sample keeps a little of the old one afterwards, for comparisons.
const SOY_SINCE_2012: Ncm = Ncm(12_019_000);
const SOY_UNTIL_2011: Ncm = Ncm(12_010_090);

/// What one product sells to one country in one year.
pub(super) struct Cell {
    /// Place in [`Tables::products`].
    pub(super) product: usize,
    /// `CO_PAIS` of the country.
    pub(super) country: CountryCode,
    /// Dollars.
    pub(super) fob_usd: u64,
    /// Kilograms.
    pub(super) weight_kg: u64,
}

/// Purposes of the generators, so that no two draws share a sequence.
mod purpose {
    pub(super) const MIX: u64 = 1;
    pub(super) const PRODUCT_TREND: u64 = 2;
    pub(super) const PRODUCT_YEAR: u64 = 3;
    pub(super) const CELL_TREND: u64 = 4;
    pub(super) const CELL_YEAR: u64 = 5;
    pub(super) const PRICE_YEAR: u64 = 6;
    pub(super) const PREMIUM: u64 = 7;
}

/// The tables and everything derived from them once.
pub(super) struct Plan {
    /// The embedded tables.
    pub(super) tables: Tables,
    /// States of each product, by weight.
    pub(super) states: Vec<Vec<(Uf, u64)>>,
    countries: Vec<CountryCode>,
    base_totals: Vec<u64>,
    base_cells: Vec<u64>,
}

impl Plan {
    /// Fits the base year.
    pub(super) fn new(tables: Tables) -> Result<Self, SampleError> {
        let set: BTreeSet<CountryCode> = tables
            .families
            .values()
            .flat_map(|family| family.destinations.iter().map(|(country, _)| *country))
            .collect();
        let countries = set.into_iter().collect();
        let mut plan = Self { tables, states: Vec::new(), countries, base_totals: Vec::new(), base_cells: Vec::new() };
        let weights: Vec<u64> = plan.tables.products.iter().map(|product| product.fob_musd).collect();
        plan.base_totals = plan.product_totals(BASE_YEAR, &weights)?;
        let mix = plan.published_mix()?;
        plan.base_cells = plan.fit_year(BASE_YEAR, &plan.base_totals, mix);
        plan.states = plan.fit_states();
        Ok(plan)
    }

    /// The cells of `year` that hold a value, product by product.
    pub(super) fn year(&self, year: u16) -> Result<Vec<Cell>, SampleError> {
        let totals = match year {
            BASE_YEAR => self.base_totals.clone(),
            _ => self.product_totals(year, &self.drifted(year))?,
        };
        let fitted = match year {
            BASE_YEAR => self.base_cells.clone(),
            _ => self.fit_year(year, &totals, self.drifted_mix(year)),
        };
        let mut cells = Vec::new();
        for (product, (row, total)) in fitted.chunks_exact(self.countries.len()).zip(&totals).enumerate() {
            self.weigh(year, product, row, *total, &mut cells);
        }
        Ok(cells)
    }

    /// Dollars of each product: the published figure, or a share by `weights` of what those leave.
    fn product_totals(&self, year: u16, weights: &[u64]) -> Result<Vec<u64>, SampleError> {
        let known = |at: usize| self.published(year, self.tables.products[at].ncm);
        let national = *self.tables.calibration.national.get(&year).ok_or(SampleError::Year { year })?;
        let published: u64 = (0..weights.len()).filter_map(known).sum();
        let open = weights.iter().enumerate().filter(|(at, _)| known(*at).is_none());
        let mut split = Split::new(national.saturating_sub(published), open.map(|(_, weight)| *weight).sum());
        Ok(weights.iter().enumerate().map(|(at, weight)| known(at).unwrap_or_else(|| split.next(*weight))).collect())
    }

    fn published(&self, year: u16, ncm: Ncm) -> Option<u64> {
        self.tables.calibration.product.get(&(year, ncm)).map(|(fob_usd, _)| *fob_usd)
    }

    /// Weights of the products in `year`: 2024, less a trend of each product, and a good or a bad year.
    fn drifted(&self, year: u16) -> Vec<u64> {
        let soy = self.tables.products.iter().position(|product| product.ncm == SOY_SINCE_2012);
        let weight = |at: usize, ncm: Ncm| {
            let factor = drift(year, Prng::of(purpose::PRODUCT_TREND, 0, ncm.0, 0).between(0, 70), 25, 150);
            self.base_totals[at] * factor / 1000 * Prng::of(purpose::PRODUCT_YEAR, year, ncm.0, 0).between(880, 1120)
        };
        let products = self.tables.products.iter().enumerate();
        products
            .map(|(at, product)| match product.ncm {
                SOY_SINCE_2012 if year < 2012 => 0,
                SOY_UNTIL_2011 if year < 2012 => weight(soy.unwrap_or(at), SOY_SINCE_2012),
                ncm => weight(at, ncm),
            })
            .collect()
    }

    /// The family's mix of destinations, varied by product.
    fn published_mix(&self) -> Result<Vec<f64>, SampleError> {
        let mut cells = vec![0.0; self.tables.products.len() * self.countries.len()];
        for (product, row) in self.tables.products.iter().zip(cells.chunks_exact_mut(self.countries.len())) {
            let family = self.tables.families.get(product.family).ok_or(SampleError::Family { ncm: product.ncm })?;
            for (country, weight) in &family.destinations {
                let vary = Prng::of(purpose::MIX, 0, product.ncm.0, *country).between(600, 1400);
                if let Ok(at) = self.countries.binary_search(country) {
                    row[at] = (weight * vary) as f64;
                }
            }
        }
        Ok(cells)
    }

    /// The mix of 2024, less a trend of each destination; a few small buyers do not buy in a year.
    fn drifted_mix(&self, year: u16) -> Vec<f64> {
        let columns = self.countries.len();
        let mut cells = vec![0.0; self.base_cells.len()];
        for (at, base) in self.base_cells.iter().enumerate().filter(|(_, base)| **base > 0) {
            let (product, country) = (at / columns, self.countries[at % columns]);
            let ncm = self.tables.products[product].ncm.0;
            let trend = drift(year, Prng::of(purpose::CELL_TREND, 0, ncm, country).between(0, 130), 50, 100);
            let mut prng = Prng::of(purpose::CELL_YEAR, year, ncm, country);
            let small = base * 250 < self.base_totals[product];
            if small && prng.between(0, 100) < 8 {
                continue;
            }
            cells[at] = *base as f64 * (trend * prng.between(800, 1200)) as f64;
        }
        cells
    }

    fn fit_year(&self, year: u16, totals: &[u64], cells: Vec<f64>) -> Vec<u64> {
        let known = &self.tables.calibration;
        let columns = self.countries.iter().map(|country| known.country.get(&(year, *country)).copied()).collect();
        let fixed =
            known.cell.iter().filter(|((of, _, _), _)| *of == year).filter_map(|((_, ncm, country), fob_usd)| {
                let row = self.tables.products.iter().position(|product| product.ncm == *ncm)?;
                Some((row, self.countries.binary_search(country).ok()?, *fob_usd))
            });
        let targets = Targets { rows: totals.to_vec(), columns, fixed: fixed.collect() };
        fit(Matrix { cells, columns: self.countries.len() }, &targets)
    }

    /// Weights of the states of each product, fitted to the published state totals of 2024. Every state
    /// makes a little of everything, else the totals of the small ones could not be met.
    fn fit_states(&self) -> Vec<Vec<(Uf, u64)>> {
        let known: &[(Uf, u64)] = &self.tables.calibration.state;
        let national: u64 = self.base_totals.iter().sum();
        let mut cells = vec![0.0; self.base_totals.len() * UFS.len()];
        for ((row, product), total) in
            cells.chunks_exact_mut(UFS.len()).zip(&self.tables.products).zip(&self.base_totals)
        {
            for (state, fob_usd) in known {
                row[usize::from(state.0)] += *total as f64 * (*fob_usd as f64 / national as f64) * 0.02;
            }
            for (state, weight) in &product.states {
                row[usize::from(state.0)] += *total as f64 * (*weight as f64 / 1000.0);
            }
        }
        let mut columns = vec![Some(0); UFS.len()];
        known.iter().for_each(|(state, fob_usd)| columns[usize::from(state.0)] = Some(*fob_usd));
        let targets = Targets { rows: self.base_totals.clone(), columns, fixed: Vec::new() };
        let fitted = fit(Matrix { cells, columns: UFS.len() }, &targets);
        let rows = fitted.chunks_exact(UFS.len()).zip(&self.base_totals);
        rows.map(|(row, total)| {
            let states = (0_u8..).map(Uf).zip(row.iter().copied());
            states.filter(|(_, fob_usd)| fob_usd * 20_000 >= *total && *fob_usd > 0).collect()
        })
        .collect()
    }

    /// Adds the cells of one product: its kilograms are the published ones, or follow its price.
    fn weigh(&self, year: u16, product: usize, row: &[u64], total: u64, cells: &mut Vec<Cell>) {
        let ncm = self.tables.products[product].ncm;
        let premium = |country: CountryCode| {
            let lasting = Prng::of(purpose::PREMIUM, 0, ncm.0, country).between(870, 1150);
            lasting * Prng::of(purpose::PREMIUM, year, ncm.0, country).between(970, 1030)
        };
        let buyers = || row.iter().zip(&self.countries).filter(|(fob_usd, _)| **fob_usd > 0);
        let weight = |fob_usd: u64, country: CountryCode| fob_usd * 10_000 / premium(country).max(1);
        let weights = buyers().map(|(fob_usd, country)| weight(*fob_usd, *country)).sum();
        let mut split = Split::new(self.kilograms(year, product, total), weights);
        for (fob_usd, country) in buyers() {
            let weight_kg = split.next(weight(*fob_usd, *country));
            cells.push(Cell { product, country: *country, fob_usd: *fob_usd, weight_kg });
        }
    }

    /// Kilograms of a product in a year.
    fn kilograms(&self, year: u16, product: usize, total: u64) -> u64 {
        let known = &self.tables.calibration.product;
        let product = &self.tables.products[product];
        if let Some((_, weight_kg)) = known.get(&(year, product.ncm)) {
            return *weight_kg;
        }
        let (fob_usd, weight_kg) =
            known.get(&(BASE_YEAR, product.ncm)).copied().unwrap_or((product.usd_per_tonne, 1000));
        let price = drift(year, 15, 0, 300) * Prng::of(purpose::PRICE_YEAR, year, product.ncm.0, 0).between(900, 1100);
        (u128::from(total) * u128::from(weight_kg) * 1_000_000 / u128::from((fob_usd * price).max(1))) as u64
    }
}

/// Thousandths of 2024 after a trend of (`trend` − `back`) thousandths a year, at least `least`.
fn drift(year: u16, trend: u64, back: u64, least: u64) -> u64 {
    let years = u64::from(BASE_YEAR.saturating_sub(year));
    (1000 + back * years).saturating_sub(trend * years).max(least)
}
