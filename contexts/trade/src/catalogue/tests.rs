use proptest::prelude::*;
use serde_json::Value;

use super::http::routes;
use super::search::Search;
use crate::cube::Snapshot;
use crate::cube::segment_tests::Scratch;
use crate::domain::code::Ncm;
use crate::domain::reference::{Product, Reference};
use crate::domain::stem::is_stop_word;
use crate::domain::text::fold;
use crate::fixture::{Server, snapshot};
use crate::simulator::ranking::RankingIndex;

fn server() -> Server {
    let scratch = Scratch::new();
    Server::new(routes(), snapshot(&scratch))
}

fn codes(path: &str) -> Vec<String> {
    let (status, _, body) = server().get(path, &[]);
    assert_eq!(status, 200, "{body}");
    let body: Value = serde_json::from_str(&body).unwrap();
    body["data"].as_array().unwrap().iter().map(|product| product["ncm"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn products_are_found_by_code_and_by_words() {
    assert_eq!(codes("/v1/ncm?q=1201"), ["12019000"]);
    assert_eq!(codes("/v1/ncm?q=1201.90.00"), ["12019000"]);
    assert_eq!(codes("/v1/ncm?q=SOJA%20tritur"), ["12019000"]);
    assert_eq!(codes("/v1/ncm?q=soya"), ["12019000"], "the English name");
    assert_eq!(codes("/v1/ncm?q=acucares"), ["17011400"]);
    assert_eq!(codes("/v1/ncm?q=cana%20soja"), ["12019000"], "no product has both: the everyday word of them decides");
    assert_eq!(codes("/v1/ncm?q=ucares"), [""; 0], "words match from their beginning");
    assert_eq!(codes("/v1/ncm?q=123456789"), [""; 0]);
    for signs in ["...", "%3F", "--%20%25", "%E2%82%AC", ".&all=true"] {
        assert_eq!(codes(&format!("/v1/ncm?q={signs}")), [""; 0], "{signs}");
    }
    assert_eq!(codes("/v1/ncm?q=%20").len(), 3, "nothing was asked");
}

#[test]
fn what_is_exported_most_comes_first_and_stores_are_hidden() {
    let all = codes("/v1/ncm");
    assert_eq!(all.len(), 3, "{all:?}");
    assert!(!all.contains(&"99980101".to_owned()));
    assert_eq!(codes("/v1/ncm?q=bordo"), [""; 0]);
    assert_eq!(codes("/v1/ncm?q=bordo&all=true"), ["99980101"]);
    assert_eq!(codes("/v1/ncm?q=9998"), ["99980101"], "asked for by its code");
    assert_eq!(codes("/v1/ncm?limit=1").len(), 1);
}

#[test]
fn a_parameter_that_comes_twice_is_wrong() {
    let (status, _, body) = server().get("/v1/ncm?q=soja&q=milho", &[]);
    assert!(status == 400 && body.contains("aparece duas vezes"), "{body}");
}

#[test]
fn a_product_says_what_is_known_of_it() {
    let (_, headers, body) = server().get("/v1/ncm?q=27", &[]);
    insta::assert_snapshot!(body, @r#"{"data":[{"ncm":"27090010","description":null,"sector":"Indústria Extrativa","exports_usd_12m":60000,"ended":null,"successors":[]}],"meta":{"query":"27","total":1,"limit":20,"snapshot":"s1","sample":false}}"#);
    let tag = headers["etag"].to_str().unwrap().to_owned();
    assert_eq!(server().get("/v1/ncm?q=27", &[("if-none-match", &tag)]).0, 304);
    assert_eq!(server().get("/v1/ncm?q=26", &[("if-none-match", &tag)]).0, 200);
}

#[test]
fn wrong_parameters_are_named() {
    let (status, _, body) = server().get("/v1/ncm?limit=51&all=1&foo=2", &[]);
    assert_eq!(status, 400);
    let body: Value = serde_json::from_str(&body).unwrap();
    let pointers: Vec<_> = body["errors"].as_array().unwrap().iter().map(|error| error["pointer"].clone()).collect();
    assert_eq!(pointers, ["limit", "all", "foo"]);
    assert_eq!(server().get("/v1/countries?x=1", &[]).0, 400);
    assert_eq!(Server::new(routes(), Snapshot::empty()).get("/v1/ncm?q=1", &[]).0, 503);
}

#[test]
fn countries_are_listed_before_anything_is_loaded() {
    let (status, headers, body) = Server::new(routes(), Snapshot::empty()).get("/v1/countries", &[]);
    assert_eq!(status, 200);
    assert!(headers.contains_key("etag"));
    let body: Value = serde_json::from_str(&body).unwrap();
    let countries = body["data"].as_array().unwrap();
    assert_eq!(body["meta"]["total"], countries.len());
    let names: Vec<_> = countries.iter().map(|country| country["name_pt"].as_str().unwrap()).collect();
    let place = |name| names.iter().position(|other| *other == name).unwrap();
    assert!(place("Afeganistão") < place("África do Sul") && place("África do Sul") < place("Albânia"));
    assert!(place("Emirados Árabes Unidos") < place("Índia") && place("Índia") < place("Irã"));
    let china = &countries[place("China")];
    insta::assert_json_snapshot!(china, @r#"
    {
      "co_pais": "160",
      "code": "CN",
      "distance_km": 17599.2,
      "flag_emoji": "🇨🇳",
      "group": "asia",
      "iso2": "CN",
      "iso3": "CHN",
      "name_en": "China",
      "name_pt": "China",
      "rankable": true
    }
    "#);
}

fn word() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["açúcar", "Cana", "de", "bruto", "soja", "grãos", "37", "em", "Café", "torrado"])
        .prop_map(str::to_owned)
}

proptest! {
    #[test]
    fn a_search_finds_what_a_slow_reading_finds(
        names in prop::collection::vec(prop::collection::vec(word(), 0..6), 1..30),
        query in prop::collection::vec((word(), 1_usize..5), 1..4),
    ) {
        let products = names.iter().zip(1_000_000_u32..).map(|(words, code)| {
            (Ncm(code * 3), Product { name_pt: words.join(", "), name_en: None, sector: 0 })
        });
        let reference = Reference { products: products.collect(), ..Reference::default() };
        let search = Search::new(&reference, &RankingIndex::default());
        let beginnings: Vec<String> = query.iter().map(|(word, letters)| word.chars().take(*letters).collect()).collect();
        let query = beginnings.join(" ");
        // A query of digits alone is a code.
        prop_assume!(query.chars().any(char::is_alphabetic));
        let expected: Vec<Ncm> = reference.products.iter().filter(|(ncm, product)| {
            let folded = fold(&product.name_pt);
            fold(&query).split(' ').filter(|begin| !is_stop_word(begin)).all(|begin| folded.split(' ').any(|word| word.starts_with(begin)) || ncm.to_string().starts_with(begin))
        }).map(|(ncm, _)| *ncm).collect();
        prop_assume!(fold(&query).split(' ').any(|begin| !is_stop_word(begin)) && !expected.is_empty());
        let found = search.find(&query, 50, true);
        let mut places: Vec<Ncm> = found.places.iter().map(|place| search.entry(*place).unwrap().ncm).collect();
        places.sort_unstable();
        prop_assert_eq!(places, expected);
        prop_assert_eq!(found.did_you_mean, None);
    }
}
