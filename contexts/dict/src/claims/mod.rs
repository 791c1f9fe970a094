//! Claims and portability: opened, answered and cancelled by callers; the rest is done by jobs.

pub mod code_files;
pub mod possession;
