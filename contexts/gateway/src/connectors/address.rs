//! Checks of addresses, headers and certificates of a connector file.

use std::path::{Path, PathBuf};

use platform::tls::pem;
use reqwest::header::{HeaderName, HeaderValue};
use url::{Host, Url};

use super::fault::Faults;
use super::located::{At, Ordered};

/// Headers that the client or `auth` writes.
const RESERVED: [&str; 15] = [
    "accept-encoding",
    "authorization",
    "connection",
    "content-length",
    "content-type",
    "cookie",
    "expect",
    "host",
    "if-range",
    "keep-alive",
    "proxy-authorization",
    "range",
    "te",
    "transfer-encoding",
    "upgrade",
];

/// An address that we may be told to call.
pub(super) fn address(text: &str, allow_private: bool) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|error| format!("no address: {error}"))?;
    match url.scheme() {
        "https" => {}
        "http" if allow_private => {}
        "http" => return Err("http is for private networks: use https, or set allow_private_network: true".into()),
        scheme => return Err(format!("{scheme} is not spoken here: use https")),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("an address holds no credentials: name a secret under auth".into());
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("an address here has no query and no fragment: put parameters under query".into());
    }
    let local = |name: &str| {
        let name = name.trim_end_matches('.');
        name == "localhost" || name.ends_with(".localhost")
    };
    match url.host() {
        Some(Host::Domain(name)) if allow_private || !local(name) => Ok(url),
        Some(Host::Ipv4(_) | Host::Ipv6(_)) if allow_private => Ok(url),
        Some(Host::Domain(_)) => Err("this machine is called only with allow_private_network: true".into()),
        Some(_) => Err("name the host: an address of numbers needs allow_private_network: true".into()),
        None => Err("the address names no host".into()),
    }
}

/// The name of a host, without scheme and port.
pub(super) fn host(text: &str) -> Result<String, String> {
    let wrong = || "a host is a name like files.example.org, without scheme, port and path".to_owned();
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.';
    match Host::parse(text) {
        Ok(Host::Domain(name)) if text.bytes().all(plain) && name.contains('.') && !name.ends_with('.') => {
            Ok(name.to_ascii_lowercase())
        }
        _ => Err(wrong()),
    }
}

/// The name of a header that a file may set.
pub(super) fn header_name(text: &str) -> Result<HeaderName, String> {
    HeaderName::from_bytes(text.as_bytes()).map_err(|_| format!("{text:?} is no name of a header"))
}

/// The name of a header that may carry a key.
pub(super) fn key_header(text: &str) -> Result<HeaderName, String> {
    let name = header_name(text)?;
    if RESERVED.contains(&name.as_str()) && name != "authorization" && name != "cookie" {
        return Err(format!("{name} cannot carry a key: the client writes it"));
    }
    Ok(name)
}

pub(super) fn headers(headers: &Ordered<At<String>>, faults: &mut Faults) -> Vec<(String, String)> {
    let mut out: Vec<(String, String)> = Vec::new();
    for (name, value) in &headers.0 {
        let Some(known) = faults.take(name, header_name(&name.value)) else { continue };
        if RESERVED.contains(&known.as_str()) {
            faults
                .add(name, format!("{known} is not for files to set: credentials belong under auth, the rest is ours"));
        }
        if out.iter().any(|(other, _)| other.eq_ignore_ascii_case(&name.value)) {
            faults.add(name, format!("{known} is there twice"));
        }
        if HeaderValue::from_str(&value.value).is_err() || !value.value.is_ascii() || value.value.len() > 1000 {
            faults.add(value, "a header's value is at most 1,000 printable ASCII characters");
        }
        out.push((name.value.clone(), value.value.clone()));
    }
    out
}

/// The path of a file of certificates, which must be there and hold at least one.
pub(super) fn certificates(text: &str, directory: Option<&Path>) -> Result<PathBuf, String> {
    let path = match directory {
        Some(directory) => directory.join(text),
        None if Path::new(text).is_absolute() => PathBuf::from(text),
        None => return Err("a shipped connector has no directory to look for certificates in".into()),
    };
    let text = pem::read(&path).map_err(|error| error.to_string())?;
    pem::roots(&text).map_err(|why| format!("{}: {why}", path.display()))?;
    Ok(path)
}
