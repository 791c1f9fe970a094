//! The use case: arguments in, an answer out of the cache or the source.
