//! Products that users save: theirs alone, at most two hundred.

use axum::Router;
use axum::http::StatusCode;
use serde_json::{Value, json};
use testkit::http::{self, Answer};

use crate::free_use::{From, from, server};
use crate::store_world::{CHINA, SOY, SUGAR, World, file};

const ALICE: From<'_> = From("203.0.113.9", &[("authorization", "Bearer free-alice")]);
const BOB: From<'_> = From("203.0.113.9", &[("authorization", "Bearer premium-bob")]);

async fn ask(router: &Router, sender: From<'_>, method: &str, ncm: &str) -> Answer {
    http::send(router, from(sender, method, &format!("/v1/saved-products{ncm}"), &Value::Null)).await
}

async fn status(router: &Router, sender: From<'_>, method: &str, ncm: &str) -> u16 {
    ask(router, sender, method, ncm).await.status.as_u16()
}

async fn kept(router: &Router, sender: From<'_>) -> Vec<String> {
    let answer = ask(router, sender, "GET", "").await;
    assert_eq!((answer.status, answer.header("cache-control")), (StatusCode::OK, "no-store"));
    let body = answer.json();
    body["data"].as_array().unwrap().iter().map(|row| row["ncm"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn products_are_kept_by_user_and_the_last_stands_first() {
    let world = World::new().await;
    world.load(&file(&[(2024, 1, SOY, CHINA, 10), (2024, 2, SUGAR, CHINA, 5)])).await;
    let router = server(&world).await;
    assert_eq!(kept(&router, ALICE).await, Vec::<String>::new());
    assert_eq!(status(&router, ALICE, "PUT", "/12019000").await, 204);
    world.clock.advance(chrono::TimeDelta::seconds(1));
    assert_eq!(status(&router, ALICE, "PUT", "/1701.14.00").await, 204);
    world.clock.advance(chrono::TimeDelta::seconds(1));
    // Once more changes nothing.
    assert_eq!(status(&router, ALICE, "PUT", "/12019000").await, 204);
    assert_eq!(kept(&router, ALICE).await, ["17011400", "12019000"]);
    let first = &ask(&router, ALICE, "GET", "").await.json()["data"][1];
    assert_eq!(first, &json!({"ncm": "12019000", "description": null, "saved_at": "2025-03-15T12:01:00Z"}));
    assert_eq!(kept(&router, BOB).await, Vec::<String>::new());
    assert_eq!(status(&router, BOB, "DELETE", "/12019000").await, 204);
    assert_eq!(kept(&router, ALICE).await.len(), 2, "nobody else removes them");
    assert_eq!(status(&router, ALICE, "DELETE", "/12019000").await, 204);
    assert_eq!(status(&router, ALICE, "DELETE", "/12019000").await, 204);
    assert_eq!(kept(&router, ALICE).await, ["17011400"]);
    assert_eq!(world.loader.store.erase_user("alice").await.unwrap(), 1);
    assert_eq!(kept(&router, ALICE).await, Vec::<String>::new());
}

#[tokio::test]
async fn what_cannot_be_kept_is_refused() {
    let world = World::new().await;
    world.load(&file(&[(2024, 1, SOY, CHINA, 10)])).await;
    let router = server(&world).await;
    let nobody = From("203.0.113.9", &[]);
    for (method, path) in [("GET", ""), ("PUT", "/12019000"), ("DELETE", "/12019000")] {
        let refused = ask(&router, nobody, method, path).await;
        assert_eq!((refused.status.as_u16(), &refused.json()["error"]), (401, &json!("unauthenticated")));
    }
    let unknown = ask(&router, ALICE, "PUT", "/99999999").await;
    assert_eq!((unknown.status.as_u16(), &unknown.json()["error"]), (404, &json!("ncm_not_found")));
    for wrong in ["/1", "/abc", "/%27%20OR%201"] {
        assert_eq!(ask(&router, ALICE, "PUT", wrong).await.json()["errors"][0]["pointer"], "ncm", "{wrong}");
    }
    assert_eq!(world.number("SELECT count(*) FROM simulator.saved_product").await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_are_kept_however_many_come_at_once() {
    let world = World::new().await;
    let products: Vec<u32> = (0..240).map(|at| SOY + at).collect();
    let rows: Vec<_> = products.iter().map(|ncm| (2024, 1, *ncm, CHINA, 10)).collect();
    world.load(&file(&rows)).await;
    let router = server(&world).await;
    let mut requests = tokio::task::JoinSet::new();
    for ncm in products {
        let router = router.clone();
        requests.spawn(async move { ask(&router, ALICE, "PUT", &format!("/{ncm:08}")).await });
    }
    let answers = requests.join_all().await;
    assert_eq!(answers.iter().filter(|answer| answer.status == StatusCode::NO_CONTENT).count(), 200);
    let refused: Vec<_> = answers.iter().filter(|answer| answer.status == StatusCode::BAD_REQUEST).collect();
    assert_eq!(refused.len(), 40);
    assert!(refused[0].json()["detail"].as_str().unwrap().contains("200"), "{}", refused[0].text());
    let kept_now = kept(&router, ALICE).await;
    assert_eq!(kept_now.len(), 200);
    // What is kept already can be kept again; one that goes makes room for one.
    assert_eq!(status(&router, ALICE, "PUT", &format!("/{}", kept_now[0])).await, 204);
    assert_eq!(status(&router, BOB, "PUT", "/12019000").await, 204);
    assert_eq!(status(&router, ALICE, "DELETE", &format!("/{}", kept_now[0])).await, 204);
    assert_eq!(status(&router, ALICE, "PUT", &format!("/{}", kept_now[0])).await, 204);
    assert_eq!(kept(&router, ALICE).await.len(), 200);
}
