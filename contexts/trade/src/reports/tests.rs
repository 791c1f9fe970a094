use axum::http::StatusCode;
use insta::assert_snapshot;

use super::http::routes;
use crate::cube::segment_tests::Scratch;
use crate::fixture::{Server, snapshot};

fn ask(path: &str) -> (StatusCode, String) {
    let scratch = Scratch::new();
    let (status, _, body) = Server::new(routes(), snapshot(&scratch)).get(path, &[]);
    (status, body)
}

fn answer(path: &str) -> String {
    let (status, body) = ask(path);
    assert_eq!(status, StatusCode::OK, "{body}");
    body
}

#[test]
fn the_summary_adds_everything_up() {
    assert_snapshot!(answer("/metrics/resumo"), @r#"{"totalUsd":214673,"totalKg":359000,"anos":[2023,2024,2025],"data":{"partialYears":[2025],"sample":false,"snapshot":"s1","source":"comexstat","through":"2025-02"},"paisesCount":4,"setoresCount":3,"updatedAt":null}"#);
    assert_snapshot!(answer("/metrics/resumo?ano=2024&setor=Ind%C3%BAstria%20de%20Transforma%C3%A7%C3%A3o"), @r#"{"totalUsd":8877,"totalKg":8800,"anos":[2024],"data":{"partialYears":[],"sample":false,"snapshot":"s1","source":"comexstat","through":"2025-02"},"paisesCount":2,"setoresCount":1,"updatedAt":null}"#);
}

#[test]
fn a_year_without_data_has_no_totals_and_no_years() {
    assert_snapshot!(answer("/metrics/resumo?ano=2001"), @r#"{"totalUsd":null,"totalKg":null,"anos":[],"data":{"partialYears":[2001],"sample":false,"snapshot":"s1","source":"comexstat","through":"2025-02"},"paisesCount":0,"setoresCount":0,"updatedAt":null}"#);
    assert_eq!(answer("/metrics/pais?ano=2001"), "[]");
}

#[test]
fn countries_are_ranked_and_pseudo_countries_count() {
    assert_snapshot!(answer("/metrics/pais?ano=2024").replace("},", "},\n"), @r#"
    [{"pais":"China","totalUsd":84000,"totalKg":132000,"participacaoPct":87.61,"anos":[2024]},
    {"pais":"Estados Unidos","totalUsd":8800,"totalKg":8800,"participacaoPct":9.18,"anos":[2024]},
    {"pais":"Argentina","totalUsd":3000,"totalKg":6000,"participacaoPct":3.13,"anos":[2024]},
    {"pais":"Provisão de Navios e Aeronaves","totalUsd":77,"totalKg":0,"participacaoPct":0.08,"anos":[2024]}]
    "#);
    assert_snapshot!(answer("/metrics/pais?limit=1"), @r#"[{"pais":"China","totalUsd":191998,"totalKg":326000,"participacaoPct":89.44,"anos":[2023,2024,2025]}]"#);
}

#[test]
fn wrong_parameters_are_named() {
    for (path, pointer) in [
        ("/metrics/resumo?ano=25", "ano"),
        ("/metrics/resumo?ano=3025", "ano"),
        ("/metrics/resumo?setor=Servi%C3%A7os", "setor"),
        ("/metrics/resumo?year=2025", "year"),
        ("/metrics/pais?limit=0", "limit"),
        ("/metrics/pais?ano=2024&ano=2025", "ano"),
    ] {
        let (status, body) = ask(path);
        assert_eq!(status, StatusCode::BAD_REQUEST, "{path}");
        assert!(body.contains(&format!("\"pointer\":\"{pointer}\"")), "{body}");
    }
}
