//! What a network that reads whole spectra offers to a ranking.

use crate::query::Query;
use crate::score_part::ScorePart;
use larmor_chemistry::MolecularGraph;
use larmor_networks::inference::InferenceError;
use larmor_nmr::fid::Nucleus;
use larmor_nmr::history::SpectrumEmbedding;

/// A network that holds a sample's spectra against molecules.
pub trait CompareSpectra: Send + Sync + 'static {
    /// Name of its part of the score.
    fn part(&self) -> ScorePart;

    /// Identity of the weights: SHA-256 of the weight file, hex.
    fn model_digest(&self) -> &str;

    /// A number for each molecule, higher is likelier; `None` where the sample lacks the spectra it
    /// takes. Blocks.
    ///
    /// # Errors
    /// [`InferenceError`] when the queue is full, the device thread has ended or the network
    /// fails.
    fn compare(
        &self,
        query: &Query,
        molecules: &[MolecularGraph],
    ) -> Result<Option<Vec<f64>>, InferenceError>;

    /// The nucleus whose spectra it embeds by themselves; `None` of one that does not.
    fn embeds(&self) -> Option<Nucleus> {
        None
    }

    /// The sample's spectrum of that nucleus as a direction; `None` where the sample lacks it.
    /// Blocks.
    ///
    /// # Errors
    /// As [`compare`](Self::compare).
    fn embed(&self, query: &Query) -> Result<Option<SpectrumEmbedding>, InferenceError> {
        let _ = query;
        Ok(None)
    }
}
