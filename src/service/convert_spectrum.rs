//! Spectra as the protocol carries them.

use super::convert::{name, timestamp};
use larmor_client::proto;
use larmor_nmr::fid::Origin;
use larmor_nmr::spectrum::{Multiplet, Peak, PeakClass};
use larmor_store::StoredSpectrum;

pub(super) fn spectrum(kept: StoredSpectrum) -> proto::Spectrum {
    proto::Spectrum {
        id: kept.id.to_string(),
        acquisition_id: kept.acquisition.to_string(),
        nucleus: kept.nucleus.to_string(),
        experiment: kept.experiment.to_string(),
        frequency_mhz: kept.frequency_mhz,
        solvent: name(kept.solvent),
        origin: match kept.origin {
            Origin::Acquired => proto::SpectrumOrigin::Acquired,
            Origin::Spectrum => proto::SpectrumOrigin::Spectrum,
        }
        .into(),
        quality: kept
            .quality
            .map(|quality| proto::Quality { score: quality.score, reasons: quality.reasons }),
        peaks: kept.peaks.into_iter().map(peak).collect(),
        multiplets: kept.multiplets.into_iter().map(multiplet).collect(),
        create_time: Some(timestamp(kept.created_at)),
    }
}

fn peak(kept: Peak) -> proto::Peak {
    proto::Peak {
        ppm: kept.ppm,
        intensity: kept.intensity,
        width_hz: kept.width_hz,
        area: kept.area,
        signal_to_noise: kept.signal_to_noise,
        peak_class: class(kept.class).into(),
        multiplicity: name(kept.multiplicity),
        errors: kept.errors.map(|errors| proto::LineErrors {
            ppm: errors.ppm,
            width_hz: errors.width_hz,
            area: errors.area,
        }),
        splitting: kept.splitting.map(|splitting| proto::Splitting {
            by: splitting.by,
            lines: splitting.lines.into(),
            coupling_hz: splitting.coupling_hz,
        }),
        substance: kept.substance.map(|substance| proto::Substance {
            name: substance.name,
            confidence: substance.confidence,
        }),
    }
}

fn multiplet(kept: Multiplet) -> proto::Multiplet {
    proto::Multiplet {
        ppm: kept.ppm,
        from_ppm: kept.from_ppm,
        to_ppm: kept.to_ppm,
        area: kept.area,
        pattern: kept.pattern,
        hydrogens: kept.hydrogens,
        couplings_hz: kept.couplings_hz,
        peak_class: class(kept.class).into(),
        peaks: kept.peaks.into_iter().filter_map(|place| i32::try_from(place).ok()).collect(),
    }
}

fn class(class: PeakClass) -> proto::PeakClass {
    match class {
        PeakClass::Compound => proto::PeakClass::Compound,
        PeakClass::Solvent => proto::PeakClass::Solvent,
        PeakClass::Impurity => proto::PeakClass::Impurity,
        PeakClass::Satellite => proto::PeakClass::Satellite,
        PeakClass::Sideband => proto::PeakClass::Sideband,
        PeakClass::Artifact => proto::PeakClass::Artifact,
    }
}
