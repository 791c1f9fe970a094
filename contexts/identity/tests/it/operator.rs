//! What the operator does at the command line.

use std::sync::Arc;

use chrono::TimeDelta;
use identity::operator::Operator;
use identity::secrets::Secrets;
use identity::token::{API_AUDIENCE, TokenRequest};
use platform::auth::Tier;
use platform::random::{Entropy, OsEntropy};
use serde_json::{Value, json};

use crate::world::{EMAIL, PASSWORD, World};

fn operator(world: &World) -> Operator {
    Operator {
        store: world.state.store.clone(),
        secrets: (*world.state.secrets).clone(),
        clock: Arc::clone(&world.state.clock),
        entropy: Arc::clone(&world.state.entropy),
    }
}

fn request() -> TokenRequest {
    TokenRequest {
        subject: "nightly".to_owned(),
        tier: Tier::Premium,
        tenant: None,
        ispb: None,
        scopes: vec!["dict:read".to_owned(), "dict:write".to_owned()],
        ttl: TimeDelta::hours(1),
        audience: API_AUDIENCE.to_owned(),
    }
}

#[tokio::test]
async fn an_issued_token_is_accepted_until_it_expires_and_written_down() {
    let world = World::new().await;
    let token = operator(&world).issue_token(&request(), "bgc").await.unwrap();
    world.get("/v1/session").bearer(&token).done(200).await;
    let line = "SELECT actor, action, credential, length(credential_id) FROM identity.access_log";
    assert_eq!(world.text(line).await, "operator|token_issue|operator|32\n");
    world.clock.advance(TimeDelta::hours(1) + TimeDelta::seconds(30));
    world.get("/v1/session").bearer(&token).refused(401, "unauthenticated").await;
    for wrong in [
        TokenRequest { ttl: TimeDelta::zero(), ..request() },
        TokenRequest { ttl: TimeDelta::days(367), ..request() },
        TokenRequest { subject: String::new(), ..request() },
        TokenRequest { ispb: Some("1".to_owned()), ..request() },
        TokenRequest { scopes: vec!["x".repeat(4096)], ..request() },
    ] {
        operator(&world).issue_token(&wrong, "bgc").await.unwrap_err();
    }
    let other = TokenRequest { audience: "core-dict".to_owned(), ..request() };
    let other = operator(&world).issue_token(&other, "bgc").await.unwrap();
    world.get("/v1/session").bearer(&other).refused(401, "unauthenticated").await;
}

#[tokio::test]
async fn an_upgrade_that_was_asked_for_is_granted() {
    let world = World::new().await;
    let (ana, _) = (world.sign_up(EMAIL).await, world.sign_up("bia@example.com").await);
    world.post("/v1/account/upgrade-request", json!({"message": "please"})).cookie(&ana).done(202).await;
    let operator = operator(&world);
    assert_eq!(operator.list_users(false).await.unwrap().len(), 2);
    let waiting = operator.list_users(true).await.unwrap();
    assert_eq!(waiting.len(), 1);
    assert_eq!((waiting[0].email.as_str(), waiting[0].upgrade_message.as_deref()), (EMAIL, Some("please")));
    assert_eq!(operator.set_tier(" ANA@example.com", Tier::Premium).await.unwrap(), EMAIL);
    let account = world.get("/v1/account").cookie(&ana).done(200).await.json();
    assert_eq!((&account["tier"], &account["upgrade_requested_at"]), (&json!("premium"), &Value::Null));
    assert!(operator.list_users(true).await.unwrap().is_empty());
    let activity = world.get("/v1/account/activity?limit=1").cookie(&ana).done(200).await.json();
    assert_eq!(activity["data"][0]["action"], "tier_change");
    assert_eq!(activity["data"][0]["credential"], "operator");
    // Asked while premium: nothing to grant.
    world.post("/v1/account/upgrade-request", json!({})).cookie(&ana).done(202).await;
    assert!(operator.list_users(true).await.unwrap().is_empty());
    operator.set_tier(&waiting[0].id, Tier::Free).await.unwrap();
    assert!(operator.set_tier("nobody@example.com", Tier::Free).await.unwrap_err().to_string().contains("nobody@"));
}

#[tokio::test]
async fn unlocking_lifts_every_lock_of_an_e_mail() {
    let world = World::new().await;
    world.sign_up(EMAIL).await;
    for from in ["203.0.113.7", "198.51.100.9"] {
        for _ in 0..5 {
            world.sign_in(EMAIL, "not the password").from(from).refused(401, "invalid_credentials").await;
        }
        world.sign_in(EMAIL, PASSWORD).from(from).refused(429, "rate_limit_exceeded").await;
    }
    operator(&world).unlock(EMAIL).await.unwrap();
    for from in ["203.0.113.7", "198.51.100.9"] {
        world.sign_in(EMAIL, PASSWORD).from(from).done(200).await;
    }
    for nobody in ["nobody@example.com", "nobody"] {
        operator(&world).unlock(nobody).await.unwrap_err();
    }
}

/// Bytes that say from which server they are.
#[derive(Debug)]
struct Fixed(u8);

impl Entropy for Fixed {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), platform::random::EntropyError> {
        bytes.fill(self.0);
        Ok(())
    }
}

#[tokio::test]
async fn replicas_share_their_secrets() {
    let world = World::new().await;
    world.sql.batch_execute("DELETE FROM identity.server_secrets").await.unwrap();
    let (store, clock) = (&world.state.store, &world.clock);
    let servers: Vec<u8> = (1..=6).collect();
    let loads = servers.iter().map(async |number| Secrets::load(store, &Fixed(*number), clock, None).await.unwrap());
    let loaded = crate::accounts::futures(loads.collect()).await;
    let address = "192.0.2.1".parse().unwrap();
    for secrets in &loaded {
        assert_eq!(secrets.address(address), loaded[0].address(address));
    }
    assert_eq!(world.text("SELECT name FROM identity.server_secrets ORDER BY 1").await, "keyed_hash\ntoken_hs256\n");
    let short = Secrets::load(store, &OsEntropy, clock, Some("too short")).await.unwrap_err();
    assert!(short.to_string().contains("at least 32"), "{short}");
}
