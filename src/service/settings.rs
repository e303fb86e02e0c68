//! Where the service is reached, and how much it takes.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::duration;

/// `[service]`: where it is reached, and how much it takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ServiceSettings {
    /// Address and port gRPC listens on.
    pub address: SocketAddr,
    /// Serves whoever reaches an address that other machines reach, and asks nobody who he is.
    pub unprotected: bool,
    /// Takes credentials at such an address without TLS.
    pub plaintext: bool,
    /// Most streams open at once.
    pub max_streams: usize,
    /// Most streams open at once of one client.
    pub max_streams_per_client: usize,
    /// A stream whose client takes nothing for longer is ended, and a submission that sends nothing.
    #[serde(with = "duration")]
    pub slow_consumer: Duration,
    /// An idle stream carries a bookmark this often.
    #[serde(with = "duration")]
    pub bookmark_interval: Duration,
    /// Largest message to the server, MiB.
    pub max_request_mib: usize,
    /// Largest dataset that may be submitted, MiB.
    pub max_submission_mib: u64,
}

impl Default for ServiceSettings {
    fn default() -> Self {
        Self {
            address: SocketAddr::from(([127, 0, 0, 1], 50151)),
            unprotected: false,
            plaintext: false,
            max_streams: 4096,
            max_streams_per_client: 256,
            slow_consumer: Duration::from_secs(30),
            bookmark_interval: Duration::from_secs(15),
            max_request_mib: 4,
            max_submission_mib: 256,
        }
    }
}

/// `[tls]`: what the service shows to prove that it is itself, as PEM files. They are read again when
/// they change.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TlsSettings {
    /// The certificate, with those that lead from it to one that clients trust.
    pub certificate: Option<PathBuf>,
    /// Its private key.
    pub key: Option<PathBuf>,
}
