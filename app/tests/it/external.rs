//! A PostgreSQL that somebody else runs, by `DATABASE_URL`.

use std::process::Command;

use platform::postgres::Role;
use testkit::{TempDir, TestDatabase};
use tokio_postgres::config::Host;

use crate::client::sugar;
use crate::harness::{Server, bgc, stderr};

/// How a role connects, as libpq's text.
fn url(database: &TestDatabase, role: Role) -> String {
    let config = database.config(role);
    let Some(Host::Unix(socket_dir)) = config.get_hosts().first() else { panic!("the test server has a socket") };
    format!("host={} user={} dbname={}", socket_dir.display(), role.name(), database.name())
}

fn output(command: &mut Command) -> (Option<i32>, String, String) {
    let output = command.output().unwrap();
    (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned(), stderr(&output))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_external_database_is_migrated_only_by_who_may() {
    let database = TestDatabase::create(&[]).await;
    let (app, migration) = (url(&database, Role::AppRw), url(&database, Role::MigrationAdmin));
    let dir = TempDir::new("external");
    let data_dir = dir.join("data");
    let as_app = |arguments: &[&str]| output(bgc(&data_dir).env("DATABASE_URL", &app).args(arguments));
    let as_both = |arguments: &[&str]| {
        output(bgc(&data_dir).env("DATABASE_URL", &app).env("MIGRATION_DATABASE_URL", &migration).args(arguments))
    };
    for arguments in [["up"].as_slice(), &["ingest", "sample"], &["migrate", "--check"]] {
        let (code, _, told) = as_app(arguments);
        assert!(code == Some(1) && told.contains("migrat"), "{arguments:?}: {told}");
    }
    let (code, _, told) = as_app(&["migrate"]);
    assert!(code == Some(1) && told.contains("MIGRATION_DATABASE_URL is not set"), "{told}");
    let (code, told, _) = as_app(&["migrate", "status"]);
    assert!(code == Some(0) && told.contains("trade 0001 facts_reports_tables not applied"), "{told}");
    let (code, told, error) = as_both(&["migrate"]);
    assert!(code == Some(0) && told.contains("trade 0001 facts_reports_tables 2"), "{told}{error}");
    assert_eq!(as_app(&["migrate", "--check"]).0, Some(0));
    let (code, _, told) = as_app(&["ingest", "sample"]);
    assert_eq!(code, Some(0), "{told}");
    assert!(!data_dir.join("postgres").exists(), "no private server was made");
    // Servers that share a database share the key that its personal data is sealed under.
    let master_key = ("DICT_MASTER_KEY", "5e".repeat(32));
    let master_key = (master_key.0, master_key.1.as_str());
    let server = Server::up_with(&data_dir, true, &[("DATABASE_URL", &app), master_key]);
    assert_eq!(sugar(&server.http).json()["destinations"].as_array().unwrap().len(), 10);
    // A replica with a cube of its own, made from the store.
    let replica = Server::up_with(
        &dir.join("replica"),
        false,
        &[("DATABASE_URL", &app), ("MIGRATION_DATABASE_URL", &migration), master_key],
    );
    assert_eq!(sugar(&replica.http).header("etag"), sugar(&server.http).header("etag"));
    assert_eq!(replica.stop("TERM").code(), Some(0));
    assert_eq!(server.stop("TERM").code(), Some(0));
}

#[test]
fn a_database_that_does_not_answer_is_told_without_its_password() {
    let dir = TempDir::new("unreachable");
    let mut command = bgc(&dir.join("data"));
    command.env("DATABASE_URL", "postgres://app_rw:s3cret@127.0.0.1:1/bgc").args(["simulate", "17011400"]);
    let (code, _, told) = output(&mut command);
    assert!(code == Some(1) && !told.contains("s3cret"), "{told}");
    assert!(told.contains("refused"), "{told}");
    let mut command = bgc(&dir.join("data"));
    command.env("DATABASE_URL", "nonsense s3cret").args(["simulate", "17011400"]);
    let (code, _, told) = output(&mut command);
    assert!(code == Some(1) && !told.contains("s3cret") && told.contains("DATABASE_URL"), "{told}");
}
