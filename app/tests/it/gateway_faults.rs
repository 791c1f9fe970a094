//! What the gateway makes of sources, callers and stores that fail.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use testkit::ministry::{FakeMinistry, Refusal};
use testkit::redis::TestRedis;
use testkit::{Fault, TempDir};
use tokio::net::{UnixListener, UnixStream};
use tokio::task::{JoinHandle, JoinSet};
use tokio_postgres::config::Host;

use crate::client::{Answer, ask, post};
use crate::gateway_role::redis_says;
use crate::harness::{Server, wait_for};
use crate::outside::{RUNTIME, World, call, edit, metric, url};

#[test]
fn each_failure_of_a_source_is_a_problem_that_names_it() {
    let world = World::new("gateway-problems", FakeMinistry::synthetic());
    let server = world.serve("data", &["up"]);
    let faults = world.outside.ministry.faults();
    let refusal = Refusal { in_body: true, retry_after_s: None };
    let slow = Fault::SlowFirstByte(Duration::from_secs(30));
    let cases = [
        (Fault::html(), 502, "source_invalid_answer", "text/html"),
        (Fault::invalid_json(), 502, "source_invalid_answer", "JSON"),
        (Fault::Truncated(40), 502, "source_invalid_answer", "JSON"),
        (Fault::GzipBomb { mebibytes: 64 }, 502, "source_invalid_answer", "more than 33554432 bytes"),
        (Fault::Endless { bytes: 2 << 30 }, 502, "source_invalid_answer", "more than 33554432 bytes"),
        (Fault::redirect("https://elsewhere.example/x"), 502, "source_invalid_answer", "redirect"),
        (Fault::redirect("http://169.254.169.254/latest/meta-data/"), 502, "source_invalid_answer", "redirect"),
        (Fault::redirect("http://127.0.0.1:1/"), 502, "source_invalid_answer", "redirect"),
        (Fault::status(500, None), 503, "source_unavailable", "500"),
        (Fault::HangUp, 503, "source_unavailable", "connection broke"),
        (Fault::status(418, None), 502, "source_refused", "418"),
        (Fault::status(429, None), 503, "source_unavailable", "too often"),
        (refusal.fault(), 503, "source_unavailable", "too often"),
        (slow, 504, "source_timeout", "did not answer within"),
    ];
    for (fault, status, code, why) in cases {
        faults.fail_always("GET /general/filters/state", fault);
        let answer = ask(
            &server.gateway,
            "POST /v1/connectors/comexstat/ufs HTTP/1.1\ncontent-type: application/json\naccept-language: en",
            "{}",
        );
        let problem = answer.problem(status, code);
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.starts_with("comexstat: ") && detail.contains(why), "{why}: {detail}");
        let portuguese = call(&server, "comexstat/detalhes", &json!({}));
        assert_eq!(portuguese.status, 200, "others go on: {}", portuguese.body);
        faults.heal();
    }
    // Nothing wrong was kept, and clocks of others are not believed.
    faults.fail_next("GET /general/filters/state", 1, Fault::dated("Fri, 01 Jan 2100 00:00:00 GMT", "garbage"));
    let well = call(&server, "comexstat/ufs", &json!({}));
    assert_eq!((well.status, well.header("x-cache")), (200, "MISS"), "{}", well.body);
    assert!(!well.header("x-source-time").starts_with("2100"), "{}", well.header("x-source-time"));
    assert_eq!(call(&server, "comexstat/ufs", &json!({})).header("x-cache"), "L1");
    let ended = server.log_lines();
    assert!(ended.iter().all(|line| line["level"] != "ERROR"), "{ended:?}");
}

#[test]
fn a_source_that_fails_for_an_hour_is_left_alone() {
    let world = World::new("gateway-breaker", FakeMinistry::synthetic());
    let file = world.outside.connector("comexstat.yaml");
    edit(&file, "breaker: { failures: 1000, open_ms: 60000 }", "breaker: { failures: 3, open_ms: 60000 }");
    let server = world.serve("data", &["up"]);
    let ministry = &world.outside.ministry;
    ministry.faults().fail_always("GET /", Fault::status(500, None));
    for _ in 0..3 {
        call(&server, "comexstat/filtros", &json!({})).problem(503, "source_unavailable");
    }
    let asked = ministry.log().count("GET /general");
    let resting = call(&server, "comexstat/filtros", &json!({}));
    let detail = resting.problem(503, "source_unavailable")["detail"].as_str().unwrap().to_owned();
    assert!(detail.contains("comexstat: a fonte falhou 3 vezes"), "{detail}");
    assert!((1..=60).contains(&resting.header("retry-after").parse::<u64>().unwrap()));
    assert_eq!(ministry.log().count("GET /general"), asked);
    assert_eq!(metric(&server, "integration_gateway_breaker_state{connector=\"comexstat\"}"), 2.0, "open");
    let listed = crate::client::get(&server.gateway, "/v1/connectors").json();
    let states: Vec<&Value> = listed["data"].as_array().unwrap().iter().map(|one| &one["breaker"]).collect();
    assert_eq!(states, ["open", "closed", "closed"], "{listed}");
}

#[test]
fn wrong_requests_are_told_all_that_is_wrong_in_their_language() {
    let world = World::new("gateway-wrong", FakeMinistry::synthetic());
    let server = world.serve("data", &["up"]);
    let asked = |language: &str, path: &str, body: &str| {
        let head = format!("POST {path} HTTP/1.1\ncontent-type: application/json\naccept-language: {language}");
        ask(&server.gateway, &head, body)
    };
    let exports = "/v1/connectors/comexstat/exportacao";
    let wrong = r#"{"ano":"1996","mes":13,"ncm":"17","uf":"XX","ate":"2025-01"}"#;
    let [portuguese, english] = ["pt-BR", "en"].map(|language| asked(language, exports, wrong));
    for answer in [&portuguese, &english] {
        let problem = answer.problem(400, "validation_error");
        let pointers: Vec<&str> =
            problem["errors"].as_array().unwrap().iter().map(|error| error["pointer"].as_str().unwrap()).collect();
        assert_eq!(pointers, ["/ano", "/mes", "/ncm", "/uf", "/ate"], "{problem}");
    }
    assert_ne!(portuguese.json()["errors"][0]["detail"], english.json()["errors"][0]["detail"]);
    for (path, told) in [
        ("/v1/connectors/nowhere/x", "no connector `nowhere`"),
        ("/v1/connectors/comexstat/nothing", "has no `nothing`"),
        ("/v1/connectors/comexstat-bulk/exportacao_ano", "is a file"),
    ] {
        let problem = asked("en", path, "{}").problem(404, "not_found");
        assert!(problem["detail"].as_str().unwrap().contains(told), "{problem}");
    }
    for body in ["[1]", "null", "\"x\"", "{", "{\"ano\":2024,\"ano\":", ""] {
        asked("en", exports, body).problem(400, "validation_error");
    }
    let large = format!("{{\"ncm\":\"{}\"}}", "1".repeat(1 << 20));
    asked("en", exports, &large).problem(413, "payload_too_large");
    let deep = format!("{{\"ncm\":{}1{}}}", "[".repeat(20_000), "]".repeat(20_000));
    asked("en", exports, &deep).problem(400, "validation_error");
    ask(&server.gateway, &format!("POST {exports} HTTP/1.1\ncontent-type: text/plain"), "{}")
        .problem(415, "unsupported_media_type");
    ask(&server.gateway, &format!("GET {exports} HTTP/1.1"), "").problem(405, "method_not_allowed");
    assert_eq!(world.outside.ministry.log().count(""), 0, "nobody was asked");
}

/// The socket of the test's PostgreSQL, which can be cut and mended.
struct Gate {
    dir: TempDir,
    real: PathBuf,
    task: Option<JoinHandle<()>>,
}

const SOCKET: &str = ".s.PGSQL.5432";

impl Gate {
    fn open(real: &Path) -> Self {
        let mut gate = Self { dir: TempDir::new("gate"), real: real.join(SOCKET), task: None };
        gate.mend();
        gate
    }

    fn mend(&mut self) {
        let (real, _inside) = (self.real.clone(), RUNTIME.enter());
        let listener = UnixListener::bind(self.dir.join(SOCKET)).unwrap();
        self.task = Some(tokio::spawn(async move {
            let mut connections = JoinSet::new();
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                let real = real.clone();
                connections.spawn(async move {
                    let Ok(mut other) = UnixStream::connect(real).await else { return };
                    // How it ends is what the program under test has to bear.
                    tokio::io::copy_bidirectional(&mut stream, &mut other).await.unwrap_or_default();
                });
            }
        }));
    }

    /// Every connection breaks, and nobody answers.
    fn cut(&mut self) {
        let task = self.task.take().unwrap();
        task.abort();
        assert!(RUNTIME.block_on(task).unwrap_err().is_cancelled());
        std::fs::remove_file(self.dir.join(SOCKET)).unwrap();
    }
}

#[test]
fn levels_of_the_cache_come_and_go_under_load_and_every_answer_is_right() {
    let mut world = World::new("gateway-load", FakeMinistry::synthetic());
    let mut redis = RUNTIME.block_on(TestRedis::start());
    let config = world.database.superuser_config();
    let Some(Host::Unix(socket_dir)) = config.get_hosts().first() else { panic!("the test server has a socket") };
    let mut gate = Gate::open(socket_dir);
    world.set("DATABASE_URL", &url(&world.database, Some(gate.dir.path())));
    world.set("REDIS_URL", &redis.url());
    let token =
        world.done(&["token", "issue", "--sub", "load", "--audience", "bgc-gateway", "--scope", "gateway.call"]);
    let server = world.serve("data", &["serve", "gateway"]);
    let head = format!(
        "POST /v1/connectors/comexstat/exportacao HTTP/1.1\ncontent-type: application/json\nauthorization: Bearer {}",
        token.trim()
    );
    let asked = |month: usize, ncm: &str| {
        ask(&server.gateway, &head, &json!({"ano": 2023, "mes": month % 12 + 1, "ncm": ncm}).to_string())
    };
    let known: Vec<Answer> = (0..4).map(|month| asked(month, "17011400")).collect();
    assert!(known.iter().all(|answer| answer.status == 200 && answer.body.contains("China")), "{}", known[0].body);
    let (stop, warm, cold) = (AtomicBool::new(false), AtomicUsize::new(0), AtomicUsize::new(0));
    let more = |count: &AtomicUsize, what: &str| {
        let target = count.load(Ordering::Relaxed) + 20;
        wait_for(what, || (count.load(Ordering::Relaxed) >= target).then_some(()));
    };
    std::thread::scope(|scope| {
        let _stop = StopWhenDone(&stop);
        for _ in 0..2 {
            scope.spawn(|| {
                while !stop.load(Ordering::Relaxed) {
                    let month = warm.fetch_add(1, Ordering::Relaxed) % known.len();
                    let answer = asked(month, "17011400");
                    assert_eq!((answer.status, &answer.body), (200, &known[month].body));
                    assert_eq!(answer.header("x-cache"), "L1");
                }
            });
        }
        // Questions that memory cannot answer go through every level.
        scope.spawn(|| {
            while !stop.load(Ordering::Relaxed) {
                let number = cold.fetch_add(1, Ordering::Relaxed);
                let answer = asked(number, &format!("{:08}", 10_000_000 + number));
                assert_eq!((answer.status, answer.header("x-cache")), (200, "MISS"), "{}", answer.body);
                assert_eq!(answer.json()["data"], json!([]));
            }
        });
        let both = |what: &str| [&warm, &cold].map(|count| more(count, what));
        both("answers while all is well");
        redis.kill();
        both("answers without Redis");
        gate.cut();
        both("answers without Redis and PostgreSQL");
        RUNTIME.block_on(redis.restart());
        both("answers without PostgreSQL");
        redis.pause();
        both("answers with a Redis that hangs");
        redis.resume();
        gate.mend();
        wait_for("the levels to be written again", || {
            let known = world.number("SELECT count(*) FROM gateway.comexstat_cache");
            both("answers again");
            let written = world.number("SELECT count(*) FROM gateway.comexstat_cache") > known;
            (written && !redis_says(&redis, "KEYS comexstat:*").starts_with("*0")).then_some(())
        });
    });
    for level in ["L2", "L3"] {
        assert!(metric(&server, &format!("integration_gateway_cache_errors_total{{level=\"{level}\"}}")) >= 1.0);
    }
}

/// Ends the threads of a scope when the test's own part of it ends, however it does.
struct StopWhenDone<'a>(&'a AtomicBool);

impl Drop for StopWhenDone<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[test]
fn a_gateway_without_redis_and_a_wrong_address_of_one_work_alike() {
    let mut world = World::new("gateway-alone", FakeMinistry::synthetic());
    world.set("REDIS_URL", "redis://127.0.0.1:1/0");
    let server: Server = world.serve("data", &["up"]);
    let body = json!({"codigo": "160"});
    assert_eq!(call(&server, "comexstat/pais", &body).json()["nome"], "China");
    assert_eq!(call(&server, "comexstat/pais", &body).header("x-cache"), "L1");
    post(&server.gateway, "/v1/connectors/comexstat/pais", "{}").problem(400, "validation_error");
}
