//! What every context's OpenAPI document has in common, so that a route declares only what is its own.
//!
//! A route is declared once, with `#[utoipa::path]` and `routes!`: its answers, and the errors that are its own as
//! types of [`refusal`]. [`complete`] adds what the layers around every route answer (a credential that is refused, a
//! body that is too large, a server that is busy), who may ask (from the same [`crate::auth::Rule`]s that the guard
//! enforces), and the headers that every answer carries.

mod complete;
mod explain;
mod headers;
pub mod refusal;

pub use complete::{SECURITY_SCHEMES, complete};
pub use explain::{Explanation, explain};
pub use headers::{conditional, header, integer, spoken, text, versioned, with_headers};

#[cfg(test)]
mod tests;
