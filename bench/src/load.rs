//! Loads to queryable, the cube from PostgreSQL, and a start on a full history.

use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use tokio::io::{AsyncBufReadExt, BufReader};
use trade::cube::live::assemble;

use crate::TradeOptions;
use crate::report::{Report, percentile};
use crate::world::{Place, World, say};

/// Rows of "a full-size year".
const YEAR_ROWS: usize = 1_000_000;
/// The year that is loaded beside the history.
const MEASURED_YEAR: u16 = 2026;

/// From the file to a snapshot that answers.
async fn to_queryable(place: &Place, file: &Path) -> Result<Duration> {
    let started = Instant::now();
    place.load(file).await?;
    assemble(&place.loader.store, &place.loader.cube).await?;
    Ok(started.elapsed())
}

/// A full-size year into an empty store, beside `psql \copy`.
pub async fn into_empty(options: &TradeOptions, world: &World, report: &mut Report) -> Result<()> {
    let file = world.dir.join("year.csv");
    world.real.write_year(MEASURED_YEAR, Some(YEAR_ROWS), 0, &file)?;
    let (mut ours, mut rival) = (Vec::new(), Vec::new());
    for repetition in 0..options.repetitions {
        rival.push(world.psql_copy(&file).await?);
        let place = world.empty(&format!("empty_{}_{repetition}", std::process::id())).await?;
        ours.push(to_queryable(&place, &file).await?);
    }
    let (ours, rival) = (percentile(&mut ours, 0.5, 1.0), percentile(&mut rival, 0.5, 1.0));
    report.at_most_times(
        "load of 1.0 M rows to queryable, empty store",
        ours,
        "s",
        ("psql \\copy, plain table", rival),
        2.5,
    );
    Ok(())
}

/// The history: whole years made from the real months.
pub async fn history(options: &TradeOptions, world: &World) -> Result<()> {
    let place = world.history().await?;
    let live = place.loader.store.live_state().await?;
    let file = world.dir.join("history.csv");
    let started = Instant::now();
    let mut rows = 0;
    for year in MEASURED_YEAR - options.years..MEASURED_YEAR {
        if live.years.iter().any(|live| live.year == year) {
            continue;
        }
        rows += world.real.write_year(year, None, 0, &file)?;
        place.load(&file).await?;
    }
    say(&format!("history: {rows} rows in {:.0} s", started.elapsed().as_secs_f64()));
    Ok(())
}

/// The same year into the history; the file differs each time, so that it is never a no-op.
pub async fn into_history(options: &TradeOptions, world: &World, report: &mut Report) -> Result<()> {
    let place = world.history().await?;
    let file = world.dir.join("year.csv");
    let (mut ours, mut rival) = (Vec::new(), Vec::new());
    for repetition in 0..options.repetitions {
        world.real.write_year(MEASURED_YEAR, Some(YEAR_ROWS), started_seed() + repetition as u64, &file)?;
        rival.push(world.psql_copy(&file).await?);
        ours.push(to_queryable(&place, &file).await?);
    }
    let (ours, rival) = (percentile(&mut ours, 0.5, 1.0), percentile(&mut rival, 0.5, 1.0));
    report.at_most_times(
        "load of 1.0 M rows to queryable, into the history",
        ours,
        "s",
        ("psql \\copy, plain table", rival),
        5.0,
    );
    Ok(())
}

/// A number that differs between runs: the process's own.
fn started_seed() -> u64 {
    u64::from(std::process::id()) << 8
}

/// The cube of the whole history from PostgreSQL, and its size.
pub async fn cube(world: &World, report: &mut Report) -> Result<()> {
    let place = world.history().await?;
    std::fs::remove_dir_all(world.dir.join("cube")).context("remove the cube")?;
    let started = Instant::now();
    let snapshot = assemble(&place.loader.store, &place.loader.cube).await?;
    report.at_most("cube of the history rebuilt from PostgreSQL", started.elapsed().as_secs_f64(), "s", 60.0);
    let rows: usize = snapshot.segments.iter().map(|segment| segment.rows()).sum();
    let mut bytes = 0;
    for segment in &snapshot.segments {
        bytes += segment.disk_bytes()?;
    }
    let facts: i64 = place.loader.store.live_state().await?.years.iter().map(|year| year.rows).sum();
    say(&format!("{facts} facts, {rows} cube rows, {bytes} bytes"));
    report.at_most("bytes a cube row, both orders and rollups", bytes as f64 / rows as f64, "B", 56.0);
    Ok(())
}

/// `bgc up` on the history, from the command to its line that it is ready.
pub async fn start(world: &mut World, report: &mut Report) -> Result<()> {
    world.close().await;
    let bgc = std::env::current_exe()?.with_file_name("bgc");
    let started = Instant::now();
    let mut child = tokio::process::Command::new(&bgc)
        .arg("up")
        .arg("--data-dir")
        .arg(&world.dir)
        .envs(["BGC_HTTP_LISTEN", "BGC_GATEWAY_LISTEN", "BGC_OPERATIONS_LISTEN"].map(|name| (name, "127.0.0.1:0")))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .with_context(|| format!("start {}: build it first", bgc.display()))?;
    let mut lines = BufReader::new(child.stdout.take().context("its output")?).lines();
    let mut ready = None;
    while let Some(line) = lines.next_line().await? {
        if line.starts_with("bgc is ready") {
            ready = Some(started.elapsed());
            break;
        }
    }
    let ready = ready.context("bgc up ended before it was ready")?;
    report.at_most("bgc up on the history, ready", ready.as_secs_f64(), "s", 3.0);
    let id = child.id().context("its process id")?;
    std::process::Command::new("kill").args(["-TERM", &id.to_string()]).status()?;
    child.wait().await?;
    world.start().await
}
