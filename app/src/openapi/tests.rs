use std::collections::BTreeSet;

use platform::openapi::explain;
use platform::problem::Code;
use serde_json::Value;

use super::{ACCESS, document, documented_rules, page};
use crate::cli::DocumentRole;

const ROLES: [DocumentRole; 2] = [DocumentRole::Api, DocumentRole::Gateway];

fn json(role: DocumentRole) -> Value {
    serde_json::to_value(document(role)).unwrap()
}

fn documented(document: &Value) -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        found.extend(item.as_object().unwrap().keys().map(|method| (method.to_uppercase(), path.clone())));
    }
    found
}

#[test]
fn every_operation_has_a_rule_and_every_rule_an_operation() {
    // Pages are not operations of the API; each is listed by name instead.
    let pages: Vec<&str> = ACCESS.iter().map(|rule| rule.path).collect();
    assert_eq!(pages, ["/openapi.json", "/docs", "/docs/errors", "/docs/style.css"]);
    for role in ROLES {
        let rules = documented_rules(role);
        let unique: BTreeSet<_> = rules.iter().map(|rule| (rule.method.to_string(), rule.path.to_owned())).collect();
        assert_eq!(unique.len(), rules.len(), "a rule is there twice");
        assert_eq!(documented(&json(role)), unique);
        assert!(pages.iter().all(|path| unique.iter().all(|(_, other)| other != path)));
    }
}

#[test]
fn the_gateway_on_loopback_has_a_rule_for_the_same_routes() {
    let routes =
        |rules: &[platform::auth::Rule]| rules.iter().map(|rule| (rule.method.clone(), rule.path)).collect::<Vec<_>>();
    assert_eq!(routes(gateway::ACCESS), routes(gateway::ACCESS_ON_LOOPBACK));
}

#[test]
fn every_operation_says_what_it_is() {
    ROLES.iter().for_each(|role| check_operations(&json(*role)));
}

fn check_operations(document: &Value) {
    let tags: BTreeSet<&str> =
        document["tags"].as_array().unwrap().iter().map(|tag| tag["name"].as_str().unwrap()).collect();
    let mut ids = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let place = format!("{method} {path}");
            let id = operation["operationId"].as_str().unwrap();
            assert!(id.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'), "{place}: {id}");
            assert!(ids.insert(id.to_owned()), "{place}: {id} is there twice");
            assert!(operation["summary"].as_str().is_some_and(|text| !text.ends_with('.')), "{place}");
            assert!(operation["description"].as_str().is_some_and(|text| text.len() > 20), "{place}");
            assert!(tags.contains(operation["tags"][0].as_str().unwrap()), "{place}");
            assert!(operation["security"].is_array(), "{place}");
            for (status, response) in operation["responses"].as_object().unwrap() {
                let problem = response["$ref"].is_string();
                assert_eq!(problem, status.starts_with(['4', '5']), "{place} {status}");
            }
        }
    }
}

#[test]
fn the_pages_show_every_operation_schema_and_error() {
    ROLES.iter().for_each(|role| check_page(*role));
    let errors = page::errors();
    for code in Code::ALL {
        assert!(errors.contains(&format!("id=\"{}\"", code.name())));
    }
}

fn check_page(role: DocumentRole) {
    let html = page::operations(&document(role)).unwrap();
    let document = json(role);
    for (_, item) in document["paths"].as_object().unwrap() {
        for operation in item.as_object().unwrap().values() {
            assert!(html.contains(&format!("<article id=\"{}\">", operation["operationId"].as_str().unwrap())));
        }
    }
    for name in document["components"]["schemas"].as_object().unwrap().keys() {
        assert!(html.contains(&format!("id=\"schema-{name}\"")), "{name}");
    }
    // Every link within the page leads somewhere, and nothing comes from elsewhere.
    for link in html.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        let found = link.strip_prefix('#').is_none_or(|id| html.contains(&format!("id=\"{id}\"")));
        assert!(found && link.starts_with(['#', '/']), "{link}");
    }
    assert!(!html.contains("<script") && !html.contains("style="), "the policy would refuse it");
}

#[test]
fn the_written_table_of_errors_says_the_same() {
    let written = include_str!("../../../docs/api/errors.md");
    for code in Code::ALL {
        let (name, status, explanation) = (code.name(), code.status().as_u16(), explain(code));
        let row =
            format!("| <a id=\"{name}\"></a>`{name}` | {status} | {} | {} |", explanation.when, explanation.remedy);
        assert!(written.contains(&row), "docs/api/errors.md lacks the row\n{row}");
    }
    assert_eq!(written.matches("<a id=").count(), Code::ALL.len());
}
