use std::time::Duration;

use proptest::prelude::*;
use serde_json::json;

use super::super::connector::{CacheRule, EndpointKind, HttpMethod};
use super::super::mapping::{RequestTemplate, ResponseMapping};
use super::*;

fn parameter(name: &str, kind: ParameterKind) -> Parameter {
    Parameter { name: name.into(), title: name.into(), kind, most: None, optional: false, default: None }
}

fn code(length: usize, length_min: usize, dotted: bool, range: Option<(u64, u64)>) -> ParameterKind {
    ParameterKind::Digits { length, length_min, dotted, range }
}

fn ncm() -> ParameterKind {
    code(8, 7, true, None)
}

fn endpoint(parameters: Vec<Parameter>) -> Endpoint {
    let time = Duration::ZERO;
    Endpoint {
        name: "exportacao".into(),
        title: String::new(),
        kind: EndpointKind::Json,
        method: HttpMethod::Post,
        parameters,
        request: RequestTemplate::default(),
        response: ResponseMapping::default(),
        cache: CacheRule { fresh: time, stale_if_error: time, missing: time, obey_source: false },
        version: String::new(),
    }
}

fn check(endpoint: &Endpoint, body: Value) -> Result<Value, Vec<String>> {
    let Value::Object(body) = body else { panic!("arguments are an object") };
    let line = |wrong: &WrongArgument| format!("{} {}", wrong.pointer, wrong.english);
    endpoint.check(&body).map(|arguments| Value::Object(arguments.0)).map_err(|wrong| wrong.iter().map(line).collect())
}

#[test]
fn ways_of_saying_the_same_are_one() {
    let month = code(2, 1, false, Some((1, 12)));
    for said in [json!(1), json!("1"), json!("01"), json!(1.0), json!(" 01 ")] {
        assert_eq!(month.canonical(&said), Some(json!("01")), "{said}");
    }
    for said in
        [json!(0), json!(13), json!("001"), json!(-1), json!(1.5), json!(""), json!("1a"), json!(true), json!([1])]
    {
        assert_eq!(month.canonical(&said), None, "{said}");
    }
    for said in [json!("17011400"), json!("1701.14.00"), json!(17_011_400)] {
        assert_eq!(ncm().canonical(&said), Some(json!("17011400")), "{said}");
    }
    assert_eq!(ncm().canonical(&json!(9_011_110)), Some(json!("09011110")), "a zero that a number cannot hold");
    // Six digits are a subheading and not a product that lost its zeros.
    for said in [json!("170114"), json!("1701.14"), json!("170114001"), json!(".17011400"), json!("१७०११४००")]
    {
        assert_eq!(ncm().canonical(&said), None, "{said}");
    }
    let year = ParameterKind::Integer { min: 1997, max: 2100 };
    assert_eq!(year.canonical(&json!("2024")), Some(json!(2024)));
    assert_eq!(year.canonical(&json!("1996")), None);
    let state = ParameterKind::Choice(vec!["SP".into(), "MG".into()]);
    assert_eq!(state.canonical(&json!("sp ")), Some(json!("SP")));
    assert_eq!(state.canonical(&json!("XX")), None);
}

#[test]
fn texts_hold_only_what_they_may() {
    let characters = vec![CharacterClass::AsciiLetters, CharacterClass::Dot, CharacterClass::Hyphen];
    let text = ParameterKind::Text { characters, length_min: 1, length_max: 5, letters: LetterCase::Upper };
    assert_eq!(text.canonical(&json!(" de ")), Some(json!("DE")));
    for said in ["", " ", ".", "..", "a/b", "abcdef", "a\n", "é", "%2e"] {
        assert_eq!(text.canonical(&json!(said)), None, "{said:?}");
    }
}

#[test]
fn the_example_of_the_contract_is_taken() {
    let endpoint = endpoint(vec![
        parameter("ano", code(4, 4, false, Some((1997, 2100)))),
        Parameter { optional: true, ..parameter("mes", code(2, 1, false, Some((1, 12)))) },
        Parameter { most: Some(3), ..parameter("ncm", ncm()) },
        Parameter {
            default: Some(json!("pt")),
            ..parameter("idioma", ParameterKind::Choice(vec!["pt".into(), "en".into()]))
        },
    ]);
    let expected = json!({"ano": "2024", "mes": "01", "ncm": ["17011400"], "idioma": "pt"});
    assert_eq!(check(&endpoint, json!({"ano": "2024", "mes": "01", "ncm": "17011400"})), Ok(expected.clone()));
    let other = json!({"idioma": "PT", "ncm": ["1701.14.00", 17_011_400], "mes": 1, "ano": 2024});
    assert_eq!(check(&endpoint, other), Ok(expected));
    assert_eq!(
        check(&endpoint, json!({"ano": "2024", "mes": null, "ncm": ["2", "17011400"]})),
        Err(vec!["/ncm/0 must be a code of 7–8 digits, with or without dots".to_owned()])
    );
    let wrong = check(&endpoint, json!({"mes": 13, "ncm": [], "a/b": 1})).unwrap_err();
    assert_eq!(
        wrong,
        [
            "/ano is required",
            "/mes must be a code of 1–2 digits, from 01 to 12",
            "/ncm must have 1 to 3 values",
            "/a~1b there is no such parameter; they are: ano, mes, ncm, idioma",
        ]
    );
    let many: Map<String, Value> = (0..200).map(|n| (format!("x{n}"), Value::Null)).collect();
    assert_eq!(endpoint.check(&many).unwrap_err().len(), WRONG_MAX);
}

#[test]
fn both_languages_are_said() {
    let wrong = endpoint(vec![parameter("ncm", ncm())]).check(&Map::new()).unwrap_err();
    assert_eq!((wrong[0].portuguese.as_str(), wrong[0].english.as_str()), ("é obrigatório", "is required"));
    let mut body = Map::new();
    body.insert("ncm".into(), json!(true));
    let wrong = endpoint(vec![parameter("ncm", ncm())]).check(&body).unwrap_err();
    assert_eq!(wrong[0].portuguese, "deve ser um código de 7–8 dígitos, com ou sem pontos");
    let wrong = endpoint(vec![]).check(&body).unwrap_err();
    assert_eq!(wrong[0].english, "there is no such parameter: this endpoint takes none");
}

fn kinds() -> impl Strategy<Value = ParameterKind> {
    let classes = prop::collection::vec(
        prop::sample::select(vec![
            CharacterClass::Letters,
            CharacterClass::AsciiLetters,
            CharacterClass::Digits,
            CharacterClass::Space,
            CharacterClass::Dot,
            CharacterClass::Punctuation,
        ]),
        1..4,
    );
    let letters = prop::sample::select(vec![LetterCase::AsSaid, LetterCase::Lower, LetterCase::Upper]);
    prop_oneof![
        (-50_i64..50, 0_i64..100).prop_map(|(min, more)| ParameterKind::Integer { min, max: min + more }),
        (1_usize..9, any::<bool>()).prop_map(|(length, dotted)| code(length, 1, dotted, None)),
        (classes, letters).prop_map(|(characters, letters)| ParameterKind::Text {
            characters,
            length_min: 1,
            length_max: 12,
            letters
        }),
        Just(ParameterKind::Choice(vec!["PAIS".into(), "Ncm_SH".into(), "7".into()])),
    ]
}

fn saids() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<bool>().prop_map(Value::from),
        (-200_i64..200_000_000).prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "[0-9]{1,9}".prop_map(Value::from),
        "[0-9.]{1,9}".prop_map(Value::from),
        "\\PC{0,14}".prop_map(Value::from),
        prop::sample::select(vec!["pais", " NCM_sh", "TRUE", ".", "..", "-0", "+5"]).prop_map(Value::from),
    ]
}

proptest! {
    #[test]
    fn the_canonical_form_is_its_own(kind in kinds(), said in saids()) {
        if let Some(form) = kind.canonical(&said) {
            prop_assert_eq!(kind.canonical(&form), Some(form.clone()));
            prop_assert!(!["", ".", ".."].iter().any(|bad| form == *bad));
        }
    }

    #[test]
    fn codes_are_equal_however_they_are_written(number in 0_u64..100_000_000) {
        let kind = code(8, 1, true, None);
        let full = format!("{number:08}");
        let dotted = format!("{}.{}.{}", &full[..4], &full[4..6], &full[6..]);
        let forms = [json!(number), json!(number.to_string()), json!(full), json!(dotted)];
        for form in forms {
            prop_assert_eq!(kind.canonical(&form), Some(json!(full.clone())));
        }
    }

    #[test]
    fn sets_have_no_order(mut codes in prop::collection::vec(1_u16..1000, 1..8)) {
        let set = Parameter { most: Some(20), ..parameter("pais", code(3, 1, false, None)) };
        let first = set.check(Some(&json!(codes)));
        codes.reverse();
        codes.push(codes[0]);
        prop_assert_eq!(set.check(Some(&json!(codes))), first);
    }
}
