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
        if is_cpf_form(text) || is_cnpj_form(text) {
            Ok(Self(text.to_ascii_uppercase()))
        } else {
            Err(TaxIdError::Form)
        }
    }

    /// The same with check digits, at our edge.
    ///
    /// # Errors
    /// If form or check digits are wrong.
    pub fn parse_new(text: &str) -> Result<Self, TaxIdError> {
        let tax_id = Self::parse(text)?;
        if has_check_digits(&tax_id.0) { Ok(tax_id) } else { Err(TaxIdError::CheckDigits) }
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
        if self.is_cpf() { format!("***.{}.{}-**", &self.0[3..6], &self.0[6..9]) } else { self.0.clone() }
    }
}

impl fmt::Debug for TaxId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// `^[0-9]{11}$`.
pub(super) fn is_cpf_form(text: &str) -> bool {
    text.len() == 11 && text.bytes().all(|b| b.is_ascii_digit())
}

/// Twelve digits or letters and two digits (IN RFB 2.229/2024).
fn is_cnpj_form(text: &str) -> bool {
    text.len() == 14
        && text.bytes().all(|b| b.is_ascii_alphanumeric())
        && text.bytes().skip(12).all(|b| b.is_ascii_digit())
}

/// Whether the last two digits of a CPF or (in capitals) a CNPJ follow from the others, modulo 11. Texts of one
/// character throughout pass the sum and are refused: nobody has them.
pub(super) fn has_check_digits(text: &str) -> bool {
    let values: Vec<u32> = text.bytes().map(|b| u32::from(b.wrapping_sub(b'0'))).collect();
    let Some((base, given)) = values.split_last_chunk::<2>() else { return false };
    // From the right, weights grow from 2: without end in a CPF, to 9 and over again in a CNPJ.
    let weights = if text.len() == 11 { 2..=11 } else { 2..=9 };
    let digit = |digits: &[u32]| {
        let sum: u32 = digits.iter().rev().zip(weights.clone().cycle()).map(|(value, weight)| value * weight).sum();
        if sum % 11 < 2 { 0 } else { 11 - sum % 11 }
    };
    let first = digit(base);
    let second = digit(&[base, &[first]].concat());
    *given == [first, second] && values.iter().any(|value| *value != values[0])
}

#[cfg(test)]
#[path = "tax_id_tests.rs"]
mod tests;
