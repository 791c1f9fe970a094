//! Proof of possession: codes wrong, expired, tried too often, used twice, another institution's (Manual 2.1).

use std::sync::atomic::Ordering;

use chrono::TimeDelta;
use dict::claims::possession::{
    CODE_LASTS, CODES_MAX, PROOF_LASTS, SentCode, TRIES_MAX, confirm_possession, consume, request_possession_code,
};
use dict::domain::key::KeyType;
use dict::failure::Failure;
use platform::clock::Clock;

use crate::claims_world::{Bank, CLAIMER, DONOR, World, caller, cpf, ispb, key, phone, wrong_field};

async fn sent(bank: &Bank) -> (SentCode, String) {
    let sent = request_possession_code(&bank.dict, &caller(DONOR), &phone()).await.unwrap();
    (sent, bank.codes.last())
}

async fn confirm(bank: &Bank, sent: SentCode, code: &str) -> Result<chrono::DateTime<chrono::Utc>, Failure> {
    confirm_possession(&bank.dict, &caller(DONOR), &phone(), &sent.possession_id.to_string(), code, None).await
}

fn another(code: &str) -> &'static str {
    if code == "000000" { "000001" } else { "000000" }
}

#[tokio::test]
async fn a_code_proves_possession_once() {
    let world = World::new();
    let bank = world.bank(&[DONOR]).await;
    let (sent, code) = sent(&bank).await;
    assert_eq!((code.len(), code.chars().all(|digit| digit.is_ascii_digit())), (6, true));
    assert_eq!(sent.expires_at, world.clock.now() + CODE_LASTS);
    let id = sent.possession_id.to_string();
    // Not confirmed yet: it proves nothing.
    assert_eq!(wrong_field(consume(&bank.dict, ispb(DONOR), &phone(), &id).await), "possession_id");
    let confirmed_at = confirm(&bank, sent, &code).await.unwrap();
    world.clock.advance(TimeDelta::minutes(1));
    // A lost answer is asked for again.
    assert_eq!(confirm(&bank, sent, &code).await.unwrap(), confirmed_at);
    consume(&bank.dict, ispb(DONOR), &phone(), &id).await.unwrap();
    // Used twice.
    assert_eq!(wrong_field(consume(&bank.dict, ispb(DONOR), &phone(), &id).await), "possession_id");
}

#[tokio::test]
async fn a_wrong_code_proves_nothing() {
    let world = World::new();
    let bank = world.bank(&[DONOR]).await;
    let (sent, code) = sent(&bank).await;
    assert_eq!(wrong_field(confirm(&bank, sent, another(&code)).await), "code");
    assert_eq!(wrong_field(confirm(&bank, sent, "").await), "code");
    let id = sent.possession_id.to_string();
    assert_eq!(wrong_field(consume(&bank.dict, ispb(DONOR), &phone(), &id).await), "possession_id");
    confirm(&bank, sent, &code).await.unwrap();
}

#[tokio::test]
async fn a_code_can_be_tried_five_times() {
    let world = World::new();
    let bank = world.bank(&[DONOR]).await;
    let (sent, code) = sent(&bank).await;
    for _ in 0..TRIES_MAX {
        assert_eq!(wrong_field(confirm(&bank, sent, another(&code)).await), "code");
    }
    assert!(matches!(confirm(&bank, sent, &code).await, Err(Failure::NotFound("possession"))));
}

#[tokio::test]
async fn guesses_at_the_same_moment_are_all_counted() {
    let world = World::new();
    let bank = world.bank(&[DONOR]).await;
    let (sent, code) = sent(&bank).await;
    let tries = (0..4 * TRIES_MAX).map(|_| confirm(&bank, sent, another(&code)));
    let outcomes = futures_util::future::join_all(tries).await;
    let looked_at = outcomes.iter().filter(|outcome| matches!(outcome, Err(Failure::Invalid(_)))).count();
    assert_eq!(looked_at, usize::try_from(TRIES_MAX).unwrap());
}

#[tokio::test]
async fn a_code_expires_and_so_does_a_proof() {
    let world = World::new();
    let bank = world.bank(&[DONOR]).await;
    let (late, code) = sent(&bank).await;
    world.clock.advance(CODE_LASTS);
    assert!(matches!(confirm(&bank, late, &code).await, Err(Failure::NotFound("possession"))));
    let (early, code) = sent(&bank).await;
    confirm(&bank, early, &code).await.unwrap();
    world.clock.advance(PROOF_LASTS);
    let id = early.possession_id.to_string();
    assert_eq!(wrong_field(consume(&bank.dict, ispb(DONOR), &phone(), &id).await), "possession_id");
}

#[tokio::test]
async fn a_code_of_another_institution_or_key_proves_nothing() {
    let world = World::new();
    let bank = world.bank(&[DONOR, CLAIMER]).await;
    let (sent, code) = sent(&bank).await;
    let id = sent.possession_id.to_string();
    let foreign = confirm_possession(&bank.dict, &caller(CLAIMER), &phone(), &id, &code, None).await;
    assert!(matches!(foreign, Err(Failure::NotFound("possession"))));
    let mailbox = key(KeyType::Email, "ana@example.com");
    let other = confirm_possession(&bank.dict, &caller(DONOR), &mailbox, &id, &code, None).await;
    assert!(matches!(other, Err(Failure::NotFound("possession"))));
    confirm(&bank, sent, &code).await.unwrap();
    assert_eq!(wrong_field(consume(&bank.dict, ispb(CLAIMER), &phone(), &id).await), "possession_id");
    assert_eq!(wrong_field(consume(&bank.dict, ispb(DONOR), &mailbox, &id).await), "possession_id");
    assert_eq!(wrong_field(consume(&bank.dict, ispb(DONOR), &phone(), "no id").await), "possession_id");
    consume(&bank.dict, ispb(DONOR), &phone(), &id).await.unwrap();
}

#[tokio::test]
async fn codes_go_to_phones_and_mailboxes_and_not_too_many() {
    let world = World::new();
    let bank = world.bank(&[DONOR]).await;
    assert_eq!(wrong_field(request_possession_code(&bank.dict, &caller(DONOR), &cpf()).await), "key");
    for _ in 0..CODES_MAX {
        sent(&bank).await;
    }
    let one_more = request_possession_code(&bank.dict, &caller(DONOR), &phone()).await;
    assert!(matches!(one_more, Err(Failure::Quota { .. })));
    let mailbox = key(KeyType::Email, "ana@example.com");
    request_possession_code(&bank.dict, &caller(DONOR), &mailbox).await.unwrap();
    world.clock.advance(CODE_LASTS);
    sent(&bank).await;
}

#[tokio::test]
async fn a_code_that_cannot_be_sent_is_forgotten() {
    let world = World::new();
    let bank = world.bank(&[DONOR]).await;
    bank.codes.broken.store(true, Ordering::Relaxed);
    let refused = request_possession_code(&bank.dict, &caller(DONOR), &phone()).await;
    assert!(matches!(refused, Err(Failure::Unavailable { .. })));
    assert!(bank.strings("SELECT possession_id::text FROM dict.possessions").await.is_empty());
}

#[tokio::test]
async fn no_code_and_no_key_stands_in_the_base() {
    let world = World::new();
    let bank = world.bank(&[DONOR]).await;
    let (_, code) = sent(&bank).await;
    let rows = bank.strings("SELECT p::text FROM dict.possessions p").await.concat();
    assert!(!rows.contains(&code) && !rows.contains("5511987654321"), "{rows}");
}
