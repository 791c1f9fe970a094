//! Claims: ownership and portability, one state machine in one table (DICT API 2.6.1, tag Claim; Manual Operacional do
//! DICT, sections 5 and 6).

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::account::Account;
use super::entry::{Entry, wrong_fields};
use super::ispb::Ispb;
use super::key::{Key, KeyType};
use super::owner::Owner;
use super::reason::ClaimReason;
use super::refusal::{Refusal, RefusalKind};

mod transition;

pub use transition::{Action, Condition, Effect, Step, TRANSITIONS, Transition, step, table_markdown};

/// How long the donor's user may answer (Manual Operacional do DICT, sections 5 and 6, revision of 10/09/2020).
pub const RESOLUTION_PERIOD: TimeDelta = TimeDelta::days(7);
/// How long, right after that, the donor's user may still prove possession of a phone that is claimed.
pub const COMPLETION_PERIOD: TimeDelta = TimeDelta::days(7);
/// How long, from the opening, the claimer's user may prove possession; then the claim is cancelled.
pub const POSSESSION_PERIOD: TimeDelta = TimeDelta::days(30);

/// Which of the two kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ClaimType {
    /// To another person.
    Ownership,
    /// To another institution.
    Portability,
}

/// Where a claim stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ClaimStatus {
    /// Opened, not seen by the donor yet.
    Open,
    /// Acknowledged.
    WaitingResolution,
    /// The donor gave the key up; nobody has it.
    Confirmed,
    /// Over, nothing moved (after CONFIRMED: the key is free).
    Cancelled,
    /// Over, the claimer has the key.
    Completed,
}

/// A side of a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// Who has the key.
    Donor,
    /// Who wants it.
    Claimer,
}

/// A claim, as both sides may see it. Personal data, so it has no `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Claim {
    /// Its id, given by the directory.
    pub id: Uuid,
    /// Which kind.
    pub claim_type: ClaimType,
    /// The key.
    pub key: Key,
    /// Where it stands.
    pub status: ClaimStatus,
    /// Who has the key.
    pub donor_participant: Ispb,
    /// Who wants it.
    pub claimer: Owner,
    /// Where it is to lead.
    pub claimer_account: Account,
    /// When it was opened.
    pub opened_at: DateTime<Utc>,
    /// Until when the donor's user may answer: seven days from the opening.
    pub resolution_period_end: DateTime<Utc>,
    /// From when an ownership claim may be completed; none for portability.
    pub completion_period_end: Option<DateTime<Utc>>,
    /// When it was last changed.
    pub last_modified: DateTime<Utc>,
    /// Why it was confirmed.
    pub confirm_reason: Option<ClaimReason>,
    /// Why it was cancelled.
    pub cancel_reason: Option<ClaimReason>,
    /// Whose cancellation it was.
    pub cancelled_by: Option<Side>,
}

impl ClaimType {
    /// Both.
    pub const ALL: [ClaimType; 2] = [ClaimType::Ownership, ClaimType::Portability];

    /// As in the directory.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            ClaimType::Ownership => "OWNERSHIP",
            ClaimType::Portability => "PORTABILITY",
        }
    }

    /// The kind of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }

    /// Whether keys of that kind can be claimed so (DICT API 2.6.1, createClaim).
    #[must_use]
    pub const fn takes(self, key_type: KeyType) -> bool {
        match self {
            ClaimType::Ownership => matches!(key_type, KeyType::Phone),
            ClaimType::Portability => !matches!(key_type, KeyType::Evp),
        }
    }
}

impl ClaimStatus {
    /// All, in the order of a claim's life.
    pub const ALL: [ClaimStatus; 5] = [
        ClaimStatus::Open,
        ClaimStatus::WaitingResolution,
        ClaimStatus::Confirmed,
        ClaimStatus::Cancelled,
        ClaimStatus::Completed,
    ];

    /// As in the directory.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            ClaimStatus::Open => "OPEN",
            ClaimStatus::WaitingResolution => "WAITING_RESOLUTION",
            ClaimStatus::Confirmed => "CONFIRMED",
            ClaimStatus::Cancelled => "CANCELLED",
            ClaimStatus::Completed => "COMPLETED",
        }
    }

    /// The status of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }

    /// Whether the claim is under way: its key cannot be registered, deleted or claimed again.
    #[must_use]
    pub const fn is_open(self) -> bool {
        !matches!(self, ClaimStatus::Cancelled | ClaimStatus::Completed)
    }
}

impl Side {
    /// Both.
    pub const ALL: [Side; 2] = [Side::Donor, Side::Claimer];

    /// As in the directory.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Side::Donor => "DONOR",
            Side::Claimer => "CLAIMER",
        }
    }

    /// The side of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }
}

impl Claim {
    /// The institution on that side.
    #[must_use]
    pub const fn participant(&self, side: Side) -> Ispb {
        match side {
            Side::Donor => self.donor_participant,
            Side::Claimer => self.claimer_account.participant,
        }
    }

    /// Until when the claimer's user may prove possession.
    #[must_use]
    pub fn possession_period_end(&self) -> DateTime<Utc> {
        self.opened_at + POSSESSION_PERIOD
    }
}

/// Whether a claim may be opened (DICT API 2.6.1, createClaim). `existing` is the entry of the key, `open_claim` whether
/// another claim of it is under way.
///
/// # Errors
/// ClaimInvalid with its fields, ClaimTypeInconsistent, ClaimAlreadyExistsForKey, ClaimKeyNotFound, EntryBlocked, or
/// ClaimResultingEntryAlreadyExists.
pub fn check_new(
    claim_type: ClaimType,
    key: &Key,
    existing: Option<&Entry>,
    claimer: &Owner,
    claimer_account: &Account,
    open_claim: bool,
) -> Result<(), Refusal> {
    let violations: Vec<_> = wrong_fields("claimer_account", claimer_account.check())
        .chain(wrong_fields("claimer", claimer.check(false)))
        .collect();
    if !violations.is_empty() {
        return Err(Refusal { violations, ..RefusalKind::ClaimInvalid.into() });
    }
    if key.key_type() == KeyType::Evp {
        return Err(Refusal::of_field(RefusalKind::ClaimInvalid, "key", "random keys cannot be claimed"));
    }
    if !claim_type.takes(key.key_type()) {
        let reason = "only phones change their person; other keys can be ported";
        return Err(Refusal::of_field(RefusalKind::ClaimTypeInconsistent, "key", reason));
    }
    if open_claim {
        return Err(RefusalKind::ClaimAlreadyExistsForKey.into());
    }
    let entry = existing.ok_or(RefusalKind::ClaimKeyNotFound)?;
    if entry.blocked {
        return Err(RefusalKind::EntryBlocked.into());
    }
    let same_owner = entry.owner.tax_id == claimer.tax_id;
    if same_owner && entry.account.participant == claimer_account.participant {
        return Err(RefusalKind::ClaimResultingEntryAlreadyExists.into());
    }
    match (claim_type, same_owner) {
        (ClaimType::Ownership, false) | (ClaimType::Portability, true) => Ok(()),
        _ => Err(RefusalKind::ClaimTypeInconsistent.into()),
    }
}

/// A claim as it is opened.
#[must_use]
pub fn open(
    id: Uuid,
    claim_type: ClaimType,
    key: Key,
    donor_participant: Ispb,
    claimer: Owner,
    claimer_account: Account,
    now: DateTime<Utc>,
) -> Claim {
    let resolution_period_end = now + RESOLUTION_PERIOD;
    Claim {
        id,
        claim_type,
        key,
        status: ClaimStatus::Open,
        donor_participant,
        claimer,
        claimer_account,
        opened_at: now,
        resolution_period_end,
        completion_period_end: (claim_type == ClaimType::Ownership).then(|| resolution_period_end + COMPLETION_PERIOD),
        last_modified: now,
        confirm_reason: None,
        cancel_reason: None,
        cancelled_by: None,
    }
}

/// The claimer's entry, as completion makes it. `donor_owned_since` is the KeyOwnershipDate of the entry that the donor
/// gave up: portability keeps it, an ownership claim begins anew.
#[must_use]
pub fn resulting_entry(claim: &Claim, donor_owned_since: DateTime<Utc>, request_id: Uuid, now: DateTime<Utc>) -> Entry {
    Entry {
        key: claim.key.clone(),
        account: claim.claimer_account.clone(),
        owner: claim.claimer.clone(),
        created_at: now,
        key_owned_since: match claim.claim_type {
            ClaimType::Ownership => now,
            ClaimType::Portability => donor_owned_since,
        },
        open_claim_created_at: None,
        request_id,
        blocked: false,
    }
}

/// A step that a job must take now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DueStep {
    /// Which.
    pub step: Step,
    /// As which side.
    pub side: Side,
}

/// What an institution must do now by itself, on the sides that are its own: the directory does nothing. The donor's
/// duty comes first, so that a key that had to be given up is given up before its claim is cancelled. `possession_confirmed`
/// says whether the claimer's user proved to have the phone.
#[must_use]
pub fn due(claim: &Claim, own_sides: &[Side], possession_confirmed: bool, now: DateTime<Utc>) -> Option<DueStep> {
    let donor_step = match (claim.status, claim.claim_type) {
        (ClaimStatus::Open, _) => Some(Step::Acknowledge),
        (ClaimStatus::WaitingResolution, _) if now < claim.resolution_period_end => None,
        (ClaimStatus::WaitingResolution, ClaimType::Ownership) => Some(Step::Confirm(ClaimReason::DefaultOperation)),
        (ClaimStatus::WaitingResolution, ClaimType::Portability) => Some(Step::Cancel(ClaimReason::DefaultOperation)),
        _ => None,
    };
    let claimer_step = match (claim.status, claim.claim_type) {
        (ClaimStatus::Cancelled | ClaimStatus::Completed, _) => None,
        (ClaimStatus::Confirmed, ClaimType::Portability) => Some(Step::Complete),
        (_, ClaimType::Portability) => None,
        (_, ClaimType::Ownership) if !possession_confirmed => {
            (now >= claim.possession_period_end()).then_some(Step::Cancel(ClaimReason::DefaultOperation))
        }
        (ClaimStatus::Confirmed, ClaimType::Ownership) => Some(Step::Complete),
        _ => None,
    };
    [(Side::Donor, donor_step), (Side::Claimer, claimer_step)]
        .into_iter()
        .filter(|(side, _)| own_sides.contains(side))
        .filter_map(|(side, step)| step.map(|step| DueStep { step, side }))
        .find(|due| step(claim, due.step, due.side, now).is_ok())
}

#[cfg(test)]
#[path = "claim_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "claim_walk_tests.rs"]
mod walk_tests;

#[cfg(test)]
#[path = "claim_model_tests.rs"]
mod model_tests;
