//! The way to the Central Bank's directory, and what it answers.

mod metrics;
pub mod remote;
pub mod status;
pub mod wire;

pub use self::metrics::DirectoryMetrics;

use std::fmt;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::domain::account::Account;
use crate::domain::cid::{Cid, VSync};
use crate::domain::claim::{Claim, ClaimStatus, ClaimType, Side};
use crate::domain::entry::Entry;
use crate::domain::ispb::Ispb;
use crate::domain::key::{Key, KeyType};
use crate::domain::owner::Owner;
use crate::domain::reason::{ClaimReason, EntryReason};
use crate::domain::refusal::{Refusal, RefusalKind};
use crate::domain::tax_id::TaxId;

/// Why the directory did not do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DirectoryError {
    /// It understood and refused. Nothing was changed.
    Refused(Refusal),
    /// It could not be reached, or its breaker is open. Nothing was changed.
    Unavailable {
        /// When trying again makes sense, where that is known.
        retry_after_ms: Option<u64>,
    },
    /// It did not answer in time: whether anything was changed is not known. Find out by RequestId or by reading.
    Unknown,
    /// It answered what the contract does not know; the text is for the log.
    Broken(String),
}

impl From<Refusal> for DirectoryError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<RefusalKind> for DirectoryError {
    fn from(kind: RefusalKind) -> Self {
        Self::Refused(kind.into())
    }
}

impl fmt::Display for DirectoryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(refusal) => write!(f, "the directory refused: {:?}", refusal.kind),
            Self::Unavailable { .. } => f.write_str("the directory is not available"),
            Self::Unknown => f.write_str("the directory did not answer in time"),
            Self::Broken(what) => write!(f, "the directory broke the contract: {what}"),
        }
    }
}

impl std::error::Error for DirectoryError {}

/// An entry that is to be created.
#[derive(Clone, PartialEq, Eq)]
pub struct NewEntry {
    /// The RequestId: idempotency, and the HMAC key of the CID.
    pub request_id: Uuid,
    /// The kind of key.
    pub key_type: KeyType,
    /// The key; none for EVP, which the directory makes.
    pub key: Option<Key>,
    /// Where it is to lead; its participant is the one who asks.
    pub account: Account,
    /// Whose it is to be.
    pub owner: Owner,
    /// Why.
    pub reason: EntryReason,
}

/// What of an entry is to be changed: all of it is given, changed or not.
#[derive(Clone, PartialEq, Eq)]
pub struct EntryUpdate {
    /// Which.
    pub key: Key,
    /// Where it is to lead; its participant is the one who asks.
    pub account: Account,
    /// The name it is to have.
    pub name: String,
    /// The trade name it is to have.
    pub trade_name: Option<String>,
    /// Why.
    pub reason: EntryReason,
}

/// A look-up in the directory (getEntry).
#[derive(Clone, PartialEq, Eq)]
pub struct EntryQuery {
    /// Who asks: PI-RequestingParticipant.
    pub participant: Ispb,
    /// Which key.
    pub key: Key,
    /// For whom: PI-PayerId.
    pub payer: TaxId,
    /// The EndToEndId of the payment that may follow.
    pub end_to_end_id: String,
}

/// What the directory says of a key.
#[derive(Clone, PartialEq, Eq)]
pub struct FoundEntry {
    /// The entry.
    pub entry: Entry,
    /// How long the answer may be kept (Cache-Control), in seconds.
    pub cache_max_age_seconds: u32,
}

/// A claim that is to be opened.
#[derive(Clone, PartialEq, Eq)]
pub struct NewClaim {
    /// Which kind.
    pub claim_type: ClaimType,
    /// Which key.
    pub key: Key,
    /// Who wants it.
    pub claimer: Owner,
    /// Where it is to lead; its participant is the one who asks.
    pub claimer_account: Account,
}

/// Which claims are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimFilter {
    /// As donor, as claimer, or (none) as either.
    pub side: Option<Side>,
    /// None means all.
    pub statuses: Vec<ClaimStatus>,
    /// None means both.
    pub claim_type: Option<ClaimType>,
    /// Last modified then or later.
    pub modified_after: Option<DateTime<Utc>>,
    /// Last modified then or earlier.
    pub modified_before: Option<DateTime<Utc>>,
    /// 1 to 200.
    pub limit: u32,
}

/// A page of claims, least recently modified first.
#[derive(Clone, PartialEq, Eq)]
pub struct ClaimPage {
    /// The claims.
    pub claims: Vec<Claim>,
    /// Whether there are more.
    pub more: bool,
}

/// What a completed claim says besides.
#[derive(Clone, PartialEq, Eq)]
pub struct CompletedClaim {
    /// The claim.
    pub claim: Claim,
    /// When the claimer's entry came to be.
    pub entry_created_at: DateTime<Utc>,
    /// Since when its owner has the key.
    pub key_owned_since: DateTime<Utc>,
}

/// What became of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SyncVerification {
    /// Whether both had the same.
    pub agreed: bool,
    /// When.
    pub verified_at: DateTime<Utc>,
}

/// A CID that came or went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CidEvent {
    /// Whether it came.
    pub added: bool,
    /// Which.
    pub cid: Cid,
    /// When.
    pub occurred_at: DateTime<Utc>,
}

/// The directory, asked by one participant at a time. Two live behind it: the remote one of Connect, and the simulator
/// in this process. Each call has a deadline of its own.
#[tonic::async_trait]
pub trait Directory: fmt::Debug + Send + Sync + 'static {
    /// createEntry. Repeated with the same RequestId and content, it answers the same.
    async fn create_entry(&self, entry: &NewEntry) -> Result<Entry, DirectoryError>;
    /// updateEntry.
    async fn update_entry(&self, update: &EntryUpdate) -> Result<Entry, DirectoryError>;
    /// deleteEntry. Repeated, it answers NotFound.
    async fn delete_entry(&self, participant: Ispb, key: &Key, reason: EntryReason) -> Result<(), DirectoryError>;
    /// getEntry.
    async fn get_entry(&self, query: &EntryQuery) -> Result<FoundEntry, DirectoryError>;
    /// checkKeys: whether each of up to 200 has an entry.
    async fn check_keys(&self, participant: Ispb, keys: &[Key]) -> Result<Vec<bool>, DirectoryError>;
    /// createClaim. It has no RequestId: after [`DirectoryError::Unknown`], list claims to find out.
    async fn create_claim(&self, claim: &NewClaim) -> Result<Claim, DirectoryError>;
    /// acknowledgeClaim.
    async fn acknowledge_claim(&self, participant: Ispb, id: Uuid) -> Result<Claim, DirectoryError>;
    /// confirmClaim.
    async fn confirm_claim(&self, participant: Ispb, id: Uuid, reason: ClaimReason) -> Result<Claim, DirectoryError>;
    /// cancelClaim, as one side.
    async fn cancel_claim(
        &self,
        participant: Ispb,
        id: Uuid,
        side: Side,
        reason: ClaimReason,
    ) -> Result<Claim, DirectoryError>;
    /// completeClaim; `request_id` becomes the new entry's.
    async fn complete_claim(
        &self,
        participant: Ispb,
        id: Uuid,
        request_id: Uuid,
    ) -> Result<CompletedClaim, DirectoryError>;
    /// getClaim.
    async fn get_claim(&self, participant: Ispb, id: Uuid) -> Result<Claim, DirectoryError>;
    /// listClaims.
    async fn list_claims(&self, participant: Ispb, filter: &ClaimFilter) -> Result<ClaimPage, DirectoryError>;
    /// createSyncVerification.
    async fn verify_sync(
        &self,
        participant: Ispb,
        key_type: KeyType,
        vsync: VSync,
    ) -> Result<SyncVerification, DirectoryError>;
    /// listCidSetEvents from a moment on, and whether there are more.
    async fn list_cid_events(
        &self,
        participant: Ispb,
        key_type: KeyType,
        from: DateTime<Utc>,
        limit: u32,
    ) -> Result<(Vec<CidEvent>, bool), DirectoryError>;
    /// Every CID of a key type: the CID file.
    async fn list_cids(&self, participant: Ispb, key_type: KeyType) -> Result<Vec<Cid>, DirectoryError>;
    /// getEntryByCid.
    async fn get_entry_by_cid(&self, participant: Ispb, cid: Cid) -> Result<Entry, DirectoryError>;
    /// Tells it of a payment order that followed a look-up. The real one sees the order itself; this is for the simulator.
    async fn report_payment_sent(
        &self,
        participant: Ispb,
        payer: &TaxId,
        end_to_end_id: &str,
    ) -> Result<(), DirectoryError>;
}
