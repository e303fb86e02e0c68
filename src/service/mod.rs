//! gRPC services. Knows no SQL and no tensors.

use std::future::Future;

use tokio::net::TcpListener;

use crate::store::Store;

/// What this server tells of itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ServerInfo {
    /// Networks in use: name and SHA-256 of the weights, hex.
    pub models: Vec<(String, String)>,
    /// Devices the networks run on, such as `cpu` or `cuda:0`.
    pub devices: Vec<String>,
}

/// Why the service ended.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// The transport failed.
    #[error("the gRPC service failed")]
    Transport(#[from] tonic::transport::Error),
}

/// Serves until `shutdown` completes, then tells streams so and ends.
///
/// # Errors
/// [`ServiceError`] when the transport fails.
pub async fn serve(
    store: Store,
    listener: TcpListener,
    info: ServerInfo,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ServiceError> {
    let _ = (store, listener, info);
    shutdown.await;
    Ok(())
}
