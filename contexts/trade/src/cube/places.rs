//! The sums of a question's groups while rows are read: one array, or a table by hash.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use super::layout::EXCLUDED;
use super::plan::GROUPS_MAX;
use super::question::{Refusal, Sums};
use crate::domain::fact::UNIT_NONE;

/// Most places of which several copies are kept.
const LANE_CELLS_MAX: usize = 2_048;
/// Copies, a power of two.
const LANES: usize = 4;

/// Sums by place: FOB, weight, FOB of what has a weight, cells.
pub(super) enum Places {
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
    pub(super) fn new(dense: bool, cells: u64) -> Self {
        match usize::try_from(cells) {
            Ok(cells) if dense => {
                let lanes = if cells <= LANE_CELLS_MAX { LANES } else { 1 };
                // Zeroed pages come from the system untouched: places that nobody meets cost nothing here.
                Self::Dense { cells: vec![[0; 4]; cells * lanes], cells_per_lane: cells, lanes }
            }
            _ => Self::Hashed(HashMap::default()),
        }
    }

    pub(super) fn add(&mut self, offsets: &[u64], fob_cents: &[i64], weight_g: &[i64]) {
        let values = fob_cents.iter().zip(weight_g);
        self.add_rows(offsets, values.map(|(fob, weight)| (*fob, *weight, if *weight > 0 { *fob } else { 0 })));
    }

    /// Adds up the units, their squares and the quantities: from the first two [`quantity_of`] tells whether all
    /// units were the same.
    pub(super) fn add_quantities(&mut self, offsets: &[u64], unit: &[u8], quantity: &[i64]) {
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
    pub(super) fn fold_lanes(&mut self) {
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

    pub(super) fn merge(a: Self, b: Self) -> Self {
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

    pub(super) fn check(&self) -> Result<(), Refusal> {
        match self {
            Self::Hashed(cells) if cells.len() > GROUPS_MAX => Err(Refusal::TooManyGroups { limit: GROUPS_MAX }),
            _ => Ok(()),
        }
    }
}

/// What [`Places::add_quantities`] added up. The square of a sum is as large as the sum of squares times their number
/// only if all are equal (Cauchy and Schwarz), and sums can be made in any order.
pub(super) fn quantity_of([units, squares, quantity, cells]: [i64; 4]) -> Sums {
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
