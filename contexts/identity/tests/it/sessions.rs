//! Sessions: opened, kept, ended.

use axum::http::Method;
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::world::{EMAIL, PASSWORD, World, cookie};

#[tokio::test]
async fn a_session_is_a_cookie_that_scripts_and_other_sites_cannot_use() {
    let world = World::new().await;
    assert_eq!(world.get("/v1/session").done(200).await.json(), json!({"user": null, "expires_at": null}));
    let planted = world.sign_up(EMAIL).await;
    let answer = world.sign_in(" ANA@example.com", PASSWORD).cookie(&planted).done(200).await;
    let set = answer.header("set-cookie").to_owned();
    let token = cookie(&answer);
    assert_eq!(set, format!("bgc_session={token}; HttpOnly; SameSite=Lax; Path=/; Max-Age=7776000"));
    assert_eq!(token.len(), 64);
    assert_ne!(token, planted, "a sign-in makes a new session");
    let session = world.get("/v1/session").cookie(&token).done(200).await.json();
    assert_eq!(session, answer.json());
    assert_eq!(session["user"]["email"], EMAIL);
    assert_eq!(session["expires_at"], "2025-03-29T12:00:00Z");
    // The one before goes on: it may be that of another device.
    world.get("/v1/account").cookie(&planted).done(200).await;
    assert!(!world.text("SELECT s::text FROM identity.sessions s").await.contains(&token));
    let https = world.sign_in(EMAIL, PASSWORD).header("x-forwarded-proto", "https").from("10.0.0.1").done(200).await;
    assert!(https.header("set-cookie").ends_with("; Secure"), "{}", https.header("set-cookie"));
    // Whoever is not a trusted proxy cannot say so.
    let http = world.sign_in(EMAIL, PASSWORD).header("x-forwarded-proto", "https").done(200).await;
    assert!(!http.header("set-cookie").contains("Secure"));
}

#[tokio::test]
async fn a_session_slides_for_fourteen_days_and_ends_after_ninety() {
    let world = World::new().await;
    let token = world.sign_up(EMAIL).await;
    let idle = world.sign_in(EMAIL, PASSWORD).done(200).await;
    for _ in 0..6 {
        world.clock.advance(TimeDelta::days(14) - TimeDelta::seconds(1));
        world.get("/v1/account").cookie(&token).done(200).await;
    }
    world.get("/v1/account").cookie(&cookie(&idle)).refused(401, "unauthenticated").await;
    // 84 days less six seconds are over; it may slide to ninety days and no further.
    let session = world.get("/v1/session").cookie(&token).done(200).await.json();
    assert_eq!(session["expires_at"], "2025-06-13T12:00:00Z");
    world.clock.advance(TimeDelta::days(6) + TimeDelta::seconds(5));
    world.get("/v1/account").cookie(&token).done(200).await;
    world.clock.advance(TimeDelta::seconds(1));
    let over = world.get("/v1/account").cookie(&token).refused(401, "unauthenticated").await;
    assert!(over.header("set-cookie").contains("Max-Age=0"));
    // A stale cookie does not break a public page; it is forgotten.
    let public = world.get("/v1/session").cookie(&token).done(200).await;
    assert_eq!(public.json()["user"], Value::Null);
    assert!(public.header("set-cookie").starts_with("bgc_session=; "));
}

#[tokio::test]
async fn signing_out_ends_the_session_and_nothing_else() {
    let world = World::new().await;
    let (first, second) = (world.sign_up(EMAIL).await, cookie(&world.sign_in(EMAIL, PASSWORD).done(200).await));
    let answer = world.call(Method::DELETE, "/v1/session").cookie(&first).done(204).await;
    assert_eq!(answer.header("set-cookie"), "bgc_session=; HttpOnly; SameSite=Lax; Path=/; Max-Age=0");
    assert!(answer.body.is_empty());
    world.get("/v1/account").cookie(&first).refused(401, "unauthenticated").await;
    world.get("/v1/account").cookie(&second).done(200).await;
    // Again, and without any: nothing happens.
    world.call(Method::DELETE, "/v1/session").cookie(&first).done(204).await;
    world.call(Method::DELETE, "/v1/session").done(204).await;
    let outs = "SELECT count(*) FROM identity.access_log WHERE action = 'sign_out'";
    assert_eq!(world.number(outs).await, 1);
}

#[tokio::test]
async fn wrong_passwords_and_unknown_e_mails_are_answered_alike() {
    let world = World::new().await;
    world.sign_up(EMAIL).await;
    let wrong = world.sign_in(EMAIL, "not the password").refused(401, "invalid_credentials").await;
    let unknown = world.sign_in("nobody@example.com", "not the password").refused(401, "invalid_credentials").await;
    assert_eq!(wrong.body, unknown.body);
    let names = |answer: &testkit::http::Answer| answer.headers.keys().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(names(&wrong), names(&unknown));
    for password in ["", &"x".repeat(10_000)] {
        world.sign_in(EMAIL, password).refused(401, "invalid_credentials").await;
    }
    assert_eq!(wrong.header("set-cookie"), "");
    let english = world.sign_in(EMAIL, "nope nope nope").header("accept-language", "en").send().await;
    assert!(english.text().contains("is wrong"), "{}", english.text());
}

#[tokio::test]
async fn other_sites_cannot_sign_anybody_in_or_out() {
    let world = World::new().await;
    let token = world.sign_up(EMAIL).await;
    for (name, value) in [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")] {
        let attempt = world.sign_in(EMAIL, PASSWORD).header(name, value).header("host", "bgc.test");
        attempt.refused(403, "cross_site_request").await;
        let attempt = world.call(Method::DELETE, "/v1/session").cookie(&token).header(name, value);
        attempt.header("host", "bgc.test").refused(403, "cross_site_request").await;
    }
    world.get("/v1/account").cookie(&token).done(200).await;
}

#[tokio::test]
async fn the_number_of_sessions_of_one_user_is_bounded() {
    let world = World::new().await;
    let first = world.sign_up(EMAIL).await;
    let filler = "INSERT INTO identity.sessions (user_id, token_hash, created_at, last_used_at, idle_expires_at, absolute_expires_at) \
                  SELECT u.id, sha256(n::text::bytea), '2025-03-15T12:00:01Z', '2025-03-15T12:00:01Z', '2025-03-29T12:00:01Z', '2025-06-13T12:00:01Z' \
                  FROM identity.users u, generate_series(1, 60) n";
    world.sql.batch_execute(filler).await.unwrap();
    world.clock.advance(TimeDelta::minutes(1));
    let last = cookie(&world.sign_in(EMAIL, PASSWORD).done(200).await);
    assert_eq!(world.number("SELECT count(*) FROM identity.sessions").await, 50);
    world.get("/v1/account").cookie(&first).refused(401, "unauthenticated").await;
    world.get("/v1/account").cookie(&last).done(200).await;
}

#[tokio::test]
async fn what_is_over_is_forgotten() {
    let world = World::new().await;
    world.sign_up(EMAIL).await;
    world.post("/v1/password-reset", json!({"email": EMAIL})).done(202).await;
    world.reset_token(1).await;
    world.sign_in("nobody@example.com", PASSWORD).refused(401, "invalid_credentials").await;
    let left = "SELECT (SELECT count(*) FROM identity.sessions), (SELECT count(*) FROM identity.password_resets), \
                (SELECT count(*) FROM identity.attempts), (SELECT count(*) FROM identity.known_addresses), \
                (SELECT count(*) FROM identity.access_log)";
    let now = || platform::clock::Clock::now(&world.clock);
    world.state.store.forget(now(), now()).await.unwrap();
    assert_eq!(world.text(left).await, "1|1|5|1|3\n");
    world.clock.advance(TimeDelta::hours(2));
    world.state.store.forget(now(), now() - TimeDelta::hours(3)).await.unwrap();
    assert_eq!(world.text(left).await, "1|0|5|1|3\n");
    world.clock.advance(TimeDelta::days(90));
    let forgotten = world.state.store.forget(now(), now()).await.unwrap();
    assert_eq!(world.text(left).await, "0|0|0|0|0\n");
    assert_eq!((forgotten.credentials, forgotten.access_log), (7, 3));
    assert_eq!(world.number("SELECT count(*) FROM identity.users").await, 1);
}

#[tokio::test]
async fn without_a_store_one_is_told_when_to_come_back() {
    let world = World::new().await;
    world.state.store.pool.close();
    let answer = world.sign_in(EMAIL, PASSWORD).refused(503, "data_unavailable").await;
    assert_eq!(answer.header("retry-after"), "1");
}
