//! Signing in and out.

pub mod http;

use std::net::IpAddr;

use chrono::{DateTime, Utc};
use platform::auth::{Credential, Principal};
use platform::random::hex_token;

use crate::IdentityState;
use crate::access_log::{Action, Entry};
use crate::domain::email::Email;
use crate::domain::{lifetime, password};
use crate::error::IdentityError;
use crate::secrets::token_hash;
use crate::store::{Account, Entered, NewSession};
use crate::tries;

/// One who just signed in.
#[derive(Debug)]
pub struct SignedIn {
    /// Who.
    pub account: Account,
    /// The session's token: goes into the cookie and nowhere else.
    pub token: SessionToken,
}

/// The secret of a session.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionToken(pub(crate) String);

impl std::fmt::Debug for SessionToken {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("SessionToken(…)")
    }
}

/// A new session and its token.
pub(crate) fn new_session(
    state: &IdentityState,
    now: DateTime<Utc>,
) -> Result<(NewSession, SessionToken), IdentityError> {
    let token = hex_token(&*state.entropy)?;
    let session = NewSession {
        token_hash: token_hash(&token),
        idle_expires_at: now + lifetime::SESSION_IDLE,
        absolute_expires_at: now + lifetime::SESSION_ABSOLUTE,
    };
    Ok((session, SessionToken(token)))
}

/// Opens a session for the account of `email`, if the password is its own. Always a new one, whatever cookie came
/// along, so that nobody can plant a session that they know.
///
/// # Errors
/// [`IdentityError::InvalidCredentials`] in the same time whether the account exists or not; `Locked` after too many.
pub async fn sign_in(
    state: &IdentityState,
    email: &Email,
    given: String,
    address: IpAddr,
) -> Result<SignedIn, IdentityError> {
    let now = state.clock.now();
    let (email_hash, address_hash) = (state.secrets.email(email), state.secrets.address(address));
    let known = state.store.is_known(email_hash, address_hash).await?;
    let tries = tries::sign_in(&state.secrets, email_hash, address_hash, known);
    state.store.take_tries(&tries, now).await??;
    let entry = Entry::anonymous(now, Action::SignIn, &state.secrets, address);
    let outcome =
        compare_and_open(state, email, given, &Entered { known: (email_hash, address_hash), tries: &tries, entry })
            .await;
    tries::settle(state, &tries, outcome).await
}

async fn compare_and_open(
    state: &IdentityState,
    email: &Email,
    given: String,
    entered: &Entered<'_>,
) -> Result<SignedIn, IdentityError> {
    let found = state.store.credentials_by_email(email).await?;
    // A password that is too long to be anybody's costs what any other costs.
    let given = if password::may_exist(&given) { given } else { String::new() };
    let hash = found.as_ref().map(|(_, hash)| hash.clone());
    let right = state.passwords.verify(given, hash).await?;
    let entry = &entered.entry;
    let Some((user_id, hash)) = found.as_ref().filter(|_| right) else {
        let about = found.as_ref().map(|(user_id, _)| user_id.as_str());
        state.store.log(&Entry { user_id: about, ..entry.clone().refused() }).await?;
        return Err(IdentityError::InvalidCredentials);
    };
    let (session, token) = new_session(state, entry.at)?;
    let opened = state.store.open_session((user_id, hash), &session, entered).await?;
    Ok(SignedIn { account: opened.ok_or(IdentityError::InvalidCredentials)?, token })
}

/// Ends the session that somebody showed; other credentials have none to end.
///
/// # Errors
/// When the store cannot be reached.
pub async fn sign_out(state: &IdentityState, principal: &Principal, address: IpAddr) -> Result<(), IdentityError> {
    if let (Credential::Session, Some(session_id)) = (principal.credential, &principal.credential_id) {
        let entry = Entry::by(state.clock.now(), Action::SignOut, &state.secrets, address, principal);
        state.store.end_session(&principal.subject, session_id, &entry).await?;
    }
    Ok(())
}
