//! Antiscan buckets while their stores fail: never without a limit.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use dict::domain::bucket::{Category, Outcome};
use dict::domain::key::KeyType;
use dict::limits::antiscan::{Antiscan, NotAdmitted};
use dict::limits::redis::RedisBuckets;
use platform::redis::Redis;

use crate::limits::{COMPANY, In, LONG, PERSON, World, bank, tax_id, until, whole};

/// How many look-ups of a payer are let through at once.
async fn admitted(replica: &Antiscan, payer: &str, at_most: usize) -> usize {
    for count in 0..at_most {
        match replica.admit(bank(), &tax_id(payer), KeyType::Phone).await {
            Ok(admission) => admission.settle(Some(Outcome::Found)).await,
            Err(_) => return count,
        }
    }
    at_most
}

async fn gone(redis: &Redis) {
    until("Redis is known to be gone", async || !redis.is_connected()).await;
}

async fn back(redis: &Redis) {
    until("Redis is there again", async || redis.ping().await.is_ok()).await;
}

fn is_unavailable<T>(outcome: Result<T, NotAdmitted>) -> bool {
    matches!(outcome, Err(NotAdmitted::Unavailable { .. }))
}

#[tokio::test]
async fn without_any_store_nothing_is_sent() {
    let mut world = World::create().await;
    let redis = world.redis().await;
    let replica = world.replica_over(Arc::new(RedisBuckets::new(redis.clone(), LONG)), None, Category::A);
    assert_eq!(admitted(&replica, PERSON, 3).await, 3);
    world.redis.kill();
    gone(&redis).await;
    for _ in 0..3 {
        assert!(is_unavailable(replica.admit(bank(), &tax_id(COMPANY), KeyType::Phone).await));
        world.clock.advance(TimeDelta::seconds(60));
    }
}

#[tokio::test]
async fn redis_killed_in_the_middle_leads_to_postgresql_where_buckets_start_empty() {
    let mut world = World::create().await;
    let redis = world.redis().await;
    let first = Arc::new(RedisBuckets::new(redis.clone(), LONG));
    let replica = world.replica_over(first, Some(world.buckets(In::Postgres).await), Category::A);
    assert_eq!(admitted(&replica, PERSON, 100).await, 100);
    world.redis.kill();
    gone(&redis).await;
    assert!(is_unavailable(replica.admit(bank(), &tax_id(COMPANY), KeyType::Phone).await), "a moment is waited");
    world.clock.advance(TimeDelta::seconds(3));
    assert_eq!(admitted(&replica, COMPANY, 5).await, 1, "a company gets a token in three seconds");
    assert_eq!(admitted(&replica, PERSON, 5).await, 0, "nobody knows what this person has left: none");
    world.clock.advance(TimeDelta::seconds(27));
    assert_eq!(admitted(&replica, PERSON, 5).await, 1, "a person gets one in thirty");
    world.clock.advance(TimeDelta::minutes(1));
    assert_eq!(admitted(&replica, PERSON, 5).await, 2);

    world.redis.restart().await;
    back(&redis).await;
    assert_eq!(admitted(&replica, PERSON, 5).await, 0, "what it held is gone, so it starts without tokens");
    assert_eq!(admitted(&replica, COMPANY, 5).await, 0);
    world.clock.advance(TimeDelta::seconds(30));
    assert_eq!(admitted(&replica, PERSON, 5).await, 1);
    let other = world.replica(In::Redis, Category::A).await;
    let level = other.user_level(&tax_id(COMPANY), KeyType::Phone).await.unwrap();
    assert_eq!(whole(level), 10, "another replica hears of it by Redis itself");
}

#[tokio::test]
async fn a_redis_that_lost_its_memory_unnoticed_does_not_fill_the_buckets() {
    let mut world = World::create().await;
    let redis = world.redis().await;
    let replica = world.replica_over(Arc::new(RedisBuckets::new(redis.clone(), LONG)), None, Category::A);
    assert_eq!(admitted(&replica, PERSON, 100).await, 100);
    world.redis.restart().await;
    back(&redis).await;
    assert_eq!(admitted(&replica, PERSON, 5).await, 0);
    world.clock.advance(TimeDelta::hours(1));
    assert_eq!(admitted(&replica, PERSON, 100).await, 100, "it filled since");
}

#[tokio::test]
async fn a_redis_that_hangs_is_not_waited_for() {
    let world = World::create().await;
    let redis = world.redis().await;
    let deadline = Duration::from_millis(50);
    let first = Arc::new(RedisBuckets::new(redis.clone(), deadline));
    let replica = world.replica_over(first, Some(world.buckets(In::Postgres).await), Category::A);
    world.redis.pause();
    assert!(is_unavailable(replica.admit(bank(), &tax_id(PERSON), KeyType::Phone).await));
    world.clock.advance(TimeDelta::seconds(60));
    assert_eq!(admitted(&replica, PERSON, 5).await, 2, "PostgreSQL, with what came in the minute");
    world.redis.resume();
    back(&redis).await;
    // What the paused Redis was asked before took effect when it went on: it was charged, never given.
    let level = replica.user_level(&tax_id(PERSON), KeyType::Phone).await.unwrap();
    assert!(whole(level) <= 0, "{level:?}");
}

#[tokio::test]
async fn postgresql_gone_as_well_means_unavailable() {
    let mut world = World::create().await;
    let redis = world.redis().await;
    let first = Arc::new(RedisBuckets::new(redis.clone(), LONG));
    let replica = world.replica_over(first, Some(world.buckets(In::Postgres).await), Category::A);
    world.redis.kill();
    gone(&redis).await;
    assert!(is_unavailable(replica.admit(bank(), &tax_id(PERSON), KeyType::Phone).await));
    world.clock.advance(TimeDelta::minutes(5));
    world.store.pool.close();
    assert!(is_unavailable(replica.admit(bank(), &tax_id(PERSON), KeyType::Phone).await));
}
