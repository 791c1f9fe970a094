use axum::http::Method;
use serde_json::{Value, json};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{complete, conditional, refusal};
use crate::auth::{Access, rule};
use crate::problem::Code;

#[utoipa::path(get, path = "/thing", operation_id = "thing", params(("q" = String, Query)), responses((status = 200, description = "A thing.", body = String), refusal::NcmNotFound))]
async fn thing() {}

#[utoipa::path(post, path = "/thing", operation_id = "make", request_body = String, responses((status = 204, description = "Made."), refusal::InvalidCredentials, refusal::RateLimitExceeded))]
async fn make() {}

fn document() -> Value {
    let router: OpenApiRouter = OpenApiRouter::default().routes(conditional(routes!(thing))).routes(routes!(make));
    let rules = [rule(Method::GET, "/thing", Access::Public), rule(Method::POST, "/thing", Access::Session)];
    serde_json::to_value(complete(router.into_openapi(), &rules)).unwrap()
}

fn statuses(operation: &Value) -> Vec<(&str, &str)> {
    let responses = operation["responses"].as_object().unwrap();
    responses
        .iter()
        .map(|(status, response)| {
            (status.as_str(), response["$ref"].as_str().unwrap_or_default().rsplit('/').next().unwrap_or_default())
        })
        .collect()
}

#[test]
fn what_stands_around_every_route_is_said_of_every_operation() {
    let document = document();
    assert_eq!(document["openapi"], "3.1.0");
    assert_eq!(
        statuses(&document["paths"]["/thing"]["get"]),
        [
            ("200", ""),
            ("304", ""),
            ("400", "validation_error"),
            ("401", "unauthenticated"),
            ("404", "ncm_not_found"),
            ("500", "internal_error"),
            ("503", "overloaded_or_data_unavailable"),
            ("504", "timeout"),
        ]
    );
    assert_eq!(
        statuses(&document["paths"]["/thing"]["post"]),
        [
            ("204", ""),
            ("400", "validation_error"),
            ("401", "unauthenticated_or_invalid_credentials"),
            ("403", "forbidden_or_cross_site_request"),
            ("408", "request_timeout"),
            ("413", "payload_too_large"),
            ("415", "unsupported_media_type"),
            ("429", "rate_limit_exceeded"),
            ("500", "internal_error"),
            ("503", "overloaded_or_data_unavailable"),
            ("504", "timeout"),
        ]
    );
}

#[test]
fn who_may_ask_comes_from_the_rules() {
    let document = document();
    let thing = &document["paths"]["/thing"];
    assert_eq!(thing["get"]["security"], json!([{}, {"session": []}, {"bearer": []}, {"api_key": []}]));
    assert_eq!(thing["post"]["security"], json!([{"session": []}]));
}

#[test]
fn every_reference_leads_somewhere() {
    fn walk(value: &Value, document: &Value) {
        match value {
            Value::Object(members) => {
                if let Some(reference) = members.get("$ref").and_then(Value::as_str) {
                    assert!(document.pointer(&reference[1..]).is_some(), "{reference}");
                }
                members.values().for_each(|value| walk(value, document));
            }
            Value::Array(items) => items.iter().for_each(|value| walk(value, document)),
            _ => {}
        }
    }
    let document = document();
    walk(&document, &document);
    let codes = &document["components"]["schemas"]["Problem"]["properties"]["error"]["enum"];
    assert_eq!(codes.as_array().unwrap().len(), Code::ALL.len());
}
