//! The table downloaded is the table on screen: random questions, read back from both formats.

use axum::http::StatusCode;
use proptest::prelude::*;
use serde_json::Value;

use super::http::routes;
use crate::cube::segment_tests::Scratch;
use crate::fixture::{Server, snapshot};

/// The records of RFC 4180.
fn records(text: &str) -> Vec<Vec<String>> {
    let (mut records, mut record, mut field) = (Vec::new(), Vec::new(), String::new());
    let (mut quoted, mut letters) = (false, text.chars().peekable());
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => field.extend(letters.next()),
            '"' => quoted = !quoted,
            ',' if !quoted => record.push(std::mem::take(&mut field)),
            '\r' if !quoted => assert_eq!(letters.peek(), Some(&'\n')),
            '\n' if !quoted => {
                record.push(std::mem::take(&mut field));
                records.push(std::mem::take(&mut record));
            }
            other => field.push(other),
        }
    }
    assert!(!quoted && field.is_empty() && record.is_empty(), "the text ends with a line");
    records
}

/// What files say at the end of their rows.
const COVERAGE: [&str; 3] = ["months_covered", "partial", "through"];

/// A value of the JSON answer as CSV writes it.
fn as_field(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) if text.starts_with(['=', '+', '-', '@', '\t', '\r']) => format!("'{text}"),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

prop_compose! {
    fn any_query()(
        drilldowns in prop::sample::subsequence(
            vec!["year", "month", "ncm", "sh6", "sh4", "sh2", "country", "uf", "sector", "via", "region", "bloc", "urf"], 0..=4).prop_shuffle(),
        measures in prop::sample::subsequence(vec!["fob", "kg", "share", "growth", "price", "hhi", "qt"], 1..=7).prop_shuffle(),
        cut in prop::sample::select(vec![
            "", "ncm:17011400", "ncm:99980101", "year:2024", "year:latest", "country:CN", "sh2:12%7C17", "month:1-6,uf:SP",
            "bloc:mercosul", "region:sul%7Csudeste", "urf:0817800",
        ]),
        limit in prop_oneof![1_usize..20, Just(1000)],
        offset in prop_oneof![Just(0_usize), 0_usize..20],
        language in prop::sample::select(vec!["pt-BR", "en"]),
    ) -> String {
        let timed = drilldowns.iter().any(|name| matches!(*name, "year" | "month"));
        let fits = |measure: &&str| match *measure {
            "growth" => timed,
            "hhi" => !drilldowns.contains(&"country"),
            _ => true,
        };
        let measures: Vec<&str> = measures.iter().copied().filter(|measure| fits(measure)).collect();
        format!(
            "/v1/exports?drilldowns={}&measures={}&cuts={cut}&limit={limit}&offset={offset}&lang={language}",
            drilldowns.join(","), measures.join(",")
        )
    }
}

#[test]
fn csv_says_what_json_says() {
    let scratch = Scratch::new();
    let server = Server::new(routes(), snapshot(&scratch));
    proptest!(ProptestConfig::with_cases(200), |(query in any_query())| {
        let (status, _, body) = server.get(&query, &[]);
        prop_assert_eq!(status, StatusCode::OK, "{}", body);
        let json: Value = serde_json::from_str(&body).unwrap();
        let (status, _, body) = server.get(&format!("{query}&format=csv"), &[]);
        prop_assert_eq!(status, StatusCode::OK, "{}", body);
        let table = records(&body);
        let rows = json["data"].as_array().unwrap();
        prop_assert_eq!(table.len(), rows.len() + 1);
        for (fields, row) in table[1..].iter().zip(rows) {
            let members = row.as_object().unwrap();
            prop_assert_eq!(fields.len(), table[0].len());
            // The columns of the answer, then what is covered.
            prop_assert!(table[0].iter().skip(members.len()).all(|name| COVERAGE.contains(&name.as_str())));
            prop_assert_eq!(table[0].last().unwrap(), "through");
            for (name, field) in table[0].iter().zip(fields).take(members.len()) {
                prop_assert_eq!(field, &as_field(&members[name]), "{} of {}", name, query);
            }
        }
    });
}

#[test]
fn a_known_zero_is_a_row_of_zeros() {
    let scratch = Scratch::new();
    let server = Server::new(routes(), snapshot(&scratch));
    let rows = |query: &str| {
        let body = server.get(&format!("/v1/exports?{query}"), &[]).2;
        serde_json::from_str::<Value>(&body).unwrap()["data"].to_string()
    };
    let zeros = r#"[{"fob":0,"kg":0}]"#;
    assert_eq!(rows("cuts=ncm:99980101"), zeros);
    assert_eq!(rows("cuts=ncm:17011400,month:2024-02"), zeros);
    assert_eq!(rows("cuts=ncm:17011400,uf:AC,year:2024"), zeros);
    assert_eq!(
        rows("cuts=ncm:99980101&measures=fob,share,price,hhi"),
        r#"[{"fob":0,"hhi":null,"price":null,"share":null}]"#
    );
    // Not covered is unknown; and a table has rows for what was exported.
    assert_eq!(rows("cuts=ncm:17011400,month:2025-06"), "[]");
    assert_eq!(rows("drilldowns=country&cuts=ncm:99980101"), "[]");
}

#[test]
fn csv_and_each_language_have_tags_of_their_own() {
    let scratch = Scratch::new();
    let server = Server::new(routes(), snapshot(&scratch));
    let forms = [
        ("", "pt-BR"),
        ("", "en"),
        ("&format=csv", "pt-BR"),
        ("&format=csv", "en"),
        ("&format=csv&dialect=br", "pt-BR"),
    ];
    let tags = forms.map(|(format, language)| {
        let uri = format!("/v1/exports?drilldowns=country{format}");
        let (_, headers, _) = server.get(&uri, &[("accept-language", language)]);
        assert_eq!(
            (&headers["content-language"], &headers["vary"]),
            (&language.parse().unwrap(), &"accept-language".parse().unwrap())
        );
        let tag = headers["etag"].to_str().unwrap().to_owned();
        let again = server.get(&uri, &[("accept-language", language), ("if-none-match", &tag)]);
        assert_eq!((again.0, again.2.as_str()), (StatusCode::NOT_MODIFIED, ""));
        let by_parameter = server.get(&format!("{uri}&lang={language}"), &[("if-none-match", &tag)]);
        assert_eq!(by_parameter.0, StatusCode::NOT_MODIFIED);
        tag
    });
    for (at, tag) in tags.iter().enumerate() {
        assert!(!tags[..at].contains(tag));
        for (format, language) in forms.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, form)| form) {
            let uri = format!("/v1/exports?drilldowns=country{format}");
            assert_eq!(server.get(&uri, &[("accept-language", language), ("if-none-match", tag)]).0, StatusCode::OK);
        }
    }
}
