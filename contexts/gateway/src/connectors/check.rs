//! From the text form of a connector to the checked one, all faults together.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use super::address;
use super::endpoint;
use super::fault::{Fault, Faults};
use super::file::{AuthFile, BreakerFile, ConnectorFile, LimitsFile, RetryFile};
use super::located::At;
use super::response;
use crate::domain::connector::{Auth, BreakerRule, Connector, Endpoint, Limits, Rate, Retry, SecretName};

/// Endpoints of one connector.
const ENDPOINTS_MAX: usize = 100;

/// The checked form, with the place of its id for whoever compares ids.
pub(super) fn connector(
    file: &ConnectorFile,
    name: &str,
    directory: Option<&Path>,
) -> Result<(At<String>, Connector), Vec<Fault>> {
    let mut faults = Faults::new(name);
    let found = check(file, directory, &mut faults);
    let faults = faults.into_found();
    match found {
        Some(connector) if faults.is_empty() => Ok((file.id.clone(), connector)),
        _ => Err(faults),
    }
}

fn check(file: &ConnectorFile, directory: Option<&Path>, faults: &mut Faults) -> Option<Connector> {
    if !is_id(&file.id.value, false) {
        faults.add(&file.id, "an id is a-z, then a-z, 0-9 and -, at most 40 characters");
    }
    let base_url = faults.take(&file.base_url, address::address(&file.base_url.value, file.allow_private_network));
    if file.redirect_hosts.len() > 20 {
        faults.add(&file.redirect_hosts[20], "at most 20 hosts");
    }
    let hosts = file.redirect_hosts.iter();
    let redirect_hosts = hosts.filter_map(|host| faults.take(host, address::host(&host.value))).collect();
    let extra_ca_file =
        file.extra_ca_file.as_ref().and_then(|at| faults.take(at, address::certificates(&at.value, directory)));
    let title = faults.title(&file.title, "title");
    let headers = address::headers(&file.headers, faults);
    let auth = auth(file, faults);
    let limits = limits(&file.limits, faults);
    let failures = response::failures(&file.failures, faults);
    // Of a credential only its name: another account may be answered otherwise.
    let shape = format!("{}\n{headers:?}\n{auth:?}", file.base_url.value);
    let endpoints = endpoints(file, &shape, &failures, faults);
    Some(Connector {
        id: file.id.value.clone(),
        title,
        base_url: base_url?,
        auth: auth?,
        extra_ca_file,
        fetch_missing_issuer: file.fetch_missing_issuer,
        allow_private_network: file.allow_private_network,
        redirect_hosts,
        headers,
        limits,
        endpoints,
    })
}

fn endpoints(
    file: &ConnectorFile,
    shape: &str,
    failures: &[crate::domain::mapping::Failure],
    faults: &mut Faults,
) -> BTreeMap<String, Endpoint> {
    let mut out = BTreeMap::new();
    if file.endpoints.0.is_empty() || file.endpoints.0.len() > ENDPOINTS_MAX {
        faults.add(&file.id, format!("a connector has 1 to {ENDPOINTS_MAX} endpoints"));
    }
    for (name, endpoint) in &file.endpoints.0 {
        if !is_id(&name.value, true) {
            faults.add(name, "an endpoint's name is a-z, then a-z, 0-9, - and _, at most 40 characters");
        }
        if let Some(checked) = endpoint::check(name, endpoint, shape, failures, faults) {
            out.insert(name.value.clone(), checked);
        }
    }
    out
}

/// `[a-z][a-z0-9-]{0,39}`, for endpoints with `_` too.
fn is_id(text: &str, underscore: bool) -> bool {
    let rest =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || (underscore && byte == b'_');
    text.len() <= 40 && text.starts_with(|c: char| c.is_ascii_lowercase()) && text.bytes().all(rest)
}

fn secret(at: &At<String>, faults: &mut Faults) -> Option<SecretName> {
    faults.take(at, SecretName::parse(&at.value))
}

fn auth(file: &ConnectorFile, faults: &mut Faults) -> Option<Auth> {
    match &file.auth {
        AuthFile::None => Some(Auth::None),
        AuthFile::ApiKey(at) => {
            let secret = secret(&at.value.secret, faults);
            match (&at.value.header, &at.value.query) {
                (Some(header), None) => {
                    let name = faults.take(header, address::key_header(&header.value))?;
                    let prefix = at.value.prefix.as_ref().map(|prefix| prefix.value.clone()).unwrap_or_default();
                    if !prefix.bytes().all(|byte| (b' '..=b'~').contains(&byte)) || prefix.len() > 100 {
                        faults.add(header, "a prefix is at most 100 printable ASCII characters");
                    }
                    Some(Auth::ApiKeyHeader { header: name.to_string(), prefix, secret: secret? })
                }
                (None, Some(query)) => {
                    let parameter = endpoint::query_name(query, faults);
                    if let Some(prefix) = &at.value.prefix {
                        faults.add(prefix, "a prefix goes with a header only");
                    }
                    Some(Auth::ApiKeyQuery { parameter, secret: secret? })
                }
                _ => {
                    faults.add(at, "a key goes either in a header or in the query: name one of them");
                    None
                }
            }
        }
        AuthFile::OAuth2ClientCredentials(oauth) => {
            let url = address::address(&oauth.token_url.value, file.allow_private_network);
            let token_url = faults.take(&oauth.token_url, url);
            let (client_id, client_secret) = (secret(&oauth.client_id, faults), secret(&oauth.client_secret, faults));
            for scope in &oauth.scopes {
                // RFC 6749, appendix A.4.
                if scope.value.is_empty()
                    || !scope.value.bytes().all(|b| (0x21..=0x7e).contains(&b) && b != b'"' && b != b'\\')
                {
                    faults.add(scope, "a scope is printable ASCII without spaces, quotes and backslashes");
                }
            }
            Some(Auth::OAuth2ClientCredentials {
                token_url: token_url?,
                client_id: client_id?,
                client_secret: client_secret?,
                scopes: oauth.scopes.iter().map(|scope| scope.value.clone()).collect(),
                audience: oauth.audience.as_ref().map(|audience| audience.value.clone()),
            })
        }
        AuthFile::Mtls(mtls) => {
            let (certificate, key) = (secret(&mtls.certificate, faults), secret(&mtls.key, faults));
            Some(Auth::MutualTls { certificate: certificate?, key: key? })
        }
    }
}

fn limits(file: &LimitsFile, faults: &mut Faults) -> Limits {
    let rate = file.rate.as_ref().map(|rate| Rate {
        requests: small(faults.range(Some(&rate.requests), "requests", 1, (1, 10_000))),
        per: ms(faults.range(Some(&rate.per_ms), "per_ms", 1, (1, 3_600_000))),
    });
    Limits {
        rate,
        concurrency: small(faults.range(file.concurrency.as_ref(), "concurrency", 8, (1, 256))),
        queue: ms(faults.range(file.queue_ms.as_ref(), "queue_ms", 10_000, (0, 600_000))),
        connect: ms(faults.range(file.connect_ms.as_ref(), "connect_ms", 5_000, (1, 60_000))),
        timeout: ms(faults.range(file.timeout_ms.as_ref(), "timeout_ms", 30_000, (1, 600_000))),
        answer_bytes: faults.range(file.answer_bytes_max.as_ref(), "answer_bytes_max", 16 << 20, (1, 256 << 20)),
        retry: retry(&file.retry, faults),
        breaker: breaker(&file.breaker, faults),
    }
}

fn retry(file: &RetryFile, faults: &mut Faults) -> Retry {
    let base = faults.range(file.base_ms.as_ref(), "base_ms", 500, (1, 60_000));
    let longest = faults.range(file.longest_ms.as_ref(), "longest_ms", 20_000.max(base), (1, 300_000));
    if let Some(at) = file.longest_ms.as_ref().filter(|_| longest < base) {
        faults.add(at, format!("longest_ms must be at least base_ms, which is {base}"));
    }
    let attempts = small(faults.range(file.attempts.as_ref(), "attempts", 3, (1, 10)));
    Retry { attempts, base: ms(base), longest: ms(longest) }
}

fn breaker(file: &BreakerFile, faults: &mut Faults) -> BreakerRule {
    BreakerRule {
        failures: small(faults.range(file.failures.as_ref(), "failures", 5, (1, 1000))),
        open: ms(faults.range(file.open_ms.as_ref(), "open_ms", 30_000, (1, 3_600_000))),
    }
}

fn ms(count: u64) -> Duration {
    Duration::from_millis(count)
}

/// A number that a range has bounded already.
fn small(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
