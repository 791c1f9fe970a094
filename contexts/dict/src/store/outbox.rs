//! Events on their way out, and messages that came in.

use chrono::{DateTime, TimeDelta, Utc};
use deadpool_postgres::{Object, Transaction};
use dict_queries::queries::{consumed_messages, outbox};
use platform::postgres::pool::QueryMetrics;
use uuid::Uuid;

use super::{Store, StoreError};
use crate::domain::ispb::Ispb;
use crate::events::Event;
use crate::vault::Hash;

/// Events are counted up to this number; the metric stands still there.
pub const BACKLOG_COUNT_MAX: i64 = 1_000_000;

/// No pause is longer: what says otherwise was written before the clock was set back.
const PAUSE_LONGEST: TimeDelta = TimeDelta::minutes(10);

/// Rows that one statement forgets.
const FORGET_ROWS: i64 = 10_000;

/// What waits in the outbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backlog {
    /// How many events, up to [`BACKLOG_COUNT_MAX`].
    pub events: i64,
    /// When the oldest was written.
    pub oldest_at: Option<DateTime<Utc>>,
}

/// One server's turn at the outbox: nobody else sends until it ends, which it also does when its connection dies.
pub(crate) struct OutboxTurn<'a> {
    transaction: Transaction<'a>,
    queries: &'a QueryMetrics,
}

impl<'a> OutboxTurn<'a> {
    /// Takes the turn; none where another server has it.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn take(client: &'a mut Object, queries: &'a QueryMetrics) -> Result<Option<Self>, StoreError> {
        let transaction = client.transaction().await?;
        let taken = outbox::take_turn().bind(&transaction).one().await?;
        Ok(taken.then_some(Self { transaction, queries }))
    }

    /// Up to `events_max` events that may be sent now, at most one of each key: its first. Oldest first.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn first_events(&self, now: DateTime<Utc>, events_max: i64) -> Result<Vec<Event>, StoreError> {
        let latest = now + PAUSE_LONGEST;
        let asked = async { outbox::first_events().bind(&self.transaction, &now, &latest, &events_max).all().await };
        self.queries.timed("first_events", asked).await?.into_iter().map(event_of).collect()
    }

    /// Deletes events that whoever keeps them has confirmed.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn delete(&self, event_numbers: &[i64]) -> Result<(), StoreError> {
        if event_numbers.is_empty() {
            return Ok(());
        }
        let asked = async { outbox::delete_events().bind(&self.transaction, &event_numbers).all().await };
        self.queries.timed("delete_events", asked).await?;
        Ok(())
    }

    /// Leaves refused events for later: the pause begins at `first` and doubles with every try up to `longest`.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn postpone(
        &self,
        event_numbers: &[i64],
        now: DateTime<Utc>,
        (first, longest): (std::time::Duration, std::time::Duration),
    ) -> Result<(), StoreError> {
        let (first, longest) = (first.as_secs_f64(), longest.as_secs_f64());
        let statement = outbox::postpone_events();
        let asked = async { statement.bind(&self.transaction, &now, &longest, &first, &event_numbers).all().await };
        self.queries.timed("postpone_events", asked).await?;
        Ok(())
    }

    /// Ends the turn: what was deleted and postponed holds.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached; then nothing does, and the events are sent again.
    pub async fn end(self) -> Result<(), StoreError> {
        Ok(self.transaction.commit().await?)
    }
}

impl Store {
    /// What waits in the outbox.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn outbox_backlog(&self) -> Result<Backlog, StoreError> {
        let client = self.client().await?;
        let asked = async { outbox::outbox_backlog().bind(&client, &BACKLOG_COUNT_MAX).one().await };
        let row = self.queries.timed("outbox_backlog", asked).await?;
        Ok(Backlog { events: row.events, oldest_at: row.oldest_at })
    }

    /// Notifies every server that listens of these words.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached; then nobody was notified.
    pub(crate) async fn announce_events(&self, words: &[String]) -> Result<(), StoreError> {
        let client = self.client().await?;
        let asked = async { outbox::announce_events().bind(&client, &words).one().await };
        self.queries.timed("announce_events", asked).await?;
        Ok(())
    }

    /// Forgets messages that were dealt with before `before`; how many.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn forget_consumed(&self, before: DateTime<Utc>) -> Result<usize, StoreError> {
        let client = self.client().await?;
        let mut all = 0;
        loop {
            let asked = async { consumed_messages::forget_consumed().bind(&client, &before, &FORGET_ROWS).all().await };
            let gone = self.queries.timed("forget_consumed", asked).await?.len();
            all += gone;
            if i64::try_from(gone).unwrap_or(i64::MAX) < FORGET_ROWS {
                return Ok(all);
            }
        }
    }
}

/// Marks a message as dealt with, as part of what is done for it; false where it was before.
///
/// # Errors
/// When PostgreSQL cannot be reached.
pub(crate) async fn mark_consumed(
    transaction: &Transaction<'_>,
    message_id: &str,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    Ok(consumed_messages::mark_consumed().bind(transaction, &message_id, &now).opt().await?.is_some())
}

/// Mirrors that the entry of a key was blocked by a court, or is no longer, and writes the event of it; whether anything
/// changed.
///
/// # Errors
/// When PostgreSQL cannot be reached.
pub async fn set_entry_blocked(
    transaction: &Transaction<'_>,
    participant: Ispb,
    key_hash: &Hash,
    blocked: bool,
    event_id: Uuid,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let status = if blocked { "BLOCKED" } else { "ACTIVE" };
    let (key_hash, participant) = (&key_hash[..], participant.as_str());
    let statement = consumed_messages::set_entry_blocked();
    let asked = statement.bind(transaction, &status, &now, &key_hash, &participant, &event_id);
    Ok(asked.opt().await?.is_some())
}

fn event_of(row: outbox::FirstEvents) -> Result<Event, StoreError> {
    let key_hash: Hash = row
        .key_hash
        .try_into()
        .map_err(|_| StoreError::Inconsistent(format!("key_hash of event {} is no hash", row.event_number)))?;
    Ok(Event {
        key_hash,
        event_number: row.event_number,
        topic: row.topic,
        payload: row.payload,
        created_at: row.created_at,
    })
}
