//! What is wrong with connector files, and where.

use std::fmt;

use super::located::At;

/// Faults of one file that are reported; more help nobody.
const FAULTS_MAX: usize = 50;

/// Something wrong with a connector file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The file.
    pub file: String,
    /// Its line, from 1; 0 when it is about the file as a whole.
    pub line: u64,
    /// Its column, from 1; 0 when it is about the file as a whole.
    pub column: u64,
    /// What is wrong and what would be right.
    pub reason: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line == 0 {
            return write!(formatter, "{}: {}", self.file, self.reason);
        }
        write!(formatter, "{}:{}:{}: {}", self.file, self.line, self.column, self.reason)
    }
}

impl std::error::Error for Fault {}

/// Collects the faults of one file, so that all are told at once.
#[derive(Debug)]
pub(super) struct Faults {
    file: String,
    found: Vec<Fault>,
}

impl Faults {
    pub fn new(file: &str) -> Self {
        Self { file: file.to_owned(), found: Vec::new() }
    }

    /// Something wrong at the place of a value.
    pub fn add<T>(&mut self, at: &At<T>, reason: impl Into<String>) {
        if self.found.len() < FAULTS_MAX {
            let (file, reason) = (self.file.clone(), reason.into());
            self.found.push(Fault { file, line: at.line, column: at.column, reason });
        }
    }

    /// The value of a check, or its fault noted.
    pub fn take<T, U>(&mut self, at: &At<T>, checked: Result<U, String>) -> Option<U> {
        checked.map_err(|reason| self.add(at, reason)).ok()
    }

    /// A number between two bounds, or its default. Out of bounds it is noted, and the nearest bound goes on.
    pub fn range(&mut self, at: Option<&At<u64>>, name: &str, default: u64, bounds: (u64, u64)) -> u64 {
        let Some(at) = at else { return default };
        let (low, high) = bounds;
        if !(low..=high).contains(&at.value) {
            self.add(at, format!("{name} must be from {low} to {high}, not {}", at.value));
        }
        at.value.clamp(low, high)
    }

    /// A text for a person: there, and not endless.
    pub fn title(&mut self, at: &At<String>, name: &str) -> String {
        let length = at.value.trim().chars().count();
        if !(1..=300).contains(&length) || at.value.chars().any(|c| c.is_control() && c != '\n') {
            self.add(at, format!("{name} must have 1 to 300 characters and no control characters"));
        }
        at.value.trim().to_owned()
    }

    /// What was found, in the order of the file.
    pub fn into_found(mut self) -> Vec<Fault> {
        self.found.sort_by_key(|fault| (fault.line, fault.column));
        self.found
    }
}
