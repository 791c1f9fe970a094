//! Messages of `proto/` to what the domain knows, and back.
//!
//! Reading never panics and never repeats a value: what is wrong comes back as [`Violation`]s that name the field by its
//! path in the message. Fields have the form that the directory's contract asks for and no stricter; what is stricter at
//! our own edge is asked of the domain by whoever stands there.

mod records;

use chrono::{DateTime, Utc};
use prost_types::Timestamp;
use proto::core;
use uuid::Uuid;

use crate::domain::account::{Account, AccountType};
use crate::domain::cid::{Cid, VSync};
use crate::domain::claim::{ClaimStatus, ClaimType, Side};
use crate::domain::ispb::Ispb;
use crate::domain::key::{Key, KeyError, KeyType};
use crate::domain::owner::{Owner, PersonType};
use crate::domain::reason::{ClaimReason, EntryReason};
use crate::domain::refusal::Violation;
use crate::domain::tax_id::{TaxId, TaxIdError};

pub use self::records::{
    cid_event_from_proto, cid_event_to_proto, claim_from_proto, claim_to_proto, core_entry_to_proto, entry_from_proto,
    entry_to_proto,
};

/// What was read, or every field that is wrong.
pub type Read<T> = Result<T, Vec<Violation>>;

/// The first and last moment that a `Timestamp` may say: the years 1 to 9999.
const SECONDS: std::ops::RangeInclusive<i64> = -62_135_596_800..=253_402_300_799;

/// Gathers what is wrong with a message, so that its sender hears of all of it at once.
#[derive(Debug, Default)]
pub struct Faults(Vec<Violation>);

impl Faults {
    /// What was read, or nothing and its faults kept.
    pub fn take<T>(&mut self, read: Read<T>) -> Option<T> {
        read.map_err(|mut violations| self.0.append(&mut violations)).ok()
    }

    /// One more fault.
    pub fn add(&mut self, property: &str, reason: &str) {
        self.0.push(Violation::new(property, reason));
    }

    /// The faults that were found.
    #[must_use]
    pub fn found(self) -> Vec<Violation> {
        self.0
    }

    /// `value` where there is no fault.
    ///
    /// # Errors
    /// The faults that were found.
    pub fn or<T>(self, value: T) -> Read<T> {
        if self.0.is_empty() { Ok(value) } else { Err(self.0) }
    }
}

fn wrong<T>(property: &str, reason: &str) -> Read<T> {
    Err(vec![Violation::new(property, reason)])
}

/// A field that must be there.
///
/// # Errors
/// If it is not.
pub fn required<T>(value: Option<T>, property: &str) -> Read<T> {
    value.map_or_else(|| wrong(property, "it is required"), Ok)
}

fn under(property: &str, field: &str) -> String {
    if property.is_empty() { field.to_owned() } else { format!("{property}.{field}") }
}

fn filled(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

/// Both ways between an enumeration of a contract and one of the domain. Unspecified is `None`, so that the caller says
/// what it stands for; a number that the contract does not know is a fault.
macro_rules! enumeration {
    ($what:literal, $message:path, $domain:path, $to:ident, $from:ident, $($theirs:ident = $ours:ident),+) => {
        #[doc = concat!("The contract's word for ", $what, ".")]
        #[must_use]
        pub const fn $to(value: $domain) -> $message {
            use $domain as Ours;
            use $message as Theirs;
            match value { $(Ours::$ours => Theirs::$theirs),+ }
        }

        #[doc = concat!("What a contract's number says of ", $what, "; none where it is unspecified.")]
        ///
        /// # Errors
        /// If the contract does not know the number.
        pub fn $from(number: i32, property: &str) -> Read<Option<$domain>> {
            use $domain as Ours;
            use $message as Theirs;
            match Theirs::try_from(number) {
                Ok(Theirs::Unspecified) => Ok(None),
                $(Ok(Theirs::$theirs) => Ok(Some(Ours::$ours)),)+
                Err(_) => wrong(property, "it is none of the values of the contract"),
            }
        }
    };
}

enumeration!(
    "the kind of a key",
    core::KeyType,
    KeyType,
    key_type_to_proto,
    key_type_from_proto,
    Cpf = Cpf,
    Cnpj = Cnpj,
    Phone = Phone,
    Email = Email,
    Evp = Evp
);
enumeration!(
    "the kind of an account",
    core::AccountType,
    AccountType,
    account_type_to_proto,
    account_type_from_proto,
    Cacc = Cacc,
    Tran = Tran,
    Slry = Slry,
    Svgs = Svgs,
    Othr = Othr
);
enumeration!(
    "what a person is",
    core::PersonType,
    PersonType,
    person_type_to_proto,
    person_type_from_proto,
    NaturalPerson = Natural,
    LegalPerson = Legal
);
enumeration!(
    "why an entry changes",
    core::EntryReason,
    EntryReason,
    entry_reason_to_proto,
    entry_reason_from_proto,
    UserRequested = UserRequested,
    AccountClosure = AccountClosure,
    BranchTransfer = BranchTransfer,
    Reconciliation = Reconciliation,
    Fraud = Fraud,
    RfbValidation = RfbValidation
);
enumeration!(
    "why a claim changes",
    core::ClaimReason,
    ClaimReason,
    claim_reason_to_proto,
    claim_reason_from_proto,
    UserRequested = UserRequested,
    AccountClosure = AccountClosure,
    DefaultOperation = DefaultOperation,
    Fraud = Fraud,
    Reconciliation = Reconciliation,
    RfbValidation = RfbValidation
);
enumeration!(
    "the kind of a claim",
    core::ClaimType,
    ClaimType,
    claim_type_to_proto,
    claim_type_from_proto,
    Ownership = Ownership,
    Portability = Portability
);
enumeration!(
    "where a claim stands",
    core::ClaimStatus,
    ClaimStatus,
    claim_status_to_proto,
    claim_status_from_proto,
    Open = Open,
    WaitingResolution = WaitingResolution,
    Confirmed = Confirmed,
    Cancelled = Cancelled,
    Completed = Completed
);
enumeration!(
    "a side of a claim",
    core::ClaimRole,
    Side,
    side_to_proto,
    side_from_proto,
    Donor = Donor,
    Claimer = Claimer
);

/// A moment as the contract has it; one that no `Timestamp` can say becomes the nearest.
#[must_use]
pub fn moment_to_proto(moment: DateTime<Utc>) -> Timestamp {
    // Below 10⁹ by its nature, but for leap seconds, which a Timestamp does not have.
    let nanos = i32::try_from(moment.timestamp_subsec_nanos()).unwrap_or_default().min(999_999_999);
    Timestamp { seconds: moment.timestamp().clamp(*SECONDS.start(), *SECONDS.end()), nanos }
}

/// A moment that must be there.
///
/// # Errors
/// If it is not, or is outside of the years 1 to 9999.
pub fn moment_from_proto(moment: Option<&Timestamp>, property: &str) -> Read<DateTime<Utc>> {
    required(optional_moment_from_proto(moment, property)?, property)
}

/// A moment that may be there.
///
/// # Errors
/// If it is outside of the years 1 to 9999.
pub fn optional_moment_from_proto(moment: Option<&Timestamp>, property: &str) -> Read<Option<DateTime<Utc>>> {
    let Some(moment) = moment else { return Ok(None) };
    let nanos = u32::try_from(moment.nanos).ok().filter(|&nanos| nanos < 1_000_000_000);
    match nanos.and_then(|nanos| DateTime::from_timestamp(moment.seconds, nanos)) {
        Some(read) if SECONDS.contains(&moment.seconds) => Ok(Some(read)),
        _ => wrong(property, "it is no moment of the years 1 to 9999"),
    }
}

/// An institution.
///
/// # Errors
/// If the text is no ISPB.
pub fn ispb_from_proto(text: &str, property: &str) -> Read<Ispb> {
    text.parse().or_else(|_| wrong(property, "an ISPB has eight characters, digits or letters"))
}

/// An id or RequestId, in the one form with hyphens.
///
/// # Errors
/// If the text is no UUID of 36 characters.
pub fn uuid_from_proto(text: &str, property: &str) -> Read<Uuid> {
    let parsed = if text.len() == 36 { Uuid::try_parse(text).ok() } else { None };
    parsed.map_or_else(|| wrong(property, "a UUID has 36 characters: 32 hexadecimal digits and four hyphens"), Ok)
}

/// A CPF or CNPJ by its form.
///
/// # Errors
/// If it has neither form.
pub fn tax_id_from_proto(text: &str, property: &str) -> Read<TaxId> {
    TaxId::parse(text).or_else(|error: TaxIdError| wrong(property, &error.to_string()))
}

/// A key as the contract has it.
#[must_use]
pub fn key_to_proto(key: &Key) -> core::Key {
    core::Key { r#type: key_type_to_proto(key.key_type()).into(), value: key.value().to_owned() }
}

fn key_by<F>(key: Option<&core::Key>, property: &str, parse: F) -> Read<Key>
where
    F: FnOnce(KeyType, &str) -> Result<Key, KeyError>,
{
    let key = required(key, property)?;
    let field = under(property, "type");
    let key_type = required(key_type_from_proto(key.r#type, &field)?, &field)?;
    parse(key_type, &key.value).or_else(|error| wrong(&under(property, "value"), &error.to_string()))
}

/// A key, in the form that look-ups and the directory take.
///
/// # Errors
/// If it is missing, has no kind, or not the form of its kind.
pub fn key_from_proto(key: Option<&core::Key>, property: &str) -> Read<Key> {
    key_by(key, property, Key::parse)
}

/// A key that is to be registered at our edge: its check digits must be right too.
///
/// # Errors
/// As [`key_from_proto`], and if its check digits are wrong.
pub fn new_key_from_proto(key: Option<&core::Key>, property: &str) -> Read<Key> {
    key_by(key, property, Key::parse_new)
}

/// A key whose kind, where it is not said, is read off its value.
///
/// # Errors
/// As [`key_from_proto`], and if no kind has that form.
pub fn inferred_key_from_proto(key: Option<&core::Key>, property: &str) -> Read<Key> {
    match key {
        Some(key) if key.r#type == i32::from(core::KeyType::Unspecified) => {
            let inferred = Key::infer(&key.value);
            inferred.map_or_else(|| wrong(&under(property, "value"), "no kind of key has this form"), Ok)
        }
        key => key_from_proto(key, property),
    }
}

/// An account as the contract has it.
#[must_use]
pub fn account_to_proto(account: &Account) -> core::Account {
    core::Account {
        participant: account.participant.to_string(),
        branch: account.branch.clone().unwrap_or_default(),
        number: account.number.clone(),
        r#type: account_type_to_proto(account.account_type).into(),
        opened_at: Some(moment_to_proto(account.opened_at)),
    }
}

/// An account. An empty branch is none.
///
/// # Errors
/// If it is missing, or a field of it.
pub fn account_from_proto(account: Option<&core::Account>, property: &str) -> Read<Account> {
    let account = required(account, property)?;
    let mut faults = Faults::default();
    let participant = faults.take(ispb_from_proto(&account.participant, &under(property, "participant")));
    let field = under(property, "type");
    let read = account_type_from_proto(account.r#type, &field).and_then(|it| required(it, &field));
    let account_type = faults.take(read);
    let opened_at = faults.take(moment_from_proto(account.opened_at.as_ref(), &under(property, "opened_at")));
    let (Some(participant), Some(account_type), Some(opened_at)) = (participant, account_type, opened_at) else {
        return Err(faults.found());
    };
    let branch = filled(&account.branch);
    Ok(Account { participant, branch, number: account.number.clone(), account_type, opened_at })
}

/// An owner as the contract has it.
#[must_use]
pub fn owner_to_proto(owner: &Owner) -> core::Owner {
    core::Owner {
        r#type: person_type_to_proto(owner.person_type()).into(),
        tax_id: owner.tax_id.as_str().to_owned(),
        name: owner.name.clone(),
        trade_name: owner.trade_name.clone().unwrap_or_default(),
    }
}

/// An owner. An empty trade name is none.
///
/// # Errors
/// If it is missing, or its tax id is not that of such a person.
pub fn owner_from_proto(owner: Option<&core::Owner>, property: &str) -> Read<Owner> {
    let owner = required(owner, property)?;
    let mut faults = Faults::default();
    let field = under(property, "type");
    let read = person_type_from_proto(owner.r#type, &field).and_then(|it| required(it, &field));
    let person_type = faults.take(read);
    let tax_id = faults.take(tax_id_from_proto(&owner.tax_id, &under(property, "tax_id")));
    let (Some(person_type), Some(tax_id)) = (person_type, tax_id) else { return Err(faults.found()) };
    let read = Owner { tax_id, name: owner.name.clone(), trade_name: filled(&owner.trade_name) };
    if read.person_type() != person_type {
        return wrong(&field, "a natural person has a CPF, a legal person a CNPJ");
    }
    Ok(read)
}

/// A content identifier.
///
/// # Errors
/// If the text is none.
pub fn cid_from_proto(text: &str, property: &str) -> Read<Cid> {
    Cid::from_hex(text).map_or_else(|| wrong(property, "a CID has 64 hexadecimal digits"), Ok)
}

/// A verifier.
///
/// # Errors
/// If the text is none.
pub fn vsync_from_proto(text: &str, property: &str) -> Read<VSync> {
    VSync::from_hex(text).map_or_else(|| wrong(property, "a verifier has 64 hexadecimal digits"), Ok)
}

#[cfg(test)]
mod tests;
