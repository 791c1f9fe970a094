//! `POST /v1/simulator/destinations`: where to sell a product, and why.

mod build;
pub mod lookup;
pub mod ranking;
pub mod estimates;
pub mod number;
