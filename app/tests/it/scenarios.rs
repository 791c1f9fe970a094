//! The six end-to-end scenarios of the simulator's page, each from a client address of its own.

use serde_json::Value;

use crate::client::{Answer, another_client, ask, ask_from};
use crate::harness::shared;

fn simulate(body: &str) -> Answer {
    let head = "POST /v1/simulator/destinations HTTP/1.1\ncontent-type: application/json";
    ask(&shared().http, head, body)
}

#[track_caller]
fn destinations(answer: &Answer) -> Vec<Value> {
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.json()["destinations"].as_array().unwrap().clone()
}

#[test]
fn scenario_1_a_main_product_has_destinations_with_every_field() {
    for ncm in ["17011400", "26011200", "12010090"] {
        let answer = simulate(&format!(r#"{{"ncm":"{ncm}"}}"#));
        let found = destinations(&answer);
        assert!(found.len() >= 6, "{ncm}: {}", found.len());
        for (at, destination) in found.iter().enumerate() {
            for field in ["country_code", "country_name", "flag_emoji", "demand_level", "recommendation_reason"] {
                assert!(destination[field].as_str().is_some_and(|text| !text.is_empty()), "{ncm} {field}");
            }
            assert_eq!(destination["rank"], at + 1);
            let score = destination["score"].as_f64().unwrap();
            assert!((0.0..=10.0).contains(&score), "{score}");
            let parts: f64 = ["market_size", "growth", "price", "distance"]
                .map(|part| destination["score_breakdown"][part]["contribution"].as_f64().unwrap())
                .iter()
                .sum();
            assert!((parts - score).abs() < 0.01, "{parts} {score}");
            let margin = destination["estimated_margin_pct"].as_f64().unwrap();
            assert!((15.0..=35.0).contains(&margin), "{margin}");
            for field in ["market_size_usd", "distance_km", "logistics_cost_usd", "lead_time_days"] {
                assert!(destination[field].as_f64().is_some_and(|number| number > 0.0), "{ncm} {field}");
            }
            for field in ["growth_rate_pct", "avg_price_usd_per_kg", "tariff_pct", "confidence", "estimates"] {
                assert!(destination.get(field).is_some(), "{ncm} {field}");
            }
        }
        let body = answer.json();
        assert_eq!(body["ncm"], ncm);
        for field in ["ncm_description", "calculated_at"] {
            assert!(body[field].as_str().is_some_and(|text| !text.is_empty()), "{field}");
        }
        assert_eq!(body["data"]["sample"], true);
    }
}

#[test]
fn scenario_2_countries_filter_and_change_no_score() {
    let all = destinations(&simulate(r#"{"ncm":"17011400","max_results":50}"#));
    let some = destinations(&simulate(r#"{"ncm":"17011400","countries":["US","CN"],"max_results":50}"#));
    let expected: Vec<&Value> =
        all.iter().filter(|found| found["country_code"] == "US" || found["country_code"] == "CN").collect();
    assert_eq!(expected.len(), 2);
    assert_eq!(some.iter().collect::<Vec<_>>(), expected);
}

#[test]
fn scenario_3_a_volume_and_five_results() {
    let found = destinations(&simulate(r#"{"ncm":"26011200","volume_kg":5000,"max_results":5}"#));
    assert_eq!(found.len(), 5);
    assert!(found.iter().all(|found| found["logistics_cost_usd"].as_f64().is_some_and(|cost| cost > 0.0)));
    assert!(found.iter().all(|found| found["estimates"]["logistics"]["volume_kg"] == 5000));
}

#[test]
fn scenario_4_five_digits_are_no_ncm() {
    let problem = simulate(r#"{"ncm":"12345"}"#).problem(400, "validation_error");
    assert!(problem["message"].as_str().unwrap().contains("NCM"), "{problem}");
}

#[test]
fn scenario_5_an_unknown_ncm_is_not_found() {
    simulate(r#"{"ncm":"99999999"}"#).problem(404, "ncm_not_found");
}

#[test]
fn scenario_6_the_sixth_free_call_is_refused() {
    let calls = || -> Vec<Answer> {
        let client = another_client();
        let head = "POST /v1/simulator/destinations HTTP/1.1\ncontent-type: application/json";
        (0..6).map(|_| ask_from(client, &shared().http, head, r#"{"ncm":"17011400"}"#)).collect()
    };
    let mut answers = calls();
    // A day that ended between two of them gives five more.
    if answers[0].header("x-ratelimit-reset") != answers[5].header("x-ratelimit-reset") {
        answers = calls();
    }
    for (answer, left) in answers.iter().zip(["4", "3", "2", "1", "0"]) {
        assert_eq!((answer.status, answer.header("x-ratelimit-remaining")), (200, left));
    }
    let refused = &answers[5];
    refused.problem(429, "rate_limit_exceeded");
    assert_eq!((refused.header("x-ratelimit-limit"), refused.header("x-ratelimit-remaining")), ("5", "0"));
    assert!(refused.header("retry-after").parse::<u32>().is_ok_and(|seconds| seconds > 0));
}
