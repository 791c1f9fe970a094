//! The use case: totals, what is published against what is live, then year after year.

use std::collections::BTreeSet;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use futures_util::{FutureExt, StreamExt, stream};

use super::official::{OfficialFile, OfficialFiles, Published, TableName};
use super::plan::{self, Decision, Live, SOURCE, State};
use super::records::{self, Known};
use super::report::{FileReport, Outcome, SyncReport};
use super::{SyncError, SyncEvent, SyncOptions};
use crate::domain::code::{Month, YEAR_BOUND, YEAR_MIN};
use crate::ingest::error::Fault;
use crate::ingest::guard::Replace;
use crate::ingest::input::Input;
use crate::ingest::load::{LoadError, LoadOptions, LoadReport, Loader};
use crate::ingest::space;
use crate::ingest::totals::Totals;

/// Files asked about at once.
const PROBES_AT_ONCE: usize = 4;
/// A longer validator is none: the source is not what it should be.
const VALIDATOR_BYTES_MAX: usize = 500;

/// Brings the official files of `files` into the store: those that changed, each whole or not at all.
///
/// A year that cannot be loaded stays as it is and is named in the report; the others go on.
///
/// # Errors
/// [`SyncError`], when no year can be loaded, or none after those that were.
pub async fn sync(
    loader: &Loader,
    files: &dyn OfficialFiles,
    options: &SyncOptions,
    progress: Arc<dyn Fn(SyncEvent) + Send + Sync>,
) -> Result<SyncReport, SyncError> {
    let started = Instant::now();
    let _lock = records::lock(&loader.store).await?;
    let run = Run { loader, files, options, progress };
    let made = fs::create_dir_all(&options.downloads_dir);
    made.map_err(|source| SyncError::Downloads { path: options.downloads_dir.clone(), source })?;
    let totals = run.fetch_totals(&run.path(OfficialFile::Totals)).await?;
    let mut notices = Vec::new();
    let announced = run.announced(&mut notices).await;
    let known = records::known(&loader.store).await?;
    let mut tables = run.plan_tables(&known, &mut notices).await;
    let mut years = run.plan_years(&known, &totals, &mut notices).await;
    if options.dry_run {
        for item in tables.iter_mut().chain(&mut years).filter(|item| item.report.is_due()) {
            item.report.outcome = Outcome::Planned;
        }
        remove(&run.path(OfficialFile::Totals));
    } else {
        run.load_tables(&mut tables, &known, &mut notices).await?;
        run.load_years(&mut years).await?;
    }
    let through = run.through().await?;
    let files: Vec<FileReport> = tables.into_iter().chain(years).map(|item| item.report).collect();
    run.compare_coverage(announced, through, &files, &mut notices);
    let report = SyncReport {
        origin: run.files.origin(),
        dry_run: options.dry_run,
        announced: announced.map(|month| month.to_string()),
        through: through.map(|month| month.to_string()),
        snapshot: loader.store.snapshot_version().await?,
        files,
        notices,
        duration_ms: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
    };
    if !options.dry_run && report.refused().next().is_none() {
        run.remove_downloads();
    }
    Ok(report)
}

/// One sync under way.
pub(super) struct Run<'a> {
    pub loader: &'a Loader,
    pub files: &'a dyn OfficialFiles,
    pub options: &'a SyncOptions,
    pub progress: Arc<dyn Fn(SyncEvent) + Send + Sync>,
}

/// A file with what was planned for it.
pub(super) struct Item {
    pub report: FileReport,
    /// As it was when it was asked about last, before it was fetched.
    pub published: Published,
}

impl Run<'_> {
    fn path(&self, file: OfficialFile) -> PathBuf {
        self.options.downloads_dir.join(file.to_string())
    }

    /// Fetches the official totals, twice when they cannot be read the first time.
    async fn fetch_totals(&self, into: &Path) -> Result<Totals, SyncError> {
        let mut broken = None;
        for _ in 0..2 {
            let progress = |_, _| {};
            let fetched = self.files.fetch(OfficialFile::Totals, into, &progress).await;
            match fetched {
                Err(source) => return Err(SyncError::TotalsUnavailable { origin: self.files.origin(), source }),
                Ok(None) => return Err(SyncError::TotalsMissing { origin: self.files.origin() }),
                Ok(Some(())) => {}
            }
            match Totals::read(into) {
                Ok(totals) => return Ok(totals),
                Err(error) => broken = Some(error),
            }
            remove(into);
        }
        match broken {
            Some(source) => Err(SyncError::Totals { origin: self.files.origin(), source }),
            None => Err(SyncError::TotalsMissing { origin: self.files.origin() }),
        }
    }

    async fn announced(&self, notices: &mut Vec<String>) -> Option<Month> {
        match self.files.announced().await {
            Ok(announced) => announced,
            Err(error) => {
                let error = chain(error.as_ref());
                notices.push(format!("which month was published last could not be asked, the files are: {error}"));
                None
            }
        }
    }

    /// Asks about files, a few at once, and gives the answers in their order.
    async fn probe(&self, files: Vec<OfficialFile>) -> Vec<(OfficialFile, Result<Option<Published>, String>)> {
        let asked: Vec<_> = files.into_iter().map(|file| self.probe_one(file).map(move |told| (file, told))).collect();
        stream::iter(asked).buffered(PROBES_AT_ONCE).collect().await
    }

    async fn probe_one(&self, file: OfficialFile) -> Result<Option<Published>, String> {
        let usable = |published: Published| Published {
            validator: published.validator.filter(|validator| validator.len() <= VALIDATOR_BYTES_MAX),
            ..published
        };
        match self.files.probe(file).await {
            Ok(published) => Ok(published.map(usable)),
            Err(error) => Err(chain(error.as_ref())),
        }
    }

    async fn plan_tables(&self, known: &Known, notices: &mut Vec<String>) -> Vec<Item> {
        let mut items = Vec::new();
        for (file, probed) in self.probe(TableName::ALL.map(OfficialFile::Table).to_vec()).await {
            items.push(item(file, probed, |published| plan::of_table(published, known.records.get(&file.to_string()))));
        }
        if items.iter().all(|item| item.report.state == State::Missing) {
            notices.push("there are no code tables: names stay as they are".to_owned());
        }
        items
    }

    async fn plan_years(&self, known: &Known, totals: &Totals, notices: &mut Vec<String>) -> Vec<Item> {
        let wanted: BTreeSet<u16> = match &self.options.years {
            Some(years) => (*years.start().max(&YEAR_MIN)..=*years.end().min(&YEAR_BOUND)).collect(),
            None => totals.years.keys().copied().collect(),
        };
        // The latest first: it is what most questions are about.
        let files = wanted.iter().rev().map(|year| OfficialFile::Year(*year)).collect();
        let mut items = Vec::new();
        for (file, probed) in self.probe(files).await {
            let year = file.year().unwrap_or_default();
            let live = Live {
                year: known.years.iter().find(|live| live.year == year),
                sha256: known.sha256.get(&year).map(String::as_str),
            };
            let record = known.records.get(&file.to_string());
            items.push(item(file, probed, |published| {
                plan::of_year(year, totals.years.get(&year), published, live, record, self.options.allow_shrink)
            }));
        }
        self.notice_missing(&items, notices);
        let unnamed = |year: u16| {
            known.years.iter().any(|live| live.year == year && live.source == SOURCE) && !wanted.contains(&year)
        };
        if self.options.years.is_none() {
            for year in known.years.iter().map(|live| live.year).filter(|year| unnamed(*year)) {
                notices.push(format!("{year} is live and the official totals do not name it: it stays as it is"));
            }
        }
        items
    }

    /// Years that were asked for by name and are not there are told; of all the years there are, only if none is.
    fn notice_missing(&self, items: &[Item], notices: &mut Vec<String>) {
        let missing: Vec<&FileReport> =
            items.iter().map(|item| &item.report).filter(|report| report.state == State::Missing).collect();
        if self.options.years.is_some() {
            notices.extend(missing.iter().rev().map(|report| format!("{}: {}", report.file, report.reason)));
        } else if missing.len() == items.len() {
            notices.push("none of the years that the official totals name has a file".to_owned());
        }
    }

    /// Loads what is due, one year after the other, while the next one is fetched.
    async fn load_years(&self, items: &mut [Item]) -> Result<(), SyncError> {
        let due: Vec<usize> = (0..items.len()).filter(|at| items[*at].report.is_due()).collect();
        let mut ahead = None;
        for (place, at) in due.iter().enumerate() {
            let next = due.get(place + 1).map(|next| (items[*next].report.id, items[*next].published.bytes));
            let item = &mut items[*at];
            let fetched = match ahead.take() {
                Some(fetched) => fetched,
                None => self.fetch(item.report.id, &self.path(item.report.id), item.published.bytes).await,
            };
            let upcoming = async { Ok(self.fetch_ahead(next).await) };
            ((), ahead) = tokio::try_join!(self.load_year(item, fetched), upcoming)?;
            (self.progress)(SyncEvent::Settled(item.report.clone()));
        }
        Ok(())
    }

    /// Fetches the next file beside the one that is being loaded. Without the room it waits for its turn.
    async fn fetch_ahead(&self, next: Option<(OfficialFile, Option<u64>)>) -> Option<Result<(), String>> {
        let (file, bytes) = next?;
        space::check(&self.options.downloads_dir, bytes.unwrap_or_default()).ok()?;
        Some(self.fetch(file, &self.path(file), bytes).await)
    }

    /// Fetches a file, or says why not.
    pub async fn fetch(&self, file: OfficialFile, into: &Path, bytes: Option<u64>) -> Result<(), String> {
        space::check(&self.options.downloads_dir, bytes.unwrap_or_default()).map_err(|error| error.to_string())?;
        let progress = |bytes, total| (self.progress)(SyncEvent::Fetching { file, bytes, total });
        match self.files.fetch(file, into, &progress).await {
            Ok(Some(())) => Ok(()),
            Ok(None) => Err(format!("{file} was there a moment ago and is gone")),
            Err(error) => Err(format!("it cannot be fetched: {}", chain(error.as_ref()))),
        }
    }

    /// Loads a year from its file; from another download of it, and of the totals, when the first does not hold.
    async fn load_year(&self, item: &mut Item, fetched: Result<(), String>) -> Result<(), SyncError> {
        let file = item.report.id;
        if let Err(reason) = fetched {
            item.report.refuse(reason);
            return Ok(());
        }
        let mut loaded = self.load(file).await;
        if let Err(error) = &loaded
            && is_worth_another_download(error)
        {
            let reason = chain(error);
            tracing::info!(%file, reason, "the file cannot be loaded; it and the official totals are fetched once more");
            if let Err(second) = self.fetch_anew(item).await {
                item.report.refuse(format!("{reason}; it was to be fetched once more, but {second}"));
                return Ok(());
            }
            loaded = self.load(file).await;
        }
        remove(&self.path(file));
        match loaded {
            Ok(report) => self.take(item, &report).await,
            Err(error) if stops_everything(&error) => {
                Err(SyncError::Stopped { file: file.to_string(), source: Box::new(error) })
            }
            Err(error) => {
                item.report.refuse(chain(&error));
                Ok(())
            }
        }
    }

    async fn fetch_anew(&self, item: &mut Item) -> Result<(), String> {
        let file = item.report.id;
        remove(&self.path(file));
        // Beside the totals that other years are checked against, until they are known to be good.
        let totals = self.path(OfficialFile::Totals);
        let fresh = totals.with_extension("csv.new");
        self.fetch_totals(&fresh).await.map_err(|error| chain(&error))?;
        fs::rename(&fresh, &totals).map_err(|error| format!("{} cannot be replaced: {error}", totals.display()))?;
        if let Some(published) = self.probe_one(file).await? {
            item.published = published;
        }
        self.fetch(file, &self.path(file), item.published.bytes).await
    }

    async fn load(&self, file: OfficialFile) -> Result<LoadReport, LoadError> {
        let options = LoadOptions {
            input: Input::Csv { path: self.path(file) },
            source: SOURCE.to_owned(),
            replace: Replace::Year,
            allow_shrink: self.options.allow_shrink,
            // A rejected row is one that the official totals count: the first says why they would differ.
            max_rejects: 0.0,
            rejects: self.options.rejects_dir.join(format!("rejected-{file}")),
            totals: Some(self.path(OfficialFile::Totals)),
            through: None,
            only_year: file.year(),
            decimal: None,
        };
        let progress = Arc::clone(&self.progress);
        let moved = move |moved| progress(SyncEvent::Loading { file, progress: moved });
        self.loader.load(options, Arc::new(moved)).await
    }

    async fn take(&self, item: &mut Item, loaded: &LoadReport) -> Result<(), SyncError> {
        let file = item.report.id;
        item.report.rows = Some(loaded.summary.rows_accepted);
        item.report.batch = Some(loaded.batch.clone());
        item.report.outcome = if loaded.changed { Outcome::Loaded } else { Outcome::Identical };
        let at = self.loader.clock.now();
        records::record(&self.loader.store, file, &item.published, &loaded.summary.sha256, at).await?;
        Ok(())
    }

    /// The last covered month of the years that are synced.
    async fn through(&self) -> Result<Option<Month>, SyncError> {
        let years = records::known(&self.loader.store).await?.years;
        let covered = years.iter().filter(|year| year.source == SOURCE);
        Ok(covered.filter_map(|year| Month::new(year.year, year.through_month)).max())
    }

    /// Tells when the ministry says that it has more than what is live: coverage against coverage.
    fn compare_coverage(
        &self,
        announced: Option<Month>,
        through: Option<Month>,
        files: &[FileReport],
        notices: &mut Vec<String>,
    ) {
        let Some(announced) = announced.filter(|announced| Some(*announced) > through) else { return };
        let asked = self.options.years.as_ref().is_none_or(|years| years.contains(&announced.year()));
        // Before it is fetched nobody knows how far a file goes.
        let open = files.iter().any(|file| file.year.is_some() && file.outcome == Outcome::Planned);
        if asked && !open {
            let live = through.map_or_else(|| "nothing is live".to_owned(), |through| format!("{through} is live"));
            notices.push(format!("the ministry announces data through {announced} and {live}: sync again later"));
        }
    }

    fn remove_downloads(&self) {
        let directory = &self.options.downloads_dir;
        if let Err(error) = fs::remove_dir_all(directory) {
            tracing::warn!(directory = %directory.display(), %error, "the downloads could not be removed");
        }
    }
}

/// A file with the decision on it, which is a refusal when the source could not be asked.
fn item(
    file: OfficialFile,
    probed: Result<Option<Published>, String>,
    decide: impl FnOnce(Option<&Published>) -> Decision,
) -> Item {
    match probed {
        Ok(published) => {
            let decision = decide(published.as_ref());
            let published = published.unwrap_or_default();
            Item { report: FileReport::new(file, decision, published.bytes), published }
        }
        Err(reason) => {
            let decision = Decision::new(State::Refused, format!("the source could not be asked about it: {reason}"));
            Item { report: FileReport::new(file, decision, None), published: Published::default() }
        }
    }
}

/// Whether the file may only have come damaged, or between two versions of it and of the totals.
fn is_worth_another_download(error: &LoadError) -> bool {
    match error {
        LoadError::Read(error) => !matches!(error.fault, Fault::Sink(_) | Fault::RejectsUnwritable { .. }),
        LoadError::Totals(_) | LoadError::OfficialTotals(_) => true,
        _ => false,
    }
}

/// Whether every other year would fail as well.
pub(super) fn stops_everything(error: &LoadError) -> bool {
    !is_worth_another_download(error) && !matches!(error, LoadError::Guard(_) | LoadError::Tables(_))
}

/// An error with all its causes in one line.
pub(super) fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let next = error.to_string();
        // Some libraries repeat their cause in their own text.
        if !text.ends_with(&next) {
            text = format!("{text}: {next}");
        }
        cause = error.source();
    }
    text
}

/// Removes a file that may not be there.
fn remove(path: &Path) {
    if let Err(error) = fs::remove_file(path)
        && error.kind() != std::io::ErrorKind::NotFound
    {
        tracing::warn!(path = %path.display(), %error, "a download could not be removed");
    }
}
