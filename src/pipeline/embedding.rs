//! Spectra as vectors, by which similar ones are found: each as it is processed, and in the
//! background those of earlier versions or earlier weights.

use tracing::warn;
use uuid::Uuid;

use larmor_elucidation::{EmbeddingNetwork, SpectrumEmbedders, whole_experiments};
use larmor_nmr::history::SpectrumEmbedding;
use larmor_nmr::sample::SampleSpectrum;
use larmor_store::{Store, StoreError, Unembedded};

use super::completion::{LIMIT, Lacking};
use super::compute::ComputeThread;
use super::gather::sample_spectrum;

/// The embedding of a spectrum that is being processed. Why there is none is logged: it is no
/// failure of the acquisition.
pub(super) async fn embed(
    embedders: &SpectrumEmbedders,
    compute: &ComputeThread,
    spectrum: SampleSpectrum,
) -> Option<SpectrumEmbedding> {
    if !embedders.embeds(&spectrum.nucleus) {
        return None;
    }
    let embedders = embedders.clone();
    match compute.execute(LIMIT, move || embedders.embed_spectrum(&spectrum)).await {
        Ok(Ok(embedding)) => embedding,
        Ok(Err(error)) => {
            warn!(%error, "a spectrum is kept without its embedding");
            None
        }
        Err(error) => {
            warn!(%error, "a spectrum is kept without its embedding");
            None
        }
    }
}

/// Embeddings of stored spectra by a network.
pub(super) struct Embeddings<'a> {
    embedders: &'a SpectrumEmbedders,
    compute: &'a ComputeThread,
    lacking: Unembedded,
}

impl<'a> Embeddings<'a> {
    pub(super) fn by(
        network: &EmbeddingNetwork,
        embedders: &'a SpectrumEmbedders,
        compute: &'a ComputeThread,
    ) -> Self {
        let experiments = whole_experiments(&network.nucleus).iter().map(ToString::to_string);
        let lacking = Unembedded {
            nucleus: network.nucleus.to_string(),
            experiments: experiments.collect(),
            network: network.name.to_owned(),
            model_digest: network.model_digest.clone(),
        };
        Self { embedders, compute, lacking }
    }
}

impl Lacking for Embeddings<'_> {
    fn name(&self) -> &str {
        &self.lacking.network
    }

    async fn next(
        &self,
        store: &Store,
        after: Option<Uuid>,
        most: i64,
    ) -> Result<Vec<Uuid>, StoreError> {
        store.unembedded_spectra(&self.lacking, after, most).await
    }

    async fn make(&self, store: &Store, id: Uuid) -> Result<bool, StoreError> {
        let Some(spectrum) = sample_spectrum(store.spectrum(id).await?) else { return Ok(false) };
        match embed(self.embedders, self.compute, spectrum).await {
            Some(embedding) => store.keep_embedding(id, &embedding).await,
            None => Ok(false),
        }
    }
}
