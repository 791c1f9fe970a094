//! Reservations: settled with the directory, at once or later, by whoever asks again or by a job.

use chrono::{SubsecRound as _, TimeDelta};
use futures_util::StreamExt as _;

use super::create::{Creation, Reserved, made_entry, reserve};
use super::now;
use super::record::{Wish, seal_answer, stored};
use crate::Dict;
use crate::directory::DirectoryError;
use crate::domain::cid::Cid;
use crate::domain::entry::Entry;
use crate::domain::refusal::RefusalKind;
use crate::failure::Failure;
use crate::store::entries::seal_entry;
use crate::store::{Activation, PendingKey, PendingRequest, Reservation};

/// How long a request is left to the call that made it: longer than the directory may take, its repetitions included.
const UNTOUCHED: TimeDelta = TimeDelta::seconds(30);
/// How many requests a job asks the directory about at the same moment.
const AT_ONCE: usize = 8;
/// How long answers are kept for who asks again. After that a repetition is seen by the entry, as long as there is one.
const ANSWERS_LAST: TimeDelta = TimeDelta::days(30);

/// What became of requests that nobody waited for any more.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Resolved {
    /// The directory has them: they are entries now.
    pub registered: u64,
    /// The directory refused them: what was reserved is free again.
    pub released: u64,
    /// The directory still did not say, or something else went wrong.
    pub pending: u64,
}

/// Asks the directory again about at most `limit` requests that were left PENDING: same RequestId, same content. Without
/// a directory nobody knows what became of them, and they stay.
///
/// # Errors
/// When the store cannot be reached.
pub async fn resolve_pending(dict: &Dict, limit: i64) -> Result<Resolved, Failure> {
    let mut resolved = Resolved::default();
    if dict.directory.is_none() {
        return Ok(resolved);
    }
    let moment = now(dict);
    let taken = dict.store.take_pending_requests(moment - UNTOUCHED, limit, moment).await?;
    let mut outcomes =
        futures_util::stream::iter(taken.into_iter().map(|it| resolve(dict, it))).buffer_unordered(AT_ONCE);
    while let Some(outcome) = outcomes.next().await {
        match outcome {
            Ok(Creation::Registered(_)) => resolved.registered += 1,
            Ok(Creation::Pending(_)) => resolved.pending += 1,
            Err(Failure::Refused(_)) => resolved.released += 1,
            Err(error) => {
                tracing::error!(%error, "a pending request could not be settled and is tried again later");
                resolved.pending += 1;
            }
        }
    }
    Ok(resolved)
}

async fn resolve(dict: &Dict, request: PendingRequest) -> Result<Creation, Failure> {
    let wish = Wish::open(dict, request.participant, request.request_id, &request.request)?;
    settle(dict, wish, false).await
}

/// Forgets at most `limit` answers that are older than thirty days; how many.
///
/// # Errors
/// When the store cannot be reached.
pub async fn forget_requests(dict: &Dict, limit: i64) -> Result<u64, Failure> {
    Ok(dict.store.forget_requests(now(dict) - ANSWERS_LAST, limit).await?)
}

/// What the directory's error says of a creation.
enum Meaning {
    /// It will never have it under this RequestId.
    Refused,
    /// This call changed nothing; what an earlier one did is not known.
    NotNow,
    /// Nobody knows.
    Unknown,
}

fn meaning(error: &DirectoryError) -> Meaning {
    use RefusalKind::{
        Forbidden, InternalServerError, ParticipantInvalid, RateLimited, RequestSignatureInvalid, ResourceConflict,
        ServiceUnavailable,
    };
    match error {
        DirectoryError::Unavailable { .. } => Meaning::NotNow,
        DirectoryError::Refused(refusal) => match refusal.kind {
            RateLimited | ServiceUnavailable | ResourceConflict => Meaning::NotNow,
            InternalServerError => Meaning::Unknown,
            // Of who asks, and not of the entry: an earlier call may have been carried out.
            Forbidden | ParticipantInvalid | RequestSignatureInvalid => Meaning::NotNow,
            _ => Meaning::Refused,
        },
        DirectoryError::Unknown | DirectoryError::Broken(_) => Meaning::Unknown,
    }
}

/// Asks the directory for what is reserved, and does here what it says. `fresh`: nobody asked before this call.
pub(super) async fn settle(dict: &Dict, wish: Wish, fresh: bool) -> Result<Creation, Failure> {
    let Some(directory) = &dict.directory else { return Ok(Creation::Pending(wish.new)) };
    let error = match directory.create_entry(&wish.new).await {
        Ok(entry) => return activate(dict, wish, entry).await,
        Err(error) => error,
    };
    match meaning(&error) {
        Meaning::Refused => {
            dict.store.release_key(&reservation(dict, &wish), false).await?;
            Err(error.into())
        }
        Meaning::NotNow if fresh && dict.store.release_key(&reservation(dict, &wish), true).await? => Err(error.into()),
        Meaning::NotNow => left_pending(dict, wish).await,
        Meaning::Unknown => {
            tracing::warn!(%error, request_id = %wish.new.request_id, "a key stays pending until the directory is asked again");
            left_pending(dict, wish).await
        }
    }
}

/// Shows what was asked for, where it has a name already.
async fn left_pending(dict: &Dict, wish: Wish) -> Result<Creation, Failure> {
    if let Some(key) = &wish.new.key {
        let entry = made_entry(&wish.new, key.clone(), now(dict));
        let vault = &dict.store.vault;
        let key_hash = vault.key_hash(key);
        let pending = PendingKey {
            participant: entry.account.participant,
            request_id: entry.request_id,
            key_hash,
            key_type: key.key_type(),
            account_hash: vault.account_hash(&entry.account),
            owner_hash: vault.owner_hash(&entry.owner.tax_id),
            cid: Cid::of(&entry),
            entry: seal_entry(vault, &*dict.entropy, &key_hash, &entry)?,
            now: entry.created_at,
        };
        dict.store.keep_pending(&pending).await?;
    }
    Ok(Creation::Pending(wish.new))
}

fn reservation(dict: &Dict, wish: &Wish) -> Reservation {
    Reservation {
        participant: wish.new.account.participant,
        request_id: wish.new.request_id,
        key_hash: wish.new.key.as_ref().map(|key| dict.store.vault.key_hash(key)),
        account_hash: dict.store.vault.account_hash(&wish.new.account),
        possession_id: wish.possession_id,
    }
}

/// The directory has it: so does this base.
async fn activate(dict: &Dict, wish: Wish, mut entry: Entry) -> Result<Creation, Failure> {
    entry.created_at = entry.created_at.trunc_subsecs(6);
    entry.key_owned_since = entry.key_owned_since.trunc_subsecs(6);
    let asked = (wish.new.request_id, wish.new.key_type, wish.new.account.participant);
    let answered = (entry.request_id, entry.key.key_type(), entry.account.participant);
    if asked != answered || wish.new.key.as_ref().is_some_and(|key| *key != entry.key) {
        let request_id = wish.new.request_id;
        tracing::error!(%request_id, "the directory answered with another entry than it was asked for");
        return left_pending(dict, wish).await;
    }
    let activation = activation(dict, &entry)?;
    if dict.store.activate_key(activation.clone()).await? {
        return Ok(Creation::Registered(stored(entry)));
    }
    // PostgreSQL crashed and forgot the reservation, or another call gave it back: it is made anew.
    match reserve(dict, &wish).await? {
        Reserved::Answered(stored) => return Ok(Creation::Registered(*stored)),
        Reserved::Fresh | Reserved::UnderWay => {}
    }
    if dict.store.activate_key(activation).await? {
        return Ok(Creation::Registered(stored(entry)));
    }
    left_pending(dict, wish).await
}

fn activation(dict: &Dict, entry: &Entry) -> Result<Activation, Failure> {
    let vault = &dict.store.vault;
    let key_hash = vault.key_hash(&entry.key);
    let stored = stored(entry.clone());
    Ok(Activation {
        participant: entry.account.participant,
        request_id: entry.request_id,
        answer: seal_answer(dict, entry)?,
        key_hash,
        key_type: entry.key.key_type(),
        account_hash: vault.account_hash(&entry.account),
        owner_hash: vault.owner_hash(&entry.owner.tax_id),
        status: stored.status,
        cid: stored.cid,
        entry: seal_entry(vault, &*dict.entropy, &key_hash, entry)?,
        created_at: entry.created_at,
        key_owned_since: entry.key_owned_since,
        now: now(dict),
    })
}
