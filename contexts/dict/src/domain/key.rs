//! PIX keys: their five kinds and their form (DICT API 2.6.1, schema Key; Manual Operacional do DICT, section 1).

use std::fmt;

use super::tax_id;

/// The kind of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyType {
    /// CPF, eleven digits.
    Cpf,
    /// CNPJ, fourteen characters.
    Cnpj,
    /// Phone, E.164.
    Phone,
    /// E-mail, lower case.
    Email,
    /// Random, made by the directory.
    Evp,
}

impl KeyType {
    /// All, in the order of the directory's schema.
    pub const ALL: [KeyType; 5] = [KeyType::Cpf, KeyType::Cnpj, KeyType::Phone, KeyType::Email, KeyType::Evp];

    /// As in the directory, tables and metrics.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            KeyType::Cpf => "CPF",
            KeyType::Cnpj => "CNPJ",
            KeyType::Phone => "PHONE",
            KeyType::Email => "EMAIL",
            KeyType::Evp => "EVP",
        }
    }

    /// The kind of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }
}

/// The most characters of a key (schema Key).
pub const KEY_CHARS_MAX: usize = 77;

/// A key in the one form it is stored and compared in. Personal data: `Debug` masks it, and there is no `Display`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    key_type: KeyType,
    value: String,
}

/// Why a text is no key of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// It does not have the form that the directory asks for.
    #[error("it does not have the form of its kind")]
    Form,
    /// Its check digits are wrong.
    #[error("its check digits are wrong")]
    CheckDigits,
    /// It is longer than 77 characters.
    #[error("it is longer than 77 characters")]
    TooLong,
}

impl Key {
    /// A key in the form the directory's contract asks for, and no stricter: for look-ups, claims, and what the
    /// directory says. A CNPJ's letters are folded to capitals.
    ///
    /// # Errors
    /// If it has another form.
    pub fn parse(key_type: KeyType, value: &str) -> Result<Self, KeyError> {
        if value.chars().count() > KEY_CHARS_MAX {
            return Err(KeyError::TooLong);
        }
        let fits = match key_type {
            KeyType::Cpf => tax_id::is_cpf_form(value),
            // The directory's pattern takes letters in the last two places too; only check digits rule them out.
            KeyType::Cnpj => value.len() == 14 && value.bytes().all(|b| b.is_ascii_alphanumeric()),
            KeyType::Phone => is_phone(value),
            KeyType::Email => is_email(value),
            KeyType::Evp => is_evp(value),
        };
        let value = if key_type == KeyType::Cnpj { value.to_ascii_uppercase() } else { value.to_owned() };
        if fits { Ok(Self { key_type, value }) } else { Err(KeyError::Form) }
    }

    /// The same for keys that are to be registered here: check digits of CPF and CNPJ must be right.
    ///
    /// # Errors
    /// If its form or its check digits are wrong.
    pub fn parse_new(key_type: KeyType, value: &str) -> Result<Self, KeyError> {
        let key = Self::parse(key_type, value)?;
        if matches!(key_type, KeyType::Cpf | KeyType::Cnpj) && !tax_id::has_check_digits(&key.value) {
            return Err(KeyError::CheckDigits);
        }
        Ok(key)
    }

    /// The key that a text is by its form: no two kinds share one.
    #[must_use]
    pub fn infer(value: &str) -> Option<Self> {
        KeyType::ALL.into_iter().find_map(|key_type| Self::parse(key_type, value).ok())
    }

    /// Its kind.
    #[must_use]
    pub const fn key_type(&self) -> KeyType {
        self.key_type
    }

    /// Its text. Personal data.
    #[must_use]
    pub fn value(&self) -> &str {
        &self.value
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:***", self.key_type.name())
    }
}

/// `^\+[1-9]\d{1,14}$`, ASCII digits only: any country, as E.164 has it.
fn is_phone(text: &str) -> bool {
    text.strip_prefix('+').is_some_and(|digits| {
        (2..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()) && !digits.starts_with('0')
    })
}

/// The pattern of DICT API 2.6.1: lower case, without `%` and `&`; dots may stand anywhere before the `@`, and a domain
/// of one label will do.
fn is_email(text: &str) -> bool {
    let local = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b".!#$'*+/=?^_`{|}~-".contains(&b);
    text.split_once('@')
        .is_some_and(|(name, domain)| !name.is_empty() && name.bytes().all(local) && domain.split('.').all(is_label))
}

/// `[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?`.
fn is_label(text: &str) -> bool {
    (1..=63).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && !text.starts_with('-')
        && !text.ends_with('-')
}

/// A UUID in lower case, of any version.
fn is_evp(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, b)| match at {
            8 | 13 | 18 | 23 => b == b'-',
            _ => b.is_ascii_digit() || (b'a'..=b'f').contains(&b),
        })
}

#[cfg(test)]
#[path = "key_tests.rs"]
mod tests;
