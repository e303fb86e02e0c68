//! `GetReport` and `ExportSample`: a sample as papers print it and as other programs read it.

use std::cmp::Reverse;
use tonic::Status;
use uuid::Uuid;

use super::reported_structure;
use super::view::View;
use larmor_client::proto::{self, ExportFormat, ExportSampleResponse, GetReportResponse};
use larmor_elucidation::whole_experiments;
use larmor_nmr::fid::Nucleus;
use larmor_report::export::{self, ExportError, Format};
use larmor_report::text::Style;
use larmor_report::{ReportedSpectrum, SampleReport};
use larmor_store::StoredSpectrum;

/// A report with the identities of its spectra, in their order.
pub(super) struct StoredReport {
    report: SampleReport,
    spectra: Vec<Uuid>,
}

/// All that a report of a sample is made of; the points of its spectra only where they are asked for.
pub(super) async fn read_report(
    view: &View,
    sample: Uuid,
    with_points: bool,
) -> Result<StoredReport, Status> {
    let summary = view.sample(sample).await?;
    let mut stored = view.sample_spectra(sample).await?;
    stored.sort_by_key(|one| {
        let whole = whole_experiments(&one.nucleus);
        let place = whole.iter().position(|kind| one.experiment.known() == Some(kind));
        (Reverse(one.nucleus == Nucleus::Proton), place.unwrap_or(usize::MAX))
    });
    let (mut spectra, mut ids) = (Vec::new(), Vec::new());
    for one in stored {
        let Some(experiment) = one.experiment.known().copied() else { continue };
        let trace = if with_points { view.trace(one.id).await? } else { None };
        ids.push(one.id);
        spectra.push(reported(one, experiment, trace));
    }
    let judgement = match &summary.judgement {
        Some(judgement) => Some(view.elucidation(judgement.elucidation).await?),
        None => None,
    };
    let reviews = view.reviews(sample).await?;
    let found = judgement.map(|judged| reported_structure::of(&judged.elucidation, &reviews));
    let found = found.transpose().map_err(|cause| refused(&ExportError::from(cause)))?.flatten();
    let (structure, foreign) =
        found.map_or((None, Vec::new()), |found| (Some(found.structure), found.foreign));
    let mut report = SampleReport { sample: summary.name, spectra, structure };
    report.set_aside(&foreign);
    report.count_hydrogens().map_err(|cause| refused(&ExportError::from(cause)))?;
    Ok(StoredReport { report, spectra: ids })
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

impl StoredReport {
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
