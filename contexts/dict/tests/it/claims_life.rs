//! Whole lives of claims between two servers: the periods of section 4.3, the entries, CIDs, accounts and events that
//! follow, with a directory and without one.

use chrono::TimeDelta;
use dict::claims::answer::{Answer, Cancellation, cancel_claim, confirm_portability, respond_to_claim};
use dict::claims::possession::{confirm_possession, request_possession_code};
use dict::domain::claim::{Claim, ClaimStatus, ClaimType};
use dict::domain::key::Key;
use dict::domain::reason::{ClaimReason, EntryReason};
use dict::domain::refusal::RefusalKind;
use dict::failure::Failure;

use crate::claims_world::{
    Bank, CLAIMER, DONOR, World, ana, bia, caller, cpf, ispb, ownership, phone, portability, refusal,
};

use ClaimStatus::{Cancelled, Completed, Confirmed, Open, WaitingResolution};

struct Sides {
    world: World,
    donor: Bank,
    claimer: Bank,
    with_directory: bool,
}

impl Sides {
    async fn both_ways() -> [Self; 2] {
        let (world, here) = (World::new(), World::new());
        let (donor, claimer) = (world.bank(&[DONOR]).await, world.bank(&[CLAIMER]).await);
        let (one, same) = here.alone_twice(&[DONOR, CLAIMER]).await;
        let there = Self { world, donor, claimer, with_directory: true };
        [there, Self { world: here, donor: one, claimer: same, with_directory: false }]
    }

    /// Ana's key at DONOR, wanted at CLAIMER, acknowledged.
    async fn claimed(&self, claim_type: ClaimType, key: &Key) -> Claim {
        self.world.register(&self.donor, DONOR, key, &ana()).await;
        let wish = match claim_type {
            ClaimType::Ownership => ownership(),
            ClaimType::Portability => portability(key.clone()),
        };
        let claim = self.world.start(&self.claimer, &wish).await.unwrap();
        assert_eq!(claim.status, Open);
        self.jobs().await;
        self.stands(&claim, WaitingResolution).await;
        claim
    }

    /// One run of the jobs of either side.
    async fn jobs(&self) {
        self.donor.jobs().await;
        self.claimer.jobs().await;
    }

    /// Both sides know how the claim stands.
    #[track_caller]
    fn stands(&self, claim: &Claim, status: ClaimStatus) -> impl Future<Output = ()> {
        let place = std::panic::Location::caller();
        let id = claim.id;
        async move {
            let known = (self.donor.status(DONOR, id).await, self.claimer.status(CLAIMER, id).await);
            assert_eq!(known, (Some(status), Some(status)), "{place}");
        }
    }

    /// Either base agrees with the directory.
    async fn agree(&self) {
        if self.with_directory {
            self.donor.agrees_with(&self.world).await;
            self.claimer.agrees_with(&self.world).await;
        }
    }
}

#[tokio::test]
async fn a_portability_that_the_donor_confirms_moves_the_key() {
    for sides in Sides::both_ways().await {
        let claim = sides.claimed(ClaimType::Portability, &cpf()).await;
        let owned_since = sides.donor.dict.store.entry(&cpf()).await.unwrap().unwrap().entry.key_owned_since;
        sides.world.days(2);
        let confirmed =
            confirm_portability(&sides.donor.dict, &caller(DONOR), claim.id, ClaimReason::UserRequested).await.unwrap();
        assert_eq!((confirmed.status, confirmed.completion_period_end), (Confirmed, None));
        assert_eq!(sides.donor.holder(&cpf()).await, None);
        assert_eq!(sides.donor.keys_of(DONOR).await, 0);
        sides.jobs().await;
        sides.donor.jobs().await;
        sides.stands(&claim, Completed).await;
        let stored = sides.claimer.dict.store.entry(&cpf()).await.unwrap().unwrap();
        assert!(stored.entry.owner == ana() && stored.entry.account == portability(cpf()).claimer_account);
        // Its owner has had it all the time; the entry is new.
        assert_eq!(stored.entry.key_owned_since, owned_since);
        assert_eq!(stored.entry.created_at, owned_since + TimeDelta::days(2));
        assert_eq!((sides.claimer.keys_of(CLAIMER).await, sides.donor.keys_of(DONOR).await), (1, 0));
        assert_eq!(sides.donor.cid_events(DONOR).await, "+-");
        assert_eq!(sides.claimer.cid_events(CLAIMER).await, "+");
        sides.agree().await;
    }
}

#[tokio::test]
async fn every_step_is_told_to_the_world_once_by_each_side() {
    let [there, here] = Sides::both_ways().await;
    for sides in [&there, &here] {
        let claim = sides.claimed(ClaimType::Portability, &cpf()).await;
        confirm_portability(&sides.donor.dict, &caller(DONOR), claim.id, ClaimReason::UserRequested).await.unwrap();
        for _ in 0..3 {
            sides.jobs().await;
        }
    }
    let steps =
        ["portability.open", "portability.waiting_resolution", "portability.confirmed", "portability.completed"];
    let told = |topics: &[String]| {
        let told = topics.iter().filter(|topic| topic.starts_with("portability")).cloned().collect::<Vec<_>>();
        steps.map(|step| told.iter().filter(|topic| *topic == step).count())
    };
    let donors = there.donor.topics().await;
    assert_eq!(told(&donors), [1; 4], "{donors:?}");
    assert!(donors.contains(&"entries.deleted".to_owned()), "{donors:?}");
    let claimers = there.claimer.topics().await;
    assert_eq!(told(&claimers), [1; 4], "{claimers:?}");
    assert_eq!(claimers.iter().filter(|topic| *topic == "entries.created").count(), 1);
    // One base speaks for both.
    let both = here.donor.topics().await;
    assert_eq!(told(&both), [2; 4], "{both:?}");
    let payloads = there.donor.strings("SELECT payload::text FROM dict.outbox").await.concat();
    assert!(!payloads.contains("52998224725") && !payloads.contains("Ana"), "{payloads}");
    for word in ["event_id", "claim_id", "key_hash", "occurred_at", "\"participant\": \"11111111\""] {
        assert!(payloads.contains(word), "{word} in {payloads}");
    }
}

#[tokio::test]
async fn a_portability_that_nobody_answers_is_cancelled_on_day_seven() {
    for sides in Sides::both_ways().await {
        let claim = sides.claimed(ClaimType::Portability, &cpf()).await;
        sides.world.clock.set(claim.resolution_period_end - TimeDelta::seconds(1));
        sides.jobs().await;
        sides.stands(&claim, WaitingResolution).await;
        sides.world.clock.set(claim.resolution_period_end);
        sides.jobs().await;
        sides.stands(&claim, Cancelled).await;
        let known = sides.claimer.claim(CLAIMER, claim.id).await.unwrap();
        assert_eq!(known.cancel_reason, Some(ClaimReason::DefaultOperation));
        assert_eq!(sides.donor.holder(&cpf()).await.as_deref(), Some(DONOR));
        // The key is free for another claim.
        sides.world.start(&sides.claimer, &portability(cpf())).await.unwrap();
        sides.agree().await;
    }
}

#[tokio::test]
async fn an_ownership_claim_that_nobody_answers_is_confirmed_on_day_seven_and_completed_after_day_fourteen() {
    for sides in Sides::both_ways().await {
        let claim = sides.claimed(ClaimType::Ownership, &phone()).await;
        sides.world.clock.set(claim.resolution_period_end);
        sides.jobs().await;
        sides.stands(&claim, Confirmed).await;
        let known = sides.claimer.claim(CLAIMER, claim.id).await.unwrap();
        assert_eq!(known.confirm_reason, Some(ClaimReason::DefaultOperation));
        let day_14 = claim.opened_at + TimeDelta::days(14);
        assert_eq!(known.completion_period_end, Some(day_14));
        assert_eq!(sides.donor.holder(&phone()).await, None);
        // The claimer's user has proved it early: the period counts all the same.
        sides.claimer.prove(CLAIMER, &phone(), Some(claim.id)).await;
        sides.world.clock.set(day_14 - TimeDelta::seconds(1));
        sides.jobs().await;
        sides.stands(&claim, Confirmed).await;
        sides.world.clock.set(day_14);
        sides.jobs().await;
        sides.donor.jobs().await;
        sides.stands(&claim, Completed).await;
        let stored = sides.claimer.dict.store.entry(&phone()).await.unwrap().unwrap();
        assert!(stored.entry.owner == bia());
        // Another person has it: since now.
        assert_eq!((stored.entry.key_owned_since, stored.entry.created_at), (day_14, day_14));
        sides.agree().await;
    }
}

#[tokio::test]
async fn an_ownership_claim_that_the_donor_accepts_is_completed_at_once_by_who_has_the_phone() {
    for sides in Sides::both_ways().await {
        let claim = sides.claimed(ClaimType::Ownership, &phone()).await;
        respond_to_claim(&sides.donor.dict, &caller(DONOR), claim.id, Answer::Accept, "").await.unwrap();
        // Nobody has proved to have the phone: it stays. (The directory's moments are all different.)
        sides.world.clock.advance(TimeDelta::seconds(1));
        sides.jobs().await;
        sides.jobs().await;
        sides.stands(&claim, Confirmed).await;
        sides.claimer.prove(CLAIMER, &phone(), Some(claim.id)).await;
        sides.jobs().await;
        sides.donor.jobs().await;
        sides.stands(&claim, Completed).await;
        assert_eq!(sides.claimer.holder(&phone()).await.as_deref(), Some(CLAIMER));
        sides.agree().await;
    }
}

#[tokio::test]
async fn an_ownership_claim_without_proof_is_cancelled_on_day_thirty_and_the_key_is_free() {
    for sides in Sides::both_ways().await {
        let claim = sides.claimed(ClaimType::Ownership, &phone()).await;
        sides.world.days(7);
        sides.jobs().await;
        sides.world.clock.set(claim.possession_period_end() - TimeDelta::seconds(1));
        sides.jobs().await;
        sides.stands(&claim, Confirmed).await;
        // While the claim is open nobody registers the key.
        let taken = register_again(&sides, &phone()).await;
        assert_eq!(refusal(taken), RefusalKind::EntryLockedByClaim);
        sides.world.clock.set(claim.possession_period_end());
        sides.jobs().await;
        sides.donor.jobs().await;
        sides.stands(&claim, Cancelled).await;
        let known = sides.donor.claim(DONOR, claim.id).await.unwrap();
        assert_eq!(known.cancel_reason, Some(ClaimReason::DefaultOperation));
        assert_eq!(sides.claimer.holder(&phone()).await, None);
        assert!(register_again(&sides, &phone()).await.is_ok());
        sides.agree().await;
    }
}

async fn register_again(sides: &Sides, key: &Key) -> Result<dict::entries::Creation, Failure> {
    let new = dict::directory::NewEntry {
        request_id: sides.world.uuid(),
        key_type: key.key_type(),
        key: Some(key.clone()),
        account: crate::claims_world::account(DONOR, "9"),
        owner: ana(),
        reason: EntryReason::Reconciliation,
    };
    dict::entries::create_key(&sides.donor.dict, &caller(DONOR), new, None).await
}

#[tokio::test]
async fn the_donors_user_may_still_prove_possession_until_day_fourteen_and_registers_the_key_again() {
    for sides in Sides::both_ways().await {
        let claim = sides.claimed(ClaimType::Ownership, &phone()).await;
        sides.world.days(8);
        sides.jobs().await;
        sides.stands(&claim, Confirmed).await;
        let late = respond_to_claim(&sides.donor.dict, &caller(DONOR), claim.id, Answer::Accept, "").await;
        assert_eq!(refusal(late), RefusalKind::ClaimOperationInvalid);
        let proof = sides.donor.prove(DONOR, &phone(), None).await;
        let rejected = respond_to_claim(&sides.donor.dict, &caller(DONOR), claim.id, Answer::Reject, &proof).await;
        assert_eq!(rejected.unwrap().cancel_reason, Some(ClaimReason::Fraud));
        sides.jobs().await;
        sides.stands(&claim, Cancelled).await;
        assert_eq!(sides.donor.holder(&phone()).await, None);
        assert!(register_again(&sides, &phone()).await.is_ok());
        assert_eq!(sides.donor.cid_events(DONOR).await, "+-+");
        sides.agree().await;
    }
}

#[tokio::test]
async fn a_key_under_a_claim_is_neither_deleted_nor_registered_and_may_be_changed_while_it_waits() {
    for sides in Sides::both_ways().await {
        let claim = sides.claimed(ClaimType::Portability, &cpf()).await;
        let dict = &sides.donor.dict;
        let deleted = dict::entries::delete_key(dict, &caller(DONOR), &cpf(), EntryReason::AccountClosure, None).await;
        assert_eq!(refusal(deleted), RefusalKind::EntryLockedByClaim);
        let change = dict::entries::KeyChange {
            account: Some(crate::claims_world::account(DONOR, "7")),
            name: None,
            trade_name: None,
            reason: EntryReason::UserRequested,
        };
        let changed = dict::entries::update_key(dict, &caller(DONOR), &cpf(), &change).await;
        assert!(changed.is_ok());
        // What was changed is what is given up.
        confirm_portability(dict, &caller(DONOR), claim.id, ClaimReason::AccountClosure).await.unwrap();
        assert_eq!(sides.donor.holder(&cpf()).await, None);
        sides.jobs().await;
        sides.donor.jobs().await;
        sides.stands(&claim, Completed).await;
        assert_eq!(sides.claimer.holder(&cpf()).await.as_deref(), Some(CLAIMER));
        sides.agree().await;
    }
}

#[tokio::test]
async fn a_claim_that_the_claimer_gives_up_leaves_the_key_where_it_is() {
    for sides in Sides::both_ways().await {
        let claim = sides.claimed(ClaimType::Ownership, &phone()).await;
        let asked =
            Cancellation { claim_id: claim.id, reason: ClaimReason::UserRequested, side: None, possession_id: "" };
        let side = cancel_claim(&sides.claimer.dict, &caller(CLAIMER), &asked).await.unwrap().cancelled_by;
        assert_eq!(side, Some(dict::domain::claim::Side::Claimer));
        sides.jobs().await;
        sides.stands(&claim, Cancelled).await;
        assert_eq!(sides.donor.holder(&phone()).await.as_deref(), Some(DONOR));
        sides.agree().await;
    }
}

#[tokio::test]
async fn a_key_goes_and_comes_back() {
    for sides in Sides::both_ways().await {
        let there = sides.claimed(ClaimType::Portability, &cpf()).await;
        confirm_portability(&sides.donor.dict, &caller(DONOR), there.id, ClaimReason::UserRequested).await.unwrap();
        sides.jobs().await;
        sides.jobs().await;
        sides.world.days(1);
        let wish = dict::directory::NewClaim {
            claimer_account: crate::claims_world::account(DONOR, "1"),
            ..portability(cpf())
        };
        let back = sides.world.start(&sides.donor, &wish).await.unwrap();
        sides.claimer.jobs().await;
        confirm_portability(&sides.claimer.dict, &caller(CLAIMER), back.id, ClaimReason::UserRequested).await.unwrap();
        sides.donor.jobs().await;
        sides.claimer.jobs().await;
        assert_eq!(sides.donor.holder(&cpf()).await.as_deref(), Some(DONOR));
        assert_eq!(
            (sides.donor.cid_events(DONOR).await, sides.claimer.cid_events(CLAIMER).await),
            ("+-+".into(), "+-".into())
        );
        // What was heard of long ago changes nothing when it is heard of again.
        sides.donor.execute("DELETE FROM dict.cursors").await;
        sides.claimer.execute("DELETE FROM dict.cursors").await;
        sides.jobs().await;
        assert_eq!(sides.donor.holder(&cpf()).await.as_deref(), Some(DONOR));
        assert_eq!((sides.donor.keys_of(DONOR).await, sides.claimer.keys_of(CLAIMER).await), (1, 0));
        sides.agree().await;
    }
}

#[tokio::test]
async fn a_proof_for_a_claim_must_be_the_claimers_for_its_key_while_it_is_open() {
    for sides in Sides::both_ways().await {
        let claim = sides.claimed(ClaimType::Ownership, &phone()).await;
        let confirm = async |bank: &Bank, who: &str, key: &Key, id| {
            let caller = caller(who);
            let sent = request_possession_code(&bank.dict, &caller, key).await.unwrap();
            let (possession_id, code) = (sent.possession_id.to_string(), bank.codes.last());
            confirm_possession(&bank.dict, &caller, key, &possession_id, &code, Some(id)).await
        };
        let other = crate::claims_world::key(dict::domain::key::KeyType::Phone, "+5511900000001");
        for (bank, who, key, id) in [
            (&sides.donor, DONOR, &phone(), claim.id),
            (&sides.claimer, CLAIMER, &other, claim.id),
            (&sides.claimer, CLAIMER, &phone(), sides.world.uuid()),
        ] {
            assert!(matches!(confirm(bank, who, key, id).await, Err(Failure::NotFound("claim"))));
        }
        confirm(&sides.claimer, CLAIMER, &phone(), claim.id).await.unwrap();
        // Once is enough, twice is fine.
        confirm(&sides.claimer, CLAIMER, &phone(), claim.id).await.unwrap();
        let stored = sides.claimer.dict.store.claim(ispb(CLAIMER), claim.id).await.unwrap().unwrap();
        assert!(stored.possession_confirmed);
    }
}
