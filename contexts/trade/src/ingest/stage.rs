//! Facts on their way into staging tables: read on one thread, copied over two connections.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use futures_util::SinkExt;
use rayon::slice::ParallelSliceMut;
use tokio::sync::{Mutex, mpsc};
use tokio_postgres::CopyInSink;
use trade_queries::queries::publish;

use super::copy;
use super::guard::Variety;
use super::summary::Batch;
use crate::cube::segment::CubeRow;
use crate::domain::code::{CountryCode, Ncm, SectorId};
use crate::domain::country;
use crate::domain::fact::{Fact, SECTOR_DERIVED};
use crate::domain::reference::Reference;
use crate::store::{Store, StoreError, convert};

/// Connections that copy at once: PostgreSQL spends one process on each, and this machine's smallest has two cores.
const COPY_CONNECTIONS: usize = 2;
/// Rows that travel together.
const CHUNK_ROWS: usize = 16_384;
/// Rows of one year that are sorted together. Sorted rows make every page of the table speak of few countries,
/// which is what its block-range indexes live on; they cost a tenth of trees over the same columns.
const RUN_ROWS: usize = 1 << 20;
/// Rows that wait for their run to fill, over all years: at 40 bytes each, 160 MB.
const PENDING_ROWS: usize = 4 * RUN_ROWS;
/// Chunks waiting for a connection.
const CHUNK_QUEUE: usize = 8;
/// Bytes of one message to PostgreSQL.
const MESSAGE_BYTES: usize = 256 * 1024;

/// Rows of one year, with the names they need.
struct Chunk {
    year: u16,
    facts: Vec<Fact>,
    labels: Arc<Labels>,
}

/// Names as they go into the denormalised columns.
#[derive(Debug, Clone)]
struct Labels {
    countries: HashMap<CountryCode, Arc<str>>,
    sectors: Vec<Arc<str>>,
}

impl Labels {
    /// The place of each code's name in the order of names.
    fn places(&self) -> HashMap<CountryCode, usize> {
        let mut codes: Vec<(&str, CountryCode)> = self.countries.iter().map(|(code, name)| (&**name, *code)).collect();
        codes.sort_unstable();
        codes.into_iter().enumerate().map(|(place, (_, code))| (code, place)).collect()
    }
}

/// Sorts facts by year and hands them on; keeps what the cube needs of them.
pub(super) struct Stager {
    reference: Arc<Reference>,
    labels: Arc<Labels>,
    pending: BTreeMap<u16, Vec<Fact>>,
    pending_rows: usize,
    rows: BTreeMap<u16, Vec<CubeRow>>,
    ncms: BTreeSet<Ncm>,
    last_ncm: Ncm,
    sector_of: HashMap<Ncm, SectorId>,
    new_countries: Vec<(CountryCode, String)>,
    new_sectors: Vec<(SectorId, String)>,
    row_parity: u64,
    sender: mpsc::Sender<Chunk>,
}

/// What the file brought, for the cube and for the publication.
pub(super) struct Staged {
    /// Rows of the cube by year, not aggregated yet.
    pub rows: BTreeMap<u16, Vec<CubeRow>>,
    /// Every NCM of the file.
    pub ncms: BTreeSet<Ncm>,
    /// Country names that no table knows.
    pub new_countries: Vec<(CountryCode, String)>,
    /// Sector names that the store does not know.
    pub new_sectors: Vec<(SectorId, String)>,
    /// XOR of a hash of every row: zero where every row stands an even number of times.
    pub row_parity: u64,
    labels: Arc<Labels>,
}

/// A hash of every value of a row (the finalizer of SplitMix64, value by value).
fn row_hash(fact: &Fact) -> u64 {
    let codes = u64::from(fact.ncm.0) << 32 | u64::from(fact.urf);
    let places = u64::from(fact.month.0) << 48 | u64::from(fact.country) << 32 | u64::from(fact.uf.0) << 24;
    let kinds = u64::from(fact.via) << 16 | u64::from(fact.unit) << 8 | u64::from(fact.sector);
    let values = [fact.fob_cents, fact.weight_g, fact.quantity].map(i64::cast_unsigned);
    values.into_iter().chain([codes, places | kinds]).fold(0x9e37_79b9_7f4a_7c15, |hash: u64, value| {
        let mixed = (hash ^ value).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    })
}

/// Totals of one country and sector, as the reports keep them.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Total {
    pub fob_cents: i64,
    pub weight_g: i64,
    pub rows: i64,
}

impl Staged {
    /// How many products and countries the file has in a year.
    pub fn variety(&self, year: u16) -> Variety {
        let rows = self.rows.get(&year).map(Vec::as_slice).unwrap_or_default();
        let products: HashSet<Ncm> = rows.iter().map(|row| row.ncm).collect();
        let countries: HashSet<CountryCode> = rows.iter().map(|row| row.country).collect();
        Variety { products: products.len(), countries: countries.len() }
    }

    /// The countries of the file, each by the code that stands for it.
    pub fn countries(&self) -> BTreeSet<CountryCode> {
        self.rows.values().flatten().map(|row| row.country).collect()
    }

    /// Every `CO_PAIS` of the file's countries.
    pub fn country_codes(&self, reference: &Reference) -> Result<Vec<i16>, StoreError> {
        let countries = self.countries();
        let merged = reference.merged.iter().filter(|(_, code)| countries.contains(code)).map(|(merged, _)| *merged);
        countries.iter().copied().chain(merged).map(|code| convert(code, "CO_PAIS")).collect()
    }

    /// What the rows of a year add up to by the names that were copied with them. No sum can overflow: the
    /// segment of the same rows is refused when their total is out of bounds.
    pub fn totals(&self, year: u16) -> BTreeMap<(Arc<str>, Arc<str>), Total> {
        let mut by_code: HashMap<(CountryCode, SectorId), Total> = HashMap::new();
        for row in self.rows.get(&year).into_iter().flatten() {
            let total = by_code.entry((row.country, row.sector)).or_default();
            total.fob_cents = total.fob_cents.saturating_add(row.fob_cents);
            total.weight_g = total.weight_g.saturating_add(row.weight_g);
            total.rows += 1;
        }
        let mut by_name: BTreeMap<(Arc<str>, Arc<str>), Total> = BTreeMap::new();
        for ((country, sector), part) in by_code {
            let country = self.labels.countries.get(&country).cloned().unwrap_or_default();
            let sector = self.labels.sectors.get(usize::from(sector)).cloned().unwrap_or_default();
            let total = by_name.entry((country, sector)).or_default();
            total.fob_cents = total.fob_cents.saturating_add(part.fob_cents);
            total.weight_g = total.weight_g.saturating_add(part.weight_g);
            total.rows += part.rows;
        }
        by_name
    }
}

/// The connections at work; [`Copies::finish`] waits for them.
pub(super) struct Copies {
    workers: tokio::task::JoinSet<Result<u64, StoreError>>,
}

/// Starts the copying connections and the stager that feeds them.
pub(super) fn start(store: &Store, reference: Arc<Reference>, version: i64) -> (Stager, Copies) {
    let (sender, receiver) = mpsc::channel(CHUNK_QUEUE);
    let receiver = Arc::new(Mutex::new(receiver));
    let opened = Arc::new(Mutex::new(HashMap::new()));
    let mut workers = tokio::task::JoinSet::new();
    for _ in 0..COPY_CONNECTIONS {
        workers.spawn(copy_chunks(store.clone(), Arc::clone(&receiver), Arc::clone(&opened), version));
    }
    (Stager::new(reference, sender), Copies { workers })
}

impl Copies {
    /// Waits until everything is copied; the number of rows.
    ///
    /// # Errors
    /// The first error of a connection.
    pub async fn finish(mut self) -> Result<u64, StoreError> {
        let mut copied = 0;
        while let Some(worker) = self.workers.join_next().await {
            copied +=
                worker.map_err(|error| StoreError::Inconsistent(format!("a copying task ended early: {error}")))??;
        }
        Ok(copied)
    }
}

impl Stager {
    fn new(reference: Arc<Reference>, sender: mpsc::Sender<Chunk>) -> Self {
        let mut countries: HashMap<CountryCode, Arc<str>> =
            reference.countries.iter().map(|(code, country)| (*code, Arc::from(country.name_pt.as_str()))).collect();
        for (code, canonical) in &reference.merged {
            if let Some(name) = countries.get(canonical).cloned() {
                countries.insert(*code, name);
            }
        }
        let sectors = reference.sectors.iter().map(|name| Arc::from(name.as_str())).collect();
        Self {
            reference,
            labels: Arc::new(Labels { countries, sectors }),
            pending: BTreeMap::new(),
            pending_rows: 0,
            rows: BTreeMap::new(),
            ncms: BTreeSet::new(),
            last_ncm: Ncm(u32::MAX),
            sector_of: HashMap::new(),
            new_countries: Vec::new(),
            new_sectors: Vec::new(),
            row_parity: 0,
            sender,
        }
    }

    /// Takes the next facts of the file. Blocks while the connections are behind.
    ///
    /// # Errors
    /// When the connections have stopped; [`Copies::finish`] then says why.
    pub fn push(&mut self, batch: Batch) -> Result<(), Stopped> {
        self.learn(batch.new_countries, batch.new_sectors, &batch.facts);
        for mut fact in batch.facts {
            if fact.sector == SECTOR_DERIVED {
                fact.sector = self.derived_sector(fact.ncm);
            }
            self.row_parity ^= row_hash(&fact);
            let year = fact.month.year();
            let row = CubeRow {
                fob_cents: fact.fob_cents,
                weight_g: fact.weight_g,
                ncm: fact.ncm,
                country: self.reference.country_of(fact.country),
                month: fact.month.month(),
                uf: fact.uf,
                via: fact.via,
                sector: fact.sector,
                urf: fact.urf,
                ..CubeRow::BLANK
            };
            self.rows.entry(year).or_default().push(row.with_quantity(fact.quantity, fact.unit));
            if fact.ncm != self.last_ncm {
                self.ncms.insert(fact.ncm);
                self.last_ncm = fact.ncm;
            }
            let pending = self.pending.entry(year).or_default();
            pending.push(fact);
            self.pending_rows += 1;
            if pending.len() >= RUN_ROWS {
                self.send_run(year)?;
            }
        }
        while self.pending_rows >= PENDING_ROWS {
            let longest = self.pending.iter().max_by_key(|(_, facts)| facts.len()).map(|(year, _)| *year);
            let Some(year) = longest else { break };
            self.send_run(year)?;
        }
        Ok(())
    }

    /// Sends what is left and gives up what the file brought.
    ///
    /// # Errors
    /// As [`Stager::push`].
    pub fn finish(mut self) -> Result<Staged, Stopped> {
        let years: Vec<u16> = self.pending.keys().copied().collect();
        for year in years {
            self.send_run(year)?;
        }
        Ok(Staged {
            rows: self.rows,
            ncms: self.ncms,
            new_countries: self.new_countries,
            new_sectors: self.new_sectors,
            row_parity: self.row_parity,
            labels: self.labels,
        })
    }

    /// Sorts what waits of a year by the names its indexes are on, and sends it.
    fn send_run(&mut self, year: u16) -> Result<(), Stopped> {
        let mut facts = self.pending.remove(&year).unwrap_or_default();
        self.pending_rows -= facts.len();
        let place = self.labels.places();
        facts.par_sort_unstable_by_key(|fact| (fact.sector, place.get(&fact.country).copied()));
        for part in facts.chunks(CHUNK_ROWS) {
            let chunk = Chunk { year, facts: part.to_vec(), labels: Arc::clone(&self.labels) };
            self.sender.blocking_send(chunk).map_err(|_| Stopped)?;
        }
        Ok(())
    }

    /// Makes names for what the tables do not know: names that the file brought, and bare codes.
    fn learn(&mut self, countries: Vec<(CountryCode, String)>, sectors: Vec<(SectorId, String)>, facts: &[Fact]) {
        let unknown = |fact: &&Fact| !self.labels.countries.contains_key(&fact.country);
        let bare: BTreeSet<CountryCode> = facts.iter().filter(unknown).map(|fact| fact.country).collect();
        if countries.is_empty() && sectors.is_empty() && bare.is_empty() {
            return;
        }
        let labels = Arc::make_mut(&mut self.labels);
        for (code, name) in &countries {
            labels.countries.insert(*code, Arc::from(name.as_str()));
        }
        for code in bare {
            labels.countries.entry(code).or_insert_with(|| Arc::from(country::unlisted(code).name_pt));
        }
        for (_, name) in &sectors {
            labels.sectors.push(Arc::from(name.as_str()));
        }
        self.new_countries.extend(countries);
        self.new_sectors.extend(sectors);
    }

    fn derived_sector(&mut self, ncm: Ncm) -> SectorId {
        *self.sector_of.entry(ncm).or_insert_with(|| self.reference.sector_of(ncm))
    }
}

/// The connections stopped taking rows.
#[derive(Debug, thiserror::Error)]
#[error("the database stopped taking rows")]
pub(super) struct Stopped;

/// One COPY under way.
type Sink = std::pin::Pin<Box<CopyInSink<Bytes>>>;

/// Takes chunks and copies each into its year's staging table, which the first to need it opens.
async fn copy_chunks(
    store: Store,
    receiver: Arc<Mutex<mpsc::Receiver<Chunk>>>,
    opened: Arc<Mutex<HashMap<u16, String>>>,
    version: i64,
) -> Result<u64, StoreError> {
    let client = store.pool.get().await?;
    let mut current: Option<(u16, Sink, BytesMut)> = None;
    let mut copied = 0;
    loop {
        let chunk = receiver.lock().await.recv().await;
        let Some(chunk) = chunk else { break };
        if current.as_ref().is_none_or(|(year, ..)| *year != chunk.year) {
            if let Some((_, sink, buffer)) = current.take() {
                copied += end_copy(sink, buffer).await?;
            }
            let table = staging_table(&store, &opened, chunk.year, version).await?;
            let statement = format!("COPY {table} ({}) FROM STDIN (FORMAT binary)", copy::COLUMNS);
            let sink = Box::pin(client.copy_in(&statement).await?);
            let mut buffer = BytesMut::with_capacity(MESSAGE_BYTES + 1024);
            copy::header(&mut buffer);
            current = Some((chunk.year, sink, buffer));
        }
        if let Some((_, sink, buffer)) = &mut current {
            for fact in &chunk.facts {
                let country = chunk.labels.countries.get(&fact.country).map_or("", |name| name);
                let sector = chunk.labels.sectors.get(usize::from(fact.sector)).map_or("", |name| name);
                copy::encode(buffer, fact, country, sector);
                if buffer.len() >= MESSAGE_BYTES {
                    let message = std::mem::replace(buffer, BytesMut::with_capacity(MESSAGE_BYTES + 1024));
                    sink.send(message.freeze()).await?;
                }
            }
        }
    }
    if let Some((_, sink, buffer)) = current {
        copied += end_copy(sink, buffer).await?;
    }
    Ok(copied)
}

async fn end_copy(mut sink: Sink, mut buffer: BytesMut) -> Result<u64, StoreError> {
    copy::trailer(&mut buffer);
    sink.send(buffer.freeze()).await?;
    Ok(sink.as_mut().finish().await?)
}

/// The staging table of a year, made if this is its first use.
pub(super) async fn staging_table(
    store: &Store,
    opened: &Mutex<HashMap<u16, String>>,
    year: u16,
    version: i64,
) -> Result<String, StoreError> {
    let mut opened = opened.lock().await;
    if let Some(table) = opened.get(&year) {
        return Ok(table.clone());
    }
    let client = store.pool.get().await?;
    let table = publish::open_staging().bind(&client, &i32::from(year), &version).one().await?;
    opened.insert(year, table.clone());
    Ok(table)
}
