//! Writers that know what they were answered, and what must agree when they are done: entries, content identifiers,
//! outbox, events and the directory.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use proto::connect::ListCidsRequest;
use proto::connect::connect_service_client::ConnectServiceClient;
use proto::core as message;
use testkit::pulsar::PulsarBroker;
use tokio::task::JoinHandle;
use tonic::Code;

use crate::dict_world::{ISPB, connect, connect_as, core, reconciliation, wish, with_token};
use crate::harness::{Background, Server, ask_postgres, bgc, signal, wait_for};

/// Writers at once.
const WRITERS: u64 = 6;

/// What a writer knows for certain.
#[derive(Default)]
pub struct Known {
    /// By number: its CID, from an answer.
    pub created: BTreeMap<u64, String>,
    /// Removal was answered.
    removed: BTreeSet<u64>,
    /// Removal was tried and not answered: it may be there or not.
    doubtful: BTreeSet<u64>,
}

/// The server's address changes with each start.
pub struct Place {
    pub address: Mutex<String>,
    pub token: String,
    pub over: AtomicBool,
    pub calls: AtomicU64,
}

impl Place {
    pub async fn core(
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
pub fn duration() -> Duration {
    let seconds = std::env::var("BGC_DRILL_SECONDS").ok().and_then(|text| text.parse().ok());
    Duration::from_secs(seconds.unwrap_or(10))
}

/// Pauses that look random and are the same again with the same seed.
pub struct Pauses(pub u64);

impl Pauses {
    pub fn next(&mut self) -> Duration {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        Duration::from_millis(300 + (self.0 >> 33) % 1500)
    }
}

/// A directory in a process of its own, which keeps what it was told.
pub struct Directory {
    process: Background,
    pub address: String,
    place: PathBuf,
}

impl Directory {
    pub fn start(place: &Path) -> Self {
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let address = format!("127.0.0.1:{port}");
        Self { process: Self::process(place, &address), address, place: place.to_owned() }
    }

    fn process(place: &Path, address: &str) -> Background {
        let mut command = bgc(&place.join("simulator-data"));
        command.args(["dict", "simulator", "--no-policies", "--listen", address, "--journal"]);
        command.arg(place.join("simulator.journal"));
        let process = Background::start(command, place.join("simulator.log"));
        wait_for("the simulator", || std::net::TcpStream::connect(address).ok());
        process
    }

    pub fn kill(&mut self) {
        signal(self.process.id(), "KILL");
        self.process.end();
    }

    pub fn restart(&mut self) {
        self.process = Self::process(&self.place, &self.address);
    }
}

/// Starts writers; they write until `over`.
pub fn writers(place: &Arc<Place>, known: &Arc<Mutex<Known>>) -> Vec<JoinHandle<()>> {
    (1..=WRITERS).map(|writer| tokio::spawn(write(Arc::clone(place), writer, Arc::clone(known)))).collect()
}

impl Place {
    pub fn new(server: &Server, token: &str) -> Arc<Self> {
        Arc::new(Self {
            address: Mutex::new(server.dict.clone()),
            token: token.to_owned(),
            over: AtomicBool::new(false),
            calls: AtomicU64::new(0),
        })
    }
}

/// Waits until whoever leads has compared this base with the directory.
pub async fn compared(server: &Server, since: &str) {
    let compared = format!("SELECT count(*) FROM dict.cursors WHERE name = 'vsync.CPF' AND ok AND at > '{since}'");
    let data_dir = server.data_dir.clone();
    let waited = tokio::task::spawn_blocking(move || {
        wait_for("a comparison", || ask_postgres(&data_dir, &compared).filter(|done| *done > 0));
    });
    waited.await.unwrap();
}

/// Has this base compared with the directory; says whether both had the same before.
pub async fn compare(server: &Server, token: &str) -> bool {
    let connection = connect_as(&server.dict, token).await;
    let request = message::ReconcileRequest { key_type: message::KeyType::Cpf.into() };
    let began = Instant::now();
    loop {
        match reconciliation(&connection).reconcile(request).await {
            Ok(answer) => return answer.into_inner().agreed,
            // The directory was away a moment ago, and is not asked before its rest is over.
            Err(status) if status.code() == Code::Unavailable && began.elapsed() < Duration::from_secs(30) => {
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
            Err(status) => panic!("{status:?}"),
        }
    }
}

/// Waits until nothing is under way, and looks whether all that can be compared says the same.
pub async fn agree(server: &Server, place: &Place, directory: &Directory, known: &Mutex<Known>, broker: &PulsarBroker) {
    let data_dir = server.data_dir.clone();
    let drained = tokio::task::spawn_blocking(move || {
        for what in ["SELECT count(*) FROM dict.requests WHERE status = 'PENDING'", "SELECT count(*) FROM dict.outbox"]
        {
            wait_for(what, || ask_postgres(&data_dir, what).filter(|left| *left == 0));
        }
        agree_in_sql(&data_dir);
    });
    drained.await.unwrap();
    assert!(compare(server, &place.token).await, "this base and the directory differ");
    agree_with_directory(&directory.address, known, broker).await;
}

/// Entries, limits and content identifiers say the same.
fn agree_in_sql(data_dir: &Path) {
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
async fn agree_with_directory(connect_address: &str, known: &Mutex<Known>, broker: &PulsarBroker) {
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
