//! Sign-up, the account, upgrade requests, activity.

use axum::body::Body;
use axum::http::{Method, Request};
use serde_json::{Value, json};
use testkit::http::send;

use crate::world::{EMAIL, PASSWORD, World, cookie, pointers};

fn body() -> Value {
    json!({"name": " Ana Souza ", "email": "Ana@Example.com", "password": PASSWORD, "company": "Souza Exportadora"})
}

#[tokio::test]
async fn an_account_is_made_with_a_tenant_and_signed_in() {
    let world = World::new().await;
    let answer = world.post("/v1/account", body()).done(201).await;
    let user = &answer.json()["user"];
    assert_eq!(user["email"], EMAIL);
    assert_eq!(user["name"], "Ana Souza");
    assert_eq!(user["tenant"]["name"], "Souza Exportadora");
    assert_eq!((&user["tier"], &user["upgrade_requested_at"]), (&json!("free"), &Value::Null));
    assert_eq!(user["created_at"], "2025-03-15T12:00:00Z");
    assert_eq!(answer.json()["expires_at"], "2025-03-29T12:00:00Z");
    let mine = world.get("/v1/account").cookie(&cookie(&answer)).done(200).await;
    assert_eq!(&mine.json(), user);
    assert_eq!(world.text("SELECT role FROM identity.memberships").await, "owner\n");
    let alone = json!({"name": "Bia", "email": "bia@example.com", "password": PASSWORD, "company": null});
    let answer = world.post("/v1/account", alone).done(201).await;
    assert_eq!(answer.json()["user"]["tenant"]["name"], "Bia");
    world.post("/v1/account", body()).refused(409, "account_exists").await;
}

#[tokio::test]
async fn every_wrong_field_is_told_at_once_in_both_languages() {
    let world = World::new().await;
    let wrong = json!({"name": " ", "email": "ana", "password": "curta", "company": "x".repeat(121)});
    let answer = world.post("/v1/account", wrong.clone()).refused(400, "validation_error").await;
    assert_eq!(pointers(&answer), ["/name", "/email", "/password", "/company"]);
    assert!(answer.text().contains("pelo menos 10 caracteres"), "{}", answer.text());
    let english = world.post("/v1/account", wrong).header("accept-language", "en").send().await;
    assert!(english.text().contains("at least 10 characters"), "{}", english.text());
    for (field, value) in [
        ("password", "1234567890"),
        ("password", "ana@example.com"),
        ("password", &"x1".repeat(65)),
        ("name", "a\nb"),
        ("name", "a\0b"),
        ("email", "a@b"),
        ("email", "ana@example.com\r\nBcc: x@example.com"),
    ] {
        let mut body = body();
        body[field] = json!(value);
        let answer = world.post("/v1/account", body).refused(400, "validation_error").await;
        assert_eq!(pointers(&answer), [format!("/{field}")], "{value:?}");
    }
    let mut more = body();
    more["tier"] = json!("premium");
    let answer = world.post("/v1/account", more).refused(400, "validation_error").await;
    assert_eq!(pointers(&answer), ["/tier"]);
    assert_eq!(world.number("SELECT count(*) FROM identity.users").await, 0);
}

#[tokio::test]
async fn of_many_sign_ups_with_one_e_mail_one_wins() {
    let world = World::new().await;
    let calls: Vec<_> = (0..12).map(|_| world.post("/v1/account", body()).send()).collect();
    let mut statuses = Vec::new();
    for answer in futures(calls).await {
        statuses.push(answer.status.as_u16());
    }
    statuses.sort_unstable();
    assert_eq!(statuses, [[201].as_slice(), &[409; 11]].concat());
    assert_eq!(world.text("SELECT (SELECT count(*) FROM identity.users), (SELECT count(*) FROM identity.tenants), (SELECT count(*) FROM identity.sessions)").await, "1|1|1\n");
}

/// Runs futures together and waits for all.
pub async fn futures<F: Future>(calls: Vec<F>) -> Vec<F::Output> {
    let mut calls: Vec<_> = calls.into_iter().map(|call| (Box::pin(call), None)).collect();
    std::future::poll_fn(|context| {
        let mut open = false;
        for (call, output) in &mut calls {
            if output.is_none() {
                match call.as_mut().poll(context) {
                    std::task::Poll::Ready(value) => *output = Some(value),
                    std::task::Poll::Pending => open = true,
                }
            }
        }
        if open { std::task::Poll::Pending } else { std::task::Poll::Ready(()) }
    })
    .await;
    calls.into_iter().map(|(_, output)| output.unwrap()).collect()
}

#[tokio::test]
async fn sql_and_script_are_text_like_any_other() {
    let world = World::new().await;
    let attacks = [
        "'; DROP TABLE identity.users; --",
        "<script>alert(1)</script>",
        "%s%n{{7*7}}${jndi:x}",
        "𝕏\u{202e}é\\\"",
        "$1",
    ];
    for (number, attack) in attacks.iter().enumerate() {
        let email = format!("ana{number}@example.com");
        let password = format!("{attack} cavalo correto");
        let body = json!({"name": attack, "email": email, "password": password, "company": attack});
        let answer = world.post("/v1/account", body).done(201).await;
        assert_eq!(answer.json()["user"]["name"], *attack);
        assert_eq!(answer.json()["user"]["tenant"]["name"], *attack);
        world.sign_in(&email, &password).done(200).await;
        let token = cookie(&answer);
        world.post("/v1/account/upgrade-request", json!({"message": attack})).cookie(&token).done(202).await;
        let key = world.post("/v1/account/api-keys", json!({"name": attack})).cookie(&token).done(201).await;
        assert_eq!(key.json()["name"], *attack);
        for answer in [
            world.sign_in(attack, attack).send().await,
            world.post("/v1/password-reset", json!({"email": attack})).send().await,
            world.post("/v1/password-reset/confirm", json!({"token": attack, "new_password": password})).send().await,
        ] {
            assert_eq!(answer.status, 400, "{}", answer.text());
            assert_eq!(answer.header("content-type"), "application/problem+json");
        }
        let encoded: String = attack.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let uri = format!("/v1/account/api-keys/{encoded}");
        world.call(Method::DELETE, &uri).cookie(&token).refused(404, "not_found").await;
        world.get("/v1/account").bearer(&format!("bgc_{}", "' OR 1=1 --")).refused(401, "unauthenticated").await;
        world.get("/v1/account").cookie("' OR 1=1 --").refused(401, "unauthenticated").await;
    }
    assert_eq!(world.number("SELECT count(*) FROM identity.users").await, 5);
}

#[tokio::test]
async fn bodies_that_are_no_requests_are_refused() {
    let world = World::new().await;
    let token = world.sign_up(EMAIL).await;
    let routes = [
        (Method::POST, "/v1/session"),
        (Method::POST, "/v1/account"),
        (Method::PUT, "/v1/account/password"),
        (Method::POST, "/v1/account/upgrade-request"),
        (Method::POST, "/v1/account/api-keys"),
        (Method::POST, "/v1/password-reset"),
        (Method::POST, "/v1/password-reset/confirm"),
    ];
    for (method, uri) in routes {
        for (content_type, body, status) in [
            ("application/json", "{", 400),
            ("application/json", "", 400),
            ("application/json", "[1]", 400),
            ("application/json", "{\"unheard_of\": 1}", 400),
            ("application/json", &format!("{{\"email\": \"{}\"}}", "a".repeat(3 << 20)), 413),
            ("application/x-www-form-urlencoded", "email=a", 415),
        ] {
            let mut request = Request::builder().method(method.clone()).uri(uri);
            request = request.header("content-type", content_type).header("cookie", format!("bgc_session={token}"));
            let answer = send(&world.router, request.body(Body::from(body.to_owned())).unwrap()).await;
            assert_eq!(answer.status, status, "{method} {uri}: {}", answer.text());
            assert_eq!(answer.header("content-type"), "application/problem+json");
        }
    }
}

#[tokio::test]
async fn an_upgrade_is_asked_for_once() {
    let world = World::new().await;
    let token = world.sign_up(EMAIL).await;
    let ask = |message: Value| world.post("/v1/account/upgrade-request", json!({"message": message})).cookie(&token);
    let first = ask(json!("10 simulações\npor dia")).done(202).await.json();
    assert_eq!(first, json!({"upgrade_requested_at": "2025-03-15T12:00:00Z"}));
    world.clock.advance(chrono::TimeDelta::hours(1));
    assert_eq!(ask(Value::Null).done(202).await.json(), first);
    let account = world.get("/v1/account").cookie(&token).done(200).await.json();
    assert_eq!(account["upgrade_requested_at"], first["upgrade_requested_at"]);
    assert_eq!(account["tier"], "free");
    let answer = ask(json!("x".repeat(501))).refused(400, "validation_error").await;
    assert_eq!(pointers(&answer), ["/message"]);
    let lines = "SELECT count(*) FROM identity.access_log WHERE action = 'upgrade_request'";
    assert_eq!(world.number(lines).await, 1);
    world.post("/v1/account/upgrade-request", json!({})).refused(401, "unauthenticated").await;
}

#[tokio::test]
async fn activity_says_what_was_done_by_whom_how() {
    let world = World::new().await;
    let token = world.sign_up(EMAIL).await;
    world.clock.advance(chrono::TimeDelta::minutes(1));
    world.sign_in(EMAIL, "wrong password").refused(401, "invalid_credentials").await;
    world.post("/v1/account/api-keys", json!({"name": "report"})).cookie(&token).done(201).await;
    let other = world.sign_up("bia@example.com").await;
    let answer = world.get("/v1/account/activity").cookie(&token).done(200).await.json();
    let lines: Vec<String> = answer["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| {
            format!(
                "{} {} {}",
                line["action"].as_str().unwrap(),
                line["result"].as_str().unwrap(),
                line["credential"].as_str().unwrap()
            )
        })
        .collect();
    assert_eq!(lines, ["api_key_create ok session", "sign_in refused none", "sign_up ok none"]);
    assert_eq!(answer["data"][2]["at"], "2025-03-15T12:00:00Z");
    let one = world.get("/v1/account/activity?limit=1").cookie(&token).done(200).await.json();
    assert_eq!(one["data"].as_array().unwrap().len(), 1);
    for limit in ["0", "201", "-1", "many", "1&limit=2", "1&user=2"] {
        let uri = format!("/v1/account/activity?limit={limit}");
        world.get(&uri).cookie(&other).refused(400, "validation_error").await;
    }
    world.get("/v1/account/activity").refused(401, "unauthenticated").await;
    // No address is in the log as it is.
    let log = world.text("SELECT a::text FROM identity.access_log a").await;
    assert!(!log.contains("203.0.113") && !log.contains("example.com"), "{log}");
}

#[tokio::test]
async fn sign_ups_from_one_address_are_bounded() {
    let world = World::new().await;
    // Refused ones count too: 20 tries are free, the twentieth starts the first pause.
    for number in 0..20 {
        let email = if number < 3 { format!("ana{number}@example.com") } else { "ana0@example.com".to_owned() };
        let body = json!({"name": "Ana", "email": email, "password": PASSWORD});
        let answer = world.post("/v1/account", body).send().await;
        assert_eq!(answer.status, if number < 3 { 201 } else { 409 }, "{}", answer.text());
    }
    let body = json!({"name": "Ana", "email": "other@example.com", "password": PASSWORD});
    let answer = world.post("/v1/account", body.clone()).refused(429, "rate_limit_exceeded").await;
    assert_eq!(answer.header("retry-after"), "60");
    world.post("/v1/account", body).from("203.0.113.8").done(201).await;
}
