//! Attempts, pauses, limits, breaker and pace, against listeners on the loopback.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use axum::http::HeaderMap;
use axum::routing::{any, get as on_get};
use gateway::domain::connector::{BreakerRule, Connector, EndpointKind, HttpMethod, Rate};
use gateway::domain::mapping::OutboundRequest;
use gateway::upstream::{Upstream, UpstreamError};
use testkit::http::TestListener;

use crate::upstream_world::{RawServer, World, at, connector, endpoint, get, header, raw};

fn with(base: &str, change: impl FnOnce(&mut Connector)) -> Connector {
    let mut connector = connector(base);
    change(&mut connector);
    connector
}

fn length(body: &[u8]) -> (&'static str, String) {
    ("content-length", body.len().to_string())
}

fn ok(body: &str) -> Vec<u8> {
    raw("200 OK", &[length(body.as_bytes()), ("content-type", "Application/JSON".to_owned())], body.as_bytes())
}

#[tokio::test]
async fn failures_that_may_pass_are_tried_again_and_counted() {
    for status in ["500 A", "502 B", "503 C", "504 D", "429 E"] {
        let world = World::new();
        let server = RawServer::start(move |number, _| match number {
            0 | 1 => raw(status, &[length(b"no")], b"no"),
            _ => ok("{}"),
        })
        .await;
        let upstream = world.upstream(connector(&server.base));
        let received = get(&upstream, "/a").await.unwrap();
        assert_eq!((&received.body[..], received.content_type.as_str()), (&b"{}"[..], "application/json"));
        assert_eq!((server.hits(), world.calls("success"), world.retries()), (3, 1, 2), "{status}");
    }
}

#[tokio::test]
async fn the_last_failure_is_the_error_and_others_are_not_tried_again() {
    let said = r#"{"message":"Filtro inválido"}"#;
    let refused = |status| UpstreamError::Refused { status, detail: "Filtro inválido".to_owned() };
    let cases = [
        ("500 A", UpstreamError::Failed(500), 3),
        ("501 A", UpstreamError::Failed(501), 1),
        ("429 A", UpstreamError::TooManyRequests { retry_after_s: 1 }, 3),
        ("400 A", refused(400), 1),
        ("403 A", refused(403), 1),
        ("304 A", refused(304), 1),
        ("404 A", UpstreamError::NotFound, 1),
        ("410 A", UpstreamError::NotFound, 1),
    ];
    for (status, error, attempts) in cases {
        let world = World::new();
        let body = if status.starts_with("304") { "" } else { said };
        let server = RawServer::start(move |_, _| raw(status, &[length(body.as_bytes())], body.as_bytes())).await;
        let found = get(&world.upstream(connector(&server.base)), "/a").await.unwrap_err();
        let silent = UpstreamError::Refused { status: 304, detail: "it does not say why".to_owned() };
        assert_eq!(found, if body.is_empty() { silent } else { error }, "{status}");
        assert_eq!((server.hits(), world.calls(found.outcome())), (attempts, 1), "{status}");
    }
}

#[tokio::test]
async fn retry_after_is_waited_for_or_ends_the_attempts() {
    let world = World::new();
    let server = RawServer::start(|number, _| match number {
        0 => raw("429 Too Many", &[length(b""), ("retry-after", "1".to_owned())], b""),
        _ => ok("1"),
    })
    .await;
    let patient = with(&server.base, |connector| connector.limits.retry.longest = Duration::from_secs(2));
    let begun = Instant::now();
    get(&world.upstream(patient), "/").await.unwrap();
    assert!(begun.elapsed() >= Duration::from_secs(1));
    let long = ("retry-after", "7200".to_owned());
    let (many, down) = (long.clone(), long);
    let server = RawServer::start(move |_, _| raw("429 Too Many", &[length(b""), many.clone()], b"")).await;
    let error = get(&world.upstream(connector(&server.base)), "/").await.unwrap_err();
    assert_eq!((error, server.hits()), (UpstreamError::TooManyRequests { retry_after_s: 7200 }, 1));
    let server = RawServer::start(move |_, _| raw("503 Down", &[length(b""), down.clone()], b"")).await;
    let error = get(&world.upstream(connector(&server.base)), "/").await.unwrap_err();
    assert_eq!((error, server.hits()), (UpstreamError::Unavailable { retry_after_s: 7200 }, 1));
    // A wish that the caller has no time for ends the attempts too.
    let server = RawServer::start(|_, _| raw("429 Many", &[length(b""), ("retry-after", "60".to_owned())], b"")).await;
    let patient = with(&server.base, |connector| connector.limits.retry.longest = Duration::from_secs(90));
    let error = get(&world.upstream(patient), "/").await.unwrap_err();
    assert_eq!((error, server.hits()), (UpstreamError::TooManyRequests { retry_after_s: 60 }, 1));
}

#[tokio::test]
async fn connections_that_break_are_tried_again_for_get_and_for_questions_by_post() {
    for method in [HttpMethod::Get, HttpMethod::Post] {
        let world = World::new();
        let server = RawServer::start(|number, _| match number {
            0 => Vec::new(),
            1 => raw("200 OK", &[("content-length", "100".to_owned())], b"{\"half\":"),
            _ => ok("{}"),
        })
        .await;
        let upstream = world.upstream(connector(&server.base));
        let deadline = Instant::now() + Duration::from_secs(10);
        let received = upstream.fetch(&endpoint(method, EndpointKind::Json), &at("/"), deadline).await.unwrap();
        assert_eq!((&received.body[..], server.hits()), (&b"{}"[..], 3));
    }
    let world = World::new();
    let server = RawServer::start(|_, _| raw("200 OK", &[("content-length", "100".to_owned())], b"{")).await;
    let error = get(&world.upstream(connector(&server.base)), "/").await.unwrap_err();
    assert_eq!(error.to_string(), "the source cannot be reached: the connection broke before the answer was complete");
    let nobody = world.upstream(connector("http://127.0.0.1:1"));
    let error = get(&nobody, "/").await.unwrap_err();
    assert_eq!(error.to_string(), "the source cannot be reached: it refuses connections");
}

async fn never() -> &'static str {
    std::future::pending().await
}

#[tokio::test]
async fn silence_ends_by_the_attempt_s_time_or_by_the_caller_s() {
    let world = World::new();
    let listener = TestListener::serve(Router::new().route("/", on_get(never))).await;
    let quick = |connector: &mut Connector| {
        connector.limits.timeout = Duration::from_millis(40);
        connector.limits.breaker = BreakerRule { failures: 1, open: Duration::from_secs(60) };
    };
    let slow = with(&listener.url(""), |connector| connector.limits.breaker.failures = 1);
    // Nothing is held against a source that had no time to answer.
    let upstream = world.upstream(slow);
    let deadline = Instant::now() + Duration::from_millis(40);
    let error = upstream.fetch(&endpoint(HttpMethod::Get, EndpointKind::Json), &at("/"), deadline).await.unwrap_err();
    assert!(matches!(error, UpstreamError::Timeout(ms) if ms >= 39), "{error:?}");
    assert!(deadline.elapsed() < Duration::from_secs(2));
    assert_eq!((world.breaker(), world.retries()), (0, 0));
    let error = get(&world.upstream(with(&listener.url(""), quick)), "/").await.unwrap_err();
    assert!(matches!(error, UpstreamError::Timeout(ms) if ms >= 40), "{error:?}");
    assert_eq!((world.breaker(), world.retries()), (2, 2));
}

#[tokio::test]
async fn a_source_that_fails_is_left_alone_then_tried_once() {
    let world = World::new();
    let works = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&works);
    let server = RawServer::start(move |_, _| match seen.load(Ordering::SeqCst) {
        0 => raw("500 A", &[length(b"")], b""),
        _ => ok("{}"),
    })
    .await;
    let upstream = world.upstream(with(&server.base, |connector| {
        connector.limits.retry.attempts = 1;
        connector.limits.breaker = BreakerRule { failures: 2, open: Duration::from_millis(150) };
    }));
    for _ in 0..2 {
        assert_eq!(get(&upstream, "/").await.unwrap_err(), UpstreamError::Failed(500));
    }
    let opened = Instant::now();
    assert_eq!(get(&upstream, "/").await.unwrap_err(), UpstreamError::Resting { failures: 2, retry_after_s: 1 });
    assert_eq!((server.hits(), world.breaker(), world.calls("resting")), (2, 2, 1));
    works.store(1, Ordering::SeqCst);
    tokio::time::sleep_until((opened + Duration::from_millis(160)).into()).await;
    get(&upstream, "/").await.unwrap();
    assert_eq!((server.hits(), world.breaker()), (3, 0));
}

#[tokio::test]
async fn refusals_do_not_open_the_breaker() {
    let world = World::new();
    let server = RawServer::start(|_, _| raw("400 A", &[length(b"")], b"")).await;
    let upstream = world.upstream(with(&server.base, |connector| connector.limits.breaker.failures = 1));
    for _ in 0..5 {
        assert!(matches!(get(&upstream, "/").await, Err(UpstreamError::Refused { status: 400, .. })));
    }
    assert_eq!((server.hits(), world.breaker()), (5, 0));
}

#[tokio::test]
async fn the_pace_is_kept_and_nobody_waits_longer_than_the_file_says() {
    let world = World::new();
    let server = RawServer::start(|_, _| ok("{}")).await;
    let paced = |queue_ms| {
        with(&server.base, |connector| {
            connector.limits.rate = Some(Rate { requests: 1, per: Duration::from_millis(60) });
            connector.limits.queue = Duration::from_millis(queue_ms);
        })
    };
    let upstream = world.upstream(paced(5_000));
    let begun = Instant::now();
    let (a, b, c) = tokio::join!(get(&upstream, "/"), get(&upstream, "/"), get(&upstream, "/"));
    assert!(a.is_ok() && b.is_ok() && c.is_ok());
    assert!(begun.elapsed() >= Duration::from_millis(120));
    let upstream = world.upstream(paced(1));
    get(&upstream, "/").await.unwrap();
    assert_eq!(get(&upstream, "/").await.unwrap_err(), UpstreamError::Queued { retry_after_s: 1 });
    assert_eq!((server.hits(), world.calls("queued"), world.breaker()), (4, 1, 0));
}

#[tokio::test]
async fn only_so_many_requests_are_on_their_way_at_once() {
    let world = World::new();
    let now = Arc::new(AtomicUsize::new(0));
    let most = Arc::new(AtomicUsize::new(0));
    let (counted, peak) = (Arc::clone(&now), Arc::clone(&most));
    let router = Router::new().route(
        "/",
        on_get(move || {
            let (counted, peak) = (Arc::clone(&counted), Arc::clone(&peak));
            async move {
                peak.fetch_max(counted.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                tokio::time::sleep(Duration::from_millis(20)).await;
                counted.fetch_sub(1, Ordering::SeqCst);
                "{}"
            }
        }),
    );
    let listener = TestListener::serve(router).await;
    let upstream = world.upstream(with(&listener.url(""), |connector| connector.limits.concurrency = 2));
    let calls = (0..6).map(|_| get(&upstream, "/"));
    let answers: Vec<_> = futures_util::future::join_all(calls).await;
    assert!(answers.iter().all(Result::is_ok), "{answers:?}");
    assert_eq!(most.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn what_is_asked_arrives_as_it_was_meant() {
    let world = World::new();
    let router = Router::new().route(
        "/base/{*rest}",
        any(|uri: axum::http::Uri, headers: HeaderMap, body: String| async move {
            let of = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("-").to_owned();
            format!("{uri}|{}|{}|{}|{body}", of("user-agent"), of("traceparent"), of("content-type"))
        }),
    );
    let listener = TestListener::serve(router).await;
    let upstream = world.upstream(connector(&listener.url("/base/")));
    let request = OutboundRequest {
        path: "/a%2Fb/c".to_owned(),
        query: vec![("language".to_owned(), "pt".to_owned()), ("q".to_owned(), "a&b=ç".to_owned())],
        body: Some(serde_json::json!({"flow": "export"})),
    };
    let ask = async |upstream: &Upstream, request: &OutboundRequest| {
        let deadline = Instant::now() + Duration::from_secs(5);
        upstream.fetch(&endpoint(HttpMethod::Post, EndpointKind::Json), request, deadline).await
    };
    let trace: Arc<str> = "4bf92f3577b34da6a3ce929d0e0e4736".into();
    let traced = platform::telemetry::trace::with_trace_id(Arc::clone(&trace), ask(&upstream, &request)).await.unwrap();
    let said = String::from_utf8(traced.body.to_vec()).unwrap();
    let parts: Vec<&str> = said.split('|').collect();
    assert_eq!(parts[0], "/base/a%2Fb/c?language=pt&q=a%26b%3D%C3%A7");
    assert_eq!((parts[1], parts[3], parts[4]), ("bgc-test", "application/json", r#"{"flow":"export"}"#));
    assert_eq!(platform::telemetry::trace::parse_traceparent(parts[2]), Some(&*trace));
    // Without a request of ours there is no trace.
    let said = ask(&upstream, &request).await.unwrap();
    assert!(String::from_utf8_lossy(&said.body).contains("|-|"));
    let climbing = OutboundRequest { path: "/../../admin".to_owned(), ..request };
    assert!(matches!(ask(&upstream, &climbing).await, Err(UpstreamError::Forbidden(_))));
}

#[tokio::test]
async fn headers_of_the_answer_are_read() {
    let world = World::new();
    let server = RawServer::start(|_, head| {
        assert_eq!(header(head, "accept"), Some("application/json"));
        let headers = [
            length(b"[]"),
            ("date", "Wed, 01 Jan 2020 00:00:00 GMT".to_owned()),
            ("expires", "Wed, 01 Jan 2020 00:02:00 GMT".to_owned()),
            ("last-modified", "Tue, 31 Dec 2019 00:00:00 GMT".to_owned()),
        ];
        raw("200 OK", &headers, b"[]")
    })
    .await;
    let received = get(&world.upstream(connector(&server.base)), "/").await.unwrap();
    assert_eq!(received.fresh_seconds, Some(120));
    assert_eq!(received.date.unwrap().to_rfc3339(), "2020-01-01T00:00:00+00:00");
    assert_eq!(received.last_modified.unwrap().to_rfc3339(), "2019-12-31T00:00:00+00:00");
    assert_eq!(received.content_type, "");
}
