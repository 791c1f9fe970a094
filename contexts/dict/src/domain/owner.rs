//! Owners of accounts and keys (DICT API 2.6.1, schema Owner).

use super::refusal::Violation;
use super::tax_id::{self, TaxId};

/// What a person is before the law.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PersonType {
    /// With a CPF.
    Natural,
    /// With a CNPJ.
    Legal,
}

impl PersonType {
    /// As in the directory.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            PersonType::Natural => "NATURAL_PERSON",
            PersonType::Legal => "LEGAL_PERSON",
        }
    }

    /// The most keys that one account of such a person may have (Manual Operacional do DICT, section 1).
    #[must_use]
    pub const fn keys_per_account_max(self) -> u32 {
        match self {
            PersonType::Natural => 5,
            PersonType::Legal => 20,
        }
    }
}

/// Who has an account. Personal data, so it has no `Debug`.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Owner {
    /// CPF of a natural, CNPJ of a legal person; which of them says what person it is.
    pub tax_id: TaxId,
    /// Civil, social or corporate name.
    pub name: String,
    /// Legal persons only.
    pub trade_name: Option<String>,
}

impl Owner {
    /// What person it is.
    #[must_use]
    pub fn person_type(&self) -> PersonType {
        if self.tax_id.is_cpf() { PersonType::Natural } else { PersonType::Legal }
    }

    /// Whether its fields have the directory's form; `at_our_edge` also whether the check digits are right and names
    /// say anything. What the directory has is not ours to doubt.
    ///
    /// # Errors
    /// The fields that are wrong, by their names here.
    pub fn check(&self, at_our_edge: bool) -> Result<(), Vec<Violation>> {
        let mut violations = Vec::new();
        if at_our_edge && !tax_id::has_check_digits(self.tax_id.as_str()) {
            violations.push(Violation::new("tax_id", "its check digits are wrong"));
        }
        let natural = self.person_type() == PersonType::Natural;
        let name_fits = if natural { is_name_of_person(&self.name) } else { is_name_of_firm(&self.name) };
        if !name_fits || self.name.chars().count() > NAME_CHARS_MAX || (at_our_edge && self.name.trim().is_empty()) {
            let form = if natural {
                "it has 1 to 150 letters, spaces, apostrophes and hyphens"
            } else {
                "it has 1 to 150 characters of ISO 8859-1 that can be printed"
            };
            violations.push(Violation::new("name", form));
        }
        let trade_name_fits = |name: &String| {
            is_name_of_firm(name)
                && name.chars().count() <= TRADE_NAME_CHARS_MAX
                && !(at_our_edge && name.trim().is_empty())
        };
        match &self.trade_name {
            Some(_) if natural => violations.push(Violation::new("trade_name", "only legal persons have one")),
            Some(name) if !trade_name_fits(name) => violations
                .push(Violation::new("trade_name", "it has 1 to 100 characters of ISO 8859-1 that can be printed")),
            _ => {}
        }
        if violations.is_empty() { Ok(()) } else { Err(violations) }
    }
}

/// The most characters of a name (schema Person).
pub const NAME_CHARS_MAX: usize = 150;
/// The most characters of a trade name (schema Person).
pub const TRADE_NAME_CHARS_MAX: usize = 100;

/// `^([A-Za-zÀ-ÖØ-öø-ÿ' -]+)$`.
fn is_name_of_person(text: &str) -> bool {
    let letter = |c: char| c.is_ascii_alphabetic() || matches!(c, 'À'..='Ö' | 'Ø'..='ö' | 'ø'..='ÿ' | '\'' | ' ' | '-');
    !text.is_empty() && text.chars().all(letter)
}

/// `^[\u0020-\u007E\u00A1-\u00FF]+$`, and since DICT API 2.12 not of asterisks alone.
fn is_name_of_firm(text: &str) -> bool {
    let printed = |c: char| matches!(c, '\u{20}'..='\u{7e}' | '\u{a1}'..='\u{ff}');
    !text.is_empty() && text.chars().all(printed) && !text.chars().all(|c| c == '*')
}

/// Whether a given name is the one on the tax authority's record (Manual Operacional do DICT, 2.3). Case, accents and
/// the number of spaces do not count; every word does, in full and in order, and so do apostrophes and hyphens.
#[must_use]
pub fn same_name(rfb: &str, given: &str) -> bool {
    let folded = |name: &str| name.chars().filter(|c| !is_combining_mark(*c)).flat_map(fold).collect::<String>();
    let (rfb, given) = (folded(rfb), folded(given));
    !rfb.trim().is_empty() && rfb.split_whitespace().eq(given.split_whitespace())
}

/// The accents of a text that was taken apart (Unicode normal form D).
const fn is_combining_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

/// A letter in lower case and without its accent, for the letters that names may have.
fn fold(letter: char) -> impl Iterator<Item = char> {
    letter.to_lowercase().map(|c| match c {
        'à'..='å' => 'a',
        'ç' => 'c',
        'è'..='ë' => 'e',
        'ì'..='ï' => 'i',
        'ñ' => 'n',
        'ò'..='ö' | 'ø' => 'o',
        'ù'..='ü' => 'u',
        'ý' | 'ÿ' => 'y',
        other => other,
    })
}

#[cfg(test)]
#[path = "owner_tests.rs"]
mod tests;
