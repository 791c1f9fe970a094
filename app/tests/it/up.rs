//! `bgc up --sample` as a newcomer meets it.

use std::process::Command;

use serde_json::Value;
use testkit::TempDir;

use crate::client::sugar;
use crate::harness::{Server, done, refused, run, shared, stderr};

#[test]
fn a_newcomer_gets_an_answer_from_one_command_and_one_printed_line() {
    let dir = TempDir::new("newcomer");
    let data_dir = dir.join("data");
    let server = Server::up(&data_dir, true);
    assert!(server.printed.starts_with("bgc is ready after "), "{}", server.printed);
    assert!(server.printed.contains("(sample data)"), "{}", server.printed);
    let line = server.printed.lines().find(|line| line.contains("curl")).unwrap();
    let answer: Value = match Command::new("sh").args(["-c", line]).output() {
        Ok(output) if output.status.success() => serde_json::from_slice(&output.stdout).unwrap(),
        _ => sugar(&server.http).json(),
    };
    assert_eq!(answer["destinations"].as_array().unwrap().len(), 10);
    assert_eq!(answer["data"]["sample"], true);
    assert_eq!(answer["ncm_description"], "Açúcar de cana em bruto");
    let second = run(&data_dir, &["up", "--sample"]);
    assert_eq!(second.status.code(), Some(1));
    let pid = server.process.id().to_string();
    assert!(stderr(&second).contains("runs already") && stderr(&second).contains(&pid), "{}", stderr(&second));
    let snapshot = sugar(&server.http).header("x-data-snapshot").to_owned();
    assert_eq!(server.stop("TERM").code(), Some(0));
    // The second start finds its data and loads nothing.
    let again = Server::up(&data_dir, true);
    assert_eq!(sugar(&again.http).header("x-data-snapshot"), snapshot);
    assert_eq!(again.stop("INT").code(), Some(0));
}

#[test]
fn every_answer_says_that_it_is_a_sample() {
    let server = shared();
    for path in [
        "/metrics/resumo",
        "/metrics/pais?limit=3",
        "/v1/exports?drilldowns=year",
        "/v1/exports?drilldowns=year&format=csv",
        "/v1/ncm?q=soja",
        "/v1/countries",
    ] {
        let answer = server.get(path);
        let headers = ["x-data-sample", "x-data-source", "x-data-through"].map(|name| answer.header(name));
        assert_eq!((answer.status, headers), (200, ["true", "sample", "2024-12"]), "{path}: {}", answer.body);
    }
    assert_eq!(server.get("/metrics/resumo").json()["data"]["sample"], true);
    assert_eq!(server.get("/v1/exports?drilldowns=year").json()["meta"]["sample"], true);
}

#[test]
fn simulate_answers_at_the_terminal_with_and_without_a_server() {
    let server = shared();
    let table = done(&server.data_dir, &["simulate", "1701.14.00", "--volume-kg", "25000", "--max-results", "3"]);
    assert!(table.contains("Açúcar de cana em bruto") && table.contains("AMOSTRA"), "{table}");
    let json = done(&server.data_dir, &["simulate", "17011400", "--countries", "US,CN", "--json"]);
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["total_destinations"], 2);
    let (_dir, alone) = crate::harness::sample_copy("simulate");
    let same = done(&alone, &["simulate", "17011400", "--countries", "US,CN", "--json"]);
    let same: Value = serde_json::from_str(&same).unwrap();
    assert_eq!(same["destinations"], json["destinations"]);
    assert_eq!(crate::harness::postmaster(&alone), None, "the command stopped the server it started");
    let unknown = run(&alone, &["simulate", "17011400", "--countries", "XX"]);
    assert_eq!(unknown.status.code(), Some(2), "{}", stderr(&unknown));
    assert!(stderr(&unknown).contains("/countries/0"), "{}", stderr(&unknown));
    refused(&alone, &["simulate", "99999998"]);
}

#[test]
fn an_empty_store_says_what_to_load() {
    let dir = TempDir::new("empty");
    let message = refused(&dir.join("data"), &["simulate", "17011400"]);
    assert!(message.contains("bgc ingest load-csv"), "{message}");
    let server = Server::up(&dir.join("data"), false);
    assert!(server.printed.contains("no data yet"), "{}", server.printed);
    let problem = sugar(&server.http).problem(503, "data_unavailable");
    assert!(problem["detail"].as_str().unwrap().contains("bgc up --sample"), "{problem}");
    server.get("/metrics/resumo").problem(503, "data_unavailable");
    server.get("/v1/exports?drilldowns=year").problem(503, "data_unavailable");
    assert_eq!(server.get("/ready").status, 200);
    server.stop("TERM");
}
