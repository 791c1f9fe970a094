//! `bgc up` and `bgc serve`: listeners, background work, and the two-stage stop.

use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use ::dict::Dict;
use ::dict::lookup::Lookups;
use ::trade::cube::live::{self, Observer as _, SharedSnapshot};
use ::trade::cube::snapshot::Snapshot;
use ::trade::simulator::keep::keep;
use ::trade::telemetry::TradeMetrics;
use anyhow::{Context, Result, bail};
use identity::token::GATEWAY_AUDIENCE;
use platform::auth::{Guard, Rule, guard};
use platform::clock::Clock;
use platform::grpc::{GrpcMetrics, GrpcOptions};
use platform::http::operations::{CheckHandle, Readiness, health_routes, operations_routes};
use platform::http::server::{ServeOptions, bind, serve as serve_listener};
use platform::http::{HttpOptions, service};
use platform::lifecycle::{Lifecycle, Signals};
use platform::postgres::pool::{QueryMetrics, register_pool};
use platform::telemetry::metrics::Metrics;
use platform::telemetry::trace::TraceIds;
use platform::tls::TlsServer;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::cli::{DocumentRole, ServeRole};
use crate::config::Config;
use crate::database::{self, Database, Purpose};
use crate::surroundings::Surroundings;
use crate::tls::{ListenerTls, ask_health, scheme};
use crate::{dict, gateway, print, trade};

/// How long a health check waits.
const HEALTH_DEADLINE: Duration = Duration::from_secs(3);
/// Who may use each route of the API's listener: what no line here names is refused.
fn access_rules() -> Vec<Rule> {
    let documented = crate::openapi::documented_rules(DocumentRole::Api);
    [documented.as_slice(), crate::openapi::ACCESS, crate::page::ACCESS].concat()
}

/// What one process serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Roles {
    /// The HTTP API and the page.
    api: bool,
    /// The gateway.
    gateway: bool,
    /// PIX keys.
    dict: bool,
    /// Whether the gateway may be open to this machine: for a newcomer's `bgc up`.
    open_on_loopback: bool,
    /// Whether an empty store is filled with the sample.
    sample: bool,
}

/// The query parameters that the access log may show, of every context.
static LOGGED_QUERY_PARAMS: LazyLock<Vec<(&str, &[&str])>> = LazyLock::new(|| {
    [::trade::LOGGED_QUERY_PARAMS, identity::LOGGED_QUERY_PARAMS, ::dict::http::LOGGED_QUERY_PARAMS].concat()
});

/// `bgc up`: everything in one process.
pub async fn up(config: Config, metrics: Arc<Metrics>, clock: Arc<dyn Clock>, sample: bool) -> Result<ExitCode> {
    start(config, metrics, clock, Roles { api: true, gateway: true, dict: true, open_on_loopback: true, sample }).await
}

/// `bgc serve ROLE`.
pub async fn serve(config: Config, metrics: Arc<Metrics>, clock: Arc<dyn Clock>, role: ServeRole) -> Result<ExitCode> {
    let all = role == ServeRole::All;
    let roles = Roles {
        api: all || role == ServeRole::Api,
        gateway: all || role == ServeRole::Gateway,
        dict: all || role == ServeRole::Dict,
        open_on_loopback: false,
        sample: false,
    };
    start(config, metrics, clock, roles).await
}

/// The listeners of the roles, bound: an address that is taken is told before a database is made.
struct Listeners {
    http: Option<TcpListener>,
    gateway: Option<TcpListener>,
    dict: Option<TcpListener>,
    operations: TcpListener,
}

impl Listeners {
    async fn bind(config: &Config, roles: Roles) -> Result<Self> {
        let http = if roles.api { Some(bind(config.address("http.listen")?).await?) } else { None };
        let gateway = if roles.gateway { Some(bind(config.address("gateway.listen")?).await?) } else { None };
        let dict = if roles.dict { Some(bind(config.dict_address()?).await?) } else { None };
        Ok(Self { http, gateway, dict, operations: bind(config.address("operations.listen")?).await? })
    }
}

async fn start(config: Config, metrics: Arc<Metrics>, clock: Arc<dyn Clock>, roles: Roles) -> Result<ExitCode> {
    // Before anything is started: a signal during the start must stop it cleanly too.
    let signals = Signals::install().context("install the signal handlers")?;
    let listeners = Listeners::bind(&config, roles).await?;
    let tls = ListenerTls::open(&config)?;
    let lifecycle = Lifecycle::new(config.milliseconds("http.drain_ms")?);
    let queries = metrics.register(QueryMetrics::register);
    let starting = database::open(&config, Purpose::Serve, queries);
    let database = starting.await?;
    let server = Server { config: &config, metrics, clock, lifecycle, database: &database, tls };
    let outcome = server.run(listeners, signals, roles).await;
    database.close().await;
    outcome
}

struct Server<'a> {
    config: &'a Config,
    metrics: Arc<Metrics>,
    clock: Arc<dyn Clock>,
    lifecycle: Lifecycle,
    database: &'a Database,
    tls: ListenerTls,
}

impl Server<'_> {
    fn surroundings(&self) -> Surroundings<'_> {
        Surroundings {
            config: self.config,
            database: self.database,
            metrics: &self.metrics,
            clock: &self.clock,
            tasks: self.lifecycle.tasks(),
            stop: self.lifecycle.soft(),
        }
    }

    async fn run(self, listeners: Listeners, signals: Signals, roles: Roles) -> Result<ExitCode> {
        let started = Instant::now();
        let readiness = Readiness::new(self.lifecycle.soft().clone());
        // Before the operations listener answers: it must not say ready while a check is not there yet.
        let snapshot_check = roles.api.then(|| readiness.check("snapshot"));
        let connectors_check = roles.gateway.then(|| readiness.check("connectors"));
        let dict_check = roles.dict.then(|| readiness.check("dict"));
        let Listeners { http, gateway, dict, operations } = listeners;
        let address_of = |listener: &Option<TcpListener>| listener.as_ref().map(TcpListener::local_addr).transpose();
        let (http_address, gateway_address) = (address_of(&http)?, address_of(&gateway)?);
        let dict_address = address_of(&dict)?;
        let operations_address = operations.local_addr()?;
        self.spawn_operations(operations, &readiness)?;
        self.metrics.register(|registry| register_pool(registry, &self.database.store.pool));
        if let (Some(listener), Some(check)) = (gateway, connectors_check) {
            self.spawn_gateway(listener, &readiness, roles.open_on_loopback).await?;
            check.ready();
        }
        let mut keys = None;
        if let (Some(listener), Some(check)) = (dict, dict_check) {
            keys = Some(self.spawn_dict(listener).await?);
            check.ready();
        }
        if let (Some(listener), Some(check)) = (http, snapshot_check) {
            let shared = self.run_api(listener, &readiness, check, (roles.sample, keys), started).await?;
            announce(scheme(self.config), [http_address, gateway_address, dict_address], &shared.load(), started)?;
        } else {
            let others = [("the gateway", gateway_address), ("dict", dict_address)];
            let (scheme, took) = (scheme(self.config), started.elapsed().as_secs_f64());
            for (name, address) in others.into_iter().filter_map(|(name, address)| Some((name, address?))) {
                print(&format!("{name} is ready after {took:.1} s on {scheme}://{address}"))?;
            }
        }
        // Says which port was taken where port 0 was asked for.
        tracing::info!(
            http = http_address.map(tracing::field::display),
            gateway = gateway_address.map(tracing::field::display),
            dict = dict_address.map(tracing::field::display),
            operations = %operations_address,
            "listening"
        );
        let exit = self.wait(signals).await;
        tracing::info!(cause = exit.cause.name(), "stopped");
        Ok(ExitCode::from(exit.code()))
    }

    /// The snapshot, what follows it, and the API over it.
    async fn run_api(
        &self,
        listener: TcpListener,
        readiness: &Readiness,
        check: CheckHandle,
        (sample, keys): (bool, Option<(Dict, Lookups)>),
        started: Instant,
    ) -> Result<SharedSnapshot> {
        if sample {
            trade::load_sample(self.surroundings()).await?;
        }
        let trade_metrics = self.metrics.register(|registry| TradeMetrics::register(registry, Arc::clone(&self.clock)));
        let first = live::assemble(&self.database.store, &self.database.cube).await?;
        trade_metrics.swapped(&first, started.elapsed());
        let shared: SharedSnapshot = Arc::new(arc_swap::ArcSwap::from_pointee(first));
        check.ready();
        trade::follow(self.surroundings(), &shared, &trade_metrics, check);
        self.spawn_api(listener, readiness, &shared, trade_metrics, keys).await?;
        Ok(shared)
    }

    /// The gateway on its own listener.
    async fn spawn_gateway(&self, listener: TcpListener, readiness: &Readiness, open_on_loopback: bool) -> Result<()> {
        let gateway = gateway::open(self.surroundings()).await?;
        let stop = self.lifecycle.soft().clone();
        self.lifecycle.tasks().spawn(gateway::cleanup(Arc::clone(&gateway), Arc::clone(&self.clock), stop));
        let authenticator =
            crate::identity::authenticator(self.config, self.database, &self.clock, GATEWAY_AUDIENCE).await?;
        let open = open_on_loopback && listener.local_addr()?.ip().is_loopback();
        let door = Guard::new(gateway::rules(open), Arc::new(authenticator), self.config.trusted_proxies()?);
        let options = HttpOptions {
            max_in_flight: usize::try_from(self.config.number("http.max_in_flight")?)?,
            // The source's deadline comes first: what is kept of it can be answered then, and the problem has its name.
            timeout: self.config.milliseconds("gateway.timeout_ms")? + gateway::ANSWER_MARGIN,
            ..HttpOptions::default()
        };
        let routes = guard(gateway::routes(gateway, readiness)?, Arc::new(door));
        self.spawn_listener(listener, routes, options, self.tls.service.clone())
    }

    /// dict on its own listener.
    async fn spawn_dict(&self, listener: TcpListener) -> Result<(Dict, Lookups)> {
        let opened = dict::open(self.surroundings()).await?;
        let door = dict::guard(self.config, self.database, &self.clock, opened.rules).await?;
        let options = GrpcOptions { tls: self.tls.service.clone(), ..dict::options(self.config)? };
        let metrics = self.metrics.register(GrpcMetrics::register);
        let lifecycle = self.lifecycle.clone();
        let serving = platform::grpc::serve(listener, opened.routes, options, Arc::new(door), metrics, lifecycle);
        let lookups = opened.lookups.clone();
        self.lifecycle.tasks().spawn(async move {
            serving.await;
            lookups.close().await;
        });
        Ok((opened.dict, opened.lookups))
    }

    /// Serves guarded routes until the stop.
    fn spawn_listener(
        &self,
        listener: TcpListener,
        routes: axum::Router,
        options: HttpOptions,
        tls: Option<TlsServer>,
    ) -> Result<()> {
        let routes = service(routes, options, self.metrics.http.clone(), Arc::new(TraceIds::random()));
        let limits = ServeOptions {
            max_connections: usize::try_from(self.config.number("http.max_connections")?)?,
            tls,
            ..ServeOptions::default()
        };
        let (metrics, lifecycle) = (self.metrics.http.clone(), self.lifecycle.clone());
        self.lifecycle.tasks().spawn(serve_listener(listener, routes, limits, metrics, lifecycle));
        Ok(())
    }

    /// Waits for the end, and keeps the private PostgreSQL alive until then.
    async fn wait(&self, signals: Signals) -> platform::lifecycle::Exit {
        let supervised = CancellationToken::new();
        let supervise = async {
            match self.database.access.as_ref().and_then(|access| access.cluster()) {
                Some(cluster) => cluster.supervise(supervised.clone()).await,
                None => supervised.cancelled().await,
            }
        };
        let run = async {
            let exit = self.lifecycle.run(signals).await;
            supervised.cancel();
            exit
        };
        let (exit, ()) = tokio::join!(run, supervise);
        exit
    }

    fn spawn_operations(&self, listener: TcpListener, readiness: &Readiness) -> Result<()> {
        let options = HttpOptions { timeout: self.config.milliseconds("http.timeout_ms")?, ..HttpOptions::default() };
        let routes = operations_routes(Arc::clone(&self.metrics), readiness.clone());
        self.spawn_listener(listener, routes, options, self.tls.operations.clone())
    }

    async fn spawn_api(
        &self,
        listener: TcpListener,
        readiness: &Readiness,
        shared: &SharedSnapshot,
        trade_metrics: TradeMetrics,
        keys: Option<(Dict, Lookups)>,
    ) -> Result<()> {
        let dropped = trade_metrics.simulations_dropped;
        let (log, keeping) = keep(self.database.store.clone(), dropped, self.lifecycle.hard().clone());
        self.lifecycle.tasks().spawn(keeping);
        let mut state = ::trade::TradeState::new(Arc::clone(shared), Arc::clone(&self.clock));
        state.simulations = Some(log);
        state.free_use = Some(trade::free_use(self.surroundings()).await?);
        state.store = Some(self.database.store.clone());
        if let Some(table) = trade::estimates(self.config)? {
            state.estimates = Arc::new(table);
        }
        let options = HttpOptions {
            max_in_flight: usize::try_from(self.config.number("http.max_in_flight")?)?,
            timeout: self.config.milliseconds("http.timeout_ms")?,
            logged_query_params: &LOGGED_QUERY_PARAMS,
            ..HttpOptions::default()
        };
        let address = listener.local_addr()?;
        let (accounts, authenticator) =
            crate::identity::assemble(self.config, self.database, &self.clock, self.lifecycle.tasks(), address).await?;
        self.spawn_forgetting(accounts.store.clone())?;
        // Where dict is a process of its own, its keys are not served here.
        let keys =
            keys.map(|(dict, lookups)| axum::Router::from(::dict::http::routes(dict, lookups))).unwrap_or_default();
        let routes = axum::Router::from(::trade::routes(state))
            .merge(keys)
            .merge(axum::Router::from(identity::routes(accounts)))
            .merge(health_routes(readiness.clone()))
            .merge(crate::openapi::routes(DocumentRole::Api)?)
            .merge(crate::page::routes());
        let door = Guard::new(access_rules(), Arc::new(authenticator), self.config.trusted_proxies()?);
        self.spawn_listener(listener, guard(routes, Arc::new(door)), options, self.tls.service.clone())
    }

    /// Sessions that ended, old lines of the access log.
    fn spawn_forgetting(&self, store: identity::store::Store) -> Result<()> {
        let days = self.config.number("auth.access_log_days")?;
        let stop = self.lifecycle.soft().clone();
        self.lifecycle.tasks().spawn(crate::identity::forget(store, Arc::clone(&self.clock), days, stop));
        Ok(())
    }
}

/// Tells the person at the terminal where the product is and what to type next.
fn announce(
    scheme: &str,
    [http, gateway, dict]: [Option<SocketAddr>; 3],
    snapshot: &Snapshot,
    started: Instant,
) -> Result<()> {
    let Some(address) = http else { return Ok(()) };
    let what = match (snapshot.is_empty(), snapshot.sample) {
        (true, _) => "no data yet: bgc ingest load-csv FILE, or start with --sample".to_owned(),
        (false, true) => "sample data".to_owned(),
        (false, false) => format!("data of {}", snapshot.source),
    };
    print(&format!("bgc is ready after {:.1} s on {scheme}://{address} ({what})", started.elapsed().as_secs_f64()))?;
    if let Some(gateway) = gateway {
        print(&format!("outside sources: {scheme}://{gateway}/v1/connectors"))?;
    }
    if let Some(dict) = dict {
        print(&format!("PIX keys: {scheme}://{dict} (gRPC), {scheme}://{address}/pix-keys"))?;
    }
    print("try:")?;
    print(&format!(
        "  curl -s {scheme}://{address}/v1/simulator/destinations -H 'content-type: application/json' -d '{{\"ncm\":\"17011400\"}}'"
    ))
}

/// `bgc healthcheck`: asks the running server; for containers.
pub async fn healthcheck(config: &Config, json: bool) -> Result<ExitCode> {
    let address = config.address("operations.listen")?;
    let answer = tokio::time::timeout(HEALTH_DEADLINE, ask_health(config, address))
        .await
        .with_context(|| format!("{address} did not answer within {} s", HEALTH_DEADLINE.as_secs()))?
        .with_context(|| format!("ask {address}"))?;
    if !answer.starts_with("HTTP/1.1 200") {
        bail!("{address} answered {answer:?}");
    }
    let address = address.to_string();
    print(&if json {
        serde_json::json!({"healthy": true, "address": address}).to_string()
    } else {
        "healthy".to_owned()
    })?;
    Ok(ExitCode::SUCCESS)
}
