//! What of the directory's answers is kept, and for how long: Manual Operacional do DICT, section 12.

use chrono::TimeDelta;
use dict::directory::FoundEntry;
use dict::domain::entry::Entry;
use dict::domain::key::{Key, KeyType};
use dict::domain::owner::Owner;
use dict::lookup::cache::DirectoryCache;
use platform::clock::Clock as _;
use proto::core::{self, LookupPurpose};
use testkit::FakeClock;

use crate::entries_world::{FIRM, ana, firm, key, phone, request_id};
use crate::entries_world::{account, person};
use crate::lookup_world::{DISPLAY, Server, THEIRS, bare, end_to_end_id, failure, found, of};

fn company() -> Key {
    key(KeyType::Cnpj, FIRM)
}

fn answer(owner: Owner, cache_max_age_seconds: u32) -> FoundEntry {
    let now = FakeClock::default().now();
    let entry = Entry {
        key: phone(1),
        account: account(THEIRS, "1"),
        owner,
        created_at: now,
        key_owned_since: now,
        open_claim_created_at: None,
        request_id: request_id(),
        blocked: false,
    };
    FoundEntry { entry, cache_max_age_seconds }
}

/// For how many seconds an answer is kept.
fn kept_seconds(found: &FoundEntry) -> i64 {
    let (cache, now) = (DirectoryCache::default(), FakeClock::default().now());
    cache.asking([1; 32], now).keep(found);
    (0..1_000).find(|seconds| cache.get(&[1; 32], now + TimeDelta::seconds(*seconds)).is_none()).unwrap()
}

#[test]
fn a_legal_persons_entry_is_kept_for_180_seconds_at_most_and_no_longer_than_it_says() {
    for (max_age, kept) in [(0, 0), (1, 1), (60, 60), (180, 180), (181, 180), (86_400, 180)] {
        assert_eq!(kept_seconds(&answer(firm(), max_age)), kept, "max-age {max_age}");
    }
}

#[test]
fn a_natural_persons_entry_and_a_blocked_one_are_never_kept() {
    for max_age in [0, 60, 86_400] {
        assert_eq!(kept_seconds(&answer(ana(), max_age)), 0);
    }
    let mut blocked = answer(firm(), 180);
    blocked.entry.blocked = true;
    assert_eq!(kept_seconds(&blocked), 0);
}

#[test]
fn a_key_that_changes_is_forgotten_and_what_was_asked_before_is_not_kept() {
    let (cache, now) = (DirectoryCache::default(), FakeClock::default().now());
    let (changed, other) = ([1; 32], [2; 32]);
    for hash in [changed, other] {
        cache.asking(hash, now).keep(&answer(firm(), 180));
    }
    cache.invalidate(&changed);
    assert!(cache.get(&changed, now).is_none() && cache.get(&other, now).is_some());
    let (first, second) = (cache.asking(changed, now), cache.asking(changed, now));
    cache.invalidate(&changed);
    first.keep(&answer(firm(), 180));
    assert!(cache.get(&changed, now).is_none(), "the answer may be older than the change");
    second.keep(&answer(firm(), 180));
    assert!(cache.get(&changed, now).is_none());
    cache.asking(changed, now).keep(&answer(firm(), 180));
    assert!(cache.get(&changed, now).is_some(), "asked after the change");
}

#[tokio::test]
async fn a_company_is_asked_for_once_in_180_seconds_and_costs_one_token() {
    let server = Server::with_directory().await;
    server.theirs(&company(), &firm()).await;
    for _ in 0..3 {
        let shown = found(server.shown(&company()).await);
        assert!(shown.payment.is_none(), "what is kept shows no account");
        assert!(found(server.to_pay(&company()).await).payment.is_some());
    }
    assert_eq!(server.tokens(KeyType::Cnpj).await, (99, 49_999));
    assert_eq!(server.metric("core_dict_lookups_total{source=\"cache\",outcome=\"found\"}"), 5.0);
    server.world.clock.advance(TimeDelta::seconds(179));
    found(server.shown(&company()).await);
    server.world.clock.advance(TimeDelta::seconds(1));
    let before = server.tokens(KeyType::Cnpj).await.0;
    found(server.shown(&company()).await);
    assert_eq!(server.tokens(KeyType::Cnpj).await.0, before - 1);
}

#[tokio::test]
async fn a_person_is_asked_for_every_time() {
    let server = Server::with_directory().await;
    server.theirs(&phone(1), &person("11144477735", "Bruno Lima")).await;
    for _ in 0..3 {
        found(server.shown(&phone(1)).await);
    }
    assert_eq!(server.tokens(KeyType::Phone).await, (97, 49_997));
}

#[tokio::test]
async fn an_event_about_a_key_ends_what_is_kept_of_it() {
    let server = Server::with_directory().await;
    let entry = server.theirs(&company(), &firm()).await;
    found(server.shown(&company()).await);
    let renamed = Owner { name: "Padaria Nova Ltda".to_owned(), ..firm() };
    let entry = Entry { owner: renamed, ..entry };
    server.world.simulator().tamper(dict::simulator::Tampering::Overwrite(entry)).unwrap();
    assert_eq!(found(server.shown(&company()).await).owner_name, firm().name);
    server.lookups.invalidate(&server.dict().store.vault.key_hash(&company()));
    assert_eq!(found(server.shown(&company()).await).owner_name, "Padaria Nova Ltda");
}

#[tokio::test]
async fn what_is_kept_is_no_way_around_payer_and_payment_and_a_payment_after_it_pays_nothing() {
    let server = Server::with_directory().await;
    server.theirs(&company(), &firm()).await;
    found(server.to_pay(&company()).await);
    assert!(matches!(
        failure(server.look_up(DISPLAY, bare(&company())).await),
        dict::failure::Failure::Invalid(violations) if violations.len() == 2
    ));
    let second = core::LookupKeyRequest { end_to_end_id: end_to_end_id(2), ..of(&company(), LookupPurpose::Display) };
    found(server.look_up(DISPLAY, second).await);
    let report = |number| core::ReportPaymentSentRequest {
        payer_tax_id: crate::entries_world::ANA.to_owned(),
        end_to_end_id: end_to_end_id(number),
    };
    assert!(!server.report(report(2)).await.unwrap(), "it was not charged");
    assert!(server.report(report(1)).await.unwrap());
}
