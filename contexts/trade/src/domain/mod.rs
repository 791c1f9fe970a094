//! Values and rules of the trade context. Pure: no I/O crate, no clock, no randomness.

pub mod code;
pub mod country;
pub mod coverage;
pub mod fact;
pub mod reference;
pub mod score;
pub mod sector;
pub mod succession;
pub mod text;
