//! Shift predictions, whoever makes them.

use std::sync::Arc;

use super::error::InferenceError;
use super::request_queue::ModelHandle;
use crate::shift::{PredictedShifts, ShiftEnsemble};
use larmor_chemistry::MolecularGraph;

/// A source of shift predictions. The daemon's is a thread that owns the network; tests bring
/// their own.
pub trait PredictShifts: Send + Sync + 'static {
    /// Predicts shifts for each graph, in order. Blocks the calling thread.
    ///
    /// # Errors
    /// [`InferenceError`] when the queue is full, the device thread has ended or the network
    /// fails.
    fn predict_shifts(
        &self,
        graphs: Vec<MolecularGraph>,
    ) -> Result<Vec<PredictedShifts>, InferenceError>;

    /// Identity of the weights: SHA-256 of the weight file, hex.
    fn model_digest(&self) -> &str;
}

/// A shared predictor.
pub type Predictor = Arc<dyn PredictShifts>;

impl PredictShifts for ModelHandle<ShiftEnsemble> {
    fn predict_shifts(
        &self,
        graphs: Vec<MolecularGraph>,
    ) -> Result<Vec<PredictedShifts>, InferenceError> {
        self.infer(graphs)
    }

    fn model_digest(&self) -> &str {
        self.digest()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use tch::Device;

    use super::*;
    use crate::batch_model::BatchModel;
    use crate::inference::device_thread::DeviceThread;
    use crate::parameters::Parameters;
    use crate::shift::{ShiftConfig, ShiftNet};
    use larmor_chemistry::Molecule;

    fn predictor() -> impl PredictShifts {
        let mut parameters = Parameters::random(7, Device::Cpu);
        let config = ShiftConfig {
            layers: 2,
            width: 16,
            dropout: 0.1,
            attention_every: 2,
            solvent: true,
            geminal: true,
        };
        let net = ShiftNet::build(&mut parameters, config).unwrap();
        let mut thread = DeviceThread::new();
        let handle = thread.add(ShiftEnsemble::single(net, Device::Cpu), "test");
        thread.start().unwrap();
        handle
    }

    fn graph(smiles: &str) -> MolecularGraph {
        Molecule::graph_only(smiles).unwrap().graph
    }

    #[test]
    fn a_molecule_is_predicted_alike_alone_and_in_company() {
        let predictor = predictor();
        let alone = predictor.predict_shifts(vec![graph("CCO")]).unwrap();
        let company = predictor.predict_shifts(vec![graph("c1ccccc1"), graph("CCO")]).unwrap();
        for (a, b) in alone[0].c13.iter().zip(&company[1].c13) {
            assert_eq!(a.is_some(), b.is_some());
            if let (Some(a), Some(b)) = (a, b) {
                assert!((a.ppm - b.ppm).abs() < 1e-3);
            }
        }
    }

    #[test]
    fn equivalent_atoms_get_equal_shifts_and_only_carbons_get_13c() {
        let predicted = predictor().predict_shifts(vec![graph("Cc1ccccc1O")]).unwrap();
        assert!(predicted[0].c13[7].is_none() && predicted[0].h1[7].is_some());
        let toluene = predictor().predict_shifts(vec![graph("Cc1ccccc1")]).unwrap();
        assert!(toluene[0].geminal.iter().all(Option::is_none), "no CH2");
        let ethyl = predictor().predict_shifts(vec![graph("CCO")]).unwrap();
        assert!(ethyl[0].geminal[1].unwrap().ppm >= 0.0 && ethyl[0].geminal[0].is_none());
        let ortho = [2, 6].map(|atom| toluene[0].c13[atom].unwrap().ppm);
        assert!((ortho[0] - ortho[1]).abs() < 1e-3);
    }

    #[test]
    fn many_threads_are_served_each_its_own_answer() {
        let predictor = predictor();
        std::thread::scope(|scope| {
            for carbons in 1..20 {
                let predictor = &predictor;
                scope.spawn(move || {
                    let predicted =
                        predictor.predict_shifts(vec![graph(&"C".repeat(carbons))]).unwrap();
                    assert_eq!(predicted[0].c13.len(), carbons);
                });
            }
        });
    }

    #[test]
    fn batches_are_bounded_by_atoms_and_by_padding() {
        let (small, large) = (graph("CCO"), graph(&"C".repeat(400)));
        assert_eq!(ShiftEnsemble::batch_len(&vec![small.clone(); 5_000]), 8_192 / 3);
        assert_eq!(ShiftEnsemble::batch_len(&vec![large.clone(); 100]), (1 << 21) / 160_000);
        // One long molecule pads all the others.
        let mixed: Vec<_> = [large].into_iter().chain(vec![small; 100]).collect();
        assert_eq!(ShiftEnsemble::batch_len(&mixed), 13);
    }

    #[test]
    fn no_molecules_give_no_predictions() {
        assert!(predictor().predict_shifts(Vec::new()).unwrap().is_empty());
    }
}
