//! What a figure is made of.

use larmor_nmr::fid::Nucleus;
use larmor_nmr::spectrum::{Multiplet, Peak, PeakClass, multiplet};
use larmor_nmr::trace::Trace;

use crate::structure::StructurePicture;

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
        let is_of_no_atom =
            matches!(class, PeakClass::Satellite | PeakClass::Sideband | PeakClass::Artifact);
        self.view == View::Everything || !is_of_no_atom
    }

    /// The multiplets, in a paper without traces of other compounds where hydrogens were counted.
    pub(crate) fn multiplets(&self) -> Vec<&Multiplet> {
        match self.view {
            View::Everything => self.multiplets.iter().collect(),
            View::Paper => multiplet::of_compound(self.multiplets),
        }
    }

    pub(crate) fn shown(&self) -> impl Iterator<Item = &Peak> {
        self.peaks.iter().filter(|peak| self.shows(peak.class))
    }
}

/// The lowest and the highest of compound lines, relative to the tallest; zero is always within.
pub(crate) fn extent<'a>(lines: impl Iterator<Item = &'a Peak>) -> [f64; 2] {
    let compound = lines.filter(|peak| peak.class == PeakClass::Compound);
    compound.fold([0.0, 0.0], |[down, up]: [f64; 2], peak| {
        [down.min(peak.intensity), up.max(peak.intensity)]
    })
}
