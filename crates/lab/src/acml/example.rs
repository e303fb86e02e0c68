//! Molecules with a 13C or a 1H spectrum, as ACML learns from them.

use std::path::Path;

use rand_chacha::ChaCha8Rng;

use crate::data::{
    DataSet, Dropped, Folds, Keyed, NO_KEY, NO_PROTON, NOT_UNDERSTOOD, Record, fold_of,
    read_records,
};
use crate::drawing::proton_trace;
use crate::error::TrainingError;
use crate::kmaid::{CarbonExample, read_kmaid_examples};
use crate::training::shaken;
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

impl Keyed for AcmlExample {
    fn block(&self) -> &str {
        &self.block
    }

    fn fold(&self) -> Option<u8> {
        self.fold
    }
}

impl CarbonExample for AcmlExample {
    fn bins(&self) -> &[u16] {
        self.measured.bins()
    }

    fn features(&self) -> &GinFeatures {
        &self.features
    }
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
) -> Result<DataSet<AcmlExample>, TrainingError> {
    if nucleus == AcmlNucleus::Carbon {
        let DataSet { path, examples, dropped } = read_kmaid_examples(path, folds)?;
        let examples = examples.into_iter().map(|example| AcmlExample {
            block: example.block,
            fold: example.fold,
            features: example.features,
            measured: Measured::Bins(example.spectrum),
        });
        return Ok(DataSet { path, examples: examples.collect(), dropped });
    }
    let (mut examples, mut dropped) = (Vec::new(), Dropped::default());
    read_records(path, |record| match proton_example(&record, fold_of(&record, folds)) {
        Ok(example) => examples.push(example),
        Err(reason) => dropped.count(reason),
    })?;
    Ok(DataSet { path: path.to_owned(), examples, dropped })
}

/// Or why the record is of no use.
fn proton_example(record: &Record, fold: Option<u8>) -> Result<AcmlExample, &'static str> {
    if record.h1.is_empty() {
        return Err(NO_PROTON);
    }
    let molecule = Molecule::graph_only(&record.smiles).map_err(|_| NOT_UNDERSTOOD)?;
    let signals = record.proton_signals(&molecule).ok_or(NO_PROTON)?;
    Ok(AcmlExample {
        block: record.block().ok_or(NO_KEY)?.to_owned(),
        fold,
        features: GinFeatures::from(&molecule.graph),
        measured: Measured::Signals(signals),
    })
}
