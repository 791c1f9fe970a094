//! The cube: immutable columnar segments, one per year, and the engine that groups and sums them.

mod build;
mod error;
pub mod segment;
mod table;
mod write;

pub use error::CubeError;

#[cfg(test)]
mod segment_tests;
