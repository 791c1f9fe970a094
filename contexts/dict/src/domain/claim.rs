//! Claims: ownership and portability, one state machine in one table (DICT API 2.6.1, tag Claim; Manual Operacional do
//! DICT, sections 5 and 6).

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::account::Account;
use super::ispb::Ispb;
use super::key::Key;
use super::owner::Owner;
use super::reason::ClaimReason;

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
