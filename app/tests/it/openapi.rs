//! The OpenAPI documents against the servers that they describe.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use serde_json::{Map, Value};
use testkit::TempDir;
use testkit::ministry::FakeMinistry;

use crate::client::{ask, get};
use crate::files::file;
use crate::harness::{Server, done, reap, refused, run, shared};
use crate::outside::World;

fn committed(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/api").join(name)
}

/// A gateway as it stands in production: whoever calls it has to say who they are.
fn gateway() -> &'static Server {
    static GATEWAY: OnceLock<Server> = OnceLock::new();
    GATEWAY.get_or_init(|| {
        let world = World::new("openapi-gateway", FakeMinistry::new());
        let server = world.serve("data", &["serve", "gateway"]);
        reap(&server.process.id().to_string(), world.outside.files.path());
        // A static value is never dropped, and its database must live as long.
        std::mem::forget(world);
        server
    })
}

/// Every path of both roles: the address of its server, the path itself, its documented operations by method.
fn routes() -> Vec<(&'static str, String, Map<String, Value>)> {
    let routes_of = |address: &'static String| {
        let document = get(address, "/openapi.json").json();
        let paths = document["paths"].as_object().unwrap().clone();
        paths.into_iter().map(move |(path, item)| (address.as_str(), filled(&path), item.as_object().unwrap().clone()))
    };
    [&shared().http, &gateway().gateway].into_iter().flat_map(routes_of).collect()
}

/// An address of a path with placeholders.
fn filled(path: &str) -> String {
    let parts = path.split('/').map(|part| if part.starts_with('{') { "17011400" } else { part });
    parts.collect::<Vec<_>>().join("/")
}

#[test]
fn the_committed_documents_are_those_of_the_binary() {
    let dir = TempDir::new("openapi");
    let addresses = [&shared().http, &gateway().gateway];
    for ((role, name), address) in
        [("api", "openapi.json"), ("gateway", "gateway-openapi.json")].into_iter().zip(addresses)
    {
        let committed = committed(name);
        let output = run(dir.path(), &["openapi", "--role", role, "--check", committed.to_str().unwrap()]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
        let committed = std::fs::read_to_string(committed).unwrap();
        let served = get(address, "/openapi.json");
        assert_eq!((served.status, served.header("content-type")), (200, "application/json"));
        assert_eq!(served.body, committed);
        assert_eq!(done(dir.path(), &["openapi", "--role", role]), committed);
    }
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
    for (address, path, operations) in routes() {
        for (method, operation) in &operations {
            let security = operation["security"].as_array().unwrap();
            // An open route lists nothing, a public one also nobody.
            let nobody = security.iter().any(|requirement| requirement.as_object().unwrap().is_empty());
            let public = security.is_empty() || nobody;
            if !public {
                let head = format!("{} {path} HTTP/1.1\ncontent-type: application/json", method.to_uppercase());
                let refusal = ask(address, &head, if method == "get" { "" } else { "{}" });
                refusal.problem(401, "unauthenticated");
                assert!(refusal.header("www-authenticate").starts_with("Bearer"), "{method} {path}");
            }
        }
    }
}

#[test]
fn methods_that_are_not_documented_are_not_taken() {
    for (address, path, operations) in routes() {
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
            if !operations.contains_key(&method.to_lowercase()) {
                let refusal = ask(address, &format!("{method} {path} HTTP/1.1"), "");
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
