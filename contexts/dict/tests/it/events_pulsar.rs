//! The outbox relay over Pulsar: the broker, PostgreSQL and the relay itself fail in the middle.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use dict::events::EventSink;
use dict::events::announce::Announcer;
use dict::events::pulsar::{PulsarOptions, PulsarSink};
use platform::clock::Clock;
use platform::random::hex;

use crate::events_broker::Broker;
use crate::events_world::{HangsAfter, World, assert_complete_and_in_order, eventually, key, quick};

fn sink(world: &World, options: &PulsarOptions) -> Arc<dyn EventSink> {
    Arc::new(PulsarSink::new(options.clone(), world.metrics.clone()))
}

const PUBLISHED: &str = "core_dict_pulsar_events_published_total";

#[tokio::test]
async fn events_reach_their_topics() {
    let (world, broker) = (World::new().await, Broker::start().await);
    world.write_many(40, 3).await;
    let relay = world.relay(vec![Arc::new(Announcer::new(world.store.clone())), sink(&world, &broker.options)]);
    world.is_drained().await;
    relay.stop().await;
    assert_complete_and_in_order(&broker.arrived(120).await, 40, 3);
    assert_eq!(world.metric(PUBLISHED), "120");
    // The first event of a key is an update here.
    let updated = broker.read("entries.updated", 40, Duration::from_secs(5)).await;
    let keys: BTreeSet<String> = updated.into_iter().map(|(key, _)| key.unwrap()).collect();
    assert_eq!(keys, (1..=40).map(|number| hex(&key(number))).collect());
}

#[tokio::test]
async fn a_key_s_events_share_a_partition_and_keys_are_spread() {
    let (world, broker) = (World::new().await, Broker::own().await);
    for event in 1..=3 {
        for number in 1..=60 {
            world.write(&key(number), "claims.open", &format!("{number}-{event}")).await;
        }
    }
    let relay = world.relay(vec![sink(&world, &broker.options)]);
    world.is_drained().await;
    relay.stop().await;
    let messages = broker.own.as_ref().unwrap().messages(&broker.options.topic("claims.open"));
    let places: BTreeSet<_> = messages.iter().map(|message| (message.key.clone(), message.topic.clone())).collect();
    let partitions: BTreeSet<_> = messages.iter().map(|message| message.topic.clone()).collect();
    assert_eq!((messages.len(), places.len(), partitions.len()), (180, 60, 3));
    let written = u64::try_from(world.clock.now().timestamp_millis()).unwrap();
    assert!(messages.iter().all(|message| message.event_time_ms == Some(written)), "the time of what happened");
}

#[tokio::test]
async fn a_broker_that_is_killed_and_comes_back_loses_nothing() {
    let (world, mut broker) = (World::new().await, Broker::own().await);
    world.write_many(150, 6).await;
    let relay = world.relay_with(vec![sink(&world, &broker.options)], quick(20));
    for left in [800, 500, 200] {
        eventually("some events to leave", || async { world.waiting().await < left }).await;
        broker.faulty().kill().await;
        eventually("a failure", || async { world.metric("core_dict_outbox_failures_total") != "0" }).await;
        broker.faulty().restart().await;
    }
    world.is_drained().await;
    relay.stop().await;
    assert_complete_and_in_order(&broker.arrived(900).await, 150, 6);
}

#[tokio::test]
async fn events_wait_for_a_broker_that_is_not_there_yet() {
    let (world, mut broker) = (World::new().await, Broker::own().await);
    broker.faulty().kill().await;
    world.write_many(50, 2).await;
    let relay = world.relay_with(vec![sink(&world, &broker.options)], quick(20));
    eventually("a failure", || async { world.metric("core_dict_outbox_failures_total") != "0" }).await;
    assert_eq!((world.waiting().await, world.metric(PUBLISHED)), (100, "0".to_owned()));
    broker.faulty().restart().await;
    world.is_drained().await;
    relay.stop().await;
    assert_complete_and_in_order(&broker.arrived(100).await, 50, 2);
}

#[tokio::test]
async fn an_event_whose_receipt_was_lost_comes_again_under_its_name() {
    let (world, mut broker) = (World::new().await, Broker::own().await);
    world.write_many(60, 4).await;
    broker.faulty().cut_receipts(5);
    let relay = world.relay_with(vec![sink(&world, &broker.options)], quick(20));
    world.is_drained().await;
    relay.stop().await;
    let arrived = broker.arrived(245).await;
    assert_complete_and_in_order(&arrived, 60, 4);
    assert!(arrived[0].len() >= 245, "five were kept without a receipt: {}", arrived[0].len());
}

#[tokio::test]
async fn a_broker_that_says_nothing_is_given_up_in_time() {
    let (world, mut broker) = (World::new().await, Broker::own().await);
    broker.options.answer = Duration::from_millis(200);
    world.write_many(10, 2).await;
    broker.faulty().withhold_receipts(true);
    let relay = world.relay_with(vec![sink(&world, &broker.options)], quick(20));
    eventually("a failure", || async { world.metric("core_dict_outbox_failures_total") != "0" }).await;
    broker.faulty().withhold_receipts(false);
    world.is_drained().await;
    relay.stop().await;
    assert_complete_and_in_order(&broker.arrived(20).await, 10, 2);
}

#[tokio::test]
async fn what_the_broker_refuses_is_tried_again_and_others_go_on() {
    let (world, mut broker) = (World::new().await, Broker::own().await);
    world.write_many(30, 2).await;
    broker.faulty().refuse_sends(7);
    let relay = world.relay_with(vec![sink(&world, &broker.options)], quick(20));
    eventually("an empty outbox", || async {
        world.pauses_end();
        world.waiting().await == 0
    })
    .await;
    relay.stop().await;
    let arrived = broker.arrived(60).await;
    assert_complete_and_in_order(&arrived, 30, 2);
    assert_eq!((arrived[0].len(), world.metric("core_dict_outbox_failures_total")), (60, "7".to_owned()));
}

#[tokio::test]
async fn two_relays_and_a_broker_that_cuts_connections_keep_the_order() {
    let (world, mut broker) = (World::new().await, Broker::own().await);
    world.write_many(120, 8).await;
    broker.faulty().delay_receipts(Duration::from_millis(2));
    let relays = [(); 2].map(|()| world.relay_with(vec![sink(&world, &broker.options)], quick(20)));
    for left in [900, 700, 500, 300, 100] {
        eventually("some events to leave", || async { world.waiting().await < left }).await;
        broker.faulty().disconnect();
    }
    world.is_drained().await;
    for relay in relays {
        relay.stop().await;
    }
    assert_complete_and_in_order(&broker.arrived(960).await, 120, 8);
}

#[tokio::test]
async fn a_relay_killed_between_publishing_and_deleting_sends_again_under_the_same_names() {
    let (world, broker) = (World::new().await, Broker::start().await);
    world.write_many(25, 3).await;
    let hung = HangsAfter::default();
    let dying = world.relay(vec![sink(&world, &broker.options), Arc::new(hung.clone())]);
    hung.reached.notified().await;
    dying.kill().await;
    assert_eq!((world.waiting().await, world.metric(PUBLISHED)), (75, "25".to_owned()));
    world.pauses_end();
    let relay = world.relay(vec![sink(&world, &broker.options)]);
    world.is_drained().await;
    relay.stop().await;
    let arrived = broker.arrived(100).await;
    assert_complete_and_in_order(&arrived, 25, 3);
    assert_eq!(arrived.iter().map(Vec::len).sum::<usize>(), 100, "the first of each key came twice");
}

#[tokio::test]
async fn relays_that_are_killed_again_and_again_lose_nothing() {
    let (world, broker) = (World::new().await, Broker::start().await);
    world.write_many(100, 4).await;
    for left in [330, 250, 150, 50] {
        let relay = world.relay_with(vec![sink(&world, &broker.options)], quick(20));
        eventually("some events to leave", || async { world.waiting().await < left }).await;
        relay.kill().await;
        world.pauses_end();
    }
    let relay = world.relay_with(vec![sink(&world, &broker.options)], quick(20));
    world.is_drained().await;
    relay.stop().await;
    assert_complete_and_in_order(&broker.arrived(400 + 80).await, 100, 4);
}

#[tokio::test]
async fn postgresql_and_the_broker_are_cut_at_once() {
    let (world, mut broker) = (World::new().await, Broker::own().await);
    world.write_many(100, 5).await;
    let relay = world.relay_with(vec![sink(&world, &broker.options)], quick(20));
    for left in [400, 250, 100] {
        eventually("some events to leave", || async {
            world.pauses_end();
            world.waiting().await < left
        })
        .await;
        broker.faulty().disconnect();
        world.cut_database().await;
    }
    eventually("an empty outbox", || async {
        world.pauses_end();
        world.waiting().await == 0
    })
    .await;
    relay.stop().await;
    assert_complete_and_in_order(&broker.arrived(500).await, 100, 5);
}

#[tokio::test]
async fn a_wrong_token_loses_nothing_and_the_right_one_is_taken() {
    let (world, mut broker) = (World::new().await, Broker::own().await);
    broker.faulty().demand_token("right");
    world.write_many(5, 1).await;
    let wrong = PulsarOptions { token: Some("wrong".to_owned()), ..broker.options.clone() };
    assert!(!format!("{wrong:?}").contains("wrong"), "a token is not shown");
    let relay = world.relay_with(vec![sink(&world, &wrong)], quick(20));
    eventually("a failure", || async { world.metric("core_dict_outbox_failures_total") != "0" }).await;
    relay.stop().await;
    assert_eq!(world.waiting().await, 5);
    let right = PulsarOptions { token: Some("right".to_owned()), ..broker.options.clone() };
    let relay = world.relay_with(vec![sink(&world, &right)], quick(20));
    world.is_drained().await;
    relay.stop().await;
    assert_complete_and_in_order(&broker.arrived(5).await, 5, 1);
}
