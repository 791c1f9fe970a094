// This file was generated with `clorinde`. Do not modify.

pub mod buckets;
pub mod change_intents;
pub mod claims;
pub mod consumed_messages;
pub mod crypto_keys;
pub mod entries;
pub mod leases;
pub mod lookups;
pub mod outbox;
pub mod possessions;
pub mod reconciliation;
pub mod requests;
pub mod reseal;
pub mod retention;
