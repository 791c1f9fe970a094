//! The settings of dict: those that institutions rely on keep the names of their variables.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use dict::domain::ispb::Ispb;

use super::{Config, Setting, secret, setting};

pub(super) const SETTINGS: &[Setting] = &[
    setting("dict.listen", "BGC_DICT_LISTEN", "127.0.0.1:9090", "Address of the gRPC server of dict."),
    setting("dict.port", "GRPC_PORT", "", "Its port, where it is not that of dict.listen."),
    setting(
        "dict.participants",
        "BGC_DICT_PARTICIPANTS",
        "",
        "ISPBs that this server speaks for, separated by commas; in development 99999008 when empty.",
    ),
    setting(
        "dict.mode",
        "BGC_DICT_MODE",
        "",
        "The way to the directory: remote (connect.url), simulator (in this process) or off. When empty, CORE_DICT_USE_MOCK_MODE and CONNECT_ENABLED decide, and simulator in development.",
    ),
    setting(
        "dict.use_mock_mode",
        "CORE_DICT_USE_MOCK_MODE",
        "",
        "true means the mode simulator, which is refused in production.",
    ),
    setting(
        "dict.reflection",
        "BGC_DICT_REFLECTION",
        "",
        "Whether gRPC reflection answers: true or false; when empty, not in production.",
    ),
    setting("dict.jwt_audience", "JWT_AUDIENCE", "core-dict", "The audience that tokens for dict must name."),
    secret(
        "dict.master_key",
        "DICT_MASTER_KEY",
        "Wraps the keys that seal personal data: 64 hexadecimal digits. When empty, one is made and kept in data_dir; production needs it here.",
    ),
    setting(
        "dict.category",
        "BGC_DICT_CATEGORY",
        "",
        "The category that the Central Bank gave the institutions, A to H: what look-ups may cost. When empty, H in production (the strictest) and the simulator's elsewhere.",
    ),
    setting("dict.simulator_policies", "BGC_DICT_SIMULATOR_POLICIES", "true", "Whether the simulator limits calls."),
    setting("dict.simulator_category", "BGC_DICT_SIMULATOR_CATEGORY", "A", "The participant's category there, A to H."),
    setting("dict.max_in_flight", "BGC_DICT_MAX_IN_FLIGHT", "1024", "Calls worked on at once; more are refused."),
    setting("dict.timeout_ms", "BGC_DICT_TIMEOUT_MS", "10000", "The longest deadline of a call, in milliseconds."),
    setting("connect.enabled", "CONNECT_ENABLED", "", "true means the mode remote, false off."),
    setting("connect.url", "CONNECT_URL", "", "Where Connect is: http://host:9092 or https://host:9092."),
    setting(
        "connect.tls_ca_file",
        "CONNECT_TLS_CA",
        "",
        "Whom Connect's certificate comes from; the system's authorities when empty.",
    ),
    setting(
        "connect.tls_certificate_file",
        "CONNECT_TLS_CERT",
        "",
        "The certificate that is shown to Connect (PEM, with its chain).",
    ),
    setting("connect.tls_key_file", "CONNECT_TLS_KEY", "", "Its key."),
    setting(
        "connect.timeout_sec",
        "CONNECT_TIMEOUT_SEC",
        "5",
        "Deadline of one operation of the directory, in seconds.",
    ),
    setting("connect.max_retries", "CONNECT_MAX_RETRIES", "3", "How often an operation that may be repeated is."),
    setting(
        "pulsar.enabled",
        "PULSAR_ENABLED",
        "",
        "Whether events go to Pulsar: true or false; when empty, where pulsar.url is set. Needs a binary built with the feature pulsar.",
    ),
    setting("pulsar.url", "PULSAR_URL", "", "Where Pulsar is: pulsar://host:6650."),
    setting("pulsar.topic_prefix", "PULSAR_TOPIC_PREFIX", "dict.prod", "What the names of topics begin with."),
    setting("rate_limit.enabled", "RATE_LIMIT_ENABLED", "true", "Whether calls of one caller are limited."),
    setting("rate_limit.rps", "RATE_LIMIT_RPS", "1000", "Calls of one caller in a second."),
    setting(
        "circuit_breaker.enabled",
        "CIRCUIT_BREAKER_ENABLED",
        "true",
        "Whether Connect is left alone while it fails.",
    ),
    setting("circuit_breaker.threshold", "CIRCUIT_BREAKER_THRESHOLD", "10", "After how many failures in a row."),
    setting("circuit_breaker.timeout_sec", "CIRCUIT_BREAKER_TIMEOUT_SEC", "60", "For how long, in seconds."),
];

/// The institution of a newcomer's machine.
const DEVELOPMENT_PARTICIPANT: &str = "99999008";

/// The way to the directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DictMode {
    /// By Connect.
    Remote,
    /// The simulator in this process.
    Simulator,
    /// None: this base is all there is.
    Off,
}

impl Config {
    /// Every typed reading of dict's settings once.
    pub(super) fn check_dict(&self) -> Result<()> {
        self.dict_address()?;
        for key in ["dict.simulator_policies", "rate_limit.enabled", "circuit_breaker.enabled"] {
            self.flag(key)?;
        }
        for key in [
            "connect.timeout_sec",
            "connect.max_retries",
            "rate_limit.rps",
            "circuit_breaker.threshold",
            "circuit_breaker.timeout_sec",
            "dict.max_in_flight",
            "dict.timeout_ms",
        ] {
            self.number(key)?;
        }
        self.optional_flag("dict.reflection")?;
        self.pulsar_url()?;
        if !matches!(self.text("dict.simulator_category").as_bytes(), [b'A'..=b'H']) {
            bail!(
                "dict.simulator_category is {:?}: a letter from A to H is expected",
                self.text("dict.simulator_category")
            );
        }
        Ok(())
    }

    fn optional_flag(&self, key: &str) -> Result<Option<bool>> {
        self.optional(key).map(|_| self.flag(key)).transpose()
    }

    fn in_production(&self) -> bool {
        self.text("environment") == "production"
    }

    /// The address of the gRPC server.
    pub fn dict_address(&self) -> Result<SocketAddr> {
        let mut address = self.address("dict.listen")?;
        if let Some(port) = self.optional("dict.port") {
            let port = port.parse().with_context(|| format!("dict.port is {port:?}: a port is expected"))?;
            address.set_port(port);
        }
        Ok(address)
    }

    /// The way to the directory: what is said by name wins, then the mock switch, then whether Connect is enabled.
    pub fn dict_mode(&self) -> Result<DictMode> {
        let (mock, connect) = (self.optional_flag("dict.use_mock_mode")?, self.optional_flag("connect.enabled")?);
        if mock == Some(true) && self.in_production() {
            bail!("CORE_DICT_USE_MOCK_MODE=true is refused in production: the simulated directory is for development");
        }
        let mode = match (self.text("dict.mode"), mock, connect) {
            ("remote", ..) | ("", Some(false) | None, Some(true)) => DictMode::Remote,
            ("simulator", ..) | ("", Some(true), _) => DictMode::Simulator,
            ("off", ..) | ("", _, Some(false)) => DictMode::Off,
            ("", _, None) if self.in_production() => bail!(
                "production must say how the directory is reached: CONNECT_ENABLED=true with CONNECT_URL, or dict.mode = \"off\""
            ),
            ("", _, None) => DictMode::Simulator,
            (other, ..) => bail!("dict.mode is {other:?}: say remote, simulator or off"),
        };
        if mode == DictMode::Simulator && self.in_production() {
            bail!(
                "the simulated directory is refused in production: set CORE_DICT_USE_MOCK_MODE=false and CONNECT_ENABLED=true"
            );
        }
        if mode == DictMode::Remote && self.optional("connect.url").is_none() {
            bail!("connect.url (CONNECT_URL) must say where Connect is");
        }
        Ok(mode)
    }

    /// The institutions that this server speaks for.
    pub fn dict_participants(&self) -> Result<Vec<Ispb>> {
        let named = match self.optional("dict.participants") {
            Some(named) => named,
            None if self.in_production() => bail!("dict.participants must name the ISPBs that this server speaks for"),
            None => DEVELOPMENT_PARTICIPANT,
        };
        let ispb = |text: &str| text.trim().parse().with_context(|| format!("dict.participants names {text:?}"));
        named.split(',').map(ispb).collect()
    }

    /// Whether gRPC reflection answers.
    pub fn dict_reflection(&self) -> Result<bool> {
        Ok(self.optional_flag("dict.reflection")?.unwrap_or(!self.in_production()))
    }

    /// Where events go, where they go to Pulsar.
    pub fn pulsar_url(&self) -> Result<Option<&str>> {
        match (self.optional_flag("pulsar.enabled")?, self.optional("pulsar.url")) {
            (Some(false), _) => Ok(None),
            (Some(true), None) => bail!("pulsar.url (PULSAR_URL) must say where Pulsar is"),
            (_, url) => Ok(url),
        }
    }

    /// A time in seconds.
    pub fn seconds(&self, key: &str) -> Result<Duration> {
        Ok(Duration::from_secs(self.number(key)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(environment: &[(&str, &str)]) -> Result<DictMode> {
        let look_up =
            |name: &str| environment.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        Config::load(None, &look_up)?.dict_mode()
    }

    #[test]
    fn the_mode_follows_the_variables_that_institutions_have() {
        assert_eq!(mode(&[]).unwrap(), DictMode::Simulator);
        assert_eq!(
            mode(&[("CORE_DICT_USE_MOCK_MODE", "true"), ("CONNECT_ENABLED", "true")]).unwrap(),
            DictMode::Simulator
        );
        let remote =
            [("CORE_DICT_USE_MOCK_MODE", "false"), ("CONNECT_ENABLED", "true"), ("CONNECT_URL", "http://c:9092")];
        assert_eq!(mode(&remote).unwrap(), DictMode::Remote);
        assert_eq!(mode(&[("CONNECT_ENABLED", "false")]).unwrap(), DictMode::Off);
    }

    #[test]
    fn production_is_never_simulated() {
        let production = ("ENVIRONMENT", "production");
        for refused in [&[production][..], &[production, ("CORE_DICT_USE_MOCK_MODE", "true")]] {
            assert!(mode(refused).is_err());
        }
        assert_eq!(mode(&[production, ("CONNECT_ENABLED", "false")]).unwrap(), DictMode::Off);
    }
}
