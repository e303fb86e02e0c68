//! What an epoch of SpecMol is made of: couples of molecules that change spectra.

use rand_chacha::ChaCha8Rng;
use serde_json::json;
use tch::Tensor;

use super::card::write_specmol_card;
use super::crossed_pairs::{CrossedPairs, cross_entropy};
use super::molecule::SpecmolMolecule;
use super::negatives::Neighbours;
use super::settings::SpecmolTraining;
use super::spectra::{ShownPart, SpectrumSource};
use super::validation::validate;
use crate::data::Parts;
use crate::error::TrainingError;
use crate::training::{EpochLoss, StepLoss, Trainer, Validated, halved, write_tensors};
use larmor_chemistry::MolecularGraph;
use larmor_networks::{SpecMol, WEIGHTS_FILE};

pub(super) struct SpecmolTrainer<'a> {
    pub(super) net: SpecMol,
    pub(super) run: &'a SpecmolTraining,
    pub(super) neighbours: Neighbours,
    pub(super) source: SpectrumSource,
    /// Digest of the backbone, where the network takes pictures.
    pub(super) backbone: Option<String>,
    /// Digests of the keys that its encoders know.
    pub(super) seen_before: Vec<u64>,
}

impl Trainer for SpecmolTrainer<'_> {
    type Example = SpecmolMolecule;
    type Item = [usize; 2];

    fn items(&self, train: &[SpecmolMolecule], random: &mut ChaCha8Rng) -> Vec<[usize; 2]> {
        self.neighbours.couples(train, random)
    }

    fn loss(
        &self,
        train: &[SpecmolMolecule],
        batch: &[[usize; 2]],
        random: &mut ChaCha8Rng,
    ) -> Result<Option<StepLoss>, TrainingError> {
        let device = self.run.device;
        let rows = batch.as_flattened();
        let spectra = self.source.batch(ShownPart::Train, train, rows, random, device)?;
        let graphs: Vec<&MolecularGraph> = rows.iter().map(|&row| &train[row].graph).collect();
        let molecules = self.net.collate(&graphs)?;
        let molecules = self.net.encode_molecules(&molecules, true)?;
        let spectra = self.net.encode_spectra(&spectra)?;
        let crossed = CrossedPairs::of(batch.len(), device)?;
        let logits = self.net.logits(
            &molecules.f_index_select(0, &crossed.molecules)?,
            &spectra.f_index_select(0, &crossed.spectra)?,
            true,
        )?;
        StepLoss::of(cross_entropy(&logits, &crossed.labels)?).map(Some)
    }

    fn validate(
        &self,
        validation: &[SpecmolMolecule],
        epoch: &EpochLoss,
    ) -> Result<Validated, TrainingError> {
        let found = validate(&self.net, validation, &self.source, self.run)?;
        let loss = epoch.mean(0);
        Ok(Validated {
            error: Some(found.loss),
            log: json!({"loss": loss, "validation": found}),
            line: format!(
                "loss {loss:.4}  validation {:.4}  AUC {:.4}  accuracy {:.1} %",
                found.loss,
                found.auc,
                100.0 * found.accuracy
            ),
        })
    }

    fn keep_best(
        &self,
        parts: &Parts<SpecmolMolecule>,
        weights: &[(String, Tensor)],
    ) -> Result<(), TrainingError> {
        write_tensors(&self.run.out.join(WEIGHTS_FILE), &halved(weights)?)?;
        // With its card, so that the best so far can be measured while the run goes on.
        write_specmol_card(self.run, parts, self.backbone.as_deref(), &self.seen_before).map(|_| ())
    }
}
