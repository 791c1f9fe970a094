//! The last step of a load: segments written, sums compared, and one transaction that makes it live.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::NaiveDate;
use deadpool_postgres::Transaction;
use trade_queries::queries::{batch, publish, tables};

use super::guard::{self, Replace, YearPlan};
use super::load::{LoadError, Run};
use super::shrink;
use super::stage::{Staged, Total};
use super::summary::{ReadSummary, Sums};
use crate::cube::directory::{SyncError, build_year};
use crate::cube::segment::{CubeRow, SegmentTotals};
use crate::cube::{self, CubeError};
use crate::domain::code::{Month, Ncm};
use crate::store::{LiveYear, StoreError, convert, read_reference};

/// A file that was read and copied into staging tables.
pub(super) struct Prepared<'a> {
    pub summary: &'a ReadSummary,
    pub staged: Staged,
}

/// Replaces whole years. False when they hold this very file already.
pub(super) async fn publish_years(run: &Run<'_>, prepared: Prepared<'_>) -> Result<bool, LoadError> {
    let options = run.options;
    let variety = |year: u16| prepared.staged.variety(year);
    let plans = guard::plan_years(
        &run.live.years,
        prepared.summary,
        &options.source,
        options.through,
        variety,
        options.allow_shrink,
    )?;
    if years_are_live(run, prepared.summary, &plans).await? {
        finish_unchanged(run, prepared.summary).await?;
        return Ok(false);
    }
    let Prepared { summary, mut staged } = prepared;
    for (year, plan) in &plans {
        let totals = staged.totals(*year);
        let rows = staged.rows.remove(year).unwrap_or_default();
        let (segment, sums) = tokio::join!(write_segment(run, *year, rows), seal_year(run, *year, totals));
        compare("the cube segment", *year, segment?, &plan.summary.sums)?;
        compare("the reports", *year, sums?, &plan.summary.sums)?;
    }
    run.phase("sealed, indexed, summed and written to the cube");
    let mut client = run.loader.store.pool.get().await?;
    let transaction = begin(run, &mut client, &staged).await?;
    for (year, plan) in &plans {
        let through = i32::from(plan.through_month);
        publish::publish_year()
            .bind(
                &transaction,
                &i32::from(*year),
                &run.version,
                &run.batch,
                &options.source,
                &through,
                &run.at,
                &(run.loader.keep_replaced_days > 0),
            )
            .one()
            .await?;
    }
    finish(run, transaction, summary).await?;
    Ok(true)
}

/// Replaces the file's NCMs, or its countries, in the file's months. False when they hold this very file already.
pub(super) async fn publish_part(run: &Run<'_>, prepared: Prepared<'_>) -> Result<bool, LoadError> {
    let plans = guard::plan_slices(&run.live.years, prepared.summary, &run.options.source, run.options.through)?;
    let mode = run.options.replace;
    let ncms: Vec<String> = match mode {
        Replace::Countries => Vec::new(),
        _ => prepared.staged.ncms.iter().map(Ncm::to_string).collect(),
    };
    if mode == Replace::Slice && slice_is_live(run, prepared.summary, &ncms).await? {
        finish_unchanged(run, prepared.summary).await?;
        return Ok(false);
    }
    let countries = match mode {
        Replace::Countries => prepared.staged.country_codes(&run.live.reference)?,
        _ => Vec::new(),
    };
    if !run.options.allow_shrink {
        shrink::check(run, prepared.summary, &prepared.staged, &ncms, &countries).await?;
    }
    let Prepared { summary, mut staged } = prepared;
    let filled: Vec<u16> = staged.rows.keys().copied().collect();
    run.ensure_staging(plans.keys().copied(), &filled).await?;
    for year in plans.keys() {
        seal(run, *year).await?;
    }
    let mut rows = std::mem::take(&mut staged.rows);
    let samples = run.sample_years();
    let mut client = run.loader.store.pool.get().await?;
    let transaction = begin(run, &mut client, &staged).await?;
    for (year, months) in &plans {
        let (first, last) = (i32::from(months.0), i32::from(months.1));
        let live = publish::publish_part()
            .bind(
                &transaction,
                &i32::from(*year),
                &run.version,
                &run.batch,
                &run.options.source,
                &mode.name(),
                &ncms,
                &countries,
                &first,
                &last,
                &run.at,
                &(run.loader.keep_replaced_days > 0),
            )
            .one()
            .await?;
        let totals =
            SegmentTotals { rows: live.linhas.unsigned_abs(), fob_cents: live.valor_cents, weight_g: live.peso_g };
        let old = run.live.years.iter().find(|live| live.year == *year && !samples.contains(year));
        let slice = Slice { year: *year, months: *months, rows: rows.remove(year).unwrap_or_default() };
        merge_segment(run, &transaction, old, slice, &staged, totals).await?;
    }
    let ends = summary.months.first_key_value().zip(summary.months.last_key_value());
    // Countries cover no product: what else was sold of it in those months is not known from such a file.
    if let Some(((first, _), (last, _))) = ends.filter(|_| mode == Replace::Slice) {
        publish::cover_slice()
            .bind(&transaction, &run.batch, &run.options.source, &ncms, &first_day(*first)?, &first_day(*last)?)
            .one()
            .await?;
    }
    finish(run, transaction, summary).await?;
    Ok(true)
}

/// A year is this very file when all its rows came from one batch that read the same bytes for the same years.
async fn years_are_live(run: &Run<'_>, file: &ReadSummary, plans: &BTreeMap<u16, YearPlan>) -> Result<bool, LoadError> {
    let mut batches = Vec::new();
    for (year, plan) in plans {
        let same = |live: &&LiveYear| {
            live.year == *year
                && live.source == run.options.source
                && live.through_month == plan.through_month
                && live.rows.unsigned_abs() == plan.summary.sums.rows
                && (i128::from(live.fob_cents), i128::from(live.weight_g))
                    == (plan.summary.sums.fob_cents, plan.summary.sums.weight_g)
        };
        match run.live.years.iter().find(same).and_then(|live| live.batch.clone()) {
            Some(batch) => batches.push(batch),
            None => return Ok(false),
        }
    }
    let client = run.loader.store.pool.get().await?;
    for id in &batches {
        let known = batch::batch_file().bind(&client, id).one().await?;
        if known.sha256 != file.sha256 {
            return Ok(false);
        }
    }
    Ok(!batches.is_empty())
}

/// A slice is this very file when every live row of its NCMs and months came from one batch that read the same bytes.
async fn slice_is_live(run: &Run<'_>, file: &ReadSummary, ncms: &[String]) -> Result<bool, LoadError> {
    let client = run.loader.store.pool.get().await?;
    let earlier = batch::slice_batches_of_file().bind(&client, &file.sha256, &run.options.source).all().await?;
    let (Some((first, _)), Some((last, _))) = (file.months.first_key_value(), file.months.last_key_value()) else {
        return Ok(false);
    };
    for known in earlier {
        let years = (i32::from(first.year()), i32::from(last.year()));
        let months = (i32::from(first.0), i32::from(last.0));
        let rows = batch::slice_rows_live()
            .bind(&client, &[known.ingest_batch.as_str()].as_slice(), &years.0, &years.1, &ncms, &months.0, &months.1)
            .one()
            .await?;
        let expected = i64::try_from(file.rows_accepted).unwrap_or(i64::MAX);
        if rows.linhas == expected && rows.linhas_of_batches == expected {
            return Ok(true);
        }
    }
    Ok(false)
}

async fn finish_unchanged(run: &Run<'_>, summary: &ReadSummary) -> Result<(), LoadError> {
    let client = run.loader.store.pool.get().await?;
    run.close_batch(&client, Some(summary), "unchanged", "the content was live already").await?;
    publish::sweep().bind(&client).one().await?;
    Ok(())
}

/// Starts the transaction that publishes: waits a bounded time for readers of the old partitions,
/// names what the file named anew, and takes a sample out before real data comes in.
async fn begin<'c>(
    run: &Run<'_>,
    client: &'c mut deadpool_postgres::Object,
    staged: &Staged,
) -> Result<Transaction<'c>, LoadError> {
    let transaction = client.transaction().await?;
    transaction.batch_execute("SET LOCAL lock_timeout = '60s'").await?;
    for year in run.sample_years() {
        publish::remove_year().bind(&transaction, &i32::from(year)).one().await?;
    }
    if !staged.new_countries.is_empty() {
        let codes = staged
            .new_countries
            .iter()
            .map(|(code, _)| convert(*code, "country"))
            .collect::<Result<Vec<i16>, StoreError>>()?;
        let names: Vec<&str> = staged.new_countries.iter().map(|(_, name)| name.as_str()).collect();
        tables::insert_unlisted_countries().bind(&transaction, &codes, &names).one().await?;
    }
    if !staged.new_sectors.is_empty() {
        let ids: Vec<i16> = staged.new_sectors.iter().map(|(id, _)| i16::from(*id)).collect();
        let names: Vec<&str> = staged.new_sectors.iter().map(|(_, name)| name.as_str()).collect();
        tables::insert_sectors().bind(&transaction, &ids, &names).one().await?;
    }
    Ok(transaction)
}

async fn finish(run: &Run<'_>, transaction: Transaction<'_>, summary: &ReadSummary) -> Result<(), LoadError> {
    run.close_batch(&transaction, Some(summary), "live", "").await?;
    publish::announce().bind(&transaction, &run.version, &run.at).one().await?;
    transaction.commit().await?;
    run.phase("published");
    Ok(())
}

/// Gives the staging table its constant columns, indexes it on two connections at once, and records its totals.
async fn seal_year(run: &Run<'_>, year: u16, totals: Totals) -> Result<SegmentTotals, LoadError> {
    seal(run, year).await?;
    run.phase("sealed");
    let index = async |which: i32| {
        let client = run.loader.store.pool.get().await?;
        publish::index_staging().bind(&client, &i32::from(year), &run.version, &which).one().await?;
        run.phase("indexed");
        Ok::<_, LoadError>(())
    };
    let recorded = async {
        let recorded = record_totals(run, year, &totals).await?;
        index(2).await?;
        index(1).await?;
        Ok::<_, LoadError>(recorded)
    };
    let ((), recorded) = tokio::try_join!(index(0), recorded)?;
    Ok(recorded)
}

/// Totals by country and sector.
type Totals = BTreeMap<(Arc<str>, Arc<str>), Total>;

/// Records what the reports sum; its grand total, to be compared with the file's.
async fn record_totals(run: &Run<'_>, year: u16, totals: &Totals) -> Result<SegmentTotals, LoadError> {
    let countries: Vec<&str> = totals.keys().map(|(country, _)| &**country).collect();
    let sectors: Vec<&str> = totals.keys().map(|(_, sector)| &**sector).collect();
    let column = |part: fn(&Total) -> i64| totals.values().map(part).collect::<Vec<i64>>();
    let (fob, weight, rows) = (column(|t| t.fob_cents), column(|t| t.weight_g), column(|t| t.rows));
    let client = run.loader.store.pool.get().await?;
    publish::record_totals()
        .bind(&client, &i32::from(year), &run.version, &countries, &sectors, &fob, &weight, &rows)
        .one()
        .await?;
    Ok(SegmentTotals {
        rows: rows.iter().sum::<i64>().unsigned_abs(),
        fob_cents: fob.iter().fold(0, |sum, part| sum.saturating_add(*part)),
        weight_g: weight.iter().fold(0, |sum, part| sum.saturating_add(*part)),
    })
}

async fn seal(run: &Run<'_>, year: u16) -> Result<(), LoadError> {
    let client = run.loader.store.pool.get().await?;
    publish::seal_staging()
        .bind(&client, &i32::from(year), &run.version, &run.batch, &run.options.source, &run.at)
        .one()
        .await?;
    Ok(())
}

/// Writes the year's segment on a thread of its own. It carries the new version's name, so nobody opens it before the commit.
async fn write_segment(run: &Run<'_>, year: u16, rows: Vec<CubeRow>) -> Result<SegmentTotals, LoadError> {
    let path = run.loader.cube.segment(&run.live.store_id, year, run.version);
    let count = rows.len() as u64;
    let written = tokio::task::spawn_blocking(move || cube::write(&path, year, rows)).await;
    run.phase("cube segment written");
    let totals = written.map_err(|_| LoadError::Interrupted)?.map_err(SyncError::from)?;
    Ok(SegmentTotals { rows: count, ..totals })
}

/// The part of a slice that falls into one year.
struct Slice {
    year: u16,
    months: (u8, u8),
    rows: Vec<CubeRow>,
}

/// Makes the year's segment from the old one and the slice; from PostgreSQL, inside the transaction,
/// where there is no old one or the two do not add up to what the store now holds.
async fn merge_segment(
    run: &Run<'_>,
    transaction: &Transaction<'_>,
    old: Option<&LiveYear>,
    slice: Slice,
    staged: &Staged,
    totals: SegmentTotals,
) -> Result<(), LoadError> {
    let Slice { year, months, rows } = slice;
    let path = run.loader.cube.segment(&run.live.store_id, year, run.version);
    let old_path = old.map(|old| run.loader.cube.segment(&run.live.store_id, year, old.version));
    let by_country = run.options.replace == Replace::Countries;
    let ncms = if by_country { BTreeSet::new() } else { staged.ncms.clone() };
    let countries = if by_country { staged.countries() } else { BTreeSet::new() };
    let target = path.clone();
    let merged = tokio::task::spawn_blocking(move || -> Result<SegmentTotals, CubeError> {
        match old_path {
            None => cube::write(&target, year, rows),
            Some(old_path) => {
                let old = cube::segment::Segment::open(&old_path)?;
                let replaced = |row: &CubeRow| {
                    let part = ncms.contains(&row.ncm) || countries.contains(&row.country);
                    part && (months.0..=months.1).contains(&row.month)
                };
                cube::merge(&old, replaced, rows, &target)
            }
        }
    })
    .await
    .map_err(|_| LoadError::Interrupted)?;
    match merged {
        Ok(merged) if (merged.fob_cents, merged.weight_g) == (totals.fob_cents, totals.weight_g) => return Ok(()),
        Ok(merged) => {
            tracing::warn!(
                year,
                merged = merged.fob_cents,
                store = totals.fob_cents,
                "the old segment did not agree with the store; building anew"
            );
            std::fs::remove_dir_all(&path).map_err(|error| SyncError::from(CubeError::io("remove", &path)(error)))?;
        }
        Err(error) => tracing::warn!(year, %error, "the old segment could not be merged; building anew"),
    }
    let rows = convert(totals.rows, "row count")?;
    let live = LiveYear {
        year,
        source: run.options.source.clone(),
        batch: None,
        version: run.version,
        rows,
        fob_cents: totals.fob_cents,
        weight_g: totals.weight_g,
        through_month: 0,
        updated_at: run.at,
    };
    // Read within the transaction: the file may have named sectors and countries anew.
    let reference = Arc::new(read_reference(transaction).await?);
    build_year(transaction.client(), live, reference, path).await?;
    Ok(())
}

fn compare(what: &'static str, year: u16, found: SegmentTotals, expected: &Sums) -> Result<(), LoadError> {
    let same = found.rows == expected.rows
        && (i128::from(found.fob_cents), i128::from(found.weight_g)) == (expected.fob_cents, expected.weight_g);
    if same {
        return Ok(());
    }
    Err(LoadError::Disagreement {
        what,
        year,
        found: format!("{} rows, {} cents, {} g", found.rows, found.fob_cents, found.weight_g),
        expected: format!("{} rows, {} cents, {} g", expected.rows, expected.fob_cents, expected.weight_g),
    })
}

fn first_day(month: Month) -> Result<NaiveDate, LoadError> {
    NaiveDate::from_ymd_opt(i32::from(month.year()), u32::from(month.month()), 1)
        .ok_or_else(|| StoreError::Inconsistent(format!("{month} is not a month")).into())
}
