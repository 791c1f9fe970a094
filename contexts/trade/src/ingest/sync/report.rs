//! What became of a sync, for a person or (as JSON) for a program.

use serde::Serialize;

use super::official::OfficialFile;
use super::plan::{Decision, State};

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Nothing was to be done: it is unchanged or missing.
    Kept,
    /// It would be fetched and loaded (dry run).
    Planned,
    /// It is live now.
    Loaded,
    /// It was fetched, and its content turned out to be live already.
    Identical,
    /// It was not loaded; `error` says why.
    Refused,
}

/// One file of a sync.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileReport {
    /// The ministry's file name.
    pub file: String,
    /// Which file that is.
    #[serde(skip)]
    pub id: OfficialFile,
    /// The calendar year of a file of exports.
    pub year: Option<u16>,
    /// How it stood to what was live.
    pub state: State,
    /// Why that.
    pub reason: String,
    /// Its size at the source.
    pub bytes: Option<u64>,
    /// What became of it.
    pub outcome: Outcome,
    /// Rows that it brought.
    pub rows: Option<u64>,
    /// The batch of its load.
    pub batch: Option<String>,
    /// Why it was not loaded.
    pub error: Option<String>,
}

impl FileReport {
    pub(super) fn new(id: OfficialFile, decision: Decision, bytes: Option<u64>) -> Self {
        let refused = decision.state == State::Refused;
        Self {
            file: id.to_string(),
            id,
            year: id.year(),
            state: decision.state,
            error: refused.then(|| decision.reason.clone()),
            reason: decision.reason,
            bytes,
            outcome: if refused { Outcome::Refused } else { Outcome::Kept },
            rows: None,
            batch: None,
        }
    }

    /// Whether it is to be fetched and loaded.
    #[must_use]
    pub fn is_due(&self) -> bool {
        matches!(self.state, State::New | State::Changed)
    }

    pub(super) fn refuse(&mut self, reason: String) {
        self.outcome = Outcome::Refused;
        self.error = Some(reason);
    }
}

/// What became of a sync.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SyncReport {
    /// Where the files came from.
    pub origin: String,
    /// Whether it only said what it would do.
    pub dry_run: bool,
    /// The last month that the ministry says it has published: `2026-08`.
    pub announced: Option<String>,
    /// The last month that is live now.
    pub through: Option<String>,
    /// The snapshot that is live now.
    pub snapshot: i64,
    /// Code tables first, then years, the latest first.
    pub files: Vec<FileReport>,
    /// Things worth telling that are no failure.
    pub notices: Vec<String>,
    /// Time taken.
    pub duration_ms: u64,
}

impl SyncReport {
    /// The files that should be live and are not.
    pub fn refused(&self) -> impl Iterator<Item = &FileReport> {
        self.files.iter().filter(|file| file.outcome == Outcome::Refused)
    }
}
