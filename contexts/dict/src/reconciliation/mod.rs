//! Whether this base and the directory say the same (DICT API 2.6.1, tag Reconciliation; Manual Operacional do DICT, 9).

pub mod grpc;
mod intents;
mod repair;

pub use intents::settle_intents;
pub use repair::{Due, Reconciled, compare_soon, reconcile, run_due};

use chrono::{DateTime, Utc};
use tokio::sync::{Semaphore, SemaphorePermit};
use uuid::Uuid;

use crate::Dict;
use crate::caller::CallerOf;
use crate::directory::CidEvent;
use crate::domain::cid::{Cid, VSync};
use crate::domain::key::{Key, KeyType};
use crate::failure::Failure;
use crate::page_token;
use crate::store::{EntryStatus, Verification};

/// How many CID events a page has where nothing is said (DICT API 2.6.1, listCidSetEvents).
const EVENTS_DEFAULT: i64 = 100;

/// Verifiers of callers that this process makes at once: each reads the CIDs of all keys of a type. Further callers wait
/// as long as their calls may take.
static READINGS: Semaphore = Semaphore::const_new(2);
/// Comparisons with the directory that this process makes at once, those of the jobs among them.
static COMPARISONS: Semaphore = Semaphore::const_new(2);

async fn turn(turns: &'static Semaphore) -> Result<SemaphorePermit<'static>, Failure> {
    turns.acquire().await.map_err(|closed| Failure::Internal(closed.to_string()))
}

/// The verifier of a key type, as this base has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verifier {
    /// The XOR of all CIDs.
    pub vsync: VSync,
    /// Of how many keys.
    pub entries: i64,
    /// When it was last compared with the directory's; none where it never was.
    pub verification: Option<Verification>,
}

/// CIDs that came and went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventPage {
    /// Oldest first.
    pub events: Vec<CidEvent>,
    /// For what comes next; none at the end.
    pub next_page_token: Option<String>,
}

/// The content identifier of a key of the caller's institution, and the RequestId it was made with.
///
/// # Errors
/// `NotFound` where its institution has no such key, or the directory does not have it yet.
pub async fn get_cid(dict: &Dict, caller: &CallerOf, key: &Key) -> Result<(Cid, Uuid), Failure> {
    let stored = dict.store.entry(key).await?.filter(|stored| {
        stored.entry.account.participant == caller.participant && stored.status != EntryStatus::Pending
    });
    stored.map(|stored| (stored.cid, stored.entry.request_id)).ok_or(Failure::NotFound("key"))
}

/// The verifier of all keys of one type of the caller's institution.
///
/// # Errors
/// When the store cannot be reached.
pub async fn get_vsync(dict: &Dict, caller: &CallerOf, key_type: KeyType) -> Result<Verifier, Failure> {
    let _turn = turn(&READINGS).await?;
    let (vsync, entries) = dict.store.vsync(caller.participant, key_type).await?;
    let verification = dict.store.verification(caller.participant, key_type).await?;
    Ok(Verifier { vsync, entries, verification })
}

/// The CIDs of one key type that came and went in the caller's institution from `from` on.
///
/// # Errors
/// `Invalid` for a page size or token that cannot be.
pub async fn list_cid_events(
    dict: &Dict,
    caller: &CallerOf,
    (key_type, from): (KeyType, DateTime<Utc>),
    page_size: i32,
    page_token: &str,
) -> Result<EventPage, Failure> {
    let vault = &dict.store.vault;
    let start = from.timestamp_micros().to_be_bytes();
    let question: [&[u8]; 3] = [b"ListCidEvents", key_type.name().as_bytes(), &start];
    let size = page_token::page_size(page_size, EVENTS_DEFAULT)?;
    let after = match page_token::read(vault, caller, &question, page_token)? {
        None => (from, 0),
        Some(position) => {
            let number: [u8; 8] = position.id.as_slice().try_into().map_err(|_| {
                Failure::Internal("a page token of ListCidEvents was issued without an event's number".to_owned())
            })?;
            (position.at, i64::from_be_bytes(number))
        }
    };
    let mut rows = dict.store.cid_events(caller.participant, key_type, after, size + 1).await?;
    let more = rows.len() as i64 > size;
    rows.truncate(usize::try_from(size).unwrap_or_default());
    let last = rows.last().filter(|_| more);
    let next_page_token = last.map(|(_, position)| page_token::issue(vault, caller, &question, position));
    Ok(EventPage { events: rows.into_iter().map(|(event, _)| event).collect(), next_page_token })
}
