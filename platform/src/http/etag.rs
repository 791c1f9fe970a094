//! Conditional answers (RFC 9110, sections 8.8.3 and 13.1.2).

use std::fmt::Write;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use sha2::{Digest, Sha256};

/// The version of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ETag {
    /// As the header carries it: quotes and `W/` included.
    text: String,
}

impl ETag {
    /// The same parts give the same bytes.
    #[must_use]
    pub fn strong(parts: &[&str]) -> Self {
        Self { text: format!("\"{}\"", digest(parts)) }
    }

    /// The same parts give the same meaning, perhaps in other bytes (another compression, say).
    #[must_use]
    pub fn weak(parts: &[&str]) -> Self {
        Self { text: format!("W/\"{}\"", digest(parts)) }
    }

    /// As the header carries it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The value of the `ETag` header.
    #[must_use]
    pub fn header_value(&self) -> HeaderValue {
        // Hexadecimal digits and quotes: this does not fail.
        HeaderValue::from_str(&self.text).unwrap_or(HeaderValue::from_static("\"\""))
    }

    /// Whether `If-None-Match` of a GET or HEAD names this version: `304 Not Modified` is due then.
    /// The comparison is weak, as the RFC has it for this header.
    #[must_use]
    pub fn matches(&self, request: &HeaderMap) -> bool {
        let mut given = request.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
        given.any(|list| list.trim() == "*" || entity_tags(list).any(|tag| tag == opaque(&self.text)))
    }
}

/// `304 Not Modified`, with `headers`: give those the full answer would carry (`Cache-Control`,
/// `Vary`, the `X-Data-…` ones); what describes a body is left out.
#[must_use]
pub fn not_modified(etag: &ETag, mut headers: HeaderMap) -> Response<Body> {
    for of_body in [header::CONTENT_TYPE, header::CONTENT_LENGTH, header::CONTENT_ENCODING, header::CONTENT_RANGE] {
        headers.remove(of_body);
    }
    headers.insert(header::ETAG, etag.header_value());
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NOT_MODIFIED;
    *response.headers_mut() = headers;
    response
}

/// 128 bits of SHA-256 over the parts, each with its length before it: `["ab","c"]` is not `["a","bc"]`.
fn digest(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    }
    let mut text = String::with_capacity(32);
    for byte in &hash.finalize()[..16] {
        // Writing into a String does not fail.
        write!(text, "{byte:02x}").unwrap_or_default();
    }
    text
}

/// The tag without `W/`.
fn opaque(tag: &str) -> &str {
    tag.strip_prefix("W/").unwrap_or(tag)
}

/// The opaque tags of a list, quotes included. A comma inside quotes does not separate.
fn entity_tags(list: &str) -> impl Iterator<Item = &str> {
    let mut rest = list;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches([' ', '\t', ',']);
        rest = rest.strip_prefix("W/").unwrap_or(rest);
        let close = rest.strip_prefix('"')?.find('"')?;
        let (tag, after) = rest.split_at(close + 2);
        rest = after;
        Some(tag)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asking(values: &[&str]) -> HeaderMap {
        values.iter().map(|value| (header::IF_NONE_MATCH, HeaderValue::from_str(value).unwrap())).collect()
    }

    #[test]
    fn parts_are_kept_apart() {
        assert_ne!(ETag::strong(&["ab", "c"]), ETag::strong(&["a", "bc"]));
        assert_eq!(ETag::strong(&["a"]), ETag::strong(&["a"]));
        assert_eq!(ETag::strong(&["a"]).as_str().len(), 34);
    }

    #[test]
    fn if_none_match_is_a_list_weakly_compared() {
        let strong = ETag::strong(&["a"]);
        let weak = ETag::weak(&["a"]);
        let other = ETag::strong(&["b"]);
        for etag in [&strong, &weak] {
            assert!(etag.matches(&asking(&[strong.as_str()])));
            assert!(etag.matches(&asking(&[weak.as_str()])));
            assert!(etag.matches(&asking(&[" * "])));
            assert!(etag.matches(&asking(&[&format!("\"x,y\", {} ,{}", other.as_str(), weak.as_str())])));
            assert!(etag.matches(&asking(&[other.as_str(), strong.as_str()])));
            assert!(!etag.matches(&asking(&[other.as_str()])));
            assert!(!etag.matches(&asking(&["", "W/", "\"", strong.as_str().trim_matches('"')])));
            assert!(!etag.matches(&HeaderMap::new()));
        }
    }

    #[test]
    fn the_304_keeps_what_describes_the_answer_and_not_its_body() {
        let mut headers = HeaderMap::new();
        headers.insert(header::VARY, HeaderValue::from_static("accept-language"));
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let etag = ETag::strong(&["a"]);
        let response = not_modified(&etag, headers);
        assert_eq!(response.status(), 304);
        assert_eq!(response.headers().get(header::ETAG).unwrap(), etag.as_str());
        assert!(response.headers().contains_key(header::VARY));
        assert!(!response.headers().contains_key(header::CONTENT_TYPE));
    }
}
