//! Messages of `proto/` to what the domain knows, and back.
//!
//! Reading never panics and never repeats a value: what is wrong comes back as [`Violation`]s that name the field by its
//! path in the message. Fields have the form that the directory's contract asks for and no stricter; what is stricter at
//! our own edge is asked of the domain by whoever stands there.

use chrono::{DateTime, Utc};
use prost_types::Timestamp;
use proto::{connect, core};
use uuid::Uuid;

use crate::directory::CidEvent;
use crate::domain::account::{Account, AccountType};
use crate::domain::cid::Cid;
use crate::domain::claim::{Claim, ClaimStatus, ClaimType, Side};
use crate::domain::entry::Entry;
use crate::domain::ispb::Ispb;
use crate::domain::key::{Key, KeyError, KeyType};
use crate::domain::owner::{Owner, PersonType};
use crate::domain::reason::{ClaimReason, EntryReason};
use crate::domain::refusal::Violation;
use crate::domain::tax_id::{TaxId, TaxIdError};

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

/// A moment as the contract has it.
#[must_use]
pub fn moment_to_proto(moment: DateTime<Utc>) -> Timestamp {
    // Below 10⁹ by its nature, but for leap seconds, which a Timestamp does not have.
    let nanos = i32::try_from(moment.timestamp_subsec_nanos()).unwrap_or_default().min(999_999_999);
    Timestamp { seconds: moment.timestamp(), nanos }
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

/// An entry as Connect has it.
#[must_use]
pub fn entry_to_proto(entry: &Entry) -> connect::Entry {
    connect::Entry {
        key: Some(key_to_proto(&entry.key)),
        account: Some(account_to_proto(&entry.account)),
        owner: Some(owner_to_proto(&entry.owner)),
        created_at: Some(moment_to_proto(entry.created_at)),
        key_owned_since: Some(moment_to_proto(entry.key_owned_since)),
        open_claim_created_at: entry.open_claim_created_at.map(moment_to_proto),
        request_id: entry.request_id.to_string(),
        blocked: entry.blocked,
    }
}

/// An entry of Connect.
///
/// # Errors
/// If it is missing, or a field of it is wrong.
pub fn entry_from_proto(entry: Option<&connect::Entry>, property: &str) -> Read<Entry> {
    let entry = required(entry, property)?;
    let mut faults = Faults::default();
    let at = |field| under(property, field);
    let key = faults.take(key_from_proto(entry.key.as_ref(), &at("key")));
    let account = faults.take(account_from_proto(entry.account.as_ref(), &at("account")));
    let owner = faults.take(owner_from_proto(entry.owner.as_ref(), &at("owner")));
    let created_at = faults.take(moment_from_proto(entry.created_at.as_ref(), &at("created_at")));
    let owned_since = faults.take(moment_from_proto(entry.key_owned_since.as_ref(), &at("key_owned_since")));
    let claimed = entry.open_claim_created_at.as_ref();
    let claimed = faults.take(optional_moment_from_proto(claimed, &at("open_claim_created_at")));
    let request_id = faults.take(uuid_from_proto(&entry.request_id, &at("request_id")));
    let (Some(key), Some(account), Some(owner), Some(created_at), Some(key_owned_since)) =
        (key, account, owner, created_at, owned_since)
    else {
        return Err(faults.found());
    };
    let (Some(open_claim_created_at), Some(request_id)) = (claimed, request_id) else { return Err(faults.found()) };
    let blocked = entry.blocked;
    Ok(Entry { key, account, owner, created_at, key_owned_since, open_claim_created_at, request_id, blocked })
}

/// An entry as our own callers see it.
#[must_use]
pub fn core_entry_to_proto(entry: &Entry, status: core::EntryStatus, cid: Option<Cid>) -> core::Entry {
    core::Entry {
        key: Some(key_to_proto(&entry.key)),
        account: Some(account_to_proto(&entry.account)),
        owner: Some(owner_to_proto(&entry.owner)),
        status: status.into(),
        created_at: Some(moment_to_proto(entry.created_at)),
        key_owned_since: Some(moment_to_proto(entry.key_owned_since)),
        open_claim_created_at: entry.open_claim_created_at.map(moment_to_proto),
        cid: cid.map(|cid| cid.to_string()).unwrap_or_default(),
    }
}

/// A content identifier.
///
/// # Errors
/// If the text is none.
pub fn cid_from_proto(text: &str, property: &str) -> Read<Cid> {
    Cid::from_hex(text).map_or_else(|| wrong(property, "a CID has 64 hexadecimal digits"), Ok)
}

/// A CID that came or went, as the contract has it.
#[must_use]
pub fn cid_event_to_proto(event: &CidEvent) -> core::CidEvent {
    let kind = if event.added { core::cid_event::Kind::Added } else { core::cid_event::Kind::Removed };
    let occurred_at = Some(moment_to_proto(event.occurred_at));
    core::CidEvent { kind: kind.into(), cid: event.cid.to_string(), occurred_at }
}

/// A CID that came or went.
///
/// # Errors
/// If a field of it is wrong.
pub fn cid_event_from_proto(event: &core::CidEvent, property: &str) -> Read<CidEvent> {
    let added = match event.kind() {
        core::cid_event::Kind::Added => true,
        core::cid_event::Kind::Removed => false,
        core::cid_event::Kind::Unspecified => return wrong(&under(property, "kind"), "it is required"),
    };
    let cid = cid_from_proto(&event.cid, &under(property, "cid"))?;
    let occurred_at = moment_from_proto(event.occurred_at.as_ref(), &under(property, "occurred_at"))?;
    Ok(CidEvent { added, cid, occurred_at })
}

/// A claim as the contract has it. `roles` is what the one who asks is in it.
#[must_use]
pub fn claim_to_proto(claim: &Claim, roles: &[Side]) -> core::Claim {
    let reason = |reason: Option<ClaimReason>| reason.map(claim_reason_to_proto).unwrap_or_default().into();
    core::Claim {
        id: claim.id.to_string(),
        r#type: claim_type_to_proto(claim.claim_type).into(),
        key: Some(key_to_proto(&claim.key)),
        status: claim_status_to_proto(claim.status).into(),
        donor_participant: claim.donor_participant.to_string(),
        claimer: Some(owner_to_proto(&claim.claimer)),
        claimer_account: Some(account_to_proto(&claim.claimer_account)),
        opened_at: Some(moment_to_proto(claim.opened_at)),
        resolution_period_end: Some(moment_to_proto(claim.resolution_period_end)),
        completion_period_end: claim.completion_period_end.map(moment_to_proto),
        last_modified: Some(moment_to_proto(claim.last_modified)),
        confirm_reason: reason(claim.confirm_reason),
        cancel_reason: reason(claim.cancel_reason),
        cancelled_by: claim.cancelled_by.map(side_to_proto).unwrap_or_default().into(),
        roles: roles.iter().map(|&side| side_to_proto(side).into()).collect(),
    }
}

/// A claim, as the directory says it; `roles` is not looked at.
///
/// # Errors
/// If it is missing, or a field of it is wrong.
pub fn claim_from_proto(claim: Option<&core::Claim>, property: &str) -> Read<Claim> {
    let claim = required(claim, property)?;
    let mut faults = Faults::default();
    let at = |field| under(property, field);
    let id = faults.take(uuid_from_proto(&claim.id, &at("id")));
    let claim_type = claim_type_from_proto(claim.r#type, &at("type")).and_then(|it| required(it, &at("type")));
    let status = claim_status_from_proto(claim.status, &at("status")).and_then(|it| required(it, &at("status")));
    let (claim_type, status) = (faults.take(claim_type), faults.take(status));
    let key = faults.take(key_from_proto(claim.key.as_ref(), &at("key")));
    let donor = faults.take(ispb_from_proto(&claim.donor_participant, &at("donor_participant")));
    let claimer = faults.take(owner_from_proto(claim.claimer.as_ref(), &at("claimer")));
    let account = faults.take(account_from_proto(claim.claimer_account.as_ref(), &at("claimer_account")));
    let mut moment = |value: &Option<Timestamp>, field| {
        faults.take(optional_moment_from_proto(value.as_ref(), &at(field))).flatten()
    };
    let opened_at = moment(&claim.opened_at, "opened_at");
    let resolution_period_end = moment(&claim.resolution_period_end, "resolution_period_end");
    let completion_period_end = moment(&claim.completion_period_end, "completion_period_end");
    let last_modified = moment(&claim.last_modified, "last_modified");
    let opened_at = faults.take(required(opened_at, &at("opened_at")));
    let resolution_period_end = faults.take(required(resolution_period_end, &at("resolution_period_end")));
    let last_modified = faults.take(required(last_modified, &at("last_modified")));
    let confirm_reason = faults.take(claim_reason_from_proto(claim.confirm_reason, &at("confirm_reason"))).flatten();
    let cancel_reason = faults.take(claim_reason_from_proto(claim.cancel_reason, &at("cancel_reason"))).flatten();
    let cancelled_by = faults.take(side_from_proto(claim.cancelled_by, &at("cancelled_by"))).flatten();
    let (Some(id), Some(claim_type), Some(status), Some(key), Some(donor_participant), Some(claimer)) =
        (id, claim_type, status, key, donor, claimer)
    else {
        return Err(faults.found());
    };
    let (Some(claimer_account), Some(opened_at), Some(resolution_period_end), Some(last_modified)) =
        (account, opened_at, resolution_period_end, last_modified)
    else {
        return Err(faults.found());
    };
    faults.or(Claim {
        id,
        claim_type,
        key,
        status,
        donor_participant,
        claimer,
        claimer_account,
        opened_at,
        resolution_period_end,
        completion_period_end,
        last_modified,
        confirm_reason,
        cancel_reason,
        cancelled_by,
    })
}
