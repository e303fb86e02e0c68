//! The `larmor.v1` protocol and a client that keeps its cursor.

/// The protocol, as `proto/larmor/v1` defines it.
#[allow(missing_docs, unused_qualifications, clippy::all, clippy::pedantic)]
pub mod proto {
    tonic::include_proto!("larmor.v1");
}

/// The protocol's descriptors: a serialised `google.protobuf.FileDescriptorSet`.
pub const DESCRIPTORS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/larmor_descriptor.bin"));
