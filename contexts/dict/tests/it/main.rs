//! Integration tests of DICT: real servers, one executable.
#![expect(clippy::unwrap_used, reason = "a test ends where its step fails")]

mod directory;
mod directory_world;
mod simulator_claims;
mod simulator_entries;
mod simulator_journal;
mod simulator_limits;
mod simulator_model;
mod simulator_wire;
