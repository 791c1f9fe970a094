//! Free simulations are counted exactly: under concurrency, across replicas, restarts and midnights.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, header};
use platform::auth::{
    Authenticate, AuthenticateError, Authenticated, Caller, Credential, Guard, PeerAddress, Presented, Principal, Tier,
    TrustedProxies, guard,
};
use serde_json::{Value, json};
use testkit::http::{self, Answer};
use tokio_util::task::TaskTracker;
use trade::TradeState;
use trade::free_use::{FreeUse, Reservation};

use crate::store_world::{CHINA, SOY, USA, World, file, until};

const SIMULATE: &str = "/v1/simulator/destinations";

/// Tokens are `free-NAME` or `premium-NAME`.
#[derive(Debug)]
struct Door;

impl Authenticate for Door {
    fn authenticate<'a>(&'a self, presented: Presented<'a>) -> Authenticated<'a> {
        let known = match presented {
            Presented::Token(token) => token.split_once('-'),
            _ => None,
        };
        let principal = known.and_then(|(tier, subject)| {
            Some(Principal {
                subject: subject.into(),
                tenant: None,
                tier: Tier::parse(tier)?,
                ispb: None,
                scopes: Vec::new(),
                credential: Credential::Token,
                credential_id: None,
            })
        });
        Box::pin(std::future::ready(principal.ok_or(AuthenticateError::Refused("it is unknown"))))
    }
}

pub(crate) async fn free_use(world: &World) -> FreeUse {
    let store = world.loader.store.clone();
    FreeUse::open(store, TaskTracker::new(), [7; 32], chrono::DateTime::UNIX_EPOCH).await.unwrap()
}

/// A server over the world's store.
pub(crate) async fn server(world: &World) -> Router {
    let snapshot = trade::cube::live::assemble(&world.loader.store, &world.loader.cube).await.unwrap();
    let shared = Arc::new(arc_swap::ArcSwap::from_pointee(snapshot));
    let mut state = TradeState::new(shared, Arc::new(world.clock.clone()));
    state.free_use = Some(free_use(world).await);
    state.store = Some(world.loader.store.clone());
    let proxies = TrustedProxies::parse("10.0.0.0/8").unwrap();
    guard(trade::routes(state).into(), Arc::new(Guard::new(trade::ACCESS.iter().cloned(), Arc::new(Door), proxies)))
}

/// Who sends: the address of the other end of the connection, and headers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct From<'a>(pub(crate) &'a str, pub(crate) &'a [(&'a str, &'a str)]);

pub(crate) fn from(From(address, headers): From<'_>, method: &str, uri: &str, body: &Value) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(uri).header(header::CONTENT_TYPE, "application/json");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let mut request = request.body(Body::from(body.to_string())).unwrap();
    request.extensions_mut().insert(PeerAddress(address.parse().unwrap()));
    request
}

async fn ask(router: &Router, sender: From<'_>, body: &Value) -> Answer {
    http::send(router, from(sender, "POST", SIMULATE, body)).await
}

async fn simulate(router: &Router, sender: From<'_>) -> u16 {
    ask(router, sender, &json!({"ncm": "12019000"})).await.status.as_u16()
}

async fn usage(router: &Router, sender: From<'_>) -> Value {
    let answer = http::send(router, from(sender, "GET", "/v1/simulator/usage", &Value::Null)).await;
    assert_eq!((answer.status.as_u16(), answer.header("cache-control")), (200, "no-store"), "{}", answer.text());
    answer.json()
}

async fn used(router: &Router, sender: From<'_>) -> i64 {
    usage(router, sender).await["used"].as_i64().unwrap()
}

async fn world() -> World {
    let world = World::new().await;
    world.load(&file(&[(2024, 1, SOY, CHINA, 10), (2024, 2, SOY, USA, 5)])).await;
    world
}

fn set(world: &World, moment: &str) {
    world.clock.set(chrono::DateTime::parse_from_rfc3339(moment).unwrap().to_utc());
}

const HOME: From<'_> = From("203.0.113.9", &[]);
const ALICE: From<'_> = From("203.0.113.9", &[("authorization", "Bearer free-alice")]);

/// As many requests at once as there are routers in `routers`; how many were answered and how many refused.
async fn at_once(routers: Vec<Router>, headers: &'static [(&str, &str)]) -> (usize, usize) {
    let mut requests = tokio::task::JoinSet::new();
    for router in routers {
        requests.spawn(async move { simulate(&router, From("203.0.113.9", headers)).await });
    }
    let statuses = requests.join_all().await;
    let count = |status| statuses.iter().filter(|found| **found == status).count();
    assert_eq!(count(200) + count(429), statuses.len(), "{statuses:?}");
    (count(200), count(429))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_requests_at_once_give_five_answers_whatever_replica_they_reach() {
    let world = world().await;
    let one = server(&world).await;
    assert_eq!(at_once(vec![one.clone(); 100], &[]).await, (5, 95));
    let other = server(&world).await;
    // A restart forgets nothing, and the secret of the first server is everyone's.
    assert_eq!(simulate(&other, HOME).await, 429);
    world.clock.advance(chrono::TimeDelta::days(1));
    let both = (0..100).map(|at| if at % 2 == 0 { one.clone() } else { other.clone() }).collect();
    assert_eq!(at_once(both, &[]).await, (5, 95));
    assert_eq!(world.text("SELECT count(*), max(used) FROM simulator.free_use").await, "2|5\n");
}

#[tokio::test]
async fn an_answer_says_what_is_left_and_a_refusal_says_until_when() {
    let world = world().await;
    let router = server(&world).await;
    // Noon UTC of 15 March 2025 is 9:00 in São Paulo, whose midnight is 3:00 UTC.
    set(&world, "2025-03-15T12:00:00Z");
    let reset = "1742094000";
    for left in ["4", "3", "2", "1", "0"] {
        let answer = ask(&router, HOME, &json!({"ncm": "12019000"})).await;
        let limits =
            ["x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"].map(|name| answer.header(name));
        assert_eq!((answer.status.as_u16(), limits), (200, ["5", left, reset]));
    }
    let english = From("203.0.113.9", &[("accept-language", "en")]);
    let refused = ask(&router, english, &json!({"ncm": "12019000"})).await;
    let names = ["x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset", "retry-after"];
    assert_eq!(names.map(|name| refused.header(name)), ["5", "0", reset, "54000"]);
    let problem = refused.json();
    assert_eq!((problem["error"].as_str(), problem["status"].as_u64()), (Some("rate_limit_exceeded"), Some(429)));
    let detail = problem["detail"].as_str().unwrap();
    assert!(detail.contains("2025-03-16") && detail.contains("premium"), "{detail}");
    let portuguese = ask(&router, HOME, &json!({"ncm": "12019000"})).await.json();
    assert!(portuguese["detail"].as_str().unwrap().contains("16/03/2025"), "{portuguese}");
    let expected = json!({"tier": "free", "limit": 5, "used": 5, "remaining": 0, "resets_at": "2025-03-16T03:00:00Z"});
    assert_eq!(usage(&router, HOME).await, expected);
    // Wrong requests are told what is wrong, not that the day is used up.
    assert_eq!(ask(&router, HOME, &json!({"ncm": "1"})).await.status, 400);
}

#[tokio::test]
async fn the_day_ends_at_midnight_of_sao_paulo() {
    let world = world().await;
    let router = server(&world).await;
    let days = [
        // The day's last second, the next one, and hours from the last second to the end of that next day.
        ("2025-03-16T02:59:59Z", "2025-03-16T03:00:00Z", "2025-03-17T03:00:00Z"),
        // Clocks were put forward at midnight: the day began at 1:00, which is 3:00 UTC.
        ("2018-11-04T02:59:59Z", "2018-11-04T03:00:00Z", "2018-11-05T02:00:00Z"),
        // Clocks were put back at midnight: 23:00 to 24:00 came twice, and the day lasted until 3:00 UTC.
        ("2018-02-18T02:59:59Z", "2018-02-18T03:00:00Z", "2018-02-19T03:00:00Z"),
    ];
    for (before, after, end) in days {
        set(&world, before);
        assert_eq!(usage(&router, HOME).await["resets_at"], after);
        for expected in [200, 200, 200, 200, 200, 429] {
            assert_eq!(simulate(&router, HOME).await, expected, "{before}");
        }
        assert_eq!(ask(&router, HOME, &json!({"ncm": "12019000"})).await.header("retry-after"), "1");
        set(&world, after);
        assert_eq!(usage(&router, HOME).await["resets_at"], end);
        assert_eq!((used(&router, HOME).await, simulate(&router, HOME).await), (0, 200), "{after}");
        // A clock set back finds the day as it was.
        set(&world, before);
        assert_eq!(simulate(&router, HOME).await, 429);
    }
}

#[tokio::test]
async fn only_answers_count() {
    let world = world().await;
    let router = server(&world).await;
    for (body, status) in [
        (json!({"ncm": "1"}), 400),
        (json!({"ncm": "12019000", "max_results": 51}), 400),
        (json!({"ncm": "99999999"}), 404),
        (json!([]), 400),
    ] {
        let answer = ask(&router, HOME, &body).await;
        assert_eq!((answer.status.as_u16(), answer.header("x-ratelimit-limit")), (status, ""), "{body}");
    }
    let key = From("203.0.113.9", &[("idempotency-key", "two words")]);
    assert_eq!(simulate(&router, key).await, 400);
    assert_eq!(used(&router, HOME).await, 0);
    assert_eq!(simulate(&server(&World::new().await).await, HOME).await, 503, "nothing is loaded");
}

#[tokio::test]
async fn a_user_has_a_count_of_their_own_and_premium_has_none() {
    let world = world().await;
    let router = server(&world).await;
    for _ in 0..5 {
        assert_eq!(simulate(&router, HOME).await, 200);
    }
    assert_eq!(simulate(&router, HOME).await, 429);
    let elsewhere = From("198.51.100.1", &[("authorization", "Bearer free-alice")]);
    for sender in [ALICE, elsewhere, ALICE, elsewhere, ALICE] {
        assert_eq!(simulate(&router, sender).await, 200);
    }
    assert_eq!((simulate(&router, ALICE).await, simulate(&router, elsewhere).await), (429, 429));
    assert_eq!(world.text("SELECT used FROM simulator.free_use WHERE subject = 'user:alice'").await, "5\n");
    let premium = From("203.0.113.9", &[("authorization", "Bearer premium-alice")]);
    for _ in 0..12 {
        let answer = ask(&router, premium, &json!({"ncm": "12019000"})).await;
        assert_eq!((answer.status.as_u16(), answer.header("x-ratelimit-limit")), (200, ""));
    }
    let unlimited = json!({"tier": "premium", "limit": null, "used": null, "remaining": null, "resets_at": null});
    assert_eq!(usage(&router, premium).await, unlimited);
    assert_eq!(world.number("SELECT count(*) FROM simulator.free_use").await, 2);
}

#[tokio::test]
async fn addresses_cannot_be_made_up_and_are_not_kept() {
    let world = world().await;
    let router = server(&world).await;
    for (at, forged) in ["1.1.1.1", "1.1.1.2", "1.1.1.3", "1.1.1.4", "1.1.1.5", "1.1.1.6"].into_iter().enumerate() {
        let headers = [("x-forwarded-for", forged), ("forwarded", "for=9.9.9.9"), ("x-real-ip", forged)];
        assert_eq!(simulate(&router, From("203.0.113.9", &headers)).await, if at < 5 { 200 } else { 429 });
        // Behind a proxy that is trusted, what the client wrote itself stands first and counts for nothing.
        let chain = format!("{forged}, 198.51.100.7");
        let headers = [("x-forwarded-for", chain.as_str())];
        assert_eq!(simulate(&router, From("10.0.0.1", &headers)).await, if at < 5 { 200 } else { 429 });
        let address = format!("2001:db8:1:2::{at}");
        assert_eq!(simulate(&router, From(&address, &[])).await, if at < 5 { 200 } else { 429 });
    }
    let kept = world.text("SELECT * FROM simulator.free_use").await;
    assert_eq!(kept.lines().filter(|line| line.starts_with("address:") && line.len() > 70).count(), 3, "{kept}");
    assert!(!kept.contains("203.0") && !kept.contains("2001"), "{kept}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_repeated_request_with_its_key_costs_nothing() {
    let world = world().await;
    let router = server(&world).await;
    let headers: &[(&str, &str)] = &[("idempotency-key", "k1")];
    assert_eq!(at_once(vec![router.clone(); 20], headers).await, (20, 0));
    assert_eq!(used(&router, HOME).await, 1);
    let sender = From("203.0.113.9", headers);
    // The same body in other words; another body is a use of its own.
    let same = json!({"max_results": 10, "ncm": "1201.90.00", "volume_kg": null});
    assert_eq!(ask(&router, sender, &same).await.header("x-ratelimit-remaining"), "4");
    let other = json!({"ncm": "12019000", "max_results": 3});
    assert_eq!(ask(&router, sender, &other).await.header("x-ratelimit-remaining"), "3");
    // Another client's key is another key.
    let neighbour = From("203.0.113.10", headers);
    assert_eq!((simulate(&router, neighbour).await, used(&router, neighbour).await), (200, 1));
    for _ in 0..3 {
        assert_eq!(simulate(&router, HOME).await, 200);
    }
    let new = From("203.0.113.9", &[("idempotency-key", "k2")]);
    assert_eq!((simulate(&router, HOME).await, simulate(&router, new).await), (429, 429));
    assert_eq!(
        (simulate(&router, sender).await, used(&router, HOME).await),
        (200, 5),
        "the day is used, this request not"
    );
    assert_eq!(world.number("SELECT count(*) FROM simulator.repeatable_request").await, 3);
    // A day later the key is new; a second earlier it was not.
    world.clock.advance(chrono::TimeDelta::hours(24) - chrono::TimeDelta::seconds(1));
    assert_eq!((simulate(&router, sender).await, used(&router, HOME).await), (200, 0));
    world.clock.advance(chrono::TimeDelta::seconds(1));
    assert_eq!((simulate(&router, sender).await, used(&router, HOME).await), (200, 1));
}

#[tokio::test]
async fn what_is_not_kept_is_given_back() {
    let world = world().await;
    let uses = free_use(&world).await;
    let caller = Caller { address: "203.0.113.9".parse().unwrap(), secure: false, principal: None };
    let now = platform::clock::Clock::now(&world.clock);
    let count = || async { world.text("SELECT sum(used) FROM simulator.free_use").await };
    let take = async |request| match uses.reserve(&caller, request, now).await.unwrap() {
        Reservation::Granted(held) => held,
        other => panic!("{other:?}"),
    };
    let panicked = take(None).await;
    let handler = tokio::spawn(async move {
        let held = panicked;
        assert_eq!(format!("{held:?}"), "", "a handler that fails");
    });
    assert!(handler.await.is_err());
    until("the refund", async || count().await == "0\n").await;
    // Of three that share a key, the one that was answered keeps the use; without it nobody would.
    let (first, second, third) = (take(Some([1; 32])).await, take(Some([1; 32])).await, take(Some([1; 32])).await);
    drop((first, third));
    let one = "SELECT holders FROM simulator.repeatable_request";
    until("two refunds", async || world.text(one).await == "1\n").await;
    assert_eq!((second.keep().used, count().await.as_str()), (1, "1\n"));
    for key in 2..12 {
        // Let go at the same moment.
        drop((take(Some([key; 32])).await, take(Some([key; 32])).await, take(Some([key; 32])).await));
        until("the last refund", async || count().await == "1\n").await;
    }
    assert_eq!(world.number("SELECT count(*) FROM simulator.repeatable_request").await, 1, "and its key is free again");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_leaves_pays_nothing_whenever_it_leaves() {
    let world = world().await;
    let router = server(&world).await;
    assert_eq!(simulate(&router, HOME).await, 200);
    // The counter is locked: the client leaves while the statement waits.
    let mut locker = world.database.connect(platform::postgres::Role::MigrationAdmin).await;
    let lock = locker.transaction().await.unwrap();
    lock.execute("SELECT FROM simulator.free_use FOR UPDATE", &[]).await.unwrap();
    for key in ["a", "b"] {
        let headers = [("idempotency-key", key)];
        let left = simulate(&router, From("203.0.113.9", &headers));
        assert!(tokio::time::timeout(std::time::Duration::from_millis(100), left).await.is_err());
    }
    lock.rollback().await.unwrap();
    let settled = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'trade tests' AND state <> 'idle'";
    until("the refunds", async || world.number(settled).await == 0 && used(&router, HOME).await == 1).await;
    // At any moment: however far a request came, exactly the answered ones count.
    for pause in 0..60_u64 {
        let address = format!("192.0.2.{pause}");
        let asked = simulate(&router, From(&address, &[]));
        let answered = tokio::time::timeout(std::time::Duration::from_micros(pause * 40), asked).await.is_ok();
        let expected = i64::from(answered);
        until("the count", async || used(&router, From(&address, &[])).await == expected).await;
    }
}

#[tokio::test]
async fn without_the_store_nothing_is_free() {
    let world = world().await;
    let router = server(&world).await;
    let name = world.database.name().to_owned();
    let mut config = world.database.superuser_config();
    config.dbname("postgres");
    let admin = platform::postgres::target::Target::plain(config).connect().await.unwrap();
    admin.batch_execute(&format!("ALTER DATABASE \"{name}\" ALLOW_CONNECTIONS false")).await.unwrap();
    let end = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1";
    admin.execute(end, &[&name]).await.unwrap();
    let refused = ask(&router, HOME, &json!({"ncm": "12019000"})).await;
    assert_eq!((refused.status.as_u16(), refused.header("retry-after")), (503, "1"));
    assert_eq!(refused.json()["error"], "data_unavailable");
    let premium = From("203.0.113.9", &[("authorization", "Bearer premium-bob")]);
    assert_eq!(simulate(&router, premium).await, 200, "who has no limit needs no counter");
    admin.batch_execute(&format!("ALTER DATABASE \"{name}\" ALLOW_CONNECTIONS true")).await.unwrap();
    until("the store", async || simulate(&router, HOME).await == 200).await;
    assert_eq!(used(&router, HOME).await, 1);
}

#[tokio::test]
async fn counters_are_forgotten_and_users_erased() {
    let world = world().await;
    let router = server(&world).await;
    let keyed = From("203.0.113.9", &[("authorization", "Bearer free-alice"), ("idempotency-key", "k")]);
    assert_eq!((simulate(&router, keyed).await, simulate(&router, HOME).await), (200, 200));
    let store = &world.loader.store;
    let now = platform::clock::Clock::now(&world.clock);
    assert_eq!(store.forget_uses(now + chrono::TimeDelta::hours(48)).await.unwrap(), 0);
    assert_eq!(store.forget_uses(now + chrono::TimeDelta::hours(49)).await.unwrap(), 1, "the key");
    assert_eq!(store.erase_user("alice").await.unwrap(), 1, "her counter");
    assert_eq!(store.erase_user("alice").await.unwrap(), 0);
    assert_eq!(store.forget_uses(now + chrono::TimeDelta::days(7)).await.unwrap(), 0);
    assert_eq!(store.forget_uses(now + chrono::TimeDelta::days(8)).await.unwrap(), 1);
    // A clock that runs years ahead does not make today's counters old.
    world.clock.set(platform::clock::Clock::now(&platform::clock::SystemClock));
    assert_eq!(simulate(&router, HOME).await, 200);
    assert_eq!(store.forget_uses(now + chrono::TimeDelta::days(20_000)).await.unwrap(), 0);
}
