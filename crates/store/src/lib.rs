//! All SQL: acquisitions, spectra, elucidations, libraries, events. Postgres is the only state
//! that processes share.

mod access;
mod acquisitions;
mod backfill;
mod candidates;
pub mod cluster;
mod commits;
mod elucidations;
mod error;
mod event_filter;
mod event_log;
mod events;
mod history;
mod identity;
mod inspection;
mod instruments;
mod judged_signals;
mod leases;
mod libraries;
mod multiplets;
mod observation;
mod observe;
mod observed_files;
mod peaks;
mod proposals;
mod recorded;
mod retention;
mod reviews;
mod revision;
mod sample_lock;
mod sample_structures;
mod samples;
mod spectra;
mod superseded;
mod text;
mod traces;
mod vanished;
mod wakeups;
mod work;

use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Connection, Executor, PgConnection, PgPool};
use uuid::Uuid;

use larmor_retry::Schedule;

pub use access::{
    AuditEntry, AuditOutcome, AuditRecord, Credential, CredentialKind, NewCredential, Owner, Role,
    Scope, StandingCredential, Subject,
};
pub use acquisitions::{Acquisition, AcquisitionFilter, AcquisitionState};
pub use backfill::BackfillStatus;
pub use candidates::AssignedSignal;
pub use commits::{Finished, NewElucidation, NewSpectrum, Reelucidated, StageTimings};
pub use elucidations::{BestCandidate, ElucidationFilter, ElucidationSummary, StoredElucidation};
pub use error::StoreError;
pub use event_filter::{EventFilter, EventSubject};
pub use event_log::{CursorBounds, EventPage, LogPosition};
pub use events::{EVENT_CANDIDATES, Event, EventBody, EventKind, PeakCounts};
pub use history::{KnownStructure, SimilarSpectrum, Unembedded};
pub use identity::{SampleChange, SampleChangeKind};
pub use inspection::{DatabaseInspection, inspect};
pub use instruments::Instrument;
pub use leases::{HeldLease, Lease, NextTry};
pub use libraries::RegisteredLibrary;
pub use observation::{Change, Observation, ObservationOutcome, ObservedState};
pub use observed_files::{ObservedFiles, RecordedDataset, RecordedState};
pub use proposals::{NewProposal, Proposal, ProposalOutcome};
pub use recorded::Recorded;
pub use reviews::{NewReview, Review, ReviewedStructure};
pub use revision::{FormerBest, RevisionChange, SpectrumUsed};
pub use sample_structures::SampleStructure;
pub use samples::{Judgement, SampleFilter, SampleSummary};
pub use spectra::StoredSpectrum;
pub use wakeups::Wakeups;
pub use work::{WorkFilter, WorkKind, WorkRange};

/// Longest wait for a connection before the database counts as away.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);

/// Between tries to reach a database that is away.
pub const RECONNECT: Schedule =
    Schedule::new(Duration::from_millis(250), 2, Duration::from_secs(2), 0.25);

/// A process that hangs or vanishes in the middle of a transaction must not hold up the rest, who
/// would wait for the head of the event log: its session is ended after a while. No statement and no
/// wait for a lock is without an end either. Compiling a query takes longer than any that is asked
/// here, and the planner guesses too much work for tables it has no statistics of yet.
const SESSION: &str = "SET idle_in_transaction_session_timeout = '30s';
    SET statement_timeout = '60s'; SET lock_timeout = '20s'; SET jit = off;
    SET tcp_keepalives_idle = 30; SET tcp_keepalives_interval = 10; SET tcp_keepalives_count = 3";

/// The tables, version by version.
static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("../../migrations");

/// The way to the database. Cloning shares its connections.
#[derive(Debug, Clone)]
pub struct Store {
    pool: PgPool,
}

/// A part of a list: what comes after an identity, newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// Last identity of the part before; none at the start.
    pub after: Option<Uuid>,
    /// Most entries.
    pub size: i64,
}

impl Store {
    /// Connects to a database and brings its tables to this version.
    ///
    /// # Errors
    /// [`StoreError`] when the address is wrong, the database is away or its tables are newer
    /// than this program.
    pub async fn connect(url: &str) -> Result<Self, StoreError> {
        let options = address(url)?.application_name("larmor");
        // On a connection of its own: bringing large tables up to date takes what it takes.
        let mut connection = PgConnection::connect_with(&options).await?;
        MIGRATIONS.run(&mut connection).await?;
        connection.close().await?;
        let pool = PgPoolOptions::new()
            .max_connections(16)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .after_connect(|connection, _| {
                Box::pin(async move {
                    connection.execute(SESSION).await?;
                    Ok(())
                })
            })
            .connect_with(options)
            .await?;
        Ok(Self { pool })
    }

    /// Closes all connections; what is asked of the store afterwards fails.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}

fn address(url: &str) -> Result<PgConnectOptions, StoreError> {
    let wrong = |cause| StoreError::Address { url: without_password(url), cause };
    // The parser takes any scheme.
    if !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
        return Err(wrong(sqlx::Error::Configuration("the scheme is not postgres".into())));
    }
    url.parse().map_err(wrong)
}

/// An address fit for messages.
fn without_password(url: &str) -> String {
    match (url.find("://"), url.rfind('@')) {
        (Some(scheme), Some(at)) if scheme + 3 < at => {
            let user = url[scheme + 3..at].split(':').next().unwrap_or_default();
            format!("{}{user}{}", &url[..scheme + 3], &url[at..])
        }
        _ => url.to_owned(),
    }
}
