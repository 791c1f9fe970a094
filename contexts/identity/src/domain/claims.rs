//! What a token says and whether it is for us, its signature apart (RFC 7519, section 4.1; RFC 8725).

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// Clocks of issuers may differ from ours by this much.
pub const LEEWAY: TimeDelta = TimeDelta::seconds(30);
/// The longest `sub`, `tenant` and `jti`, in characters.
const TEXT_CHARS_MAX: usize = 255;
/// Most scopes of one token.
const SCOPES_MAX: usize = 64;
/// Characters of an ISPB, the number of a payment institution.
const ISPB_CHARS: usize = 8;

/// The claims of a token. Those that are not named here are ignored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// Who issued it.
    pub iss: String,
    /// For whom it is.
    pub aud: Audience,
    /// Whom it names.
    pub sub: String,
    /// The tenant acted for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant: Option<String>,
    /// `free` or `premium`; free where it says nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier: Option<String>,
    /// The payment institution spoken for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ispb: Option<String>,
    /// What it allows besides, separated by spaces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// When it was issued, in seconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iat: Option<i64>,
    /// From when it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nbf: Option<i64>,
    /// Until when it holds.
    pub exp: i64,
    /// Its own id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jti: Option<String>,
}

/// One audience or several.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Audience {
    /// One.
    One(String),
    /// Several, of which any may be ours.
    Many(Vec<String>),
}

impl Audience {
    fn names(&self, audience: &str) -> bool {
        match self {
            Audience::One(one) => one == audience,
            Audience::Many(many) => many.iter().any(|one| one == audience),
        }
    }
}

/// Why a token whose signature is right is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ClaimsError {
    /// `exp` is over.
    #[error("the token has expired")]
    Expired,
    /// `nbf` or `iat` is still to come.
    #[error("the token is not valid yet")]
    NotYet,
    /// `aud` does not name us.
    #[error("the token is for another audience")]
    Audience,
    /// A claim is not what it must be.
    #[error("a claim of the token is not valid")]
    Malformed,
}

impl Claims {
    /// Whether the claims hold at `now` for `audience`.
    ///
    /// # Errors
    /// If they do not.
    pub fn check(&self, audience: &str, now: DateTime<Utc>) -> Result<(), ClaimsError> {
        if !self.aud.names(audience) {
            return Err(ClaimsError::Audience);
        }
        let latest = now.timestamp().saturating_add(LEEWAY.num_seconds());
        if self.exp.saturating_add(LEEWAY.num_seconds()) <= now.timestamp() {
            return Err(ClaimsError::Expired);
        }
        if [self.nbf, self.iat].into_iter().flatten().any(|moment| moment > latest) {
            return Err(ClaimsError::NotYet);
        }
        let text = |text: &str| {
            !text.is_empty()
                && text.chars().take(TEXT_CHARS_MAX + 1).count() <= TEXT_CHARS_MAX
                && !text.chars().any(char::is_control)
        };
        let texts = [Some(&self.sub), self.tenant.as_ref(), self.jti.as_ref()];
        let tier = self.tier.as_deref().is_none_or(|tier| matches!(tier, "free" | "premium"));
        let ispb = self.ispb.as_deref().is_none_or(is_ispb);
        if texts.into_iter().flatten().all(|claim| text(claim)) && tier && ispb && self.scopes().count() <= SCOPES_MAX {
            Ok(())
        } else {
            Err(ClaimsError::Malformed)
        }
    }

    /// The scopes, one by one.
    pub fn scopes(&self) -> impl Iterator<Item = &str> {
        self.scope.as_deref().unwrap_or_default().split_ascii_whitespace()
    }
}

/// Whether `text` is an ISPB: eight letters or digits, letters upper case.
#[must_use]
pub fn is_ispb(text: &str) -> bool {
    text.len() == ISPB_CHARS && text.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_742_040_000;

    fn claims() -> Claims {
        Claims {
            iss: "bgc".into(),
            aud: Audience::One("bgc-api".into()),
            sub: "someone".into(),
            tenant: None,
            tier: None,
            ispb: None,
            scope: None,
            iat: Some(NOW),
            nbf: Some(NOW),
            exp: NOW + 60,
            jti: None,
        }
    }

    fn check(claims: &Claims) -> Result<(), ClaimsError> {
        claims.check("bgc-api", DateTime::from_timestamp(NOW, 0).unwrap())
    }

    #[test]
    fn times_hold_with_a_little_leeway() {
        assert_eq!(check(&claims()), Ok(()));
        assert_eq!(check(&Claims { exp: NOW - 29, ..claims() }), Ok(()));
        assert_eq!(check(&Claims { exp: NOW - 30, ..claims() }), Err(ClaimsError::Expired));
        assert_eq!(check(&Claims { nbf: Some(NOW + 30), ..claims() }), Ok(()));
        assert_eq!(check(&Claims { nbf: Some(NOW + 31), ..claims() }), Err(ClaimsError::NotYet));
        assert_eq!(check(&Claims { iat: Some(NOW + 31), ..claims() }), Err(ClaimsError::NotYet));
        assert_eq!(check(&Claims { exp: i64::MAX, nbf: Some(i64::MIN), ..claims() }), Ok(()));
        assert_eq!(check(&Claims { exp: i64::MIN, ..claims() }), Err(ClaimsError::Expired));
    }

    #[test]
    fn the_audience_is_ours() {
        assert_eq!(check(&Claims { aud: Audience::Many(vec!["x".into(), "bgc-api".into()]), ..claims() }), Ok(()));
        for aud in [Audience::One("core-dict".into()), Audience::Many(vec![]), Audience::One("bgc-api ".into())] {
            assert_eq!(check(&Claims { aud, ..claims() }), Err(ClaimsError::Audience));
        }
    }

    #[test]
    fn claims_are_what_they_must_be() {
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(check(&Claims { tier: some("premium"), ispb: some("12A45678"), ..claims() }), Ok(()));
        for wrong in [
            Claims { sub: String::new(), ..claims() },
            Claims { sub: "a\0b".into(), ..claims() },
            Claims { sub: "a".repeat(256), ..claims() },
            Claims { tier: some("gold"), ..claims() },
            Claims { ispb: some("1234567"), ..claims() },
            Claims { ispb: some("1234567a"), ..claims() },
            Claims { tenant: some("a\nb"), ..claims() },
            Claims { scope: Some("a ".repeat(65)), ..claims() },
        ] {
            assert_eq!(check(&wrong), Err(ClaimsError::Malformed), "{wrong:?}");
        }
    }
}
