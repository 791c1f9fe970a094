//! A server follows the store.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use arc_swap::ArcSwap;
use platform::postgres::Role;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use trade::cube::Snapshot;
use trade::cube::directory::{CubeDirectory, SyncError};
use trade::cube::live::{Observer, assemble, follow};
use trade::store::LoadCounts;

use crate::store_world::{CHINA, SOY, SUGAR, USA, World, file, until};

#[derive(Default)]
struct Seen {
    swaps: Mutex<Vec<String>>,
    failures: AtomicUsize,
    live: AtomicUsize,
}

impl Observer for Seen {
    fn swapped(&self, snapshot: &Snapshot, _took: Duration) {
        self.swaps.lock().unwrap().push(snapshot.id.clone());
    }

    fn failed(&self, _error: &SyncError) {
        self.failures.fetch_add(1, Ordering::Relaxed);
    }

    fn counted(&self, counts: &LoadCounts) {
        let live: i64 = counts.outcomes.iter().filter(|one| one.outcome == "live").map(|one| one.batches).sum();
        self.live.store(usize::try_from(live).unwrap(), Ordering::Relaxed);
    }
}

#[tokio::test]
async fn a_server_swaps_at_each_announcement_and_keeps_the_last_good_snapshot() {
    let world = World::new().await;
    // A server with a cube of its own, as a replica has it: every segment is built from PostgreSQL.
    let cube = CubeDirectory::new(&world.dir.join("replica"));
    let shared = Arc::new(ArcSwap::from_pointee(Snapshot::empty()));
    let (announced, seen, stop) = (Arc::new(Notify::new()), Arc::new(Seen::default()), CancellationToken::new());
    let following = tokio::spawn(follow(
        world.loader.store.clone(),
        cube,
        Arc::clone(&shared),
        Arc::clone(&announced),
        Arc::clone(&seen) as Arc<dyn Observer>,
        ("a server".to_owned(), stop.clone()),
    ));
    let total = || shared.load().segments.iter().map(|segment| segment.totals().fob_cents).sum::<i64>();
    for fob in 1..=3 {
        world.load(&file(&[(2024, 1, SOY, CHINA, fob)])).await;
        announced.notify_one();
        until("the swap", async || total() == fob * 100).await;
    }
    // An announcement without news swaps nothing.
    announced.notify_one();
    until("the counts", async || seen.live.load(Ordering::Relaxed) == 3).await;
    assert_eq!(seen.swaps.lock().unwrap().len(), 3);
    // A store that cannot be read: the last snapshot stays.
    world.sql.batch_execute("ALTER TABLE stg.snapshot RENAME TO gone").await.unwrap();
    announced.notify_one();
    until("the failure", async || seen.failures.load(Ordering::Relaxed) > 0).await;
    assert_eq!(total(), 300);
    world.sql.batch_execute("ALTER TABLE stg.gone RENAME TO snapshot").await.unwrap();
    world.slice(&file(&[(2024, 1, SUGAR, USA, 5)])).await;
    announced.notify_one();
    until("the next swap", async || total() == 800).await;
    stop.cancel();
    following.await.unwrap();
}

#[tokio::test]
async fn a_segment_is_built_from_the_version_it_is_named_after_or_not_at_all() {
    let world = World::new().await;
    // Two contents with equal sums, which no comparison of totals could tell apart.
    world.load(&file(&[(2024, 1, SOY, CHINA, 10)])).await;
    let stale = world.loader.store.live_state().await.unwrap();
    world.load(&file(&[(2024, 1, SUGAR, USA, 10)])).await;
    world.forget_cube();
    let error = world.loader.cube.open(&world.loader.store, &stale).await.unwrap_err();
    assert!(matches!(error, SyncError::Superseded { year: 2024 }), "{error}");
    assert!(!world.loader.cube.segment(&stale.store_id, 2024, stale.version).exists());
    let snapshot = assemble(&world.loader.store, &world.loader.cube).await.unwrap();
    assert_eq!(snapshot.domains.ncms, [SUGAR]);
    world.agrees().await;
}

#[tokio::test]
async fn building_waits_for_nothing_and_a_load_waits_for_building() {
    let world = World::new().await;
    world.load(&file(&[(2024, 1, SOY, CHINA, 10)])).await;
    // Somebody reads the partition for a while, as a build does.
    let mut reader = world.database.connect(Role::ReadonlyAudit).await;
    let reading = reader.transaction().await.unwrap();
    reading.query("SELECT * FROM stg.exportacao", &[]).await.unwrap();
    let content = file(&[(2024, 1, SUGAR, USA, 20)]);
    let loading = world.load(&content);
    let released = async {
        tokio::time::sleep(Duration::from_millis(400)).await;
        // The load has its table ready and waits for the reader: what is live is what was.
        assert_eq!(world.number("SELECT sum(total_usd)::bigint FROM rpt.mv_resumo_pais").await, 10);
        assert_eq!(
            reading.query_one("SELECT sum(valor_usd)::bigint FROM stg.exportacao", &[]).await.unwrap().get::<_, i64>(0),
            10
        );
        reading.commit().await.unwrap();
    };
    let (loaded, ()) = tokio::join!(loading, released);
    assert!(loaded.changed);
    assert_eq!(world.number("SELECT sum(total_usd)::bigint FROM rpt.mv_resumo_pais").await, 20);
}
