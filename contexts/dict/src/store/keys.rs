//! The wrapped keys of the vault, read before there is a store.

use chrono::{DateTime, Utc};
use deadpool_postgres::Pool;
use dict_queries::queries::crypto_keys;

use super::StoreError;

/// A key as PostgreSQL holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrappedKey {
    /// Its number.
    pub key_id: i32,
    /// `data` or `hash`.
    pub purpose: String,
    /// Sealed under the master key.
    pub wrapped: Vec<u8>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

/// Every key, oldest first.
pub(crate) async fn wrapped_keys(pool: &Pool) -> Result<Vec<WrappedKey>, StoreError> {
    let client = pool.get().await?;
    let rows = crypto_keys::crypto_keys().bind(&client).all().await?;
    Ok(rows
        .into_iter()
        .map(|row| WrappedKey {
            key_id: row.key_id,
            purpose: row.purpose,
            wrapped: row.wrapped,
            created_at: row.created_at,
        })
        .collect())
}

/// Offers a key under its number; whoever comes first is right.
pub(crate) async fn offer_key(pool: &Pool, key: &WrappedKey) -> Result<(), StoreError> {
    let client = pool.get().await?;
    crypto_keys::offer_crypto_key()
        .bind(&client, &key.key_id, &key.purpose, &key.wrapped, &key.created_at)
        .opt()
        .await?;
    Ok(())
}
