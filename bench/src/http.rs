//! HTTP throughput beside a bare axum route that returns the same bytes.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use arc_swap::ArcSwap;
use axum::Router;
use axum::body::Body;
use axum::http::{Request, header};
use axum::routing::post;
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use platform::clock::SystemClock;
use platform::http::server::{ServeOptions, bind, serve};
use platform::http::{HttpOptions, service};
use platform::lifecycle::Lifecycle;
use platform::telemetry::metrics::Metrics;
use platform::telemetry::trace::TraceIds;
use trade::cube::Snapshot;
use trade::domain::code::Ncm;

use crate::report::Report;

/// Connections of the load.
const CONNECTIONS: usize = 16;
/// One measurement.
const WINDOW: Duration = Duration::from_secs(3);
/// Measurements of each, in turns.
pub const TURNS: usize = 3;
/// Where it is asked.
const PATH: &str = "/v1/simulator/destinations";
/// The product asked for.
const SUGAR: Ncm = Ncm(17_011_400);

/// The product's routes behind its own middleware, as `bgc up` serves them.
pub fn product(snapshot: &Arc<Snapshot>) -> Router {
    let shared = Arc::new(ArcSwap::new(Arc::clone(snapshot)));
    let state = trade::TradeState::new(shared, Arc::new(SystemClock));
    let options = HttpOptions { logged_query_params: trade::LOGGED_QUERY_PARAMS, ..HttpOptions::default() };
    service(trade::routes(state).into(), options, Metrics::new().http.clone(), Arc::new(TraceIds::random()))
}

/// Requests a second: ours, and a bare route.
pub async fn throughput(snapshot: &Arc<Snapshot>, report: &mut Report) -> Result<()> {
    let bytes = crate::simulator::simulated(snapshot, SUGAR)?;
    let bare = Router::new().route(
        PATH,
        post(move || {
            let bytes = bytes.clone();
            async move { ([(header::CONTENT_TYPE, "application/json")], bytes) }
        }),
    );
    let lifecycle = Lifecycle::new(Duration::from_secs(1));
    let listener = bind(SocketAddr::from(([127, 0, 0, 1], 0))).await?;
    let ours = listener.local_addr()?;
    let metrics = Metrics::new().http.clone();
    lifecycle.tasks().spawn(serve(listener, product(snapshot), ServeOptions::default(), metrics, lifecycle.clone()));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let rival = listener.local_addr()?;
    let bare = tokio::spawn(async move { axum::serve(listener, bare).await });
    let body = format!("{{\"ncm\":\"{SUGAR}\"}}");
    let (mut our_best, mut rival_best) = (0.0_f64, 0.0_f64);
    for _ in 0..TURNS {
        our_best = our_best.max(rate(ours, PATH, &body).await?);
        rival_best = rival_best.max(rate(rival, PATH, &body).await?);
    }
    report.rate_at_least(
        "simulator over HTTP, requests a second",
        our_best,
        "1/s",
        ("bare axum route, same bytes", rival_best),
        0.4,
    );
    bare.abort();
    lifecycle.stop("the measurement is over");
    Ok(())
}

/// Requests a second that `address` answers: the same POST again and again.
pub async fn rate(address: SocketAddr, path: &str, body: &str) -> Result<f64> {
    let client: Client<HttpConnector, Full<bytes::Bytes>> = Client::builder(TokioExecutor::new()).build_http();
    let answered = Arc::new(AtomicU64::new(0));
    let started = Instant::now();
    let mut workers = tokio::task::JoinSet::new();
    for _ in 0..CONNECTIONS {
        let (client, answered, body) = (client.clone(), Arc::clone(&answered), body.to_owned());
        let uri = format!("http://{address}{path}");
        workers.spawn(async move {
            while started.elapsed() < WINDOW {
                let request = Request::post(&uri)
                    .header(header::CONTENT_TYPE, "application/json")
                    .body(Full::from(body.clone()))?;
                let response = client.request(request).await?;
                anyhow::ensure!(response.status().is_success(), "answered {}", response.status());
                response.into_body().collect().await?;
                answered.fetch_add(1, Ordering::Relaxed);
            }
            Ok::<(), anyhow::Error>(())
        });
    }
    while let Some(worker) = workers.join_next().await {
        worker.context("a client ended early")??;
    }
    Ok(answered.load(Ordering::Relaxed) as f64 / started.elapsed().as_secs_f64())
}

/// One GET through the product's routes, without a network; the status and the time.
pub async fn get(routes: &Router, uri: &str) -> Result<(u16, Duration)> {
    let request = Request::get(uri).body(Body::empty())?;
    let started = Instant::now();
    let response = tower::ServiceExt::oneshot(routes.clone(), request).await?;
    let status = response.status().as_u16();
    std::hint::black_box(response.into_body().collect().await?);
    Ok((status, started.elapsed()))
}
