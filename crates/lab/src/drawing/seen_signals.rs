//! The set of 1H signals that a spectrum shows: integrals are inexact, patterns not always read,
//! neighbours run into one another, exchanging hydrogens come and go.

use rand::{Rng, RngExt};

use super::distributions::laplace;
use larmor_networks::{Signal, SignalPattern};
use larmor_nmr::spectrum::simulation::ProtonSignal;

/// Signals closer than this are one, ppm.
const SAME_PPM: f64 = 0.004;
/// Signals closer than this run into one another as often as this.
const NEAR_PPM: f64 = 0.03;
const RUN_TOGETHER: f64 = 0.7;
/// Share of spectra in which exchanging hydrogens are not seen, and of those by themselves.
const EXCHANGED: f64 = 0.4;
/// Concentration, solvent and temperature move the others by so much, ppm.
const EXCHANGING_PPM: f64 = 0.5;
/// Solvent and referencing move measured signals by up to this, ppm.
const BETWEEN_LABORATORIES: f64 = 0.03;
/// An integral is off by up to this share, and by so many hydrogens.
const INTEGRAL: f64 = 0.15;
const INTEGRAL_HYDROGENS: f64 = 0.05;
/// Share of patterns that are not read, and the smallest coupling that shows, Hz.
const UNREAD: f64 = 0.25;
const LEAST_COUPLING_HZ: f64 = 1.5;
/// One spectrum in so many shows a signal of something else, of up to so many hydrogens.
const STRANGER: f64 = 0.3;
const STRANGER_HYDROGENS: f64 = 0.8;
const STRANGER_PPM: std::ops::Range<f64> = 0.8..8.5;

/// Signals as one more sample might show them; `spread` is the scale of the distribution around
/// predicted shifts, ppm, and 0 for measured ones.
pub(crate) fn seen_signals(
    signals: &[ProtonSignal],
    spread: f64,
    random: &mut impl Rng,
) -> Vec<Signal> {
    let share = random.random_range(0.2..1.2);
    let hidden = random.random_bool(EXCHANGED);
    // Atoms of one shift move together.
    let mut seen: Vec<(f64, f64, f64, SignalPattern)> = Vec::new();
    for signal in signals {
        let exchanging = signal.width_hz.is_some();
        if exchanging && hidden {
            continue;
        }
        let same = seen.iter_mut().find(|other| (other.0 - signal.ppm).abs() < SAME_PPM);
        if let Some(same) = same {
            same.2 += signal.protons;
            continue;
        }
        let off = if exchanging {
            EXCHANGING_PPM * laplace(random)
        } else if spread > 0.0 {
            spread * share * laplace(random)
        } else {
            random.random_range(-BETWEEN_LABORATORIES..=BETWEEN_LABORATORIES)
        };
        seen.push((signal.ppm, signal.ppm + off, signal.protons, pattern(signal, random)));
    }
    let mut found: Vec<(f64, f64, SignalPattern)> =
        seen.into_iter().map(|(_, ppm, protons, pattern)| (ppm, protons, pattern)).collect();
    found.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut together: Vec<(f64, f64, SignalPattern)> = Vec::with_capacity(found.len() + 1);
    for (ppm, protons, pattern) in found {
        match together.last_mut() {
            Some(last) if ppm - last.0 < NEAR_PPM && random.random_bool(RUN_TOGETHER) => {
                last.0 = (last.0 * last.1 + ppm * protons) / (last.1 + protons);
                last.1 += protons;
                last.2 = SignalPattern::Unread;
            }
            _ => together.push((ppm, protons, pattern)),
        }
    }
    for signal in &mut together {
        let off = 1.0 + INTEGRAL * random.random_range(-1.0..1.0);
        signal.1 = (signal.1 * off + INTEGRAL_HYDROGENS * random.random_range(-1.0..1.0)).max(0.2);
    }
    if random.random_bool(STRANGER) {
        let protons = random.random_range(0.2..STRANGER_HYDROGENS);
        together.push((random.random_range(STRANGER_PPM), protons, SignalPattern::Unread));
    }
    Signal::shares(
        together.into_iter().map(|(ppm, protons, pattern)| (ppm, Some(protons), pattern)),
    )
}

fn pattern(signal: &ProtonSignal, random: &mut impl Rng) -> SignalPattern {
    if random.random_bool(UNREAD) {
        return SignalPattern::Unread;
    }
    let mut couplings = signal.couplings.iter().filter(|c| c.hertz.abs() >= LEAST_COUPLING_HZ);
    match (couplings.next(), couplings.next()) {
        (None, _) => SignalPattern::Singlet,
        (Some(one), None) => match one.neighbours {
            0 => SignalPattern::Singlet,
            1 => SignalPattern::Doublet,
            2 => SignalPattern::Triplet,
            _ => SignalPattern::Quartet,
        },
        _ => SignalPattern::Compound,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use larmor_nmr::spectrum::simulation::Coupling;
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    fn signal(ppm: f64, protons: f64, neighbours: u8) -> ProtonSignal {
        let couplings = vec![Coupling::first_order(7.0, neighbours)];
        ProtonSignal { ppm, protons, couplings, width_hz: None }
    }

    #[test]
    fn ethyl_acetate_is_seen_as_it_is_most_of_the_time() {
        let mut singlet = signal(2.04, 3.0, 0);
        singlet.couplings.clear();
        let signals = [signal(1.26, 3.0, 2), singlet, signal(4.12, 2.0, 3)];
        let mut random = ChaCha8Rng::seed_from_u64(1);
        let (mut triplets, mut three) = (0, 0);
        for _ in 0..300 {
            let found = seen_signals(&signals, 0.0, &mut random);
            assert!((found.iter().map(|s| s.share).sum::<f32>() - 1.0).abs() < 1e-4);
            assert!((found[0].ppm - 1.26).abs() < 0.031, "{found:?}");
            triplets += usize::from(found[0].pattern == SignalPattern::Triplet);
            three += usize::from(found.len() == 3);
        }
        assert!((190..260).contains(&triplets), "{triplets}");
        assert!((170..250).contains(&three), "strangers now and then: {three}");
    }

    #[test]
    fn atoms_of_one_shift_are_one_signal_and_exchanging_hydrogens_come_and_go() {
        let hydroxyl = ProtonSignal { width_hz: Some(10.0), ..signal(2.6, 1.0, 0) };
        let signals = [signal(1.2, 3.0, 1), signal(1.2, 3.0, 1), signal(4.0, 1.0, 6), hydroxyl];
        let mut random = ChaCha8Rng::seed_from_u64(2);
        let counts: Vec<usize> =
            (0..200).map(|_| seen_signals(&signals, 0.1, &mut random).len()).collect();
        assert!(counts.contains(&2) && counts.contains(&3));
        assert!(counts.iter().all(|count| (2..=4).contains(count)));
    }
}
