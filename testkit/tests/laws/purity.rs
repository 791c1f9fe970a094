//! Law 2: `domain/` does no I/O and knows no other module. Law 5: a status is chosen by `platform::problem` only.

use crate::Breach;
use crate::tree::{Tree, code_of};

/// Paths that a domain may not name, and what to do instead.
const FORBIDDEN: [(&str, &str); 22] = [
    ("tokio", "the domain is synchronous: call it from a feature"),
    ("tokio_postgres", "rows are read by the store"),
    ("deadpool_postgres", "rows are read by the store"),
    ("axum", "requests are read by http.rs"),
    ("hyper", "requests are read by http.rs"),
    ("hyper_util", "requests are read by http.rs"),
    ("http", "requests are read by http.rs"),
    ("reqwest", "the outside is called by a feature"),
    ("memmap2", "files are mapped by the cube"),
    ("arrow_array", "columns belong to the cube"),
    ("arrow_ipc", "columns belong to the cube"),
    ("rustix", "the system is called by a feature"),
    ("rand", "randomness is a parameter"),
    ("platform", "values and rules need nothing of it; an adapter maps them"),
    ("std::fs", "pass the content"),
    ("std::net", "pass the value"),
    ("std::process", "return a value"),
    ("std::env", "configuration is a parameter"),
    ("std::thread", "the domain is pure"),
    ("SystemTime", "time is a parameter"),
    ("Utc::now", "time is a parameter"),
    ("Local::now", "time is a parameter"),
];

pub fn domain(tree: &Tree) -> Vec<Breach> {
    let mut breaches = Vec::new();
    let in_domain = |path: &str| path.starts_with("contexts/") && path.contains("/src/domain");
    for file in tree.files.iter().filter(|file| in_domain(&file.path) && file.extension() == "rs" && !file.is_test()) {
        for (at, line) in code_of(&file.text).lines().enumerate() {
            for (name, instead) in FORBIDDEN.iter().filter(|(name, _)| names(line, name)) {
                breaches.push(Breach::new(&file.path, at + 1, format!("the domain may not name {name}: {instead}")));
            }
            if line.contains("crate::") && !line.contains("crate::domain") {
                let what = "the domain may not name another module of its context: move what it needs here";
                breaches.push(Breach::new(&file.path, at + 1, what));
            }
        }
    }
    breaches
}

/// Whether `line` names the path: `name::`, `use name;`, or for a path of two parts also `std::{fs, …}`.
fn names(line: &str, name: &str) -> bool {
    let word = |text: &str, word: &str| {
        text.match_indices(word).any(|(at, _)| {
            let before = text[..at].chars().next_back();
            let after = text[at + word.len()..].chars().next();
            let joined = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
            !joined(before) && !joined(after) && (before != Some(':') || text[..at].ends_with(" ::"))
        })
    };
    match name.split_once("::") {
        Some(("std", module)) => word(line, name) || (line.contains("std::{") && word(line, module)),
        Some(_) => line.contains(name),
        None if name.starts_with(char::is_uppercase) => line.contains(name),
        None => word(line, name) && (line.contains(&format!("{name}::")) || line.contains("use ")),
    }
}

pub fn statuses(tree: &Tree) -> Vec<Breach> {
    let mut breaches = Vec::new();
    let ours = |path: &str| path.starts_with("contexts/") || path.starts_with("app/");
    let source = tree.files.iter().filter(|file| ours(&file.path) && file.extension() == "rs");
    for file in source.filter(|file| !file.is_test() && !file.is_generated()) {
        for (at, line) in code_of(&file.text).lines().enumerate() {
            for (start, path) in line.match_indices("StatusCode::") {
                let name: String =
                    line[start + path.len()..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                if name != "OK" && name != "NOT_MODIFIED" {
                    let what = format!(
                        "StatusCode::{name} chooses a status here: return a platform::problem::Problem with a Code"
                    );
                    breaches.push(Breach::new(&file.path, at + 1, what));
                }
            }
        }
    }
    breaches
}

#[test]
fn impure_domains_are_found() {
    let check = |line: &str| domain(&Tree::of(&[("contexts/a/src/domain/x.rs", line)])).len();
    for line in [
        "use tokio::fs;",
        "use std::{fmt, fs};",
        "let now = chrono::Utc::now();",
        "let a = std::env::var(\"A\");",
        "use crate::store::Row;",
        "pub use axum;",
        "use std::time::SystemTime;",
    ] {
        assert_eq!(check(line), 1, "{line}");
    }
    for line in [
        "use std::fmt;",
        "// std::fs is for others",
        "use crate::domain::code::Month;",
        "let random = operand;",
        "let text = \"tokio::fs\";",
        "#[cfg(test)]\nmod tests { use std::fs; }",
    ] {
        assert_eq!(check(line), 0, "{line}");
    }
    assert!(domain(&Tree::of(&[("contexts/a/src/ingest/x.rs", "use std::fs;")])).is_empty());
}

#[test]
fn statuses_are_found() {
    let text = "(StatusCode::OK, a);\nStatusCode::BAD_REQUEST\n// StatusCode::GONE\nStatusCode::from_u16(9)";
    let lines = |path: &str| statuses(&Tree::of(&[(path, text)])).iter().map(|breach| breach.line).collect::<Vec<_>>();
    assert_eq!(lines("contexts/a/src/x/http.rs"), [2, 4]);
    assert_eq!(lines("app/tests/it.rs"), [0; 0]);
    assert_eq!(lines("platform/src/http.rs"), [0; 0]);
}
