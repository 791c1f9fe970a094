//! A registered key (DICT API 2.6.1, schema ExtendedEntry).

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::account::Account;
use super::key::Key;
use super::owner::Owner;

/// A registered key and where it leads. Personal data, so it has no `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Entry {
    /// The key.
    pub key: Key,
    /// Where it leads.
    pub account: Account,
    /// Whose it is.
    pub owner: Owner,
    /// When this entry came to be.
    pub created_at: DateTime<Utc>,
    /// Since when its owner has it without interruption: kept by portability, begun anew by an ownership claim.
    pub key_owned_since: DateTime<Utc>,
    /// When its claim was opened, while one is open.
    pub open_claim_created_at: Option<DateTime<Utc>>,
    /// The RequestId it was made with: the HMAC key of its CID.
    pub request_id: Uuid,
    /// Blocked by a court (Manual Operacional do DICT, 1.1).
    pub blocked: bool,
}
