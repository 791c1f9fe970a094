//! CreateKey, ListKeys and GetKey.

use dict::domain::account::AccountType;
use dict::domain::cid::Cid;
use dict::domain::key::KeyType;
use dict::domain::reason::EntryReason;
use dict::domain::refusal::RefusalKind;
use dict::entries::{self, KeyPage};
use dict::failure::Failure;
use dict::store::EntryStatus;

use crate::entries_world::*;

#[tokio::test]
async fn a_key_of_each_kind_is_registered_once_with_and_without_a_directory() {
    for world in [World::with_directory().await, World::alone().await] {
        let keys = [
            Wish::key(key(KeyType::Cpf, ANA)),
            Wish::key(key(KeyType::Cnpj, FIRM)).owned_by(firm()).to(account(OURS, "firm")),
            Wish::key(phone(1)),
            Wish::key(key(KeyType::Email, "ana@example.com")),
            Wish::random(),
        ];
        for wish in keys {
            let stored = world.registered(wish.clone()).await;
            assert_eq!(stored.cid, Cid::of(&stored.entry));
            assert_eq!(stored.entry.request_id, wish.0.request_id);
            let repeated = world.registered(wish.clone()).await;
            assert!(repeated == stored, "a repetition is answered otherwise");
            let read = entries::get_key(&world.dict, &caller(ispb(OURS)), &stored.entry.key).await.unwrap();
            assert!(read == stored, "it is read otherwise than it was answered");
        }
        assert_eq!(world.topics().await, ["entries.created"; 5]);
        assert_eq!(world.count("SELECT count(*) FROM dict.requests WHERE status = 'DONE'", &[]).await, 5);
        world.assert_sound().await;
    }
}

#[tokio::test]
async fn a_random_key_is_the_directorys_where_there_is_one_and_a_uuid_of_version_4_where_there_is_none() {
    let world = World::with_directory().await;
    let stored = world.registered(Wish::random()).await;
    assert!(world.simulator().entry(&stored.entry.key).is_ok());
    let world = World::alone().await;
    let stored = world.registered(Wish::random()).await;
    assert_eq!(uuid::Uuid::try_parse(stored.entry.key.value()).unwrap().get_version_num(), 4);
}

#[tokio::test]
async fn a_request_id_with_other_data_is_refused_and_changes_nothing() {
    for world in [World::with_directory().await, World::alone().await] {
        let wish = Wish::key(phone(1));
        world.registered(wish.clone()).await;
        let id = wish.0.request_id;
        let others = [
            Wish::key(phone(2)).with_id(id),
            Wish::key(phone(1)).with_id(id).owned_by(person(ANA, "Ana de Souza")),
            Wish::key(phone(1)).with_id(id).to(account(OURS, "654321")),
            Wish::random().with_id(id),
        ];
        for other in others {
            assert_eq!(refusal(world.create(other).await), RefusalKind::RequestIdAlreadyUsed);
        }
        // It is the institution's own: another one may have the same.
        world.registered(Wish::key(phone(3)).with_id(id).to(account(OURS_TOO, "1"))).await;
        world.assert_sound().await;
    }
}

#[tokio::test]
async fn a_repetition_is_answered_as_the_first_time_even_when_the_key_changed_or_went_since() {
    let world = World::with_directory().await;
    let wish = Wish::key(key(KeyType::Cpf, ANA));
    let stored = world.registered(wish.clone()).await;
    let ours = caller(ispb(OURS));
    entries::delete_key(&world.dict, &ours, &stored.entry.key, EntryReason::AccountClosure, None).await.unwrap();
    assert!(world.registered(wish).await == stored, "the answer changed");
    let gone = entries::get_key(&world.dict, &ours, &stored.entry.key).await;
    assert!(matches!(gone, Err(Failure::NotFound("key"))));
}

#[tokio::test]
async fn what_is_no_longer_kept_of_a_request_is_seen_by_its_entry() {
    let world = World::with_directory().await;
    let wish = Wish::key(key(KeyType::Cpf, ANA));
    let stored = world.registered(wish.clone()).await;
    world.clock.advance(chrono::TimeDelta::days(31));
    assert_eq!(entries::forget_requests(&world.dict, 100).await.unwrap(), 1);
    assert!(world.registered(wish.clone()).await == stored, "the answer changed");
    let mut other = wish;
    other.0.owner.name = "Ana de Souza".to_owned();
    assert_eq!(refusal(world.create(other).await), RefusalKind::RequestIdAlreadyUsed);
    world.assert_sound().await;
}

#[tokio::test]
async fn a_possession_proves_one_key_once() {
    let world = World::with_directory().await;
    let (ours, first) = (caller(ispb(OURS)), phone(1));
    let create = |wish: Wish, possession| entries::create_key(&world.dict, &ours, wish.0, possession);
    assert_eq!(wrong_fields(create(Wish::key(first.clone()), None).await), ["possession_id"]);
    assert_eq!(wrong_fields(create(Wish::key(first.clone()), Some(request_id())).await), ["possession_id"]);
    // For another key, and by another institution.
    let proof = world.possession(ours.participant, &first).await;
    assert_eq!(wrong_fields(create(Wish::key(phone(2)), proof).await), ["possession_id"]);
    let theirs = caller(ispb(OURS_TOO));
    let wish = Wish::key(first.clone()).to(account(OURS_TOO, "1"));
    assert_eq!(wrong_fields(entries::create_key(&world.dict, &theirs, wish.0, proof).await), ["possession_id"]);
    assert!(world.is_untouched().await, "refused requests left something");
    // Too late.
    world.clock.advance(chrono::TimeDelta::minutes(61));
    assert_eq!(wrong_fields(create(Wish::key(first.clone()), proof).await), ["possession_id"]);
    // In time, and never again.
    let proof = world.possession(ours.participant, &first).await;
    done(create(Wish::key(first.clone()), proof).await);
    entries::delete_key(&world.dict, &ours, &first, EntryReason::AccountClosure, None).await.unwrap();
    assert_eq!(wrong_fields(create(Wish::key(first.clone()), proof).await), ["possession_id"]);
    // Where the base is brought in line nobody is asked.
    done(create(Wish::key(first).because(EntryReason::Reconciliation), None).await);
    world.assert_sound().await;
}

#[tokio::test]
async fn a_possession_that_the_directory_made_useless_can_be_used_again() {
    let world = World::with_directory().await;
    let elsewhere = world.simulator();
    let (ours, first) = (caller(ispb(OURS)), phone(1));
    let proof = world.possession(ours.participant, &first).await;
    let mut entry = world.registered(Wish::key(key(KeyType::Cpf, ANA))).await.entry;
    entry.key = first.clone();
    entry.request_id = request_id();
    entry.account.participant = ispb("99999999");
    elsewhere.tamper(dict::simulator::Tampering::Insert(entry)).unwrap();
    let wish = Wish::key(first.clone());
    let refused = entries::create_key(&world.dict, &ours, wish.0.clone(), proof).await;
    assert_eq!(refusal(refused), RefusalKind::EntryKeyInCustodyOfDifferentParticipant);
    elsewhere.tamper(dict::simulator::Tampering::Remove(first)).unwrap();
    done(entries::create_key(&world.dict, &ours, wish.0, proof).await);
    world.assert_sound().await;
}

#[tokio::test]
async fn what_is_wrong_is_refused_before_anything_is_written() {
    let world = World::with_directory().await;
    let ours = caller(ispb(OURS));
    let cpf = key(KeyType::Cpf, ANA);
    let foreign = Wish::key(cpf.clone()).to(account(OURS_TOO, "1"));
    let refused = entries::create_key(&world.dict, &ours, foreign.0, None).await;
    assert_eq!(refusal(refused), RefusalKind::Forbidden);
    let bruno = person(BRUNO, "Bruno Lima");
    let others = Wish::key(cpf.clone()).owned_by(bruno.clone());
    assert_eq!(refusal(world.create(others).await), RefusalKind::EntryTaxIdNumberByDifferentOwner);
    let firms = Wish::key(key(KeyType::Cnpj, FIRM)).owned_by(bruno);
    assert_eq!(refusal(world.create(firms).await), RefusalKind::EntryTaxIdNumberByDifferentOwner);
    let nobody = Wish::random().owned_by(person("52998224724", "Ana Souza"));
    assert_eq!(refusal(world.create(nobody).await), RefusalKind::EntryInvalid);
    let version_1 = Wish::key(cpf).with_id("f81d4fae-7dec-11d0-a765-00a0c91e6bf6".parse().unwrap());
    assert_eq!(wrong_fields(world.create(version_1).await), ["request_id"]);
    assert!(world.is_untouched().await, "refused requests left something");
}

#[tokio::test]
async fn keys_of_an_account_come_oldest_first_page_by_page() {
    let world = World::alone().await;
    let ours = caller(ispb(OURS));
    let mut made = Vec::new();
    for number in 0..5 {
        made.push(world.registered(Wish::key(phone(number))).await.entry);
        if number % 2 == 0 {
            world.clock.advance(chrono::TimeDelta::seconds(1));
        }
    }
    // Keys of the same moment come in the order of their hashes.
    made.sort_by_key(|entry| (entry.created_at, world.dict.store.vault.key_hash(&entry.key)));
    let list =
        async |size, token: &str| entries::list_keys(&world.dict, &ours, &account(OURS, "123456"), size, token).await;
    let mut seen = Vec::new();
    let mut token = String::new();
    loop {
        let KeyPage { entries, next_page_token } = list(2, &token).await.unwrap();
        assert!(entries.len() <= 2);
        seen.extend(entries.into_iter().map(|it| it.entry));
        let Some(next) = next_page_token else { break };
        token = next;
    }
    assert!(seen == made, "they come in another order");
    assert_eq!(list(0, "").await.unwrap().entries.len(), 5);
    assert_eq!(wrong_fields(list(-1, "").await), ["page_size"]);
    assert!(list(i32::MAX, "").await.unwrap().next_page_token.is_none());
}

#[tokio::test]
async fn a_page_token_is_for_one_question_of_one_caller() {
    let world = World::alone().await;
    for number in 0..3 {
        world.registered(Wish::key(phone(number))).await;
    }
    let ours = caller(ispb(OURS));
    let asked = account(OURS, "123456");
    let page = entries::list_keys(&world.dict, &ours, &asked, 1, "").await.unwrap();
    let token = page.next_page_token.unwrap();
    let mut colleague = ours.clone();
    "another".clone_into(&mut colleague.subject);
    let elsewhere = entries::list_keys(&world.dict, &colleague, &asked, 1, &token).await;
    assert_eq!(wrong_fields(elsewhere), ["page_token"]);
    let mut other = asked.clone();
    other.account_type = AccountType::Svgs;
    assert_eq!(wrong_fields(entries::list_keys(&world.dict, &ours, &other, 1, &token).await), ["page_token"]);
    let forged = [
        "0".repeat(token.len()),
        format!("{token}00"),
        token[..token.len() - 2].to_owned(),
        "é".to_owned(),
        "x".repeat(10_000),
    ];
    for token in forged {
        assert_eq!(wrong_fields(entries::list_keys(&world.dict, &ours, &asked, 1, &token).await), ["page_token"]);
    }
    assert_eq!(entries::list_keys(&world.dict, &ours, &asked, 1, &token).await.unwrap().entries.len(), 1);
}

#[tokio::test]
async fn anothers_keys_are_as_if_they_were_not_there() {
    let world = World::alone().await;
    let stored = world.registered(Wish::key(phone(1))).await;
    let theirs = caller(ispb(OURS_TOO));
    let found = entries::get_key(&world.dict, &theirs, &stored.entry.key).await;
    assert!(matches!(found, Err(Failure::NotFound("key"))));
    let listed = entries::list_keys(&world.dict, &theirs, &stored.entry.account, 0, "").await;
    assert_eq!(refusal(listed), RefusalKind::Forbidden);
    assert!(stored.status == EntryStatus::Active);
}

#[tokio::test]
async fn keys_are_checked_here_first_and_the_rest_in_the_directory() {
    let world = World::with_directory().await;
    let ours = caller(ispb(OURS));
    let mine = world.registered(Wish::key(phone(1))).await.entry;
    let mut theirs = mine.clone();
    theirs.key = phone(2);
    theirs.request_id = request_id();
    theirs.account.participant = ispb("99999999");
    world.simulator().tamper(dict::simulator::Tampering::Insert(theirs)).unwrap();
    let keys = [phone(3), phone(1), phone(2), phone(1)];
    let have = entries::check_keys(&world.dict, &ours, &keys).await.unwrap();
    assert_eq!(have, [false, true, true, true]);
    // Our own need no directory.
    let down = dict::simulator::Fault::Unavailable;
    world.simulator().inject_fault(None, down, 1).unwrap();
    assert_eq!(entries::check_keys(&world.dict, &ours, &[phone(1)]).await.unwrap(), [true]);
    let asked = entries::check_keys(&world.dict, &ours, &[phone(3)]).await;
    assert!(matches!(asked, Err(Failure::Unavailable { what: "directory", .. })));
    assert_eq!(wrong_fields(entries::check_keys(&world.dict, &ours, &[]).await), ["keys"]);
    let many: Vec<_> = (0..201).map(phone).collect();
    assert_eq!(wrong_fields(entries::check_keys(&world.dict, &ours, &many).await), ["keys"]);
    assert_eq!(entries::check_keys(&world.dict, &ours, &many[..200]).await.unwrap().len(), 200);
}
