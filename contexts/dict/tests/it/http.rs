//! The HTTP API of PIX keys: the same use cases, as the page and scripts see them.

use std::sync::Arc;

use axum::http::{Method, StatusCode};
use dict::failure::Failure;
use dict::http;
use dict::jobs::poll::poll_and_acknowledge;
use dict::limits::rate::Rate;
use serde_json::{Value, json};
use testkit::http::{Answer, json_request};

use crate::claims_world::{CLAIMER, DONOR, World};
use crate::http_world::{ALL, Api, principal};

const ANA: &str = "52998224725";

fn account(number: &str) -> Value {
    json!({"branch": "0001", "number": number, "type": "CACC", "opened_at": "2019-05-02T03:00:00Z"})
}

fn ana() -> Value {
    json!({"type": "NATURAL_PERSON", "tax_id": ANA, "name": "Ana Souza"})
}

fn bruno() -> Value {
    json!({"type": "NATURAL_PERSON", "tax_id": "11144477735", "name": "Bruno Lima"})
}

fn cpf() -> Value {
    json!({"type": "CPF", "value": ANA})
}

fn phone() -> Value {
    json!({"type": "PHONE", "value": "+5561988887777"})
}

fn registration(key: &Value, owner: &Value) -> Value {
    json!({"key": key, "account": account("1234567"), "owner": owner})
}

#[track_caller]
fn assert_problem(answer: &Answer, status: u16, error: &str, pointers: &[&str]) {
    let body = answer.json();
    assert_eq!((answer.status.as_u16(), body["error"].as_str()), (status, Some(error)), "{body}");
    let fields = body["errors"].as_array().cloned().unwrap_or_default();
    let named: Vec<&str> = fields.iter().map(|field| field["pointer"].as_str().unwrap()).collect();
    assert_eq!(named, pointers, "{body}");
}

#[track_caller]
fn assert_refused(answer: &Answer, reason: &str) {
    assert_problem(answer, 409, "pix_key_refused", &[]);
    assert_eq!(answer.json()["reason"], reason);
}

#[test]
fn every_route_has_a_rule_and_no_address_has_room_for_a_key() {
    let document = serde_json::to_value(http::openapi()).unwrap();
    let mut documented = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        assert!(path.matches('{').count() == path.matches("{id}").count(), "{path}");
        documented.extend(item.as_object().unwrap().keys().map(|method| (method.to_uppercase(), path.clone())));
    }
    let mut ruled: Vec<_> = http::ACCESS.iter().map(|rule| (rule.method.to_string(), rule.path.to_owned())).collect();
    documented.sort();
    ruled.sort();
    assert_eq!(documented, ruled);
}

#[tokio::test]
async fn the_door_asks_for_a_scope_and_an_institution_that_is_served() {
    let world = World::new();
    let api = Api::of(&world, DONOR).await;
    let question = || json_request(Method::POST, "/v1/pix-keys/get", &json!({ "key": cpf() }));
    assert_problem(&api.send(question()).await, 401, "unauthenticated", &[]);
    assert_problem(&api.send_as(DONOR, "dict.key.write", question()).await, 403, "forbidden", &[]);
    assert_problem(&api.send_as("", ALL, question()).await, 403, "forbidden", &[]);
    assert_problem(&api.send_as(CLAIMER, ALL, question()).await, 403, "forbidden", &[]);
    let answer = api.send_as(DONOR, "dict.key.read", question()).await;
    assert_problem(&answer, 404, "pix_key_not_found", &[]);
    assert_eq!(answer.header("cache-control"), "no-store");
}

#[tokio::test]
async fn a_caller_who_asks_too_often_waits_and_is_one_caller_at_both_doors() {
    let world = World::new();
    let mut bank = world.bank(&[CLAIMER]).await;
    bank.dict.caller_rate = Some(Arc::new(Rate::new(1, 2)));
    let api = Api::over(&world, bank, CLAIMER);
    // However slow the machine is, it asks more than twice in a second sooner or later.
    let refused = loop {
        let answer = api.get("/v1/pix-claims?side=outgoing").await;
        if answer.status != StatusCode::OK {
            break answer;
        }
    };
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS, "{}", refused.text());
    assert_eq!(refused.header("retry-after"), "1");
    // The gRPC door lets a principal in by the same rule.
    let admit = |subject: &str| dict::caller::admit(&api.bank.dict, &principal(subject, CLAIMER, ALL));
    let refused = (0..3).find_map(|_| admit("operator").err());
    assert!(matches!(refused, Some(Failure::Quota { limit, .. }) if limit == "RATE_LIMIT_RPS"));
    assert!(admit("another").is_ok());
}

#[tokio::test]
async fn a_key_is_registered_once_listed_changed_and_removed() {
    let world = World::new();
    let api = Api::of(&world, DONOR).await;
    let (id, wish) = (world.uuid(), registration(&json!({"type": "EVP"}), &ana()));
    let created = api.post_once("/v1/pix-keys", id, &wish).await;
    assert_eq!(created.status, 201, "{}", created.text());
    let entry = created.json();
    assert_eq!(entry["status"], "ACTIVE");
    assert_eq!(entry["account"]["participant"], DONOR);
    assert_eq!(entry["owner"]["trade_name"], Value::Null);
    let key = entry["key"].clone();
    assert_eq!(api.post_once("/v1/pix-keys", id, &wish).await.json()["key"], key, "the same id, the same answer");
    let other = registration(&json!({"type": "EVP"}), &bruno());
    assert_problem(&api.post_once("/v1/pix-keys", id, &other).await, 400, "validation_error", &["Idempotency-Key"]);
    assert_problem(&api.post("/v1/pix-keys", wish).await, 400, "validation_error", &["Idempotency-Key"]);

    let mine = json!({"branch": "0001", "number": "1234567", "type": "CACC"});
    let listed = api.post("/v1/pix-keys/search", json!({ "account": mine })).await.json();
    assert_eq!(listed["data"].as_array().unwrap().len(), 1);
    assert_eq!((&listed["data"][0]["key"], &listed["next_page_token"]), (&key, &Value::Null));
    // The kind is read off the value.
    let found = api.post("/v1/pix-keys/get", json!({"key": {"value": key["value"]}})).await;
    assert_eq!(found.json()["cid"], entry["cid"]);

    let renamed = json!({"key": key, "owner_name": "Ana Souza Lima", "reason": "RFB_VALIDATION"});
    let renamed = api.post("/v1/pix-keys/update", renamed).await;
    assert_eq!((renamed.status.as_u16(), &renamed.json()["owner"]["name"]), (200, &json!("Ana Souza Lima")));

    let removal = json!({"key": key});
    assert_problem(&api.post("/v1/pix-keys/delete", removal).await, 400, "validation_error", &["/requester_tax_id"]);
    let removal = json!({"key": key, "requester_tax_id": ANA});
    let removed = api.post("/v1/pix-keys/delete", removal.clone()).await;
    assert_eq!(removed.status, 200, "{}", removed.text());
    assert_problem(&api.post("/v1/pix-keys/delete", removal).await, 404, "pix_key_not_found", &[]);
}

#[tokio::test]
async fn what_is_wrong_is_pointed_at_and_not_repeated() {
    let world = World::new();
    let api = Api::of(&world, DONOR).await;
    let mut wish = registration(&json!({"type": "CPF", "value": "52998224724"}), &ana());
    let answer = api.post_once("/v1/pix-keys", world.uuid(), &wish).await;
    assert_problem(&answer, 400, "validation_error", &["/key/value"]);
    let text = answer.text();
    assert!(text.contains("dígitos verificadores"), "{text}");
    assert!(!text.contains("52998224724"), "what is personal is not repeated: {text}");
    wish["key"] = cpf();
    wish["account"]["number"] = json!("12 34");
    let answer = api.post_once("/v1/pix-keys", world.uuid(), &wish).await;
    assert_problem(&answer, 400, "validation_error", &["/account/number"]);
    assert!(!answer.text().contains("12 34"), "nor is this: {}", answer.text());

    let unproved = registration(&phone(), &ana());
    let answer = api.post_once("/v1/pix-keys", world.uuid(), &unproved).await;
    assert_problem(&answer, 400, "validation_error", &["/possession_id"]);
    let unknown = json!({"key": cpf(), "colour": "blue"});
    assert_problem(&api.post("/v1/pix-keys/get", unknown).await, 400, "validation_error", &["/colour"]);
}

#[tokio::test]
async fn a_look_up_shows_what_a_payer_may_see() {
    let world = World::new();
    let (donor, claimer) = (Api::of(&world, DONOR).await, Api::of(&world, CLAIMER).await);
    let created = donor.post_once("/v1/pix-keys", world.uuid(), &registration(&cpf(), &ana())).await;
    assert_eq!(created.status, 201, "{}", created.text());
    let own = donor.post("/v1/pix-keys/lookup", json!({ "key": cpf() })).await.json();
    assert_eq!((&own["owner_tax_id_masked"], &own["own_base"]), (&json!("***.982.247-**"), &json!(true)));
    assert!(own.get("account").is_none() && own.get("payment").is_none());

    let missing = claimer.post("/v1/pix-keys/lookup", json!({ "key": cpf() })).await;
    assert_problem(&missing, 400, "validation_error", &["/payer_tax_id", "/end_to_end_id"]);
    let payment = format!("E{CLAIMER}20250315120000000000001");
    let whole = |key: Value| json!({"key": key, "payer_tax_id": ANA, "end_to_end_id": payment});
    let theirs = claimer.post("/v1/pix-keys/lookup", whole(cpf())).await;
    assert_eq!((&theirs.json()["participant"], &theirs.json()["own_base"]), (&json!(DONOR), &json!(false)));
    assert_problem(&claimer.post("/v1/pix-keys/lookup", whole(phone())).await, 404, "pix_key_not_found", &[]);
}

#[tokio::test]
async fn a_key_elsewhere_is_brought_here_by_portability() {
    let world = World::new();
    let (donor, claimer) = (Api::of(&world, DONOR).await, Api::of(&world, CLAIMER).await);
    let wish = registration(&cpf(), &ana());
    assert_eq!(donor.post_once("/v1/pix-keys", world.uuid(), &wish).await.status, 201);
    let refused = claimer.post_once("/v1/pix-keys", world.uuid(), &wish).await;
    assert_refused(&refused, "ENTRY_KEY_IN_CUSTODY_OF_DIFFERENT_PARTICIPANT");

    let claim = json!({"type": "PORTABILITY", "key": cpf(), "claimer": ana(), "claimer_account": account("7654321")});
    let id = world.uuid();
    let started = claimer.post_once("/v1/pix-claims", id, &claim).await;
    assert_eq!(started.status, 201, "{}", started.text());
    let started = started.json();
    assert_eq!((&started["roles"], &started["completion_period_end"]), (&json!(["CLAIMER"]), &Value::Null));
    assert_eq!(claimer.post_once("/v1/pix-claims", id, &claim).await.json()["id"], started["id"]);

    poll_and_acknowledge(&donor.bank.dict).await.unwrap();
    let path = "/v1/pix-claims?side=incoming&status=OPEN,WAITING_RESOLUTION&type=PORTABILITY";
    let incoming = donor.get(path).await.json();
    assert_eq!(
        (&incoming["data"][0]["id"], &incoming["data"][0]["status"]),
        (&started["id"], &json!("WAITING_RESOLUTION"))
    );
    assert_eq!(donor.get("/v1/pix-claims?side=outgoing").await.json()["data"], json!([]));
    let at = format!("/v1/pix-claims/{}", started["id"].as_str().unwrap());
    let confirmed = donor.post(&format!("{at}/confirm"), json!({})).await;
    assert_eq!((confirmed.status.as_u16(), &confirmed.json()["status"]), (200, &json!("CONFIRMED")));
    assert_refused(&donor.post(&format!("{at}/cancel"), json!({"reason": "FRAUD"})).await, "CLAIM_OPERATION_INVALID");
}

#[tokio::test]
async fn a_claim_of_ownership_is_refused_with_a_proof_and_given_up_without() {
    let world = World::new();
    let (donor, claimer) = (Api::of(&world, DONOR).await, Api::of(&world, CLAIMER).await);
    let mut wish = registration(&phone(), &ana());
    wish["possession_id"] = donor.proved(&phone()).await.into();
    assert_eq!(donor.post_once("/v1/pix-keys", world.uuid(), &wish).await.status, 201);

    let claim = json!({"type": "OWNERSHIP", "key": phone(), "claimer": bruno(), "claimer_account": account("7654321")});
    let start = || async {
        let started = claimer.post_once("/v1/pix-claims", world.uuid(), &claim).await;
        assert_eq!(started.status, 201, "{}", started.text());
        poll_and_acknowledge(&donor.bank.dict).await.unwrap();
        format!("/v1/pix-claims/{}", started.json()["id"].as_str().unwrap())
    };
    let at = start().await;
    let bare = donor.post(&format!("{at}/respond"), json!({"answer": "REJECT"})).await;
    assert_problem(&bare, 400, "validation_error", &["/possession_id"]);
    let proof = donor.proved(&phone()).await;
    let kept = donor.post(&format!("{at}/respond"), json!({"answer": "REJECT", "possession_id": proof})).await.json();
    assert_eq!((&kept["status"], &kept["cancel_reason"]), (&json!("CANCELLED"), &json!("FRAUD")));

    let at = start().await;
    let accepted = donor.post(&format!("{at}/respond"), json!({"answer": "ACCEPT"})).await.json();
    assert_eq!(accepted["status"], "CONFIRMED");
    let given_up = claimer.post(&format!("{at}/cancel"), json!({})).await;
    assert_eq!((given_up.status.as_u16(), &given_up.json()["cancelled_by"]), (200, &json!("CLAIMER")));
}

#[tokio::test]
async fn questions_about_claims_are_checked() {
    let world = World::new();
    let api = Api::of(&world, DONOR).await;
    for (query, name) in [
        ("", "side"),
        ("?side=both", "side"),
        ("?side=incoming&status=OPEN,EXPIRED", "status"),
        ("?side=incoming&page_size=-1", "page_size"),
        ("?side=incoming&page_token=forged", "page_token"),
        ("?side=incoming&key=x", "key"),
    ] {
        assert_problem(&api.get(&format!("/v1/pix-claims{query}")).await, 400, "validation_error", &[name]);
    }
    let unknown = world.uuid();
    for id in [unknown.to_string(), "17011400".to_owned()] {
        assert_problem(&api.get(&format!("/v1/pix-claims/{id}")).await, 404, "not_found", &[]);
        for step in ["respond", "confirm", "cancel"] {
            let body = if step == "respond" { json!({"answer": "ACCEPT"}) } else { json!({}) };
            let answer = api.post(&format!("/v1/pix-claims/{id}/{step}"), body).await;
            assert_problem(&answer, 404, "not_found", &[]);
        }
    }
}
