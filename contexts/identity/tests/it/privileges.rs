//! Who may do what in the store: least privilege, proven.

use platform::postgres::Role;
use tokio_postgres::error::SqlState;

use crate::world::{EMAIL, PASSWORD, World};

async fn denied(world: &World, role: Role, statements: &[&str]) {
    let client = world.database.connect(role).await;
    for statement in statements {
        let error = client.batch_execute(statement).await.unwrap_err();
        assert_eq!(error.code(), Some(&SqlState::INSUFFICIENT_PRIVILEGE), "{role:?}: {statement}: {error:?}");
    }
}

#[tokio::test]
async fn the_access_log_is_append_only() {
    let world = World::new().await;
    world.sign_up(EMAIL).await;
    let changes = [
        "UPDATE identity.access_log SET actor = 'x'",
        "DELETE FROM identity.access_log",
        "TRUNCATE identity.access_log",
        "SET identity.retention = 'on'; DELETE FROM identity.access_log",
        "ALTER TABLE identity.access_log DISABLE TRIGGER ALL",
        "DROP TABLE identity.access_log",
    ];
    denied(&world, Role::AppRw, &changes).await;
    // Its owner does not change it by mistake either.
    denied(&world, Role::MigrationAdmin, &changes[..3]).await;
    assert_eq!(world.number("SELECT count(*) FROM identity.access_log").await, 1);
    let app = world.database.connect(Role::AppRw).await;
    let insert = "INSERT INTO identity.access_log (at, actor, action, result, credential) VALUES (now(), 'a', 'b', 'ok', 'none')";
    app.batch_execute(insert).await.unwrap();
    // Whoever has the function cannot take out the trace of having used it: thirty days stay.
    app.batch_execute("SELECT identity.forget_access_log(now() + interval '100 years')").await.unwrap();
    assert_eq!(world.text("SELECT actor FROM identity.access_log").await, "a\n");
    denied(&world, Role::AppRw, &changes[1..2]).await;
}

#[tokio::test]
async fn app_rw_owns_nothing_and_removes_no_user() {
    let world = World::new().await;
    world.sign_up(EMAIL).await;
    let statements = [
        "DELETE FROM identity.users",
        "DELETE FROM identity.tenants",
        "UPDATE identity.memberships SET role = 'member'",
        "UPDATE identity.server_secrets SET secret = sha256('x')",
        "DELETE FROM identity.server_secrets",
        "TRUNCATE identity.sessions",
        "CREATE TABLE identity.other (x integer)",
        "ALTER TABLE identity.users ADD COLUMN x integer",
        "SELECT identity.refuse_change()",
    ];
    denied(&world, Role::AppRw, &statements).await;
}

#[tokio::test]
async fn app_rw_changes_no_identity_and_no_secret_of_a_credential() {
    let world = World::new().await;
    world.sign_up(EMAIL).await;
    let statements = [
        "UPDATE identity.users SET email = 'bia@example.com'",
        "UPDATE identity.users SET id = gen_random_uuid()",
        "UPDATE identity.users SET name = 'x'",
        "UPDATE identity.users SET created_at = now()",
        "UPDATE identity.sessions SET user_id = gen_random_uuid()",
        "UPDATE identity.sessions SET token_hash = sha256('x')",
        "UPDATE identity.sessions SET absolute_expires_at = 'infinity'",
        "UPDATE identity.api_keys SET user_id = gen_random_uuid()",
        "UPDATE identity.api_keys SET key_hash = sha256('x')",
        "UPDATE identity.api_keys SET scopes = '{all}'",
        "UPDATE identity.api_keys SET expires_at = NULL",
        "UPDATE identity.password_resets SET expires_at = 'infinity'",
        "UPDATE identity.password_resets SET user_id = gen_random_uuid()",
        "UPDATE identity.attempts SET key_hash = sha256('x')",
        "UPDATE identity.known_addresses SET email_hash = sha256('x')",
    ];
    denied(&world, Role::AppRw, &statements).await;
}

#[tokio::test]
async fn auditors_read_what_happened_and_no_secret() {
    let world = World::new().await;
    world.sign_up(EMAIL).await;
    let secret = [
        "SELECT password_hash FROM identity.users",
        "SELECT * FROM identity.users",
        "SELECT token_hash FROM identity.sessions",
        "SELECT * FROM identity.sessions",
        "SELECT key_hash FROM identity.api_keys",
        "SELECT token_hash FROM identity.password_resets",
        "SELECT secret FROM identity.server_secrets",
        "SELECT key_hash FROM identity.attempts",
        "SELECT * FROM identity.known_addresses",
        "SELECT identity.forget_access_log(now())",
        "UPDATE identity.users SET tier = 'premium'",
        "INSERT INTO identity.tenants (name, created_at) VALUES ('x', now())",
        "DELETE FROM identity.sessions",
        "DELETE FROM identity.access_log",
    ];
    denied(&world, Role::ReadonlyAudit, &secret).await;
    let audit = world.database.connect(Role::ReadonlyAudit).await;
    for open in [
        "SELECT id, email, name, tier, upgrade_requested_at, created_at FROM identity.users",
        "SELECT * FROM identity.tenants, identity.memberships",
        "SELECT id, user_id, created_at, last_used_at, idle_expires_at FROM identity.sessions",
        "SELECT id, user_id, name, prefix, expires_at FROM identity.api_keys",
        "SELECT id, user_id, created_at FROM identity.password_resets",
        "SELECT tries, locked_until FROM identity.attempts",
        "SELECT * FROM identity.access_log",
    ] {
        audit.query(open, &[]).await.unwrap();
    }
}

#[tokio::test]
async fn every_function_has_a_fixed_search_path_and_is_closed_to_everybody() {
    let world = World::new().await;
    let functions = "SELECT p.proname, coalesce(array_to_string(p.proconfig, ' '), ''), \
                     has_function_privilege('readonly_audit', p.oid, 'EXECUTE'), pg_get_userbyid(p.proowner) \
                     FROM pg_proc p WHERE p.pronamespace = 'identity'::regnamespace ORDER BY 1";
    let path = "search_path=pg_catalog, pg_temp|f|migration_admin";
    assert_eq!(world.text(functions).await, format!("forget_access_log|{path}\nrefuse_change|{path}\n"));
    let foreign = "SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'identity'::regnamespace \
                   AND pg_get_userbyid(c.relowner) <> 'migration_admin'";
    assert_eq!(world.text(foreign).await, "");
}

#[tokio::test]
async fn no_secret_is_in_the_store_as_it_is() {
    let world = World::new().await;
    let token = world.sign_up(EMAIL).await;
    let everything = "SELECT query_to_xml('SELECT * FROM identity.' || quote_ident(relname), true, true, '')::text \
                      FROM pg_class WHERE relnamespace = 'identity'::regnamespace AND relkind = 'r'";
    let dump = world.text(everything).await;
    assert!(dump.contains(EMAIL), "{dump}");
    assert!(!dump.contains(&token) && !dump.contains(PASSWORD));
}
