//! A server of a few routes, one for each thing that can happen.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Path;
use axum::routing::{get, post};
use platform::http::operations::{Readiness, health_routes};
use platform::http::server::{self, ServeEnd, ServeOptions};
use platform::http::{HttpOptions, Json, service};
use platform::lifecycle::Lifecycle;
use platform::telemetry::metrics::Metrics;
use platform::telemetry::trace::TraceIds;
use serde::Deserialize;
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;

#[derive(Deserialize)]
struct Asked {
    ncm: String,
    #[serde(default)]
    limit: u8,
}

/// A running server and what is behind it.
pub struct TestServer {
    pub address: SocketAddr,
    pub metrics: Arc<Metrics>,
    pub lifecycle: Lifecycle,
    pub readiness: Readiness,
    /// `/gate` answers when it gets a permit.
    pub gate: Arc<Semaphore>,
    pub end: JoinHandle<ServeEnd>,
}

fn routes(gate: Arc<Semaphore>, readiness: Readiness) -> Router {
    let wait = move || async move {
        if let Ok(permit) = gate.acquire().await {
            permit.forget();
        }
        "through"
    };
    Router::new()
        .route("/hello", get(async || "hello"))
        .route(
            "/exports",
            get(async |axum::extract::Query(asked): axum::extract::Query<Asked>| {
                format!("{} {}", asked.ncm, asked.limit)
            }),
        )
        .route("/simulate", post(async |Json(asked): Json<Asked>| format!("{} {}", asked.ncm, asked.limit)))
        .route("/foreign", post(async |axum::Json(asked): axum::Json<Asked>| asked.ncm))
        .route("/items/{id}", get(async |Path(id): Path<u32>| id.to_string()))
        .route("/panic", get(async || -> &'static str { panic!("the sky fell") }))
        .route("/big", get(async || "x".repeat(32 << 20)))
        .route("/slow", get(std::future::pending::<&'static str>))
        .route("/gate", get(wait))
        .merge(health_routes(readiness))
}

pub fn http_options() -> HttpOptions {
    HttpOptions {
        max_in_flight: 64,
        timeout: Duration::from_secs(20),
        body_limit_bytes: 1000,
        logged_query_params: &[("/exports", &["ncm", "limit"])],
    }
}

pub async fn start_with(options: HttpOptions, serve_options: ServeOptions) -> TestServer {
    let metrics = Arc::new(Metrics::new());
    let lifecycle = Lifecycle::new(Duration::from_secs(20));
    let readiness = Readiness::new(lifecycle.soft().clone());
    let gate = Arc::new(Semaphore::new(0));
    let listener = server::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap();
    let address = listener.local_addr().unwrap();
    let routes = routes(Arc::clone(&gate), readiness.clone());
    let routes = service(routes, options, metrics.http.clone(), Arc::new(TraceIds::seeded(1)));
    let serving = server::serve(listener, routes, serve_options, metrics.http.clone(), lifecycle.clone());
    let end = lifecycle.tasks().spawn(serving);
    TestServer { address, metrics, lifecycle, readiness, gate, end }
}

pub async fn start() -> TestServer {
    start_with(http_options(), ServeOptions::default()).await
}

impl TestServer {
    /// The value of one sample, as the exposition writes it.
    pub fn sample(&self, name: &str) -> Option<String> {
        let text = self.metrics.open_metrics().unwrap();
        text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' ').map(str::to_owned))
    }

    /// Waits until `requests` are being served.
    pub async fn in_flight(&self, requests: usize) {
        self.until("bgc_http_requests_in_flight", &requests.to_string()).await;
    }

    /// Waits until a sample has a value.
    pub async fn until(&self, name: &str, value: &str) {
        for _ in 0..1000 {
            if self.sample(name).as_deref() == Some(value) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("{name} is {:?}, not {value}", self.sample(name));
    }
}
