//! A whole answer of status 200 to 299, read as its connector describes it: what it says, or what it says against its
//! source.

use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use super::failure::{Failure, clean};
use super::{Received, UpstreamError};
use crate::domain::connector::Endpoint;
use crate::domain::mapping::{Mapped, MappingError};
use crate::domain::parameter::Arguments;

/// A shorter credential could stand in an answer by chance.
const SECRET_BYTES_MIN: usize = 8;

/// Our form of an answer. `longest` is the wait that is named where the source names none; `secrets` are not repeated
/// from the source's words.
pub(super) fn read(
    endpoint: &Endpoint,
    arguments: &Arguments,
    received: &Received,
    longest: Duration,
    secrets: &[SecretString],
) -> Result<Mapped, Failure> {
    // Before anything is cut out of it: half of a credential would not be found any more.
    let said = String::from_utf8_lossy(&received.body);
    let long = secrets.iter().map(ExposeSecret::expose_secret).filter(|secret| secret.len() >= SECRET_BYTES_MIN);
    let hidden = long
        .filter(|secret| said.contains(*secret))
        .fold(None, |hidden: Option<String>, secret| Some(hidden.as_deref().unwrap_or(&said).replace(secret, "[…]")));
    let body = hidden.as_ref().map_or(&received.body[..], String::as_bytes);
    let answer = json(&received.content_type, body).map_err(|why| Failure::lasting(UpstreamError::Invalid(why)))?;
    let mapped = endpoint.response.apply(&answer, arguments).map_err(|error| match error {
        MappingError::TooManyRequests => {
            let retry_after_s = longest.as_secs().max(1);
            Failure { passing: true, ..Failure::answered(UpstreamError::TooManyRequests { retry_after_s }) }
        }
        MappingError::Refused(said) => {
            Failure::answered(UpstreamError::Refused { status: 200, detail: clean(&said, secrets) })
        }
        // One endpoint that changed its shape is no reason to leave the others alone.
        MappingError::Unexpected(why) => Failure::answered(UpstreamError::Invalid(why)),
    })?;
    if hidden.is_some() {
        // It would be kept in three places, and answered to everybody.
        return Err(Failure::answered(UpstreamError::Invalid("it repeats our credential".to_owned())));
    }
    Ok(mapped)
}

/// The JSON of an answer; else why it is none, without quoting it.
fn json(content_type: &str, body: &[u8]) -> Result<Value, String> {
    if content_type.starts_with("text/html") {
        return Err("it is a page (text/html), not JSON".to_owned());
    }
    if body.is_empty() {
        return Err("it is empty".to_owned());
    }
    serde_json::from_slice(body)
        .map_err(|error| format!("it is no JSON: line {}, column {}", error.line(), error.column()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_that_repeats_our_credential_is_none() {
        let catalogue = crate::connectors::load(None).unwrap();
        let endpoint = &catalogue.connectors["comexstat"].endpoints["anos"];
        let said = |body: &str, secret: &str| {
            let received = Received {
                body: body.to_owned().into(),
                content_type: "application/json".to_owned(),
                date: None,
                last_modified: None,
                fresh_seconds: None,
            };
            read(endpoint, &Arguments::default(), &received, Duration::ZERO, &[secret.to_owned().into()])
        };
        let body = r#"{"data":{"min":1997,"max":2026},"success":true,"you":"k-1234567"}"#;
        assert!(said(body, "k-7654321").is_ok());
        assert!(said(body, "1997").is_ok(), "what is short may stand there by chance");
        let error = said(body, "k-1234567").map(drop).map_err(|failure| failure.error.to_string());
        assert_eq!(error, Err("the source's answer cannot be used: it repeats our credential".to_owned()));
    }
    #[test]
    fn words_that_are_cut_show_no_half_of_a_credential() {
        let catalogue = crate::connectors::load(None).unwrap();
        let endpoint = &catalogue.connectors["comexstat"].endpoints["anos"];
        let body = format!(r#"{{"success":false,"message":"{} k-1234567"}}"#, "x".repeat(195));
        let received = Received {
            body: body.into(),
            content_type: "application/json".to_owned(),
            date: None,
            last_modified: None,
            fresh_seconds: None,
        };
        let secrets = ["k-1234567".to_owned().into()];
        let failure = read(endpoint, &Arguments::default(), &received, Duration::ZERO, &secrets).unwrap_err();
        assert!(!failure.error.to_string().contains("k-1"), "{}", failure.error);
    }
}
