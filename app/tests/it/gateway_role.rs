//! The gateway by HTTP: what it answers, and where from.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use axum::http::Method;
use chrono::{DateTime, Utc};
use platform::clock::{Clock, SystemClock};
use serde_json::{Value, json};
use testkit::Fault;
use testkit::http::{json_request, send_over_network};
use testkit::ministry::FakeMinistry;
use testkit::redis::TestRedis;

use crate::client::{Answer, get};
use crate::harness::{Server, wait_for};
use crate::observed::check_with_promtool;
use crate::outside::{RUNTIME, World, call, edit, metric};

/// The contract's example.
fn sugar_in_january() -> Value {
    json!({"ano": "2024", "mes": "01", "ncm": "17011400"})
}

/// Says one thing to a Redis; its answer as it comes.
pub fn redis_says(redis: &TestRedis, command: &str) -> String {
    let address = redis.url().trim_start_matches("redis://").trim_end_matches("/0").to_owned();
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(format!("{command}\r\nQUIT\r\n").as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

fn cached(answer: &Answer) -> &str {
    answer.header("x-cache")
}

#[test]
fn the_second_of_two_identical_requests_is_a_hit_at_every_level() {
    let mut world = World::new("gateway-levels", FakeMinistry::synthetic());
    let redis = RUNTIME.block_on(TestRedis::start());
    world.set("REDIS_URL", &redis.url());
    let server = world.serve("first", &["up"]);
    let first = call(&server, "comexstat/exportacao", &sugar_in_january());
    assert_eq!((first.status, cached(&first)), (200, "MISS"), "{}", first.body);
    for written_otherwise in [
        sugar_in_january(),
        json!({"ncm": "1701.14.00", "mes": 1, "ano": 2024}),
        json!({"ano": "2024", "mes": "1", "ncm": ["17011400"]}),
        json!({"ano": "2024", "mes": "01", "ncm": ["17011400", "17011400"], "uf": null}),
    ] {
        let again = call(&server, "comexstat/exportacao", &written_otherwise);
        assert_eq!((cached(&again), &again.body), ("L1", &first.body), "{written_otherwise}: {}", again.body);
    }
    let posted = world.outside.ministry.log().of("POST /general");
    assert_eq!(posted.len(), 1);
    assert_eq!(posted[0].json()["period"], json!({"from": "2024-01", "to": "2024-01"}));
    check_headers(&first);
    check_sums(&first.json(), &world.outside.ministry);
    for (begin, count) in [
        ("integration_gateway_cache_hits_total{level=\"L1\"}", 4.0),
        ("integration_gateway_cache_misses_total{level=\"L1\"}", 1.0),
        ("integration_gateway_upstream_requests_total{connector=\"comexstat\",outcome=\"success\"}", 1.0),
    ] {
        assert_eq!(metric(&server, begin), count, "{begin}");
    }
    check_metrics(&server);

    // What is written behind the answer, and read by another process of the same stores.
    let kept = wait_for("the entry in Redis", || {
        Some(redis_says(&redis, "KEYS comexstat:*")).filter(|keys| keys.starts_with("*1"))
    });
    assert!(kept.contains("comexstat:exportacao:v1-"), "{kept}");
    wait_for("the entry in PostgreSQL", || {
        (world.number("SELECT count(*) FROM gateway.comexstat_cache") == 1.0).then_some(())
    });
    let second = world.serve("second", &["up"]);
    let of_redis = call(&second, "comexstat/exportacao", &sugar_in_january());
    assert_eq!((cached(&of_redis), &of_redis.body), ("L2", &first.body));
    assert_eq!(of_redis.header("x-source-time"), first.header("x-source-time"));
    assert_eq!(cached(&call(&second, "comexstat/exportacao", &sugar_in_january())), "L1");
    redis_says(&redis, "FLUSHALL");
    let third = world.serve("third", &["up"]);
    let of_postgres = call(&third, "comexstat/exportacao", &sugar_in_january());
    assert_eq!((cached(&of_postgres), &of_postgres.body), ("L3", &first.body));
    assert_eq!(cached(&call(&third, "comexstat/exportacao", &sugar_in_january())), "L1");
    wait_for("the entry back in Redis", || redis_says(&redis, "KEYS comexstat:*").starts_with("*1").then_some(()));
    assert_eq!(metric(&third, "integration_gateway_cache_hits_total{level=\"L3\"}"), 1.0);
    assert_eq!(metric(&third, "integration_gateway_cache_promotions_total"), 1.0);
    assert_eq!(world.outside.ministry.log().count("POST /general"), 1);
}

fn check_headers(answer: &Answer) {
    assert!(answer.header("age").parse::<u64>().unwrap() < 60, "{}", answer.header("age"));
    let at: DateTime<Utc> = answer.header("x-source-time").parse().unwrap();
    assert!((SystemClock.now() - at).num_seconds().abs() < 60, "{at}");
    assert_eq!(answer.header("content-type"), "application/json");
}

/// The answer against the file that the ministry serves of the same data: numbers, though the API writes texts.
fn check_sums(answer: &Value, ministry: &FakeMinistry) {
    let file = String::from_utf8(ministry.file(2024).to_vec()).unwrap();
    let january = file.lines().filter(|line| line.starts_with("\"2024\";\"01\";\"17011400\""));
    let of_file: u64 = january.map(|line| line.rsplit(';').next().unwrap().parse::<u64>().unwrap()).sum();
    let rows = answer["data"].as_array().unwrap();
    assert_eq!(rows.iter().map(|row| row["valor_usd"].as_u64().unwrap()).sum::<u64>(), of_file);
    assert!(rows.iter().all(|row| row["mes"] == 1 && row["ncm"] == "17011400"), "{answer}");
}

fn check_metrics(server: &Server) {
    let text = get(&server.operations, "/metrics").body;
    for begin in [
        "cache_hits_total{level=",
        "cache_misses_total{level=",
        "cache_errors_total{level=",
        "cache_promotions_total ",
        "cache_evictions_total ",
        "cache_size_bytes ",
        "cache_latency_seconds_bucket{",
        "upstream_requests_total{connector=\"comexstat\",outcome=",
        "upstream_retries_total{connector=",
        "breaker_state{connector=\"comexstat\"} 0",
    ] {
        let begin = format!("integration_gateway_{begin}");
        assert!(text.lines().any(|line| line.starts_with(&begin)), "no {begin} in {text}");
    }
    check_with_promtool(&text);
}

#[test]
fn what_is_stale_missing_or_empty_is_kept_as_long_as_it_should_be() {
    let world = World::new("gateway-times", FakeMinistry::synthetic());
    let file = world.outside.connector("comexstat.yaml");
    edit(&file, "fresh_s: 3600, stale_if_error_s: 604800", "fresh_s: 1, stale_if_error_s: 604800");
    edit(
        &file,
        "&mensal { fresh_s: 86400, stale_if_error_s: 2592000, missing_s: 900 }",
        "&mensal { fresh_s: 86400, stale_if_error_s: 2592000, missing_s: 1 }",
    );
    let server = world.serve("data", &["up"]);
    let (faults, log) = (world.outside.ministry.faults(), world.outside.ministry.log());
    let updated = || call(&server, "comexstat/atualizacao", &json!({}));
    let first = updated();
    assert_eq!((first.status, cached(&first)), (200, "MISS"), "{}", first.body);
    faults.fail_always("GET /general/dates", Fault::status(500, None));
    let stale = wait_for("an entry past its time", || Some(updated()).filter(|answer| cached(answer) != "L1"));
    assert_eq!((stale.status, cached(&stale), &stale.body), (200, "STALE", &first.body));
    assert!(stale.header("age").parse::<u64>().unwrap() >= 1);
    // Where nothing is kept, the failure is told.
    let failed = call(&server, "comexstat/anos", &json!({}));
    assert!(failed.problem(503, "source_unavailable")["detail"].as_str().unwrap().contains("comexstat"));
    assert!(failed.header("retry-after").parse::<u64>().unwrap() >= 1);
    faults.heal();
    assert_eq!(cached(&updated()), "MISS");
    assert_eq!((call(&server, "comexstat/anos", &json!({})).status, log.count("GET /general/dates/years")), (200, 3));

    let unknown = || call(&server, "comexstat/pais", &json!({"codigo": 999}));
    for level in ["MISS", "L1"] {
        let answer = unknown();
        answer.problem(404, "source_not_found");
        assert_eq!(cached(&answer), level);
    }
    assert_eq!(log.count("GET /tables/countries/999"), 1);

    assert_eq!(cached(&call(&server, "comexstat/exportacao", &sugar_in_january())), "MISS");
    let empty = || call(&server, "comexstat/exportacao", &json!({"ano": 2024, "ncm": "01012100"}));
    let nothing = empty();
    assert_eq!((nothing.status, cached(&nothing), nothing.json()["data"].clone()), (200, "MISS", json!([])));
    wait_for("the empty answer to be doubted", || (cached(&empty()) == "MISS").then_some(()));
    assert_eq!(cached(&call(&server, "comexstat/exportacao", &sugar_in_january())), "L1");
}

#[test]
fn a_thousand_requests_for_one_cold_key_ask_the_source_once() {
    let mut world = World::new("gateway-thousand", FakeMinistry::synthetic());
    world.set("BGC_HTTP_MAX_IN_FLIGHT", "4096");
    world.set("BGC_HTTP_MAX_CONNECTIONS", "4096");
    let server = world.serve("data", &["up"]);
    let ministry = &world.outside.ministry;
    ministry.faults().fail_next("POST /general", 1, Fault::SlowFirstByte(Duration::from_millis(500)));
    let address = format!("http://{}/v1/connectors/comexstat/exportacao", server.gateway);
    let answers = RUNTIME.block_on(async {
        let ask = |_| {
            let request = json_request(Method::POST, &address, &sugar_in_january());
            tokio::spawn(send_over_network(request))
        };
        let asked: Vec<_> = (0..1000).map(ask).collect();
        let mut answers = Vec::with_capacity(asked.len());
        for answer in asked {
            answers.push(answer.await.unwrap());
        }
        answers
    });
    for answer in &answers {
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert_eq!(answer.body, answers[0].body);
        assert!(["MISS", "L1"].contains(&answer.header("x-cache")), "{}", answer.header("x-cache"));
    }
    assert_eq!(ministry.log().count("POST /general"), 1);
}
