//! The real binary, driven as a user drives it. One executable for all of its tests.
//!
//! Every server and command works on a data directory of its own and on free ports; what a test starts it
//! ends, by process id. Tests that only read share one server with the sample.
#![expect(clippy::unwrap_used, reason = "a test ends where its step fails")]

mod api;
mod bad_disk;
mod bad_files;
mod client;
mod commands;
mod countries;
mod dict;
#[cfg(feature = "pulsar")]
mod dict_beside;
#[cfg(feature = "pulsar")]
mod dict_crash;
#[cfg(feature = "pulsar")]
mod dict_drill;
mod dict_reflection;
mod dict_replicas;
mod dict_world;
mod external;
mod files;
mod free_use;
mod gateway_faults;
mod gateway_role;
mod gateway_setup;
mod harness;
mod identity;
mod loads;
mod model;
mod observed;
mod openapi;
mod outside;
mod scenarios;
mod shapes;
mod stops;
mod sync;
mod sync_ministry;
mod sync_traps;
mod tls;
mod up;
