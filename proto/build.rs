//! Makes Rust of the contracts, without a protoc of the system.

use std::error::Error;
use std::path::PathBuf;

const FILES: [&str; 3] =
    ["dict/core/v1/core_dict.proto", "dict/core/v1/reconciliation.proto", "dict/connect/v1/connect.proto"];

fn main() -> Result<(), Box<dyn Error>> {
    for file in FILES {
        println!("cargo::rerun-if-changed={file}");
    }
    let described = protox::compile(FILES, ["."])?;
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    // The whole of it, comments included, for reflection.
    std::fs::write(out.join("descriptors.bin"), prost::Message::encode_to_vec(&described))?;
    // No Debug: messages carry personal data, which must not reach a log by way of a derive.
    tonic_prost_build::configure().skip_debug([".dict"]).compile_fds(described)?;
    Ok(())
}
