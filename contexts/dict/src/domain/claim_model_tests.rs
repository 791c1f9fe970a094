//! Two institutions, two people, one key and a virtual clock: the domain beside a model that is written otherwise, from
//! the prose of the manual, and must agree after every step.

use proptest::prelude::*;

use super::*;
use crate::domain::entry::{check_delete, check_free};
use crate::domain::fixture::{BANK, OTHER_BANK, account, ana, bruno, entry, noon};
use crate::domain::reason::EntryReason;

use ClaimReason::{AccountClosure, DefaultOperation, Fraud, Reconciliation, RfbValidation, UserRequested};

const BANKS: [&str; 2] = [BANK, OTHER_BANK];
const DAY: i64 = 24;

/// What may happen next. Banks and people are 0 or 1.
#[derive(Debug, Clone, Copy)]
enum Act {
    Register {
        bank: usize,
        person: usize,
    },
    Delete {
        bank: usize,
    },
    Claim {
        bank: usize,
        person: usize,
        ownership: bool,
    },
    Take {
        step: Step,
        side: Side,
    },
    /// Hours; below zero the clock is set back.
    Wait {
        hours: i64,
    },
    /// The jobs of one bank run until they find nothing to do.
    Jobs {
        bank: usize,
        possession: bool,
    },
}

fn acts() -> impl Strategy<Value = Act> {
    let reason = || proptest::sample::select(&ClaimReason::ALL[..]);
    let side = || proptest::sample::select(&Side::ALL[..]);
    let step = prop_oneof![
        Just(Step::Acknowledge),
        Just(Step::Complete),
        reason().prop_map(Step::Confirm),
        reason().prop_map(Step::Cancel),
    ];
    let hours = prop_oneof![-30_i64..0, 0..DAY, 3 * DAY..8 * DAY, 14 * DAY..17 * DAY];
    prop_oneof![
        2 => (0..2_usize, 0..2_usize).prop_map(|(bank, person)| Act::Register { bank, person }),
        1 => (0..2_usize).prop_map(|bank| Act::Delete { bank }),
        3 => (0..2_usize, 0..2_usize, any::<bool>())
            .prop_map(|(bank, person, ownership)| Act::Claim { bank, person, ownership }),
        8 => (step, side()).prop_map(|(step, side)| Act::Take { step, side }),
        4 => hours.prop_map(|hours| Act::Wait { hours }),
        3 => (0..2_usize, any::<bool>()).prop_map(|(bank, possession)| Act::Jobs { bank, possession }),
    ]
}

fn person(number: usize) -> Owner {
    if number == 0 { ana() } else { bruno() }
}

fn moment(hours: i64) -> DateTime<Utc> {
    noon() + TimeDelta::hours(hours)
}

type Outcome = Result<(), RefusalKind>;

/// The domain, with a base for each bank.
struct System {
    key: Key,
    bases: [Option<Entry>; 2],
    claim: Option<Claim>,
    donor_owned_since: DateTime<Utc>,
}

impl System {
    fn entry(&self) -> Option<&Entry> {
        self.bases.iter().flatten().next()
    }

    fn claimed(&self) -> bool {
        self.claim.as_ref().is_some_and(|claim| claim.status.is_open())
    }

    fn act(&mut self, act: Act, now: DateTime<Utc>) -> Outcome {
        match act {
            Act::Register { bank, person: number } => {
                let owner = person(number);
                let participant = BANKS[bank].parse().unwrap();
                check_free(self.entry(), participant, &owner.tax_id, self.claimed()).map_err(|it| it.kind)?;
                let new =
                    Entry { key_owned_since: now, created_at: now, ..entry(self.key.clone(), BANKS[bank], owner) };
                self.bases[bank] = Some(new);
                Ok(())
            }
            Act::Delete { bank } => {
                let participant = BANKS[bank].parse().unwrap();
                check_delete(self.entry(), participant, EntryReason::UserRequested, None, self.claimed())
                    .map_err(|it| it.kind)?;
                self.bases[bank] = None;
                Ok(())
            }
            Act::Claim { bank, person: number, ownership } => {
                let claim_type = if ownership { ClaimType::Ownership } else { ClaimType::Portability };
                let (owner, to) = (person(number), account(BANKS[bank]));
                check_new(claim_type, &self.key, self.entry(), &owner, &to, self.claimed()).map_err(|it| it.kind)?;
                let donor = self.entry().unwrap().account.participant;
                self.claim = Some(open(Uuid::nil(), claim_type, self.key.clone(), donor, owner, to, now));
                Ok(())
            }
            Act::Take { step, side } => self.take(step, side, now),
            Act::Wait { .. } => Ok(()),
            Act::Jobs { bank, possession } => {
                let bank = BANKS[bank].parse().unwrap();
                while let Some(claim) = &self.claim {
                    let sides: Vec<_> = Side::ALL.into_iter().filter(|it| claim.participant(*it) == bank).collect();
                    let Some(due) = due(claim, &sides, possession, now) else { break };
                    self.take(due.step, due.side, now).unwrap();
                }
                Ok(())
            }
        }
    }

    fn take(&mut self, taken: Step, side: Side, now: DateTime<Utc>) -> Outcome {
        let Some(before) = &self.claim else { return Ok(()) };
        let after = step(before, taken, side, now).map_err(|it| it.kind)?;
        if after.status != before.status {
            assert_on_time(&after, now);
            let bank_of = |side| usize::from(after.participant(side).as_str() == OTHER_BANK);
            match after.status {
                ClaimStatus::Confirmed => {
                    let given_up = self.bases[bank_of(Side::Donor)].take().unwrap();
                    self.donor_owned_since = given_up.key_owned_since;
                }
                ClaimStatus::Completed => {
                    let new = resulting_entry(&after, self.donor_owned_since, Uuid::nil(), now);
                    assert!(self.bases[bank_of(Side::Claimer)].replace(new).is_none());
                }
                _ => {}
            }
        }
        self.claim = Some(after);
        Ok(())
    }
}

/// No period is cut short, whatever led here.
fn assert_on_time(claim: &Claim, now: DateTime<Utc>) {
    let days_open = (now - claim.opened_at).num_days();
    let ownership = claim.claim_type == ClaimType::Ownership;
    match claim.status {
        ClaimStatus::Confirmed if claim.confirm_reason == Some(DefaultOperation) => {
            assert!(ownership && days_open >= 7)
        }
        ClaimStatus::Cancelled if claim.cancel_reason == Some(DefaultOperation) => {
            assert!(days_open >= if ownership { 30 } else { 7 });
        }
        ClaimStatus::Completed if claim.confirm_reason == Some(DefaultOperation) => assert!(days_open >= 14),
        _ => {}
    }
}

/// The prose, in plain conditions, with hours for instants.
#[derive(Default)]
struct Model {
    /// Bank, person, since when the person has the key.
    holder: Option<(usize, usize, i64)>,
    claim: Option<ModelClaim>,
}

#[derive(Clone, Copy)]
struct ModelClaim {
    ownership: bool,
    status: ClaimStatus,
    donor: usize,
    bank: usize,
    person: usize,
    opened: i64,
    may_complete: i64,
    changed: i64,
    donor_since: i64,
    confirmed_for: Option<ClaimReason>,
    cancelled_for: Option<(ClaimReason, Side)>,
}

impl Model {
    fn act(&mut self, act: Act, now: i64) -> Outcome {
        let claimed = self
            .claim
            .is_some_and(|claim| claim.status != ClaimStatus::Cancelled && claim.status != ClaimStatus::Completed);
        match act {
            Act::Register { bank, person } => {
                if let Some((holder, owner, _)) = self.holder {
                    return Err(if owner != person {
                        RefusalKind::EntryKeyOwnedByDifferentPerson
                    } else if holder != bank {
                        RefusalKind::EntryKeyInCustodyOfDifferentParticipant
                    } else {
                        RefusalKind::EntryAlreadyExists
                    });
                }
                if claimed {
                    return Err(RefusalKind::EntryLockedByClaim);
                }
                self.holder = Some((bank, person, now));
            }
            Act::Delete { bank } => {
                let Some((holder, _, _)) = self.holder else { return Err(RefusalKind::NotFound) };
                if holder != bank {
                    return Err(RefusalKind::Forbidden);
                }
                if claimed {
                    return Err(RefusalKind::EntryLockedByClaim);
                }
                self.holder = None;
            }
            Act::Claim { bank, person, ownership } => {
                if claimed {
                    return Err(RefusalKind::ClaimAlreadyExistsForKey);
                }
                let Some((donor, owner, donor_since)) = self.holder else { return Err(RefusalKind::ClaimKeyNotFound) };
                if donor == bank && owner == person {
                    return Err(RefusalKind::ClaimResultingEntryAlreadyExists);
                }
                if ownership == (owner == person) {
                    return Err(RefusalKind::ClaimTypeInconsistent);
                }
                self.claim = Some(ModelClaim {
                    ownership,
                    status: ClaimStatus::Open,
                    donor,
                    bank,
                    person,
                    opened: now,
                    may_complete: now + 14 * DAY,
                    changed: now,
                    donor_since,
                    confirmed_for: None,
                    cancelled_for: None,
                });
            }
            Act::Take { step, side } => return self.take(step, side, now),
            Act::Wait { .. } => {}
            Act::Jobs { bank, possession } => self.jobs(bank, possession, now),
        }
        Ok(())
    }

    fn take(&mut self, step: Step, side: Side, now: i64) -> Outcome {
        let Some(mut claim) = self.claim else { return Ok(()) };
        let before = claim.status;
        match step {
            Step::Acknowledge => claim.acknowledge(side)?,
            Step::Confirm(reason) => claim.confirm(reason, side, now)?,
            Step::Complete => claim.complete(side, now)?,
            Step::Cancel(reason) => claim.cancel(reason, side, now)?,
        }
        if claim.status != before {
            claim.changed = claim.changed.max(now);
        }
        if before == ClaimStatus::WaitingResolution && claim.status == ClaimStatus::Confirmed {
            claim.donor_since = self.holder.unwrap().2;
            self.holder = None;
        }
        if before == ClaimStatus::Confirmed && claim.status == ClaimStatus::Completed {
            let since = if claim.ownership { now } else { claim.donor_since };
            self.holder = Some((claim.bank, claim.person, since));
        }
        self.claim = Some(claim);
        Ok(())
    }

    fn jobs(&mut self, bank: usize, possession: bool, now: i64) {
        let of_donor = self.claim.is_some_and(|claim| claim.donor == bank);
        let of_claimer = self.claim.is_some_and(|claim| claim.bank == bank);
        if of_donor {
            self.job(Step::Acknowledge, Side::Donor, now, |claim| claim.status == ClaimStatus::Open);
            let waits =
                |claim: ModelClaim| claim.status == ClaimStatus::WaitingResolution && now >= claim.opened + 7 * DAY;
            self.job(Step::Confirm(DefaultOperation), Side::Donor, now, |claim| claim.ownership && waits(claim));
            self.job(Step::Cancel(DefaultOperation), Side::Donor, now, |claim| !claim.ownership && waits(claim));
        }
        if of_claimer {
            self.job(Step::Complete, Side::Claimer, now, |claim| {
                let may = !claim.ownership || (possession && now >= claim.may_complete);
                claim.status == ClaimStatus::Confirmed && may
            });
            self.job(Step::Cancel(DefaultOperation), Side::Claimer, now, |claim| {
                let over = matches!(claim.status, ClaimStatus::Cancelled | ClaimStatus::Completed);
                claim.ownership && !over && !possession && now >= claim.opened + 30 * DAY
            });
        }
    }

    fn job(&mut self, step: Step, side: Side, now: i64, owed: impl Fn(ModelClaim) -> bool) {
        if self.claim.is_some_and(owed) {
            self.take(step, side, now).unwrap();
        }
    }
}

impl ModelClaim {
    fn acknowledge(&mut self, side: Side) -> Outcome {
        let may = matches!(self.status, ClaimStatus::Open | ClaimStatus::WaitingResolution);
        if side == Side::Claimer || !may {
            return Err(RefusalKind::ClaimOperationInvalid);
        }
        self.status = ClaimStatus::WaitingResolution;
        Ok(())
    }

    fn confirm(&mut self, reason: ClaimReason, side: Side, now: i64) -> Outcome {
        if side == Side::Claimer {
            return Err(RefusalKind::ClaimOperationInvalid);
        }
        if self.status == ClaimStatus::Confirmed && self.confirmed_for == Some(reason) {
            return Ok(());
        }
        let other = if self.ownership { DefaultOperation } else { AccountClosure };
        if reason != UserRequested && reason != other {
            return Err(RefusalKind::InvalidReason);
        }
        if self.status != ClaimStatus::WaitingResolution {
            return Err(RefusalKind::ClaimOperationInvalid);
        }
        if reason == DefaultOperation && now < self.opened + 7 * DAY {
            return Err(RefusalKind::ClaimResolutionPeriodNotEnded);
        }
        if reason == UserRequested {
            self.may_complete = now.max(self.changed);
        }
        self.confirmed_for = Some(reason);
        self.status = ClaimStatus::Confirmed;
        Ok(())
    }

    fn complete(&mut self, side: Side, now: i64) -> Outcome {
        if side == Side::Donor {
            return Err(RefusalKind::ClaimOperationInvalid);
        }
        if self.status == ClaimStatus::Completed {
            return Ok(());
        }
        if self.status != ClaimStatus::Confirmed {
            return Err(RefusalKind::ClaimOperationInvalid);
        }
        if self.ownership && now < self.may_complete {
            return Err(RefusalKind::ClaimCompletionPeriodNotEnded);
        }
        self.status = ClaimStatus::Completed;
        Ok(())
    }

    fn cancel(&mut self, reason: ClaimReason, side: Side, now: i64) -> Outcome {
        if self.status == ClaimStatus::Cancelled && self.cancelled_for == Some((reason, side)) {
            return Ok(());
        }
        let donor = side == Side::Donor;
        let forbidden = if self.ownership {
            donor && reason != Fraud
        } else if donor {
            [AccountClosure, Reconciliation, RfbValidation].contains(&reason)
        } else {
            reason == DefaultOperation
        };
        if forbidden {
            return Err(RefusalKind::InvalidReason);
        }
        let possible = match self.status {
            ClaimStatus::Open => true,
            ClaimStatus::WaitingResolution => self.ownership || reason != Reconciliation,
            ClaimStatus::Confirmed => {
                self.ownership || (!donor && [Fraud, Reconciliation, RfbValidation].contains(&reason))
            }
            ClaimStatus::Cancelled | ClaimStatus::Completed => false,
        };
        if !possible {
            return Err(RefusalKind::ClaimOperationInvalid);
        }
        if reason == DefaultOperation && self.ownership && now < self.opened + 30 * DAY {
            return Err(RefusalKind::ClaimCompletionPeriodNotEnded);
        }
        if reason == DefaultOperation && !self.ownership && now < self.opened + 7 * DAY {
            return Err(RefusalKind::ClaimResolutionPeriodNotEnded);
        }
        self.cancelled_for = Some((reason, side));
        self.status = ClaimStatus::Cancelled;
        Ok(())
    }
}

/// Who holds the key in the domain, as the model says it. Nobody else may.
fn holder(system: &System) -> Option<(usize, usize, DateTime<Utc>)> {
    assert!(system.bases.iter().flatten().count() <= 1, "a key has one owner at a time");
    let bank = system.bases.iter().position(Option::is_some)?;
    let entry = system.bases[bank].as_ref()?;
    assert_eq!(entry.account.participant.as_str(), BANKS[bank]);
    Some((bank, usize::from(entry.owner.tax_id == bruno().tax_id), entry.key_owned_since))
}

fn new_system() -> System {
    let key = crate::domain::fixture::key(KeyType::Phone);
    System { key, bases: [None, None], claim: None, donor_owned_since: noon() }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn the_domain_does_what_the_prose_says(acts in proptest::collection::vec(acts(), 1..60)) {
        let (mut system, mut model, mut now) = (new_system(), Model::default(), 0);
        for act in acts {
            if let Act::Wait { hours } = act {
                now += hours;
            }
            let outcome = system.act(act, moment(now));
            prop_assert_eq!(outcome, model.act(act, now), "{:?} at {} h", act, now);
            let expected = model.holder.map(|(bank, person, since)| (bank, person, moment(since)));
            prop_assert_eq!(holder(&system), expected, "{:?} at {} h", act, now);
            let status = system.claim.as_ref().map(|claim| (claim.status, claim.last_modified));
            prop_assert_eq!(status, model.claim.map(|claim| (claim.status, moment(claim.changed))));
            if status.is_some_and(|(status, _)| status == ClaimStatus::Confirmed) {
                prop_assert!(holder(&system).is_none(), "while confirmed nobody has the key");
            }
        }
    }

    #[test]
    fn left_to_the_jobs_every_claim_ends(
        ownership in any::<bool>(),
        bank in 0..2_usize,
        proved_on_day in proptest::option::of(0_i64..40),
        every_hours in 1_i64..30,
    ) {
        let mut system = new_system();
        system.act(Act::Register { bank: 0, person: 0 }, moment(0)).unwrap();
        let (bank, person) = if ownership { (bank, 1) } else { (1, 0) };
        system.act(Act::Claim { bank, person, ownership }, moment(0)).unwrap();
        let mut now = 0;
        while system.claimed() {
            now += every_hours;
            prop_assert!(now <= 30 * DAY + every_hours, "a claim is open for thirty days at most");
            let possession = proved_on_day.is_some_and(|day| now >= day * DAY);
            for bank in [1, 0] {
                system.act(Act::Jobs { bank, possession }, moment(now)).unwrap();
            }
        }
        let expected = match (ownership, proved_on_day) {
            // The donor's user said nothing: a portability is cancelled, and Ana keeps her key.
            (false, _) => Some((0, 0)),
            (true, Some(day)) if day * DAY <= now => Some((bank, 1)),
            (true, _) => None,
        };
        prop_assert_eq!(holder(&system).map(|(bank, person, _)| (bank, person)), expected);
    }
}
