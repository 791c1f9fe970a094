//! What is sealed of a request: first what was asked, so that it can be asked again; then what was answered.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Dict;
use crate::directory::NewEntry;
use crate::domain::cid::Cid;
use crate::domain::entry::Entry;
use crate::domain::ispb::Ispb;
use crate::domain::key::KeyType;
use crate::domain::reason::EntryReason;
use crate::failure::Failure;
use crate::store::entries::{Content, inconsistent, to_json};
use crate::store::{EntryStatus, StoredEntry};
use crate::vault::{Hash, Sealed};

/// A key that somebody wishes to have, and what proves that they may.
#[derive(Clone)]
pub(super) struct Wish {
    /// What the directory is to be asked.
    pub new: NewEntry,
    /// The possession that is used for it.
    pub possession_id: Option<Uuid>,
}

#[derive(Serialize, Deserialize)]
struct SealedWish<'a> {
    key_type: Cow<'a, str>,
    #[serde(borrow)]
    content: Content<'a>,
    reason: Cow<'a, str>,
    possession_id: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct SealedAnswer<'a> {
    key_type: Cow<'a, str>,
    #[serde(borrow)]
    content: Content<'a>,
    created_at: DateTime<Utc>,
    key_owned_since: DateTime<Utc>,
    blocked: bool,
}

impl Wish {
    /// Keyed hash of all that is asked, so that another wish under the same id is seen. What proves possession is no part
    /// of the wish: who tries again may prove it anew.
    pub(super) fn fingerprint(&self, dict: &Dict) -> Hash {
        let NewEntry { key_type, key, account, owner, reason, .. } = &self.new;
        let opened_at = account.opened_at.timestamp_micros().to_be_bytes();
        let parts: [&[u8]; 11] = [
            key_type.name().as_bytes(),
            key.as_ref().map_or("", |key| key.value()).as_bytes(),
            account.participant.as_str().as_bytes(),
            account.branch.as_deref().unwrap_or_default().as_bytes(),
            account.number.as_bytes(),
            account.account_type.name().as_bytes(),
            &opened_at,
            owner.tax_id.as_str().as_bytes(),
            owner.name.as_bytes(),
            owner.trade_name.as_deref().unwrap_or_default().as_bytes(),
            reason.name().as_bytes(),
        ];
        dict.store.vault.hash("create key", &parts)
    }

    /// Sealed, so that it can be asked again after a crash.
    pub(super) fn seal(&self, dict: &Dict) -> Result<Sealed, Failure> {
        let plain = to_json(&SealedWish {
            key_type: self.new.key_type.name().into(),
            content: Content::of(self.new.key.as_ref(), &self.new.account, &self.new.owner),
            reason: self.new.reason.name().into(),
            possession_id: self.possession_id.map(|id| id.to_string()),
        })?;
        Ok(dict.store.vault.seal(self.new.request_id.as_bytes(), &plain, &*dict.entropy)?)
    }

    /// What was sealed.
    pub(super) fn open(dict: &Dict, participant: Ispb, request_id: Uuid, sealed: &Sealed) -> Result<Self, Failure> {
        let plain = dict.store.vault.open(request_id.as_bytes(), sealed.data_key_id, &sealed.bytes)?;
        Self::read(participant, request_id, &plain).ok_or_else(|| inconsistent("a request").into())
    }

    fn read(participant: Ispb, request_id: Uuid, plain: &[u8]) -> Option<Self> {
        let wish: SealedWish<'_> = serde_json::from_slice(plain).ok()?;
        let key_type = KeyType::parse(&wish.key_type)?;
        let (key, account, owner) = wish.content.read(key_type, participant)?;
        let reason = EntryReason::parse(&wish.reason)?;
        let possession_id = wish.possession_id.map(|id| Uuid::try_parse(&id)).transpose().ok()?;
        Some(Self { new: NewEntry { request_id, key_type, key, account, owner, reason }, possession_id })
    }
}

/// An answer, sealed for its request.
pub(super) fn seal_answer(dict: &Dict, entry: &Entry) -> Result<Sealed, Failure> {
    let plain = to_json(&SealedAnswer {
        key_type: entry.key.key_type().name().into(),
        content: Content::of(Some(&entry.key), &entry.account, &entry.owner),
        created_at: entry.created_at,
        key_owned_since: entry.key_owned_since,
        blocked: entry.blocked,
    })?;
    Ok(dict.store.vault.seal(entry.request_id.as_bytes(), &plain, &*dict.entropy)?)
}

/// The answer that was given before.
pub(super) fn open_answer(
    dict: &Dict,
    participant: Ispb,
    request_id: Uuid,
    sealed: &Sealed,
) -> Result<StoredEntry, Failure> {
    let plain = dict.store.vault.open(request_id.as_bytes(), sealed.data_key_id, &sealed.bytes)?;
    read_answer(participant, request_id, &plain).ok_or_else(|| inconsistent("an answer").into())
}

fn read_answer(participant: Ispb, request_id: Uuid, plain: &[u8]) -> Option<StoredEntry> {
    let answer: SealedAnswer<'_> = serde_json::from_slice(plain).ok()?;
    let (key, account, owner) = answer.content.read(KeyType::parse(&answer.key_type)?, participant)?;
    let entry = Entry {
        key: key?,
        account,
        owner,
        created_at: answer.created_at,
        key_owned_since: answer.key_owned_since,
        open_claim_created_at: None,
        request_id,
        blocked: answer.blocked,
    };
    Some(stored(entry))
}

/// An entry as this base has it once the directory has.
pub(super) fn stored(entry: Entry) -> StoredEntry {
    let status = if entry.blocked { EntryStatus::Blocked } else { EntryStatus::Active };
    StoredEntry { cid: Cid::of(&entry), status, entry }
}
