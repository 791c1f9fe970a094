//! Settings: one table, read once. `bgc.toml` says what a machine has, the environment wins over it,
//! and flags of a command win over both. Unknown keys are refused; `bgc config print` prints the table.

mod dict;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use identity::secrets::TOKEN_SECRET_BYTES_MIN;
use platform::auth::TrustedProxies;

pub use self::dict::DictMode;
use crate::identity::ACCESS_LOG_DAYS_MIN;

/// One setting: where it is found, what it is when nobody says, and what it means.
struct Setting {
    key: &'static str,
    environment: &'static str,
    default: &'static str,
    meaning: &'static str,
    secret: bool,
}

const fn setting(
    key: &'static str,
    environment: &'static str,
    default: &'static str,
    meaning: &'static str,
) -> Setting {
    Setting { key, environment, default, meaning, secret: false }
}

const fn secret(key: &'static str, environment: &'static str, meaning: &'static str) -> Setting {
    Setting { key, environment, default: "", meaning, secret: true }
}

const SETTINGS: &[Setting] = &[
    setting("data_dir", "BGC_DATA_DIR", "./.bgc", "Where the private PostgreSQL and the cube are kept."),
    setting("environment", "ENVIRONMENT", "development", "development or production."),
    setting("http.listen", "BGC_HTTP_LISTEN", "127.0.0.1:3000", "Address of the HTTP API."),
    setting(
        "http.max_connections",
        "BGC_HTTP_MAX_CONNECTIONS",
        "1024",
        "Connections held at once; more wait to be accepted.",
    ),
    setting(
        "http.max_in_flight",
        "BGC_HTTP_MAX_IN_FLIGHT",
        "512",
        "Requests worked on at once; more are answered 503.",
    ),
    setting("http.timeout_ms", "BGC_HTTP_TIMEOUT_MS", "10000", "Deadline of one request, in milliseconds."),
    setting(
        "http.drain_ms",
        "BGC_HTTP_DRAIN_MS",
        "10000",
        "How long a shutdown waits for requests under way, in milliseconds.",
    ),
    setting(
        "http.public_url",
        "BGC_PUBLIC_URL",
        "",
        "Where people reach the product, for links in mails; the address of http.listen when empty. Cookies are for https only when it begins so.",
    ),
    setting(
        "http.trusted_proxies",
        "BGC_TRUSTED_PROXIES",
        "",
        "Addresses and networks of proxies whose X-Forwarded-For is believed, separated by commas.",
    ),
    setting(
        "gateway.listen",
        "BGC_GATEWAY_LISTEN",
        "127.0.0.1:8081",
        "Address of the gateway. On loopback under `bgc up` anyone on this machine may call it; else a token with the scope gateway.call is needed.",
    ),
    setting(
        "gateway.connectors_dir",
        "BGC_CONNECTORS_DIR",
        "",
        "Connector files (*.yaml) that replace the built-in ones of the same id, or add sources.",
    ),
    setting(
        "gateway.timeout_ms",
        "BGC_GATEWAY_TIMEOUT_MS",
        "60000",
        "Deadline of one request to the gateway, and of all attempts at a source, in milliseconds.",
    ),
    setting(
        "gateway.secrets",
        "BGC_SECRETS",
        "environment,files",
        "Where secrets of connectors are looked for, in order: environment, files, kubernetes (a binary built with the feature k8s).",
    ),
    setting(
        "gateway.secrets_dir",
        "BGC_SECRETS_DIR",
        "",
        "Secrets as files, NAME/KEY below this directory, as Kubernetes mounts them; none when empty.",
    ),
    secret(
        "redis.url",
        "REDIS_URL",
        "Redis, the shared level of the cache: redis://host:6379/0. Without it and REDIS_HOST there is none.",
    ),
    setting("redis.host", "REDIS_HOST", "", "Instead of a URL: the host."),
    setting("redis.port", "REDIS_PORT", "", "Its port; 6379 when empty."),
    secret("redis.password", "REDIS_PASSWORD", "The password."),
    setting("redis.db", "REDIS_DB", "", "The number of the database; 0 when empty."),
    setting("redis.tls_ca", "REDIS_TLS_CA", "", "Certificates that rediss:// trusts; the system's when empty."),
    setting("redis.tls_cert", "REDIS_TLS_CERT", "", "Our certificate, for a Redis that asks who we are."),
    setting("redis.tls_key", "REDIS_TLS_KEY", "", "Its key."),
    setting("operations.listen", "BGC_OPERATIONS_LISTEN", "127.0.0.1:9091", "Address of /metrics, /health and /ready."),
    setting(
        "tls.certificate_file",
        "BGC_TLS_CERTIFICATE_FILE",
        "",
        "The certificate of every listener, with those that lead to its root (PEM): they speak TLS then, and nothing else. Files of certificates are read again when they change.",
    ),
    setting("tls.key_file", "BGC_TLS_KEY_FILE", "", "Its key (PEM)."),
    setting(
        "tls.client_ca_file",
        "BGC_TLS_CLIENT_CA_FILE",
        "",
        "Authorities (PEM): only clients with a certificate of one of them are let in; all clients when empty.",
    ),
    setting(
        "tls.operations",
        "BGC_TLS_OPERATIONS",
        "same",
        "TLS of operations.listen: same; server, which asks no client for a certificate; or off, in the clear.",
    ),
    setting(
        "log.level",
        "LOG_LEVEL",
        "info",
        "error, warn, info, debug or trace; or a filter such as info,trade=debug.",
    ),
    setting("log.format", "LOG_FORMAT", "", "json or text; when empty, text on a terminal and json elsewhere."),
    secret(
        "database.url",
        "DATABASE_URL",
        "PostgreSQL of the application (role app_rw). Without it and DB_HOST, a private server is started.",
    ),
    secret(
        "database.migration_url",
        "MIGRATION_DATABASE_URL",
        "The same database as migration_admin. Without it, a start only checks the schema.",
    ),
    setting("database.host", "DB_HOST", "", "Instead of a URL: the host."),
    setting("database.port", "DB_PORT", "", "Its port; 5432 when empty."),
    setting("database.user", "DB_USER", "", "The user; a member of the role app_rw."),
    secret("database.password", "DB_PASSWORD", "The password."),
    setting("database.name", "DB_NAME", "", "The database."),
    setting(
        "database.pool_max",
        "DB_POOL_MAX",
        "",
        "Connections at most; when empty, 20 to the private server and 50 to another.",
    ),
    setting("database.pool_min", "DB_POOL_MIN", "", "Connections kept ready; when empty, 2 and 10."),
    setting(
        "database.ssl_mode",
        "DB_SSL_MODE",
        "",
        "disable, prefer, require (when empty, with DB_HOST), verify-ca or verify-full.",
    ),
    setting(
        "database.ssl_root_cert",
        "DB_SSL_ROOT_CERT",
        "",
        "Certificates that verify-ca and verify-full trust; the system's when empty.",
    ),
    setting("database.ssl_cert", "DB_SSL_CERT", "", "Our certificate, for a server that asks who we are."),
    setting("database.ssl_key", "DB_SSL_KEY", "", "Its key."),
    secret(
        "auth.jwt_secret",
        "JWT_SECRET_KEY",
        "Signs this installation's tokens (HS256, at least 32 bytes); when empty, one is made and kept in the database.",
    ),
    setting("auth.jwt_issuer", "JWT_ISSUER", "bgc", "The name of this installation in its tokens."),
    setting(
        "auth.issuers_file",
        "BGC_ISSUERS_FILE",
        "",
        "Others whose tokens are trusted: [[issuer]] tables of name, algorithm (RS256 or EdDSA) and jwks_file.",
    ),
    setting(
        "auth.access_log_days",
        "BGC_ACCESS_LOG_DAYS",
        "365",
        "Days that the log of who did what is kept; 30 at least.",
    ),
    setting(
        "mail.outbox_dir",
        "BGC_MAIL_OUTBOX_DIR",
        "",
        "Mails are written here as files; when empty, to outbox in data_dir, in production nowhere.",
    ),
    setting(
        "trade.estimates_file",
        "BGC_ESTIMATES_FILE",
        "",
        "A table of estimates by country group that replaces the built-in one.",
    ),
    setting(
        "trade.simulations_kept_days",
        "BGC_SIMULATIONS_KEPT_DAYS",
        "365",
        "Days that simulations (without personal data) are kept.",
    ),
    setting(
        "ingest.keep_replaced_days",
        "BGC_INGEST_KEEP_REPLACED_DAYS",
        "30",
        "Days that the content which a load replaced is kept, one generation a year, to compare it or take the load back; 0 keeps none.",
    ),
];

/// The whole table.
fn settings() -> impl Iterator<Item = &'static Setting> {
    SETTINGS.iter().chain(dict::SETTINGS)
}

/// Settings with their values.
#[derive(Debug, Clone)]
pub struct Config {
    values: BTreeMap<&'static str, String>,
}

impl Config {
    /// Reads `file` (or `bgc.toml` here, when there is one) and the environment.
    pub fn load(file: Option<&Path>, environment: &dyn Fn(&str) -> Option<String>) -> Result<Self> {
        let mut values: BTreeMap<&'static str, String> = settings().map(|s| (s.key, s.default.to_owned())).collect();
        let default_file = PathBuf::from("bgc.toml");
        let path = file.map_or_else(|| default_file.is_file().then_some(default_file.as_path()), Some);
        if let Some(path) = path {
            let text =
                std::fs::read_to_string(path).with_context(|| format!("read the configuration {}", path.display()))?;
            let table =
                toml::Table::from_str(&text).with_context(|| format!("{} is not valid TOML", path.display()))?;
            take_table(&mut values, "", &table).with_context(|| format!("in {}", path.display()))?;
        }
        for setting in settings() {
            if let Some(value) = environment(setting.environment)
                && let Some(slot) = values.get_mut(setting.key)
            {
                *slot = value;
            }
        }
        let config = Self { values };
        config.check()?;
        Ok(config)
    }

    /// Every typed reading once, so that a wrong value is told at the start and not at its first use.
    fn check(&self) -> Result<()> {
        self.address("http.listen")?;
        self.address("gateway.listen")?;
        self.address("operations.listen")?;
        for key in ["http.max_connections", "http.max_in_flight"] {
            if self.number(key)? == 0 {
                bail!("{key} must be at least 1");
            }
        }
        for key in [
            "http.timeout_ms",
            "http.drain_ms",
            "gateway.timeout_ms",
            "trade.simulations_kept_days",
            "ingest.keep_replaced_days",
        ] {
            self.number(key)?;
        }
        if self.number("auth.access_log_days")? < ACCESS_LOG_DAYS_MIN {
            bail!("auth.access_log_days must be at least {ACCESS_LOG_DAYS_MIN}");
        }
        match self.optional("auth.jwt_secret").map(str::len) {
            Some(length) if length < TOKEN_SECRET_BYTES_MIN => {
                bail!("auth.jwt_secret has {length} bytes: at least {TOKEN_SECRET_BYTES_MIN} are needed")
            }
            _ => {}
        }
        if self.text("auth.jwt_issuer").is_empty() {
            bail!("auth.jwt_issuer must not be empty");
        }
        if let Some(url) = self.optional("http.public_url")
            && !(url.starts_with("http://") || url.starts_with("https://"))
        {
            bail!("http.public_url is {url:?}: an address such as https://bgc.example is expected");
        }
        self.trusted_proxies()?;
        self.check_dict()?;
        crate::tls::check(self)?;
        match self.text("log.format") {
            "" | "json" | "text" => {}
            other => bail!("log.format is {other:?}: say json or text"),
        }
        match self.text("environment") {
            "development" | "production" => Ok(()),
            other => bail!("environment is {other:?}: say development or production"),
        }
    }

    /// A value as text; empty when unset.
    pub fn text(&self, key: &str) -> &str {
        self.values.get(key).map_or("", String::as_str)
    }

    /// A value as text, `None` when empty.
    pub fn optional(&self, key: &str) -> Option<&str> {
        Some(self.text(key)).filter(|value| !value.is_empty())
    }

    /// A whole number.
    pub fn number(&self, key: &str) -> Result<u64> {
        let text = self.text(key);
        text.parse().with_context(|| format!("{key} is {text:?}: a whole number is expected"))
    }

    /// A switch.
    pub fn flag(&self, key: &str) -> Result<bool> {
        match self.text(key) {
            "true" | "1" => Ok(true),
            "false" | "0" => Ok(false),
            other => bail!("{key} is {other:?}: say true or false"),
        }
    }

    /// An address to listen on.
    pub fn address(&self, key: &str) -> Result<SocketAddr> {
        let text = self.text(key);
        text.parse().with_context(|| format!("{key} is {text:?}: an address such as 127.0.0.1:3000 is expected"))
    }

    /// The proxies whose word about a client's address is taken.
    pub fn trusted_proxies(&self) -> Result<TrustedProxies> {
        TrustedProxies::parse(self.text("http.trusted_proxies")).context("read http.trusted_proxies")
    }

    /// A time in milliseconds.
    pub fn milliseconds(&self, key: &str) -> Result<Duration> {
        Ok(Duration::from_millis(self.number(key)?))
    }

    /// A flag of the command line.
    pub fn set(&mut self, key: &'static str, value: String) {
        self.values.insert(key, value);
    }

    /// The value of an environment variable's setting, for parts that look settings up by those names.
    pub fn by_environment(&self, name: &str) -> Option<String> {
        let setting = settings().find(|setting| setting.environment == name)?;
        self.optional(setting.key).map(str::to_owned)
    }

    /// The table as a `bgc.toml` with every setting, its meaning and its value; secrets hidden.
    pub fn print(&self) -> String {
        let mut out =
            String::from("# Every setting with its value now. The variable in brackets wins over this file.\n");
        let mut section = "";
        let top = settings().filter(|setting| !setting.key.contains('.'));
        let rest = settings().filter(|setting| setting.key.contains('.'));
        for setting in top.chain(rest) {
            let (head, name) = setting.key.rsplit_once('.').unwrap_or(("", setting.key));
            if head != section {
                section = head;
                push(&mut out, format_args!("\n[{head}]\n"));
            }
            push(&mut out, format_args!("# {} [{}]\n", setting.meaning, setting.environment));
            let value = self.text(setting.key);
            if setting.secret && !value.is_empty() {
                push(&mut out, format_args!("# {name} = (set, not shown)\n"));
            } else if value.parse::<u64>().is_ok() {
                push(&mut out, format_args!("{name} = {value}\n"));
            } else {
                push(&mut out, format_args!("{name} = {}\n", toml::Value::String(value.to_owned())));
            }
        }
        out
    }

    /// `{"settings": [{"key", "environment", "meaning", "value", "secret"}]}`; the value of a secret is never there:
    /// `null` where none is set, else `"(set, not shown)"`.
    pub fn print_json(&self) -> String {
        let one = |setting: &Setting| {
            let value = self.text(setting.key);
            let shown = match (setting.secret, value.is_empty()) {
                (true, true) => None,
                (true, false) => Some("(set, not shown)"),
                (false, _) => Some(value),
            };
            serde_json::json!({"key": setting.key, "environment": setting.environment, "meaning": setting.meaning,
                "value": shown, "secret": setting.secret})
        };
        serde_json::json!({"settings": settings().map(one).collect::<Vec<_>>()}).to_string()
    }
}

fn push(out: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a String cannot fail.
    out.write_fmt(text).unwrap_or_default();
}

fn take_table(values: &mut BTreeMap<&'static str, String>, prefix: &str, table: &toml::Table) -> Result<()> {
    for (name, value) in table {
        let key = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
        match value {
            toml::Value::Table(inner) => take_table(values, &key, inner)?,
            toml::Value::String(_) | toml::Value::Integer(_) | toml::Value::Boolean(_) => {
                let Some(setting) = settings().find(|setting| setting.key == key) else {
                    bail!("unknown setting {key:?}; `bgc config print` lists them all");
                };
                let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                values.insert(setting.key, text);
            }
            other => bail!("{key} is of type {}: text or a whole number is expected", other.type_str()),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(toml: &str, environment: &[(&str, &str)]) -> Result<Config> {
        let dir = testkit::TempDir::new("config");
        let path = dir.join("bgc.toml");
        std::fs::write(&path, toml).unwrap();
        Config::load(Some(&path), &|name| {
            environment.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn the_environment_wins_over_the_file_and_the_file_over_the_default() {
        let config =
            load("[http]\nlisten = \"127.0.0.1:4000\"\ntimeout_ms = 5\n", &[("BGC_HTTP_TIMEOUT_MS", "7")]).unwrap();
        assert_eq!(config.address("http.listen").unwrap().port(), 4000);
        assert_eq!(config.number("http.timeout_ms").unwrap(), 7);
        assert_eq!(config.text("log.level"), "info");
    }

    #[test]
    fn unknown_keys_and_wrong_values_are_refused_by_name() {
        let error = format!("{:#}", load("[http]\nlissen = \"x\"\n", &[]).unwrap_err());
        assert!(error.contains("http.lissen"), "{error}");
        let error = format!("{:#}", load("[http]\ntimeout_ms = \"soon\"\n", &[]).unwrap_err());
        assert!(error.contains("http.timeout_ms"), "{error}");
        let error = format!("{:#}", load("", &[("BGC_HTTP_LISTEN", "nowhere")]).unwrap_err());
        assert!(error.contains("http.listen"), "{error}");
    }

    #[test]
    fn what_is_printed_can_be_read_back_and_shows_no_secret() {
        let config = load("", &[("DB_PASSWORD", "s3cret")]).unwrap();
        let printed = config.print();
        assert!(!printed.contains("s3cret"), "{printed}");
        load(&printed, &[]).unwrap();
    }
}
