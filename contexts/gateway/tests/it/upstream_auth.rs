//! Who we show ourselves to be: keys, tokens, and what is never said.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::http::{HeaderMap, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, post};
use chrono::TimeDelta;
use gateway::domain::connector::{Auth, Connector};
use gateway::upstream::UpstreamError;
use testkit::http::TestListener;

use crate::upstream_world::{RawServer, World, connector, get, header, raw, secret};

fn keyed(base: &str, auth: Auth) -> Connector {
    Connector { auth, ..connector(base) }
}

fn in_header() -> Auth {
    Auth::ApiKeyHeader { header: "Authorization".to_owned(), prefix: "Key ".to_owned(), secret: secret("source/key") }
}

fn in_query() -> Auth {
    Auth::ApiKeyQuery { parameter: "api_key".to_owned(), secret: secret("source/key") }
}

fn sized(status: &str, body: &str) -> Vec<u8> {
    raw(status, &[("content-length", body.len().to_string())], body.as_bytes())
}

#[tokio::test]
async fn keys_are_shown_where_the_file_says() {
    let world = World::new();
    world.vault.set("source/key", "k&1/é");
    let server = RawServer::start(|_, head| {
        let line = head.lines().next().unwrap();
        sized("200 OK", &format!("{line} {}", header(head, "authorization").unwrap_or("-")))
    })
    .await;
    let said = |received: gateway::upstream::Received| String::from_utf8_lossy(&received.body).into_owned();
    let by_query = get(&world.upstream(keyed(&server.base, in_query())), "/a").await.unwrap();
    assert_eq!(said(by_query), "GET /a?api_key=k%261%2F%C3%A9 HTTP/1.1 -");
    world.vault.set("source/key", "k-1");
    world.secrets.forget(&secret("source/key"));
    let by_header = get(&world.upstream(keyed(&server.base, in_header())), "/a").await.unwrap();
    assert_eq!(said(by_header), "GET /a HTTP/1.1 Key k-1");
}

#[tokio::test]
async fn a_refused_key_is_read_again_and_tried_once_if_it_is_another() {
    for auth in [in_header(), in_query()] {
        let world = World::new();
        world.vault.set("source/key", "old-key");
        let vault = Arc::clone(&world.vault);
        let server = RawServer::start(move |_, head| {
            if head.contains("new-key") {
                return sized("200 OK", "{}");
            }
            // The operator rotates the key while the old one is refused.
            vault.set("source/key", "new-key");
            sized("401 Unauthorized", "{}")
        })
        .await;
        get(&world.upstream(keyed(&server.base, auth)), "/").await.unwrap();
        assert_eq!((server.hits(), world.retries(), world.breaker()), (2, 1, 0));
    }
}

#[tokio::test]
async fn a_key_that_stays_wrong_is_an_error_that_does_not_repeat_it() {
    for (auth, status) in [(in_header(), 401), (in_query(), 403)] {
        let world = World::new();
        world.vault.set("source/key", "k-123456");
        let server = RawServer::start(move |_, _| {
            sized(&format!("{status} No"), r#"{"message":"the key k-123456 is unknown"}"#)
        })
        .await;
        let upstream = world.upstream(keyed(&server.base, auth));
        let error = get(&upstream, "/").await.unwrap_err();
        assert_eq!(error, UpstreamError::Refused { status, detail: "the key […] is unknown".to_owned() });
        assert_eq!(server.hits(), 1);
        assert!(!format!("{upstream:?} {error:?}").contains("k-123456"));
    }
    let world = World::new();
    world.vault.set("source/key", "k-123456");
    let broken = RawServer::start(|_, _| Vec::new()).await;
    let error = get(&world.upstream(keyed(&broken.base, in_query())), "/").await.unwrap_err();
    assert!(!format!("{error} {error:?}").contains("k-123456"), "{error:?}");
}

#[tokio::test]
async fn a_secret_that_does_not_exist_is_named_and_nothing_is_sent() {
    let world = World::new();
    let server = RawServer::start(|_, _| sized("200 OK", "{}")).await;
    let error = get(&world.upstream(keyed(&server.base, in_header())), "/").await.unwrap_err();
    assert!(error.to_string().contains("source/key"), "{error}");
    assert_eq!((server.hits(), world.calls("secret"), world.breaker()), (0, 1, 0));
}

/// A token server and the source behind it: tokens are `t1`, `t2` and so on, and only those in `valid` are accepted.
#[derive(Clone, Default)]
struct Issuer {
    issued: Arc<AtomicUsize>,
    asked: Arc<Mutex<Vec<String>>>,
    revoked: Arc<Mutex<Vec<String>>>,
}

impl Issuer {
    fn router(&self) -> Router {
        let (issuer, source) = (self.clone(), self.clone());
        Router::new()
            .route(
                "/token",
                post(move |headers: HeaderMap, body: String| async move { issuer.issue(&headers, body).await }),
            )
            .route("/data", any(move |headers: HeaderMap, _: Uri| async move { source.answer(&headers) }))
    }

    async fn issue(&self, headers: &HeaderMap, body: String) -> Response {
        let basic = headers.get("authorization").and_then(|value| value.to_str().ok()).unwrap_or("");
        self.asked.lock().unwrap().push(format!("{basic} {body}"));
        // `client%2F1:s%3Acret`, by RFC 6749, section 2.3.1.
        if basic != "Basic Y2xpZW50JTJGMTpzJTNBY3JldA==" {
            let said = r#"{"error":"invalid_client","error_description":"unknown secret wrong-secret"}"#;
            return (axum::http::StatusCode::UNAUTHORIZED, said).into_response();
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        let number = self.issued.fetch_add(1, Ordering::SeqCst) + 1;
        format!(r#"{{"access_token":"t{number}","token_type":"bearer","expires_in":600}}"#).into_response()
    }

    fn answer(&self, headers: &HeaderMap) -> Response {
        let shown = headers.get("authorization").and_then(|value| value.to_str().ok()).unwrap_or("").to_owned();
        if !shown.starts_with("Bearer t") || self.revoked.lock().unwrap().contains(&shown) {
            return axum::http::StatusCode::UNAUTHORIZED.into_response();
        }
        shown.into_response()
    }

    fn auth(listener: &TestListener) -> Auth {
        Auth::OAuth2ClientCredentials {
            token_url: listener.url("/token").parse().unwrap(),
            client_id: secret("source/id"),
            client_secret: secret("source/secret"),
            scopes: vec!["read".to_owned(), "list".to_owned()],
            audience: Some("https://api".to_owned()),
        }
    }
}

#[tokio::test]
async fn one_token_serves_everybody_until_it_expires_or_is_revoked() {
    let (world, issuer) = (World::new(), Issuer::default());
    world.vault.set("source/id", "client/1");
    world.vault.set("source/secret", "s:cret");
    let listener = TestListener::serve(issuer.router()).await;
    let upstream = world.upstream(keyed(&listener.url(""), Issuer::auth(&listener)));
    let answers = futures_util::future::join_all((0..20).map(|_| get(&upstream, "/data"))).await;
    assert!(answers.into_iter().all(|answer| &answer.unwrap().body[..] == b"Bearer t1"));
    let asked = issuer.asked.lock().unwrap().clone();
    let form = "grant_type=client_credentials&scope=read+list&audience=https%3A%2F%2Fapi";
    assert_eq!(asked.len(), 1);
    assert!(asked[0].ends_with(form), "{asked:?}");
    // A little before its ten minutes are over there is another.
    world.clock.advance(TimeDelta::seconds(569));
    assert_eq!(&get(&upstream, "/data").await.unwrap().body[..], b"Bearer t1");
    world.clock.advance(TimeDelta::seconds(1));
    assert_eq!(&get(&upstream, "/data").await.unwrap().body[..], b"Bearer t2");
    issuer.revoked.lock().unwrap().push("Bearer t2".to_owned());
    let answers = futures_util::future::join_all((0..10).map(|_| get(&upstream, "/data"))).await;
    assert!(answers.into_iter().all(|answer| &answer.unwrap().body[..] == b"Bearer t3"));
    assert_eq!(issuer.issued.load(Ordering::SeqCst), 3, "one new token, however many were refused the old one");
    // A source that refuses every token is asked twice, not for ever.
    let all = (3..9).map(|number| format!("Bearer t{number}"));
    issuer.revoked.lock().unwrap().extend(all);
    let error = get(&upstream, "/data").await.unwrap_err();
    assert!(matches!(error, UpstreamError::Refused { status: 401, .. }), "{error:?}");
    assert_eq!(issuer.issued.load(Ordering::SeqCst), 4);
}

#[tokio::test]
async fn a_client_that_is_refused_is_an_error_without_its_secret() {
    let (world, issuer) = (World::new(), Issuer::default());
    world.vault.set("source/id", "client/1");
    world.vault.set("source/secret", "wrong-secret");
    let listener = TestListener::serve(issuer.router()).await;
    let upstream = world.upstream(keyed(&listener.url(""), Issuer::auth(&listener)));
    let error = get(&upstream, "/data").await.unwrap_err();
    let detail = "the token server 127.0.0.1 refused our client: unknown secret […]".to_owned();
    assert_eq!(error, UpstreamError::Refused { status: 401, detail });
    // The operator corrects it: the next call has it.
    world.vault.set("source/secret", "s:cret");
    assert_eq!(&get(&upstream, "/data").await.unwrap().body[..], b"Bearer t1");
}

#[tokio::test]
async fn a_token_server_that_fails_is_tried_again_and_said_to_be_the_one() {
    let world = World::new();
    world.vault.set("source/id", "a");
    world.vault.set("source/secret", "b");
    for (answer, why) in [
        (sized("503 Down", ""), "the token server answered 503"),
        (Vec::new(), "its token server: the connection broke"),
    ] {
        let server = RawServer::start(move |_, _| answer.clone()).await;
        let auth = Auth::OAuth2ClientCredentials {
            token_url: server.base.parse().unwrap(),
            client_id: secret("source/id"),
            client_secret: secret("source/secret"),
            scopes: Vec::new(),
            audience: None,
        };
        let error = get(&world.upstream(keyed(&server.base, auth)), "/").await.unwrap_err();
        assert!(error.to_string().contains(why), "{error}");
        assert_eq!(server.hits(), 3);
    }
}
