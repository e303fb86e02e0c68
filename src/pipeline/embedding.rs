//! Spectra as vectors, by which similar ones are found: each as it is processed, and in the
//! background those of earlier versions or earlier weights.

use std::time::Duration;

use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tracing::{debug, info, warn};
use uuid::Uuid;

use larmor_elucidation::{EmbeddingNetwork, SpectrumEmbedders, whole_experiments};
use larmor_nmr::history::SpectrumEmbedding;
use larmor_nmr::sample::SampleSpectrum;
use larmor_retry::Backoff;
use larmor_store::{RECONNECT, Store, StoreError, Unembedded};

use super::compute::ComputeThread;
use super::gather::sample_spectrum;

/// Spectra that are looked up together.
const BATCH: i64 = 128;
/// Between two questions whether live work still waits.
const LIVE_WORK: Duration = Duration::from_secs(2);

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
    match compute.execute(move || embedders.embed_spectrum(&spectrum)).await {
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

/// Embeds stored spectra that lack an embedding by the weights in use.
pub(super) struct Backfill {
    pub(super) store: Store,
    pub(super) embedders: SpectrumEmbedders,
    pub(super) compute: ComputeThread,
    pub(super) drain: CancellationToken,
}

impl Backfill {
    /// Works until nothing is lacking or it is asked to drain.
    pub(super) async fn run(self) {
        let drain = self.drain.clone();
        tokio::select! {
            () = self.embed_all() => {}
            () = drain.cancelled() => {}
        }
    }

    async fn embed_all(&self) {
        for network in self.embedders.networks() {
            let embedded = self.embed_spectra_of(&network).await;
            info!(
                network = network.name,
                embedded, "every stored spectrum that can be is embedded"
            );
        }
    }

    /// Embeds the spectra of one nucleus, the newest first; tells how many.
    async fn embed_spectra_of(&self, network: &EmbeddingNetwork) -> usize {
        let lacking = Unembedded {
            nucleus: network.nucleus.to_string(),
            experiments: whole_experiments(&network.nucleus)
                .iter()
                .map(ToString::to_string)
                .collect(),
            network: network.name.to_owned(),
            model_digest: network.model_digest.clone(),
        };
        let (mut embedded, mut last, mut backoff) = (0, None, Backoff::new(RECONNECT));
        loop {
            match self.next_batch(&lacking, &mut last).await {
                Ok(Some(more)) => {
                    embedded += more;
                    backoff.reset();
                }
                Ok(None) => return embedded,
                Err(error) if error.is_unavailable() => {
                    debug!(%error, "embedding stored spectra waits for the database");
                    sleep(backoff.next_wait()).await;
                }
                Err(error) => {
                    warn!(
                        error = &error as &dyn std::error::Error,
                        "embedding stored spectra goes on after the next start"
                    );
                    return embedded;
                }
            }
        }
    }

    /// Embeds the next few, each once no live work waits; tells how many, `None` at the end. `last`
    /// is moved behind each spectrum that was tried, so that one which cannot be embedded is tried
    /// once.
    async fn next_batch(
        &self,
        lacking: &Unembedded,
        last: &mut Option<Uuid>,
    ) -> Result<Option<usize>, StoreError> {
        let batch = self.store.unembedded_spectra(lacking, *last, BATCH).await?;
        if batch.is_empty() {
            return Ok(None);
        }
        let mut embedded = 0;
        for id in batch {
            while self.store.has_work().await? {
                sleep(LIVE_WORK).await;
            }
            match self.embed_stored(id).await {
                Ok(written) => embedded += usize::from(written),
                Err(error) if error.is_unavailable() => return Err(error),
                Err(error) => debug!(%error, spectrum = %id, "a stored spectrum is not embedded"),
            }
            *last = Some(id);
        }
        Ok(Some(embedded))
    }

    /// Embeds a stored spectrum; true when that was written.
    async fn embed_stored(&self, id: Uuid) -> Result<bool, StoreError> {
        let stored = self.store.spectrum(id).await?;
        let Some(spectrum) = sample_spectrum(stored) else { return Ok(false) };
        match embed(&self.embedders, &self.compute, spectrum).await {
            Some(embedding) => self.store.keep_embedding(id, &embedding).await,
            None => Ok(false),
        }
    }
}
