//! The `larmor.v1` protocol in Rust, and a client that keeps its place in the results.
//!
//! [`Server`] says how a server is reached and what it is shown, and the clients in [`proto`] make its
//! calls over its [`Connection`]; [`ResultStream`]
//! follows results as they come, resuming at its cursor after any interruption; [`submit_fid`] sends
//! a dataset and tells what becomes of it; [`json`] shows
//! messages as `larmor results --json` does. Errors are typed: see [`ClientError`].
//!
//! ```no_run
//! use larmor_client::proto::ListResultsRequest;
//! use larmor_client::proto::result_service_client::ResultServiceClient;
//! use larmor_client::{ClientError, connect};
//!
//! # async fn list() -> Result<(), ClientError> {
//! let mut client = ResultServiceClient::new(connect("127.0.0.1:50151").await?);
//! for result in client.list_results(ListResultsRequest::default()).await?.into_inner().results {
//!     println!("{} {}: {}", result.sample, result.verdict(), result.best_smiles);
//! }
//! # Ok(())
//! # }
//! ```

mod connection;
mod end_reason;
mod error;
mod follow;
pub mod json;
mod submit;
mod words;

pub use connection::{Connection, Server, ServerOptions, ShowToken, connect};
pub use end_reason::EndReason;
pub use error::ClientError;
pub use follow::{ResultStream, Update};
pub use submit::{FidSubmission, SubmissionAnswer, submit_fid};
pub use words::UnknownWord;

/// The protocol, as `proto/larmor/v1` defines it.
#[allow(missing_docs, unused_qualifications, clippy::all, clippy::pedantic)]
pub mod proto {
    tonic::include_proto!("larmor.v1");
}

/// The protocol's descriptors: a serialised `google.protobuf.FileDescriptorSet`.
pub const DESCRIPTORS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/larmor_descriptor.bin"));
