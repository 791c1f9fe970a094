//! Who is asking, and what they may: the words every context shares. Who a credential belongs to is
//! told by whoever implements [`Authenticate`]; [`guard`] asks once per request, before the handler.

mod address;
mod credential;
mod guard;
mod origin;

use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::Method;
use axum::http::request::Parts;

pub(crate) use address::OverTls;
pub use address::{PeerAddress, TrustedProxies};
pub use credential::{Presented, session_cookie_name};
pub(crate) use credential::{Unreadable, authorization};
pub use guard::{CREDENTIALS, Guard, guard};

use crate::problem::{Code, Problem};

/// What a subject pays for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tier {
    /// Some simulations a day.
    Free,
    /// As many as they like.
    Premium,
}

impl Tier {
    /// As in tokens, tables and answers.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Tier::Free => "free",
            Tier::Premium => "premium",
        }
    }

    /// The tier of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [Tier::Free, Tier::Premium].into_iter().find(|tier| tier.name() == name)
    }
}

/// How a principal showed who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Credential {
    /// A session cookie: a person at a browser.
    Session,
    /// An API key of a user.
    ApiKey,
    /// A signed token of an issuer that is trusted.
    Token,
}

impl Credential {
    /// As the access log says it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Credential::Session => "session",
            Credential::ApiKey => "api_key",
            Credential::Token => "token",
        }
    }
}

/// Someone who showed who they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    /// Who: a user's id for sessions and API keys, the `sub` of a token. Stable, never an e-mail.
    pub subject: String,
    /// The tenant acted for, where there is one.
    pub tenant: Option<String>,
    /// What they pay for.
    pub tier: Tier,
    /// The payment institution they speak for (eight characters), from tokens only.
    pub ispb: Option<String>,
    /// What a token or key allows besides the tier.
    pub scopes: Vec<String>,
    /// How they showed it.
    pub credential: Credential,
    /// The id of the session or key, or the `jti` of a token: for ending it and for the access log.
    pub credential_id: Option<String>,
}

/// The sender of a request. The guard puts one into every request it lets through; handlers take it as an argument.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// Their address, as trusted proxies tell it; personal data.
    pub address: IpAddr,
    /// Whether they came over https (as trusted proxies tell it), so that cookies can be `Secure`.
    pub secure: bool,
    /// Who they are, where they said so.
    pub principal: Option<Arc<Principal>>,
}

impl Caller {
    /// The principal of a route that asks for one.
    ///
    /// # Errors
    /// `unauthenticated` where there is none, which the guard refuses before a handler of such a route runs.
    pub fn known(&self) -> Result<&Arc<Principal>, Problem> {
        self.principal.as_ref().ok_or_else(guard::unauthenticated)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Caller>().cloned().ok_or_else(|| {
            tracing::error!("a handler asked who is calling behind no guard");
            Problem::spoken(
                Code::Internal,
                "O pedido não pôde ser respondido; a falha é nossa.",
                "The request could not be answered; the fault is ours.",
            )
        })
    }
}

impl<S: Send + Sync> OptionalFromRequestParts<S> for Caller {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Option<Self>, Self::Rejection> {
        Ok(parts.extensions.get::<Caller>().cloned())
    }
}

/// Who may use a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Access {
    /// Anyone, and credentials are not looked at: the answer is the same for everybody, waits for no store, and may be
    /// kept by a cache.
    Open,
    /// Anyone who calls this machine by a name of its own (`localhost`, a loopback address), for a listener that only
    /// this machine reaches. The name is checked, because a page of a site whose name is made to lead here (DNS
    /// rebinding) would otherwise be such a caller too. Credentials are not looked at.
    ThisMachine,
    /// Anyone, and who it is makes a difference. A wrong token or key is refused all the same; a stale cookie is forgotten.
    Public,
    /// Whoever showed who they are, in any way.
    Principal,
    /// A person with a session: keys and tokens cannot change passwords or make keys.
    Session,
    /// A program whose token or key carries this scope.
    Scope(&'static str),
}

/// Who may use one method of one route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// The method; `GET` stands for `HEAD` too.
    pub method: Method,
    /// The route's template, as axum has it (`/v1/saved-products/{ncm}`).
    pub path: &'static str,
    /// Who.
    pub access: Access,
}

/// A rule, for tables.
#[must_use]
pub const fn rule(method: Method, path: &'static str, access: Access) -> Rule {
    Rule { method, path, access }
}

/// Why a credential names nobody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AuthenticateError {
    /// It is unknown, expired, revoked, forged or not for us. The text says which as far as its holder may know, and
    /// never repeats it.
    Refused(&'static str),
    /// It could not be looked up now.
    Unavailable,
}

/// What [`Authenticate`] answers.
pub type Authenticated<'a> = Pin<Box<dyn Future<Output = Result<Principal, AuthenticateError>> + Send + 'a>>;

/// Tells whose a credential is. One implementation knows users and issuers; tests have their own.
pub trait Authenticate: Send + Sync + std::fmt::Debug + 'static {
    /// Whose `presented` is, at this moment.
    fn authenticate<'a>(&'a self, presented: Presented<'a>) -> Authenticated<'a>;
}
