//! DeleteKey and UpdateKey.

use dict::domain::account::Account;
use dict::domain::cid::Cid;
use dict::domain::key::{Key, KeyType};
use dict::domain::reason::EntryReason;
use dict::domain::refusal::RefusalKind;
use dict::domain::tax_id::TaxId;
use dict::entries::{self, KeyChange};
use dict::failure::Failure;
use dict::simulator::{Blocking, Fault};
use dict::store::{EntryStatus, StoredEntry};

use crate::entries_world::*;

fn tax_id(text: &str) -> TaxId {
    TaxId::parse(text).unwrap()
}

async fn delete(world: &World, key: &Key, reason: EntryReason) -> Result<StoredEntry, Failure> {
    let requester = (reason == EntryReason::UserRequested).then(|| tax_id(ANA));
    entries::delete_key(&world.dict, &caller(ispb(OURS)), key, reason, requester.as_ref()).await
}

fn to_account(account: Account) -> KeyChange {
    KeyChange { account: Some(account), name: None, trade_name: None, reason: EntryReason::UserRequested }
}

fn renamed(name: &str) -> KeyChange {
    KeyChange { account: None, name: Some(name.to_owned()), trade_name: None, reason: EntryReason::UserRequested }
}

async fn update(world: &World, key: &Key, change: &KeyChange) -> Result<StoredEntry, Failure> {
    entries::update_key(&world.dict, &caller(ispb(OURS)), key, change).await
}

#[tokio::test]
async fn a_key_is_removed_by_its_institution_for_its_owner_and_is_then_gone() {
    for world in [World::with_directory().await, World::alone().await] {
        let stored = world.registered(Wish::key(phone(1))).await;
        let key = &stored.entry.key;
        let ours = caller(ispb(OURS));
        let asked = EntryReason::UserRequested;
        let nobody = entries::delete_key(&world.dict, &ours, key, asked, None).await;
        assert_eq!(wrong_fields(nobody), ["requester_tax_id"]);
        let another = entries::delete_key(&world.dict, &ours, key, asked, Some(&tax_id(BRUNO))).await;
        assert_eq!(refusal(another), RefusalKind::Forbidden);
        let theirs = entries::delete_key(&world.dict, &caller(ispb(OURS_TOO)), key, asked, Some(&tax_id(ANA))).await;
        assert!(matches!(theirs, Err(Failure::NotFound("key"))));
        let removed = entries::delete_key(&world.dict, &ours, key, asked, Some(&tax_id(ANA))).await.unwrap();
        assert!(removed == stored, "another entry was removed");
        assert!(matches!(delete(&world, key, asked).await, Err(Failure::NotFound("key"))));
        if let Some(directory) = &world.directory {
            assert_eq!(directory.entry(key).err().unwrap().kind, RefusalKind::NotFound);
        }
        assert_eq!(world.topics().await, ["entries.created", "entries.deleted"]);
        assert_eq!(world.count("SELECT sum(key_count) FROM dict.accounts", &[]).await, 0);
        world.assert_sound().await;
        // And free again.
        world.registered(Wish::key(phone(1))).await;
    }
}

#[tokio::test]
async fn what_was_removed_behind_our_back_is_removed_here() {
    let world = World::with_directory().await;
    let stored = world.registered(Wish::key(phone(1))).await;
    world.simulator().tamper(dict::simulator::Tampering::Remove(phone(1))).unwrap();
    assert!(delete(&world, &stored.entry.key, EntryReason::Fraud).await.is_ok());
    world.assert_sound().await;
    assert_eq!(world.count("SELECT count(*) FROM dict.entries", &[]).await, 0);
}

#[tokio::test]
async fn whether_a_removal_without_an_answer_was_done_is_found_out() {
    let world = World::with_directory().await;
    for fault in [Fault::AnswerLost, Fault::RequestLost, Fault::Internal, Fault::Unavailable, Fault::Conflict] {
        let key = world.registered(Wish::key(phone(fault as u32))).await.entry.key;
        world.simulator().inject_fault(Some("DeleteEntry"), fault, 1).unwrap();
        let outcome = delete(&world, &key, EntryReason::UserRequested).await;
        match fault {
            Fault::AnswerLost => assert!(outcome.is_ok()),
            Fault::Conflict => assert_eq!(refusal(outcome), RefusalKind::ResourceConflict),
            _ => assert!(matches!(outcome, Err(Failure::Unavailable { what: "directory", .. }))),
        }
        let there = world.simulator().entry(&key).is_ok();
        let here = entries::get_key(&world.dict, &caller(ispb(OURS)), &key).await.is_ok();
        assert_eq!((there, here), (fault != Fault::AnswerLost, fault != Fault::AnswerLost), "{fault:?}");
        if here {
            delete(&world, &key, EntryReason::UserRequested).await.unwrap();
        }
    }
    // Neither the removal nor the question is answered: who asks again learns that it was done.
    let key = world.registered(Wish::key(phone(9))).await.entry.key;
    world.simulator().inject_fault(Some("DeleteEntry"), Fault::AnswerLost, 1).unwrap();
    world.simulator().inject_fault(Some("GetEntryByCid"), Fault::RequestLost, 1).unwrap();
    let outcome = delete(&world, &key, EntryReason::UserRequested).await;
    assert!(matches!(outcome, Err(Failure::Unavailable { what: "directory", .. })));
    delete(&world, &key, EntryReason::UserRequested).await.unwrap();
    world.assert_sound().await;
}

#[tokio::test]
async fn a_block_is_mirrored_and_ends_when_the_directory_says_so() {
    let world = World::with_directory().await;
    let key = world.registered(Wish::key(phone(1))).await.entry.key;
    let ours = caller(ispb(OURS));
    world.simulator().block(Blocking::Key(key.clone()), true).unwrap();
    assert_eq!(refusal(delete(&world, &key, EntryReason::UserRequested).await), RefusalKind::EntryBlocked);
    let read = entries::get_key(&world.dict, &ours, &key).await.unwrap();
    assert!(read.status == EntryStatus::Blocked && read.entry.blocked);
    // Known here now.
    assert_eq!(refusal(update(&world, &key, &renamed("Ana Lima")).await), RefusalKind::EntryBlocked);
    world.simulator().block(Blocking::Key(key.clone()), false).unwrap();
    // While the directory is silent it stays.
    world.simulator().inject_fault(Some("GetEntryByCid"), Fault::Unavailable, 1).unwrap();
    assert!(entries::get_key(&world.dict, &ours, &key).await.unwrap().status == EntryStatus::Blocked);
    assert!(entries::get_key(&world.dict, &ours, &key).await.unwrap().status == EntryStatus::Active);
    delete(&world, &key, EntryReason::UserRequested).await.unwrap();
    world.assert_sound().await;
}

#[tokio::test]
async fn a_name_changes_in_the_directory_and_here_and_so_does_the_cid() {
    for world in [World::with_directory().await, World::alone().await] {
        let before = world.registered(Wish::key(phone(1))).await;
        let key = &before.entry.key;
        world.clock.advance(chrono::TimeDelta::seconds(1));
        let after = update(&world, key, &renamed("Ana Lima")).await.unwrap();
        assert_eq!(after.entry.owner.name, "Ana Lima");
        assert_eq!(after.entry.created_at, before.entry.created_at);
        assert_eq!(after.entry.request_id, before.entry.request_id);
        assert_ne!(after.cid, before.cid);
        assert_eq!(after.cid, Cid::of(&after.entry));
        assert!(entries::get_key(&world.dict, &caller(ispb(OURS)), key).await.unwrap() == after);
        if let Some(directory) = &world.directory {
            assert!(Cid::of(&directory.entry(key).unwrap()) == after.cid);
        }
        // The same again changes nothing.
        assert!(update(&world, key, &renamed("Ana Lima")).await.unwrap() == after);
        assert_eq!(world.topics().await, ["entries.created", "entries.updated"]);
        let events = "SELECT count(*) FROM dict.cid_events WHERE added = $1";
        assert_eq!(world.count(events, &[&true]).await, 2);
        assert_eq!(world.count(events, &[&false]).await, 1);
        world.assert_sound().await;
        assert_eq!(refusal(update(&world, key, &renamed("A$ap")).await), RefusalKind::EntryInvalid);
        assert_eq!(wrong_fields(update(&world, key, &renamed(" ")).await), ["owner_name"]);
    }
}

#[tokio::test]
async fn a_trade_name_comes_changes_and_goes() {
    let world = World::with_directory().await;
    let wish = Wish::key(key(KeyType::Cnpj, FIRM)).owned_by(firm());
    let key = world.registered(wish).await.entry.key;
    let trade = |name: &str| KeyChange { trade_name: Some(name.to_owned()), name: None, ..renamed("") };
    let after = update(&world, &key, &trade("Padaria do Centro")).await.unwrap();
    assert_eq!(after.entry.owner.trade_name.as_deref(), Some("Padaria do Centro"));
    let after = update(&world, &key, &trade("")).await.unwrap();
    assert_eq!(after.entry.owner.trade_name, None);
    let person = world.registered(Wish::key(phone(1))).await.entry.key;
    assert_eq!(refusal(update(&world, &person, &trade("Ana Doces")).await), RefusalKind::EntryInvalid);
    world.assert_sound().await;
}

#[tokio::test]
async fn an_account_that_a_key_moves_to_must_have_room() {
    for world in [World::with_directory().await, World::alone().await] {
        let (full, other) = (account(OURS, "5"), account(OURS, "7"));
        for number in 0..5 {
            world.registered(Wish::key(phone(number)).to(full.clone())).await;
        }
        let moving = world.registered(Wish::key(phone(9)).to(other.clone())).await.entry.key;
        let refused = update(&world, &moving, &to_account(full.clone())).await;
        assert_eq!(refusal(refused), RefusalKind::EntryLimitExceeded);
        let room = account(OURS, "8");
        let moved = update(&world, &moving, &to_account(room.clone())).await.unwrap();
        assert!(moved.entry.account == room);
        world.assert_sound().await;
        // One leaves, one comes.
        update(&world, &phone(0), &to_account(other)).await.unwrap();
        update(&world, &moving, &to_account(full)).await.unwrap();
        world.assert_sound().await;
        let theirs = update(&world, &moving, &to_account(account(OURS_TOO, "1"))).await;
        assert_eq!(refusal(theirs), RefusalKind::Forbidden);
    }
}

#[tokio::test]
async fn an_account_of_which_only_the_opening_date_was_wrong_keeps_its_cid() {
    let world = World::with_directory().await;
    let before = world.registered(Wish::key(phone(1))).await;
    let mut opened = before.entry.account.clone();
    opened.opened_at += chrono::TimeDelta::days(1);
    let after = update(&world, &before.entry.key, &to_account(opened.clone())).await.unwrap();
    assert_eq!(after.cid, before.cid);
    let read = entries::get_key(&world.dict, &caller(ispb(OURS)), &before.entry.key).await.unwrap();
    assert!(read.entry.account == opened);
    assert_eq!(world.topics().await, ["entries.created"]);
    world.assert_sound().await;
}

#[tokio::test]
async fn whether_a_change_without_an_answer_was_made_is_found_out() {
    let world = World::with_directory().await;
    let before = world.registered(Wish::key(phone(1))).await;
    let key = &before.entry.key;
    let names = ["Ana Lima", "Ana Alves", "Ana Dias", "Ana Reis"];
    let faults = [Fault::AnswerLost, Fault::RequestLost, Fault::Internal, Fault::Unavailable];
    for (name, fault) in names.into_iter().zip(faults) {
        world.simulator().inject_fault(Some("UpdateEntry"), fault, 1).unwrap();
        let outcome = update(&world, key, &renamed(name)).await;
        let done = fault == Fault::AnswerLost;
        if done {
            assert!(outcome.is_ok());
        } else {
            assert!(matches!(outcome, Err(Failure::Unavailable { what: "directory", .. })), "{fault:?}");
        }
        let here = entries::get_key(&world.dict, &caller(ispb(OURS)), key).await.unwrap();
        assert_eq!(here.entry.owner.name == name, done);
        assert_eq!(here.cid, Cid::of(&world.simulator().entry(key).unwrap()));
    }
    // Nothing is answered at all: who asks again has it done.
    world.simulator().inject_fault(Some("UpdateEntry"), Fault::AnswerLost, 1).unwrap();
    world.simulator().inject_fault(Some("GetEntryByCid"), Fault::RequestLost, 1).unwrap();
    assert!(update(&world, key, &renamed("Ana Rosa")).await.is_err());
    let after = update(&world, key, &renamed("Ana Rosa")).await.unwrap();
    assert_eq!(after.cid, Cid::of(&world.simulator().entry(key).unwrap()));
    world.assert_sound().await;
}

#[tokio::test]
async fn a_key_that_is_claimed_is_not_removed_and_may_be_changed() {
    for world in [World::with_directory().await, World::alone().await] {
        let stored = world.registered(Wish::key(phone(1))).await;
        let key = &stored.entry.key;
        // Its row is another part's business; what matters here is that there is one.
        let claim = "INSERT INTO dict.claims (key_hash, claim_id, claim_type, key_type, status, donor_participant,
                claimer_participant, data_key_id, sealed, opened_at, resolution_period_end, last_modified)
            SELECT key_hash, gen_random_uuid(), 'OWNERSHIP', key_type, 'OPEN', participant, '99999999', 2, '', now(),
                now(), now() FROM dict.entries";
        world.sql.execute(claim, &[]).await.unwrap();
        let read = entries::get_key(&world.dict, &caller(ispb(OURS)), key).await.unwrap();
        assert!(read.entry.open_claim_created_at.is_some());
        let refused = delete(&world, key, EntryReason::UserRequested).await;
        assert_eq!(refusal(refused), RefusalKind::EntryLockedByClaim);
        let changed = update(&world, key, &renamed("Ana Lima")).await.unwrap();
        assert!(changed.entry.open_claim_created_at.is_some());
        world.sql.execute("UPDATE dict.claims SET status = 'CANCELLED'", &[]).await.unwrap();
        delete(&world, key, EntryReason::UserRequested).await.unwrap();
        // Between confirmation and completion nobody has it and it is not free.
        world.sql.execute("UPDATE dict.claims SET status = 'CONFIRMED'", &[]).await.unwrap();
        assert_eq!(refusal(world.create(Wish::key(phone(1))).await), RefusalKind::EntryLockedByClaim);
        world.assert_sound().await;
    }
}
