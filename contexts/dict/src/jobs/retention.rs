//! Forgetting what is over. Claims and CIDs stay: they are the record.

use chrono::TimeDelta;

use crate::Dict;
use crate::entries::forget_requests;
use crate::failure::Failure;
use crate::store::Forgettable;

/// How long the request for a claim is kept of which nobody learnt what became.
pub const CLAIM_REQUESTS_KEPT: TimeDelta = TimeDelta::days(30);
/// How long a code is kept after it expired: longer than a proof may be used.
pub const POSSESSIONS_KEPT: TimeDelta = TimeDelta::days(1);
/// How long after a look-up a payment pays its tokens back.
pub const LOOKUPS_KEPT: TimeDelta = TimeDelta::days(2);
/// How long a message is known as dealt with: longer than a broker delivers it again.
pub const MESSAGES_KEPT: TimeDelta = TimeDelta::days(30);

/// Requests that one statement forgets.
const ROWS: i64 = 5000;

/// Forgets everything whose time is over; how many rows.
///
/// # Errors
/// When PostgreSQL cannot be reached.
pub async fn forget(dict: &Dict) -> Result<u64, Failure> {
    let now = dict.clock.now();
    let mut forgotten = 0;
    loop {
        let gone = forget_requests(dict, ROWS).await?;
        forgotten += gone;
        if gone < ROWS.unsigned_abs() {
            break;
        }
    }
    for (what, kept) in [
        (Forgettable::ClaimRequests, CLAIM_REQUESTS_KEPT),
        (Forgettable::Possessions, POSSESSIONS_KEPT),
        (Forgettable::Lookups, LOOKUPS_KEPT),
    ] {
        forgotten += dict.store.forget(what, now - kept).await?;
    }
    Ok(forgotten)
}
