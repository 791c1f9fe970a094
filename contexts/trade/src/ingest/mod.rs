//! Export files into the store: reading, validation, loading.

mod collect;
pub mod copy;
pub mod csv;
pub mod error;
pub mod guard;
pub mod input;
pub mod layout;
pub mod load;
pub mod names;
pub mod number;
mod publish;
pub mod rejects;
pub mod row;
pub mod source;
pub mod split;
mod stage;
pub mod summary;
pub mod totals;
pub mod xlsx;

#[cfg(test)]
mod tests;
