//! Gateway: outside sources behind one cached, observable door.

use std::sync::Arc;

use axum::http::Method;
use platform::auth::{Access, Rule, rule};
use platform::postgres::migrate::{Migration, MigrationSet};
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;

pub mod cache;
pub mod call;
pub mod connectors;
pub mod domain;
pub mod secrets;
pub mod telemetry;
pub mod upstream;

/// The PostgreSQL schema of this context; nobody else names its tables.
pub const SCHEMAS: &[&str] = &["gateway"];

/// How it comes to be.
pub const MIGRATIONS: MigrationSet = MigrationSet {
    context: "gateway",
    migrations: &[Migration {
        version: 1,
        name: "response_cache",
        sql: include_str!("../migrations/0001_response_cache.sql"),
    }],
};

/// What the routes of this context share.
#[derive(Debug, Clone)]
pub struct GatewayState {
    /// Every source, with its cache.
    pub gateway: Arc<call::Gateway>,
}

/// The scope that a program's token needs to call sources.
pub const CALL_SCOPE: &str = "gateway.call";

/// Every route of this context, with its documentation.
pub fn routes(state: GatewayState) -> OpenApiRouter {
    call::http::routes().with_state(state)
}

/// What the routes say of themselves, for a document without a server.
#[must_use]
pub fn openapi() -> OpenApi {
    call::http::routes().into_openapi()
}

/// Who may use each route of this context: programs with [`CALL_SCOPE`].
pub const ACCESS: &[Rule] = &access(Access::Scope(CALL_SCOPE));

/// The same for a newcomer's machine: anyone who reaches a listener that only this machine reaches.
pub const ACCESS_ON_LOOPBACK: &[Rule] = &access(Access::ThisMachine);

const fn access(access: Access) -> [Rule; 2] {
    [rule(Method::GET, "/v1/connectors", access), rule(Method::POST, "/v1/connectors/{id}/{endpoint}", access)]
}
