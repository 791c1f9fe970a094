//! The OpenAPI document says what the routes are, and every route has a rule.

use std::collections::BTreeSet;

#[test]
fn every_operation_has_a_rule_and_every_rule_an_operation() {
    let document = identity::openapi();
    let document = serde_json::to_value(&document).unwrap();
    let mut documented = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            documented.insert(format!("{} {path}", method.to_uppercase()));
            for field in ["operationId", "summary", "tags", "responses"] {
                assert!(!operation[field].is_null(), "{method} {path} has no {field}");
            }
        }
    }
    let rules: BTreeSet<String> =
        identity::ACCESS.iter().map(|rule| format!("{} {}", rule.method, rule.path)).collect();
    assert_eq!(documented, rules);
    assert_eq!(rules.len(), identity::ACCESS.len());
}

#[test]
fn every_schema_that_is_referred_to_is_there() {
    let document = identity::openapi();
    let text = serde_json::to_string(&document).unwrap();
    let document = serde_json::to_value(&document).unwrap();
    let references: BTreeSet<&str> =
        text.split("#/components/schemas/").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert!(references.len() > 10, "{references:?}");
    for name in references {
        // The platform adds this one to every document.
        assert!(name == "Problem" || !document["components"]["schemas"][name].is_null(), "{name}");
    }
}

#[test]
fn every_schema_is_closed_and_every_list_bounded() {
    let document = serde_json::to_value(identity::openapi()).unwrap();
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        assert_eq!(schema["type"], "object", "{name}");
        assert_eq!(schema["additionalProperties"], false, "{name}");
        for (member, of) in schema["properties"].as_object().into_iter().flatten() {
            assert!(of["type"] != "array" || of["maxItems"].is_u64(), "{name}.{member}");
        }
    }
    let keys = &document["components"]["schemas"]["ApiKeyList"]["properties"]["data"]["maxItems"];
    assert_eq!(keys.as_i64(), Some(identity::domain::lifetime::API_KEYS_MAX));
}
