//! Where facts come from: a text file, a workbook, or the sample.

use std::path::PathBuf;

use sha2::{Digest, Sha256};

use super::csv::{self, ReadOptions, Sink};
use super::error::{Fault, Place, ReadError};
use super::layout::LayoutKind;
use super::names::{KnownCountry, Names};
use super::row::Rules;
use super::summary::{Batch, MonthSums, Progress, ReadSummary};
use super::xlsx;
use crate::domain::country;
use crate::domain::reference::Reference;
use crate::sample::{self, SampleOptions};

/// Threads that parse: more than two outrun any PostgreSQL behind them.
const PARSE_WORKERS: usize = 2;

/// A source of facts.
#[derive(Debug, Clone)]
pub enum Input {
    /// A text file of either layout, plain or gzip.
    Csv {
        /// The file.
        path: PathBuf,
    },
    /// A workbook.
    Xlsx {
        /// The file.
        path: PathBuf,
        /// The sheet, or every sheet whose header fits.
        sheet: Option<String>,
    },
    /// The deterministic sample.
    Sample {
        /// Rows, or the sample's own number.
        rows: Option<u64>,
    },
}

impl Input {
    /// As the store calls it.
    pub(super) fn origin(&self) -> &'static str {
        match self {
            Self::Csv { .. } => "csv",
            Self::Xlsx { .. } => "xlsx",
            Self::Sample { .. } => "sample",
        }
    }

    /// The name of the file without its directories, which are nobody's business later.
    pub(super) fn file_name(&self) -> String {
        match self {
            Self::Csv { path } | Self::Xlsx { path, .. } => {
                path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
            }
            Self::Sample { .. } => "sample".to_owned(),
        }
    }
}

/// How much of a file may be wrong, and where that goes.
#[derive(Debug, Clone)]
pub(super) struct Limits {
    /// Share of rows that may be rejected, 0 to 1.
    pub max_rejects: f64,
    /// The file of rejected rows.
    pub rejects: PathBuf,
    /// What rows are judged by.
    pub rules: Rules,
}

/// The source of a site export when the user names none: never the one of the bulk files.
pub const SITE_SOURCE: &str = "comexstat-site";
/// The source of every other file.
pub const BULK_SOURCE: &str = "comexstat";

impl Input {
    /// The source that a file is loaded as when the user names none. A file that cannot be read says why when it is loaded.
    #[must_use]
    pub fn default_source(&self) -> &'static str {
        let layout = match self {
            Self::Csv { path } => csv::layout_of(path).ok(),
            Self::Xlsx { path, sheet } => xlsx::layout_of(path, sheet.as_deref()).ok(),
            Self::Sample { .. } => None,
        };
        if layout == Some(LayoutKind::Site) { SITE_SOURCE } else { BULK_SOURCE }
    }
}

/// Reads everything into `sink`, in order.
pub(super) fn read(
    input: &Input,
    limits: &Limits,
    reference: &Reference,
    sink: &mut Sink<'_>,
    progress: &dyn Fn(Progress),
) -> Result<ReadSummary, ReadError> {
    let mut names = Names::new(&known_countries(reference), &reference.sectors);
    let options = ReadOptions {
        max_rejects_ppm: (limits.max_rejects.clamp(0.0, 1.0) * 1e6).round() as u32,
        rejects_path: Some(limits.rejects.clone()),
        workers: PARSE_WORKERS,
        rules: limits.rules,
    };
    match input {
        Input::Csv { path } => csv::read_csv(path, &options, &mut names, sink, progress),
        Input::Xlsx { path, sheet } => xlsx::read_xlsx(path, sheet.as_deref(), &options, &mut names, sink, progress),
        Input::Sample { rows } => read_sample(*rows, sink, progress),
    }
}

/// Every name that a simple-layout file may use for a country, canonical codes first.
fn known_countries(reference: &Reference) -> Vec<KnownCountry> {
    let mut known: Vec<KnownCountry> = Vec::new();
    for country in reference.countries.values() {
        let embedded = country::find(country.code).map(|row| [row.name_pt.to_owned(), row.name_en.to_owned()]);
        let mut names = vec![country.name_pt.clone(), country.name_en.clone()];
        names.extend(embedded.into_iter().flatten());
        known.push(KnownCountry { code: country.code, iso2: country.iso2.clone(), iso3: country.iso3.clone(), names });
    }
    for row in country::embedded().iter().filter(|row| row.canonical != row.co_pais) {
        let names = vec![row.name_pt.to_owned(), row.name_en.to_owned()];
        known.push(KnownCountry { code: row.co_pais, names, ..KnownCountry::default() });
    }
    known
}

fn read_sample(rows: Option<u64>, sink: &mut Sink<'_>, progress: &dyn Fn(Progress)) -> Result<ReadSummary, ReadError> {
    let refused = |fault: Fault| ReadError { file: PathBuf::from("sample"), place: Box::new(Place::default()), fault };
    let total = rows.unwrap_or(sample::ROWS_DEFAULT);
    let mut months = MonthSums::default();
    let mut delivered = 0_u64;
    let mut stopped = None;
    let made = sample::for_each_year(&SampleOptions { rows }, |_, facts| {
        if stopped.is_some() {
            return;
        }
        for fact in &facts {
            months.add(fact);
        }
        delivered += facts.len() as u64;
        stopped = sink(Batch { facts, ..Batch::default() }).err();
        progress(Progress { bytes_read: delivered, bytes_total: total, rows: delivered });
    });
    if let Some(error) = stopped {
        return Err(refused(Fault::Sink(error)));
    }
    made.map_err(|error| refused(Fault::Sink(Box::new(error))))?;
    let mut summary = ReadSummary {
        layout: LayoutKind::Official,
        // The sample is a function of its size: this names its content as a digest of bytes would.
        sha256: platform::random::hex(&Sha256::digest(format!("bgc sample 1, {total} rows"))),
        file_bytes: 0,
        rows_read: delivered,
        rows_accepted: delivered,
        rows_rejected: 0,
        months: std::collections::BTreeMap::new(),
        first_rejects: Vec::new(),
        rejects_path: None,
        notices: Vec::new(),
    };
    months.merge_into(&mut summary.months);
    Ok(summary)
}
