//! What the API says of requests it does not take, and what it says in headers.

use crate::client::{ask, post};
use crate::harness::shared;

const SIMULATE: &str = "/v1/simulator/destinations";

#[test]
fn every_refusal_is_a_problem() {
    let address = &shared().http;
    let json = format!("POST {SIMULATE} HTTP/1.1\ncontent-type: application/json");
    ask(address, "GET /nowhere HTTP/1.1", "").problem(404, "not_found");
    ask(address, "GET /v1/simulator HTTP/1.1", "").problem(404, "not_found");
    let refused = ask(address, &format!("GET {SIMULATE} HTTP/1.1"), "");
    refused.problem(405, "method_not_allowed");
    assert_eq!(refused.header("allow"), "POST");
    ask(address, "DELETE /metrics/resumo HTTP/1.1", "").problem(405, "method_not_allowed");
    ask(address, &json, &format!("{{\"ncm\":\"{}\"}}", "1".repeat(200_000))).problem(413, "payload_too_large");
    ask(address, &format!("POST {SIMULATE} HTTP/1.1"), "{}").problem(415, "unsupported_media_type");
    let text = format!("POST {SIMULATE} HTTP/1.1\ncontent-type: text/plain");
    ask(address, &text, "{\"ncm\":\"17011400\"}").problem(415, "unsupported_media_type");
    for body in ["{\"ncm\":", "", "[]", "\"17011400\"", "{\"ncm\":17011400.5}", "{}", "{\"ncm\":\"17011400\",\"x\":1}"]
    {
        post(address, SIMULATE, body).problem(400, "validation_error");
    }
    post(address, SIMULATE, r#"{"ncm":"99999999"}"#).problem(404, "ncm_not_found");
    for path in [
        "/metrics/resumo?ano=nunca",
        "/metrics/resumo?year=2024",
        "/metrics/pais?limit=0",
        "/v1/exports?drilldowns=planet",
        "/v1/exports?cuts=country:XX",
        "/v1/ncm?limit=1000",
        "/v1/countries?x=1",
    ] {
        let problem = ask(address, &format!("GET {path} HTTP/1.1"), "").problem(400, "validation_error");
        assert!(!problem["errors"].as_array().unwrap().is_empty(), "{path}: {problem}");
    }
}

#[test]
fn refusals_are_said_in_the_language_of_the_client() {
    let address = &shared().http;
    for path in [
        "/nowhere",
        "/metrics/resumo?ano=nunca",
        "/metrics/resumo?setor=servicos",
        "/metrics/pais?limit=0",
        "/v1/exports?drilldowns=planet",
        "/v1/exports?cuts=country:XX,year:1950",
        "/v1/exports?limit=0&offset=x&sort=a.b",
        "/v1/ncm?q=a&q=b",
        "/v1/saved-products",
    ] {
        let portuguese = ask(address, &format!("GET {path} HTTP/1.1"), "");
        let english = ask(address, &format!("GET {path} HTTP/1.1\naccept-language: en"), "");
        assert_eq!((portuguese.header("content-language"), english.header("content-language")), ("pt-BR", "en"));
        let (portuguese, english) = (portuguese.json(), english.json());
        assert_eq!(portuguese["error"], english["error"], "{path}");
        for member in ["title", "detail", "message"] {
            assert_ne!(portuguese[member], english[member], "{path}");
        }
        assert!(english["detail"].as_str().unwrap().is_ascii(), "{english}");
        let errors = |body: &serde_json::Value| body["errors"].as_array().map_or(0, Vec::len);
        assert_eq!(errors(&portuguese), errors(&english), "{path}");
    }
}

#[test]
fn an_answer_that_the_client_has_is_not_sent_again() {
    let server = shared();
    for path in ["/metrics/resumo", "/metrics/pais", "/v1/exports?drilldowns=year", "/v1/ncm?q=soja", "/v1/countries"] {
        let first = server.get(path);
        let tag = first.header("etag").to_owned();
        assert!(tag.starts_with('"'), "{path}");
        let again = ask(&server.http, &format!("GET {path} HTTP/1.1\nif-none-match: {tag}"), "");
        assert_eq!((again.status, again.body.as_str(), again.header("etag")), (304, "", tag.as_str()), "{path}");
        assert_eq!(again.header("x-data-snapshot"), first.header("x-data-snapshot"));
        let other = ask(&server.http, &format!("GET {path} HTTP/1.1\nif-none-match: \"other\""), "");
        assert_eq!((other.status, other.body), (200, first.body), "{path}");
    }
}

#[test]
fn the_language_of_the_client_is_spoken() {
    let address = &shared().http;
    let head =
        format!("POST {SIMULATE} HTTP/1.1\ncontent-type: application/json\naccept-language: en-GB,en;q=0.8,pt;q=0.5");
    let english = ask(address, &head, r#"{"ncm":"17011400"}"#);
    let portuguese = post(address, SIMULATE, r#"{"ncm":"17011400"}"#);
    assert_eq!((english.header("content-language"), portuguese.header("content-language")), ("en", "pt-BR"));
    let scores = |answer: &crate::client::Answer| {
        let json = answer.json();
        let rows = json["destinations"].as_array().unwrap().clone();
        rows.into_iter().map(|row| (row["country_code"].clone(), row["score"].clone())).collect::<Vec<_>>()
    };
    assert_eq!(scores(&english), scores(&portuguese));
    assert_ne!(english.json()["ncm_description"], portuguese.json()["ncm_description"]);
    let problem = ask(address, &head, r#"{"ncm":"1"}"#).problem(400, "validation_error");
    assert!(problem["detail"].as_str().unwrap().is_ascii(), "{problem}");
}

#[test]
fn health_stands_on_both_ports() {
    let server = shared();
    for address in [&server.http, &server.operations] {
        assert_eq!(crate::client::get(address, "/healthz").body, "{\"status\":\"healthy\"}");
        assert_eq!(crate::client::get(address, "/health").status, 200);
        assert_eq!(crate::client::get(address, "/ready").json()["checks"]["snapshot"], "ready");
    }
    assert_eq!(server.get("/metrics").status, 404, "metrics are for operators");
    crate::client::get(&server.operations, "/v1/countries").problem(404, "not_found");
}
