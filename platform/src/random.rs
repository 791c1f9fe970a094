//! Where unpredictable bytes come from.

use std::fmt::{Debug, Write as _};

/// The machine gave no random bytes: nothing that must not be guessed can be made.
#[derive(Debug, thiserror::Error)]
#[error("the system gave no random bytes: {0}")]
pub struct EntropyError(String);

/// A source of bytes that nobody can guess. Whatever needs some takes one, so that a test can foretell them.
pub trait Entropy: Debug + Send + Sync + 'static {
    /// Fills `bytes`.
    ///
    /// # Errors
    /// When the source is exhausted or closed; then nothing secret may be made.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), EntropyError>;
}

/// The operating system's source.
#[derive(Debug, Clone, Copy, Default)]
pub struct OsEntropy;

impl Entropy for OsEntropy {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), EntropyError> {
        getrandom::fill(bytes).map_err(|error| EntropyError(error.to_string()))
    }
}

/// 32 bytes of `entropy` in hexadecimal: 256 bits, as a token or key that is looked up by its hash.
///
/// # Errors
/// As [`Entropy::fill`].
pub fn hex_token(entropy: &dyn Entropy) -> Result<String, EntropyError> {
    let mut bytes = [0; 32];
    entropy.fill(&mut bytes)?;
    Ok(hex(&bytes))
}

/// Bytes in lower-case hexadecimal.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        // Writing to a String cannot fail.
        write!(text, "{byte:02x}").unwrap_or_default();
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_differ_and_have_a_fixed_length() {
        let (first, second) = (hex_token(&OsEntropy).unwrap(), hex_token(&OsEntropy).unwrap());
        assert_eq!((first.len(), second.len()), (64, 64));
        assert_ne!(first, second);
        assert_eq!(hex(&[0, 10, 255]), "000aff");
    }
}
