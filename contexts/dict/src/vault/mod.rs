//! Seals personal data and makes the keyed hashes it is found by.
//!
//! Envelope encryption: data keys and the hash key are in PostgreSQL, wrapped under the master key, which comes from the
//! settings and never reaches PostgreSQL. What is sealed is bound to its row, so that a value cannot be moved to another.
//! Data keys rotate while the product runs: a new one seals once every server had the time to read it, older ones still
//! open. The hash key changes by an offline migration only, because every look-up hangs on it.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::RwLock;

use chrono::{DateTime, TimeDelta, Utc};
use deadpool_postgres::Pool;
use hmac::{Hmac, KeyInit, Mac};
use platform::random::{Entropy, EntropyError};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use sha2::Sha256;

use crate::domain::account::Account;
use crate::domain::key::Key;
use crate::domain::tax_id::TaxId;
use crate::store::{StoreError, WrappedKey};

/// A keyed hash.
pub type Hash = [u8; 32];

/// Number of the hash key; data keys count from 2.
const HASH_KEY_ID: i32 = 1;
const FIRST_DATA_KEY_ID: i32 = 2;
const NONCE_BYTES: usize = 12;
/// A new data key seals when it is this old. Servers read the keys more often than that, so that none meets a value that it
/// cannot open.
pub const KEY_RIPENS: TimeDelta = TimeDelta::minutes(3);

/// The key that wraps the others: 32 bytes that only the settings know.
#[derive(Clone)]
pub struct MasterKey(pub [u8; 32]);

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MasterKey(***)")
    }
}

/// Something sealed, and under which data key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// Which data key opens it.
    pub data_key_id: i32,
    /// Nonce, ciphertext and tag.
    pub bytes: Vec<u8>,
}

/// Why the vault cannot do what it is asked.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The store did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No randomness.
    #[error(transparent)]
    Entropy(#[from] EntropyError),
    /// The master key is not the one that the keys were wrapped under.
    #[error("the keys in the database do not open under this master key (dict.master_key)")]
    WrongMasterKey,
    /// A value was changed, moved or sealed under a key that is not here.
    #[error("a sealed value does not open under data key {0}")]
    DoesNotOpen(i32),
    /// The cipher refused; not seen in practice.
    #[error("a value could not be sealed")]
    NotSealed,
}

/// Seals, opens, hashes.
pub struct Vault {
    hash_key: Hash,
    data_keys: RwLock<DataKeys>,
}

struct DataKeys {
    current: i32,
    keys: BTreeMap<i32, LessSafeKey>,
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vault").finish_non_exhaustive()
    }
}

impl Vault {
    /// Opens the keys of a database; makes the first ones where there are none.
    ///
    /// # Errors
    /// If the store or randomness fails, or the master key is another than before.
    pub async fn load(
        pool: &Pool,
        master: &MasterKey,
        entropy: &dyn Entropy,
        now: DateTime<Utc>,
    ) -> Result<Self, VaultError> {
        let mut wrapped = crate::store::wrapped_keys(pool).await?;
        if wrapped.len() < 2 {
            for (key_id, purpose) in [(HASH_KEY_ID, "hash"), (FIRST_DATA_KEY_ID, "data")] {
                crate::store::offer_key(pool, &new_key(master, key_id, purpose, entropy, now)?).await?;
            }
            wrapped = crate::store::wrapped_keys(pool).await?;
        }
        Self::open_keys(master, &wrapped, now)
    }

    fn open_keys(master: &MasterKey, wrapped: &[WrappedKey], now: DateTime<Utc>) -> Result<Self, VaultError> {
        let mut hash_key = None;
        let mut keys = BTreeMap::new();
        let mut current = None;
        for key in wrapped {
            let plain = unwrap(master, key)?;
            match key.purpose.as_str() {
                "hash" => hash_key = Some(plain),
                _ => {
                    keys.insert(key.key_id, aead(&plain)?);
                    if current.is_none() || key.created_at + KEY_RIPENS <= now {
                        current = Some(key.key_id);
                    }
                }
            }
        }
        let current = current.ok_or(VaultError::WrongMasterKey)?;
        let hash_key = hash_key.ok_or(VaultError::WrongMasterKey)?;
        Ok(Self { hash_key, data_keys: RwLock::new(DataKeys { current, keys }) })
    }

    /// Reads the keys that other servers made; a new one seals when it is [`KEY_RIPENS`] old.
    ///
    /// # Errors
    /// As [`Vault::load`].
    pub async fn refresh(&self, pool: &Pool, master: &MasterKey, now: DateTime<Utc>) -> Result<(), VaultError> {
        let fresh = Self::open_keys(master, &crate::store::wrapped_keys(pool).await?, now)?;
        let fresh = fresh.data_keys.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        *self.data_keys.write().unwrap_or_else(std::sync::PoisonError::into_inner) = fresh;
        Ok(())
    }

    /// The data key that seals now.
    #[must_use]
    pub fn current_data_key(&self) -> i32 {
        self.data_keys.read().unwrap_or_else(std::sync::PoisonError::into_inner).current
    }

    /// Whether there are data keys older than the one that seals now, so that rows may be under them.
    #[must_use]
    pub fn has_older_data_keys(&self) -> bool {
        let keys = self.data_keys.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        keys.keys.range(..keys.current).next().is_some()
    }

    /// Seals `plain` for the row that `bound_to` names (its hash or id).
    ///
    /// # Errors
    /// If there is no randomness.
    pub fn seal(&self, bound_to: &[u8], plain: &[u8], entropy: &dyn Entropy) -> Result<Sealed, VaultError> {
        let keys = self.data_keys.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        let key = keys.keys.get(&keys.current).ok_or(VaultError::NotSealed)?;
        Ok(Sealed { data_key_id: keys.current, bytes: seal(key, bound_to, plain, entropy)? })
    }

    /// Opens what was sealed for the same row.
    ///
    /// # Errors
    /// If it was changed, moved, or sealed under a key that is not here.
    pub fn open(&self, bound_to: &[u8], data_key_id: i32, sealed: &[u8]) -> Result<Vec<u8>, VaultError> {
        let keys = self.data_keys.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        let key = keys.keys.get(&data_key_id).ok_or(VaultError::DoesNotOpen(data_key_id))?;
        open(key, bound_to, sealed).ok_or(VaultError::DoesNotOpen(data_key_id))
    }

    /// The keyed hash of `parts`, of which each is told apart by its length; `purpose` keeps kinds of hashes apart.
    #[must_use]
    pub fn hash(&self, purpose: &str, parts: &[&[u8]]) -> Hash {
        keyed_hash(&self.hash_key, purpose, parts)
    }

    /// What a key is found by.
    #[must_use]
    pub fn key_hash(&self, key: &Key) -> Hash {
        self.hash("key", &[key.key_type().name().as_bytes(), key.value().as_bytes()])
    }

    /// What an account is found by: its identity is participant, branch, number and type.
    #[must_use]
    pub fn account_hash(&self, account: &Account) -> Hash {
        let branch = account.branch.as_deref().unwrap_or_default();
        let parts = [account.participant.as_str(), branch, &account.number, account.account_type.name()];
        self.hash("account", &parts.map(str::as_bytes))
    }

    /// What an owner is found by.
    #[must_use]
    pub fn owner_hash(&self, tax_id: &TaxId) -> Hash {
        self.hash("owner", &[tax_id.as_str().as_bytes()])
    }
}

/// Makes a new data key; its number.
///
/// # Errors
/// As [`Vault::load`].
pub async fn add_data_key(
    pool: &Pool,
    master: &MasterKey,
    entropy: &dyn Entropy,
    now: DateTime<Utc>,
) -> Result<i32, VaultError> {
    let wrapped = crate::store::wrapped_keys(pool).await?;
    // Whoever has another master key must not add a key that the servers cannot open.
    Vault::open_keys(master, &wrapped, now)?;
    let next = wrapped.iter().map(|key| key.key_id).max().unwrap_or(HASH_KEY_ID) + 1;
    crate::store::offer_key(pool, &new_key(master, next, "data", entropy, now)?).await?;
    Ok(next)
}

fn keyed_hash(key: &Hash, purpose: &str, parts: &[&[u8]]) -> Hash {
    let mut mac = match Hmac::<Sha256>::new_from_slice(key) {
        Ok(mac) => mac,
        // HMAC takes keys of every length.
        Err(_) => unreachable!("HMAC takes any key"),
    };
    for part in std::iter::once(purpose.as_bytes()).chain(parts.iter().copied()) {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

fn aead(key: &[u8; 32]) -> Result<LessSafeKey, VaultError> {
    Ok(LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key).map_err(|_| VaultError::NotSealed)?))
}

fn seal(key: &LessSafeKey, bound_to: &[u8], plain: &[u8], entropy: &dyn Entropy) -> Result<Vec<u8>, VaultError> {
    let mut nonce = [0; NONCE_BYTES];
    entropy.fill(&mut nonce)?;
    let mut sealed = Vec::with_capacity(NONCE_BYTES + plain.len() + AES_256_GCM.tag_len());
    sealed.extend_from_slice(&nonce);
    sealed.extend_from_slice(plain);
    let tag = key
        .seal_in_place_separate_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(bound_to),
            &mut sealed[NONCE_BYTES..],
        )
        .map_err(|_| VaultError::NotSealed)?;
    sealed.extend_from_slice(tag.as_ref());
    Ok(sealed)
}

fn open(key: &LessSafeKey, bound_to: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
    let (nonce, ciphertext) = sealed.split_at_checked(NONCE_BYTES)?;
    let mut buffer = ciphertext.to_vec();
    let plain =
        key.open_in_place(Nonce::try_assume_unique_for_key(nonce).ok()?, Aad::from(bound_to), &mut buffer).ok()?;
    let length = plain.len();
    buffer.truncate(length);
    Some(buffer)
}

fn new_key(
    master: &MasterKey,
    key_id: i32,
    purpose: &str,
    entropy: &dyn Entropy,
    created_at: DateTime<Utc>,
) -> Result<WrappedKey, VaultError> {
    let mut plain = [0; 32];
    entropy.fill(&mut plain)?;
    let wrapped = seal(&aead(&master.0)?, format!("{key_id}:{purpose}").as_bytes(), &plain, entropy)?;
    Ok(WrappedKey { key_id, purpose: purpose.to_owned(), wrapped, created_at })
}

fn unwrap(master: &MasterKey, key: &WrappedKey) -> Result<[u8; 32], VaultError> {
    let bound_to = format!("{}:{}", key.key_id, key.purpose);
    let plain = open(&aead(&master.0)?, bound_to.as_bytes(), &key.wrapped).ok_or(VaultError::WrongMasterKey)?;
    plain.try_into().map_err(|_| VaultError::WrongMasterKey)
}
