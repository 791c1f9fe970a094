use serde_json::json;

use super::*;

fn place(text: &str) -> Place {
    Place::parse(text).unwrap()
}

fn field(name: &str, from: &str, kind: FieldKind) -> Field {
    Field { name: name.into(), from: place(from), part: Part::Value, kind, presence: Presence::Key }
}

fn records(at: &[&str], fields: Vec<Field>) -> ResponseMapping {
    let at = at.iter().map(|text| place(text)).collect();
    ResponseMapping { shape: Shape::Records { at, name: "linhas".into(), fields }, ..ResponseMapping::default() }
}

fn rows(mapping: &ResponseMapping, answer: &Value) -> Result<Value, MappingError> {
    match mapping.apply(answer, &Arguments::default())? {
        Mapped::Found { answer, .. } => Ok(answer),
        Mapped::Missing => Ok(json!("missing")),
    }
}

#[test]
fn numbers_as_text_are_exact() {
    let mapping = records(
        &["data.list"],
        vec![
            field("ncm", "coNcm", FieldKind::Digits(8)),
            field("mes", "monthNumber", FieldKind::Month),
            field("valor_usd", "metricFOB", FieldKind::Integer),
            field("frete_usd", "metricFreight", FieldKind::Decimal),
            Field { presence: Presence::Optional, ..field("quantidade", "metricStatistic", FieldKind::Integer) },
        ],
    );
    let answer = json!({"data": {"0": "pt", "list": [
        {"coNcm": "9011110", "monthNumber": "11", "metricFOB": "9007199254740993", "metricFreight": "1234567.10"},
        {"coNcm": 9_011_110, "monthNumber": 1, "metricFOB": "", "metricFreight": null, "metricStatistic": "12.00"},
    ]}, "success": true});
    let found = rows(&mapping, &answer).unwrap();
    assert_eq!(
        found,
        json!({"linhas": [
            {"ncm": "09011110", "mes": 11, "valor_usd": 9_007_199_254_740_993_i64, "frete_usd": 1_234_567.1, "quantidade": null},
            {"ncm": "09011110", "mes": 1, "valor_usd": null, "frete_usd": null, "quantidade": 12},
        ]})
    );
    assert!(found.to_string().contains("1234567.1,"), "{found}");
}

#[test]
fn decimals_are_exact_or_refused() {
    for (text, written) in [("0.1", "0.1"), ("-12.340", "-12.34"), ("100.50", "100.5"), ("7", "7"), ("7.00", "7")] {
        assert_eq!(decimal(text).map(|number| number.to_string()).as_deref(), Some(written), "{text}");
    }
    for text in ["0.12345678901234567890", "1e5", "1,5", ".5", "5.", "+1.5", "NaN", "0x10", "12345678901234567.5"] {
        assert_eq!(decimal(text), None, "{text}");
    }
    assert_eq!(
        (integer("+5"), integer("5."), integer("5.1"), integer("99999999999999999999")),
        (None, None, None, None)
    );
}

#[test]
fn another_shape_is_named_and_its_values_are_not() {
    let mapping = records(&["data.list"], vec![field("valor_usd", "metricFOB", FieldKind::Integer)]);
    let wrong = |answer: Value| rows(&mapping, &answer).unwrap_err().to_string();
    assert_eq!(wrong(json!({"rows": []})), "data.list is absent or no list");
    assert_eq!(wrong(json!({"data": {"list": {}}})), "data.list is absent or no list");
    assert_eq!(wrong(json!([])), "data.list is absent or no list");
    assert_eq!(wrong(json!({"data": {"list": ["s3cret"]}})), "data.list[0] is no object");
    assert_eq!(wrong(json!({"data": {"list": [{"metricFob": 1}]}})), "data.list[0].metricFOB is absent");
    let rows = json!({"data": {"list": [{"metricFOB": "1"}, {"metricFOB": "s3cret"}]}});
    assert_eq!(wrong(rows), "data.list[1].metricFOB is not an integer");
    assert_eq!(wrong(json!({"data": {"list": [{"metricFOB": {"a": 1}}]}})), "data.list[0].metricFOB is not an integer");
}

#[test]
fn lists_are_found_where_they_are() {
    let id = || vec![field("id", "id", FieldKind::Text)];
    let expected = json!({"linhas": [{"id": "12"}]});
    for (at, answer) in [
        (vec!["data.0"], json!({"data": [[{"id": "12"}]]})),
        (vec!["$"], json!([{"id": 12}])),
        (vec!["data", "data.list"], json!({"data": [{"id": "12"}]})),
        (vec!["data", "data.list"], json!({"data": {"list": [{"id": "12"}]}})),
    ] {
        assert_eq!(rows(&records(&at, id()), &answer).unwrap(), expected, "{answer}");
    }
    assert!(Place::parse("a..b").is_err() && Place::parse("").is_err());
}

#[test]
fn failures_inside_an_answer_of_200() {
    let failure = |at: &str, test: Test, meaning: Meaning| Failure {
        at: place(at),
        test,
        meaning,
        words: Some(place("message")),
    };
    let mapping = ResponseMapping {
        failures: vec![
            failure("error.code", Test::Equals(json!(429)), Meaning::TooManyRequests),
            failure("message", Test::Contains("excedeu o limite".into()), Meaning::TooManyRequests),
            failure("success", Test::Equals(json!(false)), Meaning::Refused),
            failure("data", Test::Empty, Meaning::Missing),
        ],
        ..ResponseMapping::default()
    };
    let outcome = |answer: Value| mapping.apply(&answer, &Arguments::default());
    assert_eq!(outcome(json!({"error": {"code": "429"}})), Err(MappingError::TooManyRequests));
    let words = "Você excedeu o limite de solicitações. Por favor, tente novamente em 10 segundos.";
    assert_eq!(outcome(json!({"data": null, "message": words})), Err(MappingError::TooManyRequests));
    let refused = outcome(json!({"success": false, "message": format!("Filtro\ninválido{}", "x".repeat(900))}));
    let Err(MappingError::Refused(words)) = refused else { panic!("{refused:?}") };
    assert!(words.starts_with("Filtroinválido") && words.chars().count() == 200, "{words}");
    assert_eq!(outcome(json!({"success": false})), Err(MappingError::Refused("no reason given".into())));
    for nothing in [json!(null), json!([]), json!(""), json!({})] {
        assert_eq!(outcome(json!({"success": true, "data": nothing})), Ok(Mapped::Missing));
    }
    let fine = json!({"success": true, "data": {"a": 1}});
    assert_eq!(outcome(fine.clone()), Ok(Mapped::Found { answer: fine, empty: false }));
}

#[test]
fn an_empty_list_means_what_the_file_says() {
    let answer = json!({"data": {"list": []}});
    let outcome = |rule: EmptyRule| {
        let mapping = ResponseMapping { empty: rule, ..records(&["data.list"], Vec::new()) };
        mapping.apply(&answer, &Arguments::default()).unwrap()
    };
    let found = |empty: bool| Mapped::Found { answer: json!({"linhas": []}), empty };
    assert_eq!(outcome(EmptyRule::Answer), found(false));
    assert_eq!(outcome(EmptyRule::Doubtful), found(true));
    assert_eq!(outcome(EmptyRule::Missing), Mapped::Missing);
}

#[test]
fn objects_give_their_keys_and_values() {
    let part = |name: &str, from: &str, part: Part| Field { part, ..field(name, from, FieldKind::Text) };
    let mapping = ResponseMapping {
        shape: Shape::Record {
            at: vec![place("0"), place("$")],
            fields: vec![
                part("currencies", "currencies", Part::Keys),
                part("languages", "languages", Part::Values),
                field("latitude", "latlng.0", FieldKind::Decimal),
            ],
        },
        envelope: vec![("fonte".into(), Extra::Constant(json!("x"))), ("codigo".into(), Extra::Argument("c".into()))],
        ..ResponseMapping::default()
    };
    let answer = json!({"currencies": {"EUR": {"name": "euro"}}, "languages": {"deu": "German"}, "latlng": [51.5, 9]});
    let arguments = Arguments(Map::from_iter([("c".to_owned(), json!("DE"))]));
    let Ok(Mapped::Found { answer, .. }) = mapping.apply(&answer, &arguments) else { panic!("not found") };
    let expected =
        json!({"fonte": "x", "codigo": "DE", "currencies": ["EUR"], "languages": ["German"], "latitude": 51.5});
    assert_eq!(answer, expected);
    let wrong = mapping.apply(&json!({"currencies": [], "languages": {}, "latlng": []}), &arguments);
    assert_eq!(wrong.unwrap_err().to_string(), "$.currencies is no object");
}

#[test]
fn days_and_truths() {
    assert_eq!(FieldKind::Date.read(&json!("2026-09-04T10:00:00Z")), Some(json!("2026-09-04")));
    assert_eq!(FieldKind::Date.read(&json!("2026-13-04")), None);
    assert_eq!(FieldKind::Boolean.read(&json!("1")), Some(json!(true)));
    assert_eq!(FieldKind::Month.read(&json!("13")), None);
    assert_eq!(FieldKind::Text.read(&json!(" ")), Some(Value::Null));
}
