//! StartClaim and StartPortability: section 4.1 row by row, and that one request opens one claim.

use dict::claims::start::start_claim;
use dict::directory::{Directory, NewClaim};
use dict::domain::account::Account;
use dict::domain::claim::{ClaimStatus, ClaimType};
use dict::domain::key::{Key, KeyType};
use dict::domain::owner::Owner;
use dict::domain::reason::EntryReason;
use dict::domain::refusal::RefusalKind;
use dict::domain::tax_id::TaxId;
use dict::entries::delete_key;
use dict::failure::Failure;
use dict::jobs::poll::poll_and_acknowledge;
use dict::simulator::Fault;
use uuid::Uuid;

use crate::claims_world::{
    Bank, CLAIMER, DONOR, World, account, ana, bia, caller, cpf, ispb, key, ownership, phone, portability, refusal,
    wrong_field,
};

/// With a directory between two servers, and without one on a single server: the same rules.
async fn both_ways() -> [(World, Bank, Bank); 2] {
    let (there, here) = (World::new(), World::new());
    let (donor, claimer) = (there.bank(&[DONOR]).await, there.bank(&[CLAIMER]).await);
    let (one, same) = here.alone_twice(&[DONOR, CLAIMER]).await;
    [(there, donor, claimer), (here, one, same)]
}

fn bakery() -> Owner {
    Owner {
        tax_id: TaxId::parse("12ABC34501DE35").unwrap(),
        name: "Padaria".into(),
        trade_name: Some("Padaria 3 Irmaos".into()),
    }
}

#[tokio::test]
async fn which_key_may_be_claimed_how() {
    for (world, donor, claimer) in both_ways().await {
        let mailbox = key(KeyType::Email, "ana@example.com");
        let cnpj = key(KeyType::Cnpj, "12ABC34501DE35");
        for (key, owner) in [(cpf(), ana()), (phone(), ana()), (mailbox.clone(), ana()), (cnpj.clone(), bakery())] {
            world.register(&donor, DONOR, &key, &owner).await;
        }
        let row = |claim_type, key: &Key, person: Owner| {
            let claimer_account = account(CLAIMER, "1");
            let wish = NewClaim { claim_type, key: key.clone(), claimer: person, claimer_account };
            let (world, bank) = (&world, &claimer);
            async move { world.start(bank, &wish).await }
        };
        use ClaimType::{Ownership, Portability};
        // Ownership: phones only.
        for key in [&cpf(), &cnpj, &mailbox] {
            assert_eq!(refusal(row(Ownership, key, bia()).await), RefusalKind::ClaimTypeInconsistent);
        }
        let random = key(KeyType::Evp, "123e4567-e89b-42d3-a456-426655440000");
        for claim_type in ClaimType::ALL {
            assert_eq!(refusal(row(claim_type, &random, bia()).await), RefusalKind::ClaimInvalid);
        }
        assert_eq!(row(Ownership, &phone(), bia()).await.unwrap().status, ClaimStatus::Open);
        // Portability: all but random keys.
        for (key, owner) in [(cpf(), ana()), (mailbox.clone(), ana()), (cnpj.clone(), bakery())] {
            let claim = row(Portability, &key, owner).await.unwrap();
            assert_eq!((claim.status, claim.completion_period_end), (ClaimStatus::Open, None));
        }
    }
}

#[tokio::test]
async fn what_refuses_a_claim() {
    for (world, donor, claimer) in both_ways().await {
        let start = |wish: NewClaim| {
            let (world, claimer) = (&world, &claimer);
            async move { world.start(claimer, &wish).await }
        };
        // No entry.
        assert_eq!(refusal(start(ownership()).await), RefusalKind::ClaimKeyNotFound);
        world.register(&donor, DONOR, &phone(), &ana()).await;
        // Ownership is for another person, portability for the same.
        let mine = NewClaim { claimer: ana(), ..ownership() };
        assert_eq!(refusal(start(mine).await), RefusalKind::ClaimTypeInconsistent);
        let others = NewClaim { claimer: bia(), ..portability(phone()) };
        assert_eq!(refusal(start(others).await), RefusalKind::ClaimTypeInconsistent);
        // An account of another institution.
        let elsewhere = NewClaim { claimer_account: account(DONOR, "1"), ..ownership() };
        let asked = start_claim(&claimer.dict, &caller(CLAIMER), world.uuid(), &elsewhere).await;
        assert_eq!(refusal(asked), RefusalKind::Forbidden);
        // Wrong fields: the form of an account number, check digits of the claimer, the version of the id.
        let number = Account { number: "12-3".into(), ..account(CLAIMER, "1") };
        let asked = start(NewClaim { claimer_account: number, ..ownership() }).await;
        assert_eq!(wrong_field(asked), "claimer_account.number");
        let digits = Owner { tax_id: TaxId::parse("11144477734").unwrap(), ..bia() };
        assert_eq!(wrong_field(start(NewClaim { claimer: digits, ..ownership() }).await), "claimer.tax_id");
        let asked = start_claim(&claimer.dict, &caller(CLAIMER), Uuid::nil(), &ownership()).await;
        assert_eq!(wrong_field(asked), "request_id");
        // One claim for each key at a time, whoever asks.
        start(ownership()).await.unwrap();
        assert_eq!(refusal(start(ownership()).await), RefusalKind::ClaimAlreadyExistsForKey);
        assert_eq!(refusal(start(portability(phone())).await), RefusalKind::ClaimAlreadyExistsForKey);
    }
}

#[tokio::test]
async fn who_has_the_key_already_claims_nothing() {
    for (world, donor, _) in both_ways().await {
        world.register(&donor, DONOR, &phone(), &ana()).await;
        let wish = NewClaim { claimer_account: account(DONOR, "2"), ..portability(phone()) };
        assert_eq!(refusal(world.start(&donor, &wish).await), RefusalKind::ClaimResultingEntryAlreadyExists);
        // Another person of the same institution may claim it.
        let wish = NewClaim { claimer_account: account(DONOR, "2"), ..ownership() };
        let claim = world.start(&donor, &wish).await.unwrap();
        assert_eq!(claim.donor_participant, claim.claimer_account.participant);
    }
}

#[tokio::test]
async fn an_account_that_is_full_claims_nothing() {
    for (world, donor, claimer) in both_ways().await {
        world.register(&donor, DONOR, &phone(), &ana()).await;
        for number in 0..5 {
            let other = key(KeyType::Phone, &format!("+551190000000{number}"));
            world.register(&claimer, CLAIMER, &other, &bia()).await;
        }
        assert_eq!(refusal(world.start(&claimer, &ownership()).await), RefusalKind::EntryLimitExceeded);
    }
}

#[tokio::test]
async fn a_blocked_key_is_not_claimed() {
    let world = World::new();
    let (donor, claimer) = (world.bank(&[DONOR]).await, world.bank(&[CLAIMER]).await);
    world.register(&donor, DONOR, &phone(), &ana()).await;
    world.simulator.block(dict::simulator::Blocking::Key(phone()), true).unwrap();
    assert_eq!(refusal(world.start(&claimer, &ownership()).await), RefusalKind::EntryBlocked);
}

#[tokio::test]
async fn the_same_request_gives_the_same_claim_and_another_content_none() {
    for (world, donor, claimer) in both_ways().await {
        world.register(&donor, DONOR, &phone(), &ana()).await;
        let (id, caller) = (world.uuid(), caller(CLAIMER));
        let first = start_claim(&claimer.dict, &caller, id, &ownership()).await.unwrap();
        claimer.jobs().await;
        donor.jobs().await;
        claimer.jobs().await;
        let again = start_claim(&claimer.dict, &caller, id, &ownership()).await.unwrap();
        // As it stands by now.
        assert_eq!((again.id, again.status), (first.id, ClaimStatus::WaitingResolution));
        let other = NewClaim { claimer: Owner { name: "Bia Maria Lima".into(), ..bia() }, ..ownership() };
        let asked = start_claim(&claimer.dict, &caller, id, &other).await;
        assert_eq!(refusal(asked), RefusalKind::RequestIdAlreadyUsed);
        let other = portability(phone());
        assert_eq!(refusal(start_claim(&claimer.dict, &caller, id, &other).await), RefusalKind::RequestIdAlreadyUsed);
        // Even when the claim is over.
        assert_eq!(claimer.strings("SELECT status FROM dict.requests WHERE method = 'START_CLAIM'").await, ["DONE"]);
    }
}

#[tokio::test]
async fn a_refused_request_may_be_made_again() {
    for (world, donor, claimer) in both_ways().await {
        let id = world.uuid();
        let asked = start_claim(&claimer.dict, &caller(CLAIMER), id, &ownership()).await;
        assert_eq!(refusal(asked), RefusalKind::ClaimKeyNotFound);
        world.register(&donor, DONOR, &phone(), &ana()).await;
        start_claim(&claimer.dict, &caller(CLAIMER), id, &ownership()).await.unwrap();
    }
}

#[tokio::test]
async fn the_same_request_at_the_same_moment_opens_one_claim() {
    for (world, donor, claimer) in both_ways().await {
        world.register(&donor, DONOR, &phone(), &ana()).await;
        let (id, caller, wish) = (world.uuid(), caller(CLAIMER), ownership());
        let asked = (0..8).map(|_| start_claim(&claimer.dict, &caller, id, &wish));
        let mut opened = std::collections::HashSet::new();
        for outcome in futures_util::future::join_all(asked).await {
            match outcome {
                Ok(claim) => drop(opened.insert(claim.id)),
                Err(Failure::Busy) => {}
                Err(other) => panic!("{other}"),
            }
        }
        assert_eq!(opened.len(), 1);
    }
}

#[tokio::test]
async fn a_lost_answer_is_found_by_listing() {
    let world = World::new();
    let (donor, claimer) = (world.bank(&[DONOR]).await, world.bank(&[CLAIMER]).await);
    world.register(&donor, DONOR, &phone(), &ana()).await;
    world.simulator.inject_fault(Some("CreateClaim"), Fault::AnswerLost, 1).unwrap();
    let claim = world.start(&claimer, &ownership()).await.unwrap();
    assert_eq!(claimer.status(CLAIMER, claim.id).await, Some(ClaimStatus::Open));
}

#[tokio::test]
async fn a_lost_answer_and_a_lost_list_are_made_good_by_the_same_request() {
    let world = World::new();
    let (donor, claimer) = (world.bank(&[DONOR]).await, world.bank(&[CLAIMER]).await);
    world.register(&donor, DONOR, &phone(), &ana()).await;
    world.simulator.inject_fault(Some("CreateClaim"), Fault::AnswerLost, 1).unwrap();
    world.simulator.inject_fault(Some("ListClaims"), Fault::Unavailable, 1).unwrap();
    let (id, caller) = (world.uuid(), caller(CLAIMER));
    let lost = start_claim(&claimer.dict, &caller, id, &ownership()).await;
    assert!(matches!(lost, Err(Failure::Unavailable { .. })));
    // The poll hears of it, as of a claim that nobody here asked for.
    poll_and_acknowledge(&claimer.dict).await.unwrap();
    let claim = start_claim(&claimer.dict, &caller, id, &ownership()).await.unwrap();
    assert_eq!(claimer.strings("SELECT claim_id::text FROM dict.claims").await, [claim.id.to_string()]);
    assert_eq!(start_claim(&claimer.dict, &caller, id, &ownership()).await.unwrap().id, claim.id);
}

#[tokio::test]
async fn a_lost_request_opens_nothing_and_may_be_made_again() {
    let world = World::new();
    let (donor, claimer) = (world.bank(&[DONOR]).await, world.bank(&[CLAIMER]).await);
    world.register(&donor, DONOR, &phone(), &ana()).await;
    for fault in [Fault::RequestLost, Fault::Unavailable, Fault::Internal, Fault::Conflict] {
        world.simulator.inject_fault(Some("CreateClaim"), fault, 1).unwrap();
        let id = world.uuid();
        let lost = start_claim(&claimer.dict, &caller(CLAIMER), id, &ownership()).await;
        assert!(lost.is_err(), "{fault:?}");
        let claim = start_claim(&claimer.dict, &caller(CLAIMER), id, &ownership()).await.unwrap();
        let reason = dict::domain::reason::ClaimReason::UserRequested;
        let side = dict::domain::claim::Side::Claimer;
        world.simulator.cancel_claim(ispb(CLAIMER), claim.id, side, reason).await.unwrap();
    }
}

#[tokio::test]
async fn an_earlier_claim_of_the_same_content_is_not_taken_for_this_requests() {
    let world = World::new();
    let (donor, claimer) = (world.bank(&[DONOR]).await, world.bank(&[CLAIMER]).await);
    world.register(&donor, DONOR, &phone(), &ana()).await;
    world.start(&claimer, &ownership()).await.unwrap();
    // In the same moment, another request for the same thing.
    assert_eq!(refusal(world.start(&claimer, &ownership()).await), RefusalKind::ClaimAlreadyExistsForKey);
    world.simulator.inject_fault(Some("CreateClaim"), Fault::RequestLost, 1).unwrap();
    let lost = world.start(&claimer, &ownership()).await;
    assert!(matches!(lost, Err(Failure::Unavailable { .. })));
}

#[tokio::test]
async fn without_a_directory_only_our_own_institutions_take_part() {
    let world = World::new();
    let (donor, claimer) = (world.alone(&[DONOR]).await, world.alone(&[CLAIMER]).await);
    world.register(&donor, DONOR, &phone(), &ana()).await;
    assert_eq!(refusal(world.start(&claimer, &ownership()).await), RefusalKind::ClaimKeyNotFound);
}

#[tokio::test]
async fn without_a_directory_a_claim_holds_the_entry_that_it_is_about() {
    let world = World::new();
    let (bank, _) = world.alone_twice(&[DONOR, CLAIMER]).await;
    world.register(&bank, DONOR, &phone(), &ana()).await;
    // Somebody removes the entry after the claim was found to be allowed and before it is written.
    let mut sql = bank.database.superuser_config().connect(tokio_postgres::NoTls).await.unwrap();
    let driving = tokio::spawn(sql.1);
    let removal = sql.0.transaction().await.unwrap();
    removal.batch_execute("SELECT FROM dict.entries FOR UPDATE").await.unwrap();
    let (wish, dict, id) = (ownership(), bank.dict.clone(), world.uuid());
    let claiming = tokio::spawn(async move { start_claim(&dict, &caller(CLAIMER), id, &wish).await });
    let waiting = "SELECT pid::text FROM pg_locks JOIN pg_stat_activity USING (pid)
        WHERE NOT granted AND datname = current_database()";
    let waits = async { while bank.strings(waiting).await.is_empty() {} };
    tokio::time::timeout(std::time::Duration::from_secs(20), waits).await.unwrap();
    removal.batch_execute("DELETE FROM dict.entries").await.unwrap();
    removal.commit().await.unwrap();
    assert!(matches!(claiming.await.unwrap(), Err(Failure::Busy)));
    assert!(bank.strings("SELECT claim_id::text FROM dict.claims").await.is_empty());
    assert_eq!(refusal(world.start(&bank, &ownership()).await), RefusalKind::ClaimKeyNotFound);
    drop(sql.0);
    driving.await.unwrap().unwrap();
}

#[tokio::test]
async fn without_a_directory_a_key_is_claimed_or_removed_and_never_both() {
    let world = World::new();
    let (bank, _) = world.alone_twice(&[DONOR, CLAIMER]).await;
    let (donor, owner) = (caller(DONOR), ana().tax_id);
    for number in 0..20 {
        let key = key(KeyType::Phone, &format!("+55119876543{number:02}"));
        world.register(&bank, DONOR, &key, &ana()).await;
        let wish = NewClaim { key: key.clone(), ..ownership() };
        let remove = delete_key(&bank.dict, &donor, &key, EntryReason::UserRequested, Some(&owner));
        let (claimed, removed) = tokio::join!(world.start(&bank, &wish), remove);
        assert_eq!(bank.holder(&key).await.is_none(), removed.is_ok());
        assert!(!(claimed.is_ok() && removed.is_ok()), "key {number} was claimed and removed");
        if removed.is_err() {
            bank.execute("DELETE FROM dict.claims").await;
            delete_key(&bank.dict, &donor, &key, EntryReason::UserRequested, Some(&owner)).await.unwrap();
        }
    }
}
