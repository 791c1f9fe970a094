//! What loads changed: listed, compared with what they replaced, and taken back.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use deadpool_postgres::Transaction;
use trade_queries::queries::{batch, history, publish, snapshot};

use super::guard::Amount;
use super::load::{LoadError, Loader};
use super::load_tables::rename_facts;
use super::summary::Sums;
use crate::cube::directory::build_year;
use crate::domain::code::{Month, Ncm};
use crate::store::{LiveYear, StoreError, convert, live_years, parse_ncm, read_reference};

/// Most batches that one listing shows.
pub const BATCHES_MAX: u32 = 10_000;

/// Why a load cannot be compared or taken back.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum HistoryError {
    /// No such batch.
    #[error("there is no batch {0:?}: `bgc ingest batches` lists them")]
    UnknownBatch(String),
    /// The batch made nothing live, or does no more.
    #[error("batch {batch} is {outcome}: only a live batch can be compared or dropped")]
    NotLive {
        /// The batch.
        batch: String,
        /// Its outcome.
        outcome: String,
    },
    /// A batch from before histories were kept.
    #[error("batch {0} was loaded before histories were kept: load the year again, or `bgc ingest drop --year` it")]
    NoHistory(String),
    /// A later load changed one of its years.
    #[error("batch {batch} is not the newest of {year}: drop {newer} first")]
    NotNewest {
        /// The batch.
        batch: String,
        /// The year that changed since.
        year: u16,
        /// The newest batch of it.
        newer: String,
    },
    /// Its year was dropped since.
    #[error("{year} of batch {batch} was dropped since: nothing is left to take back")]
    YearDropped {
        /// The batch.
        batch: String,
        /// The year.
        year: u16,
    },
    /// What it replaced is gone.
    #[error(
        "what batch {batch} replaced in {year} is no longer kept (ingest.keep_replaced_days): load the earlier file of {year} again"
    )]
    Expired {
        /// The batch.
        batch: String,
        /// The year.
        year: u16,
    },
    /// A year without data.
    #[error("{0} holds no data: `bgc ingest batches` lists what was loaded")]
    EmptyYear(u16),
}

/// What a load replaced in one year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplacedYear {
    /// Calendar year.
    pub year: u16,
    /// Rows and value replaced: of the whole year, or of the file's products or countries.
    pub before: Amount,
    /// Rows and value that came in their place.
    pub after: Amount,
    /// Whether the year held real data before.
    pub had_data: bool,
    /// Whether what was replaced is kept.
    pub kept: bool,
    /// Disk space of what is kept.
    pub kept_bytes: u64,
    /// When the load was taken back in this year, or the year dropped.
    pub dropped: bool,
}

/// One load as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// Its id.
    pub id: String,
    /// Its source.
    pub source: String,
    /// When it was loaded.
    pub at: DateTime<Utc>,
    /// `csv`, `xlsx` or `sample`.
    pub origin: String,
    /// Name of its file.
    pub file_name: String,
    /// SHA-256 of the file's decompressed bytes.
    pub sha256: String,
    /// `year`, `slice` or `countries`.
    pub replace_mode: String,
    /// `live`, `unchanged`, `failed`, `loading` or `dropped`.
    pub outcome: String,
    /// Why it failed.
    pub message: String,
    /// Rows of the file.
    pub rows_read: i64,
    /// Rows made live.
    pub rows_loaded: i64,
    /// Rows rejected.
    pub rows_rejected: i64,
    /// FOB in US cents.
    pub fob_cents: i64,
    /// Net weight in grams.
    pub weight_g: i64,
    /// Time taken.
    pub duration_ms: i64,
    /// What it replaced, by year.
    pub years: Vec<ReplacedYear>,
}

/// Rows of a comparison, and what they add up to before and after.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Changes {
    /// Rows that only the load has.
    pub added: i64,
    /// Rows whose values differ.
    pub changed: i64,
    /// Rows that only the earlier content had.
    pub removed: i64,
    /// Rows that are the same.
    pub same: i64,
    /// Sums before.
    pub before: Sums,
    /// Sums after.
    pub after: Sums,
}

impl Changes {
    fn add(&mut self, row: &history::CompareBatch) {
        self.added += row.added;
        self.changed += row.changed;
        self.removed += row.removed;
        self.same += row.same;
        self.before.fob_cents += i128::from(row.cents_before);
        self.before.weight_g += i128::from(row.g_before);
        self.after.fob_cents += i128::from(row.cents_after);
        self.after.weight_g += i128::from(row.g_after);
    }
}

/// What a load changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Comparison {
    /// Of all.
    pub total: Changes,
    /// By month.
    pub months: BTreeMap<Month, Changes>,
    /// By product.
    pub products: BTreeMap<Ncm, Changes>,
}

/// What a drop did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DropReport {
    /// Years that hold earlier content again.
    pub restored: Vec<u16>,
    /// Years that hold nothing now.
    pub emptied: Vec<u16>,
    /// The snapshot that is live now.
    pub snapshot: i64,
    /// Time taken.
    pub duration: Duration,
}

/// What a drop takes back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Dropped {
    /// A year, for good.
    Year(u16),
    /// A load: what it replaced comes back.
    Batch(String),
}

impl Loader {
    /// The newest loads, at most `most`, with what each replaced.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn batches(&self, most: u32) -> Result<Vec<Batch>, LoadError> {
        let client = self.store.pool.get().await?;
        let rows = history::batches().bind(&client, &i64::from(most.min(BATCHES_MAX))).all().await?;
        let ids: Vec<&str> = rows.iter().map(|row| row.ingest_batch.as_str()).collect();
        let mut years: BTreeMap<String, Vec<ReplacedYear>> = BTreeMap::new();
        for row in history::replaced_years().bind(&client, &ids).all().await? {
            years.entry(row.ingest_batch.clone()).or_default().push(replaced_year(&row)?);
        }
        let batch = |row: history::Batches| Batch {
            years: years.remove(&row.ingest_batch).unwrap_or_default(),
            id: row.ingest_batch,
            source: row.ingest_source,
            at: row.ingest_at.to_utc(),
            origin: row.origin,
            file_name: row.file_name,
            sha256: row.sha256,
            replace_mode: row.replace_mode,
            outcome: row.outcome,
            message: row.message,
            rows_read: row.rows_read,
            rows_loaded: row.rows_loaded,
            rows_rejected: row.rows_rejected,
            fob_cents: row.valor_cents,
            weight_g: row.peso_g,
            duration_ms: row.duration_ms,
        };
        Ok(rows.into_iter().map(batch).collect())
    }

    /// What a load replaced, by year.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn replaced_years(&self, batch: &str) -> Result<Vec<ReplacedYear>, LoadError> {
        let client = self.store.pool.get().await?;
        let rows = history::replaced_years().bind(&client, &[batch].as_slice()).all().await?;
        Ok(rows.iter().map(replaced_year).collect::<Result<_, _>>()?)
    }

    /// Compares what a live load brought with what it replaced: rows with the same month and codes.
    ///
    /// # Errors
    /// [`HistoryError`] where the two are not there; when PostgreSQL cannot be reached.
    pub async fn compare(&self, batch: &str) -> Result<Comparison, LoadError> {
        let client = self.store.pool.get().await?;
        let years = self.droppable(batch).await?;
        let mut comparison = Comparison::default();
        for year in years {
            let compared = history::compare_batch().bind(&client, &batch, &i32::from(year)).all().await?;
            for row in &compared {
                let month = u8::try_from(row.mes).ok().and_then(|month| Month::new(year, month));
                let month = month.ok_or_else(|| StoreError::Inconsistent(format!("month {} of {year}", row.mes)))?;
                comparison.total.add(row);
                comparison.months.entry(month).or_default().add(row);
                comparison.products.entry(parse_ncm(&row.ncm)?).or_default().add(row);
            }
        }
        Ok(comparison)
    }

    /// The years of a batch that is live, the newest of each, and whose replaced content is kept.
    ///
    /// # Errors
    /// [`HistoryError`].
    pub async fn droppable(&self, batch: &str) -> Result<Vec<u16>, LoadError> {
        let client = self.store.pool.get().await?;
        let outcome = history::batch_outcome().bind(&client, &batch).opt().await?;
        let outcome = outcome.ok_or_else(|| HistoryError::UnknownBatch(batch.to_owned()))?;
        if outcome != "live" {
            return Err(HistoryError::NotLive { batch: batch.to_owned(), outcome }.into());
        }
        let years = self.replaced_years(batch).await?;
        if years.is_empty() {
            return Err(HistoryError::NoHistory(batch.to_owned()).into());
        }
        let batch = batch.to_owned();
        for replaced in &years {
            let year = replaced.year;
            if replaced.dropped {
                return Err(HistoryError::YearDropped { batch, year }.into());
            }
            let newest = history::newest_batch().bind(&client, &i32::from(year)).opt().await?;
            if let Some(newer) = newest.filter(|newest| *newest != batch) {
                return Err(HistoryError::NotNewest { batch, year, newer }.into());
            }
            if replaced.had_data && !replaced.kept {
                return Err(HistoryError::Expired { batch, year }.into());
            }
        }
        Ok(years.into_iter().map(|replaced| replaced.year).collect())
    }

    /// Takes a load back, or a year out, in one transaction: facts, reports, coverage and the cube follow.
    ///
    /// # Errors
    /// [`HistoryError`] where it cannot be; nothing changed then.
    pub async fn drop_loaded(&self, dropped: &Dropped) -> Result<DropReport, LoadError> {
        let started = Instant::now();
        let _lock = self.lock().await?;
        let at = self.clock.now();
        let years = match dropped {
            Dropped::Year(year) => vec![*year],
            Dropped::Batch(batch) => self.droppable(batch).await?,
        };
        let mut client = self.store.pool.get().await?;
        let transaction = client.transaction().await?;
        transaction.batch_execute("SET LOCAL lock_timeout = '60s'").await?;
        let version = batch::next_version().bind(&transaction).one().await?;
        let (mut restored, mut emptied) = (Vec::new(), Vec::new());
        for year in years {
            let ano = i32::from(year);
            let has_data = match dropped {
                Dropped::Batch(batch) => {
                    history::restore_year().bind(&transaction, batch, &ano, &version, &at).one().await?
                }
                Dropped::Year(_) => {
                    if !history::drop_year().bind(&transaction, &ano, &at).one().await? {
                        return Err(HistoryError::EmptyYear(year).into());
                    }
                    false
                }
            };
            if has_data { restored.push(year) } else { emptied.push(year) }
        }
        if let Dropped::Batch(batch) = dropped {
            history::close_dropped().bind(&transaction, batch).one().await?;
        }
        self.build_restored(&transaction, &restored, version, at).await?;
        publish::announce().bind(&transaction, &version, &at).one().await?;
        transaction.commit().await?;
        Ok(DropReport { restored, emptied, snapshot: version, duration: started.elapsed() })
    }

    /// Names as the tables have them today, and the segments of the years that came back.
    async fn build_restored(
        &self,
        transaction: &Transaction<'_>,
        restored: &[u16],
        version: i64,
        at: DateTime<Utc>,
    ) -> Result<(), LoadError> {
        let reference = Arc::new(read_reference(transaction).await?);
        let store_id = snapshot::snapshot_state().bind(transaction).one().await?.store_id;
        for year in live_years(transaction).await?.into_iter().filter(|live| restored.contains(&live.year)) {
            if rename_facts(transaction, &year, &reference).await? > 0 {
                publish::renew_year().bind(transaction, &i32::from(year.year), &version, &at).one().await?;
            }
            let path = self.cube.segment(&store_id, year.year, version);
            build_year(transaction.client(), LiveYear { version, ..year }, Arc::clone(&reference), path).await?;
        }
        Ok(())
    }
}

fn replaced_year(row: &history::ReplacedYears) -> Result<ReplacedYear, StoreError> {
    let amount = |rows: i64, cents: i64| Amount { rows: rows.unsigned_abs(), fob_cents: i128::from(cents) };
    Ok(ReplacedYear {
        year: convert(row.ano, "year")?,
        before: amount(row.rows_before, row.cents_before),
        after: amount(row.rows_after, row.cents_after),
        had_data: row.had_data,
        kept: row.kept_table.is_some(),
        kept_bytes: row.kept_bytes.unsigned_abs(),
        dropped: row.dropped_at.is_some(),
    })
}
