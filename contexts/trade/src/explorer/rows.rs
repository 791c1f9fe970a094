//! From a request to the rows of its answer: which questions the cube is asked, and what follows from the sums.

use std::cmp::Ordering;
use std::collections::{BTreeSet, HashMap};

use super::growth::{Class, Growth, bucket};
use super::key_index::KeyIndex;
use super::order::CodeRanks;
use super::request::{Dimension, Measure, Request, SortField};
use super::scope::Scope;
use crate::answer::ratio;
use crate::cube::Snapshot;
use crate::cube::plan::ESTIMATE_MS_MAX;
use crate::cube::question::{Group, Grouping, Key, ProductLevel, Question, Refusal, Sums, TimeLevel};
use crate::cube::scan::Prepared;
use crate::domain::bloc;
use crate::domain::code::{Month, YEAR_BOUND, YEAR_MIN};
use crate::domain::fact::UNIT_NONE;

/// Decimals of share, growth, price and hhi.
pub(super) const RATIO_SCALE: u32 = 6;

/// One row before its labels.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    pub(super) key: Key,
    pub(super) sums: Sums,
    /// In millionths; `None` when unknown or not asked for.
    pub(super) growth: Option<i128>,
    /// In millionths; `None` when unknown or not asked for.
    pub(super) hhi: Option<i128>,
}

impl Row {
    /// The statistical quantity in the unit of the sums; `None` where the row has several units or none.
    pub(super) const fn quantity(&self) -> Option<i64> {
        if self.sums.unit == UNIT_NONE { None } else { Some(self.sums.quantity) }
    }
}

/// The questions of a request and what is covered for them, before anything is read.
pub(super) struct Questions<'a> {
    pub(super) request: &'a Request,
    pub(super) snapshot: &'a Snapshot,
    pub(super) scope: Scope<'a>,
    /// Months that the request asks for, covered or not, among the years that hold anything.
    pub(super) asked: BTreeSet<Month>,
    rows: Question,
    /// How time is grouped in the answer. With growth the cube is asked by [`Growth`]'s classes instead.
    time: TimeLevel,
    growth: Option<Growth>,
    /// The rows' quantities.
    quantities: Option<Question>,
    /// The rows divided by destination.
    hhi: Option<Question>,
}

/// A row on the way to be put together from groups.
#[derive(Debug, Clone, Copy, Default)]
struct FoldedRow {
    sums: Sums,
    /// FOB value of the months that are compared, and of the same months a year earlier.
    now: i64,
    base: i64,
}

/// The answer before it is written.
pub(super) struct Answer {
    /// The rows of the page.
    pub(super) rows: Vec<Row>,
    /// Rows before limit and offset.
    pub(super) total_rows: usize,
    /// FOB value of all rows, in cents.
    pub(super) total_fob_cents: i64,
}

pub(super) fn grouping(drilldowns: &[Dimension]) -> Grouping {
    let has = |dimension| drilldowns.contains(&dimension);
    let time = match (has(Dimension::Month), has(Dimension::Year)) {
        (true, _) => TimeLevel::Month,
        (false, true) => TimeLevel::Year,
        _ => TimeLevel::None,
    };
    // Codes are nested: the finest tells the others.
    let levels = [
        (Dimension::Ncm, ProductLevel::Ncm),
        (Dimension::Sh6, ProductLevel::Sh6),
        (Dimension::Sh4, ProductLevel::Sh4),
        (Dimension::Sh2, ProductLevel::Sh2),
    ];
    let product =
        levels.into_iter().find(|(dimension, _)| has(*dimension)).map_or(ProductLevel::None, |(_, level)| level);
    Grouping {
        time,
        product,
        // A country tells its blocs.
        country: has(Dimension::Country) || has(Dimension::Bloc),
        uf: has(Dimension::Uf),
        sector: has(Dimension::Sector),
        via: has(Dimension::Via),
        region: has(Dimension::Region),
        urf: has(Dimension::Urf),
    }
}

impl<'a> Questions<'a> {
    pub(super) fn new(request: &'a Request, snapshot: &'a Snapshot) -> Self {
        let by = grouping(&request.drilldowns);
        let scope = Scope::new(snapshot, &request.cuts, by.product);
        let through = scope.through();
        let years =
            snapshot.coverage.years.keys().copied().chain(snapshot.segments.iter().map(|segment| segment.year()));
        let years: BTreeSet<u16> = years.filter(|year| (YEAR_MIN..=YEAR_BOUND).contains(year)).collect();
        let all = years.iter().flat_map(|year| (1..=12).filter_map(|month| Month::new(*year, month)));
        let asked: BTreeSet<Month> = all.filter(|month| request.months.takes(*month, through)).collect();
        let same: Vec<(Month, Month)> = asked.iter().map(|month| (*month, *month)).collect();
        let wants = |measure| request.measures.contains(&measure);
        let growth = wants(Measure::Growth).then(|| Growth::new(&asked, &scope.question, by.time));
        let question = |by: Grouping, folded: bool| Question {
            by,
            cuts: request.cuts.clone(),
            months: same.clone(),
            folded: folded || request.drilldowns.contains(&Dimension::Bloc),
            ..Question::default()
        };
        let rows = match &growth {
            None => Question { priced: wants(Measure::Price), ..question(by, false) },
            Some(growth) => Question {
                priced: wants(Measure::Price),
                months: growth.months.clone(),
                ..question(Grouping { time: TimeLevel::Month, ..by }, true)
            },
        };
        let hhi = wants(Measure::Hhi).then(|| question(Grouping { country: true, ..by }, true));
        let quantities = wants(Measure::Qt).then(|| Question { quantities: true, ..question(by, true) });
        Self { request, snapshot, scope, asked, rows, time: by.time, growth, quantities, hhi }
    }

    /// Plans every question; `true` if answering will take long enough to leave the thread that serves connections.
    ///
    /// # Errors
    /// [`Refusal`] where one would take too long.
    pub(super) fn is_large(&self) -> Result<bool, Refusal> {
        let mut large = false;
        // They are answered one after the other, so they must be fast enough together.
        let (mut rows, mut estimate_ms) = (0, 0);
        for question in [Some(&self.rows), self.quantities.as_ref(), self.hhi.as_ref()].into_iter().flatten() {
            let prepared = Prepared::new(question, self.snapshot)?;
            large |= prepared.is_large();
            rows += prepared.rows();
            estimate_ms += prepared.estimate_ms();
        }
        if estimate_ms > ESTIMATE_MS_MAX {
            return Err(Refusal::TooSlow { rows, estimate_ms, limit_ms: ESTIMATE_MS_MAX });
        }
        Ok(large)
    }

    /// Asks the cube.
    ///
    /// # Errors
    /// [`Refusal`] where it would take too long or form too many groups.
    pub(super) fn answer(&self) -> Result<Answer, Refusal> {
        let groups = Prepared::new(&self.rows, self.snapshot)?.run()?;
        let (mut rows, total_fob_cents) = self.rows_of(groups);
        self.fill_hhi(&mut rows)?;
        self.fill_quantities(&mut rows)?;
        let total_rows = rows.len();
        self.keep_page(&mut rows, total_fob_cents);
        Ok(Answer { rows, total_rows, total_fob_cents })
    }

    /// The rows of the groups, and the FOB value of all of them: each export once, however many blocs it is in.
    fn rows_of(&self, groups: Vec<Group>) -> (Vec<Row>, i64) {
        let row = |key: Key, sums: Sums| Row { key, sums, growth: None, hhi: None };
        if self.growth.is_none() && !self.by_bloc() {
            let mut rows: Vec<Row> = groups.into_iter().map(|group| row(group.key, group.sums)).collect();
            self.fill_covered_months(&mut rows);
            let total = rows.iter().map(|row| row.sums.fob_cents).sum();
            return (rows, total);
        }
        let mut total = 0;
        let mut index = KeyIndex::new(groups.len(), self.times());
        let mut folded: Vec<FoldedRow> = Vec::with_capacity(groups.len());
        for group in groups {
            let alone = Class { row: Some(group.key.time), now: None, base: None };
            let class = self.growth.as_ref().map_or(alone, |growth| growth.class(group.key.time));
            let fob_cents = group.sums.fob_cents;
            total += class.row.map_or(0, |_| fob_cents);
            self.keys_of(group.key, |key| {
                if let Some(time) = class.row {
                    let cell = at(&mut folded, index.number(Key { time, ..key }));
                    cell.sums = cell.sums.with(group.sums);
                    cell.now += class.now.map_or(0, |_| fob_cents);
                }
                if let Some(time) = class.base {
                    at(&mut folded, index.number(Key { time, ..key })).base += fob_cents;
                }
            });
        }
        let mut rows = Vec::with_capacity(folded.len());
        // Bases of rows that no month asked for has exports for.
        let mut only_bases: HashMap<Key, i64> = HashMap::new();
        for (key, cell) in index.keys().iter().zip(&folded) {
            if cell.sums.cells == 0 {
                only_bases.insert(*key, cell.base);
                continue;
            }
            rows.push(Row { growth: self.growth_of(*key, cell.now, cell.base), ..row(*key, cell.sums) });
        }
        let there = rows.len();
        self.fill_covered_months(&mut rows);
        for row in &mut rows[there..] {
            row.growth = self.growth_of(row.key, 0, only_bases.get(&row.key).copied().unwrap_or_default());
        }
        (rows, total)
    }

    /// A base counts only if every month compared is covered a year earlier.
    fn growth_of(&self, key: Key, now: i64, base: i64) -> Option<i128> {
        self.growth.as_ref().filter(|growth| growth.comparable.contains(&key.time))?;
        ratio(i128::from(now) - i128::from(base), i128::from(base), RATIO_SCALE)
    }

    /// The times that rows can have, ascending.
    fn times(&self) -> Vec<u16> {
        let mut times: Vec<u16> = self.asked.iter().map(|month| bucket(self.time, *month)).collect();
        times.dedup();
        times
    }

    /// The rows by their keys, each with its place in `rows`.
    fn numbered(&self, rows: &[Row]) -> KeyIndex {
        let mut index = KeyIndex::new(rows.len(), self.times());
        for row in rows {
            index.number(row.key);
        }
        index
    }

    fn by_bloc(&self) -> bool {
        self.request.drilldowns.contains(&Dimension::Bloc)
    }

    /// The keys of the rows that a group belongs to: one, or one for each bloc of its country.
    fn keys_of(&self, key: Key, mut each: impl FnMut(Key)) {
        if !self.by_bloc() {
            return each(key);
        }
        let country = self.snapshot.reference.countries.get(&key.country);
        let kept = if self.request.drilldowns.contains(&Dimension::Country) { key.country } else { 0 };
        for id in bloc::of(country.and_then(|country| country.iso2.as_deref())) {
            if self.request.cuts.blocs.as_ref().is_none_or(|cut| cut.contains(&id)) {
                each(Key { bloc: id, country: kept, ..key });
            }
        }
    }

    /// A total, or a series by time alone, shows a zero where a covered month has no exports: there it is known.
    fn fill_covered_months(&self, rows: &mut Vec<Row>) {
        let level = self.time;
        if (Grouping { time: self.rows.by.time, ..Grouping::default() }) != self.rows.by {
            return;
        }
        let covered = self.asked.intersection(&self.scope.question);
        let wanted: BTreeSet<u16> = covered.map(|month| bucket(level, *month)).collect();
        let there: BTreeSet<u16> = rows.iter().map(|row| row.key.time).collect();
        rows.extend(wanted.difference(&there).map(|time| Row {
            key: Key { time: *time, ..Key::default() },
            sums: Sums::default(),
            growth: None,
            hhi: None,
        }));
    }

    fn fill_quantities(&self, rows: &mut [Row]) -> Result<(), Refusal> {
        let Some(question) = &self.quantities else { return Ok(()) };
        let mut index = self.numbered(rows);
        let mut sums = vec![Sums::default(); rows.len()];
        for group in Prepared::new(question, self.snapshot)?.run()? {
            self.keys_of(group.key, |key| {
                // Both questions have the same rows; what only one of them has is no row.
                if let Some(sum) = sums.get_mut(index.number(key)) {
                    *sum = sum.with(group.sums);
                }
            });
        }
        for (row, sum) in rows.iter_mut().zip(sums) {
            row.sums.quantity = sum.quantity;
            row.sums.unit = sum.unit;
        }
        Ok(())
    }

    fn fill_hhi(&self, rows: &mut [Row]) -> Result<(), Refusal> {
        let Some(question) = &self.hhi else { return Ok(()) };
        let mut index = self.numbered(rows);
        let mut squares = vec![0_i128; rows.len()];
        for group in Prepared::new(question, self.snapshot)?.run()? {
            self.keys_of(group.key, |key| {
                let number = index.number(Key { country: 0, ..key });
                if let (Some(row), Some(sum)) = (rows.get(number), squares.get_mut(number)) {
                    // Shares in parts of 10^12, so that their squares stay exact integers whatever the order of the sum.
                    let total = i128::from(row.sums.fob_cents);
                    let share = ratio(i128::from(group.sums.fob_cents), total, 12).unwrap_or_default();
                    *sum += share * share;
                }
            });
        }
        for (row, sum) in rows.iter_mut().zip(squares).filter(|(row, _)| row.sums.fob_cents > 0) {
            row.hhi = ratio(sum, 10_i128.pow(24), RATIO_SCALE);
        }
        Ok(())
    }

    /// Sorts, and keeps what offset and limit leave. Only the rows up to the end of the page are put in order.
    fn keep_page(&self, rows: &mut Vec<Row>, total_fob_cents: i64) {
        let ranks = CodeRanks::new(self.request, self.snapshot, rows);
        let order = |a: &Row, b: &Row| self.compare(a, b, total_fob_cents, &ranks);
        let end = self.request.offset.saturating_add(self.request.limit);
        if end < rows.len() / 2 {
            rows.select_nth_unstable_by(end, order);
            rows.truncate(end);
        }
        rows.sort_unstable_by(order);
        rows.truncate(end);
        rows.drain(..self.request.offset.min(rows.len()));
    }

    fn compare(&self, a: &Row, b: &Row, total_fob_cents: i64, ranks: &CodeRanks) -> Ordering {
        let by_measure = |measure| {
            descending(measure_value(a, measure, total_fob_cents), measure_value(b, measure, total_fob_cents))
        };
        let first = self.request.measures.first().copied().unwrap_or(Measure::Fob);
        let asked = match self.request.sort {
            None => Ordering::Equal,
            Some((SortField::Measure(measure), true)) => by_measure(measure),
            Some((SortField::Measure(measure), false)) => {
                ascending(measure_value(a, measure, total_fob_cents), measure_value(b, measure, total_fob_cents))
            }
            Some((SortField::Dimension(dimension), backwards)) => {
                let order = self.by_dimension(dimension, &a.key, &b.key, ranks);
                if backwards { order.reverse() } else { order }
            }
        };
        // Time ascends, then the largest come first; the key settles ties.
        asked.then_with(|| a.key.time.cmp(&b.key.time)).then_with(|| by_measure(first)).then_with(|| a.key.cmp(&b.key))
    }

    fn by_dimension(&self, dimension: Dimension, a: &Key, b: &Key, ranks: &CodeRanks) -> Ordering {
        let product = |key| product_code(self.rows.by.product, dimension, key);
        match dimension {
            Dimension::Month => a.time.cmp(&b.time),
            Dimension::Year => year_of(self.time, a).cmp(&year_of(self.time, b)),
            Dimension::Ncm | Dimension::Sh6 | Dimension::Sh4 | Dimension::Sh2 => product(a).cmp(&product(b)),
            Dimension::Via => a.via.cmp(&b.via),
            Dimension::Urf => a.urf.cmp(&b.urf),
            Dimension::Country | Dimension::Uf | Dimension::Sector | Dimension::Region | Dimension::Bloc => {
                ranks.of(dimension, a).cmp(&ranks.of(dimension, b))
            }
        }
    }
}

/// The row at a number, which may be the next one.
fn at(rows: &mut Vec<FoldedRow>, number: usize) -> &mut FoldedRow {
    if number >= rows.len() {
        rows.resize(number + 1, FoldedRow::default());
    }
    &mut rows[number]
}

/// The code of a product dimension of a key, which may be grouped by a finer `level`.
pub(super) const fn product_code(level: ProductLevel, dimension: Dimension, key: &Key) -> u32 {
    let ncm = level.ncms_of(key.product).0.0;
    match dimension {
        Dimension::Sh2 => ProductLevel::Sh2.code_of(ncm),
        Dimension::Sh4 => ProductLevel::Sh4.code_of(ncm),
        Dimension::Sh6 => ProductLevel::Sh6.code_of(ncm),
        _ => ncm,
    }
}

/// The year of a key whose time is a year or a month.
pub(super) const fn year_of(level: TimeLevel, key: &Key) -> u16 {
    match level {
        TimeLevel::Month => Month(key.time).year(),
        _ => key.time,
    }
}

/// Largest first, unknown last.
fn descending(a: Option<i128>, b: Option<i128>) -> Ordering {
    b.cmp(&a)
}

/// Smallest first, unknown last.
fn ascending(a: Option<i128>, b: Option<i128>) -> Ordering {
    a.is_none().cmp(&b.is_none()).then(a.cmp(&b))
}

/// A measure in its own unit: cents, grams, or millionths.
pub(super) fn measure_value(row: &Row, measure: Measure, total_fob_cents: i64) -> Option<i128> {
    match measure {
        Measure::Fob => Some(i128::from(row.sums.fob_cents)),
        Measure::Kg => Some(i128::from(row.sums.weight_g)),
        Measure::Share => ratio(i128::from(row.sums.fob_cents), i128::from(total_fob_cents), RATIO_SCALE),
        Measure::Growth => row.growth,
        // Cents a gram are 10 dollars a kilogram.
        Measure::Price => ratio(i128::from(row.sums.priced_fob_cents) * 10, i128::from(row.sums.weight_g), RATIO_SCALE),
        Measure::Hhi => row.hhi,
        Measure::Qt => row.quantity().map(i128::from),
    }
}
