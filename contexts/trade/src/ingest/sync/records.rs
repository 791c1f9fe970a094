//! What a sync remembers in the store, and the lock that keeps two of them apart.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use trade_queries::queries::sync as sql;

use super::SyncError;
use super::official::{OfficialFile, Published, TableName};
use super::plan::Record;
use crate::store::{Connection, LiveYear, Store, StoreError, convert, live_years};

/// How long PostgreSQL may take to see that the sync before has ended: its lock goes with its connection.
const LOCK_WAIT: Duration = Duration::from_secs(2);

/// Held while a sync runs. Ends with its connection, however the process ends.
pub(super) struct SyncLock {
    _client: deadpool_postgres::ClientWrapper,
}

/// Takes the lock, or says that another sync has it.
pub(super) async fn lock(store: &Store) -> Result<SyncLock, SyncError> {
    let client = store.pool.get().await?;
    let deadline = Instant::now() + LOCK_WAIT;
    while !sql::try_sync_lock().bind(&client).one().await? {
        if Instant::now() > deadline {
            return Err(SyncError::Busy);
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    // The lock lives as long as the connection: it must not go back to the pool with it.
    Ok(SyncLock { _client: deadpool_postgres::Object::take(client) })
}

/// What the store knows before a sync.
pub(super) struct Known {
    pub records: BTreeMap<String, Record>,
    pub years: Vec<LiveYear>,
    pub sha256: BTreeMap<u16, String>,
}

/// Reads it.
pub(super) async fn known(store: &Store) -> Result<Known, StoreError> {
    let client = store.pool.get().await?;
    let mut records = BTreeMap::new();
    for row in sql::official_files().bind(&client).all().await? {
        let record = Record { validator: row.validator, bytes: row.bytes, sha256: row.sha256 };
        records.insert(row.name, record);
    }
    let mut sha256 = BTreeMap::new();
    for row in sql::live_files().bind(&client).all().await? {
        sha256.insert(convert(row.ano, "year")?, row.sha256);
    }
    Ok(Known { records, years: live_years(&client).await?, sha256 })
}

/// Remembers that a file is what is live.
pub(super) async fn record(
    store: &Store,
    file: OfficialFile,
    published: &Published,
    sha256: &str,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let client = store.pool.get().await?;
    let validator = published.validator.as_deref().unwrap_or_default();
    let bytes = published.bytes.and_then(|bytes| i64::try_from(bytes).ok());
    sql::record_official_file().bind(&client, &file.to_string(), &validator, &bytes, &sha256, &at).one().await?;
    Ok(())
}

/// Forgets which code tables were synced: others are being loaded by hand.
pub(crate) async fn forget_tables(client: &impl Connection) -> Result<(), StoreError> {
    let names = TableName::ALL.map(|table| OfficialFile::Table(table).to_string());
    sql::forget_official_files().bind(client, &names.as_slice()).one().await?;
    Ok(())
}
