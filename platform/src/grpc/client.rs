//! The way to another gRPC server.

use tonic::transport::{Channel, Endpoint};

/// A channel to `endpoint` that connects when it is first used, and again whenever it has to.
#[must_use]
pub fn channel(endpoint: &Endpoint) -> Channel {
    endpoint.connect_lazy()
}
