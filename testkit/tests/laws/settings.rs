//! Laws 7 and 8 are clippy's to check: this checks that clippy is told to.

use crate::Breach;
use crate::tree::Tree;

const BANS: [&str; 3] = ["chrono::Utc::now", "chrono::Local::now", "std::time::SystemTime::now"];
const LINTS: [(&str, &str); 9] = [
    ("rust", "missing_docs"),
    ("rust", "unsafe_code"),
    ("clippy", "too_many_lines"),
    ("clippy", "allow_attributes"),
    ("clippy", "unwrap_used"),
    ("clippy", "let_underscore_must_use"),
    ("clippy", "print_stdout"),
    ("clippy", "todo"),
    ("clippy", "unimplemented"),
];

pub fn check(tree: &Tree) -> Vec<Breach> {
    let mut breaches = clippy(tree.text("clippy.toml").unwrap_or(""));
    breaches.extend(lints(tree.text("Cargo.toml").unwrap_or("")));
    let manifests = tree.files.iter().filter(|file| file.path.ends_with("/Cargo.toml") && !file.is_generated());
    for file in manifests {
        let inherits = file.text.parse::<toml::Table>().is_ok_and(|table| {
            table.get("lints").and_then(|lints| lints.get("workspace")).and_then(toml::Value::as_bool) == Some(true)
        });
        if !inherits {
            breaches.push(Breach::new(&file.path, 1, "add `[lints]` with `workspace = true`"));
        }
    }
    breaches
}

fn clippy(text: &str) -> Vec<Breach> {
    let breach = |what: String| Breach::new("clippy.toml", 1, what);
    let Ok(table) = text.parse::<toml::Table>() else { return vec![breach("missing, or not TOML".into())] };
    let mut breaches = Vec::new();
    if table.get("too-many-lines-threshold").and_then(toml::Value::as_integer) != Some(70) {
        breaches.push(breach("set `too-many-lines-threshold = 70`".into()));
    }
    let bans = table.get("disallowed-methods").and_then(toml::Value::as_array).cloned().unwrap_or_default();
    for path in BANS {
        let ban = bans.iter().find(|ban| ban.get("path").and_then(toml::Value::as_str) == Some(path));
        let reason = ban.and_then(|ban| ban.get("reason")).and_then(toml::Value::as_str).unwrap_or("");
        if reason.is_empty() {
            breaches.push(breach(format!("ban {path} in `disallowed-methods`, with a reason")));
        }
    }
    breaches
}

fn lints(text: &str) -> Vec<Breach> {
    let table = text.parse::<toml::Table>().unwrap_or_default();
    let all = table.get("workspace").and_then(|workspace| workspace.get("lints"));
    let level = |group: &str, lint: &str| {
        let value = all?.get(group)?.get(lint)?;
        value.as_str().or_else(|| value.get("level")?.as_str())
    };
    let missing = LINTS.iter().filter(|(group, lint)| !matches!(level(group, lint), Some("warn" | "deny" | "forbid")));
    let what = |(group, lint): &(&str, &str)| format!("turn {lint} on in `[workspace.lints.{group}]`");
    missing.map(|lint| Breach::new("Cargo.toml", 1, what(lint))).collect()
}

#[test]
fn missing_settings_are_found() {
    assert_eq!(clippy("").len(), 4);
    let bans = "{ path = \"chrono::Utc::now\", reason = \"a\" }, { path = \"chrono::Local::now\" }";
    let breaches = clippy(&format!("too-many-lines-threshold = 70\ndisallowed-methods = [{bans}]"));
    assert_eq!(breaches.len(), 2);
    assert_eq!(lints("[workspace.lints.rust]\nmissing_docs = \"warn\"\nunsafe_code = \"allow\"").len(), 8);
    assert_eq!(
        check(&Tree::of(&[("a/Cargo.toml", "[lints]\nworkspace = true"), ("b/Cargo.toml", "")])).len(),
        4 + 9 + 1
    );
}
