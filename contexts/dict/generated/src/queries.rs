// This file was generated with `clorinde`. Do not modify.

pub mod buckets;
pub mod crypto_keys;
pub mod leases;
pub mod lookups;
pub mod consumed_messages;
pub mod crypto_keys;
pub mod leases;
pub mod outbox;
