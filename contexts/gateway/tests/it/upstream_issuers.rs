//! Hosts that leave out their intermediate: its issuer is fetched from where the certificate says, and counts only if
//! the chain then leads to a trusted root.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::routing::get as on_get;
use gateway::domain::connector::{Auth, Connector, EndpointKind, HttpMethod};
use gateway::upstream::Lookup;
use testkit::tls::{Issuance, Shows, TestAuthority, TlsListener};
use tokio::net::TcpListener;

use crate::upstream_world::{RawServer, World, at, connector, endpoint, get, header, raw, secret};

/// Where certificates are published: bytes by path, 404 elsewhere.
struct Repository {
    server: RawServer,
    files: Arc<Mutex<HashMap<String, Vec<u8>>>>,
    heads: Arc<Mutex<Vec<String>>>,
}

impl Repository {
    async fn start() -> Self {
        let (files, heads) = (Arc::<Mutex<HashMap<String, Vec<u8>>>>::default(), Arc::<Mutex<Vec<String>>>::default());
        let (served, seen) = (Arc::clone(&files), Arc::clone(&heads));
        let server = RawServer::start(move |_, head| {
            seen.lock().unwrap().push(head.to_owned());
            let path = head.split(' ').nth(1).unwrap();
            match served.lock().unwrap().get(path) {
                Some(answer) => answer.clone(),
                None => raw("404 Not Found", &[], b""),
            }
        })
        .await;
        Self { server, files, heads }
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.server.base)
    }

    fn put(&self, path: &str, body: &[u8]) {
        let answer = raw("200 OK", &[("content-type", "application/pkix-cert".to_owned())], body);
        self.files.lock().unwrap().insert(path.to_owned(), answer);
    }

    fn hits(&self) -> usize {
        self.server.hits()
    }

    /// An authority whose servers' certificates say that their issuer is at `/ca`.
    fn authority(&self) -> TestAuthority {
        naming(self.url("/ca"))
    }
}

fn naming(url: String) -> TestAuthority {
    TestAuthority::issuing(Issuance { issuer_url: Some(url), ..Issuance::default() })
}

async fn serve(authority: &TestAuthority) -> TlsListener {
    let router = Router::new().route("/", on_get(|| async { "{}" }).post(|| async { r#"{"access_token":"t"}"# }));
    TlsListener::serve(router, authority, Shows::NoIntermediate).await
}

fn fetching(listener: &TlsListener, authority: &TestAuthority) -> Connector {
    Connector { fetch_missing_issuer: true, extra_ca_file: Some(authority.root_file()), ..connector(&listener.url("")) }
}

async fn refused(world: &World, connector: Connector) -> String {
    get(&world.upstream(connector), "/").await.unwrap_err().to_string()
}

/// What is said where `bytes` are served as the issuer.
async fn refused_with(answer: Vec<u8>) -> String {
    let (world, repository) = (World::new(), Repository::start().await);
    let authority = repository.authority();
    repository.files.lock().unwrap().insert("/ca".to_owned(), answer);
    let listener = serve(&authority).await;
    refused(&world, fetching(&listener, &authority)).await
}

#[tokio::test]
async fn the_missing_issuer_is_fetched_once_and_used_from_then_on() {
    let (world, repository) = (World::new(), Repository::start().await);
    let authority = repository.authority();
    let listener = serve(&authority).await;
    let pem = std::fs::read(authority.intermediate_file()).unwrap();
    for published in [authority.intermediate_der(), pem] {
        repository.put("/ca", &published);
        let before = repository.hits();
        let mut source = fetching(&listener, &authority);
        source.headers.push(("x-internal".to_owned(), "for the source alone".to_owned()));
        let upstream = world.upstream(source);
        get(&upstream, "/").await.unwrap();
        // Files have connections of their own, and so a handshake of their own.
        upstream.probe(&endpoint(HttpMethod::Get, EndpointKind::Json), &at("/")).await.unwrap();
        get(&upstream, "/").await.unwrap();
        assert_eq!(repository.hits() - before, 1);
    }
    assert_eq!((world.calls("success"), world.retries(), world.breaker()), (6, 0, 0));
    for head in repository.heads.lock().unwrap().iter() {
        assert!(head.starts_with("GET /ca HTTP/1.1\r\n"), "{head}");
        assert_eq!(
            (header(head, "authorization"), header(head, "x-internal"), header(head, "cookie")),
            (None, None, None)
        );
    }
}

#[tokio::test]
async fn callers_at_once_fetch_it_once() {
    let (world, repository) = (World::new(), Repository::start().await);
    let authority = repository.authority();
    repository.put("/ca", &authority.intermediate_der());
    let listener = serve(&authority).await;
    let upstream = world.upstream(fetching(&listener, &authority));
    let (a, b, c, d) = tokio::join!(get(&upstream, "/"), get(&upstream, "/"), get(&upstream, "/"), get(&upstream, "/"));
    assert!([a, b, c, d].iter().all(Result::is_ok));
    assert_eq!(repository.hits(), 1);
}

#[tokio::test]
async fn several_links_are_fetched() {
    let (world, repository) = (World::new(), Repository::start().await);
    let authority = TestAuthority::issuing(Issuance {
        issuer_url: Some(repository.url("/ca")),
        upper_issuer_url: Some(repository.url("/upper")),
        ..Issuance::default()
    });
    repository.put("/ca", &authority.intermediate_der());
    let listener = serve(&authority).await;
    let error = refused(&world, fetching(&listener, &authority)).await;
    assert!(error.contains("/upper: it answers 404"), "{error}");
    repository.put("/upper", &authority.upper_der());
    let upstream = world.upstream(fetching(&listener, &authority));
    get(&upstream, "/").await.unwrap();
    assert_eq!(repository.hits(), 4);
    // A host that leaves out the upper one alone.
    let shows = TlsListener::serve(Router::new().route("/", on_get(|| async { "{}" })), &authority, Shows::WholeChain);
    let listener = shows.await;
    get(&world.upstream(fetching(&listener, &authority)), "/").await.unwrap();
    assert_eq!(repository.hits(), 5);
}

#[tokio::test]
async fn nothing_is_fetched_unless_the_file_says_so() {
    let (world, repository) = (World::new(), Repository::start().await);
    let authority = repository.authority();
    repository.put("/ca", &authority.intermediate_der());
    let listener = serve(&authority).await;
    let error = refused(&world, Connector { fetch_missing_issuer: false, ..fetching(&listener, &authority) }).await;
    assert!(error.contains("leaves out its intermediate certificate") && error.contains("extra_ca_file"), "{error}");
    assert_eq!(repository.hits(), 0);
}

#[tokio::test]
async fn what_is_fetched_is_trusted_only_below_a_trusted_root() {
    let (world, repository) = (World::new(), Repository::start().await);
    let authority = repository.authority();
    repository.put("/ca", &authority.intermediate_der());
    let listener = serve(&authority).await;
    // The chain is complete, and its root is nobody's.
    let error = refused(&world, Connector { extra_ca_file: None, ..fetching(&listener, &authority) }).await;
    assert!(error.contains("leads to no trusted root") && error.contains("itself of an unknown one"), "{error}");
    // Somebody else's root of the same name.
    let other = TestAuthority::new();
    let error = refused(&world, fetching(&listener, &other)).await;
    assert!(error.contains("no trusted root") && error.contains("does not help"), "{error}");
}

#[tokio::test]
async fn wrong_answers_are_refused_and_said_to_be_that() {
    let body = |bytes: &[u8]| raw("200 OK", &[], bytes);
    let elsewhere = TestAuthority::issuing(Issuance { name: "another", ..Issuance::default() });
    let cms = b"\x30\x0f\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02\xa0\x02\x30\x00";
    let pem = b"-----BEGIN PKCS7-----\nAAAA\n-----END PKCS7-----\n";
    for (answer, why) in [
        (body(&elsewhere.intermediate_der()), "the certificate of somebody else"),
        (body(&TestAuthority::new().intermediate_der()), "does not help"),
        (body(&elsewhere.root_der()), "the certificate of somebody else"),
        (body(b"<html>sorry</html>"), "it is no certificate"),
        (body(b"\x30\x82\xff\xff\x30"), "it is no certificate"),
        (body(b""), "it is no certificate"),
        (body(&vec![0x30; 10 << 20]), "it has more than 65536 bytes"),
        (body(cms), "PKCS#7 bundle, which is not read"),
        (body(pem), "PKCS#7 bundle, which is not read"),
        (raw("302 Found", &[("location", "/ca2".to_owned())], b""), "redirects are not followed"),
        (raw("404 Not Found", &[], b""), "it answers 404"),
        (raw("503 No", &[], b""), "it answers 503"),
        (b"".to_vec(), "the connection broke"),
    ] {
        let error = refused_with(answer).await;
        assert!(error.contains("its certificate leads to no trusted root; ") && error.contains(why), "{why}: {error}");
        assert!(error.contains("/ca: ") || error.contains("/ca does not help"), "{error}");
    }
    let expired = Repository::start().await;
    let issuance = Issuance { issuer_url: Some(expired.url("/ca")), intermediate_expired: true, ..Issuance::default() };
    let authority = TestAuthority::issuing(issuance);
    expired.put("/ca", &authority.intermediate_der());
    let listener = serve(&authority).await;
    let error = refused(&World::new(), fetching(&listener, &authority)).await;
    assert!(error.contains("does not help: it has expired"), "{error}");
}

#[tokio::test]
async fn a_self_signed_issuer_is_no_root() {
    let repository = Repository::start().await;
    let authority = repository.authority();
    // It has the name of the issuer, and signed itself.
    let name = TestAuthority::issuing(Issuance { self_signed: true, ..Issuance::default() });
    repository.put("/ca", &name.intermediate_der());
    let listener = serve(&authority).await;
    let error = refused(&World::new(), fetching(&listener, &authority)).await;
    assert!(error.contains("it is a root, and none of those that are trusted"), "{error}");
}

#[tokio::test]
async fn names_and_times_count_as_ever() {
    let (world, repository) = (World::new(), Repository::start().await);
    let authority = repository.authority();
    repository.put("/ca", &authority.intermediate_der());
    let listener = serve(&authority).await;
    let mut named = fetching(&listener, &authority);
    named.base_url = format!("https://elsewhere.test:{}", listener.port()).parse().unwrap();
    let lookup: Lookup = Arc::new(|_| Box::pin(async { Ok(vec![IpAddr::from([127, 0, 0, 1])]) }));
    let upstream = world.upstream_looking_up(named, lookup);
    for _ in 0..2 {
        let error = get(&upstream, "/").await.unwrap_err().to_string();
        assert!(error.ends_with("its certificate names another host"), "{error}");
    }
    assert_eq!(repository.hits(), 1);
    let old = TlsListener::serve(Router::new(), &authority, Shows::ExpiredAlone).await;
    let error = refused(&world, fetching(&old, &authority)).await;
    assert!(error.contains("its certificate has expired"), "{error}");
    assert_eq!(repository.hits(), 1);
}

#[tokio::test]
async fn a_repository_that_is_down_or_silent_costs_one_request_a_minute_and_little_time() {
    let silent = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = silent.local_addr().unwrap().port();
    let free = TcpListener::bind(("127.0.0.1", 0)).await.unwrap().local_addr().unwrap().port();
    for (port, why) in [(free, "it refuses connections"), (port, "did not arrive within 150 ms")] {
        let world = World::new();
        let authority = naming(format!("http://127.0.0.1:{port}/ca"));
        let listener = serve(&authority).await;
        let mut source = fetching(&listener, &authority);
        source.limits.timeout = Duration::from_millis(300);
        let (upstream, begun) = (world.upstream(source), Instant::now());
        for _ in 0..4 {
            let error = get(&upstream, "/").await.unwrap_err().to_string();
            assert!(error.contains(why), "{error}");
        }
        // Far less than four times the wait and its retries.
        assert!(begun.elapsed() < Duration::from_secs(5) && world.retries() == 0);
    }
    let (world, repository) = (World::new(), Repository::start().await);
    let authority = repository.authority();
    let listener = serve(&authority).await;
    let upstream = world.upstream(fetching(&listener, &authority));
    for _ in 0..5 {
        get(&upstream, "/").await.unwrap_err();
    }
    assert_eq!(repository.hits(), 1);
}

#[tokio::test]
async fn only_addresses_that_may_be_called_are_called() {
    let (world, repository) = (World::new(), Repository::start().await);
    let port = repository.server.base.rsplit(':').next().unwrap().to_owned();
    for (url, why) in [
        ("http://169.254.169.254/latest/meta-data".to_owned(), "on a private or special network"),
        (format!("http://[::ffff:127.0.0.1]:{port}/ca"), "on a private or special network"),
        (format!("http://inside.test:{port}/ca"), "inside.test is on a private or special network"),
        (format!("http://user:word@127.0.0.1:{port}/ca"), "names no address (http or https)"),
        ("file:///etc/passwd".to_owned(), "names no address (http or https)"),
        ("ldap://127.0.0.1/cn=ca".to_owned(), "names no address (http or https)"),
        ("nonsense".to_owned(), "names no address (http or https)"),
    ] {
        let authority = naming(url);
        let listener = serve(&authority).await;
        let lookup: Lookup = Arc::new(|_| Box::pin(async { Ok(vec![IpAddr::from([169, 254, 169, 254])]) }));
        let upstream = world.upstream_looking_up(fetching(&listener, &authority), lookup);
        let error = get(&upstream, "/").await.unwrap_err().to_string();
        assert!(error.contains(why) && !error.contains("word"), "{error}");
    }
    // A certificate that names nothing.
    let authority = TestAuthority::new();
    let listener = serve(&authority).await;
    let error = refused(&world, fetching(&listener, &authority)).await;
    assert!(error.contains("names no address") && error.contains("extra_ca_file"), "{error}");
    assert_eq!(repository.hits(), 0);
}

#[tokio::test]
async fn token_servers_are_helped_too() {
    let (world, repository) = (World::new(), Repository::start().await);
    let authority = repository.authority();
    repository.put("/ca", &authority.intermediate_der());
    let listener = serve(&authority).await;
    for name in ["source/id", "source/secret"] {
        world.vault.set(name, "x");
    }
    let auth = Auth::OAuth2ClientCredentials {
        token_url: listener.url("/").parse().unwrap(),
        client_id: secret("source/id"),
        client_secret: secret("source/secret"),
        scopes: Vec::new(),
        audience: None,
    };
    get(&world.upstream(Connector { auth, ..fetching(&listener, &authority) }), "/").await.unwrap();
    assert_eq!(repository.hits(), 1);
}
