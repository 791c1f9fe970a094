//! What a load may replace. Pure: the file's counts against what is live.

use std::collections::BTreeMap;

use super::summary::{ReadSummary, YearSummary};
use crate::domain::code::Month;
use crate::store::LiveYear;

/// The source whose years a first real load removes.
pub const SAMPLE_SOURCE: &str = "sample";

/// Longest name of a source.
const SOURCE_BYTES_MAX: usize = 40;

/// What a load replaces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replace {
    /// Every year of the file, whole.
    Year,
    /// Every NCM of the file, for every month from the file's first to its last.
    Slice,
}

impl Replace {
    /// As the store and the command line call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Year => "year",
            Self::Slice => "slice",
        }
    }
}

/// Why a load is refused although its file is well-formed.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum GuardError {
    /// A sample beside real data.
    #[error("the store holds real data of {years}: a sample is never mixed with it; use another --data-dir")]
    SampleBesideReal {
        /// The years, joined.
        years: String,
    },
    /// The reserved name.
    #[error("--source sample is what `bgc ingest sample` uses: name your own source")]
    SourceReserved,
    /// A name that would not stand in a header or a log.
    #[error("--source {name:?} is not a name: 1 to {SOURCE_BYTES_MAX} letters, digits, dots, dashes and underscores")]
    SourceName {
        /// As given.
        name: String,
    },
    /// One live source a year.
    #[error(
        "year {year} is live from source {live:?}: load {wanted:?} for other years, or load this file with --source {live}"
    )]
    OtherSource {
        /// Calendar year.
        year: u16,
        /// Source that is live.
        live: String,
        /// Source of this load.
        wanted: String,
    },
    /// Far fewer rows than before.
    #[error(
        "year {year} would shrink from {live} rows to {wanted}: a file of some products is loaded with --replace slice; if the year really shrank, say --allow-shrink"
    )]
    Shrink {
        /// Calendar year.
        year: u16,
        /// Rows that are live.
        live: i64,
        /// Rows of the file.
        wanted: u64,
    },
    /// `--through` before the file's own last month, or for another year.
    #[error("--through {through} does not fit: the file's last month is {last}")]
    Through {
        /// As asked.
        through: Month,
        /// Last month with rows.
        last: Month,
    },
    /// A file of another year than its name says, though the official totals have it.
    #[error("it holds {found} and not {wanted} alone, as the official totals have it: the names are mixed up")]
    OtherYear {
        /// The year of its name.
        wanted: u16,
        /// The years that it holds, joined.
        found: String,
    },
    /// `--through` with a slice, whose coverage is its own months.
    #[error("--through is for whole years; a slice covers the months from its first to its last row")]
    ThroughOfSlice,
}

/// One year that a load would replace whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct YearPlan {
    /// January to this month become covered.
    pub through_month: u8,
    /// Count and sums of the file.
    pub summary: YearSummary,
}

/// Refuses a source that may not be loaded now; needs no file.
///
/// # Errors
/// The reason, for the user.
pub fn check_source(live: &[LiveYear], source: &str, is_sample: bool) -> Result<(), GuardError> {
    let letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    if !(1..=SOURCE_BYTES_MAX).contains(&source.len()) || !source.bytes().all(letter) {
        return Err(GuardError::SourceName { name: source.chars().take(SOURCE_BYTES_MAX).collect() });
    }
    let real: Vec<String> =
        live.iter().filter(|year| year.source != SAMPLE_SOURCE).map(|year| year.year.to_string()).collect();
    match (is_sample, source == SAMPLE_SOURCE) {
        (true, _) if !real.is_empty() => Err(GuardError::SampleBesideReal { years: real.join(", ") }),
        (false, true) => Err(GuardError::SourceReserved),
        _ => Ok(()),
    }
}

/// Refuses a file that holds anything but the year that it must hold, where it must hold one.
///
/// # Errors
/// The reason, for the user.
pub fn check_year(file: &ReadSummary, only_year: Option<u16>) -> Result<(), GuardError> {
    let years: Vec<u16> = file.years().keys().copied().collect();
    match only_year {
        Some(wanted) if years != [wanted] => {
            let found = years.iter().map(u16::to_string).collect::<Vec<_>>().join(" and ");
            Err(GuardError::OtherYear { wanted, found })
        }
        _ => Ok(()),
    }
}

/// What `--replace year` would do, or why it may not.
///
/// # Errors
/// The reason, for the user.
pub fn plan_years(
    live: &[LiveYear],
    file: &ReadSummary,
    source: &str,
    through: Option<Month>,
    allow_shrink: bool,
) -> Result<BTreeMap<u16, YearPlan>, GuardError> {
    let mut plans = BTreeMap::new();
    for (year, summary) in file.years() {
        if let Some(live) = rival(live, year, source) {
            same_source(live, source)?;
            if !allow_shrink && summary.sums.rows.saturating_mul(2) < live.rows.unsigned_abs() {
                return Err(GuardError::Shrink { year, live: live.rows, wanted: summary.sums.rows });
            }
        }
        plans.insert(year, YearPlan { through_month: summary.last_month, summary });
    }
    if let (Some(through), Some(mut last)) = (through, plans.last_entry()) {
        let (year, plan) = (*last.key(), last.get_mut());
        if through.year() != year || through.month() < plan.through_month {
            let last = Month(year * 12 + u16::from(plan.through_month) - 1);
            return Err(GuardError::Through { through, last });
        }
        plan.through_month = through.month();
    }
    Ok(plans)
}

/// The months of each year that `--replace slice` would replace, or why it may not.
///
/// # Errors
/// The reason, for the user.
pub fn plan_slices(
    live: &[LiveYear],
    file: &ReadSummary,
    source: &str,
    through: Option<Month>,
) -> Result<BTreeMap<u16, (u8, u8)>, GuardError> {
    if through.is_some() {
        return Err(GuardError::ThroughOfSlice);
    }
    let mut plans = BTreeMap::new();
    let (Some((first, _)), Some((last, _))) = (file.months.first_key_value(), file.months.last_key_value()) else {
        return Ok(plans);
    };
    for year in first.year()..=last.year() {
        if let Some(live) = rival(live, year, source) {
            same_source(live, source)?;
        }
        let from = if year == first.year() { first.month() } else { 1 };
        let to = if year == last.year() { last.month() } else { 12 };
        plans.insert(year, (from, to));
    }
    Ok(plans)
}

/// The live year that a load meets; a sample is no rival of a real source, it goes.
fn rival<'a>(live: &'a [LiveYear], year: u16, source: &str) -> Option<&'a LiveYear> {
    live.iter().find(|live| live.year == year && (live.source != SAMPLE_SOURCE || source == SAMPLE_SOURCE))
}

fn same_source(live: &LiveYear, source: &str) -> Result<(), GuardError> {
    if live.source == source {
        return Ok(());
    }
    Err(GuardError::OtherSource { year: live.year, live: live.source.clone(), wanted: source.to_owned() })
}
