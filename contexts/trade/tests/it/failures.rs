//! Loads that end in the middle: nothing changes, nothing is left, the next one works.

use std::sync::Arc;
use std::sync::mpsc;
use std::time::Duration;

use platform::postgres::Role;
use testkit::http;
use tokio_postgres::NoTls;
use trade::cube::live::assemble;
use trade::ingest::load::{LoadError, LoadReport};
use trade::ingest::summary::Progress;

use crate::store_world::{CHINA, HEADER, SOY, SUGAR, USA, World, file, row, until};

/// Rows of several chunks, so that the copies have begun long before the last is read.
fn large(year: u16) -> String {
    (0..120_000_i64)
        .fold(HEADER.to_owned(), |text, at| text + &row(year, 1 + (at % 12) as u8, SOY, CHINA, 1 + at % 999))
}

#[tokio::test]
async fn what_an_interrupted_load_left_is_swept_by_the_next() {
    let world = World::new().await;
    world.load(&file(&[(2024, 1, SOY, CHINA, 10)])).await;
    // As a load leaves it that is killed before its end: a filled and summed table, a batch that says loading,
    // and a finished segment.
    let client = world.database.connect(Role::AppRw).await;
    client
        .batch_execute(
            "INSERT INTO stg.ingest_batch (ingest_batch, ingest_source, ingest_at, origin, file_name, replace_mode, outcome) \
             VALUES ('killed', 'comexstat', now(), 'csv', 'x', 'year', 'loading'); \
             SELECT stg.open_staging(2024, nextval('stg.snapshot_version_seq')); \
             INSERT INTO stg.exportacao_2024_v2 (mes, pais, setor, ncm, valor_usd, peso_kg, co_pais, sg_uf, co_via) \
             VALUES (1, 'China', 'Agropecuária', '12019000', 999, 1, 160, 'SP', 1); \
             SELECT stg.seal_staging(2024, 2, 'killed', 'comexstat', now()); \
             SELECT stg.record_totals(2024, 2, ARRAY['China'], ARRAY['X'], ARRAY[1::bigint], ARRAY[1::bigint], ARRAY[1::bigint])",
        )
        .await
        .unwrap();
    let store = world.loader.store.live_state().await.unwrap().store_id;
    let segment = world.loader.cube.segment(&store, 2024, 2);
    copy_directory(&world.loader.cube.segment(&store, 2024, 1), &segment);
    let half = segment.with_file_name(".2024-2.tmp");
    std::fs::create_dir_all(&half).unwrap();
    // Nobody sees any of it.
    assert_eq!(world.get("/metrics/resumo").await["totalUsd"], 10);
    assert_eq!(world.text("SELECT total_usd FROM rpt.mv_resumo_geral").await, "10.00\n");

    let next = world.load(&file(&[(2023, 1, SOY, CHINA, 5)])).await;
    assert_eq!(next.snapshot, 3);
    world.no_leftovers().await;
    let killed = "SELECT outcome, message FROM stg.ingest_batch WHERE ingest_batch = 'killed'";
    assert_eq!(world.text(killed).await, "failed|the load was interrupted\n");
    assert_eq!(world.text("SELECT total_usd FROM rpt.mv_resumo_geral").await, "15.00\n");
    // Once a newer version is live, the segments of the dead one go too.
    world.load(&file(&[(2022, 1, SOY, CHINA, 5)])).await;
    assert!(!segment.exists() && !half.exists());
    world.agrees().await;
}

fn copy_directory(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}

/// Loads `content` and ends the connections that copy, while they do.
async fn load_and_kill_copies(world: &World, content: &str) -> Result<LoadReport, LoadError> {
    let path = world.file("LARGE.csv", content);
    let loading = world.loader.load(world.options(&path), Arc::new(|_| ()));
    let killing = async {
        let (admin, connection) = world.database.superuser_config().connect(NoTls).await.unwrap();
        tokio::spawn(connection);
        let kill = "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity \
                    WHERE datname = current_database() AND application_name = 'trade tests' \
                    AND state = 'active' AND query LIKE 'COPY stg.exportacao%'";
        let began = std::time::Instant::now();
        while admin.query_one(kill, &[]).await.unwrap().get::<_, i64>(0) == 0 {
            assert!(began.elapsed() < Duration::from_secs(60), "no copy was seen");
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    tokio::join!(loading, killing).0
}

/// Loads `content` and, in the middle of its reading, ends every connection that `victims` names.
async fn load_and_kill(world: &World, content: &str, victims: &str) -> Result<LoadReport, LoadError> {
    let path = world.file("LARGE.csv", content);
    let (reached, wait) = (mpsc::sync_channel::<()>(1), mpsc::sync_channel::<()>(1));
    let (reached, mut arrived) = (reached.0, Some(reached.1));
    let (release, wait) = (wait.0, std::sync::Mutex::new(Some(wait.1)));
    let progress = move |progress: Progress| {
        if progress.rows >= 60_000
            && let Some(wait) = wait.lock().unwrap().take()
        {
            reached.send(()).unwrap();
            // The reading stands still until the connections are gone.
            wait.recv_timeout(Duration::from_secs(60)).unwrap();
        }
    };
    let loading = world.loader.load(world.options(&path), Arc::new(progress));
    let killing = async {
        let arrived = arrived.take().unwrap();
        tokio::task::spawn_blocking(move || arrived.recv_timeout(Duration::from_secs(60)).unwrap()).await.unwrap();
        let (admin, connection) = world.database.superuser_config().connect(NoTls).await.unwrap();
        tokio::spawn(connection);
        let kill = format!(
            "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity \
             WHERE datname = current_database() AND application_name = 'trade tests' AND {victims}"
        );
        until("the connections", async || admin.query_one(&kill, &[]).await.unwrap().get::<_, i64>(0) > 0).await;
        release.send(()).unwrap();
    };
    tokio::join!(loading, killing).0
}

#[tokio::test]
async fn a_copy_that_fails_changes_nothing_and_the_next_load_works() {
    let world = World::new().await;
    world.load(&file(&[(2024, 1, SUGAR, USA, 10)])).await;
    let router = world.router().await;
    let before = world.fingerprint().await;
    let error = load_and_kill_copies(&world, &large(2024)).await.unwrap_err();
    assert!(matches!(error, LoadError::Store(_)), "{error}");
    let said = error.to_string();
    assert!(said.contains("terminating connection") || said.contains("connection to PostgreSQL was lost"), "{said}");
    assert_eq!(world.fingerprint().await, before);
    world.no_leftovers().await;
    assert_eq!(world.number("SELECT count(*) FROM stg.ingest_batch WHERE outcome = 'failed'").await, 1);
    // Whoever reads goes on reading.
    assert_eq!(http::get(&router, "/metrics/resumo").await.json()["totalUsd"], 10);
    world.load(&large(2024)).await;
    assert_eq!(world.number("SELECT count(*) FROM stg.exportacao").await, 120_000);
    world.agrees().await;
}

#[tokio::test]
async fn a_load_that_loses_every_connection_changes_nothing() {
    let world = World::new().await;
    world.load(&file(&[(2024, 1, SUGAR, USA, 10)])).await;
    let before = world.fingerprint().await;
    load_and_kill(&world, &large(2024), "true").await.unwrap_err();
    assert_eq!(world.fingerprint().await, before);
    world.load(&file(&[(2024, 1, SUGAR, USA, 11)])).await;
    world.no_leftovers().await;
    world.agrees().await;
}

#[tokio::test]
async fn a_damaged_segment_is_built_anew() {
    let world = World::new().await;
    world.load(&file(&[(2024, 1, SOY, CHINA, 10), (2024, 2, SUGAR, USA, 3)])).await;
    let store = world.loader.store.live_state().await.unwrap();
    let segment = world.loader.cube.segment(&store.store_id, 2024, store.version);
    let rows = segment.join("by_ncm.arrow");
    let length = std::fs::metadata(&rows).unwrap().len();
    std::fs::File::options().write(true).open(&rows).unwrap().set_len(length / 2).unwrap();
    assert_eq!(http::get(&world.restarted().await, "/metrics/resumo").await.json()["totalUsd"], 13);
    std::fs::remove_file(&rows).unwrap();
    assert_eq!(http::get(&world.restarted().await, "/metrics/resumo").await.json()["totalUsd"], 13);
    // A segment of other rows under the right name does not pass for this one.
    let other = world.loader.cube.segment(&store.store_id, 2024, 99);
    trade::cube::write(&other, 2024, Vec::new()).unwrap();
    std::fs::remove_dir_all(&segment).unwrap();
    std::fs::rename(&other, &segment).unwrap();
    assert_eq!(http::get(&world.restarted().await, "/metrics/resumo").await.json()["totalUsd"], 13);
    world.agrees().await;
}

#[tokio::test]
async fn a_store_that_was_tampered_with_is_not_answered_from() {
    let world = World::new().await;
    world.load(&file(&[(2024, 1, SOY, CHINA, 10)])).await;
    world.sql.execute("UPDATE stg.exportacao SET valor_usd = 11", &[]).await.unwrap();
    world.forget_cube();
    let error = assemble(&world.loader.store, &world.loader.cube).await.unwrap_err().to_string();
    assert!(error.contains("year 2024 of the store sums to 1100 cents") && error.contains("1000 cents"), "{error}");
}
