//! What the simulator knows, and the one way it changes. Everything that is asked often has an index of its own.

use std::collections::{BTreeSet, HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::change::{Change, StoredClaim};
use super::row::{Row, TextId};
use crate::directory::{CidEvent, ClaimFilter, ClaimPage};
use crate::domain::account::Account;
use crate::domain::cid::{Cid, VSync};
use crate::domain::claim::{ClaimStatus, Side};
use crate::domain::entry::Entry;
use crate::domain::ispb::Ispb;
use crate::domain::key::{Key, KeyType};
use crate::domain::refusal::{Refusal, RefusalKind};
use crate::domain::tax_id::TaxId;

/// The content identifiers of one participant and key type.
#[derive(Default)]
pub(super) struct CidSet {
    /// Each with the key it is of.
    cids: HashMap<Cid, TextId>,
    /// Their XOR, kept as they come and go.
    vsync: VSync,
    /// Every one that ever came or went, oldest first.
    events: Vec<CidEvent>,
}

impl CidSet {
    fn happened(&mut self, added: bool, cid: Cid, at: DateTime<Utc>) {
        self.vsync.add(cid);
        // One change may take one away and bring another: their order is their time.
        let occurred_at = self.events.last().map_or(at, |last| at.max(last.occurred_at + TimeDelta::microseconds(1)));
        self.events.push(CidEvent { added, cid, occurred_at });
    }
}

/// Claims by when they were last modified.
type ClaimOrder = BTreeSet<(DateTime<Utc>, Uuid)>;

/// Everything.
#[derive(Default)]
pub(super) struct State {
    rows: HashMap<TextId, Row>,
    /// How many keys each account has.
    accounts: HashMap<TextId, u32>,
    /// Every RequestId that was ever used, and the key it was used for.
    requests: HashMap<(Ispb, Uuid), TextId>,
    sets: HashMap<(Ispb, KeyType), CidSet>,
    claims: HashMap<Uuid, StoredClaim>,
    /// The claim under way, of those keys that have one.
    open_claims: HashMap<TextId, Uuid>,
    /// Claims by who takes part and where they stand, least recently modified first.
    claims_of: HashMap<(Ispb, Side, ClaimStatus), ClaimOrder>,
    blocked_persons: HashSet<TaxId>,
    /// How far the virtual clock is ahead of the machine's.
    pub ahead: TimeDelta,
    /// When it was last changed.
    last: DateTime<Utc>,
}

fn damaged() -> Refusal {
    RefusalKind::InternalServerError.into()
}

impl State {
    /// The moment of the next change: after that of every change before, so that lists by time have one order and a
    /// reader who goes on from the last moment always gets on.
    pub fn next_moment(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        now.max(self.last + TimeDelta::microseconds(1))
    }

    /// Makes a change, at a moment that [`State::next_moment`] gave.
    pub fn apply(&mut self, at: DateTime<Utc>, change: Change) {
        if let Some(key) = change.gone {
            self.remove(TextId::of_key(&key), at);
        }
        if let Some((entry, restricted)) = change.put {
            self.put(&entry, restricted, at);
        }
        if let Some(claim) = change.claim {
            self.put_claim(claim);
        }
        match change.person {
            Some((person, true)) => drop(self.blocked_persons.insert(person)),
            Some((person, false)) => drop(self.blocked_persons.remove(&person)),
            None => {}
        }
        if let Some(ahead_ms) = change.ahead_ms {
            self.ahead = TimeDelta::milliseconds(ahead_ms);
        }
        self.last = self.last.max(at);
    }

    fn put(&mut self, entry: &Entry, restricted: bool, at: DateTime<Utc>) {
        let (id, cid) = (TextId::of_key(&entry.key), Cid::of(entry));
        let Some(row) = Row::pack(entry, restricted) else { return };
        let before = self.rows.get(&id).and_then(Row::entry);
        let same_place = |it: &Entry| it.account.participant == entry.account.participant && Cid::of(it) == cid;
        if before.as_ref().is_some_and(same_place) {
            // What changed is not part of the content.
            self.rows.insert(id, row);
            return;
        }
        self.remove(id, at);
        self.rows.insert(id, row);
        *self.accounts.entry(TextId::of_account(&entry.account)).or_default() += 1;
        self.requests.insert((entry.account.participant, entry.request_id), id);
        let set = self.sets.entry((entry.account.participant, entry.key.key_type())).or_default();
        set.cids.insert(cid, id);
        set.happened(true, cid, at);
    }

    fn remove(&mut self, id: TextId, at: DateTime<Utc>) {
        let Some(entry) = self.rows.remove(&id).and_then(|row| row.entry()) else { return };
        let account = TextId::of_account(&entry.account);
        if let Some(count) = self.accounts.get_mut(&account) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                self.accounts.remove(&account);
            }
        }
        let cid = Cid::of(&entry);
        let set = self.sets.entry((entry.account.participant, entry.key.key_type())).or_default();
        set.cids.remove(&cid);
        set.happened(false, cid, at);
    }

    fn put_claim(&mut self, stored: StoredClaim) {
        let places = |stored: &StoredClaim| {
            let claim = &stored.claim;
            let order = (claim.last_modified, claim.id);
            Side::ALL.map(|side| ((claim.participant(side), side, claim.status), order))
        };
        let id = stored.claim.id;
        if let Some(before) = self.claims.get(&id) {
            for (place, order) in places(before) {
                self.claims_of.get_mut(&place).map(|claims| claims.remove(&order));
            }
        }
        for (place, order) in places(&stored) {
            self.claims_of.entry(place).or_default().insert(order);
        }
        let key = TextId::of_key(&stored.claim.key);
        if stored.claim.status.is_open() {
            self.open_claims.insert(key, id);
        } else if self.open_claims.get(&key) == Some(&id) {
            self.open_claims.remove(&key);
        }
        self.claims.insert(id, stored);
    }

    /// The entry of a key.
    pub fn entry(&self, key: &Key) -> Result<Option<Entry>, Refusal> {
        self.entry_of(TextId::of_key(key))
    }

    fn entry_of(&self, id: TextId) -> Result<Option<Entry>, Refusal> {
        let Some(row) = self.rows.get(&id) else { return Ok(None) };
        let mut entry = row.entry().ok_or_else(damaged)?;
        let claim = self.open_claims.get(&id).and_then(|claim| self.claims.get(claim));
        entry.open_claim_created_at = claim.map(|stored| stored.claim.opened_at);
        Ok(Some(entry))
    }

    /// Whether a key has an entry.
    pub fn has_entry(&self, key: &Key) -> bool {
        self.rows.contains_key(&TextId::of_key(key))
    }

    /// Whether a key has an entry that is restricted for fraud.
    pub fn is_restricted(&self, key: &Key) -> bool {
        self.rows.get(&TextId::of_key(key)).is_some_and(|row| row.restricted)
    }

    /// The entry that a RequestId was used for, if it is still there; none where the RequestId is new.
    pub fn used_for(&self, participant: Ispb, request_id: Uuid) -> Result<Option<Option<Entry>>, Refusal> {
        let Some(&id) = self.requests.get(&(participant, request_id)) else { return Ok(None) };
        let entry = self.entry_of(id)?;
        Ok(Some(entry.filter(|it| it.account.participant == participant && it.request_id == request_id)))
    }

    /// How many keys lead to an account.
    pub fn keys_of(&self, account: &Account) -> u32 {
        self.accounts.get(&TextId::of_account(account)).copied().unwrap_or_default()
    }

    /// Whether a court blocked a person.
    pub fn is_blocked(&self, person: &TaxId) -> bool {
        self.blocked_persons.contains(person)
    }

    /// Whether a claim of a key is under way.
    pub fn is_claimed(&self, key: &Key) -> bool {
        self.open_claims.contains_key(&TextId::of_key(key))
    }

    /// A claim.
    pub fn claim(&self, id: Uuid) -> Option<&StoredClaim> {
        self.claims.get(&id)
    }

    /// Claims in which a participant takes part, least recently modified first.
    pub fn list_claims(&self, participant: Ispb, filter: &ClaimFilter) -> ClaimPage {
        let from = (filter.modified_after.unwrap_or(DateTime::<Utc>::MIN_UTC), Uuid::nil());
        let to = (filter.modified_before.unwrap_or(DateTime::<Utc>::MAX_UTC), Uuid::max());
        let limit = usize::try_from(filter.limit).unwrap_or(usize::MAX);
        let mut found = BTreeSet::new();
        if from <= to {
            let sides = Side::ALL.into_iter().filter(|&side| filter.side.is_none_or(|it| it == side));
            let wanted = |status: &ClaimStatus| filter.statuses.is_empty() || filter.statuses.contains(status);
            for side in sides {
                for status in ClaimStatus::ALL.into_iter().filter(wanted) {
                    let Some(claims) = self.claims_of.get(&(participant, side, status)) else { continue };
                    let of_type = claims.range(from..=to).filter(|(_, id)| {
                        let claim_type = self.claims.get(id).map(|it| it.claim.claim_type);
                        filter.claim_type.is_none() || filter.claim_type == claim_type
                    });
                    // One more than asked for says whether there are more.
                    found.extend(of_type.take(limit + 1).copied());
                }
            }
        }
        let more = found.len() > limit;
        let claims = found.iter().take(limit).filter_map(|(_, id)| self.claims.get(id));
        ClaimPage { claims: claims.map(|it| it.claim.clone()).collect(), more }
    }

    /// The verifier of a participant's keys of one type.
    pub fn vsync(&self, participant: Ispb, key_type: KeyType) -> VSync {
        self.sets.get(&(participant, key_type)).map(|set| set.vsync).unwrap_or_default()
    }

    /// The content identifiers of a participant's keys of one type, in no order.
    pub fn cids(&self, participant: Ispb, key_type: KeyType) -> Vec<Cid> {
        self.sets.get(&(participant, key_type)).map(|set| set.cids.keys().copied().collect()).unwrap_or_default()
    }

    /// What came and went from a moment on, and whether there is more; then the verifiers after the first and the last
    /// of these events.
    pub fn cid_events(
        &self,
        participant: Ispb,
        key_type: KeyType,
        from: DateTime<Utc>,
        limit: usize,
    ) -> (Vec<CidEvent>, bool, [VSync; 2]) {
        let Some(set) = self.sets.get(&(participant, key_type)) else { return Default::default() };
        let begin = set.events.partition_point(|event| event.occurred_at < from);
        let end = set.events.len().min(begin + limit);
        // Backwards from now: adding and taking away are the same.
        let before = |index: usize| {
            let mut vsync = set.vsync;
            set.events.iter().skip(index).for_each(|event| vsync.add(event.cid));
            vsync
        };
        let verifiers = [before((begin + 1).min(end)), before(end)];
        (set.events[begin..end].to_vec(), end < set.events.len(), verifiers)
    }

    /// A participant's entry by its content identifier.
    pub fn entry_by_cid(&self, participant: Ispb, cid: Cid) -> Result<Option<Entry>, Refusal> {
        let sets = KeyType::ALL.into_iter().filter_map(|key_type| self.sets.get(&(participant, key_type)));
        match sets.filter_map(|set| set.cids.get(&cid)).next() {
            Some(&id) => self.entry_of(id),
            None => Ok(None),
        }
    }

    /// How many entries there are, and how many claims under way.
    pub fn sizes(&self) -> (usize, usize) {
        (self.rows.len(), self.open_claims.len())
    }
}
