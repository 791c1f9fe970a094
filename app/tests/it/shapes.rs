//! The answer of each endpoint to the sample, as a file. What differs from run to run is replaced.

use crate::client::{Answer, ask, post};
use crate::harness::shared;

/// An answer: status, headers that a client reads, and the body with the snapshot and the time replaced.
fn shown(answer: &Answer) -> String {
    let mut text = format!("{}\n", answer.status);
    for name in ["content-type", "content-language", "x-data-through", "x-data-source", "x-data-sample", "allow"] {
        if !answer.header(name).is_empty() {
            text.push_str(&format!("{name}: {}\n", answer.header(name)));
        }
    }
    text.push('\n');
    let snapshot = shared().get("/v1/countries").header("x-data-snapshot").to_owned();
    let body = answer.body.replace(&snapshot, "SNAPSHOT");
    if answer.header("content-type").contains("json") {
        text.push_str(&indented(&body))
    } else {
        text.push_str(&body)
    }
    for name in ["\"updatedAt\": \"", "\"calculated_at\": \""] {
        if let Some((before, rest)) = text.split_once(name) {
            let after = rest.split_once('"').unwrap().1;
            text = format!("{before}{name}TIME\"{after}");
        }
    }
    text
}

/// JSON with a member per line; numbers stay as they were written, which a parser would not keep.
fn indented(json: &str) -> String {
    let (mut out, mut depth, mut quoted, mut escaped) = (String::new(), 0_usize, false, false);
    let line = |out: &mut String, depth: usize| {
        out.push('\n');
        out.push_str(&"  ".repeat(depth));
    };
    for letter in json.chars() {
        if quoted {
            quoted = escaped || letter != '"';
            escaped = !escaped && letter == '\\';
            out.push(letter);
            continue;
        }
        match letter {
            '{' | '[' => {
                depth += 1;
                out.push(letter);
                line(&mut out, depth);
            }
            '}' | ']' => {
                depth -= 1;
                line(&mut out, depth);
                out.push(letter);
            }
            ',' => {
                out.push(letter);
                line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            _ => {
                quoted = letter == '"';
                out.push(letter);
            }
        }
    }
    out
}

fn of(path: &str) -> String {
    shown(&shared().get(path))
}

#[test]
fn reports() {
    insta::assert_snapshot!("resumo", of("/metrics/resumo"));
    insta::assert_snapshot!("resumo_of_a_year_and_sector", of("/metrics/resumo?ano=2024&setor=Agropecu%C3%A1ria"));
    insta::assert_snapshot!("pais", of("/metrics/pais?limit=5"));
}

#[test]
fn simulator() {
    let address = &shared().http;
    let path = "/v1/simulator/destinations";
    let answer = |body: &str| shown(&post(address, path, body));
    insta::assert_snapshot!("simulator_portuguese", answer(r#"{"ncm":"17011400","max_results":2}"#));
    let english = format!("POST {path} HTTP/1.1\ncontent-type: application/json\naccept-language: en");
    let english = ask(address, &english, r#"{"ncm":"1201.90.00","max_results":1}"#);
    insta::assert_snapshot!("simulator_english", shown(&english));
    let filtered = r#"{"ncm":"26011200","volume_kg":1234567.5,"countries":["CN","JP"],"max_results":50}"#;
    insta::assert_snapshot!("simulator_filter_and_volume", answer(filtered));
}

#[test]
fn explorer() {
    let by_year = "/v1/exports?drilldowns=year,sector&measures=fob,kg,share,growth&sort=fob.desc&limit=5";
    insta::assert_snapshot!("exports_by_year_and_sector", of(by_year));
    insta::assert_snapshot!("exports_by_year_and_sector_csv", of(&format!("{by_year}&format=csv")));
    let of_sugar =
        "/v1/exports?drilldowns=country&cuts=ncm:17011400,year:2023|2024&measures=fob,kg,price&sort=fob.desc&limit=4";
    insta::assert_snapshot!("exports_of_sugar_by_country", of(of_sugar));
    insta::assert_snapshot!("exports_of_sugar_by_country_csv", of(&format!("{of_sugar}&format=csv")));
}

#[test]
fn catalogue() {
    insta::assert_snapshot!("ncm_search", of("/v1/ncm?q=acucar"));
    let mut countries = shared().get("/v1/countries");
    let rows: Vec<&str> = countries.body.splitn(4, "},{").collect();
    // The first three of some 250.
    countries.body = format!("{}}}]}}", rows[..3].join("},{"));
    insta::assert_snapshot!("countries", shown(&countries));
}

#[test]
fn errors() {
    let address = &shared().http;
    let path = "/v1/simulator/destinations";
    let answer = |body: &str| shown(&post(address, path, body));
    insta::assert_snapshot!("error_not_found", of("/nowhere"));
    insta::assert_snapshot!("error_method", of(path));
    insta::assert_snapshot!("error_syntax", answer("{\"ncm\":"));
    insta::assert_snapshot!(
        "error_fields",
        answer(r#"{"ncm":"1701","volume_kg":-1,"countries":["XX"],"max_results":0}"#)
    );
    insta::assert_snapshot!("error_ncm", answer(r#"{"ncm":"99999999"}"#));
    insta::assert_snapshot!("error_query", of("/v1/exports?drilldowns=planet"));
}
