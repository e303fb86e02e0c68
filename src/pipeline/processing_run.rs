//! One processing run: what a worker computes and what it asks of the store in between.

use std::sync::Arc;

use tracing::debug;
use uuid::Uuid;

use crate::watch::decode_path;
use larmor_nmr::fid;
use larmor_nmr::sample::SampleSpectrum;
use larmor_nmr::spectrum::{PROCESSING_VERSION, ProcessingParameters};
use larmor_nmr::structure::ProposedStructure;
use larmor_store::{Finished, Lease, NewElucidation, Reelucidated, StageTimings, StoredSpectrum};

use super::compute::ComputeError;
use super::embedding::embed;
use super::failure::{Cause, Failure};
use super::gather::{AvailableSpectrum, Gathered, gather};
use super::processing::{Processed, elucidate, process};
use super::sample_axis;
use super::worker::{RunResult, Worker};

/// What a judgement says that may be revised once the sample's other spectrum is there.
const CARBON_ALONE: &str = "judged by 13C alone: no 1H signals of this sample are known";
const PROTON_ALONE: &str = "judged by 1H alone: no 13C lines of this sample are known";

impl Worker {
    /// From the dataset to what is to be committed.
    pub(super) async fn processing_run(&self, lease: &Lease) -> Result<RunResult, Failure> {
        match self.reusable_spectrum(lease).await? {
            Some(spectrum) => self.elucidate_again(lease, spectrum).await,
            None => self.process(lease).await,
        }
    }

    /// The spectrum that need not be made again: only a judgement is asked for, and processing
    /// would give the same. The data themselves may be archived by now.
    async fn reusable_spectrum(&self, lease: &Lease) -> Result<Option<StoredSpectrum>, Failure> {
        if !lease.elucidate_only {
            return Ok(None);
        }
        let store = &self.shared.store;
        let stored =
            self.retry_while_unavailable(|| store.acquisition_spectrum(lease.acquisition)).await?;
        Ok(stored.filter(|spectrum| spectrum.processing["version"] == PROCESSING_VERSION))
    }

    async fn elucidate_again(
        &self,
        lease: &Lease,
        spectrum: StoredSpectrum,
    ) -> Result<RunResult, Failure> {
        let store = &self.shared.store;
        let spectra = self.retry_while_unavailable(|| store.sample_spectra(lease.sample)).await?;
        let spectra = spectra.into_iter().filter_map(AvailableSpectrum::stored).collect();
        let (elucidation, unjudged, elucidate_ms) = self.elucidation_of(lease, spectra).await?;
        let timings = StageTimings { elucidate_ms, ..StageTimings::default() };
        let result = Reelucidated { spectrum, elucidation, unjudged, timings };
        Ok(RunResult::Reelucidated(Box::new(result)))
    }

    async fn process(&self, lease: &Lease) -> Result<RunResult, Failure> {
        let path = decode_path(&lease.path);
        let store = &self.shared.store;
        let stored = self.retry_while_unavailable(|| store.sample_spectra(lease.sample)).await?;
        let stored: Vec<StoredSpectrum> =
            stored.into_iter().filter(|s| s.acquisition != lease.acquisition).collect();
        let acquired_at = lease.last_written.unwrap_or(lease.discovered_at);
        let session = sample_axis::of_same_session(&stored, lease, acquired_at);
        let digest = lease.digest.clone();
        let parameters = ProcessingParameters {
            sample_axis: sample_axis::best(&session),
            ..self.shared.settings.processing.clone()
        };
        let dataset = self.read(lease, path, digest).await?;
        let limit = self.shared.settings.deadline;
        let processed =
            self.compute.execute(limit, move || process(&dataset, &parameters)).await??;
        let Processed { spectrum, referencing, read_ms, process_ms } = processed;

        let displaced = sample_axis::displaced(&session, &spectrum, &referencing);
        let displaced = self.present(displaced).await?;
        let mut spectra: Vec<_> =
            stored.into_iter().filter_map(AvailableSpectrum::stored).collect();
        let of_sample = SampleSpectrum {
            nucleus: spectrum.nucleus.clone(),
            experiment: spectrum.experiment,
            peaks: spectrum.peaks.clone(),
            multiplets: spectrum.multiplets.clone(),
            solvent: spectrum.solvent,
            frequency_mhz: spectrum.frequency_mhz,
            axis_error_ppm: referencing.axis_error_ppm(),
        };
        let embedding = embed(&self.shared.embedders, &self.compute, of_sample.clone()).await;
        spectra.push(AvailableSpectrum {
            id: None,
            acquisition: lease.acquisition,
            acquired_at,
            origin: spectrum.origin,
            spectrum: of_sample,
        });
        let (elucidation, unjudged, elucidate_ms) = self.elucidation_of(lease, spectra).await?;
        let timings = StageTimings { read_ms, process_ms, elucidate_ms };
        let result = Finished { spectrum, embedding, elucidation, unjudged, displaced, timings };
        Ok(RunResult::Processed(Box::new(result)))
    }

    /// Those acquisitions whose data are still there, to be processed again; what was archived or
    /// replaced keeps the spectrum that it has.
    async fn present(&self, displaced: Vec<Uuid>) -> Result<Vec<Uuid>, Failure> {
        let store = &self.shared.store;
        let limit = self.shared.settings.read_deadline;
        let mut present = Vec::new();
        for acquisition in displaced {
            match self.retry_while_unavailable(|| store.acquisition(acquisition)).await {
                Ok(other) => {
                    let (path, digest) = (decode_path(&other.path), other.digest);
                    let same = move || fid::inspect(&path).is_ok_and(|now| now.digest == digest);
                    match self.of_files(limit, same).await {
                        Ok(true) => present.push(acquisition),
                        Err(given_up @ ComputeError::GivenUp) => return Err(given_up.into()),
                        Ok(false) | Err(_) => {}
                    }
                }
                Err(error) => debug!(%error, "an earlier acquisition cannot be looked up"),
            }
        }
        Ok(present)
    }

    /// The judgement of the sample by its spectra, or why there is none; and how long it took.
    async fn elucidation_of(
        &self,
        lease: &Lease,
        spectra: Vec<AvailableSpectrum>,
    ) -> Result<(Option<NewElucidation>, Option<String>, f64), Failure> {
        let judged = match gather(spectra) {
            Some(gathered) => self.elucidate_sample(lease, gathered).await?,
            None => Err(
                "the sample has no 1H spectrum yet that shows every hydrogen, and none that shows \
                     every carbon"
                    .to_owned(),
            ),
        };
        Ok(match judged {
            Ok((elucidation, ms)) => (Some(elucidation), None, ms),
            Err(reason) => (None, Some(reason), 0.0),
        })
    }

    /// Elucidates the sample; the inner error says why its spectra cannot be judged, however often
    /// one tries.
    async fn elucidate_sample(
        &self,
        lease: &Lease,
        gathered: Gathered,
    ) -> Result<Result<(NewElucidation, f64), String>, Failure> {
        let Gathered { query, used, uses_new, acquisitions } = gathered;
        let proposed = self.proposed(lease, &acquisitions).await?;
        let elucidator = Arc::clone(&self.shared.elucidator);
        let options = self.shared.options.clone();
        let parameters = serde_json::to_value(&options)
            .map_err(|error| Failure::permanent(format!("parameters: {error}")))?;
        let alone = match (query.c13.is_empty(), query.h1.is_empty()) {
            (false, true) => Some(CARBON_ALONE),
            (true, false) => Some(PROTON_ALONE),
            _ => None,
        };
        let judged = self
            .compute
            .execute(self.shared.settings.deadline, move || {
                elucidate(&elucidator, &query, &proposed, &options)
            })
            .await?;
        let (mut elucidation, ms) = match judged {
            Ok(judged) => judged,
            Err(failure) if failure.cause != Cause::Data => return Err(failure),
            Err(failure) => return Ok(Err(failure.reason)),
        };
        elucidation.reasons.extend(alone.map(str::to_owned));
        let models = self.shared.elucidator.models_of(&elucidation);
        let elucidation = NewElucidation {
            elucidation,
            model_digest: self.shared.model_digest.clone(),
            models,
            library_versions: self.shared.library_versions.clone(),
            parameters,
            spectra_used: used,
            uses_new_spectrum: uses_new,
        };
        Ok(Ok((elucidation, ms)))
    }

    /// Structures proposed for the sample: beside its data, and by clients. Each once.
    async fn proposed(
        &self,
        lease: &Lease,
        acquisitions: &[Uuid],
    ) -> Result<Vec<ProposedStructure>, Failure> {
        let store = &self.shared.store;
        let mut places = vec![(decode_path(&lease.path), lease.beside)];
        for id in acquisitions.iter().filter(|id| **id != lease.acquisition) {
            match self.retry_while_unavailable(|| store.acquisition(*id)).await {
                Ok(other) => places.push((decode_path(&other.path), other.beside)),
                Err(error) => debug!(%error, "an earlier acquisition cannot be looked up"),
            }
        }
        let beside = self
            .of_files(self.shared.settings.read_deadline, move || {
                let found = places
                    .iter()
                    .flat_map(|(path, beside)| fid::proposed_structures(path, *beside));
                found.collect::<Vec<_>>()
            })
            .await
            // A judgement without what lies beside the data would be another one.
            .map_err(|error| match error {
                ComputeError::GivenUp => error.into(),
                _ => Failure::passing(format!("structures beside the data: {error}")),
            })?;
        let by_clients = self.retry_while_unavailable(|| store.proposals(lease.sample)).await?;
        let by_clients = by_clients.into_iter().map(|proposal| proposal.structure);
        let mut all: Vec<ProposedStructure> = Vec::new();
        for proposed in beside.into_iter().chain(by_clients) {
            if all.iter().all(|other| other.text != proposed.text) {
                all.push(proposed);
            }
        }
        Ok(all)
    }
}
