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
    /// Every country of the file, for the same months.
    Countries,
}

impl Replace {
    /// As the store and the command line call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Year => "year",
            Self::Slice => "slice",
            Self::Countries => "countries",
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
    #[error("year {year} would shrink from {} to {}: {advice}; if the year really shrank, say --allow-shrink", .live.text(), .wanted.text())]
    Shrink {
        /// Calendar year.
        year: u16,
        /// What is live.
        live: Amount,
        /// What the file holds.
        wanted: Amount,
        /// How such a file is loaded.
        advice: String,
    },
    /// A code table with less than half of its rows.
    #[error(
        "table {table} would shrink from {live} rows to {wanted}: is the file whole? If the table really shrank, say --allow-shrink"
    )]
    TableShrink {
        /// The table.
        table: &'static str,
        /// Rows that it has.
        live: u64,
        /// Rows of the file.
        wanted: u64,
    },
    /// A month that is live would no longer be covered.
    #[error(
        "year {year} is live to month {live} and the file ends with month {wanted}: load a later file, or say --allow-shrink to lose the months between"
    )]
    FewerMonths {
        /// Calendar year.
        year: u16,
        /// Last month that is live.
        live: u8,
        /// Last month of the file.
        wanted: u8,
    },
    /// A slice, or a file of countries, much smaller than what it would replace.
    #[error(
        "{} would be replaced by {}, less than half{worst}: {advice}; if that is right, say --allow-shrink", .live.text(), .wanted.text()
    )]
    PartShrink {
        /// What would be replaced.
        live: Amount,
        /// What the file holds.
        wanted: Amount,
        /// The products or countries that shrink most; empty where the sum does.
        worst: String,
        /// How such a file is loaded.
        advice: String,
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
    #[error(
        "--through is for whole years; a slice or a file of countries replaces the months from its first to its last row"
    )]
    ThroughOfSlice,
}

/// Rows and value of some facts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Amount {
    /// Rows.
    pub rows: u64,
    /// FOB in US cents.
    pub fob_cents: i128,
}

impl Amount {
    /// `20,325 rows, US$ 63,800,000,000`, whole dollars.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{} rows, US$ {}", grouped(i128::from(self.rows)), grouped(self.fob_cents / 100))
    }

    /// Adds another.
    pub fn add(&mut self, rows: u64, fob_cents: i128) {
        self.rows += rows;
        self.fob_cents += fob_cents;
    }

    /// Whether this in the place of `live` keeps less than half of its rows or of its value.
    #[must_use]
    pub const fn halves(&self, live: &Self) -> bool {
        self.rows.saturating_mul(2) < live.rows || self.fob_cents.saturating_mul(2) < live.fob_cents
    }

    /// Whether a part is large enough to be judged alone: 20 rows, or a million dollars.
    const fn is_large(&self) -> bool {
        self.rows >= PART_ROWS || self.fob_cents >= PART_CENTS
    }
}

/// Rows from which a product or country of a part is judged alone.
const PART_ROWS: u64 = 20;
/// Value from which it is, in US cents: a million dollars.
const PART_CENTS: i128 = 100_000_000;
/// Countries that a file of few countries has at most.
const FEW_COUNTRIES: usize = 10;
/// Products that a file of few products has at most.
const FEW_PRODUCTS: usize = 500;
/// Parts that a refusal names.
const PARTS_NAMED: usize = 5;

/// Thousands in groups.
fn grouped(number: i128) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() * 4 / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) && !out.ends_with('-') {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// How many products and countries a file has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Variety {
    /// Products.
    pub products: usize,
    /// Countries.
    pub countries: usize,
}

impl Variety {
    /// How a file of so few products or countries is loaded.
    fn advice(self) -> String {
        let countries =
            if self.countries == 1 { "country".to_owned() } else { format!("{} countries", self.countries) };
        match self {
            Self { countries: ..=FEW_COUNTRIES, products } if products > 1 => {
                format!("a file of all products of {countries} is loaded with --replace countries")
            }
            Self { countries: ..=FEW_COUNTRIES, .. } => {
                format!(
                    "a file of one product to {countries} is no year; load one with all countries of the product, with --replace slice"
                )
            }
            Self { products: ..=FEW_PRODUCTS, .. } => {
                "a file of some products is loaded with --replace slice".to_owned()
            }
            _ => "the file may be incomplete".to_owned(),
        }
    }
}

/// Refuses a slice, or a file of countries, that keeps less than half of what it would replace: in sum, or of one
/// product or country that is large enough to be judged alone.
///
/// # Errors
/// What would be lost.
pub fn check_part<K: Ord + std::fmt::Display>(
    mode: Replace,
    live: &BTreeMap<K, Amount>,
    file: &BTreeMap<K, Amount>,
    file_countries: usize,
    live_countries: usize,
) -> Result<(), GuardError> {
    let sum = |parts: &BTreeMap<K, Amount>| {
        parts.values().fold(Amount::default(), |mut sum, part| {
            sum.add(part.rows, part.fob_cents);
            sum
        })
    };
    let (live_sum, file_sum) = (sum(live), sum(file));
    let none = Amount::default();
    let mut shrunk: Vec<(&K, &Amount, &Amount)> = live
        .iter()
        .map(|(key, live)| (key, live, file.get(key).unwrap_or(&none)))
        .filter(|(_, live, wanted)| live.is_large() && wanted.halves(live))
        .collect();
    if !file_sum.halves(&live_sum) && shrunk.is_empty() {
        return Ok(());
    }
    shrunk.sort_by_key(|(_, live, wanted)| wanted.fob_cents - live.fob_cents);
    let named = shrunk.iter().take(PARTS_NAMED);
    let named: Vec<String> =
        named.map(|(key, live, wanted)| format!("{key} from {} to {}", live.text(), wanted.text())).collect();
    let more = shrunk.len().saturating_sub(PARTS_NAMED);
    let worst = match (named.is_empty(), more) {
        (true, _) => String::new(),
        (false, 0) => format!(" ({})", named.join("; ")),
        (false, more) => format!(" ({}; and {more} more)", named.join("; ")),
    };
    let few = mode == Replace::Slice && file_countries <= FEW_COUNTRIES && file_countries * 2 < live_countries.max(2);
    let advice = if few {
        format!(
            "the file holds {file_countries} of the {live_countries} countries that are live: a slice replaces all \
             countries of its products; load it with --replace countries"
        )
    } else {
        "the file may be an extract".to_owned()
    };
    Err(GuardError::PartShrink { live: live_sum, wanted: file_sum, worst, advice })
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
    variety: impl Fn(u16) -> Variety,
    allow_shrink: bool,
) -> Result<BTreeMap<u16, YearPlan>, GuardError> {
    let last = file.years().pop_last();
    if let (Some(through), Some((year, summary))) = (through, last)
        && (through.year() != year || through.month() < summary.last_month)
    {
        let last = Month(year * 12 + u16::from(summary.last_month) - 1);
        return Err(GuardError::Through { through, last });
    }
    let mut plans = BTreeMap::new();
    for (year, summary) in file.years() {
        if let Some(live) = rival(live, year, source) {
            same_source(live, source)?;
            let wanted = Amount { rows: summary.sums.rows, fob_cents: summary.sums.fob_cents };
            let through = through.filter(|through| through.year() == year).map_or(summary.last_month, Month::month);
            let amount = Amount { rows: live.rows.unsigned_abs(), fob_cents: i128::from(live.fob_cents) };
            if !allow_shrink && wanted.halves(&amount) {
                return Err(GuardError::Shrink { year, live: amount, wanted, advice: variety(year).advice() });
            }
            if !allow_shrink && through < live.through_month {
                return Err(GuardError::FewerMonths { year, live: live.through_month, wanted: through });
            }
        }
        plans.insert(year, YearPlan { through_month: summary.last_month, summary });
    }
    if let (Some(through), Some(mut last)) = (through, plans.last_entry()) {
        last.get_mut().through_month = through.month();
    }
    Ok(plans)
}

/// The months of each year that `--replace slice` or `--replace countries` would replace, or why it may not.
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
