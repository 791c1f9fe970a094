//! A thin HTTP API over the same use cases as `grpc/`, for the page and for scripts.

pub mod schema;
