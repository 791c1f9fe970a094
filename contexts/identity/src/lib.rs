//! Identity: who is asking. Users, tenants, tiers, sessions, API keys and tokens have their one home here;
//! other contexts see [`platform::auth::Caller`].

pub mod access_log;
pub mod account;
mod answer;
pub mod api_keys;
pub mod authenticate;
pub mod domain;
pub mod error;
pub mod hashing;
pub mod mail;
pub mod operator;
pub mod password_reset;
pub mod secrets;
pub mod session;
pub mod store;
mod text;
pub mod token;
mod tries;

use std::sync::Arc;
use std::time::Duration;

use axum::http::Method;
use axum::middleware::map_response;
use platform::auth::{Access, Rule, rule};
use platform::clock::Clock;
use platform::postgres::migrate::{Migration, MigrationSet};
use platform::random::Entropy;
use tokio::sync::Semaphore;
use tokio_util::task::TaskTracker;
use utoipa_axum::router::OpenApiRouter;

use hashing::Passwords;
use mail::Mailer;
use secrets::Secrets;
use store::Store;

/// The PostgreSQL schemas of this context; nobody else names their tables.
pub const SCHEMAS: &[&str] = &["identity"];

/// How those schemas come to be.
pub const MIGRATIONS: MigrationSet = MigrationSet {
    context: "identity",
    migrations: &[Migration {
        version: 1,
        name: "accounts_credentials_access_log",
        sql: include_str!("../migrations/0001_accounts_credentials_access_log.sql"),
    }],
};

/// Mails that are being written or sent at once.
pub const MAILS_MAX: usize = 32;

/// How long writing and sending one mail may take, unless the state says otherwise.
pub const MAIL_DEADLINE: Duration = Duration::from_secs(10);

/// What the routes of this context share.
#[derive(Debug, Clone)]
pub struct IdentityState {
    /// Where users and their credentials are.
    pub store: Store,
    /// Where the time comes from.
    pub clock: Arc<dyn Clock>,
    /// Where tokens, keys and salts come from.
    pub entropy: Arc<dyn Entropy>,
    /// The installation's secrets.
    pub secrets: Arc<Secrets>,
    /// Hashes passwords, a few at a time.
    pub passwords: Passwords,
    /// How mail is sent; without one, password resets are answered and not sent.
    pub mailer: Option<Arc<dyn Mailer>>,
    /// Bounds the mails that are being sent.
    pub mails: Arc<Semaphore>,
    /// How long writing and sending one mail may take.
    pub mail_deadline: Duration,
    /// What a stopping server waits for: mails are written and sent there.
    pub tasks: TaskTracker,
    /// Where people reach the product, without a slash at its end: for links in mails. Never taken from a request.
    pub public_url: Arc<str>,
    /// Whether cookies are for https only, whatever the request came by.
    pub secure_cookies: bool,
}

impl IdentityState {
    /// The state of a server that people reach at `public_url`, which sends no mail yet and waits for `tasks` when it stops.
    #[must_use]
    pub fn new(
        store: Store,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        secrets: Arc<Secrets>,
        tasks: TaskTracker,
        public_url: &str,
    ) -> Self {
        Self {
            store,
            clock,
            entropy,
            secrets,
            passwords: Passwords::default(),
            mailer: None,
            mails: Arc::new(Semaphore::new(MAILS_MAX)),
            mail_deadline: MAIL_DEADLINE,
            tasks,
            public_url: public_url.trim_end_matches('/').into(),
            secure_cookies: public_url.starts_with("https://"),
        }
    }
}

/// Every route of this context. No answer of theirs may be cached.
pub fn routes(state: IdentityState) -> OpenApiRouter {
    declared().layer(map_response(answer::no_store)).with_state(state)
}

/// What these routes are, without anything that answers them.
#[must_use]
pub fn openapi() -> utoipa::openapi::OpenApi {
    declared().into_openapi()
}

fn declared() -> OpenApiRouter<IdentityState> {
    OpenApiRouter::default()
        .merge(session::http::routes())
        .merge(account::http::routes())
        .merge(api_keys::http::routes())
        .merge(password_reset::http::routes())
}

/// Who may ask them.
pub const ACCESS: &[Rule] = &[
    rule(Method::GET, "/v1/session", Access::Public),
    rule(Method::POST, "/v1/session", Access::Public),
    rule(Method::DELETE, "/v1/session", Access::Public),
    rule(Method::POST, "/v1/account", Access::Public),
    rule(Method::GET, "/v1/account", Access::Principal),
    rule(Method::PUT, "/v1/account/password", Access::Session),
    rule(Method::POST, "/v1/account/upgrade-request", Access::Session),
    rule(Method::GET, "/v1/account/activity", Access::Principal),
    rule(Method::GET, "/v1/account/api-keys", Access::Session),
    rule(Method::POST, "/v1/account/api-keys", Access::Session),
    rule(Method::DELETE, "/v1/account/api-keys/{id}", Access::Session),
    rule(Method::POST, "/v1/password-reset", Access::Public),
    rule(Method::POST, "/v1/password-reset/confirm", Access::Public),
];

/// The query parameters that the access log of HTTP may show, by route.
pub const LOGGED_QUERY_PARAMS: &[(&str, &[&str])] = &[("/v1/account/activity", &["limit"])];
