//! Which months are covered for what a question, or one row of its answer, speaks of.
//!
//! Across all products a month is covered when its year is. For a set of products it is also covered when
//! slices cover it for every product of the set that is known (in the table or in the data) and in force in the month:
//! a code that ended before needs no cover.

use std::collections::{BTreeSet, HashMap};

use super::cuts::intersection;
use crate::cube::Snapshot;
use crate::cube::question::{Cuts, ProductLevel};
use crate::domain::code::{Month, Ncm};

/// The known NCMs of a span, ascending, each once.
pub(super) fn known_ncms(snapshot: &Snapshot, (first, last): (Ncm, Ncm)) -> impl Iterator<Item = Ncm> + '_ {
    let ncms = &snapshot.domains.ncms;
    let start = ncms.partition_point(|ncm| *ncm < first.0);
    let in_data = &ncms[start..ncms.partition_point(|ncm| *ncm <= last.0).max(start)];
    let products = &snapshot.reference.products;
    let only_in_table =
        products.range(first..=last).map(|(ncm, _)| *ncm).filter(|ncm| in_data.binary_search(&ncm.0).is_err());
    in_data.iter().map(|ncm| Ncm(*ncm)).chain(only_in_table)
}

/// Covered months by what is asked.
pub(super) struct Scope<'a> {
    snapshot: &'a Snapshot,
    cuts: &'a Cuts,
    level: ProductLevel,
    /// Covered for the whole question.
    pub(super) question: BTreeSet<Month>,
    /// Covered for rows with a product of their own, by its code, where that differs.
    rows: HashMap<u32, BTreeSet<Month>>,
}

impl<'a> Scope<'a> {
    /// `level` is the one that rows are grouped by.
    pub(super) fn new(snapshot: &'a Snapshot, cuts: &'a Cuts, level: ProductLevel) -> Self {
        let question = match &cuts.products {
            None => covered(snapshot, None),
            Some(spans) => covered(snapshot, Some(spans)),
        };
        let mut scope = Self { snapshot, cuts, level, question, rows: HashMap::new() };
        scope.fill_rows();
        scope
    }

    /// The last covered month.
    pub(super) fn through(&self) -> Option<Month> {
        self.question.last().copied()
    }

    /// Covered for a row about the product `code`.
    pub(super) fn of_row(&self, code: u32) -> &BTreeSet<Month> {
        self.rows.get(&code).unwrap_or(&self.question)
    }

    /// Rows differ from the question only where slices are, and those are few.
    fn fill_rows(&mut self) {
        if self.level == ProductLevel::None {
            return;
        }
        let sliced = self.snapshot.coverage.slices.keys().filter(|ncm| self.cuts.takes(ncm.0));
        let codes: BTreeSet<u32> = sliced.map(|ncm| self.level.code_of(ncm.0)).collect();
        for code in codes {
            let own = [self.level.ncms_of(code)];
            let spans = match &self.cuts.products {
                None => own.to_vec(),
                Some(cut) => intersection(&own, cut),
            };
            let months = covered(self.snapshot, Some(&spans));
            self.rows.insert(code, months);
        }
    }
}

/// The months covered for every known NCM of `spans`, or for all NCMs.
fn covered(snapshot: &Snapshot, spans: Option<&[(Ncm, Ncm)]>) -> BTreeSet<Month> {
    let coverage = &snapshot.coverage;
    let mut months: BTreeSet<Month> = coverage
        .years
        .iter()
        .flat_map(|(year, known)| (1..=known.through_month.min(12)).filter_map(|month| Month::new(*year, month)))
        .collect();
    let Some(spans) = spans else { return months };
    if coverage.slices.is_empty() {
        return months;
    }
    // A month counts when slices cover it for every product in force in it, and for one at least.
    let succession = &snapshot.ranking.succession;
    let ncms: Vec<Ncm> = spans.iter().flat_map(|span| known_ncms(snapshot, *span)).collect();
    let sliced = ncms.iter().filter_map(|ncm| coverage.slices.get(ncm)).flatten();
    let candidates: BTreeSet<Month> = sliced.flat_map(|(start, end)| (start.0..=end.0).map(Month)).collect();
    let known = |month: Month, ncm: Ncm| coverage.covers(ncm, month) || !succession.needs_cover(ncm, month);
    months.extend(candidates.into_iter().filter(|month| ncms.iter().all(|ncm| known(*month, *ncm))));
    months
}
