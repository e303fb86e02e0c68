//! What a constitution does not say of the hydrogens of a sample: how far the two of a CH2 lie apart,
//! where exchanging ones show, how large couplings really are.

use rand::{Rng, RngExt};

use super::distributions::{laplace, log_uniform};
use larmor_chemistry::{Hybridisation, MolecularGraph, exchanges};
use larmor_nmr::spectrum::simulation::ProtonSignal;

/// Exchanging hydrogens are not seen in this share of spectra.
const EXCHANGED: f64 = 0.3;
/// Concentration, solvent and temperature move the others by so much, ppm.
const EXCHANGING_PPM: f64 = 0.6;
/// Couplings differ from the textbook's by up to this share.
const COUPLING_SCATTER: f64 = 0.2;
/// Widths of exchanging hydrogens lie between so many times the expected one.
const WIDTHS: [f64; 2] = [0.2, 3.0];

/// How often the hydrogens of a CH2 are told apart, and how far they lie apart then, ppm.
fn apart(graph: &MolecularGraph, atom: usize) -> Option<(f64, f64)> {
    if graph.element[atom] != 6 || graph.hydrogens[atom] != 2 {
        return None;
    }
    Some(match graph.hybridisation[atom] {
        // The ends of a double bond.
        Hybridisation::Sp2 => (0.9, 0.3),
        _ if graph.ring_count[atom] > 0 => (0.75, 0.25),
        // Beside a stereocentre or a ring.
        _ if graph.ring_count.iter().any(|&rings| rings > 0) => (0.3, 0.08),
        _ => (0.1, 0.05),
    })
}

/// Expected shifts of the hydrogens of each atom made those of one sample.
pub(crate) fn scatter(
    graph: &MolecularGraph,
    symmetry: &[u32],
    ppm: &[Option<f64>],
    random: &mut impl Rng,
) -> Vec<Vec<f64>> {
    let hide = random.random_bool(EXCHANGED);
    // What holds for one of several equivalent atoms holds for all.
    let mut seen: Vec<(u32, f64)> = Vec::new();
    let mut of_class = |class: u32, new: &mut dyn FnMut() -> f64| match seen
        .iter()
        .find(|(other, _)| *other == class)
    {
        Some((_, value)) => *value,
        None => {
            let value = new();
            seen.push((class, value));
            value
        }
    };
    let mut found = Vec::with_capacity(ppm.len());
    for (atom, expected) in ppm.iter().enumerate() {
        let class = symmetry.get(atom).copied().unwrap_or(u32::MAX);
        found.push(match *expected {
            None => Vec::new(),
            Some(_) if exchanges(graph, atom) && hide => Vec::new(),
            Some(expected) if exchanges(graph, atom) => {
                vec![expected + of_class(class, &mut || EXCHANGING_PPM * laplace(random))]
            }
            Some(expected) => match apart(graph, atom) {
                None => vec![expected],
                Some((often, mean)) => {
                    let half = of_class(class, &mut || {
                        let apart = random.random_bool(often);
                        let sign = if random.random_bool(0.5) { 0.5 } else { -0.5 };
                        if apart {
                            sign * mean * -random.random::<f64>().max(1e-9).ln()
                        } else {
                            0.0
                        }
                    });
                    if half == 0.0 {
                        vec![expected]
                    } else {
                        vec![expected - half, expected + half]
                    }
                }
            },
        });
    }
    found
}

/// Couplings and widths of signals as one sample has them.
pub(crate) fn vary_couplings_and_widths(signals: &mut [ProtonSignal], random: &mut impl Rng) {
    let exchange = log_uniform(random, WIDTHS);
    for signal in signals {
        for coupling in &mut signal.couplings {
            coupling.hertz *= 1.0 + COUPLING_SCATTER * random.random_range(-1.0..1.0);
        }
        if let Some(width) = &mut signal.width_hz {
            *width *= exchange;
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use larmor_chemistry::Molecule;
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    #[test]
    fn hydrogens_of_a_ring_ch2_lie_apart_about_their_mean_and_alike_in_equivalent_ones() {
        let molecule = Molecule::graph_only("C1CCCCC1O").unwrap();
        let graph = &molecule.graph;
        let ppm: Vec<Option<f64>> = vec![Some(1.5); graph.len()];
        let mut random = ChaCha8Rng::seed_from_u64(1);
        let (mut split, mut hidden) = (0, 0);
        for _ in 0..200 {
            let found = scatter(graph, &molecule.symmetry, &ppm, &mut random);
            for own in found[..5].iter() {
                assert!((own.iter().sum::<f64>() / own.len() as f64 - 1.5).abs() < 1e-9);
            }
            assert_eq!(found[0], found[4], "both neighbours of the same carbons");
            assert_eq!(found[5], [1.5], "a CH has one hydrogen");
            split += u32::from(found[0].len() == 2);
            hidden += u32::from(found[6].is_empty());
        }
        assert!((110..190).contains(&split), "{split}");
        assert!((30..100).contains(&hidden), "{hidden}");
    }

    #[test]
    fn couplings_stay_near_the_textbooks() {
        let molecule = Molecule::graph_only("CCO").unwrap();
        let shifts = [vec![1.2], vec![3.7], vec![2.0]];
        let signals = crate::data::proton_signals(&molecule.graph, &shifts);
        let mut changed = signals.clone();
        vary_couplings_and_widths(&mut changed, &mut ChaCha8Rng::seed_from_u64(2));
        assert_ne!(signals, changed);
        for (before, after) in signals.iter().zip(&changed) {
            for (before, after) in before.couplings.iter().zip(&after.couplings) {
                assert!((after.hertz / before.hertz - 1.0).abs() <= COUPLING_SCATTER);
            }
        }
    }
}
