//! gRPC services: results as they come, what was acquired, proposals, what this server is.
//! Knows no SQL and no tensors.

mod acquisitions;
mod backfill;
mod candidates;
mod convert;
mod convert_sample;
mod convert_spectrum;
mod draw;
mod filters;
mod gate;
mod health;
mod info;
mod paging;
mod principal;
mod report;
mod reported_structure;
mod results;
mod sample_changes;
mod samples;
mod search;
mod settings;
mod share;
mod shares;
mod similar;
mod status;
mod submission;
mod tail;
mod tls;
mod traces;
mod view;
mod watch;
mod wire;

use std::future::Future;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use axum::middleware::from_fn_with_state;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tonic::service::Routes;
use tonic::transport::Server;
use tonic_web::GrpcWebLayer;

use crate::access::Access;
pub(crate) use gate::{COOKIE, shown};
pub use info::{LibraryInfo, Limits, ModelInfo, ServerInfo};
use larmor_client::proto::acquisition_service_server::AcquisitionServiceServer;
use larmor_client::proto::candidate_service_server::CandidateServiceServer;
use larmor_client::proto::info_service_server::InfoServiceServer;
use larmor_client::proto::result_service_server::ResultServiceServer;
use larmor_client::proto::sample_service_server::SampleServiceServer;
use larmor_elucidation::SpectrumEmbedders;
use larmor_store::Store;
pub use settings::{ServiceSettings, TlsSettings};
use shares::Shares;
use submission::Submissions;
use tail::Tail;
pub use tls::{Certificates, TlsError};
use view::Views;
use watch::Streams;

/// A silent connection is asked for a sign of life this often; without one it is closed.
const KEEPALIVE: Duration = Duration::from_secs(30);
/// Calls beside its streams that a client may make at the same time on one connection.
const OTHER_CALLS: usize = 100;
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

/// Where calls come in, and who is let in.
#[derive(Debug)]
pub struct Doors {
    /// Where it is listened.
    pub listener: TcpListener,
    /// The certificates shown there; without them nothing is encrypted.
    pub certificates: Option<Certificates>,
    /// Who may do what.
    pub access: Access,
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

/// Serves gRPC, and gRPC-Web for browsers, until `shutdown` completes, then ends streams with a status
/// that says so. `embedders` are the networks that similar spectra are searched by; what is submitted
/// is kept below the directory `submitted`; `beside` answers on the same port what is no known call.
///
/// # Errors
/// [`ServiceError`] when the transport fails.
pub async fn serve(
    store: Store,
    doors: Doors,
    info: ServerInfo,
    embedders: SpectrumEmbedders,
    submitted: PathBuf,
    beside: axum::Router,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ServiceError> {
    let Doors { listener, certificates, access } = doors;
    let drain = CancellationToken::new();
    let tail = Tail::start(store.clone(), drain.clone());
    let limits = info.limits;
    let shares = Shares::new(limits.streams, limits.streams_per_client);
    let streams = Streams::new(store.clone(), tail, &info, drain.clone(), shares, access.clone());
    let (health, health_updates) = health::start(store.clone(), info.conditions.clone());
    let reflection = tonic_reflection::server::Builder::configure()
        .register_encoded_file_descriptor_set(larmor_client::DESCRIPTORS)
        .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
        .build_v1()?;
    let similar = similar::SimilarSpectra::new(embedders);
    let views = Views::new(store.clone(), access.clone());
    let results = results::Results::new(views.clone(), limits, similar);
    let (draining, drained) = tokio::sync::oneshot::channel();
    let most = limits.request_bytes;
    let submissions = Submissions::new(store, streams.clone(), submitted, limits);
    let acquisitions =
        acquisitions::Acquisitions::new(views.clone(), limits, submissions, info.backfill_since);
    let samples = samples::Samples::new(views.clone(), limits);
    let candidates = candidates::Candidates::new(views, limits);
    let calls = Routes::new(health)
        .add_service(reflection)
        .add_service(ResultServiceServer::new(results).max_decoding_message_size(most))
        .add_service(AcquisitionServiceServer::new(acquisitions).max_decoding_message_size(most))
        .add_service(SampleServiceServer::new(samples).max_decoding_message_size(most))
        .add_service(CandidateServiceServer::new(candidates).max_decoding_message_size(most))
        .add_service(InfoServiceServer::new(info::Info::new(info)))
        .into_axum_router()
        .route(watch::PATH, streams.route())
        .layer(from_fn_with_state(access, gate::gate))
        .layer(GrpcWebLayer::new());
    let router = Server::builder()
        // Browsers come without HTTP/2 where there is no TLS.
        .accept_http1(true)
        .http2_keepalive_interval(Some(KEEPALIVE))
        .http2_keepalive_timeout(Some(KEEPALIVE))
        .tcp_nodelay(true)
        .max_concurrent_streams(u32::try_from(limits.streams_per_client + OTHER_CALLS).ok())
        .add_routes(Routes::from(calls.fallback_service(beside)));
    let draining_calls = drain.clone();
    let signal = async move {
        shutdown.await;
        health_updates.drain().await;
        draining_calls.cancel();
        // Nobody listens when the transport has failed already.
        let _ = draining.send(());
    };
    let connections = tls::connections(listener, certificates, drain.clone());
    let server = router.serve_with_incoming_shutdown(connections, signal);
    let ended = tokio::select! {
        ended = server => ended,
        // A client that takes nothing would hold the server up for ever.
        () = async { let _ = drained.await; tokio::time::sleep(DRAIN).await } => Ok(()),
    };
    drain.cancel();
    Ok(ended?)
}
