//! `GetReport`: spectra as papers print them.

use std::cmp::Reverse;

use larmor_client::proto::{GetReportResponse, ReportedSpectrum};
use larmor_elucidation::whole_experiments;
use larmor_nmr::fid::Nucleus;
use larmor_nmr::publication::{self, Style};
use larmor_store::StoredSpectrum;

pub(super) fn of(mut spectra: Vec<StoredSpectrum>, style: Style) -> GetReportResponse {
    spectra.sort_by_key(|spectrum| Reverse(spectrum.nucleus == Nucleus::Proton));
    GetReportResponse { spectra: spectra.iter().filter_map(|one| reported(one, style)).collect() }
}

/// `None` of a spectrum that does not show the whole compound, such as a DEPT135.
fn reported(spectrum: &StoredSpectrum, style: Style) -> Option<ReportedSpectrum> {
    let experiment = spectrum.experiment.known()?;
    if !whole_experiments(&spectrum.nucleus).contains(experiment) {
        return None;
    }
    let solvent = spectrum.solvent.as_ref().map(ToString::to_string);
    let (solvent, mhz) = (solvent.as_deref(), spectrum.frequency_mhz);
    let text = match spectrum.nucleus {
        Nucleus::Proton => {
            publication::proton(&spectrum.multiplets, &spectrum.peaks, mhz, solvent, style)
        }
        Nucleus::Carbon => publication::carbon(&spectrum.peaks, mhz, solvent, style),
        Nucleus::Other(_) => return None,
    };
    let nucleus = spectrum.nucleus.to_string();
    Some(ReportedSpectrum { spectrum_id: spectrum.id.to_string(), nucleus, text })
}
