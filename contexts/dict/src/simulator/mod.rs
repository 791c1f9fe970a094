//! A directory that follows the Central Bank's rules (DICT API 2.6.1, Manual Operacional do DICT 8.0), for trying the
//! product out and for testing it: the stand-in of the real one in this process, or behind `grpc` in a process of its own.
//!
//! It keeps everything in memory, and in a journal where one is given. It does not check check digits, as the real one
//! does not. Unlike the real one it has a clock that can be moved forward, policies that can be switched off, and faults
//! to order. It knows every institution that asks.

mod change;
mod control;
mod core;
mod faults;
pub mod grpc;
mod journal;
mod limits;
mod row;
mod state;

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use platform::clock::Clock;
use platform::random::Entropy;
use uuid::Uuid;

pub use self::control::{Blocking, SimulatorState, Tampering};
pub use self::faults::Fault;
pub use self::journal::JournalError;

use self::core::Core;
use self::faults::Faults;
use self::journal::Journal;
use self::limits::Limits;
use self::row::to_microseconds;
use self::state::State;
use crate::directory::{
    CidEvent, ClaimFilter, ClaimPage, CompletedClaim, Directory, DirectoryError, EntryQuery, EntryUpdate, FoundEntry,
    NewClaim, NewEntry, SyncVerification,
};
use crate::domain::bucket::{Category, PolicyName};
use crate::domain::cid::{Cid, VSync};
use crate::domain::claim::{Claim, Side, Step};
use crate::domain::entry::Entry;
use crate::domain::ispb::Ispb;
use crate::domain::key::{Key, KeyType};
use crate::domain::reason::{ClaimReason, EntryReason};
use crate::domain::refusal::{Refusal, RefusalKind, Violation};
use crate::domain::tax_id::TaxId;

/// The most claims or CID events that one question may ask for (DICT API 2.6.1, listClaims, listCidSetEvents).
const LIST_MAX: u32 = 200;

/// How a simulator begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SimulatorOptions {
    /// Where what was accepted is written, so that it is there again after the process ended; none: in memory only. It
    /// holds personal data in the clear: the simulator is no place for real people.
    pub journal: Option<PathBuf>,
    /// Whether policies are applied.
    pub policies: bool,
    /// The category of every participant.
    pub category: Category,
}

/// The directory that follows the rules. Clones are the same one.
#[derive(Clone)]
pub struct Simulator {
    inner: Arc<Inner>,
}

struct Inner {
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    core: Mutex<Core>,
}

impl fmt::Debug for Simulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Simulator").finish_non_exhaustive()
    }
}

/// Why a call was not answered.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Unanswered {
    /// It was, with a refusal.
    Refused(Refusal),
    /// No answer comes.
    Lost,
}

impl From<Unanswered> for DirectoryError {
    fn from(unanswered: Unanswered) -> Self {
        match unanswered {
            // Whoever fails inside does not say what it did.
            Unanswered::Refused(refusal) if refusal.kind == RefusalKind::InternalServerError => Self::Unknown,
            Unanswered::Refused(refusal) if refusal.kind == RefusalKind::ServiceUnavailable => {
                Self::Unavailable { retry_after_ms: refusal.retry_after_ms }
            }
            Unanswered::Refused(refusal) => Self::Refused(refusal),
            Unanswered::Lost => Self::Unknown,
        }
    }
}

/// An operation of the directory: the contract's name for it, and the policies that count its calls. Look-ups count by
/// what they find.
struct Method(&'static str, &'static [PolicyName]);

const CREATE_ENTRY: Method = Method("CreateEntry", &[PolicyName::EntriesWrite]);
const UPDATE_ENTRY: Method = Method("UpdateEntry", &[PolicyName::EntriesUpdate]);
const DELETE_ENTRY: Method = Method("DeleteEntry", &[PolicyName::EntriesWrite]);
const GET_ENTRY: Method = Method("GetEntry", &[]);
const CHECK_KEYS: Method = Method("CheckKeys", &[PolicyName::KeysCheck]);
const CREATE_CLAIM: Method = Method("CreateClaim", &[PolicyName::ClaimsWrite]);
const ACKNOWLEDGE_CLAIM: Method = Method("AcknowledgeClaim", &[PolicyName::ClaimsWrite]);
const CONFIRM_CLAIM: Method = Method("ConfirmClaim", &[PolicyName::ClaimsWrite]);
const CANCEL_CLAIM: Method = Method("CancelClaim", &[PolicyName::ClaimsWrite]);
const COMPLETE_CLAIM: Method = Method("CompleteClaim", &[PolicyName::ClaimsWrite]);
const GET_CLAIM: Method = Method("GetClaim", &[PolicyName::ClaimsRead]);
const LIST_CLAIMS: Method = Method("ListClaims", &[PolicyName::ClaimsListWithoutRole]);
const LIST_CLAIMS_OF_SIDE: Method = Method("ListClaims", &[PolicyName::ClaimsListWithRole]);
const VERIFY_SYNC: Method = Method("CreateSyncVerification", &[PolicyName::SyncVerificationsWrite]);
const LIST_CID_EVENTS: Method = Method("ListCidEvents", &[PolicyName::CidsEventsList]);
// It stands for ordering the file and fetching it.
const LIST_CIDS: Method = Method("ListCids", &[PolicyName::CidsFilesWrite, PolicyName::CidsFilesRead]);
const GET_ENTRY_BY_CID: Method = Method("GetEntryByCid", &[PolicyName::CidsEntriesRead]);
const LIST_POLICIES: Method = Method("ListPolicies", &[PolicyName::PoliciesList]);
const REPORT_PAYMENT_SENT: Method = Method("ReportPaymentSent", &[]);

const METHODS: [Method; 19] = [
    CREATE_ENTRY,
    UPDATE_ENTRY,
    DELETE_ENTRY,
    GET_ENTRY,
    CHECK_KEYS,
    CREATE_CLAIM,
    ACKNOWLEDGE_CLAIM,
    CONFIRM_CLAIM,
    CANCEL_CLAIM,
    COMPLETE_CLAIM,
    GET_CLAIM,
    LIST_CLAIMS,
    LIST_CLAIMS_OF_SIDE,
    VERIFY_SYNC,
    LIST_CID_EVENTS,
    LIST_CIDS,
    GET_ENTRY_BY_CID,
    LIST_POLICIES,
    REPORT_PAYMENT_SENT,
];

impl Simulator {
    /// Begins empty, or where its journal ends.
    ///
    /// # Errors
    /// If the journal cannot be read or written, is damaged, or another process has it.
    pub fn open(
        options: &SimulatorOptions,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> Result<Self, JournalError> {
        let mut state = State::default();
        let journal = options.journal.as_deref();
        let journal = journal.map(|path| Journal::open(path, |at, change| state.apply(at, change))).transpose()?;
        let limits = Limits::new(options.policies, options.category);
        let core = Mutex::new(Core { state, journal, limits, faults: Faults::default() });
        Ok(Self { inner: Arc::new(Inner { clock, entropy, core }) })
    }

    /// Works behind the lock, at the virtual moment that it is there.
    fn locked<T>(&self, work: impl FnOnce(&mut Core, DateTime<Utc>) -> T) -> T {
        // A panic while it was held is a defect, but every change is made as a whole.
        let mut core = self.inner.core.lock().unwrap_or_else(PoisonError::into_inner);
        let now = to_microseconds(self.inner.clock.now() + core.state.ahead);
        work(&mut core, now)
    }

    /// A call: its fault if one was ordered, its policies, the work, and what that costs.
    fn call<T>(
        &self,
        method: &Method,
        participant: Ispb,
        work: impl FnOnce(&mut Core, DateTime<Utc>) -> Result<T, Refusal>,
    ) -> Result<T, Unanswered> {
        let Method(name, policies) = *method;
        self.locked(|core, now| {
            let fault = core.faults.next(name);
            match fault {
                Some(Fault::RequestLost) => return Err(Unanswered::Lost),
                Some(fault) if let Some(refusal) = fault.refusal() => return Err(Unanswered::Refused(refusal)),
                _ => {}
            }
            for &policy in policies {
                core.limits.admit(policy, participant, now).map_err(Unanswered::Refused)?;
            }
            let result = work(core, now);
            let http_status = result.as_ref().map_or_else(|refusal| refusal.kind.http_status(), |_| 200);
            for &policy in policies {
                core.limits.charge(policy, participant, http_status, now);
            }
            if fault == Some(Fault::AnswerLost) {
                return Err(Unanswered::Lost);
            }
            result.map_err(Unanswered::Refused)
        })
    }

    fn entropy(&self) -> &dyn Entropy {
        &*self.inner.entropy
    }
}

fn check_limit(limit: u32) -> Result<usize, Refusal> {
    let limit = Some(limit).filter(|limit| (1..=LIST_MAX).contains(limit));
    limit.and_then(|limit| usize::try_from(limit).ok()).ok_or_else(|| Refusal {
        violations: vec![Violation::new("limit", "it is 1 to 200")],
        ..RefusalKind::BadRequest.into()
    })
}

#[tonic::async_trait]
impl Directory for Simulator {
    async fn create_entry(&self, entry: &NewEntry) -> Result<Entry, DirectoryError> {
        let work = |core: &mut Core, now| core.create_entry(entry, now, self.entropy());
        Ok(self.call(&CREATE_ENTRY, entry.account.participant, work)?)
    }

    async fn update_entry(&self, update: &EntryUpdate) -> Result<Entry, DirectoryError> {
        Ok(self.call(&UPDATE_ENTRY, update.account.participant, |core, now| core.update_entry(update, now))?)
    }

    async fn delete_entry(&self, participant: Ispb, key: &Key, reason: EntryReason) -> Result<(), DirectoryError> {
        Ok(self.call(&DELETE_ENTRY, participant, |core, now| core.delete_entry(participant, key, reason, now))?)
    }

    async fn get_entry(&self, query: &EntryQuery) -> Result<FoundEntry, DirectoryError> {
        Ok(self.call(&GET_ENTRY, query.participant, |core, now| core.get_entry(query, now))?)
    }

    async fn check_keys(&self, participant: Ispb, keys: &[Key]) -> Result<Vec<bool>, DirectoryError> {
        Ok(self.call(&CHECK_KEYS, participant, |core, _| core.check_keys(keys))?)
    }

    async fn create_claim(&self, claim: &NewClaim) -> Result<Claim, DirectoryError> {
        let work = |core: &mut Core, now| core.create_claim(claim, now, self.entropy());
        Ok(self.call(&CREATE_CLAIM, claim.claimer_account.participant, work)?)
    }

    async fn acknowledge_claim(&self, participant: Ispb, id: Uuid) -> Result<Claim, DirectoryError> {
        let work = |core: &mut Core, now| core.step_claim(participant, id, Step::Acknowledge, Side::Donor, now);
        Ok(self.call(&ACKNOWLEDGE_CLAIM, participant, work)?)
    }

    async fn confirm_claim(&self, participant: Ispb, id: Uuid, reason: ClaimReason) -> Result<Claim, DirectoryError> {
        let work = |core: &mut Core, now| core.step_claim(participant, id, Step::Confirm(reason), Side::Donor, now);
        Ok(self.call(&CONFIRM_CLAIM, participant, work)?)
    }

    async fn cancel_claim(
        &self,
        participant: Ispb,
        id: Uuid,
        side: Side,
        reason: ClaimReason,
    ) -> Result<Claim, DirectoryError> {
        let work = |core: &mut Core, now| core.cancel_claim(participant, id, Some(side), reason, now);
        Ok(self.call(&CANCEL_CLAIM, participant, work)?)
    }

    async fn complete_claim(
        &self,
        participant: Ispb,
        id: Uuid,
        request_id: Uuid,
    ) -> Result<CompletedClaim, DirectoryError> {
        let work = |core: &mut Core, now| core.complete_claim(participant, id, request_id, now);
        Ok(self.call(&COMPLETE_CLAIM, participant, work)?)
    }

    async fn get_claim(&self, participant: Ispb, id: Uuid) -> Result<Claim, DirectoryError> {
        Ok(self.call(&GET_CLAIM, participant, |core, _| core.get_claim(participant, id))?)
    }

    async fn list_claims(&self, participant: Ispb, filter: &ClaimFilter) -> Result<ClaimPage, DirectoryError> {
        let method = if filter.side.is_some() { LIST_CLAIMS_OF_SIDE } else { LIST_CLAIMS };
        Ok(self.call(&method, participant, |core, _| {
            check_limit(filter.limit)?;
            Ok(core.state.list_claims(participant, filter))
        })?)
    }

    async fn verify_sync(
        &self,
        participant: Ispb,
        key_type: KeyType,
        vsync: VSync,
    ) -> Result<SyncVerification, DirectoryError> {
        Ok(self.call(&VERIFY_SYNC, participant, |core, now| {
            Ok(SyncVerification { agreed: core.state.vsync(participant, key_type) == vsync, verified_at: now })
        })?)
    }

    async fn list_cid_events(
        &self,
        participant: Ispb,
        key_type: KeyType,
        from: DateTime<Utc>,
        limit: u32,
    ) -> Result<(Vec<CidEvent>, bool), DirectoryError> {
        Ok(self.call(&LIST_CID_EVENTS, participant, |core, _| {
            let (events, more, _) = core.state.cid_events(participant, key_type, from, check_limit(limit)?);
            Ok((events, more))
        })?)
    }

    async fn list_cids(&self, participant: Ispb, key_type: KeyType) -> Result<Vec<Cid>, DirectoryError> {
        Ok(self.call(&LIST_CIDS, participant, |core, _| Ok(core.state.cids(participant, key_type)))?)
    }

    async fn get_entry_by_cid(&self, participant: Ispb, cid: Cid) -> Result<Entry, DirectoryError> {
        Ok(self.call(&GET_ENTRY_BY_CID, participant, |core, _| core.entry_by_cid(participant, cid))?)
    }

    async fn report_payment_sent(
        &self,
        participant: Ispb,
        payer: &TaxId,
        end_to_end_id: &str,
    ) -> Result<(), DirectoryError> {
        Ok(self.call(&REPORT_PAYMENT_SENT, participant, |core, now| {
            core.limits.pay_back(participant, payer, end_to_end_id, now);
            Ok(())
        })?)
    }
}
