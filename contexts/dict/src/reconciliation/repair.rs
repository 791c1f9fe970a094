//! Comparing with the directory, and following it where the two differ: what only it has is inserted here, what only this
//! base has is removed here, what differs is overwritten here.
//!
//! Keys are made and removed while this runs. Each difference is therefore looked at again, in the directory and in the
//! row, before anything is done about it.

use chrono::TimeDelta;
use futures_util::StreamExt as _;

use super::{COMPARISONS, turn};
use crate::Dict;
use crate::directory::{Directory, DirectoryError};
use crate::domain::cid::{Cid, VSync};
use crate::domain::entry::Entry;
use crate::domain::ispb::Ispb;
use crate::domain::key::KeyType;
use crate::domain::refusal::{Refusal, RefusalKind};
use crate::entries::{as_kept, now};
use crate::failure::Failure;
use crate::store::{Put, Verification};

/// How often a key type is compared: well within the 36 hours that are allowed, so that an outage fits between.
const VERIFY_EVERY: TimeDelta = TimeDelta::hours(24);
/// When one that did not agree, repair included, is compared again.
const VERIFY_AGAIN_AFTER: TimeDelta = TimeDelta::minutes(15);
/// How often a comparison and its repair are done in one go: what came up during the first is done in the second.
const ROUNDS: usize = 2;
/// The most differences of each kind that one round repairs; the rest is the next one's.
const REPAIRS_MAX: usize = 10_000;
/// How many CIDs are read from the store at a time.
const CIDS_AT_ONCE: i64 = 10_000;
/// How many questions the directory has at the same moment.
const QUESTIONS_AT_ONCE: usize = 8;

/// What a comparison found and did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reconciled {
    /// Whether both had the same before anything was done.
    pub agreed: bool,
    /// Whether they have the same now.
    pub repaired: bool,
    /// How many keys only the directory had.
    pub inserted: u64,
    /// How many keys only this base had.
    pub removed: u64,
    /// How many keys were different.
    pub overwritten: u64,
    /// The verifier as it is now.
    pub vsync: VSync,
}

/// What a job compared.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Due {
    /// Pairs of participant and key type that were compared.
    pub compared: u64,
    /// Of these: such as did not agree at first.
    pub disagreed: u64,
    /// Pairs that could not be compared, or not be repaired.
    pub failed: u64,
}

/// Compares each participant's key types that have not been compared for a day, and repairs them.
///
/// # Errors
/// When the store cannot be reached. What the directory does not answer is counted and left for the next time.
pub async fn run_due(dict: &Dict) -> Result<Due, Failure> {
    let mut due = Due::default();
    if dict.directory.is_none() {
        return Ok(due);
    }
    for &participant in &dict.participants {
        for key_type in KeyType::ALL {
            let last = dict.store.verification(participant, key_type).await?;
            if last.is_some_and(|last| now(dict) < last.at + if last.ok { VERIFY_EVERY } else { VERIFY_AGAIN_AFTER }) {
                continue;
            }
            match reconcile(dict, participant, key_type).await {
                Ok(done) => {
                    due.compared += 1;
                    due.disagreed += u64::from(!done.agreed);
                    due.failed += u64::from(!done.repaired);
                }
                Err(error) => {
                    tracing::error!(%participant, key_type = key_type.name(), %error, "keys could not be compared with the directory");
                    due.failed += 1;
                }
            }
        }
    }
    Ok(due)
}

/// Has [`run_due`] compare everything when it runs next.
///
/// # Errors
/// When the store cannot be reached.
pub async fn compare_soon(dict: &Dict) -> Result<(), Failure> {
    let long_ago = now(dict) - VERIFY_EVERY;
    Ok(dict.store.verify_again(&dict.participants, long_ago).await?)
}

/// Compares one key type with the directory and repairs it here. Without a directory there is nothing to differ from.
///
/// # Errors
/// What the directory refuses; `Unavailable` where it cannot be reached. What was repaired until then stays so.
pub async fn reconcile(dict: &Dict, participant: Ispb, key_type: KeyType) -> Result<Reconciled, Failure> {
    let _turn = turn(&COMPARISONS).await?;
    let (vsync, _) = dict.store.vsync(participant, key_type).await?;
    let mut done = Reconciled { agreed: true, repaired: true, vsync, ..Reconciled::default() };
    let Some(directory) = &dict.directory else { return Ok(done) };
    done.agreed = directory.verify_sync(participant, key_type, vsync).await?.agreed;
    done.repaired = done.agreed;
    let pair = Pair { dict, directory: &**directory, participant, key_type };
    for _ in 0..ROUNDS {
        if done.repaired {
            break;
        }
        done.repaired = pair.repair(&mut done).await?;
        done.vsync = dict.store.vsync(participant, key_type).await?.0;
        done.repaired |= directory.verify_sync(participant, key_type, done.vsync).await?.agreed;
    }
    let Reconciled { agreed, repaired, inserted, removed, overwritten, .. } = done;
    if !agreed {
        let key_type = key_type.name();
        tracing::warn!(%participant, key_type, repaired, inserted, removed, overwritten, "keys differed from the directory");
    }
    dict.store.record_verification(participant, key_type, Verification { at: now(dict), ok: repaired }).await?;
    Ok(done)
}

/// What is compared.
pub(super) struct Pair<'a> {
    pub dict: &'a Dict,
    pub directory: &'a dyn Directory,
    pub participant: Ispb,
    pub key_type: KeyType,
}

/// CIDs that one side has.
#[derive(Default)]
struct Difference {
    there: Vec<Cid>,
    here: Vec<Cid>,
}

impl Pair<'_> {
    /// One round; whether there was no difference at all. A verifier may differ for no more than a key that was on its
    /// way when it was computed.
    async fn repair(&self, done: &mut Reconciled) -> Result<bool, Failure> {
        let difference = self.difference().await?;
        let mut touched = 0_u64;
        let mut entries = futures_util::stream::iter(difference.there.iter().copied().map(|cid| self.there(cid)))
            .buffer_unordered(QUESTIONS_AT_ONCE);
        while let Some(found) = entries.next().await {
            let Some(entry) = found? else { continue };
            // What was read from the directory a moment ago may be older than what stands here since.
            // Another institution's row goes whatever its CID: the directory gave the key away.
            let stands = self.dict.store.entry(&entry.key).await?;
            let own = stands.filter(|it| it.entry.account.participant == self.participant);
            let expected = own.map(|it| it.cid);
            let put = self.dict.store.put_entry(&*self.dict.entropy, &entry, expected, None, now(self.dict)).await?;
            match put {
                Put::Inserted => done.inserted += 1,
                Put::Overwritten => done.overwritten += 1,
                Put::Same | Put::MovedOn | Put::Full => {}
            }
            touched += 1;
        }
        for cids in difference.here.chunks(usize::try_from(CIDS_AT_ONCE).unwrap_or_default()) {
            // Of what was overwritten a moment ago the old CID is no longer here.
            let rows = self.dict.store.keys_of_cids(self.participant, self.key_type, cids).await?;
            let questions = rows.into_iter().map(|row| async move { (row, self.there(row.0).await) });
            let mut answers = futures_util::stream::iter(questions).buffer_unordered(QUESTIONS_AT_ONCE);
            while let Some(((cid, key_hash), found)) = answers.next().await {
                if found?.is_some() {
                    continue;
                }
                let of = (&key_hash, cid);
                let removed = self.dict.store.remove_entry(self.participant, of, false, now(self.dict)).await?;
                done.removed += u64::from(removed);
                touched += 1;
            }
        }
        Ok(touched == 0)
    }

    /// The directory's entry of a CID, if it has it now.
    pub(super) async fn there(&self, cid: Cid) -> Result<Option<Entry>, Failure> {
        match self.directory.get_entry_by_cid(self.participant, cid).await {
            Ok(mut entry) if entry.account.participant == self.participant && entry.key.key_type() == self.key_type => {
                as_kept(&mut entry);
                Ok(Some(entry))
            }
            Ok(_) => Err(Failure::Internal("the directory named a CID of another participant or key type".to_owned())),
            Err(DirectoryError::Refused(Refusal { kind: RefusalKind::NotFound, .. })) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// What one of the two lists has and the other has not. The directory's is in memory, 32 bytes a key; ours is read
    /// beside it page by page.
    async fn difference(&self) -> Result<Difference, Failure> {
        let mut theirs = self.directory.list_cids(self.participant, self.key_type).await?;
        // Of millions it takes a second, in which nobody else would be answered.
        let sorted = tokio::task::spawn_blocking(move || {
            theirs.sort_unstable();
            theirs
        });
        let sorted = sorted.await.map_err(|error| Failure::Internal(format!("CIDs were not sorted: {error}")))?;
        let mut theirs = sorted.into_iter().peekable();
        let mut difference = Difference::default();
        let mut after = None;
        loop {
            let ours = self.dict.store.cids_after(self.participant, self.key_type, after, CIDS_AT_ONCE).await?;
            after = ours.last().copied().or(after);
            let last_page = (ours.len() as i64) < CIDS_AT_ONCE;
            for cid in ours {
                while let Some(theirs) = theirs.next_if(|theirs| *theirs < cid) {
                    difference.there.push(theirs);
                }
                if theirs.next_if_eq(&cid).is_none() {
                    difference.here.push(cid);
                }
            }
            if last_page {
                difference.there.extend(theirs.by_ref().take(REPAIRS_MAX));
            }
            let enough = difference.there.len().max(difference.here.len()) >= REPAIRS_MAX;
            if last_page || enough {
                difference.there.truncate(REPAIRS_MAX);
                difference.here.truncate(REPAIRS_MAX);
                return Ok(difference);
            }
        }
    }
}
