//! Tries of guessable things, counted exactly however many are made at once.

use chrono::{DateTime, TimeDelta, Utc};
use deadpool_postgres::Transaction;
use identity_queries::client::{GenericClient, Params};
use identity_queries::queries::attempts;

use super::{Store, StoreError, write};
use crate::access_log::Entry;
use crate::domain::lock_out::{Locked, Schedule, Tries};
use crate::secrets::Hash;

/// One kind of try by one party.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempt {
    /// What is tried by whom, hashed.
    pub key: Hash,
    /// How many tries are free.
    pub schedule: Schedule,
}

impl Store {
    /// Takes one try of each kind, or none where one of them is locked. Rows are locked in the order of their keys,
    /// so that tries wait for one another and never in a circle.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn take_tries(&self, tries: &[Attempt], now: DateTime<Utc>) -> Result<Result<(), Locked>, StoreError> {
        self.queries.timed("take_tries", self.take_tries_untimed(tries, now)).await
    }

    async fn take_tries_untimed(
        &self,
        tries: &[Attempt],
        now: DateTime<Utc>,
    ) -> Result<Result<(), Locked>, StoreError> {
        let mut client = self.client().await?;
        let transaction = client.transaction().await?;
        let keys: Vec<&[u8]> = tries.iter().map(|attempt| attempt.key.as_slice()).collect();
        attempts::open_attempts().bind(&transaction, &now, &keys).all().await?;
        let rows = attempts::lock_attempts().bind(&transaction, &keys).all().await?;
        let mut taken = Vec::with_capacity(tries.len());
        let mut wait: Option<TimeDelta> = None;
        for attempt in tries {
            // A row that retention took meanwhile is one without tries.
            let row = rows.iter().find(|row| row.key_hash == attempt.key);
            let before = row.map_or(Tries::none(now), |row| Tries {
                count: row.tries,
                last_at: row.last_at,
                locked_until: row.locked_until,
            });
            match attempt.schedule.take(before, now) {
                Ok(after) => taken.push((attempt.key, after)),
                Err(Locked(longer)) => wait = wait.max(Some(longer)),
            }
        }
        if let Some(wait) = wait {
            return Ok(Err(Locked(wait)));
        }
        for (key, after) in &taken {
            let parameters = attempts::PutAttemptParams {
                key_hash: key.as_slice(),
                tries: after.count,
                last_at: after.last_at,
                locked_until: after.locked_until,
            };
            attempts::put_attempt().params(&transaction, &parameters).one().await?;
        }
        transaction.commit().await?;
        Ok(Ok(()))
    }

    /// Gives one try of each kind back: what was tried was never compared.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn give_back(&self, tries: &[Attempt]) -> Result<(), StoreError> {
        let client = self.client().await?;
        refund(&client, tries).await
    }

    /// Whether an e-mail was signed in from an address before.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn is_known(&self, email: Hash, address: Hash) -> Result<bool, StoreError> {
        let client = self.client().await?;
        let asked =
            async { attempts::is_known_address().bind(&client, &email.as_slice(), &address.as_slice()).one().await };
        Ok(self.queries.timed("is_known_address", asked).await?)
    }

    /// Lifts locks, by the operator's hand.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn unlock(&self, keys: &[Hash], entry: &Entry<'_>) -> Result<(), StoreError> {
        let mut client = self.client().await?;
        let transaction = client.transaction().await?;
        forget(&transaction, keys).await?;
        write(&transaction, entry).await?;
        Ok(transaction.commit().await?)
    }
}

/// Gives tries back that were right: all of the first kind, one of each of the others.
pub(super) async fn forgive(transaction: &Transaction<'_>, tries: &[Attempt]) -> Result<(), StoreError> {
    let Some((first, others)) = tries.split_first() else { return Ok(()) };
    let keys: Vec<&[u8]> = tries.iter().map(|attempt| attempt.key.as_slice()).collect();
    // In the order in which tries are taken, so that nobody waits in a circle.
    attempts::lock_attempts().bind(transaction, &keys).all().await?;
    attempts::forgive_attempts().bind(transaction, &[first.key.as_slice()].as_slice()).all().await?;
    refund(transaction, others).await
}

/// Forgets all tries under some keys.
pub(super) async fn forget(transaction: &Transaction<'_>, keys: &[Hash]) -> Result<(), StoreError> {
    let keys: Vec<&[u8]> = keys.iter().map(<[u8; 32]>::as_slice).collect();
    attempts::lock_attempts().bind(transaction, &keys).all().await?;
    attempts::forgive_attempts().bind(transaction, &keys).all().await?;
    Ok(())
}

async fn refund(client: &impl GenericClient, tries: &[Attempt]) -> Result<(), StoreError> {
    for attempt in tries {
        let free = attempt.schedule.free_tries;
        attempts::refund_attempt().bind(client, &free, &attempt.key.as_slice()).opt().await?;
    }
    Ok(())
}
