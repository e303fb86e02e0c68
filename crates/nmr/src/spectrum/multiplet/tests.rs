#![allow(clippy::unwrap_used)]

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::*;
use crate::spectrum::noise;
use crate::spectrum::{deconvolution, picking};

const MHZ: f64 = 500.0;

/// A multiplet that was put in: centre in Hz, area, groups of equal partners.
type Truth = (f64, f64, Vec<(f64, u32)>);

fn gauss(random: &mut ChaCha8Rng) -> f64 {
    (0..12).map(|_| random.random::<f64>()).sum::<f64>() - 6.0
}

/// A spectrum of 4000 Hz at 0.15 Hz a point with these multiplets; what comes of it.
fn found(truth: &[Truth], width_hz: f64, noise: f64, seed: u64) -> Vec<Multiplet> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let axis = Axis { first_ppm: 0.0, step_ppm: 0.15 / MHZ, reference_mhz: MHZ };
    let mut real: Vec<f64> = (0..26_000).map(|_| noise * gauss(&mut random)).collect();
    for (centre, area, partners) in truth {
        let nuclei: Vec<u32> = partners.iter().map(|p| p.1).collect();
        let couplings: Vec<f64> = partners.iter().map(|p| p.0).collect();
        for stick in pattern::sticks(&nuclei) {
            let hz = centre + stick.offset(&couplings);
            let height = area * stick.share / (std::f64::consts::FRAC_PI_2 * width_hz);
            for (i, value) in real.iter_mut().enumerate() {
                let u = 2.0 * (i as f64 * 0.15 - hz) / width_hz;
                *value += height / (1.0 + u * u);
            }
        }
    }
    let deviation = noise::standard_deviation(&real);
    let raw = picking::pick(&real, &axis, 6.0 * deviation, false);
    let tallest = raw.iter().map(|peak| peak.height).fold(0.0, f64::max);
    let mut peaks: Vec<Peak> = raw
        .iter()
        .filter(|peak| peak.height > 0.005 * tallest)
        .map(|peak| Peak {
            ppm: peak.ppm,
            intensity: peak.height / tallest,
            width_hz: peak.width_hz,
            area: peak.area,
            signal_to_noise: peak.height / deviation,
            class: PeakClass::Compound,
            multiplicity: None,
            errors: None,
            splitting: None,
            substance: None,
        })
        .collect();
    let noise = deconvolution::Noise { deviation, correlation: vec![1.0] };
    deconvolution::refine(&mut peaks, &real, &axis, &noise);
    find(&peaks, &real, &axis)
}

fn is_right(found: &Multiplet, partners: &[(f64, u32)], within: f64) -> bool {
    let nuclei: Vec<u32> = partners.iter().map(|p| p.1).collect();
    found.pattern == pattern::name(&nuclei)
        && found.couplings_hz.iter().zip(partners).all(|(hz, truth)| (hz - truth.0).abs() < within)
}

#[test]
fn an_ethyl_group_is_a_quartet_and_a_triplet() {
    let truth = [(2000.0, 2.0, vec![(7.1, 3)]), (600.0, 3.0, vec![(7.1, 2)])];
    let multiplets = found(&truth, 1.0, 0.001, 1);
    assert_eq!(multiplets.len(), 2);
    for (multiplet, (centre, area, partners)) in multiplets.iter().zip(truth.iter().rev()) {
        assert!(is_right(multiplet, partners, 0.05), "{multiplet:?}");
        assert!((multiplet.ppm * MHZ - centre).abs() < 0.1);
        assert!((multiplet.area - area / 5.0).abs() < 0.01, "{multiplet:?}");
        assert!((multiplet.hydrogens.unwrap() - area).abs() < 0.1, "{multiplet:?}");
    }
}

#[test]
fn two_methyl_singlets_are_no_doublet() {
    let truth = [
        (500.0, 3.0, vec![]),
        (510.6, 3.0, vec![]),
        (1400.0, 1.0, vec![(10.6, 1), (4.2, 1)]),
        (2600.0, 1.0, vec![(10.5, 1), (8.0, 1)]),
    ];
    let multiplets = found(&truth, 1.0, 0.001, 2);
    assert!(multiplets.iter().all(|multiplet| multiplet.pattern != "d"), "{multiplets:?}");
}

#[test]
fn centres_are_one_a_multiplet() {
    let truth = [(2000.0, 2.0, vec![(7.1, 3)]), (600.0, 3.0, vec![(7.1, 2)])];
    let peaks: Vec<Peak> = truth
        .iter()
        .flat_map(|(centre, _, partners): &Truth| {
            pattern::sticks(&[partners[0].1]).into_iter().map(move |stick| Peak {
                ppm: (centre + stick.offset(&[partners[0].0])) / MHZ,
                intensity: stick.share,
                width_hz: 1.0,
                area: stick.share,
                signal_to_noise: 100.0,
                class: PeakClass::Compound,
                multiplicity: None,
                errors: None,
                splitting: None,
                substance: None,
            })
        })
        .collect();
    let centres = centres(&peaks, MHZ);
    assert_eq!(centres.len(), 2);
    assert!((centres[0] - 1.2).abs() < 1e-3 && (centres[1] - 4.0).abs() < 1e-3);
}

/// Random pairs of coupled multiplets beside others: how many are recovered, how many are wrong.
#[test]
fn random_patterns_are_recovered_or_called_m() {
    let shapes: [&[u32]; 9] =
        [&[1], &[2], &[3], &[1, 1], &[1, 2], &[2, 1], &[1, 1, 1], &[1, 3], &[1, 1, 2]];
    let (mut right, mut wrong, mut unsure) = (0, 0, 0);
    for seed in 0..40u64 {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let mut truth: Vec<Truth> = Vec::new();
        let mut centre = 150.0;
        while centre < 3700.0 && truth.len() < 14 {
            let shape = shapes[random.random_range(0..shapes.len())];
            let mut couplings: Vec<f64> = Vec::new();
            let mut smallest = 17.0;
            for _ in shape {
                let hz: f64 = random.random_range(0.35 * smallest..0.85 * smallest);
                couplings.push(hz);
                smallest = hz;
            }
            let partners: Vec<(f64, u32)> =
                couplings.iter().copied().zip(shape.iter().copied()).collect();
            let reach: f64 = partners.iter().map(|p| p.0 * f64::from(p.1)).sum::<f64>() / 2.0;
            centre += reach + random.random_range(5.0..160.0);
            // Methyl groups couple by 8 Hz at most.
            let most = if couplings[0] > 8.0 { 2 } else { 3 };
            truth.push((centre, f64::from(random.random_range(1..=most)), partners));
            centre += reach;
        }
        let width = random.random_range(0.7..1.6);
        let multiplets = found(&truth, width, 0.002, seed);
        for (centre, _, partners) in &truth {
            let nearest = multiplets
                .iter()
                .min_by(|a, b| {
                    let off = |m: &Multiplet| (m.ppm * MHZ - centre).abs();
                    off(a).total_cmp(&off(b))
                })
                .unwrap();
            if nearest.pattern == "m" {
                unsure += 1;
            } else if is_right(nearest, partners, 0.3) {
                right += 1;
            } else {
                println!(
                    "{partners:?} at {centre:.1}: {} {:.2?}",
                    nearest.pattern, nearest.couplings_hz
                );
                wrong += 1;
            }
        }
    }
    let all = f64::from(right + wrong + unsure);
    println!("right {right}, wrong {wrong}, m {unsure}");
    assert!(f64::from(wrong) < 0.03 * all, "{wrong} of {all} wrong");
    assert!(f64::from(right) > 0.75 * all, "{right} of {all} right");
}

#[test]
fn couplings_are_read_where_lines_fall_together() {
    // Sixteen lines at most 1.2 Hz apart, each 2 Hz wide beside a sharp singlet.
    let partners = vec![(10.9, 1), (9.8, 1), (4.7, 1), (3.5, 1)];
    let truth = [(1700.0, 1.0, partners.clone()), (900.0, 3.0, vec![])];
    let multiplets = found(&truth, 2.0, 0.0004, 5);
    let crowded = multiplets.iter().find(|m| (m.ppm * MHZ - 1700.0).abs() < 1.0).unwrap();
    assert!(is_right(crowded, &partners, 0.15), "{crowded:?}");
}

#[test]
fn equal_couplings_stay_equal() {
    let partners = vec![(12.1, 2), (4.2, 2)];
    for seed in 0..4 {
        let truth = [(1700.0, 1.0, partners.clone()), (900.0, 3.0, vec![])];
        let multiplets = found(&truth, 1.8, 0.001, seed);
        let triplets = multiplets.iter().find(|m| (m.ppm * MHZ - 1700.0).abs() < 1.0).unwrap();
        assert!(is_right(triplets, &partners, 0.1), "{triplets:?}");
    }
}

#[test]
fn two_multiplets_across_each_other_are_not_read_as_one() {
    for apart in [5.0, 9.0, 13.0] {
        let truth = [
            (1700.0, 1.0, vec![(7.3, 1), (5.1, 1)]),
            (1700.0 + apart, 1.0, vec![(11.0, 1), (4.0, 1), (2.6, 1)]),
            (900.0, 3.0, vec![]),
        ];
        let constants = [7.3, 5.1, 11.0, 4.0, 2.6];
        for multiplet in found(&truth, 1.2, 0.0005, 9) {
            let near = |hz: &f64| constants.iter().any(|j| (j - hz).abs() < 0.3);
            assert!(multiplet.couplings_hz.iter().all(near), "{apart}: {multiplet:?}");
        }
    }
}

fn line(hz: f64, area: f64, width_hz: f64) -> Component {
    Component { hz, area, width_hz, place: 0 }
}

#[test]
fn a_tall_line_with_a_foot_is_a_singlet() {
    // A methoxy group, and the broad foot that a bad shim left beside it.
    let groups = grouping::group(&[line(1905.8, 0.277, 2.2), line(1913.5, 0.0058, 6.8)]);
    let nuclei: Vec<usize> =
        groups.iter().map(|group| group.explanation.as_ref().unwrap().nuclei.len()).collect();
    assert_eq!(nuclei, [0, 0]);
}

#[test]
fn overlapping_lines_are_weighed_by_their_heights() {
    // The methyl group of ethyl crotonate at 500 MHz as it was fitted: 6.9 and 1.9 Hz.
    let lines = [
        line(913.0, 0.0741, 1.75),
        line(914.9, 0.0652, 1.67),
        line(919.9, 0.0536, 1.47),
        line(921.8, 0.0932, 2.25),
    ];
    let groups = grouping::group(&lines);
    assert_eq!(groups.len(), 1);
    let found = groups[0].explanation.as_ref().unwrap();
    assert_eq!(found.nuclei, [1, 1]);
    assert!((found.couplings[0] - 6.9).abs() < 0.2 && (found.couplings[1] - 1.9).abs() < 0.2);
}
