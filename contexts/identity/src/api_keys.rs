//! Keys for programs.

pub mod http;

use std::net::IpAddr;

use chrono::TimeDelta;
use platform::auth::Principal;
use platform::random::hex_token;

use crate::IdentityState;
use crate::access_log::{Action, Entry};
use crate::error::IdentityError;
use crate::secrets::token_hash;
use crate::store::{ApiKey, Made, NewApiKey};

/// How every key begins.
const PREFIX: &str = "bgc_";
/// Characters of a key that are kept and shown, its beginning included: enough to tell keys apart, 32 bits of 256.
const SHOWN_CHARS: usize = 12;

/// A key that was just made.
#[derive(Debug)]
pub struct CreatedApiKey {
    /// As it is listed from now on.
    pub key: ApiKey,
    /// All of it, for this once.
    pub secret: ApiKeySecret,
}

/// All of a key.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKeySecret(pub(crate) String);

impl std::fmt::Debug for ApiKeySecret {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("ApiKeySecret(…)")
    }
}

/// Makes a key that holds `expires_in_days`, or until it is deleted.
///
/// # Errors
/// [`IdentityError::TooManyKeys`] where the user has as many as anybody may; `SessionOver` where the session ended
/// meanwhile.
pub async fn create(
    state: &IdentityState,
    principal: &Principal,
    name: &str,
    expires_in_days: Option<u32>,
    address: IpAddr,
) -> Result<CreatedApiKey, IdentityError> {
    let now = state.clock.now();
    let secret = format!("{PREFIX}{}", hex_token(&*state.entropy)?);
    let prefix: String = secret.chars().take(SHOWN_CHARS).collect();
    let expires_at = expires_in_days.map(|days| now + TimeDelta::days(i64::from(days)));
    let new = NewApiKey { name, prefix: &prefix, key_hash: token_hash(&secret), expires_at };
    let entry = Entry::by(now, Action::ApiKeyCreate, &state.secrets, address, principal);
    let session_id = principal.credential_id.as_deref().ok_or(IdentityError::SessionOver)?;
    let id = match state.store.create_api_key((&principal.subject, session_id), &new, &entry).await? {
        Made::Key(id) => id,
        Made::TooMany => return Err(IdentityError::TooManyKeys),
        Made::SessionOver => return Err(IdentityError::SessionOver),
    };
    let key = ApiKey { id, name: name.to_owned(), prefix, created_at: now, last_used_at: None, expires_at };
    Ok(CreatedApiKey { key, secret: ApiKeySecret(secret) })
}

/// Ends a key at once.
///
/// # Errors
/// [`IdentityError::NotFound`] where the user has no such key.
pub async fn delete(
    state: &IdentityState,
    principal: &Principal,
    key_id: &str,
    address: IpAddr,
) -> Result<(), IdentityError> {
    let entry = Entry::by(state.clock.now(), Action::ApiKeyDelete, &state.secrets, address, principal);
    if state.store.delete_api_key(&principal.subject, key_id, &entry).await? {
        Ok(())
    } else {
        Err(IdentityError::NotFound)
    }
}
