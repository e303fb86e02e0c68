//! One axis for all spectra of a tube.

use serde::{Deserialize, Serialize};

use super::{ReferenceMethod, Referencing};
use crate::fid::{Nucleus, Solvent};

/// 13C frequency over 1H frequency at 0 ppm, both of TMS in chloroform (Harris et al., Pure Appl.
/// Chem. 2001, 73, 1795, table 2).
const CARBON_OF_TMS: f64 = 0.251_450_20;

/// How far off an axis is whose witness is the wrong one, ppm.
const WRONG_PPM: f64 = 0.3;

/// Farther apart than this, two axes are of different magnets, ppm.
const SAME_MAGNET: f64 = 20.0;

/// Where one spectrum of a tube has 0 ppm. The nuclei of a tube feel one field: their zeros keep
/// one ratio (the unified scale).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct SampleAxis {
    /// Frequency of the spectrum's nucleus at 0 ppm, MHz.
    pub zero_mhz: f64,
    /// Whether that nucleus is 13C; else it is 1H.
    pub carbon: bool,
    /// Its standard error, ppm.
    pub standard_error_ppm: f64,
    /// How probable it is that it is right, 0 to 1.
    pub confidence: f64,
    /// The solvent whose lines were seen.
    #[serde(default)]
    pub solvent: Option<Solvent>,
}

/// How far the 13C zero of a solvent's scale lies above that by the ratio in chloroform, and how
/// well that is known, ppm. A solvent shifts the carbons of a standard otherwise than its
/// hydrogens. Measured as the difference of the offsets of 13C and 1H spectra of one tube, each
/// tied to the solvent's own lines (water: to TSP or DSS), on spectrometers of three vendors.
pub(super) fn carbon_above_ratio(solvent: Option<Solvent>) -> (f64, f64) {
    let ppm = match solvent {
        Some(Solvent::Chloroform) => 0.0,
        Some(Solvent::DimethylSulfoxide) => -0.46,
        Some(Solvent::Acetone) => 0.74,
        Some(Solvent::Methanol) => 1.38,
        Some(Solvent::Dichloromethane) => 0.36,
        Some(Solvent::Water) => 2.83,
        _ => return (0.0, 0.4),
    };
    (-ppm, 0.05)
}

/// Frequency of 13C at 0 ppm over that of 1H.
fn ratio(solvent: Option<Solvent>) -> f64 {
    CARBON_OF_TMS * (1.0 + carbon_above_ratio(solvent).0 * 1e-6)
}

impl SampleAxis {
    /// The axis of a referenced spectrum; `None` where no line of its own tells it.
    #[must_use]
    pub fn of(
        referencing: &Referencing,
        nucleus: &Nucleus,
        solvent: Option<Solvent>,
    ) -> Option<Self> {
        let own = matches!(
            referencing.method,
            ReferenceMethod::Solvent | ReferenceMethod::Tms | ReferenceMethod::Water
        );
        (own && referencing.zero_mhz > 0.0).then_some(Self {
            zero_mhz: referencing.zero_mhz,
            carbon: *nucleus == Nucleus::Carbon,
            standard_error_ppm: referencing.standard_error_ppm,
            confidence: referencing.confidence,
            solvent: solvent.filter(|_| referencing.method == ReferenceMethod::Solvent),
        })
    }

    /// The better of two.
    #[must_use]
    pub fn better(self, other: Self) -> Self {
        // Expected square error: who is wrong is wrong by some tenths of a ppm.
        let rank = |axis: &Self| {
            axis.standard_error_ppm.powi(2) + (1.0 - axis.confidence) * WRONG_PPM * WRONG_PPM
        };
        if rank(&other) < rank(&self) { other } else { self }
    }

    /// What has to be added to the shifts of a spectrum of the same tube, with the standard error,
    /// ppm; `None` when it is of another magnet.
    #[must_use]
    pub fn shift_ppm(
        &self,
        nucleus: &Nucleus,
        solvent: Option<Solvent>,
        reference_mhz: f64,
    ) -> Option<(f64, f64)> {
        let between = carbon_above_ratio(solvent).1;
        let (zero_mhz, own) = match (self.carbon, *nucleus == Nucleus::Carbon) {
            (true, false) => (self.zero_mhz / ratio(solvent), between),
            (false, true) => (self.zero_mhz * ratio(solvent), between),
            (true, true) => (self.zero_mhz, 0.01),
            (false, false) => (self.zero_mhz, 0.003),
        };
        Some(((1.0 - zero_mhz / reference_mhz) * 1e6, self.standard_error_ppm.hypot(own)))
            .filter(|(shift, _)| shift.abs() < SAME_MAGNET)
    }
}
