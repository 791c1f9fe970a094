//! What each kind of request is answered.

use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Request, header};
use chrono::{DateTime, Utc};
use http_body_util::BodyExt;
use platform::clock::Clock;
use platform::http::HttpOptions;
use platform::http::operations::operations_routes;
use platform::http::server::ServeOptions;
use platform::telemetry::logs::{self, LogFormat, LogOptions};
use tower::ServiceExt;

use crate::client::{ask, get};
use crate::server::{TestServer, http_options, start, start_with};

#[tokio::test]
async fn a_good_answer_carries_its_id_and_the_security_headers() {
    let server = start().await;
    let answer = get(server.address, "/hello").await;
    assert_eq!((answer.status, answer.body.as_str()), (200, "hello"));
    let generated = answer.header("x-request-id").unwrap();
    assert!(generated.len() == 32 && generated.bytes().all(|b| b.is_ascii_hexdigit()), "{generated}");
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(answer.header("x-frame-options"), Some("DENY"));
    assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
}

#[tokio::test]
async fn ids_of_the_client_are_kept_when_sane() {
    let server = start().await;
    let parent = "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let cases = [
        ("x-request-id: order-17".to_owned(), Some("order-17")),
        (format!("x-request-id: order-17\n{parent}"), Some("order-17")),
        (parent.to_owned(), Some("4bf92f3577b34da6a3ce929d0e0e4736")),
        ("x-request-id: two words".to_owned(), None),
        (format!("x-request-id: {}", "x".repeat(129)), None),
        ("traceparent: 00-zz-1-1".to_owned(), None),
    ];
    for (headers, expected) in cases {
        let answer = ask(server.address, &format!("GET /hello HTTP/1.1\n{headers}"), "").await;
        let id = answer.header("x-request-id").unwrap();
        match expected {
            Some(expected) => assert_eq!(id, expected, "{headers}"),
            None => assert!(id.len() == 32 && !headers.contains(id), "{headers}: {id}"),
        }
    }
}

#[tokio::test]
async fn what_goes_wrong_is_a_problem() {
    let server = start().await;
    let at = server.address;
    assert!(get(at, "/nothing").await.problem(404, "not_found").contains("`/nothing`"));
    let answer = ask(at, "DELETE /hello HTTP/1.1", "").await;
    assert!(answer.problem(405, "method_not_allowed").contains("DELETE"));
    assert_eq!(answer.header("allow"), Some("GET,HEAD"));
    ask(at, "POST /simulate HTTP/1.1", "{}").await.problem(415, "unsupported_media_type");
    let json = "POST /simulate HTTP/1.1\ncontent-type: application/json";
    ask(at, json, &format!("\"{}\"", "x".repeat(2000))).await.problem(413, "payload_too_large");
    assert!(ask(at, json, "{\"ncm\":").await.problem(400, "validation_error").contains("linha 1, coluna 7"));
    let answer = ask(at, json, r#"{"ncm":"1","limit":-1}"#).await;
    answer.problem(400, "validation_error");
    assert_eq!(answer.json()["errors"][0]["pointer"], "/limit");
    let answer = get(at, "/exports?ncm=1&limit=x").await;
    answer.problem(400, "validation_error");
    // Rejections of axum's own, which would be plain text.
    get(at, "/items/seven").await.problem(400, "validation_error");
    let foreign = "POST /foreign HTTP/1.1\ncontent-type: application/json";
    let english = format!("{foreign}\naccept-language: en");
    assert!(ask(at, &english, "{}").await.problem(400, "validation_error").contains("missing field"));
    ask(at, "POST /foreign HTTP/1.1", "{}").await.problem(415, "unsupported_media_type");
    assert!(get(at, "/panic").await.problem(500, "internal_error").contains("identificador"));
    assert_eq!(server.sample("bgc_http_panics_total").as_deref(), Some("1"));
    assert_eq!(get(at, "/hello").await.status, 200);
    server.in_flight(0).await;
}

#[tokio::test]
async fn head_and_options_are_answered_without_a_body() {
    let server = start().await;
    let head = ask(server.address, "HEAD /hello HTTP/1.1", "").await;
    assert_eq!((head.status, head.header("content-length"), head.body.as_str()), (200, Some("5"), ""));
    let options = ask(server.address, "OPTIONS /simulate HTTP/1.1", "").await;
    assert_eq!((options.status, options.header("allow"), options.body.as_str()), (204, Some("POST"), ""));
    let head = ask(server.address, "HEAD /nothing HTTP/1.1", "").await;
    assert_eq!((head.status, head.body.as_str()), (404, ""));
}

#[tokio::test]
async fn a_handler_that_is_too_slow_is_a_timeout() {
    let options = HttpOptions { timeout: Duration::from_millis(50), ..http_options() };
    let server = start_with(options, ServeOptions::default()).await;
    assert!(get(server.address, "/slow").await.problem(504, "timeout").contains("0.05 s"));
    server.in_flight(0).await;
}

#[tokio::test]
async fn a_body_that_never_ends_is_the_clients_fault() {
    let options = HttpOptions { timeout: Duration::from_millis(200), ..http_options() };
    let server = start_with(options, ServeOptions::default()).await;
    let mut client = crate::client::Client::connect(server.address).await;
    let head = "POST /simulate HTTP/1.1\r\nhost: test\r\ncontent-type: application/json\r\ncontent-length: 50\r\n\r\n{";
    client.send(head).await;
    let answer = client.answer().await;
    assert!(answer.problem(408, "request_timeout").contains("0.2 s"));
    assert_eq!(answer.header("connection"), Some("close"));
    server.in_flight(0).await;
}

#[tokio::test]
async fn problems_are_said_in_the_language_of_the_client() {
    let server = start().await;
    let json = "POST /simulate HTTP/1.1\ncontent-type: application/json";
    for (head, body, code) in [
        ("GET /nothing HTTP/1.1", "", "not_found"),
        ("DELETE /hello HTTP/1.1", "", "method_not_allowed"),
        ("POST /simulate HTTP/1.1", "{}", "unsupported_media_type"),
        (json, "{", "validation_error"),
        (json, "{}", "validation_error"),
        ("GET /panic HTTP/1.1", "", "internal_error"),
        ("GET /items/seven HTTP/1.1", "", "validation_error"),
    ] {
        let portuguese = ask(server.address, head, body).await;
        let english = ask(server.address, &format!("{head}\naccept-language: en"), body).await;
        let languages = [&portuguese, &english].map(|answer| answer.header("content-language").unwrap());
        assert_eq!(languages, ["pt-BR", "en"], "{head}");
        for member in ["title", "detail"] {
            assert_ne!(portuguese.json()[member], english.json()[member], "{head} {body}");
        }
        let same = |answer: &crate::client::Answer| {
            let body = answer.json();
            assert_eq!(body["error"], code, "{body}");
            let pointers = body["errors"]
                .as_array()
                .map(|errors| errors.iter().map(|error| error["pointer"].clone()).collect::<Vec<_>>());
            (body["type"].clone(), body["status"].clone(), pointers)
        };
        assert_eq!(same(&portuguese), same(&english), "{head}");
        assert_eq!(english.header("vary"), Some("accept-language"));
    }
}

#[tokio::test]
async fn overload_is_refused_at_once_and_probes_are_not() {
    let server = start_with(HttpOptions { max_in_flight: 2, ..http_options() }, ServeOptions::default()).await;
    let at = server.address;
    let waiting =
        [tokio::spawn(async move { get(at, "/gate").await }), tokio::spawn(async move { get(at, "/gate").await })];
    server.in_flight(2).await;
    let refused = get(at, "/hello").await;
    refused.problem(503, "overloaded");
    assert_eq!(refused.header("retry-after"), Some("1"));
    assert_eq!(get(at, "/healthz").await.json(), serde_json::json!({"status": "healthy"}));
    assert_eq!(server.sample("bgc_http_shed_total").as_deref(), Some("1"));
    server.gate.add_permits(2);
    for request in waiting {
        assert_eq!(request.await.unwrap().body, "through");
    }
    assert_eq!(get(at, "/hello").await.status, 200);
}

#[tokio::test]
async fn a_client_that_leaves_is_counted() {
    let server = start().await;
    let mut client = crate::client::Client::connect(server.address).await;
    client.send("GET /gate HTTP/1.1\r\nhost: test\r\n\r\n").await;
    server.in_flight(1).await;
    drop(client);
    server.in_flight(0).await;
    server.until(r#"bgc_http_requests_total{endpoint="/gate",method="GET",status="499"}"#, "1").await;
}

#[tokio::test]
async fn readiness_names_what_is_missing() {
    let server = start().await;
    assert_eq!(get(server.address, "/ready").await.status, 200);
    let check = server.readiness.check("postgres");
    let answer = get(server.address, "/ready").await;
    assert!(answer.problem(503, "data_unavailable").contains("postgres"));
    check.not_ready("connection refused");
    let answer = get(server.address, "/ready").await;
    let wrong = serde_json::json!([{"pointer": "postgres", "detail": "connection refused"}]);
    assert_eq!(answer.json()["errors"], wrong);
    check.ready();
    let answer = get(server.address, "/ready").await;
    assert_eq!(answer.json(), serde_json::json!({"status": "ready", "checks": {"postgres": "ready"}}));
    assert_eq!(get(server.address, "/health").await.json()["status"], "healthy");
}

/// What a scrape gets that accepts `accept`: content type and text.
async fn scrape(server: &TestServer, accept: &str) -> (String, String) {
    let routes = operations_routes(Arc::clone(&server.metrics), server.readiness.clone());
    let request = Request::get("/metrics").header("accept", accept).body(Body::empty()).unwrap();
    let response = routes.oneshot(request).await.unwrap();
    let content_type = response.headers()["content-type"].to_str().unwrap().to_owned();
    (content_type, String::from_utf8(response.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap())
}

#[tokio::test]
async fn metrics_have_closed_labels_and_both_formats() {
    let server = start().await;
    for path in ["/hello", "/hello", "/no/1", "/no/2", "/items/1", "/items/2"] {
        get(server.address, path).await;
    }
    ask(server.address, "BREW /hello HTTP/1.1", "").await;
    let (content_type, text) = scrape(&server, "*/*").await;
    assert_eq!(content_type, "text/plain; version=0.0.4; charset=utf-8");
    for sample in [
        r#"bgc_http_requests_total{endpoint="/hello",method="GET",status="200"} 2"#,
        r#"bgc_http_requests_total{endpoint="unmatched",method="GET",status="404"} 2"#,
        r#"bgc_http_requests_total{endpoint="/items/{id}",method="GET",status="200"} 2"#,
        r#"bgc_http_requests_total{endpoint="/hello",method="OTHER",status="405"} 1"#,
        r#"bgc_http_request_duration_seconds_count{endpoint="/hello",method="GET"} 2"#,
        "bgc_log_lines_dropped_total 0",
        "# TYPE bgc_http_requests_total counter",
    ] {
        assert!(text.lines().any(|line| line == sample), "{sample}\n{text}");
    }
    let prometheus = "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1";
    let (content_type, text) = scrape(&server, prometheus).await;
    assert_eq!(content_type, "application/openmetrics-text; version=1.0.0; charset=utf-8");
    assert!(text.ends_with("# EOF\n"));
}

#[derive(Debug)]
struct Stopped;

impl Clock for Stopped {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp(1_740_744_000, 0).unwrap()
    }
}

#[derive(Clone, Default)]
struct Memory(Arc<Mutex<Vec<u8>>>);

impl Write for Memory {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_request_leaves_one_line_and_no_secret() {
    let options = LogOptions { service: "bgc".into(), level: "info,access=info".into(), format: LogFormat::Json };
    let memory = Memory::default();
    // With one subscriber only, tracing remembers for all threads what the first one to come by a line says; another
    // test's thread would say that nobody listens. With two it asks both.
    let _second = tracing::Dispatch::new(tracing::subscriber::NoSubscriber::new());
    let (dispatch, guard) =
        logs::subscriber(&options, Arc::new(Stopped), Box::new(memory.clone()), Default::default()).unwrap();
    let logged = tracing::dispatcher::set_default(&dispatch);
    let server = start().await;
    let head = "GET /exports?ncm=17011400&token=hunter2&limit=3 HTTP/1.1\nuser-agent: probe/1.0\nx-request-id: order-17\nauthorization: Bearer hunter2";
    assert_eq!(ask(server.address, head, "").await.status, 200);
    get(server.address, "/hello?ncm=hunter2").await;
    get(server.address, "/healthz").await;
    drop(logged);
    guard.flush();
    let text = String::from_utf8(memory.0.lock().unwrap().clone()).unwrap();
    assert!(!text.contains("hunter2"), "{text}");
    let lines: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 2, "{text}");
    let mut first = lines[0].clone();
    assert!(first["duration_ms"].take().is_f64());
    let expected = serde_json::json!({
        "timestamp": "2025-02-28T12:00:00.000000Z", "level": "info", "service": "bgc", "endpoint": "/exports",
        "method": "GET", "duration_ms": null, "status": 200, "user_agent": "probe/1.0",
        "query_params": {"ncm": "17011400", "limit": "3"}, "trace_id": "order-17",
    });
    assert_eq!(first, expected);
    assert_eq!(lines[1]["query_params"], serde_json::json!({}));
}

#[tokio::test]
async fn the_exposition_survives_an_odd_accept() {
    let server = start().await;
    let mut headers = HeaderMap::new();
    headers.insert(header::ACCEPT, HeaderValue::from_bytes(b"\xff").unwrap());
    assert_eq!(server.metrics.exposition(&headers).status(), 200);
}
