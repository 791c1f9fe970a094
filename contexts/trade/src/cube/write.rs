//! Writing a segment, and a segment from another with some cells exchanged.

use std::collections::HashMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::build::{
    Cell, cells_by_ncm_month, merge_customs_away, order_by_country, rollup_key, rollup_parts, sort_and_merge_customs,
    sum_cells,
};
use super::customs;
use super::error::CubeError;
use super::segment::{CubeRow, FORMAT, ROLLUPS, RollupGrain, Segment, SegmentTotals};
use super::table::{self, Column};
use crate::domain::code::{UFS, YEAR_BOUND, YEAR_MIN};

/// The largest sum of cents or grams that one year may have. A hundred and twenty-eight such years still fit
/// an `i64`, and there are only 112 years between 1989 and 2100: no sum over a snapshot can overflow.
/// It is US$ 720 trillion and 72 billion tonnes, two hundred times the best year so far.
pub(super) const SUM_MAX: i64 = i64::MAX / 128;

/// End of the name of a directory that is being written.
const PARTIAL_SUFFIX: &str = ".partial";

/// Sorts `rows`, adds up those with equal keys, and writes them as the segment `directory` of `year`.
/// The directory appears whole, on disk, or not at all; it must not exist yet.
///
/// # Errors
/// [`CubeError::Unfit`] for a row or a sum out of bounds, [`CubeError::Io`] and [`CubeError::Encode`] from the disk.
pub fn write(directory: &Path, year: u16, mut rows: Vec<CubeRow>) -> Result<SegmentTotals, CubeError> {
    let totals = check(year, &rows)?;
    sort_and_merge_customs(&mut rows);
    let customs = customs::tables(&rows);
    merge_customs_away(&mut rows);
    let totals = SegmentTotals { rows: rows.len() as u64, ..totals };
    let partial = partial_directory(directory)?;
    if partial.exists() {
        fs::remove_dir_all(&partial).map_err(CubeError::io("clear", &partial))?;
    }
    fs::create_dir_all(&partial).map_err(CubeError::io("create", &partial))?;
    let written = write_tables(&partial, year, &rows, customs, totals).and_then(|()| settle(&partial, directory));
    if written.is_err()
        && let Err(error) = fs::remove_dir_all(&partial)
    {
        tracing::warn!(directory = %partial.display(), %error, "could not remove an unfinished cube segment");
    }
    written.map(|()| totals)
}

/// Writes the segment `directory` from the rows of `old` for which `remove` says no, and `added`.
/// For a load that replaces a slice: some products, months or countries.
///
/// # Errors
/// As [`write()`].
pub fn merge(
    old: &Segment,
    remove: impl Fn(&CubeRow) -> bool,
    added: Vec<CubeRow>,
    directory: &Path,
) -> Result<SegmentTotals, CubeError> {
    let mut rows = added;
    rows.extend(old.export_rows().filter(|row| !remove(row)));
    write(directory, old.year(), rows)
}

/// Removes what interrupted writes have left in the directory of all segments. Only while nothing writes there.
///
/// # Errors
/// [`CubeError::Io`].
pub fn clear_unfinished(cube_directory: &Path) -> Result<usize, CubeError> {
    let failed = || CubeError::io("clear", cube_directory);
    let mut cleared = 0;
    for entry in fs::read_dir(cube_directory).map_err(failed())? {
        let entry = entry.map_err(failed())?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with('.') && name.ends_with(PARTIAL_SUFFIX) {
            fs::remove_dir_all(entry.path()).map_err(failed())?;
            cleared += 1;
        }
    }
    Ok(cleared)
}

/// Every row within bounds, and the sums of all.
fn check(year: u16, rows: &[CubeRow]) -> Result<SegmentTotals, CubeError> {
    let unfit = |reason: String| CubeError::Unfit { year, reason };
    if !(YEAR_MIN..=YEAR_BOUND).contains(&year) {
        return Err(unfit(format!("years are {YEAR_MIN} to {YEAR_BOUND}")));
    }
    if u32::try_from(rows.len()).is_err() {
        return Err(unfit(format!("{} rows, and 4,294,967,295 is the most", rows.len())));
    }
    let wrong = |row: &CubeRow| {
        !(1..=12).contains(&row.month)
            || row.ncm.0 > 99_999_999
            || usize::from(row.uf.0) >= UFS.len()
            || row.via > 99
            || row.fob_cents < 0
            || row.quantity < 0
            || row.weight_g < 0
    };
    if let Some(row) = rows.par_iter().find_any(|row| wrong(row)) {
        return Err(unfit(format!("a row of NCM {} in month {} is out of bounds", row.ncm, row.month)));
    }
    let sum = |part: fn(&CubeRow) -> i64| rows.par_iter().map(|row| i128::from(part(row))).sum::<i128>();
    let within = |sum: i128| i64::try_from(sum).ok().filter(|sum| *sum <= SUM_MAX);
    let quantity = within(sum(|row| row.quantity));
    match (within(sum(|row| row.fob_cents)), within(sum(|row| row.weight_g)), quantity) {
        (Some(fob_cents), Some(weight_g), Some(_)) => Ok(SegmentTotals { rows: 0, fob_cents, weight_g }),
        _ => Err(unfit(format!("its values, weights or quantities add up to more than {SUM_MAX}"))),
    }
}

/// The directory beside `directory` where its files are written first.
fn partial_directory(directory: &Path) -> Result<PathBuf, CubeError> {
    let invalid = || CubeError::io("use the name", directory)(std::io::ErrorKind::InvalidInput.into());
    let name = directory.file_name().ok_or_else(invalid)?.to_string_lossy();
    Ok(directory.with_file_name(format!(".{name}{PARTIAL_SUFFIX}")))
}

/// Brings the directory's entries to disk, gives it its name, and brings the name to disk.
fn settle(partial: &Path, directory: &Path) -> Result<(), CubeError> {
    sync_directory(partial)?;
    fs::rename(partial, directory).map_err(CubeError::io("rename into place", directory))?;
    match directory.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => sync_directory(parent),
        _ => sync_directory(Path::new(".")),
    }
}

fn sync_directory(directory: &Path) -> Result<(), CubeError> {
    File::open(directory).and_then(|file| file.sync_all()).map_err(CubeError::io("bring to disk", directory))
}

/// Makes some of the tables from the sorted rows.
type Plan = fn(&[CubeRow]) -> Vec<Planned>;

/// A table: its file, its columns.
pub(super) type Planned = (&'static str, Vec<(&'static str, Column)>);

fn write_tables(
    partial: &Path,
    year: u16,
    rows: &[CubeRow],
    customs: Vec<Planned>,
    totals: SegmentTotals,
) -> Result<(), CubeError> {
    let metadata: HashMap<String, String> = [
        ("format", FORMAT.to_string()),
        ("year", year.to_string()),
        ("rows", totals.rows.to_string()),
        ("fob_cents", totals.fob_cents.to_string()),
        ("weight_g", totals.weight_g.to_string()),
        ("vias", list_of(rows, |row| row.via)),
        ("sectors", list_of(rows, |row| row.sector)),
    ]
    .map(|(key, value)| (key.to_owned(), value))
    .into();
    let plans: [Plan; 4] = [by_ncm, by_country, rollups, ncm_month];
    let write = |tables: Vec<Planned>| {
        tables.into_iter().try_for_each(|(name, columns)| table::write(&partial.join(name), metadata.clone(), columns))
    };
    let (cube, customs) = rayon::join(|| plans.par_iter().try_for_each(|plan| write(plan(rows))), || write(customs));
    cube.and(customs)
}

/// The different values of a byte-wide key, ascending, as `1,4,7`.
fn list_of(rows: &[CubeRow], part: fn(&CubeRow) -> u8) -> String {
    let mut seen = [false; 256];
    for row in rows {
        seen[usize::from(part(row))] = true;
    }
    let values: Vec<String> =
        (0_u8..=255).filter(|value| seen[usize::from(*value)]).map(|value| value.to_string()).collect();
    values.join(",")
}

fn by_ncm(rows: &[CubeRow]) -> Vec<Planned> {
    let mut ncm = Vec::new();
    let mut first_row = Vec::new();
    for (at, row) in (0_u32..).zip(rows) {
        if ncm.last() != Some(&row.ncm.0) {
            ncm.push(row.ncm.0);
            first_row.push(at);
        }
    }
    vec![
        ("ncm_index.arrow", vec![("ncm", Column::U32(ncm)), ("first_row", Column::U32(first_row))]),
        (
            "by_ncm.arrow",
            vec![
                ("country", Column::U16(rows.iter().map(|row| row.country).collect())),
                ("uf", Column::U8(rows.iter().map(|row| row.uf.0).collect())),
                ("via", Column::U8(rows.iter().map(|row| row.via).collect())),
                ("month", Column::U8(rows.iter().map(|row| row.month).collect())),
                ("sector", Column::U8(rows.iter().map(|row| row.sector).collect())),
                ("fob_cents", Column::I64(rows.iter().map(|row| row.fob_cents).collect())),
                ("weight_g", Column::I64(rows.iter().map(|row| row.weight_g).collect())),
            ],
        ),
    ]
}

fn by_country(rows: &[CubeRow]) -> Vec<Planned> {
    let (order, index) = order_by_country(rows);
    // One pass in the new order, so that each row is fetched once.
    let ordered: Vec<CubeRow> = order.iter().map(|at| rows[*at as usize]).collect();
    vec![
        (
            "country_index.arrow",
            vec![
                ("country", Column::U16(index.iter().map(|entry| entry.0).collect())),
                ("first_row", Column::U32(index.iter().map(|entry| entry.1).collect())),
            ],
        ),
        (
            "by_country.arrow",
            vec![
                ("ncm", Column::U32(ordered.iter().map(|row| row.ncm.0).collect())),
                ("uf", Column::U8(ordered.iter().map(|row| row.uf.0).collect())),
                ("via", Column::U8(ordered.iter().map(|row| row.via).collect())),
                ("month", Column::U8(ordered.iter().map(|row| row.month).collect())),
                ("sector", Column::U8(ordered.iter().map(|row| row.sector).collect())),
                ("fob_cents", Column::I64(ordered.iter().map(|row| row.fob_cents).collect())),
                ("weight_g", Column::I64(ordered.iter().map(|row| row.weight_g).collect())),
            ],
        ),
    ]
}

/// Every rollup: the whole one from the rows, the smaller ones from the whole one.
fn rollups(rows: &[CubeRow]) -> Vec<Planned> {
    let whole = RollupGrain { sh2: true, country: true, uf: true };
    let cells: Vec<Cell> = rows
        .par_iter()
        .map(|row| Cell { key: rollup_key(row, whole), fob_cents: row.fob_cents, weight_g: row.weight_g })
        .collect();
    let cells = sum_cells(cells);
    ROLLUPS.iter().map(|(name, grain)| (*name, rollup_columns(&coarsen(&cells, *grain), *grain))).collect()
}

/// The cells of a whole rollup, added up to `grain`.
fn coarsen(cells: &[Cell], grain: RollupGrain) -> Vec<Cell> {
    let mut mask = 0xff_00ff_0000_0000_u64;
    for (kept, bits) in [(grain.sh2, 0xff_u64 << 40), (grain.country, 0xffff << 8), (grain.uf, 0xff)] {
        if kept {
            mask |= bits;
        }
    }
    sum_cells(cells.iter().map(|cell| Cell { key: cell.key & mask, ..*cell }).collect())
}

fn rollup_columns(cells: &[Cell], grain: RollupGrain) -> Vec<(&'static str, Column)> {
    let parts = || cells.iter().map(|cell| rollup_parts(cell.key));
    let mut columns = vec![
        ("month", Column::U8(parts().map(|part| part.0).collect())),
        ("sector", Column::U8(parts().map(|part| part.2).collect())),
        ("fob_cents", Column::I64(cells.iter().map(|cell| cell.fob_cents).collect())),
        ("weight_g", Column::I64(cells.iter().map(|cell| cell.weight_g).collect())),
    ];
    if grain.sh2 {
        columns.push(("sh2", Column::U8(parts().map(|part| part.1).collect())));
    }
    if grain.country {
        columns.push(("country", Column::U16(parts().map(|part| part.3).collect())));
    }
    if grain.uf {
        columns.push(("uf", Column::U8(parts().map(|part| part.4).collect())));
    }
    columns
}

#[expect(clippy::cast_possible_truncation, reason = "each part is cut out by its width")]
fn ncm_month(rows: &[CubeRow]) -> Vec<Planned> {
    let cells = cells_by_ncm_month(rows);
    let columns = vec![
        ("ncm", Column::U32(cells.iter().map(|cell| (cell.key >> 16) as u32).collect())),
        ("month", Column::U8(cells.iter().map(|cell| (cell.key >> 8) as u8).collect())),
        ("sector", Column::U8(cells.iter().map(|cell| cell.key as u8).collect())),
        ("fob_cents", Column::I64(cells.iter().map(|cell| cell.fob_cents).collect())),
        ("weight_g", Column::I64(cells.iter().map(|cell| cell.weight_g).collect())),
    ];
    vec![("ncm_month.arrow", columns)]
}
