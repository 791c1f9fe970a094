//! The journal: one line for each change, written before the call that made it is answered.
//!
//! What was answered survives the end of the process, however it ends. It is not forced to the disk: losing the machine
//! may lose the last changes, as losing the directory's stand-in is no loss of anybody's keys.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use super::change::Change;

/// No line of ours is longer: names and keys have their bounds.
const LINE_BYTES_MAX: u64 = 64 << 10;

/// Why a journal cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The file system says no.
    #[error("the simulator's journal {path}: {source}")]
    Io {
        /// Which file.
        path: PathBuf,
        /// What it said.
        source: std::io::Error,
    },
    /// Another process has it open.
    #[error("the simulator's journal {0} is in use by another process: give each simulator a file of its own")]
    InUse(PathBuf),
    /// A line in its middle is not one of ours.
    #[error("the simulator's journal {path} is damaged in line {line}: restore the file, or remove it and begin anew")]
    Damaged {
        /// Which file.
        path: PathBuf,
        /// Which line, from 1.
        line: u64,
    },
}

/// An open journal. It is ours alone while it is open.
#[derive(Debug)]
pub(super) struct Journal {
    file: File,
    path: PathBuf,
    /// How much of the file is whole lines.
    length: u64,
    /// Set when a line could be neither written nor taken back: nothing more may be written behind it.
    broken: bool,
}

impl Journal {
    /// Opens or makes a journal, and hands every change in it to `apply`. A last line that was not written to its end
    /// is cut off: the call that it belongs to was never answered.
    pub fn open(path: &Path, mut apply: impl FnMut(DateTime<Utc>, Change)) -> Result<Self, JournalError> {
        let failed = |source| JournalError::Io { path: path.to_owned(), source };
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        // It names people.
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path).map_err(failed)?;
        file.try_lock().map_err(|error| match error {
            TryLockError::WouldBlock => JournalError::InUse(path.to_owned()),
            TryLockError::Error(source) => failed(source),
        })?;
        let (mut length, mut lines) = (0, 0);
        let mut reader = BufReader::with_capacity(1 << 20, &file);
        let mut line = Vec::new();
        loop {
            line.clear();
            let read = reader.by_ref().take(LINE_BYTES_MAX).read_until(b'\n', &mut line).map_err(failed)? as u64;
            lines += 1;
            let damaged = || JournalError::Damaged { path: path.to_owned(), line: lines };
            let Some(whole) = line.strip_suffix(b"\n") else {
                if read == LINE_BYTES_MAX {
                    return Err(damaged());
                }
                break;
            };
            let (at, change) = Change::from_line(whole).ok_or_else(damaged)?;
            apply(at, change);
            length += read;
        }
        if !line.is_empty() {
            let bytes = line.len();
            tracing::warn!(path = %path.display(), bytes, "the journal's last line is torn and is cut off");
            file.set_len(length).map_err(failed)?;
        }
        file.seek(SeekFrom::Start(length)).map_err(failed)?;
        Ok(Self { file, path: path.to_owned(), length, broken: false })
    }

    /// Writes a line.
    pub fn append(&mut self, line: &[u8]) -> Result<(), JournalError> {
        let failed = |path: &Path, source| JournalError::Io { path: path.to_owned(), source };
        if self.broken {
            return Err(failed(&self.path, std::io::Error::other("an earlier line could not be written")));
        }
        match self.file.write_all(line) {
            Ok(()) => {
                self.length += line.len() as u64;
                Ok(())
            }
            Err(source) => {
                let length = self.length;
                let taken_back = self.file.set_len(length).and_then(|()| self.file.seek(SeekFrom::Start(length)));
                self.broken = taken_back.is_err();
                Err(failed(&self.path, source))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_journal_that_cannot_be_written_says_so_and_stays_as_it_is() {
        let directory = testkit::TempDir::new("unwritable");
        let path = directory.join("journal");
        std::fs::write(&path, b"").unwrap();
        // Opened for reading only: every write fails, and taking it back too.
        let file = File::open(&path).unwrap();
        let mut journal = Journal { file, path, length: 0, broken: false };
        assert!(journal.append(b"{}\n").is_err());
        assert!(journal.broken && journal.length == 0);
        let said = journal.append(b"{}\n").unwrap_err().to_string();
        assert!(said.contains("an earlier line could not be written"), "{said}");
    }

    #[test]
    fn an_endless_line_is_not_read_to_its_end() {
        let endless = Journal::open(Path::new("/dev/zero"), |_, _| {});
        assert!(matches!(endless, Err(JournalError::Damaged { line: 1, .. })));
    }
}
