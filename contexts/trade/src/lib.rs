//! Trade: official export files to exact totals, reports, a cube and ranked destinations.

pub mod cube;
pub mod domain;
pub mod explorer;
pub mod ingest;
pub mod sample;
pub mod simulator;
