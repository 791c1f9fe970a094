//! stub
use std::ops::Range;
use std::path::Path;
pub fn seed(_: &Path, _: &str, _: &str, _: Range<u64>, _: u64) -> anyhow::Result<()> {
    Ok(())
}
