//! Trade: official export files to exact totals, reports, a cube and ranked destinations.

pub mod domain;
