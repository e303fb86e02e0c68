//! `FindSimilarSpectra`: what was measured here that resembles something.

use std::sync::Arc;

use tokio::sync::Semaphore;
use tonic::{Code, Status};
use uuid::Uuid;

use super::view::View;
use super::{convert, paging, status};
use crate::pipeline::sample_spectrum;
use larmor_client::proto::find_similar_spectra_request::Query as Asked;
use larmor_client::proto::{
    self, FindSimilarSpectraRequest, FindSimilarSpectraResponse, GivenPeaks,
};
use larmor_elucidation::{GivenSignal, Query, SpectrumEmbedders};
use larmor_nmr::fid::Nucleus;
use larmor_nmr::history::SpectrumEmbedding;
use larmor_nmr::sample::SampleSpectrum;
use larmor_store::{SimilarSpectrum, StoredSpectrum};

/// Entries of the answer when the client does not say, and at most.
const LIMIT: (usize, usize) = (10, 100);
/// Searches that run at once, each of which reads every embedding; others wait.
const SEARCHES: usize = 2;
/// Most peaks that may be given.
const MOST_PEAKS: usize = 1_000;
/// Frequency that given 1H signals are drawn at when the client does not say, MHz.
const PROTON_MHZ: f64 = 400.0;

/// Finds similar spectra.
pub(super) struct SimilarSpectra {
    embedders: SpectrumEmbedders,
    searches: Arc<Semaphore>,
}

/// What was asked for, by spectra of one sample or none.
struct Question {
    query: Query,
    sample: Option<Uuid>,
    /// Nuclei that the answer is to be about.
    nuclei: Vec<Nucleus>,
}

impl SimilarSpectra {
    pub(super) fn new(embedders: SpectrumEmbedders) -> Self {
        Self { embedders, searches: Arc::new(Semaphore::new(SEARCHES)) }
    }

    pub(super) async fn find(
        &self,
        view: &View,
        request: FindSimilarSpectraRequest,
    ) -> Result<FindSimilarSpectraResponse, Status> {
        let limit = match usize::try_from(request.limit) {
            Ok(0) => LIMIT.0,
            Ok(limit) => limit.min(LIMIT.1),
            Err(_) => return Err(Status::invalid_argument("limit is negative")),
        };
        let wanted = nucleus(&request.nucleus)?;
        let asked = request.query.ok_or_else(|| {
            Status::invalid_argument("give an acquisition_id, a sample or peaks as query")
        })?;
        let question = question(view, asked, wanted).await?;
        let embeddings = self.embed(question.query, &question.nuclei).await?;
        let mut found = Vec::new();
        for embedding in embeddings {
            // Never closed.
            let _turn = self.searches.acquire().await;
            found.extend(view.similar_spectra(&embedding, question.sample, limit).await?);
        }
        Ok(FindSimilarSpectraResponse { spectra: found.into_iter().map(similar).collect() })
    }

    /// The query as directions, one for each nucleus that a network runs for.
    async fn embed(
        &self,
        query: Query,
        nuclei: &[Nucleus],
    ) -> Result<Vec<SpectrumEmbedding>, Status> {
        let can: Vec<Nucleus> =
            nuclei.iter().filter(|nucleus| self.embedders.embeds(nucleus)).cloned().collect();
        if can.is_empty() {
            return Err(match nuclei {
                [] => nothing_to_embed(None),
                _ => no_network(nuclei),
            });
        }
        let embedders = self.embedders.clone();
        let embedded = tokio::task::spawn_blocking(move || {
            let each = can.iter().map(|nucleus| embedders.embed(nucleus, &query));
            each.collect::<Result<Vec<_>, _>>()
        });
        let embedded = embedded
            .await
            .map_err(|_| Status::internal("embedding a spectrum failed"))?
            .map_err(|error| Status::unavailable(error.to_string()))?;
        let embedded: Vec<SpectrumEmbedding> = embedded.into_iter().flatten().collect();
        if embedded.is_empty() { Err(nothing_to_embed(None)) } else { Ok(embedded) }
    }
}

async fn question(view: &View, asked: Asked, wanted: Option<Nucleus>) -> Result<Question, Status> {
    let (spectra, sample) = match asked {
        Asked::Peaks(peaks) => {
            let query = given(peaks)?;
            let mut nuclei = Vec::new();
            nuclei.extend((!query.c13.is_empty()).then_some(Nucleus::Carbon));
            nuclei.extend((!query.h1.is_empty()).then_some(Nucleus::Proton));
            nuclei.retain(|nucleus| wanted.as_ref().is_none_or(|wanted| wanted == nucleus));
            return Ok(Question { query, sample: None, nuclei });
        }
        Asked::AcquisitionId(id) => {
            let acquisition = view.acquisition(paging::id(&id)?).await?;
            let latest = view.acquisition_spectrum(acquisition.id).await?;
            (latest.into_iter().collect(), acquisition.sample)
        }
        Asked::Sample(sample) => {
            let id = view.sample_called(&sample.group, &sample.name).await?;
            (view.sample_spectra(id).await?, id)
        }
    };
    let spectra: Vec<SampleSpectrum> =
        spectra.into_iter().filter_map(|stored: StoredSpectrum| sample_spectrum(stored)).collect();
    let mut nuclei = vec![Nucleus::Carbon, Nucleus::Proton];
    nuclei.retain(|nucleus| {
        wanted.as_ref().is_none_or(|wanted| wanted == nucleus)
            && spectra.iter().any(|spectrum| spectrum.nucleus == *nucleus)
    });
    match Query::of_sample(&spectra) {
        Some((query, _)) => Ok(Question { query, sample: Some(sample), nuclei }),
        None => Err(nothing_to_embed(wanted.as_ref())),
    }
}

/// Says which folders of models would do.
fn no_network(nuclei: &[Nucleus]) -> Status {
    let folders: Vec<&str> = nuclei.iter().flat_map(SpectrumEmbedders::known).collect();
    let names: Vec<String> = nuclei.iter().map(ToString::to_string).collect();
    let said = format!(
        "no network runs here that embeds {} spectra: the server's directory of models \
         (models.directory) has no folder {}, or its roles leave out process",
        names.join(" or "),
        folders.join(" or ")
    );
    let metadata = [("nuclei", names.join(",")), ("folders", folders.join(","))];
    status::detailed(Code::FailedPrecondition, said, "NO_EMBEDDING_NETWORK", metadata)
}

fn nothing_to_embed(nucleus: Option<&Nucleus>) -> Status {
    let kind = nucleus.map_or_else(|| "13C or 1H".to_owned(), ToString::to_string);
    let said = format!("there is no {kind} spectrum with lines of the whole compound to search by");
    status::detailed(Code::FailedPrecondition, said, "NO_SPECTRUM", [])
}

fn nucleus(word: &str) -> Result<Option<Nucleus>, Status> {
    match word {
        "" => Ok(None),
        "13C" => Ok(Some(Nucleus::Carbon)),
        "1H" => Ok(Some(Nucleus::Proton)),
        _ => Err(Status::invalid_argument("nucleus is neither 13C nor 1H")),
    }
}

fn given(peaks: GivenPeaks) -> Result<Query, Status> {
    let count = peaks.carbon_ppm.len() + peaks.proton.len();
    if count == 0 || count > MOST_PEAKS {
        return Err(Status::invalid_argument(format!(
            "{count} peaks were given; give 1 to {MOST_PEAKS}"
        )));
    }
    let mhz = if peaks.proton_mhz == 0.0 { PROTON_MHZ } else { peaks.proton_mhz };
    let signals = peaks.proton.iter();
    let couplings = signals.clone().flat_map(|signal| &signal.couplings_hz);
    let shifts = peaks.carbon_ppm.iter().chain(signals.clone().map(|signal| &signal.ppm));
    let all = shifts.chain(signals.map(|signal| &signal.hydrogens)).chain(couplings);
    if !(mhz.is_finite() && mhz > 0.0) || all.into_iter().any(|number| !number.is_finite()) {
        return Err(Status::invalid_argument("peaks hold something that is no number"));
    }
    let proton: Vec<GivenSignal> = peaks
        .proton
        .into_iter()
        .map(|signal| GivenSignal {
            ppm: signal.ppm,
            hydrogens: if signal.hydrogens > 0.0 { signal.hydrogens } else { 1.0 },
            pattern: signal.pattern,
            couplings_hz: signal.couplings_hz,
        })
        .collect();
    Ok(Query::of_given_peaks(&peaks.carbon_ppm, &proton, mhz))
}

fn similar(found: SimilarSpectrum) -> proto::SimilarSpectrum {
    let structure = found.structure;
    let verdict = structure.as_ref().and_then(|known| known.verdict);
    let best_probability = structure.as_ref().and_then(|known| known.probability);
    let (best_smiles, best_formula, best_name, best_source) = structure
        .map(|known| {
            let or_empty = Option::unwrap_or_default;
            (known.smiles, or_empty(known.formula), or_empty(known.name), known.source)
        })
        .unwrap_or_default();
    proto::SimilarSpectrum {
        acquisition_id: found.acquisition.to_string(),
        spectrum_id: found.spectrum.to_string(),
        sample_id: found.sample.to_string(),
        sample: found.sample_name,
        group: found.group,
        instrument: found.instrument,
        nucleus: found.nucleus.to_string(),
        similarity: found.similarity,
        acquired_time: Some(convert::timestamp(found.acquired_at)),
        best_smiles,
        best_formula,
        best_name,
        best_source,
        best_probability,
        verdict: verdict.map_or(proto::Verdict::Unspecified, convert::verdict).into(),
    }
}
