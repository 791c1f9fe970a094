//! The explorer: any group-by over the exports, with what is covered said in every answer.

mod about;
mod csv;
pub mod cuts;
mod hint;
pub mod http;
mod labels;
mod order;
mod render;
pub mod request;
mod rows;
mod scope;
mod xlsx;

#[cfg(test)]
mod file_tests;
#[cfg(test)]
mod hint_tests;
#[cfg(test)]
mod table_tests;
#[cfg(test)]
mod tests;
