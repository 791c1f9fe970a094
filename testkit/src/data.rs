//! The real data that some tests read when it is there.

use std::path::PathBuf;

/// The directory of the real ComexStat files, `../shared/data/comexstat` from the project's root, or
/// `None` where it is not there: the caller then returns, and the skip is printed.
#[must_use]
#[expect(clippy::print_stderr, reason = "a skipped test says so in its output")]
pub fn shared_data() -> Option<PathBuf> {
    let dir = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data/comexstat"));
    if dir.is_dir() {
        return Some(dir);
    }
    eprintln!("skipped: no real data at ../shared/data/comexstat beside the project");
    None
}
