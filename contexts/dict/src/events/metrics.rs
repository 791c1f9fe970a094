//! What can be measured about events.

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

/// The metrics of events. Clones share them.
#[derive(Debug, Clone, Default)]
pub struct EventMetrics {
    /// Events that Pulsar confirmed.
    pub(super) published: Counter,
    /// Events that a sink did not take when it was asked; they are tried again.
    pub(super) failed: Counter,
    pub(super) backlog: Gauge,
    pub(super) oldest_seconds: Gauge,
}

impl EventMetrics {
    /// `core_dict_pulsar_events_published_total`, `core_dict_outbox_failures_total`, `core_dict_outbox_events` and
    /// `core_dict_outbox_oldest_seconds`. Once per registry.
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
        metrics
    }
}
