//! Tells the door whose a credential is.

use std::sync::Arc;

use platform::auth::{Authenticate, AuthenticateError, Authenticated, Credential, Presented, Principal};
use platform::clock::Clock;

use crate::secrets::token_hash;
use crate::store::{Store, StoreError};
use crate::token::{self, Issuers};

/// The longest API key or session token that is looked up, in bytes; ours are shorter.
const SECRET_BYTES_MAX: usize = 128;

/// Looks sessions and API keys up in the store, one statement each; checks tokens by their signature alone, so a
/// token's subject needs no account here.
#[derive(Debug)]
pub struct Authenticator {
    /// Where sessions and keys are.
    pub store: Store,
    /// Where the time comes from.
    pub clock: Arc<dyn Clock>,
    /// Whose tokens are trusted.
    pub issuers: Arc<Issuers>,
    /// The name under which this server answers to tokens.
    pub audience: String,
}

impl Authenticator {
    async fn session(&self, token: &str) -> Result<Principal, AuthenticateError> {
        let over = AuthenticateError::Refused("the session has ended; sign in again");
        if token.len() > SECRET_BYTES_MAX {
            return Err(over);
        }
        let found = self.store.authenticate_session(token_hash(token), self.clock.now()).await;
        let session = found.map_err(unavailable)?.ok_or(over)?;
        Ok(Principal {
            subject: session.user_id,
            tenant: session.tenant_id,
            tier: session.tier,
            ispb: None,
            scopes: Vec::new(),
            credential: Credential::Session,
            credential_id: Some(session.id),
        })
    }

    async fn api_key(&self, key: &str) -> Result<Principal, AuthenticateError> {
        let unknown = AuthenticateError::Refused("the API key is unknown, expired or revoked");
        if key.len() > SECRET_BYTES_MAX {
            return Err(unknown);
        }
        let found = self.store.authenticate_api_key(token_hash(key), self.clock.now()).await;
        let key = found.map_err(unavailable)?.ok_or(unknown)?;
        Ok(Principal {
            subject: key.user_id,
            tenant: key.tenant_id,
            tier: key.tier,
            ispb: None,
            scopes: key.scopes,
            credential: Credential::ApiKey,
            credential_id: Some(key.id),
        })
    }

    fn token(&self, token: &str) -> Result<Principal, AuthenticateError> {
        token::verify(token, &self.issuers, &self.audience, self.clock.now())
            .map_err(|error| AuthenticateError::Refused(error.text()))
    }
}

impl Authenticate for Authenticator {
    fn authenticate<'a>(&'a self, presented: Presented<'a>) -> Authenticated<'a> {
        Box::pin(async move {
            match presented {
                Presented::Session(token) => self.session(token).await,
                Presented::ApiKey(key) => self.api_key(key).await,
                Presented::Token(token) => self.token(token),
            }
        })
    }
}

fn unavailable(error: StoreError) -> AuthenticateError {
    tracing::error!(%error, "a credential could not be looked up");
    AuthenticateError::Unavailable
}
