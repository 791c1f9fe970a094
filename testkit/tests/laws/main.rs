//! The laws of the house (ARCHITECTURE.md), checked over the files of the repository.
//!
//! Each law returns its breaches with the place and what to do about it. The tests at the end of each
//! module show the checker what a breach looks like; the test below runs every law on the real tree.

mod dependencies;
mod generated;
mod purity;
mod settings;
mod sql;
mod text;
mod tree;

use std::fmt;

use tree::Tree;

/// One place where a law is broken.
#[derive(Debug, PartialEq, Eq)]
struct Breach {
    file: String,
    line: usize,
    what: String,
}

impl Breach {
    fn new(file: &str, line: usize, what: impl Into<String>) -> Self {
        Self { file: file.to_owned(), line, what: what.into() }
    }
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.what)
    }
}

fn assert_kept(law: &str, check: fn(&Tree) -> Vec<Breach>) {
    let breaches = check(&Tree::of_workspace());
    let list: String = breaches.iter().map(|breach| format!("  {breach}\n")).collect();
    assert!(breaches.is_empty(), "{law} is broken {} time(s):\n{list}", breaches.len());
}

#[test]
fn law_1_dependencies_point_down() {
    assert_kept("law 1 (app -> contexts -> platform)", dependencies::check);
}

#[test]
fn law_2_the_domain_is_pure() {
    assert_kept("law 2 (domain/ does no I/O)", purity::domain);
}

#[test]
fn law_3_sql_names_its_own_schemas() {
    assert_kept("law 3 (SQL stays in its context's schemas)", sql::schemas);
}

#[test]
fn law_3_writes_return_rows() {
    assert_kept("law 3 (writes have RETURNING)", sql::returning);
}

#[test]
fn law_3_generated_sql_is_current() {
    assert_kept("law 3 (generated functions match the query files)", generated::check);
}

#[test]
fn law_5_errors_come_from_one_table() {
    assert_kept("law 5 (statuses come from platform::problem)", purity::statuses);
}

#[test]
fn law_7_bans_and_lints_are_on() {
    assert_kept("laws 7 and 8 (clippy.toml and lints)", settings::check);
}

#[test]
fn law_8_files_are_short() {
    assert_kept("law 8 (no file above 500 lines)", text::length);
}

#[test]
fn the_tree_is_tidy() {
    assert_kept("tidiness", text::tidy);
}
