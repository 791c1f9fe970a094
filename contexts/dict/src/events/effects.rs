//! What status updates do to this base. Each effect may be had twice without harm, so none needs the transaction of its
//! message.

use deadpool_postgres::Transaction;

use super::status::{StatusChange, StatusEffects, StatusUpdate};
use crate::Dict;
use crate::claims::mirror;
use crate::domain::ispb::Ispb;
use crate::domain::key::Key;
use crate::failure::Failure;

/// Mirrors what the directory did.
#[derive(Debug, Clone)]
pub struct Mirrored(pub Dict);

#[tonic::async_trait]
impl StatusEffects for Mirrored {
    async fn apply(&self, _: &Transaction<'_>, update: &StatusUpdate) -> Result<(), Failure> {
        let dict = &self.0;
        match &update.change {
            StatusChange::EntryBlocked(key) => block(dict, update.participant, key, true).await,
            StatusChange::EntryUnblocked(key) => block(dict, update.participant, key, false).await,
            StatusChange::EntryRemoved(key) => remove(dict, update.participant, key).await,
            StatusChange::ClaimChanged(id) => {
                let Some(directory) = &dict.directory else { return Ok(()) };
                let claim = directory.get_claim(update.participant, *id).await?;
                mirror::hear(dict, &**directory, &claim, None).await
            }
        }
    }
}

async fn block(dict: &Dict, participant: Ispb, key: &Key, blocked: bool) -> Result<(), Failure> {
    let Some(stored) = dict.store.entry(key).await? else { return Ok(()) };
    if stored.entry.account.participant == participant {
        let key_hash = dict.store.vault.key_hash(key);
        dict.store.mark_blocked(&key_hash, stored.cid, blocked, dict.clock.now()).await?;
    }
    Ok(())
}

async fn remove(dict: &Dict, participant: Ispb, key: &Key) -> Result<(), Failure> {
    let Some(stored) = dict.store.entry(key).await? else { return Ok(()) };
    let key_hash = dict.store.vault.key_hash(key);
    dict.store.remove_entry(participant, (&key_hash, stored.cid), false, dict.clock.now()).await?;
    Ok(())
}
