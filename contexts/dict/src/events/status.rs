//! What Connect tells us without being asked: an entry was blocked or taken away, a claim moved.
//!
//! Each message takes effect once: its id is marked in the transaction of its effect, so that a message that comes
//! again finds the mark. `docs/dict-events.md` is the contract.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use deadpool_postgres::Transaction;
use platform::clock::Clock;
use platform::random::Entropy;
use platform::resilience::backoff::Backoff;
use serde::Deserialize;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::metrics::{EventMetrics, StatusOutcome};
use crate::claims::mirror::is_passing;
use crate::domain::ispb::Ispb;
use crate::domain::key::{Key, KeyType};
use crate::failure::Failure;
use crate::store::{self, Store};

/// The topic of these messages, without the prefix.
pub const STATUS_TOPIC: &str = "connect.status";
/// Where messages go that cannot be dealt with.
pub const DEAD_LETTER_TOPIC: &str = "connect.status.dlq";

/// A message is never longer.
const MESSAGE_BYTES_MAX: usize = 64 * 1024;
/// Nor its id.
const MESSAGE_ID_CHARACTERS_MAX: usize = 200;
/// One try of one message takes no longer.
const TRY: Duration = Duration::from_secs(30);

/// A message that was understood.
pub struct StatusUpdate {
    /// What names it among all messages.
    pub message_id: String,
    /// Which of our institutions it concerns.
    pub participant: Ispb,
    /// When it happened.
    pub occurred_at: DateTime<Utc>,
    /// What happened.
    pub change: StatusChange,
}

/// What happened. Keys are personal data.
pub enum StatusChange {
    /// A court blocked the entry of a key.
    EntryBlocked(Key),
    /// It is no longer blocked.
    EntryUnblocked(Key),
    /// The directory removed the entry of a key.
    EntryRemoved(Key),
    /// A claim moved; where to, the directory says.
    ClaimChanged(Uuid),
}

/// What a message does. The message is marked as dealt with in `transaction`; what is done in it happens once, what is
/// done outside of it (such as asking the directory and mirroring its answer) must bear repetition.
#[tonic::async_trait]
pub trait StatusEffects: fmt::Debug + Send + Sync + 'static {
    /// Makes the change. An entry or claim that is not here any more is no failure.
    async fn apply(&self, transaction: &Transaction<'_>, update: &StatusUpdate) -> Result<(), Failure>;
}

/// How often and how slowly a message is tried.
#[derive(Debug, Clone, Copy)]
pub struct Tries {
    /// After so many tries that failed for a reason that may pass a message is given up. PostgreSQL's absence does not
    /// count: no message is to blame for it.
    pub tries_max: u32,
    /// The pauses between them.
    pub pause: Backoff,
}

impl Default for Tries {
    /// Ten tries over about two minutes.
    fn default() -> Self {
        let pause = Backoff { base: Duration::from_millis(500), longest: Duration::from_secs(30) };
        Self { tries_max: 10, pause }
    }
}

/// Deals with messages, one by one.
#[derive(Debug)]
pub struct Inbox {
    /// Where they are marked.
    pub store: Store,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
    /// The institutions this server speaks for.
    pub participants: Vec<Ispb>,
    /// What messages do.
    pub effects: Arc<dyn StatusEffects>,
    /// What is counted.
    pub metrics: EventMetrics,
    /// How often it tries.
    pub tries: Tries,
}

/// What became of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Handled {
    /// It took effect and is marked.
    Applied,
    /// It took effect before.
    Duplicate,
    /// It cannot take effect.
    Dead {
        /// Why, without what the message says.
        reason: String,
        /// How often it was tried.
        tries: u32,
    },
}

impl Inbox {
    /// Deals with a message; `None` where `stop` came first, and then it may come again.
    pub async fn handle(&self, message: &[u8], stop: &CancellationToken) -> Option<Handled> {
        let handled = tokio::select! {
            () = stop.cancelled() => return None,
            handled = self.deal_with(message) => handled,
        };
        self.metrics.status(match handled {
            Handled::Applied => StatusOutcome::Applied,
            Handled::Duplicate => StatusOutcome::Duplicate,
            Handled::Dead { .. } => StatusOutcome::Dead,
        });
        Some(handled)
    }

    async fn deal_with(&self, message: &[u8]) -> Handled {
        let update = match self.parse(message) {
            Ok(update) => update,
            Err(reason) => return Handled::Dead { reason, tries: 1 },
        };
        let (mut attempt, mut tries) = (0_u32, 0_u32);
        loop {
            attempt = attempt.saturating_add(1);
            let failure = match tokio::time::timeout(TRY, self.apply(&update)).await {
                Ok(Ok(true)) => return Handled::Applied,
                Ok(Ok(false)) => return Handled::Duplicate,
                Ok(Err(failure)) => failure,
                Err(_) => Failure::Unavailable { what: "the effect of the message", retry_after_ms: None },
            };
            let reason = failure.to_string();
            let of_store = matches!(&failure, Failure::Store(error) if error.is_passing());
            tries += u32::from(!of_store);
            let passing = of_store
                || matches!(failure, Failure::Unavailable { .. } | Failure::Busy | Failure::Quota { .. })
                || matches!(&failure, Failure::Refused(refusal) if is_passing(refusal.kind));
            if !passing || tries >= self.tries.tries_max {
                return Handled::Dead { reason, tries };
            }
            if attempt == 1 {
                tracing::warn!(
                    message_id = update.message_id,
                    reason,
                    "a status update of Connect waits to be tried again"
                );
            }
            self.metrics.status(StatusOutcome::Retried);
            let mut roll = [0; 8];
            // Without randomness the pauses are the longest, which is no harm.
            if self.entropy.fill(&mut roll).is_err() {
                roll = [0xff; 8];
            }
            let pause = self.tries.pause.pause(attempt, u64::from_le_bytes(roll), None);
            tokio::time::sleep(pause.unwrap_or(self.tries.pause.longest)).await;
        }
    }

    /// False where it took effect before.
    async fn apply(&self, update: &StatusUpdate) -> Result<bool, Failure> {
        let mut client = self.store.client().await?;
        let transaction = client.transaction().await.map_err(store::StoreError::from)?;
        if !store::mark_consumed(&transaction, &update.message_id, self.clock.now()).await? {
            return Ok(false);
        }
        self.effects.apply(&transaction, update).await?;
        transaction.commit().await.map_err(store::StoreError::from)?;
        Ok(true)
    }

    /// The message, or why it is none; the reason repeats nothing of it.
    fn parse(&self, message: &[u8]) -> Result<StatusUpdate, String> {
        if message.len() > MESSAGE_BYTES_MAX {
            return Err(format!("it is longer than {MESSAGE_BYTES_MAX} bytes"));
        }
        let written: Written = serde_json::from_slice(message).map_err(|error| {
            format!("it is not the JSON of a status update (line {}, column {})", error.line(), error.column())
        })?;
        let length = written.message_id.len();
        if length == 0 || length > MESSAGE_ID_CHARACTERS_MAX {
            return Err(format!("message_id must have 1 to {MESSAGE_ID_CHARACTERS_MAX} bytes"));
        }
        let participant: Ispb = written.participant.parse().map_err(|_| "participant is no ISPB".to_owned())?;
        if !self.participants.contains(&participant) {
            return Err(format!("participant {participant} is not served here"));
        }
        let change = match written.kind.as_str() {
            "ENTRY_BLOCKED" => StatusChange::EntryBlocked(written.key()?),
            "ENTRY_UNBLOCKED" => StatusChange::EntryUnblocked(written.key()?),
            "ENTRY_REMOVED" => StatusChange::EntryRemoved(written.key()?),
            "CLAIM_CHANGED" => StatusChange::ClaimChanged(written.claim_id()?),
            _ => return Err("its type is not known here".to_owned()),
        };
        Ok(StatusUpdate { message_id: written.message_id, participant, occurred_at: written.occurred_at, change })
    }
}

/// A message as it is written; further members are for later versions.
#[derive(Deserialize)]
struct Written {
    message_id: String,
    #[serde(rename = "type")]
    kind: String,
    participant: String,
    occurred_at: DateTime<Utc>,
    key_type: Option<String>,
    key: Option<String>,
    claim_id: Option<String>,
}

impl Written {
    fn key(&self) -> Result<Key, String> {
        let key_type = self.key_type.as_deref().and_then(KeyType::parse).ok_or("key_type is missing or not known")?;
        let key = self.key.as_deref().ok_or("key is missing")?;
        Key::parse(key_type, key).map_err(|_| "key does not have the form of its key_type".to_owned())
    }

    fn claim_id(&self) -> Result<Uuid, String> {
        let id = self.claim_id.as_deref().and_then(|id| Uuid::try_parse(id).ok());
        id.ok_or_else(|| "claim_id is missing or no UUID".to_owned())
    }
}
