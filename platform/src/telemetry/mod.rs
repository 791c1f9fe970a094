//! What the process says about itself: log lines ([`logs`]) and metrics ([`metrics`]).

pub mod logs;
pub mod metrics;
mod sink;
pub(crate) mod text;
pub mod trace;
