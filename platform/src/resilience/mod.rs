//! What keeps a failing neighbour from becoming our failure: pauses, breakers, pace. Pure state; time and randomness
//! come in as parameters. The wrappers that threads share are thin: a mutex that is held for nanoseconds.

pub mod backoff;
pub mod breaker;
pub mod pace;
