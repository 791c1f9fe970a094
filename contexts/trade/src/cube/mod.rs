//! The columnar snapshot that answers come from.
