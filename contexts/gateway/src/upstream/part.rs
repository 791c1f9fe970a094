//! A download on disk, until it is complete: `<into>.part` holds what has arrived, `<into>.part.json` of which file.

use std::ffi::OsString;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use bytes::Bytes;
use platform::random::hex;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tokio::sync::mpsc::Receiver;
use tokio::task::spawn_blocking;

use super::UpstreamError;
use super::send::Rest;

/// The largest description that is read.
const DESCRIPTION_BYTES_MAX: u64 = 16 << 10;

/// Of which file a part is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Description {
    /// What was asked for, hashed: two files of one source may have been changed in the same second.
    pub request: String,
    /// Strong `ETag` or `Last-Modified`: without one the part cannot be gone on with.
    pub validator: Option<String>,
    /// The size of the whole, where the source said it.
    pub bytes: Option<u64>,
}

/// An open part. It is locked: two processes do not write the same one.
pub(super) struct Part {
    into: PathBuf,
    path: PathBuf,
    file: File,
    hasher: Sha256,
    /// Bytes that have arrived and been written.
    pub bytes: u64,
    /// Bytes of an earlier download that are still part of this one.
    pub resumed_from: u64,
    /// Of which file; `None` before the first answer.
    pub of: Option<Description>,
}

impl Part {
    /// Opens the part of `into`. What is there already counts if it came from the same request.
    pub async fn open(into: &Path, request: String) -> Result<Self, UpstreamError> {
        let into = into.to_owned();
        blocking(move || Self::open_now(into, &request)).await
    }

    fn open_now(into: PathBuf, request: &str) -> Result<Self, UpstreamError> {
        let path = with_suffix(&into, ".part");
        if let Some(directory) = into.parent() {
            std::fs::create_dir_all(directory).map_err(|error| disk(directory, &error))?;
        }
        let opened = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path);
        let file = opened.map_err(|error| disk(&path, &error))?;
        file.try_lock().map_err(|error| match error {
            TryLockError::WouldBlock => {
                UpstreamError::Disk(format!("{}: another process is downloading it", path.display()))
            }
            TryLockError::Error(error) => disk(&path, &error),
        })?;
        let mut part = Self { into, path, file, hasher: Sha256::new(), bytes: 0, resumed_from: 0, of: None };
        match part.described() {
            Some(of) if of.request == request && of.validator.is_some() => part.take_over(of)?,
            _ => part.clear()?,
        }
        Ok(part)
    }

    fn described(&self) -> Option<Description> {
        let mut text = Vec::new();
        let file = File::open(self.description_path()).ok()?;
        file.take(DESCRIPTION_BYTES_MAX).read_to_end(&mut text).ok()?;
        serde_json::from_slice(&text).ok()
    }

    fn description_path(&self) -> PathBuf {
        with_suffix(&self.path, ".json")
    }

    /// Hashes what is there: the file is now at its end.
    fn take_over(&mut self, of: Description) -> Result<(), UpstreamError> {
        let mut buffer = vec![0; 1 << 20];
        loop {
            let read = self.file.read(&mut buffer).map_err(|error| disk(&self.path, &error))?;
            if read == 0 {
                break;
            }
            self.hasher.update(&buffer[..read]);
            self.bytes += read as u64;
        }
        if of.bytes.is_some_and(|bytes| self.bytes > bytes) {
            return self.clear();
        }
        (self.of, self.resumed_from) = (Some(of), self.bytes);
        Ok(())
    }

    fn clear(&mut self) -> Result<(), UpstreamError> {
        let length = self.file.metadata().map_err(|error| disk(&self.path, &error))?.len();
        if length > 0 {
            self.file.set_len(0).map_err(|error| disk(&self.path, &error))?;
        }
        self.file.seek(SeekFrom::Start(0)).map_err(|error| disk(&self.path, &error))?;
        (self.hasher, self.bytes, self.resumed_from, self.of) = (Sha256::new(), 0, 0, None);
        match std::fs::remove_file(self.description_path()) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(disk(&self.description_path(), &error)),
            _ => Ok(()),
        }
    }

    /// What is missing, if the source can be asked for it.
    pub fn rest(&self) -> Option<Rest> {
        let validator = self.of.as_ref()?.validator.clone()?;
        (self.bytes > 0).then_some(Rest { from: self.bytes, validator })
    }

    /// Forgets what arrived; what comes now is of the file `of`.
    pub async fn restart(mut self, of: Option<Description>) -> Result<Self, UpstreamError> {
        blocking(move || {
            self.clear()?;
            if let Some(of) = of {
                let text = serde_json::to_vec(&of).unwrap_or_default();
                let path = self.description_path();
                std::fs::write(&path, text).map_err(|error| disk(&path, &error))?;
                self.of = Some(of);
            }
            Ok(self)
        })
        .await
    }

    /// Writes and hashes what comes, on a thread of its own, until nothing more comes or the disk refuses.
    pub async fn write_all(
        mut self,
        mut pieces: Receiver<Bytes>,
    ) -> Result<(Self, Result<(), UpstreamError>), UpstreamError> {
        blocking(move || {
            while let Some(piece) = pieces.blocking_recv() {
                if let Err(error) = self.file.write_all(&piece) {
                    let refused = disk(&self.path, &error);
                    // Some of the piece may be there: what counts is what was hashed.
                    let cut = self.file.set_len(self.bytes).and_then(|()| self.file.seek(SeekFrom::Start(self.bytes)));
                    if let Err(error) = cut {
                        tracing::debug!(%error, "the part keeps the beginning of a piece; it is begun anew");
                        self.of = None;
                    }
                    return Ok((self, Err(refused)));
                }
                self.hasher.update(&piece);
                self.bytes += piece.len() as u64;
            }
            Ok((self, Ok(())))
        })
        .await
    }

    /// Removes it: nothing of it can be used.
    pub async fn discard(mut self) -> Result<(), UpstreamError> {
        blocking(move || {
            self.clear()?;
            std::fs::remove_file(&self.path).map_err(|error| disk(&self.path, &error))
        })
        .await
    }

    /// Flushes it to the disk and gives it its name. Its SHA-256 in hexadecimal.
    pub async fn complete(self) -> Result<String, UpstreamError> {
        blocking(move || {
            self.file.sync_all().map_err(|error| disk(&self.path, &error))?;
            std::fs::rename(&self.path, &self.into).map_err(|error| disk(&self.into, &error))?;
            if let Err(error) = std::fs::remove_file(self.description_path()) {
                // Without its part it describes nothing, and the next download of this file replaces it.
                tracing::debug!(%error, "the description of a complete download is left behind");
            }
            if let Some(directory) = self.into.parent().filter(|directory| !directory.as_os_str().is_empty()) {
                let synced = File::open(directory).and_then(|directory| directory.sync_all());
                synced.map_err(|error| disk(directory, &error))?;
            }
            Ok(hex(&self.hasher.finalize()))
        })
        .await
    }
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    PathBuf::from(name)
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, UpstreamError> + Send + 'static,
) -> Result<T, UpstreamError> {
    let ended = spawn_blocking(work).await;
    ended.unwrap_or_else(|error| Err(UpstreamError::Disk(format!("writing ended unexpectedly: {error}"))))
}

/// What a disk says, with what to do where we know.
fn disk(path: &Path, error: &io::Error) -> UpstreamError {
    let path = path.display();
    UpstreamError::Disk(match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            format!("{path}: no space is left on its disk; free some and start again, it goes on where it stopped")
        }
        _ => format!("{path}: {error}"),
    })
}
