//! Status updates of Connect: once each, whatever comes again, and what cannot take effect is put aside.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use deadpool_postgres::Transaction;
use dict::domain::key::{Key, KeyType};
use dict::events::status::{Handled, Inbox, StatusChange, StatusEffects, StatusUpdate, Tries};
use dict::failure::Failure;
use dict::store::{StoreError, set_entry_blocked};
use platform::clock::Clock;
use platform::resilience::backoff::Backoff;
use serde_json::{Value, json};
use testkit::CountingEntropy;
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::events_world::{World, eventually};

/// Our institution.
pub const OURS: &str = "12345678";

/// Writes a row for each message in its transaction, which a second time would break; and fails as it is told.
#[derive(Debug, Default)]
pub struct Effects {
    /// What took place, by message id.
    pub applied: Mutex<Vec<String>>,
    /// How many tries still fail as if something were away.
    pub failures: AtomicU32,
}

#[tonic::async_trait]
impl StatusEffects for Effects {
    async fn apply(&self, transaction: &Transaction<'_>, update: &StatusUpdate) -> Result<(), Failure> {
        let left = self.failures.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
        if left.is_ok() {
            return Err(Failure::Unavailable { what: "directory", retry_after_ms: None });
        }
        if let StatusChange::ClaimChanged(id) = &update.change
            && id.is_nil()
        {
            return Err(Failure::NotFound("claim"));
        }
        let sql = "INSERT INTO dict.leases (name, holder, held_until) VALUES ($1, '', now())";
        transaction.execute(sql, &[&update.message_id]).await.map_err(StoreError::from)?;
        self.applied.lock().await.push(update.message_id.clone());
        Ok(())
    }
}

pub fn inbox(world: &World, effects: &Arc<impl StatusEffects>) -> Inbox {
    Inbox {
        store: world.store.clone(),
        clock: Arc::new(world.clock.clone()),
        entropy: Arc::new(CountingEntropy::default()),
        participants: vec![OURS.parse().unwrap()],
        effects: Arc::<_>::clone(effects) as Arc<dyn StatusEffects>,
        metrics: world.metrics.clone(),
        tries: Tries {
            tries_max: 3,
            pause: Backoff { base: Duration::from_millis(5), longest: Duration::from_millis(50) },
        },
    }
}

/// A message that blocks the entry of a key, with other members in the place of its own.
pub fn message(id: &str, changes: Value) -> String {
    let mut message = json!({
        "message_id": id, "type": "ENTRY_BLOCKED", "participant": OURS, "occurred_at": "2025-03-15T11:59:00Z",
        "key_type": "EMAIL", "key": "ana@example.com",
    });
    for (name, value) in changes.as_object().unwrap() {
        message[name] = value.clone();
    }
    message.to_string()
}

async fn handle(inbox: &Inbox, message: &str) -> Handled {
    inbox.handle(message.as_bytes(), &CancellationToken::new()).await.unwrap()
}

#[tokio::test]
async fn a_message_takes_effect_once_even_when_it_comes_twice_at_once() {
    let world = World::new().await;
    let effects = Arc::new(Effects::default());
    let inbox = inbox(&world, &effects);
    let text = message("m-1", json!({}));
    let (first, second) = tokio::join!(handle(&inbox, &text), handle(&inbox, &text));
    let mut both = [first, second];
    both.sort_by_key(|handled| *handled == Handled::Duplicate);
    assert_eq!(both, [Handled::Applied, Handled::Duplicate]);
    assert_eq!(handle(&inbox, &text).await, Handled::Duplicate);
    assert_eq!(*effects.applied.lock().await, ["m-1"]);
    assert_eq!(world.metric("core_dict_status_updates_total{outcome=\"Duplicate\"}"), "2");
}

#[tokio::test]
async fn what_cannot_be_understood_is_dead_at_once_and_says_why_without_the_data() {
    let world = World::new().await;
    let effects = Arc::new(Effects::default());
    let inbox = inbox(&world, &effects);
    let long = "x".repeat(70_000);
    let id_too_long = "i".repeat(201);
    for (text, reason) in [
        (String::new(), "it is not the JSON of a status update (line 1, column 0)"),
        ("ana@example.com".to_owned(), "it is not the JSON of a status update (line 1, column 1)"),
        (message("m", json!({"key": long})), "it is longer than 65536 bytes"),
        (message("", json!({})), "message_id must have 1 to 200 bytes"),
        (message(&id_too_long, json!({})), "message_id must have 1 to 200 bytes"),
        (message("m", json!({"participant": "1234"})), "participant is no ISPB"),
        (message("m", json!({"participant": "87654321"})), "participant 87654321 is not served here"),
        (message("m", json!({"type": "ENTRY_PAINTED"})), "its type is not known here"),
        (message("m", json!({"key_type": "FAX"})), "key_type is missing or not known"),
        (message("m", json!({"key": null})), "key is missing"),
        (message("m", json!({"key": "x".repeat(78)})), "key does not have the form of its key_type"),
        (message("m", json!({"type": "CLAIM_CHANGED"})), "claim_id is missing or no UUID"),
        (message("m", json!({"type": "CLAIM_CHANGED", "claim_id": Uuid::nil().to_string()})), "there is no such claim"),
    ] {
        let expected = Handled::Dead { reason: reason.to_owned(), tries: 1 };
        assert_eq!(handle(&inbox, &text).await, expected);
    }
    assert_eq!(world.number("SELECT count(*) FROM dict.consumed_messages").await, 0, "none is marked");
    let later_member = message("m-2", json!({"a_member_of_a_later_version": 1}));
    assert_eq!(handle(&inbox, &later_member).await, Handled::Applied);
}

#[tokio::test]
async fn what_may_pass_is_tried_again_and_at_last_given_up() {
    let world = World::new().await;
    let effects = Arc::new(Effects::default());
    let inbox = inbox(&world, &effects);
    effects.failures.store(2, Ordering::SeqCst);
    assert_eq!(handle(&inbox, &message("m-1", json!({}))).await, Handled::Applied);
    effects.failures.store(3, Ordering::SeqCst);
    let reason = "directory is not available".to_owned();
    assert_eq!(handle(&inbox, &message("m-2", json!({}))).await, Handled::Dead { reason, tries: 3 });
    // Put back by an operator, it takes effect.
    assert_eq!(handle(&inbox, &message("m-2", json!({}))).await, Handled::Applied);
    assert_eq!(world.metric("core_dict_status_updates_total{outcome=\"Retried\"}"), "4");
}

#[tokio::test]
async fn postgresql_s_absence_is_no_message_s_fault() {
    let world = World::new().await;
    let effects = Arc::new(Effects::default());
    let inbox = Arc::new(inbox(&world, &effects));
    world.close_database(true).await;
    let waiting = tokio::spawn({
        let inbox = Arc::clone(&inbox);
        async move { handle(&inbox, &message("m-1", json!({}))).await }
    });
    let retried = "core_dict_status_updates_total{outcome=\"Retried\"}";
    eventually("many tries", || async { world.metric(retried).parse::<u32>().unwrap() > 10 }).await;
    world.close_database(false).await;
    assert_eq!(waiting.await.unwrap(), Handled::Applied);
}

#[tokio::test]
async fn a_stop_ends_the_tries_and_the_message_may_come_again() {
    let world = World::new().await;
    let effects = Arc::new(Effects::default());
    let mut inbox = inbox(&world, &effects);
    inbox.tries.tries_max = u32::MAX;
    effects.failures.store(u32::MAX, Ordering::SeqCst);
    let stop = CancellationToken::new();
    let text = message("m-1", json!({}));
    let stopped = async {
        let retried = "core_dict_status_updates_total{outcome=\"Retried\"}";
        eventually("a try", || async { world.metric(retried) != "0" }).await;
        stop.cancel();
    };
    assert_eq!(tokio::join!(inbox.handle(text.as_bytes(), &stop), stopped).0, None);
    effects.failures.store(0, Ordering::SeqCst);
    assert_eq!(handle(&inbox, &text).await, Handled::Applied);
}

/// The effect that this context has ready.
#[derive(Debug)]
struct Blocks(World);

#[tonic::async_trait]
impl StatusEffects for Blocks {
    async fn apply(&self, transaction: &Transaction<'_>, update: &StatusUpdate) -> Result<(), Failure> {
        let (key, blocked) = match &update.change {
            StatusChange::EntryBlocked(key) => (key, true),
            StatusChange::EntryUnblocked(key) => (key, false),
            _ => return Ok(()),
        };
        let hash = self.0.store.vault.key_hash(key);
        let now = self.0.clock.now();
        set_entry_blocked(transaction, update.participant, &hash, blocked, Uuid::from_u128(7), now).await?;
        Ok(())
    }
}

#[tokio::test]
async fn a_court_s_block_is_mirrored_with_its_event() {
    let world = World::new().await;
    let key = Key::parse(KeyType::Email, "ana@example.com").unwrap();
    let hash = world.store.vault.key_hash(&key);
    let sql = "INSERT INTO dict.entries (key_hash, key_type, participant, account_hash, owner_hash, status, cid,
            request_id, data_key_id, sealed, created_at, key_owned_since, updated_at)
        VALUES ($1, 'EMAIL', $2, $1, $1, 'ACTIVE', $1, $3, 2, '', now(), now(), now())";
    world.sql.execute(sql, &[&&hash[..], &OURS, &Uuid::from_u128(1)]).await.unwrap();
    let effects = Arc::new(Blocks(world));
    let inbox = inbox(&effects.0, &effects);
    let status = async || {
        let row = effects.0.sql.query_one("SELECT status FROM dict.entries", &[]).await.unwrap();
        row.get::<_, String>(0)
    };
    for (id, kind, then, events) in [
        ("m-1", "ENTRY_BLOCKED", "BLOCKED", 1),
        ("m-2", "ENTRY_BLOCKED", "BLOCKED", 1),
        ("m-3", "ENTRY_UNBLOCKED", "ACTIVE", 2),
    ] {
        assert_eq!(handle(&inbox, &message(id, json!({"type": kind}))).await, Handled::Applied);
        assert_eq!((status().await.as_str(), effects.0.waiting().await), (then, events), "{id}");
    }
    let first = "SELECT topic, payload::text FROM dict.outbox WHERE key_hash = $1 ORDER BY event_number LIMIT 1";
    let row = effects.0.sql.query_one(first, &[&&hash[..]]).await.unwrap();
    assert_eq!(row.get::<_, String>(0), "entries.updated");
    let payload: Value = serde_json::from_str(&row.get::<_, String>(1)).unwrap();
    let expected = json!({
        "event_id": Uuid::from_u128(7).to_string(), "type": "entries.updated", "participant": OURS, "key_type": "EMAIL",
        "key_hash": platform::random::hex(&hash), "status": "BLOCKED", "occurred_at": "2025-03-15T12:00:00+00:00",
    });
    assert_eq!(payload, expected);
}

#[tokio::test]
async fn marks_are_forgotten_once_they_are_old() {
    let world = World::new().await;
    let effects = Arc::new(Effects::default());
    let inbox = inbox(&world, &effects);
    handle(&inbox, &message("old", json!({}))).await;
    world.pauses_end();
    let between = world.clock.now();
    handle(&inbox, &message("new", json!({}))).await;
    assert_eq!(world.store.forget_consumed(between).await.unwrap(), 1);
    assert_eq!(handle(&inbox, &message("new", json!({}))).await, Handled::Duplicate);
}
