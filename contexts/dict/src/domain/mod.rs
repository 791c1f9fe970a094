//! Pure rules of keys, claims and reconciliation: no I/O, no clock, no randomness; they come in as parameters.

pub mod account;
pub mod bucket;
pub mod cid;
pub mod claim;
pub mod end_to_end_id;
pub mod entry;
pub mod ispb;
pub mod key;
pub mod owner;
pub mod reason;
pub mod refusal;
pub mod statistics;
pub mod tax_id;

#[cfg(test)]
#[path = "fixture_tests.rs"]
mod fixture;
