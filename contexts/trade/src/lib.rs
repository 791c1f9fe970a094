//! Trade: official export files to exact totals, reports, a cube and ranked destinations.

use std::sync::Arc;

use arc_swap::ArcSwap;
use axum::http::Method;
use platform::auth::{Access, Rule, rule};
use platform::clock::Clock;
use tokio::sync::Semaphore;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use cube::Snapshot;
use free_use::FreeUse;
use simulator::estimates::EstimateTable;
use simulator::record::SimulationLog;
use store::Store;

pub mod answer;
pub mod catalogue;
pub mod countries;
pub mod cube;
pub mod domain;
pub mod explorer;
#[cfg(test)]
mod fixture;
pub mod free_use;
pub mod ingest;
#[cfg(test)]
mod openapi_tests;
pub mod reports;
pub mod sample;
pub mod saved;
pub mod simulator;
pub mod store;
pub mod succession;
pub mod telemetry;

use platform::postgres::migrate::{Migration, MigrationSet};

/// The PostgreSQL schemas of this context; nobody else names their tables.
pub const SCHEMAS: &[&str] = &["stg", "rpt", "cfg", "simulator"];

/// How those schemas come to be.
pub const MIGRATIONS: MigrationSet = MigrationSet {
    context: "trade",
    migrations: &[
        Migration {
            version: 1,
            name: "facts_reports_tables",
            sql: include_str!("../migrations/0001_facts_reports_tables.sql"),
        },
        Migration {
            version: 2,
            name: "publish_functions",
            sql: include_str!("../migrations/0002_publish_functions.sql"),
        },
        Migration {
            version: 3,
            name: "free_use_and_saved_products",
            sql: include_str!("../migrations/0003_free_use_and_saved_products.sql"),
        },
        Migration {
            version: 4,
            name: "official_files_and_countries",
            sql: include_str!("../migrations/0004_official_files_and_countries.sql"),
        },
        Migration { version: 5, name: "load_history", sql: include_str!("../migrations/0005_load_history.sql") },
        Migration {
            version: 6,
            name: "resolved_country_names",
            sql: include_str!("../migrations/0006_resolved_country_names.sql"),
        },
        Migration { version: 7, name: "ncm_succession", sql: include_str!("../migrations/0007_ncm_succession.sql") },
    ],
};

/// Most scans of the cube that run at once off the threads that serve connections.
const SCANS_MAX: usize = 4;

/// What the routes of this context share.
#[derive(Debug, Clone)]
pub struct TradeState {
    /// The live data; a load replaces it while queries go on with the one they began with.
    pub snapshot: Arc<ArcSwap<Snapshot>>,
    /// Where the time comes from.
    pub clock: Arc<dyn Clock>,
    /// Bounds the large scans that run at once.
    pub scans: Arc<Semaphore>,
    /// Estimates beside the simulator's score: the embedded table, or the operator's.
    pub estimates: Arc<EstimateTable>,
    /// Where simulations are kept; `None` keeps none.
    pub simulations: Option<SimulationLog>,
    /// Counts the simulations of callers without premium; `None` lets everybody simulate without a limit.
    pub free_use: Option<FreeUse>,
    /// Where users' products are kept; `None` keeps none.
    pub store: Option<Store>,
}

impl TradeState {
    /// The state of a server that answers from `snapshot`.
    #[must_use]
    pub fn new(snapshot: Arc<ArcSwap<Snapshot>>, clock: Arc<dyn Clock>) -> Self {
        Self {
            snapshot,
            clock,
            scans: Arc::new(Semaphore::new(SCANS_MAX)),
            estimates: Arc::new(EstimateTable::embedded().clone()),
            simulations: None,
            free_use: None,
            store: None,
        }
    }
}

/// Every route of this context, with its documentation.
pub fn routes(state: TradeState) -> OpenApiRouter {
    declared().with_state(state)
}

/// What the routes say of themselves, for a document without a server.
#[must_use]
pub fn openapi() -> OpenApi {
    declared().into_openapi()
}

fn declared() -> OpenApiRouter<TradeState> {
    OpenApiRouter::default()
        .merge(reports::http::routes())
        .merge(explorer::http::routes())
        .merge(simulator::http::routes())
        .merge(free_use::http::routes())
        .merge(saved::http::routes())
        .merge(catalogue::http::routes())
}

/// Who may use each route of this context.
pub const ACCESS: &[Rule] = &[
    rule(Method::GET, "/metrics/resumo", Access::Open),
    rule(Method::GET, "/metrics/pais", Access::Open),
    rule(Method::GET, "/v1/exports", Access::Open),
    rule(Method::GET, "/v1/ncm", Access::Open),
    rule(Method::GET, "/v1/countries", Access::Open),
    rule(Method::POST, "/v1/simulator/destinations", Access::Public),
    rule(Method::GET, "/v1/simulator/usage", Access::Public),
    rule(Method::GET, "/v1/saved-products", Access::Principal),
    rule(Method::PUT, "/v1/saved-products/{ncm}", Access::Principal),
    rule(Method::DELETE, "/v1/saved-products/{ncm}", Access::Principal),
];

/// The query parameters that the access log may show, by route.
pub const LOGGED_QUERY_PARAMS: &[(&str, &[&str])] = &[
    ("/metrics/resumo", &["ano", "setor"]),
    ("/metrics/pais", &["ano", "limit"]),
    ("/v1/exports", &["drilldowns", "cuts", "measures", "sort", "limit", "offset", "format", "lang"]),
    ("/v1/ncm", &["q", "limit"]),
];
