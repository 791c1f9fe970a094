//! Events: what happened to keys and claims, told to others in order and at least once.
//!
//! A use case writes an event into `dict.outbox` in the transaction of what happened. The [`relay`] takes events from
//! there, hands them to its sinks, and deletes a row once every sink has confirmed. A crash in between means that an
//! event is sent again, with the same `event_id`. Events of one key leave one after the other: the next is not sent
//! before the one before it is confirmed, however many servers run. `docs/dict-events.md` is the contract.

pub mod announce;
pub mod effects;
pub mod metrics;
#[cfg(feature = "pulsar")]
pub mod pulsar;
pub mod relay;
pub mod status;

use std::fmt;

use chrono::{DateTime, Utc};

use crate::vault::Hash;

/// Every topic, without the prefix.
pub const TOPICS: [&str; 13] = [
    "entries.created",
    "entries.updated",
    "entries.deleted",
    "claims.open",
    "claims.waiting_resolution",
    "claims.confirmed",
    "claims.cancelled",
    "claims.completed",
    "portability.open",
    "portability.waiting_resolution",
    "portability.confirmed",
    "portability.cancelled",
    "portability.completed",
];

/// An event as the outbox has it. No personal data: a key is named by its hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Which key it is about: events of one key are in order.
    pub key_hash: Hash,
    /// Its place in that order; unique over all keys.
    pub event_number: i64,
    /// One of [`TOPICS`].
    pub topic: String,
    /// The event in JSON, with its `event_id`.
    pub payload: String,
    /// When it was written.
    pub created_at: DateTime<Utc>,
}

/// Why a sink did not take an event.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SinkError {
    /// It cannot be reached, or did not answer in time: no event can be sent now. Whether this one arrived is unknown.
    #[error("{0}")]
    Unreachable(String),
    /// It answers, and does not want this event.
    #[error("{0}")]
    Refused(String),
}

/// Somewhere that events go: Pulsar, or the servers of this installation.
#[tonic::async_trait]
pub trait EventSink: fmt::Debug + Send + Sync + 'static {
    /// Its name in logs.
    fn name(&self) -> &'static str;

    /// Sends events, of which no two are of one key, and says of each, in their order, whether it is kept there now.
    /// Returns within a bounded time.
    async fn publish(&self, events: &[Event]) -> Vec<Result<(), SinkError>>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_topic_is_documented() {
        let document = include_str!("../../../../docs/dict-events.md");
        for topic in TOPICS.iter().chain(&[status::STATUS_TOPIC, status::DEAD_LETTER_TOPIC]) {
            let named = document.contains(&format!("`{topic}`")) || document.contains(&format!("`<prefix>.{topic}`"));
            assert!(named, "{topic} is not in docs/dict-events.md");
        }
    }
}
