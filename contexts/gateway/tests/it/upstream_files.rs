//! Downloads: interrupted, changed, lied about; complete in the end or not at all.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use gateway::domain::connector::{Connector, EndpointKind, HttpMethod, Retry};
use gateway::upstream::{Downloaded, Upstream, UpstreamError};
use platform::random::{Entropy, hex};
use sha2::{Digest, Sha256};
use testkit::{CountingEntropy, TempDir};

use crate::upstream_world::{RawServer, World, at, connector, endpoint, header, raw};

const MODIFIED: &str = "Thu, 05 Feb 2026 10:00:00 GMT";

fn bytes(length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    CountingEntropy::default().fill(&mut bytes).unwrap();
    bytes
}

/// How the whole file or its rest is answered, by the request's `Range` and `If-Range`.
fn honest(content: &[u8], etag: &str, head: &str) -> Vec<u8> {
    let from =
        header(head, "range").and_then(|range| range.strip_prefix("bytes=")?.strip_suffix('-')?.parse::<usize>().ok());
    let same = header(head, "if-range") == Some(etag);
    let common =
        [("etag", etag.to_owned()), ("last-modified", MODIFIED.to_owned()), ("content-type", "text/csv".to_owned())];
    let answer = |status: &str, range: Option<String>, body: &[u8]| {
        let mut headers = common.to_vec();
        headers.push(("content-length", body.len().to_string()));
        headers.extend(range.map(|range| ("content-range", range)));
        raw(status, &headers, body)
    };
    match from.filter(|_| same) {
        Some(from) if from >= content.len() => answer("416 No", Some(format!("bytes */{}", content.len())), b""),
        Some(from) => {
            let range = format!("bytes {from}-{}/{}", content.len() - 1, content.len());
            answer("206 Partial", Some(range), &content[from..])
        }
        None => answer("200 OK", None, content),
    }
}

struct Place {
    dir: TempDir,
}

impl Place {
    fn new() -> Self {
        Self { dir: TempDir::new("download") }
    }

    fn file(&self) -> PathBuf {
        self.dir.join("EXP_2025.csv")
    }

    fn left(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.dir.path()).unwrap();
        let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

fn patient(base: &str, attempts: u32) -> Connector {
    let mut connector = connector(base);
    let pause = Duration::from_millis(1);
    connector.limits.retry = Retry { attempts, base: pause, longest: pause };
    connector
}

async fn download(upstream: &Upstream, place: &Place) -> Result<Downloaded, UpstreamError> {
    download_up_to(upstream, place, 64 << 20).await
}

async fn download_up_to(upstream: &Upstream, place: &Place, bytes_max: u64) -> Result<Downloaded, UpstreamError> {
    let file = endpoint(HttpMethod::Get, EndpointKind::File { bytes_max });
    upstream.download(&file, &at("/EXP_2025.csv"), &place.file(), &|_, _| {}).await
}

fn sha256(content: &[u8]) -> String {
    hex(&Sha256::digest(content))
}

#[tokio::test]
async fn a_file_arrives_whole_and_alone() {
    let (world, place, content) = (World::new(), Place::new(), bytes(3_000_001));
    let served = content.clone();
    let server = RawServer::start(move |_, head| {
        assert_eq!(header(head, "accept-encoding"), Some("identity"));
        honest(&served, "\"v1\"", head)
    })
    .await;
    let upstream = world.upstream(patient(&server.base, 1));
    std::fs::write(place.file(), b"yesterday's").unwrap();
    let told = Mutex::new(Vec::new());
    let file = endpoint(HttpMethod::Get, EndpointKind::File { bytes_max: 3_000_001 });
    let progress = |bytes, total| told.lock().unwrap().push((bytes, total));
    let downloaded = upstream.download(&file, &at("/EXP_2025.csv"), &place.file(), &progress).await.unwrap();
    let modified = downloaded.last_modified.map(|moment| moment.to_rfc3339());
    assert_eq!(modified.as_deref(), Some("2026-02-05T10:00:00+00:00"));
    assert_eq!((downloaded.bytes, downloaded.resumed_from), (3_000_001, 0));
    assert_eq!(downloaded.sha256, sha256(&content));
    assert!(std::fs::read(place.file()).unwrap() == content);
    assert_eq!(place.left(), ["EXP_2025.csv"]);
    let told = told.into_inner().unwrap();
    assert!(told.len() > 3 && told.is_sorted() && told.ends_with(&[(3_000_001, Some(3_000_001))]), "{told:?}");
    let probe = upstream.probe(&file, &at("/EXP_2025.csv")).await.unwrap();
    assert_eq!((probe.bytes, probe.etag.as_deref()), (Some(3_000_001), Some("\"v1\"")));
    assert_eq!(probe.last_modified, downloaded.last_modified);
}

#[tokio::test]
async fn a_source_that_refuses_head_is_asked_for_the_first_byte() {
    let file = endpoint(HttpMethod::Get, EndpointKind::File { bytes_max: 1 });
    let etag = ("etag", "\"v1\"".to_owned());
    let range = |text: &str| ("content-range", text.to_owned());
    let length = |bytes: u64| ("content-length", bytes.to_string());
    let partial = |text: &str| raw("206 Partial", &[etag.clone(), range(text), length(1)], b"x");
    for (head, answer, bytes) in [
        ("405 No", partial("bytes 0-0/123456"), Ok(Some(123_456))),
        ("501 No", partial("bytes 0-0/*"), Ok(None)),
        ("403 No", partial("bytes 0-0/7"), Ok(Some(7))),
        ("405 No", raw("416 Empty", &[etag.clone(), range("bytes */0"), length(0)], b""), Ok(Some(0))),
        // The range is not understood: the size is, and the rest is left where it is.
        ("405 No", raw("200 OK", &[etag.clone(), length(1 << 40)], b"beginning"), Ok(Some(1 << 40))),
        ("405 No", raw("206 Partial", &[length(1)], b"x"), Err("place cannot be told")),
        ("403 No", raw("403 No", &[length(0)], b""), Err("refused the request with 403")),
        ("405 No", raw("404 No", &[length(0)], b""), Err("no such thing")),
        ("400 No", partial("bytes 0-0/9"), Err("refused the request with 400")),
    ] {
        let world = World::new();
        let refused = raw(head, &[("content-length", "0".to_owned())], b"");
        let server = RawServer::start(move |_, request| {
            if request.starts_with("HEAD ") {
                return refused.clone();
            }
            assert_eq!((header(request, "range"), header(request, "if-range")), (Some("bytes=0-0"), None));
            answer.clone()
        })
        .await;
        let probed = world.upstream(patient(&server.base, 1)).probe(&file, &at("/EXP_2025.csv")).await;
        match (probed, bytes) {
            (Ok(probe), Ok(bytes)) => assert_eq!((probe.bytes, probe.etag.as_deref()), (bytes, Some("\"v1\""))),
            (Err(error), Err(why)) => assert!(error.to_string().contains(why), "{error}"),
            (probed, expected) => panic!("{head}: {probed:?}, not {expected:?}"),
        }
    }
}

#[tokio::test]
async fn connections_cut_anywhere_are_gone_on_with() {
    for seed in 0..12_u64 {
        let (world, place, content) = (World::new(), Place::new(), bytes(700_000));
        let served = content.clone();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&asked);
        let server = RawServer::start(move |number, head| {
            seen.lock().unwrap().push(header(head, "range").map(str::to_owned));
            let mut answer = honest(&served, "\"v1\"", head);
            if number < 8 {
                let roll = (seed * 31 + number as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40;
                answer.truncate(usize::try_from(roll).unwrap() % answer.len());
            }
            answer
        })
        .await;
        let downloaded = download(&world.upstream(patient(&server.base, 9)), &place).await.unwrap();
        assert_eq!((downloaded.sha256, downloaded.bytes), (sha256(&content), 700_000), "seed {seed}");
        assert!(std::fs::read(place.file()).unwrap() == content, "seed {seed}");
        assert_eq!(place.left(), ["EXP_2025.csv"]);
        let resumed = asked.lock().unwrap().iter().flatten().count();
        assert!(resumed > 0, "seed {seed}: nothing was resumed");
    }
}

#[tokio::test]
async fn another_process_goes_on_where_the_first_one_ended() {
    let (world, place, content) = (World::new(), Place::new(), bytes(500_000));
    let served = content.clone();
    let server = RawServer::start(move |number, head| {
        let mut answer = honest(&served, "\"v1\"", head);
        answer.truncate(if number == 0 { 200_000 } else { usize::MAX });
        answer
    })
    .await;
    let error = download(&world.upstream(patient(&server.base, 1)), &place).await.unwrap_err();
    assert!(matches!(error, UpstreamError::Unreachable(_)), "{error:?}");
    assert_eq!(place.left(), ["EXP_2025.csv.part", "EXP_2025.csv.part.json"]);
    let downloaded = download(&world.upstream(patient(&server.base, 1)), &place).await.unwrap();
    assert!(downloaded.resumed_from > 190_000, "{downloaded:?}");
    assert_eq!((downloaded.sha256, server.hits()), (sha256(&content), 2));
    // The process ended between the last byte and the name: nothing is missing, and that is enough.
    std::fs::rename(place.file(), place.dir.join("EXP_2025.csv.part")).unwrap();
    let again = download(&world.upstream(patient(&server.base, 1)), &place).await.unwrap();
    assert_eq!(again.resumed_from, 0, "without its description a part is of nothing");
}

#[tokio::test]
async fn a_part_that_is_complete_needs_only_its_name() {
    let (world, place, content) = (World::new(), Place::new(), bytes(100_000));
    let served = content.clone();
    let server = RawServer::start(move |number, head| {
        let mut answer = honest(&served, "\"v1\"", head);
        answer.truncate(if number == 0 { 50_000 } else { usize::MAX });
        answer
    })
    .await;
    let upstream = world.upstream(patient(&server.base, 1));
    download(&upstream, &place).await.unwrap_err();
    std::fs::write(place.dir.join("EXP_2025.csv.part"), &content).unwrap();
    let downloaded = download(&upstream, &place).await.unwrap();
    assert_eq!((downloaded.resumed_from, downloaded.sha256), (100_000, sha256(&content)));
    assert_eq!(place.left(), ["EXP_2025.csv"]);
}

#[tokio::test]
async fn a_file_that_changed_in_between_begins_anew() {
    let (world, place) = (World::new(), Place::new());
    let (old, new) = (bytes(300_000), bytes(310_000).into_iter().rev().collect::<Vec<_>>());
    let (first, second) = (old.clone(), new.clone());
    let server = RawServer::start(move |number, head| match number {
        0 => honest(&first, "\"v1\"", head)[..200_000].to_vec(),
        _ => honest(&second, "\"v2\"", head),
    })
    .await;
    let downloaded = download(&world.upstream(patient(&server.base, 3)), &place).await.unwrap();
    assert_eq!((downloaded.sha256, downloaded.bytes, server.hits()), (sha256(&new), 310_000, 2));
}

#[tokio::test]
async fn wrong_parts_are_never_put_together() {
    let content = bytes(300_000);
    // What the second answer claims: another beginning, another size, another file, nothing at all.
    let lies: [&[(&str, &str)]; 5] = [
        &[("content-range", "bytes 5-299999/300000")],
        &[("content-range", "bytes {from}-299999/300001")],
        &[("content-range", "bytes {from}-299999/300000"), ("etag", "\"v9\"")],
        &[],
        &[("content-range", "bytes 0-1")],
    ];
    for lie in lies {
        let (world, place, served) = (World::new(), Place::new(), content.clone());
        let server = RawServer::start(move |number, head| match number {
            0 => honest(&served, "\"v1\"", head)[..100_000].to_vec(),
            1 => {
                let from: usize = header(head, "range").unwrap()[6..].trim_end_matches('-').parse().unwrap();
                let mut headers: Vec<(&str, String)> =
                    lie.iter().map(|&(name, value)| (name, value.replace("{from}", &from.to_string()))).collect();
                let body = vec![b'!'; served.len() - from];
                headers.push(("content-length", body.len().to_string()));
                raw("206 Partial", &headers, &body)
            }
            _ => honest(&served, "\"v1\"", head),
        })
        .await;
        let downloaded = download(&world.upstream(patient(&server.base, 3)), &place).await.unwrap();
        assert_eq!((downloaded.sha256, server.hits()), (sha256(&content), 3), "{lie:?}");
    }
}

#[tokio::test]
async fn a_source_without_ranges_or_validators_sends_everything_again() {
    for validated in [true, false] {
        let (world, place, content) = (World::new(), Place::new(), bytes(300_000));
        let served = content.clone();
        let server = RawServer::start(move |number, head| {
            assert!(validated || header(head, "range").is_none());
            let mut headers = vec![("content-length", served.len().to_string())];
            headers.extend(validated.then(|| ("last-modified", MODIFIED.to_owned())));
            let mut answer = raw("200 OK", &headers, &served);
            answer.truncate(if number == 0 { 100_000 } else { usize::MAX });
            answer
        })
        .await;
        let downloaded = download(&world.upstream(patient(&server.base, 2)), &place).await.unwrap();
        assert_eq!((downloaded.sha256, downloaded.resumed_from), (sha256(&content), 0));
    }
}

#[tokio::test]
async fn what_is_no_file_or_too_large_is_refused_and_leaves_nothing() {
    let html = [("content-type", "Text/HTML; charset=utf-8".to_owned()), ("content-length", "5".to_owned())];
    let zipped = [("content-encoding", "gzip".to_owned()), ("content-length", "5".to_owned())];
    let large = [("content-length", "1001".to_owned())];
    let longer = [("transfer-encoding", "chunked".to_owned())];
    let chunked = [b"5dc\r\n".as_slice(), &[b'x'; 1500], b"\r\n0\r\n\r\n"].concat();
    let cases: [(Vec<u8>, &str); 4] = [
        (raw("200 OK", &html, b"sorry"), "it is a page of HTML and not a file"),
        (raw("200 OK", &zipped, b"12345"), "it is compressed, which was not asked for"),
        (raw("200 OK", &large, &[b'x'; 1001]), "has more than 1000 bytes"),
        (raw("200 OK", &longer, &chunked), "has more than 1000 bytes"),
    ];
    for (answer, why) in cases {
        let (world, place) = (World::new(), Place::new());
        let server = RawServer::start(move |_, _| answer.clone()).await;
        let error = download_up_to(&world.upstream(patient(&server.base, 3)), &place, 1_000).await.unwrap_err();
        assert!(error.to_string().contains(why), "{error}");
        assert_eq!((server.hits(), place.left().len()), (1, 0), "{why}: {:?}", place.left());
    }
}

#[tokio::test]
async fn a_rest_longer_than_announced_is_refused() {
    let (world, place, content) = (World::new(), Place::new(), bytes(300_000));
    let served = content.clone();
    let server = RawServer::start(move |number, head| match number {
        0 => honest(&served, "\"v1\"", head)[..100_000].to_vec(),
        _ => {
            let from: usize = header(head, "range").unwrap()[6..].trim_end_matches('-').parse().unwrap();
            let headers = [("content-range", format!("bytes {from}-{}/300000", 299_999))];
            raw("206 Partial", &headers, &vec![b'x'; 300_001 - from])
        }
    })
    .await;
    let error = download(&world.upstream(patient(&server.base, 2)), &place).await.unwrap_err();
    assert_eq!(error, UpstreamError::Invalid("it is longer than announced".to_owned()));
    assert!(place.left().is_empty(), "{:?}", place.left());
}

#[tokio::test]
async fn sources_that_never_finish_are_given_up_with_what_arrived_kept() {
    let (world, place, content) = (World::new(), Place::new(), bytes(300_000));
    let server = RawServer::start(move |_, head| {
        let answer = honest(&content, "\"v1\"", head);
        // A little more every time, and then the line is dead.
        answer[..answer.len().min(2_000)].to_vec()
    })
    .await;
    let error = download(&world.upstream(patient(&server.base, 5)), &place).await.unwrap_err();
    assert!(matches!(error, UpstreamError::Unreachable(_)), "{error:?}");
    assert_eq!((server.hits(), place.left().len()), (5, 2));
    let gone = RawServer::start(|_, _| raw("404 No", &[("content-length", "0".to_owned())], b"")).await;
    let elsewhere = Place::new();
    assert_eq!(download(&world.upstream(patient(&gone.base, 3)), &elsewhere).await, Err(UpstreamError::NotFound));
    assert!(elsewhere.left().is_empty());
}

#[tokio::test]
async fn a_source_that_falls_silent_is_asked_for_the_rest() {
    let (world, place, content) = (World::new(), Place::new(), bytes(200_000));
    let served = bytes::Bytes::from(content.clone());
    let router = axum::Router::new().route(
        "/EXP_2025.csv",
        axum::routing::get(move |headers: axum::http::HeaderMap| async move {
            let range =
                headers.get("range").and_then(|range| range.to_str().ok()?.strip_prefix("bytes=")?.strip_suffix('-'));
            let from: usize = range.map_or(0, |from| from.parse().unwrap());
            let part = if from == 0 { served.slice(..120_000) } else { served.slice(from..) };
            let silence = futures_util::stream::pending::<Result<bytes::Bytes, std::io::Error>>();
            let first = futures_util::stream::iter([Ok(part)]);
            let body = futures_util::StreamExt::chain(first, silence);
            let (status, range) = match from {
                0 => (200, String::new()),
                _ => (206, format!("bytes {from}-199999/200000")),
            };
            let answer = axum::http::Response::builder().status(status).header("etag", "\"v1\"");
            let answer = answer.header("content-length", 200_000 - from).header("content-range", range);
            answer.body(axum::body::Body::from_stream(body)).unwrap()
        }),
    );
    let listener = testkit::http::TestListener::serve(router).await;
    let mut quick = patient(&listener.url(""), 3);
    quick.limits.timeout = Duration::from_millis(150);
    let downloaded = download(&world.upstream(quick), &place).await.unwrap();
    assert_eq!((downloaded.sha256, world.retries()), (sha256(&content), 1));
}

#[tokio::test]
async fn a_full_disk_and_a_second_process_are_said_to_be_that() {
    let (world, place, content) = (World::new(), Place::new(), bytes(2_000_000));
    let server = RawServer::start(move |_, head| honest(&content, "\"v1\"", head)).await;
    let upstream = world.upstream(patient(&server.base, 3));
    let part = place.dir.join("EXP_2025.csv.part");
    std::os::unix::fs::symlink("/dev/full", &part).unwrap();
    let error = download(&upstream, &place).await.unwrap_err().to_string();
    assert!(error.contains("no space is left on its disk") && error.contains("EXP_2025.csv.part"), "{error}");
    std::fs::remove_file(&part).unwrap_or_default();
    let held = std::fs::File::create(&part).unwrap();
    held.lock().unwrap();
    let error = download(&upstream, &place).await.unwrap_err().to_string();
    assert!(error.contains("another process is downloading it"), "{error}");
    drop(held);
    download(&upstream, &place).await.unwrap();
}
