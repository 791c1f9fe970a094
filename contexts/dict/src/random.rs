//! Random identifiers.

use platform::random::{Entropy, EntropyError};
use uuid::Uuid;

/// A UUID of version 4.
///
/// # Errors
/// If there is no randomness.
pub fn uuid(entropy: &dyn Entropy) -> Result<Uuid, EntropyError> {
    let mut bytes = [0; 16];
    entropy.fill(&mut bytes)?;
    Ok(uuid::Builder::from_random_bytes(bytes).into_uuid())
}
