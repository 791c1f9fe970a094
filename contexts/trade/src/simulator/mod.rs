//! `POST /v1/simulator/destinations`: where to sell a product, and why.
//!
//! [`ranking::RankingIndex`] is built with each snapshot; a request is [`request::Request::parse`]d,
//! [`answer::simulate`]d and written by [`json::write`] or, for the command line, [`table::write`].

pub mod answer;
mod build;
pub mod estimates;
mod freight_text;
pub mod http;
pub mod json;
pub mod keep;
pub mod lookup;
pub mod number;
pub mod ranking;
mod reason;
pub mod record;
pub mod request;
pub mod table;

pub use answer::{DataLabel, NcmNotFound, Simulation, simulate};

#[cfg(test)]
mod answer_tests;
#[cfg(test)]
pub(crate) mod fixture;
#[cfg(test)]
mod freight_tests;
#[cfg(test)]
mod ranking_tests;
