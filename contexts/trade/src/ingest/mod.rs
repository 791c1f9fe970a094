//! Export files into the store: reading, validation, loading.

mod collect;
pub mod csv;
pub mod error;
pub mod format;
pub mod layout;
pub mod names;
pub mod number;
pub mod rejects;
pub mod row;
pub mod source;
pub mod split;
pub mod summary;
mod table_text;
pub mod tables;
pub mod totals;
pub mod xlsx;
mod xlsx_bounds;
mod xlsx_cell;

#[cfg(test)]
mod tests;
