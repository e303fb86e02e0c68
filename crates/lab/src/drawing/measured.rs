//! Spectra drawn from shifts as they look once measured and picked, under conditions of their own
//! every time.

use rand::{Rng, RngExt};

use super::distributions::log_uniform;
use super::foreign_lines;
use super::proton_scatter;
use super::seen_signals::seen_signals;
use crate::data::Record;
use larmor_chemistry::{MolecularGraph, Molecule};
use larmor_networks::{CARBON_WINDOW, PROTON_WINDOW, SpectrumInput, SpectrumPair, shifts_of};
use larmor_nmr::fid::{Nucleus, Solvent};
use larmor_nmr::spectrum::simulation::{
    Conditions, ProtonSignal, Stick, Window, draw_picked, split,
};

/// Carbons without hydrogen are this high beside others: they relax slowly and gain no Overhauser
/// enhancement. How much they lose depends on delay and pulse, and so on the spectrum.
const QUATERNARY: [f64; 2] = [0.06, 0.8];
/// Each carbon's own share of what its kind shows, without and with hydrogen.
const OWN_QUATERNARY: [f64; 2] = [0.5, 1.7];
const OWN: [f64; 2] = [0.5, 1.2];
/// Carbons without hydrogen are not seen at all in this share of spectra (DEPT), and each by itself
/// in this share.
const ALL_MISSING: f64 = 0.03;
const ONE_MISSING: f64 = 0.03;
/// Of lists of peaks so many hold a 13C line that is not the compound's, somewhere here, ppm.
const FOREIGN: f64 = 0.2;
const FOREIGN_PPM: std::ops::Range<f64> = 10.0..180.0;

/// A record's measured shifts of both nuclei as spectra of a form; `None` where one is missing or most
/// of it.
pub fn draw_measured(
    record: &Record,
    molecule: &Molecule,
    form: SpectrumForm,
    random: &mut impl Rng,
) -> Option<SpectrumPair> {
    let peaks = record.carbon_peaks()?;
    let place = |source: u32| molecule.source.iter().position(|&s| s == source);
    // A peak of unknown atom is as high as one of a carbon with hydrogen.
    let carbons =
        peaks.iter().map(|peak| (peak.atom.and_then(place).unwrap_or(usize::MAX), peak.ppm));
    if peaks.is_empty() {
        return None;
    }
    draw_pair(&molecule.graph, carbons, record.proton_signals(molecule)?, form, random)
}

/// The form of a pair of spectra.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpectrumForm {
    /// Drawn on fixed windows.
    Traces,
    /// As the signals and shifts that are seen.
    Peaks,
}

impl From<SpectrumInput> for SpectrumForm {
    fn from(input: SpectrumInput) -> Self {
        match input {
            SpectrumInput::Image | SpectrumInput::Trace => Self::Traces,
            SpectrumInput::Peaks => Self::Peaks,
        }
    }
}

/// Both spectra of a molecule: a 13C line for each shift, which may belong to an atom of the graph, and
/// the 1H signals.
pub(crate) fn draw_pair(
    graph: &MolecularGraph,
    carbons: impl Iterator<Item = (usize, f64)>,
    signals: Vec<ProtonSignal>,
    form: SpectrumForm,
    random: &mut impl Rng,
) -> Option<SpectrumPair> {
    if form == SpectrumForm::Peaks {
        let lines = carbon_lines(graph, carbons, random).into_iter().map(|line| line.ppm);
        let foreign = random.random_bool(FOREIGN).then(|| random.random_range(FOREIGN_PPM));
        let shifts = shifts_of(lines.chain(foreign));
        return SpectrumPair::of_peaks(seen_signals(&signals, 0.0, random), shifts);
    }
    let carbon = Conditions::draw(&Nucleus::Carbon, None, random);
    let solvent = carbon.solvent.map_or(Solvent::Chloroform, |trace| trace.solvent);
    let proton = Conditions::draw(&Nucleus::Proton, Some(solvent), random);
    let lines = carbon_lines(graph, carbons, random);
    if lines.is_empty() {
        return None;
    }
    let carbon = shown(lines, &Nucleus::Carbon, &carbon, &CARBON_WINDOW, random);
    let proton = proton_trace(signals, &proton, &PROTON_WINDOW, random);
    SpectrumPair::new(proton, carbon)
}

/// A 1H spectrum's lines, split and picked.
pub(crate) fn proton_trace(
    mut signals: Vec<ProtonSignal>,
    conditions: &Conditions,
    window: &Window,
    random: &mut impl Rng,
) -> Vec<f32> {
    proton_scatter::vary_couplings_and_widths(&mut signals, random);
    let lines = signals.iter().flat_map(|signal| split(signal, conditions.proton_mhz)).collect();
    shown(lines, &Nucleus::Proton, conditions, window, random)
}

/// A line for each carbon that is seen.
fn carbon_lines(
    graph: &MolecularGraph,
    carbons: impl Iterator<Item = (usize, f64)>,
    random: &mut impl Rng,
) -> Vec<Stick> {
    let quaternary = log_uniform(random, QUATERNARY);
    let none = random.random_bool(ALL_MISSING);
    let bare = |atom: usize| graph.hydrogens.get(atom) == Some(&0);
    let found: Vec<(bool, Stick)> = carbons
        .map(|(atom, ppm)| {
            let bare = bare(atom);
            let area = if bare {
                quaternary * log_uniform(random, OWN_QUATERNARY)
            } else {
                log_uniform(random, OWN)
            };
            let missing = bare && (none || random.random_bool(ONE_MISSING));
            (missing, Stick { ppm, area, width_hz: None })
        })
        .collect();
    let every = found.iter().all(|(missing, _)| *missing);
    found.into_iter().filter(|(missing, _)| every || !missing).map(|(_, line)| line).collect()
}

/// A compound's lines among foreign ones, as far as they are picked.
fn shown(
    mut lines: Vec<Stick>,
    nucleus: &Nucleus,
    conditions: &Conditions,
    window: &Window,
    random: &mut impl Rng,
) -> Vec<f32> {
    if let Some(trace) = conditions.solvent {
        foreign_lines::mix(&mut lines, nucleus, trace.solvent, conditions.mhz(nucleus), random);
    }
    draw_picked(&lines, nucleus, conditions, window, random)
}
