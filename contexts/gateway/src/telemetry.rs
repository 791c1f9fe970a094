//! The metrics of this context.
