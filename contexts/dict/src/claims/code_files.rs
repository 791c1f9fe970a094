//! Possession codes as files, for a machine without a way to phones and mailboxes.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use super::possession::{CodeSender, SendError, Sending};
use crate::domain::key::Key;

/// Files that are kept; older ones make room.
const FILES_MAX: usize = 1000;

/// Writes each code as a file that only the server's own user can read: `<when it expires>-<id>.txt`, with the kind of
/// the key, the key and the code, one a line.
#[derive(Debug, Clone)]
pub struct CodeFiles {
    directory: PathBuf,
}

impl CodeFiles {
    /// Files in a directory, which is made with the first code.
    #[must_use]
    pub fn new(directory: PathBuf) -> Self {
        Self { directory }
    }
}

impl CodeSender for CodeFiles {
    fn send<'a>(&'a self, key: &'a Key, code: &'a str, id: &'a str, expires_at: DateTime<Utc>) -> Sending<'a> {
        let directory = self.directory.clone();
        let name = format!("{}-{id}.txt", expires_at.format("%Y%m%dT%H%M%S%6fZ"));
        let content = format!("{}\n{}\n{code}\n", key.key_type().name(), key.value());
        Box::pin(async move {
            let written = tokio::task::spawn_blocking(move || write(&directory, &name, &content)).await;
            let written = written.map_err(|error| SendError(error.to_string()))?;
            // The kind of an error names neither the file nor what was to be in it.
            written.map_err(|error| SendError(error.kind().to_string()))
        })
    }
}

fn write(directory: &Path, name: &str, content: &str) -> std::io::Result<()> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(directory)?;
    make_room(directory)?;
    // Under another name until it is whole: whoever watches the directory sees whole files only.
    let partial = directory.join(format!(".{name}"));
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&partial)?;
    file.write_all(content.as_bytes())?;
    fs::rename(&partial, directory.join(name))
}

/// Removes the files of the oldest codes, so that with the next one there are at most [`FILES_MAX`].
fn make_room(directory: &Path) -> std::io::Result<()> {
    let mut names = Vec::new();
    for entry in fs::read_dir(directory)? {
        let name = entry?.file_name();
        if name.to_str().is_some_and(|name| name.ends_with(".txt")) {
            names.push(name);
        }
    }
    // Names begin with the time.
    names.sort();
    let over = (names.len() + 1).saturating_sub(FILES_MAX);
    for name in names.iter().take(over) {
        fs::remove_file(directory.join(name))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;
    use crate::domain::key::KeyType;

    #[tokio::test]
    async fn codes_are_private_files_and_the_oldest_make_room() {
        let dir = testkit::TempDir::new("codes");
        let files = CodeFiles::new(dir.join("codes"));
        let key = Key::parse(KeyType::Phone, "+5511987654321").unwrap();
        for number in 0..FILES_MAX + 2 {
            let expires_at = DateTime::from_timestamp(1_742_040_000 + i64::try_from(number).unwrap(), 0).unwrap();
            files.send(&key, &format!("{number:06}"), &format!("{number:04}"), expires_at).await.unwrap();
        }
        let mut names: Vec<_> = fs::read_dir(dir.join("codes")).unwrap().map(|entry| entry.unwrap().path()).collect();
        names.sort();
        assert_eq!(names.len(), FILES_MAX);
        assert!(names[0].to_str().unwrap().ends_with("20250315T120002000000Z-0002.txt"), "{}", names[0].display());
        assert_eq!(fs::metadata(&names[0]).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_to_string(&names[0]).unwrap(), "PHONE\n+5511987654321\n000002\n");
    }
}
