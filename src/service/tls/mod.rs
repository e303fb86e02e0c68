//! Connections as they come in, encrypted where there are certificates.

mod certificates;
mod connection;
mod incoming;

pub use certificates::{Certificates, TlsError};
pub(super) use incoming::connections;
