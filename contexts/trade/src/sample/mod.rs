//! A deterministic data set in the official layout, for trying the product without the real files.
//!
//! It is not the real data: who exported what where is drawn, by a generator of our own with fixed seeds.
//! But it adds up to what was published (`data/sample_calibration.csv` names each figure and its source):
//! the national total of 2024, the annual totals of the largest products and of the largest destinations,
//! and some destinations of soybeans, coffee and maize, to the dollar; states approximately. Other years
//! and prices are plausible. The same options give the same bytes on every machine and for ever.

mod csv;
mod fit;
mod plan;
mod prng;
mod rows;
mod tables;

use std::io::Write;

use crate::domain::code::Ncm;
use crate::domain::fact::Fact;

pub use tables::{SampleProduct, products};

/// Rows of a sample when nothing else is asked: loads in a moment, and has every shape the product handles.
pub const ROWS_DEFAULT: u64 = 80_000;
/// Most rows a sample may have: somewhat more than the ministry's whole history.
pub const ROWS_MAX: u64 = 30_000_000;
/// The last year of a sample: the last complete year with published figures.
pub const YEAR_LAST: u16 = 2024;
/// From this many rows a year, the sample also holds the products of the long tail, which have no names of ours.
const ROWS_PER_YEAR_TAIL: u64 = 100_000;
/// A year of the real files has about this many rows; more are asked, more years are made.
const ROWS_PER_YEAR: u64 = 1_000_000;
const YEARS_LEAST: u64 = 5;
const YEARS_MOST: u64 = 28;

/// What to make.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SampleOptions {
    /// How many rows, exactly; [`ROWS_DEFAULT`] where not given. Up to five million rows cover 2020 to 2024;
    /// every further million adds an earlier year, down to 1997.
    pub rows: Option<u64>,
}

/// Sums of one year of a sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SampleYear {
    /// Calendar year, complete.
    pub year: u16,
    /// Rows.
    pub rows: u64,
    /// FOB value in dollars.
    pub fob_usd: u64,
    /// Net weight in kilograms.
    pub weight_kg: u64,
}

/// What was made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SampleSummary {
    /// Rows of all years.
    pub rows: u64,
    /// Years, first to last.
    pub years: Vec<SampleYear>,
}

/// Why no sample was made.
#[derive(Debug, thiserror::Error)]
pub enum SampleError {
    /// More rows than a sample may have.
    #[error("a sample of {rows} rows is too large; ask for at most {ROWS_MAX}")]
    TooManyRows {
        /// Rows asked.
        rows: u64,
    },
    /// Fewer rows than pairs of product and destination.
    #[error(
        "{rows} rows are too few for {year}: each pair of product and destination needs one; ask for at least {least} a year"
    )]
    TooFewRows {
        /// Year that cannot be made.
        year: u16,
        /// Rows it would get.
        rows: u64,
        /// Rows it needs.
        least: u64,
    },
    /// A year without a national total.
    #[error("no national total is known for {year}; add it to sample_calibration.csv")]
    Year {
        /// The year.
        year: u16,
    },
    /// A product of an unknown family.
    #[error("NCM {ncm} is of a family that sample_families.csv does not have")]
    Family {
        /// The product.
        ncm: Ncm,
    },
    /// A line of an embedded table that cannot be read.
    #[error("{name}, line {line}: the line cannot be read; compare it with the header")]
    Table {
        /// File under `contexts/trade/data`.
        name: &'static str,
        /// Line, from 1.
        line: usize,
    },
    /// The output could not be written.
    #[error("the sample could not be written")]
    Write(#[from] std::io::Error),
}

/// Writes a sample as one file in the official layout, in constant memory.
///
/// # Errors
/// [`SampleError`]: impossible options, or the output failed.
pub fn write_csv(out: &mut dyn Write, options: &SampleOptions) -> Result<SampleSummary, SampleError> {
    let mut lines = csv::Lines::new(out);
    let mut summary = SampleSummary::default();
    let (plan, years) = prepare(options)?;
    for (year, rows) in years {
        summary.add(generate(&plan, year, rows, &mut |fact| lines.push(&fact))?);
    }
    lines.finish()?;
    Ok(summary)
}

/// Makes the same rows without the text, a year at a time.
///
/// # Errors
/// [`SampleError`]: impossible options.
pub fn for_each_year(
    options: &SampleOptions,
    mut take: impl FnMut(u16, Vec<Fact>),
) -> Result<SampleSummary, SampleError> {
    let mut summary = SampleSummary::default();
    let (plan, years) = prepare(options)?;
    for (year, rows) in years {
        let mut facts = Vec::with_capacity(usize::try_from(rows).unwrap_or(0));
        summary.add(generate(&plan, year, rows, &mut |fact| facts.push(fact))?);
        take(year, facts);
    }
    Ok(summary)
}

/// The fitted plan, and how many rows each year gets.
fn prepare(options: &SampleOptions) -> Result<(plan::Plan, Vec<(u16, u64)>), SampleError> {
    let rows = options.rows.unwrap_or(ROWS_DEFAULT);
    if rows > ROWS_MAX {
        return Err(SampleError::TooManyRows { rows });
    }
    let count = rows.div_ceil(ROWS_PER_YEAR).clamp(YEARS_LEAST, YEARS_MOST);
    let plan = plan::Plan::new(tables::Tables::read(rows / count >= ROWS_PER_YEAR_TAIL)?)?;
    let mut split = prng::Split::new(rows, count);
    let first = YEAR_LAST + 1 - u16::try_from(count).unwrap_or(1);
    Ok((plan, (first..=YEAR_LAST).map(|year| (year, split.next(1))).collect()))
}

/// One year, with its sums.
fn generate(plan: &plan::Plan, year: u16, rows: u64, take: &mut dyn FnMut(Fact)) -> Result<SampleYear, SampleError> {
    let mut sums = SampleYear { year, rows: 0, fob_usd: 0, weight_kg: 0 };
    rows::of_year(plan, year, rows, &mut |fact| {
        sums.rows += 1;
        sums.fob_usd += fact.fob_cents.unsigned_abs() / 100;
        sums.weight_kg += fact.weight_g.unsigned_abs() / 1000;
        take(fact);
    })?;
    Ok(sums)
}

impl SampleSummary {
    fn add(&mut self, year: SampleYear) {
        self.rows += year.rows;
        self.years.push(year);
    }
}

#[cfg(test)]
mod tests;
