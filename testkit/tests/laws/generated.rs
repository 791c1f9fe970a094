//! Every statement of a query file is in the generated code, as the generator writes it.

use crate::Breach;
use crate::sql::{Statement, statements};
use crate::tree::Tree;

pub fn check(tree: &Tree) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for file in tree.files.iter().filter(|file| file.extension() == "sql") {
        let [context, name] = match file.path.split('/').collect::<Vec<_>>()[..] {
            ["contexts", context, "queries", name] => [context, name],
            _ => continue,
        };
        let path = format!("contexts/{context}/generated/src/queries/{}.rs", name.trim_end_matches(".sql"));
        let Some(generated) = tree.text(&path) else {
            breaches.push(Breach::new(&file.path, 1, format!("{path} does not exist: run `make sqlgen`")));
            continue;
        };
        let squeezed = squeeze(&unescape(generated));
        let statements = statements(&file.text);
        for Statement { line, name, text } in &statements {
            if !squeezed.contains(&format!("\"{}\"", squeeze(&numbered(text)))) {
                breaches.push(Breach::new(&file.path, *line, format!("{name} differs from {path}: run `make sqlgen`")));
            }
        }
        let count = generated.matches("Stmt(&'static str").count();
        if count != statements.len() {
            let what = format!("{} statements here, {count} in {path}: run `make sqlgen`", statements.len());
            breaches.push(Breach::new(&file.path, 1, what));
        }
    }
    breaches
}

/// Without white space: the generator joins lines, and the formatter may break them again.
fn squeeze(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

fn unescape(source: &str) -> String {
    source
        .replace("\\\\", "\u{1}")
        .replace("\\\"", "\"")
        .replace("\\n", "\n")
        .replace("\\t", "\t")
        .replace('\u{1}', "\\")
}

/// `:name` as `$1`, by first appearance; not inside quotes, and not `::type`.
fn numbered(sql: &str) -> String {
    let mut names: Vec<String> = Vec::new();
    let mut out = String::new();
    let mut quoted = false;
    let mut rest = sql;
    while let Some(c) = rest.chars().next() {
        quoted ^= c == '\'';
        let name: String = rest[c.len_utf8()..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        let starts = name.starts_with(|c: char| c.is_alphabetic() || c == '_');
        if c == ':' && !quoted && !out.ends_with(':') && starts {
            let at = names.iter().position(|known| *known == name).unwrap_or_else(|| {
                names.push(name.clone());
                names.len() - 1
            });
            out.push_str(&format!("${}", at + 1));
            rest = &rest[1 + name.len()..];
        } else {
            out.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    out
}

#[test]
fn parameters_are_numbered_by_first_appearance() {
    assert_eq!(
        numbered("a = :x AND b = ':y' AND c = :z::int OR d = :x"),
        "a = $1 AND b = ':y' AND c = $2::int OR d = $1"
    );
}

#[test]
fn stale_code_is_found() {
    let sql = "--! one : (b?)\n-- why\nSELECT a, \"b\" -- c\nFROM stg.t WHERE a = :a;\n\n--! two\nSELECT 2;\n";
    let fresh = "pub struct OneStmt(&'static str, O);\nOneStmt(\n \"SELECT a, \\\"b\\\" FROM stg.t WHERE a = $1\",\n None)\npub struct TwoStmt(&'static str, O); TwoStmt(\"SELECT 2\", None)";
    let check = |generated: &str| {
        check(&Tree::of(&[("contexts/a/queries/q.sql", sql), ("contexts/a/generated/src/queries/q.rs", generated)]))
    };
    assert_eq!(check(fresh), []);
    assert_eq!(check(&fresh.replace("a = $1", "a < $1")).iter().map(|breach| breach.line).collect::<Vec<_>>(), [3]);
    assert_eq!(check(&format!("{fresh} pub struct OldStmt(&'static str, O);")).len(), 1);
    assert_eq!(super::generated::check(&Tree::of(&[("contexts/a/queries/q.sql", sql)])).len(), 1);
}
