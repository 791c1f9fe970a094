//! What keeps a failing neighbour from becoming our failure: pauses, breakers, pace. Pure state; time and randomness
//! come in as parameters.
