//! `WatchResults`: streams of events.

mod conditions;
mod filter;
mod outlet;
mod stream;

use std::future::{Ready, ready};
use std::sync::Arc;

use axum::extract::Request as HttpRequest;
use axum::routing::{MethodRouter, post};
use prost::bytes::Bytes;
use tokio::sync::Semaphore;
use tokio_stream::wrappers::ReceiverStream;
use tokio_util::sync::CancellationToken;
use tonic::server::{Grpc, ServerStreamingService};
use tonic::{Code, Request, Response, Status};

use super::gate::denied;
use super::info::ServerInfo;
use super::principal::{Principal, principal};
use super::shares::{Refusal, Share, Shares};
use super::status;
use super::tail::Tail;
use super::wire::EncodedAnswers;
use crate::access::{Access, Caller, Denial, Grant};
use larmor_client::EndReason;
use larmor_client::proto::WatchResultsRequest;
use larmor_store::{EventFilter, Store};
pub(super) use outlet::Item;
pub(super) use stream::Start;
use stream::{READERS, Sources};

/// Where the call is made.
pub(super) const PATH: &str = "/larmor.v1.ResultService/WatchResults";

/// The streams of a server. Cloning shares them.
#[derive(Debug, Clone)]
pub(super) struct Streams {
    sources: Sources,
    shares: Arc<Shares>,
    access: Access,
}

impl Streams {
    pub(super) fn new(
        store: Store,
        tail: Tail,
        info: &ServerInfo,
        draining: CancellationToken,
        shares: Arc<Shares>,
        access: Access,
    ) -> Self {
        let (limits, conditions) = (info.limits, info.conditions.clone());
        let readers = Arc::new(Semaphore::new(READERS));
        let sources = Sources { store, tail, limits, conditions, draining, readers };
        Self { sources, shares, access }
    }

    /// The route of the call. The one of the generated service would encode every message anew for
    /// every stream.
    pub(super) fn route(self) -> MethodRouter {
        post(move |request: HttpRequest| {
            let call = self.clone();
            let most = call.sources.limits.request_bytes;
            async move {
                let grpc = Grpc::new(EncodedAnswers);
                let mut grpc = grpc.apply_max_message_size_config(Some(most), None);
                grpc.server_streaming(call, request).await
            }
        })
    }

    fn watch(
        &self,
        request: Request<WatchResultsRequest>,
    ) -> Result<Response<ReceiverStream<Item>>, Status> {
        let (client, grant) = (principal(&request), self.grant(&request)?);
        let caller = request.extensions().get::<Caller>();
        let watched = caller.and_then(|caller| caller.entry(String::new(), String::new(), false));
        let request = request.into_inner();
        let start = match (request.from_newest, request.cursor) {
            (true, 0) => Start::Newest,
            (true, _) => {
                return Err(status::invalid_request("give a cursor or from_newest, not both"));
            }
            (false, cursor) => Start::After(cursor),
        };
        let conditions = request.conditions;
        let filter = filter::of(request)?;
        let share = self.share(client)?;
        self.access.audit().note(watched);
        self.open(start, filter, grant, share, conditions).map(Response::new)
    }

    /// A place for one more stream of a client.
    pub(super) fn share(&self, client: Principal) -> Result<Share, Status> {
        self.shares.take(client).map_err(refused)
    }

    /// What whoever makes a call was let in by.
    pub(super) fn grant<T>(&self, request: &Request<T>) -> Result<Grant, Status> {
        let caller = request.extensions().get::<Caller>();
        let caller = caller.ok_or_else(|| denied(Denial::NoCredential))?;
        Ok(self.access.grant(caller))
    }

    /// Opens a stream; it tells `conditions`, too, where these are wanted.
    pub(super) fn open(
        &self,
        start: Start,
        filter: EventFilter,
        grant: Grant,
        share: Share,
        conditions: bool,
    ) -> Result<ReceiverStream<Item>, Status> {
        self.sources.open(start, filter, grant, share, conditions)
    }

    /// Returns once the server shuts down.
    pub(super) async fn draining(&self) {
        self.sources.draining.cancelled().await;
    }
}

impl ServerStreamingService<WatchResultsRequest> for Streams {
    type Response = Bytes;
    type ResponseStream = ReceiverStream<Item>;
    type Future = Ready<Result<Response<Self::ResponseStream>, Status>>;

    fn call(&mut self, request: Request<WatchResultsRequest>) -> Self::Future {
        ready(self.watch(request))
    }
}

/// What a client is told for whom there is no stream.
fn refused(refusal: Refusal) -> Status {
    let (said, reason, most) = match refusal {
        Refusal::Full(most) => (
            format!("{most} streams are open, at most that many may be; try again later"),
            EndReason::TooManyStreams,
            most,
        ),
        Refusal::OverShare(most) => (
            format!(
                "{most} streams of yours are open, at most that many may be: end some, or \
                 follow more with one stream (setting service.max_streams_per_client)"
            ),
            EndReason::TooManyStreamsOfClient,
            most,
        ),
    };
    status::ended(Code::ResourceExhausted, said, reason, [("limit", most.to_string())])
}
