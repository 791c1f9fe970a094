//! The store, the loads and what is answered from them, against a real PostgreSQL. One executable for all.
#![expect(clippy::unwrap_used, reason = "a test ends where its step fails")]

mod access;
mod concurrent;
mod countries;
mod failures;
mod free_use;
mod guards;
mod history;
mod load;
mod names;
mod real_data;
mod saved;
mod slices;
mod store_world;
mod succession;
mod swap;
mod sync;
mod sync_faults;
mod sync_world;
mod tables;
mod upgrade;
