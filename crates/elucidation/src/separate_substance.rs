//! What spectra show beside the compound and was told from it by its own pattern.

use std::collections::BTreeMap;

use larmor_nmr::fid::{Nucleus, Solvent};
use larmor_nmr::sample::SampleSpectrum;
use larmor_nmr::spectrum::PeakClass;
use larmor_nmr::spectrum::classification::common_impurities;

/// From this confidence on a name is believed.
const BELIEVED: f64 = 0.5;
/// Standards for 0 ppm are put into the tube on purpose.
const STANDARDS: [&str; 3] = ["TMS", "TSP", "DSS"];

/// A substance whose lines one spectrum shows beside the compound's.
#[derive(Debug, Clone, PartialEq)]
pub struct SeparateSubstance {
    /// Its name.
    pub name: String,
    /// The nucleus that shows it.
    pub nucleus: Nucleus,
    /// Its lines, ppm.
    pub ppm: Vec<f64>,
    /// Integral of one of its hydrogens, on the scale of the compound's multiplets; `None` of 13C,
    /// and where it has hydrogens that may not show.
    pub area_of_hydrogen: Option<f64>,
}

impl SeparateSubstance {
    /// Those of a spectrum.
    pub(crate) fn of(spectrum: &SampleSpectrum) -> Vec<Self> {
        let mut found: BTreeMap<&str, (Vec<f64>, f64)> = BTreeMap::new();
        for peak in spectrum.peaks.iter().filter(|peak| peak.class == PeakClass::Impurity) {
            let Some(substance) = &peak.substance else { continue };
            let name = substance.name.as_str();
            if substance.confidence >= BELIEVED && !STANDARDS.contains(&name) {
                let (ppm, area) = found.entry(name).or_default();
                ppm.push(peak.ppm);
                *area += peak.area;
            }
        }
        let proton = spectrum.nucleus == Nucleus::Proton;
        let hydrogens = |name: &str| hydrogens(name, spectrum.solvent).filter(|_| proton);
        found
            .into_iter()
            .map(|(name, (ppm, area))| Self {
                name: name.to_owned(),
                nucleus: spectrum.nucleus.clone(),
                ppm,
                area_of_hydrogen: hydrogens(name).map(|n| area / n).filter(|area| *area > 0.0),
            })
            .collect()
    }
}

/// Hydrogens of a common impurity that stay.
fn hydrogens(name: &str, solvent: Option<Solvent>) -> Option<f64> {
    let known = common_impurities(solvent?);
    let found = known.iter().find(|known| known.name == name)?;
    let all: f64 = found.protons.iter().map(|signal| f64::from(signal.hydrogens)).sum();
    (all > 0.0).then_some(all)
}
