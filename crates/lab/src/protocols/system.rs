//! The systems that are measured, behind the questions the protocols ask of them.

use std::path::Path;

use crate::acml::AcmlSystem;
use crate::data::TrainedOn;
use crate::error::EvaluationError;
use crate::evaluation::{CommonSpace, EvaluationMolecule, Pairs};
use crate::kmaid::KmaidSystem;
use crate::shift::ShiftSystem;
use larmor_chemistry::Molecule;
use larmor_elucidation::Parameters;
use larmor_networks::{AcmlNucleus, ModelCard};

/// A trained model with the way it ranks and assigns.
pub enum System {
    /// Dot products in a common space.
    Kmaid(Box<KmaidSystem>),
    /// The same, of 13C or of 1H.
    Acml(Box<AcmlSystem>),
    /// Likelihood of the peaks under predicted shifts, optimal assignment.
    Shift(Box<ShiftSystem>),
}

impl System {
    /// Opens a model's folder; its card says which of them it is.
    ///
    /// # Errors
    /// [`EvaluationError`] when card, weights or the list of what it was trained on are missing.
    pub fn open(
        folder: &Path,
        device: &str,
        parameters: Parameters,
    ) -> Result<(Self, ModelCard, TrainedOn), EvaluationError> {
        let card = ModelCard::open(folder)?;
        let trained_on = TrainedOn::read(folder)?;
        let system = match card.model.as_str() {
            "kmaid" => Self::Kmaid(Box::new(KmaidSystem::open(folder, device)?)),
            "acml" => Self::Acml(Box::new(AcmlSystem::open(folder, device)?)),
            "shift" => Self::Shift(Box::new(ShiftSystem::open(folder, device, parameters)?)),
            other => {
                let reason = format!("a model of kind '{other}' has no protocol");
                return Err(EvaluationError::Unsuited(reason));
            }
        };
        Ok((system, card, trained_on))
    }

    /// Scores of each spectrum (rows) for each molecule (columns), row-major.
    ///
    /// # Errors
    /// [`EvaluationError`] when the network fails.
    pub fn compare(
        &self,
        spectra: &[&EvaluationMolecule],
        molecules: &[&Molecule],
        multiplicity: bool,
    ) -> Result<Vec<f64>, EvaluationError> {
        match self {
            Self::Kmaid(system) => system.compare(spectra, molecules),
            Self::Acml(system) => system.compare(spectra, molecules),
            Self::Shift(system) => system.compare(spectra, molecules, multiplicity),
        }
    }

    /// Assigned carbons of each molecule against their peaks.
    ///
    /// # Errors
    /// [`EvaluationError`] when the network fails.
    pub fn pairs(
        &self,
        evaluation_set: &[&EvaluationMolecule],
        multiplicity: bool,
    ) -> Result<Vec<Pairs>, EvaluationError> {
        match self {
            Self::Kmaid(system) => system.pairs(evaluation_set, multiplicity),
            Self::Acml(_) => {
                Err(EvaluationError::Unsuited("ACML assigns no peaks to atoms".to_owned()))
            }
            Self::Shift(system) => system.pairs(evaluation_set, multiplicity),
        }
    }

    /// True where multiplicities change how whole spectra are ranked.
    #[must_use]
    pub fn ranks_by_multiplicity(&self) -> bool {
        matches!(self, Self::Shift(_))
    }

    /// True where 1H spectra are ranked, not 13C spectra.
    #[must_use]
    pub fn takes_protons(&self) -> bool {
        matches!(self, Self::Acml(system) if system.nucleus() == AcmlNucleus::Proton)
    }

    /// What a reader of its tables has to know of the spectra.
    #[must_use]
    pub fn note(&self) -> Option<String> {
        self.takes_protons().then(|| {
            "1H spectra are drawn from measured shifts with couplings expected of the constitution, \
             at a random field, line width and noise, among foreign lines, as far as they are picked"
                .to_owned()
        })
    }

    /// Published graph accuracy, %, where there is one.
    pub(super) fn published_graph(&self) -> &'static str {
        if matches!(self, Self::Acml(_)) { "-" } else { "95.5" }
    }

    /// Published choice among isomers.
    pub(super) fn published_isomers(&self) -> &'static str {
        if matches!(self, Self::Acml(_)) { "3 of 4" } else { "157 of 157 in 10 formulas" }
    }

    /// Name in tables.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Acml(system) if system.nucleus() == AcmlNucleus::Carbon => "ACML 13C",
            Self::Acml(_) => "ACML 1H",
            Self::Kmaid(_) => "K-M3AID",
            Self::Shift(_) => "shift network",
        }
    }
}
