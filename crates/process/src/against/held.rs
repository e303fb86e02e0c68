//! One spectrum and what was found beside it.

use std::path::Path;

use serde::Serialize;

use super::witness::{self, Witness};
use larmor_nmr::fid::{Fid, Nucleus, Solvent, Vendor};
use larmor_nmr::spectrum::{ProcessedSpectrum, Quality, ReferenceMethod, Referencing};

/// Axes nearer than this are the same, ppm.
const BAR_OF_PROTON: f64 = 0.02;
const BAR_OF_CARBON: f64 = 0.1;

/// One line of output.
#[derive(Debug, Serialize)]
pub(super) struct Held {
    pub(super) path: String,
    pub(super) vendor: &'static str,
    pub(super) nucleus: String,
    pub(super) experiment: String,
    pub(super) frequency_mhz: f64,
    pub(super) solvent: Option<&'static str>,
    pub(super) solvent_name: String,
    pub(super) referencing: Referencing,
    pub(super) quality: Quality,
    /// The axes agree; null where nothing speaks that our axis was not tied to.
    pub(super) agrees: Option<bool>,
    /// Our shifts less the best witness's, ppm.
    pub(super) difference_ppm: Option<f64>,
    /// What may be between two axes that agree, ppm.
    pub(super) bar_ppm: f64,
    pub(super) witnesses: Vec<Witness>,
}

impl Held {
    pub(super) fn new(path: &Path, vendor: Vendor, fid: &Fid, ours: ProcessedSpectrum) -> Self {
        let witnesses = witness::all(path, fid, &ours);
        let bar_ppm = if ours.nucleus == Nucleus::Carbon { BAR_OF_CARBON } else { BAR_OF_PROTON };
        let speaks = witnesses.iter().find(|one| one.mirrored || one.difference_ppm.is_some());
        // An axis tied to what the operator calibrated has no vote on that calibration.
        let is_tied = ours.referencing.method == ReferenceMethod::Calibration;
        let agrees = speaks
            .filter(|one| one.mirrored || !is_tied)
            .map(|one| !one.mirrored && one.difference_ppm.is_some_and(|ppm| ppm.abs() <= bar_ppm));
        Self {
            path: path.display().to_string(),
            vendor: vendor.name(),
            nucleus: ours.nucleus.to_string(),
            experiment: ours.experiment.to_string(),
            frequency_mhz: ours.frequency_mhz,
            solvent: ours.solvent.map(Solvent::name),
            solvent_name: fid.solvent_name.clone(),
            referencing: ours.referencing,
            quality: ours.quality,
            agrees,
            difference_ppm: speaks.and_then(|one| one.difference_ppm),
            bar_ppm,
            witnesses,
        }
    }

    /// The witness that decided.
    pub(super) fn deciding(&self) -> Option<&Witness> {
        self.witnesses.iter().find(|one| one.mirrored || one.difference_ppm.is_some())
    }
}
