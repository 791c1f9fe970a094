//! The embedded tables that the sample is made from: products, families of products, customs units,
//! and the published figures it reproduces.
//!
//! Weights and mixes are rounded aggregates of official exports of 2024 and 2025. Names are ours.

use std::collections::BTreeMap;

use crate::domain::code::{CountryCode, Ncm, SectorId, Uf, Via};

use super::SampleError;

const PRODUCTS: &str = include_str!("../../data/sample_products.csv");
const TAIL: &str = include_str!("../../data/sample_tail.csv");
const FAMILIES: &str = include_str!("../../data/sample_families.csv");
const CUSTOMS: &str = include_str!("../../data/sample_customs.csv");
const CALIBRATION: &str = include_str!("../../data/sample_calibration.csv");

/// One product of the sample.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SampleProduct {
    /// Product code.
    pub ncm: Ncm,
    /// Short Portuguese description in our own words; empty for the products that only large samples hold.
    pub name_pt: &'static str,
    /// Short English description, likewise.
    pub name_en: &'static str,
    /// Statistical unit (`CO_UNID`).
    pub unit: u8,
    /// Sector by the ministry's ISIC section.
    pub sector: SectorId,
    pub(super) family: &'static str,
    pub(super) fob_musd: u64,
    pub(super) usd_per_tonne: u64,
    pub(super) grams_per_unit: u64,
    pub(super) states: Vec<(Uf, u64)>,
}

/// What products of one kind have in common: when, how and where to they are shipped.
pub(super) struct Family {
    pub(super) seasons: Vec<u64>,
    pub(super) ways: Vec<Via>,
    pub(super) destinations: Vec<(CountryCode, u64)>,
}

/// Published figures, by year; dollars and kilograms.
#[derive(Default)]
pub(super) struct Calibration {
    pub(super) national: BTreeMap<u16, u64>,
    pub(super) product: BTreeMap<(u16, Ncm), (u64, u64)>,
    pub(super) country: BTreeMap<(u16, CountryCode), u64>,
    pub(super) cell: BTreeMap<(u16, Ncm, CountryCode), u64>,
    pub(super) state: Vec<(Uf, u64)>,
}

/// All tables.
pub(super) struct Tables {
    pub(super) products: Vec<SampleProduct>,
    pub(super) families: BTreeMap<&'static str, Family>,
    pub(super) customs: Vec<(Via, u32)>,
    pub(super) calibration: Calibration,
}

impl Tables {
    /// Reads the embedded tables; `tail` adds the products without names.
    pub(super) fn read(tail: bool) -> Result<Self, SampleError> {
        let mut products = rows("sample_products.csv", PRODUCTS, product)?;
        if tail {
            products.extend(rows("sample_tail.csv", TAIL, product)?);
        }
        products.sort_by_key(|product| product.ncm);
        let families = rows("sample_families.csv", FAMILIES, family)?.into_iter().collect();
        let customs = rows("sample_customs.csv", CUSTOMS, |fields| Some((number(fields, 0)?, number(fields, 1)?)))?;
        let mut calibration = Calibration::default();
        rows("sample_calibration.csv", CALIBRATION, |fields| calibration.take(fields))?;
        Ok(Self { products, families, customs, calibration })
    }
}

/// The products that the sample names, by code.
///
/// # Errors
/// [`SampleError::Table`] when an embedded table is malformed, which a test of this crate excludes.
pub fn products() -> Result<Vec<SampleProduct>, SampleError> {
    rows("sample_products.csv", PRODUCTS, product)
}

/// Applies `read` to the fields of every line after the header; lines that start with `#` are comments.
fn rows<T>(
    name: &'static str,
    text: &'static str,
    mut read: impl FnMut(&[&'static str]) -> Option<T>,
) -> Result<Vec<T>, SampleError> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.starts_with('#')).skip(1);
    lines
        .map(|(at, line)| {
            let fields: Vec<&'static str> = line.split(';').collect();
            read(&fields).ok_or(SampleError::Table { name, line: at + 1 })
        })
        .collect()
}

fn number<T: std::str::FromStr>(fields: &[&str], at: usize) -> Option<T> {
    fields.get(at)?.parse().ok()
}

/// `code:weight code:weight …`
fn weights<T>(text: &str, read: impl Fn(&str) -> Option<T>) -> Option<Vec<(T, u64)>> {
    text.split(' ')
        .map(|pair| {
            let (code, weight) = pair.split_once(':')?;
            Some((read(code)?, weight.parse().ok()?))
        })
        .collect()
}

fn product(fields: &[&'static str]) -> Option<SampleProduct> {
    Some(SampleProduct {
        ncm: Ncm::parse(fields.first()?)?,
        name_pt: fields.get(1)?,
        name_en: fields.get(2)?,
        unit: number(fields, 3)?,
        sector: number(fields, 4)?,
        family: fields.get(5)?,
        fob_musd: number(fields, 6)?,
        usd_per_tonne: number(fields, 7)?,
        grams_per_unit: number(fields, 8)?,
        states: weights(fields.get(9)?, |letters| Uf::parse(letters.as_bytes()))?,
    })
}

fn family(fields: &[&'static str]) -> Option<(&'static str, Family)> {
    let seasons: Vec<u64> = fields.get(1)?.split(' ').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let ways = fields.get(2)?.split(' ').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let destinations = weights(fields.get(3)?, |code| code.parse().ok())?;
    (seasons.len() == 12).then_some((*fields.first()?, Family { seasons, ways, destinations }))
}

impl Calibration {
    fn take(&mut self, fields: &[&str]) -> Option<()> {
        let (kind, year, fob) = (*fields.first()?, number(fields, 1)?, number(fields, 5)?);
        let ncm = || fields.get(2).copied().and_then(Ncm::parse);
        match kind {
            "national" | "about" => drop(self.national.insert(year, fob)),
            "product" => drop(self.product.insert((year, ncm()?), (fob, number(fields, 6)?))),
            "country" => drop(self.country.insert((year, number(fields, 3)?), fob)),
            "cell" => drop(self.cell.insert((year, ncm()?, number(fields, 3)?), fob)),
            "state" => self.state.push((Uf::parse(fields.get(4)?.as_bytes())?, fob)),
            _ => return None,
        }
        Some(())
    }
}
