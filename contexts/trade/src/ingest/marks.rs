//! Which decimal mark each value column of a file is written with, found from its numbers.
//!
//! `1.250` is one and a quarter where the point is the decimal mark and 1250 where it separates thousands. A column
//! whose every fraction looks like that, with no number that proves the mark, is refused; one number that proves it
//! decides for the column.

use super::error::{AmbiguousNumber, Fault, Located, Place};
use super::layout::Role;
use super::number::{Evidence, Mark};

/// The columns that hold values.
const VALUE_ROLES: [Role; 3] = [Role::Value, Role::Weight, Role::Quantity];
/// Characters of a number that a message shows.
const SHOWN_CHARACTERS: usize = 40;

const fn place_of(role: Role) -> usize {
    match role {
        Role::Value => 0,
        Role::Weight => 1,
        _ => 2,
    }
}

/// The decimal marks that are known before a file is read: `--decimal` says one for every column, a first reading
/// may prove one for each.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Decimals([Option<Mark>; 3]);

impl Decimals {
    /// One mark for every column.
    #[must_use]
    pub const fn all(mark: Option<Mark>) -> Self {
        Self([mark; 3])
    }

    /// The mark of a column.
    #[inline]
    #[must_use]
    pub const fn of(&self, role: Role) -> Option<Mark> {
        self.0[place_of(role)]
    }
}

/// What the numbers of one row show, by value column.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct RowEvidence([Evidence; 3]);

impl RowEvidence {
    pub fn set(&mut self, role: Role, evidence: Evidence) {
        self.0[place_of(role)] = evidence;
    }

    /// The columns that show something.
    pub fn shown(self) -> impl Iterator<Item = (Role, Evidence)> {
        VALUE_ROLES.into_iter().zip(self.0).filter(|(_, evidence)| *evidence != Evidence::None)
    }

    #[inline]
    pub fn is_empty(self) -> bool {
        self.0 == [Evidence::None; 3]
    }
}

/// A number with its place.
#[derive(Debug, Clone)]
struct Seen {
    place: Place,
    text: String,
}

/// The first number of each kind in one column.
#[derive(Debug, Default)]
struct ColumnMarks {
    point: Option<Seen>,
    comma: Option<Seen>,
    three_point: Option<Seen>,
    three_comma: Option<Seen>,
}

/// The first numbers that show a mark, by value column. Lines count from 1 within a block until blocks are joined.
#[derive(Debug, Default)]
pub(crate) struct FileMarks([ColumnMarks; 3]);

impl FileMarks {
    /// Keeps the number when it is the first of its kind.
    pub fn note(&mut self, role: Role, evidence: Evidence, place: impl FnOnce() -> Place, text: &[u8]) {
        let column = &mut self.0[place_of(role)];
        let slot = match evidence {
            Evidence::None => return,
            Evidence::Proves(Mark::Point) => &mut column.point,
            Evidence::Proves(Mark::Comma) => &mut column.comma,
            Evidence::ThreeDigits(Mark::Point) => &mut column.three_point,
            Evidence::ThreeDigits(Mark::Comma) => &mut column.three_comma,
        };
        slot.get_or_insert_with(|| Seen {
            place: place(),
            text: String::from_utf8_lossy(text).chars().take(SHOWN_CHARACTERS).collect(),
        });
    }

    /// Joins the marks of the block that begins after `lines` lines.
    pub fn join(&mut self, block: Self, lines: u64) {
        for (column, next) in self.0.iter_mut().zip(block.0) {
            for (slot, seen) in [
                (&mut column.point, next.point),
                (&mut column.comma, next.comma),
                (&mut column.three_point, next.three_point),
                (&mut column.three_comma, next.three_comma),
            ] {
                let Some(mut seen) = seen.filter(|_| slot.is_none()) else { continue };
                seen.place.line = seen.place.line.map(|line| line + lines);
                *slot = Some(seen);
            }
        }
    }

    /// Whether the numbers were read as they were meant.
    ///
    /// # Errors
    /// Two marks in one file; a column that may be thousands or fractions; or, for the caller to read again by, the
    /// marks that later numbers prove.
    pub fn verdict(&self, known: Decimals) -> Result<(), Located> {
        self.refuse_two_marks()?;
        let mut proved = known;
        for (place, column) in self.0.iter().enumerate() {
            let decimal = match (&column.point, &column.comma) {
                (Some(_), _) => Some(Mark::Point),
                (_, Some(_)) => Some(Mark::Comma),
                _ => None,
            };
            match (decimal, &column.three_point, &column.three_comma) {
                (Some(Mark::Point), _, Some(_)) | (Some(Mark::Comma), Some(_), _) => proved.0[place] = decimal,
                (None, Some(seen), _) => return Err(ambiguous(seen, Mark::Point)),
                (None, None, Some(seen)) => return Err(ambiguous(seen, Mark::Comma)),
                _ => {}
            }
        }
        if proved == known { Ok(()) } else { Err(Fault::DecimalProved(proved).into()) }
    }

    fn refuse_two_marks(&self) -> Result<(), Located> {
        let point = self.0.iter().find_map(|column| column.point.as_ref());
        let comma = self.0.iter().find_map(|column| column.comma.as_ref());
        let (Some(point), Some(comma)) = (point, comma) else { return Ok(()) };
        let later = if point.place.line > comma.place.line { point } else { comma };
        let shown = |seen: &Seen| format!("{:?} in {}", seen.text, seen.place);
        Err(Located {
            place: Box::new(later.place.clone()),
            fault: Fault::MixedDecimalMarks { point: shown(point), comma: shown(comma) },
        })
    }
}

fn ambiguous(seen: &Seen, mark: Mark) -> Located {
    let whole = seen.text.replace(['.', ','], "");
    let fraction = seen.text.replace(',', ".");
    let fraction = fraction.trim_end_matches('0').trim_end_matches('.').to_owned();
    let number = AmbiguousNumber {
        text: seen.text.clone(),
        fraction: (fraction, mark.name()),
        whole: (whole, mark.other().name()),
    };
    Located { place: Box::new(seen.place.clone()), fault: Fault::AmbiguousDecimals(Box::new(number)) }
}
