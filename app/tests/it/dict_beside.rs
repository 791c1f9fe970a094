//! What stands beside the server is killed at random moments under load, one after the other: PostgreSQL, the directory,
//! Pulsar and Redis. The server stays, answers what it can, and afterwards all agrees exactly.

use std::path::Path;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use proto::core as message;
use testkit::TempDir;
use testkit::pulsar::PulsarBroker;
use testkit::redis::TestRedis;
use tonic::Code;

use crate::dict_drill::{Directory, Known, Pauses, Place, agree, compare, duration, writers};
use crate::dict_world::{ISPB, SCOPES, token, wish};
use crate::harness::{Server, signal, wait_for};

/// Ends PostgreSQL as a machine without memory does; the server starts it again, after a longer pause each time.
fn kill_postgres(data_dir: &Path) {
    let process_id = wait_for("PostgreSQL", || {
        let file = std::fs::read_to_string(data_dir.join("postgres/data/postmaster.pid")).ok()?;
        let process_id: u32 = file.lines().next()?.parse().ok()?;
        Path::new(&format!("/proc/{process_id}")).exists().then_some(process_id)
    });
    signal(process_id, "KILL");
}

/// Asks the directory for keys that nobody has, for payers of their own; says how often it was told so.
async fn ask_for_nobodys_keys(place: Arc<Place>) -> u64 {
    let (mut number, mut told) = (0, 0);
    while !place.over.load(Ordering::Relaxed) {
        number += 1;
        let request = message::LookupKeyRequest {
            key: wish(9_000_000_000 + number).key,
            purpose: message::LookupPurpose::Payment.into(),
            payer_tax_id: dict::sample::cpf(number),
            end_to_end_id: format!("E{ISPB}202611221200{number:011}"),
        };
        if let Some(mut core) = place.core().await {
            match core.lookup_key(request).await.err().unwrap().code() {
                Code::NotFound => told += 1,
                // Where buckets begin anew they begin empty.
                Code::Unavailable | Code::DeadlineExceeded | Code::ResourceExhausted => {}
                code => panic!("a look-up was answered {code:?}"),
            }
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    told
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_and_nothing_is_twice_when_what_stands_beside_the_server_is_killed() {
    let temporary = TempDir::new("dict-beside");
    let data_dir = temporary.join("data");
    let mut directory = Directory::start(temporary.path());
    let mut broker = PulsarBroker::start().await;
    let mut redis = TestRedis::start().await;
    let (connect_url, pulsar_url, redis_url) = (format!("http://{}", directory.address), broker.url(), redis.url());
    let environment = [
        ("CONNECT_ENABLED", "true"),
        ("CONNECT_URL", connect_url.as_str()),
        ("PULSAR_URL", pulsar_url.as_str()),
        ("REDIS_URL", redis_url.as_str()),
        ("RATE_LIMIT_ENABLED", "false"),
        ("BGC_DICT_CATEGORY", "A"),
        // A directory that was away for a second is asked again while the test still runs.
        ("CIRCUIT_BREAKER_TIMEOUT_SEC", "1"),
    ];
    let server = tokio::task::block_in_place(|| Server::start(&data_dir, &["serve", "dict"], &environment));
    let token = tokio::task::block_in_place(|| token(&data_dir, ISPB, SCOPES, &[]));
    let place = Place::new(&server, &token);
    let known = Arc::new(Mutex::new(Known::default()));
    let writers = writers(&place, &known);
    let asker = tokio::spawn(ask_for_nobodys_keys(Arc::clone(&place)));
    let (began, mut pauses, mut kills) = (Instant::now(), Pauses(20_261_123), 0);
    // Each at least once, however slow the machine.
    while began.elapsed() < duration() || kills < 4 {
        tokio::time::sleep(pauses.next()).await;
        match kills % 4 {
            0 => tokio::task::block_in_place(|| kill_postgres(&data_dir)),
            1 => {
                tokio::task::block_in_place(|| directory.kill());
                tokio::time::sleep(pauses.next()).await;
                tokio::task::block_in_place(|| directory.restart());
            }
            2 => {
                broker.kill().await;
                tokio::time::sleep(pauses.next()).await;
                broker.restart().await;
            }
            _ => {
                redis.kill();
                tokio::time::sleep(pauses.next()).await;
                redis.restart().await;
            }
        }
        kills += 1;
    }
    // Whatever rests for a while is awake again.
    tokio::time::sleep(std::time::Duration::from_secs(2)).await;
    place.over.store(true, Ordering::Relaxed);
    for writer in writers {
        writer.await.unwrap();
    }
    let told = asker.await.unwrap();
    // Of a removal whose answer was lost the jobs find out after a minute; the test does not wait for them.
    compare(&server, &token).await;
    agree(&server, &place, &directory, &known, &broker).await;
    let (created, calls) = (known.lock().unwrap().created.len(), place.calls.load(Ordering::Relaxed));
    assert!(created > 20 && told > 10, "{kills} kills, {calls} calls, {created} created, {told} told: too few");
    assert!(!server.process.log().contains("panicked"));
    assert!(tokio::task::block_in_place(|| server.stop("TERM")).success());
}
