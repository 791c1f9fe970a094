// This file was generated with `clorinde`. Do not modify.

pub mod crypto_keys;
pub mod leases;
pub mod possessions;
