//! What is made of files, and made again when they change.

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};

use super::{TlsError, pem};

/// Makes a value of the files' contents, in their order.
type Make<T> = Box<dyn Fn(&[Vec<u8>]) -> Result<T, TlsError> + Send + Sync>;

/// A value made of files. Who asks for it when it was last looked at long ago looks at the files first: there is no
/// task, and no event of the file system that could be missed (a mounted secret changes by a symbolic link).
///
/// The files are small and local, so they are read where they are needed, without a thread of their own.
pub(super) struct Rotating<T> {
    files: Vec<PathBuf>,
    make: Make<T>,
    every: Duration,
    looked: Mutex<Looked>,
    current: RwLock<Arc<T>>,
}

struct Looked {
    at: Instant,
    found: Found,
}

/// What was found at the last look. It is compared by content: times of files are coarse, and copied.
#[derive(PartialEq, Eq)]
enum Found {
    /// The digest of all files.
    Content([u8; 32]),
    /// Why one of them could not be read.
    Nothing(String),
}

impl<T> fmt::Debug for Rotating<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Rotating").field("files", &self.files).finish_non_exhaustive()
    }
}

impl<T> Rotating<T> {
    /// Makes the first one.
    pub fn open(files: Vec<PathBuf>, every: Duration, make: Make<T>) -> Result<Self, TlsError> {
        let contents = read(&files)?;
        let found = Found::Content(digest(&contents));
        let current = RwLock::new(Arc::new(make(&contents)?));
        Ok(Self { files, make, every, looked: Mutex::new(Looked { at: Instant::now(), found }), current })
    }

    /// The newest that could be made.
    pub fn current(&self) -> Arc<T> {
        // Whoever finds another one looking goes on with what there is.
        if let Ok(mut looked) = self.looked.try_lock()
            && looked.at.elapsed() >= self.every
        {
            looked.at = Instant::now();
            self.look(&mut looked.found);
        }
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Looks at the files. What was found before and is found again is not tried again, and not told again.
    fn look(&self, known: &mut Found) {
        let contents = read(&self.files);
        let found = match &contents {
            Ok(contents) => Found::Content(digest(contents)),
            Err(error) => Found::Nothing(error.to_string()),
        };
        if found == *known {
            return;
        }
        *known = found;
        match contents.and_then(|contents| (self.make)(&contents)) {
            Ok(made) => {
                *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(made);
                tracing::info!(files = self.named(), "files of certificates have changed and were read again");
            }
            Err(error) => tracing::error!(
                %error,
                "files of certificates have changed and cannot be used; going on with those of before"
            ),
        }
    }

    fn named(&self) -> String {
        self.files.iter().map(|file| file.display().to_string()).collect::<Vec<_>>().join(", ")
    }
}

fn read(files: &[PathBuf]) -> Result<Vec<Vec<u8>>, TlsError> {
    files.iter().map(|file| pem::read(file)).collect()
}

fn digest(contents: &[Vec<u8>]) -> [u8; 32] {
    let mut digest = Sha256::new();
    for content in contents {
        digest.update(content.len().to_le_bytes());
        digest.update(content);
    }
    digest.finalize().into()
}
