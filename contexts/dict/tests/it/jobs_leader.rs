//! One leader of several servers: taken over after its death, given up when it stops, left when it is lost.

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use dict::domain::claim::ClaimStatus;
use dict::jobs::metrics::JobMetrics;
use dict::jobs::{JobOptions, Jobs};
use prometheus_client::registry::Registry;
use tokio_util::sync::CancellationToken;

use crate::claims_world::{Bank, CLAIMER, DONOR, World, ana, phone};

const PATIENCE: Duration = Duration::from_secs(60);

/// Waits for what must come about.
#[track_caller]
fn eventually<F: Future<Output = bool>>(what: &str, mut reached: impl FnMut() -> F) -> impl Future<Output = ()> {
    let place = std::panic::Location::caller();
    async move {
        let began = Instant::now();
        while !reached().await {
            assert!(began.elapsed() < PATIENCE, "{place}: {what} did not come about");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

/// A server's jobs, at the pace of tests; the lease counts by the test's clock.
fn jobs(bank: &Bank, holder: &str) -> Jobs {
    let soon = Duration::from_millis(10);
    let options = JobOptions {
        lease: TimeDelta::seconds(15),
        renew_every: soon,
        poll_every: soon,
        due_every: soon,
        pending_every: soon,
        reconciliation_every: soon,
        retention_every: soon,
        reseal_every: soon,
    };
    let metrics = JobMetrics::register(&mut Registry::default());
    Jobs { dict: bank.dict.clone(), holder: holder.into(), options, metrics }
}

/// The same, and its metrics.
fn measured_jobs(bank: &Bank, holder: &str) -> (Jobs, Registry) {
    let mut registry = Registry::default();
    let metrics = JobMetrics::register(&mut registry);
    (Jobs { metrics, ..jobs(bank, holder) }, registry)
}

/// Whether a server says that it leads.
fn leads(registry: &Registry) -> bool {
    let mut text = String::new();
    prometheus_client::encoding::text::encode(&mut text, registry).unwrap();
    text.lines().any(|line| line == "core_dict_jobs_leader 1")
}

async fn holder(bank: &Bank) -> Option<String> {
    bank.strings("SELECT holder FROM dict.leases WHERE name = 'dict.jobs'").await.pop()
}

/// A claim of Ana's phone; acknowledged once somebody leads.
async fn claimed(world: &World, bank: &Bank, phone: &dict::domain::key::Key) -> uuid::Uuid {
    world.register(bank, DONOR, phone, &ana()).await;
    let wish = dict::directory::NewClaim { key: phone.clone(), ..crate::claims_world::ownership() };
    world.start(bank, &wish).await.unwrap().id
}

#[tokio::test]
async fn another_server_leads_once_the_leader_is_dead() {
    let world = World::new();
    let bank = world.bank(&[DONOR, CLAIMER]).await;
    let (first, second) = (jobs(&bank, "first"), jobs(&bank, "second"));
    assert!(first.lead().await);
    assert!(!second.lead().await && first.lead().await);
    let running = tokio::spawn(async move { first.run(CancellationToken::new()).await });
    let stop = CancellationToken::new();
    let waiting = tokio::spawn({
        let (jobs, stop) = (second.clone(), stop.clone());
        async move { jobs.run(stop).await }
    });
    let claim = claimed(&world, &bank, &phone()).await;
    let acknowledged = async |id| bank.status(DONOR, id).await == Some(ClaimStatus::WaitingResolution);
    eventually("the leader's acknowledgement", || acknowledged(claim)).await;
    assert_eq!(holder(&bank).await.as_deref(), Some("first"));
    // Killed: nothing is given up.
    running.abort();
    assert!(running.await.unwrap_err().is_cancelled());
    let other = crate::claims_world::key(dict::domain::key::KeyType::Phone, "+5511900000001");
    let claim = claimed(&world, &bank, &other).await;
    assert!(!second.lead().await, "the lease lasts");
    world.clock.advance(TimeDelta::seconds(16));
    eventually("the other's acknowledgement", || acknowledged(claim)).await;
    assert_eq!(holder(&bank).await.as_deref(), Some("second"));
    stop.cancel();
    waiting.await.unwrap();
}

#[tokio::test]
async fn a_leader_that_stops_gives_the_lease_up_at_once() {
    let world = World::new();
    let bank = world.bank(&[DONOR]).await;
    let stop = CancellationToken::new();
    let first = jobs(&bank, "first");
    let running = tokio::spawn({
        let stop = stop.clone();
        async move { first.run(stop).await }
    });
    eventually("a leader", async || holder(&bank).await.is_some()).await;
    stop.cancel();
    running.await.unwrap();
    assert_eq!(holder(&bank).await, None);
    assert!(jobs(&bank, "second").lead().await);
}

#[tokio::test]
async fn a_leader_whose_lease_is_another_s_stops_its_work() {
    let world = World::new();
    let bank = world.bank(&[DONOR, CLAIMER]).await;
    let stop = CancellationToken::new();
    let (first, metrics) = measured_jobs(&bank, "first");
    let running = tokio::spawn({
        let stop = stop.clone();
        async move { first.run(stop).await }
    });
    eventually("a leader", async || leads(&metrics)).await;
    // It slept through its lease, and another one took it.
    world.clock.advance(TimeDelta::seconds(20));
    bank.execute("UPDATE dict.leases SET holder = 'second', held_until = held_until + interval '10 seconds'").await;
    eventually("no leader", async || !leads(&metrics)).await;
    let claim = claimed(&world, &bank, &phone()).await;
    // Many times its pause: long enough for it to do what it must not.
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(bank.status(DONOR, claim).await, Some(ClaimStatus::Open));
    assert_eq!(holder(&bank).await.as_deref(), Some("second"));
    bank.execute("DELETE FROM dict.leases").await;
    eventually("a leader again", async || holder(&bank).await.as_deref() == Some("first")).await;
    stop.cancel();
    running.await.unwrap();
}

#[tokio::test]
async fn a_lease_from_before_the_clock_was_set_back_keeps_nobody_waiting() {
    let world = World::new();
    let bank = world.bank(&[DONOR]).await;
    let (first, second) = (jobs(&bank, "first"), jobs(&bank, "second"));
    assert!(first.lead().await && !second.lead().await);
    world.clock.advance(TimeDelta::hours(-1));
    assert!(second.lead().await && !first.lead().await);
}

#[tokio::test]
async fn servers_that_begin_at_once_agree_on_one_leader() {
    let world = World::new();
    let bank = world.bank(&[DONOR]).await;
    let servers: Vec<Jobs> = (0..6).map(|number| jobs(&bank, &format!("server {number}"))).collect();
    let asked = servers.iter().map(Jobs::lead);
    let leaders = futures_util::future::join_all(asked).await.into_iter().filter(|&leads| leads).count();
    assert_eq!(leaders, 1);
}
