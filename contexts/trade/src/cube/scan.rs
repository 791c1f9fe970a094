//! Reading the rows of a plan and adding them up by group.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::ops::Range;

use rayon::prelude::*;

use super::layout::{ByteTable, EXCLUDED, Layout};
use super::plan::{GROUPS_MAX, PARALLEL_ROWS_MIN, Plan, Source, Work};
use super::question::{Group, ProductLevel, Question, Refusal, Sums};
use super::snapshot::Snapshot;
use crate::domain::code::Ncm;
use crate::domain::fact::UNIT_NONE;

/// Rows whose places are computed together, column by column.
const BLOCK_ROWS: usize = 1024;
/// The most threads that one question uses.
const THREADS_MAX: usize = 4;

/// A question that has been planned: how much it reads is known, nothing has been read.
pub struct Prepared<'a> {
    question: &'a Question,
    layout: Layout<'a>,
    plan: Plan,
}

impl<'a> Prepared<'a> {
    /// Plans `question`.
    ///
    /// # Errors
    /// [`Refusal::TooSlow`] where no table of the cube answers it fast enough.
    pub fn new(question: &'a Question, snapshot: &Snapshot) -> Result<Self, Refusal> {
        let layout = Layout::new(question, snapshot);
        let plan = Plan::new(question, snapshot, &layout)?;
        Ok(Self { question, layout, plan })
    }

    /// Rows it will read.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.plan.rows
    }

    /// How long it is estimated to take, in milliseconds.
    #[must_use]
    pub const fn estimate_ms(&self) -> u64 {
        self.plan.estimate_ms
    }

    /// Which table will be read and how groups are kept, for logs and benchmarks.
    #[must_use]
    pub fn describe(&self) -> String {
        format!("{:?}, {}", self.plan.source, if self.plan.dense { "array" } else { "hash" })
    }

    /// Whether it will take long enough to be kept off a thread that serves connections.
    #[must_use]
    pub fn is_large(&self) -> bool {
        self.plan.rows >= PARALLEL_ROWS_MIN || (self.plan.dense && self.layout.cells > PARALLEL_ROWS_MIN as u64)
    }

    /// The groups, in no particular order.
    ///
    /// # Errors
    /// [`Refusal::TooManyGroups`].
    pub fn run(&self) -> Result<Vec<Group>, Refusal> {
        let parts =
            if self.plan.rows >= PARALLEL_ROWS_MIN { rayon::current_num_threads().clamp(1, THREADS_MAX) } else { 1 };
        if parts == 1 {
            return self.read_out(self.scan(&self.plan.work)?);
        }
        let shares = split(&self.plan.work, self.plan.rows.div_ceil(parts));
        let merged = shares.par_iter().map(|share| self.scan(share)).try_reduce_with(|a, b| Ok(Places::merge(a, b)));
        match merged {
            Some(places) => self.read_out(places?),
            None => Ok(Vec::new()),
        }
    }

    fn scan(&self, work: &[Work]) -> Result<Places, Refusal> {
        let mut places = Places::new(self.plan.dense, self.layout.cells);
        for work in work {
            let months = self.layout.months_of(work.segment.year());
            match self.plan.source {
                Source::Rollup(at) => self.scan_rollup(work, at, &months, &mut places),
                Source::NcmMonth => self.scan_keyed(work.segment.ncm_month(), work, &months, &mut places),
                Source::ByCountry => self.scan_keyed(work.segment.by_country(), work, &months, &mut places),
                Source::ByNcm => self.scan_by_ncm(work, &months, &mut places),
                Source::Customs => self.scan_customs(work, &months, &mut places),
            }
            places.check()?;
        }
        places.fold_lanes();
        Ok(places)
    }

    fn scan_rollup(&self, work: &Work, at: usize, months: &ByteTable, places: &mut Places) {
        let rollup = &work.segment.rollups()[at];
        let chapters = self.layout.products_matter.then(|| {
            let mut table: ByteTable = Box::new([EXCLUDED; 256]);
            for chapter in 0_u8..100 {
                // Chapters are not divided here: the first NCM of one stands for all.
                table[usize::from(chapter)] = self.layout.product_offset(u32::from(chapter) * 1_000_000);
            }
            table
        });
        let columns = Columns {
            month: &rollup.month,
            country: &rollup.country,
            uf: &rollup.uf,
            sector: &rollup.sector,
            sh2: &rollup.sh2,
            fob_cents: &rollup.fob_cents,
            weight_g: &rollup.weight_g,
            ..Columns::default()
        };
        let tables = Tables { months, chapters: chapters.as_ref(), urfs: None };
        self.add(&columns.cut(&work.rows), 0, tables, places);
    }

    /// Rows that name their product: those of `ncm_month`, and those by country.
    fn scan_keyed(&self, rows: &super::segment::Rows, work: &Work, months: &ByteTable, places: &mut Places) {
        let by_country = self.plan.source == Source::ByCountry;
        let base = match &self.layout.by_country {
            Some(table) if by_country => country_offset(table, work.country),
            _ => 0,
        };
        let columns = Columns {
            month: &rows.month,
            uf: &rows.uf,
            via: &rows.via,
            sector: &rows.sector,
            ncm: if self.layout.products_matter { &rows.ncm } else { &[] },
            fob_cents: &rows.fob_cents,
            weight_g: &rows.weight_g,
            ..Columns::default()
        };
        let tables = Tables { months, chapters: None, urfs: None };
        self.add(&columns.cut(&work.rows), base, tables, places);
    }

    /// Rows in the order of products: a span of them shares one offset.
    fn scan_by_ncm(&self, work: &Work, months: &ByteTable, places: &mut Places) {
        let rows = work.segment.by_ncm();
        let columns = Columns {
            month: &rows.month,
            country: &rows.country,
            uf: &rows.uf,
            via: &rows.via,
            sector: &rows.sector,
            fob_cents: &rows.fob_cents,
            weight_g: &rows.weight_g,
            ..Columns::default()
        };
        self.add_by_ncm(&columns, work.segment.ncms_within(&work.rows), work, months, None, places);
    }

    /// The same over the table of customs, whose units are places in a list of each segment.
    fn scan_customs(&self, work: &Work, months: &ByteTable, places: &mut Places) {
        let rows = work.segment.customs();
        let columns = Columns {
            month: &rows.month,
            country: &rows.country,
            uf: &rows.uf,
            via: &rows.via,
            sector: &rows.sector,
            fob_cents: &rows.fob_cents,
            weight_g: &rows.weight_g,
            urf: &rows.urf,
            unit: &rows.unit,
            quantity: if self.question.quantities { &rows.quantity } else { &[] },
            ..Columns::default()
        };
        let urfs = self.layout.urf_offsets(rows.urfs());
        let ncms = work.segment.customs_ncms_within(&work.rows);
        self.add_by_ncm(&columns, ncms, work, months, urfs.as_deref(), places);
    }

    fn add_by_ncm(
        &self,
        columns: &Columns<'_>,
        ncms: impl Iterator<Item = (Ncm, Range<usize>)>,
        work: &Work,
        months: &ByteTable,
        urfs: Option<&[u64]>,
        places: &mut Places,
    ) {
        let tables = Tables { months, chapters: None, urfs };
        if self.question.by.product == ProductLevel::None {
            // Cuts by product were made when the rows were chosen.
            return self.add(&columns.cut(&work.rows), 0, tables, places);
        }
        // Consecutive NCMs with the same code at the grouping's level are read as one.
        let mut start = work.rows.start;
        let mut offset = EXCLUDED;
        for (ncm, range) in ncms {
            let next = self.layout.product_offset(ncm.0);
            if next != offset {
                self.add(&columns.cut(&(start..range.start.max(start))), offset, tables, places);
                start = range.start.max(start);
                offset = next;
            }
        }
        self.add(&columns.cut(&(start..work.rows.end)), offset, tables, places);
    }

    /// Adds up rows, block by block and within a block column by column.
    fn add(&self, columns: &Columns<'_>, base: u64, tables: Tables<'_>, places: &mut Places) {
        let layout = &self.layout;
        let months = tables.months;
        let constant = (months[1..=12].iter().all(|offset| *offset == months[1])).then_some(months[1]);
        let mut offsets = [0_u64; BLOCK_ROWS];
        let mut product = (u32::MAX, EXCLUDED);
        let rows = columns.fob_cents.len();
        for start in (0..rows).step_by(BLOCK_ROWS) {
            let block = start..rows.min(start + BLOCK_ROWS);
            let offsets = &mut offsets[..block.len()];
            match constant {
                Some(offset) => offsets.fill(base + offset),
                None => offsets
                    .iter_mut()
                    .zip(&columns.month[block.clone()])
                    .for_each(|(place, month)| *place = base + months[usize::from(*month)]),
            }
            for (table, column) in [(layout.by_country.as_deref(), columns.country), (tables.urfs, columns.urf)] {
                if let Some(table) = table
                    && !column.is_empty()
                {
                    offsets
                        .iter_mut()
                        .zip(&column[block.clone()])
                        .for_each(|(place, value)| *place += country_offset(table, *value));
                }
            }
            let bytes = [
                (layout.by_uf.as_ref(), columns.uf),
                (layout.by_sector.as_ref(), columns.sector),
                (layout.by_via.as_ref(), columns.via),
                (tables.chapters, columns.sh2),
            ];
            for (table, column) in bytes {
                if let Some(table) = table
                    && !column.is_empty()
                {
                    offsets
                        .iter_mut()
                        .zip(&column[block.clone()])
                        .for_each(|(place, value)| *place += table[usize::from(*value)]);
                }
            }
            if !columns.ncm.is_empty() {
                for (place, ncm) in offsets.iter_mut().zip(&columns.ncm[block.clone()]) {
                    if *ncm != product.0 {
                        product = (*ncm, layout.product_offset(*ncm));
                    }
                    *place += product.1;
                }
            }
            match columns.quantity.get(block.clone()) {
                Some(quantity) => places.add_quantities(offsets, &columns.unit[block], quantity),
                None => places.add(offsets, &columns.fob_cents[block.clone()], &columns.weight_g[block]),
            }
        }
    }

    fn read_out(&self, places: Places) -> Result<Vec<Group>, Refusal> {
        places.check()?;
        let group = |place: u64, sums: [i64; 4]| {
            let [fob_cents, weight_g, priced_fob_cents, cells] = sums;
            let sums = if self.question.quantities {
                quantity_of(sums)
            } else {
                Sums { fob_cents, weight_g, priced_fob_cents, cells, ..Sums::default() }
            };
            self.layout.group_at(place, sums)
        };
        let groups: Vec<Group> = match places {
            Places::Dense { cells, .. } => (0_u64..)
                .zip(cells)
                .filter(|(_, sums)| sums[3] > 0)
                .take(GROUPS_MAX + 1)
                .map(|(place, sums)| group(place, sums))
                .collect(),
            Places::Hashed(cells) => cells.into_iter().map(|(place, sums)| group(place, sums)).collect(),
        };
        if groups.len() > GROUPS_MAX { Err(Refusal::TooManyGroups { limit: GROUPS_MAX }) } else { Ok(groups) }
    }
}

/// What the values of a table's rows are looked up in, besides what the layout keeps for all tables.
#[derive(Clone, Copy)]
struct Tables<'a> {
    months: &'a ByteTable,
    chapters: Option<&'a ByteTable>,
    urfs: Option<&'a [u64]>,
}

/// The last entry of the table stands for every code beyond it.
fn country_offset(table: &[u64], country: u16) -> u64 {
    table[usize::from(country).min(table.len() - 1)]
}

/// The columns of a table; those that it does not have are empty.
#[derive(Clone, Copy, Default)]
struct Columns<'a> {
    month: &'a [u8],
    country: &'a [u16],
    uf: &'a [u8],
    via: &'a [u8],
    sector: &'a [u8],
    sh2: &'a [u8],
    ncm: &'a [u32],
    fob_cents: &'a [i64],
    weight_g: &'a [i64],
    urf: &'a [u16],
    unit: &'a [u8],
    quantity: &'a [i64],
}

impl Columns<'_> {
    fn cut(&self, rows: &Range<usize>) -> Self {
        fn part<'a, T>(column: &'a [T], rows: &Range<usize>) -> &'a [T] {
            column.get(rows.clone()).unwrap_or_default()
        }
        Self {
            month: part(self.month, rows),
            country: part(self.country, rows),
            uf: part(self.uf, rows),
            via: part(self.via, rows),
            sector: part(self.sector, rows),
            sh2: part(self.sh2, rows),
            ncm: part(self.ncm, rows),
            fob_cents: part(self.fob_cents, rows),
            weight_g: part(self.weight_g, rows),
            urf: part(self.urf, rows),
            unit: part(self.unit, rows),
            quantity: part(self.quantity, rows),
        }
    }
}

/// Most places of which several copies are kept.
const LANE_CELLS_MAX: usize = 2_048;
/// Copies, a power of two.
const LANES: usize = 4;

/// Sums by place: FOB, weight, FOB of what has a weight, cells.
enum Places {
    /// One array. With few places neighbouring rows meet the same one, and each addition would wait for the one
    /// before it: then there are [`LANES`] copies that take turns, `cells_per_lane` apart, added up at the end.
    Dense {
        cells: Vec<[i64; 4]>,
        cells_per_lane: usize,
        lanes: usize,
    },
    Hashed(HashMap<u64, [i64; 4], BuildHasherDefault<PlaceHasher>>),
}

impl Places {
    fn new(dense: bool, cells: u64) -> Self {
        match usize::try_from(cells) {
            Ok(cells) if dense => {
                let lanes = if cells <= LANE_CELLS_MAX { LANES } else { 1 };
                // Zeroed pages come from the system untouched: places that nobody meets cost nothing here.
                Self::Dense { cells: vec![[0; 4]; cells * lanes], cells_per_lane: cells, lanes }
            }
            _ => Self::Hashed(HashMap::default()),
        }
    }

    fn add(&mut self, offsets: &[u64], fob_cents: &[i64], weight_g: &[i64]) {
        let values = fob_cents.iter().zip(weight_g);
        self.add_rows(offsets, values.map(|(fob, weight)| (*fob, *weight, if *weight > 0 { *fob } else { 0 })));
    }

    /// Adds up the units, their squares and the quantities: from the first two [`quantity_of`] tells whether all
    /// units were the same.
    fn add_quantities(&mut self, offsets: &[u64], unit: &[u8], quantity: &[i64]) {
        let values = unit.iter().map(|unit| i64::from(*unit)).zip(quantity);
        self.add_rows(offsets, values.map(|(unit, quantity)| (unit, unit * unit, *quantity)));
    }

    #[inline]
    fn add_rows(&mut self, offsets: &[u64], values: impl Iterator<Item = (i64, i64, i64)>) {
        // Wrapping: only a damaged file can overflow, and must not stop the server.
        let add = |sums: &mut [i64; 4], (fob, weight, third): (i64, i64, i64)| {
            sums[0] = sums[0].wrapping_add(fob);
            sums[1] = sums[1].wrapping_add(weight);
            sums[2] = sums[2].wrapping_add(third);
            sums[3] += 1;
        };
        let rows = offsets.iter().zip(values);
        match self {
            Self::Dense { cells, cells_per_lane, lanes } => {
                let (mask, apart) = (*lanes - 1, *cells_per_lane);
                for (at, (place, values)) in rows.enumerate() {
                    // An excluded place lies beyond the array, in whatever lane.
                    let place = usize::try_from(*place).unwrap_or(usize::MAX).saturating_add((at & mask) * apart);
                    if let Some(sums) = cells.get_mut(place) {
                        add(sums, values);
                    }
                }
            }
            Self::Hashed(cells) => {
                rows.filter(|(place, _)| **place < EXCLUDED)
                    .for_each(|(place, values)| add(cells.entry(*place).or_default(), values));
            }
        }
    }

    /// Adds the copies of an array up.
    fn fold_lanes(&mut self) {
        if let Self::Dense { cells, cells_per_lane, lanes } = self
            && *lanes > 1
        {
            let (kept, copies) = cells.split_at_mut(*cells_per_lane);
            for copy in copies.chunks_exact((*cells_per_lane).max(1)) {
                kept.iter_mut().zip(copy).for_each(|(sums, other)| add_sums(sums, other));
            }
            cells.truncate(*cells_per_lane);
            *lanes = 1;
        }
    }

    fn merge(a: Self, b: Self) -> Self {
        match (a, b) {
            (Self::Dense { mut cells, cells_per_lane, lanes }, Self::Dense { cells: b, .. }) => {
                cells
                    .iter_mut()
                    .zip(&b)
                    .filter(|(_, other)| other[3] > 0)
                    .for_each(|(sums, other)| add_sums(sums, other));
                Self::Dense { cells, cells_per_lane, lanes }
            }
            (Self::Hashed(mut a), Self::Hashed(b)) => {
                b.iter().for_each(|(place, other)| add_sums(a.entry(*place).or_default(), other));
                Self::Hashed(a)
            }
            // Both come from one plan, so this cannot be; keeping one is better than a panic.
            (a, _) => a,
        }
    }

    fn check(&self) -> Result<(), Refusal> {
        match self {
            Self::Hashed(cells) if cells.len() > GROUPS_MAX => Err(Refusal::TooManyGroups { limit: GROUPS_MAX }),
            _ => Ok(()),
        }
    }
}

/// What [`Places::add_quantities`] added up. The square of a sum is as large as the sum of squares times their number
/// only if all are equal (Cauchy and Schwarz), and sums can be made in any order.
fn quantity_of([units, squares, quantity, cells]: [i64; 4]) -> Sums {
    let same = i128::from(units) * i128::from(units) == i128::from(squares) * i128::from(cells);
    let unit = units.checked_div(cells).and_then(|unit| u8::try_from(unit).ok()).filter(|_| same);
    Sums { quantity, unit: unit.unwrap_or(UNIT_NONE), cells, ..Sums::default() }
}

fn add_sums(sums: &mut [i64; 4], other: &[i64; 4]) {
    for (sum, more) in sums.iter_mut().zip(other) {
        *sum = sum.wrapping_add(*more);
    }
}

/// Spreads places over the table by one multiplication (Fibonacci hashing). Places are made by us, not by a client.
#[derive(Default)]
pub(crate) struct PlaceHasher(u64);

impl Hasher for PlaceHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_u8(&mut self, value: u8) {
        self.write_u64(u64::from(value));
    }

    fn write_u16(&mut self, value: u16) {
        self.write_u64(u64::from(value));
    }

    fn write_u32(&mut self, value: u32) {
        self.write_u64(u64::from(value));
    }

    fn write_u64(&mut self, value: u64) {
        let mixed = (self.0 ^ value).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = mixed ^ (mixed >> 32);
    }
}

/// Shares of about `rows` rows each.
fn split(work: &[Work], rows: usize) -> Vec<Vec<Work>> {
    let mut shares = vec![Vec::new()];
    let mut room = rows;
    for piece in work {
        let mut start = piece.rows.start;
        while start < piece.rows.end {
            if room == 0 {
                shares.push(Vec::new());
                room = rows;
            }
            let end = piece.rows.end.min(start + room);
            room -= end - start;
            if let Some(share) = shares.last_mut() {
                share.push(Work { rows: start..end, ..piece.clone() });
            }
            start = end;
        }
    }
    shares
}
