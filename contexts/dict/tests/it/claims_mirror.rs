//! News of claims that come late, twice, out of order, or after a crash; and the directory down and back.

use chrono::TimeDelta;
use dict::claims::answer::confirm_portability;
use dict::claims::mirror::{hear, look_after};
use dict::directory::{ClaimFilter, Directory, NewClaim};
use dict::domain::claim::{Claim, ClaimStatus, Side};
use dict::domain::reason::ClaimReason;
use dict::failure::Failure;
use dict::jobs::due::carry_out_due;
use dict::jobs::poll::poll_and_acknowledge;
use dict::simulator::Fault;

use crate::claims_world::{
    Bank, CLAIMER, DONOR, World, account, ana, caller, cpf, ispb, ownership, phone, portability,
};

use ClaimStatus::{Cancelled, Completed, Confirmed, Open, WaitingResolution};

async fn ported() -> (World, Bank, Bank, Claim) {
    let world = World::new();
    let (donor, claimer) = (world.bank(&[DONOR]).await, world.bank(&[CLAIMER]).await);
    world.register(&donor, DONOR, &cpf(), &ana()).await;
    let claim = world.start(&claimer, &portability(cpf())).await.unwrap();
    (world, donor, claimer, claim)
}

#[tokio::test]
async fn old_news_change_nothing() {
    let (world, donor, claimer, open) = ported().await;
    poll_and_acknowledge(&donor.dict).await.unwrap();
    let waiting = world.simulator.get_claim(ispb(DONOR), open.id).await.unwrap();
    world.days(1);
    confirm_portability(&donor.dict, &caller(DONOR), open.id, ClaimReason::UserRequested).await.unwrap();
    let confirmed = world.simulator.get_claim(ispb(DONOR), open.id).await.unwrap();
    let (topics, cids) = (donor.topics().await, donor.cid_events(DONOR).await);
    // In every order, again and again.
    for news in [&open, &confirmed, &waiting, &open, &waiting, &confirmed] {
        hear(&donor.dict, &world.simulator, news, None).await.unwrap();
    }
    assert_eq!(donor.status(DONOR, open.id).await, Some(Confirmed));
    assert_eq!((donor.topics().await, donor.cid_events(DONOR).await), (topics, cids));
    // Who hears of the end first hears of everything.
    hear(&claimer.dict, &world.simulator, &confirmed, None).await.unwrap();
    hear(&claimer.dict, &world.simulator, &waiting, None).await.unwrap();
    assert_eq!(claimer.status(CLAIMER, open.id).await, Some(Confirmed));
}

#[tokio::test]
async fn who_is_told_that_a_claim_moved_asks_the_directory() {
    let (world, donor, _, open) = ported().await;
    look_after(&donor.dict, ispb(DONOR), open.id).await.unwrap();
    assert_eq!(donor.status(DONOR, open.id).await, Some(Open));
    // Nobody has that one.
    look_after(&donor.dict, ispb(DONOR), world.uuid()).await.unwrap();
    world.simulator.inject_fault(Some("GetClaim"), Fault::Unavailable, 1).unwrap();
    assert!(look_after(&donor.dict, ispb(DONOR), open.id).await.is_err());
}

#[tokio::test]
async fn the_same_news_at_the_same_moment_are_heard_once() {
    let (world, donor, _, open) = ported().await;
    let news = (0..8).map(|_| hear(&donor.dict, &world.simulator, &open, None));
    for outcome in futures_util::future::join_all(news).await {
        outcome.unwrap();
    }
    let opened = donor.topics().await.iter().filter(|topic| *topic == "portability.open").count();
    assert_eq!(opened, 1);
}

#[tokio::test]
async fn a_donor_that_hears_of_the_end_only_gives_its_entry_up() {
    let (world, donor, claimer, open) = ported().await;
    // Another server of the donor's institution, with a base of its own, did everything.
    world.simulator.acknowledge_claim(ispb(DONOR), open.id).await.unwrap();
    world.simulator.confirm_claim(ispb(DONOR), open.id, ClaimReason::UserRequested).await.unwrap();
    claimer.jobs().await;
    assert_eq!(claimer.status(CLAIMER, open.id).await, Some(Completed));
    assert_eq!(donor.holder(&cpf()).await.as_deref(), Some(DONOR));
    donor.jobs().await;
    assert_eq!((donor.status(DONOR, open.id).await, donor.holder(&cpf()).await), (Some(Completed), None));
    donor.agrees_with(&world).await;
    claimer.agrees_with(&world).await;
}

/// PostgreSQL refuses to write claims while `asked` runs: what the directory answered is lost here.
async fn crashing<T>(bank: &Bank, asked: impl Future<Output = T>) -> T {
    bank.execute("REVOKE INSERT, UPDATE ON dict.claims FROM app_rw").await;
    let outcome = asked.await;
    bank.execute("GRANT INSERT, UPDATE ON dict.claims TO app_rw").await;
    outcome
}

#[tokio::test]
async fn a_crash_after_the_claim_was_opened_is_made_good_by_the_poll() {
    let world = World::new();
    let (donor, claimer) = (world.bank(&[DONOR]).await, world.bank(&[CLAIMER]).await);
    world.register(&donor, DONOR, &phone(), &ana()).await;
    let crashed = crashing(&claimer, world.start(&claimer, &ownership())).await;
    assert!(matches!(crashed, Err(Failure::Store(_))));
    poll_and_acknowledge(&claimer.dict).await.unwrap();
    assert_eq!(claimer.strings("SELECT status FROM dict.claims").await, ["OPEN"]);
}

#[tokio::test]
async fn a_crash_after_the_claim_was_opened_is_made_good_by_the_same_request() {
    let world = World::new();
    let (donor, claimer) = (world.bank(&[DONOR]).await, world.bank(&[CLAIMER]).await);
    world.register(&donor, DONOR, &phone(), &ana()).await;
    let (id, caller, wish) = (world.uuid(), caller(CLAIMER), ownership());
    let start = || dict::claims::start::start_claim(&claimer.dict, &caller, id, &wish);
    assert!(crashing(&claimer, start()).await.is_err());
    let claim = start().await.unwrap();
    assert_eq!(start().await.unwrap().id, claim.id);
}

#[tokio::test]
async fn a_crash_after_the_donor_confirmed_is_made_good_by_the_poll() {
    let (world, donor, _, claim) = ported().await;
    donor.jobs().await;
    let dict = &donor.dict;
    let asker = caller(DONOR);
    let asked = confirm_portability(dict, &asker, claim.id, ClaimReason::UserRequested);
    assert!(matches!(crashing(&donor, asked).await, Err(Failure::Store(_))));
    assert_eq!(donor.holder(&cpf()).await.as_deref(), Some(DONOR));
    poll_and_acknowledge(dict).await.unwrap();
    assert_eq!((donor.status(DONOR, claim.id).await, donor.holder(&cpf()).await), (Some(Confirmed), None));
    assert_eq!((donor.cid_events(DONOR).await, donor.keys_of(DONOR).await), ("+-".to_owned(), 0));
    donor.agrees_with(&world).await;
}

#[tokio::test]
async fn a_crash_after_completion_is_made_good_by_the_poll_with_the_same_request_id() {
    let (world, donor, claimer, claim) = ported().await;
    donor.jobs().await;
    confirm_portability(&donor.dict, &caller(DONOR), claim.id, ClaimReason::UserRequested).await.unwrap();
    poll_and_acknowledge(&claimer.dict).await.unwrap();
    // The RequestId is in the row before completion is tried; what came after it is lost.
    let grant = "GRANT INSERT, UPDATE ON dict.entries TO app_rw";
    claimer.execute("REVOKE INSERT, UPDATE ON dict.entries FROM app_rw").await;
    assert!(carry_out_due(&claimer.dict).await.is_err());
    assert!(poll_and_acknowledge(&claimer.dict).await.is_err());
    claimer.execute(grant).await;
    let there = world.simulator.get_claim(ispb(CLAIMER), claim.id).await.unwrap();
    assert_eq!((there.status, claimer.status(CLAIMER, claim.id).await), (Completed, Some(Confirmed)));
    poll_and_acknowledge(&claimer.dict).await.unwrap();
    assert_eq!(claimer.status(CLAIMER, claim.id).await, Some(Completed));
    assert_eq!(claimer.holder(&cpf()).await.as_deref(), Some(CLAIMER));
    assert_eq!(claimer.cid_events(CLAIMER).await, "+");
    claimer.agrees_with(&world).await;
}

#[tokio::test]
async fn a_lost_answer_to_completion_is_asked_for_again_with_the_same_request_id() {
    let (world, donor, claimer, claim) = ported().await;
    donor.jobs().await;
    confirm_portability(&donor.dict, &caller(DONOR), claim.id, ClaimReason::UserRequested).await.unwrap();
    poll_and_acknowledge(&claimer.dict).await.unwrap();
    world.simulator.inject_fault(Some("CompleteClaim"), Fault::AnswerLost, 1).unwrap();
    assert!(matches!(carry_out_due(&claimer.dict).await, Err(Failure::Unavailable { .. })));
    assert_eq!(carry_out_due(&claimer.dict).await.unwrap().taken, 1);
    assert_eq!(claimer.status(CLAIMER, claim.id).await, Some(Completed));
    claimer.agrees_with(&world).await;
}

#[tokio::test]
async fn a_claim_whose_end_was_missed_makes_room_for_the_next_one() {
    let (world, donor, claimer, first) = ported().await;
    donor.jobs().await;
    world.simulator.cancel_claim(ispb(DONOR), first.id, Side::Donor, ClaimReason::Fraud).await.unwrap();
    // By the claimer's base the first one is still open.
    assert_eq!(claimer.status(CLAIMER, first.id).await, Some(Open));
    let second = world.start(&claimer, &portability(cpf())).await.unwrap();
    assert_eq!(claimer.status(CLAIMER, first.id).await, Some(Cancelled));
    assert_eq!(claimer.status(CLAIMER, second.id).await, Some(Open));
}

#[tokio::test]
async fn a_claim_that_somebody_else_completed_in_our_name_is_left_to_reconciliation() {
    let (world, donor, claimer, claim) = ported().await;
    donor.jobs().await;
    confirm_portability(&donor.dict, &caller(DONOR), claim.id, ClaimReason::UserRequested).await.unwrap();
    world.simulator.complete_claim(ispb(CLAIMER), claim.id, world.uuid()).await.unwrap();
    claimer.jobs().await;
    assert_eq!(claimer.status(CLAIMER, claim.id).await, Some(Completed));
    dict::reconciliation::run_due(&claimer.dict).await.unwrap();
    assert_eq!(claimer.holder(&cpf()).await.as_deref(), Some(CLAIMER));
    claimer.agrees_with(&world).await;
}

#[tokio::test]
async fn a_directory_that_is_down_delays_everything_and_loses_nothing() {
    let (world, donor, claimer, claim) = ported().await;
    world.simulator.inject_fault(None, Fault::Unavailable, 1000).unwrap();
    for bank in [&donor, &claimer] {
        assert!(matches!(poll_and_acknowledge(&bank.dict).await, Err(Failure::Unavailable { .. })));
    }
    let answered = confirm_portability(&claimer.dict, &caller(CLAIMER), claim.id, ClaimReason::UserRequested).await;
    assert!(answered.is_err());
    world.clock.set(claim.resolution_period_end + TimeDelta::hours(3));
    world.simulator.inject_fault(None, Fault::Unavailable, 0).unwrap();
    // It comes back after day 7: acknowledged and cancelled in one go.
    donor.jobs().await;
    let known = donor.claim(DONOR, claim.id).await.unwrap();
    assert_eq!((known.status, known.cancel_reason), (Cancelled, Some(ClaimReason::DefaultOperation)));
    claimer.jobs().await;
    assert_eq!(claimer.status(CLAIMER, claim.id).await, Some(Cancelled));
}

#[tokio::test]
async fn both_sides_on_one_server_and_even_in_one_institution() {
    let world = World::new();
    let bank = world.bank(&[DONOR, CLAIMER]).await;
    world.register(&bank, DONOR, &phone(), &ana()).await;
    let wish = NewClaim { claimer_account: account(DONOR, "2"), ..ownership() };
    let claim = world.start(&bank, &wish).await.unwrap();
    world.days(7);
    bank.jobs().await;
    assert_eq!((bank.status(DONOR, claim.id).await, bank.holder(&phone()).await), (Some(Confirmed), None));
    bank.prove(DONOR, &phone(), Some(claim.id)).await;
    world.days(7);
    bank.jobs().await;
    assert_eq!(bank.status(DONOR, claim.id).await, Some(Completed));
    assert_eq!((bank.cid_events(DONOR).await, bank.keys_of(DONOR).await), ("+-+".to_owned(), 0));
    // And from one of our institutions to the other.
    world.register(&bank, DONOR, &cpf(), &ana()).await;
    let claim = world.start(&bank, &portability(cpf())).await.unwrap();
    bank.jobs().await;
    assert_eq!(bank.status(CLAIMER, claim.id).await, Some(WaitingResolution));
    confirm_portability(&bank.dict, &caller(DONOR), claim.id, ClaimReason::UserRequested).await.unwrap();
    bank.jobs().await;
    assert_eq!(bank.holder(&cpf()).await.as_deref(), Some(CLAIMER));
    let filter = ClaimFilter {
        side: None,
        statuses: vec![Completed],
        claim_type: None,
        modified_after: None,
        modified_before: None,
        limit: 200,
    };
    assert_eq!(world.simulator.list_claims(ispb(DONOR), &filter).await.unwrap().claims.len(), 2);
    bank.agrees_with(&world).await;
}
