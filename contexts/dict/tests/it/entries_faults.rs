//! CreateKey when the directory does not answer, is down, or refuses; and what a crash leaves.

use std::sync::Arc;

use chrono::TimeDelta;
use dict::Dict;
use dict::domain::key::KeyType;
use dict::domain::reason::EntryReason;
use dict::domain::refusal::RefusalKind;
use dict::entries::{self, Resolved};
use dict::failure::Failure;
use dict::simulator::{Blocking, Fault, Tampering};
use dict::store::EntryStatus;

use crate::entries_gate::Gate;
use crate::entries_world::*;

#[tokio::test]
async fn a_lost_answer_is_pending_until_the_same_is_asked_again() {
    let world = World::with_directory().await;
    for wish in [Wish::key(key(KeyType::Cpf, ANA)), Wish::random()] {
        for fault in [Fault::AnswerLost, Fault::RequestLost, Fault::Internal] {
            let wish = if wish.0.key.is_some() { Wish::key(phone(fault as u32)) } else { wish.clone() };
            let wish = wish.with_id(request_id());
            let proof = match &wish.0.key {
                Some(key) => world.possession(wish.0.account.participant, key).await,
                None => None,
            };
            let ours = caller(ispb(OURS));
            let create = || entries::create_key(&world.dict, &ours, wish.0.clone(), proof);
            world.simulator().inject_fault(Some("CreateEntry"), fault, 2).unwrap();
            pending(create().await);
            pending(create().await);
            if let Some(key) = &wish.0.key {
                let reserved = entries::get_key(&world.dict, &ours, key).await.unwrap();
                assert!(reserved.status == EntryStatus::Pending);
                let deleted = entries::delete_key(&world.dict, &ours, key, EntryReason::Fraud, None).await;
                assert!(matches!(deleted, Err(Failure::Busy)));
            }
            let stored = done(create().await);
            assert!(world.simulator().entry(&stored.entry.key).unwrap() == stored.entry);
            world.assert_sound().await;
            entries::delete_key(&world.dict, &ours, &stored.entry.key, EntryReason::Fraud, None).await.unwrap();
        }
    }
}

#[tokio::test]
async fn what_nobody_asks_for_again_is_settled_by_the_job() {
    let world = World::with_directory().await;
    let faulty = world.simulator();
    let wishes = [Wish::key(key(KeyType::Cpf, ANA)), Wish::random(), Wish::key(phone(1)), Wish::key(phone(2))];
    let faults = [Fault::AnswerLost, Fault::AnswerLost, Fault::RequestLost, Fault::RequestLost];
    for (wish, fault) in wishes.into_iter().zip(faults) {
        faulty.inject_fault(Some("CreateEntry"), fault, 1).unwrap();
        pending(world.create(wish).await);
    }
    // A call that is under way is left alone.
    assert_eq!(entries::resolve_pending(&world.dict, 100).await.unwrap(), Resolved::default());
    world.clock.advance(TimeDelta::seconds(31));
    faulty.inject_fault(Some("CreateEntry"), Fault::Unavailable, 4).unwrap();
    let resolved = entries::resolve_pending(&world.dict, 100).await.unwrap();
    assert_eq!(resolved, Resolved { pending: 4, ..Resolved::default() });
    // Somebody else took a phone meanwhile.
    let mut theirs = world.simulator().entry(&key(KeyType::Cpf, ANA)).unwrap();
    (theirs.key, theirs.request_id, theirs.account.participant) = (phone(2), request_id(), ispb("99999999"));
    faulty.tamper(Tampering::Insert(theirs)).unwrap();
    world.clock.advance(TimeDelta::seconds(31));
    let resolved = entries::resolve_pending(&world.dict, 100).await.unwrap();
    assert_eq!(resolved, Resolved { registered: 3, released: 1, pending: 0 });
    assert_eq!(world.count("SELECT count(*) FROM dict.entries WHERE status = 'ACTIVE'", &[]).await, 3);
    assert_eq!(world.count("SELECT count(*) FROM dict.entries", &[]).await, 3);
    assert_eq!(world.topics().await, ["entries.created"; 3]);
    world.assert_sound().await;
}

#[tokio::test]
async fn what_the_directory_cannot_do_now_or_refuses_leaves_nothing_behind() {
    let world = World::with_directory().await;
    let faulty = world.simulator();
    for wish in [Wish::key(key(KeyType::Cpf, ANA)), Wish::random()] {
        faulty.inject_fault(Some("CreateEntry"), Fault::Unavailable, 1).unwrap();
        let down = world.create(wish.clone()).await;
        assert!(matches!(down, Err(Failure::Unavailable { what: "directory", retry_after_ms: Some(_) })));
        assert!(world.is_untouched().await);
        faulty.inject_fault(Some("CreateEntry"), Fault::Conflict, 1).unwrap();
        assert_eq!(refusal(world.create(wish.clone()).await), RefusalKind::ResourceConflict);
        assert!(world.is_untouched().await);
        faulty.block(Blocking::TaxId(ana().tax_id), true).unwrap();
        assert_eq!(refusal(world.create(wish).await), RefusalKind::TaxIdNumberBlocked);
        assert!(world.is_untouched().await);
        faulty.block(Blocking::TaxId(ana().tax_id), false).unwrap();
    }
    // With the same request_id, once it is up again.
    let wish = Wish::key(key(KeyType::Cpf, ANA));
    faulty.inject_fault(Some("CreateEntry"), Fault::Unavailable, 1).unwrap();
    assert!(world.create(wish.clone()).await.is_err());
    world.registered(wish).await;
    world.assert_sound().await;
}

#[tokio::test]
async fn an_unavailable_directory_does_not_release_what_an_earlier_call_may_have_done() {
    let world = World::with_directory().await;
    let wish = Wish::key(key(KeyType::Cpf, ANA));
    world.simulator().inject_fault(Some("CreateEntry"), Fault::AnswerLost, 1).unwrap();
    pending(world.create(wish.clone()).await);
    world.simulator().inject_fault(Some("CreateEntry"), Fault::Unavailable, 1).unwrap();
    pending(world.create(wish.clone()).await);
    let other = Wish::key(key(KeyType::Cpf, ANA)).to(account(OURS, "2"));
    assert_eq!(refusal(world.create(other).await), RefusalKind::EntryAlreadyExists);
    world.registered(wish).await;
    world.assert_sound().await;
}

#[tokio::test]
async fn policies_of_the_directory_are_said_as_they_are() {
    let world = World::with_directory().await;
    world.simulator().set_policies(true, None);
    let ours = ispb(OURS);
    let checks = (0..70).map(|number| key(KeyType::Email, &format!("a{number}@example.com")));
    for email in checks {
        entries::check_keys(&world.dict, &caller(ours), &[email]).await.unwrap();
    }
    let refused = entries::check_keys(&world.dict, &caller(ours), &[phone(1)]).await;
    let Err(Failure::Refused(refused)) = refused else { panic!("the 71st is answered") };
    assert_eq!(refused.kind, RefusalKind::RateLimited);
    assert!(refused.retry_after_ms.is_some());
}

#[tokio::test]
async fn a_call_that_ends_between_reservation_and_answer_is_taken_up_again() {
    let world = World::with_directory().await;
    for (number, asked) in [(1, 0), (2, 1)] {
        for wish in [Wish::key(key(KeyType::Email, &format!("a{number}@example.com"))), Wish::random()] {
            let wish = wish.because(EntryReason::Reconciliation);
            let gate = Arc::new(Gate::before(world.simulator().clone(), asked, 0));
            let crashing = Dict { directory: Some(gate.clone()), ..world.dict.clone() };
            let ours = caller(ispb(OURS));
            let stopped = async { if asked == 0 { gate.arrival().await } else { gate.answer().await } };
            tokio::select! {
                _ = entries::create_key(&crashing, &ours, wish.0.clone(), None) => panic!("nobody answered"),
                () = stopped => {}
            }
            world.clock.advance(TimeDelta::seconds(31));
            let resolved = entries::resolve_pending(&world.dict, 10).await.unwrap();
            assert_eq!(resolved, Resolved { registered: 1, ..Resolved::default() });
            done(world.create(wish).await);
            world.assert_sound().await;
        }
    }
}

#[tokio::test]
async fn what_postgresql_forgets_of_a_reservation_comes_back_from_the_directory() {
    let world = World::with_directory().await;
    for wish in [Wish::key(key(KeyType::Cpf, ANA)), Wish::random()] {
        let gate = Arc::new(Gate::before(world.simulator().clone(), 1, 0));
        let slow = Dict { directory: Some(gate.clone()), ..world.dict.clone() };
        let ours = caller(ispb(OURS));
        let forgotten = async {
            gate.answer().await;
            // As if the reservation had not reached the disk when PostgreSQL crashed.
            let forget = "WITH r AS (DELETE FROM dict.requests WHERE status = 'PENDING' RETURNING request_id),
                e AS (DELETE FROM dict.entries WHERE status = 'PENDING' RETURNING account_hash)
                UPDATE dict.accounts SET key_count = key_count - 1";
            world.sql.execute(forget, &[]).await.unwrap();
            gate.open(1);
        };
        let (created, ()) = tokio::join!(entries::create_key(&slow, &ours, wish.0.clone(), None), forgotten);
        let stored = done(created);
        assert!(done(world.create(wish).await) == stored);
        world.assert_sound().await;
    }
}
