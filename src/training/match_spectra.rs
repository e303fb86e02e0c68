//! Pairs of spectra drawn from shifts, under conditions of their own every time.

use rand::{Rng, RngExt};

use super::{MatchMolecule, Record, proton_signals};
use crate::fid::Nucleus;
use crate::molecule::{MolecularGraph, Molecule, exchanges};
use crate::network::{AtomShift, CARBON_WINDOW, PROTON_WINDOW, SpectrumPair};
use crate::spectrum::simulation::{
    CarbonLine, Conditions, ProtonSignal, render_carbon, render_proton,
};

/// Carbons without hydrogen are this high beside others: they relax slowly and gain no Overhauser
/// enhancement.
const QUATERNARY: f64 = 0.4;
/// Heights differ by up to this share.
const UNEVEN: f64 = 0.3;
/// Exchanging hydrogens are not seen in this share of spectra.
const EXCHANGED: f64 = 0.3;

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
        let hide = random.random_bool(EXCHANGED);
        let shifts: Vec<Vec<f64>> = proton
            .iter()
            .enumerate()
            .map(|(atom, ppm)| {
                let hidden = hide && exchanges(&self.graph, atom);
                ppm.filter(|_| !hidden).into_iter().collect()
            })
            .collect();
        let signals = proton_signals(&self.graph, &shifts);
        let carbons = carbon.iter().enumerate().filter_map(|(atom, ppm)| Some((atom, (*ppm)?)));
        measured(&self.graph, carbons, &signals, random)
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
    measured(&molecule.graph, carbons, &record.proton_signals(molecule)?, random)
}

fn measured(
    graph: &MolecularGraph,
    carbons: impl Iterator<Item = (usize, f64)>,
    signals: &[ProtonSignal],
    random: &mut impl Rng,
) -> Option<SpectrumPair> {
    let lines: Vec<CarbonLine> = carbons
        .map(|(atom, ppm)| {
            let bare = graph.hydrogens.get(atom) == Some(&0);
            let uneven = 1.0 + UNEVEN * random.random_range(-1.0..1.0);
            CarbonLine { ppm, intensity: uneven * if bare { QUATERNARY } else { 1.0 } }
        })
        .collect();
    if lines.is_empty() {
        return None;
    }
    // The solvent is left out: it is cut out of measured spectra, too.
    let mut conditions =
        |nucleus: &Nucleus| Conditions { solvent: None, ..Conditions::draw(nucleus, None, random) };
    let proton = render_proton(signals, &PROTON_WINDOW, &conditions(&Nucleus::Proton));
    let carbon = render_carbon(&lines, &CARBON_WINDOW, &conditions(&Nucleus::Carbon));
    SpectrumPair::new(proton, carbon)
}

/// A draw from the Laplace distribution of scale 1.
fn laplace(random: &mut impl Rng) -> f64 {
    let u: f64 = random.random_range(-0.5..0.5);
    -(1.0 - 2.0 * u.abs()).max(1e-9).ln() * u.signum()
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

    #[test]
    fn lines_stand_at_the_expected_shifts() {
        let still = toluene().draw(0.0, &mut ChaCha8Rng::seed_from_u64(2)).unwrap();
        let found = tops(still.traces()[1], 0.1);
        assert_eq!(found.len(), 5, "{found:?}");
        assert!((found[0] - 21.0).abs() < 0.5, "referencing errs by 0.1 ppm: {found:?}");
    }

    #[test]
    fn equivalent_atoms_move_together() {
        let mut benzene = MatchMolecule::from(Molecule::from_smiles("c1ccccc1").unwrap());
        benzene.shifts.c13 = vec![Some(AtomShift { ppm: 128.4, spread: 2.0 }); 6];
        let mut random = ChaCha8Rng::seed_from_u64(3);
        let shifts: Vec<f64> = (0..20)
            .map(|_| {
                let found = tops(benzene.draw(1.0, &mut random).unwrap().traces()[1], 0.5);
                assert_eq!(found.len(), 1, "one line for six carbons: {found:?}");
                found[0]
            })
            .collect();
        assert!(shifts.iter().any(|ppm| (ppm - 128.4).abs() > 1.0), "{shifts:?}");
    }

    #[test]
    fn a_seed_repeats_the_spectra() {
        let draw = |seed| toluene().draw(1.0, &mut ChaCha8Rng::seed_from_u64(seed)).unwrap();
        assert_eq!(draw(1), draw(1));
        assert_ne!(draw(1), draw(2));
    }
}
