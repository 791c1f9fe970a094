//! What an operator sees: metrics and logs.

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::client::{ask, get, post, sugar};
use crate::harness::{shared, wait_for};

#[test]
fn metrics_are_well_formed_and_tell_of_requests_queries_loads_and_freshness() {
    let server = shared();
    sugar(&server.http);
    server.get("/nowhere");
    let text = wait_for("the first counts", || {
        let text = get(&server.operations, "/metrics").body;
        text.contains("bgc_ingest_batches{").then_some(text)
    });
    for begin in [
        "bgc_http_requests_total{",
        "bgc_http_request_duration_seconds_bucket{",
        "bgc_http_requests_in_flight ",
        "bgc_query_duration_seconds_count{",
        "bgc_ingest_batches{source=\"sample\",outcome=\"live\"} 1",
        "bgc_ingest_rows{source=\"sample\",outcome=\"live\"} 80000",
        "bgc_ingest_last_duration_seconds ",
        "bgc_snapshot_rows ",
        "bgc_snapshot_years 5",
        "bgc_store_up 1",
        "bgc_data_freshness_seconds ",
        "bgc_data_last_load_timestamp_seconds ",
    ] {
        assert!(text.lines().any(|line| line.starts_with(begin)), "no {begin} in {text}");
    }
    assert!(text.contains("/v1/simulator/destinations") && !text.contains("/nowhere"), "{text}");
    check_with_promtool(&text);
}

#[expect(clippy::print_stderr, reason = "a skipped check says so in its output")]
pub fn check_with_promtool(text: &str) {
    let mut command = Command::new("promtool");
    command.args(["check", "metrics"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut promtool = match command.spawn() {
        Ok(promtool) => promtool,
        Err(_) => return eprintln!("skipped: no promtool here"),
    };
    promtool.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = promtool.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    // Gauges whose names end as a counter's should: dashboards of institutions know them so, and they stay.
    let known = ["core_dict_claims_active_total ", "core_dict_entries_total "];
    let more: Vec<&str> = said.lines().filter(|line| !known.iter().any(|name| line.starts_with(name))).collect();
    assert!(more.is_empty(), "{more:?}");
}

#[test]
fn every_line_of_the_log_is_json_and_the_access_log_has_its_fields_and_no_secret() {
    let server = shared();
    let head = "GET /metrics/resumo?ano=2024&token=s3cret-a HTTP/1.1\nauthorization: Bearer s3cret-b\ncookie: s=s3cret-c\nuser-agent: probe/1\ntraceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    ask(&server.http, head, "").problem(400, "validation_error");
    post(&server.http, "/v1/simulator/destinations", r#"{"ncm":"17011400","token":"s3cret-d"}"#);
    let trace = "0af7651916cd43dd8448eb211c80319c";
    let line =
        wait_for("the line of the request", || server.log_lines().into_iter().find(|line| line["trace_id"] == trace));
    let names: Vec<&str> = line.as_object().unwrap().keys().map(String::as_str).collect();
    let mut expected = [
        "timestamp",
        "level",
        "service",
        "endpoint",
        "method",
        "duration_ms",
        "status",
        "user_agent",
        "query_params",
        "trace_id",
    ];
    expected.sort_unstable();
    assert_eq!(names, expected);
    assert_eq!(line["service"], "bgc");
    assert_eq!((&line["endpoint"], &line["method"]), (&Value::from("/metrics/resumo"), &Value::from("GET")));
    assert_eq!((&line["status"], &line["user_agent"]), (&Value::from(400), &Value::from("probe/1")));
    assert_eq!(line["query_params"], serde_json::json!({"ano": "2024"}));
    assert!(line["duration_ms"].is_number(), "{line}");
    for line in server.log_lines() {
        for name in ["timestamp", "level", "service"] {
            assert!(line[name].is_string(), "{line}");
        }
    }
    assert!(!server.process.log().contains("s3cret"), "a secret is in the log");
}
