//! Why an attempt failed, in words, and what may be done about it. Never an address with a key in it, never a body.

use std::error::Error;
use std::io;
use std::time::Duration;

use rustls::{AlertDescription, CertificateError};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use url::form_urlencoded;

use super::UpstreamError;
use super::address::NotAllowed;
use super::credentials::Fingerprint;
use super::tls::Incomplete;

/// The longest piece of a source's own words that we repeat, in characters.
const DETAIL_CHARACTERS_MAX: usize = 200;

/// What a failed attempt says about the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It fails.
    Failed,
    /// It works, and refuses us.
    Answered,
    /// Nothing: the fault is ours, or the caller had no time.
    Nothing,
}

/// A failed attempt.
#[derive(Debug)]
pub(super) struct Failure {
    /// Boxed: it is the largest part of results that are handed up through many calls.
    pub error: Box<UpstreamError>,
    pub verdict: Verdict,
    /// Whether it may pass.
    pub passing: bool,
    /// How long the source asks to be left alone.
    pub told: Option<Duration>,
    /// The credentials that may be to blame: they are read again, and others are tried at once.
    pub refused: Option<Fingerprint>,
}

impl Failure {
    /// Of a source that fails now and may not later.
    pub fn passing(error: UpstreamError) -> Self {
        Self { error: Box::new(error), verdict: Verdict::Failed, passing: true, told: None, refused: None }
    }

    /// Of a source that fails, and would again.
    pub fn lasting(error: UpstreamError) -> Self {
        Self { passing: false, ..Self::passing(error) }
    }

    /// Of a source that works and refuses.
    pub fn answered(error: UpstreamError) -> Self {
        Self { verdict: Verdict::Answered, ..Self::lasting(error) }
    }

    /// Of something on our side.
    pub fn ours(error: UpstreamError) -> Self {
        Self { verdict: Verdict::Nothing, ..Self::lasting(error) }
    }

    /// Of the way to the source or back. `used` are the credentials of a client certificate, if we showed one.
    pub fn of(error: &reqwest::Error, used: Option<Fingerprint>) -> Self {
        if let Some(refusal) = find::<NotAllowed>(error) {
            return Self::ours(UpstreamError::Forbidden(refusal.to_string()));
        }
        let unreachable = |what: &str| UpstreamError::Unreachable(what.to_owned());
        if incomplete(error).is_some() {
            return Self::lasting(unreachable(untrusted(&CertificateError::UnknownIssuer)));
        }
        match find::<rustls::Error>(error) {
            Some(rustls::Error::InvalidCertificate(why)) => return Self::lasting(unreachable(untrusted(why))),
            Some(rustls::Error::AlertReceived(alert)) if used.is_some() && about_certificate(*alert) => {
                let why = format!("the source did not accept our client certificate ({})", named(*alert));
                return Self { refused: used, ..Self::answered(UpstreamError::Unreachable(why)) };
            }
            Some(other) => return Self::passing(UpstreamError::Unreachable(format!("TLS: {other}"))),
            None => {}
        }
        let broken = find::<io::Error>(error).map(io::Error::kind);
        if error.is_dns() {
            return Self::passing(unreachable("its name cannot be resolved"));
        }
        if error.is_connect() {
            let why = match broken {
                _ if error.is_timeout() => "no connection in time",
                Some(io::ErrorKind::ConnectionRefused) => "it refuses connections",
                Some(io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable) => "there is no way to it",
                _ => "no connection could be made",
            };
            return Self::passing(unreachable(why));
        }
        // What the network does comes wrapped by the HTTP library; only the decompressor speaks for itself.
        if error.is_decode() && error.source().is_some_and(|cause| cause.is::<io::Error>()) {
            return Self::lasting(UpstreamError::Invalid("its compression is broken".to_owned()));
        }
        // A server that dislikes our certificate may also just hang up.
        let why = match used {
            None => "the connection broke before the answer was complete",
            Some(_) => "the connection broke before the answer was complete; it may not accept our client certificate",
        };
        Self { refused: used, ..Self::passing(unreachable(why)) }
    }
}

/// The first error of a type in a chain. An `io::Error` made of another error hides it from `source`.
fn find<'a, T: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a T> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<T>() {
            return Some(found);
        }
        let hidden = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        next = hidden.map(|hidden| hidden as &(dyn Error + 'static)).or_else(|| error.source());
    }
    None
}

/// What a host showed, where the handshake failed because that leads to no trusted root and more may be fetched.
pub(super) fn incomplete(error: &reqwest::Error) -> Option<&Incomplete> {
    match find::<rustls::Error>(error)? {
        rustls::Error::InvalidCertificate(CertificateError::Other(other)) => other.0.downcast_ref(),
        _ => None,
    }
}

/// Why a host's certificate is not trusted.
pub(super) fn untrusted(why: &CertificateError) -> &'static str {
    match why {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => "its certificate has expired",
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "its certificate is not valid yet"
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "its certificate names another host"
        }
        CertificateError::UnknownIssuer => {
            "its certificate leads to no trusted root; if the host leaves out its intermediate certificate, or has an \
             authority of its own, name a file with that certificate in extra_ca_file"
        }
        CertificateError::BadSignature => {
            "its certificate was signed by another authority than the trusted one of that name"
        }
        CertificateError::Revoked => "its certificate is revoked",
        _ => "its certificate cannot be verified",
    }
}

fn about_certificate(alert: AlertDescription) -> bool {
    !matches!(
        alert,
        AlertDescription::CloseNotify
            | AlertDescription::InternalError
            | AlertDescription::UserCanceled
            | AlertDescription::ProtocolVersion
            | AlertDescription::NoApplicationProtocol
            | AlertDescription::UnrecognisedName
    )
}

fn named(alert: AlertDescription) -> &'static str {
    match alert {
        AlertDescription::CertificateExpired => "it says that it has expired",
        AlertDescription::CertificateRevoked => "it says that it is revoked",
        AlertDescription::UnknownCA => "it does not know its issuer",
        AlertDescription::CertificateRequired | AlertDescription::NoCertificate => "it received none",
        _ => "it does not say why",
    }
}

/// A source's own words about a refusal: the message of a JSON body, else its text; cleaned.
pub(super) fn detail(body: &[u8], content_type: &str, secrets: &[SecretString]) -> String {
    let text = match serde_json::from_slice::<Value>(body) {
        Ok(answer) => message(&answer).unwrap_or_default(),
        Err(_) if content_type.contains("html") => "a page of HTML".to_owned(),
        Err(_) => String::from_utf8_lossy(body).into_owned(),
    };
    clean(&text, secrets)
}

/// A source's own words: cut, in one line, and without any of `secrets`, however a query spells them.
pub(super) fn clean(text: &str, secrets: &[SecretString]) -> String {
    let spelled = |secret: &str| form_urlencoded::byte_serialize(secret.as_bytes()).collect::<String>();
    let hidden = secrets.iter().map(ExposeSecret::expose_secret).filter(|secret| !secret.is_empty());
    let hide = |text: String, secret: &str| text.replace(secret, "[…]").replace(&spelled(secret), "[…]");
    let text = hidden.fold(text.to_owned(), hide);
    let printable = text.split(|c: char| c.is_control() || c.is_whitespace()).filter(|word| !word.is_empty());
    let line = printable.collect::<Vec<_>>().join(" ");
    if line.is_empty() {
        return "it does not say why".to_owned();
    }
    line.chars().take(DETAIL_CHARACTERS_MAX).collect()
}

/// The message in the shapes that errors come in.
fn message(answer: &Value) -> Option<String> {
    const NAMES: [&str; 6] = ["message", "error_description", "detail", "title", "error", "errors"];
    match answer {
        Value::String(text) => Some(text.clone()),
        Value::Array(items) => items.iter().find_map(message),
        Value::Object(_) => NAMES.iter().find_map(|name| message(answer.get(name)?)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_s_words_are_cut_cleaned_and_rid_of_secrets() {
        let secrets = ["k-123".into(), "".into()];
        let said = |body: &str| detail(body.as_bytes(), "application/json", &secrets);
        assert_eq!(said(r#"{"message":"Filtro inválido","data":1}"#), "Filtro inválido");
        assert_eq!(said(r#"{"error":{"code":7,"message":"no\u0000 \u001b[31m\nkey k-123"}}"#), "no [31m key […]");
        assert_eq!(said(r#"{"errors":[{"detail":"first"},{"detail":"second"}]}"#), "first");
        assert_eq!(said("plain\r\n\r\nX-Injected: 1"), "plain X-Injected: 1");
        assert_eq!(said(r#"{"data":[]}"#), "it does not say why");
        assert_eq!(clean("at ?key=k%2F1+2", &["k/1 2".into()]), "at ?key=[…]");
        assert_eq!(said(&"ã".repeat(900)).chars().count(), 200);
        assert_eq!(detail(b"<html>k-123", "text/html", &secrets), "a page of HTML");
        assert_eq!(detail(b"\xff\xfe", "", &secrets), "\u{fffd}\u{fffd}");
    }
}
