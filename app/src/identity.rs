//! Who is asking: the accounts' wiring for the server, and `bgc token` and `bgc user`.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use identity::IdentityState;
use identity::authenticate::Authenticator;
use identity::mail::{FileOutbox, Mailer};
use identity::operator::Operator;
use identity::secrets::Secrets;
use identity::store::{ListedUser, Store};
use identity::token::{API_AUDIENCE, Issuers, TokenRequest};
use platform::clock::Clock;
use platform::postgres::pool::QueryMetrics;
use platform::random::{Entropy, OsEntropy};
use platform::telemetry::metrics::Metrics;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::cli::{TokenCommand, TokenOptions, UserCommand};
use crate::config::Config;
use crate::database::{self, Database, Purpose};
use crate::print;

/// How often what is over is forgotten.
const RETENTION_PAUSE: Duration = Duration::from_secs(3600);
/// The shortest retention of the access log that the store grants, in days.
pub const ACCESS_LOG_DAYS_MIN: u64 = 30;

/// The identity context's part of a database.
fn store(database: &Database) -> Store {
    Store { pool: database.store.pool.clone(), queries: database.store.queries.clone() }
}

async fn secrets(config: &Config, store: &Store, clock: &dyn Clock) -> Result<Secrets> {
    let own = config.optional("auth.jwt_secret");
    Secrets::load(store, &OsEntropy, clock, own).await.context("load the server's secrets (auth.jwt_secret)")
}

/// What the server needs: the state of the accounts' routes, and the one who knows whose a credential is.
pub async fn assemble(
    config: &Config,
    database: &Database,
    clock: &Arc<dyn Clock>,
    tasks: &TaskTracker,
    address: SocketAddr,
) -> Result<(IdentityState, Authenticator)> {
    let store = store(database);
    let secrets = secrets(config, &store, clock.as_ref()).await?;
    let authenticator = authenticator_of(config, &store, &secrets, clock, API_AUDIENCE)?;
    let public_url = config.optional("http.public_url").map_or_else(|| format!("http://{address}"), str::to_owned);
    let entropy: Arc<dyn Entropy> = Arc::new(OsEntropy);
    let mut state =
        IdentityState::new(store, Arc::clone(clock), entropy, Arc::new(secrets), tasks.clone(), &public_url);
    state.mailer = outbox(config, &database.data_dir).map(|outbox| Arc::new(outbox) as Arc<dyn Mailer>);
    if state.mailer.is_none() {
        tracing::error!("no way to send mail is configured (mail.outbox_dir): nobody can reset a password");
    }
    Ok((state, authenticator))
}

/// Who knows whose a credential is, for a server whose tokens name `audience`.
pub async fn authenticator(
    config: &Config,
    database: &Database,
    clock: &Arc<dyn Clock>,
    audience: &str,
) -> Result<Authenticator> {
    let store = store(database);
    let secrets = secrets(config, &store, clock.as_ref()).await?;
    authenticator_of(config, &store, &secrets, clock, audience)
}

fn authenticator_of(
    config: &Config,
    store: &Store,
    secrets: &Secrets,
    clock: &Arc<dyn Clock>,
    audience: &str,
) -> Result<Authenticator> {
    Ok(Authenticator {
        store: store.clone(),
        clock: Arc::clone(clock),
        issuers: Arc::new(issuers(config, secrets)?),
        audience: audience.to_owned(),
    })
}

fn issuers(config: &Config, secrets: &Secrets) -> Result<Issuers> {
    let own = secrets.own_issuer(config.text("auth.jwt_issuer"));
    match config.optional("auth.issuers_file") {
        Some(file) => own.with_file(Path::new(file)).context("read auth.issuers_file"),
        None => Ok(own),
    }
}

/// Mails become files, which suits one machine; in production only where the operator named a directory for them.
fn outbox(config: &Config, data_dir: &Path) -> Option<FileOutbox> {
    let directory = match config.optional("mail.outbox_dir") {
        Some(directory) => PathBuf::from(directory),
        None if config.text("environment") == "production" => return None,
        None => data_dir.join("outbox"),
    };
    Some(FileOutbox::new(directory))
}

/// Forgets ended sessions, resets, keys and tries, and old lines of the access log, now and every hour.
pub async fn forget(store: Store, clock: Arc<dyn Clock>, access_log_days: u64, stop: CancellationToken) {
    let days = i64::try_from(access_log_days).unwrap_or(365).min(36_500);
    loop {
        let now = clock.now();
        match store.forget(now, now - chrono::TimeDelta::days(days)).await {
            Ok(forgotten) if forgotten == identity::store::Forgotten::default() => {}
            Ok(forgotten) => tracing::info!(
                credentials = forgotten.credentials,
                access_log = forgotten.access_log,
                "what was over was forgotten"
            ),
            Err(error) => tracing::warn!(%error, "what is over could not be forgotten; trying again later"),
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(RETENTION_PAUSE) => {}
        }
    }
}

/// Opens the database, lets the operator do one thing, and closes it.
async fn operate<T>(
    config: &Config,
    clock: Arc<dyn Clock>,
    work: impl AsyncFnOnce(&Operator) -> Result<T>,
) -> Result<T> {
    let queries = Metrics::new().register(QueryMetrics::register);
    let database = database::open(config, Purpose::Command, queries).await?;
    let store = store(&database);
    let outcome = async {
        let secrets = secrets(config, &store, clock.as_ref()).await?;
        work(&Operator { store, secrets, clock, entropy: Arc::new(OsEntropy) }).await
    };
    let outcome = outcome.await;
    database.close().await;
    outcome
}

/// A token of this installation.
pub async fn issue(config: &Config, clock: Arc<dyn Clock>, options: TokenOptions) -> Result<String> {
    let request = token_request(options)?;
    let issuer = config.text("auth.jwt_issuer");
    operate(config, clock, async |operator| Ok(operator.issue_token(&request, issuer).await?)).await
}

/// `bgc token …`
pub async fn token(config: &Config, clock: Arc<dyn Clock>, command: TokenCommand) -> Result<ExitCode> {
    let TokenCommand::Issue(options) = command;
    print(&issue(config, clock, options).await?)?;
    Ok(ExitCode::SUCCESS)
}

fn token_request(options: TokenOptions) -> Result<TokenRequest> {
    // A token's scopes are one text: a space inside one would make two of it.
    if options.scopes.iter().any(|scope| scope.is_empty() || scope.contains(char::is_whitespace)) {
        bail!("a scope has no spaces in it; give --scope several times");
    }
    Ok(TokenRequest {
        subject: options.sub,
        tier: options.tier.into(),
        tenant: options.tenant,
        ispb: options.ispb,
        scopes: options.scopes,
        ttl: options.ttl,
        audience: options.audience,
    })
}

/// `bgc user …`
pub async fn user(config: &Config, clock: Arc<dyn Clock>, command: UserCommand) -> Result<ExitCode> {
    match command {
        UserCommand::Tier { email, tier } => {
            let tier = tier.into();
            let email = operate(config, clock, async |operator| Ok(operator.set_tier(&email, tier).await?)).await?;
            print(&format!("{email} is {} now", tier.name()))?;
        }
        UserCommand::List { upgrade_requested, json } => {
            let users =
                operate(config, clock, async |operator| Ok(operator.list_users(upgrade_requested).await?)).await?;
            print(&listed(&users, json)?)?;
        }
        UserCommand::Unlock { email } => {
            operate(config, clock, async |operator| Ok(operator.unlock(&email).await?)).await?;
            print(&format!("{email} may sign in again"))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Users for a program, or one a line for a person.
fn listed(users: &[ListedUser], json: bool) -> Result<String> {
    if json {
        return Ok(serde_json::to_string_pretty(users)?);
    }
    if users.is_empty() {
        return Ok("nobody".to_owned());
    }
    let line = |user: &ListedUser| {
        let waits = user.upgrade_requested_at.map(|at| format!(", asked for an upgrade on {}", at.format("%Y-%m-%d")));
        let message = user.upgrade_message.as_ref().map(|message| format!(": {message:?}"));
        format!(
            "{} ({}, {}) {}{}{}",
            user.email,
            user.name,
            user.tenant,
            user.tier,
            waits.unwrap_or_default(),
            message.unwrap_or_default()
        )
    };
    Ok(users.iter().map(line).collect::<Vec<_>>().join("\n"))
}
