//! `bgc countries populate` from a source that works, fails, or lies.

use serde_json::{Value, json};
use testkit::Fault;
use testkit::ministry::FakeMinistry;

use crate::outside::{World, told};

const POPULATE: &[&str] = &["countries", "populate", "--json"];
/// All of the table but the moment of the change.
const ALL: &str = "SELECT hashtextextended(string_agg((to_jsonb(t) - 'updated_at')::text, ';' ORDER BY code), 0) % 1000000 \
                   FROM cfg.countries_metadata t";

fn populate(world: &World) -> Value {
    serde_json::from_str(&world.done(POPULATE)).unwrap()
}

fn codes(report: &Value, list: &str) -> Vec<String> {
    let listed = report[list].as_array().unwrap().iter();
    listed.map(|country| country["code"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn filled_twice_from_rest_countries_it_holds_the_same_rows() {
    let world = World::new("countries", FakeMinistry::new());
    let first = populate(&world);
    assert_eq!(first["from"], "rest_countries", "{first}");
    let rows = first["rows"].as_u64().unwrap();
    assert!(rows >= 50, "{first}");
    let table = world.number(ALL);
    assert_eq!(world.number("SELECT count(*) FROM cfg.countries_metadata"), rows as f64);
    let again = populate(&world);
    assert_eq!((&again["rows"], &again["changed"], &again["from"]), (&json!(rows), &json!(0), &first["from"]));
    assert_eq!(world.number(ALL), table);

    let mut nearest = codes(&first, "nearest");
    assert!(["PY", "UY", "AR"].contains(&nearest[0].as_str()), "{first}");
    nearest.sort();
    assert_eq!(nearest, ["AR", "PY", "UY"]);
    let of_asia_and_oceania = ["CN", "GU", "HK", "JP", "KP", "KR", "MN", "MO", "MP", "PH", "PW", "TW"];
    for code in codes(&first, "farthest") {
        assert!(of_asia_and_oceania.contains(&code.as_str()), "{first}");
    }
    for (code, anchor) in [("AR", 1_675.0), ("US", 7_632.0), ("NL", 9_805.0), ("CN", 17_599.0)] {
        let sql = format!("SELECT distance_brazil_km FROM cfg.countries_metadata WHERE code = '{code}'");
        let km = world.number(&sql);
        assert!((km / anchor - 1.0).abs() < 0.005, "{code}: {km} against {anchor}");
    }
    // Without `fields`, or with more than ten, the source refuses.
    for asked in world.outside.countries.log().of("GET /v3.1/all") {
        assert!(asked.query.starts_with("fields="), "{}", asked.query);
    }
    let text = world.done(&["countries", "populate"]);
    assert!(
        text.contains(&format!("{rows} countries from REST Countries and the embedded table, 0 changed")),
        "{text}"
    );
}

#[test]
fn a_source_that_fails_or_lies_leaves_the_embedded_table() {
    let world = World::new("countries-faults", FakeMinistry::new());
    let offline: Value = serde_json::from_str(&world.done(&[POPULATE, &["--offline"]].concat())).unwrap();
    let table = world.number(ALL);
    let json = |body: Value| Fault::Reply {
        status: 200,
        headers: vec![("content-type", "application/json".to_owned())],
        body: body.to_string().into(),
    };
    let row = |iso2: &str, iso3: &str, name: &str| json!({"cca2": iso2, "cca3": iso3, "name": {"common": name}, "currencies": {"'; DROP TABLE cfg.countries_metadata; --": {}}, "languages": {"../../etc": "x"}, "latlng": [0, 0], "capitalInfo": {"latlng": [-23.55, -46.63]}});
    for (fault, why) in [
        (Fault::status(500, None), "500"),
        (Fault::html(), "page"),
        (Fault::invalid_json(), "JSON"),
        (Fault::HangUp, "connection broke"),
        (Fault::redirect("http://169.254.169.254/latest/meta-data/"), "redirect"),
        (Fault::GzipBomb { mebibytes: 64 }, "more than 8388608 bytes"),
        (json(json!([])), ""),
        (json(json!({"message": "too many"})), ""),
        (json(json!([{"cca2": 7, "cca3": null}])), ""),
        (
            json(json!([
                row("CN", "CHN", "\u{0}\u{202e}x"),
                row("../", "AAA", "y"),
                row("AR", "ARG", &"z".repeat(70_000))
            ])),
            "",
        ),
        (json(Value::Array(vec![row("CN", "CHN", "Sample"); 5_000])), ""),
    ] {
        world.outside.countries.faults().fail_always("GET /v3.1", fault);
        let output = world.run(POPULATE);
        let said = told(&output);
        assert!(output.status.success() && said.contains("note: ") && said.contains(why), "{why}: {said}");
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!((&report["rows"], &report["changed"]), (&offline["rows"], &json!(0)), "{said}");
        assert_eq!(world.number(ALL), table, "{said}");
        world.outside.countries.faults().heal();
        // A lie in good form is an answer, and kept as one.
        world.number("SELECT gateway.cleanup_connector_cache('restcountries')");
    }
    assert_eq!(populate(&world)["from"], "rest_countries");
}
