//! Who may use a data directory's PostgreSQL, and whose it is.

use std::time::Duration;

use platform::postgres::Role;
use platform::postgres::access::{Access, AccessError, open};
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
