//! Values and rules of the trade context. Pure: no I/O crate, no clock, no randomness.

pub mod bloc;
pub mod cargo;
pub mod code;
pub mod country;
pub mod country_name;
pub mod coverage;
pub mod fact;
pub mod reference;
pub mod region;
pub mod score;
pub mod sector;
pub mod stem;
pub mod succession;
pub mod tariff;
pub mod text;
pub mod volume;
