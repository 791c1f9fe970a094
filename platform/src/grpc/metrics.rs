//! The metrics of gRPC calls, by the names that other servers of gRPC use too.
//!
//! Label values come from closed sets only: the services and methods of the table of rules, and the codes. A client
//! cannot make a new time series.

use std::sync::OnceLock;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;
use tonic::Code;

use crate::telemetry::metrics::DURATION_BUCKETS_SECONDS;

/// How many codes there are.
const CODES: usize = 17;

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct MethodLabels {
    grpc_service: &'static str,
    grpc_method: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct HandledLabels {
    grpc_service: &'static str,
    grpc_method: &'static str,
    grpc_code: &'static str,
}

/// The metrics of gRPC calls: rate, errors, duration, and what is under way. Clones share them.
#[derive(Debug, Clone)]
pub struct GrpcMetrics {
    started: Family<MethodLabels, Counter>,
    handled: Family<HandledLabels, Counter>,
    seconds: Family<MethodLabels, Histogram, fn() -> Histogram>,
    /// Calls being worked on now.
    pub(super) in_flight: Gauge,
    /// Methods that panicked.
    pub(super) panics: Counter,
    /// Calls refused because too many were under way.
    pub(super) shed: Counter,
    /// Connections open now.
    pub(super) connections: Gauge,
}

impl GrpcMetrics {
    /// Registers the metrics. Once per registry.
    pub fn register(registry: &mut Registry) -> Self {
        let metrics = Self {
            started: Family::default(),
            handled: Family::default(),
            seconds: Family::new_with_constructor(|| Histogram::new(DURATION_BUCKETS_SECONDS)),
            in_flight: Gauge::default(),
            panics: Counter::default(),
            shed: Counter::default(),
            connections: Gauge::default(),
        };
        registry.register("grpc_server_started", "gRPC calls begun", metrics.started.clone());
        registry.register("grpc_server_handled", "gRPC calls ended, by code", metrics.handled.clone());
        let help = "Time from the head of a gRPC call to its status, in seconds";
        registry.register("grpc_server_handling_seconds", help, metrics.seconds.clone());
        registry.register("bgc_grpc_in_flight", "gRPC calls being worked on", metrics.in_flight.clone());
        registry.register("bgc_grpc_panics", "gRPC methods that panicked", metrics.panics.clone());
        registry.register("bgc_grpc_shed", "gRPC calls refused under overload", metrics.shed.clone());
        registry.register("bgc_grpc_connections", "gRPC connections open", metrics.connections.clone());
        metrics
    }
}

/// The handles of one method, found once: a call then costs no lock on the families.
#[derive(Debug)]
pub(super) struct MethodHandles {
    service: &'static str,
    method: &'static str,
    metrics: GrpcMetrics,
    started: Counter,
    seconds: Histogram,
    handled: [OnceLock<Counter>; CODES],
}

impl MethodHandles {
    pub fn new(metrics: &GrpcMetrics, service: &'static str, method: &'static str) -> Self {
        let labels = MethodLabels { grpc_service: service, grpc_method: method };
        Self {
            service,
            method,
            started: metrics.started.get_or_create_owned(&labels),
            seconds: metrics.seconds.get_or_create_owned(&labels),
            handled: Default::default(),
            metrics: metrics.clone(),
        }
    }

    pub fn begin(&self) {
        self.started.inc();
    }

    pub fn end(&self, code: Code, seconds: f64) {
        self.seconds.observe(seconds);
        let counter = || {
            let (grpc_service, grpc_method) = (self.service, self.method);
            let labels = HandledLabels { grpc_service, grpc_method, grpc_code: name(code) };
            self.metrics.handled.get_or_create_owned(&labels)
        };
        match self.handled.get(code as usize) {
            Some(known) => known.get_or_init(counter).inc(),
            None => counter().inc(),
        };
    }
}

/// The code as Go's library names it, which dashboards of these metrics expect.
const fn name(code: Code) -> &'static str {
    match code {
        Code::Ok => "OK",
        Code::Cancelled => "Canceled",
        Code::Unknown => "Unknown",
        Code::InvalidArgument => "InvalidArgument",
        Code::DeadlineExceeded => "DeadlineExceeded",
        Code::NotFound => "NotFound",
        Code::AlreadyExists => "AlreadyExists",
        Code::PermissionDenied => "PermissionDenied",
        Code::ResourceExhausted => "ResourceExhausted",
        Code::FailedPrecondition => "FailedPrecondition",
        Code::Aborted => "Aborted",
        Code::OutOfRange => "OutOfRange",
        Code::Unimplemented => "Unimplemented",
        Code::Internal => "Internal",
        Code::Unavailable => "Unavailable",
        Code::DataLoss => "DataLoss",
        Code::Unauthenticated => "Unauthenticated",
    }
}
