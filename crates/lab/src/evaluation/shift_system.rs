//! The shift network as a ranker and assigner, through what judgements are made of.

use std::path::Path;

use super::system::Pairs;
use super::{EvaluationError, Specimen};
use larmor_chemistry::{Hybridisation, Molecule};
use larmor_elucidation::library::{Profile, Site};
use larmor_elucidation::{ObservedPeak, Parameters, Query, ShiftScorer, carbon_pairs};
use larmor_networks::inference::{Predictor, start_shift_network};

/// Molecules predicted at a time.
const BATCH: usize = 256;

/// Spectra that are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Nuclei {
    /// 13C alone.
    #[default]
    Carbon,
    /// 1H alone.
    Proton,
    /// Both together.
    Both,
}

impl Nuclei {
    /// Name in tables.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Carbon => "13C",
            Self::Proton => "1H",
            Self::Both => "13C + 1H",
        }
    }
}

/// The shift network with the prices of elucidation.
pub struct ShiftSystem {
    predictor: Predictor,
    parameters: Parameters,
}

impl ShiftSystem {
    pub(super) fn open(
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

    /// Prices in use.
    #[must_use]
    pub fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    /// A molecule's spectra, ready to be held against molecules.
    pub(super) fn observed(
        &self,
        specimen: &Specimen,
        multiplicity: bool,
        nuclei: Nuclei,
    ) -> Result<ShiftScorer, EvaluationError> {
        let mut query = Query::default();
        if nuclei != Nuclei::Proton {
            query.c13 = shown(&specimen.peaks, multiplicity);
        }
        if nuclei != Nuclei::Carbon {
            query.h1.clone_from(&specimen.protons);
        }
        Ok(ShiftScorer::new(&query, &self.parameters)?)
    }

    /// Expected lines of molecules.
    pub(super) fn profiles(
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

    pub(super) fn compare(
        &self,
        spectra: &[&Specimen],
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

    pub(super) fn pairs(
        &self,
        specimens: &[&Specimen],
        multiplicity: bool,
    ) -> Result<Vec<Pairs>, EvaluationError> {
        let mut found = Vec::with_capacity(specimens.len());
        for batch in specimens.chunks(BATCH) {
            let graphs = batch.iter().map(|s| s.molecule.graph.clone()).collect();
            let shifts = self.predictor.predict_shifts(graphs)?;
            for (specimen, shifts) in batch.iter().zip(&shifts) {
                let graph = &specimen.molecule.graph;
                let carbons: Vec<Site> = specimen
                    .assigned
                    .iter()
                    .map(|&(atom, _)| Site {
                        carbon: shifts.c13.get(atom).copied().flatten(),
                        proton: None,
                        hydrogens: graph.hydrogens[atom],
                        members: 1,
                        tetrahedral: graph.hybridisation[atom] == Hybridisation::Sp3,
                    })
                    .collect();
                let peaks: Vec<ObservedPeak> = specimen.assigned.iter().map(|(_, p)| *p).collect();
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
