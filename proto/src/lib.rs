//! The gRPC contracts of `proto/`, and the Rust made from them.

#![expect(
    missing_docs,
    clippy::too_many_lines,
    clippy::allow_attributes,
    reason = "generated from the contracts, which carry the documentation"
)]

/// Everything the contracts declare, encoded as a `FileDescriptorSet`, for reflection.
pub const DESCRIPTORS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/descriptors.bin"));

// The modules follow the packages, as the generated code refers to them.
mod dict {
    pub mod core {
        pub mod v1 {
            tonic::include_proto!("dict.core.v1");
        }
    }
    pub mod connect {
        pub mod v1 {
            tonic::include_proto!("dict.connect.v1");
        }
    }
}

/// Connect: what the Core DICT calls to reach the directory.
pub use dict::connect::v1 as connect;
/// The Core DICT: what an institution's systems call.
pub use dict::core::v1 as core;
