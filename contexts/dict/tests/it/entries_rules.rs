//! Operations on entries and their reasons, rule by rule (DICT API 2.6.1, createEntry, updateEntry, deleteEntry,
//! checkKeys; Manual Operacional do DICT, 1 to 4), through the methods of the contract.

use dict::directory::wire;
use dict::domain::account::Account;
use dict::domain::key::{Key, KeyType};
use dict::domain::owner::Owner;
use dict::domain::reason::EntryReason;
use dict::domain::refusal::RefusalKind;
use dict::entries::grpc;
use dict::failure::Failure;
use dict::reconciliation::grpc as reconciliation;
use dict::simulator::Fault;
use proto::core;

use crate::entries_world::*;

const REASONS: [EntryReason; 6] = [
    EntryReason::UserRequested,
    EntryReason::AccountClosure,
    EntryReason::BranchTransfer,
    EntryReason::Reconciliation,
    EntryReason::Fraud,
    EntryReason::RfbValidation,
];

fn number(reason: EntryReason) -> i32 {
    wire::entry_reason_to_proto(reason).into()
}

fn create_message(key: &Key, account: &Account, owner: &Owner) -> core::CreateKeyRequest {
    core::CreateKeyRequest {
        request_id: request_id().to_string(),
        key: Some(wire::key_to_proto(key)),
        account: Some(wire::account_to_proto(account)),
        owner: Some(wire::owner_to_proto(owner)),
        reason: 0,
        possession_id: String::new(),
    }
}

fn cpf_message() -> core::CreateKeyRequest {
    create_message(&key(KeyType::Cpf, ANA), &account(OURS, "123456"), &ana())
}

fn random_message() -> core::CreateKeyRequest {
    let evp = core::Key { r#type: core::KeyType::Evp.into(), value: String::new() };
    core::CreateKeyRequest { key: Some(evp), ..cpf_message() }
}

async fn create(world: &World, message: core::CreateKeyRequest) -> Result<core::Entry, Failure> {
    let created = grpc::create_key(&world.dict, &caller(ispb(OURS)), message).await?;
    Ok(created.entry.unwrap())
}

async fn delete(world: &World, key: &Key, reason: i32, requester: &str) -> Result<core::Entry, Failure> {
    let message =
        core::DeleteKeyRequest { key: Some(wire::key_to_proto(key)), reason, requester_tax_id: requester.to_owned() };
    let removed = grpc::delete_key(&world.dict, &caller(ispb(OURS)), message).await?;
    Ok(removed.entry.unwrap())
}

fn update_message(key: &Key, reason: i32) -> core::UpdateKeyRequest {
    core::UpdateKeyRequest { key: Some(wire::key_to_proto(key)), reason, ..core::UpdateKeyRequest::default() }
}

async fn update(world: &World, message: core::UpdateKeyRequest) -> Result<core::Entry, Failure> {
    let changed = grpc::update_key(&world.dict, &caller(ispb(OURS)), message).await?;
    Ok(changed.entry.unwrap())
}

#[tokio::test]
async fn create_entry_takes_user_requested_and_reconciliation_and_no_other_reason() {
    let world = World::with_directory().await;
    for reason in REASONS {
        let created = create(&world, core::CreateKeyRequest { reason: number(reason), ..cpf_message() }).await;
        match reason {
            EntryReason::UserRequested | EntryReason::Reconciliation => {
                assert!(created.is_ok());
                delete(&world, &key(KeyType::Cpf, ANA), number(EntryReason::Fraud), "").await.unwrap();
            }
            _ => assert_eq!(refusal(created), RefusalKind::InvalidReason, "{}", reason.name()),
        }
    }
}

#[tokio::test]
async fn entry_inactivity_is_a_reason_no_more() {
    let world = World::with_directory().await;
    let message = core::CreateKeyRequest { reason: 7, ..cpf_message() };
    assert_eq!(wrong_fields(create(&world, message).await), ["reason"]);
    let cpf = key(KeyType::Cpf, ANA);
    assert_eq!(wrong_fields(delete(&world, &cpf, 7, ANA).await), ["reason"]);
    assert_eq!(wrong_fields(update(&world, update_message(&cpf, 7)).await), ["reason"]);
}

#[tokio::test]
async fn create_entry_wants_a_request_id_and_says_everything_that_is_wrong_at_once() {
    let world = World::with_directory().await;
    let message = core::CreateKeyRequest { request_id: String::new(), ..cpf_message() };
    assert_eq!(wrong_fields(create(&world, message).await), ["request_id"]);
    let mut message = cpf_message();
    message.key.as_mut().unwrap().value = "52998224724".to_owned();
    message.account.as_mut().unwrap().participant = "1".to_owned();
    message.owner = None;
    message.possession_id = "x".to_owned();
    let fields = wrong_fields(create(&world, message).await);
    assert_eq!(fields, ["key.value", "account.participant", "owner", "possession_id"]);
    assert!(world.is_untouched().await);
}

#[tokio::test]
async fn create_entry_looks_in_the_own_base_first_and_does_not_call_the_directory_for_what_is_there() {
    let world = World::with_directory().await;
    create(&world, cpf_message()).await.unwrap();
    world.simulator().inject_fault(Some("CreateEntry"), Fault::Unavailable, 1).unwrap();
    assert_eq!(refusal(create(&world, cpf_message()).await), RefusalKind::EntryAlreadyExists);
    // The fault still waits for a call.
    assert!(matches!(create(&world, random_message()).await, Err(Failure::Unavailable { .. })));
}

#[tokio::test]
async fn a_random_key_is_made_by_the_directory_and_not_named_by_who_asks() {
    let world = World::with_directory().await;
    let evp = key(KeyType::Evp, "123e4567-e89b-12d3-a456-426655440000");
    let named = create_message(&evp, &account(OURS, "1"), &ana());
    assert_eq!(refusal(create(&world, named).await), RefusalKind::EntryInvalid);
    let message = random_message();
    let created = create(&world, message.clone()).await.unwrap();
    assert!(created.status() == core::EntryStatus::Active);
    assert_eq!(created.cid.len(), 64);
    assert!(create(&world, message).await.unwrap().key == created.key);
    // PENDING: neither key nor moments are known.
    world.simulator().inject_fault(Some("CreateEntry"), Fault::RequestLost, 1).unwrap();
    let reserved = create(&world, random_message()).await.unwrap();
    assert!(reserved.status() == core::EntryStatus::Pending);
    assert_eq!(reserved.key.unwrap().value, "");
    assert!(reserved.created_at.is_none() && reserved.cid.is_empty());
}

#[tokio::test]
async fn a_cpf_or_cnpj_key_is_its_owners_own_number() {
    let world = World::with_directory().await;
    let anas = key(KeyType::Cpf, ANA);
    let brunos = create_message(&anas, &account(OURS, "1"), &person(BRUNO, "Bruno Lima"));
    assert_eq!(refusal(create(&world, brunos).await), RefusalKind::EntryTaxIdNumberByDifferentOwner);
    let firms = create_message(&key(KeyType::Cnpj, FIRM), &account(OURS, "2"), &firm());
    assert!(create(&world, firms).await.is_ok());
}

#[tokio::test]
async fn five_keys_of_a_person_and_twenty_of_a_firm_per_account_whatever_their_kinds() {
    let world = World::with_directory().await;
    for (owner, number, most) in [(ana(), "1", 5), (firm(), "2", 20)] {
        for _ in 0..most {
            world.registered(Wish::random().owned_by(owner.clone()).to(account(OURS, number))).await;
        }
        let one_more = Wish::random().owned_by(owner.clone()).to(account(OURS, number));
        assert_eq!(refusal(world.create(one_more).await), RefusalKind::EntryLimitExceeded);
        // Per account, not per owner.
        let mut savings = account(OURS, number);
        savings.account_type = dict::domain::account::AccountType::Svgs;
        world.registered(Wish::random().owned_by(owner).to(savings)).await;
    }
    world.assert_sound().await;
}

#[tokio::test]
async fn update_entry_takes_its_four_reasons_and_for_random_keys_only_rfb_validation() {
    let world = World::with_directory().await;
    let named = world.registered(Wish::key(phone(1))).await.entry.key;
    let random = world.registered(Wish::random()).await.entry.key;
    for (key, reason) in [&named, &random].into_iter().flat_map(|key| REASONS.map(|reason| (key, reason))) {
        let name = format!("Ana {}", &"abcdefgh"[..1 + reason as usize]);
        let message = core::UpdateKeyRequest { owner_name: name, ..update_message(key, number(reason)) };
        let changed = update(&world, message).await;
        let fits = match reason {
            EntryReason::RfbValidation => true,
            EntryReason::UserRequested | EntryReason::BranchTransfer | EntryReason::Reconciliation => *key == named,
            EntryReason::AccountClosure | EntryReason::Fraud => false,
        };
        if fits {
            assert!(changed.is_ok(), "{}", reason.name());
        } else {
            assert_eq!(refusal(changed), RefusalKind::InvalidReason, "{}", reason.name());
        }
    }
    assert_eq!(wrong_fields(update(&world, update_message(&named, 0)).await), ["reason"]);
    world.assert_sound().await;
}

#[tokio::test]
async fn update_entry_changes_account_and_names_within_one_institution_and_one_owner() {
    let world = World::with_directory().await;
    let before = world.registered(Wish::key(phone(1))).await.entry;
    let moved = account(OURS, "998877");
    let reason = number(EntryReason::BranchTransfer);
    let message = core::UpdateKeyRequest {
        account: Some(wire::account_to_proto(&moved)),
        owner_name: "Ana Lima".to_owned(),
        ..update_message(&before.key, reason)
    };
    let after = update(&world, message.clone()).await.unwrap();
    assert!(after.account == Some(wire::account_to_proto(&moved)));
    let owner = after.owner.unwrap();
    assert_eq!((owner.name.as_str(), owner.tax_id.as_str()), ("Ana Lima", ANA));
    assert_eq!(after.key_owned_since, Some(wire::moment_to_proto(before.key_owned_since)));
    let elsewhere = core::UpdateKeyRequest {
        account: Some(wire::account_to_proto(&account(OURS_TOO, "1"))),
        ..update_message(&before.key, reason)
    };
    assert_eq!(refusal(update(&world, elsewhere).await), RefusalKind::Forbidden);
    let theirs = grpc::update_key(&world.dict, &caller(ispb(OURS_TOO)), message).await;
    assert!(matches!(theirs, Err(Failure::NotFound("key"))));
}

#[tokio::test]
async fn delete_entry_takes_its_five_reasons_and_not_branch_transfer() {
    let world = World::with_directory().await;
    for reason in REASONS {
        let key = world.registered(Wish::random()).await.entry.key;
        let removed = delete(&world, &key, number(reason), ANA).await;
        if reason == EntryReason::BranchTransfer {
            assert_eq!(refusal(removed), RefusalKind::InvalidReason);
        } else {
            assert!(removed.is_ok(), "{}", reason.name());
        }
    }
}

#[tokio::test]
async fn delete_entry_on_the_users_wish_is_for_the_owner_and_says_nobody_elses_number() {
    let world = World::with_directory().await;
    let key = world.registered(Wish::key(phone(1))).await.entry.key;
    // Unspecified means that the user asked.
    assert_eq!(wrong_fields(delete(&world, &key, 0, "").await), ["requester_tax_id"]);
    assert_eq!(wrong_fields(delete(&world, &key, 0, "1").await), ["requester_tax_id"]);
    let another = delete(&world, &key, 0, BRUNO).await;
    assert_eq!(refusal(another), RefusalKind::Forbidden);
    assert!(delete(&world, &key, 0, ANA).await.is_ok());
    assert!(matches!(delete(&world, &key, 0, ANA).await, Err(Failure::NotFound("key"))));
}

#[tokio::test]
async fn check_keys_says_of_each_of_up_to_200_whether_it_has_an_entry() {
    let world = World::with_directory().await;
    let there = world.registered(Wish::key(phone(1))).await.entry.key;
    let ours = caller(ispb(OURS));
    // Their kind is read off the value where it is not said.
    let unsaid = |value: &str| core::Key { r#type: 0, value: value.to_owned() };
    let keys = vec![unsaid("ana@example.com"), wire::key_to_proto(&there), unsaid(there.value())];
    let checked = grpc::check_keys(&world.dict, &ours, core::CheckKeysRequest { keys }).await.unwrap().keys;
    assert_eq!(checked.iter().map(|it| it.has_entry).collect::<Vec<_>>(), [false, true, true]);
    assert!(checked[2].key == Some(wire::key_to_proto(&there)));
    let wrong = vec![unsaid("+5511"), unsaid("?"), unsaid("")];
    let refused = grpc::check_keys(&world.dict, &ours, core::CheckKeysRequest { keys: wrong }).await;
    assert_eq!(wrong_fields(refused), ["keys[1].value", "keys[2].value"]);
    let many = vec![unsaid("?"); 201];
    let refused = grpc::check_keys(&world.dict, &ours, core::CheckKeysRequest { keys: many }).await;
    assert_eq!(wrong_fields(refused), ["keys"]);
}

#[tokio::test]
async fn keys_are_listed_and_read_by_the_methods_of_the_contract() {
    let world = World::alone().await;
    let ours = caller(ispb(OURS));
    let mine = account(OURS, "123456");
    for number in 0..3 {
        world.registered(Wish::key(phone(number))).await;
    }
    // When it was opened is not asked for.
    let asked = core::Account { opened_at: None, ..wire::account_to_proto(&mine) };
    let message = core::ListKeysRequest { account: Some(asked), page_size: 2, page_token: String::new() };
    let page = grpc::list_keys(&world.dict, &ours, message.clone()).await.unwrap();
    assert_eq!(page.entries.len(), 2);
    let rest = core::ListKeysRequest { page_token: page.next_page_token, ..message };
    let page = grpc::list_keys(&world.dict, &ours, rest).await.unwrap();
    assert_eq!((page.entries.len(), page.next_page_token.as_str()), (1, ""));
    let unsaid = core::Key { r#type: 0, value: phone(0).value().to_owned() };
    let read = grpc::get_key(&world.dict, &ours, core::GetKeyRequest { key: Some(unsaid) }).await.unwrap();
    assert!(read.entry.unwrap().account == Some(wire::account_to_proto(&mine)));
    let nothing = grpc::get_key(&world.dict, &ours, core::GetKeyRequest { key: None }).await;
    assert_eq!(wrong_fields(nothing), ["key"]);
}

#[tokio::test]
async fn reconciliation_is_read_and_started_by_the_methods_of_the_contract() {
    let world = World::with_directory().await;
    let ours = caller(ispb(OURS));
    let stored = world.registered(Wish::key(phone(1))).await;
    let asked = core::GetCidRequest { key: Some(wire::key_to_proto(&stored.entry.key)) };
    let cid = reconciliation::get_cid(&world.dict, &ours, asked).await.unwrap();
    assert_eq!(cid.cid, stored.cid.to_string());
    assert_eq!(cid.request_id, stored.entry.request_id.to_string());
    let key_type = core::KeyType::Phone.into();
    let verifier = reconciliation::get_v_sync(&world.dict, &ours, core::GetVSyncRequest { key_type }).await.unwrap();
    assert_eq!((verifier.vsync.as_str(), verifier.entries), (cid.cid.as_str(), 1));
    assert!(verifier.verified_at.is_none());
    let done = reconciliation::reconcile(&world.dict, &ours, core::ReconcileRequest { key_type }).await.unwrap();
    assert!(done.agreed);
    assert_eq!(done.vsync, cid.cid);
    let verifier = reconciliation::get_v_sync(&world.dict, &ours, core::GetVSyncRequest { key_type }).await.unwrap();
    assert!(verifier.verified_ok && verifier.verified_at.is_some());
    let asked = core::ListCidEventsRequest { key_type, ..core::ListCidEventsRequest::default() };
    let events = reconciliation::list_cid_events(&world.dict, &ours, asked).await.unwrap().events;
    let [event] = &events[..] else { panic!("there is one event") };
    assert!(event.kind() == core::cid_event::Kind::Added && event.cid == cid.cid);
    let unsaid = reconciliation::get_v_sync(&world.dict, &ours, core::GetVSyncRequest { key_type: 0 }).await;
    assert_eq!(wrong_fields(unsaid), ["key_type"]);
}
