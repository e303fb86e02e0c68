//! Pairs of spectra drawn from shifts as they look once measured and picked, under conditions of
//! their own every time.

use rand::{Rng, RngExt};

use super::augmentation::{laplace, log_uniform};
use super::{MatchMolecule, Record, foreign_lines, proton_scatter, proton_signals};
use larmor_chemistry::{MolecularGraph, Molecule};
use larmor_networks::{AtomShift, CARBON_WINDOW, PROTON_WINDOW, SpectrumPair};
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

impl MatchMolecule {
    /// Draws both spectra from the expected shifts. With `shift_noise` s, each kind of atom is
    /// moved from what is expected by a Laplace draw of up to s times the width the network
    /// states for it; how much is drawn for each pair. `None` for molecules that show nothing.
    pub fn draw(&self, shift_noise: f64, random: &mut impl Rng) -> Option<SpectrumPair> {
        let noise = shift_noise * random.random::<f64>();
        let ppm = |shifts: &[Option<AtomShift>], random: &mut _| -> Vec<Option<f64>> {
            let mut moved: Vec<(u32, f64)> = Vec::new();
            shifts
                .iter()
                .zip(&self.symmetry)
                .map(|(shift, &class)| {
                    let shift = (*shift)?;
                    let off = match moved.iter().find(|(other, _)| *other == class) {
                        Some((_, off)) => *off,
                        None => {
                            let off = laplace(random) * noise * f64::from(shift.spread);
                            moved.push((class, off));
                            off
                        }
                    };
                    Some(f64::from(shift.ppm) + off)
                })
                .collect()
        };
        let carbon = ppm(&self.shifts.c13, random);
        let proton = ppm(&self.shifts.h1, random);
        let shifts = proton_scatter::scatter(&self.graph, &self.symmetry, &proton, random);
        let signals = proton_signals(&self.graph, &shifts);
        let carbons = carbon.iter().enumerate().filter_map(|(atom, ppm)| Some((atom, (*ppm)?)));
        measured(&self.graph, carbons, signals, random)
    }
}

/// Draws a record's measured shifts of both nuclei; `None` where one is missing or most of it.
pub fn draw_measured(
    record: &Record,
    molecule: &Molecule,
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
    measured(&molecule.graph, carbons, record.proton_signals(molecule)?, random)
}

fn measured(
    graph: &MolecularGraph,
    carbons: impl Iterator<Item = (usize, f64)>,
    signals: Vec<ProtonSignal>,
    random: &mut impl Rng,
) -> Option<SpectrumPair> {
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
pub(super) fn proton_trace(
    mut signals: Vec<ProtonSignal>,
    conditions: &Conditions,
    window: &Window,
    random: &mut impl Rng,
) -> Vec<f32> {
    proton_scatter::unsettle(&mut signals, random);
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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    fn toluene() -> MatchMolecule {
        let mut molecule = MatchMolecule::from(Molecule::from_smiles("Cc1ccccc1").unwrap());
        let shift = |ppm: f32, spread: f32| Some(AtomShift { ppm, spread });
        let c13 = [21.0, 137.0, 129.0, 128.0, 125.0, 128.0, 129.0];
        let h1 = [2.3, 0.0, 7.15, 7.25, 7.18, 7.25, 7.15];
        molecule.shifts.c13 = c13.iter().map(|&ppm| shift(ppm, 1.0)).collect();
        molecule.shifts.h1 = h1.iter().map(|&ppm| shift(ppm, 0.05).filter(|_| ppm > 0.0)).collect();
        molecule
    }

    /// Shifts of the maxima higher than `least`.
    fn tops(trace: &[f32], least: f32) -> Vec<f64> {
        (1..trace.len() - 1)
            .filter(|&i| trace[i] > least && trace[i] >= trace[i - 1] && trace[i] > trace[i + 1])
            .map(|i| CARBON_WINDOW.ppm(i))
            .collect()
    }

    /// Spectra of 13C of many samples.
    fn carbon_spectra(molecule: &MatchMolecule, noise: f64) -> Vec<Vec<f64>> {
        let mut random = ChaCha8Rng::seed_from_u64(3);
        (0..60)
            .map(|_| tops(molecule.draw(noise, &mut random).unwrap().traces()[1], 0.02))
            .collect()
    }

    #[test]
    fn lines_stand_at_the_expected_shifts_and_weak_ones_are_missed_now_and_then() {
        let found = carbon_spectra(&toluene(), 0.0);
        let seen = |ppm: f64| {
            found.iter().filter(|tops| tops.iter().any(|top| (top - ppm).abs() < 1.0)).count()
        };
        assert_eq!([21.0, 128.5].map(seen), [60, 60]);
        assert!((40..60).contains(&seen(137.0)), "{}", seen(137.0));
        let usual = found.iter().filter(|tops| (4..=5).contains(&tops.len())).count();
        assert!((20..58).contains(&usual), "most show their own lines and nothing else: {usual}");
    }

    #[test]
    fn equivalent_atoms_move_together() {
        let mut benzene = MatchMolecule::from(Molecule::from_smiles("c1ccccc1").unwrap());
        benzene.shifts.c13 = vec![Some(AtomShift { ppm: 128.4, spread: 2.0 }); 6];
        let tallest: Vec<f64> = {
            let mut random = ChaCha8Rng::seed_from_u64(3);
            let mut one = || tops(benzene.draw(1.0, &mut random).unwrap().traces()[1], 0.6);
            (0..40).filter_map(|_| Some(one()).filter(|t| t.len() == 1).map(|t| t[0])).collect()
        };
        assert!(tallest.len() > 30, "one line for six carbons: {tallest:?}");
        assert!(tallest.iter().any(|ppm| (ppm - 128.4).abs() > 1.0), "{tallest:?}");
    }

    #[test]
    fn a_seed_repeats_the_spectra() {
        let draw = |seed| toluene().draw(1.0, &mut ChaCha8Rng::seed_from_u64(seed)).unwrap();
        assert_eq!(draw(1), draw(1));
        assert_ne!(draw(1), draw(2));
    }
}
