//! Where PostgreSQL is, as the environment says: `DATABASE_URL`, or `DB_HOST` and its companions, or
//! neither, and then it is a private one.

use std::path::PathBuf;
use std::time::Duration;

use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode};

use super::describe;
use super::target::Target;
use super::tls::{self, TlsMode};
use crate::tls::{IdentityFiles, TlsError};

/// The most connections that a pool may be told to hold.
const POOL_LIMIT: usize = 10_000;

/// Where PostgreSQL is and how many connections to it are kept.
#[derive(Debug, Clone)]
pub struct DatabaseSettings {
    /// Where it is.
    pub place: DatabasePlace,
    /// How many connections.
    pub pool: PoolSize,
}

/// Where PostgreSQL is.
#[derive(Debug, Clone)]
pub enum DatabasePlace {
    /// Ours, in a data directory: see [`super::access::open`].
    Private {
        /// The data directory.
        data_dir: PathBuf,
    },
    /// Somebody else's.
    External {
        /// For the application, which should be a member of `app_rw`.
        app: Box<Target>,
        /// For migrations; without it, start only checks the schema.
        migration: Option<Box<Target>>,
    },
}

/// How many connections a pool keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PoolSize {
    /// Opened when the program starts (`DB_POOL_MIN`).
    pub min_connections: usize,
    /// Never more (`DB_POOL_MAX`).
    pub max_connections: usize,
}

/// Why the environment's words about the database cannot be followed.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// A variable has a value that it cannot have.
    #[error("{variable} is {problem}")]
    Value {
        /// Which.
        variable: String,
        /// What is wrong and what would be right. Never the value: it may hold a password.
        problem: String,
    },
    /// A variable is missing.
    #[error("{variable} is not set, which is needed with DB_HOST (or set DATABASE_URL instead of both)")]
    Missing {
        /// Which.
        variable: &'static str,
    },
    /// No TLS as asked.
    #[error(transparent)]
    Tls(#[from] TlsError),
}

fn wrong(variable: &str, problem: impl Into<String>) -> SettingsError {
    SettingsError::Value { variable: variable.to_owned(), problem: problem.into() }
}

/// Reads the settings of the database: `DATABASE_URL`, `MIGRATION_DATABASE_URL`, `DB_HOST`, `DB_PORT`
/// (5432), `DB_USER`, `DB_PASSWORD`, `DB_NAME`, `DB_POOL_MIN` (10), `DB_POOL_MAX` (50), `DB_SSL_MODE`
/// (`require` with `DB_HOST`; a URL's own `sslmode` wins, its default is `prefer`), `DB_SSL_ROOT_CERT`, and
/// `DB_SSL_CERT` with `DB_SSL_KEY`, which are shown to a server that asks who we are.
/// Where neither a URL nor a host is given, PostgreSQL is private, in `data_dir` (and its pool 2 to 20).
pub fn from_env(
    lookup: impl Fn(&str) -> Option<String>,
    data_dir: impl Into<PathBuf>,
) -> Result<DatabaseSettings, SettingsError> {
    let get = |name: &str| lookup(name).filter(|value| !value.is_empty());
    let mode = match get("DB_SSL_MODE") {
        None => None,
        Some(name) => Some(parse_mode("DB_SSL_MODE", &name)?),
    };
    let file = |name: &str| get(name).map(PathBuf::from);
    let identity = IdentityFiles::pair(file("DB_SSL_CERT"), file("DB_SSL_KEY"), ("DB_SSL_CERT", "DB_SSL_KEY"))?;
    let security = Security { mode, root_file: file("DB_SSL_ROOT_CERT"), identity };
    let app = match (get("DATABASE_URL"), get("DB_HOST")) {
        (Some(url), _) => Some(from_url("DATABASE_URL", &url, &security)?),
        (None, Some(host)) => Some(from_parts(&host, &get, &security)?),
        (None, None) => None,
    };
    let (default_min, default_max) = if app.is_some() { (10, 50) } else { (2, 20) };
    let max_connections = connections("DB_POOL_MAX", get("DB_POOL_MAX"), default_max)?;
    let min_connections = connections("DB_POOL_MIN", get("DB_POOL_MIN"), default_min.min(max_connections))?;
    if max_connections == 0 || min_connections > max_connections {
        return Err(wrong(
            "DB_POOL_MAX",
            format!("{max_connections}, which must be at least 1 and at least DB_POOL_MIN ({min_connections})"),
        ));
    }
    let migration =
        get("MIGRATION_DATABASE_URL").map(|url| from_url("MIGRATION_DATABASE_URL", &url, &security)).transpose()?;
    let place = match (app, migration) {
        (Some(app), migration) => DatabasePlace::External { app: Box::new(app), migration: migration.map(Box::new) },
        (None, Some(_)) => {
            let problem = "set while neither DATABASE_URL nor DB_HOST is: a private PostgreSQL needs neither of them";
            return Err(wrong("MIGRATION_DATABASE_URL", problem));
        }
        (None, None) => DatabasePlace::Private { data_dir: data_dir.into() },
    };
    Ok(DatabaseSettings { place, pool: PoolSize { min_connections, max_connections } })
}

/// What the environment says of TLS.
#[derive(Clone)]
struct Security {
    mode: Option<TlsMode>,
    root_file: Option<PathBuf>,
    identity: Option<IdentityFiles>,
}

fn parse_mode(variable: &str, name: &str) -> Result<TlsMode, SettingsError> {
    TlsMode::parse(name).ok_or_else(|| {
        wrong(variable, "no mode of TLS: it is one of disable, prefer, require, verify-ca and verify-full")
    })
}

fn connections(variable: &str, value: Option<String>, default: usize) -> Result<usize, SettingsError> {
    let Some(value) = value else { return Ok(default) };
    let count = value.parse().ok().filter(|count| *count <= POOL_LIMIT);
    count.ok_or_else(|| wrong(variable, format!("not a count of connections: it is 0 to {POOL_LIMIT}")))
}

/// A target from `DB_HOST` and its companions.
fn from_parts(host: &str, get: &impl Fn(&str) -> Option<String>, security: &Security) -> Result<Target, SettingsError> {
    let needed = |variable: &'static str| get(variable).ok_or(SettingsError::Missing { variable });
    let mut config = Config::new();
    config.host(host).user(needed("DB_USER")?).dbname(needed("DB_NAME")?);
    if let Some(password) = get("DB_PASSWORD") {
        config.password(password);
    }
    let port = get("DB_PORT").map_or(Ok(5432), |port| port.parse::<u16>());
    config.port(port.map_err(|_| wrong("DB_PORT", "no port: it is 1 to 65535"))?);
    let security = Security { mode: Some(security.mode.unwrap_or(TlsMode::Require)), ..security.clone() };
    target(config, security)
}

/// The parameters of an address that the driver does not know.
const TLS_PARAMETERS: [&str; 4] = ["sslmode", "sslrootcert", "sslcert", "sslkey"];

/// A target from a URL (or libpq's `key=value` text). The driver knows neither the files of TLS nor the stricter
/// values of `sslmode`, so they are taken out first.
fn from_url(variable: &str, url: &str, security: &Security) -> Result<Target, SettingsError> {
    let mut security = security.clone();
    let (mut certificate, mut key) = (None, None);
    let mut problem = None;
    let mut keep = |parameter: &str| {
        let Some((name, value)) = parameter.split_once('=').filter(|(name, _)| TLS_PARAMETERS.contains(name)) else {
            return true;
        };
        let file = || Some(PathBuf::from(percent_decoded(value)));
        match name {
            "sslmode" => match parse_mode(variable, value) {
                Ok(parsed) => security.mode = Some(parsed),
                Err(error) => problem = Some(error),
            },
            "sslrootcert" => security.root_file = if value == "system" { None } else { file() },
            "sslcert" => certificate = file(),
            _ => key = file(),
        }
        false
    };
    let is_url = url.starts_with("postgres://") || url.starts_with("postgresql://");
    let rest = match url.split_once('?') {
        Some((before, query)) if is_url => {
            let kept: Vec<&str> = query.split('&').filter(|parameter| keep(parameter)).collect();
            if kept.is_empty() { before.to_owned() } else { format!("{before}?{}", kept.join("&")) }
        }
        _ if is_url => url.to_owned(),
        // Rewritten only where need be: a quoted value may hold spaces.
        _ if !TLS_PARAMETERS.iter().any(|name| url.contains(name)) => url.to_owned(),
        _ => url.split_whitespace().filter(|parameter| keep(parameter)).collect::<Vec<_>>().join(" "),
    };
    if let Some(problem) = problem {
        return Err(problem);
    }
    let config: Config = rest.parse().map_err(|error: tokio_postgres::Error| {
        wrong(
            variable,
            format!("no address of a PostgreSQL (postgres://user:password@host:5432/database): {}", describe(&error)),
        )
    })?;
    if config.get_hosts().is_empty() {
        return Err(wrong(variable, "without a host (postgres://user:password@host:5432/database)"));
    }
    if let Some(identity) = IdentityFiles::pair(certificate, key, ("sslcert", "sslkey"))? {
        security.identity = Some(identity);
    }
    target(config, security)
}

/// Sets the mode of TLS. A Unix socket has none: nothing leaves the machine.
fn target(mut config: Config, security: Security) -> Result<Target, SettingsError> {
    let is_local = config.get_hosts().iter().all(|host| matches!(host, Host::Unix(_)));
    let mode = if is_local { TlsMode::Disable } else { security.mode.unwrap_or(TlsMode::Prefer) };
    config.ssl_mode(match mode {
        TlsMode::Disable => SslMode::Disable,
        TlsMode::Prefer => SslMode::Prefer,
        TlsMode::Require | TlsMode::VerifyCa | TlsMode::VerifyFull => SslMode::Require,
    });
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(Duration::from_secs(10));
    }
    // A server that vanished without a word is noticed by the connection within half a minute.
    config.keepalives_idle(Duration::from_secs(10)).keepalives_interval(Duration::from_secs(5)).keepalives_retries(3);
    if config.get_tcp_user_timeout().is_none() {
        config.tcp_user_timeout(Duration::from_secs(30));
    }
    Ok(Target { config, tls: tls::connector(mode, security.root_file, security.identity)? })
}

/// Text with its `%2F` and the like as the characters they stand for; what is no such sequence stays.
fn percent_decoded(text: &str) -> String {
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let code = tail.get(..2).filter(|_| *first == b'%').and_then(|digits| std::str::from_utf8(digits).ok());
        if let Some(byte) = code.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            decoded.push(byte);
            rest = tail.get(2..).unwrap_or_default();
        } else {
            decoded.push(*first);
            rest = tail;
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Result<DatabaseSettings, SettingsError> {
        from_env(|name| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()), ".bgc")
    }

    fn app(variables: &[(&str, &str)]) -> Target {
        match read(variables).unwrap().place {
            DatabasePlace::External { app, .. } => *app,
            DatabasePlace::Private { .. } => panic!("external"),
        }
    }

    #[test]
    fn nothing_set_means_private() {
        let settings = read(&[("DATABASE_URL", "")]).unwrap();
        assert!(matches!(settings.place, DatabasePlace::Private { data_dir } if data_dir.as_os_str() == ".bgc"));
        assert_eq!(settings.pool, PoolSize { min_connections: 2, max_connections: 20 });
    }

    #[test]
    fn the_parts_make_a_target_that_is_encrypted_unless_told_otherwise() {
        let parts = [("DB_HOST", "db.example"), ("DB_USER", "ana"), ("DB_NAME", "bgc"), ("DB_PASSWORD", "s3cret")];
        let target = app(&parts);
        assert_eq!(target.config().get_ports(), [5432]);
        assert_eq!(target.config().get_ssl_mode(), SslMode::Require);
        assert!(target.tls.is_some());
        let settings = read(&parts).unwrap();
        assert_eq!(settings.pool, PoolSize { min_connections: 10, max_connections: 50 });
        assert!(!format!("{settings:?}").contains("s3cret"), "passwords are never printed");
    }

    #[test]
    fn what_is_missing_or_wrong_is_named_and_its_value_is_not() {
        let missing = read(&[("DB_HOST", "h"), ("DB_USER", "u")]).unwrap_err().to_string();
        assert!(missing.starts_with("DB_NAME is not set"), "{missing}");
        for (variable, value) in
            [("DB_SSL_MODE", "s3cret"), ("DATABASE_URL", "postgres://u:s3cret@h:port/d"), ("DB_POOL_MAX", "0")]
        {
            let error = read(&[(variable, value)]).unwrap_err().to_string();
            assert!(error.starts_with(variable) && !error.contains("s3cret"), "{error}");
        }
    }

    #[test]
    fn urls_carry_the_modes_that_the_driver_does_not_know() {
        let loose = app(&[("DATABASE_URL", "postgres://u@h/d")]);
        assert_eq!(loose.config().get_ssl_mode(), SslMode::Prefer);
        let off =
            app(&[("DATABASE_URL", "postgres://u@h/d?sslmode=disable&application_name=x"), ("DB_SSL_MODE", "require")]);
        assert_eq!((off.config().get_ssl_mode(), off.tls.is_none()), (SslMode::Disable, true));
        assert_eq!(off.config().get_application_name(), Some("x"));
        let pairs = app(&[("DATABASE_URL", "host=h user=u dbname=d sslmode=require")]);
        assert_eq!(pairs.config().get_ssl_mode(), SslMode::Require);
        let socket = app(&[("DATABASE_URL", "postgres:///d?host=/run/postgresql&user=u&sslmode=require")]);
        assert_eq!(socket.config().get_ssl_mode(), SslMode::Disable);
    }

    #[test]
    fn a_root_certificate_that_cannot_be_read_is_an_error_not_a_shrug() {
        let url = "postgres://u@h/d?sslmode=verify-full&sslrootcert=%2Fnowhere%2Fca.pem";
        let error = read(&[("DATABASE_URL", url)]).unwrap_err().to_string();
        assert!(error.contains("/nowhere/ca.pem"), "{error}");
    }
}
