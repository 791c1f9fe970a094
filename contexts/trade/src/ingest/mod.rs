//! Export files into the store: reading, validation, loading.

mod collect;
pub mod copy;
pub mod csv;
pub mod error;
pub mod guard;
pub mod history;
pub mod input;
pub mod layout;
pub mod load;
pub mod load_tables;
pub mod marks;
pub mod names;
pub mod number;
mod publish;
pub mod rejects;
pub mod row;
pub mod served;
mod shrink;
mod site;
pub mod source;
pub mod space;
pub mod split;
mod stage;
pub mod summary;
pub mod sync;
mod table_text;
pub mod tables;
pub mod totals;
pub mod xlsx;
mod xlsx_bounds;
mod xlsx_cell;
mod zip_member;

#[cfg(test)]
mod tests;
