//! The gateway's wiring: connectors, secrets, cache levels and sources, for the server and for commands.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use axum::Router;
use gateway::GatewayState;
use gateway::cache::cascade::{Cascade, CascadeParts};
use gateway::call::Gateway;
use gateway::connectors::{self, Catalogue, Fault};
use gateway::domain::connector::{Connector, EndpointKind};
use gateway::secrets::environment::Environment;
use gateway::secrets::files::Files;
use gateway::secrets::{SecretSource, Secrets};
use gateway::telemetry::GatewayMetrics;
use gateway::upstream::{Upstream, UpstreamParts};
use platform::auth::Rule;
use platform::clock::Clock;
use platform::http::operations::{HEALTH_ACCESS, Readiness, health_routes};
use platform::random::OsEntropy;
use platform::redis::{self, Redis, RedisSettings};
use platform::telemetry::metrics::Metrics;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::cli::DocumentRole;
use crate::config::Config;
use crate::database::Database;
use crate::surroundings::Surroundings;
use crate::{print, say};

/// How often answers that nobody may have any more are forgotten.
const CLEANUP_PAUSE: Duration = Duration::from_secs(3600);

/// What is left of a request's time after its source's: for an answer out of the cache, or a problem with a name.
pub const ANSWER_MARGIN: Duration = Duration::from_secs(5);

/// Who may use each route of the gateway's listener; `open` is for a newcomer's machine, which alone reaches it.
pub fn rules(open: bool) -> Vec<Rule> {
    let own = if open { gateway::ACCESS_ON_LOOPBACK } else { gateway::ACCESS };
    [own, HEALTH_ACCESS, crate::openapi::ACCESS].concat()
}

/// Every route of the gateway's listener.
pub fn routes(gateway: Arc<Gateway>, readiness: &Readiness) -> Result<Router> {
    Ok(Router::from(gateway::routes(GatewayState { gateway }))
        .merge(health_routes(readiness.clone()))
        .merge(crate::openapi::routes(DocumentRole::Gateway)?))
}

/// Opens the gateway: connectors read and checked, Redis looked for, sources ready to be called.
pub async fn open(around: Surroundings<'_>) -> Result<Arc<Gateway>> {
    check_settings(around.config)?;
    let catalogue = catalogue(around.config)?;
    check_times(around.config, &catalogue)?;
    let metrics = around.metrics.register(GatewayMetrics::register);
    let secrets = Arc::new(Secrets::new(secret_sources(around.config).await?));
    let mut parts = CascadeParts::new(Arc::clone(around.clock), metrics.cache.clone(), around.tasks.clone());
    parts.redis = redis(around.config)?;
    parts.table = Some((around.database.store.pool.clone(), around.database.store.queries.clone()));
    let upstream = |connector: &Arc<Connector>| {
        let parts = UpstreamParts {
            secrets: Arc::clone(&secrets),
            clock: Arc::clone(around.clock),
            entropy: Arc::new(OsEntropy),
            metrics: metrics.upstream.clone(),
        };
        Upstream::new(Arc::clone(connector), parts).with_context(|| format!("the connector {}", connector.id))
    };
    let deadline = around.config.milliseconds("gateway.timeout_ms")?;
    let upstreams = catalogue.connectors.values().map(upstream).collect::<Result<Vec<_>>>()?;
    let names: Vec<&str> = catalogue.connectors.keys().map(String::as_str).collect();
    tracing::info!(count = names.len(), connectors = names.join(","), "connectors loaded");
    Ok(Arc::new(Gateway::new(upstreams, Cascade::new(parts), Arc::clone(around.clock), deadline)))
}

/// A gateway for one command. What it writes behind answers is given up when the command ends before it is written.
pub async fn of_command(config: &Config, database: &Database, clock: &Arc<dyn Clock>) -> Result<Arc<Gateway>> {
    let (metrics, tasks) = (Metrics::new(), TaskTracker::new());
    let stop = CancellationToken::new();
    open(Surroundings { config, database, metrics: &metrics, clock, tasks: &tasks, stop: &stop }).await
}

/// Every connector: the built-in ones, and those of `gateway.connectors_dir`.
fn catalogue(config: &Config) -> Result<Catalogue> {
    let directory = config.optional("gateway.connectors_dir").map(Path::new);
    connectors::load(directory).map_err(|faults| {
        let lines: Vec<String> = faults.iter().map(Fault::to_string).collect();
        anyhow::anyhow!("connectors are wrong (`bgc config check`):\n{}", lines.join("\n"))
    })
}

/// What of the settings only the gateway understands.
fn check_settings(config: &Config) -> Result<()> {
    redis_settings(config)?;
    sources_of_secrets(config)?;
    if config.number("gateway.timeout_ms")? == 0 {
        bail!("gateway.timeout_ms must be at least 1");
    }
    Ok(())
}

/// A connector whose one attempt takes as long as a whole request may never be tried twice, nor be found to fail.
fn check_times(config: &Config, catalogue: &Catalogue) -> Result<()> {
    let deadline = config.milliseconds("gateway.timeout_ms")?;
    let json = |connector: &&Arc<Connector>| connector.endpoints.values().any(|it| it.kind == EndpointKind::Json);
    let mut slow = catalogue.connectors.values().filter(json).filter(|it| it.limits.timeout >= deadline);
    match slow.next() {
        None => Ok(()),
        Some(connector) => bail!(
            "the connector {} waits {} ms for one attempt, and gateway.timeout_ms is {} for all of them: shorten the one or lengthen the other",
            connector.id,
            connector.limits.timeout.as_millis(),
            deadline.as_millis()
        ),
    }
}

/// Where Redis is, where the settings name one.
fn redis_settings(config: &Config) -> Result<Option<RedisSettings>> {
    RedisSettings::from_env(|name| config.by_environment(name)).context("read the settings of redis")
}

/// Redis, where the settings name one.
pub fn redis(config: &Config) -> Result<Option<Redis>> {
    Ok(redis_settings(config)?.map(|settings| redis::connect(&settings)).transpose()?)
}

/// A place where secrets are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum PlaceOfSecrets {
    Environment,
    Files,
    Kubernetes,
}

/// What `gateway.secrets` names, in its order.
fn sources_of_secrets(config: &Config) -> Result<Vec<PlaceOfSecrets>> {
    let names = config.text("gateway.secrets").split(',').map(str::trim).filter(|name| !name.is_empty());
    let place = |name: &str| match name {
        "environment" => Ok(PlaceOfSecrets::Environment),
        "files" => Ok(PlaceOfSecrets::Files),
        "kubernetes" => Ok(PlaceOfSecrets::Kubernetes),
        other => bail!("gateway.secrets names {other:?}: environment, files and kubernetes are known"),
    };
    names.map(place).collect()
}

/// The places where secrets are, in the order of `gateway.secrets`.
async fn secret_sources(config: &Config) -> Result<Vec<Arc<dyn SecretSource>>> {
    let mut sources: Vec<Arc<dyn SecretSource>> = Vec::new();
    for place in sources_of_secrets(config)? {
        match place {
            PlaceOfSecrets::Environment => {
                sources.push(Arc::new(Environment::new(Arc::new(|name| std::env::var(name).ok()))));
            }
            PlaceOfSecrets::Files => {
                if let Some(directory) = config.optional("gateway.secrets_dir") {
                    sources.push(Arc::new(Files::new(directory)));
                }
            }
            PlaceOfSecrets::Kubernetes => sources.push(kubernetes().await?),
        }
    }
    Ok(sources)
}

#[cfg(feature = "k8s")]
async fn kubernetes() -> Result<Arc<dyn SecretSource>> {
    let kubernetes = gateway::secrets::kubernetes::Kubernetes::connect().await;
    Ok(Arc::new(kubernetes.context("reach the Kubernetes API (gateway.secrets)")?))
}

#[cfg(not(feature = "k8s"))]
async fn kubernetes() -> Result<Arc<dyn SecretSource>> {
    bail!("gateway.secrets names kubernetes, and this binary was built without the feature k8s")
}

/// Forgets what the cache holds and nobody may have any more, now and every hour.
pub async fn cleanup(gateway: Arc<Gateway>, clock: Arc<dyn Clock>, stop: CancellationToken) {
    loop {
        let cleaned = tokio::select! {
            cleaned = gateway.cleanup(clock.now()) => cleaned,
            () = stop.cancelled() => return,
        };
        match cleaned {
            Ok(0) => {}
            Ok(deleted) => {
                tracing::info!(deleted, "old answers of sources were forgotten");
                // One clean-up ends soon, so there may be more.
                continue;
            }
            Err(error) => tracing::warn!(%error, "old answers could not be forgotten; trying again later"),
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(CLEANUP_PAUSE) => {}
        }
    }
}

/// `bgc config check`: the settings were read already, so it is about connectors.
pub fn check(config: &Config) -> Result<ExitCode> {
    let directory = config.optional("gateway.connectors_dir").map(Path::new);
    check_settings(config)?;
    match connectors::load(directory) {
        Ok(catalogue) => {
            check_times(config, &catalogue)?;
            let names: Vec<&str> = catalogue.connectors.keys().map(String::as_str).collect();
            print(&format!("the configuration is valid; connectors: {}", names.join(", ")))?;
            Ok(ExitCode::SUCCESS)
        }
        Err(faults) => {
            for fault in &faults {
                say(&format!("error: {fault}"));
            }
            Ok(ExitCode::FAILURE)
        }
    }
}

/// `bgc config schema`: what connector files are checked against by editors.
pub fn schema() -> Result<()> {
    print(&serde_json::to_string_pretty(&connectors::schema()).context("write the schema")?)
}

/// `bgc config connector ID`: a built-in file with its comments.
pub fn show_connector(id: &str) -> Result<()> {
    let text = connectors::shipped(id).with_context(|| format!("there is no built-in connector {id:?}"))?;
    print(text.trim_end())
}
