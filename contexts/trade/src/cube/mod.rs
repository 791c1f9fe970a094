//! The cube: immutable columnar segments, one per year, and the engine that groups and sums them.

mod build;
pub mod copy_out;
mod customs;
pub mod directory;
mod error;
mod layout;
pub mod live;
mod places;
pub mod plan;
pub mod question;
mod row;
pub mod scan;
pub mod segment;
pub mod snapshot;
mod table;
mod write;

pub use error::CubeError;
pub use snapshot::Snapshot;
pub use write::{merge, write};

#[cfg(test)]
mod scan_tests;
#[cfg(test)]
pub(crate) mod segment_tests;
