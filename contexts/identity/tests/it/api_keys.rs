//! API keys: made once, used, revoked, expired.

use axum::http::Method;
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::accounts::futures;
use crate::world::{EMAIL, PASSWORD, World, pointers};

async fn make(world: &World, token: &str, body: Value) -> Value {
    world.post("/v1/account/api-keys", body).cookie(token).done(201).await.json()
}

#[tokio::test]
async fn a_key_is_shown_once_and_speaks_for_its_user() {
    let world = World::new().await;
    let token = world.sign_up(EMAIL).await;
    let made = make(&world, &token, json!({"name": "nightly report"})).await;
    let key = made["key"].as_str().unwrap();
    assert!(key.starts_with("bgc_") && key.len() == 68 && key.starts_with(made["prefix"].as_str().unwrap()), "{made}");
    let list = || world.get("/v1/account/api-keys").cookie(&token);
    let mut listed = made.clone();
    listed.as_object_mut().unwrap().remove("key");
    assert_eq!(list().done(200).await.json(), json!({"data": [listed]}));
    assert!(!world.text("SELECT k::text FROM identity.api_keys k").await.contains(key));
    let by_bearer = world.get("/v1/account").bearer(key).done(200).await.json();
    let by_header = world.get("/v1/account").header("x-api-key", key).done(200).await.json();
    assert_eq!((&by_bearer["email"], &by_bearer), (&json!(EMAIL), &by_header));
    let session = world.get("/v1/session").bearer(key).done(200).await.json();
    assert_eq!((&session["user"]["email"], &session["expires_at"]), (&json!(EMAIL), &Value::Null));
    // Its use is noted once a minute.
    assert_eq!(list().done(200).await.json()["data"][0]["last_used_at"], "2025-03-15T12:00:00Z");
    world.clock.advance(TimeDelta::seconds(59));
    world.get("/v1/account").bearer(key).done(200).await;
    assert_eq!(list().done(200).await.json()["data"][0]["last_used_at"], "2025-03-15T12:00:00Z");
    world.clock.advance(TimeDelta::seconds(1));
    world.get("/v1/account").bearer(key).done(200).await;
    assert_eq!(list().done(200).await.json()["data"][0]["last_used_at"], "2025-03-15T12:01:00Z");
}

#[tokio::test]
async fn keys_cannot_make_keys() {
    let world = World::new().await;
    let token = world.sign_up(EMAIL).await;
    let made = make(&world, &token, json!({"name": "x"})).await;
    let (key, id) = (made["key"].as_str().unwrap(), made["id"].as_str().unwrap());
    world.get("/v1/account/api-keys").bearer(key).refused(403, "forbidden").await;
    world.post("/v1/account/api-keys", json!({"name": "y"})).bearer(key).refused(403, "forbidden").await;
    let uri = format!("/v1/account/api-keys/{id}");
    world.call(Method::DELETE, &uri).bearer(key).refused(403, "forbidden").await;
    world.post("/v1/account/upgrade-request", json!({})).bearer(key).refused(403, "forbidden").await;
    for uri in ["/v1/account/api-keys", "/v1/account"] {
        world.get(uri).refused(401, "unauthenticated").await;
    }
}

#[tokio::test]
async fn revoked_and_expired_keys_are_refused_everywhere() {
    let world = World::new().await;
    let token = world.sign_up(EMAIL).await;
    let revoked = make(&world, &token, json!({"name": "revoked"})).await;
    let expiring = make(&world, &token, json!({"name": "expiring", "expires_in_days": 1})).await;
    assert_eq!(expiring["expires_at"], "2025-03-16T12:00:00Z");
    let uri = format!("/v1/account/api-keys/{}", revoked["id"].as_str().unwrap());
    let other = world.sign_up("bia@example.com").await;
    world.call(Method::DELETE, &uri).cookie(&other).refused(404, "not_found").await;
    world.call(Method::DELETE, &uri).cookie(&token).done(204).await;
    world.call(Method::DELETE, &uri).cookie(&token).refused(404, "not_found").await;
    let refused = async |key: &Value| {
        let key = key["key"].as_str().unwrap();
        // Also where anybody may ask: a program should learn that its key is wrong.
        for uri in ["/v1/account", "/v1/session"] {
            let answer = world.get(uri).bearer(key).refused(401, "unauthenticated").await;
            assert!(!answer.text().contains(key));
        }
    };
    refused(&revoked).await;
    world.get("/v1/account").bearer(expiring["key"].as_str().unwrap()).done(200).await;
    world.clock.advance(TimeDelta::days(1));
    refused(&expiring).await;
    refused(&json!({"key": format!("bgc_{}", "0".repeat(64))})).await;
    refused(&json!({"key": format!("bgc_{}", "0".repeat(4000))})).await;
}

#[tokio::test]
async fn what_a_key_is_asked_for_is_checked_and_their_number_bounded() {
    let world = World::new().await;
    let token = world.sign_up(EMAIL).await;
    for (body, pointer) in [
        (json!({"name": ""}), "/name"),
        (json!({"name": "x".repeat(121)}), "/name"),
        (json!({"name": "x", "expires_in_days": 0}), "/expires_in_days"),
        (json!({"name": "x", "expires_in_days": 3651}), "/expires_in_days"),
        (json!({"name": "x", "expires_in_days": -1}), "/expires_in_days"),
        (json!({"name": "x", "scopes": ["all"]}), "/scopes"),
    ] {
        let answer = world.post("/v1/account/api-keys", body).cookie(&token).refused(400, "validation_error").await;
        assert_eq!(pointers(&answer), [pointer]);
    }
    let calls = (0..25).map(|number| {
        world.post("/v1/account/api-keys", json!({"name": format!("key {number}")})).cookie(&token).send()
    });
    let made = futures(calls.collect()).await.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(made, 20);
    let answer = world.post("/v1/account/api-keys", json!({"name": "x"})).cookie(&token);
    assert!(answer.refused(400, "validation_error").await.text().contains("20 chaves"));
}

#[tokio::test]
async fn a_changed_password_keeps_keys_and_one_set_by_mail_deletes_them() {
    let world = World::new().await;
    let token = world.sign_up(EMAIL).await;
    let other = world.sign_up("bia@example.com").await;
    let (mine, hers) =
        (make(&world, &token, json!({"name": "x"})).await, make(&world, &other, json!({"name": "y"})).await);
    let (mine, hers) = (mine["key"].as_str().unwrap(), hers["key"].as_str().unwrap());
    let body = json!({"current_password": PASSWORD, "new_password": "outro cavalo correto"});
    world.call(Method::PUT, "/v1/account/password").json(body).cookie(&token).done(204).await;
    world.get("/v1/account").bearer(mine).done(200).await;
    world.post("/v1/password-reset", json!({"email": EMAIL})).done(202).await;
    let reset = world.reset_token(1).await;
    assert!(world.mails()[0].contains("chaves de API da conta são apagadas"), "{}", world.mails()[0]);
    let body = json!({"token": reset, "new_password": "mais um cavalo"});
    world.post("/v1/password-reset/confirm", body).done(204).await;
    world.get("/v1/account").bearer(mine).refused(401, "unauthenticated").await;
    world.get("/v1/account").bearer(hers).done(200).await;
}

#[tokio::test]
async fn a_session_that_a_reset_ended_meanwhile_makes_no_key() {
    let world = World::new().await;
    let token = world.sign_up(EMAIL).await;
    let reset = "BEGIN; SELECT FROM identity.users FOR UPDATE; DELETE FROM identity.sessions";
    world.sql.batch_execute(reset).await.unwrap();
    let commit = async {
        world.somebody_waits().await;
        world.sql.batch_execute("COMMIT").await.unwrap();
    };
    let asked = world.post("/v1/account/api-keys", json!({"name": "x"})).cookie(&token);
    let ((), refused) = tokio::join!(commit, asked.refused(401, "unauthenticated"));
    assert!(refused.header("www-authenticate").starts_with("Bearer"));
    assert_eq!(world.number("SELECT count(*) FROM identity.api_keys").await, 0);
}
