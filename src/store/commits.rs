//! The one transaction at the end of the road.

use sqlx::PgConnection;
use uuid::Uuid;

use super::events::{self, EVENT_CANDIDATES, EventBody, PeakCounts};
use super::text::storable;
use super::{AcquisitionState, Lease, Store, StoreError, elucidations, spectra};
use crate::elucidation::{Candidate, Elucidation};
use crate::spectrum::{Peak, PeakClass};

/// A processed spectrum to be kept.
#[derive(Debug, Clone, PartialEq)]
pub struct NewSpectrum {
    /// Observed nucleus.
    pub nucleus: String,
    /// Kind of experiment.
    pub experiment: String,
    /// Spectrometer frequency of the nucleus, MHz.
    pub frequency_mhz: f64,
    /// Solvent, where known.
    pub solvent: Option<String>,
    /// How the axis was referenced.
    pub referencing: serde_json::Value,
    /// What was done to the data, repeatably.
    pub processing: serde_json::Value,
    /// Standard deviation of the noise, relative to the tallest compound peak.
    pub noise: f64,
    /// Picked peaks.
    pub peaks: Vec<Peak>,
}

/// A judgement to be kept.
#[derive(Debug, Clone, PartialEq)]
pub struct NewElucidation {
    /// What it says.
    pub elucidation: Elucidation,
    /// SHA-256 of the weights that predicted, hex.
    pub model_digest: String,
    /// Version of each library searched, by name.
    pub library_versions: serde_json::Value,
    /// The complete resolved parameters.
    pub parameters: serde_json::Value,
    /// Earlier spectra of the sample that were judged together with this one.
    pub spectra_used: Vec<Uuid>,
}

/// How long each stage took, milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Default, serde::Serialize, serde::Deserialize)]
pub struct StageTimings {
    /// Reading the FID.
    pub read_ms: f64,
    /// From FID to peaks.
    pub process_ms: f64,
    /// From peaks to judgement.
    pub elucidate_ms: f64,
}

/// What came of processing an acquisition.
#[derive(Debug, Clone, PartialEq)]
pub struct Finished {
    /// Its spectrum.
    pub spectrum: NewSpectrum,
    /// The judgement of its sample, where there was something to judge.
    pub elucidation: Option<NewElucidation>,
    /// Why the sample was not judged, where it was not.
    pub unjudged: Option<String>,
    /// How long it took.
    pub timings: StageTimings,
}

impl Store {
    /// Commits what came of a leased acquisition: spectrum, peaks, judgement, candidates,
    /// assignments, events and the state `done`, all or nothing. Returns the cursor of the last
    /// event. When a structure was proposed meanwhile, the acquisition is `ready` again instead.
    ///
    /// # Errors
    /// [`StoreError::LeaseLost`] when another worker has taken the acquisition over; nothing is
    /// written then.
    pub async fn commit(&self, lease: &Lease, finished: &Finished) -> Result<i64, StoreError> {
        let mut transaction = self.pool.begin().await?;
        // The sample's row orders this against proposals and gives revisions without gaps.
        let proposals = sqlx::query_scalar!(
            "SELECT proposal_count FROM samples WHERE id = $1 FOR UPDATE",
            lease.sample
        )
        .fetch_one(&mut *transaction)
        .await?;
        close(&mut transaction, lease, proposals == lease.proposals).await?;
        let spectrum =
            spectra::insert(&mut transaction, lease, &finished.spectrum, &finished.timings).await?;
        let mut events = vec![EventBody::Processed {
            spectrum,
            nucleus: storable(&finished.spectrum.nucleus),
            experiment: storable(&finished.spectrum.experiment),
            frequency_mhz: finished.spectrum.frequency_mhz,
            solvent: finished.spectrum.solvent.as_deref().map(storable),
            peaks: count(&finished.spectrum.peaks),
            timings: finished.timings,
            unjudged: finished.unjudged.as_deref().map(storable),
        }];
        if let Some(judged) = &finished.elucidation {
            let (elucidation, revision) = elucidations::insert(
                &mut transaction,
                lease,
                spectrum,
                judged,
                finished.timings.elucidate_ms,
            )
            .await?;
            events.push(EventBody::Elucidated {
                elucidation,
                revision,
                verdict: judged.elucidation.verdict,
                reasons: judged.elucidation.reasons.clone(),
                considered: judged.elucidation.considered,
                candidates: told_candidates(&judged.elucidation.candidates),
                model_digest: judged.model_digest.clone(),
                timings: finished.timings,
            });
        }
        let mut cursor = 0;
        for event in &events {
            cursor = events::append(&mut transaction, lease.acquisition, event).await?;
        }
        transaction.commit().await?;
        Ok(cursor)
    }
}

async fn close(
    connection: &mut PgConnection,
    lease: &Lease,
    all_judged: bool,
) -> Result<(), StoreError> {
    let (state, reason) = if all_judged {
        (AcquisitionState::Done, "processed")
    } else {
        (AcquisitionState::Ready, "a structure was proposed meanwhile")
    };
    let closed = sqlx::query!(
        "UPDATE acquisitions SET state = $3, reason = $4, lease_token = NULL,
                lease_expires_at = NULL, updated_at = now(), finished_at = now(), due_at = now(),
                attempts = CASE WHEN $3 = 'ready' THEN 0 ELSE attempts END
         WHERE id = $1 AND lease_token = $2 AND state = 'processing'",
        lease.acquisition,
        lease.token,
        state.word(),
        reason
    )
    .execute(connection)
    .await?;
    lease.held(closed.rows_affected())
}

fn count(peaks: &[Peak]) -> PeakCounts {
    let mut counts = PeakCounts::default();
    for peak in peaks {
        *match peak.class {
            PeakClass::Compound => &mut counts.compound,
            PeakClass::Solvent => &mut counts.solvent,
            PeakClass::Impurity => &mut counts.impurity,
            PeakClass::Satellite | PeakClass::Sideband => &mut counts.satellite,
            PeakClass::Artifact => &mut counts.artifact,
        } += 1;
    }
    counts
}

/// The head of a ranking and whatever was proposed, with assignments of the best and of the
/// proposed: what a subscriber needs to act without asking back.
fn told_candidates(ranked: &[Candidate]) -> Vec<Candidate> {
    let is_proposed = |candidate: &Candidate| candidate.source == "proposed";
    ranked
        .iter()
        .enumerate()
        .filter(|(place, candidate)| *place < EVENT_CANDIDATES || is_proposed(candidate))
        .map(|(place, candidate)| {
            let mut told = candidate.clone();
            if place > 0 && !is_proposed(candidate) {
                told.assignments.clear();
            }
            told
        })
        .collect()
}
