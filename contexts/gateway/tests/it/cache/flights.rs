//! One look-up for one key, however many ask and however they end.

use std::sync::Arc;

use gateway::cache::FlightFailure;
use gateway::domain::entry::{Level, Origin};
use tokio::sync::{Barrier, Semaphore, oneshot};

use super::{Count, Failure, World, key, until};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_thousand_who_ask_at_once_make_one_call() {
    let world = World::create().await;
    let node = Arc::new(world.node().await);
    let (calls, gate) = (Count::default(), Arc::new(Barrier::new(1_000)));
    let asking = (0..1_000).map(|_| {
        let (node, calls, gate, entry) = (Arc::clone(&node), calls.clone(), Arc::clone(&gate), world.entry("one"));
        tokio::spawn(async move {
            gate.wait().await;
            let fetch = async move {
                calls.one_more();
                tokio::task::yield_now().await;
                Ok(entry)
            };
            node.cascade.get_or_fetch(&key(1), fetch).await.unwrap()
        })
    });
    for asked in asking.collect::<Vec<_>>() {
        let (entry, origin) = asked.await.unwrap();
        assert_eq!(&entry.body[..], b"one");
        assert!(matches!(origin, Origin::Miss | Origin::Hit(Level::L1)), "{origin:?}");
    }
    assert_eq!(calls.so_far(), 1);
}

#[tokio::test]
async fn who_hangs_up_cancels_it_for_nobody() {
    let world = World::create().await;
    let node = world.node().await;
    let (answer, answered) = oneshot::channel();
    let calls = Count::default();
    let counted = calls.clone();
    let fetch = async move {
        counted.one_more();
        answered.await.map_err(|_| Failure::Source)
    };
    let cascade = Arc::clone(&node.cascade);
    let first = tokio::spawn(async move { cascade.get_or_fetch(&key(1), fetch).await });
    until("the call is made", async || calls.so_far() == 1).await;
    first.abort();
    assert!(first.await.unwrap_err().is_cancelled());
    let second = async {
        let key = key(1);
        let found = node.cascade.get_or_fetch(&key, async { Err(Failure::Source) });
        let (found, sent) = tokio::join!(found, async { answer.send(world.entry("one")) });
        sent.unwrap();
        found
    };
    let (entry, origin) = second.await.unwrap();
    assert_eq!((&entry.body[..], origin, calls.so_far()), (&b"one"[..], Origin::Miss, 1));
}

#[tokio::test]
async fn a_panic_is_an_error_for_all_and_wedges_nothing() {
    let world = World::create().await;
    let node = world.node().await;
    let gate = Arc::new(Semaphore::new(0));
    let asking = (0..50).map(|_| {
        let (cascade, gate) = (Arc::clone(&node.cascade), Arc::clone(&gate));
        tokio::spawn(async move {
            let fetch = async move {
                gate.acquire().await.unwrap().forget();
                panic!("as a defect would");
            };
            cascade.get_or_fetch(&key(1), fetch).await
        })
    });
    let asking: Vec<_> = asking.collect();
    until("all of them wait", async || node.of_level("misses_total", Level::L1) >= 50.0).await;
    gate.add_permits(50);
    for asked in asking {
        assert_eq!(asked.await.unwrap(), Err(Failure::Flight(FlightFailure::Abandoned)));
    }
    assert_eq!(node.ask(&key(1), &world.entry("one")).await.1, Origin::Miss);
    assert_eq!(node.ask(&key(1), &world.entry("two")).await.1, Origin::Hit(Level::L1));
}
