//! Who may issue tokens, by which algorithm, with which keys.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, JwkSet, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey};
use serde::Deserialize;

use super::verified::Verified;

/// The name of this installation as an issuer, unless the settings say otherwise.
pub const DEFAULT_ISSUER: &str = "bgc";
/// A file of issuers or keys is not larger.
const FILE_BYTES_MAX: u64 = 1 << 20;
/// Keys of one issuer.
const KEYS_MAX: usize = 32;
/// The shortest RSA modulus, in bytes (NIST SP 800-131A: 2048 bits).
const RSA_MODULUS_BYTES_MIN: usize = 256;

/// Why the issuers cannot be trusted as given.
#[derive(Debug, thiserror::Error)]
pub enum IssuersError {
    /// A file cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// Which.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A file is too large to be one of these.
    #[error("{} is larger than {FILE_BYTES_MAX} bytes", .0.display())]
    TooLarge(PathBuf),
    /// The table of issuers is not as it must be.
    #[error("{}: {message}", path.display())]
    Table {
        /// Which file.
        path: PathBuf,
        /// What is wrong.
        message: String,
    },
    /// Two have one name, or one has ours.
    #[error("there is an issuer {0:?} already")]
    Twice(String),
    /// An issuer's algorithm is not one of those that are taken.
    #[error("the algorithm of issuer {issuer:?} is {algorithm:?}: say RS256 or EdDSA")]
    Algorithm {
        /// Whose.
        issuer: String,
        /// What was said.
        algorithm: String,
    },
    /// An issuer's keys cannot be used.
    #[error("the keys of issuer {issuer:?}: {message}")]
    Keys {
        /// Whose.
        issuer: String,
        /// What is wrong.
        message: String,
    },
}

/// One who may issue tokens.
#[derive(Debug, Clone)]
pub struct Issuer {
    algorithm: Algorithm,
    keys: Vec<(Option<String>, DecodingKey)>,
    /// What stands before the subjects of an issuer that is not this installation.
    namespace: Option<String>,
}

impl Issuer {
    /// The one algorithm.
    pub(super) fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The key for a token whose header says this. A named key is used by its name only; a token that names none
    /// can be of the only key.
    pub(super) fn key(&self, algorithm: Algorithm, kid: Option<&str>) -> Option<&DecodingKey> {
        if algorithm != self.algorithm {
            return None;
        }
        match (kid, self.keys.as_slice()) {
            (Some(kid), keys) => keys.iter().find(|(name, _)| name.as_deref() == Some(kid)).map(|(_, key)| key),
            (None, [(_, only)]) => Some(only),
            (None, _) => None,
        }
    }

    /// The subject as this product knows it: those of another issuer cannot be taken for ours.
    pub(super) fn subject(&self, sub: String) -> String {
        match &self.namespace {
            Some(issuer) => format!("{issuer}|{sub}"),
            None => sub,
        }
    }
}

/// Everybody who may issue tokens.
#[derive(Debug, Clone)]
pub struct Issuers {
    by_name: BTreeMap<String, Issuer>,
    /// Which of their tokens were signed right.
    pub(super) verified: Verified,
}

/// `[[issuer]]` tables of the operator's file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    issuer: Vec<Entry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    name: String,
    algorithm: String,
    jwks_file: PathBuf,
}

impl Issuers {
    /// This installation alone, which signs by HS256 with `secret`.
    #[must_use]
    pub fn own(name: &str, secret: &[u8]) -> Self {
        let keys = vec![(None, DecodingKey::from_secret(secret))];
        let own = Issuer { algorithm: Algorithm::HS256, keys, namespace: None };
        Self { by_name: [(name.to_owned(), own)].into(), verified: Verified::default() }
    }

    /// Adds the issuers of a file: TOML with `[[issuer]]` tables of `name`, `algorithm` (RS256 or EdDSA) and
    /// `jwks_file` (RFC 7517, section 5; beside the file where it is not absolute).
    ///
    /// # Errors
    /// If a file cannot be read or says something that cannot be trusted.
    pub fn with_file(mut self, path: &Path) -> Result<Self, IssuersError> {
        let file: File = toml::from_str(&read(path)?)
            .map_err(|error| IssuersError::Table { path: path.to_owned(), message: error.message().to_owned() })?;
        for entry in file.issuer {
            let algorithm = match entry.algorithm.as_str() {
                "RS256" => Algorithm::RS256,
                "EdDSA" => Algorithm::EdDSA,
                _ => return Err(IssuersError::Algorithm { issuer: entry.name, algorithm: entry.algorithm }),
            };
            let jwks = read(&path.parent().unwrap_or_else(|| Path::new("")).join(&entry.jwks_file))?;
            self = self.with_issuer(&entry.name, algorithm, &jwks)?;
        }
        Ok(self)
    }

    /// Adds an issuer with the public keys of a JWKS.
    ///
    /// # Errors
    /// If the name is taken, or a key is none of the algorithm's or too weak.
    pub fn with_issuer(mut self, name: &str, algorithm: Algorithm, jwks: &str) -> Result<Self, IssuersError> {
        let wrong = |message: String| IssuersError::Keys { issuer: name.to_owned(), message };
        if name.is_empty() || self.by_name.contains_key(name) {
            return Err(IssuersError::Twice(name.to_owned()));
        }
        let set: JwkSet = serde_json::from_str(jwks).map_err(|error| wrong(format!("no JWKS: {error}")))?;
        let signing = set.keys.iter().filter(|key| key.common.public_key_use != Some(PublicKeyUse::Encryption));
        let keys: Vec<_> = signing.map(|key| decoding_key(key, algorithm)).collect::<Result<_, _>>().map_err(wrong)?;
        if keys.is_empty() || keys.len() > KEYS_MAX {
            return Err(wrong(format!("there are {}: 1 to {KEYS_MAX} are expected", keys.len())));
        }
        if keys.len() > 1 && keys.iter().any(|(kid, _)| kid.is_none()) {
            return Err(wrong("of several keys each needs its kid".to_owned()));
        }
        self.by_name.insert(name.to_owned(), Issuer { algorithm, keys, namespace: Some(name.to_owned()) });
        Ok(self)
    }

    pub(super) fn named(&self, name: &str) -> Option<&Issuer> {
        self.by_name.get(name)
    }
}

/// A public key that fits the algorithm. A symmetric one in a file of public keys is refused, not skipped: whoever
/// wrote it believed it to be something else.
fn decoding_key(key: &Jwk, algorithm: Algorithm) -> Result<(Option<String>, DecodingKey), String> {
    let kid = key.common.key_id.clone();
    let name = kid.as_deref().unwrap_or("(without kid)");
    let fits = match (&key.algorithm, algorithm) {
        (AlgorithmParameters::RSA(_), Algorithm::RS256) => true,
        (AlgorithmParameters::OctetKeyPair(pair), Algorithm::EdDSA) => pair.curve == EllipticCurve::Ed25519,
        _ => false,
    };
    if !fits {
        return Err(format!("the key {name} is none for {algorithm:?}"));
    }
    let decoding = DecodingKey::from_jwk(key).map_err(|error| format!("the key {name} cannot be read: {error}"))?;
    if let jsonwebtoken::DecodingKeyKind::RsaModulusExponent { n, .. } = decoding.kind()
        && n.iter().skip_while(|byte| **byte == 0).count() < RSA_MODULUS_BYTES_MIN
    {
        return Err(format!("the key {name} has fewer than {} bits", 8 * RSA_MODULUS_BYTES_MIN));
    }
    Ok((kid, decoding))
}

fn read(path: &Path) -> Result<String, IssuersError> {
    let failed = |source| IssuersError::Read { path: path.to_owned(), source };
    if std::fs::metadata(path).map_err(failed)?.len() > FILE_BYTES_MAX {
        return Err(IssuersError::TooLarge(path.to_owned()));
    }
    std::fs::read_to_string(path).map_err(failed)
}
