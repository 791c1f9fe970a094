//! Where an answer comes from, and what is answered when the source fails.

use chrono::TimeDelta;
use gateway::domain::entry::{Entry, EntryKind, Level, Origin};
use platform::clock::Clock;
use platform::postgres::Role;

use super::{Failure, World, key, keyed};

#[tokio::test]
async fn each_level_answers_in_its_turn_and_fills_those_above() {
    let world = World::create().await;
    let first = world.node().await;
    let entry = world.entry("one");
    assert_eq!(first.ask(&key(1), &entry).await, (entry.clone(), Origin::Miss));
    assert_eq!(first.ask(&key(1), &world.entry("two")).await, (entry.clone(), Origin::Hit(Level::L1)));
    first.settle().await;
    let keys: Vec<String> = first.redis(&[b"KEYS", b"comexstat:*"]).await;
    assert_eq!(keys, [key(1).to_string()]);
    let stays_ms: i64 = first.redis(&[b"PTTL", keys[0].as_bytes()]).await;
    assert!((1..=86_400_000).contains(&stays_ms), "{stays_ms}");

    let second = world.node().await;
    assert_eq!(second.ask(&key(1), &world.entry("two")).await, (entry.clone(), Origin::Hit(Level::L2)));
    assert_eq!(second.ask(&key(1), &world.entry("two")).await.1, Origin::Hit(Level::L1));

    second.redis::<()>(&[b"FLUSHALL"]).await;
    let third = world.node().await;
    assert_eq!(third.ask(&key(1), &world.entry("two")).await, (entry.clone(), Origin::Hit(Level::L3)));
    assert_eq!(third.ask(&key(1), &world.entry("two")).await.1, Origin::Hit(Level::L1));
    third.settle().await;
    let fourth = world.node().await;
    assert_eq!(fourth.ask(&key(1), &world.entry("two")).await, (entry, Origin::Hit(Level::L2)));

    assert_eq!([third.of_level("hits_total", Level::L1), third.of_level("misses_total", Level::L1)], [1.0, 1.0]);
    assert_eq!([third.of_level("hits_total", Level::L2), third.of_level("misses_total", Level::L2)], [0.0, 1.0]);
    assert_eq!([third.of_level("hits_total", Level::L3), third.of_level("misses_total", Level::L3)], [1.0, 0.0]);
    assert_eq!([third.metric("promotions_total"), third.of_level("errors_total", Level::L2)], [1.0, 0.0]);
    assert_eq!(third.of_level("latency_seconds_count", Level::L1), 2.0);
    assert!(third.metric("size_bytes") > 0.0);
}

#[tokio::test]
async fn what_is_past_its_time_is_fetched_again_and_answered_only_when_that_fails() {
    let world = World::create().await;
    let nodes = [world.node().await, world.node().await, world.node().await];
    let old = world.entry("old");
    nodes[0].ask(&key(1), &old).await;
    nodes[0].settle().await;
    world.clock.advance(TimeDelta::minutes(5));
    assert_eq!(nodes[0].ask_failing(&key(1)).await.unwrap(), (old.clone(), Origin::Stale), "from memory");
    assert_eq!(nodes[1].ask_failing(&key(1)).await.unwrap(), (old.clone(), Origin::Stale), "from Redis");
    nodes[0].redis::<()>(&[b"FLUSHALL"]).await;
    assert_eq!(nodes[2].ask_failing(&key(1)).await.unwrap(), (old, Origin::Stale), "from PostgreSQL");

    let new = world.entry("new");
    assert_eq!(nodes[2].ask(&key(1), &new).await, (new.clone(), Origin::Miss));
    nodes[2].settle().await;
    assert_eq!(nodes[1].ask_failing(&key(1)).await.unwrap(), (new, Origin::Hit(Level::L2)));
    world.clock.advance(TimeDelta::days(1));
    for node in &nodes {
        assert_eq!(node.ask_failing(&key(1)).await, Err(Failure::Source), "after keep_until there is nothing");
    }
}

#[tokio::test]
async fn the_newest_of_the_stale_ones_is_answered() {
    let world = World::create().await;
    let (first, second) = (world.node().await, world.node().await);
    first.ask(&key(1), &world.entry("older")).await;
    first.settle().await;
    world.clock.advance(TimeDelta::minutes(6));
    let newer = world.entry("newer");
    second.ask(&key(1), &newer).await;
    second.settle().await;
    world.clock.advance(TimeDelta::minutes(6));
    assert_eq!(first.ask_failing(&key(1)).await.unwrap(), (newer, Origin::Stale));
}

#[tokio::test]
async fn that_there_is_no_such_thing_is_kept_for_its_own_time_and_never_given_as_stale() {
    let world = World::create().await;
    let (first, second) = (world.node().await, world.node().await);
    let missing = world.missing();
    assert_eq!(first.ask(&key(1), &missing).await, (missing.clone(), Origin::Miss));
    first.settle().await;
    assert_eq!(first.ask(&key(1), &world.entry("found")).await, (missing.clone(), Origin::Hit(Level::L1)));
    assert_eq!(second.ask(&key(1), &world.entry("found")).await, (missing, Origin::Hit(Level::L2)));
    world.clock.advance(TimeDelta::minutes(1));
    assert_eq!(first.ask_failing(&key(1)).await, Err(Failure::Source));
    let found = world.entry("found");
    assert_eq!(first.ask(&key(1), &found).await, (found, Origin::Miss));
    // And the other way round: once what was there is of no use any more, what is gone is gone for all.
    world.clock.advance(TimeDelta::days(1));
    let gone = world.missing();
    assert_eq!(first.ask(&key(1), &gone).await, (gone.clone(), Origin::Miss));
    first.settle().await;
    world.clock.advance(TimeDelta::seconds(1));
    assert_eq!(world.node().await.ask_failing(&key(1)).await.unwrap(), (gone, Origin::Hit(Level::L2)));
}

#[tokio::test]
async fn nothing_hides_what_was_found_for_a_short_time_only() {
    for kind in [EntryKind::Empty, EntryKind::Missing] {
        let world = World::create().await;
        let (node, other) = (world.node().await, world.node().await);
        let good = world.entry("good");
        node.ask(&key(1), &good).await;
        node.settle().await;
        world.clock.advance(TimeDelta::minutes(5));
        let nothing = nothing_now(&world, kind);
        assert_eq!(node.ask(&key(1), &nothing).await, (nothing.clone(), Origin::Miss));
        node.settle().await;
        assert_eq!(node.ask_failing(&key(1)).await.unwrap(), (nothing.clone(), Origin::Hit(Level::L1)), "briefly");
        assert_eq!(other.ask_failing(&key(1)).await.unwrap(), (good.clone(), Origin::Stale), "for this process alone");
        world.clock.advance(TimeDelta::minutes(1));
        assert_eq!(node.ask_failing(&key(1)).await.unwrap(), (good.clone(), Origin::Stale), "{kind:?}");
        // It is in memory again: it survives the levels that it came from.
        node.redis::<()>(&[b"FLUSHALL"]).await;
        let client = world.database.connect(Role::MigrationAdmin).await;
        client.batch_execute("DELETE FROM gateway.comexstat_cache").await.unwrap();
        assert_eq!(node.ask_failing(&key(1)).await.unwrap(), (good, Origin::Stale), "{kind:?}");
        // Where nothing good is known it is kept for everybody.
        node.ask(&key(2), &nothing_now(&world, kind)).await;
        node.settle().await;
        let told = world.node().await.ask_failing(&key(2)).await.unwrap();
        assert_eq!((told.0.kind, told.1), (kind, Origin::Hit(Level::L2)));
        node.redis::<()>(&[b"FLUSHALL"]).await;
        let told = world.node().await.ask_failing(&key(2)).await.unwrap();
        assert_eq!((told.0.kind, told.1), (kind, Origin::Hit(Level::L3)));
    }
}

fn nothing_now(world: &World, kind: EntryKind) -> Entry {
    Entry { kind, ..world.missing() }
}

#[tokio::test]
async fn errors_and_what_is_over_already_are_not_kept() {
    let world = World::create().await;
    let node = world.node().await;
    assert_eq!(node.ask_failing(&key(1)).await, Err(Failure::Source));
    let mut over = world.entry("over");
    over.fresh_until = over.fetched_at;
    assert_eq!(node.ask(&key(1), &over).await.1, Origin::Miss);
    node.settle().await;
    assert_eq!(node.redis::<i64>(&[b"DBSIZE"]).await, 0);
    assert_eq!(node.metric("size_bytes"), 0.0);
    assert_eq!(node.ask(&key(1), &world.entry("new")).await.1, Origin::Miss);
}

#[tokio::test]
async fn a_changed_file_has_keys_of_its_own() {
    let world = World::create().await;
    let node = world.node().await;
    node.ask(&keyed("a1", 1), &world.entry("as the old file says")).await;
    let new = world.entry("as the new file says");
    assert_eq!(node.ask(&keyed("a2", 1), &new).await, (new, Origin::Miss));
    assert_eq!(node.ask(&keyed("a1", 1), &world.entry("")).await.1, Origin::Hit(Level::L1));
    assert!(world.clock.now() < world.entry("").fresh_until);
}
