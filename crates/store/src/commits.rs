//! The one transaction at the end of processing.

use std::collections::BTreeMap;

use sqlx::PgConnection;
use uuid::Uuid;

use super::events::{self, EVENT_CANDIDATES, EventBody, PeakCounts};
use super::text::storable;
use super::{
    AcquisitionState, Lease, Recorded, Store, StoreError, StoredSpectrum, elucidations, history,
    revision, spectra,
};
use larmor_nmr::elucidation::{Candidate, Elucidation};
use larmor_nmr::fid::{Experiment, Nucleus, Origin, Solvent};
use larmor_nmr::history::SpectrumEmbedding;
use larmor_nmr::spectrum::{Multiplet, Peak, PeakClass, Quality};
use larmor_nmr::trace::Trace;

/// A processed spectrum to be kept.
#[derive(Debug, Clone, PartialEq)]
pub struct NewSpectrum {
    /// Observed nucleus.
    pub nucleus: Nucleus,
    /// Kind of experiment.
    pub experiment: Experiment,
    /// Spectrometer frequency of the nucleus, MHz.
    pub frequency_mhz: f64,
    /// Solvent, where known.
    pub solvent: Option<Solvent>,
    /// How the axis was referenced.
    pub referencing: serde_json::Value,
    /// What was done to the data, repeatably.
    pub processing: serde_json::Value,
    /// Standard deviation of the noise, relative to the tallest compound peak.
    pub noise: f64,
    /// What its FID was before it was read.
    pub origin: Origin,
    /// How far it can be trusted.
    pub quality: Quality,
    /// Picked peaks.
    pub peaks: Vec<Peak>,
    /// Multiplets, of 1H.
    pub multiplets: Vec<Multiplet>,
    /// Its points.
    pub trace: Trace,
}

/// A judgement to be kept.
#[derive(Debug, Clone, PartialEq)]
pub struct NewElucidation {
    /// What it says.
    pub elucidation: Elucidation,
    /// SHA-256 of the weights that predicted, hex.
    pub model_digest: String,
    /// The same of every network that took part, by name.
    pub models: BTreeMap<String, String>,
    /// Version of each library searched, by name.
    pub library_versions: serde_json::Value,
    /// The complete resolved parameters.
    pub parameters: serde_json::Value,
    /// Stored spectra of the sample that it rests on.
    pub spectra_used: Vec<Uuid>,
    /// Whether it also rests on the spectrum that is committed with it: one acquired later stands
    /// in its place.
    pub uses_new_spectrum: bool,
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
    /// What a network makes of the spectrum, where one runs that embeds its kind.
    pub embedding: Option<SpectrumEmbedding>,
    /// The judgement of its sample, where there was something to judge.
    pub elucidation: Option<NewElucidation>,
    /// Why the sample was not judged, where it was not.
    pub unjudged: Option<String>,
    /// Acquisitions of the sample whose axis this spectrum shows to be wrong: they are processed
    /// again.
    pub displaced: Vec<Uuid>,
    /// How long it took.
    pub timings: StageTimings,
}

/// What came of judging a sample again by its stored spectra.
#[derive(Debug, Clone, PartialEq)]
pub struct Reelucidated {
    /// The stored spectrum of the leased acquisition.
    pub spectrum: StoredSpectrum,
    /// The judgement, where there was something to judge.
    pub elucidation: Option<NewElucidation>,
    /// Why the sample was not judged, where it was not.
    pub unjudged: Option<String>,
    /// How long it took.
    pub timings: StageTimings,
}

impl Store {
    /// Commits what came of a leased acquisition: spectrum, peaks, embedding, judgement, candidates,
    /// assignments, events and the state `done`, all or nothing. Returns the cursor of the last
    /// event. When a structure was proposed meanwhile, the acquisition is `ready` again instead.
    ///
    /// # Errors
    /// [`StoreError::LeaseLost`] when another worker has taken the acquisition over; nothing is
    /// written then.
    pub async fn commit(&self, lease: &Lease, finished: &Finished) -> Result<i64, StoreError> {
        let mut transaction = self.pool.begin().await?;
        close_lease(&mut transaction, lease).await?;
        let id =
            spectra::insert(&mut transaction, lease, &finished.spectrum, &finished.timings).await?;
        history::replace(&mut transaction, id, finished.embedding.as_ref()).await?;
        let spectrum = &finished.spectrum;
        let mut events = vec![EventBody::Processed {
            spectrum: id,
            nucleus: spectrum.nucleus.clone(),
            experiment: spectrum.experiment.into(),
            frequency_mhz: spectrum.frequency_mhz,
            solvent: spectrum.solvent.map(Recorded::Known),
            peaks: count(&spectrum.peaks),
            multiplets: count_multiplets(&spectrum.multiplets),
            quality: Some(spectrum.quality.score),
            timings: finished.timings,
            unjudged: finished.unjudged.as_deref().map(storable),
        }];
        if let Some(new) = &finished.elucidation {
            let mut used = new.spectra_used.clone();
            used.extend(new.uses_new_spectrum.then_some(id));
            let timings = finished.timings;
            events.push(insert_elucidation(&mut transaction, lease, new, &used, timings).await?);
        }
        let cursor = append_events(&mut transaction, lease, &events).await?;
        requeue_displaced(&mut transaction, &finished.displaced).await?;
        transaction.commit().await?;
        Ok(cursor)
    }

    /// Commits what came of judging the sample of a leased acquisition again: as
    /// [`Store::commit`], without a new spectrum. A sample that cannot be judged is
    /// reported with the spectrum that there is.
    ///
    /// # Errors
    /// [`StoreError::LeaseLost`] when another worker has taken the acquisition over; nothing is
    /// written then.
    pub async fn commit_elucidation(
        &self,
        lease: &Lease,
        again: &Reelucidated,
    ) -> Result<i64, StoreError> {
        let mut transaction = self.pool.begin().await?;
        close_lease(&mut transaction, lease).await?;
        let event = match &again.elucidation {
            Some(new) => {
                insert_elucidation(&mut transaction, lease, new, &new.spectra_used, again.timings)
                    .await?
            }
            None => EventBody::Processed {
                spectrum: again.spectrum.id,
                nucleus: again.spectrum.nucleus.clone(),
                experiment: again.spectrum.experiment.clone(),
                frequency_mhz: again.spectrum.frequency_mhz,
                solvent: again.spectrum.solvent.clone(),
                peaks: count(&again.spectrum.peaks),
                multiplets: count_multiplets(&again.spectrum.multiplets),
                quality: again.spectrum.quality.as_ref().map(|quality| quality.score),
                timings: again.timings,
                unjudged: again.unjudged.as_deref().map(storable),
            },
        };
        let cursor = append_events(&mut transaction, lease, &[event]).await?;
        transaction.commit().await?;
        Ok(cursor)
    }
}

/// Puts acquisitions back to `ready` whose axis another spectrum of their tube contradicts.
async fn requeue_displaced(
    connection: &mut PgConnection,
    acquisitions: &[Uuid],
) -> Result<(), StoreError> {
    if acquisitions.is_empty() {
        return Ok(());
    }
    sqlx::query!(
        "UPDATE acquisitions SET state = 'ready',
                reason = 'another spectrum of the sample has the better axis',
                work = 'reprocessing', attempts = 0, abrupt_ends = 0, elucidate_only = false,
                due_at = NULL, updated_at = now()
         WHERE id = ANY($1) AND digest IS NOT NULL
               AND (state = 'done' OR (state = 'ready' AND elucidate_only))",
        acquisitions
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Locks the sample and closes the lease.
async fn close_lease(connection: &mut PgConnection, lease: &Lease) -> Result<(), StoreError> {
    // The sample's row orders this against proposals and gives revisions without gaps.
    let proposals = sqlx::query_scalar!(
        "SELECT proposal_count FROM samples WHERE id = $1 FOR UPDATE",
        lease.sample
    )
    .fetch_one(&mut *connection)
    .await?;
    end_lease(connection, lease, proposals == lease.proposals).await
}

/// Inserts a judgement and returns its event.
async fn insert_elucidation(
    connection: &mut PgConnection,
    lease: &Lease,
    new: &NewElucidation,
    used: &[Uuid],
    timings: StageTimings,
) -> Result<EventBody, StoreError> {
    let (elucidation, number) =
        elucidations::insert(&mut *connection, lease, used, new, timings.elucidate_ms).await?;
    let (spectra, change) = revision::compare(connection, elucidation).await?;
    Ok(EventBody::Elucidated {
        elucidation,
        revision: number,
        verdict: new.elucidation.verdict,
        verdict_probability: new.elucidation.verdict_probability,
        reasons: new.elucidation.reasons.clone(),
        considered: new.elucidation.considered,
        candidates: event_candidates(&new.elucidation.candidates),
        components: new.elucidation.components.clone(),
        model_digest: new.model_digest.clone(),
        timings,
        spectra,
        change,
    })
}

/// Writes the events and returns the cursor of the last.
async fn append_events(
    connection: &mut PgConnection,
    lease: &Lease,
    new: &[EventBody],
) -> Result<i64, StoreError> {
    let mut cursor = 0;
    for event in new {
        cursor = events::append(&mut *connection, lease.acquisition, event).await?;
    }
    Ok(cursor)
}

async fn end_lease(
    connection: &mut PgConnection,
    lease: &Lease,
    all_judged: bool,
) -> Result<(), StoreError> {
    let (state, reason) = if all_judged {
        (AcquisitionState::Done, "processed")
    } else {
        (AcquisitionState::Ready, "structures or spectra came meanwhile")
    };
    let closed = sqlx::query!(
        "UPDATE acquisitions SET state = $3, reason = $4, lease_token = NULL,
                updated_at = now(), finished_at = now(), due_at = NULL, abrupt_ends = 0,
                elucidate_only = $3 = 'ready',
                work = CASE WHEN $3 = 'ready' THEN 'requested' ELSE work END,
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
            PeakClass::Satellite => &mut counts.satellite,
            PeakClass::Sideband => &mut counts.sideband,
            PeakClass::Artifact => &mut counts.artifact,
        } += 1;
    }
    counts
}

fn count_multiplets(multiplets: &[Multiplet]) -> u32 {
    let of_compound = multiplets.iter().filter(|one| one.class == PeakClass::Compound);
    u32::try_from(of_compound.count()).unwrap_or(u32::MAX)
}

/// The head of a ranking and whatever was proposed, with assignments of the best and of the
/// proposed: what a subscriber needs to act without asking back.
fn event_candidates(ranked: &[Candidate]) -> Vec<Candidate> {
    ranked
        .iter()
        .enumerate()
        .filter(|(place, candidate)| *place < EVENT_CANDIDATES || candidate.is_proposed())
        .map(|(place, candidate)| {
            let mut reported = candidate.clone();
            if place > 0 && !candidate.is_proposed() {
                reported.assignments.clear();
            }
            reported
        })
        .collect()
}
