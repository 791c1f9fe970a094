//! gRPC: a listener on our own terms, and what stands around every method.
//!
//! [`serve`] puts tonic's services on the same listener that HTTP has: its bounds, its TLS, its two-stage stop. One
//! layer around all of them counts and logs a call, catches its panic, sheds load, holds it to its deadline and asks
//! [`GrpcGuard`] who calls. Whatever goes wrong there is a status with the details of `google.rpc`.

mod answer;
mod call;
mod client;
mod deadline;
mod guard;
mod layer;
mod metrics;
mod status;

use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tonic::service::Routes;

pub use client::channel;
pub use deadline::Deadline;
pub use guard::{GrpcAccess, GrpcGuard, HEALTH_RULES, MethodRule, REFLECTION_RULES, method_rule, missing_rules};
pub use metrics::GrpcMetrics;
pub use status::{DOMAIN, error_details, missing_scope, refusal, refusal_with};

use crate::http::server::{ServeEnd, ServeOptions, serve_counted};
use crate::lifecycle::Lifecycle;
use crate::telemetry::trace::TraceIds;
use crate::tls::TlsServer;

/// The largest message that is read, in bytes: tonic's own default for a service, which answers `OUT_OF_RANGE`
/// before it reads more than the length. A service that takes less says so itself.
pub const MESSAGE_BYTES_MAX: usize = 4 << 20;
/// Calls at once on one connection: a gRPC client has few connections, and sends everything over them.
const STREAMS_PER_CONNECTION: u32 = 256;
/// How long a connection may be there without a first call: clients connect before they need to.
const FIRST_CALL: Duration = Duration::from_secs(60);

/// The bounds of one listener.
#[derive(Debug, Clone)]
pub struct GrpcOptions {
    /// Connections at once; one more waits, unaccepted, in the system's queue.
    pub max_connections: usize,
    /// How often the other end of a connection is asked whether it is still there.
    pub keepalive: Duration,
    /// How long a connection may be without a call before it is closed, without an error for its client.
    pub idle_timeout: Duration,
    /// Calls worked on at once; one more is refused with `UNAVAILABLE` and `RetryInfo`. Health checks are never
    /// refused, and a stream counts until its first answer.
    pub max_in_flight: usize,
    /// The deadline of a call whose client gave none (`grpc-timeout`).
    pub default_deadline: Duration,
    /// The longest deadline that a client gets, whatever it asks for.
    pub max_deadline: Duration,
    /// Speaks TLS with every connection; in the clear without it.
    pub tls: Option<TlsServer>,
}

impl Default for GrpcOptions {
    fn default() -> Self {
        Self {
            max_connections: 1024,
            keepalive: Duration::from_secs(20),
            idle_timeout: Duration::from_secs(300),
            max_in_flight: 1024,
            default_deadline: Duration::from_secs(10),
            max_deadline: Duration::from_secs(60),
            tls: None,
        }
    }
}

/// Serves `routes` on `listener` until the lifecycle's soft stop; then closes the listener, lets every call finish,
/// ends streams with `UNAVAILABLE`, and returns when the last connection has ended, or at the hard stop. Spawn it on
/// the lifecycle's tasks.
///
/// A deadline holds until the head of an answer, which is all of a unary call; a stream of answers ends with its client.
pub async fn serve(
    listener: TcpListener,
    routes: Routes,
    options: GrpcOptions,
    guard: Arc<GrpcGuard>,
    metrics: GrpcMetrics,
    lifecycle: Lifecycle,
) -> ServeEnd {
    let connections = metrics.connections.clone();
    let layer = layer::GrpcLayer::new(&options, guard, metrics, TraceIds::random(), lifecycle.soft().clone());
    let routes = routes.into_axum_router().with_state::<()>(()).layer(layer);
    let limits = ServeOptions {
        header_read_timeout: FIRST_CALL.min(options.idle_timeout),
        idle_timeout: options.idle_timeout,
        keepalive: options.keepalive,
        max_connections: options.max_connections,
        max_streams: STREAMS_PER_CONNECTION,
        http2_only: true,
        tls: options.tls,
    };
    serve_counted(listener, routes, limits, connections, lifecycle).await
}
