//! The line at 0 ppm: TMS, or in water TSP or DSS.

use super::{Claim, ClassificationContext};
use crate::fid::{Nucleus, Solvent};
use crate::spectrum::picking::RawPeak;

/// How far off zero it stands at most, ppm.
const REACH_CARBON: f64 = 0.15;
const REACH_PROTON: f64 = 0.03;
/// Other signals of DSS: 1H of its three CH2, and their 13C (its methyls at 0 ppm).
const DSS_PROTON: [f64; 3] = [0.63, 1.76, 2.91];
const DSS_CARBON: [f64; 3] = [17.7, 21.8, 57.0];

/// What each peak at zero is taken for.
pub(super) fn find(peaks: &[RawPeak], context: &ClassificationContext<'_>) -> Vec<Option<Claim>> {
    let carbon = *context.nucleus == Nucleus::Carbon;
    let (reach, of_dss, near) =
        if carbon { (REACH_CARBON, DSS_CARBON, 0.3) } else { (REACH_PROTON, DSS_PROTON, 0.03) };
    let dss = || of_dss.iter().all(|place| peaks.iter().any(|p| (p.ppm - place).abs() < near));
    let name = match context.solvent {
        Some(Solvent::Water) if dss() => "DSS",
        Some(Solvent::Water) => "TSP",
        _ => "TMS",
    };
    let confidence = |off: f64| (0.5 + 0.4 * context.axis) * (1.0 - 0.3 * off / reach);
    peaks
        .iter()
        .map(|peak| {
            let off = peak.ppm.abs();
            (off < reach).then(|| Claim { name, confidence: confidence(off) })
        })
        .collect()
}
