//! What status updates do to this base.

use deadpool_postgres::Transaction;

use super::status::{StatusChange, StatusEffects, StatusUpdate};
use crate::Dict;
use crate::claims::{mirror, random_uuid};
use crate::domain::ispb::Ispb;
use crate::domain::key::Key;
use crate::entries::refreshed_block;
use crate::failure::Failure;
use crate::store::set_entry_blocked;

/// Mirrors what the directory did.
#[derive(Debug, Clone)]
pub struct Mirrored(pub Dict);

#[tonic::async_trait]
impl StatusEffects for Mirrored {
    async fn apply(&self, transaction: &Transaction<'_>, update: &StatusUpdate) -> Result<(), Failure> {
        let dict = &self.0;
        match &update.change {
            StatusChange::EntryBlocked(key) => block(dict, transaction, update.participant, key).await,
            StatusChange::EntryUnblocked(key) => unblock(dict, update.participant, key).await,
            StatusChange::EntryRemoved(key) => remove(dict, update, key).await,
            StatusChange::ClaimChanged(id) => mirror::look_after(dict, update.participant, *id).await,
        }
    }
}

/// A block that is over meanwhile does no harm: the directory is asked before it counts.
async fn block(dict: &Dict, transaction: &Transaction<'_>, participant: Ispb, key: &Key) -> Result<(), Failure> {
    let event_id = random_uuid(&*dict.entropy)?;
    let key_hash = dict.store.vault.key_hash(key);
    set_entry_blocked(transaction, participant, &key_hash, true, event_id, dict.clock.now()).await?;
    Ok(())
}

/// A message may be late, and a court may have blocked the key again: the directory says whether it is free.
async fn unblock(dict: &Dict, participant: Ispb, key: &Key) -> Result<(), Failure> {
    let stored = dict.store.entry(key).await?.filter(|stored| stored.entry.account.participant == participant);
    if let Some(stored) = stored {
        refreshed_block(dict, stored).await?;
    }
    Ok(())
}

/// In a transaction of its own: the entry is known by its CID, so a second time there is nothing to remove. What was
/// registered after the removal is another entry, and stays.
async fn remove(dict: &Dict, update: &StatusUpdate, key: &Key) -> Result<(), Failure> {
    let Some(stored) = dict.store.entry(key).await? else { return Ok(()) };
    if stored.entry.created_at > update.occurred_at {
        return Ok(());
    }
    let key_hash = dict.store.vault.key_hash(key);
    dict.store.remove_entry(update.participant, (&key_hash, stored.cid), false, dict.clock.now()).await?;
    Ok(())
}
