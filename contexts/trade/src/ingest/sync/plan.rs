//! What a sync would do with a file, and why. Pure: what is published against what is live.

use serde::Serialize;

use super::official::{OfficialFile, Published};
use crate::ingest::guard::{Amount, GuardError, SAMPLE_SOURCE};
use crate::ingest::summary::Sums;
use crate::store::LiveYear;

/// The source whose years are synced.
pub const SOURCE: &str = "comexstat";

/// How a published file stands to what is live.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Nothing of it is live.
    New,
    /// What is live came from another version of it, or nobody knows from which.
    Changed,
    /// What is live is this file.
    Unchanged,
    /// There is no such file, or there are no rows in it yet.
    Missing,
    /// It must not be loaded, or the source could not be asked about it.
    Refused,
}

/// What to do with a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Decision {
    pub state: State,
    pub reason: String,
}

impl Decision {
    pub fn new(state: State, reason: impl Into<String>) -> Self {
        Self { state, reason: reason.into() }
    }
}

/// A file as the last sync took it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Record {
    pub validator: String,
    pub bytes: Option<i64>,
    pub sha256: String,
}

impl Record {
    /// Whether a published file is the one that was taken. A source that says neither size nor validator is never
    /// believed to have kept it.
    pub fn is(&self, published: &Published) -> bool {
        let validator = published.validator.as_deref().unwrap_or_default();
        let bytes = published.bytes.and_then(|bytes| i64::try_from(bytes).ok());
        (!validator.is_empty() || bytes.is_some()) && self.validator == validator && self.bytes == bytes
    }
}

/// What is live of a year.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Live<'a> {
    /// The year as it is live.
    pub year: Option<&'a LiveYear>,
    /// SHA-256 of the one file that all its rows came from.
    pub sha256: Option<&'a str>,
}

/// Decides on the file of a year: published rows and sums, then the file itself, against what is live.
pub(super) fn of_year(
    year: u16,
    official: Option<&Sums>,
    published: Option<&Published>,
    live: Live<'_>,
    record: Option<&Record>,
    allow_shrink: bool,
) -> Decision {
    let file = OfficialFile::Year(year);
    let Some(published) = published else { return Decision::new(State::Missing, format!("there is no {file}")) };
    let Some(official) = official else {
        return Decision::new(
            State::Refused,
            format!("{file} is published and the official totals do not name {year} yet: sync again when they do"),
        );
    };
    let live_year = live.year.filter(|live| live.source != SAMPLE_SOURCE);
    let Some(current) = live_year else {
        return match official.rows {
            0 => Decision::new(State::Missing, "the official totals give it no rows yet"),
            _ => Decision::new(State::New, "not loaded so far"),
        };
    };
    if let Some(refusal) = forbidden(year, official, current, allow_shrink) {
        return Decision::new(State::Refused, refusal.to_string());
    }
    let sums = (current.rows.unsigned_abs(), i128::from(current.fob_cents), i128::from(current.weight_g));
    if sums != (official.rows, official.fob_cents, official.weight_g) {
        return Decision::new(State::Changed, differing(official, current));
    }
    match record {
        Some(record) if live.sha256 != Some(record.sha256.as_str()) => {
            Decision::new(State::Changed, "another file was loaded since the last sync")
        }
        Some(record) if record.is(published) => Decision::new(State::Unchanged, "live already"),
        Some(_) => Decision::new(State::Changed, "published anew since the last sync, with the same totals"),
        None => Decision::new(State::Changed, "live, and not from a sync: its content is compared"),
    }
}

/// Why the load would be refused, known before anything is fetched.
fn forbidden(year: u16, official: &Sums, live: &LiveYear, allow_shrink: bool) -> Option<GuardError> {
    if live.source != SOURCE {
        return Some(GuardError::OtherSource { year, live: live.source.clone(), wanted: SOURCE.to_owned() });
    }
    let wanted = Amount { rows: official.rows, fob_cents: official.fob_cents };
    let live = Amount { rows: live.rows.unsigned_abs(), fob_cents: i128::from(live.fob_cents) };
    let advice = "the official file holds less than what is live".to_owned();
    (wanted.halves(&live) && !allow_shrink).then_some(GuardError::Shrink { year, live, wanted, advice })
}

fn differing(official: &Sums, live: &LiveYear) -> String {
    let usd = |cents: i128| cents / 100;
    if i128::from(live.rows) != i128::from(official.rows) {
        return format!("the official totals name {} rows, {} are live", official.rows, live.rows);
    }
    format!(
        "the official totals name US$ {} and {} kg, live are US$ {} and {} kg",
        usd(official.fob_cents),
        official.weight_g / 1_000,
        usd(live.fob_cents.into()),
        live.weight_g / 1_000
    )
}

/// Decides on a code table.
pub(super) fn of_table(published: Option<&Published>, record: Option<&Record>) -> Decision {
    match (published, record) {
        (None, _) => Decision::new(State::Missing, "there is no such file"),
        (Some(_), None) => Decision::new(State::New, "not synced so far"),
        (Some(published), Some(record)) if record.is(published) => Decision::new(State::Unchanged, "live already"),
        (Some(_), Some(_)) => Decision::new(State::Changed, "published anew since the last sync"),
    }
}
