//! The gateway as an operator sets it up: who may call it, connector files, secrets.

use std::path::Path;

use axum::Router;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::get as on_get;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use testkit::TempDir;
use testkit::ministry::FakeMinistry;

use crate::client::{Answer, ask, get, post};
use crate::files::file;
use crate::harness::{bgc, wait_for};
use crate::outside::{World, call, serve, shipped, told};

#[test]
fn only_programs_with_the_scope_may_call_outside_of_up() {
    let world = World::new("gateway-auth", FakeMinistry::synthetic());
    let server = world.serve("gateway", &["serve", "gateway"]);
    assert_eq!((server.http.as_str(), server.printed.starts_with("the gateway is ready after ")), ("", true));
    let token = |arguments: &[&str]| world.done(&[&["token", "issue", "--sub", "nightly"], arguments].concat());
    let asked = |authorization: &str| -> [Answer; 2] {
        let list = format!("GET /v1/connectors HTTP/1.1\n{authorization}");
        let ufs =
            format!("POST /v1/connectors/comexstat/ufs HTTP/1.1\ncontent-type: application/json\n{authorization}");
        [ask(&server.gateway, list.trim_end(), ""), ask(&server.gateway, ufs.trim_end(), "{}")]
    };
    let bearer = |token: &str| format!("authorization: Bearer {}", token.trim());
    let good = token(&["--audience", "bgc-gateway", "--scope", "gateway.call"]);
    for unknown in [
        String::new(),
        "authorization: Bearer x.y.z".to_owned(),
        "authorization: Basic YTpi".to_owned(),
        bearer(&token(&["--scope", "gateway.call"])),
        bearer(&token(&["--audience", "core-dict", "--scope", "gateway.call"])),
        bearer(&good.trim()[..good.trim().len() - 4]),
    ] {
        for answer in asked(&unknown) {
            answer.problem(401, "unauthenticated");
            assert!(answer.header("www-authenticate").starts_with("Bearer"), "{unknown}");
        }
    }
    for scopes in ["other", "gateway.call.more", "gateway"] {
        for answer in asked(&bearer(&token(&["--audience", "bgc-gateway", "--scope", scopes]))) {
            answer.problem(403, "forbidden");
        }
    }
    assert_eq!(world.outside.ministry.log().count(""), 0, "nobody was asked");
    assert_eq!(asked(&bearer(&good)).map(|answer| answer.status), [200, 200]);
    assert_eq!(get(&server.gateway, "/health").status, 200);
    assert_eq!(get(&server.operations, "/ready").status, 200);
    assert!(!server.process.log().contains(good.trim()), "a token is in the log");
    let names: Vec<Value> =
        server.log_lines().into_iter().filter(|line| line["message"] == "connectors loaded").collect();
    assert_eq!(names[0]["connectors"], "comexstat,comexstat-bulk,restcountries");

    let open = world.serve("up", &["up"]);
    let listed = get(&open.gateway, "/v1/connectors").json();
    let ids: Vec<&Value> = listed["data"].as_array().unwrap().iter().map(|one| &one["id"]).collect();
    assert_eq!(ids, ["comexstat", "comexstat-bulk", "restcountries"]);
}

/// A connector as small as they get.
const SHOP: &str = "\
id: shop
title: A shop
base_url: https://api.shop.example
endpoints:
  item:
    title: One item
    path: /items/{id}
    parameters:
      id: { title: Which, digits: { length: 4, length_min: 1 } }
";

#[test]
fn wrong_connector_files_are_told_by_file_line_and_reason_and_nothing_starts() {
    let dir = TempDir::new("config-check");
    let connectors = dir.join("connectors");
    std::fs::create_dir_all(&connectors).unwrap();
    let run = |arguments: &[&str]| {
        let mut command = bgc(&dir.join("data"));
        command.env("BGC_CONNECTORS_DIR", &connectors).args(arguments).output().unwrap()
    };
    let valid = run(&["config", "check"]);
    assert!(valid.status.success() && told(&valid).contains("comexstat, comexstat-bulk, restcountries"));
    let cycle = "    values: { first: ['{second}'], second: ['{first}'] }\n    query: { a: '{first}' }\n";
    for (wrong, line, reason) in [
        (SHOP.replace("title: A shop", "title: A shop\ntimout_ms: 5"), 3, "timout_ms"),
        (format!("{SHOP}{cycle}"), 10, "a cycle: first needs "),
        (SHOP.replace("api.shop.example", "10.0.0.1"), 3, "needs allow_private_network"),
        (SHOP.replace("api.shop.example", "[::1]"), 3, "needs allow_private_network"),
        (SHOP.replace("https", "http"), 3, "http is for private networks"),
        (SHOP.replace("endpoints:", "extra_ca_file: issuer.pem\nendpoints:"), 4, "issuer.pem cannot be used"),
        (SHOP.replace("{id}", "{id}/{other}"), 7, "other"),
        (
            SHOP.replace("endpoints:", "auth: { api_key: { header: X-Key, secret: ../../etc/passwd } }\nendpoints:"),
            4,
            "NAME/KEY",
        ),
    ] {
        let path = file(&connectors, "shop.yaml", wrong);
        let place = format!("{path}:{line}:");
        let output = run(&["config", "check"]);
        let said = told(&output);
        assert_eq!(output.status.code(), Some(1), "{reason}: {said}");
        let fault = said.lines().find(|line| line.starts_with(&format!("error: {place}")));
        assert!(fault.is_some_and(|fault| fault.contains(reason)), "{place} {reason}: {said}");
        assert!(!dir.join("data").exists(), "a check starts nothing");
    }
    // Every fault of every file, and the server says the same lines.
    let first = file(&connectors, "shop.yaml", SHOP.replace("api.shop.example", "10.0.0.1"));
    let second = file(&connectors, "other.yml", SHOP.replace("title: One item", "titel: One item"));
    for arguments in [["config", "check"].as_slice(), &["up"], &["serve", "gateway"]] {
        let output = run(arguments);
        let said = told(&output);
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains(&format!("{first}:3:")) && said.contains(&format!("{second}:6:")), "{said}");
    }
    // A file replaces the shipped connector of its id; two of one id are one too many.
    file(&connectors, "shop.yaml", SHOP);
    file(
        &connectors,
        "other.yml",
        shipped("restcountries.yaml", &[("rate: { requests: 2, ", "rate: { requests: 1, ")]),
    );
    let said = told(&run(&["config", "check"]));
    assert!(said.contains("comexstat, comexstat-bulk, restcountries, shop"), "{said}");
    file(&connectors, "third.yaml", SHOP);
    assert!(told(&run(&["config", "check"])).contains("the id shop is taken already"));
    let schema: Value = serde_json::from_str(&told(&run(&["config", "schema"]))).unwrap();
    let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../connectors/connector.schema.json");
    let committed: Value = serde_json::from_slice(&std::fs::read(committed).unwrap()).unwrap();
    assert_eq!(schema, committed);
}

#[test]
fn a_source_of_one_s_own_needs_a_file_and_its_key_may_come_and_change_later() {
    let mut world = World::new("gateway-secrets", FakeMinistry::new());
    let wanted = Arc::new(Mutex::new("s3cret-first".to_owned()));
    let shown = Arc::clone(&wanted);
    let shop = serve(Router::new().route(
        "/items/{id}",
        on_get(move |headers: HeaderMap| async move {
            let key = headers.get("x-key").and_then(|key| key.to_str().ok()).unwrap_or_default();
            match key == *shown.lock().unwrap() {
                true => (StatusCode::OK, r#"{"price": "12.50"}"#.to_owned()),
                false => (StatusCode::UNAUTHORIZED, format!("the key {key} is wrong")),
            }
        }),
    ));
    let base = format!(
        "{}\nallow_private_network: true\nauth: {{ api_key: {{ header: X-Key, secret: shop-credentials/api-key }} }}",
        shop.url("")
    );
    file(&world.outside.files.join("connectors"), "shop.yaml", SHOP.replace("https://api.shop.example", &base));
    let secrets = world.outside.files.join("secrets");
    world.set("BGC_SECRETS_DIR", secrets.to_str().unwrap());
    let server = world.serve("data", &["up"]);
    let item = |id: u32| call(&server, "shop/item", &json!({"id": id}));
    let detail = item(1).problem(503, "source_unavailable")["detail"].as_str().unwrap().to_owned();
    assert!(detail.starts_with("shop: ") && detail.contains("shop-credentials/api-key"), "{detail}");
    assert_eq!(call(&server, "restcountries/country", &json!({"code": "br"})).status, 200, "others work");
    std::fs::create_dir_all(secrets.join("shop-credentials")).unwrap();
    let key = secrets.join("shop-credentials/api-key");
    std::fs::write(&key, "s3cret-first\n").unwrap();
    let answer = wait_for("the key to be found", || Some(item(2)).filter(|answer| answer.status == 200));
    assert_eq!(answer.json(), json!({"price": "12.50"}));
    // The shop changes its key: the old one is refused without being told, the new one is found at once.
    *wanted.lock().unwrap() = "s3cret-second".to_owned();
    item(3).problem(502, "source_refused");
    std::fs::write(&key, "s3cret-second").unwrap();
    assert_eq!(item(4).status, 200);
    // A key in the environment comes first.
    let said = format!("{}{}", server.process.log(), item(3).body);
    assert!(!said.contains("s3cret"), "{said}");
    world.set("SHOP_CREDENTIALS_API_KEY", "s3cret-second");
    std::fs::remove_file(key).unwrap();
    let other = world.serve("other", &["up"]);
    assert_eq!(post(&other.gateway, "/v1/connectors/shop/item", r#"{"id":5}"#).status, 200);
}
