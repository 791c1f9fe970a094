//! The explorer: any group-by over the exports, with what is covered said in every answer.

pub mod cuts;
pub mod http;
mod labels;
mod render;
pub mod request;
mod rows;
mod scope;

#[cfg(test)]
mod tests;
