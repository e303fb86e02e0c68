//! `GetReport` and `ExportSample`: a sample as papers print it and as other programs read it.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use tonic::Status;
use uuid::Uuid;

use super::status;
use larmor_client::proto::{self, ExportFormat, ExportSampleResponse, GetReportResponse};
use larmor_elucidation::whole_experiments;
use larmor_nmr::elucidation::{Candidate, Elucidation, PeakAssignment, Verdict};
use larmor_nmr::fid::Nucleus;
use larmor_nmr::review::Decision;
use larmor_report::export::{self, ExportError, Format};
use larmor_report::text::Style;
use larmor_report::{ReportedSpectrum, ReportedStructure, SampleReport};
use larmor_store::{Review, Store, StoredSpectrum};

/// What a candidate's source says of a structure that somebody proposed.
const PROPOSED: &str = "proposed";

/// A report with the identities of its spectra, in their order.
pub(super) struct Gathered {
    report: SampleReport,
    spectra: Vec<Uuid>,
}

/// All that a report of a sample is made of; the points of its spectra only where they are asked for.
pub(super) async fn gather(
    store: &Store,
    sample: Uuid,
    with_points: bool,
) -> Result<Gathered, Status> {
    let summary = store.sample(sample).await.map_err(status::of)?;
    let mut stored = store.sample_spectra(sample).await.map_err(status::of)?;
    stored.sort_by_key(|one| {
        let whole = whole_experiments(&one.nucleus);
        let place = whole.iter().position(|kind| one.experiment.known() == Some(kind));
        (Reverse(one.nucleus == Nucleus::Proton), place.unwrap_or(usize::MAX))
    });
    let (mut spectra, mut ids) = (Vec::new(), Vec::new());
    for one in stored {
        let Some(experiment) = one.experiment.known().copied() else { continue };
        let trace = if with_points { store.trace(one.id).await.map_err(status::of)? } else { None };
        ids.push(one.id);
        spectra.push(reported(one, experiment, trace));
    }
    let judgement = match &summary.judgement {
        Some(judgement) => {
            Some(store.elucidation(judgement.elucidation).await.map_err(status::of)?)
        }
        None => None,
    };
    let reviews = store.reviews(sample).await.map_err(status::of)?;
    let structure = judgement.as_ref().and_then(|judged| structure(&judged.elucidation, &reviews));
    let mut report = SampleReport { sample: summary.name, spectra, structure };
    report.count_hydrogens().map_err(|cause| refused(&ExportError::from(cause)))?;
    Ok(Gathered { report, spectra: ids })
}

fn reported(
    stored: StoredSpectrum,
    experiment: larmor_nmr::fid::Experiment,
    trace: Option<larmor_nmr::trace::Trace>,
) -> ReportedSpectrum {
    ReportedSpectrum {
        nucleus: stored.nucleus,
        experiment,
        frequency_mhz: stored.frequency_mhz,
        solvent: stored.solvent.as_ref().map(ToString::to_string),
        peaks: stored.peaks,
        multiplets: stored.multiplets,
        trace,
        acquired_at: Some(stored.acquired_at),
    }
}

/// The structure that a chemist confirmed, else the one that the judgement is on unless it fits badly;
/// none that a chemist rejected.
fn structure(judged: &Elucidation, reviews: &[Review]) -> Option<ReportedStructure> {
    let confirmed = reviews
        .iter()
        .rev()
        .find(|one| one.review.decision == Decision::Confirmed && one.review.structure.is_some());
    if let Some(confirmed) = confirmed
        && let Some(structure) = &confirmed.review.structure
    {
        let candidate =
            judged.candidates.iter().find(|candidate| candidate.smiles == structure.smiles);
        let assignments = candidate.map(Candidate::assignments_by_smiles).unwrap_or_default();
        return Some(ReportedStructure {
            smiles: structure.smiles.clone(),
            inchikey: structure.inchikey.clone(),
            formula: candidate.map_or_else(|| structure.formula.clone(), |one| one.formula.clone()),
            name: candidate.and_then(|one| one.name.clone()),
            assignments: corrected(assignments, confirmed),
        });
    }
    let proposed = judged.candidates.iter().find(|candidate| candidate.source == PROPOSED);
    let candidate = match judged.verdict {
        Verdict::Consistent | Verdict::BestMatch => proposed.or(judged.candidates.first()),
        Verdict::Inconclusive => proposed,
        Verdict::Inconsistent | Verdict::NoneFits => None,
    }?;
    let last = reviews.iter().rev().find(|one| {
        one.review.structure.as_ref().is_some_and(|s| s.inchikey == candidate.inchikey)
            && one.review.decision != Decision::Open
    });
    if last.is_some_and(|one| one.review.decision == Decision::Rejected) {
        return None;
    }
    Some(ReportedStructure {
        smiles: candidate.smiles.clone(),
        inchikey: candidate.inchikey.clone(),
        formula: candidate.formula.clone(),
        name: candidate.name.clone(),
        assignments: candidate.assignments_by_smiles(),
    })
}

/// Assignments with what a chemist said of them: an atom or a signal that the review names has no
/// other.
fn corrected(assignments: Vec<PeakAssignment>, review: &Review) -> Vec<PeakAssignment> {
    let said = &review.review.assignments;
    if said.is_empty() {
        return assignments;
    }
    let mut expected: BTreeMap<(String, u32), f64> = BTreeMap::new();
    for one in &assignments {
        expected.insert((one.nucleus.to_string(), one.atom), one.predicted_ppm);
    }
    let is_told = |one: &PeakAssignment| {
        said.iter().any(|told| {
            told.nucleus == one.nucleus
                && (told.atom == Some(one.atom) || (told.ppm - one.ppm).abs() < 1e-6)
        })
    };
    let mut all: Vec<PeakAssignment> =
        assignments.iter().filter(|one| !is_told(one)).cloned().collect();
    all.extend(said.iter().filter_map(|told| {
        let atom = told.atom?;
        let predicted = expected.get(&(told.nucleus.to_string(), atom));
        Some(PeakAssignment {
            atom,
            nucleus: told.nucleus.clone(),
            ppm: told.ppm,
            predicted_ppm: predicted.copied().unwrap_or(told.ppm),
            probability: 1.0,
        })
    }));
    all
}

impl Gathered {
    /// Texts, 1H before 13C, of each the best spectrum.
    pub(super) fn texts(&self, style: Style) -> GetReportResponse {
        let texts = export::texts(&self.report, style).into_iter().filter_map(|(place, text)| {
            let nucleus = self.report.spectra.get(place)?.nucleus.to_string();
            let spectrum_id = self.spectra.get(place)?.to_string();
            Some(proto::ReportedSpectrum { spectrum_id, nucleus, text })
        });
        GetReportResponse { spectra: texts.collect() }
    }

    /// Files in one format. Drawing and packing take their time: not for a thread that answers calls.
    pub(super) fn files(&self, format: Format) -> Result<ExportSampleResponse, Status> {
        let files = export::export(&self.report, format).map_err(|cause| refused(&cause))?;
        let files = files.into_iter().map(|file| proto::ExportedFile {
            name: file.name,
            media_type: file.media_type.to_owned(),
            content: file.content,
        });
        Ok(ExportSampleResponse { files: files.collect() })
    }
}

/// The format that a request names.
pub(super) fn format(asked: i32, style: Style) -> Result<Format, Status> {
    match ExportFormat::try_from(asked) {
        Ok(ExportFormat::Text) => Ok(Format::Text(style)),
        Ok(ExportFormat::Svg) => Ok(Format::Svg),
        Ok(ExportFormat::Pdf) => Ok(Format::Pdf),
        Ok(ExportFormat::Nmredata) => Ok(Format::Nmredata),
        Ok(ExportFormat::JcampDx) => Ok(Format::JcampDx),
        Ok(ExportFormat::Nmrium) => Ok(Format::Nmrium),
        Ok(ExportFormat::Unspecified) | Err(_) => {
            Err(Status::invalid_argument("format is none that this server writes"))
        }
    }
}

fn refused(cause: &ExportError) -> Status {
    match cause {
        ExportError::NoStructure => Status::failed_precondition(cause.to_string()),
        other => Status::internal(other.to_string()),
    }
}
