//! The own base under many look-ups at once, and while its database fails.

use std::sync::Arc;

use dict::failure::Failure;

use crate::entries_world::{Wish, account, phone};
use crate::limits::until;
use crate::lookup_world::{DISPLAY, Server, bare, failure, found};

async fn with_keys(count: u32) -> Arc<Server> {
    let server = Server::alone().await;
    for number in 0..count {
        let number_of_account = (number / 4).to_string();
        server.world.registered(Wish::key(phone(number)).to(account("12345678", &number_of_account))).await;
    }
    Arc::new(server)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_at_once_each_gets_its_own_and_they_are_read_together() {
    let server = with_keys(20).await;
    let asking = (0..2_000_u32).map(|number| {
        let server = Arc::clone(&server);
        tokio::spawn(async move {
            // Half of them are not there, and each is asked for many times at once.
            let key = phone(number % 40);
            match server.look_up(DISPLAY, bare(&key)).await {
                Ok(answer) => {
                    assert_eq!(answer.key.unwrap().value, key.value());
                    assert!(number % 40 < 20 && answer.own_base);
                }
                Err(error) => assert!(number % 40 >= 20 && matches!(error, Failure::NotFound("key")), "{error}"),
            }
        })
    });
    for asked in futures_util::future::join_all(asking).await {
        asked.unwrap();
    }
    let statements = server.metric("bgc_query_duration_seconds_count{query_type=\"own_entries\"}");
    assert!((1.0..1_000.0).contains(&statements), "{statements} statements for 2,000 look-ups");
}

#[tokio::test]
async fn connections_that_are_cut_are_made_anew() {
    let server = with_keys(1).await;
    found(server.look_up(DISPLAY, bare(&phone(0))).await);
    let cut = "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity
               WHERE application_name = 'bgc dict look-ups' AND datname = current_database()";
    for _ in 0..3 {
        assert!(server.world.count(cut, &[]).await >= 1);
        found(server.look_up(DISPLAY, bare(&phone(0))).await);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_does_not_answer_is_not_waited_for_and_no_queue_grows_without_end() {
    let server = with_keys(1).await;
    let mut locker = server.world.database.superuser_config().connect(tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(locker.1);
    let lock = locker.0.transaction().await.unwrap();
    lock.batch_execute("LOCK TABLE dict.entries").await.unwrap();
    let asking = (0..6_000).map(|_| {
        let server = Arc::clone(&server);
        tokio::spawn(async move { failure(server.look_up(DISPLAY, bare(&phone(0))).await) })
    });
    for asked in futures_util::future::join_all(asking).await {
        let refused = asked.unwrap();
        assert!(matches!(refused, Failure::Unavailable { what: "postgresql", .. }), "{refused}");
    }
    lock.rollback().await.unwrap();
    until("it answers again", async || server.look_up(DISPLAY, bare(&phone(0))).await.is_ok()).await;
}
