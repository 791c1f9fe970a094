//! Where a request comes from, when proxies stand in between.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use axum::http::{Extensions, HeaderMap, HeaderName, HeaderValue};
use ipnet::IpNet;

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const X_FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
/// Proxies behind one another that are followed; no real chain is as long.
const HOPS_MAX: usize = 32;

/// The other end of the connection that a request came by; the listener puts it into each request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PeerAddress(pub IpAddr);

/// Says that the connection of a request is over TLS; the listener puts it into each of its requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct OverTls;

/// Networks whose word about the client's address is taken. None unless an operator names them: anyone can write a
/// header.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrustedProxies(Vec<IpNet>);

/// A network that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("{0:?} is neither an address nor a network such as 10.0.0.0/8")]
pub struct NetworkError(String);

impl TrustedProxies {
    /// Reads addresses and networks, separated by commas.
    ///
    /// # Errors
    /// If one of them is neither.
    pub fn parse(text: &str) -> Result<Self, NetworkError> {
        let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
        let networks = items.map(|item| {
            let network = item.parse::<IpNet>().ok().or_else(|| Some(IpNet::from(item.parse::<IpAddr>().ok()?)));
            network.ok_or_else(|| NetworkError(item.to_owned()))
        });
        networks.collect::<Result<_, _>>().map(Self)
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }

    /// The client's address and whether it came over https: read from the end of `X-Forwarded-For` towards its
    /// beginning, as long as whoever wrote the entry is trusted.
    pub(super) fn client(&self, headers: &HeaderMap, extensions: &Extensions) -> (IpAddr, bool) {
        // Requests that came by no connection are a test's.
        let peer = extensions.get::<PeerAddress>().map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |peer| peer.0);
        let mut address = canonical(peer);
        let over_tls = extensions.get::<OverTls>().is_some();
        if !self.trusts(address) {
            return (address, over_tls);
        }
        // A proxy that says nothing of it has passed on what it got.
        let secure = headers.get_all(X_FORWARDED_PROTO).iter().next_back().map_or(over_tls, |value| {
            value.to_str().is_ok_and(|text| text.rsplit(',').next().is_some_and(|last| last.trim() == "https"))
        });
        // Bytes: what a client wrote at the beginning of a line must not make unreadable what a proxy added.
        let lines: Vec<&[u8]> = headers.get_all(X_FORWARDED_FOR).iter().map(HeaderValue::as_bytes).collect();
        let entries = lines.iter().rev().flat_map(|line| line.rsplit(|byte| *byte == b','));
        for entry in entries.take(HOPS_MAX) {
            let Some(before) = forwarded(entry) else { break };
            address = canonical(before);
            if !self.trusts(address) {
                break;
            }
        }
        (address, secure)
    }
}

/// An entry of `X-Forwarded-For`: an address, some proxies add a port or brackets.
fn forwarded(entry: &[u8]) -> Option<IpAddr> {
    let entry = std::str::from_utf8(entry).ok()?.trim();
    let plain = entry.parse().ok();
    plain
        .or_else(|| entry.parse::<std::net::SocketAddr>().ok().map(|with_port| with_port.ip()))
        .or_else(|| entry.strip_prefix('[')?.strip_suffix(']')?.parse::<Ipv6Addr>().ok().map(IpAddr::V6))
}

/// An IPv4 address that came over an IPv6 socket is the IPv4 address.
fn canonical(address: IpAddr) -> IpAddr {
    address.to_canonical()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(trusted: &str, peer: &str, forwarded: &[&str]) -> String {
        let mut extensions = Extensions::new();
        extensions.insert(PeerAddress(peer.parse().unwrap()));
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append(X_FORWARDED_FOR, HeaderValue::from_bytes(line.as_bytes()).unwrap());
        }
        TrustedProxies::parse(trusted).unwrap().client(&headers, &extensions).0.to_string()
    }

    #[test]
    fn a_header_of_a_stranger_counts_for_nothing() {
        assert_eq!(client("", "203.0.113.9", &["198.51.100.1"]), "203.0.113.9");
        assert_eq!(client("10.0.0.0/8", "203.0.113.9", &["198.51.100.1"]), "203.0.113.9");
    }

    #[test]
    fn the_last_entry_that_no_trusted_proxy_wrote_is_the_client() {
        assert_eq!(client("10.0.0.0/8", "10.0.0.1", &["198.51.100.1"]), "198.51.100.1");
        // The client wrote the first one itself.
        assert_eq!(client("10.0.0.0/8", "10.0.0.1", &["1.1.1.1, 198.51.100.1, 10.0.0.2"]), "198.51.100.1");
        assert_eq!(client("10.0.0.0/8", "10.0.0.1", &["1.1.1.1", "198.51.100.1"]), "198.51.100.1");
        assert_eq!(client("10.0.0.0/8", "10.0.0.1", &["198.51.100.1:4711"]), "198.51.100.1");
        assert_eq!(client("10.0.0.0/8", "10.0.0.1", &["[2001:db8::1]"]), "2001:db8::1");
        assert_eq!(client("10.0.0.0/8", "10.0.0.1", &["198.51.100.1, not an address"]), "10.0.0.1");
        assert_eq!(client("10.0.0.0/8", "10.0.0.1", &["é, 198.51.100.1"]), "198.51.100.1");
        assert_eq!(client("10.0.0.0/8", "10.0.0.1", &[]), "10.0.0.1");
        assert_eq!(client("127.0.0.1", "::ffff:127.0.0.1", &["198.51.100.1"]), "198.51.100.1");
    }

    #[test]
    fn networks_are_checked() {
        assert!(TrustedProxies::parse("10.0.0.0/8, 192.0.2.1,::1").is_ok());
        assert!(TrustedProxies::parse("10.0.0.0/64").unwrap_err().to_string().contains("10.0.0.0/64"));
    }
}
