//! What only the simulator can: its clock, policies and faults, and what the bank's testers and courts do to keys.

use chrono::{DateTime, Datelike, TimeDelta, Utc};
use uuid::Uuid;

use super::change::Change;
use super::core::{Core, random_uuid};
use super::{Fault, METHODS, Method, Simulator};
use crate::domain::bucket::Category;
use crate::domain::cid::Cid;
use crate::domain::entry::Entry;
use crate::domain::key::Key;
use crate::domain::refusal::{Refusal, RefusalKind};
use crate::domain::tax_id::TaxId;

/// The virtual clock does not leave the years that RFC 3339 can write.
const LAST_YEAR: i32 = 9998;
/// The most calls that one fault is ordered for.
const FAULT_TIMES_MAX: u32 = 1_000_000;

/// How a simulator stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SimulatorState {
    /// Its virtual time.
    pub now: DateTime<Utc>,
    /// Whether policies are applied.
    pub policies: bool,
    /// The category of every participant.
    pub category: Category,
    /// How many entries it has.
    pub entries: usize,
    /// How many claims are under way.
    pub open_claims: usize,
}

/// What is done to an entry behind its institution's back.
#[derive(Clone, PartialEq, Eq)]
pub enum Tampering {
    /// It comes, where the key has none.
    Insert(Entry),
    /// It is now so, where the key has one.
    Overwrite(Entry),
    /// It goes.
    Remove(Key),
}

/// What is blocked.
#[derive(Clone, PartialEq, Eq)]
pub enum Blocking {
    /// A key, by a court: nothing may be done with it (EntryBlocked).
    Key(Key),
    /// A key, for fraud (EntryWithFraudRelatedRestriction).
    KeyForFraud(Key),
    /// A person, by a court: no key is registered for it (TaxIdNumberBlocked).
    TaxId(TaxId),
}

fn refused(property: &str, reason: &str) -> Refusal {
    Refusal::of_field(RefusalKind::BadRequest, property, reason)
}

impl Core {
    /// The entry of a key, as it is.
    fn existing(&self, key: &Key) -> Result<(Entry, bool), Refusal> {
        let entry = self.state.entry(key)?.ok_or(RefusalKind::NotFound)?;
        Ok((entry, self.state.is_restricted(key)))
    }
}

impl Simulator {
    /// How it stands.
    #[must_use]
    pub fn state(&self) -> SimulatorState {
        self.locked(|core, now| {
            let ((policies, category), (entries, open_claims)) = (core.limits.settings(), core.state.sizes());
            SimulatorState { now, policies, category, entries, open_claims }
        })
    }

    /// A RequestId for an entry that comes from nobody's request.
    ///
    /// # Errors
    /// If there is no randomness.
    pub fn new_request_id(&self) -> Result<Uuid, Refusal> {
        random_uuid(self.entropy())
    }

    /// Moves the virtual clock forward.
    ///
    /// # Errors
    /// BadRequest where that is backwards, or beyond the year 9998.
    pub fn advance_clock(&self, seconds: i64) -> Result<(), Refusal> {
        self.locked(|core, now| {
            let by = TimeDelta::try_seconds(seconds).filter(|_| seconds >= 0);
            let by = by.ok_or_else(|| refused("seconds", "the clock moves forward only"))?;
            let moved = now.checked_add_signed(by).filter(|it| it.year() <= LAST_YEAR);
            moved.ok_or_else(|| refused("seconds", "the clock does not go beyond the year 9998"))?;
            let ahead_ms = Some((core.state.ahead + by).num_milliseconds());
            let at = core.state.next_moment(now);
            core.commit(at, Change { ahead_ms, ..Change::default() })
        })
    }

    /// Switches policies on or off, and chooses the category where one is given. Buckets are full afterwards. The journal
    /// does not keep it: a simulator begins as its options say, its buckets full.
    pub fn set_policies(&self, enabled: bool, category: Option<Category>) {
        self.locked(|core, _| core.limits.set(enabled, category));
    }

    /// The next `times` calls of a method (by the contract's name: `CreateEntry`), or of any, fail; 0 ends it.
    ///
    /// # Errors
    /// BadRequest where there is no such method, or that is too many.
    pub fn inject_fault(&self, method: Option<&str>, fault: Fault, times: u32) -> Result<(), Refusal> {
        let named = |name: &str| METHODS.iter().find(|Method(it, _)| *it == name).map(|Method(it, _)| *it);
        let unknown = || refused("method", "there is no such method");
        let method = method.map(|name| named(name).ok_or_else(unknown)).transpose()?;
        if times > FAULT_TIMES_MAX {
            return Err(refused("times", "at most 1,000,000 calls can fail"));
        }
        self.locked(|core, _| core.faults.set(method, fault, times));
        Ok(())
    }

    /// Changes an entry behind its institution's back. Its content identifier, then or before it went.
    ///
    /// # Errors
    /// NotFound where there is none, EntryAlreadyExists where there is one, EntryInvalid with its fields.
    pub fn tamper(&self, tampering: Tampering) -> Result<Cid, Refusal> {
        self.locked(|core, now| {
            let (cid, change) = match tampering {
                Tampering::Remove(key) => {
                    let (entry, _) = core.existing(&key)?;
                    (Cid::of(&entry), Change { gone: Some(key), ..Change::default() })
                }
                Tampering::Insert(entry) if core.state.has_entry(&entry.key) => {
                    return Err(RefusalKind::EntryAlreadyExists.into());
                }
                Tampering::Insert(entry) => put(entry, false)?,
                Tampering::Overwrite(entry) => {
                    let (_, restricted) = core.existing(&entry.key)?;
                    put(entry, restricted)?
                }
            };
            let at = core.state.next_moment(now);
            core.commit(at, change)?;
            Ok(cid)
        })
    }

    /// The entry of a key, as it is: for testers, who see everything.
    ///
    /// # Errors
    /// NotFound.
    pub fn entry(&self, key: &Key) -> Result<Entry, Refusal> {
        self.locked(|core, _| core.existing(key).map(|(entry, _)| entry))
    }

    /// Blocks, or lets go.
    ///
    /// # Errors
    /// NotFound where the key has no entry.
    pub fn block(&self, what: Blocking, blocked: bool) -> Result<(), Refusal> {
        self.locked(|core, now| {
            let change = match what {
                Blocking::Key(key) => {
                    let (entry, restricted) = core.existing(&key)?;
                    Change { put: Some((Entry { blocked, ..entry }, restricted)), ..Change::default() }
                }
                Blocking::KeyForFraud(key) => {
                    let (entry, _) = core.existing(&key)?;
                    Change { put: Some((entry, blocked)), ..Change::default() }
                }
                Blocking::TaxId(tax_id) => Change { person: Some((tax_id, blocked)), ..Change::default() },
            };
            let at = core.state.next_moment(now);
            core.commit(at, change)
        })
    }
}

fn put(entry: Entry, restricted: bool) -> Result<(Cid, Change), Refusal> {
    // Checked as little as an entry can be kept with.
    let fields = entry.account.check().and_then(|()| entry.owner.check(false));
    fields.map_err(|violations| Refusal { violations, ..RefusalKind::EntryInvalid.into() })?;
    Ok((Cid::of(&entry), Change { put: Some((entry, restricted)), ..Change::default() }))
}
