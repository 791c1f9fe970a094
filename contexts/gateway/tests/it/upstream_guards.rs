//! Answers that would hurt, and addresses that must not be called.

use std::io::Write;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Method};
use axum::response::Redirect;
use axum::routing::{any, get as on_get};
use flate2::Compression;
use flate2::write::GzEncoder;
use gateway::domain::connector::{Auth, EndpointKind, HttpMethod};
use gateway::domain::mapping::OutboundRequest;
use gateway::upstream::{Lookup, UpstreamError};
use testkit::http::TestListener;
use testkit::tls::{Shows, TestAuthority, TlsListener};

use crate::upstream_world::{RawServer, World, at, connector, endpoint, get, raw, secret};

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[tokio::test]
async fn answers_larger_than_allowed_are_cut_off() {
    let world = World::new();
    let bomb = gzip(&vec![b' '; 64 << 20]);
    assert!(bomb.len() < 100_000);
    let fits = gzip(b"{\"a\":1}");
    let router = Router::new()
        .route("/bomb", on_get(move || async move { ([("content-encoding", "gzip")], bomb) }))
        .route("/fits", on_get(move || async move { ([("content-encoding", "gzip")], fits) }))
        .route(
            "/endless",
            on_get(|| async {
                let chunk = Bytes::from(vec![b'x'; 64 << 10]);
                Body::from_stream(futures_util::stream::repeat_with(move || Ok::<_, std::io::Error>(chunk.clone())))
            }),
        );
    let listener = TestListener::serve(router).await;
    let upstream = world.upstream(connector(&listener.url("")));
    assert_eq!(&get(&upstream, "/fits").await.unwrap().body[..], b"{\"a\":1}");
    for path in ["/bomb", "/endless"] {
        assert_eq!(get(&upstream, path).await.unwrap_err(), UpstreamError::TooLarge(1 << 20), "{path}");
    }
    // Two gigabytes that are only announced: refused before they come.
    let server = RawServer::start(|_, _| raw("200 OK", &[("content-length", (2_u64 << 30).to_string())], b"{")).await;
    let error = get(&world.upstream(connector(&server.base)), "/").await.unwrap_err();
    assert_eq!((error, server.hits()), (UpstreamError::TooLarge(1 << 20), 1));
    assert_eq!((world.calls("too_large"), world.breaker()), (3, 0));
}

#[tokio::test]
async fn broken_compression_is_said_to_be_that() {
    let world = World::new();
    let mut broken = gzip(&(0..200_000_u32).flat_map(u32::to_le_bytes).collect::<Vec<u8>>());
    let middle = broken.len() / 2;
    broken[middle..middle + 64].fill(0xff);
    let server = RawServer::start(move |_, _| {
        let headers = [("content-length", broken.len().to_string()), ("content-encoding", "gzip".to_owned())];
        raw("200 OK", &headers, &broken)
    })
    .await;
    let error = get(&world.upstream(connector(&server.base)), "/").await.unwrap_err();
    assert_eq!(error, UpstreamError::Invalid("its compression is broken".to_owned()));
}

fn redirecting() -> Router {
    let echo = |method: Method, headers: HeaderMap, uri: axum::http::Uri, body: String| async move {
        let key = headers.get("x-key").and_then(|key| key.to_str().ok()).unwrap_or("-").to_owned();
        format!("{method} {uri} {key} {body}")
    };
    Router::new()
        .route("/end", any(echo))
        .route("/temporary", any(|| async { Redirect::temporary("/end?a=b") }))
        .route("/other", any(|| async { Redirect::to("end") }))
        .route("/loop", any(|| async { Redirect::temporary("/loop") }))
        .route("/metadata", any(|| async { Redirect::temporary("https://169.254.169.254/latest") }))
        .route("/private", any(|| async { Redirect::temporary("http://10.0.0.1/") }))
        .route("/elsewhere", any(|| async { Redirect::temporary("https://elsewhere.test/") }))
        .route("/nowhere", any(|| async { ([("x", "y")], axum::http::StatusCode::FOUND) }))
}

#[tokio::test]
async fn redirects_are_followed_where_they_may() {
    let world = World::new();
    world.vault.set("s/key", "k-123");
    let listener = TestListener::serve(redirecting()).await;
    let mut keyed = connector(&listener.url(""));
    keyed.auth = Auth::ApiKeyHeader { header: "x-key".to_owned(), prefix: String::new(), secret: secret("s/key") };
    keyed.redirect_hosts = vec!["169.254.169.254".to_owned()];
    let upstream = world.upstream(keyed);
    let post = async |path: &str| {
        let request = OutboundRequest { body: Some(serde_json::json!([1])), ..at(path) };
        let deadline = Instant::now() + Duration::from_secs(5);
        let answer = upstream.fetch(&endpoint(HttpMethod::Post, EndpointKind::Json), &request, deadline).await;
        answer.map(|received| String::from_utf8(received.body.to_vec()).unwrap())
    };
    assert_eq!(post("/temporary").await.unwrap(), "POST /end?a=b k-123 [1]");
    assert_eq!(post("/other").await.unwrap(), "GET /end k-123 ");
    for (path, why) in [
        ("/loop", "redirected more than 3 times"),
        ("/nowhere", "does not say where to go"),
        ("/metadata", "169.254.169.254 is on a private or special network"),
        ("/private", "10.0.0.1, which is not among its redirect_hosts"),
        ("/elsewhere", "elsewhere.test, which is not among its redirect_hosts"),
    ] {
        let error = post(path).await.unwrap_err();
        assert!(error.to_string().contains(why), "{path}: {error}");
    }
}

#[tokio::test]
async fn credentials_stay_behind_when_a_redirect_leads_to_another_host() {
    let world = World::new();
    world.vault.set("s/key", "k-123");
    let authority = TestAuthority::new();
    let other = TlsListener::serve(redirecting(), &authority, Shows::WholeChain).await;
    let there = format!("https://localhost:{}/end?key=k-123&a=b", other.port());
    let router = Router::new().route("/go", any(move || async move { Redirect::temporary(&there) }));
    let listener = TestListener::serve(router).await;
    let mut keyed = connector(&listener.url(""));
    keyed.extra_ca_file = Some(authority.root_file());
    keyed.auth = Auth::ApiKeyHeader { header: "x-key".to_owned(), prefix: String::new(), secret: secret("s/key") };
    keyed.redirect_hosts = vec!["localhost".to_owned()];
    let lookup = || -> Lookup { Arc::new(|_| Box::pin(async { Ok(vec![IpAddr::from([127, 0, 0, 1])]) })) };
    let answer = get(&world.upstream_looking_up(keyed.clone(), lookup()), "/go").await.unwrap();
    let uri = String::from_utf8_lossy(&answer.body).into_owned();
    assert!(uri.ends_with("/end?key=k-123&a=b - "), "{uri}");
    keyed.auth = Auth::ApiKeyQuery { parameter: "key".to_owned(), secret: secret("s/key") };
    let answer = get(&world.upstream_looking_up(keyed, lookup()), "/go").await.unwrap();
    let uri = String::from_utf8_lossy(&answer.body).into_owned();
    assert!(uri.ends_with("/end?a=b - "), "{uri}");
}

#[tokio::test]
async fn private_networks_are_not_called_unless_the_file_allows_it() {
    let world = World::new();
    let server = RawServer::start(|_, _| raw("200 OK", &[("content-length", "2".to_owned())], b"{}")).await;
    let port = server.base.rsplit(':').next().unwrap();
    let hosts = ["127.0.0.1", "2130706433", "0x7f.1", "0177.0.0.01", "127.1", "[::1]", "[::ffff:127.0.0.1]"];
    for host in hosts {
        let mut strict = connector(&format!("http://{host}:{port}/"));
        strict.allow_private_network = false;
        let error = get(&world.upstream(strict), "/").await.unwrap_err();
        assert!(
            matches!(&error, UpstreamError::Forbidden(why) if why.contains("allow_private_network")),
            "{host}: {error}"
        );
    }
    let answers: [&[&str]; 6] = [
        &["127.0.0.1"],
        &["10.1.2.3", "fd00::1"],
        &["169.254.169.254"],
        &["::ffff:127.0.0.1"],
        &["0.0.0.0"],
        &["64:ff9b::7f00:1"],
    ];
    for answer in answers {
        let addresses: Vec<IpAddr> = answer.iter().map(|text| text.parse().unwrap()).collect();
        let lookup: Lookup = Arc::new(move |_| {
            let addresses = addresses.clone();
            Box::pin(async move { Ok(addresses) })
        });
        let mut strict = connector(&format!("http://looks-public.test:{port}/"));
        strict.allow_private_network = false;
        let error = get(&world.upstream_looking_up(strict, lookup), "/").await.unwrap_err();
        assert!(
            matches!(&error, UpstreamError::Forbidden(why) if why.contains("looks-public.test")),
            "{answer:?}: {error}"
        );
    }
    assert_eq!((server.hits(), world.breaker()), (0, 0));
    let allowed: Lookup = Arc::new(|_| Box::pin(async { Ok(vec![IpAddr::from([127, 0, 0, 1])]) }));
    get(&world.upstream_looking_up(connector(&format!("http://inside.test:{port}/")), allowed), "/").await.unwrap();
    let nobody: Lookup = Arc::new(|_| Box::pin(async { Ok(Vec::new()) }));
    let error = get(&world.upstream_looking_up(connector("http://gone.test/"), nobody), "/").await.unwrap_err();
    assert_eq!(error.to_string(), "the source cannot be reached: its name cannot be resolved");
}
