//! Law 1: `app -> contexts -> platform`; no context imports another; testkit is for tests only.

use std::collections::BTreeMap;

use crate::Breach;
use crate::tree::Tree;

#[derive(Debug, Clone, PartialEq, Eq)]
enum Room {
    App,
    Context(String),
    Generated(String),
    Platform,
    Proto,
    Testkit,
    Bench,
}

fn room(path: &str) -> Option<Room> {
    match path.split('/').collect::<Vec<_>>()[..] {
        ["app", _] => Some(Room::App),
        ["contexts", name, _] => Some(Room::Context(name.to_owned())),
        ["contexts", name, "generated", _] => Some(Room::Generated(name.to_owned())),
        ["platform", _] => Some(Room::Platform),
        ["proto", _] => Some(Room::Proto),
        ["testkit", _] => Some(Room::Testkit),
        ["bench", _] => Some(Room::Bench),
        _ => None,
    }
}

/// Whether a crate of room `from` may depend on one of room `to`; `dev` for `[dev-dependencies]`.
fn allowed(from: &Room, to: &Room, dev: bool) -> bool {
    match (from, to) {
        (Room::Bench, Room::Bench) | (Room::Platform, Room::Platform) => false,
        (Room::Bench, _) => true,
        (_, Room::Testkit) => dev && *from != Room::Testkit,
        (_, Room::Bench) => false,
        (Room::Context(name), Room::Generated(other)) => name == other,
        (Room::App, Room::Context(_) | Room::Platform | Room::Proto)
        | (Room::Context(_) | Room::Testkit, Room::Platform | Room::Proto) => true,
        _ => false,
    }
}

pub fn check(tree: &Tree) -> Vec<Breach> {
    let manifests: Vec<(&str, &str, Room)> = tree
        .files
        .iter()
        .filter(|file| file.path.ends_with("/Cargo.toml"))
        .filter_map(|file| Some((file.path.as_str(), file.text.as_str(), room(&file.path)?)))
        .collect();
    let mut breaches = Vec::new();
    let mut tables = Vec::new();
    for (path, text, room) in &manifests {
        match text.parse::<toml::Table>() {
            Ok(table) => tables.push((*path, *text, room, table)),
            Err(error) => breaches.push(Breach::new(path, 1, format!("not TOML: {error}"))),
        }
    }
    let name = |table: &toml::Table| table.get("package")?.get("name")?.as_str().map(str::to_owned);
    let names: BTreeMap<String, Room> =
        tables.iter().filter_map(|(_, _, room, table)| Some((name(table)?, (*room).clone()))).collect();
    for (path, text, room, table) in &tables {
        for (dependency, dev, workspace) in dependencies(table) {
            let line = 1 + text.lines().position(|line| line.trim_start().starts_with(&dependency)).unwrap_or(0);
            if names.get(&dependency).is_some_and(|to| !allowed(room, to, dev)) {
                let to = &names[&dependency];
                breaches.push(Breach::new(path, line, format!("{room:?} may not depend on {to:?} ({dependency}): declare a trait where it is used and wire it in app, or move what both need to platform")));
            }
            if !workspace && !matches!(room, Room::Generated(_)) {
                breaches.push(Breach::new(
                    path,
                    line,
                    format!("{dependency} is not `workspace = true`: list it once in the root Cargo.toml"),
                ));
            }
        }
    }
    breaches
}

/// Name, whether only for tests, whether inherited from the workspace.
fn dependencies(table: &toml::Table) -> Vec<(String, bool, bool)> {
    let mut found = Vec::new();
    for (section, value) in table {
        let Some(inner) = value.as_table() else { continue };
        match section.as_str() {
            "dependencies" | "build-dependencies" | "dev-dependencies" => {
                found.extend(inner.iter().map(|(name, value)| {
                    let real = value.get("package").and_then(toml::Value::as_str).unwrap_or(name);
                    let inherited = value.get("workspace").and_then(toml::Value::as_bool).unwrap_or(false);
                    (real.to_owned(), section == "dev-dependencies", inherited)
                }));
            }
            "target" => found.extend(inner.values().filter_map(toml::Value::as_table).flat_map(dependencies)),
            _ => {}
        }
    }
    found
}

#[test]
fn breaches_are_found() {
    let tree = Tree::of(&[
        (
            "contexts/a/Cargo.toml",
            "[package]\nname = \"a\"\n[dependencies]\nb.workspace = true\ntestkit.workspace = true\nserde = \"1\"\n[dev-dependencies]\ntestkit.workspace = true",
        ),
        ("contexts/b/Cargo.toml", "[package]\nname = \"b\"\n[target.'cfg(unix)'.dependencies]\nbgc.workspace = true"),
        ("testkit/Cargo.toml", "[package]\nname = \"testkit\"\n[dependencies]\nplatform.workspace = true"),
        ("platform/Cargo.toml", "[package]\nname = \"platform\"\n[dependencies]\na = { workspace = true }"),
        ("app/Cargo.toml", "[package]\nname = \"bgc\"\n[dependencies]\na.workspace = true\nplatform.workspace = true"),
        (
            "bench/Cargo.toml",
            "[package]\nname = \"bench\"\n[dependencies]\na.workspace = true\ntestkit.workspace = true",
        ),
    ]);
    let places: Vec<(String, usize)> = check(&tree).into_iter().map(|breach| (breach.file, breach.line)).collect();
    let expected = [("contexts/a", 4), ("contexts/a", 6), ("contexts/a", 5), ("contexts/b", 4), ("platform", 4)];
    let mut expected: Vec<_> = expected.map(|(room, line)| (format!("{room}/Cargo.toml"), line)).to_vec();
    let mut places = places;
    expected.sort();
    places.sort();
    assert_eq!(places, expected);
}
