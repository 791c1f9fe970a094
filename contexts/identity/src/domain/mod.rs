//! The rules of identity: pure values, no clock, no randomness, no I/O.

pub mod claims;
pub mod email;
pub mod lifetime;
pub mod lock_out;
pub mod password;
pub mod text;
