//! What a figure is made of.

use larmor_nmr::fid::Nucleus;
use larmor_nmr::spectrum::{Multiplet, Peak, PeakClass};
use larmor_nmr::trace::Trace;

use crate::structure::StructurePicture;

/// Where others are whole hydrogens, what has less than this is no signal of the compound.
const LEAST: f64 = 0.35;

/// A spectrum with what is known of it.
#[derive(Debug, Clone)]
pub struct Figure<'a> {
    /// What was measured, such as `1H NMR (500 MHz, CDCl3)`.
    pub title: String,
    /// Which sample or file.
    pub subtitle: String,
    /// Observed nucleus.
    pub nucleus: &'a Nucleus,
    /// The points.
    pub trace: &'a Trace,
    /// All its peaks, ascending in shift.
    pub peaks: &'a [Peak],
    /// Its multiplets; empty for 13C.
    pub multiplets: &'a [Multiplet],
    /// Atoms of signals; shifts are those of peaks and of multiplets' centres.
    pub atoms: &'a [SignalAtoms],
    /// The structure, to be drawn beside the insets.
    pub structure: Option<&'a StructurePicture>,
    /// How much of it is drawn.
    pub view: View,
}

/// Which atoms a signal is of.
#[derive(Debug, Clone, PartialEq)]
pub struct SignalAtoms {
    /// Shift of the peak or centre of the multiplet, ppm.
    pub ppm: f64,
    /// As they are to be written, such as `C5` or `H2/H6`.
    pub names: String,
}

/// How much of a spectrum is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// The whole axis and every peak, whatever its class.
    Everything,
    /// What papers show: 0 to 10 ppm of 1H, 0 to 200 of 13C, and further where there are peaks; no
    /// satellites, sidebands and artifacts.
    Paper,
}

impl Figure<'_> {
    pub(crate) fn shows(&self, class: PeakClass) -> bool {
        let by_the_way =
            matches!(class, PeakClass::Satellite | PeakClass::Sideband | PeakClass::Artifact);
        self.view == View::Everything || !by_the_way
    }

    /// The multiplets, in a paper without traces of other compounds where hydrogens were counted.
    pub(crate) fn multiplets(&self) -> Vec<&Multiplet> {
        let all = || self.multiplets.iter();
        let counted = all().filter_map(|one| one.hydrogens).any(|hydrogens| hydrogens > 0.65);
        let is_left = |one: &&Multiplet| {
            let of_compound = one.class == PeakClass::Compound;
            let is_trace = counted && of_compound && one.hydrogens.is_none_or(|h| h < LEAST);
            self.view == View::Everything || !is_trace
        };
        all().filter(is_left).collect()
    }

    pub(crate) fn shown(&self) -> impl Iterator<Item = &Peak> {
        self.peaks.iter().filter(|peak| self.shows(peak.class))
    }
}
