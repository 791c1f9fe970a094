//! Who did what: one line for every change and for every wrong password.

use std::net::IpAddr;

use chrono::{DateTime, Utc};
use platform::auth::Principal;

use crate::secrets::{Hash, Secrets};

/// What can be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// An account was made.
    SignUp,
    /// Somebody signed in, or tried.
    SignIn,
    /// Somebody signed out.
    SignOut,
    /// A password was changed by one who knew it, or who tried.
    PasswordChange,
    /// A mail to set a new password was asked for.
    PasswordResetRequest,
    /// A new password was set by such a mail.
    PasswordReset,
    /// An upgrade was asked for.
    UpgradeRequest,
    /// A tier was set.
    TierChange,
    /// An API key was made.
    ApiKeyCreate,
    /// An API key was ended.
    ApiKeyDelete,
    /// A lock-out was lifted.
    Unlock,
    /// A token was issued.
    TokenIssue,
}

impl Action {
    /// As stored and shown.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Action::SignUp => "sign_up",
            Action::SignIn => "sign_in",
            Action::SignOut => "sign_out",
            Action::PasswordChange => "password_change",
            Action::PasswordResetRequest => "password_reset_request",
            Action::PasswordReset => "password_reset",
            Action::UpgradeRequest => "upgrade_request",
            Action::TierChange => "tier_change",
            Action::ApiKeyCreate => "api_key_create",
            Action::ApiKeyDelete => "api_key_delete",
            Action::Unlock => "unlock",
            Action::TokenIssue => "token_issue",
        }
    }
}

/// The actor of whoever works at the machine itself.
pub const OPERATOR: &str = "operator";
/// The actor of whoever did not say who they are.
const ANONYMOUS: &str = "anonymous";
/// The credential of whoever showed none.
const NO_CREDENTIAL: &str = "none";

/// One line.
#[derive(Debug, Clone)]
pub struct Entry<'a> {
    /// When.
    pub at: DateTime<Utc>,
    /// Who: a subject, [`OPERATOR`], or nobody known.
    pub actor: &'a str,
    /// The user it is about, where one is known.
    pub user_id: Option<&'a str>,
    /// What.
    pub action: Action,
    /// Whether it was done; otherwise it was refused.
    pub ok: bool,
    /// How they showed who they are.
    pub credential: &'static str,
    /// Which session, key or token.
    pub credential_id: Option<&'a str>,
    /// Keyed hash of where from.
    pub address: Option<Hash>,
}

impl<'a> Entry<'a> {
    /// Something done by one who is not signed in.
    #[must_use]
    pub fn anonymous(at: DateTime<Utc>, action: Action, secrets: &Secrets, address: IpAddr) -> Self {
        Self {
            at,
            actor: ANONYMOUS,
            user_id: None,
            action,
            ok: true,
            credential: NO_CREDENTIAL,
            credential_id: None,
            address: Some(secrets.address(address)),
        }
    }

    /// Something done to a user by themselves, who showed who they are.
    #[must_use]
    pub fn by(at: DateTime<Utc>, action: Action, secrets: &Secrets, address: IpAddr, principal: &'a Principal) -> Self {
        Self {
            actor: &principal.subject,
            user_id: Some(&principal.subject),
            credential: principal.credential.name(),
            credential_id: principal.credential_id.as_deref(),
            ..Self::anonymous(at, action, secrets, address)
        }
    }

    /// Something done by the operator at the command line.
    #[must_use]
    pub fn operator(at: DateTime<Utc>, action: Action) -> Self {
        Self {
            at,
            actor: OPERATOR,
            user_id: None,
            action,
            ok: true,
            credential: OPERATOR,
            credential_id: None,
            address: None,
        }
    }

    /// The same about a user.
    #[must_use]
    pub fn about(self, user_id: &'a str) -> Self {
        Self { user_id: Some(user_id), ..self }
    }

    /// The same, done by the user themselves, who just showed it.
    #[must_use]
    pub fn of(self, user_id: &'a str) -> Self {
        Self { actor: user_id, user_id: Some(user_id), ..self }
    }

    /// The same, refused.
    #[must_use]
    pub fn refused(self) -> Self {
        Self { ok: false, ..self }
    }
}

/// A line as its user sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Activity {
    /// When.
    pub at: DateTime<Utc>,
    /// [`Action::name`].
    pub action: String,
    /// `ok` or `refused`.
    pub result: String,
    /// `session`, `api_key`, `token`, `operator` or `none`.
    pub credential: String,
}
