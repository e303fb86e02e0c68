//! What protocols test on: a molecule with its measured spectra.

use super::selection::Nuclei;
use crate::data::{CarbonPeak, NO_KEY, NOT_UNDERSTOOD, Record};
use larmor_chemistry::Molecule;
use larmor_elucidation::{ObservedMultiplet, ObservedPeak};
use larmor_nmr::spectrum::Multiplicity;
use larmor_nmr::spectrum::simulation::ProtonSignal;

/// A molecule with its measured spectrum.
#[derive(Debug, Clone)]
pub struct EvaluationMolecule {
    /// First block of the InChIKey.
    pub block: String,
    /// The molecule as the data write it.
    pub smiles: String,
    /// The molecule.
    pub molecule: Molecule,
    /// All 13C peaks.
    pub peaks: Vec<ObservedPeak>,
    /// 1H signals, with as many hydrogens as the molecule has there; empty where none are known.
    pub protons: Vec<ObservedPeak>,
    /// The same to be drawn: measured shifts, couplings expected of the constitution.
    pub signals: Vec<ProtonSignal>,
    /// Carbons (atoms of the graph) whose peak is known, with that peak.
    pub assigned: Vec<(usize, ObservedPeak)>,
    /// True when the assignment is original, not recovered.
    pub exact: bool,
    /// True when every carbon has a peak.
    pub complete: bool,
}

impl EvaluationMolecule {
    /// Or why the record is of no use: nobody understands the structure, or there is no spectrum of a nucleus asked for.
    pub(super) fn from_record(record: &Record, spectra: Nuclei) -> Result<Self, &'static str> {
        let molecule = Molecule::graph_only(&record.smiles).map_err(|_| NOT_UNDERSTOOD)?;
        let block = record.block().ok_or(NO_KEY)?.to_owned();
        let recorded = record.carbon_peaks().unwrap_or_default();
        let recorded: Vec<_> = recorded.into_iter().filter(|p| plausible(p.ppm)).collect();
        let protons = protons(record, &molecule);
        let signals = record.proton_signals(&molecule).unwrap_or_default();
        let there = match spectra {
            Nuclei::Carbon => !recorded.is_empty(),
            Nuclei::Proton => !signals.is_empty(),
            Nuclei::Both => !recorded.is_empty() && !protons.is_empty(),
        };
        if !there {
            return Err("without a spectrum of the nuclei asked for");
        }
        let assigned = assigned(&recorded, &molecule);
        Ok(Self {
            block,
            complete: assigned.len() == molecule.carbons(),
            exact: record.map13c.as_deref().is_some_and(|how| how.starts_with("exact")),
            peaks: recorded.iter().map(observed).collect(),
            protons,
            signals,
            smiles: record.smiles.clone(),
            molecule,
            assigned,
        })
    }
}

fn observed(peak: &CarbonPeak) -> ObservedPeak {
    ObservedPeak::carbon(peak.ppm, peak.hydrogens.and_then(Multiplicity::from_hydrogens))
}

/// The first peak of each carbon that is known by its place in the SMILES.
fn assigned(recorded: &[CarbonPeak], molecule: &Molecule) -> Vec<(usize, ObservedPeak)> {
    let mut assigned: Vec<(usize, ObservedPeak)> = Vec::new();
    for peak in recorded {
        let atom = peak.atom.and_then(|a| molecule.source.iter().position(|&s| s == a));
        let Some(atom) = atom.filter(|&a| molecule.graph.element[a] == 6) else { continue };
        if assigned.iter().all(|(other, _)| *other != atom) {
            assigned.push((atom, observed(peak)));
        }
    }
    assigned
}

/// 1H signals with the hydrogens the molecule has there: an atom that shows two shifts has one
/// half of its hydrogens at each.
fn protons(record: &Record, molecule: &Molecule) -> Vec<ObservedPeak> {
    let signals = record.proton_peaks();
    let shown = |atom: u32| signals.iter().filter(|s| s.atoms.contains(&atom)).count().max(1);
    let of_atom = |source: u32| -> f64 {
        let atom = molecule.source.iter().position(|&s| s == source);
        atom.map_or(0.0, |atom| f64::from(molecule.graph.hydrogens[atom]) / shown(source) as f64)
    };
    signals
        .iter()
        .filter(|signal| (-6.0..25.0).contains(&signal.ppm))
        .map(|signal| {
            let mut atoms = signal.atoms.clone();
            atoms.sort_unstable();
            atoms.dedup();
            let hydrogens: f64 = atoms.into_iter().map(of_atom).sum();
            let pattern = signal.pattern.as_deref().unwrap_or_default();
            let multiplet =
                ObservedMultiplet::new((hydrogens > 0.0).then_some(hydrogens)).split(pattern, &[]);
            ObservedPeak::of_multiplet(signal.ppm, multiplet)
        })
        .collect()
}

/// True of a shift that can be one.
pub(crate) fn plausible(ppm: f64) -> bool {
    (-50.0..300.0).contains(&ppm)
}
