//! Rows in and out of PostgreSQL. One function is one statement or one transaction; the SQL is in `queries/`.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use deadpool_postgres::Pool;
use platform::postgres::describe;
use platform::postgres::pool::QueryMetrics;
use trade_queries::queries::{batch, publish, simulation, snapshot, succession};

use crate::domain::code::{Month, Ncm, SectorId};
use crate::domain::country::{self, PublishedCountry, UnlistedCountry};
use crate::domain::coverage::{Coverage, YearCoverage};
use crate::domain::reference::{Product, Reference};
use crate::domain::sector;
use crate::domain::succession::{Basis, Link};
use crate::ingest::guard::SAMPLE_SOURCE;
use crate::sample;
use crate::simulator::record::SimulationRecord;

/// What the store can fail with.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No connection could be had in time.
    #[error("no connection to PostgreSQL: {}", platform::postgres::pool::describe(.0))]
    Pool(deadpool_postgres::PoolError),
    /// A statement failed, or the connection under it.
    #[error("{}", statement_failed(.0))]
    Postgres(tokio_postgres::Error),
    /// The store holds what no version of this program writes.
    #[error("the store is inconsistent: {0}")]
    Inconsistent(String),
}

// By hand: `#[from]` would make them causes, and what they say stands in the message in full already.
impl From<deadpool_postgres::PoolError> for StoreError {
    fn from(error: deadpool_postgres::PoolError) -> Self {
        Self::Pool(error)
    }
}

impl From<tokio_postgres::Error> for StoreError {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Postgres(error)
    }
}

/// Tells a lost connection (PostgreSQL stopped, crashed, was restarted) from a statement that it refused.
fn statement_failed(error: &tokio_postgres::Error) -> String {
    use std::error::Error as _;
    let lost = error.is_closed() || error.source().is_some_and(|source| source.is::<std::io::Error>());
    let what = if lost { "the connection to PostgreSQL was lost" } else { "PostgreSQL refused a statement" };
    format!("{what}: {}", describe(error))
}

/// One year as it is live in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveYear {
    /// Calendar year.
    pub year: u16,
    /// The one source of the year.
    pub source: String,
    /// The batch that every row comes from; `None` once a slice has mixed them.
    pub batch: Option<String>,
    /// Version of the year: names its cube segment.
    pub version: i64,
    /// Rows of facts.
    pub rows: i64,
    /// Total FOB in US cents.
    pub fob_cents: i64,
    /// Total net weight in grams.
    pub weight_g: i64,
    /// January to this month are covered for every NCM; 0 when only slices were loaded.
    pub through_month: u8,
    /// When the year last changed.
    pub updated_at: DateTime<Utc>,
}

/// What is live, read in one transaction.
#[derive(Debug, Clone)]
pub struct LiveState {
    /// Identity of the store: versions of another store mean nothing here.
    pub store_id: String,
    /// Version of the snapshot.
    pub version: i64,
    /// When the data last changed; `None` before the first load.
    pub updated_at: Option<DateTime<Utc>>,
    /// Years that hold rows.
    pub years: Vec<LiveYear>,
    /// Covered months.
    pub coverage: Coverage,
    /// Code tables.
    pub reference: Reference,
}

/// The trade context's PostgreSQL, as `app_rw`.
#[derive(Debug, Clone)]
pub struct Store {
    /// Connections.
    pub pool: Pool,
    /// How long statements take.
    pub queries: QueryMetrics,
}

impl Store {
    /// Reads what is live, with the code tables, in one repeatable-read transaction.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached or holds something impossible.
    pub async fn live_state(&self) -> Result<LiveState, StoreError> {
        self.queries.timed("live_state", self.live_state_untimed()).await
    }

    async fn live_state_untimed(&self) -> Result<LiveState, StoreError> {
        let mut client = self.pool.get().await?;
        let transaction = client
            .build_transaction()
            .isolation_level(tokio_postgres::IsolationLevel::RepeatableRead)
            .read_only(true)
            .start()
            .await?;
        let state = read_live_state(&transaction).await?;
        transaction.commit().await?;
        Ok(state)
    }

    /// The version of the live snapshot.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn snapshot_version(&self) -> Result<i64, StoreError> {
        let client = self.pool.get().await?;
        let state = self.queries.timed("snapshot_state", snapshot::snapshot_state().bind(&client).one()).await?;
        Ok(state.version)
    }

    /// All loads so far.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn load_counts(&self) -> Result<LoadCounts, StoreError> {
        let client = self.pool.get().await?;
        let outcomes = self.queries.timed("batch_outcomes", batch::batch_outcomes().bind(&client).all()).await?;
        let last = self.queries.timed("last_load", batch::last_load().bind(&client).opt()).await?;
        let outcome = |row: batch::BatchOutcomes| LoadOutcome {
            source: row.ingest_source,
            outcome: row.outcome,
            batches: row.batches,
            rows_loaded: row.rows_loaded,
            rows_rejected: row.rows_rejected,
        };
        Ok(LoadCounts {
            outcomes: outcomes.into_iter().map(outcome).collect(),
            last: last.map(|row| LastLoad { at: row.ingest_at, duration_ms: row.duration_ms }),
        })
    }

    /// Keeps simulations.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached or refuses.
    pub async fn insert_simulations(&self, records: &[SimulationRecord]) -> Result<(), StoreError> {
        let client = self.pool.get().await?;
        let at: Vec<DateTime<Utc>> = records.iter().map(|record| record.at).collect();
        let ncm: Vec<&str> = records.iter().map(|record| record.ncm.as_str()).collect();
        let volume: Vec<Option<f64>> = records.iter().map(|record| record.volume_kg_magnitude).collect();
        let countries: Vec<String> = records.iter().map(|record| record.countries.join(",")).collect();
        let joined = |part: fn(&(String, f64)) -> String| -> Vec<String> {
            let of_record = |record: &SimulationRecord| record.top.iter().map(part).collect::<Vec<_>>().join(",");
            records.iter().map(of_record).collect()
        };
        let destinations = joined(|(code, _)| code.clone());
        let scores = joined(|(_, score)| format!("{score:.4}"));
        let total: Vec<i32> =
            records.iter().map(|record| i32::try_from(record.total_destinations).unwrap_or(i32::MAX)).collect();
        let snapshots: Vec<&str> = records.iter().map(|record| record.snapshot.as_str()).collect();
        let statement = simulation::insert_simulations();
        let query = statement.bind(&client, &at, &ncm, &volume, &countries, &destinations, &scores, &total, &snapshots);
        self.queries.timed("insert_simulations", query.one()).await?;
        Ok(())
    }

    /// Forgets simulations older than `before`; how many.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn forget_simulations(&self, before: DateTime<Utc>) -> Result<i64, StoreError> {
        let client = self.pool.get().await?;
        let statement = simulation::forget_simulations();
        Ok(self.queries.timed("forget_simulations", statement.bind(&client, &before).one()).await?)
    }

    /// Refreshes the three materialized views.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached or refuses.
    pub async fn refresh_reports(&self) -> Result<(), StoreError> {
        let client = self.pool.get().await?;
        self.queries.timed("refresh_reports", publish::refresh_reports().bind(&client).one()).await?;
        Ok(())
    }
}

/// Loads of one source with one outcome.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoadOutcome {
    /// The source.
    pub source: String,
    /// `live`, `unchanged`, `failed` or `loading`.
    pub outcome: String,
    /// How many loads.
    pub batches: i64,
    /// Rows they made live.
    pub rows_loaded: i64,
    /// Rows they rejected.
    pub rows_rejected: i64,
}

/// The last load that changed something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LastLoad {
    /// When.
    pub at: DateTime<Utc>,
    /// How long it took.
    pub duration_ms: i64,
}

/// All loads so far, for metrics.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LoadCounts {
    /// By source and outcome.
    pub outcomes: Vec<LoadOutcome>,
    /// The last that changed something.
    pub last: Option<LastLoad>,
}

/// The same within the caller's transaction.
pub(crate) async fn read_live_state(client: &impl Connection) -> Result<LiveState, StoreError> {
    let state = snapshot::snapshot_state().bind(client).one().await?;
    let years = live_years(client).await?;
    let mut coverage = Coverage::default();
    for year in &years {
        let known = YearCoverage { source: year.source.clone(), through_month: year.through_month };
        coverage.years.insert(year.year, known);
    }
    for slice in snapshot::slices().bind(client).all().await? {
        let span =
            (Month(convert(slice.month_first, "slice month")?), Month(convert(slice.month_last, "slice month")?));
        coverage.slices.entry(parse_ncm(&slice.ncm)?).or_default().push(span);
    }
    let mut reference = read_reference(client).await?;
    if !years.is_empty() && years.iter().all(|year| year.source == SAMPLE_SOURCE) {
        name_sample_products(&mut reference)?;
    }
    Ok(LiveState {
        store_id: state.store_id,
        version: state.version,
        updated_at: (!years.is_empty()).then_some(state.updated_at),
        reference,
        years,
        coverage,
    })
}

/// Marker for what runs generated statements: a pooled client or a transaction of one.
pub(crate) trait Connection: trade_queries::client::GenericClient + Sync {}
impl<T: trade_queries::client::GenericClient + Sync> Connection for T {}

/// The live years in order.
pub(crate) async fn live_years(client: &impl Connection) -> Result<Vec<LiveYear>, StoreError> {
    let rows = snapshot::live_years().bind(client).all().await?;
    rows.into_iter()
        .map(|row| {
            Ok(LiveYear {
                year: convert(row.ano, "year")?,
                source: row.ingest_source,
                batch: row.ingest_batch,
                version: row.version,
                rows: row.linhas,
                fob_cents: row.valor_cents,
                weight_g: row.peso_g,
                through_month: convert(row.through_month, "month")?,
                updated_at: row.updated_at,
            })
        })
        .collect()
}

/// The code tables with what the program embeds.
pub(crate) async fn read_reference(client: &impl Connection) -> Result<Reference, StoreError> {
    let mut published = Vec::new();
    for row in snapshot::countries().bind(client).all().await? {
        published.push(PublishedCountry {
            code: convert(row.co_pais, "CO_PAIS")?,
            iso3: row.co_pais_isoa3,
            name_pt: row.no_pais,
            name_en: row.no_pais_ing,
        });
    }
    let mut unlisted: Vec<UnlistedCountry> = Vec::new();
    for row in snapshot::unlisted_countries().bind(client).all().await? {
        let resolved = row.co_pais_resolvido.map(|code| convert(code, "CO_PAIS")).transpose()?;
        unlisted.push(UnlistedCountry { code: convert(row.co_pais, "CO_PAIS")?, name: row.no_pais, resolved });
    }
    let published = (!published.is_empty()).then_some(published.as_slice());
    let (countries, merged) = country::build_countries(published, &unlisted);
    let sectors: Vec<String> = snapshot::sectors().bind(client).all().await?.into_iter().map(|row| row.nome).collect();
    let overrides = read_sector_overrides(client, &sectors).await?;
    let mut reference =
        Reference { countries, merged, sectors, sector_overrides: overrides.of_ncm, ..Reference::default() };
    for row in snapshot::products().bind(client).all().await? {
        let ncm = parse_ncm(&row.co_ncm)?;
        let isic = row.co_isic_classe.as_deref();
        if let Some(sector) = isic.and_then(|class| overrides.of_isic.get(class)) {
            reference.sector_overrides.entry(ncm).or_insert(*sector);
        }
        let sector = sector::sector_of(ncm, isic, &reference.sector_overrides);
        if let Some(unit) = row.co_unid.and_then(|unit| u8::try_from(unit).ok()) {
            reference.product_units.insert(ncm, unit);
        }
        reference.products.insert(ncm, Product { name_pt: row.no_ncm_por, name_en: row.no_ncm_ing, sector });
    }
    read_headings(client, &mut reference).await?;
    read_units(client, &mut reference).await?;
    reference.succession = read_succession(client).await?;
    Ok(reference)
}

/// Names the sample's products that no loaded table names: a newcomer has no code tables yet.
fn name_sample_products(reference: &mut Reference) -> Result<(), StoreError> {
    let named = sample::products().map_err(|error| StoreError::Inconsistent(error.to_string()))?;
    for product in named {
        let sector = sector::sector_of(product.ncm, None, &reference.sector_overrides);
        reference.products.entry(product.ncm).or_insert_with(|| Product {
            name_pt: product.name_pt.to_owned(),
            name_en: Some(product.name_en.to_owned()).filter(|name| !name.is_empty()),
            sector,
        });
    }
    Ok(())
}

/// The operator's word on sectors (`cfg.setores`).
struct SectorOverrides {
    of_ncm: BTreeMap<Ncm, SectorId>,
    of_isic: HashMap<String, SectorId>,
}

async fn read_sector_overrides(client: &impl Connection, sectors: &[String]) -> Result<SectorOverrides, StoreError> {
    let mut overrides = SectorOverrides { of_ncm: BTreeMap::new(), of_isic: HashMap::new() };
    for row in snapshot::sector_overrides().bind(client).all().await? {
        let Some(at) = sectors.iter().position(|name| *name == row.setor) else {
            return Err(StoreError::Inconsistent(format!(
                "cfg.setores names the sector {:?}, which cfg.setor does not hold",
                row.setor
            )));
        };
        let sector = convert(at, "sector")?;
        if row.tipo == "ncm" {
            overrides.of_ncm.insert(parse_ncm(&row.codigo)?, sector);
        } else {
            overrides.of_isic.insert(row.codigo, sector);
        }
    }
    Ok(overrides)
}

/// The operator's succession of codes.
async fn read_succession(client: &impl Connection) -> Result<Vec<Link>, StoreError> {
    let rows = succession::ncm_succession().bind(client).all().await?;
    rows.into_iter()
        .map(|row| {
            let since = row.since.map(|month| convert(month, "since").map(Month)).transpose()?;
            let (old, new) = (parse_ncm(&row.co_ncm_old)?, parse_ncm(&row.co_ncm_new)?);
            Ok(Link { old, new, since, basis: Basis::Operator })
        })
        .collect()
}

async fn read_headings(client: &impl Connection, reference: &mut Reference) -> Result<(), StoreError> {
    for row in snapshot::headings().bind(client).all().await? {
        let code: u32 = row
            .codigo
            .parse()
            .map_err(|_| StoreError::Inconsistent(format!("cfg.ncm_sh holds the code {:?}", row.codigo)))?;
        match row.nivel {
            2 => drop(reference.chapters.insert(convert(code, "chapter")?, row.nome)),
            4 => drop(reference.headings.insert(convert(code, "heading")?, row.nome)),
            _ => drop(reference.subheadings.insert(code, row.nome)),
        }
    }
    let ways = snapshot::ways().bind(client).all().await?;
    reference.ways = ways
        .into_iter()
        .map(|row| Ok((convert(row.co_via, "via")?, row.no_via)))
        .collect::<Result<BTreeMap<_, _>, StoreError>>()?;
    Ok(())
}

/// Customs units and statistical units.
async fn read_units(client: &impl Connection, reference: &mut Reference) -> Result<(), StoreError> {
    for row in snapshot::customs_units().bind(client).all().await? {
        // The table repeats the code before the name: "0817800 - PORTO DE SANTOS".
        let name = row.no_urf.split_once(" - ").filter(|(code, _)| code.bytes().all(|byte| byte.is_ascii_digit()));
        let name = name.map_or(row.no_urf.as_str(), |(_, name)| name).trim();
        reference.urfs.insert(convert(row.co_urf, "CO_URF")?, name.to_owned());
    }
    for row in snapshot::statistical_units().bind(client).all().await? {
        reference.units.insert(convert(row.co_unid, "CO_UNID")?, row.sg_unid.trim().to_owned());
    }
    Ok(())
}

/// A product code of the store.
pub(crate) fn parse_ncm(text: &str) -> Result<Ncm, StoreError> {
    Ncm::parse(text).ok_or_else(|| StoreError::Inconsistent(format!("{text:?} is not an NCM")))
}

/// Narrows a number of the store; what does not fit was not written by this program.
pub(crate) fn convert<F, T>(value: F, what: &str) -> Result<T, StoreError>
where
    F: Copy + std::fmt::Display,
    T: TryFrom<F>,
{
    T::try_from(value).map_err(|_| StoreError::Inconsistent(format!("{what} {value} is out of range")))
}
