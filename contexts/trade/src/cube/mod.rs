//! The cube: immutable columnar segments, one per year, and the engine that groups and sums them.

mod build;
pub mod copy_out;
pub mod directory;
mod error;
pub mod segment;
mod table;
mod write;

pub use error::CubeError;
pub use write::{merge, write};

#[cfg(test)]
mod segment_tests;
