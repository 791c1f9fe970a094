//! The server is killed at random moments under load, again and again; afterwards all agrees exactly.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use platform::clock::{Clock, SystemClock};
use testkit::TempDir;
use testkit::pulsar::PulsarBroker;

use crate::dict_drill::{Directory, Known, Pauses, Place, agree, compared, duration, writers};
use crate::dict_world::{ISPB, SCOPES, token};
use crate::harness::{Server, signal};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_and_nothing_is_twice_when_the_server_is_killed_under_load() {
    let temporary = TempDir::new("dict-crash");
    let data_dir = temporary.join("data");
    let directory = Directory::start(temporary.path());
    let broker = PulsarBroker::start().await;
    let (connect_url, pulsar_url) = (format!("http://{}", directory.address), broker.url());
    let environment = [
        ("CONNECT_ENABLED", "true"),
        ("CONNECT_URL", connect_url.as_str()),
        ("PULSAR_URL", pulsar_url.as_str()),
        ("RATE_LIMIT_ENABLED", "false"),
    ];
    let start = || tokio::task::block_in_place(|| Server::start(&data_dir, &["serve", "dict"], &environment));
    let kill = |server: &mut Server| {
        signal(server.process.id(), "KILL");
        tokio::task::block_in_place(|| server.process.end());
    };
    let mut server = start();
    let token = tokio::task::block_in_place(|| token(&data_dir, ISPB, SCOPES, &[]));
    let place = Place::new(&server, &token);
    let known = Arc::new(Mutex::new(Known::default()));
    let writers = writers(&place, &known);
    let (began, mut pauses, mut kills) = (Instant::now(), Pauses(20_261_122), 0);
    while began.elapsed() < duration() {
        tokio::time::sleep(pauses.next()).await;
        kill(&mut server);
        kills += 1;
        server = start();
        place.address.lock().unwrap().clone_from(&server.dict);
    }
    place.over.store(true, Ordering::Relaxed);
    for writer in writers {
        writer.await.unwrap();
    }
    // A removal that was cut between the directory's answer and ours is made good by the comparison of whoever leads next.
    let since = SystemClock.now().to_rfc3339();
    kill(&mut server);
    server = start();
    compared(&server, &since).await;
    agree(&server, &place, &directory, &known, &broker).await;
    let (created, calls) = (known.lock().unwrap().created.len(), place.calls.load(Ordering::Relaxed));
    assert!(kills >= 2 && created > 20, "{kills} kills, {calls} calls, {created} created: too few to show anything");
    assert!(tokio::task::block_in_place(|| server.stop("TERM")).success());
}
