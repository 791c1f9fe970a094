//! The roles and the database of a private cluster. Done at every start: what is there already stays.

use tokio_postgres::{Client, NoTls};

use super::{Cluster, ClusterError, DATABASE};
use crate::postgres::Role;

/// Creates what is missing: the roles, the product's database, and closes both to everybody else.
pub(super) async fn run(cluster: &Cluster) -> Result<(), ClusterError> {
    let admin = connect(cluster, "postgres").await?;
    let mut script = String::new();
    for role in Role::ALL {
        let name = role.name();
        script.push_str(&format!(
            "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{name}') THEN CREATE ROLE {name}; END IF; END $$;\n\
             ALTER ROLE {name} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;\n"
        ));
    }
    script.push_str("REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC;\n");
    execute(&admin, "the roles", &script).await?;
    let exists = admin
        .query_opt("SELECT 1 FROM pg_database WHERE datname = $1", &[&DATABASE])
        .await
        .map_err(|source| failed("the database", source))?;
    if exists.is_none() {
        return create_database(cluster, DATABASE, None).await;
    }
    // A start that was killed between creating the database and closing it is completed here.
    close(cluster, &admin, DATABASE).await
}

/// See [`Cluster::create_database`].
pub(super) async fn create_database(cluster: &Cluster, name: &str, template: Option<&str>) -> Result<(), ClusterError> {
    let admin = connect(cluster, "postgres").await?;
    let source = quoted(template.unwrap_or("template0"));
    let statement = format!("CREATE DATABASE {} OWNER {} TEMPLATE {source}", quoted(name), Role::MigrationAdmin.name());
    execute(&admin, "the database", &statement).await?;
    close(cluster, &admin, name).await
}

/// Lets the three roles into a database and nobody else, and lets nobody create objects in `public`.
/// Privileges on a database are not copied from its template.
async fn close(cluster: &Cluster, admin: &Client, name: &str) -> Result<(), ClusterError> {
    let database = quoted(name);
    let roles = Role::ALL.map(Role::name).join(", ");
    let privileges =
        format!("REVOKE ALL ON DATABASE {database} FROM PUBLIC; GRANT CONNECT ON DATABASE {database} TO {roles};");
    execute(admin, "the database's privileges", &privileges).await?;
    let inside = connect(cluster, name).await?;
    execute(&inside, "the schema's privileges", "REVOKE ALL ON SCHEMA public FROM PUBLIC;").await
}

/// Connects as the superuser. The connection ends when the client is dropped.
async fn connect(cluster: &Cluster, database: &str) -> Result<Client, ClusterError> {
    let (client, connection) =
        cluster.superuser_config(database).connect(NoTls).await.map_err(|source| failed("a connection", source))?;
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(%error, "a connection that set up the cluster ended with an error");
        }
    });
    Ok(client)
}

async fn execute(client: &Client, what: &str, sql: &str) -> Result<(), ClusterError> {
    client.batch_execute(sql).await.map_err(|source| failed(what, source))
}

fn failed(what: &str, source: tokio_postgres::Error) -> ClusterError {
    ClusterError::Bootstrap { what: what.to_owned(), source }
}

/// A name as an SQL identifier.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
