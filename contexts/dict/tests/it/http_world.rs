//! The HTTP API of an institution, behind the real door.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderValue, Method, Request};
use dict::domain::bucket::Category;
use dict::http;
use dict::limits::antiscan::{Antiscan, AntiscanParts};
use dict::limits::postgres::PostgresBuckets;
use dict::lookup::own_base::OwnBase;
use dict::lookup::{LookupMetrics, LookupParts, Lookups, OwnBaseRates};
use platform::auth::{
    Authenticate, AuthenticateError, Authenticated, Credential, Guard, Presented, Principal, Tier, TrustedProxies,
    guard,
};
use platform::postgres::Role;
use platform::postgres::pool::QueryMetrics;
use prometheus_client::registry::Registry;
use serde_json::{Value, json};
use testkit::http::{Answer, json_request, request, send};
use tokio_util::task::TaskTracker;
use uuid::Uuid;

use crate::claims_world::{Bank, World};

/// Everything that the API asks for.
pub const ALL: &str =
    "dict.key.read,dict.key.write,dict.claim.read,dict.claim.write,dict.lookup.display,dict.possession";

/// Takes `ISPB:scope,scope` for a token.
#[derive(Debug)]
struct Door;

impl Authenticate for Door {
    fn authenticate<'a>(&'a self, presented: Presented<'a>) -> Authenticated<'a> {
        let principal = match presented {
            Presented::Token(token) => token.split_once(':').map(|(ispb, scopes)| principal("operator", ispb, scopes)),
            _ => None,
        };
        Box::pin(std::future::ready(principal.ok_or(AuthenticateError::Refused("it is unknown"))))
    }
}

/// Whom such a token stands for.
pub fn principal(subject: &str, ispb: &str, scopes: &str) -> Principal {
    Principal {
        subject: subject.to_owned(),
        tenant: None,
        tier: Tier::Free,
        ispb: (!ispb.is_empty()).then(|| ispb.to_owned()),
        scopes: scopes.split(',').map(str::to_owned).collect(),
        credential: Credential::Token,
        credential_id: None,
    }
}

/// An institution's server and somebody who may do everything with it.
pub struct Api {
    router: Router,
    ispb: &'static str,
    pub bank: Bank,
}

impl Api {
    pub async fn of(world: &World, ispb: &'static str) -> Self {
        Self::over(world, world.bank(&[ispb]).await, ispb)
    }

    /// The same of a bank that is there already.
    pub fn over(world: &World, bank: Bank, ispb: &'static str) -> Self {
        let lookups = lookups(world, &bank);
        let routes = Router::from(http::routes(bank.dict.clone(), lookups));
        let door = Guard::new(http::ACCESS.to_vec(), Arc::new(Door), TrustedProxies::default());
        Self { router: guard(routes, Arc::new(door)), ispb, bank }
    }

    /// Sends a request as it is.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        send(&self.router, request).await
    }

    /// The same with a token of `ispb` and `scopes`.
    pub async fn send_as(&self, ispb: &str, scopes: &str, mut request: Request<Body>) -> Answer {
        let token = HeaderValue::try_from(format!("Bearer {ispb}:{scopes}")).unwrap();
        request.headers_mut().insert("authorization", token);
        self.send(request).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send_as(self.ispb, ALL, json_request(Method::POST, path, &body)).await
    }

    /// With a request id.
    pub async fn post_once(&self, path: &str, id: Uuid, body: &Value) -> Answer {
        let mut request = json_request(Method::POST, path, body);
        request.headers_mut().insert("idempotency-key", HeaderValue::try_from(id.to_string()).unwrap());
        self.send_as(self.ispb, ALL, request).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send_as(self.ispb, ALL, request(Method::GET, path)).await
    }

    /// Proves that its user has a phone or mailbox; the proof's id.
    pub async fn proved(&self, key: &Value) -> String {
        let sent = self.post("/v1/pix-keys/possession-codes", json!({ "key": key })).await;
        assert_eq!(sent.status, 201, "{}", sent.text());
        let id = sent.json()["possession_id"].as_str().unwrap().to_owned();
        let proof = json!({"possession_id": id, "key": key, "code": self.bank.codes.last()});
        let proved = self.post("/v1/pix-keys/possession-codes/confirm", proof).await;
        assert_eq!(proved.status, 200, "{}", proved.text());
        id
    }
}

fn lookups(world: &World, bank: &Bank) -> Lookups {
    let mut registry = Registry::default();
    let queries = QueryMetrics::register(&mut registry);
    let (store, tasks) = (bank.dict.store.clone(), TaskTracker::new());
    let antiscan = Antiscan::new(AntiscanParts {
        first: Arc::new(PostgresBuckets::new(store.clone(), Duration::from_secs(10))),
        second: None,
        category: Category::A,
        vault: store.vault,
        clock: Arc::new(world.clock.clone()),
        entropy: Arc::clone(&bank.dict.entropy),
        tasks: tasks.clone(),
    });
    Lookups::new(LookupParts {
        own_base: OwnBase::start(&bank.database.target(Role::AppRw), 1, &queries),
        own_base_rates: OwnBaseRates::default(),
        antiscan,
        metrics: LookupMetrics::register(&mut registry),
        tasks,
    })
}
