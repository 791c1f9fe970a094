//! Three levels of cache, asked one after the other; one call to the source however many ask.
