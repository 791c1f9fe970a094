//! Passwords are hashed by argon2id, a few at a time: each takes 19 MiB and tens of milliseconds of a core.

use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use platform::random::{Entropy, EntropyError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Memory, passes and lanes (OWASP Password Storage Cheat Sheet, argon2id).
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;
const SALT_BYTES: usize = 16;
/// Hashes computed at once.
const AT_ONCE: usize = 2;
/// Callers that may wait for their turn besides; with tens of milliseconds each, about a second.
const WAITING_MAX: usize = 32;

/// What the password of an e-mail without account is compared with, so that it takes the same time. Nothing hashes
/// to it.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5IGF0IGFsbA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Why there is no hash.
#[derive(Debug, thiserror::Error)]
pub enum HashError {
    /// Too many wait already.
    #[error("too many passwords are being checked")]
    Overloaded,
    /// No salt could be made.
    #[error(transparent)]
    Entropy(#[from] EntropyError),
    /// The function refused: a defect, or a row that nobody wrote.
    #[error("a password could not be hashed: {0}")]
    Failed(String),
}

/// Hashes and compares passwords.
#[derive(Debug, Clone)]
pub struct Passwords {
    turns: Arc<Semaphore>,
    places: Arc<Semaphore>,
}

impl Default for Passwords {
    fn default() -> Self {
        Self { turns: Arc::new(Semaphore::new(AT_ONCE)), places: Arc::new(Semaphore::new(AT_ONCE + WAITING_MAX)) }
    }
}

impl Passwords {
    /// The hash of a new password, with a salt of its own, as a PHC string.
    ///
    /// # Errors
    /// When too many wait, or there is no randomness.
    pub async fn hash(&self, password: String, entropy: &dyn Entropy) -> Result<String, HashError> {
        let mut salt = [0; SALT_BYTES];
        entropy.fill(&mut salt)?;
        self.run(move || {
            let hash: PasswordHash = hasher()?.hash_password_with_salt(password.as_bytes(), &salt).map_err(failed)?;
            Ok(hash.to_string())
        })
        .await
    }

    /// Whether a password is the one that was hashed; without a hash it takes as long and is wrong.
    ///
    /// # Errors
    /// When too many wait, or the hash cannot be read.
    pub async fn verify(&self, password: String, hash: Option<String>) -> Result<bool, HashError> {
        self.run(move || {
            let known = hash.is_some();
            let hash = hash.unwrap_or_else(|| NOBODY.to_owned());
            let hash = PasswordHash::new(&hash).map_err(failed)?;
            match hasher()?.verify_password(password.as_bytes(), &hash) {
                Ok(()) => Ok(known),
                Err(argon2::password_hash::Error::PasswordInvalid) => Ok(false),
                Err(error) => Err(failed(error)),
            }
        })
        .await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, HashError> + Send + 'static,
    ) -> Result<T, HashError> {
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(|_| HashError::Overloaded)?;
        let turn = Arc::clone(&self.turns).acquire_owned().await.map_err(failed)?;
        // The permits go with the work: a caller that is gone does not make room for another hash.
        let held: (OwnedSemaphorePermit, OwnedSemaphorePermit) = (place, turn);
        let done = tokio::task::spawn_blocking(move || {
            let outcome = work();
            drop(held);
            outcome
        });
        done.await.map_err(failed)?
    }
}

fn hasher() -> Result<Argon2<'static>, HashError> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(failed)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn failed(error: impl std::fmt::Display) -> HashError {
    HashError::Failed(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use platform::random::OsEntropy;

    #[tokio::test]
    async fn only_the_same_password_fits_and_nobody_has_one() {
        let passwords = Passwords::default();
        let hash = passwords.hash("correct horse".to_owned(), &OsEntropy).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(passwords.verify("correct horse".to_owned(), Some(hash.clone())).await.unwrap());
        assert!(!passwords.verify("correct horsf".to_owned(), Some(hash.clone())).await.unwrap());
        assert!(!passwords.verify("correct horse".to_owned(), None).await.unwrap());
        let other = passwords.hash("correct horse".to_owned(), &OsEntropy).await.unwrap();
        assert_ne!(hash, other);
        // The same cost: the same function with the same parameters.
        let parameters = |hash: &str| hash.rsplitn(3, '$').nth(2).map(str::to_owned);
        assert_eq!(parameters(NOBODY), parameters(&hash));
    }

    #[tokio::test]
    async fn a_crowd_is_turned_away() {
        let passwords = Passwords::default();
        let everyone = (0..AT_ONCE + WAITING_MAX).map(|_| Arc::clone(&passwords.places).try_acquire_owned().unwrap());
        let everyone: Vec<_> = everyone.collect();
        assert!(matches!(passwords.verify("x".to_owned(), None).await, Err(HashError::Overloaded)));
        drop(everyone);
        assert!(!passwords.verify("x".to_owned(), None).await.unwrap());
    }
}
