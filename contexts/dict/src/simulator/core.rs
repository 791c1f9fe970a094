//! The simulator's rules: the domain's decisions over what the simulator knows. Each function is one operation of the
//! directory; whoever calls it holds the lock.

use chrono::{DateTime, Utc};
use platform::random::Entropy;
use uuid::Uuid;

use super::change::{Change, StoredClaim};
use super::faults::Faults;
use super::journal::Journal;
use super::limits::{Asker, Limits};
use super::row::to_microseconds;
use super::state::State;
use crate::directory::{CompletedClaim, EntryQuery, EntryUpdate, FoundEntry, NewClaim, NewEntry};
use crate::domain::account::Account;
use crate::domain::bucket::Outcome;
use crate::domain::cid::Cid;
use crate::domain::claim::{self, Claim, ClaimStatus, Side, Step};
use crate::domain::entry::{self, Entry};
use crate::domain::ispb::Ispb;
use crate::domain::key::{Key, KeyType};
use crate::domain::owner::PersonType;
use crate::domain::reason::{ClaimReason, EntryReason};
use crate::domain::refusal::{Refusal, RefusalKind};

/// How long the answer for a legal person's key may be kept (Manual Operacional do DICT, section 12).
const CACHE_MAX_AGE_SECONDS: u32 = 180;
/// The most keys that one question may ask for (DICT API 2.6.1, checkKeys).
const CHECKED_KEYS_MAX: usize = 200;
/// No EndToEndId is longer; it has 32 characters.
const END_TO_END_ID_MAX: usize = 35;

/// Everything behind the lock.
pub(super) struct Core {
    pub state: State,
    pub journal: Option<Journal>,
    pub limits: Limits,
    pub faults: Faults,
}

fn internal() -> Refusal {
    RefusalKind::InternalServerError.into()
}

fn bad_request(property: &str, reason: &str) -> Refusal {
    Refusal::of_field(RefusalKind::BadRequest, property, reason)
}

/// A random UUID.
pub(super) fn random_uuid(entropy: &dyn Entropy) -> Result<Uuid, Refusal> {
    crate::random::uuid(entropy).map_err(|error| {
        tracing::error!(%error, "the simulator has no randomness");
        internal()
    })
}

fn rounded(account: &Account) -> Account {
    Account { opened_at: to_microseconds(account.opened_at), ..account.clone() }
}

impl Core {
    /// Makes a change: in the journal first, so that what was answered is never lost. `now` as the rules saw it.
    pub fn commit(&mut self, at: DateTime<Utc>, change: Change) -> Result<(), Refusal> {
        if let Some(journal) = &mut self.journal {
            let written = change.to_line(at).map_err(std::io::Error::from).map_err(|error| error.to_string());
            let written = written.and_then(|line| journal.append(&line).map_err(|error| error.to_string()));
            written.map_err(|error| {
                tracing::error!(error, "the simulator's journal could not be written; nothing was changed");
                internal()
            })?;
        }
        self.state.apply(at, change);
        Ok(())
    }

    pub fn create_entry(&mut self, new: &NewEntry, now: DateTime<Utc>, by: &dyn Entropy) -> Result<Entry, Refusal> {
        let NewEntry { request_id, key_type, key, account, owner, reason } = new;
        entry::check_new(*key_type, key.as_ref(), account, owner, *reason, false)?;
        let wanted = |key: &Key| Entry {
            key: key.clone(),
            account: rounded(account),
            owner: owner.clone(),
            created_at: now,
            key_owned_since: now,
            open_claim_created_at: None,
            request_id: *request_id,
            blocked: false,
        };
        let same_key = |there: &Key| match key {
            Some(key) => key == there,
            None => there.key_type() == KeyType::Evp,
        };
        if let Some(entry) =
            self.repeated(account.participant, *request_id, |there| same_key(there).then(|| wanted(there)))?
        {
            return Ok(entry);
        }
        if self.state.is_blocked(&owner.tax_id) {
            return Err(RefusalKind::TaxIdNumberBlocked.into());
        }
        let key = match key {
            Some(key) => key.clone(),
            None => Key::parse(KeyType::Evp, &random_uuid(by)?.to_string()).map_err(|_| internal())?,
        };
        let existing = self.state.entry(&key)?;
        let is_claimed = self.state.is_claimed(&key);
        entry::check_free(existing.as_ref(), account.participant, &owner.tax_id, is_claimed)?;
        self.check_room(account, owner.person_type())?;
        let entry = wanted(&key);
        let at = self.state.next_moment(now);
        self.commit(at, Change { put: Some((entry.clone(), false)), ..Change::default() })?;
        Ok(entry)
    }

    /// The entry that a repeated request made: its content identifier is there already. `wanted` is the entry of the
    /// request, if it is for that key.
    fn repeated(
        &self,
        participant: Ispb,
        request_id: Uuid,
        wanted: impl FnOnce(&Key) -> Option<Entry>,
    ) -> Result<Option<Entry>, Refusal> {
        let Some(there) = self.state.used_for(participant, request_id)? else { return Ok(None) };
        let same = |there: &Entry| wanted(&there.key).is_some_and(|it| Cid::of(&it) == Cid::of(there));
        there.filter(same).map(Some).ok_or_else(|| RefusalKind::RequestIdAlreadyUsed.into())
    }

    fn check_room(&self, account: &Account, person: PersonType) -> Result<(), Refusal> {
        entry::check_limit(self.state.keys_of(account), person)
    }

    fn check_unrestricted(&self, key: &Key) -> Result<(), Refusal> {
        let restricted = self.state.is_restricted(key);
        if restricted { Err(RefusalKind::EntryWithFraudRelatedRestriction.into()) } else { Ok(()) }
    }

    pub fn update_entry(&mut self, update: &EntryUpdate, now: DateTime<Utc>) -> Result<Entry, Refusal> {
        let EntryUpdate { key, account, name, trade_name, reason } = update;
        let existing = self.state.entry(key)?;
        let account = rounded(account);
        let entry = entry::updated(existing.as_ref(), &account, name, trade_name.as_deref(), *reason)?;
        self.check_unrestricted(key)?;
        let same_account = |it: &Entry| Account { opened_at: account.opened_at, ..it.account.clone() } == account;
        if !existing.as_ref().is_some_and(same_account) {
            self.check_room(&account, entry.owner.person_type())?;
        }
        let at = self.state.next_moment(now);
        self.commit(at, Change { put: Some((entry.clone(), false)), ..Change::default() })?;
        Ok(entry)
    }

    pub fn delete_entry(
        &mut self,
        participant: Ispb,
        key: &Key,
        reason: EntryReason,
        now: DateTime<Utc>,
    ) -> Result<(), Refusal> {
        let existing = self.state.entry(key)?;
        entry::check_delete(existing.as_ref(), participant, reason, None, self.state.is_claimed(key))?;
        let at = self.state.next_moment(now);
        self.commit(at, Change { gone: Some(key.clone()), ..Change::default() })
    }

    pub fn get_entry(&mut self, query: &EntryQuery, now: DateTime<Utc>) -> Result<FoundEntry, Refusal> {
        let EntryQuery { participant, key, payer, end_to_end_id } = query;
        if end_to_end_id.is_empty() || end_to_end_id.len() > END_TO_END_ID_MAX {
            return Err(bad_request("end_to_end_id", "it has 32 characters"));
        }
        let asker = Asker { participant: *participant, payer, key_type: key.key_type() };
        self.limits.admit_lookup(&asker, now)?;
        let existing = self.state.entry(key)?;
        let looked_up = entry::check_lookup(existing.as_ref(), *participant)
            .and_then(|()| self.check_unrestricted(key))
            .and_then(|()| existing.ok_or_else(internal));
        let outcome = match &looked_up {
            Ok(_) => Some(Outcome::Found),
            Err(refusal) if refusal.kind == RefusalKind::NotFound => Some(Outcome::NotFound),
            // Nothing is said of what other answers cost.
            Err(_) => None,
        };
        if let Some(outcome) = outcome {
            self.limits.charge_lookup(&asker, end_to_end_id, outcome, now);
        }
        let entry = looked_up?;
        let cache_max_age_seconds = match entry.owner.person_type() {
            PersonType::Legal => CACHE_MAX_AGE_SECONDS,
            PersonType::Natural => 0,
        };
        Ok(FoundEntry { entry, cache_max_age_seconds })
    }

    pub fn check_keys(&self, keys: &[Key]) -> Result<Vec<bool>, Refusal> {
        if keys.is_empty() || keys.len() > CHECKED_KEYS_MAX {
            return Err(bad_request("keys", "1 to 200 keys can be asked for"));
        }
        Ok(keys.iter().map(|key| self.state.has_entry(key)).collect())
    }

    pub fn entry_by_cid(&self, participant: Ispb, cid: Cid) -> Result<Entry, Refusal> {
        self.state.entry_by_cid(participant, cid)?.ok_or_else(|| RefusalKind::NotFound.into())
    }

    pub fn create_claim(&mut self, new: &NewClaim, now: DateTime<Utc>, by: &dyn Entropy) -> Result<Claim, Refusal> {
        let NewClaim { claim_type, key, claimer, claimer_account } = new;
        let existing = self.state.entry(key)?;
        let is_claimed = self.state.is_claimed(key);
        claim::check_new(*claim_type, key, existing.as_ref(), claimer, claimer_account, is_claimed)?;
        self.check_unrestricted(key)?;
        if self.state.is_blocked(&claimer.tax_id) {
            return Err(RefusalKind::TaxIdNumberBlocked.into());
        }
        // Better now than when the donor has given the key up.
        self.check_room(claimer_account, claimer.person_type())?;
        let donor = existing.ok_or_else(internal)?.account.participant;
        let (id, account) = (random_uuid(by)?, rounded(claimer_account));
        let opened = claim::open(id, *claim_type, key.clone(), donor, claimer.clone(), account, now);
        let at = self.state.next_moment(now);
        let claim = Claim { last_modified: at, ..opened };
        let stored = StoredClaim { claim: claim.clone(), owned_since: None };
        self.commit(at, Change { claim: Some(stored), ..Change::default() })?;
        Ok(claim)
    }

    /// A claim, for those who take part in it.
    pub fn get_claim(&self, participant: Ispb, id: Uuid) -> Result<Claim, Refusal> {
        let stored =
            self.state.claim(id).filter(|it| Side::ALL.iter().any(|&s| it.claim.participant(s) == participant));
        Ok(stored.ok_or(RefusalKind::NotFound)?.claim.clone())
    }

    /// A claim, and the side that a participant is on: `side` where it is on that one.
    fn claim_of(&self, participant: Ispb, id: Uuid, side: Side) -> Result<(&StoredClaim, Side), Refusal> {
        let stored = self.state.claim(id).ok_or(RefusalKind::NotFound)?;
        let is_on = |side: &Side| stored.claim.participant(*side) == participant;
        let side = [side].into_iter().chain(Side::ALL).find(is_on).ok_or(RefusalKind::Forbidden)?;
        Ok((stored, side))
    }

    /// acknowledgeClaim, confirmClaim and cancelClaim.
    pub fn step_claim(
        &mut self,
        participant: Ispb,
        id: Uuid,
        step: Step,
        side: Side,
        now: DateTime<Utc>,
    ) -> Result<Claim, Refusal> {
        let (stored, side) = self.claim_of(participant, id, side)?;
        let mut stored = stored.clone();
        let at = self.state.next_moment(now);
        let claim = claim::step(&stored.claim, step, side, at)?;
        if claim == stored.claim {
            return Ok(claim);
        }
        let entry = self.state.entry(&claim.key)?.filter(|it| it.account.participant == claim.donor_participant);
        let mut change = Change::default();
        if claim.status == ClaimStatus::Confirmed {
            if entry.as_ref().is_some_and(|entry| entry.blocked) {
                return Err(RefusalKind::EntryBlocked.into());
            }
            stored.owned_since = entry.as_ref().map(|entry| entry.key_owned_since);
            change.gone = entry.map(|entry| entry.key);
        }
        stored.claim = claim.clone();
        change.claim = Some(stored);
        self.commit(at, change)?;
        Ok(claim)
    }

    /// cancelClaim says which side it is for where the participant is on both.
    pub fn cancel_claim(
        &mut self,
        participant: Ispb,
        id: Uuid,
        side: Option<Side>,
        reason: ClaimReason,
        now: DateTime<Utc>,
    ) -> Result<Claim, Refusal> {
        let (stored, found) = self.claim_of(participant, id, side.unwrap_or(Side::Claimer))?;
        let on_both = Side::ALL.into_iter().all(|it| stored.claim.participant(it) == participant);
        match side {
            None if on_both => Err(bad_request("role", "the participant is on both sides: which of them cancels?")),
            Some(side) if side != found => Err(RefusalKind::Forbidden.into()),
            _ => self.step_claim(participant, id, Step::Cancel(reason), found, now),
        }
    }

    pub fn complete_claim(
        &mut self,
        participant: Ispb,
        id: Uuid,
        request_id: Uuid,
        now: DateTime<Utc>,
    ) -> Result<CompletedClaim, Refusal> {
        let (stored, side) = self.claim_of(participant, id, Side::Claimer)?;
        let mut stored = stored.clone();
        let at = self.state.next_moment(now);
        let claim = claim::step(&stored.claim, Step::Complete, side, at)?;
        let entry = claim::resulting_entry(&claim, stored.owned_since.unwrap_or(now), request_id, now);
        let same = |there: &Key| (*there == claim.key).then(|| entry.clone());
        let completed = |entry: &Entry| CompletedClaim {
            claim: claim.clone(),
            entry_created_at: entry.created_at,
            key_owned_since: entry.key_owned_since,
        };
        let repeated = self.repeated(participant, request_id, same)?;
        if stored.claim.status == ClaimStatus::Completed {
            // Whoever completed it did so with another RequestId.
            return repeated.as_ref().map(completed).ok_or_else(|| RefusalKind::ClaimOperationInvalid.into());
        }
        if repeated.is_some() {
            return Err(RefusalKind::RequestIdAlreadyUsed.into());
        }
        self.check_room(&entry.account, entry.owner.person_type())?;
        let answer = completed(&entry);
        stored.claim = claim;
        let put = Some((entry, false));
        self.commit(at, Change { put, claim: Some(stored), ..Change::default() })?;
        Ok(answer)
    }
}
