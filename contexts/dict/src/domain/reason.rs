//! Why entries and claims are changed, and which reason fits which operation.

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
