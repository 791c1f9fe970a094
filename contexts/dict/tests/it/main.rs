//! Integration tests of the DICT: real servers, one executable.
#![expect(clippy::unwrap_used, reason = "a test ends where its step fails")]

mod claims_life;
mod claims_lists;
mod claims_mirror;
mod claims_start;
mod claims_steps;
mod claims_walk;
mod claims_world;
mod directory;
mod directory_world;
mod entries_change;
mod entries_create;
mod entries_faults;
mod entries_gate;
mod entries_intents;
mod entries_races;
mod entries_rules;
mod entries_sealed;
mod entries_storm;
mod entries_world;
mod events;
#[cfg(feature = "pulsar")]
mod events_broker;
#[cfg(feature = "pulsar")]
mod events_consumer;
#[cfg(feature = "pulsar")]
mod events_pulsar;
mod events_status;
mod events_world;
mod http;
mod http_world;
mod jobs;
mod jobs_leader;
mod limits;
mod limits_faults;
mod lookup;
mod lookup_cache;
mod lookup_load;
mod lookup_world;
mod possession;
mod reconciliation;
mod regulator_hour;
mod simulator_claims;
mod simulator_entries;
mod simulator_journal;
mod simulator_limits;
mod simulator_model;
mod simulator_wire;
