//! Freight, volumes and tariffs as clients see them: shipments that an exporter knows.

use platform::http::language::Language;
use serde_json::{Value, json};

use super::estimates::EstimateTable;
use super::fixture::{Row, covered, month, reference, segments_by};
use super::ranking::RankingIndex;
use super::request::Request;
use super::{DataLabel, json as answer, simulate, table};
use crate::domain::code::{Month, Ncm};
use crate::domain::reference::{Product, Reference};

const SUGAR: u32 = 17_011_400;
const ORE: u32 = 26_011_100;
const COFFEE: u32 = 9_011_110;
const BEEF: u32 = 2_023_000;
const PHONE: u32 = 85_171_300;
const SOY: u32 = 12_019_000;
const CHINA: u16 = 160;
const ARGENTINA: u16 = 63;
const CHILE: u16 = 158;
const USA: u16 = 249;

/// Places of Amazonas and São Paulo among the states.
const AMAZONAS: u8 = 2;
const ELSEWHERE: u8 = 25;

/// Two years of exports: country, product, US$ and kg a month, way of transport, state.
const FLOWS: [(u16, u32, i64, i64, u8, u8); 9] = [
    (CHINA, SUGAR, 9_000_000, 20_000_000, 1, ELSEWHERE),
    (ARGENTINA, SUGAR, 40_000, 80_000, 7, ELSEWHERE),
    (CHINA, ORE, 75_000_000, 1_000_000_000, 1, ELSEWHERE),
    (USA, COFFEE, 8_000_000, 2_000_000, 1, ELSEWHERE),
    (CHINA, BEEF, 45_000_000, 10_000_000, 1, ELSEWHERE),
    (USA, PHONE, 300_000, 1_000, 4, ELSEWHERE),
    (ARGENTINA, PHONE, 300_000, 1_000, 7, AMAZONAS),
    (CHILE, SOY, 90_000, 200_000, 7, ELSEWHERE),
    (ARGENTINA, SOY, 90_000, 200_000, 7, ELSEWHERE),
];

fn world() -> (RankingIndex, Reference) {
    let last: Month = month(2025, 4);
    let mut rows = Vec::new();
    for age in 0..24_u16 {
        rows.extend(FLOWS.map(|(country, ncm, usd, kg, via, uf)| {
            (Row { ncm, country, month: last.minus(age), fob_cents: usd * 100, weight_g: kg * 1000 }, via, uf)
        }));
    }
    let mut reference = reference();
    for ncm in [SUGAR, ORE, COFFEE, BEEF, PHONE, SOY].map(Ncm) {
        let name = || Product { name_pt: ncm.to_string(), name_en: None, sector: 2 };
        reference.products.entry(ncm).or_insert_with(name);
    }
    (RankingIndex::build(&segments_by(&rows), &reference, &covered(2020, last)), reference)
}

/// The destination of one country.
fn ask(world: &(RankingIndex, Reference), ncm: u32, country: &str, volume: &str, language: Language) -> Value {
    let body = json!({"ncm": format!("{ncm:08}"), "countries": [country], "volume": volume});
    let request = Request::parse(&body, world.0.lookup(), language).unwrap();
    let simulation = simulate(&world.0, &world.1, EstimateTable::embedded(), &request).unwrap();
    let label = DataLabel { snapshot: "s", source: "comexstat", sample: false };
    let text = answer::write(&simulation, label, language, chrono::DateTime::UNIX_EPOCH);
    let answer: Value = serde_json::from_str(&text).unwrap();
    serde_json::from_value::<super::http::schema::Simulation>(answer.clone()).unwrap();
    answer["destinations"][0].clone()
}

#[test]
fn shipments_look_sane_to_an_exporter() {
    let world = world();
    let of = |ncm, country, volume| {
        let found = ask(&world, ncm, country, volume, Language::PtBr);
        let logistics = &found["estimates"]["logistics"];
        let usd = |name: &str| found[name].as_f64().unwrap();
        let (freight, value, share) = (usd("logistics_cost_usd"), usd("goods_value_usd"), usd("logistics_share_pct"));
        assert!((share * value / 100.0 - freight).abs() <= value * 0.000_06 + 0.01, "{found}");
        assert_eq!(found["freight_closes"], json!(share <= 40.0));
        let load = logistics["load"].as_str().unwrap().to_owned();
        (logistics["cargo_class"].as_str().unwrap().to_owned(), load, freight, value)
    };
    let (class, load, freight, value) = of(SUGAR, "CN", "25 t");
    assert_eq!((class.as_str(), load.as_str()), ("container", "fcl_20"));
    assert!((1_500.0..3_500.0).contains(&freight) && (11_000.0..11_500.0).contains(&value), "{freight} {value}");
    assert_eq!(of(SUGAR, "CN", "60.000,0 t").0, "bulk");
    assert_eq!(of(SUGAR, "AR", "25 t").0, "road");
    assert_eq!(of(BEEF, "CN", "1 contêiner 40'").0, "reefer");
    assert_eq!(of(PHONE, "US", "500 kg").0, "air");
    let (class, _, freight, value) = of(COFFEE, "US", "1 contêiner 20'");
    assert!(class == "container" && freight < 0.05 * value, "{freight} {value}");
}

#[test]
fn ore_by_the_container_does_not_close_and_says_from_where_it_does() {
    let world = world();
    let found = ask(&world, ORE, "CN", "25 t", Language::PtBr);
    assert_eq!((&found["freight_closes"], &found["break_even_class"]), (&json!(false), &json!("bulk")));
    let kg = found["break_even_volume_kg"].as_f64().unwrap();
    let closes = |kg: f64| ask(&world, ORE, "CN", &format!("{kg}"), Language::PtBr)["freight_closes"].clone();
    assert_eq!((closes(kg), closes(kg - 1.0)), (json!(true), json!(false)));
    let english = ask(&world, ORE, "CN", "25 t", Language::En);
    for destination in [found, english] {
        let note = destination["freight_note"].as_str().unwrap().to_owned();
        assert!(destination["recommendation_reason"].as_str().unwrap().contains(&note));
        insta::assert_snapshot!(note);
    }
}

#[test]
fn tariffs_know_the_agreements_and_their_exceptions() {
    let world = world();
    let tariff = |ncm, country| ask(&world, ncm, country, "25 t", Language::PtBr)["estimates"]["tariff"].clone();
    assert_eq!(
        tariff(SUGAR, "AR"),
        json!({"value": null, "low": null, "high": null, "basis": "ACE 18", "note": "açúcar fica fora do ACE 18"})
    );
    assert_eq!(tariff(SOY, "CL")["value"], 0);
    assert_eq!((&tariff(SOY, "AR")["value"], &tariff(SOY, "AR")["basis"]), (&json!(0), &json!("ACE 18")));
    assert_eq!(tariff(PHONE, "AR")["value"], Value::Null, "made in Manaus");
    assert_eq!((&tariff(PHONE, "US")["basis"], &tariff(PHONE, "US")["note"]), (&json!("faixa_padrao"), &Value::Null));
}

#[test]
fn volumes_are_read_with_their_unit_or_refused() {
    let (index, _) = world();
    let read = |body: Value| {
        let request = Request::parse(&body, index.lookup(), Language::PtBr);
        request.map(|request| (request.volume_kg, request.containers)).map_err(|errors| {
            errors.iter().map(|error| format!("{}: {}", error.pointer, error.detail)).collect::<Vec<_>>().join("\n")
        })
    };
    let of = |volume: &str| read(json!({"ncm": "17011400", "volume": volume}));
    assert_eq!(of("25 t"), Ok((Some(25_000.0), false)));
    assert_eq!(of("1,5 t"), Ok((Some(1_500.0), false)));
    assert_eq!(of("2 contêineres 20'"), Ok((Some(50_000.0), true)));
    insta::assert_snapshot!(of("1.000").unwrap_err(), @r#"/volume: "1.000" é ambíguo: 1 ou 1000? Escreva 1 ou 1000."#);
    insta::assert_snapshot!(of("0 kg").unwrap_err(), @"/volume: O volume precisa ser maior que 0 e no máximo 1000000000000 kg.");
    insta::assert_snapshot!(of("5 sacas").unwrap_err(), @r#"/volume: Unidade "sacas" desconhecida: use kg, t, lb, contêiner 20' ou 40', TEU ou FEU."#);
    assert!(read(json!({"ncm": "17011400", "volume": 1000})).is_err(), "a number has its own field");
    let both = read(json!({"ncm": "17011400", "volume": "1 t", "volume_kg": 1000}));
    insta::assert_snapshot!(both.unwrap_err(), @"/volume: Informe volume ou volume_kg, não os dois.");
}

#[test]
fn the_table_says_that_the_freight_does_not_close() {
    let world = world();
    for (language, words) in [(Language::PtBr, "não fecha"), (Language::En, "does not close")] {
        let body = json!({"ncm": ORE.to_string(), "volume": "1 container 20'"});
        let request = Request::parse(&body, world.0.lookup(), language).unwrap();
        let simulation = simulate(&world.0, &world.1, EstimateTable::embedded(), &request).unwrap();
        let label = DataLabel { snapshot: "s", source: "comexstat", sample: false };
        let text = table::write(&simulation, label, language);
        assert!(text.lines().any(|line| line.contains('%') && line.trim_end().ends_with(words)), "{text}");
    }
}
