//! From rows to the sorted, aggregated columns of a segment. Pure: no file is touched here.

use rayon::prelude::*;

use super::segment::{CubeRow, RollupGrain};

/// Keys of a [`CubeRow`] as one number that sorts by (ncm, month, country, uf, via, sector), and rows without
/// weight before those with: the price of a cell is that of its weighted rows, so the two are never added up.
pub(super) fn order_by_ncm(row: &CubeRow) -> u128 {
    let minor = (u128::from(row.country) << 24)
        | (u128::from(row.uf.0) << 16)
        | (u128::from(row.via) << 8)
        | u128::from(row.sector);
    let key = (u128::from(row.ncm.0) << 48) | (u128::from(row.month) << 40) | minor;
    (key << 1) | u128::from(row.weight_g > 0)
}

/// The same with the customs unit and the statistical unit after them: every key of a [`CubeRow`].
pub(super) fn order_by_customs(row: &CubeRow) -> u128 {
    (order_by_ncm(row) << 40) | (u128::from(row.urf) << 8) | u128::from(row.unit)
}

/// Sorts `rows` by all their keys and adds up those with equal ones.
/// Sums cannot overflow: the caller has checked the total of all rows.
pub(super) fn sort_and_merge_customs(rows: &mut Vec<CubeRow>) {
    rows.par_sort_unstable_by_key(order_by_customs);
    rows.dedup_by(|next, kept| {
        let same = order_by_customs(next) == order_by_customs(kept);
        if same {
            kept.fob_cents += next.fob_cents;
            kept.weight_g += next.weight_g;
            kept.quantity += next.quantity;
        }
        same
    });
}

/// Adds up sorted rows that differ only in customs unit and quantity.
pub(super) fn merge_customs_away(rows: &mut Vec<CubeRow>) {
    rows.dedup_by(|next, kept| {
        let same = order_by_ncm(next) == order_by_ncm(kept);
        if same {
            kept.fob_cents += next.fob_cents;
            kept.weight_g += next.weight_g;
        }
        same
    });
}

/// The places of `rows` (sorted by NCM) in the order (country, ncm, month, uf, via, sector), and for each
/// country that occurs its first place. A stable distribution by country keeps the other keys in order.
pub(super) fn order_by_country(rows: &[CubeRow]) -> (Vec<u32>, Vec<(u16, u32)>) {
    let mut counts = vec![0_u32; usize::from(u16::MAX) + 1];
    for row in rows {
        counts[usize::from(row.country)] += 1;
    }
    let mut index = Vec::new();
    let mut next = 0_u32;
    for (country, count) in (0_u16..=u16::MAX).zip(counts.iter_mut()) {
        let first = next;
        if *count > 0 {
            index.push((country, first));
        }
        next += *count;
        *count = first;
    }
    let mut order = vec![0_u32; rows.len()];
    for (at, row) in (0_u32..).zip(rows) {
        let place = &mut counts[usize::from(row.country)];
        order[*place as usize] = at;
        *place += 1;
    }
    (order, index)
}

/// A key and the sums of its rows.
#[derive(Clone, Copy)]
pub(super) struct Cell {
    pub(super) key: u64,
    pub(super) fob_cents: i64,
    pub(super) weight_g: i64,
}

/// (month, sh2, sector, country, uf) as one number; dimensions outside `grain` are 0.
pub(super) fn rollup_key(row: &CubeRow, grain: RollupGrain) -> u64 {
    let keep = |wanted: bool, value: u64| if wanted { value } else { 0 };
    (u64::from(row.month) << 48)
        | (keep(grain.sh2, u64::from(row.ncm.sh2())) << 40)
        | (u64::from(row.sector) << 32)
        | (keep(grain.country, u64::from(row.country)) << 8)
        | keep(grain.uf, u64::from(row.uf.0))
}

/// The parts of a [`rollup_key`]: month, sh2, sector, country, uf.
#[expect(clippy::cast_possible_truncation, reason = "each part is cut out by its width")]
pub(super) const fn rollup_parts(key: u64) -> (u8, u8, u8, u16, u8) {
    ((key >> 48) as u8, (key >> 40) as u8, (key >> 32) as u8, (key >> 8) as u16, key as u8)
}

/// Sorts cells by key and adds up equal keys.
pub(super) fn sum_cells(mut cells: Vec<Cell>) -> Vec<Cell> {
    cells.par_sort_unstable_by_key(|cell| cell.key);
    cells.dedup_by(|next, kept| {
        let same = next.key == kept.key;
        if same {
            kept.fob_cents += next.fob_cents;
            kept.weight_g += next.weight_g;
        }
        same
    });
    cells
}

/// Cells by (ncm, month, sector) of rows sorted by NCM: `key` = ncm << 16 | month << 8 | sector.
pub(super) fn cells_by_ncm_month(rows: &[CubeRow]) -> Vec<Cell> {
    let mut cells = Vec::new();
    for run in rows.chunk_by(|a, b| a.ncm == b.ncm && a.month == b.month) {
        let start = cells.len();
        for row in run {
            let key = (u64::from(row.ncm.0) << 16) | (u64::from(row.month) << 8) | u64::from(row.sector);
            // Nearly every NCM has one sector, so the last cell is nearly always the right one.
            match cells[start..].iter_mut().find(|cell: &&mut Cell| cell.key == key) {
                Some(cell) => {
                    cell.fob_cents += row.fob_cents;
                    cell.weight_g += row.weight_g;
                }
                None => cells.push(Cell { key, fob_cents: row.fob_cents, weight_g: row.weight_g }),
            }
        }
        cells[start..].sort_unstable_by_key(|cell| cell.key);
    }
    cells
}
