//! `bgc ingest sync` from a ministry to an answer.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use testkit::ministry::{FakeMinistry, synthetic_year};

use crate::client::{Answer, post};
use crate::harness::{Server, bgc, wait_for};
use crate::outside::{Outside, World, told};

/// The countries that raw sugar goes to in the ministry's synthetic years, and their ISO codes. Brazil (105) and
/// undeclared (994) are in the files too, and are never ranked.
const RANKABLE: [(&str, &str); 16] = [
    ("160", "CN"),
    ("249", "US"),
    ("063", "AR"),
    ("573", "NL"),
    ("023", "DE"),
    ("245", "ES"),
    ("059", "DZ"),
    ("240", "EG"),
    ("361", "IN"),
    ("365", "ID"),
    ("053", "SA"),
    ("528", "NG"),
    ("244", "AE"),
    ("158", "CL"),
    ("845", "UY"),
    ("507", "NA"),
];

/// Sums of a destination, read from the served files and from nothing else.
#[derive(Debug, Default, Clone)]
struct Sums {
    fob_by_year: BTreeMap<u16, u64>,
    /// Of the last year, rows that weigh something.
    weighed_fob: u64,
    weighed_kg: u64,
}

fn sums(ministry: &FakeMinistry, ncm: &str) -> BTreeMap<String, Sums> {
    let mut by_country: BTreeMap<String, Sums> = BTreeMap::new();
    for year in 2020..=2024_u16 {
        let file = String::from_utf8(ministry.file(year).to_vec()).unwrap();
        for line in file.lines().skip(1) {
            let cells: Vec<&str> = line.split(';').map(|cell| cell.trim_matches('"')).collect();
            if cells[2] != ncm {
                continue;
            }
            let (kg, fob): (u64, u64) = (cells[9].parse().unwrap(), cells[10].parse().unwrap());
            let sums = by_country.entry(cells[4].to_owned()).or_default();
            *sums.fob_by_year.entry(year).or_default() += fob;
            if year == 2024 && kg > 0 {
                sums.weighed_fob += fob;
                sums.weighed_kg += kg;
            }
        }
    }
    by_country
}

/// 100·(e^slope − 1) of the Theil–Sen slope of ln(1 + V).
fn growth_pct(sums: &Sums) -> f64 {
    let values: Vec<f64> = sums.fob_by_year.values().map(|fob| (1.0 + *fob as f64).ln()).collect();
    assert_eq!(values.len(), 5);
    let pairs = (0..5).flat_map(|i| (i + 1..5).map(move |j| (i, j)));
    let mut slopes: Vec<f64> = pairs.map(|(i, j)| (values[j] - values[i]) / (j - i) as f64).collect();
    slopes.sort_by(f64::total_cmp);
    100.0 * (f64::midpoint(slopes[4], slopes[5]).exp() - 1.0)
}

#[track_caller]
fn near(got: &Value, wanted: f64, what: &str) {
    let got = got.as_f64().unwrap_or_else(|| panic!("{what} is {got}"));
    assert!((got - wanted).abs() <= 0.005 + wanted.abs() * 1e-6, "{what}: {got}, and {wanted} by hand");
}

/// An answer of the simulator against sums of the files.
fn check(answer: &Value, ministry: &FakeMinistry) {
    let by_hand = sums(ministry, "17011400");
    let iso: BTreeMap<&str, &str> = RANKABLE.iter().map(|(code, iso)| (*iso, *code)).collect();
    let destinations = answer["destinations"].as_array().unwrap();
    assert_eq!(answer["total_destinations"], RANKABLE.len());
    assert_eq!((&answer["data"]["through"], &answer["data"]["source"]), (&"2024-12".into(), &"comexstat".into()));
    let codes: BTreeSet<&str> = destinations.iter().map(|one| one["country_code"].as_str().unwrap()).collect();
    assert_eq!(codes, iso.keys().copied().collect());
    let largest = by_hand.values().map(|sums| sums.fob_by_year[&2024]).max().unwrap();
    for (place, destination) in destinations.iter().enumerate() {
        let code = destination["country_code"].as_str().unwrap();
        let sums = &by_hand[iso[code]];
        near(&destination["market_size_usd"], sums.fob_by_year[&2024] as f64, code);
        near(&destination["growth_rate_pct"], growth_pct(sums), code);
        near(&destination["avg_price_usd_per_kg"], sums.weighed_fob as f64 / sums.weighed_kg as f64, code);
        assert_eq!(destination["rank"], place + 1);
        if sums.fob_by_year[&2024] == largest {
            near(&destination["score_breakdown"]["market_size"]["normalized"], 1.0, "the largest market's size");
        }
        let parts = destination["score_breakdown"].as_object().unwrap().values();
        let score: f64 = parts.map(|part| part["contribution"].as_f64().unwrap()).sum();
        assert!((destination["score"].as_f64().unwrap() - score).abs() < 0.05, "{destination}");
    }
    let scores: Vec<f64> = destinations.iter().map(|one| one["score"].as_f64().unwrap()).collect();
    assert!(scores.is_sorted_by(|left, right| left >= right), "{scores:?}");
}

#[test]
fn a_newcomer_s_server_answers_with_what_the_ministry_published_and_then_revised() {
    let outside = Outside::new("whole-path", FakeMinistry::synthetic());
    let (data_dir, ministry) = (outside.files.join("data"), &outside.ministry);
    let server = Server::up(&data_dir, false);
    let ask = || post(&server.http, "/v1/simulator/destinations", r#"{"ncm":"17011400","max_results":50}"#);
    assert_ne!(ask().status, 200, "there is no data yet");
    // Beside the running server, whose PostgreSQL it uses.
    let sync = |arguments: &[&str]| {
        let mut command = bgc(&data_dir);
        command.envs(outside.environment()).args(["ingest", "sync"]).args(arguments).output().unwrap()
    };
    let output = sync(&[]);
    assert!(output.status.success(), "{}", told(&output));
    let text = told(&output);
    assert!(text.starts_with("official files of 127.0.0.1"), "{text}");
    assert!(text.contains("13 files loaded in ") && text.contains("data through 2024-12"), "{text}");
    // Each year that is loaded makes a snapshot; a sync that finds nothing new tells which is the last.
    let report: Value = serde_json::from_slice(&sync(&["--json"]).stdout).unwrap();
    let first = wait_for("the last snapshot of the sync", || Some(ask()).filter(|answer| is_of(answer, &report)));
    check(&first.json(), ministry);
    let total: u128 = (2020..=2024).map(|year| ministry.sums(year).unwrap().fob_usd).sum();
    let reported = server.get("/metrics/resumo").json();
    near(&reported["totalUsd"], total as f64, "the sum of five years");

    ministry.revise(2024, synthetic_year(2024, 12, 1, 1));
    ministry.log().clear();
    let output = sync(&["--json"]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", told(&output)));
    assert_eq!(outcomes(&report, "loaded"), ["EXP_2024.csv"]);
    assert_eq!(ministry.log().count("GET /balanca/bd/comexstat-bd/ncm/EXP_20"), 1);
    let revised = wait_for("the revised year", || Some(ask()).filter(|answer| is_of(answer, &report)));
    assert_ne!(first.header("etag"), revised.header("etag"));
    check(&revised.json(), ministry);
    assert_ne!(first.json()["destinations"], revised.json()["destinations"]);
    assert_eq!(server.stop("TERM").code(), Some(0));
}

/// Whether an answer was given from the snapshot that a sync ended with.
fn is_of(answer: &Answer, report: &Value) -> bool {
    let version = format!("-{}", report["snapshot"]);
    answer.status == 200 && answer.json()["data"]["snapshot"].as_str().unwrap().ends_with(&version)
}

/// The files of a report that came to this.
pub fn outcomes(report: &Value, outcome: &str) -> Vec<String> {
    let files = report["files"].as_array().unwrap().iter();
    files.filter(|file| file["outcome"] == outcome).map(|file| file["file"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_published_months_of_2025_come_through_to_the_dollar() {
    let Some(ministry) = FakeMinistry::real() else { return };
    let world = World::new("sync-real", ministry);
    let report: Value = serde_json::from_str(&world.done(&["ingest", "sync", "--json"])).unwrap();
    assert_eq!((&report["through"], &report["announced"]), (&"2025-02".into(), &"2025-02".into()), "{report}");
    let sums = world.outside.ministry.sums(2025).unwrap();
    let loaded = report["files"].as_array().unwrap().iter().find(|file| file["year"] == 2025).unwrap();
    assert_eq!((&loaded["outcome"], &loaded["rows"]), (&"loaded".into(), &sums.rows.into()));
    assert_eq!(world.number("SELECT sum(valor_usd) FROM stg.exportacao"), sums.fob_usd as f64);
    assert_eq!(world.number("SELECT sum(peso_kg) FROM stg.exportacao"), sums.weight_kg as f64);
    let answer: Value = serde_json::from_str(&world.done(&["simulate", "17011400", "--json"])).unwrap();
    assert!(!answer["destinations"].as_array().unwrap().is_empty(), "{answer}");
}
