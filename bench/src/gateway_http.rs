//! A hit of the gateway over HTTP beside a bare axum route that returns the same bytes.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, ensure};
use axum::Router;
use axum::http::header;
use axum::routing::post;
use gateway::GatewayState;
use gateway::cache::cascade::{Cascade, CascadeParts};
use gateway::call::Gateway;
use gateway::secrets::Secrets;
use gateway::telemetry::GatewayMetrics;
use gateway::upstream::{Upstream, UpstreamParts};
use platform::auth::{Authenticate, AuthenticateError, Authenticated, Guard, Presented, TrustedProxies, guard};
use platform::clock::{Clock, SystemClock};
use platform::http::server::{ServeOptions, bind, serve};
use platform::http::{HttpOptions, service};
use platform::lifecycle::Lifecycle;
use platform::random::OsEntropy;
use platform::telemetry::metrics::Metrics;
use platform::telemetry::trace::TraceIds;
use serde_json::{Map, Value, json};
use testkit::TempDir;
use testkit::ministry::FakeMinistry;
use tokio_util::task::TaskTracker;

use crate::http::{TURNS, rate};
use crate::report::Report;

/// What is asked.
const PATH: &str = "/v1/connectors/comexstat/exportacao";

/// Nobody shows a credential here: the routes are those of a newcomer's machine.
#[derive(Debug)]
struct Nobody;

impl Authenticate for Nobody {
    fn authenticate<'a>(&'a self, _: Presented<'a>) -> Authenticated<'a> {
        Box::pin(std::future::ready(Err(AuthenticateError::Unavailable)))
    }
}

/// The shipped connectors, pointed at a ministry of ours.
pub fn connectors(directory: &TempDir, ministry: &str) -> Result<()> {
    for name in ["comexstat", "comexstat-bulk"] {
        let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../connectors/{name}.yaml"));
        let text = std::fs::read_to_string(&file).with_context(|| format!("read {}", file.display()))?;
        let ours = format!("base_url: {ministry}\nallow_private_network: true");
        let line = text.lines().find(|line| line.starts_with("base_url:")).context("no base_url")?;
        std::fs::write(directory.path().join(format!("{name}.yaml")), text.replacen(line, &ours, 1))?;
    }
    Ok(())
}

/// A gateway in this process over the connectors of a directory.
pub fn gateway(directory: &TempDir, metrics: &Metrics, tasks: &TaskTracker) -> Result<Arc<Gateway>> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let catalogue = gateway::connectors::load(Some(directory.path())).map_err(|faults| anyhow!("{faults:?}"))?;
    let metrics = metrics.register(GatewayMetrics::register);
    let parts = UpstreamParts {
        secrets: Arc::new(Secrets::new(Vec::new())),
        clock: Arc::clone(&clock),
        entropy: Arc::new(OsEntropy),
        metrics: metrics.upstream,
    };
    let upstreams = catalogue.connectors.values().map(|connector| Upstream::new(Arc::clone(connector), parts.clone()));
    let cache = Cascade::new(CascadeParts::new(Arc::clone(&clock), metrics.cache, tasks.clone()));
    let upstreams = upstreams.collect::<Result<Vec<_>, _>>()?;
    Ok(Arc::new(Gateway::new(upstreams, cache, clock, Duration::from_secs(30))))
}

/// Requests a second: ours, and a bare route. In process first: the whole call with its arguments.
pub async fn throughput(report: &mut Report) -> Result<()> {
    let ministry = FakeMinistry::synthetic().serve().await;
    let (directory, tasks, metrics) = (TempDir::new("bench-connectors"), TaskTracker::new(), Metrics::new());
    connectors(&directory, &ministry.url(""))?;
    let gateway = gateway(&directory, &metrics, &tasks)?;
    let asked = json!({"ano": "2024", "mes": "01", "ncm": "17011400"});
    let arguments: &Map<String, Value> = asked.as_object().context("an object")?;
    let first = gateway.call("comexstat", "exportacao", arguments).await?;
    ensure!(first.origin.name() == "MISS", "the first answer came from {}", first.origin.name());
    in_process(&gateway, arguments, report).await?;
    let bytes = first.entry.body;
    let bare = Router::new().route(
        PATH,
        post(move || {
            let bytes = bytes.clone();
            async move { ([(header::CONTENT_TYPE, "application/json")], bytes) }
        }),
    );
    let door = Guard::new(gateway::ACCESS_ON_LOOPBACK.to_vec(), Arc::new(Nobody), TrustedProxies::parse("")?);
    let routes = guard(Router::from(gateway::routes(GatewayState { gateway })), Arc::new(door));
    let routes = service(routes, HttpOptions::default(), metrics.http.clone(), Arc::new(TraceIds::random()));
    let lifecycle = Lifecycle::new(Duration::from_secs(1));
    let listener = bind(SocketAddr::from(([127, 0, 0, 1], 0))).await?;
    let ours = listener.local_addr()?;
    lifecycle.tasks().spawn(serve(listener, routes, ServeOptions::default(), metrics.http.clone(), lifecycle.clone()));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let rival = listener.local_addr()?;
    let bare = tokio::spawn(async move { axum::serve(listener, bare).await });
    let (mut our_best, mut rival_best) = (0.0_f64, 0.0_f64);
    for _ in 0..TURNS {
        our_best = our_best.max(rate(ours, PATH, &asked.to_string()).await?);
        rival_best = rival_best.max(rate(rival, PATH, &asked.to_string()).await?);
    }
    let rival = ("bare axum route, same bytes", rival_best);
    report.rate_at_least("hit over HTTP, requests a second", our_best, "1/s", rival, 0.6);
    bare.abort();
    lifecycle.stop("the measurement is over");
    Ok(())
}

/// A whole call that hits memory: arguments checked, key made, answer cloned.
async fn in_process(gateway: &Gateway, arguments: &Map<String, Value>, report: &mut Report) -> Result<()> {
    let mut calls = Vec::with_capacity(20_000);
    for _ in 0..calls.capacity() {
        let started = std::time::Instant::now();
        std::hint::black_box(gateway.call("comexstat", "exportacao", arguments).await?);
        calls.push(started.elapsed());
    }
    let p50 = crate::report::percentile(&mut calls, 0.5, 1e9);
    report.at_most("whole call that hits memory, p50", p50, "ns", 10_000.0);
    Ok(())
}
