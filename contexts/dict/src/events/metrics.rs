//! What can be measured about events.

use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

/// What became of a status update of Connect, or of a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EncodeLabelValue)]
pub(super) enum StatusOutcome {
    Applied,
    Duplicate,
    Retried,
    Dead,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct StatusLabels {
    outcome: StatusOutcome,
}

/// The metrics of events. Clones share them.
#[derive(Debug, Clone, Default)]
pub struct EventMetrics {
    /// Events that Pulsar confirmed.
    pub(super) published: Counter,
    /// Events that a sink did not take when it was asked; they are tried again.
    pub(super) failed: Counter,
    pub(super) backlog: Gauge,
    pub(super) oldest_seconds: Gauge,
    statuses: Family<StatusLabels, Counter>,
}

impl EventMetrics {
    /// `core_dict_pulsar_events_published_total`, `core_dict_outbox_failures_total`, `core_dict_outbox_events`,
    /// `core_dict_outbox_oldest_seconds` and `core_dict_status_updates_total{outcome}`. Once per registry.
    pub fn register(registry: &mut Registry) -> Self {
        let metrics = Self::default();
        registry.register(
            "core_dict_pulsar_events_published",
            "Events that Pulsar confirmed; one that is sent again counts again",
            metrics.published.clone(),
        );
        registry.register(
            "core_dict_outbox_failures",
            "Tries to send an event that failed; each is tried again",
            metrics.failed.clone(),
        );
        registry.register(
            "core_dict_outbox_events",
            "Events that wait in the outbox, of all servers together, counted up to a million",
            metrics.backlog.clone(),
        );
        registry.register(
            "core_dict_outbox_oldest_seconds",
            "How long the oldest event has waited in the outbox, in seconds; 0 where none waits",
            metrics.oldest_seconds.clone(),
        );
        registry.register(
            "core_dict_status_updates",
            "Status updates of Connect by what became of them; Retried counts tries that failed and are repeated",
            metrics.statuses.clone(),
        );
        for outcome in [StatusOutcome::Applied, StatusOutcome::Duplicate, StatusOutcome::Retried, StatusOutcome::Dead] {
            // They stand at zero, so that their first step is seen too.
            metrics.statuses.get_or_create(&StatusLabels { outcome }).inc_by(0);
        }
        metrics
    }

    pub(super) fn status(&self, outcome: StatusOutcome) {
        self.statuses.get_or_create(&StatusLabels { outcome }).inc();
    }
}
