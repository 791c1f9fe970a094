//! The structs of the OpenAPI document against real answers: what is written by hand cannot drift from them.

use axum::http::Method;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::catalogue::http::schema::{CountryList, ProductList};
use crate::cube::segment_tests::Scratch;
use crate::explorer::http::schema::ExportTable;
use crate::fixture::{Server, snapshot};
use crate::free_use::http::SimulatorUsage;
use crate::reports::http::schema::{CountryTotal, ExportSummary};
use crate::saved::http::SavedProductList;
use crate::simulator::http::schema::{Simulation, SimulationRequest};
use crate::{ACCESS, openapi, routes};

#[track_caller]
fn read<T: DeserializeOwned>(json: &str) -> T {
    serde_json::from_str(json).unwrap_or_else(|error| panic!("{error}: {json}"))
}

fn server() -> Server {
    let scratch = Scratch::new();
    Server::of(|state| routes(state).into(), snapshot(&scratch))
}

#[track_caller]
fn answer(server: &Server, path: &str) -> String {
    let (status, _, body) = server.get(path, &[]);
    assert_eq!(status, 200, "{path}: {body}");
    body
}

#[test]
fn answers_have_the_members_that_the_document_names() {
    let server = server();
    assert_eq!(read::<SimulatorUsage>(&answer(&server, "/v1/simulator/usage")).limit, None);
    read::<ExportSummary>(&answer(&server, "/metrics/resumo"));
    read::<ExportSummary>(&answer(&server, "/metrics/resumo?ano=2025"));
    assert!(!read::<Vec<CountryTotal>>(&answer(&server, "/metrics/pais")).is_empty());
    assert!(!read::<ProductList>(&answer(&server, "/v1/ncm")).data.is_empty());
    assert!(!read::<CountryList>(&answer(&server, "/v1/countries")).data.is_empty());
    for query in [
        "",
        "drilldowns=year,month,ncm,sh6,sh4,sh2&measures=fob,kg,share,growth,price,hhi",
        "drilldowns=month,country,uf,sector,via&measures=price,growth,share",
        "drilldowns=year,country&limit=2&offset=1",
        "cuts=ncm:17011400,month:2024-02&drilldowns=month&measures=share,price,hhi,growth",
    ] {
        let table: ExportTable = read(&answer(&server, &format!("/v1/exports?{query}")));
        assert!(!table.data.is_empty(), "{query}");
    }
}

fn document() -> Value {
    serde_json::to_value(openapi()).unwrap()
}

#[test]
fn examples_are_such_answers() {
    let document = document();
    let example = |path: &str, method: &str| {
        document["paths"][path][method]["responses"]["200"]["content"]["application/json"]["example"].to_string()
    };
    read::<ExportSummary>(&example("/metrics/resumo", "get"));
    read::<Vec<CountryTotal>>(&example("/metrics/pais", "get"));
    read::<ProductList>(&example("/v1/ncm", "get"));
    read::<CountryList>(&example("/v1/countries", "get"));
    read::<ExportTable>(&example("/v1/exports", "get"));
    read::<Simulation>(&example("/v1/simulator/destinations", "post"));
    read::<SimulatorUsage>(&example("/v1/simulator/usage", "get"));
    read::<SavedProductList>(&example("/v1/saved-products", "get"));
    read::<SimulationRequest>(&document["components"]["schemas"]["SimulationRequest"]["example"].to_string());
}

#[test]
fn every_route_has_a_rule_and_every_rule_a_route() {
    let document = document();
    let mut documented: Vec<(String, String)> = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        documented.extend(item.as_object().unwrap().keys().map(|method| (method.to_uppercase(), path.clone())));
    }
    let mut ruled: Vec<(String, String)> =
        ACCESS.iter().map(|rule| (rule.method.to_string(), rule.path.to_owned())).collect();
    documented.sort();
    ruled.sort();
    assert_eq!(documented, ruled);
    assert!(ruled.contains(&(Method::GET.to_string(), "/v1/exports".to_owned())));
}
