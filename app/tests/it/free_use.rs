//! Five simulations a day are free, for each client, also after a restart.

use std::net::IpAddr;

use chrono::{DateTime, TimeDelta, Utc};
use platform::clock::{Clock, SystemClock};

use crate::client::{Answer, another_client, ask_from};
use crate::harness::{Server, sample_copy};

fn simulate(server: &Server, client: IpAddr, headers: &str) -> Answer {
    let head = format!("POST /v1/simulator/destinations HTTP/1.1\ncontent-type: application/json{headers}");
    ask_from(client, &server.http, &head, r#"{"ncm":"17011400"}"#)
}

fn usage(server: &Server, client: IpAddr) -> serde_json::Value {
    ask_from(client, &server.http, "GET /v1/simulator/usage HTTP/1.1", "").json()
}

/// Waits for the new day where the old one has less than two minutes left: the test counts within one.
fn not_across_midnight(server: &Server, client: IpAddr) {
    let usage = usage(server, client);
    let resets_at: DateTime<Utc> = usage["resets_at"].as_str().unwrap().parse().unwrap();
    let left = resets_at - SystemClock.now();
    if left < TimeDelta::minutes(2) {
        std::thread::sleep((left + TimeDelta::seconds(1)).to_std().unwrap_or_default());
    }
}

#[test]
fn the_sixth_simulation_of_a_day_is_refused() {
    let (_dir, data_dir) = sample_copy("free");
    let server = Server::up(&data_dir, false);
    let (client, other) = (another_client(), another_client());
    not_across_midnight(&server, client);
    for left in ["4", "3"] {
        let answer = simulate(&server, client, "\nidempotency-key: once");
        assert_eq!((answer.status, answer.header("x-ratelimit-remaining")), (200, left));
        assert_eq!(simulate(&server, client, "\nx-forwarded-for: 198.51.100.1").status, 200);
    }
    assert_eq!(usage(&server, client)["used"], 3);
    assert!(server.stop("TERM").success());
    let server = Server::up(&data_dir, false);
    for _ in 0..2 {
        assert_eq!(simulate(&server, client, "").status, 200);
    }
    let refused = simulate(&server, client, "");
    refused.problem(429, "rate_limit_exceeded");
    assert_eq!((refused.header("x-ratelimit-limit"), refused.header("x-ratelimit-remaining")), ("5", "0"));
    let wait: i64 = refused.header("retry-after").parse().unwrap();
    let reset: i64 = refused.header("x-ratelimit-reset").parse().unwrap();
    assert!((1..=86_400).contains(&wait) && (reset - 10_800) % 86_400 == 0, "{wait} {reset}");
    assert_eq!(simulate(&server, other, "").header("x-ratelimit-remaining"), "4");
    assert_eq!(usage(&server, client)["remaining"], 0);
    assert!(!server.process.log().contains(&client.to_string()), "no address in the log");
}
