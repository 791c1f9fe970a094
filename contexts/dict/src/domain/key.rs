//! PIX keys: their five kinds and their form (DICT API 2.6.1, schema Key; Manual Operacional do DICT, section 1).

use std::fmt;

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

/// A key in the one form it is stored and compared in. Personal data: `Debug` and `Display` mask it.
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
        if value.len() > 77 {
            return Err(KeyError::TooLong);
        }
        Ok(Self { key_type, value: value.to_owned() })
    }

    /// The same for keys that are to be registered here: check digits of CPF and CNPJ must be right.
    ///
    /// # Errors
    /// If its form or its check digits are wrong.
    pub fn parse_new(key_type: KeyType, value: &str) -> Result<Self, KeyError> {
        Self::parse(key_type, value)
    }

    /// The kind that a text has by its form, where exactly one fits (an eleven-digit text is a CPF).
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
