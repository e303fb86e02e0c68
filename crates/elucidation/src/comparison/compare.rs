//! What a network that reads whole spectra offers to a ranking.

use crate::query::Query;
use crate::score_part::ScorePart;
use larmor_chemistry::MolecularGraph;
use larmor_networks::inference::InferenceError;

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
}
