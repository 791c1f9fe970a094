//! Sessions and API keys: made, looked up, ended.

use chrono::{DateTime, Utc};
use identity_queries::client::{GenericClient, Params};
use identity_queries::queries::{accounts, api_keys, attempts, sessions};
use platform::auth::Tier;

use super::accounts::{Account, account, know, tier};
use super::attempts::{Attempt, forgive};
use super::{Store, StoreError, write};
use crate::access_log::Entry;
use crate::domain::lifetime;
use crate::secrets::Hash;

/// A session that is to be; its token is known to the browser only.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// SHA-256 of the token.
    pub token_hash: Hash,
    /// Ends then if it is not used.
    pub idle_expires_at: DateTime<Utc>,
    /// Ends then in any case.
    pub absolute_expires_at: DateTime<Utc>,
}

/// A session that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundSession {
    /// Its id.
    pub id: String,
    /// Whose it is.
    pub user_id: String,
    /// Their tier.
    pub tier: Tier,
    /// Their tenant.
    pub tenant_id: Option<String>,
}

/// How somebody came in.
#[derive(Debug, Clone)]
pub struct Entered<'a> {
    /// Keyed hashes of e-mail and address, so that the address is known from now on.
    pub known: (Hash, Hash),
    /// What it was tried under, which is forgiven.
    pub tries: &'a [Attempt],
    /// The line that tells of it.
    pub entry: Entry<'a>,
}

/// An API key that is to be.
#[derive(Debug, Clone)]
pub struct NewApiKey<'a> {
    /// What its owner calls it.
    pub name: &'a str,
    /// Its first characters, to tell it by.
    pub prefix: &'a str,
    /// SHA-256 of all of it.
    pub key_hash: Hash,
    /// When it ends.
    pub expires_at: Option<DateTime<Utc>>,
}

/// What became of an API key that was to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Made {
    /// It is there; its id.
    Key(String),
    /// The user has as many as anybody may.
    TooMany,
    /// The session that asked for it has ended.
    SessionOver,
}

/// An API key as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// Id.
    pub id: String,
    /// What its owner calls it.
    pub name: String,
    /// Its first characters.
    pub prefix: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last used, to the minute.
    pub last_used_at: Option<DateTime<Utc>>,
    /// When it ends.
    pub expires_at: Option<DateTime<Utc>>,
}

/// An API key that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundApiKey {
    /// Its id.
    pub id: String,
    /// Whose it is.
    pub user_id: String,
    /// Their tier.
    pub tier: Tier,
    /// Their tenant.
    pub tenant_id: Option<String>,
    /// What it allows besides.
    pub scopes: Vec<String>,
}

impl Store {
    /// The session with this token's hash, if it holds at `now`; its use is noted. One statement.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn authenticate_session(
        &self,
        token_hash: Hash,
        now: DateTime<Utc>,
    ) -> Result<Option<FoundSession>, StoreError> {
        let client = self.client().await?;
        let parameters = sessions::AuthenticateSessionParams {
            token_hash: token_hash.as_slice(),
            now,
            idle_expires_at: now + lifetime::SESSION_IDLE,
            touch_before: now - lifetime::SESSION_TOUCH,
        };
        let asked = async { sessions::authenticate_session().params(&client, &parameters).opt().await };
        let Some(row) = self.queries.timed("authenticate_session", asked).await? else { return Ok(None) };
        let tier = tier(&row.tier)?;
        Ok(Some(FoundSession { id: row.id, user_id: row.user_id, tier, tenant_id: row.tenant_id }))
    }

    /// The API key with this hash, if it holds at `now`; its use is noted. One statement.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn authenticate_api_key(
        &self,
        key_hash: Hash,
        now: DateTime<Utc>,
    ) -> Result<Option<FoundApiKey>, StoreError> {
        let client = self.client().await?;
        let parameters = api_keys::AuthenticateApiKeyParams {
            key_hash: key_hash.as_slice(),
            now,
            touch_before: now - lifetime::API_KEY_TOUCH,
        };
        let asked = async { api_keys::authenticate_api_key().params(&client, &parameters).opt().await };
        let Some(row) = self.queries.timed("authenticate_api_key", asked).await? else { return Ok(None) };
        let tier = tier(&row.tier)?;
        Ok(Some(FoundApiKey { id: row.id, user_id: row.user_id, tier, tenant_id: row.tenant_id, scopes: row.scopes }))
    }

    /// Opens a session for one who showed their password; makes their address known and forgives their tries. All of
    /// it happens with the answer, or nothing. `None` where the password has been changed since it was compared:
    /// whoever changed it ended every session, this one too.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn open_session(
        &self,
        (user_id, password_hash): (&str, &str),
        session: &NewSession,
        entered: &Entered<'_>,
    ) -> Result<Option<Account>, StoreError> {
        let now = entered.entry.at;
        let mut client = self.client().await?;
        let transaction = client.transaction().await?;
        if accounts::lock_user().bind(&transaction, &user_id).opt().await?.as_deref() != Some(password_hash) {
            return Ok(None);
        }
        let session_id = insert_session(&transaction, user_id, session, now).await?;
        let keep = lifetime::SESSIONS_MAX;
        sessions::delete_oldest_sessions().bind(&transaction, &user_id, &keep).all().await?;
        know(&transaction, entered.known, now).await?;
        forgive(&transaction, entered.tries).await?;
        write(&transaction, &entered.entry.clone().of(user_id)).await?;
        let account = account(&transaction, user_id, Some(&session_id)).await?;
        transaction.commit().await?;
        Ok(account)
    }

    /// Ends a session of a user.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn end_session(&self, user_id: &str, session_id: &str, entry: &Entry<'_>) -> Result<(), StoreError> {
        let mut client = self.client().await?;
        let transaction = client.transaction().await?;
        if sessions::delete_session().bind(&transaction, &session_id, &user_id).opt().await?.is_some() {
            write(&transaction, entry).await?;
        }
        Ok(transaction.commit().await?)
    }

    /// Makes an API key for one who showed a session.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn create_api_key(
        &self,
        (user_id, session_id): (&str, &str),
        key: &NewApiKey<'_>,
        entry: &Entry<'_>,
    ) -> Result<Made, StoreError> {
        let mut client = self.client().await?;
        let transaction = client.transaction().await?;
        // One at a time for each user: two must not both see room for one.
        accounts::lock_user().bind(&transaction, &user_id).opt().await?;
        // A reset that came between ended the session and every key: no key may outlive it.
        if !sessions::session_is_open().bind(&transaction, &session_id, &user_id).one().await? {
            return Ok(Made::SessionOver);
        }
        if api_keys::count_api_keys().bind(&transaction, &user_id).one().await? >= lifetime::API_KEYS_MAX {
            return Ok(Made::TooMany);
        }
        let scopes: [&str; 0] = [];
        let parameters = api_keys::InsertApiKeyParams {
            user_id,
            name: key.name,
            prefix: key.prefix,
            key_hash: key.key_hash.as_slice(),
            scopes: scopes.as_slice(),
            now: entry.at,
            expires_at: key.expires_at,
        };
        let id = api_keys::insert_api_key().params(&transaction, &parameters).one().await?;
        write(&transaction, entry).await?;
        transaction.commit().await?;
        Ok(Made::Key(id))
    }

    /// Ends an API key of a user; false where they have no such key.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn delete_api_key(&self, user_id: &str, key_id: &str, entry: &Entry<'_>) -> Result<bool, StoreError> {
        let mut client = self.client().await?;
        let transaction = client.transaction().await?;
        let deleted = api_keys::delete_api_key().bind(&transaction, &key_id, &user_id).opt().await?;
        if deleted.is_some() {
            write(&transaction, entry).await?;
        }
        transaction.commit().await?;
        Ok(deleted.is_some())
    }

    /// The addresses from which an e-mail was signed in before, at most `limit`.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn known_addresses(&self, email: Hash, limit: i64) -> Result<Vec<Hash>, StoreError> {
        let client = self.client().await?;
        let rows = attempts::known_addresses().bind(&client, &email.as_slice(), &limit).all().await?;
        let hash = |row: Vec<u8>| {
            row.try_into().map_err(|_| StoreError::Inconsistent("a hash of an address is not 32 bytes".into()))
        };
        rows.into_iter().map(hash).collect()
    }
}

/// Inserts a session; its id.
pub(super) async fn insert_session(
    client: &impl GenericClient,
    user_id: &str,
    session: &NewSession,
    now: DateTime<Utc>,
) -> Result<String, StoreError> {
    let parameters = sessions::InsertSessionParams {
        user_id,
        token_hash: session.token_hash.as_slice(),
        now,
        idle_expires_at: session.idle_expires_at,
        absolute_expires_at: session.absolute_expires_at,
    };
    Ok(sessions::insert_session().params(client, &parameters).one().await?)
}
