//! A registered key (DICT API 2.6.1, schema ExtendedEntry).

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::account::Account;
use super::ispb::Ispb;
use super::key::{Key, KeyType};
use super::owner::{Owner, PersonType};
use super::reason::{EntryOperation, EntryReason};
use super::refusal::{Refusal, RefusalKind, Violation};
use super::tax_id::TaxId;

/// A registered key and where it leads. Personal data, so it has no `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Entry {
    /// The key.
    pub key: Key,
    /// Where it leads.
    pub account: Account,
    /// Whose it is.
    pub owner: Owner,
    /// When this entry came to be.
    pub created_at: DateTime<Utc>,
    /// Since when its owner has it without interruption: kept by portability, begun anew by an ownership claim.
    pub key_owned_since: DateTime<Utc>,
    /// When its claim was opened, while one is open.
    pub open_claim_created_at: Option<DateTime<Utc>>,
    /// The RequestId it was made with: the HMAC key of its CID.
    pub request_id: Uuid,
    /// Blocked by a court (Manual Operacional do DICT, 1.1).
    pub blocked: bool,
}

/// Whether what is to be registered holds by itself (DICT API 2.6.1, createEntry). `key` is none for EVP, which the
/// directory makes; `at_our_edge` check digits count too.
///
/// # Errors
/// InvalidReason, EntryInvalid with its fields, or EntryTaxIdNumberByDifferentOwner.
pub fn check_new(
    key_type: KeyType,
    key: Option<&Key>,
    account: &Account,
    owner: &Owner,
    reason: EntryReason,
    at_our_edge: bool,
) -> Result<(), Refusal> {
    reason.fits(EntryOperation::Create, key_type)?;
    let mut violations = Vec::new();
    match key {
        None if key_type != KeyType::Evp => violations.push(Violation::new("key", "it is missing")),
        Some(_) if key_type == KeyType::Evp => {
            violations.push(Violation::new("key", "the directory makes random keys"))
        }
        Some(key) if key.key_type() != key_type => violations.push(Violation::new("key", "it is of another kind")),
        _ => {}
    }
    violations.extend(wrong_fields("account", account.check()));
    violations.extend(wrong_fields("owner", owner.check(at_our_edge)));
    if !violations.is_empty() {
        return Err(Refusal { violations, ..RefusalKind::EntryInvalid.into() });
    }
    let is_tax_id = matches!(key_type, KeyType::Cpf | KeyType::Cnpj);
    if is_tax_id && key.is_some_and(|key| key.value() != owner.tax_id.as_str()) {
        return Err(RefusalKind::EntryTaxIdNumberByDifferentOwner.into());
    }
    Ok(())
}

pub(super) fn wrong_fields(parent: &str, checked: Result<(), Vec<Violation>>) -> impl Iterator<Item = Violation> {
    checked.err().unwrap_or_default().into_iter().map(move |violation| violation.under(parent))
}

/// Whether one more key fits an account (Manual Operacional do DICT, section 1): all kinds of keys count together, and
/// the person is the one whose account it is, however many hold it.
///
/// # Errors
/// EntryLimitExceeded.
pub fn check_limit(keys_of_account: u32, person: PersonType) -> Result<(), Refusal> {
    if keys_of_account < person.keys_per_account_max() { Ok(()) } else { Err(RefusalKind::EntryLimitExceeded.into()) }
}

/// Why a key that is registered cannot be registered again: which way is left depends on who has it.
#[must_use]
pub const fn registered_already(same_participant: bool, same_owner: bool) -> RefusalKind {
    match (same_participant, same_owner) {
        (true, true) => RefusalKind::EntryAlreadyExists,
        (false, true) => RefusalKind::EntryKeyInCustodyOfDifferentParticipant,
        (_, false) => RefusalKind::EntryKeyOwnedByDifferentPerson,
    }
}

/// Whether a key is free to be registered: nobody has it, and no claim of it is open (between confirmation and
/// completion nobody has it and it is not free).
///
/// # Errors
/// As [`registered_already`] says, or EntryLockedByClaim.
pub fn check_free(existing: Option<&Entry>, participant: Ispb, owner: &TaxId, open_claim: bool) -> Result<(), Refusal> {
    match existing {
        Some(it) => Err(registered_already(it.account.participant == participant, it.owner.tax_id == *owner).into()),
        None if open_claim => Err(RefusalKind::EntryLockedByClaim.into()),
        None => Ok(()),
    }
}

/// The entry, if `participant` holds it and may change it.
fn of_custodian(existing: Option<&Entry>, participant: Ispb) -> Result<&Entry, Refusal> {
    let entry = existing.ok_or(RefusalKind::NotFound)?;
    if entry.account.participant != participant {
        return Err(RefusalKind::Forbidden.into());
    }
    if entry.blocked { Err(RefusalKind::EntryBlocked.into()) } else { Ok(entry) }
}

/// The entry as updateEntry makes it: account data and names change, institution, person and key stay. While a claim
/// waits for the donor it may still be changed (Manual Operacional do DICT, footnotes 4 and 5).
///
/// # Errors
/// NotFound, Forbidden to others than the custodian, EntryBlocked, InvalidReason, or EntryInvalid with its fields.
pub fn updated(
    existing: Option<&Entry>,
    account: &Account,
    name: &str,
    trade_name: Option<&str>,
    reason: EntryReason,
) -> Result<Entry, Refusal> {
    let entry = of_custodian(existing, account.participant)?;
    reason.fits(EntryOperation::Update, entry.key.key_type())?;
    let owner =
        Owner { tax_id: entry.owner.tax_id.clone(), name: name.to_owned(), trade_name: trade_name.map(str::to_owned) };
    let violations: Vec<_> =
        wrong_fields("account", account.check()).chain(wrong_fields("owner", owner.check(false))).collect();
    if !violations.is_empty() {
        return Err(Refusal { violations, ..RefusalKind::EntryInvalid.into() });
    }
    Ok(Entry { account: account.clone(), owner, ..entry.clone() })
}

/// Whether an entry may be deleted. `requester` is who asks at our edge (Manual Operacional do DICT, 4.2, step 8); the
/// directory is not told.
///
/// # Errors
/// InvalidReason, NotFound, Forbidden to others than the custodian and, where the user asks, the owner, EntryBlocked, or
/// EntryLockedByClaim.
pub fn check_delete(
    existing: Option<&Entry>,
    participant: Ispb,
    reason: EntryReason,
    requester: Option<&TaxId>,
    open_claim: bool,
) -> Result<(), Refusal> {
    let entry = of_custodian(existing, participant)?;
    reason.fits(EntryOperation::Delete, entry.key.key_type())?;
    if reason == EntryReason::UserRequested && requester.is_some_and(|requester| *requester != entry.owner.tax_id) {
        return Err(RefusalKind::Forbidden.into());
    }
    if open_claim { Err(RefusalKind::EntryLockedByClaim.into()) } else { Ok(()) }
}

/// Whether the directory may answer `participant`'s look-up of a key.
///
/// # Errors
/// NotFound, EntryBlocked, or EntryCannotBeQueriedForBookTransfer where the asker has the key itself.
pub fn check_lookup(existing: Option<&Entry>, participant: Ispb) -> Result<(), Refusal> {
    let entry = existing.ok_or(RefusalKind::NotFound)?;
    if entry.blocked {
        return Err(RefusalKind::EntryBlocked.into());
    }
    if entry.account.participant == participant {
        return Err(RefusalKind::EntryCannotBeQueriedForBookTransfer.into());
    }
    Ok(())
}

#[cfg(test)]
#[path = "entry_tests.rs"]
mod tests;
