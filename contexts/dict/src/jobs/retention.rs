//! Forgetting what is over. Claims and CIDs stay: they are the record.

use chrono::TimeDelta;

use crate::failure::Failure;
use crate::store::Forgettable;
use crate::{Dict, entries, lookup};

/// How long the request for a claim is kept of which nobody learnt what became.
pub const CLAIM_REQUESTS_KEPT: TimeDelta = TimeDelta::days(30);
/// How long a change is asked after: longer than from one comparison to the next, which finds what it left behind.
pub const CHANGE_INTENTS_KEPT: TimeDelta = TimeDelta::days(2);
/// How long a code is kept after it expired: longer than a proof may be used.
pub const POSSESSIONS_KEPT: TimeDelta = TimeDelta::days(1);
/// How long a message is known as dealt with: longer than a broker delivers it again.
pub const MESSAGES_KEPT: TimeDelta = TimeDelta::days(30);

/// Requests that one statement forgets.
const ROWS: i64 = 5000;

/// Forgets everything whose time is over; how many rows.
///
/// # Errors
/// When PostgreSQL cannot be reached.
pub async fn forget(dict: &Dict) -> Result<u64, Failure> {
    let (store, now) = (&dict.store, dict.clock.now());
    let mut forgotten = store.forget(Forgettable::ClaimRequests, now - CLAIM_REQUESTS_KEPT).await?;
    forgotten += store.forget(Forgettable::ChangeIntents, now - CHANGE_INTENTS_KEPT).await?;
    forgotten += store.forget(Forgettable::Possessions, now - POSSESSIONS_KEPT).await?;
    forgotten += rows(store.forget_consumed(now - MESSAGES_KEPT).await?);
    // Of these one call forgets some thousands at most.
    loop {
        let gone = entries::forget_requests(dict, ROWS).await? + rows(lookup::forget(store, now).await?);
        if gone == 0 {
            return Ok(forgotten);
        }
        forgotten += gone;
    }
}

fn rows(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
