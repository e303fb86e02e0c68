//! Molecules with a 13C or a 1H spectrum, as ACML learns from them.

use std::path::Path;

use rand_chacha::ChaCha8Rng;

use super::augmentation::shaken;
use super::dataset::read_records;
use super::match_spectra::proton_trace;
use super::{Folds, TrainingError, read_kmaid_examples};
use larmor_chemistry::Molecule;
use larmor_networks::{AcmlNucleus, AcmlSpectrum, GinFeatures};
use larmor_nmr::fid::Nucleus;
use larmor_nmr::spectrum::simulation::{Conditions, ProtonSignal, Window};

/// A spectrum as the data hold it.
#[derive(Debug, Clone, PartialEq)]
pub enum Measured {
    /// 13C: bins of all peaks.
    Bins(Vec<u16>),
    /// 1H: signals, to be drawn under conditions of their own every time.
    Signals(Vec<ProtonSignal>),
}

/// One molecule with its fullest spectrum of a nucleus.
#[derive(Debug, Clone)]
pub struct AcmlExample {
    /// First block of the InChIKey.
    pub block: String,
    /// Fold of the published split.
    pub fold: Option<u8>,
    /// The graph.
    pub features: GinFeatures,
    /// The spectrum.
    pub measured: Measured,
}

impl Measured {
    /// Bins of a 13C spectrum; none of a 1H spectrum.
    pub(super) fn bins(&self) -> &[u16] {
        match self {
            Self::Bins(bins) => bins,
            Self::Signals(_) => &[],
        }
    }

    /// The spectrum as another laboratory might have measured it, as far as its lines are picked:
    /// the form in which the program shows measured spectra to networks.
    #[must_use]
    pub fn shown(&self, window: &Window, random: &mut ChaCha8Rng) -> AcmlSpectrum {
        match self {
            Self::Bins(bins) => AcmlSpectrum::Bins(shaken(bins, random)),
            Self::Signals(signals) => {
                let conditions = Conditions::draw(&Nucleus::Proton, None, random);
                AcmlSpectrum::Trace(proton_trace(signals.clone(), &conditions, window, random))
            }
        }
    }
}

/// Reads every molecule with a spectrum of the nucleus. `folds`, where given, says which fold a
/// record is of; otherwise the record does.
///
/// # Errors
/// [`TrainingError`] when the file cannot be read or a line is no record.
pub fn read_acml_examples(
    path: &Path,
    folds: Option<&Folds>,
    nucleus: AcmlNucleus,
) -> Result<Vec<AcmlExample>, TrainingError> {
    if nucleus == AcmlNucleus::Carbon {
        let examples = read_kmaid_examples(path, folds)?.into_iter().map(|example| AcmlExample {
            block: example.block,
            fold: example.fold,
            features: example.features,
            measured: Measured::Bins(example.spectrum),
        });
        return Ok(examples.collect());
    }
    let mut examples = Vec::new();
    read_records(path, |record| {
        if record.h1.is_empty() {
            return;
        }
        let fold = match folds {
            Some(folds) => folds.get(&record.id).copied(),
            None => record.km3aid_fold,
        };
        let Ok(molecule) = Molecule::graph_only(&record.smiles) else { return };
        let Some(signals) = record.proton_signals(&molecule) else { return };
        examples.extend(record.inchikey.get(..14).map(|block| AcmlExample {
            block: block.to_owned(),
            fold,
            features: GinFeatures::from(&molecule.graph),
            measured: Measured::Signals(signals),
        }));
    })?;
    Ok(examples)
}
