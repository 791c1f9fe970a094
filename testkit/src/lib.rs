//! What tests stand on: a real PostgreSQL of their own, a clock they set, small clients, directories that
//! clean up after themselves. No test depends on a server that somebody else started.
//!
//! Failures here end the test with a message: nothing returns an error for the test to handle.

mod clock;
mod data;
mod entropy;
pub mod http;
mod postgres;
mod temp;
pub mod tls;

pub use clock::FakeClock;
pub use data::shared_data;
pub use entropy::CountingEntropy;
pub use postgres::{TestDatabase, TestServer, postgres};
pub use temp::TempDir;
