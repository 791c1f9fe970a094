//! What status updates do to this base.

use deadpool_postgres::Transaction;

use super::status::{StatusChange, StatusEffects, StatusUpdate};
use crate::Dict;
use crate::claims::mirror;
use crate::domain::ispb::Ispb;
use crate::domain::key::Key;
use crate::failure::Failure;
use crate::store::set_entry_blocked;
use crate::vault::VaultError;

/// Mirrors what the directory did.
#[derive(Debug, Clone)]
pub struct Mirrored(pub Dict);

#[tonic::async_trait]
impl StatusEffects for Mirrored {
    async fn apply(&self, transaction: &Transaction<'_>, update: &StatusUpdate) -> Result<(), Failure> {
        let dict = &self.0;
        match &update.change {
            StatusChange::EntryBlocked(key) => block(dict, transaction, update.participant, key, true).await,
            StatusChange::EntryUnblocked(key) => block(dict, transaction, update.participant, key, false).await,
            StatusChange::EntryRemoved(key) => remove(dict, update.participant, key).await,
            StatusChange::ClaimChanged(id) => {
                let Some(directory) = &dict.directory else { return Ok(()) };
                let claim = directory.get_claim(update.participant, *id).await?;
                mirror::hear(dict, &**directory, &claim, None).await
            }
        }
    }
}

async fn block(
    dict: &Dict,
    transaction: &Transaction<'_>,
    participant: Ispb,
    key: &Key,
    blocked: bool,
) -> Result<(), Failure> {
    let mut event_id = [0; 16];
    dict.entropy.fill(&mut event_id).map_err(VaultError::from)?;
    let event_id = uuid::Builder::from_random_bytes(event_id).into_uuid();
    let key_hash = dict.store.vault.key_hash(key);
    set_entry_blocked(transaction, participant, &key_hash, blocked, event_id, dict.clock.now()).await?;
    Ok(())
}

/// In a transaction of its own: the entry is known by its CID, so a second time there is nothing to remove.
async fn remove(dict: &Dict, participant: Ispb, key: &Key) -> Result<(), Failure> {
    let Some(stored) = dict.store.entry(key).await? else { return Ok(()) };
    let key_hash = dict.store.vault.key_hash(key);
    dict.store.remove_entry(participant, (&key_hash, stored.cid), false, dict.clock.now()).await?;
    Ok(())
}
