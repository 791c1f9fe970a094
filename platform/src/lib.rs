//! What every context stands on. It knows no context: nothing here names trade, a table of a
//! context's schema, or a route.

pub mod auth;
pub mod clock;
pub mod grpc;
pub mod http;
pub mod lifecycle;
pub mod openapi;
pub mod postgres;
pub mod problem;
pub mod random;
pub mod redis;
pub mod resilience;
pub mod telemetry;
pub mod tls;
