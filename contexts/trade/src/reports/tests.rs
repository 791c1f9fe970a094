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
    assert_snapshot!(answer("/metrics/resumo"), @"");
    assert_snapshot!(answer("/metrics/resumo?ano=2024&setor=Ind%C3%BAstria%20de%20Transforma%C3%A7%C3%A3o"), @"");
}

#[test]
fn a_year_without_data_has_no_totals_and_no_years() {
    assert_snapshot!(answer("/metrics/resumo?ano=2001"), @"");
    assert_eq!(answer("/metrics/pais?ano=2001"), "[]");
}

#[test]
fn countries_are_ranked_and_pseudo_countries_count() {
    assert_snapshot!(answer("/metrics/pais?ano=2024").replace("},", "},\n"), @"");
    assert_snapshot!(answer("/metrics/pais?limit=1"), @"");
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
