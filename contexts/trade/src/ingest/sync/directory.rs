//! Official files in a directory that somebody carried here, for hosts that reach no network.

use std::fs;
use std::io;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use super::official::{FetchProgress, OfficialError, OfficialFile, OfficialFiles, Published};
use crate::domain::code::Month;

/// A directory with files under the ministry's names, plain or gzip; code tables beside them or in `tabelas/`.
#[derive(Debug, Clone)]
pub struct Directory {
    path: PathBuf,
}

impl Directory {
    /// Takes a directory, which must be there.
    ///
    /// # Errors
    /// When it is not, or is no directory.
    pub fn open(path: &Path) -> io::Result<Self> {
        let path = path.canonicalize()?;
        if !path.is_dir() {
            return Err(io::Error::new(io::ErrorKind::NotADirectory, "not a directory"));
        }
        Ok(Self { path })
    }

    /// Where a file lies: the plain one before the compressed one, the directory itself before `tabelas/`.
    fn find(&self, file: OfficialFile) -> io::Result<Option<(PathBuf, fs::Metadata)>> {
        let folders = [self.path.clone(), self.path.join("tabelas")];
        for folder in folders {
            for name in [file.to_string(), format!("{file}.gz")] {
                let path = folder.join(name);
                match fs::metadata(&path) {
                    Ok(metadata) if metadata.is_file() => return Ok(Some((path, metadata))),
                    Ok(_) => return Err(io::Error::other(format!("{} is not a file", path.display()))),
                    Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                    Err(error) => return Err(error),
                }
            }
        }
        Ok(None)
    }

    fn published(&self, file: OfficialFile) -> io::Result<Option<Published>> {
        let Some((path, metadata)) = self.find(file)? else { return Ok(None) };
        let modified: chrono::DateTime<chrono::Utc> = metadata.modified()?.into();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        Ok(Some(Published {
            bytes: Some(metadata.len()),
            validator: Some(format!("{name} of {}", modified.to_rfc3339())),
            modified: Some(modified),
        }))
    }

    /// The file is read where it lies: a link stands in for the copy, and the reader sees to it that what it names
    /// does not change meanwhile.
    fn link(&self, file: OfficialFile, into: &Path) -> io::Result<Option<u64>> {
        let Some((path, metadata)) = self.find(file)? else { return Ok(None) };
        match fs::remove_file(into) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => symlink(path, into)?,
        }
        Ok(Some(metadata.len()))
    }
}

impl OfficialFiles for Directory {
    fn origin(&self) -> String {
        self.path.display().to_string()
    }

    fn probe(&self, file: OfficialFile) -> BoxFuture<'_, Result<Option<Published>, OfficialError>> {
        async move { Ok(self.published(file)?) }.boxed()
    }

    fn fetch<'a>(
        &'a self,
        file: OfficialFile,
        into: &'a Path,
        progress: FetchProgress<'a>,
    ) -> BoxFuture<'a, Result<Option<()>, OfficialError>> {
        async move {
            let bytes = self.link(file, into)?;
            if let Some(bytes) = bytes {
                progress(bytes, Some(bytes));
            }
            Ok(bytes.map(drop))
        }
        .boxed()
    }

    /// A directory announces nothing: what it holds is all there is.
    fn announced(&self) -> BoxFuture<'_, Result<Option<Month>, OfficialError>> {
        async { Ok(None) }.boxed()
    }
}
