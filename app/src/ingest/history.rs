//! `bgc ingest batches`, `diff` and `drop`: what loads changed, shown and taken back.

use std::io::{BufRead, IsTerminal, Write};

use anyhow::{Result, bail};
use serde::Serialize;
use serde_json::value::RawValue;
use trade::ingest::guard::Amount;
use trade::ingest::history::{Batch, Changes, Comparison, Dropped, ReplacedYear};
use trade::ingest::load::Loader;

use super::{decimal, grouped, raw};
use crate::cli::DropFlags;
use crate::{UsageError, print, say};

/// What a load replaced in one year, for a program.
#[derive(Serialize)]
pub struct ReplacedJson {
    year: u16,
    rows_before: u64,
    fob_usd_before: Box<RawValue>,
    rows_after: u64,
    fob_usd_after: Box<RawValue>,
    kept: bool,
    kept_bytes: u64,
    dropped: bool,
}

impl ReplacedJson {
    /// Of a year.
    pub fn new(year: &ReplacedYear) -> Result<Self> {
        Ok(Self {
            year: year.year,
            rows_before: year.before.rows,
            fob_usd_before: raw(year.before.fob_cents, 2)?,
            rows_after: year.after.rows,
            fob_usd_after: raw(year.after.fob_cents, 2)?,
            kept: year.kept,
            kept_bytes: year.kept_bytes,
            dropped: year.dropped,
        })
    }
}

/// `20,325 rows, US$ 63.8 bn`
fn amount(amount: &Amount) -> String {
    format!("{} rows, US$ {}", grouped(&amount.rows.to_string()), short_usd(amount.fob_cents))
}

/// Dollars as people say them: `63.8 bn`.
fn short_usd(cents: i128) -> String {
    let dollars = cents / 100;
    let scaled = |unit: i128, name: &str| format!("{}.{} {name}", dollars / unit, dollars % unit * 10 / unit);
    match dollars {
        1_000_000_000.. => scaled(1_000_000_000, "bn"),
        1_000_000.. => scaled(1_000_000, "m"),
        _ => grouped(&dollars.to_string()),
    }
}

/// What was replaced, in one line.
pub fn replaced_line(year: &ReplacedYear) -> String {
    if year.before == Amount::default() {
        return format!("  {}: nothing was there before", year.year);
    }
    format!("  {}: {} replaced by {}", year.year, amount(&year.before), amount(&year.after))
}

#[derive(Serialize)]
struct BatchJson<'a> {
    batch: &'a str,
    source: &'a str,
    at: String,
    origin: &'a str,
    file: &'a str,
    sha256: &'a str,
    replace: &'a str,
    outcome: &'a str,
    message: &'a str,
    rows_read: i64,
    rows_loaded: i64,
    rows_rejected: i64,
    fob_usd: Box<RawValue>,
    kg: Box<RawValue>,
    duration_ms: i64,
    kept_bytes: u64,
    replaced: Vec<ReplacedJson>,
}

/// Lists the loads.
pub async fn batches(loader: &Loader, limit: u32, json: bool) -> Result<()> {
    let batches = loader.batches(limit).await?;
    if json {
        let all = batches.iter().map(batch_json).collect::<Result<Vec<_>>>()?;
        return print(&serde_json::to_string(&all)?);
    }
    if batches.is_empty() {
        return print("nothing was loaded so far");
    }
    for batch in &batches {
        let rows = grouped(&batch.rows_loaded.to_string());
        let usd = short_usd(i128::from(batch.fob_cents));
        print(&format!(
            "{}  {:9}  {:9}  {}  {}  {rows} rows, US$ {usd}",
            batch.id, batch.outcome, batch.replace_mode, batch.source, batch.file_name
        ))?;
        if !batch.message.is_empty() {
            print(&format!("  {}", batch.message.lines().next().unwrap_or_default()))?;
        }
        for year in &batch.years {
            let state = if year.dropped {
                ", dropped".to_owned()
            } else if year.kept {
                format!(", kept on {} MB", grouped(&year.kept_bytes.div_ceil(1 << 20).to_string()))
            } else {
                String::new()
            };
            print(&format!("{}{state}", replaced_line(year)))?;
        }
    }
    Ok(())
}

fn batch_json(batch: &Batch) -> Result<BatchJson<'_>> {
    Ok(BatchJson {
        batch: &batch.id,
        source: &batch.source,
        at: batch.at.to_rfc3339(),
        origin: &batch.origin,
        file: &batch.file_name,
        sha256: &batch.sha256,
        replace: &batch.replace_mode,
        outcome: &batch.outcome,
        message: &batch.message,
        rows_read: batch.rows_read,
        rows_loaded: batch.rows_loaded,
        rows_rejected: batch.rows_rejected,
        fob_usd: raw(i128::from(batch.fob_cents), 2)?,
        kg: raw(i128::from(batch.weight_g), 3)?,
        duration_ms: batch.duration_ms,
        kept_bytes: batch.years.iter().map(|year| year.kept_bytes).sum(),
        replaced: batch.years.iter().map(ReplacedJson::new).collect::<Result<_>>()?,
    })
}

#[derive(Serialize)]
struct ChangesJson {
    #[serde(skip_serializing_if = "Option::is_none")]
    month: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ncm: Option<String>,
    rows_added: i64,
    rows_changed: i64,
    rows_removed: i64,
    rows_same: i64,
    fob_usd_before: Box<RawValue>,
    fob_usd_after: Box<RawValue>,
    kg_before: Box<RawValue>,
    kg_after: Box<RawValue>,
}

impl ChangesJson {
    fn new(changes: &Changes) -> Result<Self> {
        Ok(Self {
            month: None,
            ncm: None,
            rows_added: changes.added,
            rows_changed: changes.changed,
            rows_removed: changes.removed,
            rows_same: changes.same,
            fob_usd_before: raw(changes.before.fob_cents, 2)?,
            fob_usd_after: raw(changes.after.fob_cents, 2)?,
            kg_before: raw(changes.before.weight_g, 3)?,
            kg_after: raw(changes.after.weight_g, 3)?,
        })
    }
}

/// The products that changed, by how much their value changed.
fn changed_products(comparison: &Comparison, limit: u32) -> Vec<(String, &Changes)> {
    let moved = |changes: &Changes| (changes.after.fob_cents - changes.before.fob_cents).abs();
    let changed = |changes: &&Changes| changes.added + changes.changed + changes.removed > 0;
    let mut products: Vec<(String, &Changes)> = comparison
        .products
        .iter()
        .map(|(ncm, changes)| (ncm.to_string(), changes))
        .filter(|(_, changes)| changed(changes))
        .collect();
    products.sort_by(|left, right| (moved(right.1), &left.0).cmp(&(moved(left.1), &right.0)));
    products.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    products
}

/// Compares a load with what it replaced.
pub async fn diff(loader: &Loader, batch: &str, limit: u32, json: bool) -> Result<()> {
    let comparison = loader.compare(batch).await?;
    let products = changed_products(&comparison, limit);
    if json {
        let months = comparison
            .months
            .iter()
            .map(|(month, changes)| Ok(ChangesJson { month: Some(month.to_string()), ..ChangesJson::new(changes)? }));
        let months = months.collect::<Result<Vec<_>>>()?;
        let products = products
            .iter()
            .map(|(ncm, changes)| Ok(ChangesJson { ncm: Some(ncm.clone()), ..ChangesJson::new(changes)? }));
        let products = products.collect::<Result<Vec<_>>>()?;
        let answer = serde_json::json!({
            "batch": batch, "total": ChangesJson::new(&comparison.total)?, "months": months, "products": products,
        });
        return print(&answer.to_string());
    }
    print(&changes_line(batch, &comparison.total))?;
    for (month, changes) in &comparison.months {
        print(&changes_line(&format!("  {month}"), changes))?;
    }
    for (ncm, changes) in &products {
        print(&changes_line(&format!("  {ncm}"), changes))?;
    }
    Ok(())
}

fn changes_line(label: &str, changes: &Changes) -> String {
    let difference = changes.after.fob_cents - changes.before.fob_cents;
    let sign = if difference < 0 { "-" } else { "+" };
    format!(
        "{label}: {} rows added, {} changed, {} removed, {} the same; US$ {} -> {} ({sign}{})",
        changes.added,
        changes.changed,
        changes.removed,
        changes.same,
        grouped(&decimal(changes.before.fob_cents, 2)),
        grouped(&decimal(changes.after.fob_cents, 2)),
        grouped(&decimal(difference.abs(), 2)),
    )
}

/// Takes a load back, or a year out.
pub async fn drop(loader: &Loader, flags: &DropFlags) -> Result<()> {
    let dropped = match (&flags.batch, flags.year) {
        (Some(batch), _) => Dropped::Batch(batch.clone()),
        (None, Some(year)) => Dropped::Year(year),
        (None, None) => bail!("say --year or --batch"),
    };
    let question = match &dropped {
        Dropped::Batch(batch) => {
            let years = loader.droppable(batch).await?;
            let years: Vec<String> = years.iter().map(u16::to_string).collect();
            format!("take batch {batch} back, so that {} is again what it was before", years.join(", "))
        }
        Dropped::Year(year) => format!("take {year} out for good: nothing of it is kept"),
    };
    if !flags.yes && !confirmed(&question)? {
        return print("nothing was dropped");
    }
    let report = loader.drop_loaded(&dropped).await?;
    let served = loader.wait_until_served(report.snapshot).await?;
    if flags.json {
        let answer = serde_json::json!({
            "restored": report.restored, "emptied": report.emptied, "snapshot": report.snapshot,
            "served": served.name(), "duration_ms": report.duration.as_millis() as u64,
        });
        return print(&answer.to_string());
    }
    for year in &report.restored {
        print(&format!("{year}: what was there before is live again"))?;
    }
    for year in &report.emptied {
        print(&format!("{year}: holds nothing now and is not covered"))?;
    }
    print(&format!("{} in {:.1} s", served.text(), report.duration.as_secs_f64()))
}

/// Asks on a terminal; elsewhere the answer must be on the command line.
fn confirmed(question: &str) -> Result<bool> {
    if !std::io::stdin().is_terminal() {
        return Err(UsageError(format!("{question}? Say --yes to do it: there is no terminal to ask on")).into());
    }
    say(&format!("{question}? [y/N]"));
    std::io::stderr().flush()?;
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer)?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes" | "s" | "sim"))
}
