//! One axis for all spectra of a tube: the best witness among them speaks for all.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use larmor_nmr::fid::Solvent;
use larmor_nmr::spectrum::referencing::agreement_ppm;
use larmor_nmr::spectrum::{Referencing, SampleAxis};
use larmor_store::{Lease, NewSpectrum, StoredSpectrum};

/// Spectra that one instrument took within this time are taken to be of one tube in one magnet.
const SAME_SESSION: TimeDelta = TimeDelta::hours(24);

fn solvent(stored: &StoredSpectrum) -> Option<Solvent> {
    stored.solvent.as_ref()?.known().copied()
}

fn own_axis(stored: &StoredSpectrum) -> Option<SampleAxis> {
    SampleAxis::of(&stored.axis()?, &stored.nucleus, solvent(stored))
}

/// Spectra of the sample that were taken in the same magnet about the same time.
pub(super) fn of_same_session<'a>(
    spectra: &'a [StoredSpectrum],
    lease: &Lease,
    acquired_at: DateTime<Utc>,
) -> Vec<&'a StoredSpectrum> {
    let near = |s: &&StoredSpectrum| (s.acquired_at - acquired_at).abs() < SAME_SESSION;
    spectra.iter().filter(|s| s.instrument == lease.instrument).filter(near).collect()
}

/// The best axis among spectra.
pub(super) fn best(spectra: &[&StoredSpectrum]) -> Option<SampleAxis> {
    spectra.iter().filter_map(|stored| own_axis(stored)).reduce(SampleAxis::better)
}

/// The acquisitions whose axis a new spectrum, better than all of them, shows to be wrong. What it
/// stands in place of is left alone.
pub(super) fn displaced(
    spectra: &[&StoredSpectrum],
    new: &NewSpectrum,
    new_referencing: &Referencing,
) -> Vec<Uuid> {
    let sure = new_referencing.is_sure(&new.nucleus);
    let axis = SampleAxis::of(new_referencing, &new.nucleus, new.solvent).filter(|_| sure);
    let Some(axis) = axis.filter(|axis| best(spectra).is_none_or(|b| axis.better(b) == *axis))
    else {
        return Vec::new();
    };
    spectra
        .iter()
        .filter(|stored| {
            stored.nucleus != new.nucleus || stored.experiment.known() != Some(&new.experiment)
        })
        .filter_map(|stored| {
            let zero_mhz = stored.axis()?.zero_mhz;
            let (shift_ppm, error) = axis.shift_ppm(&stored.nucleus, solvent(stored), zero_mhz)?;
            let far = shift_ppm.abs() > agreement_ppm(&stored.nucleus).max(2.0 * error);
            far.then_some(stored.acquisition)
        })
        .collect()
}
