//! What the watcher saw, turned into acquisitions: moved and copied data are recognised by
//! content, data acquired anew under an old path are new.

use chrono::{DateTime, Utc};
use sqlx::Acquire;
use uuid::Uuid;

use super::known::{Known, adopt_or_insert};
use super::text::storable;
use super::{AcquisitionState, Store, StoreError};
use larmor_nmr::fid::{Experiment, Nucleus, Vendor};

/// What a look at a dataset says of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SightedState {
    /// Still being written.
    Incomplete,
    /// Still not complete long after it should have been; told to subscribers once.
    Overdue,
    /// Complete, to be processed.
    Ready,
    /// Not something Larmor works on.
    Skipped,
    /// Cannot be read.
    Failed,
}

/// One look at a dataset.
#[derive(Debug, Clone, PartialEq)]
pub struct Sighting {
    /// Name of the watched instrument.
    pub instrument: String,
    /// Group whose data it is.
    pub group: String,
    /// Name of the sample.
    pub sample: String,
    /// Experiment number, where the vendor numbers them.
    pub experiment_number: Option<String>,
    /// Where it lies.
    pub path: String,
    /// Vendor of the format, where one was recognised.
    pub vendor: Option<Vendor>,
    /// What the look says.
    pub state: SightedState,
    /// Why, in words.
    pub reason: Option<String>,
    /// SHA-256 over its content, hex; given once complete.
    pub digest: Option<String>,
    /// Observed nucleus.
    pub nucleus: Option<Nucleus>,
    /// Kind of experiment.
    pub experiment: Option<Experiment>,
    /// Title the operator gave it.
    pub title: String,
    /// Pulse program.
    pub pulse_program: String,
    /// When the spectrometer last wrote to it.
    pub last_written: Option<DateTime<Utc>>,
}

/// What a sighting changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// A new acquisition.
    New,
    /// A known one whose state changed.
    State,
    /// Known content at a new place; nothing to process.
    Location,
    /// Nothing.
    Nothing,
}

/// The acquisition a sighting belongs to, and what the sighting changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sighted {
    /// The acquisition.
    pub acquisition: Uuid,
    /// Its state now.
    pub state: AcquisitionState,
    /// What changed.
    pub change: Change,
}

impl Store {
    /// Records a look at a dataset. When that changes what is known, the change and its event
    /// are one transaction; seeing the same again costs one read.
    ///
    /// # Errors
    /// [`StoreError`] when the database is away or refuses.
    pub async fn sight(&self, sighting: &Sighting) -> Result<Sighted, StoreError> {
        let sighting = &sighting.storable();
        let mut connection = self.pool.acquire().await?;
        if let Some(known) = Known::find(&mut connection, sighting).await?
            && known.says_the_same(sighting)
        {
            return Ok(known.sighted(known.state, Change::Nothing));
        }
        let mut transaction = connection.begin().await?;
        // Two watchers may see the same content at two places at once: one after the other.
        let lock = format!("larmor sight {}", sighting.group);
        sqlx::query_scalar!("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", lock)
            .execute(&mut *transaction)
            .await?;
        let sighted = match Known::find(&mut transaction, sighting).await? {
            Some(known) => known.update(&mut transaction, sighting).await?,
            None => adopt_or_insert(&mut transaction, sighting).await?,
        };
        transaction.commit().await?;
        Ok(sighted)
    }
}

impl Sighting {
    /// Headers and file names may hold what Postgres refuses.
    fn storable(&self) -> Self {
        let option = |text: &Option<String>| text.as_deref().map(storable);
        Self {
            instrument: storable(&self.instrument),
            group: storable(&self.group),
            sample: storable(&self.sample),
            experiment_number: option(&self.experiment_number),
            path: storable(&self.path),
            vendor: self.vendor,
            state: self.state,
            reason: option(&self.reason),
            digest: option(&self.digest),
            nucleus: self.nucleus.clone(),
            experiment: self.experiment,
            title: storable(&self.title),
            pulse_program: storable(&self.pulse_program),
            last_written: self.last_written,
        }
    }

    pub(super) fn target(&self) -> AcquisitionState {
        match self.state {
            SightedState::Incomplete | SightedState::Overdue => AcquisitionState::Incomplete,
            SightedState::Ready => AcquisitionState::Ready,
            SightedState::Skipped => AcquisitionState::Skipped,
            SightedState::Failed => AcquisitionState::Failed,
        }
    }

    pub(super) fn reason(&self) -> &str {
        self.reason.as_deref().unwrap_or(match self.state {
            SightedState::Incomplete => "still being written",
            SightedState::Overdue => "should have been complete long ago",
            SightedState::Ready => "complete",
            SightedState::Skipped => "not something Larmor works on",
            SightedState::Failed => "cannot be read",
        })
    }

    pub(super) fn overdue(&self) -> bool {
        self.state == SightedState::Overdue
    }
}
