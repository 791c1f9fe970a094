//! The directory's refusals as gRPC says them, both ways: `google.rpc.ErrorInfo` with the directory's own name for the
//! error, and beside it what belongs to it (the head of `proto/dict/connect/v1/connect.proto`).

use std::collections::HashMap;
use std::error::Error;
use std::time::Duration;

use chrono::{DateTime, SecondsFormat, Utc};
use tonic::{Code, ConnectError, Status};
use tonic_types::{ErrorDetails, StatusExt};

use crate::domain::refusal::{Refusal, RefusalKind, Violation};

/// The domain of Connect's `ErrorInfo`.
pub const DOMAIN: &str = "dict.pi.rsfn.net.br";

/// Its metadata field for the end of a period that has not ended, in RFC 3339.
pub const PERIOD_END: &str = "period_end";

/// The gRPC code of a refusal.
#[must_use]
pub const fn code(kind: RefusalKind) -> Code {
    use RefusalKind as Kind;
    match kind {
        Kind::BadRequest | Kind::EntryInvalid | Kind::ClaimInvalid => Code::InvalidArgument,
        Kind::InvalidReason | Kind::ClaimTypeInconsistent | Kind::RequestIdAlreadyUsed => Code::InvalidArgument,
        Kind::NotFound | Kind::ClaimKeyNotFound | Kind::Gone => Code::NotFound,
        Kind::EntryAlreadyExists => Code::AlreadyExists,
        Kind::ClaimAlreadyExistsForKey | Kind::ClaimResultingEntryAlreadyExists => Code::AlreadyExists,
        Kind::Forbidden | Kind::ParticipantInvalid => Code::PermissionDenied,
        Kind::ResourceConflict => Code::Aborted,
        Kind::RateLimited => Code::ResourceExhausted,
        Kind::ServiceUnavailable => Code::Unavailable,
        Kind::RequestSignatureInvalid | Kind::InternalServerError => Code::Internal,
        Kind::EntryLimitExceeded
        | Kind::EntryCannotBeQueriedForBookTransfer
        | Kind::EntryKeyOwnedByDifferentPerson
        | Kind::EntryKeyInCustodyOfDifferentParticipant
        | Kind::EntryLockedByClaim
        | Kind::EntryTaxIdNumberByDifferentOwner
        | Kind::EntryBlocked
        | Kind::EntryWithFraudRelatedRestriction
        | Kind::TaxIdNumberBlocked
        | Kind::ClaimOperationInvalid
        | Kind::ClaimResolutionPeriodNotEnded
        | Kind::ClaimCompletionPeriodNotEnded => Code::FailedPrecondition,
    }
}

/// A refusal as Connect says it.
#[must_use]
pub fn from_refusal(refusal: &Refusal) -> Status {
    let mut metadata = HashMap::new();
    if let Some(end) = refusal.period_end {
        metadata.insert(PERIOD_END.to_owned(), end.to_rfc3339_opts(SecondsFormat::AutoSi, true));
    }
    let mut details = ErrorDetails::with_error_info(refusal.kind.reason(), DOMAIN, metadata);
    for violation in &refusal.violations {
        details.add_bad_request_violation(&violation.property, &violation.reason);
    }
    if let Some(after_ms) = refusal.retry_after_ms {
        details.set_retry_info(Some(Duration::from_millis(after_ms)));
    }
    Status::with_error_details(code(refusal.kind), refusal.kind.name(), details)
}

/// What a status says of the call that it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It was understood and refused.
    Refused(Refusal),
    /// Nothing was done, and trying again may help.
    NotDone {
        /// When, where that was said.
        retry_after: Option<Duration>,
    },
    /// Nothing was done: the other side has more to do than it can.
    Shed {
        /// When trying again makes sense, where that was said.
        retry_after: Option<Duration>,
    },
    /// It may have been done.
    Unknown {
        /// Whether the connection or a proxy failed rather than the directory.
        lost_on_the_way: bool,
    },
    /// The other side does not keep the contract, or does not let us in: which, for the log.
    Broken(String),
}

/// Reads what the other side, or our own end of the connection, says.
pub(super) fn read(status: &Status) -> Verdict {
    if let Some(source) = status.source() {
        // Made by our own end. Without a connection nothing was sent; anything else may have been.
        return if has_connect_error(source) {
            Verdict::NotDone { retry_after: None }
        } else {
            Verdict::Unknown { lost_on_the_way: true }
        };
    }
    let details = status.get_error_details();
    let retry_after = details.retry_info().and_then(|info| info.retry_delay);
    if let Some(info) = details.error_info().filter(|info| info.domain == DOMAIN) {
        return match RefusalKind::from_reason(&info.reason) {
            Some(RefusalKind::ServiceUnavailable) => Verdict::NotDone { retry_after },
            Some(RefusalKind::InternalServerError) => Verdict::Unknown { lost_on_the_way: false },
            Some(kind) => Verdict::Refused(refusal(kind, &details)),
            None => Verdict::Broken(format!("a refusal that is not known ({:?})", status.code())),
        };
    }
    match status.code() {
        Code::ResourceExhausted => Verdict::Shed { retry_after },
        // Whoever says when to come back has thought about it; a proxy that lost a connection has not.
        Code::Unavailable if retry_after.is_some() => Verdict::NotDone { retry_after },
        Code::Unavailable | Code::Aborted | Code::DeadlineExceeded | Code::Cancelled => {
            Verdict::Unknown { lost_on_the_way: true }
        }
        Code::Unknown | Code::Internal | Code::DataLoss => Verdict::Unknown { lost_on_the_way: false },
        code => Verdict::Broken(format!("{code:?} without a reason of domain {DOMAIN}")),
    }
}

fn refusal(kind: RefusalKind, details: &ErrorDetails) -> Refusal {
    let violations = details.bad_request().map(|bad| &bad.field_violations).into_iter().flatten();
    let violations = violations.map(|it| Violation { property: it.field.clone(), reason: it.description.clone() });
    let period_end = details.error_info().and_then(|info| info.metadata.get(PERIOD_END));
    let period_end = period_end.and_then(|end| DateTime::parse_from_rfc3339(end).ok());
    let retry_after = details.retry_info().and_then(|info| info.retry_delay);
    Refusal {
        kind,
        violations: violations.collect(),
        period_end: period_end.map(|end| end.with_timezone(&Utc)),
        retry_after_ms: retry_after.map(|after| u64::try_from(after.as_millis()).unwrap_or(u64::MAX)),
    }
}

/// Whether there was no connection at all.
fn has_connect_error(error: &(dyn Error + 'static)) -> bool {
    let chain = std::iter::successors(Some(error), |&error| error.source());
    chain.into_iter().any(|error| error.is::<ConnectError>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_comes_back_as_it_was() {
        let end = DateTime::from_timestamp(1_763_640_000, 123_456_000);
        for kind in RefusalKind::ALL {
            let violations = vec![Violation { property: "key.value".to_owned(), reason: "its form".to_owned() }];
            let refusal = Refusal { kind, violations, period_end: end, retry_after_ms: Some(1_500) };
            let said = read(&from_refusal(&refusal));
            let expected = match kind {
                RefusalKind::ServiceUnavailable => Verdict::NotDone { retry_after: Some(Duration::from_millis(1_500)) },
                // Whoever fails inside does not know either what it did.
                RefusalKind::InternalServerError => Verdict::Unknown { lost_on_the_way: false },
                _ => Verdict::Refused(refusal),
            };
            assert_eq!(said, expected);
        }
    }

    #[test]
    fn statuses_without_a_reason_are_no_refusals() {
        for (code, verdict) in [
            (Code::Unavailable, Verdict::Unknown { lost_on_the_way: true }),
            (Code::DeadlineExceeded, Verdict::Unknown { lost_on_the_way: true }),
            (Code::Internal, Verdict::Unknown { lost_on_the_way: false }),
            (Code::ResourceExhausted, Verdict::Shed { retry_after: None }),
        ] {
            assert_eq!(read(&Status::new(code, "")), verdict);
        }
        assert!(matches!(read(&Status::new(Code::Unauthenticated, "")), Verdict::Broken(_)));
        let told = ErrorDetails::with_retry_info(Some(Duration::from_secs(1)));
        let told = Status::with_error_details(Code::Unavailable, "", told);
        assert_eq!(read(&told), Verdict::NotDone { retry_after: Some(Duration::from_secs(1)) });
        let foreign = ErrorDetails::with_error_info("ENTRY_INVALID", "example.org", HashMap::new());
        let foreign = Status::with_error_details(Code::InvalidArgument, "", foreign);
        assert!(matches!(read(&foreign), Verdict::Broken(_)));
    }
}
