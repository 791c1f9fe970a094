//! Loads beside a running server, and a PostgreSQL that is killed under it.

use serde_json::{Value, json};
use testkit::TempDir;

use crate::client::{get, sugar};
use crate::files::{file, large, official};
use crate::harness::{
    Background, Server, ask_postgres, bgc, done, postmaster, refused, run, sample_copy, signal, stderr, wait_for,
    wait_until_copying,
};

/// Counts the staging tables that no load fills any more.
const STRAYS: &str = "SELECT count(*) FROM pg_class WHERE relnamespace = 'stg'::regnamespace AND relkind = 'r' \
    AND NOT relispartition AND relname ~ '^exportacao_[0-9]+_v[0-9]+$'";

/// Waits until the server answers with this total.
#[track_caller]
fn wait_for_total(server: &Server, usd: u64) {
    wait_for("the new snapshot", || {
        let answer = server.get("/metrics/resumo");
        assert_eq!(answer.status, 200, "{}", answer.body);
        (answer.json()["totalUsd"] == usd).then_some(())
    });
}

#[test]
fn a_load_replaces_the_sample_under_a_running_server_and_is_a_no_op_the_second_time() {
    let (dir, data_dir) = sample_copy("swap");
    let server = Server::up(&data_dir, false);
    let tag = server.get("/metrics/resumo").header("etag").to_owned();
    let path = file(dir.path(), "EXP_2025.csv", official(100, 11));
    let report: Value = serde_json::from_str(&done(&data_dir, &["ingest", "load-csv", &path, "--json"])).unwrap();
    assert_eq!((&report["changed"], &report["rows_loaded"]), (&Value::from(true), &Value::from(100)));
    assert_eq!((&report["fob_usd"], &report["kg"]), (&Value::from(148_911), &Value::from(6_400)));
    assert_eq!(report["months"]["2025-02"]["rows"], 50);
    wait_for_total(&server, 148_911);
    let answer = sugar(&server.http);
    let headers = ["x-data-sample", "x-data-source", "x-data-through"].map(|name| answer.header(name));
    assert_eq!(headers, ["false", "comexstat", "2025-02"]);
    assert_eq!(answer.json()["total_destinations"], 2);
    assert_ne!(server.get("/metrics/resumo").header("etag"), tag);
    assert_eq!(ask_postgres(&data_dir, "SELECT count(*) FROM stg.live_year WHERE ingest_source = 'sample'"), Some(0));
    let text = done(&data_dir, &["ingest", "load-csv", &path]);
    assert!(text.contains("nothing to do"), "{text}");
    let message = refused(&data_dir, &["ingest", "sample"]);
    assert!(message.contains("real data of 2025"), "{message}");
    let message = refused(&data_dir, &["ingest", "load-csv", &path, "--source", "other"]);
    assert!(message.contains("2025") && message.contains("comexstat"), "{message}");
    assert_eq!(done(&data_dir, &["ingest", "refresh-mv"]), "the reports are refreshed\n");
    wait_for("the counts of the loads", || {
        let metrics = get(&server.operations, "/metrics").body;
        metrics.contains("bgc_ingest_batches{source=\"comexstat\",outcome=\"live\"} 1").then_some(())
    });
    server.stop("TERM");
}

#[test]
fn a_killed_postgresql_comes_back_while_the_server_goes_on_answering() {
    let (dir, data_dir) = sample_copy("postgres-killed");
    let server = Server::up(&data_dir, false);
    let before = server.get("/metrics/resumo").body;
    let first = postmaster(&data_dir).unwrap();
    signal(first, "KILL");
    let answered = || assert_eq!(server.get("/metrics/resumo").body, before, "the last good snapshot answers");
    wait_for("PostgreSQL to run again", || {
        answered();
        // What is counted is refused while nobody can count; it never fails in another way.
        let simulated = sugar(&server.http);
        assert!(matches!((simulated.status, simulated.header("retry-after")), (200, "") | (503, "1")), "{simulated:?}");
        ask_postgres(&data_dir, "SELECT count(*) FROM stg.live_year").filter(|_| postmaster(&data_dir) != Some(first))
    });
    wait_for("simulations", || (sugar(&server.http).status == 200).then_some(()));
    // Killed again, under a load.
    let mut command = bgc(&data_dir);
    command.args(["ingest", "load-csv", large(), "--allow-shrink"]);
    let mut load = Background::start(command, dir.join("load.stderr"));
    wait_until_copying(&data_dir);
    signal(postmaster(&data_dir).unwrap(), "KILL");
    assert_eq!(load.end().code(), Some(1), "{}", load.log());
    let told = load.log();
    let error = told.lines().find(|line| line.starts_with("error: ")).unwrap_or_else(|| panic!("no error: {told}"));
    assert!(error.contains("EXP_large.csv: ") && error.contains("PostgreSQL"), "{told}");
    answered();
    wait_for("PostgreSQL to run once more", || ask_postgres(&data_dir, "SELECT count(*) FROM stg.live_year"));
    answered();
    let path = file(dir.path(), "EXP_2025.csv", official(10, 0));
    done(&data_dir, &["ingest", "load-csv", &path]);
    wait_for_total(&server, 14_890);
    assert_eq!(ask_postgres(&data_dir, STRAYS), Some(0), "no staging table is left");
    assert!(server.log_lines().iter().any(|line| line["message"] == "PostgreSQL runs again"));
    server.stop("TERM");
}

#[test]
fn a_load_that_is_killed_changes_nothing_and_the_next_one_works() {
    let (dir, data_dir) = sample_copy("load-killed");
    let before: Value = serde_json::from_str(&done(&data_dir, &["simulate", "17011400", "--json"])).unwrap();
    for name in ["KILL", "TERM"] {
        let mut command = bgc(&data_dir);
        command.args(["ingest", "load-csv", large()]);
        let mut load = Background::start(command, dir.join("load.stderr"));
        wait_until_copying(&data_dir);
        signal(load.id(), name);
        let status = load.end();
        if name == "TERM" {
            assert_eq!(status.code(), Some(1));
            assert!(load.log().contains("interrupted; nothing was loaded"), "{}", load.log());
            assert_eq!(postmaster(&data_dir), None);
        }
        let after: Value = serde_json::from_str(&done(&data_dir, &["simulate", "17011400", "--json"])).unwrap();
        assert_eq!((&after["destinations"], &after["data"]), (&before["destinations"], &before["data"]));
    }
    let path = file(dir.path(), "EXP_2025.csv", official(10, 0));
    done(&data_dir, &["ingest", "load-csv", &path]);
    let after: Value = serde_json::from_str(&done(&data_dir, &["simulate", "17011400", "--json"])).unwrap();
    assert_eq!((&after["data"]["sample"], &after["total_destinations"]), (&Value::from(false), &Value::from(2)));
}

#[test]
fn the_ministrys_code_tables_are_loaded_where_they_are() {
    let Some(shared) = testkit::shared_data() else { return };
    let (_dir, data_dir) = sample_copy("tables");
    let server = Server::up(&data_dir, false);
    let tables = shared.join("tables");
    let loaded = run(&data_dir, &["ingest", "load-tables", tables.to_str().unwrap(), "--json"]);
    assert!(loaded.status.success(), "{}", stderr(&loaded));
    let report: Value = serde_json::from_slice(&loaded.stdout).unwrap();
    assert!(report["tables"].as_object().unwrap().values().all(|rows| rows.as_u64().unwrap() > 0), "{report}");
    wait_for("the ministry's own name of sugar", || {
        let description = sugar(&server.http).json()["ncm_description"].as_str().unwrap().to_owned();
        (description != "Açúcar de cana em bruto").then_some(())
    });
    server.stop("TERM");
}

#[test]
fn loads_are_listed_compared_and_taken_back_under_a_running_server() {
    let dir = TempDir::new("history");
    let data_dir = dir.join("data");
    let server = Server::up(&data_dir, false);
    let json = |args: &[&str]| serde_json::from_str::<Value>(&done(&data_dir, args)).unwrap();
    assert_eq!(done(&data_dir, &["ingest", "batches"]), "nothing was loaded so far\n");
    let first = file(dir.path(), "A.csv", official(100, 11));
    assert_eq!(json(&["ingest", "load-csv", &first, "--json"])["served"], "yes");
    // The load returned when the server had swapped: its next answer is the new one.
    assert_eq!(server.get("/metrics/resumo").json()["totalUsd"], 148_911);
    let second = file(dir.path(), "B.csv", official(90, 5));
    let text = done(&data_dir, &["ingest", "load-csv", &second]);
    assert!(
        text.contains("2025: 100 rows, US$ 148,911 replaced by 90 rows") && text.contains("answers from it"),
        "{text}"
    );
    let batches = json(&["ingest", "batches", "--json"]);
    let newest = batches[0]["batch"].as_str().unwrap();
    assert_eq!((&batches[0]["outcome"], &batches[0]["replaced"][0]["kept"]), (&json!("live"), &json!(true)));
    let compared = json(&["ingest", "diff", "--batch", newest, "--json"]);
    assert_eq!(compared["total"]["fob_usd_before"], 148_911);
    // Without a terminal it is done only when the command line says so.
    let unconfirmed = run(&data_dir, &["ingest", "drop", "--batch", newest]);
    assert_eq!(unconfirmed.status.code(), Some(2), "{}", stderr(&unconfirmed));
    assert!(stderr(&unconfirmed).contains("--yes"), "{}", stderr(&unconfirmed));
    assert_eq!(json(&["ingest", "drop", "--batch", newest, "--yes", "--json"])["restored"], json!([2025]));
    assert_eq!(server.get("/metrics/resumo").json()["totalUsd"], 148_911);
    let twice = refused(&data_dir, &["ingest", "drop", "--batch", newest, "--yes"]);
    assert!(twice.contains("is dropped"), "{twice}");
    let text = done(&data_dir, &["ingest", "drop", "--year", "2025", "--yes"]);
    assert!(text.contains("2025: holds nothing now"), "{text}");
    let empty = server.get("/metrics/resumo");
    assert_eq!((empty.status, &empty.json()["error"]), (503, &json!("data_unavailable")), "{}", empty.body);
    assert_eq!(run(&data_dir, &["ingest", "drop", "--yes"]).status.code(), Some(2));
    server.stop("TERM");
    let report = json(&["ingest", "load-csv", &first, "--json"]);
    assert_eq!(report["served"], "no_server");
}
