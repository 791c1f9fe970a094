//! One year of the cube: six kinds of table in one directory, written whole or not at all.
//!
//! | file | rows | answers |
//! |---|---|---|
//! | `by_ncm.arrow` + `ncm_index.arrow` | (ncm, month, country, uf, via, sector) in this order | anything, and one NCM fast |
//! | `by_country.arrow` + `country_index.arrow` | the same rows by (country, ncm, …) | one country fast |
//! | `rollup*.arrow` | (month, sector) with some of sh2, country, uf | whatever needs neither product nor via |
//! | `ncm_month.arrow` | (ncm, month, sector) | products without country, uf and via |
//! | `customs.arrow` + its index and its list of units | the export rows with customs unit and quantity, by (ncm, month, …) | customs units and quantities; read only for those |
//!
//! A segment is never changed. Its directory is complete if it exists: the files are written and brought
//! to disk in a directory beside it, which is then renamed.

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use arrow_buffer::ScalarBuffer;

use super::customs::Customs;
use super::error::CubeError;
use super::table::Table;
use crate::domain::code::{CountryCode, Ncm};

pub use super::row::CubeRow;
pub use super::write::{clear_unfinished, merge, write};

/// Version of the layout below; a segment of another version is rebuilt from the store.
pub(super) const FORMAT: i64 = 2;

/// What a segment adds up to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SegmentTotals {
    /// Rows of the cube (not of the facts).
    pub rows: u64,
    /// Sum of all FOB values in US cents.
    pub fob_cents: i64,
    /// Sum of all net weights in grams.
    pub weight_g: i64,
}

/// The rows of one NCM, or of a part of a segment, column by column, all of one length.
#[derive(Debug, Clone, Copy, Default)]
pub struct NcmRows<'a> {
    /// Destinations.
    pub country: &'a [u16],
    /// States, as places in [`crate::domain::code::UFS`].
    pub uf: &'a [u8],
    /// Ways of transport.
    pub via: &'a [u8],
    /// Months, 1–12.
    pub month: &'a [u8],
    /// Sectors.
    pub sector: &'a [u8],
    /// FOB values in US cents.
    pub fob_cents: &'a [i64],
    /// Net weights in grams.
    pub weight_g: &'a [i64],
}

/// Which dimensions a rollup keeps besides month and sector.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RollupGrain {
    /// Chapter.
    pub sh2: bool,
    /// Destination.
    pub country: bool,
    /// State.
    pub uf: bool,
}

/// The rollups of a segment with their files, smallest first as measured on the data of 2025:
/// 1 %, 2 %, 6 % and 19 % of the rows of the cube.
pub(super) const ROLLUPS: [(&str, RollupGrain); 4] = [
    ("rollup_sh2_uf.arrow", RollupGrain { sh2: true, country: false, uf: true }),
    ("rollup_country_uf.arrow", RollupGrain { sh2: false, country: true, uf: true }),
    ("rollup_sh2_country.arrow", RollupGrain { sh2: true, country: true, uf: false }),
    ("rollup.arrow", RollupGrain { sh2: true, country: true, uf: true }),
];

/// One rollup of a segment; a dimension outside its grain is 0 in every row.
#[derive(Debug)]
pub struct Rollup {
    /// What it keeps.
    pub grain: RollupGrain,
    /// Months, 1–12.
    pub month: ScalarBuffer<u8>,
    /// Chapters; empty when not kept.
    pub sh2: ScalarBuffer<u8>,
    /// Sectors.
    pub sector: ScalarBuffer<u8>,
    /// Destinations; empty when not kept.
    pub country: ScalarBuffer<u16>,
    /// States; empty when not kept.
    pub uf: ScalarBuffer<u8>,
    /// FOB values in US cents.
    pub fob_cents: ScalarBuffer<i64>,
    /// Net weights in grams.
    pub weight_g: ScalarBuffer<i64>,
}

/// The rows of a segment, or a table of it, with a product in each row.
#[derive(Debug)]
pub(super) struct Rows {
    pub(super) ncm: ScalarBuffer<u32>,
    pub(super) country: ScalarBuffer<u16>,
    pub(super) uf: ScalarBuffer<u8>,
    pub(super) via: ScalarBuffer<u8>,
    pub(super) month: ScalarBuffer<u8>,
    pub(super) sector: ScalarBuffer<u8>,
    pub(super) fob_cents: ScalarBuffer<i64>,
    pub(super) weight_g: ScalarBuffer<i64>,
}

/// One year of the cube, mapped into memory.
#[derive(Debug)]
pub struct Segment {
    year: u16,
    totals: SegmentTotals,
    directory: PathBuf,
    /// Codes in `by_ncm`, ascending, and the first row of each.
    index_ncm: ScalarBuffer<u32>,
    index_row: ScalarBuffer<u32>,
    /// Countries in `by_country`, ascending, and the first row of each.
    index_country: ScalarBuffer<u16>,
    index_country_row: ScalarBuffer<u32>,
    /// Sorted by (ncm, month, country, …). `ncm` is empty: the index says it.
    by_ncm: Rows,
    /// Sorted by (country, ncm, month, …). `country` is empty: the index says it.
    by_country: Rows,
    /// Sorted by (ncm, month, sector). Only ncm, month, sector and the sums are filled.
    ncm_month: Rows,
    rollups: Vec<Rollup>,
    customs: Customs,
    /// Ways of transport that occur, ascending.
    vias: Vec<u8>,
    /// Sectors that occur, ascending.
    sectors: Vec<u8>,
}

impl Segment {
    /// Maps the segment in `directory` and checks its structure: types, lengths, order of the indexes,
    /// and that every file speaks of the same year and sums. Cheap: the large tables are not read.
    ///
    /// # Errors
    /// [`CubeError::Io`] where a file is missing, [`CubeError::Damaged`] where something does not fit.
    pub fn open(directory: &Path) -> Result<Self, CubeError> {
        let opened = Opened::read(directory)?;
        let segment = opened.into_segment()?;
        segment.check_indexes()?;
        segment.check_sums()?;
        Ok(segment)
    }

    /// The calendar year.
    #[must_use]
    pub const fn year(&self) -> u16 {
        self.year
    }

    /// Rows and sums.
    #[must_use]
    pub const fn totals(&self) -> SegmentTotals {
        self.totals
    }

    /// Where the segment is.
    #[must_use]
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// Bytes of all its files.
    ///
    /// # Errors
    /// [`CubeError::Io`] where the directory cannot be read.
    pub fn disk_bytes(&self) -> Result<u64, CubeError> {
        let failed = || CubeError::io("read", &self.directory);
        let mut bytes = 0;
        for entry in fs::read_dir(&self.directory).map_err(failed())? {
            bytes += entry.and_then(|entry| entry.metadata()).map_err(failed())?.len();
        }
        Ok(bytes)
    }

    /// Rows of the cube.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.by_ncm.month.len()
    }

    /// Every NCM with its rows, ascending by code.
    pub fn ncms(&self) -> impl Iterator<Item = (Ncm, Range<usize>)> + '_ {
        (0..self.index_ncm.len()).map(|at| (Ncm(self.index_ncm[at]), self.range_at(at)))
    }

    /// The rows of every NCM from `first` to `last`, as one range of rows (empty where there is none).
    #[must_use]
    pub fn range_of(&self, first: Ncm, last: Ncm) -> Range<usize> {
        let start = self.index_ncm.partition_point(|ncm| *ncm < first.0);
        let end = self.index_ncm.partition_point(|ncm| *ncm <= last.0);
        self.first_row(start)..self.first_row(end.max(start))
    }

    /// The rows of `ncm`, by (month, country, uf, via, sector); empty where it was not exported.
    #[must_use]
    pub fn rows_of(&self, ncm: Ncm) -> NcmRows<'_> {
        match self.index_ncm.binary_search(&ncm.0) {
            Ok(at) => self.slice(self.range_at(at)),
            Err(_) => NcmRows::default(),
        }
    }

    /// The rows `range`, in the order by NCM; empty where the range is not one of this segment.
    #[must_use]
    pub fn slice(&self, range: Range<usize>) -> NcmRows<'_> {
        let rows = &self.by_ncm;
        if range.start > range.end || range.end > self.rows() {
            return NcmRows::default();
        }
        NcmRows {
            country: &rows.country[range.clone()],
            uf: &rows.uf[range.clone()],
            via: &rows.via[range.clone()],
            month: &rows.month[range.clone()],
            sector: &rows.sector[range.clone()],
            fob_cents: &rows.fob_cents[range.clone()],
            weight_g: &rows.weight_g[range],
        }
    }

    /// The export rows that the segment was made of, those with equal keys added up, in the order by NCM.
    pub fn export_rows(&self) -> impl Iterator<Item = CubeRow> + '_ {
        let customs = &self.customs;
        (0..self.index_ncm.len())
            .flat_map(move |at| customs.range_at(at).map(move |row| customs.row(Ncm(self.index_ncm[at]), row)))
    }

    /// The rows of the table of customs of every NCM from `first` to `last`.
    pub(super) fn customs_range_of(&self, first: Ncm, last: Ncm) -> Range<usize> {
        let start = self.index_ncm.partition_point(|ncm| *ncm < first.0);
        let end = self.index_ncm.partition_point(|ncm| *ncm <= last.0).max(start);
        self.customs.first_row(start)..self.customs.first_row(end)
    }

    /// The NCMs of a span of rows of the table of customs, as [`Self::ncms_within`].
    pub(super) fn customs_ncms_within(&self, rows: &Range<usize>) -> impl Iterator<Item = (Ncm, Range<usize>)> + '_ {
        let places = self.customs.places_within(rows);
        places.map(|at| (Ncm(self.index_ncm[at]), self.customs.range_at(at)))
    }

    /// Reads every row and compares it with what the metadata says. Meant for a segment that was just
    /// written, or for a check on demand: it touches every page.
    ///
    /// # Errors
    /// [`CubeError::Damaged`] where the sums or a key do not fit.
    pub fn verify(&self) -> Result<(), CubeError> {
        for (name, rows) in [("by_ncm", &self.by_ncm), ("by_country", &self.by_country)] {
            self.check_sum(name, &rows.fob_cents, &rows.weight_g)?;
            if rows.month.iter().any(|month| !(1..=12).contains(month)) {
                return Err(CubeError::damaged(&self.directory, format!("{name} has a month outside 1–12")));
            }
        }
        self.check_sum("customs", &self.customs.fob_cents, &self.customs.weight_g)?;
        if self.customs.month.iter().any(|month| !(1..=12).contains(month)) {
            return Err(CubeError::damaged(&self.directory, "customs has a month outside 1–12"));
        }
        Ok(())
    }

    pub(super) fn by_country(&self) -> &Rows {
        &self.by_country
    }

    pub(super) fn by_ncm(&self) -> &Rows {
        &self.by_ncm
    }

    pub(super) fn ncm_month(&self) -> &Rows {
        &self.ncm_month
    }

    pub(super) fn customs(&self) -> &Customs {
        &self.customs
    }

    pub(super) fn rollups(&self) -> &[Rollup] {
        &self.rollups
    }

    /// The NCMs of a span of rows, with the rows of each (the first may begin before the span, the last end after it).
    pub(super) fn ncms_within(&self, rows: &Range<usize>) -> impl Iterator<Item = (Ncm, Range<usize>)> + '_ {
        let start = self.index_row.partition_point(|first| *first as usize <= rows.start).saturating_sub(1);
        let end = self.index_row.partition_point(|first| (*first as usize) < rows.end);
        (start..end).map(|at| (Ncm(self.index_ncm[at]), self.range_at(at)))
    }

    /// The rows of `country` in the order by country.
    pub(super) fn range_of_country(&self, country: CountryCode) -> Range<usize> {
        match self.index_country.binary_search(&country) {
            Ok(at) => {
                let end = self.index_country_row.get(at + 1).map_or(self.rows(), |row| *row as usize);
                self.index_country_row[at] as usize..end
            }
            Err(_) => 0..0,
        }
    }

    /// Every NCM of the segment, ascending.
    pub(super) fn index_codes(&self) -> &[u32] {
        &self.index_ncm
    }

    /// Every country of the segment, ascending.
    pub(super) fn countries(&self) -> &[u16] {
        &self.index_country
    }

    /// The ways of transport of the segment, ascending.
    pub(super) fn vias(&self) -> &[u8] {
        &self.vias
    }

    /// The sectors of the segment, ascending.
    pub(super) fn sectors(&self) -> &[u8] {
        &self.sectors
    }

    fn first_row(&self, at: usize) -> usize {
        self.index_row.get(at).map_or(self.rows(), |row| *row as usize)
    }

    fn range_at(&self, at: usize) -> Range<usize> {
        self.first_row(at)..self.first_row(at + 1)
    }

    /// Codes strictly ascending; first rows strictly ascending from 0 and within the table.
    fn check_indexes(&self) -> Result<(), CubeError> {
        let rows = self.rows();
        let ascending = |first_rows: &[u32]| {
            first_rows.first().map_or(rows == 0, |first| *first == 0)
                && first_rows.windows(2).all(|pair| pair[0] < pair[1])
                && first_rows.last().is_none_or(|last| (*last as usize) < rows)
        };
        let fits = self.index_ncm.windows(2).all(|pair| pair[0] < pair[1])
            && self.index_country.windows(2).all(|pair| pair[0] < pair[1])
            && self.ncm_month.ncm.windows(2).all(|pair| pair[0] <= pair[1])
            && ascending(&self.index_row)
            && ascending(&self.index_country_row)
            && self.customs.fits(self.index_ncm.len());
        if fits { Ok(()) } else { Err(CubeError::damaged(&self.directory, "an index is not in order")) }
    }

    /// The small tables are read whole and must add up to the totals.
    fn check_sums(&self) -> Result<(), CubeError> {
        self.check_sum("ncm_month", &self.ncm_month.fob_cents, &self.ncm_month.weight_g)?;
        for (rollup, (name, _)) in self.rollups.iter().zip(ROLLUPS) {
            self.check_sum(name, &rollup.fob_cents, &rollup.weight_g)?;
        }
        Ok(())
    }

    fn check_sum(&self, name: &str, fob_cents: &[i64], weight_g: &[i64]) -> Result<(), CubeError> {
        // Wrapping: a damaged file may hold anything, and must fail the comparison rather than panic.
        let sum = |values: &[i64]| values.iter().fold(0_i64, |sum, value| sum.wrapping_add(*value));
        if sum(fob_cents) == self.totals.fob_cents && sum(weight_g) == self.totals.weight_g {
            return Ok(());
        }
        Err(CubeError::damaged(&self.directory, format!("{name} does not add up to the totals of the segment")))
    }
}

/// The tables of a segment, opened and known to speak of the same totals.
struct Opened {
    directory: PathBuf,
    year: u16,
    totals: SegmentTotals,
}

impl Opened {
    fn read(directory: &Path) -> Result<Self, CubeError> {
        let table = Table::open(directory.join("by_ncm.arrow"))?;
        let damaged = |reason: &str| CubeError::damaged(directory, reason);
        if table.number("format")? != FORMAT {
            return Err(damaged("it is of another format"));
        }
        let year = u16::try_from(table.number("year")?).map_err(|_| damaged("its year is none"))?;
        let rows = u64::try_from(table.number("rows")?).map_err(|_| damaged("its number of rows is negative"))?;
        let totals = SegmentTotals { rows, fob_cents: table.number("fob_cents")?, weight_g: table.number("weight_g")? };
        if u64::try_from(table.rows).is_ok_and(|found| found == rows) && u32::try_from(rows).is_ok() {
            return Ok(Self { directory: directory.to_owned(), year, totals });
        }
        Err(damaged("by_ncm has another number of rows than its metadata says"))
    }

    /// Opens a table and compares what it says of the segment.
    fn table(&self, name: &str) -> Result<Table, CubeError> {
        let path = self.directory.join(name);
        let table = Table::open(path.clone())?;
        let same = table.number("format")? == FORMAT
            && table.number("year")? == i64::from(self.year)
            && i64::try_from(self.totals.rows).is_ok_and(|rows| table.number("rows").is_ok_and(|found| found == rows))
            && table.number("fob_cents")? == self.totals.fob_cents
            && table.number("weight_g")? == self.totals.weight_g;
        if same { Ok(table) } else { Err(CubeError::damaged(&path, "it belongs to another segment")) }
    }

    fn into_segment(self) -> Result<Segment, CubeError> {
        let index = self.table("ncm_index.arrow")?;
        let country_index = self.table("country_index.arrow")?;
        let by_ncm = self.table("by_ncm.arrow")?;
        let by_country = self.table("by_country.arrow")?;
        let ncm_month = self.table("ncm_month.arrow")?;
        if by_country.rows != by_ncm.rows {
            return Err(CubeError::damaged(&self.directory, "the two orders differ in length"));
        }
        let rollups =
            ROLLUPS.iter().map(|(name, grain)| open_rollup(&self.table(name)?, *grain)).collect::<Result<_, _>>()?;
        Ok(Segment {
            index_ncm: index.u32("ncm")?,
            index_row: index.u32("first_row")?,
            index_country: country_index.u16("country")?,
            index_country_row: country_index.u32("first_row")?,
            by_ncm: open_rows(&by_ncm, None, Some(by_ncm.u16("country")?), true)?,
            by_country: open_rows(&by_country, Some(by_country.u32("ncm")?), None, true)?,
            ncm_month: open_rows(&ncm_month, Some(ncm_month.u32("ncm")?), None, false)?,
            rollups,
            customs: Customs::open(
                &self.table("customs.arrow")?,
                &self.table("customs_index.arrow")?,
                &self.table("customs_units.arrow")?,
            )?,
            vias: by_ncm.list("vias")?,
            sectors: by_ncm.list("sectors")?,
            year: self.year,
            totals: self.totals,
            directory: self.directory,
        })
    }
}

fn open_rows(
    table: &Table,
    ncm: Option<ScalarBuffer<u32>>,
    country: Option<ScalarBuffer<u16>>,
    whole: bool,
) -> Result<Rows, CubeError> {
    let byte = |name| if whole { table.u8(name) } else { Ok(Vec::new().into()) };
    Ok(Rows {
        ncm: ncm.unwrap_or_else(|| Vec::new().into()),
        country: country.unwrap_or_else(|| Vec::new().into()),
        uf: byte("uf")?,
        via: byte("via")?,
        month: table.u8("month")?,
        sector: table.u8("sector")?,
        fob_cents: table.i64("fob_cents")?,
        weight_g: table.i64("weight_g")?,
    })
}

fn open_rollup(table: &Table, grain: RollupGrain) -> Result<Rollup, CubeError> {
    Ok(Rollup {
        grain,
        month: table.u8("month")?,
        sh2: if grain.sh2 { table.u8("sh2")? } else { Vec::new().into() },
        sector: table.u8("sector")?,
        country: if grain.country { table.u16("country")? } else { Vec::new().into() },
        uf: if grain.uf { table.u8("uf")? } else { Vec::new().into() },
        fob_cents: table.i64("fob_cents")?,
        weight_g: table.i64("weight_g")?,
    })
}
