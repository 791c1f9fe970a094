//! Integration tests of the DICT: real stores, one executable.
#![expect(clippy::unwrap_used, reason = "a test ends where its step fails")]

mod entries_change;
mod entries_create;
mod entries_faults;
mod entries_gate;
mod entries_races;
mod entries_rules;
mod entries_sealed;
mod entries_world;
mod limits;
mod limits_faults;
mod lookup;
mod lookup_cache;
mod lookup_load;
mod lookup_world;
mod reconciliation;
