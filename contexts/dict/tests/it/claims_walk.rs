//! Two institutions at random for weeks, with lost answers and a directory that is down at times: whatever happens, in the
//! end both bases say what the directory says.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use dict::claims::answer::{
    Answer, Cancellation, cancel_claim, cancel_portability, confirm_portability, respond_to_claim,
};
use dict::directory::{ClaimFilter, Directory, NewClaim, NewEntry};
use dict::domain::claim::{Claim, ClaimStatus, ClaimType, Side};
use dict::domain::key::{Key, KeyType};
use dict::domain::reason::{ClaimReason, EntryReason};
use dict::failure::Failure;
use dict::jobs::due::carry_out_due;
use dict::jobs::poll::poll_and_acknowledge;
use dict::simulator::Fault;
use uuid::Uuid;

use crate::claims_world::{Bank, CLAIMER, DONOR, World, account, ana, bia, caller, ispb, key};

const REASONS: [ClaimReason; 6] = [
    ClaimReason::UserRequested,
    ClaimReason::AccountClosure,
    ClaimReason::DefaultOperation,
    ClaimReason::Fraud,
    ClaimReason::Reconciliation,
    ClaimReason::RfbValidation,
];
const FAULTS: [Fault; 4] = [Fault::AnswerLost, Fault::RequestLost, Fault::Unavailable, Fault::Conflict];

struct Walk {
    world: World,
    banks: [(Bank, &'static str); 2],
    keys: Vec<Key>,
    seed: u64,
    done: usize,
}

impl Walk {
    async fn new(seed: u64) -> Self {
        let world = World::new();
        let banks = [(world.bank(&[DONOR]).await, DONOR), (world.bank(&[CLAIMER]).await, CLAIMER)];
        let keys: Vec<Key> = (0..3).map(|number| key(KeyType::Phone, &format!("+551190000000{number}"))).collect();
        for (number, key) in keys.iter().enumerate() {
            let (bank, ispb) = &banks[number % 2];
            world.register(bank, ispb, key, &ana()).await;
        }
        Self { world, banks, keys, seed, done: 0 }
    }

    /// A number below `below`; the same walk for the same seed.
    fn pick(&mut self, below: usize) -> usize {
        // xorshift64 (Marsaglia 2003).
        self.seed ^= self.seed << 13;
        self.seed ^= self.seed >> 7;
        self.seed ^= self.seed << 17;
        usize::try_from(self.seed >> 33).unwrap() % below
    }

    fn note<T>(&mut self, outcome: Result<T, Failure>) {
        match outcome {
            Ok(_) => self.done += 1,
            Err(Failure::Refused(_) | Failure::Unavailable { .. } | Failure::NotFound(_) | Failure::Busy) => {}
            Err(failure) => panic!("after {} steps: {failure}", self.done),
        }
    }

    async fn step(&mut self) {
        let who = self.pick(2);
        match self.pick(10) {
            0 | 8 => self.start(who).await,
            9 => self.register(who).await,
            1..=3 => self.operate(who).await,
            4 => {
                let polled = poll_and_acknowledge(&self.banks[who].0.dict).await;
                self.note(polled);
            }
            5 if self.pick(2) == 0 => {
                let settled = dict::entries::resolve_pending(&self.banks[who].0.dict, 100).await;
                self.note(settled);
            }
            5 => {
                let carried_out = carry_out_due(&self.banks[who].0.dict).await;
                self.note(carried_out);
            }
            6 => {
                let hours = [1, 24, 24 * 7, 24 * 16][self.pick(4)];
                self.world.clock.advance(TimeDelta::hours(hours));
            }
            _ => {
                let fault = FAULTS[self.pick(FAULTS.len())];
                let times = u32::try_from(self.pick(2)).unwrap() + 1;
                self.world.simulator.inject_fault(None, fault, times).unwrap();
            }
        }
    }

    async fn register(&mut self, who: usize) {
        let number = self.pick(3);
        let key = self.keys[number].clone();
        let participant = self.banks[who].1;
        let new = NewEntry {
            request_id: self.world.uuid(),
            key_type: key.key_type(),
            key: Some(key),
            account: account(participant, "1"),
            owner: [ana(), bia()][number % 2].clone(),
            reason: EntryReason::Reconciliation,
        };
        let outcome = dict::entries::create_key(&self.banks[who].0.dict, &caller(participant), new, None).await;
        self.note(outcome);
    }

    async fn start(&mut self, who: usize) {
        let (number, person) = (self.pick(3), self.pick(2));
        let key = self.keys[number].clone();
        let claim_type = ClaimType::ALL[self.pick(2)];
        let claimer_account = account(self.banks[who].1, "1");
        let wish = NewClaim { claim_type, key, claimer: [ana(), bia()][person].clone(), claimer_account };
        let outcome = self.world.start(&self.banks[who].0, &wish).await;
        self.note(outcome);
    }

    async fn operate(&mut self, who: usize) {
        let (id, reason, side) = (self.any_claim(who).await, REASONS[self.pick(6)], Side::ALL[self.pick(2)]);
        let Some(claim) = id else { return };
        let choice = self.pick(5);
        let (bank, participant) = &self.banks[who];
        let (dict, caller) = (&bank.dict, caller(participant));
        self.world.clock.advance(TimeDelta::minutes(11));
        let donor = claim.donor_participant == caller.participant;
        let proof = if donor || choice == 4 { bank.prove(participant, &claim.key, None).await } else { String::new() };
        let asked = Cancellation { claim_id: claim.id, reason, side: Some(side), possession_id: &proof };
        let outcome = match (choice, claim.claim_type) {
            (0, ClaimType::Ownership) => respond_to_claim(dict, &caller, claim.id, Answer::Accept, "").await,
            (1, ClaimType::Ownership) => respond_to_claim(dict, &caller, claim.id, Answer::Reject, &proof).await,
            (2, ClaimType::Ownership) => cancel_claim(dict, &caller, &asked).await,
            (0 | 1, ClaimType::Portability) => confirm_portability(dict, &caller, claim.id, reason).await,
            (2, ClaimType::Portability) => cancel_portability(dict, &caller, &asked).await,
            _ => prove_for(bank, participant, &claim).await,
        };
        match outcome {
            // The caller is not on the side that was picked, or has no proof.
            Err(Failure::Invalid(_)) => {}
            outcome => self.note(outcome),
        }
    }

    async fn any_claim(&mut self, who: usize) -> Option<Claim> {
        let (bank, participant) = &self.banks[who];
        let ids = bank.strings("SELECT claim_id::text FROM dict.claims ORDER BY opened_at DESC LIMIT 3").await;
        let (participant, bank) = (*participant, bank.dict.clone());
        if ids.is_empty() {
            return None;
        }
        let id = Uuid::try_parse(&ids[self.pick(ids.len())]).unwrap();
        bank.store.claim(ispb(participant), id).await.unwrap().map(|stored| stored.claim)
    }

    /// Everything that is left to the jobs is done, and then all say the same.
    async fn ends_well(&self) {
        self.world.simulator.inject_fault(None, Fault::Unavailable, 0).unwrap();
        self.world.days(60);
        for _ in 0..5 {
            for (bank, _) in &self.banks {
                bank.jobs().await;
                dict::entries::resolve_pending(&bank.dict, 100).await.unwrap();
            }
            self.world.clock.advance(TimeDelta::minutes(6));
        }
        for (bank, participant) in &self.banks {
            let there = self.all_claims(participant).await;
            let rows = bank.strings("SELECT claim_id::text || ' ' || status FROM dict.claims").await;
            let here: BTreeMap<Uuid, String> = rows
                .iter()
                .map(|row| row.split_once(' ').unwrap())
                .map(|(id, status)| (Uuid::try_parse(id).unwrap(), status.to_owned()))
                .collect();
            let said: BTreeMap<Uuid, String> =
                there.iter().map(|claim| (claim.id, claim.status.name().to_owned())).collect();
            assert_eq!(here, said, "{participant}");
            assert!(there.iter().all(|claim| !claim.status.is_open()), "{participant}: all end by day 60");
            bank.agrees_with(&self.world).await;
            let counted = bank.strings("SELECT coalesce(sum(key_count), 0)::text FROM dict.accounts").await;
            assert_eq!(counted, bank.strings("SELECT count(*)::text FROM dict.entries").await, "{participant}");
            let balance = "SELECT sum(CASE WHEN added THEN 1 ELSE -1 END)::text FROM dict.cid_events";
            assert_eq!(counted, bank.strings(balance).await, "{participant}: every CID that came and went");
        }
    }

    async fn all_claims(&self, participant: &str) -> Vec<Claim> {
        let filter = ClaimFilter {
            side: None,
            statuses: ClaimStatus::ALL.to_vec(),
            claim_type: None,
            modified_after: None,
            modified_before: None,
            limit: 200,
        };
        let page = self.world.simulator.list_claims(ispb(participant), &filter).await.unwrap();
        assert!(!page.more);
        page.claims
    }
}

async fn prove_for(bank: &Bank, participant: &str, claim: &Claim) -> Result<Claim, Failure> {
    let caller = caller(participant);
    let sent = dict::claims::possession::request_possession_code(&bank.dict, &caller, &claim.key).await?;
    let (id, code) = (sent.possession_id.to_string(), bank.codes.last());
    let confirm = dict::claims::possession::confirm_possession;
    confirm(&bank.dict, &caller, &claim.key, &id, &code, Some(claim.id)).await?;
    Ok(claim.clone())
}

async fn walk(seed: u64) {
    let mut walk = Walk::new(seed).await;
    for _ in 0..150 {
        walk.step().await;
    }
    assert!(walk.done > 30, "seed {seed}: only {} steps did anything", walk.done);
    walk.ends_well().await;
}

#[tokio::test]
async fn a_first_walk_ends_well() {
    walk(0x9e37_79b9_7f4a_7c15).await;
}

#[tokio::test]
async fn a_second_walk_ends_well() {
    walk(0xdead_beef_cafe_f00d).await;
}

#[tokio::test]
async fn a_third_walk_ends_well() {
    walk(42).await;
}
