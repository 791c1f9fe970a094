//! The simulator's free day: so many uses a subject, counted exactly by PostgreSQL.
//!
//! A use is taken before the answer is written and given back when none comes: [`FreeUse::reserve`]
//! returns a [`Held`] that gives it back unless it was [kept](Held::keep).

pub mod http;
mod request;
mod store;
mod subject;

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use platform::auth::{Caller, Tier};
use tokio::runtime::Handle;
use tokio::sync::Semaphore;
use tokio_util::task::TaskTracker;

pub use request::{RepeatKey, RequestDigest};
pub use subject::{AddressSecret, user_subject};

use crate::store::{Store, StoreError};

/// Simulations a day that cost nothing (product contract, section 1 "Freemium").
pub const USES_PER_DAY: u32 = 5;
/// How long a request waits for its reservation; the store answers in about a millisecond.
const RESERVE_DEADLINE: Duration = Duration::from_secs(3);
/// Refunds under way at once; what is beyond counts as used.
const REFUNDS_MAX: usize = 256;
/// Waits between the attempts of a refund that finds no connection.
const REFUND_PAUSES: [Duration; 4] =
    [Duration::from_millis(200), Duration::from_secs(1), Duration::from_secs(3), Duration::ZERO];

/// Why a use could be neither granted nor refused.
#[derive(Debug, thiserror::Error)]
pub enum FreeUseError {
    /// PostgreSQL did not do its part.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No answer in time; whatever it takes in the end is given back.
    #[error("the store did not answer in time")]
    Late,
}

/// What a subject has used of today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Usage {
    /// Uses counted today.
    pub used: u32,
    /// When the count starts anew: the next midnight of America/Sao_Paulo.
    pub resets_at: DateTime<Utc>,
}

impl Usage {
    /// Uses left today.
    #[must_use]
    pub const fn remaining(&self) -> u32 {
        USES_PER_DAY.saturating_sub(self.used)
    }
}

/// What came of asking for a use.
#[derive(Debug)]
pub enum Reservation {
    /// The caller has no limit.
    Unlimited,
    /// One use is held for this request.
    Granted(Held),
    /// None is left today.
    Refused(Usage),
}

/// What the store said of a reservation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Taken {
    granted: bool,
    day: NaiveDate,
    usage: Usage,
}

/// Counts free uses. Clones count together.
#[derive(Debug, Clone)]
pub struct FreeUse {
    store: Store,
    secret: Arc<AddressSecret>,
    tasks: TaskTracker,
    refunds: Arc<Semaphore>,
}

impl FreeUse {
    /// Opens the counters of a store. `fresh_secret` (random bytes) becomes the key of the hash of addresses if the
    /// store has none yet; servers of one store share it. `tasks` is what a stopping server waits for: refunds run there.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn open(
        store: Store,
        tasks: TaskTracker,
        fresh_secret: [u8; 32],
        now: DateTime<Utc>,
    ) -> Result<Self, StoreError> {
        let secret = Arc::new(AddressSecret(store.address_secret(fresh_secret, now).await?));
        Ok(Self { store, secret, tasks, refunds: Arc::new(Semaphore::new(REFUNDS_MAX)) })
    }

    /// Takes one use of the caller's day. A `request` that was counted within 24 hours is granted without another.
    ///
    /// # Errors
    /// When the store cannot say; nothing is used then, or it is given back.
    pub async fn reserve(
        &self,
        caller: &Caller,
        request: Option<RequestDigest>,
        now: DateTime<Utc>,
    ) -> Result<Reservation, FreeUseError> {
        let Some(subject) = self.subject(caller) else { return Ok(Reservation::Unlimited) };
        let uses = self.clone();
        // In a task of its own: if the client goes away while the statement runs, what it took is still known
        // here, and dropped unkept.
        let reserving = self.tasks.spawn(async move {
            let taken = uses.store.reserve_use(&subject, now, USES_PER_DAY, request).await?;
            if !taken.granted {
                return Ok(Reservation::Refused(taken.usage));
            }
            Ok(Reservation::Granted(Held { uses, subject, day: taken.day, request, usage: taken.usage, kept: false }))
        });
        match tokio::time::timeout(RESERVE_DEADLINE, reserving).await {
            Ok(Ok(reserved)) => reserved,
            Ok(Err(_)) | Err(_) => Err(FreeUseError::Late),
        }
    }

    /// What the caller has used today; `None` without a limit.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn usage(&self, caller: &Caller, now: DateTime<Utc>) -> Result<Option<Usage>, StoreError> {
        match self.subject(caller) {
            None => Ok(None),
            Some(subject) => self.store.usage_of(&subject, now).await.map(Some),
        }
    }

    /// Under what the caller's uses are counted; `None` for premium.
    fn subject(&self, caller: &Caller) -> Option<String> {
        match &caller.principal {
            Some(principal) if principal.tier == Tier::Premium => None,
            Some(principal) => Some(user_subject(&principal.subject)),
            None => Some(self.secret.subject(caller.address)),
        }
    }
}

/// One use, given back when dropped unless it was kept.
#[derive(Debug)]
pub struct Held {
    uses: FreeUse,
    subject: String,
    day: NaiveDate,
    request: Option<RequestDigest>,
    usage: Usage,
    kept: bool,
}

impl Held {
    /// The answer is ready: the use counts.
    #[must_use]
    pub fn keep(mut self) -> Usage {
        self.kept = true;
        self.usage
    }
}

impl Drop for Held {
    /// An answer that failed, a handler that panicked, a client that left: none of them costs a use.
    fn drop(&mut self) {
        if self.kept {
            return;
        }
        let (Ok(permit), Ok(runtime)) = (Arc::clone(&self.uses.refunds).try_acquire_owned(), Handle::try_current())
        else {
            tracing::warn!("a use of the simulator could not be given back: too many are being given back");
            return;
        };
        let (store, subject) = (self.uses.store.clone(), std::mem::take(&mut self.subject));
        let (day, request) = (self.day, self.request);
        let refund = async move {
            refund(&store, &subject, day, request).await;
            drop(permit);
        };
        self.uses.tasks.spawn_on(refund, &runtime);
    }
}

async fn refund(store: &Store, subject: &str, day: NaiveDate, request: Option<RequestDigest>) {
    for pause in REFUND_PAUSES {
        match store.refund_use(subject, day, request).await {
            Ok(()) => return,
            // Nothing was sent: it is safe to try again.
            Err(StoreError::Pool(_)) if pause > Duration::ZERO => tokio::time::sleep(pause).await,
            // It may have been done before the connection was lost: doing it twice would give a use away.
            Err(error) => {
                tracing::warn!(%error, "a use of the simulator could not be given back");
                return;
            }
        }
    }
}
