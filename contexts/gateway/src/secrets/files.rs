//! Secrets in files: mounted Kubernetes Secrets, Docker secrets, a directory of the operator.

use std::io::{ErrorKind, Read as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use secrecy::SecretString;
use secrecy::zeroize::Zeroizing;

use super::{BYTES_MAX, Read, SecretError, SecretSource, value};
use crate::domain::connector::SecretName;

/// How long a disk (perhaps one of the network) may take.
const DEADLINE: Duration = Duration::from_secs(2);

/// `NAME/KEY` is the file of that path below a directory. Symbolic links are followed inside `NAME` only, as far as
/// mounted Secrets need them.
#[derive(Debug, Clone)]
pub struct Files {
    directory: PathBuf,
}

impl Files {
    /// Secrets below a directory, which may not be there yet.
    #[must_use]
    pub fn new(directory: impl Into<PathBuf>) -> Self {
        Self { directory: directory.into() }
    }

    fn path(&self, name: &SecretName) -> PathBuf {
        self.directory.join(&name.name).join(&name.key)
    }
}

impl SecretSource for Files {
    fn name(&self) -> &'static str {
        "files"
    }

    fn place(&self, name: &SecretName) -> String {
        format!("the file {}", self.path(name).display())
    }

    fn read<'a>(&'a self, name: &'a SecretName) -> Read<'a> {
        Box::pin(async move {
            let unreadable = |detail| SecretError::Unreadable { name: name.clone(), source_name: self.name(), detail };
            if !name.is_sound() {
                return Err(unreadable("it is no name of a secret".to_owned()));
            }
            let (room, path) = (self.directory.join(&name.name), self.path(name));
            let reading = tokio::task::spawn_blocking(move || read(&room, &path));
            match tokio::time::timeout(DEADLINE, reading).await {
                Ok(Ok(found)) => found.map_err(unreadable),
                Ok(Err(_)) => Err(unreadable("reading was broken off".to_owned())),
                Err(_) => Err(unreadable(format!("the disk did not answer within {} s", DEADLINE.as_secs()))),
            }
        })
    }
}

fn read(room: &Path, path: &Path) -> Result<Option<SecretString>, String> {
    let absent = |error: &std::io::Error| matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory);
    let real = match path.canonicalize() {
        Err(error) if absent(&error) => return Ok(None),
        real => real.map_err(|error| error.to_string())?,
    };
    let room = room.canonicalize().map_err(|error| error.to_string())?;
    if !real.starts_with(&room) {
        return Err(format!("{} leads out of {}", path.display(), room.display()));
    }
    // A pipe would wait for its writer: only files are opened.
    if !real.metadata().map_err(|error| error.to_string())?.is_file() {
        return Err(format!("{} is no file", path.display()));
    }
    let file = std::fs::File::open(&real).map_err(|error| error.to_string())?;
    // Room for all of it at once: a buffer that grows leaves copies behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(BYTES_MAX + 1));
    file.take(BYTES_MAX as u64 + 1).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    value(&bytes).map(Some)
}
