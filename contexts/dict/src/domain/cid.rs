//! Content identifiers and their XOR, by which two bases are compared (DICT API 2.6.1, tag Reconciliation; Manual
//! Operacional do DICT, section 9).

/// The content identifier of an entry: HMAC-SHA256 of its attributes under its RequestId.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cid(pub [u8; 32]);

/// The verifier of a set of entries: the XOR of their identifiers; zeros for none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct VSync(pub [u8; 32]);
