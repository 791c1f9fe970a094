//! Changes of entries that the directory was asked for and whose end is not noted.

use chrono::{DateTime, Utc};
use dict_queries::client::Params as _;
use dict_queries::queries::change_intents::{NoteIntentParams, OldIntents, forget_intent, note_intent, old_intents};
use uuid::Uuid;

use super::{Store, StoreError};
use crate::domain::cid::Cid;
use crate::domain::ispb::Ispb;
use crate::domain::key::KeyType;
use crate::vault::Hash;

/// That the directory is about to be asked for a change of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChangeIntent {
    /// Which key.
    pub key_hash: Hash,
    /// Which change of it.
    pub intent_id: Uuid,
    /// Whose entry it is.
    pub participant: Ispb,
    /// Its type.
    pub key_type: KeyType,
    /// What the entry is.
    pub cid: Cid,
    /// What it is to become; none for a removal.
    pub new_cid: Option<Cid>,
}

impl Store {
    /// Notes an intent, before the directory is asked.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn note_intent(&self, intent: &ChangeIntent, now: DateTime<Utc>) -> Result<(), StoreError> {
        let client = self.client().await?;
        let row = NoteIntentParams {
            key_hash: intent.key_hash.as_slice(),
            intent_id: intent.intent_id,
            participant: intent.participant.as_str(),
            key_type: intent.key_type.name(),
            cid: intent.cid.0.as_slice(),
            new_cid: intent.new_cid.as_ref().map(|cid| cid.0.as_slice()),
            now,
        };
        let asked = async { note_intent().params(&client, &row).one().await };
        self.queries.timed("note_intent", asked).await?;
        Ok(())
    }

    /// Forgets an intent: its end is known and done here.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn forget_intent(&self, intent: &ChangeIntent) -> Result<(), StoreError> {
        let client = self.client().await?;
        let asked = async { forget_intent().bind(&client, &intent.key_hash.as_slice(), &intent.intent_id).opt().await };
        self.queries.timed("forget_intent", asked).await?;
        Ok(())
    }

    /// At most `most` intents that were noted before that moment, in no order.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn old_intents(&self, noted_before: DateTime<Utc>, most: i64) -> Result<Vec<ChangeIntent>, StoreError> {
        let client = self.client().await?;
        let asked = async { old_intents().bind(&client, &noted_before, &most).all().await };
        let rows = self.queries.timed("old_intents", asked).await?;
        let known = rows.iter().filter_map(|row| {
            let intent = read(row);
            if intent.is_none() {
                tracing::error!(intent_id = %row.intent_id, "a change intent is not in a form that this version knows");
            }
            intent
        });
        Ok(known.collect())
    }
}

fn read(row: &OldIntents) -> Option<ChangeIntent> {
    Some(ChangeIntent {
        key_hash: row.key_hash.as_slice().try_into().ok()?,
        intent_id: row.intent_id,
        participant: row.participant.parse().ok()?,
        key_type: KeyType::parse(&row.key_type)?,
        cid: Cid(row.cid.as_slice().try_into().ok()?),
        new_cid: match &row.new_cid {
            Some(cid) => Some(Cid(cid.as_slice().try_into().ok()?)),
            None => None,
        },
    })
}
