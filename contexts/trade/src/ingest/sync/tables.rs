//! The code tables of a sync: all of them are taken anew when one of them changed, because they are small.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::official::OfficialFile;
use super::plan::State;
use super::records::{self, Known};
use super::report::Outcome;
use super::run::{Item, Run, chain, stops_everything};
use super::{SyncError, SyncEvent};
use crate::ingest::load::LoadError;
use crate::ingest::tables::{TableFile, read_tables};

/// Why the tables were not taken.
enum Refusal {
    /// They may only have come damaged.
    Unusable(String),
    /// They are as they should be, and cannot be loaded.
    Stop(SyncError),
}

impl Run<'_> {
    /// Loads the code tables when one of them changed, from another download when the first cannot be read.
    pub async fn load_tables(
        &self,
        items: &mut [Item],
        known: &Known,
        notices: &mut Vec<String>,
    ) -> Result<(), SyncError> {
        if !items.iter().any(|item| item.report.is_due()) {
            return Ok(());
        }
        let directory = self.options.downloads_dir.join("tabelas");
        let mut outcome = self.try_tables(items, known, &directory, notices).await;
        if let Err(Refusal::Unusable(reason)) = &outcome {
            tracing::info!(reason, "the code tables cannot be loaded; they are fetched once more");
            outcome = self.try_tables(items, known, &directory, notices).await;
        }
        match outcome {
            Ok(()) => {}
            Err(Refusal::Stop(error)) => return Err(error),
            Err(Refusal::Unusable(reason)) => {
                items
                    .iter_mut()
                    .filter(|item| item.report.is_due())
                    .for_each(|item| item.report.refuse(reason.clone()));
            }
        }
        for item in items.iter().filter(|item| item.report.is_due()) {
            (self.progress)(SyncEvent::Settled(item.report.clone()));
        }
        Ok(())
    }

    async fn try_tables(
        &self,
        items: &mut [Item],
        known: &Known,
        directory: &Path,
        notices: &mut Vec<String>,
    ) -> Result<(), Refusal> {
        self.fetch_tables(items, directory).await?;
        let path = directory.to_owned();
        let read = tokio::task::spawn_blocking(move || read_tables(&path)).await;
        let stop =
            |error| Refusal::Stop(SyncError::Stopped { file: "the code tables".to_owned(), source: Box::new(error) });
        let tables = match read {
            Err(_) => return Err(stop(LoadError::Interrupted)),
            Ok(Err(error)) => return Err(Refusal::Unusable(chain(&error))),
            Ok(Ok(tables)) => tables,
        };
        let taken: BTreeMap<String, &TableFile> =
            tables.files.iter().map(|file| (format!("{}.csv", file.table), file)).collect();
        let same = |(name, file): (&String, &&TableFile)| {
            known.records.get(name).is_some_and(|record| record.sha256 == file.sha256)
        };
        let changed = !taken.iter().all(same);
        if changed {
            match self.loader.load_tables(directory, self.options.allow_shrink).await {
                Ok(_) => notices.extend(tables.notices.iter().cloned()),
                Err(error) if stops_everything(&error) => return Err(stop(error)),
                Err(error) => return Err(Refusal::Unusable(chain(&error))),
            }
        }
        for item in items {
            let Some(file) = taken.get(&item.report.file) else { continue };
            let at = self.loader.clock.now();
            let recorded = records::record(&self.loader.store, item.report.id, &item.published, &file.sha256, at).await;
            recorded.map_err(|error| Refusal::Stop(error.into()))?;
            if item.report.is_due() {
                item.report.rows = Some(file.rows as u64);
                item.report.outcome = if changed { Outcome::Loaded } else { Outcome::Identical };
            }
        }
        Ok(())
    }

    /// Fetches every table that there is into an empty directory. One that does not come stays as it is in the store.
    async fn fetch_tables(&self, items: &mut [Item], directory: &Path) -> Result<(), Refusal> {
        let emptied = match fs::remove_dir_all(directory) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
            _ => fs::create_dir_all(directory),
        };
        emptied.map_err(|source| Refusal::Stop(SyncError::Downloads { path: directory.to_owned(), source }))?;
        for item in items {
            if matches!(item.report.state, State::Missing | State::Refused) {
                continue;
            }
            let file: OfficialFile = item.report.id;
            let fetched = self.fetch(file, &directory.join(file.to_string()), item.published.bytes).await;
            item.report.outcome = Outcome::Kept;
            item.report.error = None;
            match fetched {
                Err(reason) if item.report.is_due() => item.report.refuse(reason),
                Err(reason) => tracing::warn!(%file, reason, "the table did not come; its names stay as they are"),
                Ok(()) => {}
            }
        }
        Ok(())
    }
}
