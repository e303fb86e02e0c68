//! A set of couplings as it shows in time: a decay, times one cosine for each partner.

use std::f64::consts::PI;

use crate::spectrum::multiplet::first_order::{COUPLING, Explanation};

/// Times at which the transform is taken, up to this one in units of 1 / line width.
pub(super) const TIMES: usize = 48;
const LATEST: f64 = 0.9;
/// Width that couplings are looked for with, in usual ones.
pub(super) const FIRST_WIDTH: f64 = 1.2;
/// Couplings are looked for in these steps, Hz, before they are fitted.
pub(super) const GRID: f64 = 0.5;

/// The times looked at, and how couplings on the grid beat there.
pub(super) struct Clock {
    pub(super) usual_width: f64,
    /// From 0 on in equal steps, s.
    pub(super) times: [f64; TIMES],
    pub(super) decay: [f64; TIMES],
    pub(super) cosines: Vec<[f64; TIMES]>,
}

impl Clock {
    pub(super) fn new(usual_width: f64) -> Self {
        let step = LATEST / usual_width / TIMES as f64;
        let times: [f64; TIMES] = std::array::from_fn(|k| k as f64 * step);
        let steps = (COUPLING[1] / GRID) as usize;
        let cosine = |hz: f64| times.map(|time| (PI * hz * time).cos());
        Self {
            usual_width,
            times,
            decay: times.map(|time| (-PI * FIRST_WIDTH * usual_width * time).exp()),
            cosines: (0..=steps).map(|k| cosine(k as f64 * GRID)).collect(),
        }
    }

    /// How a set of couplings beats. From one time to the next everything turns or shrinks by the
    /// same amount: one sine, one cosine or one exponential function each.
    pub(super) fn waves(&self, set: &Set) -> Waves {
        let step = PI * self.times[1];
        let shrink = (-set.width * step).exp();
        let mut decay = [1.0; TIMES];
        for k in 1..TIMES {
            decay[k] = decay[k - 1] * shrink;
        }
        let partners = set.partners.iter().map(|&(hz, count)| {
            let (sine, cosine) = (hz * step).sin_cos();
            let mut wave = Wave { count, cosines: [1.0; TIMES], slopes: [0.0; TIMES] };
            let mut sines = 0.0;
            for k in 1..TIMES {
                let before = wave.cosines[k - 1];
                wave.cosines[k] = before * cosine - sines * sine;
                sines = before * sine + sines * cosine;
                wave.slopes[k] = -PI * self.times[k] * f64::from(count) * sines;
            }
            wave
        });
        Waves { decay, partners: partners.collect() }
    }
}

/// A set of couplings over the clock's times.
pub(super) struct Waves {
    decay: [f64; TIMES],
    partners: Vec<Wave>,
}

/// The cosines of a coupling to `count` equal partners, and their slopes by it.
struct Wave {
    count: u32,
    cosines: [f64; TIMES],
    slopes: [f64; TIMES],
}

impl Wave {
    fn power(&self, k: usize, count: u32) -> f64 {
        (0..count).fold(1.0, |product, _| product * self.cosines[k])
    }
}

impl Waves {
    pub(super) fn product(&self) -> [f64; TIMES] {
        std::array::from_fn(|k| {
            self.partners
                .iter()
                .fold(self.decay[k], |product, wave| product * wave.power(k, wave.count))
        })
    }

    /// Slopes at the `k`th time by the coupling to each of the partners, times `amplitude`.
    pub(super) fn slopes(&self, k: usize, amplitude: f64, slopes: &mut [f64]) {
        slopes.fill(amplitude * self.decay[k]);
        for (own, wave) in self.partners.iter().enumerate() {
            let fewer = wave.power(k, wave.count - 1);
            for (of, slope) in slopes.iter_mut().enumerate() {
                *slope *= fewer * if own == of { wave.slopes[k] } else { wave.cosines[k] };
            }
        }
    }
}

/// A decay by `width`, times cosines.
#[derive(Debug, Clone)]
pub(super) struct Set {
    /// Hz.
    pub(super) width: f64,
    /// Coupling in Hz, and how many equal partners have it.
    pub(super) partners: Vec<(f64, u32)>,
    /// Sum of the squares it leaves.
    pub(super) left: f64,
}

impl Set {
    pub(super) fn is_sound(&self, usual_width: f64) -> bool {
        self.width > 0.6 * usual_width
            && self.width < 2.5 * usual_width
            && self.partners.iter().all(|(hz, _)| (COUPLING[0]..COUPLING[1]).contains(hz))
    }

    /// Every single coupling, the largest first.
    pub(super) fn couplings(&self) -> Vec<f64> {
        let each = self.partners.iter().flat_map(|(hz, n)| std::iter::repeat_n(*hz, *n as usize));
        let mut all: Vec<f64> = each.collect();
        all.sort_by(|a, b| b.total_cmp(a));
        all
    }

    pub(super) fn differs_from(&self, other: &Self, by: f64) -> bool {
        let (own, others) = (self.couplings(), other.couplings());
        own.len() != others.len() || own.iter().zip(&others).any(|(a, b)| (a - b).abs() > by)
    }

    pub(super) fn into_explanation(mut self, centre_hz: f64) -> Explanation {
        self.partners.sort_by(|a, b| b.0.total_cmp(&a.0));
        let (couplings, nuclei) = self.partners.into_iter().unzip();
        Explanation { centre_hz, nuclei, couplings, score: 0.0 }
    }
}
