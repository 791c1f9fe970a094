//! Users with their tenant, and what changes them.

use chrono::{DateTime, Utc};
use identity_queries::client::{GenericClient, Params};
use identity_queries::queries::{accounts, api_keys, attempts, password_resets, sessions};
use platform::auth::Tier;

use super::attempts::{Attempt, forget, forgive};
use super::credentials::{self, NewSession};
use super::{Store, StoreError, write};
use crate::access_log::Entry;
use crate::domain::email::Email;
use crate::secrets::Hash;

/// An account that is to be.
#[derive(Debug, Clone, Copy)]
pub struct NewUser<'a> {
    /// Signs in with it.
    pub email: &'a Email,
    /// Their name.
    pub name: &'a str,
    /// The name of the tenant they found and own.
    pub tenant: &'a str,
    /// PHC string.
    pub password_hash: &'a str,
    /// Keyed hashes of e-mail and address, so that the address is known from now on.
    pub known: (Hash, Hash),
}

/// A password in another's place; both are PHC strings.
#[derive(Clone, Copy)]
pub struct PasswordChange<'a> {
    /// What the current password was compared with.
    pub compared: &'a str,
    /// What counts from now on.
    pub new: &'a str,
}

impl std::fmt::Debug for PasswordChange<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("PasswordChange(…)")
    }
}

/// A user as they see themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Id.
    pub id: String,
    /// Signs in with it.
    pub email: String,
    /// Their name.
    pub name: String,
    /// Their tenant's id.
    pub tenant_id: String,
    /// Their tenant's name.
    pub tenant_name: String,
    /// What they pay for.
    pub tier: Tier,
    /// Since when they wait for an upgrade.
    pub upgrade_requested_at: Option<DateTime<Utc>>,
    /// Since when they are here.
    pub created_at: DateTime<Utc>,
    /// When the session asked about ends if it is not used.
    pub session_expires_at: Option<DateTime<Utc>>,
}

/// A user as the operator sees them.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ListedUser {
    /// Id.
    pub id: String,
    /// E-mail.
    pub email: String,
    /// Name.
    pub name: String,
    /// Their tenant's name.
    pub tenant: String,
    /// `free` or `premium`.
    pub tier: String,
    /// Since when they wait for an upgrade.
    pub upgrade_requested_at: Option<DateTime<Utc>>,
    /// What they wrote with it.
    pub upgrade_message: Option<String>,
    /// Since when they are here.
    pub created_at: DateTime<Utc>,
}

impl Store {
    /// Makes a user, their tenant and a first session; `None` where the e-mail has an account already.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn sign_up(
        &self,
        user: NewUser<'_>,
        session: &NewSession,
        entry: &Entry<'_>,
    ) -> Result<Option<Account>, StoreError> {
        self.queries.timed("sign_up", self.sign_up_untimed(user, session, entry)).await
    }

    async fn sign_up_untimed(
        &self,
        user: NewUser<'_>,
        session: &NewSession,
        entry: &Entry<'_>,
    ) -> Result<Option<Account>, StoreError> {
        let now = entry.at;
        let mut client = self.client().await?;
        let transaction = client.transaction().await?;
        let parameters = accounts::InsertUserParams {
            email: user.email.as_str(),
            name: user.name,
            password_hash: user.password_hash,
            now,
        };
        let inserted = accounts::insert_user().params(&transaction, &parameters).opt().await?;
        let Some(user_id) = inserted else { return Ok(None) };
        let tenant_id = accounts::insert_tenant().bind(&transaction, &user.tenant, &now).one().await?;
        let role = "owner";
        accounts::insert_membership().bind(&transaction, &tenant_id, &user_id, &role, &now).one().await?;
        let session_id = credentials::insert_session(&transaction, &user_id, session, now).await?;
        know(&transaction, user.known, now).await?;
        write(&transaction, &entry.clone().of(&user_id)).await?;
        let account = account(&transaction, &user_id, Some(&session_id)).await?;
        transaction.commit().await?;
        Ok(account)
    }

    /// The id and password hash of an e-mail's account.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn credentials_by_email(&self, email: &Email) -> Result<Option<(String, String)>, StoreError> {
        let client = self.client().await?;
        let asked = async { accounts::credentials_by_email().bind(&client, &email.as_str()).opt().await };
        let row = self.queries.timed("credentials_by_email", asked).await?;
        Ok(row.map(|row| (row.id, row.password_hash)))
    }

    /// The e-mail and password hash of a user.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn credentials_by_id(&self, user_id: &str) -> Result<Option<(String, String)>, StoreError> {
        let client = self.client().await?;
        let asked = async { accounts::credentials_by_id().bind(&client, &user_id).opt().await };
        let row = self.queries.timed("credentials_by_id", asked).await?;
        Ok(row.map(|row| (row.email, row.password_hash)))
    }

    /// A user, with the end of one of their sessions.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn account(&self, user_id: &str, session_id: Option<&str>) -> Result<Option<Account>, StoreError> {
        let client = self.client().await?;
        self.queries.timed("account", account(&client, user_id, session_id)).await
    }

    /// Sets a new password in the place of the one that was compared, and ends every session but `keep`, and every
    /// open reset; forgives the `tries` that it took. False where the password has been changed since: a reset that came between must stay.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn change_password(
        &self,
        user_id: &str,
        change: PasswordChange<'_>,
        keep: Option<&str>,
        tries: &[Attempt],
        entry: &Entry<'_>,
    ) -> Result<bool, StoreError> {
        let mut client = self.client().await?;
        let transaction = client.transaction().await?;
        if accounts::lock_user().bind(&transaction, &user_id).opt().await?.as_deref() != Some(change.compared) {
            return Ok(false);
        }
        accounts::update_password().bind(&transaction, &change.new, &entry.at, &user_id).one().await?;
        sessions::delete_sessions_of_user().bind(&transaction, &user_id, &keep).all().await?;
        password_resets::delete_password_resets_of_user().bind(&transaction, &user_id).all().await?;
        forgive(&transaction, tries).await?;
        write(&transaction, entry).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Asks for an upgrade, or finds that it was asked for; since when.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn request_upgrade(
        &self,
        user_id: &str,
        message: Option<&str>,
        entry: &Entry<'_>,
    ) -> Result<Option<DateTime<Utc>>, StoreError> {
        let mut client = self.client().await?;
        let transaction = client.transaction().await?;
        let statement = accounts::request_upgrade();
        let since = statement.bind(&transaction, &entry.at, &message, &user_id).opt().await?;
        // Asked again is not done again.
        if since == Some(entry.at) {
            write(&transaction, entry).await?;
        }
        transaction.commit().await?;
        Ok(since)
    }

    /// Opens a password reset for a user.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn open_reset(
        &self,
        user_id: &str,
        token_hash: Hash,
        expires_at: DateTime<Utc>,
        entry: &Entry<'_>,
    ) -> Result<(), StoreError> {
        let mut client = self.client().await?;
        let transaction = client.transaction().await?;
        let token_hash = token_hash.as_slice();
        let statement = password_resets::insert_password_reset();
        statement.bind(&transaction, &user_id, &token_hash, &entry.at, &expires_at).one().await?;
        write(&transaction, entry).await?;
        Ok(transaction.commit().await?)
    }

    /// The e-mail whose password an open reset may set.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn open_reset_email(&self, token_hash: Hash, now: DateTime<Utc>) -> Result<Option<String>, StoreError> {
        let client = self.client().await?;
        let token_hash = token_hash.as_slice();
        let asked = async { password_resets::open_password_reset().bind(&client, &token_hash, &now).opt().await };
        Ok(self.queries.timed("open_password_reset", asked).await?)
    }

    /// Uses a reset: sets the password, ends every session, every API key and every other reset, forgives the tries
    /// under `forgiven` and makes the address known. False where the reset is not open (any more).
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn use_reset(
        &self,
        token_hash: Hash,
        password_hash: &str,
        known: (Hash, Hash),
        forgiven: &[Hash],
        entry: &Entry<'_>,
    ) -> Result<bool, StoreError> {
        let mut client = self.client().await?;
        let transaction = client.transaction().await?;
        let token_hash = token_hash.as_slice();
        // The user first, as in every transaction that changes one: two of them wait, and never in a circle.
        password_resets::lock_user_of_reset().bind(&transaction, &token_hash).opt().await?;
        let statement = password_resets::take_password_reset();
        let Some(user_id) = statement.bind(&transaction, &token_hash, &entry.at).opt().await? else {
            return Ok(false);
        };
        let keep: Option<&str> = None;
        accounts::update_password().bind(&transaction, &password_hash, &entry.at, &user_id).one().await?;
        sessions::delete_sessions_of_user().bind(&transaction, &user_id, &keep).all().await?;
        api_keys::delete_api_keys_of_user().bind(&transaction, &user_id).all().await?;
        password_resets::delete_password_resets_of_user().bind(&transaction, &user_id).all().await?;
        forget(&transaction, forgiven).await?;
        know(&transaction, known, entry.at).await?;
        write(&transaction, &entry.clone().of(&user_id)).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Sets the tier of the user with this e-mail or id; `None` where there is none.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn set_tier(&self, who: &str, tier: Tier, entry: &Entry<'_>) -> Result<Option<String>, StoreError> {
        let mut client = self.client().await?;
        let transaction = client.transaction().await?;
        let statement = accounts::set_tier();
        let found = statement.bind(&transaction, &tier.name(), &entry.at, &who).opt().await?;
        if let Some(user) = &found {
            write(&transaction, &entry.clone().about(&user.id)).await?;
        }
        transaction.commit().await?;
        Ok(found.map(|user| user.email))
    }

    /// Users in the order they came, at most `limit`.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn list_users(&self, only_requested: bool, limit: i64) -> Result<Vec<ListedUser>, StoreError> {
        let client = self.client().await?;
        let rows = accounts::list_users().bind(&client, &only_requested, &limit).all().await?;
        let listed = |row: accounts::ListUsers| ListedUser {
            id: row.id,
            email: row.email,
            name: row.name,
            tenant: row.tenant_name,
            tier: row.tier,
            upgrade_requested_at: row.upgrade_requested_at,
            upgrade_message: row.upgrade_message,
            created_at: row.created_at,
        };
        Ok(rows.into_iter().map(listed).collect())
    }

    /// The API keys of a user, newest first.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn list_api_keys(&self, user_id: &str) -> Result<Vec<super::ApiKey>, StoreError> {
        let client = self.client().await?;
        let asked = async { api_keys::list_api_keys().bind(&client, &user_id).all().await };
        let rows = self.queries.timed("list_api_keys", asked).await?;
        let key = |row: api_keys::ListApiKeys| super::ApiKey {
            id: row.id,
            name: row.name,
            prefix: row.prefix,
            created_at: row.created_at,
            last_used_at: row.last_used_at,
            expires_at: row.expires_at,
        };
        Ok(rows.into_iter().map(key).collect())
    }
}

/// A user, with the end of one of their sessions.
pub(super) async fn account(
    client: &impl GenericClient,
    user_id: &str,
    session_id: Option<&str>,
) -> Result<Option<Account>, StoreError> {
    let Some(row) = accounts::account().bind(client, &session_id, &user_id).opt().await? else { return Ok(None) };
    Ok(Some(Account {
        tier: tier(&row.tier)?,
        id: row.id,
        email: row.email,
        name: row.name,
        tenant_id: row.tenant_id,
        tenant_name: row.tenant_name,
        upgrade_requested_at: row.upgrade_requested_at,
        created_at: row.created_at,
        session_expires_at: row.session_expires_at,
    }))
}

/// Makes an address known for an e-mail.
pub(super) async fn know(
    client: &impl GenericClient,
    (email, address): (Hash, Hash),
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    attempts::know_address().bind(client, &email.as_slice(), &address.as_slice(), &now).one().await?;
    Ok(())
}

/// A tier as the store spells it.
pub(super) fn tier(name: &str) -> Result<Tier, StoreError> {
    Tier::parse(name).ok_or_else(|| StoreError::Inconsistent(format!("there is no tier {name:?}")))
}
