//! Who may use a data directory's PostgreSQL, and whose it is.

use std::time::Duration;

use platform::postgres::Role;
use platform::postgres::access::{Access, AccessError, open};
use platform::postgres::cluster::ClusterOptions;
use platform::postgres::lock::{Attempt, DirectoryLock, Kind};
use testkit::TempDir;

use crate::options;

const PATIENCE: Duration = Duration::from_secs(30);

fn silent(text: &str) {
    panic!("nothing to wait for, yet: {text}");
}

#[tokio::test]
async fn a_second_up_is_refused_and_a_command_borrows_from_the_first() {
    let dir = TempDir::new("up");
    let options = options(dir.path());
    let up = open(&options, Kind::Up, PATIENCE, silent).await.unwrap();
    let refused = open(&options, Kind::Up, PATIENCE, silent).await.unwrap_err();
    assert!(matches!(refused, AccessError::AlreadyUp { pid, .. } if pid == std::process::id()));
    assert!(refused.to_string().contains(&std::process::id().to_string()), "{refused}");

    let command = open(&options, Kind::Command, PATIENCE, silent).await.unwrap();
    assert!(matches!(command, Access::Borrowed { .. }));
    drop(command.config(Role::AppRw).connect(tokio_postgres::NoTls).await.unwrap());
    command.close().await;
    // Closing what is borrowed leaves it running.
    drop(up.config(Role::AppRw).connect(tokio_postgres::NoTls).await.unwrap());
    up.close().await;

    let alone = open(&options, Kind::Command, PATIENCE, silent).await.unwrap();
    assert!(matches!(alone, Access::Owned { .. }));
    alone.close().await;
}

#[tokio::test]
async fn a_command_waits_for_another_one_within_bounds() {
    let dir = TempDir::new("wait");
    let options = options(dir.path());
    let Attempt::Taken(other) = DirectoryLock::try_take(dir.path(), Kind::Command).unwrap() else { panic!("free") };
    let mut told = Vec::new();
    let busy = open(&options, Kind::Command, Duration::from_millis(900), |text| told.push(text.to_owned())).await;
    assert!(matches!(busy, Err(AccessError::Busy { .. })));
    assert_eq!(told.len(), 1, "{told:?}");

    let release = async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        drop(other);
    };
    let (opened, ()) = tokio::join!(open(&options, Kind::Command, PATIENCE, |_| {}), release);
    opened.unwrap().close().await;
}

/// The directory that the child process below opens.
const CHILD_DIR: &str = "BGC_TEST_CHILD_DIR";

#[tokio::test]
#[ignore = "the child process of the test below, not a test"]
async fn child_that_runs_until_it_is_killed() {
    let Some(dir) = std::env::var_os(CHILD_DIR) else { return };
    let up = open(&ClusterOptions::new(dir), Kind::Up, PATIENCE, silent).await.unwrap();
    tokio::time::sleep(Duration::from_secs(300)).await;
    up.close().await;
}

#[tokio::test]
async fn after_a_kill_of_up_its_server_ends_and_the_next_one_finds_all_that_was_committed() {
    let dir = TempDir::new("killed");
    let options = ClusterOptions::new(dir.path());
    let mut child = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "access::child_that_runs_until_it_is_killed", "--ignored"])
        .env(CHILD_DIR, dir.path())
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let borrowed = loop {
        // Until the child has the lock, it is free: look without taking it.
        if dir.join("bgc.lock").exists() && dir.join("postgres/data").exists() {
            break open(&options, Kind::Command, Duration::from_secs(120), |_| {}).await.unwrap();
        }
        assert!(child.try_wait().unwrap().is_none(), "the child ended early");
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    assert!(matches!(borrowed, Access::Borrowed { owner_pid, .. } if owner_pid == child.id()));
    let client = borrowed.target(Role::MigrationAdmin).connect().await.unwrap();
    client
        .batch_execute("CREATE SCHEMA demo; CREATE TABLE demo.kept AS SELECT generate_series(1, 1000)")
        .await
        .unwrap();
    child.kill().unwrap();
    child.wait().unwrap();

    let next = open(&options, Kind::Up, Duration::from_secs(120), |_| {}).await.unwrap();
    assert!(matches!(next, Access::Owned { .. }));
    let client = next.target(Role::MigrationAdmin).connect().await.unwrap();
    let rows: i64 = client.query_one("SELECT count(*) FROM demo.kept", &[]).await.unwrap().get(0);
    assert_eq!(rows, 1000);
    next.close().await;
}
