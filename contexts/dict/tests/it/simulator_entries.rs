//! Entries in the simulator, through gRPC and the remote directory: rules and refusals by their names (DICT API 2.6.1,
//! tags Directory and Key; Manual Operacional do DICT, sections 1, 3, 4, 8).

use dict::directory::{CidEvent, Directory, EntryUpdate, NewEntry};
use dict::domain::cid::{Cid, VSync};
use dict::domain::entry::Entry;
use dict::domain::key::{Key, KeyType};
use dict::domain::reason::EntryReason;
use dict::domain::refusal::RefusalKind;
use dict::simulator::{Blocking, Tampering};
use proto::connect;
use testkit::FakeClock;

use crate::directory_world::{
    ANA, BIA, World, account, done, firm, found, ispb, key, moment, new_entry, person, phone, query, refusal, refused,
    registered, simulator, uuid,
};

fn update(entry: &Entry) -> EntryUpdate {
    EntryUpdate {
        key: entry.key.clone(),
        account: entry.account.clone(),
        name: "Maria da Silva".to_owned(),
        trade_name: None,
        reason: EntryReason::UserRequested,
    }
}

#[tokio::test]
async fn an_entry_is_created_found_changed_and_deleted() {
    let world = World::new().await;
    let new = NewEntry { owner: firm(1), ..new_entry(ANA, &phone(1)) };
    let created = done(world.remote.create_entry(&new).await);
    assert_eq!(created.created_at, moment("2025-03-15T12:00:00Z"));
    assert_eq!((created.key_owned_since, created.request_id), (created.created_at, new.request_id));
    let looked_up = done(found(&world.remote, &phone(1)).await);
    assert!(looked_up.entry == created);
    // Legal persons only (Manual, section 12).
    assert_eq!(looked_up.cache_max_age_seconds, 180);
    registered(&world.remote, ANA, &phone(2), person(2)).await;
    assert_eq!(done(found(&world.remote, &phone(2)).await).cache_max_age_seconds, 0);

    let changed = done(world.remote.update_entry(&update(&created)).await);
    assert_eq!((changed.owner.name.as_str(), changed.owner.trade_name.as_deref()), ("Maria da Silva", None));
    assert!(changed.created_at == created.created_at && changed.request_id == created.request_id);
    assert_ne!(Cid::of(&changed), Cid::of(&created));

    let check = [phone(1), phone(2), phone(3)];
    assert_eq!(done(world.remote.check_keys(ispb(BIA), &check).await), [true, true, false]);
    done(world.remote.delete_entry(ispb(ANA), &phone(1), EntryReason::UserRequested).await);
    let again = world.remote.delete_entry(ispb(ANA), &phone(1), EntryReason::UserRequested).await;
    assert_eq!(refused(again), RefusalKind::NotFound);
    assert_eq!(refused(found(&world.remote, &phone(1)).await), RefusalKind::NotFound);
}

#[tokio::test]
async fn the_directory_makes_random_keys() {
    let world = World::new().await;
    let new = NewEntry { key_type: KeyType::Evp, key: None, ..new_entry(ANA, &phone(1)) };
    let made = done(world.remote.create_entry(&new).await);
    assert_eq!(made.key.key_type(), KeyType::Evp);
    assert!(done(world.remote.create_entry(&new).await) == made, "the same RequestId gives the same key");
    let other = done(world.remote.create_entry(&NewEntry { request_id: uuid(), ..new.clone() }).await);
    assert!(other.key != made.key);
    let sent = NewEntry { key: Some(made.key.clone()), request_id: uuid(), ..new.clone() };
    assert_eq!(refused(world.remote.create_entry(&sent).await), RefusalKind::EntryInvalid);
    // Only RFB_VALIDATION changes one.
    assert_eq!(refused(world.remote.update_entry(&update(&made)).await), RefusalKind::InvalidReason);
    done(world.remote.update_entry(&EntryUpdate { reason: EntryReason::RfbValidation, ..update(&made) }).await);
    // Not for a random key either: the request's kind is part of it.
    let phone_with_it = NewEntry { request_id: new.request_id, ..new_entry(ANA, &phone(1)) };
    assert_eq!(refused(world.remote.create_entry(&phone_with_it).await), RefusalKind::RequestIdAlreadyUsed);
}

#[tokio::test]
async fn a_repeated_request_is_answered_the_same_and_no_other_may_use_its_id() {
    let world = World::new().await;
    let new = new_entry(ANA, &phone(1));
    let created = done(world.remote.create_entry(&new).await);
    world.clock.advance(chrono::TimeDelta::hours(1));
    assert!(done(world.remote.create_entry(&new).await) == created);
    // What is not part of the CID does not count.
    let mut later_opened = new.clone();
    later_opened.account.opened_at = moment("2021-01-01T00:00:00Z");
    assert!(done(world.remote.create_entry(&later_opened).await) == created);
    let renamed = NewEntry { owner: person(2), ..new.clone() };
    assert_eq!(refused(world.remote.create_entry(&renamed).await), RefusalKind::RequestIdAlreadyUsed);
    let other_key = NewEntry { key: Some(phone(2)), ..new.clone() };
    assert_eq!(refused(world.remote.create_entry(&other_key).await), RefusalKind::RequestIdAlreadyUsed);
    // It is unique within an institution.
    let elsewhere = NewEntry { request_id: new.request_id, ..new_entry(BIA, &phone(3)) };
    done(world.remote.create_entry(&elsewhere).await);
    // What was removed does not come back by an old request.
    done(world.remote.delete_entry(ispb(ANA), &phone(1), EntryReason::UserRequested).await);
    assert_eq!(refused(world.remote.create_entry(&new).await), RefusalKind::RequestIdAlreadyUsed);
}

#[tokio::test]
async fn who_has_a_key_says_why_it_cannot_be_registered() {
    let world = World::new().await;
    let mine = registered(&world.remote, ANA, &phone(1), person(1)).await;
    for (participant, owner, kind) in [
        (ANA, person(1), RefusalKind::EntryAlreadyExists),
        (BIA, person(1), RefusalKind::EntryKeyInCustodyOfDifferentParticipant),
        (BIA, person(2), RefusalKind::EntryKeyOwnedByDifferentPerson),
        (ANA, person(2), RefusalKind::EntryKeyOwnedByDifferentPerson),
    ] {
        let new = NewEntry { owner, ..new_entry(participant, &phone(1)) };
        assert_eq!(refused(world.remote.create_entry(&new).await), kind);
    }
    let of_another = new_entry(ANA, &key(KeyType::Cpf, "00000000002"));
    assert_eq!(refused(world.remote.create_entry(&of_another).await), RefusalKind::EntryTaxIdNumberByDifferentOwner);
    // Its custodian alone changes it.
    let mut by_another = update(&mine);
    by_another.account.participant = ispb(BIA);
    assert_eq!(refused(world.remote.update_entry(&by_another).await), RefusalKind::Forbidden);
    let deleted = world.remote.delete_entry(ispb(BIA), &phone(1), EntryReason::UserRequested).await;
    assert_eq!(refused(deleted), RefusalKind::Forbidden);
    // A book transfer is not the directory's business.
    let own = world.remote.get_entry(&query(ANA, &phone(1))).await;
    assert_eq!(refused(own), RefusalKind::EntryCannotBeQueriedForBookTransfer);
    let unknown = EntryUpdate { key: phone(2), ..update(&mine) };
    assert_eq!(refused(world.remote.update_entry(&unknown).await), RefusalKind::NotFound);
}

#[tokio::test]
async fn wrong_fields_are_named_and_check_digits_are_not_looked_at() {
    let world = World::new().await;
    let mut wrong = new_entry(ANA, &phone(1));
    wrong.account.branch = Some("00001".to_owned());
    wrong.owner.name = "R2D2".to_owned();
    let said = refusal(world.remote.create_entry(&wrong).await);
    assert_eq!(said.kind, RefusalKind::EntryInvalid);
    let fields: Vec<_> = said.violations.iter().map(|it| it.property.as_str()).collect();
    assert_eq!(fields, ["account.branch", "owner.name"]);
    // The directory's own examples have wrong check digits.
    let mut cpf = new_entry(ANA, &key(KeyType::Cpf, "11122233300"));
    cpf.owner.tax_id = dict::domain::tax_id::TaxId::parse("11122233300").unwrap();
    done(world.remote.create_entry(&cpf).await);
    let no_end_to_end = dict::directory::EntryQuery { end_to_end_id: String::new(), ..query(BIA, &phone(1)) };
    assert_eq!(refused(world.remote.get_entry(&no_end_to_end).await), RefusalKind::BadRequest);
    let too_many: Vec<Key> = (0..201).map(phone).collect();
    assert_eq!(refused(world.remote.check_keys(ispb(ANA), &too_many).await), RefusalKind::BadRequest);
    assert_eq!(refused(world.remote.check_keys(ispb(ANA), &[]).await), RefusalKind::BadRequest);
}

#[tokio::test]
async fn reasons_fit_their_operation() {
    let directory = simulator(&FakeClock::default(), None, false);
    use EntryReason as Reason;
    for (number, reason) in Reason::ALL.into_iter().enumerate() {
        let phone = phone(number as u64);
        let new = NewEntry { reason, account: account(ANA, number as u64), ..new_entry(ANA, &phone) };
        let created = directory.create_entry(&new).await;
        if !matches!(reason, Reason::UserRequested | Reason::Reconciliation) {
            assert_eq!(refused(created), RefusalKind::InvalidReason);
            done(directory.create_entry(&NewEntry { reason: Reason::UserRequested, ..new.clone() }).await);
        }
        let entry = directory.entry(&phone).unwrap_or_else(|_| panic!("created"));
        let updated = directory.update_entry(&EntryUpdate { reason, ..update(&entry) }).await;
        if matches!(reason, Reason::AccountClosure | Reason::Fraud) {
            assert_eq!(refused(updated), RefusalKind::InvalidReason);
        } else {
            done(updated);
        }
        let deleted = directory.delete_entry(ispb(ANA), &phone, reason).await;
        if reason == Reason::BranchTransfer {
            assert_eq!(refused(deleted), RefusalKind::InvalidReason);
        } else {
            done(deleted);
        }
    }
}

#[tokio::test]
async fn an_account_has_five_keys_of_a_person_and_twenty_of_a_firm() {
    let directory = simulator(&FakeClock::default(), None, false);
    for (owner, keys, base) in [(person(1), 5, 100), (firm(1), 20, 200)] {
        let new = |number: u64| NewEntry {
            owner: owner.clone(),
            account: account(ANA, base),
            ..new_entry(ANA, &phone(base + number))
        };
        for number in 0..keys {
            done(directory.create_entry(&new(number)).await);
        }
        // Other kinds of keys count too.
        let random = NewEntry { key_type: KeyType::Evp, key: None, ..new(keys) };
        assert_eq!(refused(directory.create_entry(&random).await), RefusalKind::EntryLimitExceeded);
        // Neither does another branch share the account, nor does moving a key there evade the limit.
        let mut elsewhere = new(keys);
        elsewhere.account.branch = None;
        let entry = done(directory.create_entry(&elsewhere).await);
        let back = EntryUpdate { account: account(ANA, base), ..update(&entry) };
        assert_eq!(refused(directory.update_entry(&back).await), RefusalKind::EntryLimitExceeded);
        done(directory.delete_entry(ispb(ANA), &phone(base), EntryReason::UserRequested).await);
        done(directory.update_entry(&back).await);
    }
}

#[tokio::test]
async fn what_a_court_blocks_stays_where_it_is() {
    let world = World::new().await;
    let mut control = world.control();
    let mine = registered(&world.remote, ANA, &phone(1), person(1)).await;
    let block = |blocked, for_fraud| connect::BlockEntryRequest {
        key: Some(dict::directory::wire::key_to_proto(&phone(1))),
        blocked,
        for_fraud,
        tax_id: String::new(),
    };
    control.block_entry(block(true, false)).await.unwrap();
    assert_eq!(refused(found(&world.remote, &phone(1)).await), RefusalKind::EntryBlocked);
    assert_eq!(refused(world.remote.update_entry(&update(&mine)).await), RefusalKind::EntryBlocked);
    let deleted = world.remote.delete_entry(ispb(ANA), &phone(1), EntryReason::UserRequested).await;
    assert_eq!(refused(deleted), RefusalKind::EntryBlocked);
    control.block_entry(block(false, false)).await.unwrap();
    control.block_entry(block(true, true)).await.unwrap();
    assert_eq!(refused(found(&world.remote, &phone(1)).await), RefusalKind::EntryWithFraudRelatedRestriction);
    control.block_entry(block(false, true)).await.unwrap();
    done(found(&world.remote, &phone(1)).await);

    world.simulator.block(Blocking::TaxId(person(5).tax_id), true).unwrap();
    let new = NewEntry { owner: person(5), ..new_entry(ANA, &phone(5)) };
    assert_eq!(refused(world.remote.create_entry(&new).await), RefusalKind::TaxIdNumberBlocked);
    world.simulator.block(Blocking::TaxId(person(5).tax_id), false).unwrap();
    done(world.remote.create_entry(&new).await);
}

#[tokio::test]
async fn content_identifiers_follow_every_change() {
    let world = World::new().await;
    let (ana, phones) = (ispb(ANA), KeyType::Phone);
    let nothing = done(world.remote.verify_sync(ana, phones, VSync::default()).await);
    assert!(nothing.agreed);
    let one = registered(&world.remote, ANA, &phone(1), person(1)).await;
    let two = registered(&world.remote, ANA, &phone(2), person(2)).await;
    registered(&world.remote, BIA, &phone(3), person(3)).await;
    let changed = done(world.remote.update_entry(&update(&one)).await);
    done(world.remote.delete_entry(ana, &phone(2), EntryReason::UserRequested).await);
    let vsync: VSync = [Cid::of(&changed)].into_iter().collect();
    assert!(done(world.remote.verify_sync(ana, phones, vsync).await).agreed);
    assert!(!done(world.remote.verify_sync(ispb(BIA), phones, vsync).await).agreed);
    assert_eq!(done(world.remote.list_cids(ana, phones).await), [Cid::of(&changed)]);
    assert!(done(world.remote.get_entry_by_cid(ana, Cid::of(&changed)).await) == changed);
    for (who, cid) in [(ana, Cid::of(&one)), (ispb(BIA), Cid::of(&changed))] {
        assert_eq!(refused(world.remote.get_entry_by_cid(who, cid).await), RefusalKind::NotFound);
    }

    let expected = [
        (true, Cid::of(&one)),
        (true, Cid::of(&two)),
        (false, Cid::of(&one)),
        (true, Cid::of(&changed)),
        (false, Cid::of(&two)),
    ];
    // Two at a time, from the last moment on: what repeats is dropped.
    let (mut seen, mut from): (Vec<CidEvent>, _) = (Vec::new(), moment("2020-01-01T00:00:00Z"));
    loop {
        let (events, more) = done(world.remote.list_cid_events(ana, phones, from, 2).await);
        seen.extend(
            events
                .iter()
                .filter(|it| seen.last().is_none_or(|last| it.occurred_at > last.occurred_at))
                .copied()
                .collect::<Vec<_>>(),
        );
        from = seen.last().unwrap().occurred_at;
        if !more {
            break;
        }
    }
    assert_eq!(seen.iter().map(|it| (it.added, it.cid)).collect::<Vec<_>>(), expected);
    assert_eq!(refused(world.remote.list_cid_events(ana, phones, from, 201).await), RefusalKind::BadRequest);
}

#[tokio::test]
async fn a_tester_changes_entries_behind_their_institution() {
    let world = World::new().await;
    let mut control = world.control();
    let entry = registered(&world.remote, ANA, &phone(1), person(1)).await;
    let ana = ispb(ANA);
    let mut message = dict::directory::wire::entry_to_proto(&entry);
    message.owner.as_mut().unwrap().name = "Outro Nome".to_owned();
    (message.created_at, message.key_owned_since, message.request_id) = (None, None, String::new());
    let change = connect::tamper_entry_request::Change::Overwrite.into();
    let request = connect::TamperEntryRequest { change, entry: Some(message.clone()) };
    let cid = control.tamper_entry(request).await.unwrap().into_inner().cid;
    let now = done(found(&world.remote, &phone(1)).await).entry;
    assert_eq!((now.owner.name.as_str(), now.request_id), ("Outro Nome", entry.request_id));
    assert_eq!(Cid::of(&now).to_string(), cid);
    let agreed =
        |entry: &Entry| world.simulator.verify_sync(ana, KeyType::Phone, [Cid::of(entry)].into_iter().collect());
    assert!(!done(agreed(&entry).await).agreed && done(agreed(&now).await).agreed);

    message.key = Some(dict::directory::wire::key_to_proto(&phone(2)));
    let change = connect::tamper_entry_request::Change::Insert.into();
    let insert = connect::TamperEntryRequest { change, entry: Some(message.clone()) };
    control.tamper_entry(insert.clone()).await.unwrap();
    assert_eq!(control.tamper_entry(insert).await.err().unwrap().code(), tonic::Code::AlreadyExists);
    world.simulator.tamper(Tampering::Remove(phone(1))).unwrap();
    assert_eq!(done(world.remote.check_keys(ana, &[phone(1), phone(2)]).await), [false, true]);
    let state = control.get_simulator(connect::GetSimulatorRequest {}).await.unwrap().into_inner();
    assert_eq!((state.entries, state.open_claims), (1, 0));
}
