//! A simulator behind a listener of its own, the remote directory that calls it, and what tests put into both.

use std::collections::{BTreeMap, VecDeque};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use chrono::{DateTime, Utc};
use dict::directory::remote::{RemoteDirectory, RemoteOptions, endpoint};
use dict::directory::{Directory, DirectoryError, DirectoryMetrics, EntryQuery, FoundEntry, NewClaim, NewEntry};
use dict::domain::account::{Account, AccountType};
use dict::domain::bucket::Category;
use dict::domain::claim::ClaimType;
use dict::domain::entry::Entry;
use dict::domain::ispb::Ispb;
use dict::domain::key::{Key, KeyType};
use dict::domain::owner::Owner;
use dict::domain::reason::EntryReason;
use dict::domain::refusal::{Refusal, RefusalKind};
use dict::domain::tax_id::TaxId;
use dict::simulator::{Simulator, SimulatorOptions};
use proto::connect::simulator_control_service_client::SimulatorControlServiceClient;
use testkit::http::TestListener;
use testkit::{CountingEntropy, FakeClock};
use tonic::Status;
use tonic::transport::Channel;
use uuid::Uuid;

/// Two institutions.
pub const ANA: &str = "11111111";
pub const BIA: &str = "2222222A";

/// What happens to calls on their way, by order.
#[derive(Debug, Default)]
pub struct Way {
    calls: Mutex<BTreeMap<String, u32>>,
    statuses: Mutex<VecDeque<Status>>,
}

impl Way {
    /// How many calls of a method arrived.
    pub fn calls(&self, method: &str) -> u32 {
        self.calls.lock().unwrap().get(method).copied().unwrap_or_default()
    }

    /// The next call is answered so, and does not arrive.
    pub fn answer(&self, status: Status) {
        self.statuses.lock().unwrap().push_back(status);
    }
}

async fn on_the_way(State(way): State<Arc<Way>>, request: Request, next: Next) -> Response {
    let method = request.uri().path().rsplit('/').next().unwrap_or_default().to_owned();
    *way.calls.lock().unwrap().entry(method).or_default() += 1;
    let status = way.statuses.lock().unwrap().pop_front();
    match status {
        Some(status) => status.into_http::<Body>(),
        None => next.run(request).await,
    }
}

/// The simulator, and the way to it.
pub struct World {
    pub clock: FakeClock,
    pub simulator: Simulator,
    pub remote: RemoteDirectory,
    pub metrics: prometheus_client::registry::Registry,
    pub way: Arc<Way>,
    listener: TestListener,
}

pub const OPTIONS: RemoteOptions =
    RemoteOptions { timeout: Duration::from_secs(10), max_retries: 3, breaker: Some((3, Duration::from_millis(100))) };

/// A simulator in this process.
pub fn simulator(clock: &FakeClock, journal: Option<PathBuf>, policies: bool) -> Simulator {
    let options = SimulatorOptions { journal, policies, category: Category::H };
    Simulator::open(&options, Arc::new(clock.clone()), Arc::new(CountingEntropy::default())).unwrap()
}

impl World {
    pub async fn new() -> Self {
        Self::with(OPTIONS, false).await
    }

    pub async fn with(options: RemoteOptions, policies: bool) -> Self {
        let clock = FakeClock::default();
        let simulator = simulator(&clock, None, policies);
        let way = Arc::new(Way::default());
        let router: Router = dict::simulator::grpc::services(simulator.clone()).into_axum_router();
        let listener = TestListener::serve(router.layer(from_fn_with_state(way.clone(), on_the_way))).await;
        let mut metrics = prometheus_client::registry::Registry::default();
        let remote = remote(&listener.url(""), options, &mut metrics);
        Self { clock, simulator, remote, metrics, way, listener }
    }

    /// Another connection to the simulator.
    pub fn channel(&self) -> Channel {
        endpoint(&self.listener.url(""), Duration::from_secs(5)).unwrap().connect_lazy()
    }

    /// The service that steers the simulator.
    pub fn control(&self) -> SimulatorControlServiceClient<Channel> {
        SimulatorControlServiceClient::new(self.channel())
    }

    /// The metrics as they are scraped.
    pub fn scraped(&self) -> String {
        let mut text = String::new();
        prometheus_client::encoding::text::encode(&mut text, &self.metrics).unwrap();
        text
    }
}

pub fn remote(
    url: &str,
    options: RemoteOptions,
    registry: &mut prometheus_client::registry::Registry,
) -> RemoteDirectory {
    let channel = endpoint(url, Duration::from_secs(5)).unwrap().connect_lazy();
    let metrics = DirectoryMetrics::register(registry);
    RemoteDirectory::new(channel, options, Arc::new(CountingEntropy::default()), metrics)
}

pub fn ispb(text: &str) -> Ispb {
    text.parse().unwrap()
}

pub fn moment(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).unwrap().to_utc()
}

pub fn uuid() -> Uuid {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    Uuid::from_u128(u128::from(NEXT.fetch_add(1, Ordering::Relaxed)) | (4 << 76) | (2 << 62))
}

pub fn key(key_type: KeyType, value: &str) -> Key {
    Key::parse(key_type, value).unwrap()
}

pub fn phone(number: u64) -> Key {
    key(KeyType::Phone, &format!("+55119{number:08}"))
}

pub fn account(participant: &str, number: u64) -> Account {
    Account {
        participant: ispb(participant),
        branch: Some("0001".to_owned()),
        number: number.to_string(),
        account_type: AccountType::Cacc,
        opened_at: moment("2020-01-01T03:00:00Z"),
    }
}

/// A person whose CPF has that number; check digits are not the directory's business.
pub fn person(number: u64) -> Owner {
    let tax_id = TaxId::parse(&format!("{number:011}")).unwrap();
    Owner { tax_id, name: "João da Silva".to_owned(), trade_name: None }
}

pub fn firm(number: u64) -> Owner {
    let tax_id = TaxId::parse(&format!("{number:014}")).unwrap();
    Owner { tax_id, name: "Silva & Cia".to_owned(), trade_name: Some("Silva".to_owned()) }
}

/// A new entry of a key: by default the first person's, at its first account there.
pub fn new_entry(participant: &str, key: &Key) -> NewEntry {
    NewEntry {
        request_id: uuid(),
        key_type: key.key_type(),
        key: Some(key.clone()),
        account: account(participant, 1),
        owner: person(1),
        reason: EntryReason::UserRequested,
    }
}

/// Registers a key for a person, at an account of its own.
pub async fn registered(directory: &dyn Directory, participant: &str, key: &Key, owner: Owner) -> Entry {
    let number = u64::from_str_radix(&uuid().simple().to_string()[20..], 16).unwrap();
    let new = NewEntry { account: account(participant, number), owner, ..new_entry(participant, key) };
    directory.create_entry(&new).await.map_err(|error| error.to_string()).unwrap()
}

/// A look-up by the first person at an institution.
pub fn query(participant: &str, key: &Key) -> EntryQuery {
    let end_to_end_id = format!("E{participant}20250315120000000000001");
    EntryQuery { participant: ispb(participant), key: key.clone(), payer: person(9).tax_id, end_to_end_id }
}

/// What a look-up by another institution finds.
pub async fn found(directory: &dyn Directory, key: &Key) -> Result<FoundEntry, DirectoryError> {
    directory.get_entry(&query("99999A03", key)).await
}

pub fn claim_of(claim_type: ClaimType, key: &Key, participant: &str, claimer: Owner) -> NewClaim {
    NewClaim { claim_type, key: key.clone(), claimer, claimer_account: account(participant, 7) }
}

/// The refusal of a call.
pub fn refusal<T>(result: Result<T, DirectoryError>) -> Refusal {
    match result {
        Ok(_) => panic!("it was not refused"),
        Err(DirectoryError::Refused(refusal)) => refusal,
        Err(error) => panic!("it was not refused, but {error}"),
    }
}

/// By its name alone.
pub fn refused<T>(result: Result<T, DirectoryError>) -> RefusalKind {
    refusal(result).kind
}

/// What has no `Debug`, because it names people.
pub fn done<T>(result: Result<T, DirectoryError>) -> T {
    result.map_err(|error| error.to_string()).unwrap()
}
