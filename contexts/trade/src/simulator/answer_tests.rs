//! Requests and answers as clients see them.

use prometheus_client::metrics::counter::Counter;
use std::sync::Arc;

use arc_swap::ArcSwap;
use axum::body::Body;
use axum::http::{HeaderMap, Request as HttpRequest, StatusCode};
use chrono::{DateTime, Utc};
use platform::clock::Clock;
use platform::http::language::Language;
use serde_json::{Value, json};
use tower::ServiceExt;

use super::fixture::{Row, covered, month, reference, segments};
use super::lookup::CountryLookup;
use super::record::SimulationLog;
use super::request::Request;
use super::{DataLabel, estimates::EstimateTable, simulate, table};
use crate::TradeState;
use crate::cube::Snapshot;
use crate::domain::code::Month;

#[derive(Debug)]
struct Noon;

impl Clock for Noon {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp(1_746_100_800, 0).unwrap_or_default()
    }
}

const SUGAR: u32 = 17_011_400;

/// Five years of sugar to April 2025: China grows, the United States shrink, Argentina misses a year,
/// Angola buys once; and Brazil and ships' stores, which are no destinations.
fn snapshot() -> Snapshot {
    let mut rows = Vec::new();
    for age in 0..60_u16 {
        let at: Month = month(2025, 4).minus(age);
        let year = i64::from(age / 12);
        let mut add = |country, usd: i64, kg: i64| {
            rows.push(Row { ncm: SUGAR, country, month: at, fob_cents: usd * 100 + 50, weight_g: kg * 1000 });
        };
        add(160, 9_000_000 - 1_500_000 * year, 20_000_000);
        add(249, 1_000_000 + 200_000 * year, 1_500_000);
        if year != 2 {
            add(63, 40_000, 90_000);
        }
        if age == 1 {
            add(40, 900, 0);
        }
        add(105, 70_000, 1);
        add(990, 8_000, 1);
    }
    let coverage = covered(2020, month(2025, 4));
    Snapshot::new("s-1".into(), segments(&rows), Arc::new(reference()), coverage, "comexstat".into(), false, None)
}

fn state() -> TradeState {
    TradeState::new(Arc::new(ArcSwap::from_pointee(snapshot())), Arc::new(Noon))
}

fn post(state: TradeState, body: &str, language: &str) -> (StatusCode, HeaderMap, Value) {
    let request = HttpRequest::post("/v1/simulator/destinations")
        .header("content-type", "application/json")
        .header("accept-language", language)
        .body(Body::from(body.to_owned()))
        .unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let response = axum::Router::from(super::http::routes().with_state(state)).oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        (parts.status, parts.headers, serde_json::from_slice(&body).unwrap())
    })
}

#[test]
fn an_answer_says_everything() {
    let (status, headers, body) = post(state(), r#"{"ncm":"1701.14.00","volume_kg":2500,"max_results":2}"#, "pt-BR");
    assert_eq!(status, StatusCode::OK);
    assert_eq!(headers["x-data-through"], "2025-04");
    assert_eq!(headers["content-language"], "pt-BR");
    assert!(headers.contains_key("etag"));
    read_as_documented(&body);
    insta::assert_json_snapshot!(body);
}

/// An answer has the members that the OpenAPI document names, and no others.
fn read_as_documented(body: &Value) {
    let read = serde_json::from_value::<super::http::schema::Simulation>(body.clone());
    assert!(read.is_ok(), "{read:?}: {body}");
}

#[test]
fn english_is_spoken_and_gaps_are_said() {
    let (_, _, body) = post(state(), r#"{"ncm":"17011400","countries":["ao","AR"]}"#, "en");
    read_as_documented(&body);
    assert_eq!(body["total_destinations"], 2);
    assert_eq!(body["data"]["reference_destinations"], 4);
    let reasons: Vec<_> =
        body["destinations"].as_array().unwrap().iter().map(|d| d["recommendation_reason"].clone()).collect();
    insta::assert_json_snapshot!(reasons);
    let angola = &body["destinations"][1];
    assert_eq!(angola["country_code"], "AO");
    assert_eq!(angola["confidence"], "baixa");
    assert_eq!(angola["avg_price_usd_per_kg"], Value::Null);
    assert_eq!(angola["score_breakdown"]["price"]["normalized"], 0.5);
    assert_eq!(angola["score_breakdown"]["price"]["insufficient_data"], true);
    let argentina = &body["destinations"][0];
    assert_eq!(argentina["tariff_pct"], Value::Null, "sugar is outside ACE 18");
    assert_eq!(argentina["estimates"]["tariff"]["note"], "sugar is outside ACE 18");
    assert_eq!(angola["logistics_share_pct"].as_f64().map(|share| share > 0.0), Some(true), "the product's price");
    assert_eq!(angola["goods_value_basis"], "preco_do_produto");
    assert_eq!(argentina["growth_rate_pct"], Value::Null, "one window is zero");
    assert_eq!(argentina["estimates"]["logistics"]["volume_assumed"], true);
}

#[test]
fn parts_add_up_and_a_filter_changes_nothing() {
    let (_, _, all) = post(state(), r#"{"ncm":"17011400"}"#, "pt");
    for destination in all["destinations"].as_array().unwrap() {
        let parts = destination["score_breakdown"].as_object().unwrap();
        let sum: f64 = parts.values().map(|part| part["contribution"].as_f64().unwrap()).sum();
        assert!((sum - destination["score"].as_f64().unwrap()).abs() < 0.006);
        let code = destination["country_code"].as_str().unwrap();
        let (_, _, one) = post(state(), &json!({"ncm": "17011400", "countries": [code]}).to_string(), "pt");
        assert_eq!(&one["destinations"][0], destination);
        assert_eq!(one["total_destinations"], 1);
    }
}

#[test]
fn a_known_product_without_exports_is_an_answer_and_an_unknown_one_is_not() {
    let (status, _, body) = post(state(), r#"{"ncm":"12019000"}"#, "pt");
    assert_eq!((status, &body["total_destinations"]), (StatusCode::OK, &json!(0)));
    assert_eq!(body["ncm_description"], "Soja, mesmo triturada, \"exceto\" para semeadura");
    assert_eq!(body["data"]["through"], "2025-04");
    let (status, _, body) = post(state(), r#"{"ncm":"01012100"}"#, "pt");
    assert_eq!((status, &body["error"]), (StatusCode::NOT_FOUND, &json!("ncm_not_found")));
}

#[test]
fn every_wrong_field_is_reported() {
    let body = r#"{"ncm":"170114000","volume_kg":0,"max_results":51,"countries":["US","XX","BR",990,null],
        "weights":{"growth":-1,"foo":1},"limit":3}"#;
    let (status, _, body) = post(state(), body, "pt");
    assert_eq!((status, &body["error"]), (StatusCode::BAD_REQUEST, &json!("validation_error")));
    insta::assert_json_snapshot!(body["errors"]);
}

#[test]
fn single_mistakes_are_named() {
    let lookup = CountryLookup::new(&reference());
    let wrong = |body: Value| {
        let errors = Request::parse(&body, &lookup, Language::En).unwrap_err();
        errors.into_iter().map(|error| format!("{}: {}", error.pointer, error.detail)).collect::<Vec<_>>().join("\n")
    };
    insta::assert_snapshot!(wrong(json!([])), @r#": The body must be a JSON object with the field "ncm"."#);
    insta::assert_snapshot!(wrong(json!({})), @r#"/ncm: The NCM is missing: give 8 digits, such as "17011400"."#);
    insta::assert_snapshot!(wrong(json!({"ncm": 9_011_110})), @r#"/ncm: The NCM must have 8 digits. This one has 7; if the code starts with a zero, write the zero, as in "09011110"."#);
    insta::assert_snapshot!(wrong(json!({"ncm": "sugar"})), @"/ncm: The NCM must have 8 digits. Use digits only; dots and spaces are accepted.");
    insta::assert_snapshot!(wrong(json!({"ncm": "17011400", "weights": {}})), @"/weights: At least one weight must be above 0.");
    insta::assert_snapshot!(wrong(json!({"ncm": "17011400", "weights": 1})), @"/weights: weights must be an object with market_size, growth, price and distance.");
    for volume in [json!(0), json!(-1), json!("1"), json!(1e13), json!(true)] {
        assert!(wrong(json!({"ncm": "17011400", "volume_kg": volume})).starts_with("/volume_kg: "));
    }
    for number in [json!(0), json!(51), json!(1.5), json!("10"), json!(-3)] {
        assert!(wrong(json!({"ncm": "17011400", "max_results": number})).starts_with("/max_results: "));
    }
    let many: Vec<Value> = (0..301).map(|_| json!("US")).collect();
    insta::assert_snapshot!(wrong(json!({"ncm": "17011400", "countries": many})), @"/countries: At most 300 countries.");
}

#[test]
fn countries_are_understood_however_they_are_coded() {
    let lookup = CountryLookup::new(&reference());
    let body = json!({"ncm": "1701 14 00", "countries": ["us", "USA", "249", 396, "23", "na", "DEU"], "weights": null});
    let request = Request::parse(&body, &lookup, Language::PtBr).unwrap();
    assert_eq!(request.country_codes, ["DE", "NA", "US"]);
    assert_eq!(
        Request::parse(&json!({"ncm": "17011400", "countries": []}), &lookup, Language::PtBr).unwrap().countries,
        None
    );
}

#[test]
fn a_simulation_is_kept_without_personal_data_and_never_waits() {
    let (log, mut records) = SimulationLog::new(1, Counter::default());
    let state = TradeState { simulations: Some(log.clone()), ..state() };
    let body = r#"{"ncm":"17011400","volume_kg":2500,"countries":["US"]}"#;
    post(state.clone(), body, "pt");
    post(state, body, "pt");
    let record = records.try_recv().unwrap();
    assert_eq!((record.ncm.as_str(), record.volume_kg_magnitude), ("17011400", Some(1_000.0)));
    assert_eq!((record.countries.as_slice(), record.top.len()), (["US".to_owned()].as_slice(), 1));
    assert_eq!(log.dropped(), 1);
}

#[test]
fn an_empty_store_says_so() {
    let state = TradeState::new(Arc::new(ArcSwap::from_pointee(Snapshot::empty())), Arc::new(Noon));
    let (status, _, body) = post(state, r#"{"ncm":"17011400","countries":["US"]}"#, "pt");
    assert_eq!((status, &body["error"]), (StatusCode::SERVICE_UNAVAILABLE, &json!("data_unavailable")));
}

#[test]
fn the_command_line_shows_a_table() {
    let snapshot = snapshot();
    let request = Request::parse(&json!({"ncm": "17011400"}), snapshot.ranking.lookup(), Language::PtBr).unwrap();
    let simulation = simulate(&snapshot.ranking, &snapshot.reference, EstimateTable::embedded(), &request).unwrap();
    let label = DataLabel { snapshot: "s-1", source: "comexstat", sample: true };
    insta::assert_snapshot!(table::write(&simulation, label, Language::PtBr));
}
