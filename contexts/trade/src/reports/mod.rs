//! The reports of the earlier service, answered from the cube with the same numbers as `rpt.mv_*`.

pub mod http;
pub mod totals;

#[cfg(test)]
mod tests;
