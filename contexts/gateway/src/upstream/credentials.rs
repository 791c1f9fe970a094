//! How we show who we are: read from the secrets, kept as briefly as possible, never printed.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use platform::clock::Clock;
use platform::tls::pem;
use reqwest::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use sha2::{Digest, Sha256};
use tokio::sync::Mutex;
use url::{Url, form_urlencoded};

use super::UpstreamError;
use super::body;
use super::clients::Clients;
use super::failure::{self, Failure, Verdict};
use super::tls::Identity;
use crate::domain::connector::{Auth, SecretName};
use crate::secrets::{SecretError, Secrets};

/// The largest answer of a token server that is read.
const TOKEN_BYTES_MAX: u64 = 64 << 10;
/// How long a token is kept whose server does not say.
const TOKEN_SECONDS_DEFAULT: u64 = 300;
/// No token is kept longer, whatever its server says.
const TOKEN_SECONDS_MAX: u64 = 24 * 3600;
/// A token is given up so long before it expires, or a tenth of its life if that is less.
const TOKEN_MARGIN_SECONDS: u64 = 30;

/// Tells one set of credentials from the next: the first eight bytes of a hash.
pub(super) type Fingerprint = u64;

/// The credentials of one attempt.
pub(super) struct Shown {
    /// Changes when they do.
    pub fingerprint: Fingerprint,
    kind: Kind,
}

enum Kind {
    Nothing,
    Header(HeaderName, HeaderValue, SecretString),
    Query(String, SecretString),
    Certificate { chain: SecretString, key: SecretString, names: (SecretName, SecretName) },
}

impl fmt::Debug for Shown {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Shown(…)")
    }
}

impl Shown {
    fn new(kind: Kind, parts: &[&SecretString]) -> Self {
        let mut hasher = Sha256::new();
        for part in parts {
            hasher.update(part.expose_secret().len().to_le_bytes());
            hasher.update(part.expose_secret());
        }
        let hash = hasher.finalize();
        let fingerprint = hash.iter().take(8).fold(0, |sum, &byte| sum << 8 | u64::from(byte));
        Self { fingerprint, kind }
    }

    fn header(name: HeaderName, prefix: &str, secret: SecretString, of: &SecretName) -> Result<Self, UpstreamError> {
        let value = HeaderValue::from_str(&format!("{prefix}{}", secret.expose_secret()));
        let mut value = value.map_err(|_| unreadable(of, "it holds characters that no header can carry"))?;
        value.set_sensitive(true);
        Ok(Self::new(Kind::Header(name, value, secret.clone()), &[&secret]))
    }

    /// The header that shows them.
    pub fn as_header(&self) -> Option<(&HeaderName, &HeaderValue)> {
        if let Kind::Header(name, value, _) = &self.kind { Some((name, value)) } else { None }
    }

    /// The query parameter that shows them.
    pub fn as_query(&self) -> Option<(&str, &SecretString)> {
        if let Kind::Query(name, value) = &self.kind { Some((name, value)) } else { None }
    }

    /// Whether a client certificate shows them.
    pub fn has_identity(&self) -> bool {
        matches!(self.kind, Kind::Certificate { .. })
    }

    /// The client certificate, parsed.
    pub fn identity(&self) -> Result<Option<Identity>, UpstreamError> {
        let Kind::Certificate { chain, key, names } = &self.kind else { return Ok(None) };
        let chain = pem::certificates(chain.expose_secret().as_bytes()).map_err(|why| unreadable(&names.0, &why))?;
        let key = pem::private_key(key.expose_secret().as_bytes()).map_err(|why| unreadable(&names.1, &why))?;
        Ok(Some(Identity { chain, key }))
    }

    /// What must not be repeated from a source's words.
    pub fn secrets(&self) -> Vec<SecretString> {
        match &self.kind {
            Kind::Header(_, _, secret) | Kind::Query(_, secret) => vec![secret.clone()],
            Kind::Nothing | Kind::Certificate { .. } => Vec::new(),
        }
    }
}

fn unreadable(name: &SecretName, why: &str) -> UpstreamError {
    let (name, detail) = (name.clone(), why.to_owned());
    UpstreamError::Secret(SecretError::Unreadable { name, source_name: "its text", detail })
}

/// A token of OAuth2, good until a moment.
struct Token {
    value: SecretString,
    until: DateTime<Utc>,
}

/// Where a connector's credentials come from.
pub(super) struct Credentials {
    auth: Auth,
    secrets: Arc<Secrets>,
    clock: Arc<dyn Clock>,
    private_network: bool,
    /// Held while a token is asked for: one does, the others wait for it.
    token: Mutex<Option<Token>>,
}

impl Credentials {
    pub fn new(auth: Auth, secrets: Arc<Secrets>, clock: Arc<dyn Clock>, private_network: bool) -> Self {
        Self { auth, secrets, clock, private_network, token: Mutex::new(None) }
    }

    /// The credentials now.
    pub async fn shown(&self, clients: &Clients) -> Result<Shown, Failure> {
        match &self.auth {
            Auth::None => Ok(Shown::new(Kind::Nothing, &[])),
            Auth::ApiKeyHeader { header, prefix, secret } => {
                let name = HeaderName::from_bytes(header.as_bytes())
                    .map_err(|_| Failure::ours(UpstreamError::Setup(format!("`{header}` is no name of a header"))))?;
                Shown::header(name, prefix, self.secret(secret).await?, secret).map_err(Failure::ours)
            }
            Auth::ApiKeyQuery { parameter, secret } => {
                let value = self.secret(secret).await?;
                Ok(Shown::new(Kind::Query(parameter.clone(), value.clone()), &[&value]))
            }
            Auth::OAuth2ClientCredentials { client_secret, .. } => {
                let token = self.token(clients).await?;
                Shown::header(reqwest::header::AUTHORIZATION, "Bearer ", token, client_secret).map_err(Failure::ours)
            }
            Auth::MutualTls { certificate, key } => {
                let (chain, private) = (self.secret(certificate).await?, self.secret(key).await?);
                let names = (certificate.clone(), key.clone());
                let kind = Kind::Certificate { chain: chain.clone(), key: private.clone(), names };
                Ok(Shown::new(kind, &[&chain, &private]))
            }
        }
    }

    /// Forgets credentials that were refused. Whoever comes second finds those that the first one got.
    pub async fn forget(&self, refused: Fingerprint) {
        for name in self.auth.secrets() {
            self.secrets.forget(name);
        }
        let mut token = self.token.lock().await;
        let same = |token: &mut Token| Shown::new(Kind::Nothing, &[&token.value]).fingerprint == refused;
        drop(token.take_if(same));
    }

    async fn secret(&self, name: &SecretName) -> Result<SecretString, Failure> {
        self.secrets.get(name).await.map_err(|error| Failure::ours(error.into()))
    }

    async fn token(&self, clients: &Clients) -> Result<SecretString, Failure> {
        let mut kept = self.token.lock().await;
        let now = self.clock.now();
        if let Some(token) = kept.as_ref().filter(|token| now < token.until) {
            return Ok(token.value.clone());
        }
        let token = self.ask_for_token(clients, now).await?;
        let value = token.value.clone();
        *kept = Some(token);
        Ok(value)
    }

    /// RFC 6749, section 4.4.2: client credentials, shown by HTTP Basic as every server must understand (2.3.1).
    async fn ask_for_token(&self, clients: &Clients, now: DateTime<Utc>) -> Result<Token, Failure> {
        let Auth::OAuth2ClientCredentials { token_url, client_id, client_secret, scopes, audience } = &self.auth else {
            return Err(Failure::ours(UpstreamError::Setup("this connector has no token server".to_owned())));
        };
        super::address::check(token_url, self.private_network).map_err(Failure::ours)?;
        let (id, secret) = (self.secret(client_id).await?, self.secret(client_secret).await?);
        let encoded = |value: &SecretString| -> String {
            form_urlencoded::byte_serialize(value.expose_secret().as_bytes()).collect()
        };
        let request = clients.plain.answers.post(token_url.clone());
        let request = request
            .basic_auth(encoded(&id), Some(encoded(&secret)))
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(reqwest::header::ACCEPT, "application/json")
            .body(token_form(scopes, audience.as_deref()));
        let mut response = clients.send(request, None).await.map_err(of_token_server)?;
        let status = response.status().as_u16();
        let content_type = super::answer::content_type(response.headers());
        let body = body::read(&mut response, TOKEN_BYTES_MAX).await.map_err(of_token_server)?;
        match status {
            200 => read_token(&body, now)
                .map_err(|why| Failure::lasting(UpstreamError::Invalid(format!("the token server's answer {why}")))),
            429 | 500.. => {
                let error = UpstreamError::Unreachable(format!("the token server answered {status}"));
                Err(Failure::passing(error))
            }
            _ => {
                self.secrets.forget(client_id);
                self.secrets.forget(client_secret);
                let said = failure::detail(&body, &content_type, &[id, secret]);
                let detail = format!("the token server {} refused our client: {said}", host(token_url));
                Err(Failure::answered(UpstreamError::Refused { status, detail }))
            }
        }
    }
}

fn token_form(scopes: &[String], audience: Option<&str>) -> String {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("grant_type", "client_credentials");
    if !scopes.is_empty() {
        form.append_pair("scope", &scopes.join(" "));
    }
    if let Some(audience) = audience {
        form.append_pair("audience", audience);
    }
    form.finish()
}

fn host(url: &Url) -> &str {
    url.host_str().unwrap_or("")
}

/// Says that it is not the source itself that failed.
fn of_token_server(failure: Failure) -> Failure {
    let error = match *failure.error {
        UpstreamError::Unreachable(why) => UpstreamError::Unreachable(format!("its token server: {why}")),
        UpstreamError::TooLarge(_) => UpstreamError::Invalid("the token server's answer is too large".to_owned()),
        other => other,
    };
    Failure { error: Box::new(error), verdict: Verdict::Failed, ..failure }
}

/// RFC 6749, section 5.1. Errors say what is wrong and nothing of the value.
fn read_token(body: &[u8], now: DateTime<Utc>) -> Result<Token, &'static str> {
    let answer: Value = serde_json::from_slice(body).map_err(|_| "is no JSON")?;
    let kind = answer.get("token_type").and_then(Value::as_str).unwrap_or("bearer");
    if !kind.eq_ignore_ascii_case("bearer") {
        return Err("names a type of token that we cannot show");
    }
    let value = answer.get("access_token").and_then(Value::as_str).filter(|value| !value.is_empty());
    let value = SecretString::from(value.ok_or("has no `access_token`")?);
    // A number by the standard, text by some servers.
    let seconds = match answer.get("expires_in") {
        Some(Value::String(text)) => text.parse().ok(),
        Some(number) => number.as_u64(),
        None => None,
    };
    let seconds = seconds.unwrap_or(TOKEN_SECONDS_DEFAULT).min(TOKEN_SECONDS_MAX);
    let kept = Duration::from_secs(seconds)
        - Duration::from_secs(TOKEN_MARGIN_SECONDS.min(seconds)).min(Duration::from_secs(seconds) / 10);
    Ok(Token { value, until: now + TimeDelta::from_std(kept).unwrap_or_default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_kept_until_shortly_before_they_expire() {
        let now = "2025-01-01T00:00:00Z".parse().unwrap();
        let kept_s = |answer: &str| read_token(answer.as_bytes(), now).map(|token| (token.until - now).num_seconds());
        assert_eq!(kept_s(r#"{"access_token":"t","token_type":"Bearer","expires_in":3600}"#), Ok(3570));
        assert_eq!(kept_s(r#"{"access_token":"t","expires_in":"100"}"#), Ok(90));
        assert_eq!(kept_s(r#"{"access_token":"t","expires_in":0}"#), Ok(0));
        assert_eq!(kept_s(r#"{"access_token":"t"}"#), Ok(270));
        assert_eq!(kept_s(r#"{"access_token":"t","expires_in":99999999999999}"#), Ok(86_370));
        for wrong in ["<html>", r#"{"access_token":""}"#, r#"{"access_token":"t","token_type":"mac"}"#, "[]"] {
            assert!(kept_s(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn nothing_of_a_credential_is_shown_by_debug() {
        let name = SecretName { name: "n".to_owned(), key: "k".to_owned() };
        let shown = Shown::header(HeaderName::from_static("x-api-key"), "", "k-123".into(), &name).unwrap();
        assert!(!format!("{shown:?}{:?}", shown.as_header()).contains("k-123"));
        let error = Shown::header(HeaderName::from_static("x-api-key"), "", "k\n123".into(), &name).unwrap_err();
        assert!(!format!("{error:?} {error}").contains("123"));
    }
}
