//! Content identifiers and their XOR, by which two bases are compared (DICT API 2.6.1, tag Reconciliation; Manual
//! Operacional do DICT, section 9).

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use uuid::Uuid;

use super::entry::Entry;

/// The content identifier of an entry: HMAC-SHA256 of its attributes under its RequestId.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cid(pub [u8; 32]);

/// The verifier of a set of entries: the XOR of their identifiers; zeros for none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct VSync(pub [u8; 32]);

/// What a CID is made of, as the directory has it: nothing is checked, since the directory's own examples break its own
/// rules. When an account was opened is not part of it, nor what person its owner is.
#[derive(Clone, Copy)]
pub struct CidAttributes<'a> {
    /// CPF, CNPJ, PHONE, EMAIL or EVP.
    pub key_type: &'a str,
    /// The key.
    pub key: &'a str,
    /// The owner's CPF or CNPJ.
    pub tax_id: &'a str,
    /// The owner's name.
    pub name: &'a str,
    /// The owner's trade name; empty for none.
    pub trade_name: &'a str,
    /// ISPB of the institution.
    pub participant: &'a str,
    /// Branch; empty for none.
    pub branch: &'a str,
    /// Account number.
    pub account_number: &'a str,
    /// CACC, TRAN, SLRY, SVGS or OTHR.
    pub account_type: &'a str,
}

impl Cid {
    /// The CID of an entry.
    #[must_use]
    pub fn of(entry: &Entry) -> Self {
        let attributes = CidAttributes {
            key_type: entry.key.key_type().name(),
            key: entry.key.value(),
            tax_id: entry.owner.tax_id.as_str(),
            name: &entry.owner.name,
            trade_name: entry.owner.trade_name.as_deref().unwrap_or_default(),
            participant: entry.account.participant.as_str(),
            branch: entry.account.branch.as_deref().unwrap_or_default(),
            account_number: &entry.account.number,
            account_type: entry.account.account_type.name(),
        };
        Self::compute(&attributes, entry.request_id)
    }

    /// HMAC-SHA256 of the attributes, joined by `&`, under the sixteen bytes of the RequestId.
    #[must_use]
    pub fn compute(attributes: &CidAttributes<'_>, request_id: Uuid) -> Self {
        let CidAttributes {
            key_type,
            key,
            tax_id,
            name,
            trade_name,
            participant,
            branch,
            account_number,
            account_type,
        } = *attributes;
        let joined =
            [key_type, key, tax_id, name, trade_name, participant, branch, account_number, account_type].join("&");
        let mut mac = match Hmac::<Sha256>::new_from_slice(request_id.as_bytes()) {
            Ok(mac) => mac,
            // HMAC takes keys of every length.
            Err(_) => unreachable!("HMAC takes any key"),
        };
        mac.update(joined.as_bytes());
        Self(mac.finalize().into_bytes().into())
    }

    /// Reads 64 hexadecimal digits, of either case as the directory's schema has it.
    #[must_use]
    pub fn from_hex(text: &str) -> Option<Self> {
        from_hex(text).map(Self)
    }
}

impl VSync {
    /// Adds a CID to the set, or takes it away: both are the same XOR.
    pub fn add(&mut self, cid: Cid) {
        for (mine, theirs) in self.0.iter_mut().zip(cid.0) {
            *mine ^= theirs;
        }
    }

    /// Reads 64 hexadecimal digits, of either case.
    #[must_use]
    pub fn from_hex(text: &str) -> Option<Self> {
        from_hex(text).map(Self)
    }
}

impl FromIterator<Cid> for VSync {
    fn from_iter<I: IntoIterator<Item = Cid>>(cids: I) -> Self {
        let mut vsync = Self::default();
        cids.into_iter().for_each(|cid| vsync.add(cid));
        vsync
    }
}

impl fmt::Display for Cid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Display for VSync {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

fn from_hex(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if pairs.len() != bytes.len() || !rest.is_empty() {
        return None;
    }
    for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
        let digit = |b: u8| char::from(b).to_digit(16).and_then(|value| u8::try_from(value).ok());
        *byte = digit(*high)? << 4 | digit(*low)?;
    }
    Some(bytes)
}

#[cfg(test)]
#[path = "cid_tests.rs"]
mod tests;
