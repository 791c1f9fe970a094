//! Owners of accounts and keys (DICT API 2.6.1, schema Owner).

use super::tax_id::TaxId;

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
}
