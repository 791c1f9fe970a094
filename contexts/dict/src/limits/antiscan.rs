//! Which look-ups may go to the directory: the user's bucket and the participant's, equal to the directory's or stricter
//! (Manual Operacional do DICT, 13.2.2).
//!
//! Before the directory is asked, the worst that its answer may cost is held in both; after, what it did cost is charged in
//! its place. A look-up is let through wherever there is one whole token, as the directory does, but while it is under way
//! its tokens are nobody else's. A replica that ends in the middle leaves holds behind, which are charged in full after a
//! minute.
//!
//! Of the participant's bucket each replica takes a block at once, at most 256 tokens and an eighth of what is free, and
//! returns what is left within a second. So a participant never gets more than its bucket holds, and of what it holds up
//! to one block for each other replica may be out of reach for that second.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use platform::clock::Clock;
use platform::random::{Entropy, EntropyError};
use tokio_util::task::TaskTracker;
use uuid::Uuid;

use super::block::{Bill, Block, Share};
use super::fail_over::{FailOver, Place};
use super::{Bucket, Buckets, BucketsError, Level, Wanted};
use crate::domain::bucket::{Category, MICRO_TOKENS_PER_TOKEN, Outcome, Policy, PolicyName, lookup_cost};
use crate::domain::ispb::Ispb;
use crate::domain::key::KeyType;
use crate::domain::owner::PersonType;
use crate::domain::tax_id::TaxId;
use crate::vault::{Hash, Vault};

/// The longest that a look-up in the directory may take, its attempts and their pauses included; a hold that is older is
/// charged in full.
const HOLD: TimeDelta = TimeDelta::seconds(60);
/// Look-ups are given of a block for so long, by the same clock.
const BLOCK_USABLE: TimeDelta = TimeDelta::seconds(20);
/// After so long what is left of a block is returned.
const BLOCK_LASTS: Duration = Duration::from_secs(1);
/// The most tokens in a block.
const BLOCK_TOKENS: i64 = 256;
/// When to try again where the stores of the buckets do not answer, in milliseconds.
const STORE_RETRY_MS: u64 = 1_000;

/// What the antiscan is made of.
#[derive(Debug)]
pub struct AntiscanParts {
    /// Where buckets are counted.
    pub first: Arc<dyn Buckets>,
    /// Where they are counted while the first is gone, if anywhere.
    pub second: Option<Arc<dyn Buckets>>,
    /// The size class of this installation's participants.
    pub category: Category,
    /// Hides whose bucket it is.
    pub vault: Arc<Vault>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Ids of holds.
    pub entropy: Arc<dyn Entropy>,
    /// Where blocks are returned; a stop waits for them.
    pub tasks: TaskTracker,
}

/// Why a look-up may not go to the directory.
#[derive(Debug, thiserror::Error)]
pub enum NotAdmitted {
    /// A bucket has no token.
    #[error("the bucket {} has no token", .policy.name())]
    Empty {
        /// Which.
        policy: PolicyName,
        /// When it has one, in milliseconds.
        retry_after_ms: u64,
    },
    /// Nobody knows what the buckets hold.
    #[error("the antiscan buckets cannot be reached")]
    Unavailable {
        /// When trying again makes sense, in milliseconds.
        retry_after_ms: u64,
    },
    /// No randomness for the id of a hold.
    #[error(transparent)]
    Entropy(#[from] EntropyError),
}

/// The buckets of users and participants. Clones share them.
#[derive(Debug, Clone)]
pub struct Antiscan(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    stores: FailOver,
    category: Category,
    vault: Arc<Vault>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    tasks: TaskTracker,
    /// The block in use of each participant that this server speaks for.
    lanes: Mutex<HashMap<Ispb, Arc<Lane>>>,
}

/// Whoever finds no share left takes the next block while the others wait.
#[derive(Debug, Default)]
struct Lane {
    block: tokio::sync::Mutex<Option<Arc<Block>>>,
}

impl Antiscan {
    /// From its parts.
    #[must_use]
    pub fn new(parts: AntiscanParts) -> Self {
        let AntiscanParts { first, second, category, vault, clock, entropy, tasks } = parts;
        let (stores, lanes) = (FailOver::new(first, second), Mutex::default());
        Self(Arc::new(Inner { stores, category, vault, clock, entropy, tasks, lanes }))
    }

    /// Lets a look-up of a key of that kind go to the directory for a payer, or does not. Whoever is let through owes
    /// [`Admission::settle`].
    ///
    /// # Errors
    /// If a bucket is empty, or nobody knows.
    pub async fn admit(&self, participant: Ispb, payer: &TaxId, key_type: KeyType) -> Result<Admission, NotAdmitted> {
        let share = self.share(participant).await?;
        match self.hold_of_user(payer, key_type).await {
            Ok(user) => Ok(Admission { antiscan: self.clone(), user, share }),
            Err(refused) => {
                self.end(share, 0).await;
                Err(refused)
            }
        }
    }

    /// Pays back what a payment order pays for an earlier look-up of a key of that kind.
    ///
    /// # Errors
    /// If the stores cannot be reached. What was not paid back is a loss, never a gain.
    pub async fn pay_back(&self, participant: Ispb, payer: &TaxId, key_type: KeyType) -> Result<(), BucketsError> {
        let now = self.0.clock.now();
        let (policy, bucket) = self.user_bucket(payer, key_type);
        self.0.stores.charge(&bucket, micro(policy, Outcome::PaymentSent, person_of(payer)), now).await?;
        let policy = PolicyName::EntriesReadParticipantAntiscan;
        let bucket = self.participant_bucket(participant);
        self.0.stores.charge(&bucket, micro(policy, Outcome::PaymentSent, person_of(payer)), now).await?;
        Ok(())
    }

    /// What a payer's bucket for keys of that kind holds.
    ///
    /// # Errors
    /// If the stores cannot be reached.
    pub async fn user_level(&self, payer: &TaxId, key_type: KeyType) -> Result<Level, BucketsError> {
        self.0.stores.charge(&self.user_bucket(payer, key_type).1, 0, self.0.clock.now()).await
    }

    /// What a participant's bucket holds.
    ///
    /// # Errors
    /// If the stores cannot be reached.
    pub async fn participant_level(&self, participant: Ispb) -> Result<Level, BucketsError> {
        self.0.stores.charge(&self.participant_bucket(participant), 0, self.0.clock.now()).await
    }

    /// Returns what is left of every block now: when the server stops, so that nobody waits for its holds to end.
    pub async fn return_blocks(&self) {
        let lanes: Vec<_> = self.lanes().values().cloned().collect();
        for lane in lanes {
            let block = lane.block.lock().await.take();
            if let Some(block) = block {
                self.retire(&block).await;
            }
        }
    }

    fn lanes(&self) -> std::sync::MutexGuard<'_, HashMap<Ispb, Arc<Lane>>> {
        self.0.lanes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A payer has one bucket for all participants of this installation, which is as strict as the directory can be.
    fn user_bucket(&self, payer: &TaxId, key_type: KeyType) -> (PolicyName, Bucket) {
        let policy = PolicyName::of_user(key_type);
        let hash = self.hash(policy, payer.as_str());
        (policy, Bucket { hash, policy: Policy::of(policy, self.0.category, person_of(payer)) })
    }

    fn participant_bucket(&self, participant: Ispb) -> Bucket {
        let policy = PolicyName::EntriesReadParticipantAntiscan;
        let hash = self.hash(policy, participant.as_str());
        Bucket { hash, policy: Policy::of(policy, self.0.category, PersonType::Legal) }
    }

    fn hash(&self, policy: PolicyName, whose: &str) -> Hash {
        self.0.vault.hash("bucket", &[policy.name().as_bytes(), whose.as_bytes()])
    }

    fn wanted(&self, least: i64, most: i64, now: DateTime<Utc>) -> Result<Wanted, EntropyError> {
        let mut id = [0; 16];
        self.0.entropy.fill(&mut id)?;
        Ok(Wanted { hold: Uuid::from_bytes(id), least, most, held_until: now + HOLD })
    }

    async fn hold(
        &self,
        policy: PolicyName,
        bucket: &Bucket,
        wanted: &Wanted,
        now: DateTime<Utc>,
    ) -> Result<(i64, Place), NotAdmitted> {
        let (held, place) = self.0.stores.hold(bucket, wanted, now).await.map_err(|error| {
            tracing::warn!(%error, policy = policy.name(), "a look-up could not be counted, so it is not sent");
            NotAdmitted::Unavailable { retry_after_ms: STORE_RETRY_MS }
        })?;
        if held.granted == 0 {
            return Err(NotAdmitted::Empty { policy, retry_after_ms: held.level.wait_ms(&bucket.policy) });
        }
        Ok((held.granted, place))
    }

    async fn hold_of_user(&self, payer: &TaxId, key_type: KeyType) -> Result<UserHold, NotAdmitted> {
        let now = self.0.clock.now();
        let (policy, bucket) = self.user_bucket(payer, key_type);
        let person = person_of(payer);
        let worst = micro(policy, Outcome::NotFound, person);
        let wanted = self.wanted(worst, worst, now)?;
        let (_, place) = self.hold(policy, &bucket, &wanted, now).await?;
        Ok(UserHold { policy, person, bucket, hold: (place, wanted.hold) })
    }

    async fn share(&self, participant: Ispb) -> Result<Share, NotAdmitted> {
        let policy = PolicyName::EntriesReadParticipantAntiscan;
        let worst = micro(policy, Outcome::NotFound, PersonType::Legal);
        let lane = Arc::clone(self.lanes().entry(participant).or_default());
        let mut current = lane.block.lock().await;
        let now = self.0.clock.now();
        if let Some(share) = current.as_ref().and_then(|block| block.share(worst, now)) {
            return Ok(share);
        }
        if let Some(block) = current.take() {
            self.retire(&block).await;
        }
        let bucket = self.participant_bucket(participant);
        let wanted = self.wanted(worst, BLOCK_TOKENS * MICRO_TOKENS_PER_TOKEN, now)?;
        let (granted, place) = self.hold(policy, &bucket, &wanted, now).await?;
        let block = Block::new(bucket, (place, wanted.hold), granted, now + BLOCK_USABLE);
        let share = block.share(worst, now);
        self.return_later(Arc::clone(&block));
        *current = Some(block);
        // A hold is of the least that was wanted or more.
        share.ok_or(NotAdmitted::Unavailable { retry_after_ms: STORE_RETRY_MS })
    }

    fn return_later(&self, block: Arc<Block>) {
        let antiscan = self.clone();
        self.0.tasks.spawn(async move {
            tokio::time::sleep(BLOCK_LASTS).await;
            antiscan.retire(&block).await;
        });
    }

    async fn retire(&self, block: &Block) {
        if let Some(bill) = block.retire() {
            self.settle_block(block, bill).await;
        }
    }

    async fn end(&self, share: Share, cost: i64) {
        if let Some((block, bill)) = share.end(cost) {
            self.settle_block(&block, bill).await;
        }
    }

    async fn settle_block(&self, block: &Block, bill: Bill) {
        self.settle(&block.bucket, block.hold, bill).await;
    }

    async fn settle(&self, bucket: &Bucket, hold: (Place, Uuid), cost: i64) {
        if let Err(error) = self.0.stores.settle(bucket, hold, cost, self.0.clock.now()).await {
            tracing::warn!(%error, "tokens of look-ups could not be settled; they are charged in full");
        }
    }
}

/// A look-up that may go to the directory. Dropped without a word it costs the worst.
#[derive(Debug)]
#[must_use = "an admission is owed its outcome"]
pub struct Admission {
    antiscan: Antiscan,
    user: UserHold,
    share: Share,
}

#[derive(Debug)]
struct UserHold {
    policy: PolicyName,
    person: PersonType,
    bucket: Bucket,
    hold: (Place, Uuid),
}

impl Admission {
    /// Charges what the look-up came to; other outcomes than found and not found cost nothing.
    pub async fn settle(self, outcome: Option<Outcome>) {
        let Self { antiscan, user, share } = self;
        let cost = |policy| outcome.map_or(0, |outcome| micro(policy, outcome, user.person));
        antiscan.settle(&user.bucket, user.hold, cost(user.policy)).await;
        antiscan.end(share, cost(PolicyName::EntriesReadParticipantAntiscan)).await;
    }
}

fn person_of(payer: &TaxId) -> PersonType {
    if payer.is_cpf() { PersonType::Natural } else { PersonType::Legal }
}

/// In millionths of a token.
fn micro(policy: PolicyName, outcome: Outcome, person: PersonType) -> i64 {
    lookup_cost(policy, outcome, person) * MICRO_TOKENS_PER_TOKEN
}
