//! One closed table from failures to gRPC statuses with google.rpc details.

use std::time::Duration;

use platform::grpc::{DOMAIN, error_details, missing_scope};
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt};

use crate::directory::status::code;
use crate::domain::refusal::{Refusal, RefusalKind, Violation};
use crate::failure::Failure;

/// What a caller who is told to try again later waits where nothing better is known.
const RETRY_DEFAULT: Duration = Duration::from_secs(1);

/// The status of a failure. What is a defect of ours is logged here, and not told.
#[must_use]
pub fn status(failure: Failure) -> Status {
    match failure {
        Failure::Refused(refusal) => refused(&refusal),
        Failure::Invalid(violations) => invalid("VALIDATION_ERROR", "fields of the request are not valid", &violations),
        Failure::NotFound(what) => {
            let mut details = info("NOT_FOUND");
            details.set_resource_info(what, "", "", "it is not there, or it is another institution's");
            with(Code::NotFound, &format!("there is no such {what}"), details)
        }
        Failure::MissingScope(scope) => missing_scope(&[scope]),
        Failure::Quota { limit, retry_after_ms } => {
            let mut details = info_with("RATE_LIMITED", [("limit", limit.clone())]);
            details.add_quota_failure_violation(limit.as_str(), "the bucket has no tokens; it refills with time");
            details.set_retry_info(Some(Duration::from_millis(retry_after_ms)));
            with(Code::ResourceExhausted, &format!("the limit {limit} is reached"), details)
        }
        Failure::Unavailable { what, retry_after_ms } => {
            let mut details = info_with("SERVICE_UNAVAILABLE", [("dependency", what.to_owned())]);
            details.set_retry_info(Some(retry_after_ms.map_or(RETRY_DEFAULT, Duration::from_millis)));
            with(Code::Unavailable, &format!("{what} is not available; try again later"), details)
        }
        Failure::Busy => {
            let mut details = info("RESOURCE_CONFLICT");
            details.set_retry_info(Some(Duration::from_millis(100)));
            with(Code::Aborted, "another request for the same thing is under way; try again", details)
        }
        Failure::Store(error) if error.is_passing() => {
            tracing::warn!(%error, "the store did not answer");
            let mut details = info_with("SERVICE_UNAVAILABLE", [("dependency", "postgresql".to_owned())]);
            details.set_retry_info(Some(RETRY_DEFAULT));
            with(Code::Unavailable, "the store is not available; try again later", details)
        }
        other => {
            tracing::error!(error = %other, "a call failed by our fault");
            with(Code::Internal, "something went wrong on our side", info("INTERNAL_SERVER_ERROR"))
        }
    }
}

/// What a caller is told of each, and what to do.
const fn advice(kind: RefusalKind) -> &'static str {
    use RefusalKind as K;
    match kind {
        K::Forbidden => "this is not the caller's to do",
        K::BadRequest => "the request is not valid",
        K::NotFound => "there is no such key",
        K::Gone => "it is not there any more",
        K::RateLimited => "the directory's limit is reached; try again later",
        K::InternalServerError => "the directory failed",
        K::ServiceUnavailable => "the directory is not available; try again later",
        K::ResourceConflict => "busy with another operation on the same thing; try again shortly",
        K::RequestSignatureInvalid => "the directory did not accept our signature",
        K::RequestIdAlreadyUsed => "this request_id was used with other content; use a new one",
        K::InvalidReason => "this reason does not fit the operation",
        K::ParticipantInvalid => "this institution may not do this",
        K::TaxIdNumberBlocked => "this tax id is blocked by a court",
        K::EntryInvalid => "the entry is not valid",
        K::EntryLimitExceeded => "the account has as many keys as it may: 5 of a natural, 20 of a legal person",
        K::EntryAlreadyExists => "this owner has the key at this institution already",
        K::EntryCannotBeQueriedForBookTransfer => "the key is the institution's own: a book transfer",
        K::EntryKeyOwnedByDifferentPerson => "another person has this key: start an ownership claim",
        K::EntryKeyInCustodyOfDifferentParticipant => {
            "the same person has this key at another institution: start a portability"
        }
        K::EntryLockedByClaim => "a claim for this key is under way",
        K::EntryTaxIdNumberByDifferentOwner => "this tax id is not the account holder's",
        K::EntryBlocked => "the key is blocked by a court",
        K::EntryWithFraudRelatedRestriction => "the key is restricted for fraud",
        K::ClaimInvalid => "the claim is not valid",
        K::ClaimTypeInconsistent => {
            "the kind of claim does not fit: ownership is for another person's phone, portability for one's own key"
        }
        K::ClaimKeyNotFound => "there is no such key to be claimed: register it",
        K::ClaimAlreadyExistsForKey => "a claim for this key is under way already",
        K::ClaimResultingEntryAlreadyExists => "the claimer has this key at this institution already",
        K::ClaimOperationInvalid => "the claim's state or the caller's side does not allow this",
        K::ClaimResolutionPeriodNotEnded => "the resolution period has not ended",
        K::ClaimCompletionPeriodNotEnded => "the completion period has not ended",
    }
}

/// What must come first, for those that another operation leads to.
const fn precondition(kind: RefusalKind) -> &'static str {
    match kind {
        RefusalKind::EntryKeyOwnedByDifferentPerson => "OWNERSHIP_CLAIM_REQUIRED",
        RefusalKind::EntryKeyInCustodyOfDifferentParticipant => "PORTABILITY_REQUIRED",
        other => other.reason(),
    }
}

fn refused(refusal: &Refusal) -> Status {
    let kind = refusal.kind;
    let code = code(kind);
    if kind == RefusalKind::RequestIdAlreadyUsed {
        return invalid(kind.reason(), advice(kind), &[Violation::new("request_id", "it was used with other content")]);
    }
    if code == Code::InvalidArgument {
        return invalid(kind.reason(), advice(kind), &refusal.violations);
    }
    let mut details = info(kind.reason());
    if let Some(end) = refusal.period_end {
        let end = end.to_rfc3339_opts(chrono::SecondsFormat::Millis, true);
        details = info_with(kind.reason(), [("period_end", end)]);
    }
    match code {
        Code::NotFound | Code::AlreadyExists => {
            let resource = if kind.reason().starts_with("CLAIM_ALREADY") { "claim" } else { "key" };
            details.set_resource_info(resource, "", "", advice(kind));
        }
        Code::FailedPrecondition => {
            details.add_precondition_failure_violation(precondition(kind), "key", advice(kind));
        }
        Code::ResourceExhausted => {
            details.add_quota_failure_violation("directory", advice(kind));
        }
        _ => {}
    }
    if matches!(code, Code::Aborted | Code::ResourceExhausted | Code::Unavailable) {
        details.set_retry_info(Some(refusal.retry_after_ms.map_or(RETRY_DEFAULT, Duration::from_millis)));
    }
    if code == Code::Internal {
        tracing::error!(reason = kind.reason(), "the directory failed");
    }
    with(code, advice(kind), details)
}

fn invalid(reason: &str, message: &str, violations: &[Violation]) -> Status {
    let mut details = info(reason);
    for violation in violations {
        details.add_bad_request_violation(&violation.property, &violation.reason);
    }
    let first = violations.first().map(|it| format!(": {} {}", it.property, it.reason)).unwrap_or_default();
    with(Code::InvalidArgument, &format!("{message}{first}"), details)
}

fn info(reason: &str) -> ErrorDetails {
    error_details(reason)
}

fn info_with<const N: usize>(reason: &str, more: [(&str, String); N]) -> ErrorDetails {
    let mut details = error_details(reason);
    let mut metadata = details.error_info().map(|info| info.metadata.clone()).unwrap_or_default();
    metadata.extend(more.into_iter().map(|(name, value)| (name.to_owned(), value)));
    details.set_error_info(reason, DOMAIN, metadata);
    details
}

fn with(code: Code, message: &str, details: ErrorDetails) -> Status {
    Status::with_error_details(code, message, details)
}
