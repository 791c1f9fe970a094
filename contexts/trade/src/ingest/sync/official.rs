//! The ministry's files by name, and what a sync needs of whoever holds them.

use std::fmt;
use std::path::Path;

use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;

use crate::domain::code::Month;

/// A code table that is synced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TableName {
    /// Countries.
    Pais,
    /// Products.
    Ncm,
    /// Chapters, headings and subheadings.
    NcmSh,
    /// Statistical units.
    NcmUnidade,
    /// States.
    Uf,
    /// Ways of transport.
    Via,
    /// Customs units.
    Urf,
    /// Economic blocs.
    PaisBloco,
}

impl TableName {
    /// Every one.
    pub const ALL: [Self; 8] =
        [Self::Pais, Self::Ncm, Self::NcmSh, Self::NcmUnidade, Self::Uf, Self::Via, Self::Urf, Self::PaisBloco];

    /// As the ministry calls it: `NCM_SH`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pais => "PAIS",
            Self::Ncm => "NCM",
            Self::NcmSh => "NCM_SH",
            Self::NcmUnidade => "NCM_UNIDADE",
            Self::Uf => "UF",
            Self::Via => "VIA",
            Self::Urf => "URF",
            Self::PaisBloco => "PAIS_BLOCO",
        }
    }
}

/// A file that the ministry publishes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OfficialFile {
    /// The exports of a year by NCM.
    Year(u16),
    /// Rows and sums of every year, to check the others against.
    Totals,
    /// A code table.
    Table(TableName),
}

impl OfficialFile {
    /// The calendar year of a file of exports.
    #[must_use]
    pub const fn year(self) -> Option<u16> {
        match self {
            Self::Year(year) => Some(year),
            Self::Totals | Self::Table(_) => None,
        }
    }
}

impl fmt::Display for OfficialFile {
    /// The ministry's file name: `EXP_2024.csv`, `EXP_TOTAIS_CONFERENCIA.csv`, `PAIS.csv`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Year(year) => write!(f, "EXP_{year}.csv"),
            Self::Totals => f.write_str("EXP_TOTAIS_CONFERENCIA.csv"),
            Self::Table(table) => write!(f, "{}.csv", table.name()),
        }
    }
}

/// What is known of a published file without fetching it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Published {
    /// Its size, as it would be fetched.
    pub bytes: Option<u64>,
    /// What changes whenever the file does: its `ETag`, else its `Last-Modified`.
    pub validator: Option<String>,
    /// When it was last changed.
    pub modified: Option<DateTime<Utc>>,
}

/// Why the source did not give an answer. Its text says what happened, without the name of the file.
pub type OfficialError = Box<dyn std::error::Error + Send + Sync>;

/// Told how many bytes have come, and of how many where that is known.
pub type FetchProgress<'a> = &'a (dyn Fn(u64, Option<u64>) + Send + Sync);

/// Whoever holds the ministry's files: its server, or a directory that somebody carried here.
pub trait OfficialFiles: fmt::Debug + Send + Sync {
    /// What messages call it: an address or a path.
    fn origin(&self) -> String;

    /// Asks for a file without fetching it. `None`: there is no such file.
    ///
    /// # Errors
    /// When the source cannot be asked.
    fn probe(&self, file: OfficialFile) -> BoxFuture<'_, Result<Option<Published>, OfficialError>>;

    /// Fetches a file into `into`, which appears only when it is complete. What an earlier call that was broken off
    /// left beside it (`into` with `.part` behind its name) may be gone on with, as long as the file is still the same.
    /// `None`: there is no such file.
    ///
    /// # Errors
    /// When the source cannot be asked, or the file does not come whole.
    fn fetch<'a>(
        &'a self,
        file: OfficialFile,
        into: &'a Path,
        progress: FetchProgress<'a>,
    ) -> BoxFuture<'a, Result<Option<()>, OfficialError>>;

    /// The last month whose data the ministry says it has published; `None` where nobody says.
    ///
    /// # Errors
    /// When the source cannot be asked; the sync goes on without.
    fn announced(&self) -> BoxFuture<'_, Result<Option<Month>, OfficialError>>;
}
