//! Rows in and out of PostgreSQL. One method is one statement or one transaction; the SQL is in `queries/`.

mod accounts;
mod attempts;
mod credentials;

use chrono::{DateTime, Utc};
use deadpool_postgres::Pool;
use identity_queries::client::{GenericClient, Params};
use identity_queries::queries::{access_log, retention, server_secrets};
pub use platform::postgres::StoreError;
use platform::postgres::pool::QueryMetrics;

use crate::access_log::{Activity, Entry};
use crate::domain::{lifetime, lock_out};

pub use accounts::{Account, ListedUser, NewUser, PasswordChange};
pub use attempts::Attempt;
pub use credentials::{ApiKey, Entered, FoundApiKey, FoundSession, Made, NewApiKey, NewSession};

/// The identity context's PostgreSQL, as `app_rw`.
#[derive(Debug, Clone)]
pub struct Store {
    /// Connections.
    pub pool: Pool,
    /// How long statements take.
    pub queries: QueryMetrics,
}

/// Rows that were over and are gone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Forgotten {
    /// Sessions, resets, keys, tries and known addresses.
    pub credentials: i64,
    /// Lines of the access log.
    pub access_log: i64,
}

impl Store {
    async fn client(&self) -> Result<deadpool_postgres::Object, StoreError> {
        Ok(self.pool.get().await?)
    }

    /// A secret that all servers share; `None` before the first one made it.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn server_secret(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let client = self.client().await?;
        let asked = async { server_secrets::server_secret().bind(&client, &name).opt().await };
        Ok(self.queries.timed("server_secret", asked).await?)
    }

    /// Offers a secret; the one that counts from now on, which may be another server's.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn offer_secret(&self, name: &str, secret: &[u8], now: DateTime<Utc>) -> Result<Vec<u8>, StoreError> {
        let mut client = self.client().await?;
        let transaction = client.transaction().await?;
        server_secrets::offer_secret().bind(&transaction, &name, &secret, &now).opt().await?;
        let kept = server_secrets::server_secret().bind(&transaction, &name).opt().await?;
        transaction.commit().await?;
        kept.ok_or_else(|| StoreError::Inconsistent(format!("the server secret {name} was not kept")))
    }

    /// Writes one line of the access log, for what changes nothing else.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn log(&self, entry: &Entry<'_>) -> Result<(), StoreError> {
        let client = self.client().await?;
        self.queries.timed("insert_access", write(&client, entry)).await
    }

    /// What was done by or to a user, newest first.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn activity(&self, user_id: &str, limit: i64) -> Result<Vec<Activity>, StoreError> {
        let client = self.client().await?;
        let asked = async { access_log::activity().bind(&client, &user_id, &limit).all().await };
        let rows = self.queries.timed("activity", asked).await?;
        let activity = |row: access_log::Activity| Activity {
            at: row.at,
            action: row.action,
            result: row.result,
            credential: row.credential,
        };
        Ok(rows.into_iter().map(activity).collect())
    }

    /// Forgets what is over at `now`, and lines of the access log from before `access_log_before`.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn forget(&self, now: DateTime<Utc>, access_log_before: DateTime<Utc>) -> Result<Forgotten, StoreError> {
        let client = self.client().await?;
        let keys_before = now - lifetime::API_KEY_EXPIRED;
        let tried_before = now - lock_out::MEMORY;
        let known_before = now - lifetime::KNOWN_ADDRESS;
        let credentials = retention::forget_sessions().bind(&client, &now).one().await?
            + retention::forget_password_resets().bind(&client, &now).one().await?
            + retention::forget_api_keys().bind(&client, &keys_before).one().await?
            + retention::forget_attempts().bind(&client, &tried_before, &now).one().await?
            + retention::forget_known_addresses().bind(&client, &known_before).one().await?;
        let access_log = retention::forget_access_log().bind(&client, &access_log_before).one().await?;
        Ok(Forgotten { credentials, access_log })
    }
}

/// Writes a line of the access log on a connection or inside the transaction of the change that it tells of.
async fn write(client: &impl GenericClient, entry: &Entry<'_>) -> Result<(), StoreError> {
    let address = entry.address.as_ref().map(<[u8; 32]>::as_slice);
    let parameters = access_log::InsertAccessParams {
        at: entry.at,
        actor: entry.actor,
        user_id: entry.user_id,
        action: entry.action.name(),
        result: if entry.ok { "ok" } else { "refused" },
        credential: entry.credential,
        credential_id: entry.credential_id,
        address_hash: address,
    };
    access_log::insert_access().params(client, &parameters).one().await?;
    Ok(())
}
