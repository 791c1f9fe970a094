//! Which months are known. An uncovered month is unknown, never zero.

use std::collections::{BTreeMap, HashMap};

use super::code::{Month, Ncm};

/// What is known of one calendar year as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YearCoverage {
    /// The one live source of the year (`comexstat`, `sample`, …).
    pub source: String,
    /// January to this month are covered for every NCM; 0 when only slices were loaded.
    pub through_month: u8,
}

/// The covered months: per year for every NCM, and per NCM for what slices brought.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Years that hold rows.
    pub years: BTreeMap<u16, YearCoverage>,
    /// Months, first to last inclusive, that slices cover for one NCM only.
    pub slices: HashMap<Ncm, Vec<(Month, Month)>>,
}

impl Coverage {
    /// Whether `month` is covered for every NCM.
    #[must_use]
    pub fn covers_all(&self, month: Month) -> bool {
        self.years.get(&month.year()).is_some_and(|year| month.month() <= year.through_month)
    }

    /// Whether `month` is covered for `ncm`, by its year or by a slice.
    #[must_use]
    pub fn covers(&self, ncm: Ncm, month: Month) -> bool {
        self.covers_all(month)
            || self
                .slices
                .get(&ncm)
                .is_some_and(|spans| spans.iter().any(|(first, last)| (*first..=*last).contains(&month)))
    }

    /// The last month covered for every NCM.
    #[must_use]
    pub fn through(&self) -> Option<Month> {
        self.years.iter().rev().find_map(|(year, coverage)| Month::new(*year, coverage.through_month))
    }

    /// The last month covered for `ncm`.
    #[must_use]
    pub fn through_of(&self, ncm: Ncm) -> Option<Month> {
        let slice = self.slices.get(&ncm).and_then(|spans| spans.iter().map(|(_, last)| *last).max());
        self.through().max(slice)
    }
}
