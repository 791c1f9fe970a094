//! The server is killed at random moments under load, again and again; afterwards entries, content identifiers, outbox,
//! events and the directory agree exactly.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use platform::clock::{Clock, SystemClock};
use proto::connect::ListCidsRequest;
use proto::connect::connect_service_client::ConnectServiceClient;
use proto::core as message;
use testkit::TempDir;
use testkit::pulsar::PulsarBroker;
use tonic::Code;

use crate::dict_world::{ISPB, SCOPES, connect, connect_as, core, reconciliation, token, wish, with_token};
use crate::harness::{Background, Server, ask_postgres, bgc, signal, wait_for};

/// Writers at once.
const WRITERS: u64 = 6;

/// What a writer knows for certain.
#[derive(Default)]
struct Known {
    /// By number: its CID, from an answer.
    created: BTreeMap<u64, String>,
    /// Removal was answered.
    removed: BTreeSet<u64>,
    /// Removal was tried and not answered: it may be there or not.
    doubtful: BTreeSet<u64>,
}

/// The server's address changes with each start.
struct Place {
    address: Mutex<String>,
    token: String,
    over: AtomicBool,
    calls: AtomicU64,
}

impl Place {
    async fn core(
        &self,
    ) -> Option<proto::core::core_dict_service_client::CoreDictServiceClient<crate::dict_world::Connection>> {
        let address = self.address.lock().unwrap().clone();
        let endpoint = tonic::transport::Endpoint::from_shared(format!("http://{address}")).unwrap();
        let channel = endpoint.connect_timeout(Duration::from_millis(200)).connect().await.ok()?;
        Some(core(&with_token(channel, &self.token)))
    }
}

/// Creates keys and removes some of them; a creation without an answer is sent again under its request id.
async fn write(place: Arc<Place>, writer: u64, known: Arc<Mutex<Known>>) {
    let mut number = writer * 100_000_000 + 1;
    'keys: while !place.over.load(Ordering::Relaxed) {
        number += 1;
        let mut active = false;
        while !active {
            let Some(mut core) = place.core().await else {
                tokio::time::sleep(Duration::from_millis(20)).await;
                continue;
            };
            place.calls.fetch_add(1, Ordering::Relaxed);
            match core.create_key(wish(number)).await {
                Ok(answer) => {
                    let entry = answer.into_inner().entry.unwrap();
                    active = entry.status() == message::EntryStatus::Active;
                    if active {
                        known.lock().unwrap().created.insert(number, entry.cid);
                    } else if place.over.load(Ordering::Relaxed) {
                        continue 'keys;
                    }
                }
                Err(status) => {
                    let passing = [
                        Code::Unavailable,
                        Code::Unknown,
                        Code::Cancelled,
                        Code::DeadlineExceeded,
                        Code::Aborted,
                        Code::Internal,
                    ];
                    assert!(passing.contains(&status.code()), "{status:?}");
                    if place.over.load(Ordering::Relaxed) {
                        continue 'keys;
                    }
                }
            }
        }
        if number.is_multiple_of(4) {
            remove(&place, number, &known).await;
        }
    }
}

async fn remove(place: &Place, number: u64, known: &Mutex<Known>) {
    let Some(mut core) = place.core().await else { return };
    let wish = wish(number);
    let request = message::DeleteKeyRequest {
        key: wish.key,
        reason: message::EntryReason::UserRequested.into(),
        requester_tax_id: wish.owner.unwrap().tax_id,
    };
    place.calls.fetch_add(1, Ordering::Relaxed);
    let outcome = core.delete_key(request).await;
    let mut known = known.lock().unwrap();
    match outcome {
        Ok(_) => known.removed.insert(number),
        Err(_) => known.doubtful.insert(number),
    };
}

/// How long: ten seconds in the tests, more in a drill.
fn duration() -> Duration {
    let seconds = std::env::var("BGC_DRILL_SECONDS").ok().and_then(|text| text.parse().ok());
    Duration::from_secs(seconds.unwrap_or(10))
}

/// Pauses that look random and are the same again with the same seed.
struct Pauses(u64);

impl Pauses {
    fn next(&mut self) -> Duration {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        Duration::from_millis(300 + (self.0 >> 33) % 1500)
    }
}

fn simulator(directory: &TempDir) -> (Background, String) {
    let mut command = bgc(&directory.join("simulator-data"));
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let address = format!("127.0.0.1:{port}");
    command.args(["dict", "simulator", "--no-policies", "--listen", &address]);
    let process = Background::start(command, directory.join("simulator.log"));
    wait_for("the simulator", || std::net::TcpStream::connect(&address).ok());
    (process, address)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_and_nothing_is_twice_when_the_server_is_killed_under_load() {
    let directory = TempDir::new("dict-crash");
    let data_dir = directory.join("data");
    let (_simulator, connect_address) = simulator(&directory);
    let broker = PulsarBroker::start().await;
    let (connect_url, pulsar_url) = (format!("http://{connect_address}"), broker.url());
    let environment = [
        ("CONNECT_ENABLED", "true"),
        ("CONNECT_URL", connect_url.as_str()),
        ("PULSAR_URL", pulsar_url.as_str()),
        ("RATE_LIMIT_ENABLED", "false"),
    ];
    let start = || tokio::task::block_in_place(|| Server::start(&data_dir, &["serve", "dict"], &environment));
    let mut server = start();
    let token = tokio::task::block_in_place(|| token(&data_dir, ISPB, SCOPES, &[]));
    let place = Arc::new(Place {
        address: Mutex::new(server.dict.clone()),
        token: token.clone(),
        over: AtomicBool::new(false),
        calls: AtomicU64::new(0),
    });
    let known = Arc::new(Mutex::new(Known::default()));
    let writers: Vec<_> =
        (1..=WRITERS).map(|writer| tokio::spawn(write(Arc::clone(&place), writer, Arc::clone(&known)))).collect();
    let (began, mut pauses, mut kills) = (Instant::now(), Pauses(20_261_122), 0);
    while began.elapsed() < duration() {
        tokio::time::sleep(pauses.next()).await;
        signal(server.process.id(), "KILL");
        tokio::task::block_in_place(|| server.process.end());
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
    let compared = format!("SELECT count(*) FROM dict.cursors WHERE name = 'vsync.CPF' AND ok AND at > '{since}'");
    signal(server.process.id(), "KILL");
    tokio::task::block_in_place(|| server.process.end());
    server = start();
    tokio::task::block_in_place(|| {
        wait_for("a comparison", || ask_postgres(&data_dir, &compared).filter(|done| *done > 0))
    });
    let drained = tokio::task::spawn_blocking(move || {
        for what in ["SELECT count(*) FROM dict.requests WHERE status = 'PENDING'", "SELECT count(*) FROM dict.outbox"]
        {
            wait_for(what, || ask_postgres(&data_dir, what).filter(|left| *left == 0));
        }
        agree_in_sql(&data_dir);
    });
    drained.await.unwrap();
    agree_with_directory(&server.dict, &token, &connect_address, &known, &broker).await;
    let (created, calls) = (known.lock().unwrap().created.len(), place.calls.load(Ordering::Relaxed));
    assert!(kills >= 2 && created > 20, "{kills} kills, {calls} calls, {created} created: too few to show anything");
    assert!(tokio::task::block_in_place(|| server.stop("TERM")).success());
}

/// Entries, limits and content identifiers say the same.
fn agree_in_sql(data_dir: &std::path::Path) {
    let wrong = [
        ("pending entries", "SELECT count(*) FROM dict.entries WHERE status = 'PENDING'"),
        (
            "entries whose CID was not added once more than removed",
            "SELECT count(*) FROM dict.entries AS e WHERE 1 <> (SELECT coalesce(sum(CASE WHEN added THEN 1 ELSE -1 END), 0) \
             FROM dict.cid_events AS c WHERE c.key_hash = e.key_hash AND c.cid = e.cid)",
        ),
        (
            "CIDs that were added and not removed, of no entry",
            "SELECT count(*) FROM (SELECT key_hash, cid FROM dict.cid_events GROUP BY key_hash, cid \
             HAVING sum(CASE WHEN added THEN 1 ELSE -1 END) <> 0) AS c WHERE NOT EXISTS \
             (SELECT FROM dict.entries AS e WHERE e.key_hash = c.key_hash AND e.cid = c.cid)",
        ),
        (
            "accounts with another number of keys than they are said to have",
            "SELECT count(*) FROM dict.accounts AS a WHERE key_count <> \
             (SELECT count(*) FROM dict.entries AS e WHERE e.account_hash = a.account_hash)",
        ),
    ];
    for (what, sql) in wrong {
        assert_eq!(ask_postgres(data_dir, sql), Some(0), "{what}");
    }
}

/// The directory, the answers that were given and the events that were published say the same too.
async fn agree_with_directory(
    address: &str,
    token: &str,
    connect_address: &str,
    known: &Mutex<Known>,
    broker: &PulsarBroker,
) {
    let connection = connect_as(address, token).await;
    let request = message::ReconcileRequest { key_type: message::KeyType::Cpf.into() };
    let compared = reconciliation(&connection).reconcile(request).await.unwrap().into_inner();
    assert!(compared.agreed, "inserted {}, removed {}", compared.inserted, compared.removed);

    let mut connect_client = ConnectServiceClient::new(connect(connect_address).await);
    let request = ListCidsRequest { participant: ISPB.to_owned(), key_type: message::KeyType::Cpf.into() };
    let mut stream = connect_client.list_cids(request).await.unwrap().into_inner();
    let mut in_directory = BTreeSet::new();
    while let Some(page) = stream.message().await.unwrap() {
        in_directory.extend(page.cids);
    }

    let mut by_event: BTreeMap<String, i64> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for (topic, change) in [("entries.created", 1), ("entries.deleted", -1)] {
        for event in broker.messages(&format!("dict.prod.{topic}")) {
            let event: serde_json::Value = serde_json::from_slice(&event.payload).unwrap();
            // At least once: the same event carries the same id.
            if seen.insert(event["event_id"].as_str().unwrap().to_owned()) {
                *by_event.entry(event["cid"].as_str().unwrap().to_owned()).or_default() += change;
            }
        }
    }
    assert!(by_event.values().all(|balance| (0..=1).contains(balance)), "an entry was created or removed twice");
    let by_event: BTreeSet<String> = by_event.into_iter().filter(|(_, left)| *left == 1).map(|(cid, _)| cid).collect();
    assert!(by_event == in_directory, "{} by events, {} in the directory", by_event.len(), in_directory.len());

    let known = known.lock().unwrap();
    for (number, cid) in &known.created {
        let there = in_directory.contains(cid);
        if known.removed.contains(number) {
            assert!(!there, "a removed key is still there");
        } else if !known.doubtful.contains(number) {
            assert!(there, "a key whose creation was answered is gone");
        }
    }
}
