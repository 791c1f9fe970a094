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

impl RefusalKind {
    /// All.
    pub const ALL: [RefusalKind; 31] = [
        RefusalKind::Forbidden,
        RefusalKind::BadRequest,
        RefusalKind::NotFound,
        RefusalKind::Gone,
        RefusalKind::RateLimited,
        RefusalKind::InternalServerError,
        RefusalKind::ServiceUnavailable,
        RefusalKind::ResourceConflict,
        RefusalKind::RequestSignatureInvalid,
        RefusalKind::RequestIdAlreadyUsed,
        RefusalKind::InvalidReason,
        RefusalKind::ParticipantInvalid,
        RefusalKind::TaxIdNumberBlocked,
        RefusalKind::EntryInvalid,
        RefusalKind::EntryLimitExceeded,
        RefusalKind::EntryAlreadyExists,
        RefusalKind::EntryCannotBeQueriedForBookTransfer,
        RefusalKind::EntryKeyOwnedByDifferentPerson,
        RefusalKind::EntryKeyInCustodyOfDifferentParticipant,
        RefusalKind::EntryLockedByClaim,
        RefusalKind::EntryTaxIdNumberByDifferentOwner,
        RefusalKind::EntryBlocked,
        RefusalKind::EntryWithFraudRelatedRestriction,
        RefusalKind::ClaimInvalid,
        RefusalKind::ClaimTypeInconsistent,
        RefusalKind::ClaimKeyNotFound,
        RefusalKind::ClaimAlreadyExistsForKey,
        RefusalKind::ClaimResultingEntryAlreadyExists,
        RefusalKind::ClaimOperationInvalid,
        RefusalKind::ClaimResolutionPeriodNotEnded,
        RefusalKind::ClaimCompletionPeriodNotEnded,
    ];

    /// Name, reason and HTTP status, side by side.
    const fn row(self) -> (&'static str, &'static str, u16) {
        match self {
            RefusalKind::Forbidden => ("Forbidden", "FORBIDDEN", 403),
            RefusalKind::BadRequest => ("BadRequest", "BAD_REQUEST", 400),
            RefusalKind::NotFound => ("NotFound", "NOT_FOUND", 404),
            RefusalKind::Gone => ("Gone", "GONE", 410),
            RefusalKind::RateLimited => ("RateLimited", "RATE_LIMITED", 429),
            RefusalKind::InternalServerError => ("InternalServerError", "INTERNAL_SERVER_ERROR", 500),
            RefusalKind::ServiceUnavailable => ("ServiceUnavailable", "SERVICE_UNAVAILABLE", 503),
            RefusalKind::ResourceConflict => ("ResourceConflict", "RESOURCE_CONFLICT", 409),
            RefusalKind::RequestSignatureInvalid => ("RequestSignatureInvalid", "REQUEST_SIGNATURE_INVALID", 400),
            RefusalKind::RequestIdAlreadyUsed => ("RequestIdAlreadyUsed", "REQUEST_ID_ALREADY_USED", 400),
            RefusalKind::InvalidReason => ("InvalidReason", "INVALID_REASON", 400),
            RefusalKind::ParticipantInvalid => ("ParticipantInvalid", "PARTICIPANT_INVALID", 400),
            RefusalKind::TaxIdNumberBlocked => ("TaxIdNumberBlocked", "TAX_ID_NUMBER_BLOCKED", 400),
            RefusalKind::EntryInvalid => ("EntryInvalid", "ENTRY_INVALID", 400),
            RefusalKind::EntryLimitExceeded => ("EntryLimitExceeded", "ENTRY_LIMIT_EXCEEDED", 400),
            RefusalKind::EntryAlreadyExists => ("EntryAlreadyExists", "ENTRY_ALREADY_EXISTS", 400),
            RefusalKind::EntryCannotBeQueriedForBookTransfer => {
                ("EntryCannotBeQueriedForBookTransfer", "ENTRY_CANNOT_BE_QUERIED_FOR_BOOK_TRANSFER", 400)
            }
            RefusalKind::EntryKeyOwnedByDifferentPerson => {
                ("EntryKeyOwnedByDifferentPerson", "ENTRY_KEY_OWNED_BY_DIFFERENT_PERSON", 400)
            }
            RefusalKind::EntryKeyInCustodyOfDifferentParticipant => {
                ("EntryKeyInCustodyOfDifferentParticipant", "ENTRY_KEY_IN_CUSTODY_OF_DIFFERENT_PARTICIPANT", 400)
            }
            RefusalKind::EntryLockedByClaim => ("EntryLockedByClaim", "ENTRY_LOCKED_BY_CLAIM", 400),
            RefusalKind::EntryTaxIdNumberByDifferentOwner => {
                ("EntryTaxIdNumberByDifferentOwner", "ENTRY_TAX_ID_NUMBER_BY_DIFFERENT_OWNER", 400)
            }
            RefusalKind::EntryBlocked => ("EntryBlocked", "ENTRY_BLOCKED", 400),
            RefusalKind::EntryWithFraudRelatedRestriction => {
                ("EntryWithFraudRelatedRestriction", "ENTRY_WITH_FRAUD_RELATED_RESTRICTION", 400)
            }
            RefusalKind::ClaimInvalid => ("ClaimInvalid", "CLAIM_INVALID", 400),
            RefusalKind::ClaimTypeInconsistent => ("ClaimTypeInconsistent", "CLAIM_TYPE_INCONSISTENT", 400),
            RefusalKind::ClaimKeyNotFound => ("ClaimKeyNotFound", "CLAIM_KEY_NOT_FOUND", 404),
            RefusalKind::ClaimAlreadyExistsForKey => ("ClaimAlreadyExistsForKey", "CLAIM_ALREADY_EXISTS_FOR_KEY", 400),
            RefusalKind::ClaimResultingEntryAlreadyExists => {
                ("ClaimResultingEntryAlreadyExists", "CLAIM_RESULTING_ENTRY_ALREADY_EXISTS", 400)
            }
            RefusalKind::ClaimOperationInvalid => ("ClaimOperationInvalid", "CLAIM_OPERATION_INVALID", 400),
            RefusalKind::ClaimResolutionPeriodNotEnded => {
                ("ClaimResolutionPeriodNotEnded", "CLAIM_RESOLUTION_PERIOD_NOT_ENDED", 400)
            }
            RefusalKind::ClaimCompletionPeriodNotEnded => {
                ("ClaimCompletionPeriodNotEnded", "CLAIM_COMPLETION_PERIOD_NOT_ENDED", 400)
            }
        }
    }

    /// The last part of the directory's problem type: `EntryLimitExceeded`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.row().0
    }

    /// The same as a reason of google.rpc.ErrorInfo: `ENTRY_LIMIT_EXCEEDED`.
    #[must_use]
    pub const fn reason(self) -> &'static str {
        self.row().1
    }

    /// The status of the directory's answer.
    #[must_use]
    pub const fn http_status(self) -> u16 {
        self.row().2
    }

    /// The error of that name. DeprecatedResource (DICT API 2.12) is read as Gone: both say 410.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let name = if name == "DeprecatedResource" { "Gone" } else { name };
        Self::ALL.into_iter().find(|it| it.name() == name)
    }

    /// The error of that reason, DEPRECATED_RESOURCE read as Gone.
    #[must_use]
    pub fn from_reason(reason: &str) -> Option<Self> {
        let reason = if reason == "DEPRECATED_RESOURCE" { "GONE" } else { reason };
        Self::ALL.into_iter().find(|it| it.reason() == reason)
    }
}

/// A field that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Which, by its path in the request.
    pub property: String,
    /// Why; never the value, which may be personal data.
    pub reason: String,
}

impl Violation {
    /// That `property` is wrong, because of `reason`.
    #[must_use]
    pub fn new(property: &str, reason: &str) -> Self {
        Self { property: property.to_owned(), reason: reason.to_owned() }
    }

    /// The same where its object stands in the field `parent`: `number` becomes `account.number`.
    #[must_use]
    pub fn under(self, parent: &str) -> Self {
        Self { property: format!("{parent}.{}", self.property), ..self }
    }
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

impl Refusal {
    /// A refusal for one field that is wrong.
    #[must_use]
    pub fn of_field(kind: RefusalKind, property: &str, reason: &str) -> Self {
        Self { violations: vec![Violation::new(property, reason)], ..kind.into() }
    }

    /// A refusal until a period has ended.
    #[must_use]
    pub fn until(kind: RefusalKind, period_end: DateTime<Utc>) -> Self {
        Self { period_end: Some(period_end), ..kind.into() }
    }
}

#[cfg(test)]
#[path = "refusal_tests.rs"]
mod tests;
