//! What a file holds, counted while it was read.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::layout::LayoutKind;
use super::rejects::Reject;
use crate::domain::code::{CountryCode, Month, SectorId};
use crate::domain::fact::{Fact, QUANTITY_NONE};

/// Count and exact sums of some rows. Wide enough that no file overflows them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sums {
    /// Rows.
    pub rows: u64,
    /// FOB in US cents.
    pub fob_cents: i128,
    /// Net weight in grams.
    pub weight_g: i128,
    /// Statistical quantity over all units: good for a check against the official sum, for nothing else.
    pub quantity: i128,
}

impl Sums {
    /// Adds the rows of `other`.
    pub fn add(&mut self, other: &Self) {
        self.rows += other.rows;
        self.fob_cents += other.fob_cents;
        self.weight_g += other.weight_g;
        self.quantity += other.quantity;
    }

    fn add_fact(&mut self, fact: &Fact) {
        self.rows += 1;
        self.fob_cents += i128::from(fact.fob_cents);
        self.weight_g += i128::from(fact.weight_g);
        if fact.quantity != QUANTITY_NONE {
            self.quantity += i128::from(fact.quantity);
        }
    }
}

/// One calendar year of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct YearSummary {
    /// First month with rows, 1–12.
    pub first_month: u8,
    /// Last month with rows.
    pub last_month: u8,
    /// Count and sums.
    pub sums: Sums,
}

/// Everything counted of one file (or workbook).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadSummary {
    /// Which layout it has.
    pub layout: LayoutKind,
    /// SHA-256 of the decompressed bytes (of the file itself for a workbook), in hexadecimal.
    pub sha256: String,
    /// Size of the file in bytes, compressed if it is.
    pub file_bytes: u64,
    /// Rows below the header.
    pub rows_read: u64,
    /// Rows that became facts.
    pub rows_accepted: u64,
    /// Rows that did not.
    pub rows_rejected: u64,
    /// Count and sums of the accepted rows by month.
    pub months: BTreeMap<Month, Sums>,
    /// The first few rejected rows.
    pub first_rejects: Vec<Reject>,
    /// Where the rejected rows were written, if any were.
    pub rejects_path: Option<PathBuf>,
    /// Things worth telling that refuse nothing (a skipped total row, no line end at the end), in English.
    pub notices: Vec<String>,
}

impl ReadSummary {
    /// The calendar years of the file.
    #[must_use]
    pub fn years(&self) -> BTreeMap<u16, YearSummary> {
        let mut years: BTreeMap<u16, YearSummary> = BTreeMap::new();
        for (month, sums) in &self.months {
            let year = years.entry(month.year()).or_insert(YearSummary {
                first_month: month.month(),
                last_month: month.month(),
                sums: Sums::default(),
            });
            year.last_month = month.month();
            year.sums.add(sums);
        }
        years
    }

    /// Count and sums of all accepted rows.
    #[must_use]
    pub fn total(&self) -> Sums {
        let mut total = Sums::default();
        for sums in self.months.values() {
            total.add(sums);
        }
        total
    }
}

/// Facts in file order, with the names that appear in them for the first time.
#[derive(Debug, Default)]
pub struct Batch {
    /// The facts.
    pub facts: Vec<Fact>,
    /// Countries new in this batch, with the codes that `facts` has for them.
    pub new_countries: Vec<(CountryCode, String)>,
    /// Sectors new in this batch.
    pub new_sectors: Vec<(SectorId, String)>,
}

/// How far the reading is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Bytes of the file read, as they lie on disk.
    pub bytes_read: u64,
    /// Size of the file.
    pub bytes_total: u64,
    /// Rows delivered or rejected.
    pub rows: u64,
}

/// Sums by month, quick because neighbours mostly share one.
#[derive(Debug, Default)]
pub(crate) struct MonthSums {
    months: Vec<(Month, Sums)>,
    last: usize,
}

impl MonthSums {
    /// Counts a fact.
    #[inline]
    pub fn add(&mut self, fact: &Fact) {
        if self.months.get(self.last).is_none_or(|(month, _)| *month != fact.month) {
            self.last = self.months.iter().position(|(month, _)| *month == fact.month).unwrap_or_else(|| {
                self.months.push((fact.month, Sums::default()));
                self.months.len() - 1
            });
        }
        self.months[self.last].1.add_fact(fact);
    }

    /// Adds everything to `into`.
    pub fn merge_into(&self, into: &mut BTreeMap<Month, Sums>) {
        for (month, sums) in &self.months {
            into.entry(*month).or_default().add(sums);
        }
    }
}
