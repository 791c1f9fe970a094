//! Two or more at once: replicas on one database, duplicates of one request, accounts with a limit.

use std::sync::Arc;

use dict::Dict;
use dict::domain::key::KeyType;
use dict::domain::owner::Owner;
use dict::domain::reason::EntryReason;
use dict::domain::refusal::RefusalKind;
use dict::entries::{self, Creation, KeyChange};
use dict::failure::Failure;
use dict::store::StoredEntry;
use futures_util::future::join_all;

use crate::entries_gate::Gate;
use crate::entries_world::*;

/// What became of it, as short as can be.
fn outcome(created: Result<Creation, Failure>) -> Result<(), RefusalKind> {
    match created {
        Ok(_) => Ok(()),
        Err(Failure::Refused(refusal)) => Err(refusal.kind),
        Err(other) => panic!("it failed otherwise: {other}"),
    }
}

async fn create(dict: &Dict, wish: &Wish) -> Result<Creation, Failure> {
    entries::create_key(dict, &caller(wish.0.account.participant), wish.0.clone(), None).await
}

fn email(name: &str) -> Wish {
    Wish::key(key(KeyType::Email, &format!("{name}@example.com"))).because(EntryReason::Reconciliation)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_replicas_that_race_for_one_key_exactly_one_wins_and_the_others_learn_why() {
    for world in [World::with_directory().await, World::alone().await] {
        let replicas = [world.dict.clone(), world.replica().await, world.replica().await];
        let rivals = [
            (email("a"), RefusalKind::EntryAlreadyExists),
            (email("a").owned_by(person(BRUNO, "Bruno Lima")), RefusalKind::EntryKeyOwnedByDifferentPerson),
            (email("a").to(account(OURS_TOO, "1")), RefusalKind::EntryKeyInCustodyOfDifferentParticipant),
        ];
        for (rival, lost) in rivals {
            for round in 0..6 {
                let name = format!("r{round}");
                let mine = email("a");
                let set = |wish: &Wish| {
                    let mut wish = wish.clone().with_id(request_id());
                    wish.0.key = Some(key(KeyType::Email, &format!("{name}@example.com")));
                    // Room for all of them.
                    wish.0.account.number = format!("{round}");
                    wish
                };
                let wishes = [set(&mine), set(&rival), set(&mine)];
                let calls = wishes.iter().zip(&replicas).map(|(wish, dict)| create(dict, wish));
                let mut outcomes: Vec<_> = join_all(calls).await.into_iter().map(outcome).collect();
                let won = outcomes.iter().position(Result::is_ok).unwrap();
                outcomes.remove(won).unwrap();
                assert!(outcomes.iter().all(Result::is_err), "more than one won");
                // Against the rival each other one has the rival's trouble, against its like that of the same owner.
                let expected =
                    |other: usize| if (won == 1) == (other == 1) { RefusalKind::EntryAlreadyExists } else { lost };
                let others: Vec<_> = (0..3).filter(|it| *it != won).map(|it| Err(expected(it))).collect();
                assert_eq!(outcomes, others);
                world.assert_sound().await;
                let stored = entries::get_key(
                    &world.dict,
                    &caller(wishes[won].0.account.participant),
                    wishes[won].0.key.as_ref().unwrap(),
                )
                .await
                .unwrap();
                assert_eq!(stored.entry.request_id, wishes[won].0.request_id);
                let ours = caller(stored.entry.account.participant);
                entries::delete_key(&world.dict, &ours, &stored.entry.key, EntryReason::Fraud, None).await.unwrap();
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn duplicates_of_one_request_are_done_once_and_answered_the_same() {
    for world in [World::with_directory().await, World::alone().await] {
        let replicas = [world.dict.clone(), world.replica().await];
        for wish in [email("a"), Wish::random()] {
            let calls = (0..12).map(|number| create(&replicas[number % 2], &wish));
            let answers: Vec<StoredEntry> = join_all(calls).await.into_iter().map(done).collect();
            assert!(answers.iter().all(|it| *it == answers[0]), "they are answered differently");
        }
        assert_eq!(world.topics().await, ["entries.created"; 2]);
        assert_eq!(world.count("SELECT sum(key_count) FROM dict.accounts", &[]).await, 2);
        world.assert_sound().await;
    }
}

#[tokio::test]
async fn who_joins_a_request_under_way_keeps_its_reservation_alive() {
    let world = World::with_directory().await;
    let wish = Wish::key(key(KeyType::Cpf, ANA));
    let gate = Arc::new(Gate::before(world.simulator().clone(), 0, 0));
    let slow = Dict { directory: Some(gate.clone()), ..world.dict.clone() };
    let second = async {
        gate.arrival().await;
        // The answer of the one who joined is lost; then the first one learns that the directory is down.
        world.simulator().inject_fault(Some("CreateEntry"), dict::simulator::Fault::AnswerLost, 1).unwrap();
        pending(create(&world.dict, &wish).await);
        world.simulator().inject_fault(Some("CreateEntry"), dict::simulator::Fault::Unavailable, 1).unwrap();
        gate.open(1);
    };
    let (first, ()) = tokio::join!(create(&slow, &wish), second);
    pending(first);
    done(create(&world.dict, &wish).await);
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_never_has_more_keys_than_it_may() {
    for world in [World::with_directory().await, World::alone().await] {
        let replicas = [world.dict.clone(), world.replica().await];
        let limits: [(Owner, &str, usize); 2] = [(ana(), "p", 5), (firm(), "f", 20)];
        for (owner, number, most) in limits {
            let wishes: Vec<_> = (0..most + 7)
                .map(|it| if it % 3 == 0 { Wish::random() } else { email(&format!("{number}{it}")) })
                .map(|wish| wish.owned_by(owner.clone()).to(account(OURS, number)))
                .collect();
            let calls = wishes.iter().enumerate().map(|(at, wish)| create(&replicas[at % 2], wish));
            let outcomes: Vec<_> = join_all(calls).await.into_iter().map(outcome).collect();
            assert_eq!(outcomes.iter().filter(|it| it.is_ok()).count(), most);
            let refused = outcomes.iter().filter(|it| **it == Err(RefusalKind::EntryLimitExceeded)).count();
            assert_eq!(refused, 7);
        }
        world.assert_sound().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_and_a_removal_at_once_leave_what_the_directory_has() {
    let world = World::with_directory().await;
    let replicas = [world.dict.clone(), world.replica().await];
    let ours = caller(ispb(OURS));
    let names = ["Ana Lima", "Ana Alves", "Ana Dias", "Ana Reis"];
    for round in 0..8 {
        let key = done(create(&world.dict, &email("a")).await).entry.key;
        let change = |name: &str| KeyChange {
            account: None,
            name: Some(name.to_owned()),
            trade_name: None,
            reason: EntryReason::UserRequested,
        };
        let changes = names.iter().enumerate().map(|(at, name)| {
            let (dict, key, ours) = (&replicas[at % 2], &key, &ours);
            async move { drop(entries::update_key(dict, ours, key, &change(name)).await) }
        });
        let removal = async {
            if round % 2 == 0 {
                drop(entries::delete_key(&world.dict, &ours, &key, EntryReason::Fraud, None).await);
            }
        };
        tokio::join!(join_all(changes), removal);
        let there = world.simulator().entry(&key).ok();
        let here = world.dict.store.entry(&key).await.unwrap().map(|it| it.entry);
        assert!(here == there, "round {round}: this base and the directory differ");
        world.assert_sound().await;
        if here.is_some() {
            entries::delete_key(&world.dict, &ours, &key, EntryReason::Fraud, None).await.unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_removals_at_once_those_that_come_too_late_are_told() {
    for world in [World::with_directory().await, World::alone().await] {
        let replicas = [world.dict.clone(), world.replica().await];
        let ours = caller(ispb(OURS));
        for _ in 0..5 {
            let key = world.registered(email("a")).await.entry.key;
            let removals = (0..10).map(|at| {
                let (dict, key, ours) = (&replicas[at % 2], &key, &ours);
                async move { entries::delete_key(dict, ours, key, EntryReason::Fraud, None).await }
            });
            let outcomes = join_all(removals).await;
            // One may have removed it there and another one here.
            let removed = outcomes.iter().filter(|it| it.is_ok()).count();
            assert!((1..=2).contains(&removed), "{removed} were told that they removed it");
            let late = outcomes.iter().filter_map(|it| it.as_ref().err());
            assert!(late.into_iter().all(|it| matches!(it, Failure::NotFound(_) | Failure::Busy)));
            world.assert_sound().await;
        }
        assert_eq!(world.count("SELECT count(*) FROM dict.outbox WHERE topic = 'entries.deleted'", &[]).await, 5);
        assert_eq!(world.count("SELECT count(*) FROM dict.change_intents", &[]).await, 0);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn accounts_that_exchange_keys_do_not_wait_for_each_other() {
    let world = World::alone().await;
    let ours = caller(ispb(OURS));
    let (one, other) = (account(OURS, "1"), account(OURS, "2"));
    let first = done(create(&world.dict, &email("a").to(one.clone())).await).entry.key;
    let second = done(create(&world.dict, &email("b").to(other.clone())).await).entry.key;
    let to = |account: &dict::domain::account::Account| KeyChange {
        account: Some(account.clone()),
        name: None,
        trade_name: None,
        reason: EntryReason::BranchTransfer,
    };
    for _ in 0..10 {
        for (there, back) in [(&other, &one), (&one, &other)] {
            let (there, back) = (to(there), to(back));
            let moved = tokio::join!(
                entries::update_key(&world.dict, &ours, &first, &there),
                entries::update_key(&world.dict, &ours, &second, &back),
            );
            assert!(moved.0.is_ok() && moved.1.is_ok());
        }
    }
    world.assert_sound().await;
}
