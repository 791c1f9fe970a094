//! What is logged while accounts are used names nobody and gives no secret away.

use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

use axum::http::Method;
use serde_json::json;
use tracing::field::{Field, Visit};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::{Context, SubscriberExt as _};

use crate::world::{EMAIL, PASSWORD, World, cookie};

/// Every event with every field, as text.
#[derive(Debug, Clone, Default)]
struct Captured(Arc<Mutex<String>>);

impl<S: tracing::Subscriber> Layer<S> for Captured {
    fn on_event(&self, event: &tracing::Event<'_>, _context: Context<'_, S>) {
        let mut text = self.0.lock().unwrap();
        event.record(&mut Fields(&mut text));
        text.push('\n');
    }
}

struct Fields<'a>(&'a mut String);

impl Visit for Fields<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        write!(self.0, "{}={value:?} ", field.name()).unwrap();
    }
}

#[tokio::test]
async fn no_personal_data_and_no_secret_is_logged() {
    let captured = Captured::default();
    let subscriber = tracing_subscriber::registry().with(captured.clone());
    let _guard = tracing::subscriber::set_default(subscriber);
    // With one subscriber alone, an event that another test's thread meets first would be off for this one too.
    let _second = tracing::Dispatch::new(tracing_subscriber::registry());
    let world = World::new().await;
    let token = world.sign_up(EMAIL).await;
    let other = cookie(&world.sign_in(EMAIL, PASSWORD).done(200).await);
    world.sign_in(EMAIL, "a wrong password").refused(401, "invalid_credentials").await;
    world.sign_in("somebody@example.org", "a wrong password").refused(401, "invalid_credentials").await;
    let key = world.post("/v1/account/api-keys", json!({"name": "Relatório da Ana"})).cookie(&token).done(201).await;
    let key = key.json()["key"].as_str().unwrap().to_owned();
    world.get("/v1/account").bearer(&key).done(200).await;
    let uri = format!("/v1/account/activity?limit=5&token={token}");
    world.get(&uri).cookie(&token).refused(400, "validation_error").await;
    world.post("/v1/password-reset", json!({"email": EMAIL})).done(202).await;
    let reset = world.reset_token(1).await;
    let body = json!({"token": reset, "new_password": "um cavalo novo"});
    world.post("/v1/password-reset/confirm", body).done(204).await;
    world.call(Method::DELETE, "/v1/session").cookie(&other).done(204).await;
    // Faults too: the store is gone, and a row is refused that repeats what was sent.
    let faults = "ALTER TABLE identity.users ADD CONSTRAINT refuse_all CHECK (name = 'x') NOT VALID";
    world.sql.batch_execute(faults).await.unwrap();
    let body = json!({"name": "Bia Lima", "email": "bia@example.com", "password": "senha da bia lima"});
    world.post("/v1/account", body).refused(500, "internal_error").await;
    world.state.store.pool.close();
    world.sign_in(EMAIL, PASSWORD).refused(503, "data_unavailable").await;
    world.get("/v1/account").bearer(&key).refused(503, "data_unavailable").await;
    let log = captured.0.lock().unwrap().clone();
    assert!(log.contains("/v1/session") && log.contains("SQLSTATE 23514"), "{log}");
    let secrets = [token.as_str(), &other, &key, &reset, EMAIL, PASSWORD, "um cavalo novo", "a wrong password"];
    let people = ["example.com", "example.org", "Ana", "Bia", "bia lima", "203.0.113.7", "#reset="];
    for leak in secrets.iter().chain(&people) {
        assert!(!log.contains(leak), "{leak} is in the log: {log}");
    }
}
