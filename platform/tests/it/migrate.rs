//! Migrations on a real database.

use platform::postgres::Role;
use platform::postgres::migrate::{MigrateError, Migration, MigrationSet, check, run, status};
use testkit::TestDatabase;

const FIRST: Migration = Migration {
    version: 1,
    name: "create_thing",
    sql: "CREATE SCHEMA demo; CREATE TABLE demo.thing (id int PRIMARY KEY); \
          GRANT USAGE ON SCHEMA demo TO app_rw; GRANT SELECT, INSERT ON demo.thing TO app_rw;",
};
const SECOND: Migration = Migration { version: 2, name: "fill_thing", sql: "INSERT INTO demo.thing VALUES (1), (2);" };
const BROKEN: Migration =
    Migration { version: 2, name: "break", sql: "INSERT INTO demo.thing VALUES (9); SELECT nothing_like_it();" };

const ONE: MigrationSet = MigrationSet { context: "demo", migrations: &[FIRST] };
const TWO: MigrationSet = MigrationSet { context: "demo", migrations: &[FIRST, SECOND] };

#[tokio::test]
async fn they_are_applied_once_and_in_order() {
    let database = TestDatabase::create(&[]).await;
    let admin = database.target(Role::MigrationAdmin);
    assert!(matches!(check(&admin, &[TWO]).await, Err(MigrateError::Pending { pending: 2, version: 1, .. })));
    assert_eq!(run(&admin, &[ONE]).await.unwrap().len(), 1);
    let second = run(&admin, &[TWO]).await.unwrap();
    assert_eq!(second.iter().map(|done| done.version).collect::<Vec<_>>(), [2]);
    assert!(run(&admin, &[TWO]).await.unwrap().is_empty());
    // Start-up checks in the role of the application.
    let app = database.target(Role::AppRw);
    check(&app, &[TWO]).await.unwrap();
    assert!(status(&app, &[TWO]).await.unwrap().iter().all(|migration| migration.applied_at.is_some()));
    let newer = check(&app, &[ONE]).await.unwrap_err();
    assert!(matches!(newer, MigrateError::Newer { version: 2, known: 1, .. }), "{newer}");
}

#[tokio::test]
async fn a_failure_leaves_nothing_and_names_what_failed() {
    let database = TestDatabase::create(&[ONE]).await;
    let set = MigrationSet { context: "demo", migrations: &[FIRST, BROKEN] };
    let error = run(&database.target(Role::MigrationAdmin), &[set]).await.unwrap_err().to_string();
    assert!(error.contains("migration 2 (break) of demo") && error.contains("nothing_like_it"), "{error}");
    let client = database.connect(Role::AppRw).await;
    let rows: i64 = client.query_one("SELECT count(*) FROM demo.thing", &[]).await.unwrap().get(0);
    assert_eq!(rows, 0);
}

#[tokio::test]
async fn an_edited_migration_is_refused() {
    let database = TestDatabase::create(&[ONE]).await;
    const EDITED: Migration = Migration { version: 1, name: "create_thing", sql: "SELECT 1" };
    let set = MigrationSet { context: "demo", migrations: &[EDITED] };
    let error = run(&database.target(Role::MigrationAdmin), &[set]).await.unwrap_err();
    assert!(matches!(error, MigrateError::Drift { version: 1, .. }), "{error}");
}

#[tokio::test]
async fn runners_at_the_same_time_do_the_work_once() {
    let database = TestDatabase::create(&[]).await;
    let admin = database.target(Role::MigrationAdmin);
    let sets = [TWO];
    let runs = tokio::join!(run(&admin, &sets), run(&admin, &sets), run(&admin, &sets));
    let applied = runs.0.unwrap().len() + runs.1.unwrap().len() + runs.2.unwrap().len();
    assert_eq!(applied, 2);
}

#[tokio::test]
async fn the_application_cannot_migrate() {
    let database = TestDatabase::create(&[]).await;
    let error = run(&database.target(Role::AppRw), &[ONE]).await.unwrap_err();
    assert!(matches!(error, MigrateError::Database { .. }), "{error}");
}
