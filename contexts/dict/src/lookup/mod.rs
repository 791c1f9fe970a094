//! Look-ups: whose a key is, from the own base, and else from the directory (Manual Operacional do DICT, section 8).
//!
//! The own base comes first and costs no tokens. A display look-up that it answers needs neither payer nor payment; one that
//! must go to the directory needs both, as that one asks for them for every kind of key, and is refused without them
//! before anything is charged. A key that is only reserved is not found. What another institution of this installation has
//! is the directory's to say, unless there is none: then this base is all there is.
//!
//! The existence cache of section 16 of the manual is left out: it is optional, and a look-up would still go to the
//! directory for whose the key is.

pub mod answer;
mod ask;
pub mod cache;
pub mod grpc;
mod metrics;
pub mod own_base;
mod payment;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use tokio_util::task::TaskTracker;

pub use answer::{Found, Lookup, PaymentDetails, Purpose};
pub use metrics::LookupMetrics;
pub use payment::report_payment_sent;

use self::answer::Known;
use self::ask::Question;
use self::cache::DirectoryCache;
use self::metrics::Source;
use self::own_base::{OwnBase, OwnRow};
use crate::Dict;
use crate::caller::CallerOf;
use crate::domain::entry::Entry;
use crate::domain::key::Key;
use crate::domain::refusal::RefusalKind;
use crate::entries;
use crate::failure::Failure;
use crate::limits::antiscan::Antiscan;
use crate::limits::rate::{Rate, TooOften};
use crate::store::{EntryStatus, Store, StoreError};
use crate::vault::Hash;

/// What a key is called where there is none.
const KEY: &str = "key";
/// The directory wants them for every kind of key (DICT API 2.6.1, getEntry).
const NOT_OWN_BASE: &str = "it is required: the key is not of the own base, and the directory asks for it";

/// How often the own base may be asked, in this process, so that nobody reads it through (Manual Operacional do DICT,
/// 13.2.2, for what the directory does not see).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OwnBaseRates {
    /// By one institution, a second.
    pub institution_per_second: u32,
    /// For one payer, a second, in the long run.
    pub payer_per_second: u32,
    /// For one payer, at once.
    pub payer_burst: u32,
}

impl Default for OwnBaseRates {
    /// Twice what this product is measured by, and for one payer what the directory gives a legal person at once.
    fn default() -> Self {
        Self { institution_per_second: 20_000, payer_per_second: 10, payer_burst: 1_000 }
    }
}

/// What look-ups are made of.
#[derive(Debug)]
pub struct LookupParts {
    /// Reads the own base.
    pub own_base: OwnBase,
    /// How often it may be asked.
    pub own_base_rates: OwnBaseRates,
    /// Lets look-ups through to the directory.
    pub antiscan: Antiscan,
    /// Counts.
    pub metrics: LookupMetrics,
    /// Where questions to the directory are asked; a stop waits for them.
    pub tasks: TaskTracker,
}

/// What look-ups work with besides [`Dict`]. Clones share it.
#[derive(Debug, Clone)]
pub struct Lookups(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    own_base: OwnBase,
    institutions: Rate,
    payers: Rate,
    antiscan: Antiscan,
    cache: DirectoryCache,
    metrics: LookupMetrics,
    tasks: TaskTracker,
}

impl Lookups {
    /// From its parts.
    #[must_use]
    pub fn new(parts: LookupParts) -> Self {
        let LookupParts { own_base, own_base_rates, antiscan, metrics, tasks } = parts;
        let OwnBaseRates { institution_per_second, payer_per_second, payer_burst } = own_base_rates;
        Self(Arc::new(Inner {
            own_base,
            institutions: Rate::new(institution_per_second, institution_per_second),
            payers: Rate::new(payer_per_second, payer_burst),
            antiscan,
            cache: DirectoryCache::default(),
            metrics,
            tasks,
        }))
    }

    /// Gives back the tokens that were taken ahead: for the end, when nobody looks anything up any more. What is not
    /// given back is by itself when the blocks' holds end.
    pub async fn close(&self) {
        self.0.antiscan.return_blocks().await;
    }

    /// Forgets what the directory said of a key: it changed. Events call this.
    pub fn invalidate(&self, key_hash: &Hash) {
        self.0.cache.invalidate(key_hash);
    }

    /// Forgets all that the directory said: events may have passed unheard.
    pub fn invalidate_all(&self) {
        self.0.cache.invalidate_all();
    }

    /// The buckets, to be looked at and to be returned at a stop ([`Antiscan::return_blocks`]).
    #[must_use]
    pub fn antiscan(&self) -> &Antiscan {
        &self.0.antiscan
    }
}

/// Whose a key is, as far as the purpose allows to say.
///
/// # Errors
/// `MissingScope` for a purpose that the token does not allow; `Invalid` for a payer or payment that is needed; `Quota`
/// where a limit is reached; `EntryBlocked` for a key that a court blocked; `NotFound`; what the directory refuses.
pub async fn lookup_key(dict: &Dict, lookups: &Lookups, caller: &CallerOf, lookup: Lookup) -> Result<Found, Failure> {
    let Lookup { key, purpose, payer, end_to_end_id } = lookup;
    if !caller.may(purpose.scope()) {
        return Err(Failure::MissingScope(purpose.scope()));
    }
    let (payer, end_to_end_id) = match purpose {
        Purpose::Display => (payer, end_to_end_id),
        Purpose::Payment => {
            let (payer, id) = ask::payment_of(payer, end_to_end_id, "it is required for a payment")?;
            (Some(payer), Some(id))
        }
    };
    let inner = &*lookups.0;
    inner.institutions.take(caller.participant).map_err(|too| own_base_limit("OWN_BASE_INSTITUTION", too))?;
    if let Some(payer) = &payer {
        inner.payers.take((caller.participant, payer)).map_err(|too| own_base_limit("OWN_BASE_PAYER", too))?;
    }
    let participant = caller.participant;
    let key_hash = dict.store.vault.key_hash(&key);
    if let Some(row) = inner.own_base.read(key_hash).await?
        && (row.participant == participant || dict.directory.is_none())
    {
        let known = own_entry(dict, &key, &row).await;
        inner.metrics.answered(Source::OwnBase, own_outcome(&known));
        return Ok(known?.answer(key, purpose, row.participant == participant));
    }
    let Some(directory) = &dict.directory else {
        inner.metrics.answered(Source::OwnBase, "not_found");
        return Err(Failure::NotFound(KEY));
    };
    let (payer, end_to_end_id) = ask::payment_of(payer, end_to_end_id, NOT_OWN_BASE)?;
    let cached = inner.cache.get(&key_hash, dict.clock.now());
    // The asker's own key is no longer its own base's: only the directory can say what became of it.
    let cached = cached.filter(|entry| entry.account.participant != participant);
    inner.metrics.cached(cached.is_some());
    if let Some(entry) = cached {
        inner.metrics.answered(Source::Cache, "found");
        return Ok(Known::from(&*entry).answer(key, purpose, false));
    }
    let question = Question { participant, key: key.clone(), key_hash, payer, end_to_end_id };
    Ok(ask::ask(dict, lookups, directory, question).await?.answer(key, purpose, false))
}

/// What the own base says. Of a key that a court blocked the directory is asked whether it still is.
async fn own_entry(dict: &Dict, key: &Key, row: &OwnRow) -> Result<Known, Failure> {
    match row.status {
        EntryStatus::Active => {
            let (account, owner) = row.open(&dict.store.vault)?;
            Ok(Known { account, owner, created_at: row.created_at, key_owned_since: row.key_owned_since })
        }
        EntryStatus::Pending => Err(Failure::NotFound(KEY)),
        // Rare, and boxed: what it needs would make every look-up four times as large.
        EntryStatus::Blocked => Box::pin(blocked_entry(dict, key)).await,
    }
}

async fn blocked_entry(dict: &Dict, key: &Key) -> Result<Known, Failure> {
    let stored = dict.store.entry(key).await?.ok_or(Failure::NotFound(KEY))?;
    let stored = entries::refreshed_block(dict, stored).await?;
    match stored.status {
        EntryStatus::Active => Ok(Known::from(&stored.entry)),
        _ => Err(RefusalKind::EntryBlocked.into()),
    }
}

fn own_outcome(known: &Result<Known, Failure>) -> &'static str {
    match known {
        Ok(_) => "found",
        Err(Failure::NotFound(_)) => "not_found",
        Err(Failure::Refused(_)) => "refused",
        Err(_) => "failed",
    }
}

impl From<&Entry> for Known {
    fn from(entry: &Entry) -> Self {
        let Entry { account, owner, created_at, key_owned_since, .. } = entry;
        let (account, owner) = (account.clone(), owner.clone());
        Self { account, owner, created_at: *created_at, key_owned_since: *key_owned_since }
    }
}

fn own_base_limit(limit: &str, too_often: TooOften) -> Failure {
    Failure::Quota { limit: limit.to_owned(), retry_after_ms: too_often.retry_after_ms }
}

/// Deletes what look-ups left behind: full buckets, and look-ups that no payment can follow any more. A job calls it once
/// an hour or so; one call deletes some thousands of each at most, and says how many.
///
/// # Errors
/// When PostgreSQL cannot be reached.
pub async fn forget(store: &Store, now: DateTime<Utc>) -> Result<usize, StoreError> {
    Ok(store.forget_buckets(now).await? + store.forget_lookups(now).await?)
}
