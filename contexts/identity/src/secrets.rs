//! The server's own random bytes, and what is hashed with and without them.

use std::net::IpAddr;

use hmac::{Hmac, KeyInit, Mac};
use platform::clock::Clock;
use platform::random::{Entropy, EntropyError};
use sha2::{Digest, Sha256};

use crate::domain::email::Email;
use crate::store::{Store, StoreError};
use crate::token::Issuers;

/// A SHA-256, keyed or not.
pub type Hash = [u8; 32];

/// The shortest secret that tokens may be signed with, in bytes (RFC 7518, section 3.2).
pub const TOKEN_SECRET_BYTES_MIN: usize = 32;
/// Bytes of the key for keyed hashes: the block of SHA-256.
const HASHING_KEY_BYTES: usize = 64;
/// Their names in the store.
const HASHING: &str = "keyed_hash";
const TOKEN: &str = "token_hs256";

/// The secrets could not be had.
#[derive(Debug, thiserror::Error)]
pub enum SecretsError {
    /// The store could not be asked.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// None could be made.
    #[error(transparent)]
    Entropy(#[from] EntropyError),
    /// The one in the settings is too short to be one.
    #[error("the secret that signs tokens has {0} bytes: at least {TOKEN_SECRET_BYTES_MIN} are needed")]
    TooShort(usize),
}

/// The secrets of this installation, the same for every replica.
#[derive(Clone)]
pub struct Secrets {
    hashing: [u8; HASHING_KEY_BYTES],
    /// Signs and checks the tokens of this installation (HS256).
    pub(crate) token: Vec<u8>,
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Secrets(…)")
    }
}

impl Secrets {
    /// Reads them from the store, where the first server makes them. `token` is the operator's own secret for
    /// signing tokens, which then is used instead of the store's.
    ///
    /// # Errors
    /// When the store or the source of randomness fails, or `token` is too short.
    pub async fn load(
        store: &Store,
        entropy: &dyn Entropy,
        clock: &dyn Clock,
        token: Option<&str>,
    ) -> Result<Self, SecretsError> {
        let hashing = shared(store, entropy, clock, HASHING).await?;
        let token = match token.map(str::as_bytes) {
            Some(short) if short.len() < TOKEN_SECRET_BYTES_MIN => return Err(SecretsError::TooShort(short.len())),
            Some(given) => given.to_vec(),
            None => shared(store, entropy, clock, TOKEN).await?.to_vec(),
        };
        Ok(Self { hashing, token })
    }

    /// This installation as an issuer of tokens.
    #[must_use]
    pub fn own_issuer(&self, name: &str) -> Issuers {
        Issuers::own(name, &self.token)
    }

    /// A keyed hash of an e-mail: tells it apart without saying it.
    #[must_use]
    pub fn email(&self, email: &Email) -> Hash {
        self.keyed("email", &[email.as_str().as_bytes()])
    }

    /// A keyed hash of a client's address. Of IPv6 addresses only the network counts: a client has all of its /64.
    #[must_use]
    pub fn address(&self, address: IpAddr) -> Hash {
        match address.to_canonical() {
            IpAddr::V4(address) => self.keyed("address", &[&address.octets()]),
            IpAddr::V6(address) => self.keyed("address", &[address.octets().get(..8).unwrap_or_default()]),
        }
    }

    /// A keyed hash for one purpose, so that the same value hashes differently for another. Parts are told apart by
    /// their lengths.
    #[must_use]
    pub(crate) fn keyed(&self, purpose: &str, parts: &[&[u8]]) -> Hash {
        let mut mac = Hmac::<Sha256>::new(&self.hashing.into());
        for part in std::iter::once(&purpose.as_bytes()).chain(parts) {
            mac.update(&(part.len() as u64).to_le_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }
}

/// The hash under which a random token or key of 256 bits is stored: it needs no salt and no slowness.
#[must_use]
pub fn token_hash(token: &str) -> Hash {
    Sha256::digest(token.as_bytes()).into()
}

async fn shared(
    store: &Store,
    entropy: &dyn Entropy,
    clock: &dyn Clock,
    name: &'static str,
) -> Result<[u8; HASHING_KEY_BYTES], SecretsError> {
    let secret = match store.server_secret(name).await? {
        Some(secret) => secret,
        None => {
            let mut offered = [0; HASHING_KEY_BYTES];
            entropy.fill(&mut offered)?;
            store.offer_secret(name, &offered, clock.now()).await?
        }
    };
    let length = secret.len();
    secret.try_into().map_err(|_| {
        SecretsError::Store(StoreError::Inconsistent(format!("the server secret {name} has {length} bytes")))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_differ_by_key_purpose_and_parts() {
        let secrets = Secrets { hashing: [1; HASHING_KEY_BYTES], token: vec![] };
        let other = Secrets { hashing: [2; HASHING_KEY_BYTES], token: vec![] };
        let hash = secrets.keyed("a", &[b"bc"]);
        assert_eq!(hash, secrets.keyed("a", &[b"bc"]));
        for different in [
            other.keyed("a", &[b"bc"]),
            secrets.keyed("ab", &[b"c"]),
            secrets.keyed("a", &[b"b", b"c"]),
            secrets.keyed("a", &[b"bc", b""]),
        ] {
            assert_ne!(hash, different);
        }
        let address = |text: &str| secrets.address(text.parse().unwrap());
        assert_eq!(address("2001:db8::1"), address("2001:db8::2:3"));
        assert_ne!(address("2001:db8::1"), address("2001:db8:0:1::1"));
        assert_eq!(address("::ffff:192.0.2.1"), address("192.0.2.1"));
        assert_ne!(address("192.0.2.1"), address("192.0.2.2"));
        assert_eq!(format!("{secrets:?}"), "Secrets(…)");
    }
}
