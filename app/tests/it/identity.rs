//! Accounts by the real binary: tokens and tiers by the command line, sign-up by HTTP.

use serde_json::{Value, json};
use testkit::TempDir;

use crate::client::{Answer, ask};
use crate::harness::{Server, done, refused, run, stderr};

/// A request with one header of a credential and a JSON body.
fn call(address: &str, request: &str, credential: &str, body: &Value) -> Answer {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let head = format!("{request} HTTP/1.1\ncontent-type: application/json\n{credential}");
    ask(address, head.trim_end(), &body)
}

#[test]
fn tokens_and_tiers_of_the_command_line_count_at_the_server() {
    let dir = TempDir::new("identity");
    let data_dir = dir.join("data");
    let server = Server::up(&data_dir, false);
    let body = json!({"name": "Ana", "email": "ana@example.com", "password": "um cavalo correto"});
    let answer = call(&server.http, "POST /v1/account", "", &body);
    assert_eq!(answer.status, 201, "{}", answer.body);
    let cookie = format!("Cookie: {}", answer.header("set-cookie").split(';').next().unwrap());
    let account = || call(&server.http, "GET /v1/account", &cookie, &Value::Null).json();
    assert_eq!(account()["tier"], "free");
    let asked = call(&server.http, "POST /v1/account/upgrade-request", &cookie, &json!({"message": "please"}));
    assert_eq!(asked.status, 202, "{}", asked.body);
    let waiting: Value =
        serde_json::from_str(&done(&data_dir, &["user", "list", "--upgrade-requested", "--json"])).unwrap();
    assert_eq!((&waiting[0]["email"], &waiting[0]["upgrade_message"]), (&json!("ana@example.com"), &json!("please")));
    assert_eq!(done(&data_dir, &["user", "tier", "ana@example.com", "premium"]), "ana@example.com is premium now\n");
    assert_eq!(account()["tier"], "premium");
    assert_eq!(done(&data_dir, &["user", "list", "--upgrade-requested"]), "nobody\n");
    assert!(done(&data_dir, &["user", "list"]).starts_with("ana@example.com (Ana, Ana) premium"));
    assert!(done(&data_dir, &["user", "unlock", "ana@example.com"]).contains("may sign in"));
    assert!(refused(&data_dir, &["user", "tier", "bia@example.com", "free"]).contains("no user"));

    let issued = ["token", "issue", "--sub", "nightly", "--tier", "premium", "--ttl", "1h", "--scope", "a"];
    let token = done(&data_dir, &issued);
    let bearer = format!("Authorization: Bearer {}", token.trim());
    let usage = |header: &str| call(&server.http, "GET /v1/simulator/usage", header, &Value::Null);
    let answer = usage(&bearer);
    assert_eq!((answer.status, &answer.json()["tier"]), (200, &json!("premium")), "{}", answer.body);
    usage(&bearer[..bearer.len() - 3]).problem(401, "unauthenticated");
    let other = done(&data_dir, &["token", "issue", "--sub", "x", "--audience", "core-dict"]);
    usage(&format!("Authorization: Bearer {}", other.trim())).problem(401, "unauthenticated");
    assert!(refused(&data_dir, &["token", "issue", "--sub", "x", "--ispb", "1"]).contains("claim"));
    let log = server.process.log();
    for leak in ["ana@example.com", "um cavalo correto", token.trim()] {
        assert!(!log.contains(leak), "{log}");
    }
    server.stop("TERM");
}

#[test]
fn wrong_accounts_usage_is_told() {
    let dir = TempDir::new("identity-usage");
    for arguments in [
        &["token", "issue"][..],
        &["token", "issue", "--sub", "x", "--ttl", "soon"],
        &["token", "issue", "--sub", "x", "--tier", "gold"],
        &["user", "tier", "ana@example.com"],
        &["user", "tier", "ana@example.com", "gold"],
    ] {
        let output = run(&dir.join("data"), arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", stderr(&output));
    }
    let mut short = crate::harness::bgc(&dir.join("data"));
    let output = short.env("JWT_SECRET_KEY", "too short").args(["config", "check"]).output().unwrap();
    assert!(stderr(&output).contains("at least 32") && !stderr(&output).contains("too short"), "{}", stderr(&output));
    for (name, value) in
        [("BGC_TRUSTED_PROXIES", "10.0.0.0/64"), ("BGC_PUBLIC_URL", "bgc.example"), ("BGC_ACCESS_LOG_DAYS", "29")]
    {
        let output =
            crate::harness::bgc(&dir.join("data")).env(name, value).args(["config", "check"]).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{name}");
    }
    assert!(!dir.join("data").exists(), "nothing was made");
}
