//! What an entry is kept under.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::io::{self, Write};
use std::sync::Arc;

use platform::random::hex;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::domain::connector::{Connector, Endpoint};
use crate::domain::parameter::Arguments;

/// The form of what is kept: part of every key, so that a program that keeps something else never reads this.
const FORM: &str = "v1";

/// What an entry is kept under: who was asked, in which version of its file, and for what. Equal questions have equal
/// keys, however they were put. In Redis and PostgreSQL it is its text; in memory it is its digest.
#[derive(Debug, Clone)]
pub struct CacheKey {
    connector: Arc<str>,
    endpoint: Arc<str>,
    version: Arc<str>,
    /// SHA-256 of all of it: that two questions share one by chance is out of the question.
    digest: [u8; 32],
}

impl CacheKey {
    /// The key of a question. Where it is asked often, give the names as shared text: then nothing is copied.
    #[must_use]
    pub fn new(
        connector: impl Into<Arc<str>>,
        endpoint: impl Into<Arc<str>>,
        version: impl Into<Arc<str>>,
        arguments: &Arguments,
    ) -> Self {
        let (connector, endpoint, version) = (connector.into(), endpoint.into(), version.into());
        let mut hasher = Sha256::new();
        for part in [&connector, &endpoint, &version] {
            hasher.update((part.len() as u64).to_le_bytes());
            hasher.update(part.as_bytes());
        }
        feed_map(&mut hasher, &arguments.0);
        Self { connector, endpoint, version, digest: hasher.finalize().into() }
    }

    /// The key of a question to an endpoint.
    #[must_use]
    pub fn of(connector: &Connector, endpoint: &Endpoint, arguments: &Arguments) -> Self {
        Self::new(connector.id.as_str(), endpoint.name.as_str(), endpoint.version.as_str(), arguments)
    }

    /// Whose answer it is.
    #[must_use]
    pub fn connector(&self) -> &str {
        &self.connector
    }

    /// To which of its questions.
    #[must_use]
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    pub(super) fn digest(&self) -> &[u8; 32] {
        &self.digest
    }
}

impl PartialEq for CacheKey {
    fn eq(&self, other: &Self) -> bool {
        self.digest == other.digest
    }
}

impl Eq for CacheKey {}

impl Hash for CacheKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.digest.hash(state);
    }
}

/// `comexstat:exportacao:v1-<version>:<digest>`.
impl fmt::Display for CacheKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}:{FORM}-{}:{}", self.connector, self.endpoint, self.version, hex(&self.digest))
    }
}

/// Feeds a value so that no two different ones feed the same bytes, and members in any order feed the same.
fn feed(hasher: &mut Sha256, value: &Value) {
    match value {
        Value::Object(map) => feed_map(hasher, map),
        Value::Array(items) => {
            hasher.update(b"[");
            hasher.update((items.len() as u64).to_le_bytes());
            items.iter().for_each(|item| feed(hasher, item));
        }
        Value::String(text) => feed_text(hasher, text),
        Value::Null => hasher.update(b"n"),
        Value::Bool(flag) => hasher.update(if *flag { b"t" } else { b"f" }),
        Value::Number(number) => {
            hasher.update(b"#");
            // Writing to a hasher cannot fail.
            write!(Feed(hasher), "{number};").unwrap_or_default();
        }
    }
}

fn feed_text(hasher: &mut Sha256, text: &str) {
    hasher.update(b"\"");
    hasher.update((text.len() as u64).to_le_bytes());
    hasher.update(text.as_bytes());
}

fn feed_map(hasher: &mut Sha256, map: &Map<String, Value>) {
    hasher.update(b"{");
    hasher.update((map.len() as u64).to_le_bytes());
    let mut feed_member = |(name, value): (&String, &Value)| {
        feed_text(hasher, name);
        feed(hasher, value);
    };
    if map.keys().is_sorted() {
        map.iter().for_each(&mut feed_member);
    } else {
        let mut members: Vec<_> = map.iter().collect();
        members.sort_unstable_by_key(|(name, _)| *name);
        members.into_iter().for_each(&mut feed_member);
    }
}

struct Feed<'a>(&'a mut Sha256);

impl Write for Feed<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(version: &str, arguments: &str) -> CacheKey {
        CacheKey::new("comexstat", "exportacao", version, &Arguments(serde_json::from_str(arguments).unwrap()))
    }

    #[test]
    fn equal_questions_have_one_key_and_different_ones_have_two() {
        let first = key("a1", r#"{"ano":"2024","ncm":["17011400","12019000"]}"#);
        assert_eq!(first, key("a1", r#"{"ncm":["17011400","12019000"],"ano":"2024"}"#));
        let others = [
            ("a2", r#"{"ano":"2024","ncm":["17011400","12019000"]}"#),
            ("a1", r#"{"ano":"2024","ncm":["12019000","17011400"]}"#),
            ("a1", r#"{"ano":2024,"ncm":["17011400","12019000"]}"#),
            ("a1", r#"{"ano":"2024","ncm":["1701140012019000"]}"#),
            ("a1", r#"{"ano":"2024","ncm":["17011400","12019000"],"mes":null}"#),
            ("a1", "{}"),
        ];
        for (version, arguments) in others {
            assert_ne!(first, key(version, arguments), "{version} {arguments}");
        }
        assert_ne!(
            CacheKey::new("ab", "c", "1", &Arguments::default()),
            CacheKey::new("a", "bc", "1", &Arguments::default())
        );
    }

    #[test]
    fn its_text_says_whose_it_is_and_fits_the_table() {
        let text = key("0123456789abcdef", "{}").to_string();
        assert!(text.starts_with("comexstat:exportacao:v1-0123456789abcdef:"), "{text}");
        assert_eq!(text.rsplit(':').next().map(str::len), Some(64));
        let longest = "x".repeat(40);
        let text = CacheKey::new(longest.as_str(), longest.as_str(), longest.as_str(), &Arguments::default());
        assert!(text.to_string().len() <= 300);
    }
}
