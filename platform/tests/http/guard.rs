//! The door in front of the routes.

use std::sync::Arc;

use axum::http::{Method, StatusCode, header};
use axum::routing::{delete, get, post};
use axum::{Extension, Router};
use platform::auth::{
    Access, Authenticate, AuthenticateError, Authenticated, Caller, Credential, Guard, PeerAddress, Presented,
    Principal, Tier, TrustedProxies, guard, rule,
};
use tower::ServiceExt;

#[derive(Debug)]
struct Door;

impl Authenticate for Door {
    fn authenticate<'a>(&'a self, presented: Presented<'a>) -> Authenticated<'a> {
        let answer = match presented {
            Presented::Session("good") => Ok(Credential::Session),
            Presented::ApiKey("bgc_good") => Ok(Credential::ApiKey),
            Presented::Token("down") => Err(AuthenticateError::Unavailable),
            _ => Err(AuthenticateError::Refused("it has expired")),
        };
        let principal = answer.map(|credential| Principal {
            subject: "u1".into(),
            tenant: None,
            tier: Tier::Free,
            ispb: None,
            scopes: Vec::new(),
            credential,
            credential_id: None,
        });
        Box::pin(std::future::ready(principal))
    }
}

async fn who(caller: Caller) -> String {
    let subject = caller.principal.as_ref().map_or("nobody", |principal| principal.subject.as_str());
    format!("{subject} {} {}", caller.address, caller.secure)
}

fn routes() -> Router {
    let routes = Router::new()
        .route("/open", get(who).post(who))
        .route("/mine", get(who))
        .route("/session/{id}", delete(who))
        .route("/forgotten", post(who))
        .layer(Extension(()));
    let rules = [
        rule(Method::GET, "/open", Access::Public),
        rule(Method::POST, "/open", Access::Public),
        rule(Method::GET, "/mine", Access::Principal),
        rule(Method::DELETE, "/session/{id}", Access::Session),
    ];
    let proxies = TrustedProxies::parse("10.0.0.0/8").unwrap();
    guard(routes, Arc::new(Guard::new(rules, Arc::new(Door), proxies)))
}

struct Answer {
    status: StatusCode,
    set_cookie: Option<String>,
    body: String,
}

async fn ask(method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = axum::http::Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let mut request = request.body(axum::body::Body::empty()).unwrap();
    request.extensions_mut().insert(PeerAddress("10.0.0.1".parse().unwrap()));
    let response = routes().oneshot(request).await.unwrap();
    let status = response.status();
    let set_cookie = response.headers().get(header::SET_COOKIE).map(|value| value.to_str().unwrap().to_owned());
    let body = axum::body::to_bytes(response.into_body(), 10_000).await.unwrap();
    Answer { status, set_cookie, body: String::from_utf8(body.to_vec()).unwrap() }
}

#[tokio::test]
async fn the_handler_learns_who_calls_and_from_where() {
    let answer = ask("GET", "/open", &[("x-forwarded-for", "198.51.100.7"), ("x-forwarded-proto", "https")]).await;
    assert_eq!(answer.body, "nobody 198.51.100.7 true");
    assert_eq!(ask("GET", "/mine", &[("cookie", "bgc_session=good")]).await.body, "u1 10.0.0.1 false");
    assert_eq!(ask("HEAD", "/mine", &[("x-api-key", "bgc_good")]).await.status, 200);
}

#[tokio::test]
async fn what_no_rule_names_is_refused() {
    assert_eq!(ask("POST", "/forgotten", &[]).await.status, 403);
    let answer = ask("DELETE", "/mine", &[("cookie", "bgc_session=good")]).await;
    assert_eq!(answer.status, 405);
    assert!(answer.body.contains("GET"), "{}", answer.body);
    assert_eq!(ask("GET", "/nowhere", &[]).await.status, 404);
}

#[tokio::test]
async fn a_protected_route_wants_a_credential_that_holds() {
    assert_eq!(ask("GET", "/mine", &[]).await.status, 401);
    assert_eq!(ask("GET", "/mine", &[("authorization", "Bearer old")]).await.status, 401);
    assert_eq!(ask("GET", "/mine", &[("authorization", "Bearer down")]).await.status, 503);
    assert_eq!(ask("DELETE", "/session/1", &[("x-api-key", "bgc_good")]).await.status, 403);
    assert_eq!(ask("DELETE", "/session/1", &[("cookie", "bgc_session=good")]).await.status, 200);
}

#[tokio::test]
async fn on_a_public_route_a_wrong_token_is_told_and_a_stale_cookie_forgotten() {
    assert_eq!(ask("GET", "/open", &[("authorization", "Bearer old")]).await.status, 401);
    let answer = ask("GET", "/open", &[("cookie", "bgc_session=old")]).await;
    assert_eq!((answer.status.as_u16(), answer.body.as_str()), (200, "nobody 10.0.0.1 false"));
    assert!(answer.set_cookie.is_some_and(|cookie| cookie.contains("Max-Age=0")));
    let answer = ask("GET", "/mine", &[("cookie", "bgc_session=old")]).await;
    assert_eq!(answer.status, 401);
    assert!(answer.set_cookie.is_some_and(|cookie| cookie.contains("Max-Age=0")));
}

#[tokio::test]
async fn another_site_changes_nothing() {
    let answer = ask("POST", "/open", &[("sec-fetch-site", "cross-site")]).await;
    assert_eq!(answer.status, 403);
    assert!(answer.body.contains("cross_site_request"), "{}", answer.body);
    assert_eq!(ask("POST", "/open", &[("sec-fetch-site", "same-origin")]).await.status, 200);
}
