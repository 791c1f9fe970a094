//! Guessing is slowed for everybody and locks nobody out for ever.

use chrono::TimeDelta;

use crate::accounts::futures;
use crate::world::{EMAIL, PASSWORD, World};

const STRANGER: &str = "198.51.100.9";

#[tokio::test]
async fn of_twenty_parallel_guesses_five_are_compared() {
    let world = World::new().await;
    world.sign_up(EMAIL).await;
    for email in [EMAIL, "nobody@example.com"] {
        let guesses =
            (0..20).map(|number| world.sign_in(email, &format!("guess number {number}")).from(STRANGER).send());
        let answers = futures(guesses.collect()).await;
        let compared = answers.iter().filter(|answer| answer.status == 401).count();
        let locked: Vec<_> = answers.iter().filter(|answer| answer.status == 429).collect();
        assert_eq!((compared, locked.len()), (5, 15), "{email}");
        for answer in locked {
            assert_eq!(
                (answer.json()["error"].as_str(), answer.header("retry-after")),
                (Some("rate_limit_exceeded"), "30")
            );
        }
    }
    let refused = "SELECT count(*) FROM identity.access_log WHERE action = 'sign_in' AND result = 'refused'";
    assert_eq!(world.number(refused).await, 10, "what was not compared is not written down");
}

#[tokio::test]
async fn pauses_double_and_the_right_password_ends_them() {
    let world = World::new().await;
    world.sign_up(EMAIL).await;
    let guess = || world.sign_in(EMAIL, "not the password").from(STRANGER);
    for _ in 0..5 {
        guess().refused(401, "invalid_credentials").await;
    }
    for pause_s in ["30", "60", "120", "240", "480", "900", "900"] {
        let locked = guess().refused(429, "rate_limit_exceeded").await;
        assert_eq!(locked.header("retry-after"), pause_s);
        // Even the right one waits.
        world.sign_in(EMAIL, PASSWORD).from(STRANGER).refused(429, "rate_limit_exceeded").await;
        world.clock.advance(TimeDelta::seconds(pause_s.parse().unwrap()));
        guess().refused(401, "invalid_credentials").await;
    }
    world.clock.advance(TimeDelta::seconds(900));
    world.sign_in(EMAIL, PASSWORD).from(STRANGER).done(200).await;
    // Forgiven: five more are free.
    for _ in 0..5 {
        guess().refused(401, "invalid_credentials").await;
    }
    guess().refused(429, "rate_limit_exceeded").await;
}

#[tokio::test]
async fn strangers_do_not_lock_an_owner_out_where_they_sign_in() {
    let world = World::new().await;
    world.sign_up(EMAIL).await;
    for number in 0..8 {
        let from = format!("198.51.100.{number}");
        world.sign_in(EMAIL, "not the password").from(&from).send().await;
    }
    world.sign_in(EMAIL, "not the password").from(STRANGER).refused(429, "rate_limit_exceeded").await;
    world.sign_in(EMAIL, PASSWORD).from(STRANGER).refused(429, "rate_limit_exceeded").await;
    // From the address of the sign-up it is as if nobody had guessed.
    world.sign_in(EMAIL, PASSWORD).done(200).await;
}

#[tokio::test]
async fn a_new_password_by_mail_ends_a_lock_out() {
    let world = World::new().await;
    world.sign_up(EMAIL).await;
    for _ in 0..6 {
        world.sign_in(EMAIL, "not the password").from(STRANGER).send().await;
    }
    let abroad = "192.0.2.77";
    world.sign_in(EMAIL, PASSWORD).from(abroad).refused(429, "rate_limit_exceeded").await;
    world.post("/v1/password-reset", serde_json::json!({"email": EMAIL})).from(abroad).done(202).await;
    let token = world.reset_token(1).await;
    let body = serde_json::json!({"token": token, "new_password": "um cavalo novo"});
    world.post("/v1/password-reset/confirm", body).from(abroad).done(204).await;
    for _ in 0..6 {
        world.sign_in(EMAIL, "not the password").from(STRANGER).send().await;
    }
    // Guesses go on elsewhere; here the owner is known now.
    world.sign_in(EMAIL, "um cavalo novo").from(abroad).done(200).await;
}

#[tokio::test]
async fn one_address_cannot_try_one_password_with_many_e_mails() {
    let world = World::new().await;
    for number in 0..30 {
        let email = format!("user{number}@example.com");
        world.sign_in(&email, PASSWORD).from(STRANGER).refused(401, "invalid_credentials").await;
    }
    world.sign_in("user99@example.com", PASSWORD).from(STRANGER).refused(429, "rate_limit_exceeded").await;
    world.sign_in("user99@example.com", PASSWORD).from("198.51.100.10").refused(401, "invalid_credentials").await;
    // The whole /64 of an IPv6 client is one address.
    for number in 0..30 {
        let email = format!("user{number}@example.org");
        let from = format!("2001:db8:1:2::{number:x}");
        world.sign_in(&email, PASSWORD).from(&from).refused(401, "invalid_credentials").await;
    }
    let neighbour = world.sign_in("user99@example.org", PASSWORD).from("2001:db8:1:2:3:4:5:6");
    neighbour.refused(429, "rate_limit_exceeded").await;
}

#[tokio::test]
async fn an_address_with_right_passwords_is_not_slowed() {
    let world = World::new().await;
    world.sign_up(EMAIL).await;
    world.sign_up("bia@example.com").await;
    for _ in 0..20 {
        for email in [EMAIL, "bia@example.com"] {
            world.sign_in(email, PASSWORD).from(STRANGER).done(200).await;
        }
    }
}

/// Tries that count now, of all kinds.
async fn counted(world: &World) -> i64 {
    world.number("SELECT coalesce(sum(tries), 0)::bigint FROM identity.attempts").await
}

#[tokio::test]
async fn a_fault_of_the_server_costs_no_try() {
    let world = World::new().await;
    let token = world.sign_up(EMAIL).await;
    let before = counted(&world).await;
    world.sql.batch_execute("REVOKE INSERT, DELETE ON identity.sessions FROM app_rw").await.unwrap();
    for _ in 0..2 {
        world.sign_in(EMAIL, PASSWORD).refused(500, "internal_error").await;
        world.sign_in(EMAIL, PASSWORD).from(STRANGER).refused(500, "internal_error").await;
        let body = serde_json::json!({"name": "Bia", "email": "bia@example.com", "password": PASSWORD});
        world.post("/v1/account", body).refused(500, "internal_error").await;
        let body = serde_json::json!({"current_password": PASSWORD, "new_password": "outro cavalo correto"});
        let change = world.call(axum::http::Method::PUT, "/v1/account/password").json(body).cookie(&token);
        change.refused(500, "internal_error").await;
        assert_eq!(counted(&world).await, before);
    }
    world.sql.batch_execute("GRANT INSERT, DELETE ON identity.sessions TO app_rw").await.unwrap();
    world.sign_in(EMAIL, "not the password").from(STRANGER).refused(401, "invalid_credentials").await;
    assert_eq!(counted(&world).await, before + 2, "a wrong password costs one of the e-mail and one of the address");
}

#[tokio::test]
async fn no_session_is_opened_whose_answer_is_lost() {
    let world = World::new().await;
    world.sign_up(EMAIL).await;
    // The tries of a right password cannot be forgiven.
    world.sql.batch_execute("REVOKE DELETE ON identity.attempts FROM app_rw").await.unwrap();
    world.sign_in(EMAIL, PASSWORD).refused(500, "internal_error").await;
    assert_eq!(world.number("SELECT count(*) FROM identity.sessions").await, 1);
    assert_eq!(world.text("SELECT action FROM identity.access_log").await, "sign_up\n");
}
