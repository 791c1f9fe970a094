//! Which PostgreSQL programs are installed here.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The oldest major version that the product's SQL runs on.
pub const OLDEST_MAJOR: u32 = 14;

/// The most candidate directories that are looked into.
const MAX_CANDIDATES: usize = 256;

/// Where to look for the programs `postgres` and `initdb`. A value, so that a test can look nowhere.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Search {
    /// The value of `BGC_PG_BIN`: a directory that holds both. When set, nowhere else is looked.
    pub chosen: Option<PathBuf>,
    /// The value of `PATH`.
    pub path: Option<OsString>,
    /// Directories where distributions put them; a `*` in a component stands for any text.
    pub usual: Vec<PathBuf>,
}

impl Search {
    /// `BGC_PG_BIN`, `PATH` and the usual places of Debian, Red Hat, Homebrew and the source package.
    #[must_use]
    pub fn from_environment() -> Self {
        let usual = [
            "/usr/lib/postgresql/*/bin",
            "/usr/pgsql-*/bin",
            "/opt/homebrew/opt/postgresql*/bin",
            "/usr/local/opt/postgresql*/bin",
            "/usr/local/pgsql/bin",
        ];
        Self {
            chosen: std::env::var_os("BGC_PG_BIN").filter(|value| !value.is_empty()).map(PathBuf::from),
            path: std::env::var_os("PATH"),
            usual: usual.into_iter().map(PathBuf::from).collect(),
        }
    }

    /// The directories to look into, best first: within one pattern, the highest version first.
    fn candidates(&self) -> Vec<PathBuf> {
        if let Some(chosen) = &self.chosen {
            return vec![chosen.clone()];
        }
        let mut found: Vec<PathBuf> = Vec::new();
        if let Some(path) = &self.path {
            found.extend(std::env::split_paths(path).filter(|dir| dir.is_absolute()));
        }
        for pattern in &self.usual {
            let mut expanded = expand(pattern);
            expanded.sort_by_key(|dir| std::cmp::Reverse(numbers_in(dir)));
            found.extend(expanded);
        }
        found.truncate(MAX_CANDIDATES);
        found
    }

    /// What was looked at, for a person.
    fn described(&self) -> String {
        if let Some(chosen) = &self.chosen {
            return format!("BGC_PG_BIN={}", chosen.display());
        }
        let mut places = vec!["PATH".to_owned()];
        places.extend(self.usual.iter().map(|dir| dir.display().to_string()));
        places.join(", ")
    }
}

/// Both programs, of one installation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binaries {
    /// The server.
    pub postgres: PathBuf,
    /// The program that creates a cluster.
    pub initdb: PathBuf,
    /// The major version, 15 for 15.18.
    pub major: u32,
}

/// Why there is no PostgreSQL to start.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BinariesError {
    /// None is installed where we looked.
    #[error(
        "no PostgreSQL server was found (looked in {looked}); install one (Debian, Ubuntu: `apt install postgresql`; \
         Fedora: `dnf install postgresql-server`; macOS: `brew install postgresql`), or set BGC_PG_BIN to the directory \
         of `postgres` and `initdb`, or set DATABASE_URL to use a server that runs already"
    )]
    NotFound {
        /// The places, for a person.
        looked: String,
    },
    /// Some are installed, none that can run this data.
    #[error(
        "the PostgreSQL servers found here are of version {found}; this data directory needs version {needed}: \
         install it (Debian: `apt install postgresql-{needed}`), or dump and restore the data"
    )]
    OtherMajor {
        /// The versions found.
        found: String,
        /// The version that wrote the data.
        needed: u32,
    },
    /// All that are installed are too old.
    #[error("the PostgreSQL servers found here are of version {found}; version {OLDEST_MAJOR} or later is needed")]
    TooOld {
        /// The versions found.
        found: String,
    },
}

/// Finds the programs: the first installation of at least [`OLDEST_MAJOR`], or exactly the version
/// `needed` where a data directory exists already (a cluster is only read by the major version that wrote it).
pub fn find(search: &Search, needed: Option<u32>) -> Result<Binaries, BinariesError> {
    let mut versions = Vec::new();
    for dir in search.candidates() {
        let Some(binaries) = look_into(&dir) else { continue };
        let fits = needed.map_or(binaries.major >= OLDEST_MAJOR, |major| major == binaries.major);
        if fits {
            return Ok(binaries);
        }
        versions.push(binaries.major);
    }
    versions.sort_unstable();
    versions.dedup();
    let found = versions.iter().map(u32::to_string).collect::<Vec<_>>().join(", ");
    Err(match (versions.is_empty(), needed) {
        (true, _) => BinariesError::NotFound { looked: search.described() },
        (false, Some(needed)) => BinariesError::OtherMajor { found, needed },
        (false, None) => BinariesError::TooOld { found },
    })
}

/// The installation in a directory, if both programs are there and the server says its version.
/// Links are followed first: `/usr/local/bin/postgres` often is one.
fn look_into(dir: &Path) -> Option<Binaries> {
    let initdb = dir.join("initdb").canonicalize().ok()?;
    let postgres = dir.join("postgres").canonicalize().ok()?;
    let output = Command::new(&postgres).arg("--version").output().ok()?;
    let major = major_version(&String::from_utf8_lossy(&output.stdout))?;
    Some(Binaries { postgres, initdb, major })
}

/// The major version in the answer to `postgres --version`: `postgres (PostgreSQL) 15.18 (Debian …)`,
/// `postgres (PostgreSQL) 18beta1`.
fn major_version(answer: &str) -> Option<u32> {
    let version = answer.split(") ").nth(1)?;
    let digits: String = version.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

/// The directories that a pattern stands for. At most one `*`, in one component.
fn expand(pattern: &Path) -> Vec<PathBuf> {
    let text = pattern.to_string_lossy();
    let Some((before, after)) = text.split_once('*') else { return vec![pattern.to_path_buf()] };
    let (parent, prefix) = before.rsplit_once('/').unwrap_or(("", before));
    let (suffix, rest) = after.split_once('/').unwrap_or((after, ""));
    let Ok(entries) = std::fs::read_dir(if parent.is_empty() { "/" } else { parent }) else { return Vec::new() };
    entries
        .filter_map(Result::ok)
        .take(MAX_CANDIDATES)
        .filter(|entry| {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            name.len() >= prefix.len() + suffix.len() && name.starts_with(prefix) && name.ends_with(suffix)
        })
        .map(|entry| entry.path().join(rest))
        .collect()
}

/// The numbers in a path, in order: sorts `/usr/lib/postgresql/9.6` below `/usr/lib/postgresql/15`.
fn numbers_in(path: &Path) -> Vec<u64> {
    path.to_string_lossy().split(|c: char| !c.is_ascii_digit()).filter_map(|digits| digits.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_from_what_the_server_says() {
        assert_eq!(major_version("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n"), Some(15));
        assert_eq!(major_version("postgres (PostgreSQL) 18beta1\n"), Some(18));
        assert_eq!(major_version("something else"), None);
    }

    #[test]
    fn the_highest_version_of_a_pattern_comes_first() {
        let mut dirs = [PathBuf::from("/x/9.6/bin"), PathBuf::from("/x/15/bin"), PathBuf::from("/x/14/bin")];
        dirs.sort_by_key(|dir| std::cmp::Reverse(numbers_in(dir)));
        assert_eq!(dirs[0], PathBuf::from("/x/15/bin"));
        assert_eq!(dirs[2], PathBuf::from("/x/9.6/bin"));
    }

    #[test]
    fn when_nothing_is_installed_the_message_names_the_package_and_the_places() {
        let search = Search { chosen: None, path: Some("/nowhere".into()), usual: vec!["/nowhere/*/bin".into()] };
        let message = find(&search, None).unwrap_err().to_string();
        assert!(message.contains("apt install postgresql") && message.contains("/nowhere/*/bin"), "{message}");
    }

    #[test]
    fn a_chosen_directory_is_the_only_place_looked_into() {
        let search = Search { chosen: Some("/nowhere/bin".into()), ..Search::from_environment() };
        let message = find(&search, None).unwrap_err().to_string();
        assert!(message.contains("looked in BGC_PG_BIN=/nowhere/bin"), "{message}");
    }
}
