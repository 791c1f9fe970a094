//! The pool on a real database: its bounds, and what it says of itself.

use std::time::Duration;

use platform::postgres::Role;
use platform::postgres::pool::{PoolError, PoolOptions, QueryMetrics, build, describe, register_pool, warm};
use platform::postgres::settings::PoolSize;
use platform::telemetry::metrics::Metrics;
use testkit::TestDatabase;

const SIZE: PoolSize = PoolSize { min_connections: 1, max_connections: 2 };

#[tokio::test]
async fn waits_and_statements_end_in_time() {
    let database = TestDatabase::create(&[]).await;
    let mut options = PoolOptions::new(SIZE, "bgc-test");
    options.wait = Duration::from_millis(50);
    options.statement_timeout = Duration::from_millis(50);
    let pool = build(&database.target(Role::AppRw), &options).unwrap();
    warm(&pool, SIZE.min_connections).await.unwrap();
    assert_eq!(pool.status().size, 1);

    let first = pool.get().await.unwrap();
    let _second = pool.get().await.unwrap();
    assert!(matches!(pool.get().await, Err(PoolError::Timeout(_))));
    let slow = first.batch_execute("SELECT pg_sleep(10)").await.unwrap_err();
    assert_eq!(slow.code(), Some(&tokio_postgres::error::SqlState::QUERY_CANCELED));
    let name: String = first.query_one("SHOW application_name", &[]).await.unwrap().get(0);
    assert_eq!(name, "bgc-test");
}

#[tokio::test]
async fn a_connection_that_the_server_ended_is_replaced() {
    let database = TestDatabase::create(&[]).await;
    let pool = build(&database.target(Role::AppRw), &PoolOptions::new(SIZE, "bgc-test")).unwrap();
    let client = pool.get().await.unwrap();
    assert!(client.batch_execute("SELECT pg_terminate_backend(pg_backend_pid())").await.is_err());
    // The driver notices the end a moment after the statement has failed.
    while !client.is_closed() {
        tokio::task::yield_now().await;
    }
    drop(client);
    pool.get().await.unwrap().batch_execute("SELECT 1").await.unwrap();
}

#[tokio::test]
async fn durations_and_connections_are_metrics() {
    let database = TestDatabase::create(&[]).await;
    let pool = build(&database.target(Role::AppRw), &PoolOptions::new(SIZE, "bgc-test")).unwrap();
    let metrics = Metrics::new();
    let queries = metrics.register(QueryMetrics::register);
    metrics.register(|registry| register_pool(registry, &pool));
    let client = pool.get().await.unwrap();
    let row = queries.timed("select_one", client.query_one("SELECT 1", &[])).await.unwrap();
    assert_eq!(row.get::<_, i32>(0), 1);
    let text = metrics.open_metrics().unwrap();
    for line in [
        "bgc_query_duration_seconds_count{query_type=\"select_one\"} 1",
        "bgc_db_pool_connections{state=\"used\"} 1",
        "bgc_db_pool_connections{state=\"idle\"} 0",
        "bgc_db_pool_waiting 0",
        "bgc_db_pool_max_connections 2",
    ] {
        assert!(text.lines().any(|found| found == line), "no `{line}` in:\n{text}");
    }
}

#[tokio::test]
async fn a_refusal_says_what_the_server_said() {
    let database = TestDatabase::create(&[]).await;
    let mut config = database.config(Role::AppRw);
    config.dbname("not_there");
    let target = platform::postgres::target::Target::plain(config);
    let pool = build(&target, &PoolOptions::new(SIZE, "bgc-test")).unwrap();
    let message = describe(&warm(&pool, 1).await.unwrap_err());
    assert!(message.contains("not_there") && message.contains("3D000"), "{message}");
}
