//! A solvent assumed, and how probable each offset of the axis is then.

use super::lines::Lines;
use super::prior::{self, Prior};
use super::witness::Expectation;
use super::{Unreferenced, solvent, standard};
use crate::fid::Solvent;
use crate::spectrum::solvent_lines;

/// One solvent, or none that is known, assumed: what it should show and what is known of the axis.
#[derive(Debug, Clone)]
pub(super) struct AssumedSolvent {
    pub solvent: Option<Solvent>,
    pub prior: Prior,
    /// How probable it is before the lines are looked at.
    usual: f64,
    /// What the solvent should show, its best line first.
    pub of_solvent: Vec<Expectation>,
    /// What a standard should show.
    pub of_standard: Expectation,
}

/// Every solvent, and none of them.
pub(super) fn all(measured: &Unreferenced<'_>) -> Vec<AssumedSolvent> {
    let lines = Lines::new(measured.peaks);
    let standards = standard::readings(measured, &lines);
    std::iter::once(None)
        .chain(solvent_lines::ALL.into_iter().map(Some))
        .map(|solvent| AssumedSolvent {
            solvent,
            prior: Prior::of(measured, solvent),
            usual: prior::of_solvent(measured.header, solvent),
            of_solvent: solvent
                .map_or_else(Vec::new, |known| solvent::expectations(measured, &lines, known)),
            of_standard: standard::expectation(&standards, solvent, measured.nucleus),
        })
        .collect()
}

impl AssumedSolvent {
    /// Everything that should be seen.
    pub fn expectations(&self) -> impl Iterator<Item = &Expectation> {
        self.of_solvent.iter().chain([&self.of_standard])
    }

    /// Probability density, not normalized, of the axis being off by `shift` ppm.
    pub fn density(&self, shift: f64) -> f64 {
        let likelihood: f64 =
            self.expectations().map(|expected| expected.likelihood(shift)).product();
        self.usual * self.prior.density(shift) * likelihood
    }

    /// Offsets that something proposes, with how far they scatter, ppm.
    pub fn shifts(&self) -> impl Iterator<Item = (f64, f64)> + '_ {
        let known = self.prior.parts.iter().map(|part| (part.shift, part.deviation));
        self.expectations().flat_map(Expectation::shifts).chain(known)
    }
}
