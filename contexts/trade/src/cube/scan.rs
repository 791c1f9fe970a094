//! Reading the rows of a plan and adding them up by group.

use std::ops::Range;

use rayon::prelude::*;

use super::layout::{ByteTable, EXCLUDED, Layout};
pub(crate) use super::places::PlaceHasher;
use super::places::{Places, quantity_of};
use super::plan::{GROUPS_MAX, PARALLEL_ROWS_MIN, Plan, Source, Work};
use super::question::{Group, ProductLevel, Question, Refusal, Sums};
use super::snapshot::Snapshot;
use crate::domain::code::Ncm;

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
