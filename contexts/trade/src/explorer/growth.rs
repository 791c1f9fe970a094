//! Growth in one reading: which months count for a row, which are compared, and which are the base of another row.

use std::collections::{BTreeSet, HashMap};

use crate::cube::question::TimeLevel;
use crate::domain::code::Month;

/// What [`crate::cube::question::Key::time`] says of a month.
pub(super) const fn bucket(level: TimeLevel, month: Month) -> u16 {
    match level {
        TimeLevel::None => 0,
        TimeLevel::Year => month.year(),
        TimeLevel::Month => month.0,
    }
}

/// What the exports of a month count for, as the times of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Class {
    /// The row that they are part of.
    pub(super) row: Option<u16>,
    /// The row whose growth they are compared for.
    pub(super) now: Option<u16>,
    /// The row whose growth they are the base of.
    pub(super) base: Option<u16>,
}

/// The months to read. Those of one class are added up under the first of them, so that the cube reads each month
/// once, however many rows it counts for.
#[derive(Debug)]
pub(super) struct Growth {
    /// Each month with the first of its class.
    pub(super) months: Vec<(Month, Month)>,
    classes: HashMap<u16, Class>,
    /// The rows of which every compared month is covered a year earlier.
    pub(super) comparable: BTreeSet<u16>,
}

impl Growth {
    /// `asked` months are the rows'; those of them that are `covered` are compared.
    pub(super) fn new(asked: &BTreeSet<Month>, covered: &BTreeSet<Month>, level: TimeLevel) -> Self {
        let compared: BTreeSet<Month> = asked.intersection(covered).copied().collect();
        let has_base = |month: &Month| covered.contains(&month.minus(12));
        let read: BTreeSet<Month> = compared
            .iter()
            .filter(|month| has_base(month))
            .map(|month| month.minus(12))
            .chain(asked.iter().copied())
            .collect();
        let mut first_of: HashMap<Class, Month> = HashMap::new();
        let months: Vec<(Month, Month)> = read
            .iter()
            .map(|month| {
                let later =
                    Some(Month(month.0 + 12)).filter(|later| compared.contains(later) && covered.contains(month));
                let class = Class {
                    row: asked.contains(month).then(|| bucket(level, *month)),
                    now: compared.contains(month).then(|| bucket(level, *month)),
                    base: later.map(|later| bucket(level, later)),
                };
                (*month, *first_of.entry(class).or_insert(*month))
            })
            .collect();
        let incomplete: BTreeSet<u16> =
            compared.iter().filter(|month| !has_base(month)).map(|month| bucket(level, *month)).collect();
        let comparable = compared.iter().map(|month| bucket(level, *month)).filter(|time| !incomplete.contains(time));
        Self {
            months,
            classes: first_of.iter().map(|(class, first)| (first.0, *class)).collect(),
            comparable: comparable.collect(),
        }
    }

    /// The class that the cube's key of time stands for.
    pub(super) fn class(&self, time: u16) -> Class {
        self.classes.get(&time).copied().unwrap_or(Class { row: None, now: None, base: None })
    }
}
