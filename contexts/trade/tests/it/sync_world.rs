//! A ministry in memory: its files, what it was asked, and how it can fail.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::{Arc, Mutex};

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tokio::sync::Notify;
use trade::domain::code::Month;
use trade::ingest::sync::{
    FetchProgress, FileReport, OfficialError, OfficialFile, OfficialFiles, Published, SyncError, SyncOptions,
    SyncReport, TableName, sync,
};

use crate::store_world::{World, file};

/// Rows as [`file`] takes them.
pub type Rows = Vec<(u16, u8, u32, u16, i64)>;

#[derive(Debug, Default)]
struct Inside {
    files: BTreeMap<OfficialFile, (Vec<u8>, String)>,
    /// What a file's next fetch gives instead.
    damaged: BTreeMap<OfficialFile, Vec<u8>>,
    /// Files whose fetch fails.
    failing: Vec<OfficialFile>,
    /// What appears at the source when a file is fetched for the first time.
    later: BTreeMap<OfficialFile, Vec<(OfficialFile, Vec<u8>)>>,
    announced: Option<Result<Month, String>>,
    probed: Vec<OfficialFile>,
    fetched: Vec<OfficialFile>,
    version: u32,
}

/// The ministry. Clones are the same one.
#[derive(Debug, Clone, Default)]
pub struct Ministry {
    inside: Arc<Mutex<Inside>>,
    /// The fetch of this file waits until it is told.
    pub held: Arc<Mutex<Option<OfficialFile>>>,
    pub reached: Arc<Notify>,
    pub released: Arc<Notify>,
}

impl Ministry {
    /// Publishes a file under a new version.
    pub fn publish(&self, id: OfficialFile, content: impl Into<Vec<u8>>) {
        let mut inside = self.inside.lock().unwrap();
        inside.version += 1;
        let validator = format!("\"v{}\"", inside.version);
        inside.files.insert(id, (content.into(), validator));
    }

    /// Publishes years, and the totals of these years alone.
    pub fn publish_years(&self, years: &[Rows]) {
        for rows in years {
            self.publish(OfficialFile::Year(rows[0].0), file(rows));
        }
        self.publish(OfficialFile::Totals, totals(years));
    }

    /// Publishes two small code tables.
    pub fn publish_tables(&self, china: &str) {
        self.publish(
            OfficialFile::Table(TableName::Pais),
            format!(
                "\"CO_PAIS\";\"CO_PAIS_ISON3\";\"CO_PAIS_ISOA3\";\"NO_PAIS\";\"NO_PAIS_ING\";\"NO_PAIS_ESP\"\n\
                 \"160\";\"156\";\"CHN\";\"{china}\";\"China\";\"China\"\n"
            ),
        );
        self.publish(
            OfficialFile::Table(TableName::Uf),
            "\"CO_UF\";\"SG_UF\";\"NO_UF\";\"NO_REGIAO\"\n\"41\";\"SP\";\"São Paulo\";\"REGIAO SUDESTE\"\n",
        );
    }

    pub fn withdraw(&self, id: OfficialFile) {
        self.inside.lock().unwrap().files.remove(&id);
    }

    /// The next fetch of a file gives this, though it is published otherwise.
    pub fn damage_once(&self, id: OfficialFile, content: impl Into<Vec<u8>>) {
        self.inside.lock().unwrap().damaged.insert(id, content.into());
    }

    pub fn fail(&self, id: OfficialFile, fails: bool) {
        let failing = &mut self.inside.lock().unwrap().failing;
        failing.retain(|failing| *failing != id);
        if fails {
            failing.push(id);
        }
    }

    /// When `id` is fetched, other files appear behind it.
    pub fn after_fetch(&self, id: OfficialFile, files: Vec<(OfficialFile, Vec<u8>)>) {
        self.inside.lock().unwrap().later.insert(id, files);
    }

    pub fn announce(&self, announced: Result<Month, String>) {
        self.inside.lock().unwrap().announced = Some(announced);
    }

    /// What was asked about and what was fetched since the last call.
    pub fn asked(&self) -> (Vec<OfficialFile>, Vec<OfficialFile>) {
        let mut inside = self.inside.lock().unwrap();
        (std::mem::take(&mut inside.probed), std::mem::take(&mut inside.fetched))
    }

    fn take(&self, id: OfficialFile) -> Result<Option<Vec<u8>>, OfficialError> {
        let mut inside = self.inside.lock().unwrap();
        inside.fetched.push(id);
        if inside.failing.contains(&id) {
            return Err("the connection was reset".into());
        }
        let content = inside.files.get(&id).map(|(content, _)| content.clone());
        let content = inside.damaged.remove(&id).or(content);
        let later = inside.later.remove(&id).unwrap_or_default();
        drop(inside);
        for (id, content) in later {
            self.publish(id, content);
        }
        Ok(content)
    }
}

impl OfficialFiles for Ministry {
    fn origin(&self) -> String {
        "https://ministry.example".to_owned()
    }

    fn probe(&self, id: OfficialFile) -> BoxFuture<'_, Result<Option<Published>, OfficialError>> {
        let mut inside = self.inside.lock().unwrap();
        inside.probed.push(id);
        let known = inside.files.get(&id).map(|(content, validator)| Published {
            bytes: Some(content.len() as u64),
            validator: Some(validator.clone()),
            modified: None,
        });
        async { Ok(known) }.boxed()
    }

    fn fetch<'a>(
        &'a self,
        id: OfficialFile,
        into: &'a Path,
        progress: FetchProgress<'a>,
    ) -> BoxFuture<'a, Result<Option<()>, OfficialError>> {
        async move {
            if *self.held.lock().unwrap() == Some(id) {
                self.reached.notify_one();
                self.released.notified().await;
            }
            let Some(content) = self.take(id)? else { return Ok(None) };
            progress(content.len() as u64, Some(content.len() as u64));
            std::fs::write(into, content)?;
            Ok(Some(()))
        }
        .boxed()
    }

    fn announced(&self) -> BoxFuture<'_, Result<Option<Month>, OfficialError>> {
        let announced = self.inside.lock().unwrap().announced.clone();
        async { announced.transpose().map_err(OfficialError::from) }.boxed()
    }
}

/// The totals of some years, summed here and not by what is tested. Weight is twice the value, quantity the value.
pub fn totals(years: &[Rows]) -> String {
    let mut text = "\"ARQUIVO\";\"CO_ANO\";\"QT_ESTAT\";\"KG_LIQUIDO\";\"VL_FOB\";\"NUMERO_LINHAS\"\n".to_owned();
    for rows in years {
        let (year, value): (u16, i64) = (rows[0].0, rows.iter().map(|row| row.4).sum());
        writeln!(text, "\"EXP_{year}.csv\";{year};{value};{};{value};{}", value * 2, rows.len()).unwrap();
    }
    text
}

impl World {
    pub fn sync_options(&self) -> SyncOptions {
        SyncOptions {
            years: None,
            dry_run: false,
            allow_shrink: false,
            downloads_dir: self.dir.join("downloads"),
            rejects_dir: self.dir.path().to_owned(),
        }
    }

    pub async fn try_sync(&self, files: &dyn OfficialFiles, options: &SyncOptions) -> Result<SyncReport, SyncError> {
        self.clock.advance(chrono::TimeDelta::minutes(1));
        sync(&self.loader, files, options, Arc::new(|_| {})).await
    }

    pub async fn sync(&self, files: &dyn OfficialFiles) -> SyncReport {
        self.try_sync(files, &self.sync_options()).await.unwrap()
    }
}

/// `EXP_2024.csv new loaded`, a line a file, tables that are missing left out.
pub fn lines(report: &SyncReport) -> Vec<String> {
    let word = |value: serde_json::Value| value.as_str().unwrap().to_owned();
    let line = |file: &FileReport| {
        let state = word(serde_json::to_value(file.state).unwrap());
        format!("{} {state} {}", file.file, word(serde_json::to_value(file.outcome).unwrap()))
    };
    let shown = |file: &&FileReport| file.year.is_some() || file.state != trade::ingest::sync::State::Missing;
    report.files.iter().filter(shown).map(line).collect()
}
