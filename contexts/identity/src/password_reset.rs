//! A new password for one who forgot theirs: a mail with a link that works once.

pub mod http;

use std::net::IpAddr;

use platform::http::language::Language;
use platform::random::hex_token;

use crate::IdentityState;
use crate::access_log::{Action, Entry};
use crate::domain::email::Email;
use crate::domain::{lifetime, password};
use crate::error::IdentityError;
use crate::mail::{Mail, MailError};
use crate::secrets::token_hash;
use crate::tries;

/// Asks for a mail to set a new password. Whether the e-mail has an account shows neither in the answer nor in its
/// time: the work is done after it, and a stopping server waits for it. Too many requests for one e-mail or from one address are answered alike and
/// send nothing.
///
/// # Errors
/// When the store cannot be reached.
pub async fn request(
    state: &IdentityState,
    email: Email,
    address: IpAddr,
    language: Language,
) -> Result<(), IdentityError> {
    let now = state.clock.now();
    let tries = tries::reset(&state.secrets, state.secrets.email(&email), state.secrets.address(address));
    if state.store.take_tries(&tries, now).await?.is_err() {
        return Ok(());
    }
    let Ok(place) = std::sync::Arc::clone(&state.mails).try_acquire_owned() else {
        tracing::error!("too many mails are being sent; a password reset was dropped");
        return Ok(());
    };
    let mailing = state.clone();
    state.tasks.spawn(async move {
        let sent =
            tokio::time::timeout(mailing.mail_deadline, open_and_send(&mailing, &email, address, language)).await;
        if let Err(error) = sent.unwrap_or(Err(SendError::Late)) {
            tracing::error!(%error, "a password reset could not be mailed");
        }
        drop(place);
    });
    Ok(())
}

/// Why a mail was not sent.
#[derive(Debug, thiserror::Error)]
enum SendError {
    #[error(transparent)]
    Identity(#[from] IdentityError),
    #[error(transparent)]
    Mail(#[from] MailError),
    #[error("it took too long")]
    Late,
    #[error("no way to send mail is configured (mail.outbox_dir)")]
    NoMailer,
}

async fn open_and_send(
    state: &IdentityState,
    email: &Email,
    address: IpAddr,
    language: Language,
) -> Result<(), SendError> {
    let mailer = state.mailer.as_ref().ok_or(SendError::NoMailer)?;
    let found = state.store.credentials_by_email(email).await.map_err(IdentityError::from)?;
    let Some((user_id, _)) = found else { return Ok(()) };
    let now = state.clock.now();
    let token = hex_token(&*state.entropy).map_err(IdentityError::from)?;
    let entry = Entry::anonymous(now, Action::PasswordResetRequest, &state.secrets, address).about(&user_id);
    let opened = state.store.open_reset(&user_id, token_hash(&token), now + lifetime::RESET, &entry).await;
    opened.map_err(IdentityError::from)?;
    // In the fragment: browsers send that to no server, so it stands in no log on the way.
    let link = format!("{}/account#reset={token}", state.public_url);
    let id = hex_token(&*state.entropy).map_err(IdentityError::from)?;
    let mail = Mail::password_reset(email, &link, language, now, id);
    Ok(mailer.send(&mail).await?)
}

/// Sets a new password by a reset's token, and ends every session and API key of the account: a reset is how its owner
/// takes it back from a thief, who may have made keys.
///
/// # Errors
/// [`IdentityError::ResetOver`] where the token is unknown, used or expired.
pub async fn confirm(state: &IdentityState, token: &str, new: String, address: IpAddr) -> Result<(), IdentityError> {
    let now = state.clock.now();
    let hash = token_hash(token);
    let email = state.store.open_reset_email(hash, now).await?.ok_or(IdentityError::ResetOver)?;
    password::check_new(&new, &email).map_err(|reason| IdentityError::Password { pointer: "/new_password", reason })?;
    let new_hash = state.passwords.hash(new, &*state.entropy).await?;
    let email = Email::parse(&email).map_err(|_| IdentityError::ResetOver)?;
    let known = (state.secrets.email(&email), state.secrets.address(address));
    // Whoever reads the account's mail is its owner: guesses of others no longer hold them up.
    let forgiven =
        [tries::sign_in_email(&state.secrets, known.0), tries::sign_in_known(&state.secrets, known.0, known.1)];
    let entry = Entry::anonymous(now, Action::PasswordReset, &state.secrets, address);
    if state.store.use_reset(hash, &new_hash, known, &forgiven, &entry).await? {
        Ok(())
    } else {
        Err(IdentityError::ResetOver)
    }
}
