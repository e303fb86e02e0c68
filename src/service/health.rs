//! Standard health: serving while the database answers and the server is not shutting down.

use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time::sleep;
use tonic_health::ServingStatus;
use tonic_health::pb::health_server::{Health, HealthServer};
use tonic_health::server::HealthReporter;

use larmor_store::Store;

/// How often the database is asked for a sign of life.
const ASK: Duration = Duration::from_secs(5);
/// What is reported on: the server as a whole and each service.
const NAMES: [&str; 5] = [
    "",
    "larmor.v1.ResultService",
    "larmor.v1.AcquisitionService",
    "larmor.v1.CandidateService",
    "larmor.v1.InfoService",
];

/// The task that keeps the health up to date.
pub(super) struct HealthUpdates {
    reporter: HealthReporter,
    task: JoinHandle<()>,
}

/// Starts asking the database.
pub(super) fn start(store: Store) -> (HealthServer<impl Health>, HealthUpdates) {
    let (reporter, service) = tonic_health::server::health_reporter();
    let task = tokio::spawn({
        let reporter = reporter.clone();
        async move {
            loop {
                let status = match store.cursor_bounds().await {
                    Ok(_) => ServingStatus::Serving,
                    Err(_) => ServingStatus::NotServing,
                };
                report(&reporter, status).await;
                sleep(ASK).await;
            }
        }
    });
    (service, HealthUpdates { reporter, task })
}

impl HealthUpdates {
    /// Reports that the server shuts down.
    pub(super) async fn drain(self) {
        self.task.abort();
        report(&self.reporter, ServingStatus::NotServing).await;
    }
}

async fn report(reporter: &HealthReporter, status: ServingStatus) {
    for name in NAMES {
        reporter.set_service_status(name, status).await;
    }
}
