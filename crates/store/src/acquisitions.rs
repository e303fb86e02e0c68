//! Acquisitions as they stand: what was found, in which state it is, and why.

use std::fmt;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::text::{read_beside, read_nucleus, storable};
use super::{Page, Recorded, Store, StoreError};
use larmor_nmr::fid::{Beside, Experiment, Nucleus, Vendor};

/// How far an acquisition has come.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, sqlx::Type,
)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum AcquisitionState {
    /// Found; nothing else has been recorded of it yet.
    Discovered,
    /// The spectrometer is still writing.
    Incomplete,
    /// Waits for a worker.
    Ready,
    /// A worker has it.
    Processing,
    /// Processed and committed.
    Done,
    /// Cannot be processed; the reason says why.
    Failed,
    /// Nothing Larmor works on; the reason says why.
    Skipped,
    /// Its dataset was removed before it was complete.
    Vanished,
    /// Another acquisition overwrote its files before it was processed.
    Superseded,
}

impl AcquisitionState {
    /// The word that stands in the database.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Discovered => "discovered",
            Self::Incomplete => "incomplete",
            Self::Ready => "ready",
            Self::Processing => "processing",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
            Self::Vanished => "vanished",
            Self::Superseded => "superseded",
        }
    }
}

impl fmt::Display for AcquisitionState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// One dataset as the store knows it.
#[derive(Debug, Clone, PartialEq)]
pub struct Acquisition {
    /// Identity.
    pub id: Uuid,
    /// Name of the instrument it was first found on.
    pub instrument: String,
    /// Group whose data it is.
    pub group: String,
    /// Sample it was measured of.
    pub sample: Uuid,
    /// The sample's name.
    pub sample_name: String,
    /// Experiment number, where the vendor numbers them.
    pub experiment_number: Option<String>,
    /// Where it was seen last.
    pub path: String,
    /// Where structures proposed for its sample may lie.
    pub beside: Beside,
    /// Vendor of the format; an empty name where none was recognised.
    pub vendor: Recorded<Vendor>,
    /// SHA-256 over its content, hex, once complete.
    pub digest: Option<String>,
    /// Observed nucleus.
    pub nucleus: Option<Nucleus>,
    /// Kind of experiment.
    pub experiment: Option<Recorded<Experiment>>,
    /// Title the operator gave it.
    pub title: String,
    /// Pulse program.
    pub pulse_program: String,
    /// How far it has come.
    pub state: AcquisitionState,
    /// Why it is there, in words.
    pub reason: String,
    /// How often a worker took it up.
    pub attempts: i32,
    /// When Larmor discovered it.
    pub discovered_at: DateTime<Utc>,
    /// When the spectrometer last wrote to it.
    pub last_written: Option<DateTime<Utc>>,
    /// When its state last changed.
    pub updated_at: DateTime<Utc>,
}

/// An acquisition as the database has it.
struct AcquisitionRow {
    id: Uuid,
    instrument: String,
    group: String,
    sample: Uuid,
    sample_name: String,
    experiment_number: Option<String>,
    path: String,
    in_sample_directory: bool,
    vendor: String,
    digest: Option<String>,
    nucleus: Option<String>,
    experiment: Option<String>,
    title: String,
    pulse_program: String,
    state: AcquisitionState,
    reason: String,
    attempts: i32,
    discovered_at: DateTime<Utc>,
    last_written: Option<DateTime<Utc>>,
    updated_at: DateTime<Utc>,
}

impl From<AcquisitionRow> for Acquisition {
    fn from(row: AcquisitionRow) -> Self {
        Self {
            id: row.id,
            instrument: row.instrument,
            group: row.group,
            sample: row.sample,
            sample_name: row.sample_name,
            experiment_number: row.experiment_number,
            path: row.path,
            beside: read_beside(row.in_sample_directory),
            vendor: Recorded::read(row.vendor),
            digest: row.digest,
            nucleus: row.nucleus.map(|name| read_nucleus(&name)),
            experiment: row.experiment.map(Recorded::read),
            title: row.title,
            pulse_program: row.pulse_program,
            state: row.state,
            reason: row.reason,
            attempts: row.attempts,
            discovered_at: row.discovered_at,
            last_written: row.last_written,
            updated_at: row.updated_at,
        }
    }
}

/// Which acquisitions to list; an absent field takes all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AcquisitionFilter {
    /// Only of these groups, where it is not for the data of every group.
    pub visible: Option<Vec<String>>,
    /// Only this group's.
    pub group: Option<String>,
    /// Only this instrument's.
    pub instrument: Option<String>,
    /// Only of samples of this name.
    pub sample: Option<String>,
    /// Only in this state.
    pub state: Option<AcquisitionState>,
    /// Only of the sample of this identity.
    pub sample_id: Option<Uuid>,
}

impl Store {
    /// One acquisition.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no such acquisition.
    pub async fn acquisition(&self, id: Uuid) -> Result<Acquisition, StoreError> {
        sqlx::query_as!(
            AcquisitionRow,
            r#"SELECT a.id, i.name AS instrument, a.group_name AS "group", a.sample_id AS sample,
                      s.name AS sample_name, a.experiment_number, a.path, a.in_sample_directory, a.vendor,
                      a.digest, a.nucleus, a.experiment, a.title, a.pulse_program, a.state AS "state: _",
                      a.reason, a.attempts, a.discovered_at, a.last_written, a.updated_at
               FROM acquisitions a JOIN instruments i ON i.id = a.instrument_id
               JOIN samples s ON s.id = a.sample_id
               WHERE a.id = $1"#,
            id
        )
        .fetch_optional(&self.pool)
        .await?
        .map(Acquisition::from)
        .ok_or_else(|| StoreError::NotFound { what: "acquisition", id: id.to_string() })
    }

    /// Acquisitions, newest first.
    ///
    /// # Errors
    /// [`StoreError`] when the database is away or refuses.
    pub async fn acquisitions(
        &self,
        filter: &AcquisitionFilter,
        page: &Page,
    ) -> Result<Vec<Acquisition>, StoreError> {
        let rows = sqlx::query_as!(
            AcquisitionRow,
            r#"SELECT a.id, i.name AS instrument, a.group_name AS "group", a.sample_id AS sample,
                      s.name AS sample_name, a.experiment_number, a.path, a.in_sample_directory, a.vendor,
                      a.digest, a.nucleus, a.experiment, a.title, a.pulse_program, a.state AS "state: _",
                      a.reason, a.attempts, a.discovered_at, a.last_written, a.updated_at
               FROM acquisitions a JOIN instruments i ON i.id = a.instrument_id
               JOIN samples s ON s.id = a.sample_id
               WHERE ($1::uuid IS NULL OR a.id < $1)
                 AND ($2::text IS NULL OR a.group_name = $2)
                 AND ($3::text IS NULL OR i.name = $3)
                 AND ($4::text IS NULL OR s.name = $4)
                 AND ($5::text IS NULL OR a.state = $5)
                 AND ($7::uuid IS NULL OR a.sample_id = $7)
                 AND ($8::text[] IS NULL OR a.group_name = ANY($8))
               ORDER BY a.id DESC LIMIT $6"#,
            page.after,
            filter.group,
            filter.instrument,
            filter.sample,
            filter.state.map(AcquisitionState::word),
            page.size,
            filter.sample_id,
            filter.visible.as_deref()
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(rows.into_iter().map(Acquisition::from).collect())
    }

    /// Puts a done or failed acquisition back to `ready`; one that waits is taken before what nobody
    /// asked for. One that was skipped, or failed before there
    /// was content to process, is put up for the watcher to look at again.
    ///
    /// # Errors
    /// [`StoreError::NotReprocessable`] from any other state.
    pub async fn reprocess(&self, acquisition: Uuid) -> Result<(), StoreError> {
        let put_back = sqlx::query!(
            "UPDATE acquisitions SET state = 'ready', reason = 'reprocessing was asked for',
                    work = 'requested', attempts = 0, abrupt_ends = 0, elucidate_only = false,
                    due_at = NULL, updated_at = now()
             WHERE id = $1 AND digest IS NOT NULL
               AND (state IN ('done', 'failed') OR state = 'ready' AND work <> 'requested')",
            acquisition
        )
        .execute(&self.pool)
        .await?
        .rows_affected();
        if put_back == 0 && !self.ask_for_look(acquisition).await? {
            let state = self.acquisition(acquisition).await?.state;
            return Err(StoreError::NotReprocessable { acquisition, state });
        }
        Ok(())
    }

    /// Has the watcher look at a dataset again; false where it does not decide on it.
    async fn ask_for_look(&self, acquisition: Uuid) -> Result<bool, StoreError> {
        let put_up = sqlx::query!(
            "UPDATE acquisitions SET look_again = true
             WHERE id = $1 AND (state = 'skipped' OR state = 'failed' AND digest IS NULL)",
            acquisition
        )
        .execute(&self.pool)
        .await?;
        Ok(put_up.rows_affected() > 0)
    }

    /// Places of an instrument's datasets that somebody asked to be looked at again.
    ///
    /// # Errors
    /// [`StoreError`] when the database is away or refuses.
    pub async fn to_look_at(&self, instrument: &str) -> Result<Vec<String>, StoreError> {
        Ok(sqlx::query_scalar!(
            "SELECT a.path FROM acquisitions a JOIN instruments i ON i.id = a.instrument_id
             WHERE a.look_again AND i.name = $1",
            storable(instrument)
        )
        .fetch_all(&self.pool)
        .await?)
    }

    /// A dataset that somebody asked for was looked at again.
    ///
    /// # Errors
    /// [`StoreError`] when the database is away or refuses.
    pub async fn looked_at(&self, instrument: &str, path: &str) -> Result<(), StoreError> {
        sqlx::query!(
            "UPDATE acquisitions a SET look_again = false FROM instruments i
             WHERE a.look_again AND i.id = a.instrument_id AND i.name = $1 AND a.path = $2",
            storable(instrument),
            storable(path)
        )
        .execute(&self.pool)
        .await?;
        Ok(())
    }
}
