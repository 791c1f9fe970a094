//! Least privilege, before any context adds its own.

use platform::postgres::Role;
use platform::postgres::migrate::{Migration, MigrationSet};
use testkit::TestDatabase;

const DEMO: MigrationSet = MigrationSet {
    context: "demo",
    migrations: &[Migration {
        version: 1,
        name: "create_secret",
        sql: "CREATE SCHEMA demo; CREATE TABLE demo.secret (id int); \
              CREATE FUNCTION demo.act() RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS 'SELECT 1'; \
              GRANT USAGE ON SCHEMA demo TO app_rw;",
    }],
};

/// Statements that neither the application nor an auditor may run.
const FORBIDDEN: [&str; 10] = [
    "CREATE TABLE public.mine (id int)",
    "CREATE SCHEMA mine",
    "CREATE TEMPORARY TABLE mine (id int)",
    "CREATE ROLE mine",
    "CREATE DATABASE mine",
    "ALTER ROLE app_rw SUPERUSER",
    "SET ROLE migration_admin",
    "SELECT * FROM demo.secret",
    "SELECT demo.act()",
    "DELETE FROM platform.schema_migration",
];

#[tokio::test]
async fn the_application_and_auditors_may_do_nothing_that_is_not_granted() {
    let database = TestDatabase::create(&[DEMO]).await;
    for role in [Role::AppRw, Role::ReadonlyAudit] {
        let client = database.connect(role).await;
        for statement in FORBIDDEN {
            let refused = client.batch_execute(statement).await;
            let code = refused.as_ref().err().and_then(tokio_postgres::Error::code).map(|code| code.code().to_owned());
            assert_eq!(code.as_deref(), Some("42501"), "{} may {statement}", role.name());
        }
    }
}

#[tokio::test]
async fn the_owner_is_no_superuser_and_makes_no_roles_or_databases() {
    let database = TestDatabase::create(&[DEMO]).await;
    let client = database.connect(Role::MigrationAdmin).await;
    for statement in ["CREATE ROLE mine", "CREATE DATABASE mine", "COPY demo.secret FROM PROGRAM 'true'"] {
        assert!(client.batch_execute(statement).await.is_err(), "migration_admin may {statement}");
    }
    client.batch_execute("CREATE TABLE demo.more (id int)").await.unwrap();
}
