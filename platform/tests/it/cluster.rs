//! A private cluster: started, stopped, killed, found again.

use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use std::time::Duration;

use platform::postgres::Role;
use platform::postgres::cluster::{Cluster, ClusterOptions, process_exists};
use rustix::process::{Pid, Signal, kill_process};
use testkit::TempDir;
use tokio_util::sync::CancellationToken;

use crate::{is_root, options};

/// Runs one statement as the superuser in the product's database.
async fn execute(cluster: &Cluster, sql: &str) {
    let (client, connection) = cluster.superuser_config("bgc").connect(tokio_postgres::NoTls).await.unwrap();
    let driven = tokio::spawn(connection);
    client.batch_execute(sql).await.unwrap();
    drop(client);
    driven.await.unwrap().unwrap();
}

/// The count of rows in a table, as the superuser.
async fn count(cluster: &Cluster, table: &str) -> i64 {
    let (client, connection) = cluster.superuser_config("bgc").connect(tokio_postgres::NoTls).await.unwrap();
    let driven = tokio::spawn(connection);
    let rows = client.query_one(&format!("SELECT count(*) FROM {table}"), &[]).await.unwrap().get(0);
    drop(client);
    driven.await.unwrap().unwrap();
    rows
}

fn kill(pid: u32, signal: Signal) {
    kill_process(Pid::from_raw(i32::try_from(pid).unwrap()).unwrap(), signal).unwrap();
}

#[tokio::test]
async fn it_starts_stops_and_starts_again_with_its_data() {
    let dir = TempDir::new("cluster");
    let cluster = Cluster::start(&options(dir.path())).await.unwrap();
    execute(&cluster, "CREATE TABLE kept (n int); INSERT INTO kept VALUES (1)").await;
    let pid = cluster.process_id();
    cluster.stop().await;
    assert!(!process_exists(pid), "the server is gone when stop() returns");
    let again = Cluster::start(&options(dir.path())).await.unwrap();
    assert_eq!(count(&again, "kept").await, 1);
    again.stop().await;
    assert!(dir.join("postgres.log").metadata().unwrap().len() > 0);
}

#[tokio::test]
async fn nobody_else_can_enter_the_directory_of_the_socket() {
    let dir = TempDir::new("socket");
    let cluster = Cluster::start(&options(dir.path())).await.unwrap();
    let socket_dir = cluster.socket_dir().metadata().unwrap();
    assert_eq!(socket_dir.permissions().mode() & 0o777, 0o700);
    if is_root() {
        assert_ne!(socket_dir.uid(), 0, "PostgreSQL does not run as root");
    }
    cluster.stop().await;
}

#[tokio::test]
async fn what_was_committed_survives_a_kill_of_a_durable_cluster() {
    let dir = TempDir::new("durable");
    let options = ClusterOptions::new(dir.path());
    let cluster = Cluster::start(&options).await.unwrap();
    execute(&cluster, "CREATE TABLE kept AS SELECT * FROM generate_series(1, 1000)").await;
    kill(cluster.process_id(), Signal::KILL);
    let status = tokio::time::timeout(Duration::from_secs(10), cluster.wait_unexpected_exit()).await.unwrap();
    assert!(!status.success());
    cluster.restart().await.unwrap();
    assert_eq!(count(&cluster, "kept").await, 1000);
    cluster.stop().await;
}

#[tokio::test]
async fn a_supervised_server_comes_back_and_a_stopped_one_does_not() {
    let dir = TempDir::new("supervised");
    let cluster = Cluster::start(&options(dir.path())).await.unwrap();
    let first = cluster.process_id();
    let cancel = CancellationToken::new();
    let watched = async {
        kill(first, Signal::KILL);
        while cluster.process_id() == first {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        execute(&cluster, "SELECT 1").await;
        cluster.stop().await;
    };
    let both = async { tokio::join!(cluster.supervise(cancel), watched) };
    tokio::time::timeout(Duration::from_secs(60), both).await.unwrap();
    assert!(!process_exists(cluster.process_id()));
}

#[tokio::test]
async fn a_server_that_a_killed_run_left_is_stopped_first() {
    let dir = TempDir::new("leftover");
    let first = Cluster::start(&options(dir.path())).await.unwrap();
    let left = first.process_id();
    // Neither stopped nor dropped: to the next run it is what a killed run leaves where nothing ends it.
    let second = Cluster::start(&options(dir.path())).await.unwrap();
    assert_ne!(second.process_id(), left);
    assert!(!process_exists(left));
    second.stop().await;
}

#[tokio::test]
async fn a_stale_pid_file_that_names_another_process_harms_nobody() {
    let dir = TempDir::new("stale");
    let cluster = Cluster::start(&options(dir.path())).await.unwrap();
    cluster.stop().await;
    let mut bystander = std::process::Command::new("sleep").arg("60").spawn().unwrap();
    let data = dir.join("postgres/data");
    std::fs::write(data.join("postmaster.pid"), format!("{}\n{}\n0\n5432\n\n\n", bystander.id(), data.display()))
        .unwrap();
    let again = Cluster::start(&options(dir.path())).await;
    assert!(bystander.try_wait().unwrap().is_none(), "the bystander lives");
    bystander.kill().unwrap();
    bystander.wait().unwrap();
    if let Ok(again) = again {
        again.stop().await;
    }
}

#[tokio::test]
async fn an_interrupted_creation_is_begun_again() {
    let dir = TempDir::new("half");
    let cluster = Cluster::start(&options(dir.path())).await.unwrap();
    cluster.stop().await;
    std::fs::rename(dir.join("postgres/data"), dir.join("postgres/data.new")).unwrap();
    let again = Cluster::start(&options(dir.path())).await.unwrap();
    execute(&again, "SELECT 1").await;
    again.stop().await;
    assert!(!dir.join("postgres/data.new").exists());
}

#[tokio::test]
async fn a_long_or_odd_path_gets_its_socket_elsewhere() {
    let dir = TempDir::new("long");
    let deep = dir.join("uma pasta, com vírgula").join("x".repeat(120));
    let cluster = Cluster::start(&options(&deep)).await.unwrap();
    assert!(cluster.socket_dir().as_os_str().len() < 90, "{}", cluster.socket_dir().display());
    assert_eq!(cluster.socket_dir().metadata().unwrap().permissions().mode() & 0o777, 0o700);
    execute(&cluster, "SELECT 1").await;
    let socket_dir = cluster.socket_dir().to_path_buf();
    cluster.stop().await;
    std::fs::remove_dir_all(socket_dir).unwrap();
}

#[tokio::test]
async fn a_directory_that_the_dropped_user_cannot_reach_is_said_and_replaced() {
    if !is_root() {
        return;
    }
    let dir = TempDir::new("closed");
    std::fs::set_permissions(dir.path(), std::fs::Permissions::from_mode(0o700)).unwrap();
    let data_dir = dir.join("inside");
    let cluster = Cluster::start(&options(&data_dir)).await.unwrap();
    let place = std::fs::read_to_string(data_dir.join("postgres.location")).unwrap();
    assert!(place.starts_with("/var/lib/bgc/") && Path::new(&place).join("data").is_dir(), "{place}");
    assert!(cluster.notices()[0].contains(&place));
    execute(&cluster, "CREATE TABLE kept (n int); INSERT INTO kept VALUES (1)").await;
    cluster.stop().await;
    let again = Cluster::start(&options(&data_dir)).await.unwrap();
    assert_eq!(count(&again, "kept").await, 1);
    again.stop().await;
    std::fs::remove_dir_all(&place).unwrap();
}

#[tokio::test]
async fn without_programs_the_message_says_what_to_install_and_nothing_is_left() {
    let dir = TempDir::new("none");
    let mut options = options(&dir.join("data"));
    options.search = platform::postgres::cluster::binaries::Search::default();
    let message = Cluster::start(&options).await.unwrap_err().to_string();
    assert!(message.contains("apt install postgresql"), "{message}");
    assert!(!dir.join("data/postgres").exists());
}

#[tokio::test]
async fn a_wrong_setting_is_answered_with_the_servers_own_words() {
    let dir = TempDir::new("setting");
    let mut options = options(dir.path());
    options.settings.push(("work_mem".into(), "lots".into()));
    let message = Cluster::start(&options).await.unwrap_err().to_string();
    assert!(message.contains("work_mem") && message.contains("lots"), "{message}");
}

#[tokio::test]
async fn the_roles_connect_and_strangers_do_not() {
    let dir = TempDir::new("roles");
    let cluster = Cluster::start(&options(dir.path())).await.unwrap();
    for role in Role::ALL {
        drop(cluster.config(role).connect(tokio_postgres::NoTls).await.unwrap());
    }
    execute(&cluster, "CREATE ROLE stranger LOGIN").await;
    let stranger = cluster.config(Role::AppRw).user("stranger").connect(tokio_postgres::NoTls).await;
    assert!(stranger.is_err());
    cluster.stop().await;
}
