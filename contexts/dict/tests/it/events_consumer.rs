//! Status updates over Pulsar: brokers, servers and connections that end before the acknowledgement.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use dict::events::pulsar::{SUBSCRIPTION, StatusConsumer};
use dict::events::status::{DEAD_LETTER_TOPIC, STATUS_TOPIC};
use serde_json::json;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::events_broker::Broker;
use crate::events_status::{Effects, inbox, message};
use crate::events_world::{World, eventually};

/// A consumer that runs until it is killed or stopped.
struct Running {
    task: JoinHandle<()>,
    stop: CancellationToken,
}

impl Running {
    async fn stop(self) {
        self.stop.cancel();
        self.task.await.unwrap();
    }
}

fn consume(world: &World, broker: &Broker, effects: &Arc<Effects>) -> Running {
    let consumer = StatusConsumer::new(broker.options.clone(), Arc::new(inbox(world, effects)));
    let stop = CancellationToken::new();
    Running { task: tokio::spawn(consumer.run(stop.clone())), stop }
}

/// `count` messages of each of four keys; message `n` of key `k` is called `k-n`.
fn messages(count: u32) -> Vec<(&'static str, String)> {
    let of = |number| ["a", "b", "c", "d"].map(|key| (key, message(&format!("{key}-{number}"), json!({}))));
    (0..count).flat_map(of).collect()
}

/// Checks that each took effect once, and those of a key in their order.
#[track_caller]
fn assert_once_and_in_order(applied: &[String], count: u32) {
    for key in ["a-", "b-", "c-", "d-"] {
        let mine: Vec<&str> = applied.iter().filter_map(|id| id.strip_prefix(key)).collect();
        assert_eq!(mine, (0..count).map(|number| number.to_string()).collect::<Vec<_>>(), "of {key}");
    }
}

async fn applied(effects: &Effects, count: usize) {
    eventually("all effects", || async { effects.applied.lock().await.len() >= count }).await;
}

/// Waits until nothing is left to acknowledge, where the broker can be asked.
async fn all_acknowledged(broker: &Broker) {
    let Some(own) = &broker.own else { return };
    let topic = broker.options.topic(STATUS_TOPIC);
    eventually("all acknowledged", || async { own.unacknowledged(&topic, SUBSCRIPTION) == 0 }).await;
}

#[tokio::test]
async fn updates_take_effect_once_and_in_the_order_of_their_key() {
    let (world, broker) = (World::new().await, Broker::start().await);
    let effects = Arc::new(Effects::default());
    broker.publish(STATUS_TOPIC, messages(10)).await;
    let running = consume(&world, &broker, &effects);
    applied(&effects, 40).await;
    // Whoever sends twice means once.
    broker.publish(STATUS_TOPIC, messages(3)).await;
    let duplicates = "core_dict_status_updates_total{outcome=\"Duplicate\"}";
    eventually("the duplicates", || async { world.metric(duplicates) == "12" }).await;
    all_acknowledged(&broker).await;
    running.stop().await;
    assert_once_and_in_order(&effects.applied.lock().await, 10);
}

#[tokio::test]
async fn a_broker_that_is_killed_before_the_acknowledgement_delivers_again_without_effect() {
    let (world, mut broker) = (World::new().await, Broker::own().await);
    let effects = Arc::new(Effects::default());
    broker.publish(STATUS_TOPIC, messages(20)).await;
    let running = consume(&world, &broker, &effects);
    for count in [10, 40] {
        applied(&effects, count).await;
        broker.faulty().restart().await;
    }
    applied(&effects, 80).await;
    all_acknowledged(&broker).await;
    running.stop().await;
    assert_once_and_in_order(&effects.applied.lock().await, 20);
}

#[tokio::test]
async fn what_cannot_take_effect_goes_to_the_dead_letters_with_its_reason() {
    let (world, broker) = (World::new().await, Broker::start().await);
    let effects = Arc::new(Effects::default());
    let odd = message("odd", json!({"type": "ENTRY_PAINTED"}));
    let texts = [odd.clone(), message("m-1", json!({})), "nonsense".to_owned(), message("m-2", json!({}))];
    broker.publish(STATUS_TOPIC, texts.map(|text| ("a", text))).await;
    let running = consume(&world, &broker, &effects);
    applied(&effects, 2).await;
    all_acknowledged(&broker).await;
    running.stop().await;
    assert_eq!(*effects.applied.lock().await, ["m-1", "m-2"]);
    if let Some(own) = &broker.own {
        let letters = own.messages(&broker.options.topic(DEAD_LETTER_TOPIC));
        let reasons: Vec<&str> = letters.iter().map(|letter| letter.properties["reason"].as_str()).collect();
        assert_eq!(reasons, ["its type is not known here", "it is not the JSON of a status update (line 1, column 2)"]);
        let origins: BTreeSet<&str> = letters.iter().map(|letter| letter.properties["origin"].as_str()).collect();
        assert_eq!((origins.len(), letters[0].properties["tries"].as_str()), (2, "1"));
    }
    let letters = broker.read(DEAD_LETTER_TOPIC, 2, Duration::from_secs(5)).await;
    assert_eq!(letters, [(Some("a".to_owned()), odd.into_bytes()), (Some("a".to_owned()), b"nonsense".to_vec())]);
}

#[tokio::test]
async fn an_update_is_given_up_after_its_tries_and_those_behind_it_go_on() {
    let (world, mut broker) = (World::new().await, Broker::own().await);
    let effects = Arc::new(Effects::default());
    effects.failures.store(3, Ordering::SeqCst);
    broker.publish(STATUS_TOPIC, [("a", message("m-1", json!({}))), ("a", message("m-2", json!({})))]).await;
    // The dead letter itself is refused at first: it waits, and nothing is lost.
    broker.faulty().refuse_sends(1);
    let running = consume(&world, &broker, &effects);
    applied(&effects, 1).await;
    all_acknowledged(&broker).await;
    running.stop().await;
    assert_eq!(*effects.applied.lock().await, ["m-2"]);
    let topic = broker.options.topic(DEAD_LETTER_TOPIC);
    let letters = broker.faulty().messages(&topic);
    let properties = &letters[0].properties;
    assert_eq!(
        (letters.len(), properties["reason"].as_str(), properties["tries"].as_str()),
        (1, "directory is not available", "3")
    );
}

#[tokio::test]
async fn a_server_that_dies_is_followed_by_another() {
    let (world, broker) = (World::new().await, Broker::own().await);
    let effects = Arc::new(Effects::default());
    broker.publish(STATUS_TOPIC, messages(15)).await;
    let (dying, following) = (consume(&world, &broker, &effects), consume(&world, &broker, &effects));
    applied(&effects, 10).await;
    dying.task.abort();
    broker.publish(STATUS_TOPIC, messages(20)).await;
    applied(&effects, 80).await;
    all_acknowledged(&broker).await;
    following.stop().await;
    assert_once_and_in_order(&effects.applied.lock().await, 20);
}

#[tokio::test]
async fn a_cut_from_postgresql_and_from_the_broker_loses_no_update() {
    let (world, mut broker) = (World::new().await, Broker::own().await);
    let effects = Arc::new(Effects::default());
    broker.publish(STATUS_TOPIC, messages(25)).await;
    let running = consume(&world, &broker, &effects);
    for count in [20, 50, 80] {
        applied(&effects, count).await;
        world.cut_database().await;
        broker.faulty().disconnect();
    }
    let marked = "SELECT count(*) FROM dict.consumed_messages";
    eventually("all marks", || async { world.number(marked).await == 100 }).await;
    all_acknowledged(&broker).await;
    running.stop().await;
    // The table of the effect holds each once, or the transaction would have failed.
    assert_eq!(world.number("SELECT count(*) FROM dict.leases").await, 100);
}
