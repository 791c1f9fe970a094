//! Transactional accounts (DICT API 2.6.1, schema BrazilianAccount).

use chrono::{DateTime, Utc};

use super::ispb::Ispb;
use super::refusal::Violation;

/// The kind of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AccountType {
    /// Current.
    Cacc,
    /// Payment.
    Tran,
    /// Salary.
    Slry,
    /// Savings.
    Svgs,
    /// Other (DICT API 2.12).
    Othr,
}

impl AccountType {
    /// All.
    pub const ALL: [AccountType; 5] =
        [AccountType::Cacc, AccountType::Tran, AccountType::Slry, AccountType::Svgs, AccountType::Othr];

    /// As in the directory.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            AccountType::Cacc => "CACC",
            AccountType::Tran => "TRAN",
            AccountType::Slry => "SLRY",
            AccountType::Svgs => "SVGS",
            AccountType::Othr => "OTHR",
        }
    }

    /// The kind of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }
}

/// An account. Its identity is participant, branch, number and type (Manual Operacional do DICT, section 1); personal
/// data, so it has no `Debug`.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Account {
    /// The institution.
    pub participant: Ispb,
    /// Up to four digits.
    pub branch: Option<String>,
    /// Up to twenty characters, check digit included.
    pub number: String,
    /// Its kind.
    pub account_type: AccountType,
    /// When it was opened.
    pub opened_at: DateTime<Utc>,
}

impl Account {
    /// Whether its fields have the directory's form. Letters in the number are the form of DICT API 2.12; older ones
    /// wanted a 0 for a check digit that is a letter.
    ///
    /// # Errors
    /// The fields that are wrong, by their names here.
    pub fn check(&self) -> Result<(), Vec<Violation>> {
        let mut violations = Vec::new();
        let branch_fits =
            |branch: &String| (1..=4).contains(&branch.len()) && branch.bytes().all(|b| b.is_ascii_digit());
        if !self.branch.as_ref().is_none_or(branch_fits) {
            violations.push(Violation::new("branch", "it has one to four digits, without the check digit"));
        }
        if !(1..=20).contains(&self.number.len()) || !self.number.bytes().all(|b| b.is_ascii_alphanumeric()) {
            violations.push(Violation::new("number", "it has one to twenty digits or letters, with the check digit"));
        }
        if violations.is_empty() { Ok(()) } else { Err(violations) }
    }
}

#[cfg(test)]
#[path = "account_tests.rs"]
mod tests;
