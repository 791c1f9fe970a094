//! The page is read from `web/dist`: by a release build when it is compiled, by a debug binary when it is asked for.
//! The directory has to exist either way; it stays empty where nobody built the page.

use std::io::Write;

fn main() -> std::io::Result<()> {
    std::fs::create_dir_all("../web/dist")?;
    let released = std::env::var_os("PROFILE").is_some_and(|profile| profile == "release");
    let watched = if released { "../web/dist" } else { "build.rs" };
    writeln!(std::io::stdout(), "cargo::rerun-if-changed={watched}")
}
