//! The outbox relay, whatever its sinks are.

use std::sync::{Arc, Mutex};

use chrono::TimeDelta;
use dict::events::SinkError;
use dict::events::announce::{Announcer, Heard, Subscribers, listen};
use platform::clock::Clock;
use platform::postgres::Role;
use tokio_util::sync::CancellationToken;

use crate::events_world::{HangsAfter, Sink, World, assert_complete_and_in_order, eventually, key, quick};

#[tokio::test]
async fn events_leave_in_order_and_are_deleted() {
    let world = World::new().await;
    world.write_many(30, 5).await;
    let sink = Sink::default();
    let relay = world.relay(vec![Arc::new(sink.clone())]);
    world.is_drained().await;
    relay.stop().await;
    let ids = sink.ids().await;
    assert_complete_and_in_order(&[&ids], 30, 5);
    assert_eq!(ids.len(), 150, "none was sent twice");
}

#[tokio::test]
async fn two_relays_share_the_work_and_keep_the_order() {
    let world = World::new().await;
    world.write_many(400, 4).await;
    let sink = Sink::default();
    let relays = [(); 2].map(|()| world.relay_with(vec![Arc::new(sink.clone())], quick(20)));
    world.is_drained().await;
    for relay in relays {
        relay.stop().await;
    }
    let ids = sink.ids().await;
    assert_complete_and_in_order(&[&ids], 400, 4);
    assert_eq!(ids.len(), 1600, "none was sent twice");
}

#[tokio::test]
async fn a_relay_that_dies_before_it_deletes_leaves_its_events_to_the_next() {
    let world = World::new().await;
    world.write_many(20, 3).await;
    let (sink, hung) = (Sink::default(), HangsAfter::default());
    let dying = world.relay(vec![Arc::new(sink.clone()), Arc::new(hung.clone())]);
    hung.reached.notified().await;
    dying.kill().await;
    assert_eq!((sink.ids().await.len(), world.waiting().await), (20, 60), "sent, and not deleted");

    // Its turn ended with it.
    let relay = world.relay(vec![Arc::new(sink.clone())]);
    world.write(&key(999), "entries.created", "999-1").await;
    world.is_drained().await;
    relay.stop().await;
    let mut ids = sink.ids().await;
    assert_eq!(ids.len(), 20 + 60 + 1, "the twenty came twice, under the same names");
    ids.retain(|id| id != "999-1");
    assert_complete_and_in_order(&[&ids], 20, 3);
}

#[tokio::test]
async fn a_refused_event_waits_with_those_behind_it_and_others_go_on() {
    let world = World::new().await;
    let sink = Sink::failing(3, "1-", SinkError::Refused("not wanted".to_owned()));
    world.write_many(3, 2).await;
    let relay = world.relay(vec![Arc::new(sink.clone())]);
    eventually("the events of the other keys", || async { sink.ids().await.len() == 4 }).await;
    assert!(!sink.ids().await.iter().any(|id| id.starts_with("1-")), "{:?}", sink.ids().await);
    eventually("all of them", || async {
        world.pauses_end();
        world.waiting().await == 0
    })
    .await;
    relay.stop().await;
    assert_complete_and_in_order(&[sink.ids().await], 3, 2);
    assert_eq!(world.metric("core_dict_outbox_failures_total"), "3");
}

#[tokio::test]
async fn events_wait_while_a_sink_is_away_and_no_pause_holds_them_up() {
    let world = World::new().await;
    let sink = Sink::failing(40, "", SinkError::Unreachable("nobody there".to_owned()));
    world.write_many(10, 2).await;
    let relay = world.relay(vec![Arc::new(sink.clone())]);
    // The clock stands still: a pause of an event would never end.
    world.is_drained().await;
    relay.stop().await;
    let ids = sink.ids().await;
    assert_complete_and_in_order(&[&ids], 10, 2);
    assert_eq!((ids.len(), world.metric("core_dict_outbox_failures_total")), (20, "40".to_owned()));
}

#[tokio::test]
async fn a_cut_from_postgresql_loses_nothing() {
    let world = World::new().await;
    world.write_many(300, 4).await;
    let sink = Sink::default();
    let relay = world.relay_with(vec![Arc::new(sink.clone())], quick(10));
    for count in [50, 300, 700] {
        eventually("some events", || async { sink.events.lock().await.len() >= count }).await;
        world.cut_database().await;
        world.pauses_end();
    }
    eventually("an empty outbox", || async {
        world.pauses_end();
        world.waiting().await == 0
    })
    .await;
    relay.stop().await;
    assert_complete_and_in_order(&[sink.ids().await], 300, 4);
}

#[tokio::test]
async fn a_clock_that_is_set_back_does_not_hold_events_up() {
    let world = World::new().await;
    world.write_many(5, 1).await;
    world.clock.advance(TimeDelta::hours(3));
    let refusing = Sink::failing(5, "", SinkError::Refused("not wanted".to_owned()));
    let first = world.relay(vec![Arc::new(refusing)]);
    let postponed = "SELECT count(*) FROM dict.outbox WHERE postponed_until IS NOT NULL";
    eventually("their pauses", || async { world.number(postponed).await == 5 }).await;
    first.stop().await;
    world.clock.advance(TimeDelta::hours(-3));
    let sink = Sink::default();
    let relay = world.relay(vec![Arc::new(sink.clone())]);
    world.is_drained().await;
    relay.stop().await;
    assert_complete_and_in_order(&[sink.ids().await], 5, 1);
}

#[tokio::test]
async fn numbers_follow_the_order_of_a_key_whichever_session_writes() {
    let world = World::new().await;
    let other = world.database.connect(Role::MigrationAdmin).await;
    for at in 0..100 {
        let writer = if at % 3 == 0 { &world.sql } else { &other };
        world.write_by(writer, &key(1), "entries.updated", &format!("1-{}", at + 1)).await;
    }
    let sink = Sink::default();
    let relay = world.relay(vec![Arc::new(sink.clone())]);
    world.is_drained().await;
    relay.stop().await;
    assert_complete_and_in_order(&[sink.ids().await], 1, 100);
}

#[tokio::test]
async fn the_backlog_and_its_age_are_measured() {
    let world = World::new().await;
    world.write_many(7, 1).await;
    world.clock.advance(TimeDelta::seconds(90));
    let relay = world.relay(vec![Arc::new(HangsAfter::default())]);
    eventually("a measurement", || async { world.metric("core_dict_outbox_events") == "7" }).await;
    assert_eq!(world.metric("core_dict_outbox_oldest_seconds"), "90");
    relay.kill().await;
    assert_eq!(world.store.outbox_backlog().await.unwrap().oldest_at, Some(world.clock.now() - TimeDelta::seconds(90)));
}

#[tokio::test]
async fn every_server_hears_which_keys_changed_and_of_gaps() {
    let world = World::new().await;
    let heard: [Arc<Mutex<Vec<Heard>>>; 2] = Default::default();
    let stop = CancellationToken::new();
    for server in &heard {
        let server = Arc::clone(server);
        let subscribers = Subscribers::default().and(move |heard| server.lock().unwrap().push(heard.clone()));
        tokio::spawn(listen(world.database.target(Role::AppRw), subscribers, stop.clone()));
    }
    let hears = async |what: &str, count: usize| {
        eventually(what, || async { heard.iter().all(|server| server.lock().unwrap().len() >= count) }).await;
    };
    hears("the gap before the first event", 1).await;

    let relay = world.relay(vec![Arc::new(Announcer::new(world.store.clone()))]);
    let told = |topic: &str, number| Heard::Event { topic: topic.to_owned(), key_hash: key(number) };
    world.write(&key(1), "entries.created", "1-1").await;
    hears("the first event", 2).await;
    world.is_drained().await;
    world.cut_database().await;
    hears("the gap after the cut", 3).await;
    world.write(&key(2), "claims.open", "2-1").await;
    hears("the second event", 4).await;
    relay.stop().await;
    stop.cancel();
    for server in &heard {
        let expected = [Heard::Gap, told("entries.created", 1), Heard::Gap, told("claims.open", 2)];
        assert_eq!(*server.lock().unwrap(), expected);
    }
    assert_eq!(world.metric("core_dict_pulsar_events_published_total"), "0", "Pulsar had no part in it");
}
