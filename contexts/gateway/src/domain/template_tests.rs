use proptest::prelude::*;
use serde_json::json;
use url::Url;

use super::*;

fn arguments(value: Value) -> Arguments {
    let Value::Object(map) = value else { panic!("arguments are an object") };
    Arguments(map)
}

fn text(text: &str) -> Text {
    Text::parse(text).unwrap()
}

fn period() -> Node {
    Node::Object {
        only_if: None,
        members: vec![("from".into(), Node::Text(text("{from}"))), ("to".into(), Node::Text(text("{to}")))],
    }
}

fn filter(name: &str) -> Node {
    let members = vec![
        ("filter".into(), Node::Literal(json!(name))),
        ("values".into(), Node::Text(text(&format!("{{{name}}}")))),
    ];
    Node::Object { only_if: Some(name.into()), members }
}

fn template() -> RequestTemplate {
    RequestTemplate {
        path: text("/general"),
        query: vec![("language".into(), text("pt")), ("search".into(), text("{search}"))],
        body: Some(Node::Object {
            only_if: None,
            members: vec![
                ("period".into(), period()),
                ("filters".into(), Node::List(vec![filter("ncm"), filter("state")])),
                ("details".into(), Node::List(vec![Node::Literal(json!("ncm")), Node::Each("detail".into())])),
                ("page".into(), Node::Text(text("{page}"))),
            ],
        }),
        values: vec![
            ("from".into(), vec![text("{year}-{month}"), text("{year}-01")]),
            ("to".into(), vec![text("{year}-{month}"), text("{year}-12")]),
        ],
        sent: BTreeMap::from([("state".into(), BTreeMap::from([("SP".into(), "41".into())]))]),
    }
}

#[test]
fn a_whole_request() {
    let asked = json!({"year": "2024", "ncm": ["17011400"], "state": ["MG", "SP"], "detail": ["a", "b"], "page": 2});
    let request = template().fill(&arguments(asked));
    assert_eq!(request.path, "/general");
    assert_eq!(request.query, [("language".to_owned(), "pt".to_owned())]);
    let body = json!({
        "period": {"from": "2024-01", "to": "2024-12"},
        "filters": [{"filter": "ncm", "values": ["17011400"]}, {"filter": "state", "values": ["MG", "41"]}],
        "details": ["ncm", "a", "b"],
        "page": 2,
    });
    assert_eq!(request.body, Some(body));
}

#[test]
fn what_is_not_said_disappears() {
    let request = template().fill(&arguments(json!({"year": "2024", "month": "03", "search": "a b&c"})));
    assert_eq!(request.query[1], ("search".to_owned(), "a b&c".to_owned()));
    let body = json!({"period": {"from": "2024-03", "to": "2024-03"}, "filters": [], "details": ["ncm"]});
    assert_eq!(request.body, Some(body));
}

#[test]
fn texts_are_read_or_refused() {
    assert_eq!(
        text("EXP_{ano}.csv").0,
        [Piece::Literal("EXP_".into()), Piece::Named("ano".into()), Piece::Literal(".csv".into())]
    );
    assert_eq!(text("{{a}}").0, [Piece::Literal("{a}".into())]);
    for wrong in ["{", "}", "{a", "a}", "{}", "{A}", "{a b}", "{*a}", "{a{b}}"] {
        assert!(Text::parse(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn sets_are_joined_in_texts() {
    let template = RequestTemplate { query: vec![("fields".into(), text("{fields}"))], ..RequestTemplate::default() };
    let request = template.fill(&arguments(json!({"fields": ["a", "b"]})));
    assert_eq!(request.query, [("fields".to_owned(), "a,b".to_owned())]);
}

proptest! {
    #[test]
    fn an_argument_is_one_segment(said in "\\PC{1,20}|[./%?#\\\\;:@ ]{1,6}") {
        prop_assume!(said != "." && said != "..");
        let template = RequestTemplate { path: text("/v1/{x}/end"), ..RequestTemplate::default() };
        let path = template.fill(&arguments(json!({"x": said.clone()}))).path;
        let url = Url::parse(&format!("https://host.example{path}")).unwrap();
        prop_assert_eq!(url.host_str(), Some("host.example"));
        prop_assert_eq!(url.query(), None);
        prop_assert_eq!(url.fragment(), None);
        let segments: Vec<&str> = url.path_segments().unwrap().collect();
        prop_assert_eq!(segments.len(), 3, "{}", path);
        prop_assert_eq!((segments[0], segments[2]), ("v1", "end"));
        prop_assert_eq!(decode(segments[1]), said);
    }
}

fn decode(segment: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = segment.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let (byte, length) = match first {
            b'%' => (u8::from_str_radix(std::str::from_utf8(&after[..2]).unwrap(), 16).unwrap(), 2),
            byte => (*byte, 0),
        };
        bytes.push(byte);
        rest = &after[length..];
    }
    String::from_utf8(bytes).unwrap()
}
