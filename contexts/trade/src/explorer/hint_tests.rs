//! Refused questions come with one that is accepted.

use std::collections::HashMap;
use std::sync::Arc;

use axum::http::StatusCode;
use platform::http::language::Language;
use serde_json::Value;

use super::http::{routes, too_large};
use crate::cube::Snapshot;
use crate::cube::question::Refusal;
use crate::cube::segment::{CubeRow, Segment, write};
use crate::cube::segment_tests::Scratch;
use crate::domain::code::{Ncm, Uf};
use crate::domain::coverage::{Coverage, YearCoverage};
use crate::domain::reference::Reference;
use crate::fixture::Server;

const DIMENSIONS: [&str; 10] = ["year", "month", "ncm", "sh6", "sh4", "sh2", "country", "uf", "sector", "via"];
const YEARS: [u16; 3] = [2022, 2023, 2024];
const PRODUCTS: u32 = 600;
const COUNTRIES: u16 = 40;

/// Every product to every country in eight months of each year: too much to be met by hash at once.
fn large(scratch: &Scratch) -> Snapshot {
    let cell = |product: u32, country: u16, month: u8| CubeRow {
        fob_cents: i64::from(product + 1) * i64::from(country) * i64::from(month) * 100,
        weight_g: 1_000,
        // Six chapters of a hundred products, each of a heading of its own.
        ncm: Ncm((product / 100 + 10) * 1_000_000 + product % 100 * 10_000 + 101),
        country,
        month,
        uf: Uf((product + u32::from(country)).to_le_bytes()[0] % 27),
        via: month % 8,
        sector: (product % 3).to_le_bytes()[0],
        ..CubeRow::BLANK
    };
    let segments = YEARS.map(|year| {
        let rows = (0..PRODUCTS).flat_map(|product| {
            (1..=COUNTRIES).flat_map(move |country| (1..=8).map(move |month| cell(product, country, month)))
        });
        let directory = scratch.join(&year.to_string());
        write(&directory, year, rows.collect()).unwrap();
        Arc::new(Segment::open(&directory).unwrap())
    });
    let years = YEARS.map(|year| (year, YearCoverage { source: "test".into(), through_month: 12 })).into();
    let coverage = Coverage { years, slices: HashMap::new() };
    Snapshot::new("large".into(), segments.into(), Arc::new(Reference::default()), coverage, "test".into(), false, None)
}

/// The question with the parameters of the hint in place of its own.
fn followed(query: &str, detail: &str) -> String {
    let hint = detail.split_once("Assim cabe: ").unwrap_or_else(|| panic!("{query}: {detail}")).1;
    let name = |pair: &str| pair.split('=').next().unwrap().to_owned();
    let changed: Vec<String> = hint.split('&').map(name).collect();
    let kept = query.split('&').filter(|pair| !changed.contains(&name(pair)));
    kept.map(str::to_owned).chain([hint.to_owned()]).collect::<Vec<_>>().join("&").replace('|', "%7C")
}

fn shapes() -> Vec<String> {
    let cuts =
        ["", "&cuts=uf:SP|RJ|AC|AL|AM", "&cuts=year:2022-2023,month:1-8", "&cuts=month:2022-03..2024-06,via:1|2|3"];
    let mut shapes = Vec::new();
    for time in ["year", "month"] {
        for product in ["ncm", "sh6", "sh4"] {
            for last in ["uf", "sector", "via"] {
                let drilldowns = format!("{time},{product},country,{last}");
                shapes.extend(cuts.map(|cut| format!("drilldowns={drilldowns}{cut}&measures=fob&limit=1")));
                shapes.push(format!("drilldowns={drilldowns}&measures=fob,price&sort={last}.desc&limit=1"));
            }
        }
    }
    shapes.push(format!("drilldowns={}&limit=1", DIMENSIONS.join(",")));
    shapes.push("drilldowns=month,ncm,country,uf&measures=fob,growth&sort=growth.desc&limit=1".to_owned());
    shapes.push("drilldowns=month,ncm,uf,via&measures=fob,hhi&limit=1".to_owned());
    shapes
}

#[test]
fn the_hint_is_in_both_languages() {
    let refusal = Refusal::TooManyGroups { limit: 1_000_000 };
    let problem = too_large(&refusal, Some("drilldowns=year&cuts=year:2024".to_owned()));
    for (language, words) in [(Language::PtBr, "Assim cabe: "), (Language::En, "This is small enough: ")] {
        let detail = problem.body_in(language)["detail"].as_str().unwrap().to_owned();
        assert!(detail.ends_with(&format!("{words}drilldowns=year&cuts=year:2024")), "{detail}");
    }
}

#[test]
fn following_the_hint_is_accepted() {
    let scratch = Scratch::new();
    let server = Server::new(routes(), large(&scratch));
    let mut refused = 0;
    for query in shapes() {
        let uri = format!("/v1/exports?{}", query.replace('|', "%7C"));
        let (status, _, body) = server.get(&uri, &[]);
        if status == StatusCode::OK {
            continue;
        }
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{query}: {body}");
        refused += 1;
        let body: Value = serde_json::from_str(&body).unwrap();
        assert_eq!(body["error"], "query_too_large");
        let smaller = followed(&query, body["detail"].as_str().unwrap());
        let (status, _, body) = server.get(&format!("/v1/exports?{smaller}"), &[]);
        assert_eq!(status, StatusCode::OK, "{query} → {smaller}: {body}");
    }
    assert!(refused > 20, "only {refused} were refused");
}

#[test]
fn ten_thousand_rows_are_answered() {
    let scratch = Scratch::new();
    let server = Server::new(routes(), large(&scratch));
    let (status, _, body) = server.get("/v1/exports?drilldowns=ncm,country&limit=10000", &[]);
    assert_eq!(status, StatusCode::OK, "{body}");
    let body: Value = serde_json::from_str(&body).unwrap();
    assert_eq!((body["data"].as_array().unwrap().len(), &body["meta"]["total_rows"]), (10_000, &24_000.into()));
}
