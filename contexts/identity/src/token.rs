//! Signed tokens (JWT): which issuers are trusted, and whether a token is theirs, whole, in time and for us.
//!
//! Algorithm and key are fixed for each issuer before a token is looked at (RFC 8725, sections 2.1 and 3.1): what a
//! token's header says only has to agree. So `none` is nobody's algorithm and a public key is nobody's HMAC secret.

mod issuers;
mod verified;

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, EncodingKey, Header, Validation};
use platform::auth::{Credential, Principal, Tier};
use platform::random::{Entropy, EntropyError, hex};
use serde::Deserialize;

use crate::domain::claims::{Audience, Claims, ClaimsError};
use crate::domain::lifetime::TOKEN_MAX;
use crate::secrets::token_hash;
use verified::Signed;

pub use issuers::{DEFAULT_ISSUER, Issuers, IssuersError};

/// The audience of the HTTP API.
pub const API_AUDIENCE: &str = "bgc-api";
/// The audience of tokens for the gateway.
pub const GATEWAY_AUDIENCE: &str = "bgc-gateway";
/// Larger tokens are not looked at.
pub const TOKEN_BYTES_MAX: usize = 4096;

/// Why a token is not accepted. Says nothing that its holder could not see in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// It is no signed token, or too large.
    #[error("the token cannot be read")]
    Unreadable,
    /// Nobody trusts its issuer, or the issuer has no such key or signs otherwise.
    #[error("the token is of no issuer that is trusted, or not signed as that issuer signs")]
    Issuer,
    /// The signature is not that of its issuer.
    #[error("the signature of the token is wrong")]
    Signature,
    /// Its claims do not hold.
    #[error(transparent)]
    Claims(#[from] ClaimsError),
}

impl TokenError {
    /// The text as a constant, for the door.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            TokenError::Unreadable => "the token cannot be read",
            TokenError::Issuer => "the token is of no issuer that is trusted, or not signed as that issuer signs",
            TokenError::Signature => "the signature of the token is wrong",
            TokenError::Claims(ClaimsError::Expired) => "the token has expired",
            TokenError::Claims(ClaimsError::NotYet) => "the token is not valid yet",
            TokenError::Claims(ClaimsError::Audience) => "the token is for another audience",
            TokenError::Claims(ClaimsError::Malformed) => "a claim of the token is not valid",
        }
    }
}

/// The one claim that is read before the signature: it only chooses the key.
#[derive(Deserialize)]
struct Unverified {
    iss: String,
}

/// Whose a token is at `now`, for one who answers to `audience`.
///
/// # Errors
/// If it is not accepted.
pub fn verify(token: &str, issuers: &Issuers, audience: &str, now: DateTime<Utc>) -> Result<Principal, TokenError> {
    if token.len() > TOKEN_BYTES_MAX {
        return Err(TokenError::Unreadable);
    }
    let hash = token_hash(token);
    if let Some(known) = issuers.verified.get(&hash) {
        known.claims.check(audience, now)?;
        return Ok(known.principal.clone());
    }
    let signed = signed(token, issuers)?;
    signed.claims.check(audience, now)?;
    let principal = signed.principal.clone();
    issuers.verified.keep(hash, Arc::new(signed));
    Ok(principal)
}

/// What a token says, if it is its issuer's.
fn signed(token: &str, issuers: &Issuers) -> Result<Signed, TokenError> {
    let header = jsonwebtoken::decode_header(token).map_err(|_| TokenError::Unreadable)?;
    // Extensions that must be understood: we understand none (RFC 7515, section 4.1.11).
    if header.crit.is_some() {
        return Err(TokenError::Unreadable);
    }
    let unverified: Unverified =
        jsonwebtoken::dangerous::insecure_decode_claims(token).map_err(|_| TokenError::Unreadable)?;
    let issuer = issuers.named(&unverified.iss).ok_or(TokenError::Issuer)?;
    let key = issuer.key(header.alg, header.kid.as_deref()).ok_or(TokenError::Issuer)?;
    let mut validation = Validation::new(issuer.algorithm());
    // The times are checked below, by our clock.
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.validate_aud = false;
    validation.required_spec_claims.clear();
    let decoded = jsonwebtoken::decode::<Claims>(token, key, &validation).map_err(|error| match error.kind() {
        ErrorKind::InvalidSignature => TokenError::Signature,
        ErrorKind::InvalidAlgorithm | ErrorKind::InvalidKeyFormat => TokenError::Issuer,
        _ => TokenError::Unreadable,
    })?;
    let claims = decoded.claims;
    let principal = Principal {
        tier: claims.tier.as_deref().and_then(Tier::parse).unwrap_or(Tier::Free),
        scopes: claims.scopes().map(str::to_owned).collect(),
        subject: issuer.subject(claims.sub.clone()),
        tenant: claims.tenant.clone(),
        ispb: claims.ispb.clone(),
        credential: Credential::Token,
        credential_id: claims.jti.clone(),
    };
    Ok(Signed { claims, principal })
}

/// What a new token is to say.
#[derive(Debug, Clone)]
pub struct TokenRequest {
    /// Whom it names.
    pub subject: String,
    /// What they pay for.
    pub tier: Tier,
    /// The tenant acted for.
    pub tenant: Option<String>,
    /// The payment institution spoken for.
    pub ispb: Option<String>,
    /// What it allows besides.
    pub scopes: Vec<String>,
    /// How long it holds, at most [`TOKEN_MAX`].
    pub ttl: TimeDelta,
    /// For whom it is: [`API_AUDIENCE`] for the HTTP API.
    pub audience: String,
}

/// Why a token is not issued.
#[derive(Debug, thiserror::Error)]
pub enum IssueError {
    /// What it should say would not be accepted.
    #[error("{0}: subject and tenant have 1 to 255 characters, an ISPB has 8, and there are at most 64 scopes")]
    Claims(#[from] ClaimsError),
    /// It should hold for nothing or too long.
    #[error("a token holds between a second and {} days", TOKEN_MAX.num_days())]
    Ttl,
    /// It would be larger than any that is accepted.
    #[error("the token would have more than {TOKEN_BYTES_MAX} bytes")]
    TooLarge,
    /// It could not be signed.
    #[error("the token could not be signed: {0}")]
    Signing(String),
    /// It could get no id.
    #[error(transparent)]
    Entropy(#[from] EntropyError),
}

/// A token of this installation, signed with `secret`, and its id (`jti`).
///
/// # Errors
/// If it would not be accepted afterwards, or cannot be signed.
pub fn issue(
    request: &TokenRequest,
    issuer: &str,
    secret: &[u8],
    entropy: &dyn Entropy,
    now: DateTime<Utc>,
) -> Result<(String, String), IssueError> {
    if request.ttl < TimeDelta::seconds(1) || request.ttl > TOKEN_MAX {
        return Err(IssueError::Ttl);
    }
    let mut id = [0; 16];
    entropy.fill(&mut id)?;
    let id = hex(&id);
    let claims = Claims {
        iss: issuer.to_owned(),
        aud: Audience::One(request.audience.clone()),
        sub: request.subject.clone(),
        tenant: request.tenant.clone(),
        tier: Some(request.tier.name().to_owned()),
        ispb: request.ispb.clone(),
        scope: (!request.scopes.is_empty()).then(|| request.scopes.join(" ")),
        iat: Some(now.timestamp()),
        nbf: Some(now.timestamp()),
        exp: (now + request.ttl).timestamp(),
        jti: Some(id.clone()),
    };
    claims.check(&request.audience, now)?;
    let signed = jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &EncodingKey::from_secret(secret));
    let token = signed.map_err(|error| IssueError::Signing(error.to_string()))?;
    if token.len() > TOKEN_BYTES_MAX { Err(IssueError::TooLarge) } else { Ok((token, id)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use testkit::CountingEntropy;

    const SECRET: &[u8] = b"a secret of tests with at least 32 bytes";

    fn request(audience: &str) -> TokenRequest {
        TokenRequest {
            subject: "nightly".to_owned(),
            tier: Tier::Free,
            tenant: None,
            ispb: Some("12345678".to_owned()),
            scopes: vec!["a".to_owned()],
            ttl: TimeDelta::seconds(60),
            audience: audience.to_owned(),
        }
    }

    #[test]
    fn a_token_that_was_seen_is_looked_at_again_but_for_its_signature() {
        let now = DateTime::from_timestamp(1_742_040_000, 0).unwrap();
        let issuers = Issuers::own("bgc", SECRET);
        let (token, _) = issue(&request("core-dict"), "bgc", SECRET, &CountingEntropy::default(), now).unwrap();
        for _ in 0..2 {
            let principal = verify(&token, &issuers, "core-dict", now).unwrap();
            assert_eq!((principal.subject.as_str(), principal.ispb.as_deref()), ("nightly", Some("12345678")));
            assert_eq!(verify(&token, &issuers, "bgc-api", now), Err(TokenError::Claims(ClaimsError::Audience)));
        }
        let late = now + TimeDelta::seconds(91);
        assert_eq!(verify(&token, &issuers, "core-dict", late), Err(TokenError::Claims(ClaimsError::Expired)));
        let forged = format!("{}A", &token[..token.len() - 1]);
        let forged = if forged == token { format!("{}B", &token[..token.len() - 1]) } else { forged };
        assert!(verify(&forged, &issuers, "core-dict", now).is_err());
    }

    #[test]
    fn tokens_beyond_two_generations_are_forgotten_and_checked_anew() {
        let now = DateTime::from_timestamp(1_742_040_000, 0).unwrap();
        let (issuers, entropy) = (Issuers::own("bgc", SECRET), CountingEntropy::default());
        for _ in 0..5000 {
            let (token, _) = issue(&request("core-dict"), "bgc", SECRET, &entropy, now).unwrap();
            verify(&token, &issuers, "core-dict", now).unwrap();
        }
        assert!(issuers.verified.len() <= 4096);
    }
}
