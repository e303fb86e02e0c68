//! Molecules with a 13C or a 1H spectrum, as ACML learns from them.

use std::path::Path;

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use tch::Tensor;

use crate::data::{
    DataSet, Dropped, Folds, Keyed, Line, NO_KEY, NO_PROTON, NOT_UNDERSTOOD, PredictedRecord,
    Record, fold_of, key_hash, moved, place, proton_signals, read_records,
};
use crate::drawing::{proton_trace, scatter, seen_signals};
use crate::error::TrainingError;
use crate::kmaid::{KmaidExample, SpectrumExample, read_kmaid_examples};
use larmor_chemistry::Molecule;
use larmor_networks::{
    AcmlConfig, AcmlInput, AcmlNucleus, AcmlSpectrum, GinFeatures, Signal, SpectrumTeacher,
};
use larmor_nmr::fid::Nucleus;
use larmor_nmr::spectrum::simulation::{Conditions, ProtonSignal, Window};

/// A spectrum as the data hold it.
#[derive(Debug, Clone, PartialEq)]
pub enum Measured {
    /// 13C: its lines.
    Lines(Vec<Line>),
    /// 1H: signals, to be shown as another sample might show them every time; and how far off they
    /// are where they are predicted, ppm, else 0.
    Signals(Vec<ProtonSignal>, f64),
}

/// One molecule with its fullest spectrum of a nucleus.
#[derive(Debug, Clone)]
pub struct AcmlExample {
    /// First block of the InChIKey.
    pub block: String,
    /// Fold of the published split.
    pub fold: Option<u8>,
    /// A number for the formula.
    pub formula: u64,
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

impl SpectrumExample for AcmlExample {
    fn features(&self) -> &GinFeatures {
        &self.features
    }

    fn formula(&self) -> u64 {
        self.formula
    }

    fn encode(
        net: &SpectrumTeacher,
        examples: &[&Self],
        random: &mut ChaCha8Rng,
    ) -> Result<Tensor, TrainingError> {
        let (mut shifts, mut signals) = (Vec::new(), Vec::new());
        for example in examples {
            match &example.measured {
                Measured::Lines(lines) => shifts.push(moved(lines, random)),
                Measured::Signals(all, spread) => signals.push(seen_signals(all, *spread, random)),
            }
        }
        Ok(if signals.is_empty() {
            net.encode_shifts(&shifts.iter().map(Vec::as_slice).collect::<Vec<_>>())?
        } else {
            net.encode_signals(&signals.iter().map(Vec::as_slice).collect::<Vec<&[Signal]>>())?
        })
    }
}

impl Measured {
    /// The spectrum as another laboratory might have measured it, in the form in which the program
    /// shows measured spectra to the network.
    #[must_use]
    pub fn shown(&self, config: &AcmlConfig, random: &mut ChaCha8Rng) -> AcmlSpectrum {
        match self {
            Self::Lines(lines) => AcmlSpectrum::Shifts(moved(lines, random)),
            Self::Signals(signals, spread) if config.input == AcmlInput::Peaks => {
                AcmlSpectrum::Signals(seen_signals(signals, *spread, random))
            }
            Self::Signals(signals, _) => {
                let conditions = Conditions::draw(&Nucleus::Proton, None, random);
                let window = Window::proton(config.points);
                AcmlSpectrum::Trace(proton_trace(signals.clone(), &conditions, &window, random))
            }
        }
    }
}

impl From<KmaidExample> for AcmlExample {
    fn from(example: KmaidExample) -> Self {
        Self {
            block: example.block,
            fold: example.fold,
            formula: example.formula,
            features: example.features,
            measured: Measured::Lines(example.lines),
        }
    }
}

impl AcmlExample {
    /// From predicted shifts; `None` where they make no spectrum of the nucleus.
    pub(crate) fn predicted(
        record: &PredictedRecord,
        molecule: &Molecule,
        nucleus: AcmlNucleus,
    ) -> Option<Self> {
        if nucleus == AcmlNucleus::Carbon {
            return KmaidExample::predicted(record, molecule).map(Self::from);
        }
        let graph = &molecule.graph;
        let mut shifts: Vec<Vec<f64>> = vec![Vec::new(); graph.len()];
        let (mut spread, mut single) = (0.0, true);
        for hydrogens in &record.h1 {
            let atom = place(molecule, hydrogens.0).filter(|&atom| graph.hydrogens[atom] > 0)?;
            spread += hydrogens.spread();
            single &= hydrogens.1.len() <= 1;
            shifts[atom] = of_atom(&hydrogens.1, graph.hydrogens[atom]);
        }
        if single {
            // One shift an atom: how far the two of a CH2 lie apart is a guess, the same one always.
            let means: Vec<Option<f64>> = shifts.iter().map(|own| own.first().copied()).collect();
            let mut random = ChaCha8Rng::seed_from_u64(key_hash(&record.inchikey));
            shifts = scatter(graph, &molecule.symmetry, &means, &mut random);
        }
        let signals = proton_signals(graph, &shifts);
        #[allow(clippy::cast_precision_loss)]
        let spread = spread / record.h1.len().max(1) as f64;
        (!signals.is_empty()).then(|| Self {
            block: record.inchikey.clone(),
            fold: None,
            formula: key_hash(&molecule.formula.to_string()),
            features: GinFeatures::from(graph),
            measured: Measured::Signals(signals, spread),
        })
    }
}

/// Shifts of the hydrogens of an atom: two of a CH2, else their mean.
fn of_atom(listed: &[f64], hydrogens: u8) -> Vec<f64> {
    match listed {
        [] => Vec::new(),
        [first, second] if hydrogens == 2 => vec![*first, *second],
        #[allow(clippy::cast_precision_loss)]
        _ => vec![listed.iter().sum::<f64>() / listed.len() as f64],
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
        let examples = examples.into_iter().map(AcmlExample::from).collect();
        return Ok(DataSet { path, examples, dropped });
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
        formula: key_hash(&molecule.formula.to_string()),
        features: GinFeatures::from(&molecule.graph),
        measured: Measured::Signals(signals, 0.0),
    })
}
