//! Requests that another site makes a browser send.

use axum::extract::Request;
use axum::http::{HeaderName, Method, header};

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Whether a browser sends this unsafe request on behalf of another site. Programs send neither header and pass: they
/// have no cookies that somebody else could use.
pub(super) fn is_cross_site(request: &Request) -> bool {
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS | Method::TRACE) {
        return false;
    }
    let headers = request.headers();
    if let Some(site) = headers.get(SEC_FETCH_SITE) {
        return !matches!(site.as_bytes(), b"same-origin" | b"none");
    }
    let Some(origin) = headers.get(header::ORIGIN) else { return false };
    let origin = origin.to_str().ok().and_then(|origin| origin.split_once("://")).map(|(_, host)| host);
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let host = host.or_else(|| request.uri().authority().map(axum::http::uri::Authority::as_str));
    origin.is_none() || origin != host
}

/// Whether the request names its server as only a caller on this machine does.
pub(super) fn names_this_machine(request: &Request) -> bool {
    let mut hosts = request.headers().get_all(header::HOST).iter();
    let host = hosts.next().and_then(|host| host.to_str().ok());
    let host = host.or_else(|| request.uri().authority().map(axum::http::uri::Authority::as_str));
    let Some(authority) = host.and_then(|host| host.parse::<axum::http::uri::Authority>().ok()) else { return false };
    if hosts.next().is_some() || authority.as_str().contains('@') {
        return false;
    }
    let name = authority.host().trim_start_matches('[').trim_end_matches(']');
    name.eq_ignore_ascii_case("localhost") || name.parse().is_ok_and(|address: std::net::IpAddr| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_this_machine_are_its_own() {
        let named = |host: &str| {
            let request = axum::http::Request::builder().uri("/v1/connectors").header("host", host);
            names_this_machine(&request.body(axum::body::Body::empty()).unwrap())
        };
        for host in ["localhost", "LOCALHOST:8081", "127.0.0.1:8081", "127.9.9.9", "[::1]:8081"] {
            assert!(named(host), "{host}");
        }
        for host in [
            "evil.example:8081",
            "127.0.0.1.evil.example",
            "localhost.evil.example",
            "10.0.0.1",
            "",
            "a b",
            "evil@localhost",
        ] {
            assert!(!named(host), "{host}");
        }
    }

    fn crosses(method: &str, headers: &[(&str, &str)]) -> bool {
        let mut request = axum::http::Request::builder().method(method).uri("/v1/session");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        is_cross_site(&request.body(axum::body::Body::empty()).unwrap())
    }

    #[test]
    fn only_pages_of_this_site_and_programs_may_change_anything() {
        assert!(!crosses("POST", &[]));
        assert!(!crosses("GET", &[("sec-fetch-site", "cross-site")]));
        assert!(!crosses("POST", &[("sec-fetch-site", "same-origin")]));
        assert!(crosses("POST", &[("sec-fetch-site", "cross-site")]));
        assert!(crosses("DELETE", &[("sec-fetch-site", "same-site")]));
        assert!(crosses("POST", &[("sec-fetch-site", "cross-site"), ("origin", "http://a"), ("host", "a")]));
        assert!(!crosses("POST", &[("origin", "http://bgc.local:3000"), ("host", "bgc.local:3000")]));
        assert!(crosses("POST", &[("origin", "http://evil.example"), ("host", "bgc.local:3000")]));
        assert!(crosses("POST", &[("origin", "null"), ("host", "bgc.local:3000")]));
    }
}
