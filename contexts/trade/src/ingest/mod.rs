//! Export files into the store: reading, validation, loading.

mod collect;
pub mod csv;
pub mod error;
pub mod layout;
pub mod names;
pub mod number;
pub mod rejects;
pub mod row;
pub mod source;
pub mod split;
pub mod summary;

#[cfg(test)]
mod tests;
