//! Requests that are repeated on purpose: the header `Idempotency-Key`.

use axum::http::HeaderMap;
use platform::http::language::Language;
use platform::problem::Problem;
use sha2::{Digest, Sha256};

/// The longest key, in bytes.
const KEY_BYTES_MAX: usize = 128;
const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// A request and its key: SHA-256 of both.
pub type RequestDigest = [u8; 32];

/// The key a client gave its request, to be able to repeat it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepeatKey(Vec<u8>);

impl RepeatKey {
    /// The key of a request, if it has one.
    ///
    /// # Errors
    /// `validation_error` unless it is one header of 1–128 visible ASCII characters.
    pub fn of(headers: &HeaderMap, language: Language) -> Result<Option<Self>, Problem> {
        let mut given = headers.get_all(IDEMPOTENCY_KEY).iter();
        let Some(value) = given.next() else { return Ok(None) };
        let bytes = value.as_bytes();
        let valid = (1..=KEY_BYTES_MAX).contains(&bytes.len()) && bytes.iter().all(u8::is_ascii_graphic);
        if valid && given.next().is_none() {
            return Ok(Some(Self(bytes.to_vec())));
        }
        let detail = match language {
            Language::PtBr => format!(
                "O cabeçalho Idempotency-Key precisa aparecer uma só vez, com 1 a {KEY_BYTES_MAX} caracteres ASCII visíveis, sem espaços."
            ),
            Language::En => format!(
                "The header Idempotency-Key must be given once, with 1 to {KEY_BYTES_MAX} visible ASCII characters and no spaces."
            ),
        };
        Err(Problem::field("Idempotency-Key", detail))
    }

    /// The digest of a request with this key; `canonical` is the same for all ways to write the same body.
    #[must_use]
    pub fn digest(&self, canonical: &str) -> RequestDigest {
        // A key holds no zero byte, so no two pairs give the same input.
        Sha256::new().chain_update(&self.0).chain_update([0]).chain_update(canonical).finalize().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn key(values: &[&[u8]]) -> Result<Option<RepeatKey>, Problem> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(IDEMPOTENCY_KEY, HeaderValue::from_bytes(value).unwrap());
        }
        RepeatKey::of(&headers, Language::En)
    }

    #[test]
    fn a_key_is_one_header_of_visible_ascii() {
        assert_eq!(key(&[]).unwrap(), None);
        for good in [&b"a"[..], b"8e03978e-40d5-43dd-bc93-6894a57f9324", &[b'~'; 128]] {
            assert!(key(&[good]).unwrap().is_some());
        }
        for bad in [&[&b""[..]][..], &[&[b'a'; 129]], &[b"a b"], &["é".as_bytes()], &[b"a", b"a"]] {
            assert_eq!(key(bad).unwrap_err().errors[0].pointer, "Idempotency-Key", "{bad:?}");
        }
    }

    #[test]
    fn key_and_body_make_the_digest() {
        let key = |text: &str| RepeatKey(text.as_bytes().to_vec());
        assert_eq!(key("a").digest("bc"), key("a").digest("bc"));
        assert_ne!(key("a").digest("bc"), key("ab").digest("c"));
        assert_ne!(key("a").digest("b"), key("a").digest("c"));
    }
}
