//! Every layer of a gRPC call, from outside.

mod service;

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use platform::grpc::{GrpcOptions, HEALTH_RULES, REFLECTION_RULES, channel, missing_rules};
use platform::lifecycle::{Ended, Signal, Signals};
use platform::telemetry::logs::{self, LogFormat, LogOptions};
use platform::tls::{ClientTls, ClientTlsSettings, TlsServer, TlsSettings};
use testkit::tls::TestAuthority;
use tonic::transport::Endpoint;
use tonic::{Code, Status};
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;
use tonic_types::StatusExt;

use service::{Client, NAME, RULES, start, start_with};

/// Asserts the code and the reason of our domain, and gives the message.
#[track_caller]
fn refused(status: Result<String, Status>, code: Code, reason: &str) -> String {
    let status = status.unwrap_err();
    assert_eq!(status.code(), code, "{status}");
    let details = status.get_error_details();
    let info = details.error_info().expect("an ErrorInfo");
    assert_eq!((info.domain.as_str(), info.reason.as_str()), ("bgc", reason), "{status}");
    assert_eq!(info.metadata["correlation_id"].len(), 32);
    status.message().to_owned()
}

#[tokio::test]
async fn a_call_is_answered_and_counted() {
    let server = start().await;
    let client = server.client().await;
    assert_eq!(client.open("hello").await.unwrap(), "hello");
    assert_eq!(client.open("who").await.unwrap(), "nobody");
    server.handled("Open", "OK", 2).await;
    let labels = format!("{{grpc_service=\"{NAME}\",grpc_method=\"Open\"}}");
    assert_eq!(server.sample(&format!("grpc_server_started_total{labels}")).as_deref(), Some("2"));
    assert_eq!(server.sample(&format!("grpc_server_handling_seconds_count{labels}")).as_deref(), Some("2"));
    assert_eq!(server.sample("bgc_grpc_connections").as_deref(), Some("1"));
    server.until("bgc_grpc_in_flight", "0").await;
}

#[tokio::test]
async fn methods_that_nobody_knows_are_refused_and_make_no_time_series() {
    let server = start().await;
    let client = server.client().await;
    let forgotten = client.call(&format!("/{NAME}/Forgotten"), &[("authorization", "Bearer tell")], "hello").await;
    refused(forgotten, Code::PermissionDenied, "FORBIDDEN");
    for path in ["/test.v1.Nobody/Open", "/x", "/a/b/c"] {
        refused(client.call(path, &[], "hello").await, Code::Unimplemented, "UNIMPLEMENTED");
    }
    let text = server.metrics.open_metrics().unwrap();
    assert!(!text.contains("Nobody") && !text.contains("Forgotten"), "{text}");
    let unknown = r#"grpc_server_started_total{grpc_service="unknown",grpc_method="unknown"}"#;
    assert_eq!(server.sample(unknown).as_deref(), Some("4"));
}

#[tokio::test]
async fn the_door_asks_for_a_token_with_the_scope() {
    let server = start().await;
    let client = server.client().await;
    let call = async |method: &str, token: &str| {
        let token = format!("Bearer {token}");
        client.call(&format!("/{NAME}/{method}"), &[("authorization", &token)], "who").await
    };
    assert_eq!(call("Scoped", "tell,other").await.unwrap(), "u1");
    assert_eq!(call("Either", "whisper").await.unwrap(), "u1");
    let message = refused(call("Scoped", "whisper").await, Code::PermissionDenied, "MISSING_SCOPE");
    assert!(message.contains("scope tell"), "{message}");
    refused(call("Either", "shout").await, Code::PermissionDenied, "MISSING_SCOPE");
    let message = refused(call("Scoped", "old").await, Code::Unauthenticated, "UNAUTHENTICATED");
    assert_eq!(message, "the token has expired");
    refused(call("Scoped", "bgc_key").await, Code::Unauthenticated, "UNAUTHENTICATED");
    let down = call("Scoped", "down").await;
    assert!(down.as_ref().unwrap_err().get_details_retry_info().is_some());
    refused(down, Code::Unavailable, "DATA_UNAVAILABLE");
    let scoped = format!("/{NAME}/Scoped");
    for metadata in [
        &[][..],
        &[("cookie", "bgc_session=good")],
        &[("x-api-key", "bgc_good")],
        &[("authorization", "Basic dTpw")],
        &[("authorization", "Bearer tell"), ("authorization", "Bearer tell")],
    ] {
        refused(client.call(&scoped, metadata, "who").await, Code::Unauthenticated, "UNAUTHENTICATED");
    }
}

#[tokio::test]
async fn a_panic_is_an_internal_error_that_tells_nothing() {
    let server = start().await;
    let client = server.client().await;
    let message = refused(client.open("panic").await, Code::Internal, "INTERNAL_ERROR");
    assert!(!message.contains("sky"), "{message}");
    assert_eq!(server.sample("bgc_grpc_panics_total").as_deref(), Some("1"));
    assert_eq!(client.open("hello").await.unwrap(), "hello", "the connection goes on");
    server.handled("Open", "Internal", 1).await;
}

#[tokio::test]
async fn a_status_without_details_gets_its_reason() {
    let server = start().await;
    assert_eq!(refused(server.client().await.open("fail").await, Code::Aborted, "ABORTED"), "busy");
}

#[tokio::test]
async fn overload_is_refused_at_once_and_health_is_not() {
    let server = start_with(GrpcOptions { max_in_flight: 1, ..GrpcOptions::default() }).await;
    let client = server.client().await;
    let waiting = tokio::spawn({
        let client = client.clone();
        async move { client.open("gate").await }
    });
    server.until("bgc_grpc_in_flight", "1").await;
    let shed = client.open("hello").await;
    let retry = shed.as_ref().unwrap_err().get_details_retry_info().unwrap();
    assert_eq!(retry.retry_delay, Some(Duration::from_secs(1)));
    refused(shed, Code::Unavailable, "OVERLOADED");
    assert_eq!(server.sample("bgc_grpc_shed_total").as_deref(), Some("1"));
    HealthClient::new(client.0.clone()).check(HealthCheckRequest::default()).await.unwrap();
    server.gate.add_permits(1);
    assert_eq!(waiting.await.unwrap().unwrap(), "through");
    assert_eq!(client.open("hello").await.unwrap(), "hello");
}

#[tokio::test]
async fn deadlines_are_the_clients_within_what_the_server_grants() {
    let options = GrpcOptions {
        default_deadline: Duration::from_secs(5),
        max_deadline: Duration::from_millis(5500),
        ..GrpcOptions::default()
    };
    let server = start_with(options).await;
    let client = server.client().await;
    let open = format!("/{NAME}/Open");
    let remaining = async |timeout: Option<&str>| {
        let metadata: Vec<_> = timeout.map(|timeout| ("grpc-timeout", timeout)).into_iter().collect();
        client.call(&open, &metadata, "remaining").await.unwrap().parse::<u64>().unwrap()
    };
    assert!((3000..=5000).contains(&remaining(None).await), "the server's own");
    assert!((3000..=5500).contains(&remaining(Some("1H")).await), "no longer than it grants");
    assert!(remaining(Some("2S")).await <= 2000, "the client's");
    refused(client.call(&open, &[("grpc-timeout", "soon")], "x").await, Code::InvalidArgument, "VALIDATION_ERROR");
    // tonic's client would look at its own clock first.
    let began = Instant::now();
    for timeout in ["1m", "0n"] {
        let answer = server.raw("application/grpc", timeout, "never").await;
        let status = Status::from_header_map(answer.headers()).unwrap();
        refused(Err(status), Code::DeadlineExceeded, "TIMEOUT");
    }
    assert!(began.elapsed() < Duration::from_secs(2));
    server.handled("Open", "DeadlineExceeded", 2).await;
    server.until("bgc_grpc_in_flight", "0").await;
}

#[tokio::test]
async fn a_call_without_a_deadline_gets_the_servers() {
    let server =
        start_with(GrpcOptions { default_deadline: Duration::from_millis(20), ..GrpcOptions::default() }).await;
    let message = refused(server.client().await.open("never").await, Code::DeadlineExceeded, "TIMEOUT");
    assert!(message.contains("0.02 s"), "{message}");
}

#[tokio::test]
async fn a_message_that_is_too_large_is_refused_by_its_length() {
    let server = start().await;
    let client = server.client().await;
    refused(client.open(&"x".repeat(5 << 20)).await, Code::OutOfRange, "OUT_OF_RANGE");
    assert_eq!(client.open("hello").await.unwrap(), "hello", "the connection goes on");
    let large = "x".repeat(3 << 20);
    assert!(client.open(&large).await.unwrap() == large);
}

#[tokio::test]
async fn a_client_that_leaves_is_counted() {
    let server = start().await;
    let client = server.client().await;
    let gone = tokio::time::timeout(Duration::from_millis(50), client.open("never")).await;
    assert!(gone.is_err());
    server.handled("Open", "Canceled", 1).await;
    server.until("bgc_grpc_in_flight", "0").await;
}

#[tokio::test]
async fn the_soft_stop_finishes_calls_and_ends_streams() {
    let server = start().await;
    let (signal, signals) = Signals::manual();
    let lifecycle = server.lifecycle.clone();
    let exit = tokio::spawn(async move { lifecycle.run(signals).await });
    let client = server.client().await;
    let mut stream = client.watch("first").await;
    assert_eq!(stream.message().await.unwrap().unwrap().text, "first");
    server.until("bgc_grpc_in_flight", "0").await;
    let waiting = tokio::spawn({
        let client = client.clone();
        async move { client.open("gate").await }
    });
    server.until("bgc_grpc_in_flight", "1").await;
    signal.send(Signal::Terminate).await.unwrap();
    let ended = stream.message().await.unwrap_err();
    assert_eq!(ended.code(), Code::Unavailable, "{ended}");
    server.gate.add_permits(1);
    assert_eq!(waiting.await.unwrap().unwrap(), "through");
    assert_eq!(exit.await.unwrap().ended, Ended::Drained);
    assert_eq!(server.end.await.unwrap().cut, 0);
    let endpoint = Endpoint::from_shared(format!("http://{}", server.address)).unwrap();
    assert!(endpoint.connect().await.is_err(), "the listener is closed");
}

#[derive(Clone, Default)]
struct Memory(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Memory {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_call_leaves_one_line_and_nothing_of_what_it_said() {
    let options = LogOptions { service: "bgc".into(), level: "info".into(), format: LogFormat::Json };
    let memory = Memory::default();
    // With one subscriber only, tracing remembers for all threads what the first one to come by a line says; another
    // test's thread would say that nobody listens. With two it asks both.
    let _second = tracing::Dispatch::new(tracing::subscriber::NoSubscriber::new());
    let clock = Arc::new(testkit::FakeClock::at("2025-02-28T12:00:00Z"));
    let (dispatch, log) = logs::subscriber(&options, clock, Box::new(memory.clone()), Default::default()).unwrap();
    let logged = tracing::dispatcher::set_default(&dispatch);
    let server = start().await;
    let client = server.client().await;
    let metadata = [("x-request-id", "order-17"), ("authorization", "Bearer tell,s3cret")];
    client.call(&format!("/{NAME}/Scoped"), &metadata, "s3cret").await.unwrap();
    HealthClient::new(client.0.clone()).check(HealthCheckRequest::default()).await.unwrap();
    client.open("fail").await.unwrap_err();
    server.handled("Open", "Aborted", 1).await;
    drop(logged);
    log.flush();
    let text = String::from_utf8(memory.0.lock().unwrap().clone()).unwrap();
    assert!(!text.contains("s3cret"), "{text}");
    let lines: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let told: Vec<_> = lines.iter().map(|line| (&line["endpoint"], &line["method"], &line["status"])).collect();
    let path = |method: &str| serde_json::json!(format!("/{NAME}/{method}"));
    let grpc = serde_json::json!("GRPC");
    assert_eq!(told, [(&path("Scoped"), &grpc, &0.into()), (&path("Open"), &grpc, &10.into())], "{text}");
    assert_eq!(lines[0]["trace_id"], "order-17");
}

#[tokio::test]
async fn a_message_that_cannot_be_read_is_the_fault_of_who_sent_it() {
    let server = start().await;
    // Cut short; text that is not UTF-8; no field at all.
    for message in [&b"\x0a\x09abc"[..], b"\x0a\x02\xff\xfe", b"\xff\xff\xff"] {
        let answer = server.raw_message("application/grpc", "1S", message.to_vec()).await;
        let status = Status::from_header_map(answer.headers()).unwrap();
        refused(Err(status), Code::InvalidArgument, "VALIDATION_ERROR");
    }
    server.handled("Open", "InvalidArgument", 3).await;
}

#[tokio::test]
async fn what_is_no_call_gets_an_answer_of_http() {
    let server = start().await;
    assert_eq!(server.raw("application/json", "1S", "hello").await.status(), 415);
    assert_eq!(server.raw("application/grpc+proto", "1S", "hello").await.status(), 200);
}

#[tokio::test]
async fn a_channel_speaks_tls_on_both_sides_with_the_files_of_the_moment() {
    let authority = TestAuthority::new();
    let identity = authority.keep("server", &authority.server(&["localhost"], false));
    let tls = TlsServer::open(TlsSettings::new(identity, Some(authority.root_file()))).unwrap();
    let server = start_with(GrpcOptions { tls: Some(tls), ..GrpcOptions::default() }).await;
    let address = format!("https://localhost:{}", server.address.port());
    let endpoint = Endpoint::from_shared(address).unwrap().connect_timeout(Duration::from_secs(10));
    // It has expired, until the file is replaced.
    let files = authority.keep("client", &authority.client("client.test", true));
    let settings = ClientTlsSettings::grpc(Some(authority.root_file()), Some(files));
    let tls = ClientTls::open(ClientTlsSettings { look_every: Duration::ZERO, ..settings }).unwrap();
    let client = Client(channel(&endpoint, Some(tls)));
    // The server's alert comes after the client is done with its part: tonic sees a connection that broke.
    let refused = client.open("hello").await.unwrap_err();
    assert!(format!("{refused:?}").contains("CertificateExpired"), "{refused:?}");
    authority.keep("client", &authority.client("client.test", false));
    assert_eq!(client.open("hello").await.unwrap(), "hello");
    let stranger = ClientTls::open(ClientTlsSettings::grpc(Some(authority.root_file()), None)).unwrap();
    let refused = Client(channel(&endpoint, Some(stranger))).open("hello").await.unwrap_err();
    assert!(format!("{refused:?}").contains("CertificateRequired"), "{refused:?}");
}

#[test]
fn methods_without_a_rule_are_found() {
    let health = tonic_health::pb::FILE_DESCRIPTOR_SET;
    assert_eq!(missing_rules(health, &HEALTH_RULES), [""; 0]);
    let missing = ["grpc.health.v1.Health/Check", "grpc.health.v1.Health/Watch"];
    assert_eq!(missing_rules(health, &[&RULES[..], &REFLECTION_RULES].concat()), missing);
    assert_eq!(missing_rules(b"nonsense", &RULES).len(), 1);
}
