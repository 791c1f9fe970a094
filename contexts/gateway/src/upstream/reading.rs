//! A whole answer of status 200 to 299, read as its connector describes it: what it says, or what it says against its
//! source.

use std::time::Duration;

use secrecy::SecretString;
use serde_json::Value;

use super::failure::{Failure, clean};
use super::{Received, UpstreamError};
use crate::domain::connector::Endpoint;
use crate::domain::mapping::{Mapped, MappingError};
use crate::domain::parameter::Arguments;

/// Our form of an answer. `longest` is the wait that is named where the source names none; `secrets` are not repeated
/// from the source's words.
pub(super) fn read(
    endpoint: &Endpoint,
    arguments: &Arguments,
    received: &Received,
    longest: Duration,
    secrets: &[SecretString],
) -> Result<Mapped, Failure> {
    let answer = json(received).map_err(|why| Failure::lasting(UpstreamError::Invalid(why)))?;
    endpoint.response.apply(&answer, arguments).map_err(|error| match error {
        MappingError::TooManyRequests => {
            let retry_after_s = longest.as_secs().max(1);
            Failure { passing: true, ..Failure::answered(UpstreamError::TooManyRequests { retry_after_s }) }
        }
        MappingError::Refused(said) => {
            Failure::answered(UpstreamError::Refused { status: 200, detail: clean(&said, secrets) })
        }
        // One endpoint that changed its shape is no reason to leave the others alone.
        MappingError::Unexpected(why) => Failure::answered(UpstreamError::Invalid(why)),
    })
}

/// The JSON of an answer; else why it is none, without quoting it.
fn json(received: &Received) -> Result<Value, String> {
    if received.content_type.starts_with("text/html") {
        return Err("it is a page (text/html), not JSON".to_owned());
    }
    if received.body.is_empty() {
        return Err("it is empty".to_owned());
    }
    serde_json::from_slice(&received.body)
        .map_err(|error| format!("it is no JSON: line {}, column {}", error.line(), error.column()))
}
