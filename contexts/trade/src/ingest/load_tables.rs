//! The use case of the code tables: replace them, and write what they now say into the facts.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use deadpool_postgres::Transaction;
use trade_queries::queries::{batch, publish, snapshot, tables as sql};

use super::guard::GuardError;
use super::load::{LoadError, Loader};
use super::sync::records;
use super::tables::{CodeRow, HarmonizedRow, Tables, read_tables};
use crate::cube::directory::build_year;
use crate::domain::code::{COUNTRY_CODE_UNLISTED, CountryCode};
use crate::domain::country;
use crate::domain::country_name;
use crate::domain::reference::Reference;
use crate::store::{LiveYear, StoreError, convert, live_years, parse_ncm, read_reference};

/// What became of a load of code tables.
#[derive(Debug, Clone)]
pub struct TablesReport {
    /// Rows by table, for the tables that were in the directory.
    pub rows: Vec<(&'static str, usize)>,
    /// Things worth telling.
    pub notices: Vec<String>,
    /// Facts whose country or sector name changed, by year.
    pub renamed: Vec<(u16, i64)>,
    /// The snapshot that is live now.
    pub snapshot: i64,
    /// Time taken.
    pub duration: Duration,
}

impl Loader {
    /// Loads the code tables of a directory. A table that is not there stays as it is.
    ///
    /// # Errors
    /// [`LoadError`]; nothing changed then.
    pub async fn load_tables(&self, directory: &Path, allow_shrink: bool) -> Result<TablesReport, LoadError> {
        let started = Instant::now();
        let path = directory.to_owned();
        let tables =
            tokio::task::spawn_blocking(move || read_tables(&path)).await.map_err(|_| LoadError::Interrupted)??;
        let _lock = self.lock().await?;
        let at = self.clock.now();
        let mut client = self.store.pool.get().await?;
        let transaction = client.transaction().await?;
        let version = batch::next_version().bind(&transaction).one().await?;
        if !allow_shrink {
            refuse_shrunk_tables(&transaction, &tables).await?;
        }
        replace_tables(&transaction, &tables).await?;
        resolve_countries(&transaction).await?;
        records::forget_tables(&transaction).await?;
        let renamed = self.rename_years(&transaction, version, at).await?;
        publish::announce().bind(&transaction, &version, &at).one().await?;
        transaction.commit().await?;
        let rows = tables.files.iter().map(|file| (file.table, file.rows)).collect();
        Ok(TablesReport { rows, notices: tables.notices, renamed, snapshot: version, duration: started.elapsed() })
    }
}

impl Loader {
    /// Writes what the tables say now into every live year, with its reports and its segment; rows changed by year.
    async fn rename_years(
        &self,
        transaction: &Transaction<'_>,
        version: i64,
        at: DateTime<Utc>,
    ) -> Result<Vec<(u16, i64)>, LoadError> {
        let reference = Arc::new(read_reference(transaction).await?);
        let store_id = snapshot::snapshot_state().bind(transaction).one().await?.store_id;
        let mut renamed = Vec::new();
        for year in live_years(transaction).await? {
            let changed = rename_facts(transaction, &year, &reference).await?;
            if changed > 0 {
                publish::renew_year().bind(transaction, &i32::from(year.year), &version, &at).one().await?;
                renamed.push((year.year, changed));
                let target = self.cube.segment(&store_id, year.year, version);
                build_year(transaction.client(), LiveYear { version, ..year }, Arc::clone(&reference), target).await?;
            }
        }
        Ok(renamed)
    }

    /// Before a load: names of earlier files that this program knows by now become their countries, so that no
    /// country stands in an answer twice.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub(super) async fn resolve_known_names(&self) -> Result<(), LoadError> {
        let at = self.clock.now();
        let mut client = self.store.pool.get().await?;
        let transaction = client.transaction().await?;
        if resolve_countries(&transaction).await? > 0 {
            let version = batch::next_version().bind(&transaction).one().await?;
            self.rename_years(&transaction, version, at).await?;
            publish::announce().bind(&transaction, &version, &at).one().await?;
        }
        transaction.commit().await?;
        Ok(())
    }
}

/// Names of earlier files that no table knew then, and that mean a country now. How many there are.
pub(super) async fn resolve_countries(transaction: &Transaction<'_>) -> Result<usize, LoadError> {
    let reference = read_reference(transaction).await?;
    let (mut codes, mut resolved) = (Vec::new(), Vec::new());
    for row in snapshot::unlisted_countries().bind(transaction).all().await? {
        if row.co_pais_resolvido.is_none()
            && let Some(code) = listed_country(&reference, &row.no_pais)
        {
            codes.push(row.co_pais);
            resolved.push(convert(code, "CO_PAIS")?);
        }
    }
    if !codes.is_empty() {
        sql::resolve_unlisted_countries().bind(transaction, &codes, &resolved).one().await?;
    }
    Ok(codes.len())
}

/// The country that a name means: by the published names, else by the embedded ones.
fn listed_country(reference: &Reference, name: &str) -> Option<CountryCode> {
    let key = country_name::key(name);
    let is = |known: &str| country_name::key(known) == key;
    let published = reference.countries.values().filter(|country| country.code < COUNTRY_CODE_UNLISTED);
    let found = published.into_iter().find(|country| is(&country.name_pt) || is(&country.name_en));
    found.map(|country| country.code).or_else(|| country_name::find(name))
}

/// A table that lost more than half of its rows is a damaged or another file.
async fn refuse_shrunk_tables(transaction: &Transaction<'_>, tables: &Tables) -> Result<(), LoadError> {
    for known in sql::table_rows().bind(transaction).all().await? {
        let Some(file) = tables.files.iter().find(|file| file.table == known.table_name) else { continue };
        let (live, wanted) = (known.rows.unsigned_abs(), file.rows as u64);
        if wanted.saturating_mul(2) < live {
            return Err(GuardError::TableShrink { table: file.table, live, wanted }.into());
        }
    }
    Ok(())
}

/// Writes what the tables say into the facts of a year; the number of rows that changed.
pub(super) async fn rename_facts(
    transaction: &Transaction<'_>,
    year: &LiveYear,
    reference: &Reference,
) -> Result<i64, LoadError> {
    let mut codes: Vec<CountryCode> = country::embedded().iter().map(|row| row.co_pais).collect();
    codes.extend(reference.countries.keys());
    codes.extend(reference.merged.keys());
    codes.sort_unstable();
    codes.dedup();
    let mut numbers: Vec<i16> = Vec::with_capacity(codes.len());
    let mut names: Vec<&str> = Vec::with_capacity(codes.len());
    for code in codes {
        if let Some(country) = reference.countries.get(&reference.country_of(code)) {
            numbers.push(convert(code, "CO_PAIS")?);
            names.push(&country.name_pt);
        }
    }
    let ano = i32::from(year.year);
    // Of the facts and not of the table: a product that the table lacks may have an override, or have lost one.
    let ncms = publish::products_of_year().bind(transaction, &ano).all().await?;
    let mut sectors: Vec<&str> = Vec::with_capacity(ncms.len());
    for ncm in &ncms {
        let sector = reference.sector_of(parse_ncm(ncm)?);
        let missing = || StoreError::Inconsistent(format!("sector {sector} of {ncm} is not in cfg.setor"));
        sectors.push(reference.sectors.get(usize::from(sector)).ok_or_else(missing)?);
    }
    Ok(publish::reclassify_year().bind(transaction, &ano, &numbers, &names, &ncms, &sectors).one().await?)
}

async fn replace_tables(transaction: &Transaction<'_>, tables: &Tables) -> Result<(), LoadError> {
    replace_countries(transaction, tables).await?;
    replace_products(transaction, tables).await?;
    replace_headings(transaction, &tables.harmonized).await?;
    if !tables.states.is_empty() {
        let letters: Vec<&str> = tables.states.iter().map(|row| row.letters.as_str()).collect();
        let names: Vec<&str> = tables.states.iter().map(|row| row.name.as_str()).collect();
        let regions: Vec<&str> = tables.states.iter().map(|row| row.region.as_deref().unwrap_or_default()).collect();
        sql::delete_states().bind(transaction).one().await?;
        sql::insert_states().bind(transaction, &letters, &names, &regions).one().await?;
    }
    if !tables.ways.is_empty() {
        let (codes, names) = code_columns::<i16>(&tables.ways)?;
        sql::delete_ways().bind(transaction).one().await?;
        sql::insert_ways().bind(transaction, &codes, &names).one().await?;
    }
    if !tables.customs_units.is_empty() {
        let (codes, names) = code_columns::<i32>(&tables.customs_units)?;
        sql::delete_customs_units().bind(transaction).one().await?;
        sql::insert_customs_units().bind(transaction, &codes, &names).one().await?;
    }
    if !tables.units.is_empty() {
        let (codes, names) = code_columns::<i16>(&tables.units)?;
        let short: Vec<&str> = tables.units.iter().map(|row| row.abbreviation.as_deref().unwrap_or_default()).collect();
        sql::delete_units().bind(transaction).one().await?;
        sql::insert_units().bind(transaction, &codes, &names, &short).one().await?;
    }
    if !tables.blocs.is_empty() {
        let countries =
            tables.blocs.iter().map(|row| convert(row.country, "CO_PAIS")).collect::<Result<Vec<i16>, _>>()?;
        let blocs = tables.blocs.iter().map(|row| convert(row.bloc, "CO_BLOCO")).collect::<Result<Vec<i16>, _>>()?;
        let names: Vec<&str> = tables.blocs.iter().map(|row| row.name_pt.as_str()).collect();
        sql::delete_blocs().bind(transaction).one().await?;
        sql::insert_blocs().bind(transaction, &countries, &blocs, &names).one().await?;
    }
    Ok(())
}

async fn replace_countries(transaction: &Transaction<'_>, tables: &Tables) -> Result<(), LoadError> {
    if tables.countries.is_empty() {
        return Ok(());
    }
    let codes = tables.countries.iter().map(|row| convert(row.code, "CO_PAIS")).collect::<Result<Vec<i16>, _>>()?;
    let iso3: Vec<&str> = tables.countries.iter().map(|row| row.iso3.as_deref().unwrap_or_default()).collect();
    let names: Vec<&str> = tables.countries.iter().map(|row| row.name_pt.as_str()).collect();
    let english: Vec<&str> = tables.countries.iter().map(|row| row.name_en.as_deref().unwrap_or_default()).collect();
    sql::delete_countries().bind(transaction).one().await?;
    sql::insert_countries().bind(transaction, &codes, &iso3, &names, &english).one().await?;
    Ok(())
}

async fn replace_products(transaction: &Transaction<'_>, tables: &Tables) -> Result<(), LoadError> {
    if tables.products.is_empty() {
        return Ok(());
    }
    let ncms: Vec<String> = tables.products.iter().map(|row| row.ncm.to_string()).collect();
    let units: Vec<Option<i16>> = tables.products.iter().map(|row| row.unit.map(i16::from)).collect();
    let isic: Vec<Option<&str>> = tables.products.iter().map(|row| row.isic_class.as_deref()).collect();
    let names: Vec<&str> = tables.products.iter().map(|row| row.name_pt.as_str()).collect();
    let english: Vec<Option<&str>> = tables.products.iter().map(|row| row.name_en.as_deref()).collect();
    sql::delete_products().bind(transaction).one().await?;
    sql::insert_products().bind(transaction, &ncms, &units, &isic, &names, &english).one().await?;
    Ok(())
}

/// Names of chapters, headings and subheadings, each once.
async fn replace_headings(transaction: &Transaction<'_>, rows: &[HarmonizedRow]) -> Result<(), LoadError> {
    if rows.is_empty() {
        return Ok(());
    }
    let mut names = std::collections::BTreeMap::new();
    for row in rows {
        names.entry((2_i16, format!("{:02}", row.sh2))).or_insert(row.sh2_name_pt.as_str());
        names.entry((4, format!("{:04}", row.sh4))).or_insert(row.sh4_name_pt.as_str());
        names.entry((6, format!("{:06}", row.sh6))).or_insert(row.sh6_name_pt.as_str());
    }
    let levels: Vec<i16> = names.keys().map(|(level, _)| *level).collect();
    let codes: Vec<&str> = names.keys().map(|(_, code)| code.as_str()).collect();
    let texts: Vec<&str> = names.values().copied().collect();
    sql::delete_headings().bind(transaction).one().await?;
    sql::insert_headings().bind(transaction, &levels, &codes, &texts).one().await?;
    Ok(())
}

fn code_columns<T: TryFrom<u32>>(rows: &[CodeRow]) -> Result<(Vec<T>, Vec<&str>), LoadError> {
    let codes = rows.iter().map(|row| convert(row.code, "code")).collect::<Result<Vec<T>, StoreError>>()?;
    Ok((codes, rows.iter().map(|row| row.name.as_str()).collect()))
}
