//! gRPC services: results as they come, what was acquired, proposals, what this server is.
//! Knows no SQL and no tensors.

mod acquisitions;
mod candidates;
mod convert;
mod convert_spectrum;
mod feed;
mod health;
mod info;
mod paging;
mod results;
mod settings;
mod similar;
mod status;
mod watch;

use std::future::Future;
use std::io;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio_stream::wrappers::TcpListenerStream;
use tonic::transport::Server;

use feed::Feed;
pub use info::{LibraryInfo, Limits, ModelInfo, ServerInfo};
use larmor_client::proto::acquisition_service_server::AcquisitionServiceServer;
use larmor_client::proto::candidate_service_server::CandidateServiceServer;
use larmor_client::proto::info_service_server::InfoServiceServer;
use larmor_client::proto::result_service_server::ResultServiceServer;
use larmor_elucidation::SpectrumEmbedders;
use larmor_store::Store;
pub use settings::ServiceSettings;

/// A silent connection is asked for a sign of life this often; without one it is closed.
const KEEPALIVE: Duration = Duration::from_secs(30);
/// How long calls may take to end once the server shuts down.
const DRAIN: Duration = Duration::from_secs(5);

/// Why the service ended.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// The address cannot be listened on.
    #[error("cannot listen on {address}; is another server there? (setting service.address)")]
    Listen {
        /// The address.
        address: String,
        /// Why not.
        #[source]
        cause: io::Error,
    },
    /// The transport failed.
    #[error("the gRPC service failed")]
    Transport(#[from] tonic::transport::Error),
    /// The protocol's descriptors could not be read.
    #[error("the gRPC service could not describe itself")]
    Reflection(#[from] tonic_reflection::server::Error),
}

/// Binds the address to be served on.
///
/// # Errors
/// [`ServiceError::Listen`] when it is taken or not ours.
pub async fn listen(address: &str) -> Result<TcpListener, ServiceError> {
    TcpListener::bind(address)
        .await
        .map_err(|cause| ServiceError::Listen { address: address.to_owned(), cause })
}

/// Serves until `shutdown` completes, then ends streams with a status that says so. `embedders`
/// are the networks that similar spectra are searched by.
///
/// # Errors
/// [`ServiceError`] when the transport fails.
pub async fn serve(
    store: Store,
    listener: TcpListener,
    info: ServerInfo,
    embedders: SpectrumEmbedders,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ServiceError> {
    let feed = Feed::start(store.clone());
    let (health, health_updates) = health::start(store.clone());
    let reflection = tonic_reflection::server::Builder::configure()
        .register_encoded_file_descriptor_set(larmor_client::DESCRIPTORS)
        .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
        .build_v1()?;
    let similar = similar::SimilarSpectra::new(store.clone(), embedders);
    let results = results::Results::new(store.clone(), feed.clone(), info.limits, similar);
    let streams = feed.clone();
    let (draining, drained) = tokio::sync::oneshot::channel();
    let router = Server::builder()
        .http2_keepalive_interval(Some(KEEPALIVE))
        .http2_keepalive_timeout(Some(KEEPALIVE))
        .tcp_nodelay(true)
        .add_service(health)
        .add_service(reflection)
        .add_service(ResultServiceServer::new(results))
        .add_service(AcquisitionServiceServer::new(acquisitions::Acquisitions::new(
            store.clone(),
            info.limits,
        )))
        .add_service(CandidateServiceServer::new(candidates::Candidates::new(store, info.limits)))
        .add_service(InfoServiceServer::new(info::Info::new(info)));
    let signal = async move {
        shutdown.await;
        health_updates.drain().await;
        feed.drain();
        // Nobody listens when the transport has failed already.
        let _ = draining.send(());
    };
    let server = router.serve_with_incoming_shutdown(TcpListenerStream::new(listener), signal);
    let ended = tokio::select! {
        ended = server => ended,
        // A client that takes nothing would hold the server up for ever.
        () = async { let _ = drained.await; tokio::time::sleep(DRAIN).await } => Ok(()),
    };
    streams.drain();
    Ok(ended?)
}
