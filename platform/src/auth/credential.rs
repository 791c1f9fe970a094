//! Which credential a request carries.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

/// The cookie of a session: over https with the prefix that keeps other names and paths of the host from setting it
/// (RFC 6265bis, section 4.1.3.2).
#[must_use]
pub const fn session_cookie_name(secure: bool) -> &'static str {
    if secure { "__Host-bgc_session" } else { "bgc_session" }
}
/// How every API key begins, so that it is told from a token, and found where it leaked.
const API_KEY_PREFIX: &str = "bgc_";
const X_API_KEY: HeaderName = HeaderName::from_static("x-api-key");
/// Longer ones are not ours: a token of ours is under 2 KiB.
const CREDENTIAL_LIMIT_BYTES: usize = 8 << 10;

/// A credential as it came, unchecked.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Presented<'a> {
    /// The value of the session cookie.
    Session(&'a str),
    /// An API key, with its prefix.
    ApiKey(&'a str),
    /// A bearer token.
    Token(&'a str),
}

impl std::fmt::Debug for Presented<'_> {
    /// Says the kind and never the secret.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Presented::Session(_) => "Session(…)",
            Presented::ApiKey(_) => "ApiKey(…)",
            Presented::Token(_) => "Token(…)",
        })
    }
}

/// A credential that cannot even be read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Unreadable(pub(crate) &'static str);

/// The credential of a request. `Authorization` wins over `X-API-Key`, and that over the cookie: what a program says
/// on purpose counts before what a browser adds by itself.
pub(super) fn presented(headers: &HeaderMap, secure: bool) -> Result<Option<Presented<'_>>, Unreadable> {
    if let Some(named) = authorization(headers)? {
        return Ok(Some(named));
    }
    let mut keys = headers.get_all(X_API_KEY).iter();
    if let Some(value) = keys.next() {
        if keys.next().is_some() {
            return Err(Unreadable("there is more than one X-API-Key header"));
        }
        return text(value)
            .filter(|key| !key.is_empty())
            .map(|key| Some(Presented::ApiKey(key)))
            .ok_or(Unreadable("the header X-API-Key cannot be read"));
    }
    Ok(session(headers, secure).map(Presented::Session))
}

/// What the header `Authorization` carries, `None` where there is none.
pub(crate) fn authorization(headers: &HeaderMap) -> Result<Option<Presented<'_>>, Unreadable> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let Some(value) = values.next() else { return Ok(None) };
    if values.next().is_some() {
        return Err(Unreadable("there is more than one Authorization header"));
    }
    bearer(value).map(Some)
}

fn bearer(value: &HeaderValue) -> Result<Presented<'_>, Unreadable> {
    let wrong = Unreadable("the header Authorization must be `Bearer` and a token or API key");
    let Some((scheme, secret)) = text(value).and_then(|text| text.split_once(' ')) else { return Err(wrong) };
    let secret = secret.trim();
    if !scheme.eq_ignore_ascii_case("bearer") || secret.is_empty() {
        return Err(wrong);
    }
    Ok(if secret.starts_with(API_KEY_PREFIX) { Presented::ApiKey(secret) } else { Presented::Token(secret) })
}

fn text(value: &HeaderValue) -> Option<&str> {
    value.to_str().ok().filter(|text| text.len() <= CREDENTIAL_LIMIT_BYTES)
}

/// The session cookie of the connection's kind. Two of one name mean that another page of this host planted one, and
/// nobody can tell which: then there is none, rather than somebody else's session. Each cookie is read by itself, so
/// that an odd one of another program hides nothing.
fn session(headers: &HeaderMap, secure: bool) -> Option<&str> {
    let wanted = session_cookie_name(secure).as_bytes();
    let lines = headers.get_all(header::COOKIE).iter().map(HeaderValue::as_bytes);
    let cookies = lines.flat_map(|line| line.split(|byte| *byte == b';')).map(<[u8]>::trim_ascii);
    let of_name = cookies.filter_map(|cookie| cookie.strip_prefix(wanted)?.strip_prefix(b"="));
    let mut values = of_name.filter(|value| (1..=CREDENTIAL_LIMIT_BYTES).contains(&value.len()));
    let first = values.next()?;
    if values.next().is_some() { None } else { std::str::from_utf8(first).ok() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(headers: &[(&'static str, &str)]) -> HeaderMap {
        headers.iter().map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap())).collect()
    }

    #[test]
    fn what_a_program_says_wins_over_what_a_browser_adds() {
        let headers = of(&[("cookie", "a=b; bgc_session=s1"), ("authorization", "bearer abc.def.ghi")]);
        assert!(presented(&headers, false) == Ok(Some(Presented::Token("abc.def.ghi"))));
        let headers = of(&[("cookie", "a=b; bgc_session=s1"), ("x-api-key", "bgc_1")]);
        assert!(presented(&headers, false) == Ok(Some(Presented::ApiKey("bgc_1"))));
        assert!(presented(&of(&[("authorization", "Bearer bgc_2")]), false) == Ok(Some(Presented::ApiKey("bgc_2"))));
        assert!(presented(&of(&[("cookie", "a=b; bgc_session=s1")]), false) == Ok(Some(Presented::Session("s1"))));
        assert!(presented(&of(&[("cookie", "bgc_session=; x")]), false) == Ok(None));
    }

    #[test]
    fn a_planted_cookie_is_nobodys_session() {
        assert!(presented(&of(&[("cookie", "bgc_session=planted; bgc_session=mine")]), false) == Ok(None));
        let headers = of(&[("cookie", "bgc_session=planted; __Host-bgc_session=mine")]);
        assert!(presented(&headers, true) == Ok(Some(Presented::Session("mine"))));
        assert!(presented(&of(&[("cookie", "bgc_session=planted")]), true) == Ok(None));
    }

    #[test]
    fn an_odd_cookie_of_another_program_hides_nothing() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_bytes("nome=João; bgc_session=mine".as_bytes()).unwrap());
        headers.append(header::COOKIE, HeaderValue::from_str(&format!("big={}", "x".repeat(9000))).unwrap());
        assert!(presented(&headers, false) == Ok(Some(Presented::Session("mine"))));
    }

    #[test]
    fn what_cannot_be_read_is_no_anonymous_request() {
        for value in ["Basic dXNlcg==", "Bearer", "Bearer ", "abc"] {
            assert!(presented(&of(&[("authorization", value)]), false).is_err(), "{value}");
        }
        let mut twice = of(&[("authorization", "Bearer a")]);
        twice.append(header::AUTHORIZATION, HeaderValue::from_static("Bearer b"));
        assert!(presented(&twice, false).is_err());
        let mut twice = of(&[("x-api-key", "bgc_1")]);
        twice.append(X_API_KEY, HeaderValue::from_static("bgc_2"));
        assert!(presented(&twice, false).is_err());
        let long = format!("Bearer {}", "a".repeat(CREDENTIAL_LIMIT_BYTES));
        assert!(presented(&of(&[("authorization", &long)]), false).is_err());
    }

    #[test]
    fn secrets_are_not_printed() {
        assert!(!format!("{:?}", Presented::ApiKey("bgc_secret")).contains("secret"));
    }
}
