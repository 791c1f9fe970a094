//! What a call changes, and how the journal writes it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::account::{Account, AccountType};
use crate::domain::claim::{Claim, ClaimStatus, ClaimType, Side};
use crate::domain::entry::Entry;
use crate::domain::ispb::Ispb;
use crate::domain::key::{Key, KeyType};
use crate::domain::owner::Owner;
use crate::domain::reason::ClaimReason;
use crate::domain::tax_id::TaxId;

/// A claim, and what the directory knows of it besides.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct StoredClaim {
    pub claim: Claim,
    /// Since when the donor's owner had the key, once the donor gave it up: portability keeps it.
    pub owned_since: Option<DateTime<Utc>>,
}

/// All that one call changes, together or not at all. The time and the ids that were made are in it, so that doing it
/// again gives the same.
#[derive(Clone, Default)]
pub(super) struct Change {
    /// An entry that goes.
    pub gone: Option<Key>,
    /// An entry that comes, or is now so; whether it is restricted for fraud.
    pub put: Option<(Entry, bool)>,
    /// A claim as it is now.
    pub claim: Option<StoredClaim>,
    /// A person whom a court blocked, or let go.
    pub person: Option<(TaxId, bool)>,
    /// How far the virtual clock is ahead now, in milliseconds.
    pub ahead_ms: Option<i64>,
}

/// A line of the journal. Moments are microseconds since 1970.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    at: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    gone: Option<(String, String)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    put: Option<EntryLine>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    claim: Option<ClaimLine>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    person: Option<(String, bool)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ahead_ms: Option<i64>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct EntryLine {
    key: (String, String),
    account: AccountLine,
    owner: OwnerLine,
    created: i64,
    owned_since: i64,
    request_id: String,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    blocked: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    restricted: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct AccountLine {
    participant: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    branch: Option<String>,
    number: String,
    r#type: String,
    opened: i64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct OwnerLine {
    tax_id: String,
    name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    trade_name: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ClaimLine {
    id: String,
    r#type: String,
    key: (String, String),
    status: String,
    donor: String,
    claimer: OwnerLine,
    account: AccountLine,
    opened: i64,
    resolution_end: i64,
    completion_end: Option<i64>,
    modified: i64,
    confirm_reason: Option<String>,
    cancel_reason: Option<String>,
    cancelled_by: Option<String>,
    owned_since: Option<i64>,
}

impl Change {
    /// As a line of the journal, its end included.
    pub fn to_line(&self, at: DateTime<Utc>) -> Result<Vec<u8>, serde_json::Error> {
        let line = Line {
            at: at.timestamp_micros(),
            gone: self.gone.as_ref().map(key_line),
            put: self.put.as_ref().map(|(entry, restricted)| entry_line(entry, *restricted)),
            claim: self.claim.as_ref().map(claim_line),
            person: self.person.as_ref().map(|(tax_id, blocked)| (tax_id.as_str().to_owned(), *blocked)),
            ahead_ms: self.ahead_ms,
        };
        let mut bytes = serde_json::to_vec(&line)?;
        bytes.push(b'\n');
        Ok(bytes)
    }

    /// Reads a line, and when it was written. None if it is none of ours.
    pub fn from_line(line: &[u8]) -> Option<(DateTime<Utc>, Self)> {
        let line: Line = serde_json::from_slice(line).ok()?;
        let optional = |key: Option<(String, String)>| key.map(|key| read_key(&key).ok_or(())).transpose().ok();
        let put = line.put.map(|it| read_entry(it).ok_or(())).transpose().ok()?;
        let claim = line.claim.map(|it| read_claim(it).ok_or(())).transpose().ok()?;
        let person = line.person.map(|(text, blocked)| TaxId::parse(&text).map(|it| (it, blocked)));
        let person = person.transpose().ok()?;
        let change = Self { gone: optional(line.gone)?, put, claim, person, ahead_ms: line.ahead_ms };
        Some((moment(line.at)?, change))
    }
}

fn moment(us: i64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp_micros(us)
}

fn key_line(key: &Key) -> (String, String) {
    (key.key_type().name().to_owned(), key.value().to_owned())
}

fn read_key((key_type, value): &(String, String)) -> Option<Key> {
    Key::parse(KeyType::parse(key_type)?, value).ok()
}

fn account_line(account: &Account) -> AccountLine {
    AccountLine {
        participant: account.participant.to_string(),
        branch: account.branch.clone(),
        number: account.number.clone(),
        r#type: account.account_type.name().to_owned(),
        opened: account.opened_at.timestamp_micros(),
    }
}

fn read_account(line: AccountLine) -> Option<Account> {
    let account_type = AccountType::parse(&line.r#type)?;
    let (participant, opened_at) = (line.participant.parse().ok()?, moment(line.opened)?);
    Some(Account { participant, branch: line.branch, number: line.number, account_type, opened_at })
}

fn owner_line(owner: &Owner) -> OwnerLine {
    let Owner { tax_id, name, trade_name } = owner;
    OwnerLine { tax_id: tax_id.as_str().to_owned(), name: name.clone(), trade_name: trade_name.clone() }
}

fn read_owner(line: OwnerLine) -> Option<Owner> {
    Some(Owner { tax_id: TaxId::parse(&line.tax_id).ok()?, name: line.name, trade_name: line.trade_name })
}

fn entry_line(entry: &Entry, restricted: bool) -> EntryLine {
    EntryLine {
        key: key_line(&entry.key),
        account: account_line(&entry.account),
        owner: owner_line(&entry.owner),
        created: entry.created_at.timestamp_micros(),
        owned_since: entry.key_owned_since.timestamp_micros(),
        request_id: entry.request_id.to_string(),
        blocked: entry.blocked,
        restricted,
    }
}

fn read_entry(line: EntryLine) -> Option<(Entry, bool)> {
    let entry = Entry {
        key: read_key(&line.key)?,
        account: read_account(line.account)?,
        owner: read_owner(line.owner)?,
        created_at: moment(line.created)?,
        key_owned_since: moment(line.owned_since)?,
        // The open claims say it.
        open_claim_created_at: None,
        request_id: Uuid::try_parse(&line.request_id).ok()?,
        blocked: line.blocked,
    };
    Some((entry, line.restricted))
}

fn claim_line(stored: &StoredClaim) -> ClaimLine {
    let StoredClaim { claim, owned_since } = stored;
    ClaimLine {
        id: claim.id.to_string(),
        r#type: claim.claim_type.name().to_owned(),
        key: key_line(&claim.key),
        status: claim.status.name().to_owned(),
        donor: claim.donor_participant.to_string(),
        claimer: owner_line(&claim.claimer),
        account: account_line(&claim.claimer_account),
        opened: claim.opened_at.timestamp_micros(),
        resolution_end: claim.resolution_period_end.timestamp_micros(),
        completion_end: claim.completion_period_end.map(|end| end.timestamp_micros()),
        modified: claim.last_modified.timestamp_micros(),
        confirm_reason: claim.confirm_reason.map(|it| it.name().to_owned()),
        cancel_reason: claim.cancel_reason.map(|it| it.name().to_owned()),
        cancelled_by: claim.cancelled_by.map(|it| it.name().to_owned()),
        owned_since: owned_since.map(|it| it.timestamp_micros()),
    }
}

fn read_claim(line: ClaimLine) -> Option<StoredClaim> {
    let reason = |name: Option<String>| name.map(|it| ClaimReason::parse(&it).ok_or(())).transpose().ok();
    let optional = |us: Option<i64>| us.map(|us| moment(us).ok_or(())).transpose().ok();
    let claim = Claim {
        id: Uuid::try_parse(&line.id).ok()?,
        claim_type: ClaimType::parse(&line.r#type)?,
        key: read_key(&line.key)?,
        status: ClaimStatus::parse(&line.status)?,
        donor_participant: line.donor.parse::<Ispb>().ok()?,
        claimer: read_owner(line.claimer)?,
        claimer_account: read_account(line.account)?,
        opened_at: moment(line.opened)?,
        resolution_period_end: moment(line.resolution_end)?,
        completion_period_end: optional(line.completion_end)?,
        last_modified: moment(line.modified)?,
        confirm_reason: reason(line.confirm_reason)?,
        cancel_reason: reason(line.cancel_reason)?,
        cancelled_by: line.cancelled_by.map(|it| Side::parse(&it).ok_or(())).transpose().ok()?,
    };
    Some(StoredClaim { claim, owned_since: optional(line.owned_since)? })
}
