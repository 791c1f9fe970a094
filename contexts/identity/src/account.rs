//! Accounts: made, shown, their password, their tier.

pub mod http;

use std::net::IpAddr;

use chrono::{DateTime, Utc};
use platform::auth::Principal;

use crate::IdentityState;
use crate::access_log::{Action, Entry};
use crate::domain::email::Email;
use crate::domain::password;
use crate::error::IdentityError;
use crate::session::{SignedIn, new_session};
use crate::store::{Attempt, NewUser, PasswordChange};
use crate::tries;

/// An account that somebody asks for; every field is checked.
#[derive(Debug)]
pub struct SignUp<'a> {
    /// Signs in with it.
    pub email: &'a Email,
    /// Their name.
    pub name: &'a str,
    /// Their company; empty for none.
    pub company: &'a str,
}

/// Makes an account with a tenant of its own, free, and signs in to it.
///
/// # Errors
/// [`IdentityError::AccountExists`] where the e-mail has one; of several at once one wins.
pub async fn sign_up(
    state: &IdentityState,
    wanted: SignUp<'_>,
    password: String,
    address: IpAddr,
) -> Result<SignedIn, IdentityError> {
    let now = state.clock.now();
    let tries = tries::sign_up(&state.secrets, state.secrets.address(address));
    state.store.take_tries(&tries, now).await??;
    tries::settle(state, &tries, make(state, wanted, password, address, now).await).await
}

async fn make(
    state: &IdentityState,
    wanted: SignUp<'_>,
    password: String,
    address: IpAddr,
    now: DateTime<Utc>,
) -> Result<SignedIn, IdentityError> {
    let password_hash = state.passwords.hash(password, &*state.entropy).await?;
    let (session, token) = new_session(state, now)?;
    let user = NewUser {
        email: wanted.email,
        name: wanted.name,
        tenant: if wanted.company.is_empty() { wanted.name } else { wanted.company },
        password_hash: &password_hash,
        known: (state.secrets.email(wanted.email), state.secrets.address(address)),
    };
    let entry = Entry::anonymous(now, Action::SignUp, &state.secrets, address);
    let account = state.store.sign_up(user, &session, &entry).await?.ok_or(IdentityError::AccountExists)?;
    Ok(SignedIn { account, token })
}

/// Sets a new password for one who knows the current one, and ends their other sessions.
///
/// # Errors
/// [`IdentityError::InvalidCredentials`] where the current one is wrong, or was changed meanwhile; `Locked` after too
/// many tries.
pub async fn change_password(
    state: &IdentityState,
    principal: &Principal,
    current: String,
    new: String,
    address: IpAddr,
) -> Result<(), IdentityError> {
    let now = state.clock.now();
    let user_id = &principal.subject;
    let (email, hash) = state.store.credentials_by_id(user_id).await?.ok_or(IdentityError::InvalidCredentials)?;
    password::check_new(&new, &email).map_err(|reason| IdentityError::Password { pointer: "/new_password", reason })?;
    let tries = tries::current_password(&state.secrets, user_id);
    state.store.take_tries(&tries, now).await??;
    let entry = Entry::by(now, Action::PasswordChange, &state.secrets, address, principal);
    let outcome = compare_and_set(state, principal, (current, &hash), new, &tries, &entry).await;
    tries::settle(state, &tries, outcome).await
}

async fn compare_and_set(
    state: &IdentityState,
    principal: &Principal,
    (current, compared): (String, &str),
    new: String,
    tries: &[Attempt],
    entry: &Entry<'_>,
) -> Result<(), IdentityError> {
    let current = if password::may_exist(&current) { current } else { String::new() };
    if state.passwords.verify(current, Some(compared.to_owned())).await? {
        let new = state.passwords.hash(new, &*state.entropy).await?;
        let change = PasswordChange { compared, new: &new };
        let keep = principal.credential_id.as_deref();
        if state.store.change_password(&principal.subject, change, keep, tries, entry).await? {
            return Ok(());
        }
    }
    state.store.log(&entry.clone().refused()).await?;
    Err(IdentityError::InvalidCredentials)
}

/// Asks for the premium tier, which an operator grants; since when it is asked for.
///
/// # Errors
/// When the store cannot be reached.
pub async fn request_upgrade(
    state: &IdentityState,
    principal: &Principal,
    message: Option<&str>,
    address: IpAddr,
) -> Result<DateTime<Utc>, IdentityError> {
    // The store keeps microseconds: what it answers must be comparable with what it was given.
    let now = chrono::SubsecRound::trunc_subsecs(state.clock.now(), 6);
    let entry = Entry::by(now, Action::UpgradeRequest, &state.secrets, address, principal);
    let since = state.store.request_upgrade(&principal.subject, message, &entry).await?;
    since.ok_or(IdentityError::NotFound)
}
