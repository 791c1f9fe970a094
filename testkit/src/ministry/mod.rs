//! A fake of the ministry: the host of the bulk files and the ComexStat API, over the same data, with the traps that
//! users of the real ones report. What it says of itself that no source confirms is said in the comments here.

mod api;
mod bulk;
mod gate;
mod layout;
mod query;
mod synthetic;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::Router;
use bytes::Bytes;

use crate::fault::{Fault, Faults, behind_door};
use crate::http::TestListener;
use crate::request_log::RequestLog;

pub use layout::{Sums, real_file};
pub use synthetic::synthetic_year;

/// What the API says to those who ask too often.
pub const TOO_MANY_REQUESTS: &str = "Você excedeu o limite de solicitações. Por favor, tente novamente em 10 segundos.";

/// How fast the API may be asked, and how it refuses more.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// Least time between two requests that are answered.
    pub every: Duration,
    /// How it refuses.
    pub refusal: Refusal,
}

/// How the API says that it is asked too often.
#[derive(Debug, Clone, Copy)]
pub struct Refusal {
    /// Status 200, with the 429 only in the body.
    pub in_body: bool,
    /// `Retry-After`, if there is one.
    pub retry_after_s: Option<u64>,
}

impl Refusal {
    /// The same as a fault, for the next requests whatever their pace.
    #[must_use]
    pub fn fault(self) -> Fault {
        let (status, body) = gate::refusal(self);
        let mut headers = vec![("content-type", "application/json; charset=utf-8".to_owned())];
        headers.extend(self.retry_after_s.map(|seconds| ("retry-after", seconds.to_string())));
        Fault::Reply { status, headers, body: body.to_string().into() }
    }
}

/// One file of the host.
#[derive(Debug, Clone)]
struct Served {
    bytes: Bytes,
    /// The host's revision when it was published: its validators follow from it.
    revision: u64,
}

#[derive(Debug, Default)]
struct State {
    years: BTreeMap<u16, Served>,
    tables: BTreeMap<String, Served>,
    sums: BTreeMap<u16, Sums>,
    totals: Option<Served>,
    revision: u64,
    pace: Option<Pace>,
    answered: Option<Instant>,
}

impl State {
    fn publish(&mut self, bytes: Bytes) -> Served {
        self.revision += 1;
        Served { bytes, revision: self.revision }
    }

    fn publish_totals(&mut self) {
        let mut text = "\"ARQUIVO\";\"CO_ANO\";\"QT_ESTAT\";\"KG_LIQUIDO\";\"VL_FOB\";\"NUMERO_LINHAS\"\n".to_owned();
        for (year, Sums { quantity, weight_kg, fob_usd, rows }) in &self.sums {
            text += &format!("\"EXP_{year}.csv\";{year};{quantity};{weight_kg};{fob_usd};{rows}\n");
        }
        self.totals = Some(self.publish(text.into()));
    }
}

/// The fake. Clones are the same ministry, and everything can be changed while it is served.
#[derive(Debug, Clone, Default)]
pub struct FakeMinistry {
    state: Arc<Mutex<State>>,
    faults: Faults,
    log: RequestLog,
}

impl FakeMinistry {
    /// A ministry without any file.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Five whole years, 2020 to 2024, of [`synthetic_year`] and their tables: 4,500 rows.
    #[must_use]
    pub fn synthetic() -> Self {
        let ministry =
            (2020..=2024).fold(Self::new(), |ministry, year| ministry.with_year(year, synthetic_year(year, 12, 1, 0)));
        synthetic::tables().into_iter().fold(ministry, |ministry, (name, bytes)| ministry.with_table(name, bytes))
    }

    /// January and February 2025 as published, with the published tables; `None` where that data is absent.
    #[must_use]
    pub fn real() -> Option<Self> {
        let mut ministry = Self::new().with_year(2025, real_file("EXP_2025.csv.gz")?);
        for (name, file) in [
            ("PAIS", "PAIS.csv"),
            ("NCM", "NCM.csv.gz"),
            ("NCM_SH", "NCM_SH.csv.gz"),
            ("NCM_UNIDADE", "NCM_UNIDADE.csv"),
            ("UF", "UF.csv"),
            ("VIA", "VIA.csv"),
            ("URF", "URF.csv"),
            ("PAIS_BLOCO", "PAIS_BLOCO_2026_utf8.csv"),
        ] {
            ministry = ministry.with_table(name, real_file(&format!("tables/{file}"))?);
        }
        Some(ministry)
    }

    /// The same with a year's file; the totals follow.
    #[must_use]
    pub fn with_year(self, year: u16, bytes: impl Into<Bytes>) -> Self {
        self.revise(year, bytes);
        self
    }

    /// The same with a code table, by its name without `.csv`.
    #[must_use]
    pub fn with_table(self, name: &str, bytes: impl Into<Bytes>) -> Self {
        let mut state = self.lock();
        let served = state.publish(bytes.into());
        state.tables.insert(name.to_owned(), served);
        drop(state);
        self
    }

    /// Publishes a year anew, with new validators; the totals follow.
    pub fn revise(&self, year: u16, bytes: impl Into<Bytes>) {
        let bytes = bytes.into();
        let sums = layout::sums(&bytes);
        let mut state = self.lock();
        state.sums.insert(year, sums);
        state.publish_totals();
        let served = state.publish(bytes);
        state.years.insert(year, served);
    }

    /// Publishes a year's file before the totals, as the ministry does now and then: they stay as they were.
    pub fn revise_before_totals(&self, year: u16, bytes: impl Into<Bytes>) {
        let mut state = self.lock();
        let served = state.publish(bytes.into());
        state.years.insert(year, served);
    }

    /// Publishes totals in which a year has these sums, whatever its file holds; `None` leaves the year out.
    pub fn publish_totals(&self, year: u16, sums: Option<Sums>) {
        let mut state = self.lock();
        match sums {
            Some(sums) => state.sums.insert(year, sums),
            None => state.sums.remove(&year),
        };
        state.publish_totals();
    }

    /// Takes a year's file away; its totals stay.
    pub fn remove_year(&self, year: u16) {
        self.lock().years.remove(&year);
    }

    /// A year's file as it is served.
    ///
    /// # Panics
    /// If there is none.
    #[must_use]
    pub fn file(&self, year: u16) -> Bytes {
        match self.lock().years.get(&year) {
            Some(served) => served.bytes.clone(),
            None => panic!("the fake ministry has no file of {year}"),
        }
    }

    /// A year's published sums; none where the totals do not speak of it.
    #[must_use]
    pub fn sums(&self, year: u16) -> Option<Sums> {
        self.lock().sums.get(&year).copied()
    }

    /// How fast the API may be asked from now on; `None`, as at first, for any pace. The bulk files have no limit.
    pub fn set_pace(&self, pace: Option<Pace>) {
        let mut state = self.lock();
        state.pace = pace;
        state.answered = None;
    }

    /// The switches of its faults.
    #[must_use]
    pub const fn faults(&self) -> &Faults {
        &self.faults
    }

    /// What it was asked.
    #[must_use]
    pub const fn log(&self) -> &RequestLog {
        &self.log
    }

    /// Bulk host (`/balanca/…`) and API (the rest) in one.
    pub fn router(&self) -> Router {
        behind_door(bulk::routes(self).merge(api::routes(self)), &self.faults, &self.log)
    }

    /// Serves it over plain HTTP.
    pub async fn serve(&self) -> TestListener {
        TestListener::serve(self.router()).await
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
