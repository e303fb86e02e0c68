//! A server on a port of its own.

use std::time::Duration;

use larmor::access::Access;
use larmor::conditions::Conditions;
use larmor::service::{
    self, Certificates, Doors, LibraryInfo, Limits, ModelInfo, ServerInfo, ServiceError,
};
use larmor::web::Served;
use larmor_client::proto::WatchResultsResponse;
use larmor_client::proto::acquisition_service_client::AcquisitionServiceClient;
use larmor_client::proto::candidate_service_client::CandidateServiceClient;
use larmor_client::proto::info_service_client::InfoServiceClient;
use larmor_client::proto::result_service_client::ResultServiceClient;
use larmor_client::proto::sample_service_client::SampleServiceClient;
use larmor_client::proto::watch_results_response::Message;
use larmor_client::proto::{Event, WatchResultsRequest};
use larmor_elucidation::SpectrumEmbedders;
use larmor_networks::inference::RunningDevice;
use larmor_store::Store;
use tempfile::TempDir;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tonic::transport::Channel;
use tonic::{Status, Streaming};

/// Nothing here takes this long unless it is broken.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Who is let in, and how.
struct Entry {
    access: Access,
    certificates: Option<Certificates>,
}

pub struct TestServer {
    pub address: String,
    pub channel: Channel,
    /// Where submitted data are kept.
    pub submitted: TempDir,
    shutdown: oneshot::Sender<()>,
    task: JoinHandle<Result<(), ServiceError>>,
}

/// Limits that make a test wait for nothing.
pub fn quick() -> Limits {
    Limits {
        bookmark: Duration::from_millis(100),
        slow_consumer: Duration::from_millis(500),
        ..Limits::default()
    }
}

impl TestServer {
    pub async fn start(store: &Store, limits: Limits) -> Self {
        Self::start_at(store, limits, "127.0.0.1:0").await
    }

    pub async fn start_at(store: &Store, limits: Limits, address: &str) -> Self {
        Self::with_embedders(store, limits, address, SpectrumEmbedders::default()).await
    }

    /// With networks that embed spectra.
    pub async fn with_embedders(
        store: &Store,
        limits: Limits,
        address: &str,
        embedders: SpectrumEmbedders,
    ) -> Self {
        let open = Entry { access: Access::unasked(), certificates: None };
        Self::under(store, limits, address, embedders, Conditions::default(), open).await
    }

    /// That asks everybody who he is.
    pub async fn asking(store: &Store, certificates: Option<Certificates>) -> Self {
        let access = Access::start(store.clone(), CancellationToken::new()).await;
        let (embedders, entry) = (SpectrumEmbedders::default(), Entry { access, certificates });
        let conditions = Conditions::default();
        Self::under(store, quick(), "127.0.0.1:0", embedders, conditions, entry).await
    }

    /// While something keeps it from working.
    pub async fn under_conditions(store: &Store, conditions: &Conditions) -> Self {
        let embedders = SpectrumEmbedders::default();
        let open = Entry { access: Access::unasked(), certificates: None };
        Self::under(store, quick(), "127.0.0.1:0", embedders, conditions.clone(), open).await
    }

    async fn under(
        store: &Store,
        limits: Limits,
        address: &str,
        embedders: SpectrumEmbedders,
        conditions: Conditions,
        entry: Entry,
    ) -> Self {
        let listener = service::listen(address).await.unwrap();
        let Entry { access, certificates } = entry;
        let scheme = if certificates.is_some() { "https" } else { "http" };
        let address = format!("{scheme}://{}", listener.local_addr().unwrap());
        let info = ServerInfo {
            models: vec![ModelInfo {
                name: "shift".to_owned(),
                digest: "ab".repeat(32),
                card: r#"{"model":"shift"}"#.to_owned(),
            }],
            devices: vec![RunningDevice::new("cpu")],
            libraries: vec![LibraryInfo {
                name: "moses".to_owned(),
                version: "v1".to_owned(),
                size: 7,
            }],
            limits,
            conditions,
            ..ServerInfo::default()
        };
        let (shutdown, signal) = oneshot::channel::<()>();
        let signal = async move {
            let _ = signal.await;
        };
        let conditions = info.conditions.clone();
        let served = Served { page: true, encrypted: certificates.is_some(), conditions };
        let beside = larmor::web::routes(store.clone(), access.clone(), served);
        let submitted = TempDir::new().unwrap();
        let folder = submitted.path().to_owned();
        let doors = Doors { listener, certificates, access };
        let serving = service::serve(store.clone(), doors, info, embedders, folder, beside, signal);
        let task = tokio::spawn(serving);
        let endpoint = Channel::from_shared(address.clone()).unwrap();
        let channel = match scheme {
            "https" => endpoint.connect_lazy(),
            _ => endpoint.connect().await.unwrap(),
        };
        Self { address, channel, submitted, shutdown, task }
    }

    pub async fn stop(self) {
        drop(self.stop_and_keep().await);
    }

    /// The same, and what was submitted stays.
    pub async fn stop_and_keep(self) -> TempDir {
        self.shutdown.send(()).unwrap();
        tokio::time::timeout(PATIENCE, self.task).await.unwrap().unwrap().unwrap();
        self.submitted
    }

    pub fn results(&self) -> ResultServiceClient<Channel> {
        ResultServiceClient::new(self.channel.clone())
    }

    pub fn acquisitions(&self) -> AcquisitionServiceClient<Channel> {
        AcquisitionServiceClient::new(self.channel.clone())
    }

    pub fn candidates(&self) -> CandidateServiceClient<Channel> {
        CandidateServiceClient::new(self.channel.clone())
    }

    pub fn samples(&self) -> SampleServiceClient<Channel> {
        SampleServiceClient::new(self.channel.clone())
    }

    pub fn info(&self) -> InfoServiceClient<Channel> {
        InfoServiceClient::new(self.channel.clone())
    }

    pub async fn watch(&self, request: WatchResultsRequest) -> Watch {
        Watch { stream: self.results().watch_results(request).await.unwrap().into_inner() }
    }
}

/// All events after a cursor.
pub fn after(cursor: i64) -> WatchResultsRequest {
    WatchResultsRequest { cursor, ..WatchResultsRequest::default() }
}

/// An open stream.
pub struct Watch {
    pub stream: Streaming<WatchResultsResponse>,
}

impl Watch {
    /// The next message, or the status that ended the stream.
    pub async fn message(&mut self) -> Result<Message, Status> {
        let message = tokio::time::timeout(PATIENCE, self.stream.message()).await.unwrap()?;
        Ok(message.expect("a stream ends with a status").message.unwrap())
    }

    /// The next event, whatever bookmarks come before it.
    pub async fn event(&mut self) -> Event {
        loop {
            if let Message::Event(event) = self.message().await.unwrap() {
                return event;
            }
        }
    }

    /// The next bookmark's cursor; no event may come before it.
    pub async fn bookmark(&mut self) -> i64 {
        match self.message().await.unwrap() {
            Message::Bookmark(bookmark) => bookmark.cursor,
            other => panic!("no bookmark: {other:?}"),
        }
    }

    /// The status that ends the stream, whatever comes before it.
    pub async fn end(&mut self) -> Status {
        loop {
            if let Err(status) = self.message().await {
                return status;
            }
        }
    }
}
