//! A release binary carries the page: it is built again when the page was. A debug binary reads the page's files
//! when they are asked for, so nothing has to be built again.

use std::io::Write;

fn main() -> std::io::Result<()> {
    let watched = if std::env::var_os("PROFILE").is_some_and(|profile| profile == "release") {
        "../web/dist"
    } else {
        "build.rs"
    };
    writeln!(std::io::stdout(), "cargo::rerun-if-changed={watched}")
}
