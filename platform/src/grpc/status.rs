//! What a refusal says: a code of the closed table, and the details of `google.rpc`.

use std::collections::HashMap;
use std::time::Duration;

use axum::http::{HeaderMap, HeaderName};
use tonic::{Code as GrpcCode, Status};
use tonic_types::{ErrorDetails, StatusExt};

use crate::problem::Code;
use crate::telemetry::trace::current_trace_id;

/// The domain of every `ErrorInfo`.
pub const DOMAIN: &str = "bgc";

const GRPC_STATUS: HeaderName = HeaderName::from_static("grpc-status");
const GRPC_STATUS_DETAILS: HeaderName = HeaderName::from_static("grpc-status-details-bin");

/// Details that begin as all of ours do: an `ErrorInfo` of our domain with the reason, and with the id by which the
/// log knows the call as `correlation_id`. `reason` is in capitals with underscores (AIP-193).
#[must_use]
pub fn error_details(reason: impl Into<String>) -> ErrorDetails {
    details_of(reason, current_trace_id().as_deref())
}

fn details_of(reason: impl Into<String>, trace_id: Option<&str>) -> ErrorDetails {
    let metadata = trace_id.map(|id| ("correlation_id".to_owned(), id.to_owned()));
    ErrorDetails::with_error_info(reason, DOMAIN, HashMap::from_iter(metadata))
}

/// The status of a code of the closed table, whose name in capitals is the reason.
#[must_use]
pub fn refusal(code: Code, message: impl Into<String>) -> Status {
    refusal_with(code, message, |_| {})
}

/// The same with further details. Where trying again helps by itself they say so already, after a second.
#[must_use]
pub fn refusal_with(code: Code, message: impl Into<String>, add: impl FnOnce(&mut ErrorDetails)) -> Status {
    let mut details = error_details(code.name().to_ascii_uppercase());
    if code.grpc() == GrpcCode::Unavailable {
        details.set_retry_info(Some(Duration::from_secs(1)));
    }
    add(&mut details);
    Status::with_error_details(code.grpc(), message, details)
}

/// The code that headers or trailers carry.
pub(super) fn code_of(headers: &HeaderMap) -> Option<GrpcCode> {
    headers.get(GRPC_STATUS).map(|value| GrpcCode::from_bytes(value.as_bytes()))
}

/// The refusal of a caller whose token has none of these scopes.
#[must_use]
pub fn missing_scope(scopes: &[&str]) -> Status {
    let scopes = scopes.join(" or ");
    let mut details = error_details("MISSING_SCOPE");
    let mut metadata = details.error_info().map(|info| info.metadata.clone()).unwrap_or_default();
    metadata.insert("scope".to_owned(), scopes.clone());
    details.set_error_info("MISSING_SCOPE", DOMAIN, metadata);
    let message = format!("the scope {scopes} is needed, which the token does not have");
    Status::with_error_details(GrpcCode::PermissionDenied, message, details)
}

/// Adds an `ErrorInfo` to a status in a head that has no details: what tonic itself refuses with, and what a method
/// forgot. The code that it says then.
///
/// Tonic calls a request that it cannot read INTERNAL. Nothing of ours says that without details, so it is the caller's
/// fault.
pub(super) fn complete(headers: &mut HeaderMap, code: GrpcCode, trace_id: &str) -> GrpcCode {
    if code == GrpcCode::Ok || headers.contains_key(GRPC_STATUS_DETAILS) {
        return code;
    }
    let (code, reason) = match code {
        GrpcCode::Internal => (GrpcCode::InvalidArgument, "VALIDATION_ERROR"),
        code => (code, reason(code)),
    };
    let message = Status::from_header_map(headers).map(|status| status.message().to_owned()).unwrap_or_default();
    let message = if message.is_empty() { code.description().to_owned() } else { message };
    let details = details_of(reason, Some(trace_id));
    // Fails only for texts that no header can hold, and these are percent-encoded.
    if let Err(status) = Status::with_error_details(code, message, details).add_header(headers) {
        tracing::error!(%status, "the details of a status could not be written");
    }
    code
}

/// The name of a code, as the specification writes it.
const fn reason(code: GrpcCode) -> &'static str {
    match code {
        GrpcCode::Ok => "OK",
        GrpcCode::Cancelled => "CANCELLED",
        GrpcCode::Unknown => "UNKNOWN",
        GrpcCode::InvalidArgument => "INVALID_ARGUMENT",
        GrpcCode::DeadlineExceeded => "DEADLINE_EXCEEDED",
        GrpcCode::NotFound => "NOT_FOUND",
        GrpcCode::AlreadyExists => "ALREADY_EXISTS",
        GrpcCode::PermissionDenied => "PERMISSION_DENIED",
        GrpcCode::ResourceExhausted => "RESOURCE_EXHAUSTED",
        GrpcCode::FailedPrecondition => "FAILED_PRECONDITION",
        GrpcCode::Aborted => "ABORTED",
        GrpcCode::OutOfRange => "OUT_OF_RANGE",
        GrpcCode::Unimplemented => "UNIMPLEMENTED",
        GrpcCode::Internal => "INTERNAL",
        GrpcCode::Unavailable => "UNAVAILABLE",
        GrpcCode::DataLoss => "DATA_LOSS",
        GrpcCode::Unauthenticated => "UNAUTHENTICATED",
    }
}
