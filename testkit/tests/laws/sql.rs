//! Law 3: the SQL of a context names its own schemas only; and every write says what it wrote.

use std::collections::BTreeMap;

use crate::Breach;
use crate::tree::{Tree, code_of};

/// One statement of a query file.
pub struct Statement {
    /// Line of its first word.
    pub line: usize,
    /// The name that `--!` gives it.
    pub name: String,
    /// Text without line comments and without the final semicolon.
    pub text: String,
}

/// The statements of a query file: each starts after a line `--! name`.
pub fn statements(sql: &str) -> Vec<Statement> {
    let mut found: Vec<Statement> = Vec::new();
    for (at, line) in sql.lines().enumerate() {
        if let Some(header) = line.strip_prefix("--!") {
            let name = header.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            found.push(Statement { line: 0, name, text: String::new() });
        } else if let Some(statement) = found.last_mut() {
            let code = without_comment(line);
            if !code.trim().is_empty() {
                statement.line = if statement.line == 0 { at + 1 } else { statement.line };
                statement.text.push_str(code);
                statement.text.push('\n');
            }
        }
    }
    for statement in &mut found {
        statement.text = statement.text.trim().trim_end_matches(';').trim_end().to_owned();
    }
    found
}

/// The line up to `--`, unless that is inside quotes.
fn without_comment(line: &str) -> &str {
    let mut quoted = false;
    for (at, byte) in line.bytes().enumerate() {
        quoted ^= byte == b'\'';
        if !quoted && line[at..].starts_with("--") {
            return &line[..at];
        }
        if !line.is_char_boundary(at + 1) {
            return line;
        }
    }
    line
}

/// A word, a dotted name, or a bracket, lower case, with its line.
fn tokens(sql: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (at, line) in sql.lines().enumerate() {
        let mut word = String::new();
        let mut quoted = false;
        for c in without_comment(line).chars().chain([' ']) {
            if c == '\'' {
                quoted = !quoted;
            } else if !quoted && (c.is_alphanumeric() || c == '_' || c == '.' || c == '"') {
                if c != '"' {
                    word.extend(c.to_lowercase());
                }
                continue;
            }
            if !word.is_empty() {
                found.push((at + 1, std::mem::take(&mut word)));
            }
            if !quoted && (c == '(' || c == ')') {
                found.push((at + 1, c.to_string()));
            }
        }
    }
    found
}

/// Words after which a relation, a function or a schema is named.
const NAMING: [&str; 14] = [
    "from",
    "join",
    "into",
    "update",
    "table",
    "only",
    "exists",
    "view",
    "references",
    "call",
    "function",
    "procedure",
    "sequence",
    "truncate",
];
/// Functions whose arguments use `FROM`.
const FROM_INSIDE: [&str; 5] = ["extract", "substring", "trim", "overlay", "position"];
const SYSTEM: [&str; 2] = ["pg_catalog", "information_schema"];

pub fn schemas(tree: &Tree) -> Vec<Breach> {
    let mut own: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for file in &tree.files {
        if let ["contexts", context, "src", "lib.rs"] = file.path.split('/').collect::<Vec<_>>()[..] {
            own.insert(context, declared(&file.text));
        }
    }
    let mut breaches = Vec::new();
    for file in tree.files.iter().filter(|file| file.extension() == "sql") {
        let (context, room) = match file.path.split('/').collect::<Vec<_>>()[..] {
            ["contexts", context, room @ ("queries" | "migrations"), ..] => (context, room),
            _ => continue,
        };
        let Some(names) = own.get(context).filter(|names| !names.is_empty()) else {
            let what = format!(
                "contexts/{context}/src/lib.rs must list its schemas: `pub const SCHEMAS: &[&str] = &[\"…\"];`"
            );
            breaches.push(Breach::new(&file.path, 1, what));
            continue;
        };
        let foreign: Vec<&String> =
            own.iter().filter(|(other, _)| **other != context).flat_map(|(_, names)| names).collect();
        for (line, name) in named(&file.text, &foreign) {
            if !names.contains(&name) && !SYSTEM.contains(&name.as_str()) {
                let what = format!(
                    "{room} of {context} names schema {name}, which is not in its SCHEMAS: ask its owner's context through a trait, or add it to SCHEMAS"
                );
                breaches.push(Breach::new(&file.path, line, what));
            }
        }
    }
    breaches
}

/// The strings of `pub const SCHEMAS: &[&str] = &[…];`
fn declared(source: &str) -> Vec<String> {
    let Some(at) = code_of(source).find("const SCHEMAS") else { return Vec::new() };
    let Some(list) = source[at..].split_once('=').and_then(|(_, rest)| rest.split_once(';')) else { return Vec::new() };
    list.0.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

/// Schemas named in `sql`: the first part of a dotted name where a relation is expected, and anywhere
/// if it is one of `foreign`.
fn named(sql: &str, foreign: &[&String]) -> Vec<(usize, String)> {
    let tokens = tokens(sql);
    let mut found = Vec::new();
    let mut openers: Vec<&str> = Vec::new();
    for (at, (line, token)) in tokens.iter().enumerate() {
        let before = |back: usize| at.checked_sub(back).map_or("", |place| tokens[place].1.as_str());
        match token.as_str() {
            "(" => openers.push(before(1)),
            ")" => drop(openers.pop()),
            _ => {}
        }
        let Some((schema, _)) = token.split_once('.').filter(|(schema, _)| schema.starts_with(char::is_alphabetic))
        else {
            continue;
        };
        let inside = openers.last().is_some_and(|opener| FROM_INSIDE.contains(opener));
        let relation = NAMING.contains(&before(1)) && before(2) != "distinct" && !(before(1) == "from" && inside);
        if relation || foreign.iter().any(|name| *name == schema) {
            found.push((*line, schema.to_owned()));
        }
    }
    found
}

pub fn returning(tree: &Tree) -> Vec<Breach> {
    let mut breaches = Vec::new();
    let queries = tree.files.iter().filter(|file| file.extension() == "sql" && file.path.contains("/queries/"));
    for file in queries {
        for statement in statements(&file.text).iter().filter(|statement| is_silent_write(&statement.text)) {
            let what = format!(
                "{} writes without RETURNING: it would be prepared anew at every call, and nobody would know what it wrote",
                statement.name
            );
            breaches.push(Breach::new(&file.path, statement.line, what));
        }
    }
    breaches
}

/// Whether the main verb is a write and no `RETURNING` belongs to it. What stands in brackets is part of a `WITH`.
fn is_silent_write(sql: &str) -> bool {
    let mut depth = 0_i32;
    let mut main: Option<String> = None;
    for (_, token) in tokens(sql) {
        match token.as_str() {
            "(" => depth += 1,
            ")" => depth -= 1,
            "select" | "insert" | "update" | "delete" | "merge" | "values" if depth == 0 => {
                main.get_or_insert(token);
            }
            "returning" if depth == 0 => return false,
            _ => {}
        }
    }
    main.is_some_and(|verb| verb != "select" && verb != "values")
}

#[test]
fn statements_are_separated() {
    let found = statements("-- of the file\n--! a (x?) : A()\n--- doc\nSELECT '--' -- no\n  , :x;\n--! b\nSELECT 2\n");
    let parts: Vec<_> = found.iter().map(|s| (s.line, s.name.as_str(), s.text.as_str())).collect();
    assert_eq!(parts, [(4, "a", "SELECT '--' \n  , :x"), (7, "b", "SELECT 2")]);
}

#[test]
fn foreign_schemas_are_found() {
    let check = |sql: &str| {
        let lib = "/// Mine.\npub const SCHEMAS: &[&str] = &[\"stg\", \"rpt\"];";
        let other = "pub const SCHEMAS: &[&str] = &[\"dict\"];";
        let files =
            [("contexts/a/src/lib.rs", lib), ("contexts/b/src/lib.rs", other), ("contexts/a/queries/q.sql", sql)];
        schemas(&Tree::of(&files)).iter().map(|breach| breach.line).collect::<Vec<_>>()
    };
    assert_eq!(check("SELECT e.ano FROM stg.exportacao e\nJOIN rpt.x ON x.a = e.a;"), [0; 0]);
    assert_eq!(check("SELECT 1\nFROM billing.plan p;"), [2]);
    assert_eq!(check("SELECT extract(year FROM e.at) FROM stg.e e WHERE e.a IS DISTINCT FROM e.b;"), [0; 0]);
    assert_eq!(check("INSERT INTO stg.a\nSELECT dict.secret(1), 'FROM dict.x' -- FROM dict.y\n;"), [2]);
    assert_eq!(check("CREATE FUNCTION stg.f() AS $$ BEGIN\nUPDATE public.x SET a = 1; END $$;"), [2]);
    let missing = schemas(&Tree::of(&[("contexts/a/src/lib.rs", ""), ("contexts/a/migrations/1.sql", "SELECT 1;")]));
    assert_eq!(missing.len(), 1);
}

#[test]
fn silent_writes_are_found() {
    for sql in [
        "INSERT INTO a SELECT 1",
        "UPDATE a SET b = 1",
        "WITH x AS (SELECT 1) DELETE FROM a",
        "WITH x AS (DELETE FROM b RETURNING 1) INSERT INTO a SELECT * FROM x",
    ] {
        assert!(is_silent_write(sql), "{sql}");
    }
    for sql in [
        "DELETE FROM a RETURNING b",
        "SELECT 1 FOR UPDATE",
        "WITH x AS (DELETE FROM a RETURNING b) SELECT count(*) FROM x",
        "INSERT INTO a VALUES (1) ON CONFLICT DO UPDATE SET b = 1 RETURNING b",
    ] {
        assert!(!is_silent_write(sql), "{sql}");
    }
}
