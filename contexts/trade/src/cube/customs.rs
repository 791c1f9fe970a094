//! The table of customs: the export rows of a year with the customs unit and the statistical quantity of each.
//!
//! The other tables add both up, so that questions without them read fewer and shorter rows. This one keeps every
//! key, in the order by NCM; only questions about customs units or quantities read it, and so does a load that makes
//! a year from the year before it.

use std::ops::Range;

use arrow_buffer::ScalarBuffer;

use super::error::CubeError;
use super::segment::CubeRow;
use super::table::{Column, Table};
use super::write::Planned;
use crate::domain::code::{Ncm, Uf};
use crate::domain::fact::URF_NONE;

/// The rows, column by column, and where those of each NCM begin.
#[derive(Debug)]
pub(super) struct Customs {
    /// For each NCM of the segment, its first row.
    first_row: ScalarBuffer<u32>,
    /// The customs units that occur, ascending.
    urfs: ScalarBuffer<u32>,
    /// Places in `urfs`.
    pub(super) urf: ScalarBuffer<u16>,
    pub(super) country: ScalarBuffer<u16>,
    pub(super) uf: ScalarBuffer<u8>,
    pub(super) via: ScalarBuffer<u8>,
    pub(super) month: ScalarBuffer<u8>,
    pub(super) sector: ScalarBuffer<u8>,
    pub(super) unit: ScalarBuffer<u8>,
    pub(super) fob_cents: ScalarBuffer<i64>,
    pub(super) weight_g: ScalarBuffer<i64>,
    pub(super) quantity: ScalarBuffer<i64>,
}

impl Customs {
    pub(super) fn open(rows: &Table, index: &Table, units: &Table) -> Result<Self, CubeError> {
        Ok(Self {
            first_row: index.u32("first_row")?,
            urfs: units.u32("urf")?,
            urf: rows.u16("urf")?,
            country: rows.u16("country")?,
            uf: rows.u8("uf")?,
            via: rows.u8("via")?,
            month: rows.u8("month")?,
            sector: rows.u8("sector")?,
            unit: rows.u8("unit")?,
            fob_cents: rows.i64("fob_cents")?,
            weight_g: rows.i64("weight_g")?,
            quantity: rows.i64("quantity")?,
        })
    }

    /// Rows of the table.
    pub(super) fn rows(&self) -> usize {
        self.month.len()
    }

    /// The customs units that occur, ascending; a row names one by its place here.
    pub(super) fn urfs(&self) -> &[u32] {
        &self.urfs
    }

    /// Whether the index is one of `ncms` products and in order.
    pub(super) fn fits(&self, ncms: usize) -> bool {
        let rows = self.rows();
        self.first_row.len() == ncms
            && self.first_row.first().map_or(rows == 0, |first| *first == 0)
            && self.first_row.windows(2).all(|pair| pair[0] < pair[1])
            && self.first_row.last().is_none_or(|last| (*last as usize) < rows)
            && self.urfs.windows(2).all(|pair| pair[0] < pair[1])
    }

    /// The first row of the NCM at a place of the index.
    pub(super) fn first_row(&self, at: usize) -> usize {
        self.first_row.get(at).map_or(self.rows(), |row| *row as usize)
    }

    /// The rows of the NCM at a place of the index.
    pub(super) fn range_at(&self, at: usize) -> Range<usize> {
        self.first_row(at)..self.first_row(at + 1)
    }

    /// The places of the index whose rows meet `rows`.
    pub(super) fn places_within(&self, rows: &Range<usize>) -> Range<usize> {
        let start = self.first_row.partition_point(|first| *first as usize <= rows.start).saturating_sub(1);
        start..self.first_row.partition_point(|first| (*first as usize) < rows.end)
    }

    /// A row, which is one of `ncm`.
    pub(super) fn row(&self, ncm: Ncm, at: usize) -> CubeRow {
        CubeRow {
            fob_cents: self.fob_cents[at],
            weight_g: self.weight_g[at],
            quantity: self.quantity[at],
            ncm,
            // A damaged place names no unit.
            urf: self.urfs.get(usize::from(self.urf[at])).copied().unwrap_or(URF_NONE),
            country: self.country[at],
            month: self.month[at],
            uf: Uf(self.uf[at]),
            via: self.via[at],
            sector: self.sector[at],
            unit: self.unit[at],
        }
    }
}

/// The files of the table, from rows sorted by every key.
pub(super) fn tables(rows: &[CubeRow]) -> Vec<Planned> {
    let mut urfs: Vec<u32> = Vec::new();
    for row in rows {
        // Neighbours often share a unit, and a year has fewer than a hundred.
        if let Err(at) = urfs.binary_search(&row.urf) {
            urfs.insert(at, row.urf);
        }
    }
    let place = |row: &CubeRow| urfs.binary_search(&row.urf).ok().and_then(|at| u16::try_from(at).ok());
    let mut first_row = Vec::new();
    let mut last = None;
    for (at, row) in (0_u32..).zip(rows) {
        if last != Some(row.ncm) {
            first_row.push(at);
            last = Some(row.ncm);
        }
    }
    let columns = vec![
        ("urf", Column::U16(rows.iter().map(|row| place(row).unwrap_or(u16::MAX)).collect())),
        ("country", Column::U16(rows.iter().map(|row| row.country).collect())),
        ("uf", Column::U8(rows.iter().map(|row| row.uf.0).collect())),
        ("via", Column::U8(rows.iter().map(|row| row.via).collect())),
        ("month", Column::U8(rows.iter().map(|row| row.month).collect())),
        ("sector", Column::U8(rows.iter().map(|row| row.sector).collect())),
        ("unit", Column::U8(rows.iter().map(|row| row.unit).collect())),
        ("fob_cents", Column::I64(rows.iter().map(|row| row.fob_cents).collect())),
        ("weight_g", Column::I64(rows.iter().map(|row| row.weight_g).collect())),
        ("quantity", Column::I64(rows.iter().map(|row| row.quantity).collect())),
    ];
    vec![
        ("customs_index.arrow", vec![("first_row", Column::U32(first_row))]),
        ("customs_units.arrow", vec![("urf", Column::U32(urfs))]),
        ("customs.arrow", columns),
    ]
}
