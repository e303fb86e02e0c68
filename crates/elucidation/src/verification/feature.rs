//! What is looked at: the discrepancies between a structure and its spectra, as numbers.

/// One discrepancy; 0 where nothing speaks against the structure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Feature {
    /// What it counts.
    pub name: &'static str,
    /// More than this says no more.
    pub most: f64,
}

const fn feature(name: &'static str, most: f64) -> Feature {
    Feature { name, most }
}

/// How many of [`FEATURES`] are of 13C; those of 1H follow.
pub(super) const CARBON: usize = 18;
/// How many are of 1H.
pub(super) const PROTON: usize = 24;

pub(super) const LINES_LEFT: &str = "13C lines that no carbon explains";
pub(super) const WITHOUT_SIGNAL: &str = "1H hydrogens without signal";

/// All discrepancies, those of 13C first. Strains are residuals in spreads of the prediction.
pub const FEATURES: [Feature; CARBON + PROTON] = [
    feature("13C cost a line", 5.0),
    feature("13C cost", 60.0),
    feature("13C mean strain", 12.0),
    feature("13C largest strain", 12.0),
    feature("13C second strain", 12.0),
    feature("13C third strain", 12.0),
    feature("13C strains above 3", 6.0),
    feature("13C strains above 5", 6.0),
    feature(LINES_LEFT, 6.0),
    feature("13C carbons without hydrogen and line", 6.0),
    feature("13C carbons with hydrogen without line", 6.0),
    feature("13C methyls without line", 6.0),
    feature("13C carbons under another's line", 6.0),
    feature("13C lines beyond the carbons", 6.0),
    feature("13C kinds of carbon beyond the lines", 6.0),
    feature("13C lines beyond the kinds of carbon", 6.0),
    feature("13C mean residual, ppm", 6.0),
    feature("13C largest residual, ppm", 20.0),
    feature("1H cost a hydrogen", 5.0),
    feature("1H cost", 60.0),
    feature(WITHOUT_SIGNAL, 6.0),
    feature("1H hydrogens of signals that none explains", 6.0),
    feature("1H most of them under one signal", 12.0),
    feature("1H mean strain", 12.0),
    feature("1H largest strain", 12.0),
    feature("1H second strain", 12.0),
    feature("1H third strain", 12.0),
    feature("1H strains above 3", 6.0),
    feature("1H strains above 5", 6.0),
    feature("1H methyl patterns contradicted", 6.0),
    feature("1H other patterns contradicted", 6.0),
    feature("1H share of patterns contradicted", 6.0),
    feature("1H couplings of the other configuration", 6.0),
    feature("1H methyl singlets lacking", 6.0),
    feature("1H methyl singlets too many", 6.0),
    feature("1H hydrogens lacking in all", 6.0),
    feature("1H hydrogens too many in all", 6.0),
    feature("1H hydrogens above 6.4 ppm lacking or too many", 6.0),
    feature("1H hydrogens that exchange without signal", 6.0),
    feature("1H signals unlike those of what exchanges", 6.0),
    feature("1H mean misfit of integrals", 6.0),
    feature("1H largest misfit of integrals", 12.0),
];

/// What a discrepancy enters a regression as: itself, its root, and whether it is there.
pub(super) const SHAPES: usize = 3;

/// The shapes of a value.
pub(super) fn shapes(value: f64, feature: &Feature) -> [f64; SHAPES] {
    let value = if value.is_finite() { value.clamp(0.0, feature.most) } else { feature.most };
    [value, value.sqrt(), value.min(1.0)]
}
