//! A source as its file describes it, after every check: what may be asked of it, how, and what is kept.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use url::Url;

use super::mapping::{RequestTemplate, ResponseMapping};
use super::parameter::Parameter;

/// One outside source.
#[derive(Debug, Clone, PartialEq)]
pub struct Connector {
    /// Its name in addresses, keys and metrics: `[a-z][a-z0-9-]{0,39}`.
    pub id: String,
    /// What a person calls it.
    pub title: String,
    /// Every request goes below this address: scheme, host and port come from here and from nowhere else.
    pub base_url: Url,
    /// How we show who we are.
    pub auth: Auth,
    /// PEM certificates besides the system's: self-signed ones are trusted as roots, others complete the chain of a
    /// host that leaves its intermediate out, and must lead to a trusted root.
    pub extra_ca_file: Option<PathBuf>,
    /// Whether the issuer that a host's certificate names (RFC 5280, section 4.2.2.1) is fetched where the host leaves
    /// it out. It counts only if the chain then leads to a trusted root.
    pub fetch_missing_issuer: bool,
    /// Whether addresses of private networks and of this machine may be called.
    pub allow_private_network: bool,
    /// Other hosts (over https) that a redirect may lead to; credentials do not go there.
    pub redirect_hosts: Vec<String>,
    /// Headers of every request, in order.
    pub headers: Vec<(String, String)>,
    /// What protects the source from us, and us from it.
    pub limits: Limits,
    /// What can be asked, by name.
    pub endpoints: BTreeMap<String, Endpoint>,
}

/// The name of a secret: `NAME/KEY`, as in a Kubernetes Secret (`comexstat-credentials/api-key`).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SecretName {
    /// The Secret: a DNS label.
    pub name: String,
    /// The key in it.
    pub key: String,
}

impl SecretName {
    /// Reads `NAME/KEY`. What passes can stand in a path, in the name of a variable and in an address.
    ///
    /// # Errors
    /// What is wrong with it, for whoever wrote the file.
    pub fn parse(text: &str) -> Result<Self, String> {
        let named = text.split_once('/').map(|(name, key)| Self { name: name.to_owned(), key: key.to_owned() });
        named.filter(Self::is_sound).ok_or_else(|| {
            "a secret is NAME/KEY: NAME of a-z, 0-9 and - (at most 63), KEY of letters, digits, -, _ and .".to_owned()
        })
    }

    /// Whether name and key are as Kubernetes has them, so that neither can climb out of a directory.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        let label = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let key = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        (1..=63).contains(&self.name.len())
            && self.name.bytes().all(label)
            && !self.name.starts_with('-')
            && !self.name.ends_with('-')
            && (1..=253).contains(&self.key.len())
            && self.key.bytes().all(key)
            && !self.key.starts_with("..")
            && self.key != "."
    }
}

impl std::fmt::Display for SecretName {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}/{}", self.name, self.key)
    }
}

/// How a connector shows who it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Auth {
    /// The source is open.
    None,
    /// A key in a header, after `prefix` (`Bearer `, or nothing).
    ApiKeyHeader {
        /// The header.
        header: String,
        /// What stands before the key.
        prefix: String,
        /// The key.
        secret: SecretName,
    },
    /// A key as a query parameter.
    ApiKeyQuery {
        /// The parameter.
        parameter: String,
        /// The key.
        secret: SecretName,
    },
    /// A token by client credentials (RFC 6749, section 4.4), kept until shortly before it expires.
    OAuth2ClientCredentials {
        /// Where tokens are asked for.
        token_url: Url,
        /// The client's id.
        client_id: SecretName,
        /// The client's secret.
        client_secret: SecretName,
        /// The scopes asked for.
        scopes: Vec<String>,
        /// The `audience` parameter, where the server wants one.
        audience: Option<String>,
    },
    /// A client certificate.
    MutualTls {
        /// PEM certificate chain.
        certificate: SecretName,
        /// PEM private key.
        key: SecretName,
    },
}

impl Auth {
    /// As the list of connectors says it.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Auth::None => "none",
            Auth::ApiKeyHeader { .. } | Auth::ApiKeyQuery { .. } => "api_key",
            Auth::OAuth2ClientCredentials { .. } => "oauth2_client_credentials",
            Auth::MutualTls { .. } => "mtls",
        }
    }

    /// Every secret it needs.
    #[must_use]
    pub fn secrets(&self) -> Vec<&SecretName> {
        match self {
            Auth::None => Vec::new(),
            Auth::ApiKeyHeader { secret, .. } | Auth::ApiKeyQuery { secret, .. } => vec![secret],
            Auth::OAuth2ClientCredentials { client_id, client_secret, .. } => vec![client_id, client_secret],
            Auth::MutualTls { certificate, key } => vec![certificate, key],
        }
    }
}

/// What protects the source from us, and us from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// At most so many requests in so long a time, spread evenly; `None` is no limit.
    pub rate: Option<Rate>,
    /// Requests on their way at once.
    pub concurrency: u32,
    /// How long a request waits for its turn before it is given up.
    pub queue: Duration,
    /// Until there is a connection.
    pub connect: Duration,
    /// One attempt, from the first byte sent to the last byte read; for files, the longest silence between two reads.
    pub timeout: Duration,
    /// The largest answer that is read, decompressed; files are bounded by their endpoint.
    pub answer_bytes: u64,
    /// Further attempts.
    pub retry: Retry,
    /// When the source is left alone.
    pub breaker: BreakerRule,
}

/// Requests in a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// How many, at least 1. As many may go at once after a pause.
    pub requests: u32,
    /// In how long.
    pub per: Duration,
}

/// Further attempts after the first, for failures that may pass: no connection, time-out, 429, 500, 502, 503, 504.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retry {
    /// Attempts in all, at least 1.
    pub attempts: u32,
    /// The first pause, before jitter; it doubles.
    pub base: Duration,
    /// The longest pause. A `Retry-After` above it ends the attempts.
    pub longest: Duration,
}

/// When a source that fails is left alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BreakerRule {
    /// Failed calls (all their attempts) one after the other.
    pub failures: u32,
    /// How long nothing is sent; then one call tries.
    pub open: Duration,
}

/// What an endpoint answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndpointKind {
    /// JSON, mapped and cached.
    Json,
    /// A file, downloaded to disk with resumption and never cached in memory.
    File {
        /// The largest file that is taken.
        bytes_max: u64,
    },
}

/// Methods that a source is called with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HttpMethod {
    /// GET
    Get,
    /// POST with a JSON body
    Post,
}

/// One thing that can be asked of a source.
#[derive(Debug, Clone, PartialEq)]
pub struct Endpoint {
    /// Its name in addresses, keys and metrics: `[a-z][a-z0-9_-]{0,39}`.
    pub name: String,
    /// What it answers, for a person.
    pub title: String,
    /// What comes back.
    pub kind: EndpointKind,
    /// The method.
    pub method: HttpMethod,
    /// What a caller says, in order of declaration.
    pub parameters: Vec<Parameter>,
    /// How that becomes a request.
    pub request: RequestTemplate,
    /// How the source's answer becomes ours.
    pub response: ResponseMapping,
    /// What is kept, for how long.
    pub cache: CacheRule,
    /// Changes whenever the part of the file that shapes an answer does: part of every cache key.
    pub version: String,
}

/// How long answers of an endpoint are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CacheRule {
    /// An answer is as good as new for so long. Zero: nothing is cached.
    pub fresh: Duration,
    /// After that, so long still answered when the source fails.
    pub stale_if_error: Duration,
    /// How long "there is no such thing" is kept.
    pub missing: Duration,
    /// Whether `Cache-Control` and `Expires` of the source may shorten `fresh` (they never lengthen it).
    pub obey_source: bool,
}
