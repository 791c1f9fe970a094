//! The platform against real servers. One executable for all of them.
#![expect(clippy::unwrap_used, reason = "a test ends where its step fails")]

mod access;
mod cluster;
mod grpc;
mod migrate;
mod pool;
mod redis;
mod roles;
mod target;
mod tls;

use std::path::Path;

use platform::postgres::cluster::ClusterOptions;

/// Options for a server of a test's own.
fn options(data_dir: &Path) -> ClusterOptions {
    ClusterOptions { durable: false, ..ClusterOptions::new(data_dir) }
}

/// Whether the tests run as root: what root does differently is only tested then.
fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}
