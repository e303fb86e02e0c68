//! Coupling constants beside those of the authors.

use larmor_nmr::spectrum::{Multiplet, PeakClass};

use super::{ARBORININE, CARYOPHYLLENE, MENTHOL, processed};

/// One multiplet of the authors' list: its shift, and each constant (Hz) with the partner's shift and
/// how many equal hydrogens that is. The partners are those the list names (menthol), those of its
/// COSY (arborinine), or hydrogens on the same and neighbouring carbons in its assignment whose
/// constants agree (caryophyllene oxide).
type Truth = (f64, &'static [(f64, f64, u32)]);

struct Authors {
    listed: &'static [Truth],
    /// Signals of the list without constants: shift, and half of what they may span, Hz.
    others: &'static [(f64, f64)],
    /// Neighbours without a listed constant, taken to have the largest vicinal one of the list.
    neighbours: &'static [(f64, f64, f64)],
}

const FIELD_MHZ: f64 = 500.13;
/// A pair of partners is weakly coupled when its shifts lie this many couplings apart: each line of
/// it then belongs to one of the two by 99.3 %, and distances of lines are couplings to 1 %.
const WEAK: f64 = 6.0;

const ARBORININE_J: Authors = Authors {
    listed: &[
        (7.2778, &[(0.96, 7.4896, 1), (6.95, 7.7150, 1), (7.98, 8.4004, 1)]),
        (7.7150, &[(1.79, 8.4004, 1), (7.02, 7.2778, 1), (8.67, 7.4896, 1)]),
        (7.4896, &[(8.80, 7.7150, 1)]),
        (8.4004, &[(1.72, 7.7150, 1), (8.05, 7.2778, 1)]),
    ],
    others: &[(6.2315, 2.0), (14.7674, 2.0), (3.8143, 2.0), (3.9391, 2.0), (4.0186, 2.0)],
    neighbours: &[],
};
const CARYOPHYLLENE_J: Authors = Authors {
    listed: &[
        (2.3574, &[(4.40, 2.2663, 1), (8.12, 1.3438, 1), (12.65, 2.1370, 1)]),
        (1.3438, &[(4.54, 2.1370, 1), (8.12, 2.3574, 1), (10.59, 2.8939, 1), (12.65, 2.2663, 1)]),
        (2.8939, &[(4.26, 2.2663, 1), (10.59, 1.3438, 1)]),
        (1.4460, &[(4.13, 2.1009, 1), (10.38, 1.7808, 1), (13.34, 0.9757, 1), (14.72, 1.6656, 1)]),
        (1.2197, &[(0.83, 2.8939, 1)]),
        (4.9921, &[(2.06, 4.8765, 1)]),
        (4.8765, &[(0.76, 2.1370, 1), (1.72, 4.9921, 1)]),
    ],
    others: &[
        (1.7034, 20.0),
        (1.6399, 20.0),
        (1.0244, 2.0),
        (1.0027, 2.0),
        (2.1370, 20.0),
        (2.2663, 20.0),
        (0.9757, 20.0),
        (2.1009, 20.0),
        (1.6656, 20.0),
        (2.6339, 20.0),
        (1.7808, 20.0),
    ],
    neighbours: &[
        (2.1370, 2.2663, 10.59),
        (1.6656, 1.7808, 10.59),
        (1.6656, 0.9757, 10.59),
        (1.6656, 2.1009, 10.59),
    ],
};
const MENTHOL_J: Authors = Authors {
    listed: &[
        (3.4302, &[(9.90, 1.1301, 1), (4.80, 1.3536, 1), (10.90, 0.9535, 1), (4.50, 1.9844, 1)]),
        (2.1895, &[(2.70, 1.1301, 1), (7.00, 0.8311, 3), (7.05, 0.9493, 3)]),
        (1.9844, &[(4.50, 3.4302, 1), (4.00, 1.4444, 1), (2.20, 1.6822, 1), (12.10, 0.9535, 1)]),
        (
            1.6822,
            &[
                (3.00, 1.4444, 1),
                (12.80, 0.8630, 1),
                (3.30, 0.9933, 1),
                (3.20, 1.6293, 1),
                (2.20, 1.9844, 1),
            ],
        ),
        (1.6293, &[(3.00, 1.1301, 1), (3.20, 1.6822, 1), (3.30, 0.8630, 1), (13.00, 0.9933, 1)]),
        (
            1.4444,
            &[
                (6.58, 0.9331, 3),
                (3.00, 1.6822, 1),
                (12.00, 0.8630, 1),
                (12.00, 0.9535, 1),
                (4.00, 1.9844, 1),
            ],
        ),
        (1.3536, &[(4.80, 3.4302, 1)]),
        (1.1301, &[(12.80, 0.9933, 1), (3.00, 1.6293, 1), (9.90, 3.4302, 1), (2.70, 2.1895, 1)]),
        (0.9933, &[(12.80, 1.1301, 1), (3.30, 1.6822, 1), (12.00, 0.8630, 1)]),
        (0.9535, &[(10.90, 3.4302, 1), (12.00, 1.4444, 1), (12.10, 1.9844, 1)]),
        (0.9493, &[(7.05, 2.1895, 1)]),
        (0.9331, &[(6.58, 1.4444, 1)]),
        (0.8630, &[(12.80, 1.6822, 1), (12.00, 0.9933, 1), (3.30, 1.6293, 1)]),
        (0.8311, &[(7.05, 2.1895, 1)]),
    ],
    others: &[],
    neighbours: &[],
};

impl Authors {
    /// Every pair with a constant: both shifts, Hz.
    fn pairs(&self) -> Vec<(f64, f64, f64)> {
        let listed = self.listed.iter().flat_map(|(ppm, constants)| {
            constants.iter().map(|(hz, partner, _)| (*ppm, *partner, *hz))
        });
        listed.chain(self.neighbours.iter().copied()).collect()
    }

    /// Shift and half of the span of every signal, Hz.
    fn spans(&self) -> Vec<(f64, f64)> {
        let listed = self.listed.iter().map(|(ppm, constants)| {
            (*ppm, constants.iter().map(|(hz, _, n)| hz * f64::from(*n)).sum::<f64>() / 2.0)
        });
        listed.chain(self.others.iter().copied()).collect()
    }

    /// Whether a multiplet of the list has a first-order pattern: all pairs among it and its
    /// partners are weakly coupled, and no other signal reaches into what it spans.
    fn is_first_order(&self, (ppm, constants): &Truth) -> bool {
        let same = |a: f64, b: f64| (a - b).abs() < 1e-6;
        let family: Vec<f64> =
            std::iter::once(*ppm).chain(constants.iter().map(|(_, partner, _)| *partner)).collect();
        let within = |shift: f64| family.iter().any(|member| same(*member, shift));
        let weak = self
            .pairs()
            .iter()
            .filter(|(a, b, _)| within(*a) && within(*b))
            .all(|(a, b, hz)| (a - b).abs() * FIELD_MHZ >= WEAK * hz);
        let spans = self.spans();
        let own = spans.iter().find(|(shift, _)| same(*shift, *ppm)).unwrap().1;
        let apart = spans
            .iter()
            .filter(|(shift, _)| !same(*shift, *ppm))
            .all(|(shift, half)| (shift - ppm).abs() * FIELD_MHZ > own + half);
        weak && apart
    }
}

/// Constants of the authors, those found within 0.3 Hz, and those reported that are none of theirs.
#[derive(Debug, Default, Clone, Copy)]
struct Count {
    of: usize,
    right: usize,
    wrong: usize,
}

/// All constants, and those where a first-order pattern exists.
fn couplings(path: &str, authors: &Authors) -> [Count; 2] {
    let ours = processed(path, true);
    let compound: Vec<&Multiplet> =
        ours.multiplets.iter().filter(|m| m.class == PeakClass::Compound).collect();
    // Our axis is tied to the solvent, theirs is theirs.
    const OFFSET: f64 = -0.0245;
    let mut counts = [Count::default(); 2];
    for truth in authors.listed {
        let (ppm, constants) = truth;
        let off = |m: &&&Multiplet| (m.ppm - ppm - OFFSET).abs();
        let nearest = compound.iter().min_by(|a, b| off(a).total_cmp(&off(b))).unwrap();
        // A multiplet of ours is that of one of theirs, the nearest.
        let nearer = |(other, _): &Truth| (nearest.ppm - other - OFFSET).abs() < off(&nearest);
        let theirs = off(&nearest) < 0.012 && !authors.listed.iter().any(nearer);
        let reported: &[f64] = if theirs { &nearest.couplings_hz } else { &[] };
        let within = |a: f64, b: f64| (a - b).abs() <= 0.3;
        let right = constants.iter().filter(|(j, ..)| reported.iter().any(|&k| within(*j, k)));
        let wrong = reported.iter().filter(|&&k| !constants.iter().any(|(j, ..)| within(*j, k)));
        let count = Count { of: constants.len(), right: right.count(), wrong: wrong.count() };
        let first_order = authors.is_first_order(truth);
        println!(
            "{ppm} {:?}{}: {} {reported:.2?}",
            constants.iter().map(|(j, ..)| *j).collect::<Vec<_>>(),
            if first_order { "" } else { " (not first order)" },
            if reported.is_empty() { "none" } else { &nearest.pattern },
        );
        for sum in &mut counts[..=usize::from(first_order)] {
            sum.of += count.of;
            sum.right += count.right;
            sum.wrong += count.wrong;
        }
    }
    println!("{counts:?} {path}");
    counts
}

#[test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
fn couplings_are_the_authors() {
    let compounds = [
        (ARBORININE, ARBORININE_J, 0),
        (CARYOPHYLLENE, CARYOPHYLLENE_J, 2),
        (MENTHOL, MENTHOL_J, 5),
    ];
    let (mut right, mut of) = (0, 0);
    for (path, authors, most_wrong) in compounds {
        let [all, first_order] = couplings(path, &authors);
        assert!(all.wrong <= most_wrong, "{path}: {all:?}");
        right += first_order.right;
        of += first_order.of;
    }
    println!("first order: {right} of {of}");
    assert!(of >= 35 && right as f64 >= 0.8 * of as f64, "{right} of {of}");
}
