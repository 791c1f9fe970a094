//! The OpenAPI document against the server that it describes.

use std::path::{Path, PathBuf};

use serde_json::Value;
use testkit::TempDir;

use crate::client::ask;
use crate::files::file;
use crate::harness::{done, refused, run, shared};

fn committed() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/api/openapi.json")
}

fn document() -> Value {
    let answer = shared().get("/openapi.json");
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/json"));
    answer.json()
}

/// Every path, an address of it, and its documented operations by method.
fn paths(document: &Value) -> Vec<(String, &serde_json::Map<String, Value>)> {
    let address = |path: &str| {
        let parts = path.split('/').map(|part| if part.starts_with('{') { "17011400" } else { part });
        parts.collect::<Vec<_>>().join("/")
    };
    let paths = document["paths"].as_object().unwrap();
    paths.iter().map(|(path, item)| (address(path), item.as_object().unwrap())).collect()
}

#[test]
fn the_committed_document_is_that_of_the_binary() {
    let dir = TempDir::new("openapi");
    let committed = committed();
    let output = run(dir.path(), &["openapi", "--check", committed.to_str().unwrap()]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    assert_eq!(shared().get("/openapi.json").body, std::fs::read_to_string(committed).unwrap());
}

#[test]
fn another_document_is_refused_with_the_places_that_differ() {
    let dir = TempDir::new("openapi");
    let printed = done(dir.path(), &["openapi"]);
    let changed = file(dir.path(), "changed.json", printed.replacen("query_exports", "query_imports", 1));
    let output = run(dir.path(), &["openapi", "--check", &changed]);
    assert_eq!(output.status.code(), Some(1));
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(told.contains("- /paths/~1v1~1exports/get/operationId: \"query_imports\"\n+ /paths"), "{told}");
    assert!(refused(dir.path(), &["openapi", "--check", "/nowhere/openapi.json"]).contains("/nowhere/openapi.json"));
    let broken = file(dir.path(), "broken.json", "{");
    assert!(refused(dir.path(), &["openapi", "--check", &broken]).contains("broken.json"));
}

#[test]
fn what_needs_a_credential_is_refused_without_one() {
    let (document, server) = (document(), shared());
    for (path, operations) in paths(&document) {
        for (method, operation) in operations {
            let security = operation["security"].as_array().unwrap();
            // An open route lists nothing, a public one also nobody.
            let nobody = security.iter().any(|requirement| requirement.as_object().unwrap().is_empty());
            let public = security.is_empty() || nobody;
            if !public {
                let head = format!("{} {path} HTTP/1.1\ncontent-type: application/json", method.to_uppercase());
                let refusal = ask(&server.http, &head, if method == "get" { "" } else { "{}" });
                refusal.problem(401, "unauthenticated");
                assert!(refusal.header("www-authenticate").starts_with("Bearer"), "{method} {path}");
            }
        }
    }
}

#[test]
fn methods_that_are_not_documented_are_not_taken() {
    let (document, server) = (document(), shared());
    for (path, operations) in paths(&document) {
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
            if !operations.contains_key(&method.to_lowercase()) {
                let refusal = ask(&server.http, &format!("{method} {path} HTTP/1.1"), "");
                refusal.problem(405, "method_not_allowed");
                assert!(!refusal.header("allow").contains(method), "{method} {path}: {}", refusal.header("allow"));
            }
        }
    }
}

#[test]
fn the_pages_need_nothing_from_elsewhere() {
    let server = shared();
    for (path, kind) in [
        ("/docs", "text/html; charset=utf-8"),
        ("/docs/errors", "text/html; charset=utf-8"),
        ("/docs/style.css", "text/css; charset=utf-8"),
    ] {
        let page = server.get(path);
        assert_eq!((page.status, page.header("content-type")), (200, kind), "{path}");
        assert!(page.header("content-security-policy").starts_with("default-src 'none'; style-src 'self'"), "{path}");
        assert!(!page.body.contains("http://") && !page.body.contains("https://"), "{path}");
        let tag = page.header("etag");
        let again = ask(&server.http, &format!("GET {path} HTTP/1.1\nif-none-match: {tag}"), "");
        assert_eq!((again.status, again.body.as_str()), (304, ""), "{path}");
    }
    let problem = ask(&server.http, "GET /v1/nowhere HTTP/1.1", "").problem(404, "not_found");
    let (page, anchor) = problem["type"].as_str().unwrap().split_once('#').unwrap();
    assert!(server.get(page).body.contains(&format!("id=\"{anchor}\"")));
}
