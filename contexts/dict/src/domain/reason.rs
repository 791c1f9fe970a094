//! Why entries and claims are changed, and which reason fits which operation.

use super::key::KeyType;
use super::refusal::{Refusal, RefusalKind};

/// What is done to an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EntryOperation {
    /// createEntry.
    Create,
    /// updateEntry.
    Update,
    /// deleteEntry.
    Delete,
}

/// Why an entry is made, changed or removed (EntryOperationReason).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EntryReason {
    /// The user asked for it.
    UserRequested,
    /// The account is closed.
    AccountClosure,
    /// The account moved to another branch.
    BranchTransfer,
    /// The base was brought in line with the directory.
    Reconciliation,
    /// Fraud.
    Fraud,
    /// The tax authority's record says otherwise.
    RfbValidation,
}

/// Why a claim is confirmed or cancelled (ClaimOperationReason).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ClaimReason {
    /// The user asked for it.
    UserRequested,
    /// The account is closed.
    AccountClosure,
    /// Nobody answered in time.
    DefaultOperation,
    /// Fraud.
    Fraud,
    /// The base was brought in line with the directory.
    Reconciliation,
    /// The tax authority's record says otherwise.
    RfbValidation,
}

impl EntryReason {
    /// All. ENTRY_INACTIVITY, which the directory dropped in 1.7.1, is none; nor is PARTICIPANT_EXCLUSION, which only
    /// the directory itself gives.
    pub const ALL: [EntryReason; 6] = [
        EntryReason::UserRequested,
        EntryReason::AccountClosure,
        EntryReason::BranchTransfer,
        EntryReason::Reconciliation,
        EntryReason::Fraud,
        EntryReason::RfbValidation,
    ];

    /// As in the directory.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            EntryReason::UserRequested => "USER_REQUESTED",
            EntryReason::AccountClosure => "ACCOUNT_CLOSURE",
            EntryReason::BranchTransfer => "BRANCH_TRANSFER",
            EntryReason::Reconciliation => "RECONCILIATION",
            EntryReason::Fraud => "FRAUD",
            EntryReason::RfbValidation => "RFB_VALIDATION",
        }
    }

    /// The reason of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }

    /// Whether the operation may have this reason for a key of that kind (DICT API 2.6.1, createEntry, updateEntry,
    /// deleteEntry).
    ///
    /// # Errors
    /// InvalidReason.
    pub fn fits(self, operation: EntryOperation, key_type: KeyType) -> Result<(), Refusal> {
        use EntryReason as Reason;
        let fits = match operation {
            EntryOperation::Create => matches!(self, Reason::UserRequested | Reason::Reconciliation),
            EntryOperation::Update if key_type == KeyType::Evp => self == Reason::RfbValidation,
            EntryOperation::Update => !matches!(self, Reason::AccountClosure | Reason::Fraud),
            EntryOperation::Delete => self != Reason::BranchTransfer,
        };
        let refusal = || Refusal::of_field(RefusalKind::InvalidReason, "reason", "it does not fit the operation");
        if fits { Ok(()) } else { Err(refusal()) }
    }
}

impl ClaimReason {
    /// All.
    pub const ALL: [ClaimReason; 6] = [
        ClaimReason::UserRequested,
        ClaimReason::AccountClosure,
        ClaimReason::DefaultOperation,
        ClaimReason::Fraud,
        ClaimReason::Reconciliation,
        ClaimReason::RfbValidation,
    ];

    /// As in the directory.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            ClaimReason::UserRequested => "USER_REQUESTED",
            ClaimReason::AccountClosure => "ACCOUNT_CLOSURE",
            ClaimReason::DefaultOperation => "DEFAULT_OPERATION",
            ClaimReason::Fraud => "FRAUD",
            ClaimReason::Reconciliation => "RECONCILIATION",
            ClaimReason::RfbValidation => "RFB_VALIDATION",
        }
    }

    /// The reason of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }
}

#[cfg(test)]
#[path = "reason_tests.rs"]
mod tests;
