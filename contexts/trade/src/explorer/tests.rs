use axum::http::StatusCode;
use insta::assert_snapshot;
use serde_json::Value;

use super::http::routes;
use crate::cube::Snapshot;
use crate::cube::segment_tests::Scratch;
use crate::fixture::{Server, snapshot};

fn ask(query: &str) -> (StatusCode, String) {
    let scratch = Scratch::new();
    let (status, _, body) = Server::new(routes(), snapshot(&scratch)).get(&format!("/v1/exports?{query}"), &[]);
    (status, body)
}

fn csv(query: &str) -> String {
    let (status, body) = ask(&format!("{query}&format=csv"));
    assert_eq!(status, StatusCode::OK, "{body}");
    body.replace("\r\n", "\n")
}

fn meta(query: &str) -> Value {
    serde_json::from_str::<Value>(&ask(query).1).unwrap()["meta"].clone()
}

#[test]
fn a_whole_answer_in_json() {
    let (_, body) = ask("drilldowns=year,country&cuts=ncm:1201.90.00,year:2023|2024&measures=fob,kg&sort=fob.desc&limit=3");
    assert_snapshot!(body, @"");
}

#[test]
fn a_partial_year_is_marked_and_compared_with_the_same_months() {
    // 2025 has January and February for every product; the slice of soy is in the sum, and not in the growth.
    assert_snapshot!(csv("drilldowns=year&measures=fob,growth"), @"");
}

#[test]
fn a_slice_covers_its_own_product() {
    assert_snapshot!(csv("drilldowns=year&cuts=ncm:12019000&measures=fob,growth"), @"");
    assert_snapshot!(csv("drilldowns=month&cuts=ncm:12019000,year:latest&measures=fob,growth"), @"");
    // Chapter 12 has no other known product, chapter 17 has no slice.
    assert_snapshot!(csv("drilldowns=year&cuts=sh2:12|17,year:2025"), @"");
    assert_snapshot!(csv("drilldowns=year&cuts=sh2:12,year:2025"), @"");
    assert_snapshot!(csv("drilldowns=year,ncm&cuts=year:2025&measures=fob"), @"");
}

#[test]
fn months_known_by_slices_alone_are_partial_across_products() {
    assert_snapshot!(csv("drilldowns=month&cuts=year:2025&measures=fob,growth"), @"");
}

#[test]
fn a_covered_month_without_exports_is_zero_and_an_uncovered_one_is_not_there() {
    assert_snapshot!(csv("drilldowns=month&cuts=ncm:17011400,month:2024-01..2024-03|2025-01..2025-06&measures=fob,kg,growth,price"), @"");
}

#[test]
fn a_year_cut_to_some_months_is_whole_when_those_are_covered() {
    assert_snapshot!(csv("drilldowns=year&cuts=month:1-2&measures=fob,growth"), @"");
    assert_eq!(meta("drilldowns=year&cuts=month:1-2")["partial_years"], serde_json::json!([]));
    assert_eq!(meta("drilldowns=year")["partial_years"], serde_json::json!([2025]));
}

#[test]
fn every_derived_measure() {
    // Ships' stores have no weight: they count in the value and not in the price.
    assert_snapshot!(csv("drilldowns=sh2&cuts=year:2024&measures=fob,kg,share,price,hhi"), @"");
    assert_snapshot!(csv("measures=fob,hhi,price&cuts=year:2024,sh2:12"), @"");
}

#[test]
fn labels_follow_the_language_and_formulas_are_disarmed() {
    assert_snapshot!(csv("drilldowns=ncm,sector,uf,via&cuts=year:2023,month:1&measures=fob"), @"");
    assert_snapshot!(csv("drilldowns=ncm,sector,country&cuts=year:2023,month:1&measures=fob&lang=en"), @"");
}

#[test]
fn rows_are_paged_and_ordered() {
    let all = csv("drilldowns=country,uf&measures=kg");
    let lines: Vec<&str> = all.lines().collect();
    let paged = csv("drilldowns=country,uf&measures=kg&limit=2&offset=1");
    assert_eq!(paged.lines().skip(1).collect::<Vec<_>>(), lines[2..4]);
    assert_eq!(meta("drilldowns=country,uf&limit=2&offset=1")["total_rows"], 5);
    assert_eq!(csv("drilldowns=country,uf&measures=kg&offset=100").lines().count(), 1);
    assert_snapshot!(csv("drilldowns=country&measures=fob&sort=country"), @"");
    assert_snapshot!(csv("drilldowns=country&measures=price&sort=price.desc"), @"");
}

#[test]
fn the_table_downloaded_is_the_table_on_screen() {
    for query in [
        "drilldowns=year,country,ncm&measures=fob,kg,share,growth,price",
        "drilldowns=month,sh4,uf&measures=fob,hhi&limit=7",
        "drilldowns=sector,via,sh6,sh2",
        "",
    ] {
        let (_, body) = ask(query);
        let json: Value = serde_json::from_str(&body).unwrap();
        let table = csv(query);
        let header: Vec<&str> = table.lines().next().unwrap().split(',').collect();
        let rows = json["data"].as_array().unwrap();
        assert_eq!(table.lines().count(), rows.len() + 1);
        for (line, row) in table.lines().skip(1).zip(rows) {
            let members = row.as_object().unwrap();
            assert_eq!(members.len(), header.len());
            let mut rest = line;
            for name in &header {
                let text = match &members[*name] {
                    Value::Null => String::new(),
                    Value::String(text) if text.starts_with('=') => format!("\"'{}\"", text.replace('"', "\"\"")),
                    Value::String(text) if text.contains(',') => format!("\"{text}\""),
                    Value::String(text) => text.clone(),
                    other => other.to_string(),
                };
                rest = rest.strip_prefix(&text).unwrap_or_else(|| panic!("{name} of {line} is not {text}"));
                rest = rest.strip_prefix(',').unwrap_or(rest);
            }
            assert_eq!(rest, "");
        }
    }
}

#[test]
fn errors_name_the_parameter_and_say_what_is_allowed() {
    let detail = |query: &str| {
        let (status, body) = ask(query);
        assert_eq!(status, StatusCode::BAD_REQUEST, "{query}: {body}");
        let body: Value = serde_json::from_str(&body).unwrap();
        assert_eq!(body["error"], "validation_error");
        let errors = body["errors"].as_array().unwrap().iter();
        errors.map(|error| format!("{}: {}", error["pointer"].as_str().unwrap(), error["detail"].as_str().unwrap())).collect::<Vec<_>>().join("\n")
    };
    let queries = [
        "drilldowns=anno",
        "drilldowns=year,year",
        "measures=fob,valor",
        "measures=growth&drilldowns=country",
        "measures=hhi&drilldowns=country",
        "sort=kg.desc&measures=fob",
        "sort=fob.down",
        "limit=0",
        "limit=50001",
        "offset=-1",
        "format=xml",
        "lang=fr",
        "colour=red",
        "limit=1&limit=2",
        "cuts=ncm",
        "cuts=product:1",
        "cuts=ncm:1201900",
        "cuts=ncm:12019009",
        "cuts=sh2:99|98",
        "cuts=country:XX",
        "cuts=uf:XX|SP",
        "cuts=sector:servicos",
        "cuts=via:3",
        "cuts=year:1950",
        "cuts=year:2025-2020",
        "cuts=month:13",
        "cuts=month:2025-13",
        "cuts=year:2023,year:2024",
        "drilldowns=anno&measures=valor",
    ];
    assert_snapshot!(queries.map(|query| format!("{query}\n  {}", detail(query).replace('\n', "\n  "))).join("\n"), @"");
    let long = format!("cuts=ncm:{}", "12019000|".repeat(500));
    assert!(detail(&long).contains("longer than 4096 bytes"));
}

#[test]
fn cuts_may_be_written_in_several_ways() {
    let same = |a: &str, b: &str| assert_eq!(csv(&format!("drilldowns=year&cuts={a}")), csv(&format!("drilldowns=year&cuts={b}")));
    same("country:cn", "country:CHN");
    same("country:160", "country:CN");
    same("country:249", "country:873");
    same("sector:agropecuaria", "sector:Agropecu%C3%A1ria");
    same("year:2023-2024", "year:2023|2024");
    same("uf:sp", "uf:SP");
    same("month:2024-01..2024-12", "year:2024");
    same("ncm:17011400|12019000", "sh2:17|12");
    same("ncm:12019000,sh2:12", "sh4:1201");
}

#[test]
fn answers_are_tagged_and_repeated_as_not_modified() {
    let scratch = Scratch::new();
    let server = Server::new(routes(), snapshot(&scratch));
    let (_, headers, _) = server.get("/v1/exports?drilldowns=year&cuts=uf:SP|MT", &[]);
    let tag = headers["etag"].to_str().unwrap();
    assert_eq!((headers["x-data-through"].to_str(), headers["x-data-source"].to_str()), (Ok("2025-02"), Ok("comexstat")));
    let (status, again, body) = server.get("/v1/exports?cuts=uf:mt|SP&drilldowns=year", &[("if-none-match", tag)]);
    assert_eq!((status, body.as_str()), (StatusCode::NOT_MODIFIED, ""));
    assert_eq!(again["etag"], headers["etag"]);
    for other in ["drilldowns=year&cuts=uf:SP", "drilldowns=year&cuts=uf:SP|MT&format=csv", "drilldowns=year&cuts=uf:SP|MT&lang=en"] {
        assert_ne!(server.get(&format!("/v1/exports?{other}"), &[]).1["etag"], tag, "{other}");
    }
}

#[test]
fn an_empty_store_says_so() {
    let (status, _, body) = Server::new(routes(), Snapshot::empty()).get("/v1/exports", &[]);
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(body.contains("data_unavailable"));
}
