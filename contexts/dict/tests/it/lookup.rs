//! Look-ups by the rules: Manual Operacional do DICT, 1.1, 8 and 13; DICT API 2.6.1, getEntry.

use std::sync::Arc;

use dict::domain::key::{Key, KeyType};
use dict::domain::reason::EntryReason;
use dict::domain::refusal::RefusalKind;
use dict::entries;
use dict::failure::Failure;
use dict::lookup::OwnBaseRates;
use dict::simulator::{Blocking, Fault};
use platform::telemetry::trace::with_trace_id;
use proto::core::{self, LookupPurpose};

use crate::entries_gate::Gate;
use crate::entries_world::{ANA, BRUNO, FIRM, OURS, OURS_TOO, Wish, World, account, ana, firm, key, person, phone};
use crate::limits::tax_id;
use crate::lookup_world::{DISPLAY, PAYMENT, Server, bare, caller, end_to_end_id, failure, found, of};

fn email() -> Key {
    key(KeyType::Email, "ana@example.com")
}

#[track_caller]
fn fields(failure: Failure) -> Vec<String> {
    match failure {
        Failure::Invalid(violations) => violations.into_iter().map(|violation| violation.property).collect(),
        other => panic!("{other}"),
    }
}

#[track_caller]
fn is_not_found(failure: &Failure) {
    assert!(matches!(failure, Failure::NotFound("key")), "{failure}");
}

#[tokio::test]
async fn the_own_base_answers_first_and_costs_no_tokens() {
    let server = Server::with_directory().await;
    server.world.registered(Wish::key(phone(1))).await;
    let full = server.tokens(KeyType::Phone).await;
    let shown = found(server.look_up(DISPLAY, bare(&phone(1))).await);
    assert!(shown.own_base, "a book transfer");
    let paid = found(server.to_pay(&phone(1)).await);
    assert!(paid.own_base);
    assert_eq!(server.tokens(KeyType::Phone).await, full);
    assert_eq!(server.metric("core_dict_lookups_total{source=\"own_base\",outcome=\"found\"}"), 2.0);
}

#[tokio::test]
async fn the_directory_is_told_for_which_request_it_is_asked() {
    let mut server = Server::with_directory().await;
    server.theirs(&email(), &person(BRUNO, "Bruno Lima")).await;
    let stored = server.world.registered(Wish::key(phone(1))).await;
    let gate = Arc::new(Gate::before(server.world.simulator().clone(), 1, 1));
    server.world.dict.directory = Some(gate.clone());
    let id: Arc<str> = Arc::from("4bf92f3577b34da6a3ce929d0e0e4736");
    found(with_trace_id(Arc::clone(&id), server.shown(&email())).await);
    let (ours, ana) = (caller(DISPLAY), tax_id(ANA));
    let removal = entries::delete_key(server.dict(), &ours, &stored.entry.key, EntryReason::UserRequested, Some(&ana));
    assert!(with_trace_id(Arc::clone(&id), removal).await.is_ok());
    assert_eq!(gate.traces(), [Some(Arc::clone(&id)), Some(id)]);
}

#[tokio::test]
async fn a_user_sees_name_masked_cpf_and_institution_and_nothing_else() {
    let server = Server::with_directory().await;
    server.world.registered(Wish::key(phone(1))).await;
    server.theirs(&email(), &person(BRUNO, "Bruno Lima")).await;
    server.theirs(&key(KeyType::Cnpj, FIRM), &firm()).await;
    let ours = found(server.look_up(DISPLAY, bare(&phone(1))).await);
    assert_eq!((ours.owner_name.as_str(), ours.owner_tax_id_masked.as_str()), ("Ana Souza", "***.982.247-**"));
    assert_eq!((ours.participant.as_str(), ours.owner_type), (OURS, core::PersonType::NaturalPerson.into()));
    let theirs = found(server.shown(&email()).await);
    assert_eq!(theirs.owner_tax_id_masked, "***.444.777-**");
    let company = found(server.shown(&key(KeyType::Cnpj, FIRM)).await);
    assert_eq!((company.owner_tax_id_masked.as_str(), company.owner_name.as_str()), (FIRM, "Padaria Central Ltda"));
    assert_eq!(company.owner_trade_name, "Padaria Central");
    for answer in [&ours, &theirs, &company] {
        assert!(answer.payment.is_none(), "no account, no dates");
        let bytes = prost::Message::encode_to_vec(answer);
        for hidden in [ANA, BRUNO] {
            let is_there = bytes.windows(hidden.len()).any(|window| window == hidden.as_bytes());
            assert!(!is_there, "{hidden} is in what a user may see");
        }
    }
}

#[tokio::test]
async fn a_payment_is_told_the_account_by_the_own_base_and_by_the_directory() {
    let server = Server::with_directory().await;
    let stored = server.world.registered(Wish::key(phone(1))).await;
    let entry = server.theirs(&email(), &person(BRUNO, "Bruno Lima")).await;
    for (key, entry, own_base) in [(phone(1), stored.entry, true), (email(), entry, false)] {
        let answer = found(server.to_pay(&key).await);
        assert_eq!(answer.own_base, own_base);
        let details = answer.payment.unwrap();
        let (account, owner) = (details.account.unwrap(), details.owner.unwrap());
        assert_eq!(
            (account.participant.as_str(), &account.number),
            (entry.account.participant.as_str(), &entry.account.number)
        );
        assert_eq!((account.branch, account.r#type), ("0001".to_owned(), core::AccountType::Cacc.into()));
        assert_eq!((owner.tax_id.as_str(), &owner.name), (entry.owner.tax_id.as_str(), &entry.owner.name));
        assert_eq!(details.key_created_at.unwrap().seconds, entry.created_at.timestamp());
        assert_eq!(details.key_owned_since.unwrap().seconds, entry.key_owned_since.timestamp());
    }
}

#[tokio::test]
async fn a_scope_that_is_not_granted_is_refused_and_neither_stands_for_the_other() {
    let server = Server::with_directory().await;
    server.world.registered(Wish::key(phone(1))).await;
    let purposes = [(LookupPurpose::Display, PAYMENT, DISPLAY), (LookupPurpose::Payment, DISPLAY, PAYMENT)];
    for (purpose, granted, needed) in purposes {
        for scope in [granted, "dict.key.read", "dict.lookup"] {
            let refused = failure(server.look_up(scope, of(&phone(1), purpose)).await);
            assert!(matches!(refused, Failure::MissingScope(missing) if missing == needed), "{refused}");
        }
        found(server.look_up(needed, of(&phone(1), purpose)).await);
    }
    let unsaid = server.look_up(DISPLAY, of(&phone(1), LookupPurpose::Unspecified)).await;
    assert_eq!(fields(failure(unsaid)), ["purpose"]);
}

#[tokio::test]
async fn a_payment_needs_a_payer_and_a_payment_that_can_be_and_all_that_is_wrong_is_said_at_once() {
    let server = Server::with_directory().await;
    server.world.registered(Wish::key(phone(1))).await;
    let full = server.tokens(KeyType::Phone).await;
    let theirs = format!("E{OURS_TOO}20250315120000000000001");
    for (payer, end_to_end, wrong) in [
        ("", "", vec!["payer_tax_id", "end_to_end_id"]),
        (ANA, "", vec!["end_to_end_id"]),
        ("", end_to_end_id(1).as_str(), vec!["payer_tax_id"]),
        ("52998224724", "E123", vec!["payer_tax_id", "end_to_end_id"]),
        ("529.982.247-25", &end_to_end_id(1), vec!["payer_tax_id"]),
        ("12ABC34501DE36", &end_to_end_id(1), vec!["payer_tax_id"]),
        (ANA, &theirs, vec!["end_to_end_id"]),
    ] {
        let (payer_tax_id, end_to_end_id) = (payer.to_owned(), end_to_end.to_owned());
        let request = of(&phone(1), LookupPurpose::Payment);
        let request = core::LookupKeyRequest { payer_tax_id, end_to_end_id, ..request };
        assert_eq!(fields(failure(server.look_up(PAYMENT, request).await)), wrong, "{payer} {end_to_end}");
    }
    let no_key = core::LookupKeyRequest { key: None, ..of(&phone(1), LookupPurpose::Payment) };
    assert_eq!(fields(failure(server.look_up(PAYMENT, no_key).await)), ["key"]);
    assert_eq!(server.tokens(KeyType::Phone).await, full);
}

#[tokio::test]
async fn a_display_look_up_that_must_go_to_the_directory_needs_payer_and_payment_before_anything_is_charged() {
    let server = Server::with_directory().await;
    server.theirs(&email(), &ana()).await;
    let full = server.tokens(KeyType::Email).await;
    let refused = failure(server.look_up(DISPLAY, bare(&email())).await);
    assert_eq!(fields(refused), ["payer_tax_id", "end_to_end_id"]);
    let half = core::LookupKeyRequest { payer_tax_id: ANA.to_owned(), ..bare(&email()) };
    assert_eq!(fields(failure(server.look_up(DISPLAY, half).await)), ["end_to_end_id"]);
    assert_eq!(server.tokens(KeyType::Email).await, full);
    assert!(!found(server.shown(&email()).await).own_base);
}

#[tokio::test]
async fn the_directory_costs_one_where_it_has_the_key_and_twenty_and_three_where_not() {
    let server = Server::with_directory().await;
    server.theirs(&email(), &person(BRUNO, "Bruno Lima")).await;
    assert_eq!(server.tokens(KeyType::Email).await, (100, 50_000));
    found(server.shown(&email()).await);
    assert_eq!(server.tokens(KeyType::Email).await, (99, 49_999));
    found(server.to_pay(&email()).await);
    assert_eq!(server.tokens(KeyType::Email).await, (98, 49_998));
    is_not_found(&failure(server.shown(&phone(9)).await));
    assert_eq!(server.tokens(KeyType::Email).await, (78, 49_995), "phones and e-mails share a bucket");
    assert_eq!(server.tokens(KeyType::Evp).await.0, 100);
}

#[tokio::test]
async fn a_user_in_debt_is_refused_with_the_time_to_wait_and_the_directory_never_has_to() {
    let server = Server::with_directory().await;
    // Its own buckets, as strict: what we let through, it lets through.
    server.world.simulator().set_policies(true, None);
    for _ in 0..5 {
        is_not_found(&failure(server.shown(&phone(9)).await));
    }
    let refused = failure(server.shown(&phone(9)).await);
    let Failure::Quota { limit, retry_after_ms } = &refused else { panic!("{refused}") };
    assert_eq!((limit.as_str(), *retry_after_ms), ("ENTRIES_READ_USER_ANTISCAN", 30_000));
    server.world.clock.advance(chrono::TimeDelta::seconds(30));
    is_not_found(&failure(server.shown(&phone(9)).await));
    assert_eq!(server.tokens(KeyType::Phone).await.0, -19);
    found(server.look_up(DISPLAY, bare(&server.world.registered(Wish::key(phone(1))).await.entry.key)).await);
}

#[tokio::test]
async fn a_key_that_a_court_blocked_shows_nothing_until_it_lets_go() {
    let server = Server::with_directory().await;
    let stored = server.world.registered(Wish::key(phone(1))).await;
    server.theirs(&email(), &person(BRUNO, "Bruno Lima")).await;
    let (store, now) = (&server.dict().store, server.dict().clock.now());
    for key in [phone(1), email()] {
        server.world.simulator().block(Blocking::Key(key), true).unwrap();
    }
    assert!(store.mark_blocked(&store.vault.key_hash(&phone(1)), stored.cid, true, now).await.unwrap());
    let full = server.tokens(KeyType::Phone).await;
    for outcome in [server.shown(&phone(1)).await, server.to_pay(&phone(1)).await, server.to_pay(&email()).await] {
        let refused = failure(outcome);
        assert!(matches!(&refused, Failure::Refused(it) if it.kind == RefusalKind::EntryBlocked), "{refused}");
    }
    assert_eq!(server.tokens(KeyType::Phone).await, full, "neither the own base nor such an answer costs");
    server.world.simulator().block(Blocking::Key(phone(1)), false).unwrap();
    assert!(found(server.shown(&phone(1)).await).own_base);
}

#[tokio::test]
async fn a_key_that_is_only_reserved_is_not_found() {
    let server = Server::with_directory().await;
    server.world.simulator().inject_fault(Some("CreateEntry"), Fault::RequestLost, 1).unwrap();
    crate::entries_world::pending(server.world.create(Wish::key(phone(1))).await);
    let full = server.tokens(KeyType::Phone).await;
    is_not_found(&failure(server.shown(&phone(1)).await));
    assert_eq!(server.tokens(KeyType::Phone).await, full);
}

#[tokio::test]
async fn without_a_directory_this_base_is_all_there_is() {
    let server = Server::alone().await;
    server.world.registered(Wish::key(phone(1))).await;
    server.world.registered(Wish::key(phone(2)).to(account(OURS_TOO, "9"))).await;
    assert!(found(server.look_up(DISPLAY, bare(&phone(1))).await).own_base);
    let sister = found(server.look_up(DISPLAY, bare(&phone(2))).await);
    assert_eq!((sister.own_base, sister.participant.as_str()), (false, OURS_TOO));
    is_not_found(&failure(server.look_up(DISPLAY, bare(&phone(3))).await));
    is_not_found(&failure(server.to_pay(&phone(3)).await));
}

#[tokio::test]
async fn a_sister_institutions_key_is_the_directorys_to_tell() {
    let server = Server::with_directory().await;
    server.world.registered(Wish::key(phone(2)).to(account(OURS_TOO, "9"))).await;
    assert_eq!(fields(failure(server.look_up(DISPLAY, bare(&phone(2))).await)).len(), 2);
    assert!(!found(server.to_pay(&phone(2)).await).own_base);
    assert_eq!(server.tokens(KeyType::Phone).await, (99, 49_999));
}

#[tokio::test]
async fn what_a_failing_directory_costs() {
    let server = Server::with_directory().await;
    server.theirs(&email(), &ana()).await;
    server.theirs(&phone(5), &ana()).await;
    server.world.simulator().block(Blocking::KeyForFraud(phone(5)), true).unwrap();
    let mut before = server.tokens(KeyType::Email).await;
    for (key, fault, costs) in [
        (email(), Some(Fault::Unavailable), (0, 0)),
        (email(), Some(Fault::Conflict), (0, 0)),
        // It may have charged as much as that.
        (email(), Some(Fault::AnswerLost), (20, 3)),
        (email(), Some(Fault::RequestLost), (20, 3)),
        (phone(5), None, (0, 0)),
    ] {
        if let Some(fault) = fault {
            server.world.simulator().inject_fault(Some("GetEntry"), fault, 1).unwrap();
        }
        let refused = failure(server.shown(&key).await);
        match fault {
            None => assert!(
                matches!(&refused, Failure::Refused(it) if it.kind == RefusalKind::EntryWithFraudRelatedRestriction)
            ),
            Some(Fault::Conflict) => assert!(matches!(refused, Failure::Refused(_)), "{refused}"),
            Some(_) => assert!(matches!(refused, Failure::Unavailable { what: "directory", .. }), "{refused}"),
        }
        let after = server.tokens(KeyType::Email).await;
        assert_eq!((before.0 - after.0, before.1 - after.1), costs, "{fault:?}");
        before = after;
    }
}

#[tokio::test]
async fn a_caller_that_hangs_up_is_charged_all_the_same() {
    let server = Server::with_directory().await;
    server.theirs(&email(), &person(BRUNO, "Bruno Lima")).await;
    for number in 1..=20 {
        // Gone at ever later points of the way.
        let patience = std::time::Duration::from_micros(100 * number);
        if tokio::time::timeout(patience, server.shown(&email())).await.is_ok() {}
    }
    server.tasks.close();
    server.tasks.wait().await;
    server.tasks.reopen();
    let asked =
        server.metric(&format!("core_dict_directory_lookups_total{{participant=\"{OURS}\",outcome=\"found\"}}"));
    assert_eq!(server.tokens(KeyType::Email).await.0, 100 - asked as i64);
}

#[tokio::test]
async fn the_own_base_cannot_be_read_through() {
    let rates = OwnBaseRates { institution_per_second: 40, payer_per_second: 1, payer_burst: 10 };
    let server = Server::over(World::with_directory().await, rates).await;
    server.world.registered(Wish::key(phone(1))).await;
    for _ in 0..10 {
        found(server.shown(&phone(1)).await);
    }
    let refused = failure(server.shown(&phone(1)).await);
    assert!(
        matches!(&refused, Failure::Quota { limit, retry_after_ms: 1.. } if limit == "OWN_BASE_PAYER"),
        "{refused}"
    );
    let refused = loop {
        if let Err(refused) = server.look_up(DISPLAY, bare(&phone(1))).await {
            break refused;
        }
    };
    assert!(matches!(&refused, Failure::Quota { limit, .. } if limit == "OWN_BASE_INSTITUTION"), "{refused}");
}

#[tokio::test]
async fn a_payment_pays_back_once_and_only_for_a_look_up_that_was_charged() {
    let server = Server::with_directory().await;
    server.world.simulator().set_policies(true, None);
    server.world.registered(Wish::key(phone(1))).await;
    server.theirs(&email(), &person(BRUNO, "Bruno Lima")).await;
    let report =
        |number| core::ReportPaymentSentRequest { payer_tax_id: ANA.to_owned(), end_to_end_id: end_to_end_id(number) };
    let to_pay = async |key: &Key, number| {
        let request = of(key, LookupPurpose::Payment);
        let request = core::LookupKeyRequest { end_to_end_id: end_to_end_id(number), ..request };
        found(server.look_up(PAYMENT, request).await);
    };
    assert!(!server.report(report(1)).await.unwrap(), "there was no look-up");
    to_pay(&phone(1), 1).await;
    assert!(!server.report(report(1)).await.unwrap(), "the own base's cost nothing");
    for number in 2..6 {
        to_pay(&email(), number).await;
    }
    assert_eq!(server.tokens(KeyType::Email).await, (96, 49_996));
    assert!(server.report(report(2)).await.unwrap());
    assert_eq!(server.tokens(KeyType::Email).await, (97, 49_997));
    for _ in 0..3 {
        assert!(!server.report(report(2)).await.unwrap(), "a replay");
    }
    to_pay(&email(), 2).await;
    assert!(!server.report(report(2)).await.unwrap(), "looked up again for the payment that was sent");
    let racing = futures_util::future::join_all((0..8).map(|_| server.report(report(3)))).await;
    assert_eq!(racing.into_iter().filter(|paid| *paid.as_ref().unwrap()).count(), 1);
    assert_eq!(server.tokens(KeyType::Email).await, (97, 49_997));
    let others = core::ReportPaymentSentRequest { payer_tax_id: BRUNO.to_owned(), ..report(4) };
    assert!(!server.report(others).await.unwrap(), "another payer's");
    assert_eq!(fields(failure(server.report(core::ReportPaymentSentRequest::default()).await)).len(), 2);
    server.world.clock.advance(chrono::TimeDelta::hours(24));
    assert!(!server.report(report(5)).await.unwrap(), "after a day it is forgotten");
    assert_eq!(dict::lookup::forget(&server.dict().store, server.dict().clock.now()).await.unwrap(), 4);
}

#[tokio::test]
async fn a_kind_that_is_not_said_is_read_off_the_key_and_one_that_is_wrong_is_refused() {
    let server = Server::with_directory().await;
    server.world.registered(Wish::key(phone(1))).await;
    let request = |key_type: core::KeyType, value: &str| core::LookupKeyRequest {
        key: Some(core::Key { r#type: key_type.into(), value: value.to_owned() }),
        ..bare(&phone(1))
    };
    found(server.look_up(DISPLAY, request(core::KeyType::Phone, phone(1).value())).await);
    for (key_type, value) in [
        (core::KeyType::Email, phone(1).value()),
        (core::KeyType::Phone, "+5511９87654321"),
        (core::KeyType::Unspecified, "a text"),
        (core::KeyType::Email, "ANA@EXAMPLE.COM"),
    ] {
        assert_eq!(fields(failure(server.look_up(DISPLAY, request(key_type, value)).await)), ["key.value"], "{value}");
    }
    let sister = dict::caller::CallerOf { participant: OURS_TOO.parse().unwrap(), ..caller(DISPLAY) };
    let theirs = dict::lookup::grpc::lookup_key(server.dict(), &server.lookups, &sister, bare(&phone(1))).await;
    assert_eq!(fields(failure(theirs)).len(), 2, "what is ours is not another institution's own base");
}
