//! What the stores hold: foreign values, writes that come late, privileges, clean-up.

use chrono::TimeDelta;
use gateway::domain::entry::{Level, Origin};
use platform::clock::Clock;
use platform::postgres::Role;

use super::{LONG, World, key};

#[tokio::test]
async fn what_is_no_value_of_ours_is_an_error_and_a_miss_and_is_replaced() {
    let world = World::create().await;
    let writer = world.node().await;
    let entry = world.entry(r#"{"fob":"1"}"#);
    writer.ask(&key(1), &entry).await;
    writer.ask(&key(2), &world.entry(r#"{"fob":"2"}"#)).await;
    writer.settle().await;
    let (mine, other) = (key(1).to_string(), key(2).to_string());
    let good: Vec<u8> = writer.redis(&[b"GET", mine.as_bytes()]).await;
    let anothers: Vec<u8> = writer.redis(&[b"GET", other.as_bytes()]).await;
    let mut flipped = good.clone();
    *flipped.last_mut().unwrap() ^= 1;
    // One that claims to have been fetched days later must not keep ours out.
    let mut later = good.clone();
    later[11] ^= 1;
    for bad in [&b"{\"fob\":\"9\"}"[..], b"", b"bgc1", &good[..20], &flipped, &later, &anothers] {
        writer.redis::<()>(&[b"SET", mine.as_bytes(), bad]).await;
        let reader = world.node().await;
        assert_eq!(reader.ask(&key(1), &world.entry("none")).await, (entry.clone(), Origin::Hit(Level::L3)), "{bad:?}");
        let absent = if bad.is_empty() { 0.0 } else { 1.0 };
        assert_eq!(reader.of_level("errors_total", Level::L2), absent, "{bad:?}");
        assert_eq!(reader.of_level("misses_total", Level::L2), 1.0, "{bad:?}");
        reader.settle().await;
        assert_eq!(reader.redis::<Vec<u8>>(&[b"GET", mine.as_bytes()]).await, good, "put right again");
    }
    writer.redis::<()>(&[b"DEL", mine.as_bytes()]).await;
    writer.redis::<()>(&[b"LPUSH", mine.as_bytes(), b"a list"]).await;
    let reader = world.node().await;
    assert_eq!(reader.ask(&key(1), &world.entry("none")).await, (entry, Origin::Hit(Level::L3)));
    reader.settle().await;
    assert_eq!(reader.redis::<Vec<u8>>(&[b"GET", mine.as_bytes()]).await, good);
}

#[tokio::test]
async fn what_was_fetched_earlier_and_written_later_replaces_nothing() {
    let world = World::create().await;
    let late = world.node().await;
    let older = world.entry("older");
    world.clock.advance(TimeDelta::seconds(1));
    let newer = world.entry("newer");
    let prompt = world.node().await;
    prompt.ask(&key(1), &newer).await;
    prompt.settle().await;
    // The other's look-up began before: it finds nothing, and its answer is written only now.
    let (text, everything): (String, &[u8]) = (key(1).to_string(), b"FLUSHALL");
    let value: Vec<u8> = late.redis(&[b"GET", text.as_bytes()]).await;
    let client = world.database.connect(Role::MigrationAdmin).await;
    client.batch_execute("ALTER TABLE gateway.comexstat_cache RENAME TO hidden").await.unwrap();
    late.redis::<()>(&[everything]).await;
    let entry = older.clone();
    let restoring = async {
        late.redis::<()>(&[b"SET", text.as_bytes(), &value]).await;
        client.batch_execute("ALTER TABLE gateway.hidden RENAME TO comexstat_cache").await.unwrap();
        Ok(entry)
    };
    // Both are done within the fetch, so the look-up is past both levels when they come back.
    let (restored, fetch) = tokio::sync::oneshot::channel();
    let question = key(1);
    let asked = late.cascade.get_or_fetch(&question, async { fetch.await.unwrap() });
    let ((), asked) = tokio::join!(
        async {
            super::until("it looked into both", async || late.of_level("misses_total", Level::L3) == 1.0).await;
            restored.send(restoring.await).unwrap();
        },
        asked
    );
    assert_eq!(asked.unwrap(), (older, Origin::Miss));
    late.settle().await;
    assert_eq!(world.node().await.ask(&key(1), &world.entry("")).await, (newer.clone(), Origin::Hit(Level::L2)));
    late.redis::<()>(&[everything]).await;
    assert_eq!(world.node().await.ask(&key(1), &world.entry("")).await, (newer, Origin::Hit(Level::L3)));
}

#[tokio::test]
async fn only_the_clean_up_deletes_and_only_what_is_over() {
    let world = World::create().await;
    let node = world.node().await;
    for number in 0..20 {
        let mut entry = world.entry("one");
        entry.keep_until = entry.fresh_until + TimeDelta::minutes(i64::try_from(number).unwrap());
        node.ask(&key(number), &entry).await;
    }
    node.settle().await;
    let app = world.database.connect(Role::AppRw).await;
    let audit = world.database.connect(Role::ReadonlyAudit).await;
    let rows = "SELECT count(*) FROM gateway.comexstat_cache";
    assert_eq!(audit.query_one(rows, &[]).await.unwrap().get::<_, i64>(0), 20);
    for (who, statement) in [
        (&app, "DELETE FROM gateway.comexstat_cache"),
        (&app, "TRUNCATE gateway.comexstat_cache"),
        (&audit, "DELETE FROM gateway.comexstat_cache"),
        (&audit, "UPDATE gateway.comexstat_cache SET body = ''"),
        (&audit, "SELECT gateway.cleanup_expired_cache(now(), 10)"),
        (&audit, "SELECT gateway.cleanup_oversized_cache(0, 10)"),
        (&audit, "SELECT gateway.cleanup_connector_cache('comexstat')"),
    ] {
        let error = who.batch_execute(statement).await.unwrap_err();
        assert_eq!(error.code().unwrap().code(), "42501", "{statement}");
    }
    world.clock.advance(TimeDelta::minutes(15));
    assert_eq!(node.cascade.cleanup(world.clock.now()).await.unwrap(), 10);
    assert_eq!(node.cascade.cleanup(world.clock.now()).await.unwrap(), 0);
    let few = "SELECT gateway.cleanup_expired_cache('2999-01-01', 3)";
    assert_eq!(app.query_one(few, &[]).await.unwrap().get::<_, i64>(0), 3);
    for (of, expected) in [("'restcountries'", 0), ("'comexstat', 'importacao'", 0), ("'comexstat', 'exportacao'", 7)] {
        let statement = format!("SELECT gateway.cleanup_connector_cache({of})");
        assert_eq!(app.query_one(&statement, &[]).await.unwrap().get::<_, i64>(0), expected, "{of}");
    }
}

#[tokio::test]
async fn the_clean_up_leaves_no_more_than_the_table_may_hold_and_the_oldest_go_first() {
    let world = World::create().await;
    // Room for three bodies and what their rows take besides.
    let node = world.node_of(LONG, 3 * 110_000).await;
    let body = "x".repeat(100_000);
    for number in 0..10 {
        world.clock.advance(TimeDelta::seconds(1));
        node.ask(&key(number), &world.entry(&body)).await;
    }
    let large = world.entry(&"x".repeat((8 << 20) + 1));
    node.ask(&key(10), &large).await;
    node.settle().await;
    let app = world.database.connect(Role::AppRw).await;
    let held = async || {
        let rows = app.query("SELECT cache_key FROM gateway.comexstat_cache ORDER BY fetched_at", &[]).await.unwrap();
        rows.iter().map(|row| row.get::<_, String>(0)).collect::<Vec<_>>()
    };
    assert_eq!(held().await, (0..10).map(|number| key(number).to_string()).collect::<Vec<_>>(), "the large one is not");
    let two = "SELECT gateway.cleanup_oversized_cache(0, 2)";
    assert_eq!(app.query_one(two, &[]).await.unwrap().get::<_, i64>(0), 2);
    // In a task, as the server has it.
    let (cascade, now) = (std::sync::Arc::clone(&node.cascade), world.clock.now());
    assert_eq!(tokio::spawn(async move { cascade.cleanup(now).await.unwrap() }).await.unwrap(), 5);
    assert_eq!(held().await, [7, 8, 9].map(|number| key(number).to_string()));
    assert_eq!(node.cascade.cleanup(world.clock.now()).await.unwrap(), 0);
    assert_eq!(node.ask(&key(9), &large).await.1, Origin::Hit(Level::L1));
}
