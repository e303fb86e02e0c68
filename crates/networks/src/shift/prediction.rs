//! What the shift network says of a molecule.

/// A predicted chemical shift.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AtomShift {
    /// Expected shift, ppm.
    pub ppm: f32,
    /// Scale b of the Laplace distribution around it, ppm.
    pub spread: f32,
}

/// Predicted shifts of one molecule, a column for each nucleus, one entry for each heavy atom of
/// its graph.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PredictedShifts {
    /// 13C: `None` where the atom is no carbon.
    pub c13: Vec<Option<AtomShift>>,
    /// 1H of the hydrogens on the atom, their mean: `None` where it carries none.
    pub h1: Vec<Option<AtomShift>>,
    /// How far apart the two hydrogens of a CH2 lie, as a distance: `None` of other atoms, and
    /// everywhere where the network does not say.
    pub geminal: Vec<Option<AtomShift>>,
}
