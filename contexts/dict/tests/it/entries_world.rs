//! A store of a test's own, with a directory in the process or without one, and short ways to use them.

use std::sync::{Arc, Mutex};

use chrono::{DateTime, Utc};
use dict::Dict;
use dict::caller::CallerOf;
use dict::claims::possession::{self, CodeSender, Sending};
use dict::directory::{Directory, NewEntry};
use dict::domain::account::{Account, AccountType};
use dict::domain::bucket::Category;
use dict::domain::ispb::Ispb;
use dict::domain::key::{Key, KeyType};
use dict::domain::owner::Owner;
use dict::domain::reason::EntryReason;
use dict::domain::refusal::RefusalKind;
use dict::domain::tax_id::TaxId;
use dict::entries::{self, Creation};
use dict::failure::Failure;
use dict::simulator::{Simulator, SimulatorOptions};
use dict::store::{EntryStatus, Store, StoredEntry};
use dict::vault::{MasterKey, Vault};
use platform::clock::Clock;
use platform::postgres::Role;
use platform::postgres::pool::{self, PoolOptions, QueryMetrics};
use platform::postgres::settings::PoolSize;
use platform::random::Entropy;
use prometheus_client::registry::Registry;
use testkit::{CountingEntropy, FakeClock, TestDatabase};
use tokio_postgres::Client;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

/// Two institutions of ours.
pub const OURS: &str = "12345678";
pub const OURS_TOO: &str = "87654321";
/// CPFs and a CNPJ with right check digits.
pub const ANA: &str = "52998224725";
pub const BRUNO: &str = "11144477735";
pub const FIRM: &str = "11222333000181";
pub const MASTER: MasterKey = MasterKey([9; 32]);

/// Keeps the last code that was sent.
#[derive(Debug, Default)]
pub struct LastCode(Mutex<String>);

impl CodeSender for LastCode {
    fn send<'a>(&'a self, _key: &'a Key, code: &'a str, _id: &'a str, _expires_at: DateTime<Utc>) -> Sending<'a> {
        code.clone_into(&mut self.0.lock().unwrap());
        Box::pin(std::future::ready(Ok(())))
    }
}

pub struct World {
    pub dict: Dict,
    pub clock: FakeClock,
    pub directory: Option<Simulator>,
    pub codes: Arc<LastCode>,
    /// As the superuser, who may look at everything.
    pub sql: Client,
    // Last: dropped once nobody uses it.
    pub database: TestDatabase,
}

impl World {
    /// With a simulator beside it, in memory.
    pub async fn with_directory() -> Self {
        let clock = FakeClock::default();
        let options = SimulatorOptions { journal: None, policies: false, category: Category::A };
        let directory =
            Simulator::open(&options, Arc::new(clock.clone()), Arc::new(CountingEntropy::default())).unwrap();
        Self::made(clock, Some(directory)).await
    }

    /// Without a directory.
    pub async fn alone() -> Self {
        Self::made(FakeClock::default(), None).await
    }

    async fn made(clock: FakeClock, directory: Option<Simulator>) -> Self {
        let database = TestDatabase::create(&[dict::MIGRATIONS]).await;
        let codes = Arc::new(LastCode::default());
        let dict = Dict {
            store: store(&database, &clock).await,
            directory: directory.clone().map(|it| Arc::new(it) as Arc<dyn Directory>),
            participants: vec![ispb(OURS), ispb(OURS_TOO)],
            clock: Arc::new(clock.clone()),
            entropy: Arc::new(CountingEntropy::default()),
            codes: codes.clone(),
            caller_rate: None,
        };
        let (sql, connection) = database.superuser_config().connect(tokio_postgres::NoTls).await.unwrap();
        tokio::spawn(connection);
        Self { dict, clock, directory, codes, sql, database }
    }

    /// Another server on the same database and directory.
    pub async fn replica(&self) -> Dict {
        Dict { store: store(&self.database, &self.clock).await, ..self.dict.clone() }
    }

    pub fn simulator(&self) -> &Simulator {
        self.directory.as_ref().unwrap()
    }

    /// Registers a key that must come to be.
    pub async fn registered(&self, wish: Wish) -> StoredEntry {
        match self.create(wish).await {
            Ok(Creation::Registered(stored)) => stored,
            Ok(Creation::Pending(_)) => panic!("it is pending"),
            Err(error) => panic!("it is refused: {error}"),
        }
    }

    /// Registers a key; possession of phones and e-mails is proved.
    pub async fn create(&self, wish: Wish) -> Result<Creation, Failure> {
        let possession_id = match &wish.0.key {
            Some(key) if wish.0.reason == EntryReason::UserRequested => {
                self.possession(wish.0.account.participant, key).await
            }
            _ => None,
        };
        entries::create_key(&self.dict, &caller(wish.0.account.participant), wish.0, possession_id).await
    }

    /// A fresh proof, for keys that codes are sent to.
    pub async fn possession(&self, participant: Ispb, key: &Key) -> Option<Uuid> {
        if !matches!(key.key_type(), KeyType::Phone | KeyType::Email) {
            return None;
        }
        Some(self.prove(participant, key, None).await)
    }

    /// A proof by the code that was sent, for a claim where one is named.
    pub async fn prove(&self, participant: Ispb, key: &Key, claim_id: Option<Uuid>) -> Uuid {
        let caller = caller(participant);
        let sent = possession::request_possession_code(&self.dict, &caller, key).await.unwrap();
        let code = self.codes.0.lock().unwrap().clone();
        let id = sent.possession_id.to_string();
        possession::confirm_possession(&self.dict, &caller, key, &id, &code, claim_id).await.unwrap();
        sent.possession_id
    }

    /// A number that a statement counts.
    pub async fn count(&self, statement: &str, parameters: &[&(dyn ToSql + Sync)]) -> i64 {
        self.sql.query_one(statement, parameters).await.unwrap().get(0)
    }

    /// Whether nothing at all is left of a reservation.
    pub async fn is_untouched(&self) -> bool {
        let rows = "SELECT (SELECT count(*) FROM dict.entries) + (SELECT count(*) FROM dict.requests)
                    + (SELECT coalesce(sum(key_count), 0) FROM dict.accounts) + (SELECT count(*) FROM dict.cid_events)
                    + (SELECT count(*) FROM dict.outbox)";
        self.count(rows, &[]).await == 0
    }

    /// What holds at any time: counts are those of the entries and of random keys that are reserved; the CIDs that came
    /// and did not go are the entries'; each change was told once.
    pub async fn assert_sound(&self) {
        let counts = "SELECT count(*) FROM dict.accounts a WHERE key_count <> (
                SELECT count(*) FROM dict.entries e WHERE e.account_hash = a.account_hash)
            AND NOT EXISTS (SELECT FROM dict.requests r WHERE r.status = 'PENDING' AND r.key_hash IS NULL)";
        assert_eq!(self.count(counts, &[]).await, 0, "keys of an account are miscounted");
        let cids = "SELECT count(*) FROM (
                (SELECT key_hash, participant, cid FROM dict.entries WHERE status <> 'PENDING'
                 EXCEPT ALL SELECT key_hash, participant, cid FROM dict.cid_events GROUP BY 1, 2, 3
                 HAVING sum(CASE WHEN added THEN 1 ELSE -1 END) = 1)
                UNION ALL
                (SELECT key_hash, participant, cid FROM dict.cid_events GROUP BY 1, 2, 3
                 HAVING sum(CASE WHEN added THEN 1 ELSE -1 END) <> 0
                 EXCEPT ALL SELECT key_hash, participant, cid FROM dict.entries WHERE status <> 'PENDING')) AS wrong";
        assert_eq!(self.count(cids, &[]).await, 0, "CID events and entries differ");
        let told = "SELECT (SELECT count(*) FROM dict.cid_events WHERE added)
                - (SELECT count(*) FROM dict.outbox WHERE topic IN ('entries.created', 'entries.updated'))";
        assert_eq!(self.count(told, &[]).await, 0, "what came was not told once each");
    }

    /// The topics of the outbox, in the order in which they were written.
    pub async fn topics(&self) -> Vec<String> {
        let rows =
            self.sql.query("SELECT topic FROM dict.outbox ORDER BY created_at, event_number", &[]).await.unwrap();
        rows.iter().map(|row| row.get(0)).collect()
    }
}

async fn store(database: &TestDatabase, clock: &FakeClock) -> Store {
    let options = PoolOptions::new(PoolSize { min_connections: 1, max_connections: 8 }, "dict tests");
    let pool = pool::build(&database.target(Role::AppRw), &options).unwrap();
    let vault = Vault::load(&pool, &MASTER, &CountingEntropy::default(), clock.now()).await.unwrap();
    Store::new(pool, QueryMetrics::register(&mut Registry::default()), Arc::new(vault))
}

pub fn ispb(text: &str) -> Ispb {
    text.parse().unwrap()
}

pub fn caller(participant: Ispb) -> CallerOf {
    CallerOf { participant, subject: "back office".to_owned(), scopes: Vec::new() }
}

pub fn key(key_type: KeyType, value: &str) -> Key {
    Key::parse(key_type, value).unwrap()
}

pub fn phone(number: u32) -> Key {
    key(KeyType::Phone, &format!("+55119{number:08}"))
}

pub fn account(participant: &str, number: &str) -> Account {
    Account {
        participant: ispb(participant),
        branch: Some("0001".to_owned()),
        number: number.to_owned(),
        account_type: AccountType::Cacc,
        opened_at: "2020-01-02T03:00:00Z".parse().unwrap(),
    }
}

pub fn person(tax_id: &str, name: &str) -> Owner {
    Owner { tax_id: TaxId::parse(tax_id).unwrap(), name: name.to_owned(), trade_name: None }
}

pub fn ana() -> Owner {
    person(ANA, "Ana Souza")
}

pub fn firm() -> Owner {
    Owner { trade_name: Some("Padaria Central".to_owned()), ..person(FIRM, "Padaria Central Ltda") }
}

/// A RequestId that nobody else has.
pub fn request_id() -> Uuid {
    let mut bytes = [0; 16];
    platform::random::OsEntropy.fill(&mut bytes).unwrap();
    uuid::Builder::from_random_bytes(bytes).into_uuid()
}

/// What is to be registered: Ana's, in one account of ours, unless said otherwise.
#[derive(Clone)]
pub struct Wish(pub NewEntry);

impl Wish {
    fn of(key_type: KeyType, key: Option<Key>) -> Self {
        let (account, owner) = (account(OURS, "123456"), ana());
        Self(NewEntry { request_id: request_id(), key_type, key, account, owner, reason: EntryReason::UserRequested })
    }

    pub fn key(key: Key) -> Self {
        Self::of(key.key_type(), Some(key))
    }

    pub fn random() -> Self {
        Self::of(KeyType::Evp, None)
    }

    pub fn owned_by(mut self, owner: Owner) -> Self {
        self.0.owner = owner;
        self
    }

    pub fn to(mut self, account: Account) -> Self {
        self.0.account = account;
        self
    }

    pub fn with_id(mut self, request_id: Uuid) -> Self {
        self.0.request_id = request_id;
        self
    }

    pub fn because(mut self, reason: EntryReason) -> Self {
        self.0.reason = reason;
        self
    }
}

/// The refusal of something that is refused.
#[track_caller]
pub fn refusal<T>(outcome: Result<T, Failure>) -> RefusalKind {
    match outcome {
        Err(Failure::Refused(refusal)) => refusal.kind,
        Err(other) => panic!("it failed otherwise: {other}"),
        Ok(_) => panic!("it was done"),
    }
}

/// The fields of something that is not valid.
#[track_caller]
pub fn wrong_fields<T>(outcome: Result<T, Failure>) -> Vec<String> {
    match outcome {
        Err(Failure::Invalid(violations)) => violations.into_iter().map(|it| it.property).collect(),
        Err(other) => panic!("it failed otherwise: {other}"),
        Ok(_) => panic!("it was done"),
    }
}

/// The entry of a key that was registered.
#[track_caller]
pub fn done(outcome: Result<Creation, Failure>) -> StoredEntry {
    match outcome {
        Ok(Creation::Registered(stored)) => {
            assert!(stored.status == EntryStatus::Active, "it is not active");
            stored
        }
        Ok(Creation::Pending(_)) => panic!("it is pending"),
        Err(error) => panic!("it failed: {error}"),
    }
}

/// Something whose answer the directory owes.
#[track_caller]
pub fn pending(outcome: Result<Creation, Failure>) {
    assert!(matches!(outcome, Ok(Creation::Pending(_))), "it is not pending");
}
