//! Where Redis is, as the environment says: `REDIS_URL`, or `REDIS_HOST` and its companions, or nothing, and then
//! there is none.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use redis::io::tcp::TcpSettings;
use redis::{ConnectionAddr, ConnectionInfo, IntoConnectionInfo, RedisConnectionInfo};

use crate::tls::{ClientTls, ClientTlsSettings, IdentityFiles, TlsError};

/// How long a connection may take, with its greeting and its password.
const CONNECT: Duration = Duration::from_secs(1);
/// How long an answer may take.
const ANSWER: Duration = Duration::from_millis(500);
/// How long what was sent may stay unacknowledged before the system gives the connection up: a peer that vanished
/// without a word is found out by this, and not after a quarter of an hour.
pub(super) const UNACKNOWLEDGED: Duration = Duration::from_secs(5);

/// Why the environment's words about Redis cannot be followed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{variable} is {problem}")]
pub struct SettingsError {
    /// Which variable.
    pub variable: &'static str,
    /// What is wrong and what would be right. Never the value: it may hold a password.
    pub problem: String,
}

fn wrong(variable: &'static str, problem: impl Into<String>) -> SettingsError {
    SettingsError { variable, problem: problem.into() }
}

/// Where Redis is, and how long it may take. Printing it shows no credential.
#[derive(Clone)]
pub struct RedisSettings {
    pub(super) info: ConnectionInfo,
    /// Spoken with the host and port of `info`, where that says so.
    pub(super) tls: Option<ClientTls>,
    place: String,
    /// How long a connection may take, with its greeting and its password.
    pub connect: Duration,
    /// How long an answer may take; a caller in a greater hurry puts a deadline of its own around its request.
    pub answer: Duration,
}

impl fmt::Debug for RedisSettings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("RedisSettings")
            .field("place", &self.place)
            .field("connect", &self.connect)
            .field("answer", &self.answer)
            .finish_non_exhaustive()
    }
}

impl RedisSettings {
    /// Reads `REDIS_URL` (`redis://[user:password@]host[:port][/database]`, with TLS `rediss://…`,
    /// `redis+unix:///path`), or else `REDIS_HOST`, `REDIS_PORT` (6379), `REDIS_PASSWORD` and `REDIS_DB` (0). `None`
    /// where neither a URL nor a host is given.
    ///
    /// `REDIS_TLS_CA` is a file of certificates that are trusted instead of the system's, `REDIS_TLS_CERT` with
    /// `REDIS_TLS_KEY` what we show to a server that asks who we are; with `REDIS_HOST` either of them means TLS.
    ///
    /// # Errors
    /// When a value cannot be used; the message names the variable and never shows the value.
    pub fn from_env(lookup: impl Fn(&str) -> Option<String>) -> Result<Option<Self>, SettingsError> {
        let get = |name: &str| lookup(name).filter(|value| !value.is_empty());
        let files = TlsFiles::from_env(get)?;
        if let Some(url) = get("REDIS_URL") {
            return Self::with_files(&url, files).map(Some);
        }
        let Some(host) = get("REDIS_HOST") else {
            // REDIS_PORT alone says nothing: Kubernetes sets it in every pod beside a Service called redis.
            let stray = ["REDIS_PASSWORD", "REDIS_DB", "REDIS_TLS_CA", "REDIS_TLS_CERT"];
            return match stray.into_iter().find(|name| get(name).is_some()) {
                Some(variable) => Err(wrong(variable, "set while neither REDIS_HOST nor REDIS_URL is")),
                None => Ok(None),
            };
        };
        let port = match get("REDIS_PORT") {
            None => 6379,
            Some(port) => {
                port.parse().map_err(|_| wrong("REDIS_PORT", "no port: a number from 1 to 65535 is expected"))?
            }
        };
        let database = match get("REDIS_DB") {
            None => 0,
            Some(database) => {
                database.parse::<u16>().map_err(|_| wrong("REDIS_DB", "no database: a number such as 0 is expected"))?
            }
        };
        let mut redis = RedisConnectionInfo::default().set_db(database.into());
        if let Some(password) = get("REDIS_PASSWORD") {
            redis = redis.set_password(password);
        }
        let address = ConnectionAddr::Tcp(host, port);
        let info = address.into_connection_info().map_err(|_| wrong("REDIS_HOST", "no host name or address"))?;
        let tls = if files.any() { Some(files.open()?) } else { None };
        Ok(Some(Self::new(info.set_redis_settings(redis), tls)))
    }

    /// The settings of an address, as in `REDIS_URL`.
    ///
    /// # Errors
    /// When it is none; the message never shows it.
    pub fn from_url(url: &str) -> Result<Self, SettingsError> {
        Self::with_files(url, TlsFiles::default())
    }

    fn with_files(url: &str, files: TlsFiles) -> Result<Self, SettingsError> {
        let shape = "no address of Redis: redis://[user:password@]host[:port][/database], with TLS rediss://…, or \
                     redis+unix:///path is expected, with %-escapes in the password";
        // The driver was built without TLS of its own, and would not read the scheme.
        let over_tls = url.strip_prefix("rediss://");
        let plain = over_tls.map_or_else(|| url.to_owned(), |rest| format!("redis://{rest}"));
        let info = plain.into_connection_info().map_err(|_| wrong("REDIS_URL", shape))?;
        let tls = match over_tls {
            Some(rest) if rest.contains('#') => {
                let problem = "an address with #insecure: certificates are always verified; name the right authority \
                               in REDIS_TLS_CA";
                return Err(wrong("REDIS_URL", problem));
            }
            Some(_) => Some(files.open()?),
            None if files.any() => {
                return Err(wrong("REDIS_URL", "an address without TLS, while REDIS_TLS_… is set: write rediss://"));
            }
            None => None,
        };
        Ok(Self::new(info, tls))
    }

    fn new(info: ConnectionInfo, tls: Option<ClientTls>) -> Self {
        let database = info.redis_settings().db();
        let place = match info.addr() {
            ConnectionAddr::Unix(path) => format!("{}/{database}", path.display()),
            // The text of a host and a port; the credentials are elsewhere.
            address => format!("{address}/{database}"),
        };
        let tcp = TcpSettings::default().set_nodelay(true);
        #[cfg(target_os = "linux")]
        let tcp = tcp.set_user_timeout(UNACKNOWLEDGED);
        let redis = info.redis_settings().clone().set_lib_name("bgc", env!("CARGO_PKG_VERSION"));
        let info = info.set_tcp_settings(tcp).set_redis_settings(redis);
        Self { info, tls, place, connect: CONNECT, answer: ANSWER }
    }

    /// Host, port and database, without credentials: for logs and messages.
    #[must_use]
    pub fn place(&self) -> &str {
        &self.place
    }
}

/// The files of `REDIS_TLS_…`.
#[derive(Default)]
struct TlsFiles {
    ca: Option<PathBuf>,
    identity: Option<IdentityFiles>,
}

impl TlsFiles {
    fn from_env(get: impl Fn(&str) -> Option<String>) -> Result<Self, SettingsError> {
        let file = |name: &str| get(name).map(PathBuf::from);
        let names = ("REDIS_TLS_CERT", "REDIS_TLS_KEY");
        let identity = IdentityFiles::pair(file(names.0), file(names.1), names).map_err(|error| useless(&error))?;
        Ok(Self { ca: file("REDIS_TLS_CA"), identity })
    }

    fn any(&self) -> bool {
        self.ca.is_some() || self.identity.is_some()
    }

    fn open(self) -> Result<ClientTls, SettingsError> {
        ClientTls::open(ClientTlsSettings::new(self.ca, self.identity)).map_err(|error| useless(&error))
    }
}

/// A path is no secret; without it nobody finds the file.
fn useless(error: &TlsError) -> SettingsError {
    wrong("REDIS_TLS_CA, REDIS_TLS_CERT or REDIS_TLS_KEY", format!("of no use: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Result<Option<RedisSettings>, SettingsError> {
        RedisSettings::from_env(|name| {
            variables.iter().find(|(set, _)| *set == name).map(|(_, value)| (*value).to_owned())
        })
    }

    fn place(variables: &[(&str, &str)]) -> String {
        read(variables).unwrap().unwrap().place().to_owned()
    }

    #[test]
    fn an_address_or_its_parts_or_none() {
        assert!(read(&[]).unwrap().is_none());
        assert!(read(&[("REDIS_URL", ""), ("REDIS_PORT", "tcp://10.0.0.1:6379")]).unwrap().is_none());
        assert_eq!(place(&[("REDIS_URL", "redis://:s3cr%40t@cache.example:7000/3")]), "cache.example:7000/3");
        assert_eq!(place(&[("REDIS_HOST", "cache"), ("REDIS_PASSWORD", "s3cr@t")]), "cache:6379/0");
        assert_eq!(place(&[("REDIS_HOST", "::1"), ("REDIS_PORT", "7001"), ("REDIS_DB", "2")]), "::1:7001/2");
        let url = ("REDIS_URL", "redis://one");
        assert_eq!(place(&[url, ("REDIS_HOST", "two")]), "one:6379/0", "the URL wins");
    }

    #[test]
    fn what_cannot_be_used_is_said_without_its_value() {
        let cases: [&[(&str, &str)]; 6] = [
            &[("REDIS_URL", "http://:s3cret@cache")],
            &[("REDIS_URL", "rediss://:s3cret@cache#insecure")],
            &[("REDIS_HOST", "cache"), ("REDIS_PORT", "s3cret")],
            &[("REDIS_HOST", "cache"), ("REDIS_DB", "s3cret")],
            &[("REDIS_HOST", "cache"), ("REDIS_DB", "-1")],
            &[("REDIS_PASSWORD", "s3cret")],
        ];
        for case in cases {
            let error = read(case).unwrap_err();
            assert_eq!(error.variable, case.last().unwrap().0, "{error}");
            assert!(!error.to_string().contains("s3cret"), "{error}");
        }
    }

    #[test]
    fn credentials_are_not_printed() {
        let settings = RedisSettings::from_url("redis://someone:s3cret@cache").unwrap();
        let text = format!("{settings:?}");
        assert!(text.contains("cache:6379/0") && !text.contains("s3cret") && !text.contains("someone"), "{text}");
    }
}
