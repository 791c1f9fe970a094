//! Integration tests of DICT: real servers, one executable.
#![expect(clippy::unwrap_used, reason = "a test ends where its step fails")]

mod events;
#[cfg(feature = "pulsar")]
mod events_broker;
#[cfg(feature = "pulsar")]
mod events_consumer;
#[cfg(feature = "pulsar")]
mod events_pulsar;
mod events_status;
mod events_world;
