//! A Redis that comes late, dies, hangs and returns.

use std::time::{Duration, Instant};

use platform::redis::{Redis, RedisError, RedisSettings, connect};
use testkit::redis::TestRedis;

const PATIENCE: Duration = Duration::from_secs(20);

pub async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let began = Instant::now();
    while !holds().await {
        assert!(began.elapsed() < PATIENCE, "{what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

async fn set(redis: &Redis, value: &str) -> Result<(), RedisError> {
    redis.query(redis::cmd("SET").arg("key").arg(value)).await
}

async fn get(redis: &Redis) -> Result<Option<String>, RedisError> {
    redis.query(redis::cmd("GET").arg("key")).await
}

#[tokio::test]
async fn it_is_found_when_it_comes_and_again_when_it_returns() {
    let mut server = TestRedis::start().await;
    let settings = RedisSettings::from_url(&server.url()).unwrap();
    server.kill();
    let redis = connect(&settings).unwrap();
    let began = Instant::now();
    assert!(matches!(redis.ping().await, Err(RedisError::Absent(_))));
    assert!(began.elapsed() < Duration::from_millis(200), "a server that is not there costs nothing");
    server.restart().await;
    until("it comes", async || redis.ping().await.is_ok()).await;
    set(&redis, "one").await.unwrap();
    assert_eq!(get(&redis).await.unwrap().as_deref(), Some("one"));
    server.kill();
    until("it is gone", async || matches!(redis.ping().await, Err(RedisError::Absent(_)))).await;
    server.restart().await;
    until("it returns", async || redis.ping().await.is_ok()).await;
    assert_eq!(get(&redis).await.unwrap(), None, "another server, empty");
}

#[tokio::test]
async fn one_that_hangs_fails_within_the_deadline_and_answers_right_afterwards() {
    let server = TestRedis::start().await;
    let mut settings = RedisSettings::from_url(&server.url()).unwrap();
    settings.answer = Duration::from_millis(100);
    let redis = connect(&settings).unwrap();
    until("it comes", async || set(&redis, "before").await.is_ok()).await;
    server.pause();
    let began = Instant::now();
    assert!(matches!(set(&redis, "during").await, Err(RedisError::Timeout(_))));
    assert!(began.elapsed() < Duration::from_secs(2));
    until("a silent connection is given up", async || !redis.is_connected()).await;
    server.resume();
    until("it returns", async || set(&redis, "after").await.is_ok()).await;
    assert_eq!(get(&redis).await.unwrap().as_deref(), Some("after"), "answers belong to their requests");
}

#[tokio::test]
async fn a_refusal_is_no_outage_and_tells_no_value() {
    let server = TestRedis::start().await;
    let redis = connect(&RedisSettings::from_url(&server.url()).unwrap()).unwrap();
    until("it comes", async || set(&redis, "text").await.is_ok()).await;
    let refused = redis.query::<()>(redis::cmd("LPUSH").arg("key").arg("s3cret")).await.unwrap_err();
    assert!(matches!(&refused, RedisError::Refused(why) if why.contains("WRONGTYPE")), "{refused}");
    assert!(!refused.to_string().contains("s3cret"));
    assert!(redis.is_connected());
}

#[tokio::test]
async fn a_wrong_password_is_told_and_tried_again() {
    let server = TestRedis::start().await;
    let open = connect(&RedisSettings::from_url(&server.url()).unwrap()).unwrap();
    until("it comes", async || open.ping().await.is_ok()).await;
    open.query::<()>(redis::cmd("CONFIG").arg("SET").arg("requirepass").arg("s3cret")).await.unwrap();
    let url = server.url();
    let wrong = connect(&RedisSettings::from_url(&url.replace("redis://", "redis://:other@")).unwrap()).unwrap();
    assert!(matches!(wrong.ping().await, Err(RedisError::Absent(_))));
    let right = connect(&RedisSettings::from_url(&url.replace("redis://", "redis://:s3cret@")).unwrap()).unwrap();
    until("it comes", async || right.ping().await.is_ok()).await;
    assert!(!wrong.is_connected());
    right.query::<()>(redis::cmd("CONFIG").arg("SET").arg("requirepass").arg("other")).await.unwrap();
    until("the password becomes right", async || wrong.ping().await.is_ok()).await;
}
