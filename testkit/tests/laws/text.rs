//! Law 8: files of at most 500 lines. And what nobody should have to say in a review.

use crate::Breach;
use crate::tree::{File, Tree, code_of};

const LINES_MAX: usize = 500;
const COUNTED: [&str; 9] = ["rs", "sql", "ts", "tsx", "sh", "css", "proto", "toml", "yml"];

pub fn length(tree: &Tree) -> Vec<Breach> {
    let counted = tree.files.iter().filter(|file| COUNTED.contains(&file.extension()) && !file.is_generated());
    let long = counted.filter(|file| file.text.lines().count() > LINES_MAX && !has_reason(&file.text));
    let what = |file: &File| {
        format!("{} lines: split it, or say why not in a line `// length: reason`", file.text.lines().count())
    };
    long.map(|file| Breach::new(&file.path, LINES_MAX + 1, what(file))).collect()
}

fn has_reason(text: &str) -> bool {
    let reason = |line: &str| ["// length: ", "-- length: ", "# length: "].iter().any(|mark| line.starts_with(mark));
    text.lines().any(|line| reason(line) && line.len() > 25)
}

/// Words that may not stand in the tree, and what to do. Put together here, so that this file has none of them.
fn words() -> Vec<(String, &'static str)> {
    let marks = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X:")];
    let places = [concat!("/wo", "rk/"), concat!("/tmp/", "wt"), concat!("/ro", "ot/")];
    let mark = |word: &&str| ((*word).to_owned(), "do it now, or open an issue");
    let place =
        |word: &&str| ((*word).to_owned(), "a path of one machine: take it from the environment or from the workspace");
    marks.iter().map(mark).chain(places.iter().map(place)).collect()
}

pub fn tidy(tree: &Tree) -> Vec<Breach> {
    let words = words();
    tree.files.iter().filter(|file| !file.is_generated()).flat_map(|file| untidy(file, &words)).collect()
}

fn untidy(file: &File, words: &[(String, &'static str)]) -> Vec<Breach> {
    let mut breaches = Vec::new();
    let mut add = |line: usize, what: String| breaches.push(Breach::new(&file.path, line, what));
    if !file.text.is_empty() && !file.text.ends_with('\n') {
        add(file.text.lines().count(), "end the file with a line feed".into());
    }
    for (at, line) in file.text.lines().enumerate() {
        if line.ends_with([' ', '\t', '\r']) {
            add(at + 1, "remove what is invisible at the end of the line".into());
        }
        if line.contains('\t') && ["rs", "sql", "toml", "md"].contains(&file.extension()) {
            add(at + 1, "replace tabs by spaces".into());
        }
        for (word, instead) in words.iter().filter(|(word, _)| line.contains(word)) {
            add(at + 1, format!("{word}: {instead}"));
        }
    }
    if file.extension() == "rs" {
        for (at, line) in code_of(&file.text).lines().enumerate() {
            if line.contains("#[allow") || line.contains("#![allow") {
                add(at + 1, "use #[expect(…, reason = \"…\")]: it says why, and when it is no longer needed".into());
            }
            if ["unimplemented!", "todo!", "dbg!"].iter().any(|name| line.contains(name)) {
                add(at + 1, "finish it".into());
            }
        }
    }
    breaches
}

#[test]
fn long_files_are_found() {
    let long = "a\n".repeat(501);
    let excused = format!("// length: a table that reads best in one piece\n{long}");
    let tree = Tree::of(&[
        ("a.rs", &long),
        ("b.rs", &excused),
        ("c.md", &long),
        ("contexts/a/generated/d.rs", &long),
        ("e.sql", "a\n"),
    ]);
    assert_eq!(length(&tree).iter().map(|breach| breach.file.as_str()).collect::<Vec<_>>(), ["a.rs"]);
}

#[test]
fn untidy_lines_are_found() {
    let lines =
        |path: &str, text: &str| tidy(&Tree::of(&[(path, text)])).iter().map(|breach| breach.line).collect::<Vec<_>>();
    assert_eq!(lines("a.rs", "a \nb\n\tc\n"), [1, 3]);
    assert_eq!(lines("Makefile", "a:\n\tb\n"), [0; 0]);
    assert_eq!(lines("a.md", "a"), [1]);
    assert_eq!(lines("a.md", concat!("a\nTO", "DO: b\nsee /wo", "rk/main\n")), [2, 3]);
    assert_eq!(lines("a.rs", "#[allow(dead_code)]\nfn a() {\n    todo!()\n}\n"), [1, 3]);
    assert_eq!(lines("a.rs", "// #[allow(x)] is not used here\n"), [0; 0]);
}
