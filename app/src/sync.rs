//! `bgc ingest sync`: the ministry's official files, for a person or (`--json`) for a program.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::{Context, Result, bail};
use platform::clock::Clock;
use trade::ingest::load::Loader;
use trade::ingest::sync::{
    Directory, FileReport, OfficialFile, OfficialFiles, Outcome, State, SyncEvent, SyncOptions, SyncReport, sync,
};

use crate::cli::SyncFlags;
use crate::config::Config;
use crate::database::Database;
use crate::gateway;
use crate::ingest::grouped;
use crate::progress::Bar;
use crate::sources::Ministry;
use crate::{print, say};

/// Whoever holds the official files: the directory that was named, else the ministry by way of the gateway.
pub async fn official_files(
    flags: &SyncFlags,
    config: &Config,
    database: &Database,
    clock: &Arc<dyn Clock>,
) -> Result<Arc<dyn OfficialFiles>> {
    match &flags.from_dir {
        Some(dir) => {
            let directory = Directory::open(dir).with_context(|| format!("--from-dir {}", dir.display()))?;
            Ok(Arc::new(directory))
        }
        None => Ok(Arc::new(Ministry(gateway::of_command(config, database, clock).await?))),
    }
}

/// Syncs, and says what became of it. An error names the files that were refused.
pub async fn run(loader: &Loader, files: Arc<dyn OfficialFiles>, flags: &SyncFlags, data_dir: &Path) -> Result<()> {
    let options = SyncOptions {
        years: flags.years.clone(),
        dry_run: flags.dry_run,
        allow_shrink: flags.allow_shrink,
        downloads_dir: data_dir.join("downloads"),
        rejects_dir: data_dir.to_owned(),
    };
    let shown = Arc::new(Shown { bar: Mutex::new(None), json: flags.json });
    if !flags.json {
        print(&format!("official files of {}", files.origin()))?;
    }
    let moved = Arc::clone(&shown);
    let synced = sync(loader, files.as_ref(), &options, Arc::new(move |event| moved.on(event))).await;
    shown.bar().take();
    let report = synced?;
    report.notices.iter().for_each(|notice| say(&format!("note: {notice}")));
    if flags.json {
        print(&serde_json::to_string(&report)?)?
    } else {
        show(&report)?
    }
    match refused(&report) {
        None => Ok(()),
        Some(names) => bail!("{names}"),
    }
}

/// The files that should be live and are not, in one sentence.
fn refused(report: &SyncReport) -> Option<String> {
    let names: Vec<&str> = report.refused().map(|file| file.file.as_str()).collect();
    let (one, many) = match report.dry_run {
        true => ("would not be loaded", "would not be loaded"),
        false => ("was not loaded: what is live stays", "were not loaded: what is live of them stays"),
    };
    let (last, others) = names.split_last()?;
    Some(match others {
        [] => format!("{last} {one}"),
        others => format!("{} and {last} {many}", others.join(", ")),
    })
}

/// What is seen while it goes on: a line for each file as soon as nothing more happens to it, and one bar, for the file
/// that is loaded or else the one that is fetched.
struct Shown {
    bar: Mutex<Option<(OfficialFile, Step, Bar)>>,
    json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Fetching,
    Loading,
}

impl Shown {
    fn bar(&self) -> MutexGuard<'_, Option<(OfficialFile, Step, Bar)>> {
        self.bar.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn on(&self, event: SyncEvent) {
        match event {
            SyncEvent::Fetching { file, bytes, total } => {
                self.moved(file, Step::Fetching, bytes, total.unwrap_or_default(), None);
            }
            SyncEvent::Loading { file, progress } => {
                self.moved(file, Step::Loading, progress.bytes_read, progress.bytes_total, Some(progress.rows));
            }
            SyncEvent::Settled(report) => {
                self.bar().take_if(|(file, ..)| *file == report.id);
                if !self.json {
                    // Whoever closed our output reads no more of it; the sync goes on.
                    print(&line(&report)).unwrap_or_default();
                }
            }
        }
    }

    fn moved(&self, file: OfficialFile, step: Step, bytes: u64, total: u64, rows: Option<u64>) {
        let mut bar = self.bar();
        let current = bar.as_ref().map(|(file, step, _)| (*file, *step));
        if current != Some((file, step)) {
            // The next file is fetched while one is loaded: the bar stays with the load.
            if step == Step::Fetching && current.is_some_and(|(_, step)| step == Step::Loading) {
                return;
            }
            let name = file.to_string();
            let fresh = if step == Step::Loading { Bar::reading(&name) } else { Bar::fetching(&name) };
            *bar = Some((file, step, fresh));
        }
        if let Some((_, _, bar)) = bar.as_ref() {
            bar.moved(bytes, total, rows);
        }
    }
}

fn show(report: &SyncReport) -> Result<()> {
    // The others had their line when they were settled.
    for file in report.files.iter().filter(|file| is_worth_a_line(file) && (report.dry_run || !file.is_due())) {
        print(&line(file))?;
    }
    let count = |outcome| report.files.iter().filter(|file| file.outcome == outcome).count();
    let through = report.through.as_deref().map_or_else(String::new, |through| format!("; data through {through}"));
    if report.dry_run {
        return print(&format!("{} files would be loaded{through}", count(Outcome::Planned)));
    }
    let seconds = report.duration_ms as f64 / 1_000.0;
    print(&format!("{} files loaded in {seconds:.1} s{through}", count(Outcome::Loaded)))
}

/// A table or a year that is not there was told by a notice, where anybody asked for it.
fn is_worth_a_line(file: &FileReport) -> bool {
    file.state != State::Missing
}

fn line(file: &FileReport) -> String {
    let rows = file.rows.map(|rows| format!(", {} rows", grouped(&rows.to_string()))).unwrap_or_default();
    let size = file.bytes.map(|bytes| format!(", {:.1} MB", bytes as f64 / 1e6)).unwrap_or_default();
    let (what, why) = match file.outcome {
        Outcome::Kept => ("kept", file.reason.as_str()),
        Outcome::Planned => ("to load", file.reason.as_str()),
        Outcome::Loaded => ("loaded", file.reason.as_str()),
        Outcome::Identical => ("kept", "its content is live already"),
        Outcome::Refused => ("REFUSED", file.error.as_deref().unwrap_or_default()),
    };
    format!("  {:<15} {what:<8} {why}{rows}{size}", file.file)
}
