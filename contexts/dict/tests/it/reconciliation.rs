//! CIDs, verifiers and their repair: the directory wins.

use std::sync::Arc;

use chrono::TimeDelta;
use dict::Dict;
use dict::directory::Directory as _;
use dict::domain::cid::{Cid, VSync};
use dict::domain::entry::Entry;
use dict::domain::key::KeyType;
use dict::domain::reason::EntryReason;
use dict::entries::{self, KeyChange};
use dict::failure::Failure;
use dict::reconciliation::{self, Due, Reconciled};
use dict::simulator::{Fault, Tampering};
use dict::store::Verification;
use platform::clock::Clock as _;

use crate::entries_gate::Gate;
use crate::entries_world::*;

fn email(name: &str) -> Wish {
    Wish::key(key(KeyType::Email, &format!("{name}@example.com"))).because(EntryReason::Reconciliation)
}

fn renamed(name: &str) -> KeyChange {
    KeyChange { account: None, name: Some(name.to_owned()), trade_name: None, reason: EntryReason::UserRequested }
}

async fn agrees(world: &World, key_type: KeyType) -> bool {
    let ours = caller(ispb(OURS));
    let verifier = reconciliation::get_vsync(&world.dict, &ours, key_type).await.unwrap();
    world.simulator().verify_sync(ours.participant, key_type, verifier.vsync).await.unwrap().agreed
}

#[tokio::test]
async fn the_verifier_is_the_xor_of_the_cids_of_one_type_and_zeros_for_none() {
    let world = World::with_directory().await;
    let ours = caller(ispb(OURS));
    let empty = reconciliation::get_vsync(&world.dict, &ours, KeyType::Email).await.unwrap();
    assert_eq!((empty.vsync.to_string(), empty.entries), ("0".repeat(64), 0));
    assert!(empty.verification.is_none());
    let mut cids = Vec::new();
    for name in ["a", "b", "c"] {
        cids.push(world.registered(email(name)).await.cid);
    }
    world.registered(Wish::random().to(account(OURS, "2"))).await;
    world.registered(email("theirs").to(account(OURS_TOO, "1"))).await;
    // What is only reserved is no part of it.
    world.simulator().inject_fault(Some("CreateEntry"), Fault::RequestLost, 2).unwrap();
    pending(world.create(email("d")).await);
    pending(world.create(Wish::random()).await);
    let verifier = reconciliation::get_vsync(&world.dict, &ours, KeyType::Email).await.unwrap();
    assert_eq!((verifier.vsync, verifier.entries), (cids.into_iter().collect::<VSync>(), 3));
    for key_type in KeyType::ALL {
        assert!(agrees(&world, key_type).await, "{}", key_type.name());
    }
}

#[tokio::test]
async fn a_keys_cid_is_that_of_its_content_and_only_its_institutions() {
    let world = World::with_directory().await;
    let stored = world.registered(email("a")).await;
    let ours = caller(ispb(OURS));
    let (cid, request_id) = reconciliation::get_cid(&world.dict, &ours, &stored.entry.key).await.unwrap();
    assert_eq!((cid, request_id), (Cid::of(&stored.entry), stored.entry.request_id));
    let theirs = reconciliation::get_cid(&world.dict, &caller(ispb(OURS_TOO)), &stored.entry.key).await;
    assert!(matches!(theirs, Err(Failure::NotFound("key"))));
    world.simulator().inject_fault(Some("CreateEntry"), Fault::RequestLost, 1).unwrap();
    pending(world.create(email("b")).await);
    let reserved = reconciliation::get_cid(&world.dict, &ours, &key(KeyType::Email, "b@example.com")).await;
    assert!(matches!(reserved, Err(Failure::NotFound("key"))));
}

#[tokio::test]
async fn cid_events_say_what_came_and_went_page_by_page_and_so_does_the_directory() {
    let world = World::with_directory().await;
    let ours = caller(ispb(OURS));
    let began = world.clock.now();
    let first = world.registered(email("a")).await;
    world.clock.advance(TimeDelta::seconds(1));
    let key = &first.entry.key;
    let second = entries::update_key(&world.dict, &ours, key, &renamed("Ana Lima")).await.unwrap();
    world.clock.advance(TimeDelta::seconds(1));
    entries::delete_key(&world.dict, &ours, key, EntryReason::Fraud, None).await.unwrap();
    let expected = [(true, first.cid), (false, first.cid), (true, second.cid), (false, second.cid)];
    let list = async |from, size, token: &str| {
        reconciliation::list_cid_events(&world.dict, &ours, (KeyType::Email, from), size, token).await
    };
    let (mut seen, mut token) = (Vec::new(), String::new());
    loop {
        let page = list(began, 1, &token).await.unwrap();
        assert_eq!(page.events.len(), 1);
        seen.extend(page.events);
        let Some(next) = page.next_page_token else { break };
        token.clone_from(&next);
        assert_eq!(wrong_fields(list(began + TimeDelta::seconds(1), 1, &next).await), ["page_token"]);
    }
    let short = |events: &[dict::directory::CidEvent]| events.iter().map(|it| (it.added, it.cid)).collect::<Vec<_>>();
    assert_eq!(short(&seen), expected);
    assert_eq!(list(began, 0, "").await.unwrap().events, seen);
    assert_eq!(short(&list(began + TimeDelta::seconds(2), 0, "").await.unwrap().events), expected[3..]);
    let (theirs, _) = world.simulator().list_cid_events(ours.participant, KeyType::Email, began, 200).await.unwrap();
    assert_eq!(short(&theirs), expected);
}

/// What a tester of the bank does to keys: one comes, one is changed, one goes.
async fn tamper(world: &World) -> (Entry, Entry) {
    for name in ["stays", "changes", "goes"] {
        world.registered(email(name)).await;
    }
    let simulator = world.simulator();
    let named = |name: &str| simulator.entry(&key(KeyType::Email, &format!("{name}@example.com"))).unwrap();
    let changed = Entry { owner: person(ANA, "Ana Lima"), ..named("changes") };
    let (new, id) = (key(KeyType::Email, "comes@example.com"), request_id());
    let come = Entry { key: new, request_id: id, account: account(OURS, "777"), ..named("stays") };
    simulator.tamper(Tampering::Overwrite(changed.clone())).unwrap();
    simulator.tamper(Tampering::Insert(come.clone())).unwrap();
    simulator.tamper(Tampering::Remove(named("goes").key)).unwrap();
    (changed, come)
}

#[tokio::test]
async fn what_differs_is_repaired_and_the_directory_wins() {
    let world = World::with_directory().await;
    let (changed, come) = tamper(&world).await;
    assert!(!agrees(&world, KeyType::Email).await);
    let ours = ispb(OURS);
    let done = reconciliation::reconcile(&world.dict, ours, KeyType::Email).await.unwrap();
    let expected =
        Reconciled { agreed: false, repaired: true, inserted: 1, removed: 1, overwritten: 1, vsync: done.vsync };
    assert_eq!(done, expected);
    assert!(agrees(&world, KeyType::Email).await);
    let caller = caller(ours);
    for entry in [changed, come] {
        let here = entries::get_key(&world.dict, &caller, &entry.key).await.unwrap().entry;
        assert!(here == entry, "it is not what the directory has");
    }
    let gone = entries::get_key(&world.dict, &caller, &key(KeyType::Email, "goes@example.com")).await;
    assert!(matches!(gone, Err(Failure::NotFound("key"))));
    let verification = reconciliation::get_vsync(&world.dict, &caller, KeyType::Email).await.unwrap().verification;
    assert_eq!(verification, Some(Verification { at: world.clock.now(), ok: true }));
    world.assert_sound().await;
    let again = reconciliation::reconcile(&world.dict, ours, KeyType::Email).await.unwrap();
    assert_eq!(again, Reconciled { agreed: true, repaired: true, vsync: done.vsync, ..Reconciled::default() });
}

#[tokio::test]
async fn a_key_that_the_directory_gave_to_another_of_ours_changes_hands() {
    let world = World::with_directory().await;
    let stored = world.registered(email("a")).await;
    let theirs = Entry { account: account(OURS_TOO, "1"), request_id: request_id(), ..stored.entry };
    world.simulator().tamper(Tampering::Overwrite(theirs.clone())).unwrap();
    for participant in [OURS_TOO, OURS] {
        reconciliation::reconcile(&world.dict, ispb(participant), KeyType::Email).await.unwrap();
    }
    let here = entries::get_key(&world.dict, &caller(ispb(OURS_TOO)), &theirs.key).await.unwrap();
    assert!(here.entry == theirs);
    assert_eq!(world.topics().await[1..], ["entries.deleted", "entries.created"]);
    assert!(agrees(&world, KeyType::Email).await);
    world.assert_sound().await;
}

#[tokio::test]
async fn keys_that_are_on_their_way_are_no_difference() {
    let world = World::with_directory().await;
    for wish in [email("a"), Wish::random()] {
        let key_type = wish.0.key_type;
        // The directory has it, and its answer is not heard yet.
        let gate = Arc::new(Gate::before(world.simulator().clone(), 1, 0));
        let slow = Dict { directory: Some(gate.clone()), ..world.dict.clone() };
        let ours = caller(ispb(OURS));
        let meanwhile = async {
            gate.answer().await;
            let done = reconciliation::reconcile(&world.dict, ours.participant, key_type).await.unwrap();
            assert_eq!((done.inserted, done.removed, done.overwritten), (1, 0, 0));
            assert!(done.repaired);
            gate.open(1);
        };
        let (created, ()) = tokio::join!(entries::create_key(&slow, &ours, wish.0.clone(), None), meanwhile);
        let stored = done(created);
        assert!(world.registered(wish).await == stored);
        world.assert_sound().await;
        // The directory no longer has it, and this base does not know yet.
        let gate = Arc::new(Gate::before(world.simulator().clone(), 1, 0));
        let slow = Dict { directory: Some(gate.clone()), ..world.dict.clone() };
        let meanwhile = async {
            gate.answer().await;
            let done = reconciliation::reconcile(&world.dict, ours.participant, key_type).await.unwrap();
            assert_eq!((done.inserted, done.removed, done.overwritten), (0, 1, 0));
            gate.open(1);
        };
        let removal = entries::delete_key(&slow, &ours, &stored.entry.key, EntryReason::Fraud, None);
        let (removed, ()) = tokio::join!(removal, meanwhile);
        assert!(removed.is_ok());
        world.assert_sound().await;
    }
    assert_eq!(world.topics().await.len(), 4);
}

#[tokio::test]
async fn each_type_is_compared_within_36_hours_and_again_soon_where_it_failed() {
    let world = World::with_directory().await;
    let pairs = 2 * 5;
    let due = async || reconciliation::run_due(&world.dict).await.unwrap();
    assert_eq!(due().await, Due { compared: pairs, ..Due::default() });
    assert_eq!(due().await, Due::default());
    world.clock.advance(TimeDelta::hours(24));
    tamper(&world).await;
    assert_eq!(due().await, Due { compared: pairs, disagreed: 1, failed: 0 });
    world.clock.advance(TimeDelta::hours(24));
    // Down for two comparisons; it is not left until the next day.
    world.simulator().inject_fault(Some("CreateSyncVerification"), Fault::Unavailable, 2).unwrap();
    assert_eq!(due().await, Due { compared: pairs - 2, disagreed: 0, failed: 2 });
    assert_eq!(due().await, Due { compared: 2, ..Due::default() });
    let oldest = "SELECT count(*) FROM dict.cursors WHERE at < $1 OR NOT ok";
    assert_eq!(world.count(oldest, &[&world.clock.now()]).await, 0);
}

#[tokio::test]
async fn what_could_not_be_repaired_is_tried_again_and_what_was_repaired_stays() {
    let world = World::with_directory().await;
    tamper(&world).await;
    world.simulator().inject_fault(Some("GetEntryByCid"), Fault::Unavailable, 100).unwrap();
    let failed = reconciliation::reconcile(&world.dict, ispb(OURS), KeyType::Email).await;
    assert!(matches!(failed, Err(Failure::Unavailable { what: "directory", .. })));
    world.simulator().inject_fault(Some("GetEntryByCid"), Fault::Unavailable, 0).unwrap();
    let done = reconciliation::reconcile(&world.dict, ispb(OURS), KeyType::Email).await.unwrap();
    assert!(done.repaired);
    world.assert_sound().await;
}

#[tokio::test]
async fn without_a_directory_there_is_nothing_to_differ_from() {
    let world = World::alone().await;
    let cid = world.registered(email("a")).await.cid;
    let done = reconciliation::reconcile(&world.dict, ispb(OURS), KeyType::Email).await.unwrap();
    let vsync = VSync::from_iter([cid]);
    assert_eq!(done, Reconciled { agreed: true, repaired: true, vsync, ..Reconciled::default() });
    assert_eq!(reconciliation::run_due(&world.dict).await.unwrap(), Due::default());
}
