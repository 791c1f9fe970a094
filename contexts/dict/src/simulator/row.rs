//! Entries as the simulator keeps them: one allocation each, so that millions fit into memory.

use chrono::{DateTime, SubsecRound, Utc};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::domain::account::{Account, AccountType};
use crate::domain::entry::Entry;
use crate::domain::ispb::Ispb;
use crate::domain::key::{Key, KeyType};
use crate::domain::owner::Owner;
use crate::domain::tax_id::TaxId;

/// Half of the SHA-256 of a text: nobody finds two texts with the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct TextId([u8; 16]);

impl TextId {
    pub fn of(parts: &[&str]) -> Self {
        let mut hash = Sha256::new();
        for part in parts {
            hash.update(part.as_bytes());
            // No text has it, so that no two lists of parts run into the same.
            hash.update([0xff]);
        }
        let mut half = [0; 16];
        half.copy_from_slice(&hash.finalize()[..16]);
        Self(half)
    }

    pub fn of_key(key: &Key) -> Self {
        Self::of(&[key.key_type().name(), key.value()])
    }

    /// Identity of an account: institution, branch, number and type (Manual Operacional do DICT, section 1).
    pub fn of_account(account: &Account) -> Self {
        let branch = account.branch.as_deref().unwrap_or_default();
        Self::of(&[account.participant.as_str(), branch, &account.number, account.account_type.name()])
    }
}

/// An entry, packed.
#[derive(Clone)]
pub(super) struct Row {
    /// Key, tax id, name, trade name, branch and account number, one after the other.
    texts: Box<str>,
    /// Where the first five end.
    ends: [u16; 5],
    participant: Ispb,
    key_type: KeyType,
    account_type: AccountType,
    opened_at_us: i64,
    created_at_us: i64,
    owned_since_us: i64,
    request_id: Uuid,
    blocked: bool,
    /// For fraud.
    pub restricted: bool,
}

/// Moments are kept to the microsecond, as PostgreSQL keeps them.
pub(super) fn to_microseconds(moment: DateTime<Utc>) -> DateTime<Utc> {
    moment.trunc_subsecs(6)
}

impl Row {
    /// None where the texts are longer than any entry's.
    pub fn pack(entry: &Entry, restricted: bool) -> Option<Self> {
        let Entry { key, account, owner, .. } = entry;
        let trade_name = owner.trade_name.as_deref().unwrap_or_default();
        let branch = account.branch.as_deref().unwrap_or_default();
        let parts = [key.value(), owner.tax_id.as_str(), &owner.name, trade_name, branch, &account.number];
        let mut texts = String::with_capacity(parts.iter().map(|part| part.len()).sum());
        let mut ends = [0; 5];
        for (index, part) in parts.into_iter().enumerate() {
            texts.push_str(part);
            if let Some(end) = ends.get_mut(index) {
                *end = u16::try_from(texts.len()).ok()?;
            }
        }
        Some(Self {
            texts: texts.into_boxed_str(),
            ends,
            participant: account.participant,
            key_type: key.key_type(),
            account_type: account.account_type,
            opened_at_us: account.opened_at.timestamp_micros(),
            created_at_us: entry.created_at.timestamp_micros(),
            owned_since_us: entry.key_owned_since.timestamp_micros(),
            request_id: entry.request_id,
            blocked: entry.blocked,
            restricted,
        })
    }

    /// The entry, its claim unknown. None only if the row is not what was packed.
    pub fn entry(&self) -> Option<Entry> {
        let text = |index: usize| {
            let begin = index.checked_sub(1).map_or(0, |before| usize::from(self.ends[before]));
            let end = self.ends.get(index).map_or(self.texts.len(), |&end| usize::from(end));
            self.texts.get(begin..end)
        };
        let filled = |index| text(index).map(|text| (!text.is_empty()).then(|| text.to_owned()));
        Some(Entry {
            key: Key::parse(self.key_type, text(0)?).ok()?,
            account: Account {
                participant: self.participant,
                branch: filled(4)?,
                number: text(5)?.to_owned(),
                account_type: self.account_type,
                opened_at: DateTime::from_timestamp_micros(self.opened_at_us)?,
            },
            owner: Owner { tax_id: TaxId::parse(text(1)?).ok()?, name: text(2)?.to_owned(), trade_name: filled(3)? },
            created_at: DateTime::from_timestamp_micros(self.created_at_us)?,
            key_owned_since: DateTime::from_timestamp_micros(self.owned_since_us)?,
            open_claim_created_at: None,
            request_id: self.request_id,
            blocked: self.blocked,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_gives_back_what_was_packed() {
        let moment = DateTime::from_timestamp_micros(1_763_640_000_123_456).unwrap();
        let account = Account {
            participant: "1234567A".parse().unwrap(),
            branch: None,
            number: "7654321".to_owned(),
            account_type: AccountType::Othr,
            opened_at: moment,
        };
        let owner = Owner {
            tax_id: TaxId::parse("12ABC34501DE35").unwrap(),
            name: "João & Irmãos".to_owned(),
            trade_name: Some("Ção".to_owned()),
        };
        let mut entry = Entry {
            key: Key::parse(KeyType::Email, "a..b@localhost").unwrap(),
            account,
            owner,
            created_at: moment,
            key_owned_since: moment,
            open_claim_created_at: None,
            request_id: Uuid::from_u128(7),
            blocked: true,
        };
        assert!(Row::pack(&entry, false).unwrap().entry() == Some(entry.clone()));
        (entry.account.branch, entry.owner.trade_name) = (Some("0001".to_owned()), None);
        assert!(Row::pack(&entry, true).unwrap().entry() == Some(entry.clone()));
        entry.owner.name = "x".repeat(70_000);
        assert!(Row::pack(&entry, false).is_none());
    }

    #[test]
    fn parts_do_not_run_together() {
        assert_ne!(TextId::of(&["ab", "c"]), TextId::of(&["a", "bc"]));
    }
}
