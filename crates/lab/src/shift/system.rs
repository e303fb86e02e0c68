//! The shift network as a ranker and assigner, through what elucidations are made of.

use std::path::Path;

use crate::error::EvaluationError;
use crate::evaluation::{EvaluationMolecule, Nuclei, Pairs};
use larmor_chemistry::{Hybridisation, Molecule};
use larmor_elucidation::library::{Profile, Site};
use larmor_elucidation::{ObservedPeak, Parameters, Query, ShiftScorer, carbon_pairs};
use larmor_networks::inference::{Predictor, start_shift_network};

/// Molecules predicted at a time.
const BATCH: usize = 256;

/// The shift network with the penalties of elucidation.
pub struct ShiftSystem {
    predictor: Predictor,
    parameters: Parameters,
}

impl ShiftSystem {
    pub(crate) fn open(
        folder: &Path,
        device: &str,
        parameters: Parameters,
    ) -> Result<Self, EvaluationError> {
        let predictor = start_shift_network(folder, device)?;
        Ok(Self { predictor, parameters })
    }

    /// The running network.
    #[must_use]
    pub fn predictor(&self) -> &Predictor {
        &self.predictor
    }

    /// Penalties and constants in use.
    #[must_use]
    pub fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    /// A molecule's spectra, ready to be held against molecules.
    pub(crate) fn observed(
        &self,
        tested: &EvaluationMolecule,
        multiplicity: bool,
        nuclei: Nuclei,
    ) -> Result<ShiftScorer, EvaluationError> {
        let mut query = Query::default();
        if nuclei != Nuclei::Proton {
            query.c13 = shown(&tested.peaks, multiplicity);
        }
        if nuclei != Nuclei::Carbon {
            query.h1.clone_from(&tested.protons);
        }
        Ok(ShiftScorer::new(&query, &self.parameters)?)
    }

    /// Expected lines of molecules.
    pub(crate) fn profiles(
        &self,
        molecules: &[&Molecule],
    ) -> Result<Vec<Profile>, EvaluationError> {
        let mut profiles = Vec::with_capacity(molecules.len());
        for batch in molecules.chunks(BATCH) {
            let graphs = batch.iter().map(|molecule| molecule.graph.clone()).collect();
            let shifts = self.predictor.predict_shifts(graphs)?;
            profiles.extend(batch.iter().zip(&shifts).map(|(m, s)| Profile::new(m, s)));
        }
        Ok(profiles)
    }

    pub(crate) fn compare(
        &self,
        spectra: &[&EvaluationMolecule],
        molecules: &[&Molecule],
        multiplicity: bool,
    ) -> Result<Vec<f64>, EvaluationError> {
        let profiles = self.profiles(molecules)?;
        let mut scores = Vec::with_capacity(spectra.len() * molecules.len());
        for spectrum in spectra {
            let observed = self.observed(spectrum, multiplicity, Nuclei::Carbon)?;
            scores.extend(profiles.iter().map(|profile| observed.score(profile)));
        }
        Ok(scores)
    }

    pub(crate) fn pairs(
        &self,
        evaluation_set: &[&EvaluationMolecule],
        multiplicity: bool,
    ) -> Result<Vec<Pairs>, EvaluationError> {
        let mut found = Vec::with_capacity(evaluation_set.len());
        for batch in evaluation_set.chunks(BATCH) {
            let graphs = batch.iter().map(|s| s.molecule.graph.clone()).collect();
            let shifts = self.predictor.predict_shifts(graphs)?;
            for (tested, shifts) in batch.iter().zip(&shifts) {
                let graph = &tested.molecule.graph;
                let carbons: Vec<Site> = tested
                    .assigned
                    .iter()
                    .map(|&(atom, _)| Site {
                        carbon: shifts.c13.get(atom).copied().flatten(),
                        proton: None,
                        apart: None,
                        hydrogens: graph.hydrogens[atom],
                        members: 1,
                        tetrahedral: graph.hybridisation[atom] == Hybridisation::Sp3,
                    })
                    .collect();
                let peaks: Vec<ObservedPeak> = tested.assigned.iter().map(|(_, p)| *p).collect();
                let pairs = carbon_pairs(&carbons, &shown(&peaks, multiplicity), &self.parameters);
                let (score, probability) = (pairs.score, pairs.probability);
                let parameters = self.parameters;
                let said = Box::new(move |p| parameters.pair_probability(p));
                found.push(Pairs { size: carbons.len(), score, probability, said });
            }
        }
        Ok(found)
    }
}

/// Peaks with their multiplicities or without.
fn shown(peaks: &[ObservedPeak], multiplicity: bool) -> Vec<ObservedPeak> {
    let hide = |peak: &ObservedPeak| ObservedPeak { multiplicity: None, ..*peak };
    peaks.iter().map(|peak| if multiplicity { *peak } else { hide(peak) }).collect()
}
