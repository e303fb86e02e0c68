//! What subscribers see: one total order that is the order of commits.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use uuid::Uuid;

use super::text::storable_json;
use super::{AcquisitionState, Recorded, RevisionChange, SpectrumUsed, StageTimings, StoreError};
use larmor_nmr::elucidation::{Candidate, Component, Verdict};
use larmor_nmr::fid::{Experiment, Nucleus, Solvent};

/// How many candidates an event carries at most.
pub const EVENT_CANDIDATES: usize = 10;

/// Kinds of event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EventKind {
    /// A dataset was seen for the first time.
    Discovered,
    /// A dataset is long overdue.
    Incomplete,
    /// A dataset is nothing Larmor works on.
    Skipped,
    /// A dataset could not be processed.
    Failed,
    /// A dataset was removed before it was complete.
    Vanished,
    /// Another acquisition overwrote a dataset before it was processed.
    Superseded,
    /// The data of an acquisition lie under another name.
    Moved,
    /// A spectrum and its peaks are there.
    Processed,
    /// A sample was judged.
    Elucidated,
}

impl EventKind {
    /// The word that stands in the database.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Discovered => "discovered",
            Self::Incomplete => "incomplete",
            Self::Skipped => "skipped",
            Self::Failed => "failed",
            Self::Vanished => "vanished",
            Self::Superseded => "superseded",
            Self::Moved => "moved",
            Self::Processed => "processed",
            Self::Elucidated => "elucidated",
        }
    }
}

/// Peaks of a spectrum by what they are taken to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PeakCounts {
    /// The sample's compound.
    pub compound: u32,
    /// The solvent.
    pub solvent: u32,
    /// Impurities.
    pub impurity: u32,
    /// Satellites.
    pub satellite: u32,
    /// Spinning sidebands; earlier versions counted them as satellites.
    #[serde(default)]
    pub sideband: u32,
    /// Artifacts.
    pub artifact: u32,
}

/// What an event tells. Its JSON form is what the database keeps.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum EventBody {
    /// A dataset was seen for the first time.
    Discovered {
        /// State it was seen in.
        state: AcquisitionState,
        /// Why.
        reason: String,
        /// Observed nucleus.
        nucleus: Option<Nucleus>,
        /// Kind of experiment.
        experiment: Option<Recorded<Experiment>>,
        /// Title the operator gave it.
        title: String,
    },
    /// A dataset is long overdue.
    Incomplete {
        /// What is missing.
        reason: String,
    },
    /// A dataset is nothing Larmor works on.
    Skipped {
        /// Why.
        reason: String,
    },
    /// A dataset could not be processed.
    Failed {
        /// Why.
        reason: String,
        /// How often it was tried.
        attempts: i32,
    },
    /// A dataset was removed before it was complete; should it come back, it goes on.
    Vanished {
        /// What is known of it, in words.
        reason: String,
    },
    /// Another acquisition overwrote a dataset before it was processed.
    Superseded {
        /// What is known of it, in words.
        reason: String,
    },
    /// The data of an acquisition lie under another name, in the directory of another sample or group.
    Moved {
        /// State of the acquisition.
        state: AcquisitionState,
        /// Group by the name of the former place.
        former_group: String,
        /// Sample by the name of the former place.
        former_sample: String,
        /// Where they lay.
        former_path: String,
        /// The acquisition leaves the group that the event is told to.
        left_group: bool,
    },
    /// A spectrum and its peaks are there.
    Processed {
        /// The spectrum.
        spectrum: Uuid,
        /// Observed nucleus.
        nucleus: Nucleus,
        /// Kind of experiment.
        experiment: Recorded<Experiment>,
        /// Spectrometer frequency of the nucleus, MHz.
        frequency_mhz: f64,
        /// Solvent, where known.
        solvent: Option<Recorded<Solvent>>,
        /// How many peaks of each class.
        peaks: PeakCounts,
        /// How many 1H multiplets of the compound.
        #[serde(default)]
        multiplets: u32,
        /// How far the spectrum can be trusted, 0 to 1; none in events of earlier versions.
        #[serde(default)]
        quality: Option<f64>,
        /// How long reading and processing took.
        timings: StageTimings,
        /// Why the sample was not judged, where it was not.
        #[serde(default)]
        unjudged: Option<String>,
    },
    /// A sample was judged.
    Elucidated {
        /// The judgement.
        elucidation: Uuid,
        /// 1 for the sample's first.
        revision: i32,
        /// What it comes to.
        verdict: Verdict,
        /// Probability that the structure which the verdict is on is right, where it was weighed;
        /// none in events of earlier versions.
        #[serde(default)]
        verdict_probability: Option<f64>,
        /// Why, in words for a chemist.
        reasons: Vec<String>,
        /// How many candidates were scored.
        considered: u64,
        /// The first ten, best first; assignments only of the best and of proposed ones.
        candidates: Vec<Candidate>,
        /// What is in the tube; nothing in events of earlier versions.
        #[serde(default)]
        components: Vec<Component>,
        /// SHA-256 of the weights that predicted, hex.
        model_digest: String,
        /// How long each stage took.
        timings: StageTimings,
        /// The spectra judged together; none in events of earlier versions.
        #[serde(default)]
        spectra: Vec<SpectrumUsed>,
        /// What it changes in the judgement it supersedes, where there is one.
        #[serde(default)]
        change: Option<RevisionChange>,
    },
}

impl EventBody {
    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> EventKind {
        match self {
            Self::Discovered { .. } => EventKind::Discovered,
            Self::Incomplete { .. } => EventKind::Incomplete,
            Self::Skipped { .. } => EventKind::Skipped,
            Self::Failed { .. } => EventKind::Failed,
            Self::Vanished { .. } => EventKind::Vanished,
            Self::Superseded { .. } => EventKind::Superseded,
            Self::Moved { .. } => EventKind::Moved,
            Self::Processed { .. } => EventKind::Processed,
            Self::Elucidated { .. } => EventKind::Elucidated,
        }
    }

    /// State of the acquisition that it tells of.
    #[must_use]
    pub fn state(&self) -> AcquisitionState {
        match self {
            Self::Discovered { state, .. } | Self::Moved { state, .. } => *state,
            Self::Incomplete { .. } => AcquisitionState::Incomplete,
            Self::Skipped { .. } => AcquisitionState::Skipped,
            Self::Failed { .. } => AcquisitionState::Failed,
            Self::Vanished { .. } => AcquisitionState::Vanished,
            Self::Superseded { .. } => AcquisitionState::Superseded,
            Self::Processed { .. } | Self::Elucidated { .. } => AcquisitionState::Done,
        }
    }
}

/// One event.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Its place in the total order; the next event's is one more.
    pub cursor: i64,
    /// When it was written.
    pub occurred_at: DateTime<Utc>,
    /// Group whose data it tells of.
    pub group: String,
    /// Name of the instrument.
    pub instrument: String,
    /// The sample.
    pub sample: Uuid,
    /// The sample's name.
    pub sample_name: String,
    /// The acquisition.
    pub acquisition: Uuid,
    /// Where the acquisition lay.
    pub path: String,
    /// Observed nucleus of the acquisition, where it was known.
    pub nucleus: Option<Nucleus>,
    /// What it tells.
    pub body: EventBody,
}

/// Writes an event of an acquisition and returns its cursor. The log's head stays locked until
/// the transaction ends, so this comes last in it.
pub(super) async fn append(
    connection: &mut PgConnection,
    acquisition: Uuid,
    body: &EventBody,
) -> Result<i64, StoreError> {
    let json = serde_json::to_value(body)
        .map_err(|cause| StoreError::Unwritable { what: "an event", cause })?;
    Ok(sqlx::query_scalar!(
        "INSERT INTO events (kind, group_name, instrument, sample_id, sample, acquisition_id, path,
                             nucleus, body)
         SELECT $2, a.group_name, i.name, s.id, s.name, a.id, a.path, a.nucleus, $3
         FROM acquisitions a JOIN instruments i ON i.id = a.instrument_id
         JOIN samples s ON s.id = a.sample_id
         WHERE a.id = $1 RETURNING cursor",
        acquisition,
        body.kind().word(),
        storable_json(json)
    )
    .fetch_one(connection)
    .await?)
}
