//! Institutions with bases of their own, the simulated directory between them, and one clock for all.

use std::sync::{Arc, Mutex};

use chrono::{DateTime, TimeDelta, Utc};
use dict::Dict;
use dict::caller::CallerOf;
use dict::claims::possession::{self, CodeSender, SendError, Sending};
use dict::claims::start::start_claim;
use dict::directory::{Directory, NewClaim, NewEntry};
use dict::domain::account::{Account, AccountType};
use dict::domain::bucket::Category;
use dict::domain::claim::{Claim, ClaimStatus, ClaimType};
use dict::domain::ispb::Ispb;
use dict::domain::key::{Key, KeyType};
use dict::domain::owner::Owner;
use dict::domain::reason::EntryReason;
use dict::domain::refusal::RefusalKind;
use dict::domain::tax_id::TaxId;
use dict::entries::{Creation, create_key};
use dict::failure::Failure;
use dict::jobs::due::carry_out_due;
use dict::jobs::poll::poll_and_acknowledge;
use dict::simulator::{Simulator, SimulatorOptions};
use dict::store::Store;
use dict::vault::{MasterKey, Vault};
use platform::clock::Clock;
use platform::postgres::Role;
use platform::postgres::pool::{self, PoolOptions, QueryMetrics};
use platform::postgres::settings::PoolSize;
use platform::random::Entropy;
use prometheus_client::registry::Registry;
use testkit::{CountingEntropy, FakeClock, TestDatabase};
use uuid::Uuid;

pub const DONOR: &str = "11111111";
pub const CLAIMER: &str = "2222222A";

/// Remembers codes instead of sending them.
#[derive(Debug, Default)]
pub struct Codes {
    sent: Mutex<Vec<String>>,
    pub broken: std::sync::atomic::AtomicBool,
}

impl CodeSender for Codes {
    fn send<'a>(&'a self, _: &'a Key, code: &'a str, _: &'a str, _: DateTime<Utc>) -> Sending<'a> {
        self.sent.lock().unwrap().push(code.to_owned());
        let broken = self.broken.load(std::sync::atomic::Ordering::Relaxed);
        let sent = if broken { Err(SendError("no line".into())) } else { Ok(()) };
        Box::pin(async move { sent })
    }
}

impl Codes {
    /// The last code that was sent.
    pub fn last(&self) -> String {
        self.sent.lock().unwrap().last().unwrap().clone()
    }
}

/// One directory and one clock.
pub struct World {
    pub clock: FakeClock,
    pub simulator: Simulator,
    entropy: Arc<CountingEntropy>,
}

/// A server with its base, which speaks for one institution or more.
pub struct Bank {
    pub dict: Dict,
    pub codes: Arc<Codes>,
    pub database: Arc<TestDatabase>,
}

impl World {
    pub fn new() -> Self {
        let (clock, entropy) = (FakeClock::default(), Arc::new(CountingEntropy::default()));
        let options = SimulatorOptions { journal: None, policies: false, category: Category::H };
        let simulator = Simulator::open(&options, Arc::new(clock.clone()), entropy.clone()).unwrap();
        Self { clock, simulator, entropy }
    }

    /// A server that reaches the directory.
    pub async fn bank(&self, participants: &[&str]) -> Bank {
        self.bank_with(participants, Some(Arc::new(self.simulator.clone()))).await
    }

    /// A server without a directory.
    pub async fn alone(&self, participants: &[&str]) -> Bank {
        self.bank_with(participants, None).await
    }

    /// The same, as both sides of a test see it.
    pub async fn alone_twice(&self, participants: &[&str]) -> (Bank, Bank) {
        let bank = self.alone(participants).await;
        let same = Bank { dict: bank.dict.clone(), codes: bank.codes.clone(), database: bank.database.clone() };
        (bank, same)
    }

    async fn bank_with(&self, participants: &[&str], directory: Option<Arc<dyn Directory>>) -> Bank {
        let database = Arc::new(TestDatabase::create(&[dict::MIGRATIONS]).await);
        let options = PoolOptions::new(PoolSize { min_connections: 1, max_connections: 12 }, "dict tests");
        let pool = pool::build(&database.target(Role::AppRw), &options).unwrap();
        let entropy: Arc<dyn Entropy> = self.entropy.clone();
        let vault = Vault::load(&pool, &MasterKey([9; 32]), &*entropy, self.clock.now()).await.unwrap();
        let queries = QueryMetrics::register(&mut Registry::default());
        let codes = Arc::new(Codes::default());
        let dict = Dict {
            store: Store::new(pool, queries, Arc::new(vault)),
            directory,
            participants: participants.iter().map(|text| ispb(text)).collect(),
            clock: Arc::new(self.clock.clone()),
            entropy,
            codes: codes.clone(),
            caller_rate: None,
        };
        Bank { dict, codes, database }
    }

    pub fn days(&self, days: i64) {
        self.clock.advance(TimeDelta::days(days));
    }

    pub fn uuid(&self) -> Uuid {
        let mut bytes = [0; 16];
        self.entropy.fill(&mut bytes).unwrap();
        uuid::Builder::from_random_bytes(bytes).into_uuid()
    }

    /// Registers a key, as RECONCILIATION so that no code is needed.
    pub async fn register(&self, bank: &Bank, participant: &str, key: &Key, owner: &Owner) {
        let new = NewEntry {
            request_id: self.uuid(),
            key_type: key.key_type(),
            key: Some(key.clone()),
            account: account(participant, "1"),
            owner: owner.clone(),
            reason: EntryReason::Reconciliation,
        };
        let created = create_key(&bank.dict, &caller(participant), new, None).await;
        assert!(matches!(created.unwrap(), Creation::Registered(_)));
    }

    /// A claim of Bia's at CLAIMER.
    pub async fn start(&self, bank: &Bank, wish: &NewClaim) -> Result<Claim, Failure> {
        start_claim(&bank.dict, &caller(wish.claimer_account.participant.as_str()), self.uuid(), wish).await
    }
}

impl Bank {
    /// What the jobs do about claims, until nothing is left to be done.
    pub async fn jobs(&self) {
        poll_and_acknowledge(&self.dict).await.unwrap();
        carry_out_due(&self.dict).await.unwrap();
        poll_and_acknowledge(&self.dict).await.unwrap();
    }

    /// The claim as this base has it.
    pub async fn claim(&self, participant: &str, id: Uuid) -> Option<Claim> {
        self.dict.store.claim(ispb(participant), id).await.unwrap().map(|stored| stored.claim)
    }

    pub async fn status(&self, participant: &str, id: Uuid) -> Option<ClaimStatus> {
        self.claim(participant, id).await.map(|claim| claim.status)
    }

    /// Who has a key by this base.
    pub async fn holder(&self, key: &Key) -> Option<String> {
        let stored = self.dict.store.entry(key).await.unwrap();
        stored.map(|stored| stored.entry.account.participant.to_string())
    }

    pub async fn keys_of(&self, participant: &str) -> u32 {
        self.dict.store.keys_of_account(&account(participant, "1")).await.unwrap()
    }

    /// A proof of possession that nothing was done with yet.
    pub async fn prove(&self, participant: &str, key: &Key, claim_id: Option<Uuid>) -> String {
        let caller = caller(participant);
        let sent = possession::request_possession_code(&self.dict, &caller, key).await.unwrap();
        let (id, code) = (sent.possession_id.to_string(), self.codes.last());
        possession::confirm_possession(&self.dict, &caller, key, &id, &code, claim_id).await.unwrap();
        id
    }

    /// The topics in the outbox, in their order.
    pub async fn topics(&self) -> Vec<String> {
        self.strings("SELECT topic FROM dict.outbox ORDER BY event_number").await
    }

    /// CIDs that came (+) and went (-) for an institution, in their order.
    pub async fn cid_events(&self, participant: &str) -> String {
        let statement = format!(
            "SELECT CASE WHEN added THEN '+' ELSE '-' END FROM dict.cid_events WHERE participant = '{participant}'
             ORDER BY event_number"
        );
        self.strings(&statement).await.concat()
    }

    pub async fn strings(&self, statement: &str) -> Vec<String> {
        let client = self.database.connect(Role::MigrationAdmin).await;
        let rows = client.query(statement, &[]).await.unwrap();
        rows.iter().map(|row| row.get::<_, String>(0)).collect()
    }

    pub async fn execute(&self, statement: &str) {
        self.database.connect(Role::MigrationAdmin).await.batch_execute(statement).await.unwrap();
    }

    /// This base and the directory have the same entries.
    pub async fn agrees_with(&self, world: &World) {
        for &participant in &self.dict.participants {
            for key_type in KeyType::ALL {
                let (vsync, _) = self.dict.store.vsync(participant, key_type).await.unwrap();
                let verified = world.simulator.verify_sync(participant, key_type, vsync).await.unwrap();
                assert!(verified.agreed, "{participant} and the directory differ in {}", key_type.name());
            }
        }
    }
}

pub fn ispb(text: &str) -> Ispb {
    text.parse().unwrap()
}

pub fn caller(participant: &str) -> CallerOf {
    CallerOf { participant: ispb(participant), subject: "tester".into(), scopes: Vec::new() }
}

pub fn account(participant: &str, number: &str) -> Account {
    Account {
        participant: ispb(participant),
        branch: Some("0001".into()),
        number: number.into(),
        account_type: AccountType::Cacc,
        opened_at: DateTime::from_timestamp(1_600_000_000, 0).unwrap(),
    }
}

pub fn ana() -> Owner {
    Owner { tax_id: TaxId::parse("52998224725").unwrap(), name: "Ana Souza".into(), trade_name: None }
}

pub fn bia() -> Owner {
    Owner { tax_id: TaxId::parse("11144477735").unwrap(), name: "Bia Lima".into(), trade_name: None }
}

pub fn phone() -> Key {
    key(KeyType::Phone, "+5511987654321")
}

pub fn cpf() -> Key {
    key(KeyType::Cpf, "52998224725")
}

pub fn key(key_type: KeyType, value: &str) -> Key {
    Key::parse(key_type, value).unwrap()
}

/// Bia, at CLAIMER, says that Ana's phone is hers.
pub fn ownership() -> NewClaim {
    let claimer_account = account(CLAIMER, "1");
    NewClaim { claim_type: ClaimType::Ownership, key: phone(), claimer: bia(), claimer_account }
}

/// Ana wants her key at CLAIMER.
pub fn portability(key: Key) -> NewClaim {
    NewClaim { claim_type: ClaimType::Portability, key, claimer: ana(), claimer_account: account(CLAIMER, "1") }
}

/// What a use case was refused for.
#[track_caller]
pub fn refusal<T>(outcome: Result<T, Failure>) -> RefusalKind {
    match outcome {
        Err(Failure::Refused(refusal)) => refusal.kind,
        Err(other) => panic!("no refusal: {other}"),
        Ok(_) => panic!("no refusal: it was done"),
    }
}

/// The only field that a use case found wrong.
#[track_caller]
pub fn wrong_field<T>(outcome: Result<T, Failure>) -> String {
    match outcome {
        Err(Failure::Invalid(violations)) if violations.len() == 1 => violations[0].property.clone(),
        Err(other) => panic!("no wrong field: {other}"),
        Ok(_) => panic!("no wrong field: it was done"),
    }
}
