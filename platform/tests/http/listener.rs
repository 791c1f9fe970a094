//! The bounds of a listener.

use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt;
use hyper_util::client::legacy::Client as HyperClient;
use hyper_util::rt::TokioExecutor;
use platform::http::server::{ServeOptions, bind};

use crate::client::{Client, get};
use crate::server::{http_options, start, start_with};

const HELLO: &str = "GET /hello HTTP/1.1\r\nhost: test\r\n\r\n";

/// Short enough to wait for.
fn impatient() -> ServeOptions {
    waiting(Duration::from_millis(200))
}

/// So long for a head, and between two of them.
fn waiting(patience: Duration) -> ServeOptions {
    ServeOptions { header_read_timeout: patience, idle_timeout: patience, ..ServeOptions::default() }
}

#[tokio::test]
async fn connections_that_dawdle_are_closed() {
    let server = start_with(http_options(), impatient()).await;
    // Nothing at all; half a head; half of HTTP/2's preface, which hyper-util waits for without a timeout.
    for bytes in ["", "GET /hello HTTP/1.1\r\nhost: te", "PRI * HTTP/2.0\r\n"] {
        let started = Instant::now();
        let mut client = Client::connect(server.address).await;
        client.send(bytes).await;
        assert!(client.closed().await, "{bytes:?}");
        assert!(started.elapsed() < Duration::from_secs(3), "{bytes:?}");
    }
    // A connection that idles after its request.
    let mut client = Client::connect(server.address).await;
    client.send(HELLO).await;
    assert_eq!(client.answer().await.body, "hello");
    assert!(client.closed().await);
    server.until("bgc_http_connections", "0").await;
}

#[tokio::test]
async fn a_client_that_does_not_read_is_cut() {
    let options = waiting(Duration::from_millis(30));
    let server = start_with(http_options(), options).await;
    let mut client = Client::connect(server.address).await;
    client.send("GET /big HTTP/1.1\r\nhost: test\r\n\r\n").await;
    server.until("bgc_http_connections", "1").await;
    server.until("bgc_http_connections", "0").await;
    let answered = r#"bgc_http_requests_total{endpoint="/big",method="GET",status="200"}"#;
    assert_eq!(server.sample(answered).as_deref(), Some("1"));
}

#[tokio::test]
async fn a_slow_handler_is_not_idle() {
    let server = start_with(http_options(), impatient()).await;
    let at = server.address;
    let waiting = tokio::spawn(async move { get(at, "/gate").await });
    server.in_flight(1).await;
    tokio::time::sleep(Duration::from_millis(700)).await;
    server.gate.add_permits(1);
    assert_eq!(waiting.await.unwrap().body, "through");
}

#[tokio::test]
async fn one_connection_too_many_waits_for_its_turn() {
    let options = ServeOptions { max_connections: 1, ..ServeOptions::default() };
    let server = start_with(http_options(), options).await;
    let mut first = Client::connect(server.address).await;
    first.send(HELLO).await;
    assert_eq!(first.answer().await.status, 200);
    let mut second = Client::connect(server.address).await;
    second.send(HELLO).await;
    let too_early = tokio::time::timeout(Duration::from_millis(100), second.answer()).await;
    assert!(too_early.is_err());
    drop(first);
    assert_eq!(second.answer().await.body, "hello");
}

#[tokio::test]
async fn requests_share_a_connection_and_may_come_in_a_row() {
    let server = start().await;
    let mut client = Client::connect(server.address).await;
    client.send(&HELLO.repeat(2)).await;
    for _ in 0..2 {
        let answer = client.answer().await;
        assert_eq!((answer.status, answer.body.as_str()), (200, "hello"));
    }
}

#[tokio::test]
async fn http2_without_tls_is_spoken() {
    let server = start().await;
    let client: HyperClient<_, Body> = HyperClient::builder(TokioExecutor::new()).http2_only(true).build_http();
    let uri = format!("http://{}/hello", server.address);
    let response = client.request(Request::get(uri).body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(response.version(), axum::http::Version::HTTP_2);
    assert_eq!(response.into_body().collect().await.unwrap().to_bytes(), "hello");
    // The soft stop ends a connection that only idles.
    server.lifecycle.stop("the test is over");
    assert_eq!(server.end.await.unwrap().cut, 0);
}

#[tokio::test]
async fn a_taken_address_says_so() {
    let server = start().await;
    let error = bind(server.address).await.unwrap_err();
    assert!(error.to_string().contains(&server.address.to_string()), "{error}");
    assert!(error.to_string().contains("choose another port"), "{error}");
}
