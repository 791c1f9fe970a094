//! What tests stand on: a real PostgreSQL and Redis of their own, a clock they set, small clients, directories that
//! clean up after themselves, fakes of the outside sources with their traps and faults. No test depends on a server
//! that somebody else started.
//!
//! Failures here end the test with a message: nothing returns an error for the test to handle.

mod clock;
mod data;
mod entropy;
mod fault;
pub mod http;
pub mod ministry;
mod postgres;
pub mod pulsar;
pub mod redis;
mod request_log;
pub mod rest_countries;
mod temp;
pub mod tls;

pub use clock::FakeClock;
pub use data::shared_data;
pub use entropy::CountingEntropy;
pub use fault::{Fault, Faults};
pub use postgres::{TestDatabase, TestServer, postgres};
pub use request_log::{Recorded, RequestLog};
pub use temp::TempDir;
