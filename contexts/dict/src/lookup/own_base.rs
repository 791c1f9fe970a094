//! The own base's entries, read fast: look-ups that wait at the same moment are read together, over a few connections of
//! their own.
//!
//! A connection reads one batch at a time and then takes whatever waits by then. So a look-up that comes alone is read
//! alone and at once, and the busier it gets the more are read together.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use dict_queries::queries::lookups::{OwnEntriesStmt, OwnEntryBorrowed, OwnEntryStmt, own_entries, own_entry};
use futures_util::future::try_join_all;
use platform::postgres::pool::QueryMetrics;
use platform::postgres::target::Target;
use tokio::sync::{Mutex, mpsc, oneshot};
use tokio::time::timeout;
use tokio_postgres::error::SqlState;

use crate::batch::next_batch;
use crate::domain::account::Account;
use crate::domain::ispb::Ispb;
use crate::domain::key::KeyType;
use crate::domain::owner::Owner;
use crate::failure::Failure;
use crate::store::entries::{Content, inconsistent};
use crate::store::{EntryStatus, StoreError};
use crate::vault::{Hash, Vault};

/// Look-ups that may wait; more are refused at once.
const WAITING_MAX: usize = 4_096;
/// Look-ups that are read together at most.
const BATCH_MAX: usize = 128;
/// So many are asked for singly, one behind the other on the wire without waiting: a statement for many gets an index scan
/// for each partition ready before it reads the first row, which costs as much as four or five of one key.
const SINGLY_MAX: usize = 4;
/// How long a connection and its statements may take to be made.
const CONNECT: Duration = Duration::from_secs(1);
/// How long a batch may take.
const BATCH: Duration = Duration::from_millis(1_500);
/// How long a look-up waits for its answer, its turn included.
const DEADLINE: Duration = Duration::from_secs(2);
/// After a connection could not be made, how long nobody tries.
const CONNECT_PAUSE: Duration = Duration::from_millis(100);
/// When trying again makes sense where reading failed or is too much, in milliseconds.
const RETRY_MS: u64 = 250;
/// The planner may not take the emptiness of a young table for its nature: the plan that is made first is kept.
const SESSION: &str = "-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c enable_hashjoin=off \
                       -c enable_mergejoin=off -c jit=off -c statement_timeout=1000";

/// What a look-up needs of an entry's row. Personal data is sealed in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnRow {
    /// Which key.
    pub key_hash: Hash,
    /// Whose entry it is.
    pub participant: Ispb,
    /// Where it stands.
    pub status: EntryStatus,
    key_type: KeyType,
    data_key_id: i32,
    sealed: Vec<u8>,
    /// When it came to be.
    pub created_at: DateTime<Utc>,
    /// Since when its owner has the key.
    pub key_owned_since: DateTime<Utc>,
}

impl OwnRow {
    fn read(row: OwnEntryBorrowed<'_>) -> Option<Self> {
        Some(Self {
            key_hash: row.key_hash.try_into().ok()?,
            participant: row.participant.parse().ok()?,
            status: EntryStatus::parse(row.status)?,
            key_type: KeyType::parse(row.key_type)?,
            data_key_id: row.data_key_id,
            sealed: row.sealed.to_vec(),
            created_at: row.created_at,
            key_owned_since: row.key_owned_since,
        })
    }

    /// What is sealed in it.
    ///
    /// # Errors
    /// If it was changed, or is in no form that this version knows.
    pub fn open(&self, vault: &Vault) -> Result<(Account, Owner), Failure> {
        let plain = vault.open(&self.key_hash, self.data_key_id, &self.sealed)?;
        let content: Option<Content<'_>> = serde_json::from_slice(&plain).ok();
        let read = content.and_then(|content| content.read(self.key_type, self.participant));
        let (_, account, owner) = read.ok_or_else(|| inconsistent("an entry"))?;
        Ok((account, owner))
    }
}

/// Why the own base did not answer a look-up.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OwnBaseError {
    /// Too many wait already.
    #[error("{WAITING_MAX} look-ups are waiting for the own base")]
    Crowded,
    /// No answer in time.
    #[error("the own base did not answer a look-up within {} ms", DEADLINE.as_millis())]
    Slow,
    /// It could not be reached or did not understand.
    #[error("the own base could not be read: {0}")]
    Failed(Arc<str>),
    /// A row holds what no version of this program writes.
    #[error("an entry of the own base is not in a form that this version knows")]
    Inconsistent,
}

impl From<OwnBaseError> for Failure {
    fn from(error: OwnBaseError) -> Self {
        match error {
            OwnBaseError::Inconsistent => inconsistent("an entry").into(),
            _ => Self::Unavailable { what: "postgresql", retry_after_ms: Some(RETRY_MS) },
        }
    }
}

type Answer = Result<Option<OwnRow>, OwnBaseError>;

struct Asked {
    key_hash: Hash,
    answer: oneshot::Sender<Answer>,
}

/// The reader. Its connections end with it.
pub struct OwnBase {
    queue: mpsc::Sender<Asked>,
}

impl fmt::Debug for OwnBase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OwnBase").field("free", &self.queue.capacity()).finish()
    }
}

impl OwnBase {
    /// Reads from that database over so many connections, at least one. Call it within the runtime; it does not wait for
    /// the database to be there.
    #[must_use]
    pub fn start(target: &Target, connections: usize, queries: &QueryMetrics) -> Self {
        let (queue, waiting) = mpsc::channel(WAITING_MAX);
        let waiting = Arc::new(Mutex::new(waiting));
        let target = target.with_session("bgc dict look-ups", SESSION);
        for _ in 0..connections.max(1) {
            let reader = Reader {
                target: target.clone(),
                queries: queries.clone(),
                connection: None,
                failed_at: None,
                failing: false,
            };
            tokio::spawn(reader.run(Arc::clone(&waiting)));
        }
        Self { queue }
    }

    /// The row of a key, whoever's it is.
    ///
    /// # Errors
    /// If it cannot be read in time.
    pub async fn read(&self, key_hash: Hash) -> Answer {
        let (answer, answered) = oneshot::channel();
        self.queue.try_send(Asked { key_hash, answer }).map_err(|_| OwnBaseError::Crowded)?;
        match timeout(DEADLINE, answered).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(_)) => Err(OwnBaseError::Failed("its reader ended".into())),
            Err(_) => Err(OwnBaseError::Slow),
        }
    }
}

/// One connection and who keeps it.
struct Reader {
    target: Target,
    queries: QueryMetrics,
    connection: Option<Connection>,
    /// When a connection could last not be made.
    failed_at: Option<Instant>,
    failing: bool,
}

struct Connection {
    client: tokio_postgres::Client,
    one: OwnEntryStmt,
    many: OwnEntriesStmt,
}

impl Reader {
    async fn run(mut self, waiting: Arc<Mutex<mpsc::Receiver<Asked>>>) {
        // So that the first look-up need not wait for it.
        let connected = self.connect().await;
        self.told(connected.as_ref().err());
        loop {
            let batch = next_batch(&mut *waiting.lock().await, BATCH_MAX).await;
            let Some(mut batch) = batch else { return };
            // Who gave up need not be read for.
            batch.retain(|asked| !asked.answer.is_closed());
            batch.sort_unstable_by_key(|asked| asked.key_hash);
            let mut key_hashes: Vec<Hash> = batch.iter().map(|asked| asked.key_hash).collect();
            key_hashes.dedup();
            let rows = self.rows(&key_hashes).await;
            self.told(rows.as_ref().err());
            distribute(batch, rows);
        }
    }

    /// Says once that reading fails, and once that it works again.
    fn told(&mut self, error: Option<&OwnBaseError>) {
        match error {
            Some(error) if !self.failing => tracing::warn!(%error, "look-ups cannot be read from the own base"),
            None if self.failing => tracing::info!("look-ups are read from the own base again"),
            _ => {}
        }
        self.failing = error.is_some();
    }

    /// Once more on a new connection where the old one turns out to be broken.
    async fn rows(&mut self, key_hashes: &[Hash]) -> Result<Vec<OwnRow>, OwnBaseError> {
        if key_hashes.is_empty() {
            return Ok(Vec::new());
        }
        let mut outcome = self.rows_once(key_hashes).await;
        if self.connection.is_none() && matches!(outcome, Err(OwnBaseError::Failed(_))) {
            outcome = self.rows_once(key_hashes).await;
        }
        outcome
    }

    async fn rows_once(&mut self, key_hashes: &[Hash]) -> Result<Vec<OwnRow>, OwnBaseError> {
        if self.connection.as_ref().is_none_or(|connection| connection.client.is_closed()) {
            self.connect().await?;
        }
        let Some(connection) = &self.connection else { return Err(OwnBaseError::Slow) };
        let asked = timeout(BATCH, connection.rows(key_hashes));
        match self.queries.timed("own_entries", asked).await {
            Ok(Ok(rows)) => rows.into_iter().map(|row| row.ok_or(OwnBaseError::Inconsistent)).collect(),
            Ok(Err(error)) => {
                // But for its own deadline, what a server refuses of these statements has to do with the connection:
                // the server stops, or the table changed under them.
                if error.code() != Some(&SqlState::QUERY_CANCELED) {
                    self.connection = None;
                }
                Err(OwnBaseError::Failed(StoreError::from(error).to_string().into()))
            }
            Err(_) => {
                self.connection = None;
                Err(OwnBaseError::Slow)
            }
        }
    }

    async fn connect(&mut self) -> Result<(), OwnBaseError> {
        self.connection = None;
        if self.failed_at.is_some_and(|at| at.elapsed() < CONNECT_PAUSE) {
            return Err(OwnBaseError::Failed("there is no connection to PostgreSQL".into()));
        }
        let made = timeout(CONNECT, Connection::open(&self.target)).await;
        let error = match made {
            Ok(Ok(connection)) => {
                (self.connection, self.failed_at) = (Some(connection), None);
                return Ok(());
            }
            Ok(Err(error)) => OwnBaseError::Failed(StoreError::from(error).to_string().into()),
            Err(_) => OwnBaseError::Slow,
        };
        self.failed_at = Some(Instant::now());
        Err(error)
    }
}

impl Connection {
    async fn open(target: &Target) -> Result<Self, tokio_postgres::Error> {
        let client = target.connect().await?;
        let (one, many) = (own_entry().prepare(&client).await?, own_entries().prepare(&client).await?);
        Ok(Self { client, one, many })
    }

    async fn row(&self, key_hash: &Hash) -> Result<Vec<Option<OwnRow>>, tokio_postgres::Error> {
        self.one.bind(&self.client, &key_hash.as_slice()).map(OwnRow::read).all().await
    }

    async fn rows(&self, key_hashes: &[Hash]) -> Result<Vec<Option<OwnRow>>, tokio_postgres::Error> {
        if key_hashes.len() <= SINGLY_MAX {
            let rows = try_join_all(key_hashes.iter().map(|key_hash| self.row(key_hash))).await?;
            return Ok(rows.into_iter().flatten().collect());
        }
        let key_hashes: Vec<&[u8]> = key_hashes.iter().map(Hash::as_slice).collect();
        self.many.bind(&self.client, &key_hashes).map(OwnRow::read).all().await
    }
}

/// Gives each its row; `batch` is in the order of its hashes.
fn distribute(batch: Vec<Asked>, rows: Result<Vec<OwnRow>, OwnBaseError>) {
    let mut rows = match rows {
        Ok(rows) => rows,
        Err(error) => {
            for asked in batch {
                answer(asked, Err(error.clone()));
            }
            return;
        }
    };
    rows.sort_unstable_by_key(|row| row.key_hash);
    let mut batch = batch.into_iter().peekable();
    let mut rows = rows.into_iter().peekable();
    while let Some(asked) = batch.next() {
        while rows.next_if(|row| row.key_hash < asked.key_hash).is_some() {}
        let another = batch.peek().is_some_and(|next| next.key_hash == asked.key_hash);
        let row = match rows.peek() {
            Some(row) if row.key_hash == asked.key_hash && another => Some(row.clone()),
            Some(row) if row.key_hash == asked.key_hash => rows.next(),
            _ => None,
        };
        answer(asked, Ok(row));
    }
}

fn answer(asked: Asked, answer: Answer) {
    // Who asked may be gone.
    if asked.answer.send(answer).is_err() {}
}
