//! Levels that die, hang and return while many ask: nothing fails, nothing is wrong, and the levels are used again.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use gateway::cache::Deadlines;
use gateway::domain::entry::{Entry, Level, Origin};
use platform::postgres::target::Target;

use super::{Count, Node, PATIENCE, World, key, until};

const KEYS: usize = 40;
const ASKERS: usize = 8;

/// Deadlines short enough to be met by a hang, long enough for a busy machine not to meet them by itself often.
const SHORT: Deadlines = Deadlines {
    shared: Duration::from_millis(100),
    table: Duration::from_millis(250),
    write: Duration::from_millis(500),
};

/// People who ask for every key in turn, and forget what memory holds so that the other levels are asked.
struct Load {
    stop: Arc<AtomicBool>,
    answered: Count,
    askers: Vec<tokio::task::JoinHandle<Duration>>,
}

impl Load {
    fn start(world: &World, node: &Arc<Node>) -> Self {
        let (stop, answered) = (Arc::new(AtomicBool::new(false)), Count::default());
        let askers = (0..ASKERS).map(|asker| {
            let (node, stop, answered, entry) =
                (Arc::clone(node), Arc::clone(&stop), answered.clone(), world.entry(""));
            tokio::spawn(async move {
                let mut longest = Duration::ZERO;
                for number in (asker..).map(|number| number % KEYS) {
                    if stop.load(Ordering::Relaxed) {
                        break;
                    }
                    let body = format!("answer {number}");
                    let entry = Entry { body: Bytes::from(body.clone()), ..entry.clone() };
                    let began = Instant::now();
                    let (found, _) = node.cascade.get_or_fetch(&key(number), async { Ok(entry) }).await.unwrap();
                    longest = longest.max(began.elapsed());
                    assert_eq!(&found.body[..], body.as_bytes());
                    answered.one_more();
                    if number % 10 == 0 {
                        node.cascade.forget_memory();
                    }
                }
                longest
            })
        });
        let askers = askers.collect();
        Self { stop, answered, askers }
    }

    /// Waits until another `count` questions were answered.
    async fn goes_on(&self, count: usize) {
        let before = self.answered.so_far();
        until("questions are answered", async || self.answered.so_far() >= before + count).await;
    }

    /// The longest that anybody waited.
    async fn end(self) -> Duration {
        self.stop.store(true, Ordering::Relaxed);
        let mut longest = Duration::ZERO;
        for asker in self.askers {
            longest = longest.max(asker.await.unwrap());
        }
        longest
    }
}

/// Waits until a level answers again.
async fn is_used(node: &Node, level: Level) {
    let before = node.of_level("hits_total", level);
    until("the level is used again", async || node.of_level("hits_total", level) > before).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn redis_dies_hangs_and_returns_under_load() {
    let mut world = World::create().await;
    let node = Arc::new(world.node_with(SHORT).await);
    let load = Load::start(&world, &node);
    is_used(&node, Level::L2).await;
    world.redis.kill();
    load.goes_on(500).await;
    world.redis.restart().await;
    is_used(&node, Level::L2).await;
    world.redis.pause();
    load.goes_on(500).await;
    world.redis.resume();
    is_used(&node, Level::L2).await;
    let longest = load.end().await;
    assert!(longest < Duration::from_secs(5), "{longest:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn postgresql_goes_hangs_and_returns_under_load() {
    let world = World::create().await;
    let node = Arc::new(world.node_with(SHORT).await);
    let load = Load::start(&world, &node);
    // Without Redis's answers the table is asked.
    let flush = async || node.redis::<()>(&[b"FLUSHALL"]).await;
    let table_is_used = async || {
        let before = node.of_level("hits_total", Level::L3);
        until("the table is used", async || {
            flush().await;
            node.of_level("hits_total", Level::L3) > before
        })
        .await;
    };
    table_is_used().await;
    // A database cannot be closed from within.
    let mut config = world.database.superuser_config();
    let outside = Target::plain(config.dbname("postgres").clone()).connect().await.unwrap();
    let name = world.database.name();
    let end = format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'");
    outside.batch_execute(&format!("ALTER DATABASE {name} ALLOW_CONNECTIONS false; {end}")).await.unwrap();
    flush().await;
    load.goes_on(500).await;
    outside.batch_execute(&format!("ALTER DATABASE {name} ALLOW_CONNECTIONS true")).await.unwrap();
    table_is_used().await;
    let superuser = Target::plain(world.database.superuser_config()).connect().await.unwrap();
    superuser.batch_execute("BEGIN; LOCK TABLE gateway.comexstat_cache").await.unwrap();
    flush().await;
    load.goes_on(500).await;
    superuser.batch_execute("COMMIT").await.unwrap();
    table_is_used().await;
    let longest = load.end().await;
    assert!(longest < Duration::from_secs(5), "{longest:?}");
}

#[tokio::test]
async fn a_level_that_hangs_costs_nothing_after_a_few_calls() {
    let world = World::create().await;
    let node = world.node_with(SHORT).await;
    world.redis.pause();
    let began = Instant::now();
    let mut number = 0;
    loop {
        let asked = Instant::now();
        number += 1;
        assert_eq!(node.ask(&key(number), &world.entry("one")).await.1, Origin::Miss);
        if number > 4 && asked.elapsed() < SHORT.shared / 2 {
            break;
        }
        assert!(began.elapsed() < PATIENCE, "every call waits for Redis");
    }
    assert!(node.of_level("errors_total", Level::L2) >= 3.0);
    world.redis.resume();
}

#[tokio::test]
async fn a_cache_without_its_stores_is_a_cache() {
    let mut world = World::create().await;
    let node = world.node_with(SHORT).await;
    world.redis.kill();
    world
        .database
        .connect(platform::postgres::Role::MigrationAdmin)
        .await
        .batch_execute("DROP TABLE gateway.comexstat_cache")
        .await
        .unwrap();
    let entry = world.entry("one");
    assert_eq!(node.ask(&key(1), &entry).await, (entry.clone(), Origin::Miss));
    assert_eq!(node.ask(&key(1), &entry).await, (entry, Origin::Hit(Level::L1)));
    assert!(node.of_level("errors_total", Level::L3) >= 1.0);
}

#[tokio::test]
async fn a_level_that_is_left_alone_is_asked_all_the_same_when_the_source_fails() {
    let world = World::create().await;
    let (writer, node) = (world.node().await, world.node_with(SHORT).await);
    let kept = world.entry("kept");
    writer.ask(&key(0), &kept).await;
    writer.settle().await;
    world.redis.pause();
    for number in 1..=4 {
        node.ask(&key(number), &world.entry("other")).await;
    }
    let owner = world.database.connect(platform::postgres::Role::MigrationAdmin).await;
    owner.batch_execute("DELETE FROM gateway.comexstat_cache").await.unwrap();
    world.redis.resume();
    let (found, _) = node.ask_failing(&key(0)).await.unwrap();
    assert_eq!(found, kept);
}
