//! Where a private cluster lives and as whom it runs.

use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use rustix::process::{geteuid, getuid};
use sha2::{Digest, Sha256};

use super::ClusterError;

/// Bytes that a Unix socket's path may have on Linux without its ending zero (`sun_path` has 108).
const SOCKET_PATH_LIMIT: usize = 107;

/// The name of the socket within its directory, always with the default port.
const SOCKET_NAME: &str = ".s.PGSQL.5432";

/// Where root puts clusters that the dropped user cannot reach in their data directory.
const SYSTEM_PLACE: &str = "/var/lib/bgc";

/// The file in a data directory that says where its cluster is, when it is not inside.
const POINTER: &str = "postgres.location";

/// How many names are tried for a directory whose first name is taken.
const NAMES_TRIED: u32 = 16;

/// The user that PostgreSQL runs as, when not the one we run as (PostgreSQL refuses root).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct RunAs {
    pub uid: u32,
    pub gid: u32,
}

impl RunAs {
    /// Makes a command drop its privileges. Its supplementary groups go too: the standard library
    /// clears them when a process of root changes its user.
    pub(super) fn apply(self, command: &mut Command) {
        use std::os::unix::process::CommandExt;
        command.uid(self.uid).gid(self.gid);
    }
}

/// Where a cluster lives.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// Holds the cluster's files in `data` and usually the socket in `run`.
    pub base: PathBuf,
    /// The directory of the socket.
    pub socket_dir: PathBuf,
    /// As whom PostgreSQL runs; `None` for the user that we run as.
    pub run_as: Option<RunAs>,
    /// What the user should be told.
    pub notices: Vec<String>,
}

impl Place {
    /// The cluster's files (`PGDATA`).
    pub(super) fn data(&self) -> PathBuf {
        self.base.join("data")
    }
}

/// Finds or creates the directories of a data directory's cluster, with the right owner and nobody else's access.
pub(super) fn prepare(data_dir: &Path) -> Result<Place, ClusterError> {
    let mut notices = Vec::new();
    let run_as = choose_user(data_dir)?;
    let base = choose_base(data_dir, run_as, &mut notices)?;
    let socket_dir = choose_socket_dir(data_dir, &base, run_as)?;
    Ok(Place { base, socket_dir, run_as, notices })
}

/// As whom PostgreSQL runs: the owner of a cluster that exists, else `postgres`, else `nobody`;
/// ourselves unless we are root.
fn choose_user(data_dir: &Path) -> Result<Option<RunAs>, ClusterError> {
    if !geteuid().is_root() {
        return Ok(None);
    }
    let existing = pointed_to(data_dir)?.unwrap_or_else(|| data_dir.join("postgres"));
    if let Ok(found) = std::fs::metadata(existing.join("data"))
        && found.uid() != 0
    {
        return Ok(Some(RunAs { uid: found.uid(), gid: found.gid() }));
    }
    let accounts = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    let user = ["postgres", "nobody"].into_iter().find_map(|name| account(&accounts, name));
    user.map(Some).ok_or(ClusterError::NoUser)
}

/// The user and group ids of an account in the text of `/etc/passwd`.
fn account(passwd: &str, name: &str) -> Option<RunAs> {
    let line = passwd.lines().find(|line| line.split(':').next() == Some(name))?;
    let mut fields = line.split(':').skip(2);
    let uid: u32 = fields.next()?.parse().ok()?;
    let gid: u32 = fields.next()?.parse().ok()?;
    (uid != 0).then_some(RunAs { uid, gid })
}

/// `<data_dir>/postgres`, or a place that the dropped user can reach, remembered by a pointer file.
fn choose_base(data_dir: &Path, run_as: Option<RunAs>, notices: &mut Vec<String>) -> Result<PathBuf, ClusterError> {
    let inside = data_dir.join("postgres");
    if let Some(elsewhere) = pointed_to(data_dir)? {
        own_directory(&elsewhere, run_as)?;
        notices.push(elsewhere_notice(&elsewhere, data_dir));
        return Ok(elsewhere);
    }
    own_directory(&inside, run_as)?;
    let Some(user) = run_as else { return Ok(inside) };
    if reaches(user, &inside) {
        return Ok(inside);
    }
    if inside.join("data").exists() {
        return Err(ClusterError::Unreachable { path: inside, uid: user.uid });
    }
    create(Path::new(SYSTEM_PLACE), 0o755)?;
    let name = short_hash(data_dir);
    let mut chosen = None;
    for attempt in 0..NAMES_TRIED {
        // A cluster left by a data directory that was removed since keeps its name: its data must not come back.
        let suffix = if attempt == 0 { String::new() } else { format!("-{attempt}") };
        let path = Path::new(SYSTEM_PLACE).join(format!("{name}{suffix}"));
        if !path.exists() {
            chosen = Some(path);
            break;
        }
    }
    let elsewhere = chosen.ok_or_else(|| ClusterError::Unreachable { path: inside.clone(), uid: user.uid })?;
    own_directory(&elsewhere, run_as)?;
    if !reaches(user, &elsewhere) {
        return Err(ClusterError::Unreachable { path: elsewhere, uid: user.uid });
    }
    let pointer = data_dir.join(POINTER);
    std::fs::write(&pointer, elsewhere.as_os_str().as_encoded_bytes())
        .map_err(|source| ClusterError::io("write", &pointer, source))?;
    notices.push(elsewhere_notice(&elsewhere, data_dir));
    Ok(elsewhere)
}

/// What is said when a cluster is not in its data directory.
fn elsewhere_notice(elsewhere: &Path, data_dir: &Path) -> String {
    format!(
        "PostgreSQL does not run as root, and the user it runs as cannot reach {}: its files are in {} (remove both to start afresh)",
        data_dir.display(),
        elsewhere.display()
    )
}

/// What the pointer file of a data directory says, if there is one.
fn pointed_to(data_dir: &Path) -> Result<Option<PathBuf>, ClusterError> {
    let pointer = data_dir.join(POINTER);
    match std::fs::read_to_string(&pointer) {
        Ok(text) => Ok(Some(PathBuf::from(text.trim_end_matches('\n'))).filter(|path| path.is_absolute())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(ClusterError::io("read", &pointer, source)),
    }
}

/// Whether a user can work in a directory: tried, because no reading of modes knows every file system.
fn reaches(user: RunAs, dir: &Path) -> bool {
    let mut command = Command::new("/bin/sh");
    command.args(["-c", "cd -- \"$1\" && test -w .", "sh"]).arg(dir).current_dir("/");
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    user.apply(&mut command);
    command.status().is_ok_and(|status| status.success())
}

/// A directory for the socket: `<base>/run` where the path is short and plain enough, else a directory
/// under the user's runtime directory or `/tmp`.
///
/// Local connections are trusted. That is safe only because the socket's directory has mode 0700 and the
/// right owner, so that nobody but that user (and root) reaches the socket: hence the checks.
fn choose_socket_dir(data_dir: &Path, base: &Path, run_as: Option<RunAs>) -> Result<PathBuf, ClusterError> {
    let inside = base.join("run");
    if usable_for_socket(&inside) {
        own_directory(&inside, run_as)?;
        return Ok(inside);
    }
    let owner = run_as.map_or_else(|| getuid().as_raw(), |user| user.uid);
    let runtime = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from);
    let parents = [runtime.filter(|dir| run_as.is_none() && dir.is_absolute()), Some(PathBuf::from("/tmp"))];
    for parent in parents.into_iter().flatten() {
        for attempt in 0..NAMES_TRIED {
            let dir = parent.join(format!("bgc-{owner}-{}-{attempt}", short_hash(data_dir)));
            // A name that somebody else took first is passed over: never followed, never used.
            if usable_for_socket(&dir) && own_directory(&dir, run_as).is_ok() {
                return Ok(dir);
            }
        }
    }
    Err(ClusterError::NoSocketDirectory { data_dir: data_dir.to_path_buf() })
}

/// Whether a socket's path fits, and has nothing that PostgreSQL reads as a list or a quote.
fn usable_for_socket(dir: &Path) -> bool {
    let plain = dir.to_str().is_some_and(|text| !text.contains([',', '"', '\'', '\\', ' ', '\n']));
    plain && dir.as_os_str().len() + 1 + SOCKET_NAME.len() <= SOCKET_PATH_LIMIT
}

/// Makes sure that a directory exists, is no link, belongs to the user PostgreSQL runs as, and is closed to others.
fn own_directory(dir: &Path, run_as: Option<RunAs>) -> Result<(), ClusterError> {
    create(dir, 0o700)?;
    let owner = run_as.map_or_else(|| geteuid().as_raw(), |user| user.uid);
    let look = || std::fs::symlink_metadata(dir).map_err(|source| ClusterError::io("look at", dir, source));
    // Only root has another user to run as: what is root's here was just created, or was when we were killed.
    if let Some(user) = run_as
        && look()?.uid() == 0
    {
        std::os::unix::fs::lchown(dir, Some(user.uid), Some(user.gid))
            .map_err(|source| ClusterError::io("change the owner of", dir, source))?;
    }
    let found = look()?;
    if !found.is_dir() || found.uid() != owner {
        return Err(ClusterError::NotOurs { path: dir.to_path_buf(), uid: found.uid(), expected: owner });
    }
    if found.mode() & 0o077 != 0 {
        std::fs::set_permissions(dir, std::fs::Permissions::from_mode(0o700))
            .map_err(|source| ClusterError::io("close to others", dir, source))?;
    }
    Ok(())
}

/// Creates a directory with a mode, and its parents with the default one, unless it exists.
fn create(dir: &Path, mode: u32) -> Result<(), ClusterError> {
    use std::os::unix::fs::DirBuilderExt;
    if let Some(parent) = dir.parent() {
        std::fs::create_dir_all(parent).map_err(|source| ClusterError::io("create", parent, source))?;
    }
    match std::fs::DirBuilder::new().mode(mode).create(dir) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(source) => Err(ClusterError::io("create", dir, source)),
    }
}

/// Twelve hexadecimal digits that stand for a path.
fn short_hash(path: &Path) -> String {
    let digest = Sha256::digest(path.as_os_str().as_encoded_bytes());
    digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_are_found_by_their_whole_name_and_never_root() {
        let passwd = "root:x:0:0:root:/root:/bin/sh\npostgres2:x:9:9::/:\npostgres:x:104:107:,,,:/var/lib:/bin/sh\nfake:x:0:0::/:\n";
        assert_eq!(account(passwd, "postgres"), Some(RunAs { uid: 104, gid: 107 }));
        assert_eq!(account(passwd, "nobody"), None);
        assert_eq!(account(passwd, "fake"), None);
    }

    #[test]
    fn sockets_need_short_plain_paths() {
        assert!(usable_for_socket(Path::new("/home/ana/.bgc/postgres/run")));
        assert!(!usable_for_socket(Path::new("/home/ana,b/.bgc/postgres/run")));
        let at_limit = format!("/{}", "d".repeat(SOCKET_PATH_LIMIT - SOCKET_NAME.len() - 2));
        assert!(usable_for_socket(Path::new(&at_limit)));
        assert!(!usable_for_socket(Path::new(&format!("{at_limit}d"))));
    }
}
