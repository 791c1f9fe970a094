//! ISPB: the number of a participant of the payment system.

use std::fmt;
use std::str::FromStr;

/// Eight characters, digits and capital letters (DICT API 2.12: `^(?i)[a-z0-9]{8}`), never a number: leading zeros and
/// letters count. Not personal data.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ispb([u8; 8]);

/// A text that is no ISPB.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an ISPB has eight characters, digits or letters")]
pub struct NotAnIspb;

impl Ispb {
    /// As text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl FromStr for Ispb {
    type Err = NotAnIspb;

    fn from_str(text: &str) -> Result<Self, NotAnIspb> {
        let bytes: [u8; 8] = text.as_bytes().try_into().map_err(|_| NotAnIspb)?;
        if bytes.iter().all(u8::is_ascii_alphanumeric) {
            Ok(Self(bytes.map(|b| b.to_ascii_uppercase())))
        } else {
            Err(NotAnIspb)
        }
    }
}

impl fmt::Display for Ispb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Ispb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
#[path = "ispb_tests.rs"]
mod tests;
