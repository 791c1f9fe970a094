//! Passwords: changed, forgotten, set anew.

use std::sync::Arc;
use std::time::Duration;

use axum::http::Method;
use chrono::TimeDelta;
use identity::mail::{Mail, Mailer, Sending};
use serde_json::json;
use tokio::sync::Notify;

use crate::accounts::futures;
use crate::world::{Call, EMAIL, PASSWORD, World, cookie, pointers};

const NEW: &str = "outro cavalo correto";

fn change<'a>(world: &'a World, token: &str, current: &str, new: &str) -> Call<'a> {
    let body = json!({"current_password": current, "new_password": new});
    world.call(Method::PUT, "/v1/account/password").json(body).cookie(token)
}

#[tokio::test]
async fn a_changed_password_ends_the_other_sessions() {
    let world = World::new().await;
    let (here, there) = (world.sign_up(EMAIL).await, cookie(&world.sign_in(EMAIL, PASSWORD).done(200).await));
    change(&world, &here, "not the password", NEW).refused(401, "invalid_credentials").await;
    let common = change(&world, &here, PASSWORD, "password123").refused(400, "validation_error").await;
    assert_eq!(pointers(&common), ["/new_password"]);
    change(&world, &here, PASSWORD, EMAIL).refused(400, "validation_error").await;
    change(&world, &here, PASSWORD, NEW).done(204).await;
    world.get("/v1/account").cookie(&here).done(200).await;
    world.get("/v1/account").cookie(&there).refused(401, "unauthenticated").await;
    world.sign_in(EMAIL, PASSWORD).refused(401, "invalid_credentials").await;
    world.sign_in(EMAIL, NEW).done(200).await;
}

#[tokio::test]
async fn a_password_set_meanwhile_is_not_overwritten() {
    let world = World::new().await;
    let token = world.sign_up(EMAIL).await;
    let reset = "um cavalo de outro";
    let hash = world.state.passwords.hash(reset.to_owned(), &*world.state.entropy).await.unwrap();
    let set = format!("BEGIN; UPDATE identity.users SET password_hash = '{hash}'");
    world.sql.batch_execute(&set).await.unwrap();
    let commit = async {
        // Only when the old password was compared already and the change waits for the other one.
        world.somebody_waits().await;
        world.sql.batch_execute("COMMIT").await.unwrap();
    };
    let ((), refused) = tokio::join!(commit, change(&world, &token, PASSWORD, NEW).refused(401, "invalid_credentials"));
    assert!(!refused.text().contains(NEW));
    world.sign_in(EMAIL, NEW).refused(401, "invalid_credentials").await;
    world.sign_in(EMAIL, reset).done(200).await;
    let written = "SELECT result FROM identity.access_log WHERE action = 'password_change'";
    assert_eq!(world.text(written).await, "refused\n");
}

#[tokio::test]
async fn changes_and_resets_of_one_account_at_once_wait_for_one_another() {
    let world = World::new().await;
    for round in 0..4 {
        let email = format!("user{round}@example.com");
        // Mails are told apart by their time.
        world.clock.advance(TimeDelta::seconds(1));
        let session = world.sign_up(&email).await;
        world.post("/v1/password-reset", json!({"email": email})).from(&format!("192.0.2.{round}")).done(202).await;
        let reset = world.reset_token(round + 1).await;
        let confirm = json!({"token": reset, "new_password": "um cavalo de outro"});
        let (changed, confirmed) = tokio::join!(
            change(&world, &session, PASSWORD, NEW).send(),
            world.post("/v1/password-reset/confirm", confirm).send()
        );
        // The first wins, and the second is told that what it knew is over.
        match (changed.status.as_u16(), confirmed.status.as_u16()) {
            (204, 400) | (401, 204) => {}
            other => panic!("{other:?}: {} {}", changed.text(), confirmed.text()),
        }
    }
}

#[tokio::test]
async fn guessing_the_current_password_is_slowed_too() {
    let world = World::new().await;
    let token = world.sign_up(EMAIL).await;
    for _ in 0..5 {
        change(&world, &token, "not the password", NEW).refused(401, "invalid_credentials").await;
    }
    let answer = change(&world, &token, PASSWORD, NEW).refused(429, "rate_limit_exceeded").await;
    assert_eq!(answer.header("retry-after"), "30");
    world.clock.advance(TimeDelta::seconds(30));
    change(&world, &token, PASSWORD, NEW).done(204).await;
}

#[tokio::test]
async fn only_a_session_changes_passwords() {
    let world = World::new().await;
    let token = world.sign_up(EMAIL).await;
    let key = world.post("/v1/account/api-keys", json!({"name": "x"})).cookie(&token).done(201).await;
    let key = key.json()["key"].as_str().unwrap().to_owned();
    let body = json!({"current_password": PASSWORD, "new_password": NEW});
    let put = || world.call(Method::PUT, "/v1/account/password").json(body.clone());
    put().bearer(&key).refused(403, "forbidden").await;
    put().refused(401, "unauthenticated").await;
}

#[tokio::test]
async fn a_forgotten_password_is_set_anew_once_by_mail() {
    let world = World::new().await;
    let session = world.sign_up(EMAIL).await;
    let ask = |email: &str| world.post("/v1/password-reset", json!({"email": email}));
    let known = ask(EMAIL).done(202).await;
    let unknown = ask("nobody@example.com").done(202).await;
    assert_eq!((known.text().as_str(), &known.body), ("{}", &unknown.body));
    let token = world.reset_token(1).await;
    world.mails_are_done().await;
    assert_eq!(world.mails().len(), 1, "nobody gets no mail");
    assert!(world.mails()[0].contains("To: ana@example.com\r\n"));
    assert!(!world.text("SELECT r::text FROM identity.password_resets r").await.contains(&token));
    let confirm =
        |token: &str, new: &str| world.post("/v1/password-reset/confirm", json!({"token": token, "new_password": new}));
    let short = confirm(&token, "curta").refused(400, "validation_error").await;
    assert_eq!(pointers(&short), ["/new_password"], "a password that is not taken does not use the link up");
    let wrong = confirm(&"0".repeat(64), NEW).refused(400, "validation_error").await;
    assert_eq!(pointers(&wrong), ["/token"]);
    // Of many at once one works.
    let confirmed = futures((0..4).map(|_| confirm(&token, NEW).send()).collect()).await;
    let mut statuses: Vec<u16> = confirmed.iter().map(|answer| answer.status.as_u16()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [204, 400, 400, 400]);
    confirm(&token, NEW).refused(400, "validation_error").await;
    world.get("/v1/account").cookie(&session).refused(401, "unauthenticated").await;
    world.sign_in(EMAIL, PASSWORD).refused(401, "invalid_credentials").await;
    world.sign_in(EMAIL, NEW).done(200).await;
}

#[tokio::test]
async fn a_reset_works_for_an_hour_and_not_after_the_password_changed() {
    let world = World::new().await;
    let session = world.sign_up(EMAIL).await;
    world.post("/v1/password-reset", json!({"email": EMAIL})).header("accept-language", "en").done(202).await;
    let late = world.reset_token(1).await;
    assert!(world.mails()[0].contains("Subject: New password"), "{}", world.mails()[0]);
    world.clock.advance(TimeDelta::hours(1));
    let confirm = |token: &str| world.post("/v1/password-reset/confirm", json!({"token": token, "new_password": NEW}));
    confirm(&late).refused(400, "validation_error").await;
    world.post("/v1/password-reset", json!({"email": EMAIL})).done(202).await;
    let overtaken = world.reset_token(2).await;
    change(&world, &session, PASSWORD, "mais um cavalo").done(204).await;
    confirm(&overtaken).refused(400, "validation_error").await;
}

#[tokio::test]
async fn nobody_is_flooded_with_mails() {
    let world = World::new().await;
    world.sign_up(EMAIL).await;
    for number in 0..10 {
        let from = format!("203.0.113.{number}");
        world.post("/v1/password-reset", json!({"email": EMAIL})).from(&from).done(202).await;
    }
    world.reset_token(3).await;
    world.mails_are_done().await;
    assert_eq!(world.mails().len(), 3);
}

#[tokio::test]
async fn without_a_mailer_the_answer_is_the_same() {
    let mut world = World::new().await;
    world.sign_up(EMAIL).await;
    world.mail_by(None);
    let answer = world.post("/v1/password-reset", json!({"email": EMAIL})).done(202).await;
    assert_eq!(answer.text(), "{}");
    world.mails_are_done().await;
    assert_eq!(world.number("SELECT count(*) FROM identity.password_resets").await, 0);
}

/// Takes a mail and never ends; tells when it has one.
#[derive(Debug, Default)]
struct Stuck(Arc<Notify>);

impl Mailer for Stuck {
    fn send<'a>(&'a self, _: &'a Mail) -> Sending<'a> {
        self.0.notify_one();
        Box::pin(std::future::pending())
    }
}

#[tokio::test]
async fn a_stopping_server_waits_for_a_mail_and_not_for_ever() {
    let mut world = World::new().await;
    world.sign_up(EMAIL).await;
    assert_eq!(world.state.mail_deadline, Duration::from_secs(10));
    world.state.mail_deadline = Duration::from_secs(1);
    let mailer = Stuck::default();
    let reached = Arc::clone(&mailer.0);
    world.mail_by(Some(Arc::new(mailer)));
    world.post("/v1/password-reset", json!({"email": EMAIL})).done(202).await;
    reached.notified().await;
    assert_eq!((world.state.tasks.len(), world.state.mails.available_permits()), (1, identity::MAILS_MAX - 1));
    world.state.tasks.close();
    tokio::time::timeout(Duration::from_secs(30), world.state.tasks.wait()).await.unwrap();
    assert_eq!(world.state.mails.available_permits(), identity::MAILS_MAX);
}
