//! Which addresses a connector may call. Every address is checked where it is resolved, so that no second look-up can
//! give another; literal addresses are checked in the URL itself, because they are never looked up.

use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

use super::UpstreamError;

/// How names become addresses: the system's way, or a test's.
pub type Lookup = Arc<dyn Fn(String) -> LookedUp + Send + Sync>;

/// What a [`Lookup`] answers.
pub type LookedUp = Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>>;

/// The system's way.
#[must_use]
pub fn system_lookup() -> Lookup {
    Arc::new(|host| {
        Box::pin(async move {
            let found = tokio::net::lookup_host((host.as_str(), 0)).await?;
            Ok(found.map(|address| address.ip()).collect())
        })
    })
}

/// Where an address leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// To the internet.
    Public,
    /// To this machine or a private network: where the connector's file allows it.
    Private,
    /// Nowhere that a source could be: link-local (where clouds keep their metadata), multicast, reserved, and other
    /// spellings of IPv4 addresses.
    Never,
}

/// By the special-purpose address registries of IANA (RFC 6890 and its updates).
fn reach(address: IpAddr) -> Reach {
    match address {
        IpAddr::V4(address) => reach_v4(address),
        IpAddr::V6(address) => reach_v6(address),
    }
}

fn reach_v4(address: Ipv4Addr) -> Reach {
    match address.octets() {
        // Private (RFC 1918), shared (RFC 6598), loopback.
        [10 | 127, ..] | [192, 168, ..] => Reach::Private,
        [172, second, ..] if second & 0xf0 == 16 => Reach::Private,
        [100, second, ..] if second & 0xc0 == 64 => Reach::Private,
        // This network, link-local, protocol assignments, documentation, 6to4 relays, benchmarks, multicast, reserved.
        [0 | 224.., ..]
        | [169, 254, ..]
        | [192, 0, 0 | 2, _]
        | [192, 88, 99, _]
        | [198, 18 | 19, ..]
        | [198, 51, 100, _]
        | [203, 0, 113, _] => Reach::Never,
        _ => Reach::Public,
    }
}

fn reach_v6(address: Ipv6Addr) -> Reach {
    if address == Ipv6Addr::LOCALHOST {
        return Reach::Private;
    }
    match address.segments() {
        // Unique local (RFC 4193).
        [first, ..] if first & 0xfe00 == 0xfc00 => Reach::Private,
        // Translated IPv4 (RFC 6052): as the address inside.
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            let [[a, b], [c, d]] = [high, low].map(u16::to_be_bytes);
            reach_v4(Ipv4Addr::new(a, b, c, d))
        }
        // Protocol assignments (Teredo among them), documentation, 6to4: none of them is a source's own address.
        [0x2001, second, ..] if second < 0x200 || second == 0xdb8 => Reach::Never,
        [0x2002, ..] => Reach::Never,
        [0x3fff, second, ..] if second < 0x1000 => Reach::Never,
        // Global unicast; all else is link-local, multicast, mapped, or nothing yet.
        [first, ..] if first & 0xe000 == 0x2000 => Reach::Public,
        _ => Reach::Never,
    }
}

/// Whether an address may be called.
fn allowed(address: IpAddr, private: bool) -> bool {
    match reach(address) {
        Reach::Public => true,
        Reach::Private => private,
        Reach::Never => false,
    }
}

/// Checks the scheme and, where the host is a literal address in whatever form, the address.
pub(super) fn check(url: &Url, private: bool) -> Result<(), UpstreamError> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err(UpstreamError::Forbidden(format!(
            "the scheme {} is not called: only http and https",
            url.scheme()
        )));
    }
    let literal = match url.host() {
        Some(Host::Ipv4(address)) => IpAddr::V4(address),
        Some(Host::Ipv6(address)) => IpAddr::V6(address),
        Some(Host::Domain(_)) => return Ok(()),
        None => return Err(UpstreamError::Forbidden("the address names no host".to_owned())),
    };
    if allowed(literal, private) { Ok(()) } else { Err(NotAllowed { host: literal.to_string() }.into()) }
}

/// A host has no address that may be called.
#[derive(Debug)]
pub(super) struct NotAllowed {
    host: String,
}

impl fmt::Display for NotAllowed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "the host {} is on a private or special network, which this connector may not call (allow_private_network)",
            self.host
        )
    }
}

impl std::error::Error for NotAllowed {}

impl From<NotAllowed> for UpstreamError {
    fn from(refusal: NotAllowed) -> Self {
        UpstreamError::Forbidden(refusal.to_string())
    }
}

/// Resolves names to the addresses among theirs that may be called.
pub(super) struct Resolver {
    pub lookup: Lookup,
    pub private: bool,
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let (lookup, private, host) = (Arc::clone(&self.lookup), self.private, name.as_str().to_owned());
        Box::pin(async move {
            let found = lookup(host.clone()).await?;
            if found.is_empty() {
                return Err(io::Error::new(io::ErrorKind::NotFound, "the name has no address").into());
            }
            let callable: Vec<SocketAddr> = found
                .into_iter()
                .filter(|&address| allowed(address, private))
                .map(|address| SocketAddr::new(address, 0))
                .collect();
            if callable.is_empty() {
                Err(NotAllowed { host }.into())
            } else {
                Ok(Box::new(callable.into_iter()) as Addrs)
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reach_of(text: &str) -> Reach {
        reach(text.parse().unwrap())
    }

    #[test]
    fn the_registries_are_followed() {
        for public in [
            "1.1.1.1",
            "172.32.0.1",
            "172.15.0.1",
            "100.63.0.1",
            "100.128.0.1",
            "198.17.0.1",
            "192.0.1.1",
            "223.255.255.255",
            "2600::1",
            "2a00:1450::1",
            "2001:4860::8888",
            "64:ff9b::808:808",
        ] {
            assert_eq!(reach_of(public), Reach::Public, "{public}");
        }
        for private in [
            "10.0.0.1",
            "127.0.0.1",
            "127.255.255.254",
            "192.168.3.4",
            "172.16.0.1",
            "172.31.255.255",
            "100.64.0.1",
            "100.127.255.255",
            "::1",
            "fc00::1",
            "fd12::1",
            "64:ff9b::7f00:1",
            "64:ff9b::a00:1",
        ] {
            assert_eq!(reach_of(private), Reach::Private, "{private}");
        }
        for never in [
            "0.0.0.0",
            "0.1.2.3",
            "169.254.169.254",
            "224.0.0.1",
            "255.255.255.255",
            "240.0.0.1",
            "192.0.2.1",
            "192.0.0.8",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.1",
            "203.0.113.9",
            "192.88.99.1",
            "::",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::ffff:8.8.8.8",
            "::127.0.0.1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "64:ff9b:1::1",
            "64:ff9b::a9fe:a9fe",
            "100::1",
            "3fff::1",
            "4000::1",
        ] {
            assert_eq!(reach_of(never), Reach::Never, "{never}");
        }
    }

    #[test]
    fn literal_addresses_are_found_in_every_spelling() {
        for spelling in [
            "http://127.0.0.1/",
            "http://2130706433/",
            "http://0x7f000001/",
            "http://0177.0.0.1/",
            "http://127.1/",
            "http://0x7f.1/",
            "http://[::1]/",
            "http://[::ffff:127.0.0.1]/",
            "https://[fe80::1]:444/",
            "http://169.254.169.254/latest",
            "http://１２７.0.0.1/",
        ] {
            let url: Url = spelling.parse().unwrap();
            assert!(matches!(check(&url, false), Err(UpstreamError::Forbidden(_))), "{spelling}");
        }
        assert_eq!(check(&"http://127.1/".parse().unwrap(), true), Ok(()));
        assert!(check(&"http://169.254.169.254/".parse().unwrap(), true).is_err());
        assert!(check(&"http://[::ffff:127.0.0.1]/".parse().unwrap(), true).is_err());
        assert_eq!(check(&"https://8.8.8.8/".parse().unwrap(), false), Ok(()));
        assert!(check(&"ftp://example.com/".parse().unwrap(), true).is_err());
    }
}
