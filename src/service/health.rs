//! Standard health: serving while the database answers and takes what is written, and the server is
//! not shutting down; the service of acquisitions also while the data of every instrument can be
//! reached. `GetInfo` has the reasons.

use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};
use tonic_health::ServingStatus;
use tonic_health::pb::health_server::{Health, HealthServer};
use tonic_health::server::HealthReporter;

use crate::conditions::{Conditions, Subject};
use larmor_store::Store;

/// How often the database is asked for a sign of life.
const ASK: Duration = Duration::from_secs(2);
/// What is reported on: the server as a whole and each service.
const NAMES: [&str; 5] = [
    "",
    "larmor.v1.ResultService",
    "larmor.v1.SampleService",
    "larmor.v1.CandidateService",
    "larmor.v1.InfoService",
];

/// Needs the data of instruments as well.
const ACQUISITIONS: &str = "larmor.v1.AcquisitionService";

/// The task that keeps the health up to date.
pub(super) struct HealthUpdates {
    reporter: HealthReporter,
    task: JoinHandle<()>,
}

/// Starts asking the database.
pub(super) fn start(
    store: Store,
    conditions: Conditions,
) -> (HealthServer<impl Health>, HealthUpdates) {
    let (reporter, service) = tonic_health::server::health_reporter();
    let task = tokio::spawn({
        let reporter = reporter.clone();
        async move {
            loop {
                let answers =
                    timeout(ASK, store.cursor_bounds()).await.is_ok_and(|asked| asked.is_ok());
                let holding = conditions.list();
                let writable = holding.iter().all(|one| one.subject != Subject::Database);
                let status = serving(answers && writable);
                report(&reporter, status).await;
                let status = serving(answers && holding.is_empty());
                reporter.set_service_status(ACQUISITIONS, status).await;
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
        self.reporter.set_service_status(ACQUISITIONS, ServingStatus::NotServing).await;
    }
}

fn serving(well: bool) -> ServingStatus {
    if well { ServingStatus::Serving } else { ServingStatus::NotServing }
}

async fn report(reporter: &HealthReporter, status: ServingStatus) {
    for name in NAMES {
        reporter.set_service_status(name, status).await;
    }
}
