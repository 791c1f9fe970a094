//! Products that a user keeps at hand.

pub mod http;
mod store;

pub use store::{PRODUCTS_MAX, SavedProduct};
