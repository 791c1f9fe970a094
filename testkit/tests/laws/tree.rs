//! The files of the repository, and Rust source without what is not code.

use std::path::{Path, PathBuf};

/// A text file of the repository.
pub struct File {
    /// Path from the root, with `/`.
    pub path: String,
    /// Content.
    pub text: String,
}

impl File {
    pub fn extension(&self) -> &str {
        self.path.rsplit('/').next().and_then(|name| name.rsplit_once('.')).map_or("", |(_, extension)| extension)
    }

    pub fn is_generated(&self) -> bool {
        self.path.split('/').any(|part| part == "generated")
    }

    /// Whether the whole file is test code.
    pub fn is_test(&self) -> bool {
        let test = |part: &str| part == "tests" || part == "tests.rs" || part.ends_with("_tests.rs");
        self.path.split('/').any(test) || self.path.starts_with("testkit/")
    }
}

/// Files, sorted by path.
pub struct Tree {
    pub files: Vec<File>,
}

const SKIPPED: [&str; 4] = ["target", "node_modules", "dist", "__pycache__"];
const DOT_DIRECTORIES: [&str; 2] = [".ci", ".github"];
const TEXT: [&str; 19] = [
    "rs",
    "sql",
    "toml",
    "md",
    "sh",
    "yml",
    "yaml",
    "csv",
    "json",
    "ts",
    "tsx",
    "css",
    "html",
    "txt",
    "proto",
    "gitignore",
    "editorconfig",
    "gitattributes",
    "",
];

impl Tree {
    /// Everything under the workspace root but build output, dot directories and binary files.
    pub fn of_workspace() -> Self {
        let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
        let mut files = Vec::new();
        let walked = walk(&root, "", &mut files);
        assert!(walked.is_ok(), "{} cannot be read: {walked:?}", root.display());
        assert!(files.len() > 20, "the laws see only {} files: is {} the workspace?", files.len(), root.display());
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Self { files }
    }

    #[cfg(test)]
    pub fn of(files: &[(&str, &str)]) -> Self {
        let file = |(path, text): &(&str, &str)| File { path: (*path).to_owned(), text: (*text).to_owned() };
        Self { files: files.iter().map(file).collect() }
    }

    pub fn text(&self, path: &str) -> Option<&str> {
        self.files.iter().find(|file| file.path == path).map(|file| file.text.as_str())
    }
}

fn walk(directory: &Path, prefix: &str, files: &mut Vec<File>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(directory)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let (path, kind) = (format!("{prefix}{name}"), entry.file_type()?);
        if kind.is_dir() {
            let dotted = name.starts_with('.') && !DOT_DIRECTORIES.contains(&name.as_str());
            if !dotted && !SKIPPED.contains(&name.as_str()) {
                walk(&entry.path(), &format!("{path}/"), files)?;
            }
        } else if kind.is_file() {
            let file = File { path, text: String::new() };
            if TEXT.contains(&file.extension()) && file.path != ".git" {
                let text = std::fs::read_to_string(entry.path());
                files.extend(text.ok().map(|text| File { text, ..file }));
            }
        }
    }
    Ok(())
}

/// Rust source with comments, string contents and test modules blanked, line numbers kept.
pub fn code_of(source: &str) -> String {
    let text = blank_literals(source);
    let Some(at) = text.find("#[cfg(test)]\nmod ") else { return text };
    // Test modules stand last in a file here, so what follows is test code.
    let blank = text[at..].chars().map(|c| if c == '\n' { c } else { ' ' });
    text[..at].chars().chain(blank).collect()
}

fn blank_literals(source: &str) -> String {
    let bytes = source.as_bytes();
    let mut out = bytes.to_vec();
    let mut at = 0;
    while at < bytes.len() {
        let rest = &source.as_bytes()[at..];
        let length = if rest.starts_with(b"//") {
            rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len())
        } else if rest.starts_with(b"/*") {
            find(rest, b"*/", 2)
        } else if rest.starts_with(b"r#\"") {
            find(rest, b"\"#", 3)
        } else if rest.starts_with(b"r\"") {
            find(rest, b"\"", 2)
        } else if rest[0] == b'"' {
            quoted(rest)
        } else if rest.starts_with(b"'\"'") || rest.starts_with(b"'\\\"'") {
            find(rest, b"'", 1)
        } else {
            at += 1;
            continue;
        };
        out[at..at + length].iter_mut().filter(|byte| **byte != b'\n').for_each(|byte| *byte = b' ');
        at += length;
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn find(rest: &[u8], end: &[u8], from: usize) -> usize {
    let found = rest[from..].windows(end.len()).position(|window| window == end);
    found.map_or(rest.len(), |at| from + at + end.len())
}

fn quoted(rest: &[u8]) -> usize {
    let mut at = 1;
    while at < rest.len() && rest[at] != b'"' {
        at += if rest[at] == b'\\' { 2 } else { 1 };
    }
    (at + 1).min(rest.len())
}

#[test]
fn literals_and_tests_are_blanked() {
    let source = "use a; // b\nlet c = \"d \\\" e\"; let q = '\"'; f();\n#[cfg(test)]\nmod tests { g(); }\n";
    let code = code_of(source);
    assert_eq!(code.lines().count(), 4);
    assert!(code.contains("use a;") && code.contains("f();"));
    assert!(!["b", "d", "e\"", "g()"].iter().any(|gone| code.contains(gone)), "{code}");
}

#[test]
fn extensions_and_rooms() {
    let tree = Tree::of(&[("contexts/a/generated/src/lib.rs", ""), ("Makefile", ""), (".gitignore", "")]);
    assert!(tree.files[0].is_generated());
    assert_eq!(tree.files.iter().map(File::extension).collect::<Vec<_>>(), ["rs", "", "gitignore"]);
}
