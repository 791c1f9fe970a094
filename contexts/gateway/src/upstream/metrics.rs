//! What can be measured about calls to sources.

use std::fmt;

use platform::resilience::breaker::BreakerState;
use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue, LabelValueEncoder};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

use super::UpstreamError;

/// How a call ended, all its attempts together: a closed set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Outcome {
    Success,
    Failure(&'static str),
}

impl EncodeLabelValue for Outcome {
    fn encode(&self, encoder: &mut LabelValueEncoder<'_>) -> Result<(), fmt::Error> {
        match self {
            Outcome::Success => "success".encode(encoder),
            Outcome::Failure(name) => name.encode(encoder),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct CallLabels {
    connector: String,
    outcome: Outcome,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ConnectorLabels {
    connector: String,
}

/// The metrics of calls to sources. Clones share them.
#[derive(Debug, Clone, Default)]
pub struct UpstreamMetrics {
    requests: Family<CallLabels, Counter>,
    retries: Family<ConnectorLabels, Counter>,
    breakers: Family<ConnectorLabels, Gauge>,
}

impl UpstreamMetrics {
    /// `integration_gateway_upstream_requests_total{connector,outcome}`, `…_upstream_retries_total{connector}` and
    /// `…_breaker_state{connector}`.
    #[must_use]
    pub fn register(registry: &mut Registry) -> Self {
        let metrics = Self::default();
        registry.register(
            "integration_gateway_upstream_requests",
            "Calls to sources by how they ended, all attempts of one together",
            metrics.requests.clone(),
        );
        registry.register("integration_gateway_upstream_retries", "Attempts after the first", metrics.retries.clone());
        registry.register(
            "integration_gateway_breaker_state",
            "0 the source is called, 1 one call tries, 2 the source is left alone",
            metrics.breakers.clone(),
        );
        metrics
    }

    /// A source of which nothing has happened yet: its counters stand at zero, so that their first step is seen too.
    pub(super) fn added(&self, connector: &str) {
        let labels = ConnectorLabels { connector: connector.to_owned() };
        self.retries.get_or_create_owned(&labels).inc_by(0);
        self.breaker(connector, BreakerState::Closed);
        let outcome = Outcome::Success;
        self.requests.get_or_create_owned(&CallLabels { connector: labels.connector, outcome }).inc_by(0);
    }

    pub(super) fn ended(&self, connector: &str, error: Option<&UpstreamError>) {
        let outcome = error.map_or(Outcome::Success, |error| Outcome::Failure(error.outcome()));
        self.requests.get_or_create_owned(&CallLabels { connector: connector.to_owned(), outcome }).inc();
    }

    pub(super) fn retried(&self, connector: &str) {
        self.retries.get_or_create_owned(&ConnectorLabels { connector: connector.to_owned() }).inc();
    }

    pub(super) fn breaker(&self, connector: &str, state: BreakerState) {
        let value = match state {
            BreakerState::Closed => 0,
            BreakerState::HalfOpen => 1,
            BreakerState::Open => 2,
        };
        self.breakers.get_or_create_owned(&ConnectorLabels { connector: connector.to_owned() }).set(value);
    }
}
