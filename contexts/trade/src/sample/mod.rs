//! A deterministic data set in the official layout, for trying the product without the real files.
