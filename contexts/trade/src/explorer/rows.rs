//! From a request to the rows of its answer: which questions the cube is asked, and what follows from the sums.

use std::cmp::Ordering;
use std::collections::{BTreeSet, HashMap};

use super::request::{Dimension, Measure, Request, SortField};
use super::scope::Scope;
use crate::answer::ratio;
use crate::cube::Snapshot;
use crate::cube::question::{Grouping, Key, ProductLevel, Question, Refusal, Sums, TimeLevel};
use crate::cube::scan::Prepared;
use crate::domain::code::{Month, YEAR_BOUND, YEAR_MIN};

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

/// The questions of a request and what is covered for them, before anything is read.
pub(super) struct Questions<'a> {
    pub(super) request: &'a Request,
    pub(super) snapshot: &'a Snapshot,
    pub(super) scope: Scope<'a>,
    /// Months that the request asks for, covered or not, among the years that hold anything.
    pub(super) asked: BTreeSet<Month>,
    rows: Question,
    /// The same covered months, and those a year earlier counted as these.
    growth: Option<(Question, Question)>,
    /// The rows divided by destination.
    hhi: Option<Question>,
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
        country: has(Dimension::Country),
        uf: has(Dimension::Uf),
        sector: has(Dimension::Sector),
        via: has(Dimension::Via),
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
        let question = |by: Grouping, months: Vec<(Month, Month)>| Question {
            by,
            cuts: request.cuts.clone(),
            months,
            priced: false,
        };
        let same = |months: &BTreeSet<Month>| months.iter().map(|month| (*month, *month)).collect::<Vec<_>>();
        let rows = Question { priced: request.measures.contains(&Measure::Price), ..question(by, same(&asked)) };
        let growth = request.measures.contains(&Measure::Growth).then(|| {
            let now: BTreeSet<Month> = asked.intersection(&scope.question).copied().collect();
            let before = now
                .iter()
                .map(|month| (month.minus(12), *month))
                .filter(|(read, _)| scope.question.contains(read))
                .collect();
            (question(by, same(&now)), question(by, before))
        });
        let hhi =
            request.measures.contains(&Measure::Hhi).then(|| question(Grouping { country: true, ..by }, same(&asked)));
        Self { request, snapshot, scope, asked, rows, growth, hhi }
    }

    /// Plans every question; `true` if answering will take long enough to leave the thread that serves connections.
    ///
    /// # Errors
    /// [`Refusal`] where one would take too long.
    pub(super) fn is_large(&self) -> Result<bool, Refusal> {
        let (now, before) = self.growth.as_ref().map(|(now, before)| (now, before)).unzip();
        let all = [Some(&self.rows), now, before, self.hhi.as_ref()];
        let mut large = false;
        for question in all.into_iter().flatten() {
            large |= Prepared::new(question, self.snapshot)?.is_large();
        }
        Ok(large)
    }

    /// Asks the cube.
    ///
    /// # Errors
    /// [`Refusal`] where it would take too long or form too many groups.
    pub(super) fn answer(&self) -> Result<Answer, Refusal> {
        let groups = Prepared::new(&self.rows, self.snapshot)?.run()?;
        let mut rows: Vec<Row> =
            groups.into_iter().map(|group| Row { key: group.key, sums: group.sums, growth: None, hhi: None }).collect();
        self.fill_covered_months(&mut rows);
        self.fill_growth(&mut rows)?;
        self.fill_hhi(&mut rows)?;
        let total_fob_cents = rows.iter().map(|row| row.sums.fob_cents).sum();
        let total_rows = rows.len();
        self.keep_page(&mut rows, total_fob_cents);
        Ok(Answer { rows, total_rows, total_fob_cents })
    }

    /// A total, or a series by time alone, shows a zero where a covered month has no exports: there it is known.
    fn fill_covered_months(&self, rows: &mut Vec<Row>) {
        let level = self.rows.by.time;
        if (Grouping { time: level, ..Grouping::default() }) != self.rows.by {
            return;
        }
        let covered = self.asked.intersection(&self.scope.question);
        let wanted: BTreeSet<u16> = covered.map(|month| Self::bucket(level, *month)).collect();
        let there: BTreeSet<u16> = rows.iter().map(|row| row.key.time).collect();
        rows.extend(wanted.difference(&there).map(|time| Row {
            key: Key { time: *time, ..Key::default() },
            sums: Sums::default(),
            growth: None,
            hhi: None,
        }));
    }

    /// What [`Key::time`] says of a month.
    const fn bucket(level: TimeLevel, month: Month) -> u16 {
        match level {
            TimeLevel::None => 0,
            TimeLevel::Year => month.year(),
            TimeLevel::Month => month.0,
        }
    }

    fn fill_growth(&self, rows: &mut [Row]) -> Result<(), Refusal> {
        let Some((now, before)) = &self.growth else { return Ok(()) };
        let by_key = |question: &Question| -> Result<HashMap<Key, i64>, Refusal> {
            let groups = Prepared::new(question, self.snapshot)?.run()?;
            Ok(groups.into_iter().map(|group| (group.key, group.sums.fob_cents)).collect())
        };
        let (values, bases) = (by_key(now)?, by_key(before)?);
        // A base counts only if every month compared is covered a year earlier.
        let bucket = |month: Month| Self::bucket(now.by.time, month);
        let mut known: HashMap<u16, (usize, usize)> = HashMap::new();
        now.months.iter().for_each(|(_, month)| known.entry(bucket(*month)).or_default().0 += 1);
        before.months.iter().for_each(|(_, month)| known.entry(bucket(*month)).or_default().1 += 1);
        for row in rows.iter_mut().filter(|row| known.get(&row.key.time).is_some_and(|(now, before)| now == before)) {
            let value = i128::from(values.get(&row.key).copied().unwrap_or_default());
            let base = i128::from(bases.get(&row.key).copied().unwrap_or_default());
            row.growth = ratio(value - base, base, RATIO_SCALE);
        }
        Ok(())
    }

    fn fill_hhi(&self, rows: &mut [Row]) -> Result<(), Refusal> {
        let Some(question) = &self.hhi else { return Ok(()) };
        let mut squares: HashMap<Key, i128> = HashMap::new();
        let totals: HashMap<Key, i64> = rows.iter().map(|row| (row.key, row.sums.fob_cents)).collect();
        for group in Prepared::new(question, self.snapshot)?.run()? {
            let key = Key { country: 0, ..group.key };
            // Shares in parts of 10^12, so that their squares stay exact integers whatever the order of the sum.
            let total = i128::from(totals.get(&key).copied().unwrap_or_default());
            let share = ratio(i128::from(group.sums.fob_cents), total, 12).unwrap_or_default();
            *squares.entry(key).or_default() += share * share;
        }
        for row in rows.iter_mut().filter(|row| row.sums.fob_cents > 0) {
            row.hhi = squares.get(&row.key).and_then(|sum| ratio(*sum, 10_i128.pow(24), RATIO_SCALE));
        }
        Ok(())
    }

    /// Sorts, and keeps what offset and limit leave. Only the rows up to the end of the page are put in order.
    fn keep_page(&self, rows: &mut Vec<Row>, total_fob_cents: i64) {
        let order = |a: &Row, b: &Row| self.compare(a, b, total_fob_cents);
        let end = self.request.offset.saturating_add(self.request.limit);
        if end < rows.len() / 2 {
            rows.select_nth_unstable_by(end, order);
            rows.truncate(end);
        }
        rows.sort_unstable_by(order);
        rows.truncate(end);
        rows.drain(..self.request.offset.min(rows.len()));
    }

    fn compare(&self, a: &Row, b: &Row, total_fob_cents: i64) -> Ordering {
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
                let order = self.by_dimension(dimension, &a.key, &b.key);
                if backwards { order.reverse() } else { order }
            }
        };
        // Time ascends, then the largest come first; the key settles ties.
        asked.then_with(|| a.key.time.cmp(&b.key.time)).then_with(|| by_measure(first)).then_with(|| a.key.cmp(&b.key))
    }

    fn by_dimension(&self, dimension: Dimension, a: &Key, b: &Key) -> Ordering {
        let code =
            |key: &Key| self.snapshot.reference.countries.get(&key.country).and_then(|country| country.iso2.as_deref());
        match dimension {
            Dimension::Month => a.time.cmp(&b.time),
            Dimension::Year => year_of(self.rows.by.time, a).cmp(&year_of(self.rows.by.time, b)),
            Dimension::Ncm | Dimension::Sh6 | Dimension::Sh4 | Dimension::Sh2 => a.product.cmp(&b.product),
            Dimension::Country => code(a).cmp(&code(b)).then(a.country.cmp(&b.country)),
            Dimension::Uf => a.uf.cmp(&b.uf),
            Dimension::Sector => a.sector.cmp(&b.sector),
            Dimension::Via => a.via.cmp(&b.via),
        }
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
    }
}
