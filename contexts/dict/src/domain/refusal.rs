//! What the directory's rules refuse, by the directory's own names (DICT API 2.6.1, "Tratamento de erros").

use chrono::{DateTime, Utc};

/// One of the directory's errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RefusalKind {
    /// 403.
    Forbidden,
    /// 400: a field is wrong.
    BadRequest,
    /// 404.
    NotFound,
    /// 410.
    Gone,
    /// 429.
    RateLimited,
    /// 500.
    InternalServerError,
    /// 503.
    ServiceUnavailable,
    /// 409: busy with another operation.
    ResourceConflict,
    /// The signature is wrong.
    RequestSignatureInvalid,
    /// The RequestId was used with other parameters.
    RequestIdAlreadyUsed,
    /// The reason does not fit the operation.
    InvalidReason,
    /// The participant may not do this.
    ParticipantInvalid,
    /// The tax id is blocked by a court.
    TaxIdNumberBlocked,
    /// The entry is not valid.
    EntryInvalid,
    /// The account has as many keys as it may.
    EntryLimitExceeded,
    /// The same participant and owner have the key already.
    EntryAlreadyExists,
    /// The key is the asker's own: a book transfer.
    EntryCannotBeQueriedForBookTransfer,
    /// Another person has it: an ownership claim is the way.
    EntryKeyOwnedByDifferentPerson,
    /// Another participant has it for the same person: portability is the way.
    EntryKeyInCustodyOfDifferentParticipant,
    /// A claim is under way.
    EntryLockedByClaim,
    /// The tax id key belongs to another.
    EntryTaxIdNumberByDifferentOwner,
    /// Blocked by a court.
    EntryBlocked,
    /// Restricted for fraud.
    EntryWithFraudRelatedRestriction,
    /// The claim is not valid.
    ClaimInvalid,
    /// Ownership for portability or the other way.
    ClaimTypeInconsistent,
    /// No such key to be claimed.
    ClaimKeyNotFound,
    /// One claim per key at a time.
    ClaimAlreadyExistsForKey,
    /// The claimer has it already.
    ClaimResultingEntryAlreadyExists,
    /// The claim's state or the asker's side does not allow it.
    ClaimOperationInvalid,
    /// The resolution period has not ended.
    ClaimResolutionPeriodNotEnded,
    /// The completion period has not ended.
    ClaimCompletionPeriodNotEnded,
}

/// A field that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Which, by its path in the request.
    pub property: String,
    /// Why; never the value, which may be personal data.
    pub reason: String,
}

/// A refusal and what belongs to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Which.
    pub kind: RefusalKind,
    /// The fields that are wrong.
    pub violations: Vec<Violation>,
    /// The end of the period that has not ended.
    pub period_end: Option<DateTime<Utc>>,
    /// After how long trying again makes sense, in milliseconds.
    pub retry_after_ms: Option<u64>,
}

impl From<RefusalKind> for Refusal {
    fn from(kind: RefusalKind) -> Self {
        Self { kind, violations: Vec::new(), period_end: None, retry_after_ms: None }
    }
}
