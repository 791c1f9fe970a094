//! dict's wiring: vault, directory, events, jobs and the gRPC face, for the server; the commands are beside it.

mod client;
mod commands;
mod load_test;
mod master_key;
mod simulator;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use ::dict::Dict;
use ::dict::claims::code_files::CodeFiles;
use ::dict::claims::possession::{CodeSender, SendError, Sending};
use ::dict::directory::remote::{RemoteDirectory, RemoteOptions, endpoint};
use ::dict::directory::{Directory, DirectoryMetrics};
use ::dict::domain::bucket::Category;
use ::dict::domain::key::Key;
use ::dict::events::EventSink;
use ::dict::events::announce::{self, Announcer, Heard, Subscribers};
use ::dict::events::metrics::EventMetrics;
use ::dict::events::relay::{Relay, RelayOptions};
use ::dict::grpc::Face;
use ::dict::grpc::health::Dependencies;
use ::dict::jobs::metrics::JobMetrics;
use ::dict::jobs::{JobOptions, Jobs};
use ::dict::limits::antiscan::{Antiscan, AntiscanParts};
use ::dict::limits::postgres::PostgresBuckets;
use ::dict::limits::rate::Rate;
use ::dict::limits::redis::RedisBuckets;
use ::dict::limits::{self, Buckets};
use ::dict::lookup::own_base::OwnBase;
use ::dict::lookup::{LookupMetrics, LookupParts, Lookups, OwnBaseRates};
use ::dict::simulator::{Simulator, SimulatorOptions};
use ::dict::store::Store;
use ::dict::vault::{self, KEY_RIPENS, MasterKey, Vault};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use platform::clock::Clock;
use platform::grpc::{GrpcGuard, GrpcOptions, HEALTH_RULES, MethodRule, REFLECTION_RULES, channel};
use platform::postgres::pool::{self, PoolOptions, QueryMetrics};
use platform::random::{Entropy, OsEntropy, hex};
use platform::telemetry::metrics::Metrics;
use platform::tls::{ClientTls, ClientTlsSettings, IdentityFiles};
use tokio_util::sync::CancellationToken;
use tonic::service::Routes;

use crate::cli::TokenOptions;
use crate::cli::dict::{ClaimCommand, Connection, DictCommand, KeyCommand};
use crate::config::{Config, DictMode};
use crate::database::{self, Database, Purpose};
use crate::print;
use crate::surroundings::Surroundings;

/// How long reaching Connect may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
/// How often data keys that were made elsewhere are read; well below the time after which they seal.
const REFRESH_KEYS_EVERY: Duration = Duration::from_secs(60);
/// Connections that look-ups of the own base share.
const OWN_BASE_CONNECTIONS: usize = 2;

/// An open dict.
pub struct Opened {
    /// What use cases work with.
    pub dict: Dict,
    /// What look-ups work with besides.
    pub lookups: Lookups,
    /// The gRPC services, health and reflection among them.
    pub routes: Routes,
    /// Who may call what.
    pub rules: Vec<MethodRule>,
}

/// Opens dict and starts its background work: events that leave, events that are heard, jobs.
pub async fn open(around: Surroundings<'_>) -> Result<Opened> {
    let store = store(&around).await?;
    let entropy: Arc<dyn Entropy> = Arc::new(OsEntropy);
    let dict = Dict {
        store,
        directory: directory(&around, &entropy)?,
        participants: around.config.dict_participants()?,
        clock: Arc::clone(around.clock),
        entropy: Arc::clone(&entropy),
        codes: codes(around.config, &around.database.data_dir)?,
        caller_rate: caller_rate(around.config)?,
    };
    let mut dependencies = Dependencies::default();
    let lookups = lookups(&around, &dict, &mut dependencies)?;
    around.metrics.register(|registry| ::dict::telemetry::register_connections(registry, &dict.store.pool));
    spawn_events(&around, &dict, &lookups)?;
    spawn_jobs(&around, &dict)?;
    let reflection = around.config.dict_reflection()?;
    let mut rules = [::dict::grpc::access::ACCESS, &HEALTH_RULES].concat();
    if reflection {
        rules.extend(REFLECTION_RULES);
    }
    let face = Face { dict: dict.clone(), lookups: lookups.clone(), dependencies };
    let (routes, reporter) = ::dict::grpc::routes(&face, reflection)?;
    around.tasks.spawn(::dict::grpc::health::report(reporter, dict.clone(), around.stop.clone()));
    Ok(Opened { dict, lookups, routes, rules })
}

/// The record, with the vault that its keys open.
async fn store(around: &Surroundings<'_>) -> Result<Store> {
    // A pool of its own: its statements find few rows by their keys, and their plans are kept.
    // The relay holds one connection while it announces events over another.
    let mut size = around.database.pool_size;
    size.max_connections = size.max_connections.max(2);
    let options = PoolOptions { keep_plans: true, ..PoolOptions::new(size, "bgc dict") };
    let pool = pool::build(&around.database.application, &options)?;
    let queries = around.database.store.queries.clone();
    let master = master_key::master_key(around.config, &around.database.data_dir, &OsEntropy)?;
    let vault = Vault::load(&pool, &master, &OsEntropy, around.clock.now()).await.context("open the vault of dict")?;
    let store = Store::new(pool, queries, Arc::new(vault));
    around.tasks.spawn(refresh_keys(store.clone(), master, Arc::clone(around.clock), around.stop.clone()));
    Ok(store)
}

/// Reads the data keys that were made elsewhere, every minute.
async fn refresh_keys(store: Store, master: MasterKey, clock: Arc<dyn Clock>, stop: CancellationToken) {
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(REFRESH_KEYS_EVERY) => {}
        }
        if let Err(error) = store.vault.refresh(&store.pool, &master, clock.now()).await {
            tracing::warn!(%error, "new data keys of dict could not be read; trying again");
        }
    }
}

fn category(config: &Config, key: &str) -> Result<Category> {
    let letter = config.text(key);
    Category::parse(letter).with_context(|| format!("{key} is {letter:?}: A to H are known"))
}

/// What look-ups may cost: never more than the directory allows.
fn antiscan_category(config: &Config) -> Result<Category> {
    match config.optional("dict.category") {
        Some(_) => category(config, "dict.category"),
        None if config.text("environment") == "production" => Ok(Category::H),
        None => category(config, "dict.simulator_category"),
    }
}

/// How often each caller may ask.
fn caller_rate(config: &Config) -> Result<Option<Arc<Rate>>> {
    if !config.flag("rate_limit.enabled")? {
        return Ok(None);
    }
    let per_second = u32::try_from(config.number("rate_limit.rps")?)?;
    Ok(Some(Arc::new(Rate::new(per_second, per_second))))
}

/// The way to the directory.
fn directory(around: &Surroundings<'_>, entropy: &Arc<dyn Entropy>) -> Result<Option<Arc<dyn Directory>>> {
    let config = around.config;
    match config.dict_mode()? {
        DictMode::Off => Ok(None),
        DictMode::Simulator => {
            let options = SimulatorOptions {
                journal: Some(around.database.data_dir.join("dict-simulator.jsonl")),
                policies: config.flag("dict.simulator_policies")?,
                category: category(config, "dict.simulator_category")?,
            };
            let simulator = Simulator::open(&options, Arc::clone(around.clock), Arc::clone(entropy));
            Ok(Some(Arc::new(simulator.context("open the simulated directory")?)))
        }
        DictMode::Remote => {
            let breaker = if config.flag("circuit_breaker.enabled")? {
                let failures = u32::try_from(config.number("circuit_breaker.threshold")?)?;
                Some((failures.max(1), config.seconds("circuit_breaker.timeout_sec")?))
            } else {
                None
            };
            let options = RemoteOptions {
                timeout: config.seconds("connect.timeout_sec")?,
                max_retries: u32::try_from(config.number("connect.max_retries")?)?,
                breaker,
            };
            let url = config.text("connect.url");
            let tls = if url.starts_with("https://") { Some(connect_tls(config)?) } else { None };
            let channel = channel(&endpoint(url, CONNECT_TIMEOUT)?, tls);
            let metrics = around.metrics.register(DirectoryMetrics::register);
            Ok(Some(Arc::new(RemoteDirectory::new(channel, options, Arc::clone(entropy), metrics))))
        }
    }
}

/// What protects the way to Connect.
fn connect_tls(config: &Config) -> Result<ClientTls> {
    let file = |key| config.optional(key).map(PathBuf::from);
    let names = ("connect.tls_certificate_file", "connect.tls_key_file");
    let identity = IdentityFiles::pair(file(names.0), file(names.1), names)?;
    ClientTls::open(ClientTlsSettings::grpc(file("connect.tls_ca_file"), identity))
        .context("read connect.tls_ca_file, connect.tls_certificate_file and connect.tls_key_file")
}

/// Look-ups: the own base over connections of its own, and the antiscan's buckets in Redis where there is one.
fn lookups(around: &Surroundings<'_>, dict: &Dict, dependencies: &mut Dependencies) -> Result<Lookups> {
    let own_base = OwnBase::start(&around.database.application, OWN_BASE_CONNECTIONS, &around.database.store.queries);
    let in_postgres: Arc<dyn Buckets> = Arc::new(PostgresBuckets::new(dict.store.clone(), limits::postgres::DEADLINE));
    let (first, second): (Arc<dyn Buckets>, _) = match crate::gateway::redis(around.config)? {
        Some(redis) => {
            let seen = redis.clone();
            dependencies.add("redis", move || seen.is_connected());
            (Arc::new(RedisBuckets::new(redis, limits::redis::DEADLINE)), Some(in_postgres))
        }
        None => (in_postgres, None),
    };
    let antiscan = Antiscan::new(AntiscanParts {
        first,
        second,
        category: antiscan_category(around.config)?,
        vault: Arc::clone(&dict.store.vault),
        clock: Arc::clone(around.clock),
        entropy: Arc::clone(&dict.entropy),
        tasks: around.tasks.clone(),
    });
    Ok(Lookups::new(LookupParts {
        own_base,
        own_base_rates: OwnBaseRates::default(),
        antiscan,
        metrics: around.metrics.register(LookupMetrics::register),
        tasks: around.tasks.clone(),
    }))
}

/// Codes become files, which suits one machine; in production only where the operator named a directory for them.
fn codes(config: &Config, data_dir: &Path) -> Result<Arc<dyn CodeSender>> {
    match config.optional("mail.outbox_dir") {
        Some(directory) => Ok(Arc::new(CodeFiles::new(directory.into()))),
        None if config.text("environment") == "production" => {
            tracing::error!(
                "no way to send possession codes is configured (mail.outbox_dir): phones and e-mails cannot be registered"
            );
            Ok(Arc::new(NoCodes))
        }
        None => Ok(Arc::new(CodeFiles::new(data_dir.join("outbox")))),
    }
}

/// Nowhere to send codes to.
#[derive(Debug)]
struct NoCodes;

impl CodeSender for NoCodes {
    fn send<'a>(&'a self, _: &'a Key, _: &'a str, _: &'a str, _: DateTime<Utc>) -> Sending<'a> {
        Box::pin(std::future::ready(Err(SendError("no way to send codes is configured (mail.outbox_dir)".to_owned()))))
    }
}

/// Events leave by the outbox, and are heard from other servers.
fn spawn_events(around: &Surroundings<'_>, dict: &Dict, lookups: &Lookups) -> Result<()> {
    let metrics = around.metrics.register(EventMetrics::register);
    // First, so that caches forget at once even while Pulsar is away.
    let mut sinks: Vec<Arc<dyn EventSink>> = vec![Arc::new(Announcer::new(dict.store.clone()))];
    if let Some(url) = around.config.pulsar_url()? {
        sinks.push(pulsar(around, url, dict, &metrics)?);
    }
    let (clock, entropy) = (Arc::clone(around.clock), Arc::clone(&dict.entropy));
    let relay = Relay::new(dict.store.clone(), sinks, clock, entropy, metrics, RelayOptions::default());
    around.tasks.spawn(relay.run(around.stop.clone()));
    let lookups = lookups.clone();
    let subscribers = Subscribers::default().and(move |heard| match heard {
        Heard::Event { key_hash, .. } => lookups.invalidate(key_hash),
        Heard::Gap => lookups.invalidate_all(),
    });
    let listening = announce::listen(around.database.application.clone(), subscribers, around.stop.clone());
    around.tasks.spawn(listening);
    Ok(())
}

#[cfg(feature = "pulsar")]
fn pulsar(around: &Surroundings<'_>, url: &str, dict: &Dict, metrics: &EventMetrics) -> Result<Arc<dyn EventSink>> {
    use ::dict::events::effects::Mirrored;
    use ::dict::events::pulsar::{PulsarOptions, PulsarSink, StatusConsumer};
    use ::dict::events::status::{Inbox, Tries};

    let options = PulsarOptions::new(url, around.config.text("pulsar.topic_prefix"));
    let inbox = Inbox {
        store: dict.store.clone(),
        clock: Arc::clone(around.clock),
        entropy: Arc::clone(&dict.entropy),
        participants: dict.participants.clone(),
        effects: Arc::new(Mirrored(dict.clone())),
        metrics: metrics.clone(),
        tries: Tries::default(),
    };
    let consumer = StatusConsumer::new(options.clone(), Arc::new(inbox));
    around.tasks.spawn(consumer.run(around.stop.clone()));
    Ok(Arc::new(PulsarSink::new(options, metrics.clone())))
}

#[cfg(not(feature = "pulsar"))]
fn pulsar(_: &Surroundings<'_>, _: &str, _: &Dict, _: &EventMetrics) -> Result<Arc<dyn EventSink>> {
    anyhow::bail!(
        "PULSAR_URL is set, and this binary was built without the feature pulsar (cargo build --features pulsar)"
    )
}

fn spawn_jobs(around: &Surroundings<'_>, dict: &Dict) -> Result<()> {
    let mut name = [0; 8];
    dict.entropy.fill(&mut name)?;
    let metrics = around.metrics.register(JobMetrics::register);
    let jobs = Jobs { dict: dict.clone(), holder: hex(&name), options: JobOptions::default(), metrics };
    let stop = around.stop.clone();
    around.tasks.spawn(async move { jobs.run(stop).await });
    Ok(())
}

/// The bounds of the gRPC listener.
pub fn options(config: &Config) -> Result<GrpcOptions> {
    let longest = config.milliseconds("dict.timeout_ms")?;
    Ok(GrpcOptions {
        max_connections: usize::try_from(config.number("http.max_connections")?)?,
        max_in_flight: usize::try_from(config.number("dict.max_in_flight")?)?,
        default_deadline: longest,
        max_deadline: longest,
        ..GrpcOptions::default()
    })
}

/// The door of the gRPC listener.
pub async fn guard(
    config: &Config,
    database: &Database,
    clock: &Arc<dyn Clock>,
    rules: Vec<MethodRule>,
) -> Result<GrpcGuard> {
    let audience = config.text("dict.jwt_audience");
    let authenticator = crate::identity::authenticator(config, database, clock, audience).await?;
    Ok(GrpcGuard::new(rules, Arc::new(authenticator)))
}

/// A token for a command of this installation's own.
async fn issue_token(config: &Config, clock: Arc<dyn Clock>, ispb: &str) -> Result<String> {
    let options = TokenOptions {
        sub: "bgc-dict".to_owned(),
        tier: crate::cli::TierFlag::Free,
        tenant: None,
        ispb: Some(ispb.to_owned()),
        scopes: ::dict::grpc::access::SCOPES.map(str::to_owned).to_vec(),
        ttl: chrono::TimeDelta::hours(1),
        audience: config.text("dict.jwt_audience").to_owned(),
    };
    crate::identity::issue(config, clock, options).await
}

/// `bgc dict …`
pub async fn run(config: &Config, clock: Arc<dyn Clock>, command: DictCommand) -> Result<ExitCode> {
    match command {
        DictCommand::Key(command) => {
            let connection = connection_of_key(&command).clone();
            let client = client::Client::open(config, clock, &connection).await?;
            commands::run_key(&client, connection.json, command).await
        }
        DictCommand::Claim(command) => {
            let connection = connection_of_claim(&command).clone();
            let client = client::Client::open(config, clock, &connection).await?;
            commands::run_claim(&client, connection.json, command).await
        }
        DictCommand::Vsync { key_type, show, connection } => {
            let client = client::Client::open(config, clock, &connection).await?;
            commands::run_vsync(&client, connection.json, key_type, show).await
        }
        DictCommand::LoadTest(options) => {
            let client = client::Client::open(config, clock, &options.connection).await?;
            load_test::run(client, options).await
        }
        DictCommand::Simulator(options) => simulator::run(clock, options).await,
        DictCommand::RotateKeys { json } => rotate_keys(config, clock, json).await,
    }
}

fn connection_of_key(command: &KeyCommand) -> &Connection {
    match command {
        KeyCommand::Create { connection, .. }
        | KeyCommand::Possession { connection, .. }
        | KeyCommand::Get { connection, .. }
        | KeyCommand::List { connection, .. }
        | KeyCommand::Delete { connection, .. }
        | KeyCommand::Lookup { connection, .. } => connection,
    }
}

fn connection_of_claim(command: &ClaimCommand) -> &Connection {
    match command {
        ClaimCommand::Start { connection, .. }
        | ClaimCommand::Get { connection, .. }
        | ClaimCommand::List { connection, .. }
        | ClaimCommand::Accept { connection, .. }
        | ClaimCommand::Reject { connection, .. }
        | ClaimCommand::Cancel { connection, .. } => connection,
    }
}

/// `bgc dict rotate-keys`: a new data key. Servers read it within a minute, and their jobs seal the rows anew.
async fn rotate_keys(config: &Config, clock: Arc<dyn Clock>, json: bool) -> Result<ExitCode> {
    let metrics = Metrics::new();
    let database = database::open(config, Purpose::Command, metrics.register(QueryMetrics::register)).await?;
    let added = async {
        let master = master_key::master_key(config, &database.data_dir, &OsEntropy)?;
        let pool = &database.store.pool;
        // A vault that was never opened has no keys yet.
        Vault::load(pool, &master, &OsEntropy, clock.now()).await?;
        Ok::<_, anyhow::Error>(vault::add_data_key(pool, &master, &OsEntropy, clock.now()).await?)
    };
    let added = added.await;
    database.close().await;
    let key = added?;
    print(&if json {
        serde_json::json!({"data_key_id": key, "seals_after_seconds": KEY_RIPENS.num_seconds()}).to_string()
    } else {
        format!(
            "data key {key} seals after {} minutes, when every server has read it; then the rows are sealed anew under it, bit by bit",
            KEY_RIPENS.num_minutes()
        )
    })?;
    Ok(ExitCode::SUCCESS)
}
