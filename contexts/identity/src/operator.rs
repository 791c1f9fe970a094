//! What the operator does at the machine itself, by the command line.

use std::sync::Arc;

use platform::auth::Tier;
use platform::clock::Clock;
use platform::random::Entropy;

use crate::access_log::{Action, Entry};
use crate::domain::email::Email;
use crate::secrets::Secrets;
use crate::store::{ListedUser, Store, StoreError};
use crate::token::{self, IssueError, TokenRequest};
use crate::tries;

/// Most users that a list shows.
const USERS_MAX: i64 = 100_000;
/// Known addresses whose locks are lifted with an e-mail's.
const ADDRESSES_MAX: i64 = 1000;

/// Why the operator's wish was not done.
#[derive(Debug, thiserror::Error)]
pub enum OperatorError {
    /// Nobody has this e-mail or id.
    #[error("there is no user {0:?}; `bgc user list` shows them all")]
    NoSuchUser(String),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A token.
    #[error(transparent)]
    Issue(#[from] IssueError),
}

/// The operator's hands.
#[derive(Debug)]
pub struct Operator {
    /// Where users are.
    pub store: Store,
    /// The installation's secrets.
    pub secrets: Secrets,
    /// Where the time comes from.
    pub clock: Arc<dyn Clock>,
    /// Where ids come from.
    pub entropy: Arc<dyn Entropy>,
}

impl Operator {
    /// Issues a token in the name of this installation; it is written down that one was, not the token.
    ///
    /// # Errors
    /// If it would not be accepted, or the store cannot be reached.
    pub async fn issue_token(&self, request: &TokenRequest, issuer: &str) -> Result<String, OperatorError> {
        let now = self.clock.now();
        let (token, id) = token::issue(request, issuer, &self.secrets.token, &*self.entropy, now)?;
        let entry = Entry { credential_id: Some(&id), ..Entry::operator(now, Action::TokenIssue) };
        self.store.log(&entry).await?;
        Ok(token)
    }

    /// Sets the tier of the user with this e-mail or id, which settles an upgrade request; their e-mail.
    ///
    /// # Errors
    /// If there is no such user, or the store cannot be reached.
    pub async fn set_tier(&self, who: &str, tier: Tier) -> Result<String, OperatorError> {
        let entry = Entry::operator(self.clock.now(), Action::TierChange);
        let email = self.store.set_tier(&spelt(who), tier, &entry).await?;
        email.ok_or_else(|| OperatorError::NoSuchUser(who.to_owned()))
    }

    /// Every user, or those who wait for an upgrade, in the order they came.
    ///
    /// # Errors
    /// If the store cannot be reached.
    pub async fn list_users(&self, only_upgrade_requested: bool) -> Result<Vec<ListedUser>, OperatorError> {
        Ok(self.store.list_users(only_upgrade_requested, USERS_MAX).await?)
    }

    /// Lets an e-mail sign in again at once, from wherever it was locked.
    ///
    /// # Errors
    /// If nobody has this e-mail, or the store cannot be reached.
    pub async fn unlock(&self, who: &str) -> Result<(), OperatorError> {
        let nobody = || OperatorError::NoSuchUser(who.to_owned());
        let email = Email::parse(who).map_err(|_| nobody())?;
        let (user_id, _) = self.store.credentials_by_email(&email).await?.ok_or_else(nobody)?;
        let email = self.secrets.email(&email);
        let mut keys = vec![tries::sign_in_email(&self.secrets, email)];
        for address in self.store.known_addresses(email, ADDRESSES_MAX).await? {
            keys.push(tries::sign_in_known(&self.secrets, email, address));
        }
        keys.extend(tries::current_password(&self.secrets, &user_id).iter().map(|attempt| attempt.key));
        let entry = Entry::operator(self.clock.now(), Action::Unlock).about(&user_id);
        Ok(self.store.unlock(&keys, &entry).await?)
    }
}

/// An e-mail as it is stored; anything else as it is.
fn spelt(who: &str) -> String {
    Email::parse(who).map_or_else(|_| who.trim().to_owned(), |email| email.as_str().to_owned())
}
