//! The explorer: any group-by over the exports, with what is covered said in every answer.

mod about;
mod csv;
pub mod cuts;
mod growth;
mod hint;
pub mod http;
mod key_index;
mod labels;
mod order;
mod places;
mod render;
pub mod request;
mod rows;
mod scope;
mod xlsx;

#[cfg(test)]
mod dimension_tests;
#[cfg(test)]
mod file_tests;
#[cfg(test)]
mod hint_tests;
#[cfg(test)]
mod table_tests;
#[cfg(test)]
mod tests;
