//! The directory's policies as the simulator applies them (DICT API 2.6.1, "Limitação de requisições").

use std::collections::{HashMap, VecDeque};

use chrono::{DateTime, Utc};

use super::row::TextId;
use crate::domain::bucket::{Category, Outcome, Policy, PolicyName, TokenBucket, lookup_cost};
use crate::domain::ispb::Ispb;
use crate::domain::key::KeyType;
use crate::domain::owner::PersonType;
use crate::domain::refusal::{Refusal, RefusalKind};
use crate::domain::tax_id::TaxId;

/// The most look-ups that are remembered for the payment that may follow, and the most users' buckets.
const REMEMBERED_MAX: usize = 1_000_000;

/// The state of one policy for one participant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PolicyState {
    /// Which.
    pub name: PolicyName,
    /// Its size and rate.
    pub policy: Policy,
    /// Negative in debt.
    pub available_tokens: i64,
}

/// A look-up that was answered.
#[derive(Clone, Copy)]
struct Lookup {
    user_policy: PolicyName,
    payer: PersonType,
}

/// Who looks what up.
pub(super) struct Asker<'a> {
    pub participant: Ispb,
    pub payer: &'a TaxId,
    pub key_type: KeyType,
}

impl Asker<'_> {
    fn person(&self) -> PersonType {
        if self.payer.is_cpf() { PersonType::Natural } else { PersonType::Legal }
    }
}

/// All buckets.
pub(super) struct Limits {
    enabled: bool,
    category: Category,
    participants: HashMap<(PolicyName, Ispb), TokenBucket>,
    users: HashMap<(PolicyName, TextId), (Policy, TokenBucket)>,
    lookups: HashMap<TextId, Lookup>,
    /// The same, oldest first.
    remembered: VecDeque<TextId>,
}

impl Limits {
    pub fn new(enabled: bool, category: Category) -> Self {
        Self {
            enabled,
            category,
            participants: HashMap::new(),
            users: HashMap::new(),
            lookups: HashMap::new(),
            remembered: VecDeque::new(),
        }
    }

    pub const fn settings(&self) -> (bool, Category) {
        (self.enabled, self.category)
    }

    /// Switches all policies on or off. Whatever changes, buckets are full afterwards.
    pub fn set(&mut self, enabled: bool, category: Option<Category>) {
        *self = Self::new(enabled, category.unwrap_or(self.category));
    }

    fn of_participant(&mut self, name: PolicyName, who: Ispb, now: DateTime<Utc>) -> (Policy, &mut TokenBucket) {
        // The person counts for users' policies only.
        let policy = Policy::of(name, self.category, PersonType::Legal);
        let bucket = self.participants.entry((name, who)).or_insert_with(|| TokenBucket::full(&policy, now));
        bucket.refill(&policy, now);
        (policy, bucket)
    }

    fn of_user(
        &mut self,
        name: PolicyName,
        who: TextId,
        person: PersonType,
        now: DateTime<Utc>,
    ) -> (Policy, &mut TokenBucket) {
        let policy = Policy::of(name, self.category, person);
        if self.users.len() >= REMEMBERED_MAX {
            // A full one is as good as none.
            self.users.retain(|_, (policy, bucket)| {
                bucket.refill(policy, now);
                bucket.tokens() < policy.capacity
            });
        }
        let full = || (policy, TokenBucket::full(&policy, now));
        let (policy, bucket) = self.users.entry((name, who)).or_insert_with(full);
        bucket.refill(policy, now);
        (*policy, bucket)
    }

    /// Whether a call may be made under a policy of its participant.
    pub fn admit(&mut self, name: PolicyName, who: Ispb, now: DateTime<Utc>) -> Result<(), Refusal> {
        if !self.enabled {
            return Ok(());
        }
        let (policy, bucket) = self.of_participant(name, who, now);
        has_token(&policy, *bucket)
    }

    /// Charges a call that was answered with that status.
    pub fn charge(&mut self, name: PolicyName, who: Ispb, http_status: u16, now: DateTime<Utc>) {
        if self.enabled {
            let (policy, bucket) = self.of_participant(name, who, now);
            bucket.charge(&policy, name.call_cost(http_status));
        }
    }

    /// Whether a look-up may be made: by its user, and by its participant.
    pub fn admit_lookup(&mut self, asker: &Asker<'_>, now: DateTime<Utc>) -> Result<(), Refusal> {
        if !self.enabled {
            return Ok(());
        }
        let user = TextId::of(&[asker.payer.as_str()]);
        let (policy, bucket) = self.of_user(PolicyName::of_user(asker.key_type), user, asker.person(), now);
        has_token(&policy, *bucket)?;
        self.admit(PolicyName::EntriesReadParticipantAntiscan, asker.participant, now)
    }

    /// Charges a look-up, and remembers one that found something for the payment that may follow.
    pub fn charge_lookup(&mut self, asker: &Asker<'_>, end_to_end_id: &str, outcome: Outcome, now: DateTime<Utc>) {
        if !self.enabled {
            return;
        }
        let lookup = Lookup { user_policy: PolicyName::of_user(asker.key_type), payer: asker.person() };
        self.charge_both(lookup, asker.participant, asker.payer, outcome, now);
        if outcome == Outcome::Found {
            let id = lookup_id(asker.participant, asker.payer, end_to_end_id);
            if self.lookups.insert(id, lookup).is_none() {
                self.remembered.push_back(id);
            }
            if self.remembered.len() > REMEMBERED_MAX
                && let Some(oldest) = self.remembered.pop_front()
            {
                self.lookups.remove(&oldest);
            }
        }
    }

    /// Pays a look-up back, once. An order that followed none, or was reported before, changes nothing: the directory
    /// sees orders of all kinds.
    pub fn pay_back(&mut self, participant: Ispb, payer: &TaxId, end_to_end_id: &str, now: DateTime<Utc>) {
        if let Some(lookup) = self.lookups.remove(&lookup_id(participant, payer, end_to_end_id)) {
            self.charge_both(lookup, participant, payer, Outcome::PaymentSent, now);
        }
    }

    fn charge_both(&mut self, lookup: Lookup, who: Ispb, payer: &TaxId, outcome: Outcome, now: DateTime<Utc>) {
        let Lookup { user_policy, payer: person } = lookup;
        let user = TextId::of(&[payer.as_str()]);
        let (policy, bucket) = self.of_user(user_policy, user, person, now);
        bucket.charge(&policy, lookup_cost(user_policy, outcome, person));
        let name = PolicyName::EntriesReadParticipantAntiscan;
        let (policy, bucket) = self.of_participant(name, who, now);
        bucket.charge(&policy, lookup_cost(name, outcome, person));
    }

    /// Every policy of a participant, as it stands.
    pub fn states(&mut self, who: Ispb, now: DateTime<Utc>) -> Vec<PolicyState> {
        let of_participants = |name: &PolicyName| {
            !matches!(name, PolicyName::EntriesReadUserAntiscan | PolicyName::EntriesReadUserAntiscanV2)
        };
        let names = PolicyName::ALL.into_iter().filter(of_participants);
        let state = |name| {
            let (policy, bucket) = self.of_participant(name, who, now);
            PolicyState { name, policy, available_tokens: bucket.tokens() }
        };
        names.map(state).collect()
    }
}

/// Whether there is a token, without taking it: what a call costs is known when it is answered.
fn has_token(policy: &Policy, mut bucket: TokenBucket) -> Result<(), Refusal> {
    let refused = |wait_ms| Refusal { retry_after_ms: Some(wait_ms), ..RefusalKind::RateLimited.into() };
    bucket.try_take(policy).map_err(refused)
}

fn lookup_id(participant: Ispb, payer: &TaxId, end_to_end_id: &str) -> TextId {
    TextId::of(&[participant.as_str(), payer.as_str(), end_to_end_id])
}
