//! What can be measured about calls to the directory.

use platform::resilience::breaker::BreakerState;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

use super::DirectoryError;

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct CallLabels {
    method: &'static str,
    outcome: &'static str,
}

/// The metrics of calls to the directory. Clones share them.
#[derive(Debug, Clone, Default)]
pub struct DirectoryMetrics {
    requests: Family<CallLabels, Counter>,
    retries: Counter,
    breaker: Gauge,
}

impl DirectoryMetrics {
    /// `core_dict_connect_requests_total{method,outcome}`, `core_dict_connect_retries_total` and
    /// `core_dict_connect_breaker_state`.
    #[must_use]
    pub fn register(registry: &mut Registry) -> Self {
        let metrics = Self::default();
        registry.register(
            "core_dict_connect_requests",
            "Calls to the directory by how they ended, all attempts of one together",
            metrics.requests.clone(),
        );
        registry.register("core_dict_connect_retries", "Attempts after the first", metrics.retries.clone());
        registry.register(
            "core_dict_connect_breaker_state",
            "0 the directory is called, 1 one call tries, 2 the directory is left alone",
            metrics.breaker.clone(),
        );
        metrics
    }

    /// How a call ended.
    pub(super) fn ended<T>(&self, method: &'static str, result: &Result<T, DirectoryError>) {
        let outcome = match result {
            Ok(_) => "success",
            Err(DirectoryError::Refused(_)) => "refused",
            Err(DirectoryError::Unavailable { .. }) => "unavailable",
            Err(DirectoryError::Unknown) => "unknown",
            Err(DirectoryError::Broken(_)) => "broken",
        };
        self.requests.get_or_create_owned(&CallLabels { method, outcome }).inc();
    }

    /// An attempt after the first.
    pub(super) fn retried(&self) {
        self.retries.inc();
    }

    /// What the breaker lets through.
    pub(super) fn breaker(&self, state: BreakerState) {
        self.breaker.set(match state {
            BreakerState::Closed => 0,
            BreakerState::HalfOpen => 1,
            BreakerState::Open => 2,
        });
    }
}
