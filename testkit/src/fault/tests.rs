use std::io::Read;

use axum::routing::get as on_get;
use http_body_util::BodyExt;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;

use super::*;
use crate::http::{TestListener, get, request, send, send_over_network};

const TEXT: &str = "\"CO_ANO\";\"VL_FOB\"\n\"2024\";10\n\"2024\";20\n\"2024\";30\n\"2024\";40\n";

fn host() -> (Router, Faults, RequestLog) {
    let (faults, log) = (Faults::default(), RequestLog::default());
    let routes = Router::new().route("/file", on_get(|| async { TEXT })).route("/other", on_get(|| async { "{}" }));
    (behind_door(routes, &faults, &log), faults, log)
}

#[tokio::test]
async fn faults_are_counted_and_of_one_path() {
    let (router, faults, log) = host();
    faults.fail_next("/file", 2, Fault::status(503, Some(7)));
    faults.fail_next("HEAD /file", 1, Fault::status(500, None));
    faults.fail_next("GET /file", 1, Fault::html());
    for (status, retry_after) in [(503, "7"), (503, "7")] {
        let answer = get(&router, "/file").await;
        assert_eq!((answer.status.as_u16(), answer.header("retry-after")), (status, retry_after));
    }
    let page = get(&router, "/file?a=b").await;
    assert_eq!((page.status.as_u16(), page.header("content-type")), (200, "text/html; charset=utf-8"));
    assert_eq!(get(&router, "/file").await.text(), TEXT);
    assert_eq!(send(&router, request(Method::HEAD, "/file")).await.status, 500);
    faults.fail_always("/", Fault::redirect("https://example.org/x"));
    assert_eq!(get(&router, "/other").await.header("location"), "https://example.org/x");
    faults.heal();
    assert_eq!(get(&router, "/other").await.text(), "{}");
    assert_eq!((log.count("/file"), log.count("GET /file"), log.count("/other"), log.count("/nothing")), (5, 4, 2, 0));
    assert_eq!(log.of("/file")[2].query, "a=b");
    log.clear();
    assert_eq!(log.count("/"), 0);
}

#[tokio::test]
async fn bodies_are_spoilt_as_told() {
    let (router, faults, _log) = host();
    let spoilt = async |fault: Fault| {
        // Nothing is counted down by a request that has no body to spoil, whether the rule names `GET` or not.
        let prefix = if fault.is_of_body() { "/file" } else { "GET /file" };
        faults.fail_next(prefix, 1, fault);
        assert_eq!(send(&router, request(Method::HEAD, "/file")).await.header("content-length"), "58");
        get(&router, "/file").await
    };
    let altered = spoilt(Fault::Altered).await;
    assert_eq!(altered.text(), TEXT.replace(";20", ";21"));
    let corrupted = spoilt(Fault::Corrupted).await;
    assert_eq!((corrupted.body.len(), String::from_utf8(corrupted.body).is_err()), (TEXT.len(), true));
    let truncated = spoilt(Fault::Truncated(20)).await;
    assert_eq!((truncated.header("content-length"), truncated.text().as_str()), ("20", &TEXT[..20]));
    let bomb = spoilt(Fault::GzipBomb { mebibytes: 3 }).await;
    assert!(bomb.header("content-encoding") == "gzip" && bomb.body.len() < 40_000, "{}", bomb.body.len());
    let mut unpacked = Vec::new();
    flate2::read::GzDecoder::new(bomb.body.as_slice()).read_to_end(&mut unpacked).unwrap();
    assert_eq!(unpacked.len(), 3 << 20);
    let endless = spoilt(Fault::Endless { bytes: 1 << 20 }).await;
    assert_eq!((endless.header("content-length"), endless.body.len()), ("", 1 << 20));
    let dated = spoilt(Fault::dated("Thu, 01 Jan 2009 00:00:00 GMT", "Wed, 01 Jan 2042 00:00:00 GMT")).await;
    assert!(dated.header("date").contains("2009") && dated.header("expires").contains("2042"), "{dated:?}");
    assert!(serde_json::from_slice::<serde_json::Value>(&spoilt(Fault::invalid_json()).await.body).is_err());
}

#[tokio::test]
async fn a_dropped_connection_is_really_dropped() {
    let (router, faults, _log) = host();
    let served = TestListener::serve(router).await;
    faults.fail_next("/file", 1, Fault::DropAfter(20));
    let client: Client<_, Body> = Client::builder(TokioExecutor::new()).build_http();
    let response = client.request(request(Method::GET, &served.url("/file"))).await.unwrap();
    assert_eq!((response.status().as_u16(), response.headers()["content-length"].to_str().unwrap()), (200, "58"));
    let mut body = response.into_body();
    let first = body.frame().await.unwrap().unwrap().into_data().unwrap();
    assert_eq!(first, TEXT[..20]);
    assert!(body.frame().await.unwrap().is_err(), "the rest never comes");
    faults.fail_next("/file", 1, Fault::HangUp);
    assert!(client.request(request(Method::GET, &served.url("/file"))).await.is_err());
    assert_eq!(send_over_network(request(Method::GET, &served.url("/file"))).await.text(), TEXT);
}

#[tokio::test]
async fn slowness_takes_its_time() {
    let (router, faults, _log) = host();
    let served = TestListener::serve(router).await;
    let pause = Duration::from_millis(20);
    for (fault, at_least) in
        [(Fault::SlowFirstByte(pause), pause), (Fault::Drip { chunk_bytes: 30, every: pause }, pause * 2)]
    {
        faults.fail_next("/file", 1, fault);
        let begun = Instant::now();
        assert_eq!(send_over_network(request(Method::GET, &served.url("/file"))).await.text(), TEXT);
        assert!(begun.elapsed() >= at_least);
    }
}
