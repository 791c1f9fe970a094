//! A claim moves on: its row, the entries it takes and gives, and what the world hears of it, in one transaction.

use chrono::{DateTime, Utc};
use deadpool_postgres::Transaction;
use dict_queries::queries::{claims, entries};
use platform::random::{Entropy, hex};
use tokio_postgres::error::SqlState;
use uuid::Uuid;

use super::claim_requests::ClaimRequest;
use super::claims::StoredClaim;
use super::entries::{Put, put_entry, remove_entry};
use super::{Store, StoreError};
use crate::claims::random_uuid;
use crate::domain::cid::Cid;
use crate::domain::claim::{Claim, ClaimStatus, ClaimType, Side};
use crate::domain::entry::Entry;
use crate::domain::ispb::Ispb;
use crate::domain::refusal::RefusalKind;
use crate::failure::Failure;
use crate::vault::Hash;

/// A claim as it is now, and what belongs to that.
pub struct ClaimNews<'a> {
    /// The claim.
    pub claim: &'a Claim,
    /// The entry that it was found to be about, where that is decided here: it must still be there.
    pub about: Option<Cid>,
    /// The claimer's entry, where the claim is completed and the claimer's institution is ours.
    pub entry: Option<&'a Entry>,
    /// How many keys its account may have; none where the directory has decided that.
    pub keys_max: Option<u32>,
    /// The request that opened it, where it is known.
    pub request: Option<&'a ClaimRequest>,
    /// Our institutions.
    pub own: &'a [Ispb],
    /// When we hear of it.
    pub now: DateTime<Utc>,
    /// Randomness, for seals and ids.
    pub entropy: &'a dyn Entropy,
}

/// A step as it was decided here.
pub struct Decided {
    /// The claim after it.
    pub claim: Claim,
    /// The claimer's entry, where the step makes it.
    pub entry: Option<Entry>,
    /// How many keys its account may have.
    pub keys_max: Option<u32>,
}

/// What became of news.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard {
    /// Written.
    Written,
    /// Known already, or older than what is known.
    Known,
    /// By the rows here another claim of the key is open: it is over, and we have not heard of that.
    AnotherOpen,
    /// The entry that it is about has changed or gone. Nothing was written.
    EntryMovedOn,
}

impl Store {
    /// Writes what somebody else decided. Repeated or late news change nothing.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached, or sealing fails.
    pub async fn hear_of_claim(&self, news: &ClaimNews<'_>) -> Result<Heard, Failure> {
        let mut client = self.client().await?;
        let transaction = client.transaction().await.map_err(StoreError::from)?;
        match self.write_news(&transaction, news).await {
            Ok(Heard::EntryMovedOn) => Ok(Heard::EntryMovedOn),
            Ok(heard) => {
                transaction.commit().await.map_err(StoreError::from)?;
                Ok(heard)
            }
            Err(Failure::Store(StoreError::Postgres(error))) if error.code() == Some(&SqlState::UNIQUE_VIOLATION) => {
                Ok(Heard::AnotherOpen)
            }
            Err(failure) => Err(failure),
        }
    }

    async fn write_news(&self, transaction: &Transaction<'_>, news: &ClaimNews<'_>) -> Result<Heard, Failure> {
        let key_hash = self.vault.key_hash(&news.claim.key);
        if let Some(cid) = &news.about {
            let held = entries::hold_entry().bind(transaction, &key_hash.as_slice(), &cid.0.as_slice()).opt().await;
            if held.map_err(StoreError::from)?.is_none() {
                return Ok(Heard::EntryMovedOn);
            }
        }
        let sealed = self.seal_claim(&key_hash, news.claim, news.entropy)?;
        let request_id = news.request.map(|request| request.request_id);
        let inserted = self.insert_claim(transaction, &key_hash, news.claim, &sealed, request_id).await?;
        let before = if inserted { None } else { self.lock_claim(transaction, &key_hash, news.claim.id).await? };
        if let Some(request) = news.request {
            let clock = (news.now, news.entropy);
            self.answer_request(transaction, (&key_hash, news.claim.id), request, clock).await?;
        }
        if before.as_ref().is_some_and(|before| !is_news(&before.claim, news.claim)) {
            return Ok(Heard::Known);
        }
        self.move_on(transaction, &key_hash, before.as_ref(), news).await?;
        Ok(Heard::Written)
    }

    /// Takes a step that is decided here, under the lock of the claim's row.
    ///
    /// # Errors
    /// `NotFound` where the participant has no such claim; what `decide` refuses; when PostgreSQL cannot be reached.
    pub async fn step_claim(
        &self,
        (key_hash, claim_id): (&Hash, Uuid),
        own: &[Ispb],
        (now, entropy): (DateTime<Utc>, &dyn Entropy),
        decide: impl FnOnce(&StoredClaim) -> Result<Decided, Failure> + Send,
    ) -> Result<Claim, Failure> {
        let mut client = self.client().await?;
        let transaction = client.transaction().await.map_err(StoreError::from)?;
        let before = self.lock_claim(&transaction, key_hash, claim_id).await?.ok_or(Failure::NotFound("claim"))?;
        let Decided { claim, entry, keys_max } = decide(&before)?;
        if is_news(&before.claim, &claim) {
            let entry = entry.as_ref();
            let news = ClaimNews { claim: &claim, about: None, entry, keys_max, request: None, own, now, entropy };
            self.move_on(&transaction, key_hash, Some(&before), &news).await?;
        }
        transaction.commit().await.map_err(StoreError::from)?;
        Ok(claim)
    }

    /// What follows from a claim's having moved from `before` to what the news say.
    async fn move_on(
        &self,
        transaction: &Transaction<'_>,
        key_hash: &Hash,
        before: Option<&StoredClaim>,
        news: &ClaimNews<'_>,
    ) -> Result<(), Failure> {
        let claim = news.claim;
        let given_up = |claim: &Claim| claim.confirm_reason.is_some();
        let mut key_owned_since = None;
        if given_up(claim)
            && !before.is_some_and(|before| given_up(&before.claim))
            && news.own.contains(&claim.donor_participant)
        {
            key_owned_since = self.remove_donors_entry(transaction, key_hash, news).await?;
        }
        if before.is_some() || key_owned_since.is_some() {
            self.update_claim(transaction, key_hash, claim, key_owned_since).await?;
        }
        if let Some(entry) = news.entry {
            self.put_claimers_entry(transaction, key_hash, entry, news).await?;
        }
        if before.is_none_or(|before| before.claim.status != claim.status) {
            self.tell(transaction, key_hash, news).await?;
        }
        Ok(())
    }

    /// Removes the entry that the claim was about; since when its owner had the key. An entry that came after the claim
    /// was opened is somebody's anew.
    async fn remove_donors_entry(
        &self,
        transaction: &Transaction<'_>,
        key_hash: &Hash,
        news: &ClaimNews<'_>,
    ) -> Result<Option<DateTime<Utc>>, Failure> {
        let donor = news.claim.donor_participant;
        let Some(found) = self.entry_row(transaction, key_hash).await? else { return Ok(None) };
        if found.participant != donor.as_str() || found.created_at > news.claim.opened_at {
            return Ok(None);
        }
        let cid = found.cid.as_slice().try_into().map(Cid);
        let cid = cid.map_err(|_| StoreError::Inconsistent("the CID of an entry has no 32 bytes".to_owned()))?;
        let removed = remove_entry(transaction, donor, (key_hash, cid), false, news.now).await?;
        Ok(removed.then_some(found.key_owned_since))
    }

    async fn entry_row(
        &self,
        transaction: &Transaction<'_>,
        key_hash: &Hash,
    ) -> Result<Option<entries::SealedEntry>, StoreError> {
        let asked = async { entries::entry_by_key().bind(transaction, &key_hash.as_slice()).opt().await };
        Ok(self.queries.timed("entry_by_key", asked).await?)
    }

    async fn put_claimers_entry(
        &self,
        transaction: &Transaction<'_>,
        key_hash: &Hash,
        entry: &Entry,
        news: &ClaimNews<'_>,
    ) -> Result<(), Failure> {
        let found = self.entry_row(transaction, key_hash).await?;
        if found.is_some_and(|found| found.created_at > entry.created_at) {
            // The news are late: what is here came after it.
            return Ok(());
        }
        match put_entry(transaction, &self.vault, news.entropy, entry, None, news.keys_max, news.now).await? {
            Put::Full => Err(RefusalKind::EntryLimitExceeded.into()),
            Put::Inserted | Put::Overwritten | Put::Same | Put::MovedOn => Ok(()),
        }
    }

    async fn tell(&self, transaction: &Transaction<'_>, key_hash: &Hash, news: &ClaimNews<'_>) -> Result<(), Failure> {
        let claim = news.claim;
        let family = match claim.claim_type {
            ClaimType::Ownership => "claims",
            ClaimType::Portability => "portability",
        };
        let topic = format!("{family}.{}", claim.status.name().to_ascii_lowercase());
        let mut told = None;
        for participant in Side::ALL.map(|side| claim.participant(side)) {
            if !news.own.contains(&participant) || told == Some(participant) {
                continue;
            }
            told = Some(participant);
            let payload = serde_json::json!({
                "event_id": random_uuid(news.entropy)?.to_string(),
                "type": topic,
                "participant": participant.as_str(),
                "key_type": claim.key.key_type().name(),
                "key_hash": hex(key_hash),
                "claim_id": claim.id.to_string(),
                "status": claim.status.name(),
                "occurred_at": claim.last_modified,
            });
            let (key_hash, payload) = (key_hash.as_slice(), payload.to_string());
            let asked = async {
                claims::insert_claim_event().bind(transaction, &key_hash, &topic, &payload, &news.now).opt().await
            };
            self.queries.timed("insert_claim_event", asked).await.map_err(StoreError::from)?;
        }
        Ok(())
    }
}

/// Whether `after` is later than `before`. A claim only moves forward, so that its status comes first; moments of two
/// clocks, or of one that was set back, decide only within a status.
fn is_news(before: &Claim, after: &Claim) -> bool {
    (rank(after.status), after.last_modified) > (rank(before.status), before.last_modified)
}

const fn rank(status: ClaimStatus) -> u8 {
    match status {
        ClaimStatus::Open => 0,
        ClaimStatus::WaitingResolution => 1,
        ClaimStatus::Confirmed => 2,
        ClaimStatus::Cancelled | ClaimStatus::Completed => 3,
    }
}
