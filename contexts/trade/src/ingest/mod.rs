//! From files to facts: reading, validating, loading.
