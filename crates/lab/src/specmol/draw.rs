//! The spectra a molecule might show, drawn from its expected shifts.

use rand::{Rng, RngExt};

use super::molecule::SpecmolMolecule;
use crate::data::proton_signals;
use crate::drawing::{SpectrumForm, draw_pair, laplace, scatter};
use larmor_networks::{AtomShift, SpectrumPair};

impl SpecmolMolecule {
    /// Both spectra in a form, from the expected shifts. With `shift_noise` s, each kind of atom is
    /// moved from what is expected by a Laplace draw of up to s times the width the network
    /// states for it; how much is drawn for each pair. `None` for molecules that show nothing.
    pub fn draw(
        &self,
        shift_noise: f64,
        form: SpectrumForm,
        random: &mut impl Rng,
    ) -> Option<SpectrumPair> {
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
        let shifts = scatter(&self.graph, &self.symmetry, &proton, random);
        let signals = proton_signals(&self.graph, &shifts);
        let carbons = carbon.iter().enumerate().filter_map(|(atom, ppm)| Some((atom, (*ppm)?)));
        draw_pair(&self.graph, carbons, signals, form, random)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use larmor_chemistry::Molecule;
    use larmor_networks::CARBON_WINDOW;
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    fn toluene() -> SpecmolMolecule {
        let mut molecule = SpecmolMolecule::from(Molecule::from_smiles("Cc1ccccc1").unwrap());
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

    fn carbon_trace(molecule: &SpecmolMolecule, noise: f64, random: &mut ChaCha8Rng) -> Vec<f32> {
        let pair = molecule.draw(noise, SpectrumForm::Traces, random).unwrap();
        pair.traces().unwrap().each()[1].to_vec()
    }

    /// Spectra of 13C of many samples.
    fn carbon_spectra(molecule: &SpecmolMolecule, noise: f64) -> Vec<Vec<f64>> {
        let mut random = ChaCha8Rng::seed_from_u64(3);
        (0..60).map(|_| tops(&carbon_trace(molecule, noise, &mut random), 0.02)).collect()
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
        let mut benzene = SpecmolMolecule::from(Molecule::from_smiles("c1ccccc1").unwrap());
        benzene.shifts.c13 = vec![Some(AtomShift { ppm: 128.4, spread: 2.0 }); 6];
        let tallest: Vec<f64> = {
            let mut random = ChaCha8Rng::seed_from_u64(3);
            let mut one = || tops(&carbon_trace(&benzene, 1.0, &mut random), 0.6);
            (0..40).filter_map(|_| Some(one()).filter(|t| t.len() == 1).map(|t| t[0])).collect()
        };
        assert!(tallest.len() > 30, "one line for six carbons: {tallest:?}");
        assert!(tallest.iter().any(|ppm| (ppm - 128.4).abs() > 1.0), "{tallest:?}");
    }

    #[test]
    fn a_seed_repeats_the_spectra() {
        for form in [SpectrumForm::Traces, SpectrumForm::Peaks] {
            let draw = |seed| toluene().draw(1.0, form, &mut ChaCha8Rng::seed_from_u64(seed));
            assert_eq!(draw(1).unwrap(), draw(1).unwrap());
            assert_ne!(draw(1), draw(2));
        }
    }

    #[test]
    fn as_peaks_it_shows_each_kind_of_carbon_once() {
        let mut random = ChaCha8Rng::seed_from_u64(5);
        let counts: Vec<usize> = (0..60)
            .map(|_| toluene().draw(0.3, SpectrumForm::Peaks, &mut random).unwrap())
            .map(|pair| pair.peaks().unwrap().1.len())
            .collect();
        assert!(counts.iter().all(|count| (4..=6).contains(count)), "{counts:?}");
        assert!(counts.iter().filter(|&&count| count == 5).count() > 30, "{counts:?}");
    }
}
