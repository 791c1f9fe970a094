//! Duties, each as a plain function under a clock that the test sets.

use chrono::TimeDelta;
use dict::directory::{ClaimFilter, Directory, NewClaim, NewEntry};
use dict::domain::claim::{Claim, ClaimStatus, ClaimType};
use dict::domain::key::KeyType;
use dict::domain::reason::{ClaimReason, EntryReason};
use dict::failure::Failure;
use dict::jobs::due::{CarriedOut, carry_out_due};
use dict::jobs::metrics::JobMetrics;
use dict::jobs::poll::{Polled, poll_and_acknowledge};
use dict::jobs::retention::forget;
use dict::jobs::{Duty, JobOptions, Jobs};
use dict::simulator::Fault;
use prometheus_client::registry::Registry;

use crate::claims_world::{
    Bank, CLAIMER, DONOR, World, account, ana, bia, caller, cpf, ispb, key, ownership, phone, portability,
};

/// Claims of DONOR's phones that others open in the directory, unseen by any base.
async fn claims_of_others(world: &World, claim_type: ClaimType, count: u32) -> Vec<Claim> {
    let mut claims = Vec::new();
    for number in 0..count {
        let key = key(KeyType::Phone, &format!("+55119{number:08}"));
        let entry = NewEntry {
            request_id: world.uuid(),
            key_type: KeyType::Phone,
            key: Some(key.clone()),
            account: account(DONOR, &number.to_string()),
            owner: ana(),
            reason: EntryReason::UserRequested,
        };
        assert!(world.simulator.create_entry(&entry).await.is_ok());
        let claimer = if claim_type == ClaimType::Ownership { bia() } else { ana() };
        let claimer_account = account(CLAIMER, &number.to_string());
        let wish = NewClaim { claim_type, key, claimer, claimer_account };
        claims.push(world.simulator.create_claim(&wish).await.unwrap());
    }
    claims
}

async fn still(world: &World, status: ClaimStatus) -> usize {
    let filter = ClaimFilter {
        side: None,
        statuses: vec![status],
        claim_type: None,
        modified_after: None,
        modified_before: None,
        limit: 200,
    };
    world.simulator.list_claims(ispb(DONOR), &filter).await.unwrap().claims.len()
}

#[tokio::test]
async fn every_claim_is_acknowledged_by_the_next_poll_however_many_pages() {
    let world = World::new();
    let donor = world.bank(&["33333333", DONOR]).await;
    claims_of_others(&world, ClaimType::Ownership, 205).await;
    let polled = poll_and_acknowledge(&donor.dict).await.unwrap();
    // What was acknowledged is known by then.
    assert_eq!(polled, Polled { acknowledged: 205, heard: 0 });
    assert_eq!(still(&world, ClaimStatus::Open).await, 0);
    assert_eq!(donor.dict.store.count_open_claims().await.unwrap(), 205);
    assert_eq!(poll_and_acknowledge(&donor.dict).await.unwrap(), Polled::default());
    // Changes that others made, over more than a page.
    world.days(7);
    for claim in world_claims(&world).await {
        world.simulator.confirm_claim(ispb(DONOR), claim.id, ClaimReason::DefaultOperation).await.unwrap();
    }
    assert_eq!(poll_and_acknowledge(&donor.dict).await.unwrap(), Polled { acknowledged: 0, heard: 205 });
    assert_eq!(donor.strings("SELECT DISTINCT status FROM dict.claims").await, ["CONFIRMED"]);
}

async fn world_claims(world: &World) -> Vec<Claim> {
    let mut filter = ClaimFilter {
        side: None,
        statuses: Vec::new(),
        claim_type: None,
        modified_after: None,
        modified_before: None,
        limit: 200,
    };
    let mut all: Vec<Claim> = Vec::new();
    loop {
        let page = world.simulator.list_claims(ispb(DONOR), &filter).await.unwrap();
        all.extend(
            page.claims.into_iter().filter(|claim| !all.iter().any(|seen| seen.id == claim.id)).collect::<Vec<_>>(),
        );
        if !page.more {
            return all;
        }
        filter.modified_after = all.last().map(|claim| claim.last_modified);
    }
}

#[tokio::test]
async fn a_claim_that_one_poll_missed_is_found_by_the_next() {
    let world = World::new();
    let donor = world.bank(&[DONOR]).await;
    claims_of_others(&world, ClaimType::Ownership, 3).await;
    for fault in [Fault::Unavailable, Fault::RequestLost, Fault::AnswerLost, Fault::Conflict] {
        world.simulator.inject_fault(Some("AcknowledgeClaim"), fault, 1).unwrap();
        assert!(poll_and_acknowledge(&donor.dict).await.is_err() || still(&world, ClaimStatus::Open).await == 0);
    }
    // The others were not held up by the one that failed.
    assert_eq!(still(&world, ClaimStatus::Open).await, 0);
    // Even one that is older than everything heard of.
    donor.execute("UPDATE dict.cursors SET at = at + interval '1 day'").await;
    world.simulator.inject_fault(Some("AcknowledgeClaim"), Fault::Unavailable, 0).unwrap();
    world.register(&donor, DONOR, &cpf(), &ana()).await;
    world.simulator.create_claim(&portability(cpf())).await.unwrap();
    assert_eq!(poll_and_acknowledge(&donor.dict).await.unwrap().acknowledged, 1);
}

#[tokio::test]
async fn one_claim_that_cannot_be_taken_over_holds_up_no_other() {
    let world = World::new();
    let donor = world.bank(&[DONOR]).await;
    let claims = claims_of_others(&world, ClaimType::Ownership, 5).await;
    let trap = format!(
        "CREATE FUNCTION public.trap() RETURNS trigger LANGUAGE plpgsql AS
         $$ BEGIN RAISE EXCEPTION 'trap'; END $$;
         GRANT EXECUTE ON FUNCTION public.trap() TO app_rw;
         CREATE TRIGGER trap BEFORE INSERT ON dict.claims FOR EACH ROW WHEN (NEW.claim_id = '{}')
         EXECUTE FUNCTION public.trap()",
        claims[1].id
    );
    donor.execute(&trap.replace("public.", "dict.")).await;
    assert!(poll_and_acknowledge(&donor.dict).await.is_err());
    assert_eq!(still(&world, ClaimStatus::WaitingResolution).await, 4);
    donor.execute("DROP TRIGGER trap ON dict.claims").await;
    poll_and_acknowledge(&donor.dict).await.unwrap();
    assert_eq!(still(&world, ClaimStatus::WaitingResolution).await, 5);
    assert_eq!(donor.dict.store.count_open_claims().await.unwrap(), 5);
}

#[tokio::test]
async fn defaults_of_day_seven_by_kind_over_more_than_a_batch() {
    let world = World::new();
    let donor = world.bank(&[DONOR]).await;
    claims_of_others(&world, ClaimType::Portability, 203).await;
    poll_and_acknowledge(&donor.dict).await.unwrap();
    world.days(7);
    // The directory's moments are all different, the last a few microseconds later.
    world.clock.advance(TimeDelta::seconds(1));
    assert_eq!(carry_out_due(&donor.dict).await.unwrap(), CarriedOut { taken: 203, refused: 0 });
    assert_eq!(
        donor.strings("SELECT DISTINCT status || ' ' || cancel_reason FROM dict.claims").await,
        ["CANCELLED DEFAULT_OPERATION"]
    );
    assert_eq!(carry_out_due(&donor.dict).await.unwrap(), CarriedOut::default());
}

#[tokio::test]
async fn a_step_that_is_refused_rests_and_is_tried_again() {
    let world = World::new();
    let (donor, claimer) = (world.bank(&[DONOR]).await, world.bank(&[CLAIMER]).await);
    for (number, key) in [cpf(), phone()].iter().enumerate() {
        let new = NewEntry {
            request_id: world.uuid(),
            key_type: key.key_type(),
            key: Some(key.clone()),
            account: account(DONOR, &number.to_string()),
            owner: ana(),
            reason: EntryReason::Reconciliation,
        };
        assert!(dict::entries::create_key(&donor.dict, &caller(DONOR), new, None).await.is_ok());
        let wish = NewClaim { claimer_account: account(CLAIMER, &number.to_string()), ..portability(key.clone()) };
        let claim = world.start(&claimer, &wish).await.unwrap();
        donor.jobs().await;
        world.simulator.confirm_claim(ispb(DONOR), claim.id, ClaimReason::UserRequested).await.unwrap();
    }
    poll_and_acknowledge(&claimer.dict).await.unwrap();
    // Ana's first account is full by now: its claim cannot be completed, the other one's can.
    for number in 0..5 {
        let entry = NewEntry {
            request_id: world.uuid(),
            key_type: KeyType::Email,
            key: Some(key(KeyType::Email, &format!("ana{number}@example.com"))),
            account: account(CLAIMER, "0"),
            owner: ana(),
            reason: EntryReason::UserRequested,
        };
        assert!(world.simulator.create_entry(&entry).await.is_ok());
    }
    assert_eq!(carry_out_due(&claimer.dict).await.unwrap(), CarriedOut { taken: 1, refused: 1 });
    assert_eq!(carry_out_due(&claimer.dict).await.unwrap(), CarriedOut::default());
    let mail = key(KeyType::Email, "ana0@example.com");
    world.simulator.delete_entry(ispb(CLAIMER), &mail, EntryReason::UserRequested).await.unwrap();
    world.clock.advance(TimeDelta::minutes(5));
    assert_eq!(carry_out_due(&claimer.dict).await.unwrap(), CarriedOut { taken: 1, refused: 0 });
    assert_eq!(claimer.holder(&cpf()).await.as_deref(), Some(CLAIMER));
}

#[tokio::test]
async fn duties_wait_for_a_directory_that_is_down() {
    let world = World::new();
    let donor = world.bank(&[DONOR]).await;
    claims_of_others(&world, ClaimType::Portability, 3).await;
    poll_and_acknowledge(&donor.dict).await.unwrap();
    world.days(8);
    world.simulator.inject_fault(None, Fault::Unavailable, 1000).unwrap();
    assert!(matches!(carry_out_due(&donor.dict).await, Err(Failure::Unavailable { .. })));
    world.simulator.inject_fault(None, Fault::Unavailable, 0).unwrap();
    assert_eq!(carry_out_due(&donor.dict).await.unwrap(), CarriedOut { taken: 3, refused: 0 });
}

#[tokio::test]
async fn a_clock_set_back_takes_no_step_too_early_and_none_twice() {
    let world = World::new();
    let donor = world.bank(&[DONOR]).await;
    claims_of_others(&world, ClaimType::Ownership, 1).await;
    poll_and_acknowledge(&donor.dict).await.unwrap();
    world.days(7);
    world.clock.advance(TimeDelta::seconds(1));
    assert_eq!(carry_out_due(&donor.dict).await.unwrap().taken, 1);
    world.days(-3);
    assert_eq!(carry_out_due(&donor.dict).await.unwrap(), CarriedOut::default());
    assert_eq!(poll_and_acknowledge(&donor.dict).await.unwrap(), Polled::default());
    assert_eq!(donor.strings("SELECT status FROM dict.claims").await, ["CONFIRMED"]);
}

#[tokio::test]
async fn what_is_over_is_forgotten_and_nothing_else() {
    let world = World::new();
    let bank = world.alone(&[DONOR, CLAIMER]).await;
    world.register(&bank, DONOR, &phone(), &ana()).await;
    world.start(&bank, &ownership()).await.unwrap();
    bank.prove(DONOR, &phone(), None).await;
    bank.execute(
        "INSERT INTO dict.lookups (lookup_hash, participant, key_type, created_at)
         VALUES (sha256('a'), '11111111', 'CPF', '2025-03-15T12:00:00Z');
         INSERT INTO dict.requests SELECT participant, gen_random_uuid(), method, fingerprint, 'PENDING', key_hash,
         data_key_id, sealed, created_at, updated_at FROM dict.requests WHERE method = 'START_CLAIM'",
    )
    .await;
    assert_eq!(forget(&bank.dict).await.unwrap(), 0);
    world.days(2);
    world.clock.advance(TimeDelta::seconds(1));
    // The code and the look-up.
    assert_eq!(forget(&bank.dict).await.unwrap(), 2);
    world.days(29);
    assert_eq!(forget(&bank.dict).await.unwrap(), 3);
    assert_eq!(bank.strings("SELECT status FROM dict.claims").await, ["OPEN"]);
    assert_eq!(bank.cid_events(DONOR).await, "+");
}

fn jobs(bank: &Bank, registry: &mut Registry) -> Jobs {
    let metrics = JobMetrics::register(registry);
    Jobs { dict: bank.dict.clone(), holder: "here".into(), options: JobOptions::default(), metrics }
}

#[tokio::test]
async fn each_duty_says_when_it_last_succeeded() {
    let world = World::new();
    let bank = world.bank(&[DONOR]).await;
    let mut registry = Registry::default();
    let jobs = jobs(&bank, &mut registry);
    for duty in Duty::ALL {
        jobs.perform(duty).await;
    }
    world.simulator.inject_fault(Some("ListClaims"), Fault::Unavailable, 3).unwrap();
    world.clock.advance(TimeDelta::minutes(1));
    jobs.perform(Duty::Poll).await;
    let mut text = String::new();
    prometheus_client::encoding::text::encode(&mut text, &registry).unwrap();
    for duty in Duty::ALL {
        let line = format!("core_dict_job_last_success_timestamp_seconds{{job=\"{}\"}} 1742040000\n", duty.name());
        assert!(text.contains(&line), "{line} in {text}");
    }
    assert!(text.contains("core_dict_job_failures_total{job=\"claims_poll\"} 1\n"), "{text}");
}
