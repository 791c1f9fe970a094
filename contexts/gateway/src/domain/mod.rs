//! Values and rules of the gateway: connectors as they are checked, calls as they are asked, answers as they are kept.
//! No I/O, no clock, no randomness.

pub mod connector;
pub mod entry;
pub mod mapping;
pub mod parameter;
pub mod template;
