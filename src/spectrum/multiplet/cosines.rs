//! A set of couplings as it shows in time: a decay, times one cosine for each partner.

use std::f64::consts::PI;

use super::first_order::{COUPLING, Explanation};

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
    pub(super) fn at(&self, time: f64) -> f64 {
        let cosines =
            self.partners.iter().map(|(hz, n)| (PI * hz * time).cos().powi(n.cast_signed()));
        (-PI * self.width * time).exp() * cosines.product::<f64>()
    }

    /// Slopes by the coupling to each of the partners, times `amplitude`.
    pub(super) fn slopes(&self, time: f64, amplitude: f64, slopes: &mut [f64]) {
        slopes.fill(amplitude * (-PI * self.width * time).exp());
        for (k, (hz, n)) in self.partners.iter().enumerate() {
            let (sine, cosine) = (PI * hz * time).sin_cos();
            let fewer = if *n == 1 { 1.0 } else { cosine.powi(n.cast_signed() - 1) };
            for (of, slope) in slopes.iter_mut().enumerate() {
                *slope *= fewer * if k == of { -PI * time * f64::from(*n) * sine } else { cosine };
            }
        }
    }

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
