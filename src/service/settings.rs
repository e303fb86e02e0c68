//! Where the service is reached.

use std::net::SocketAddr;

use serde::{Deserialize, Serialize};

/// `[service]`: where it is reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ServiceSettings {
    /// Address and port gRPC listens on.
    pub address: SocketAddr,
}

impl Default for ServiceSettings {
    fn default() -> Self {
        Self { address: SocketAddr::from(([127, 0, 0, 1], 50151)) }
    }
}
