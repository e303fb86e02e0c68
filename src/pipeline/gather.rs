//! All spectra of one sample, put together to one query.

use uuid::Uuid;

use crate::elucidation::{self, Query};
use crate::fid::{Experiment, Nucleus};
use crate::spectrum::Peak;
use crate::store::StoredSpectrum;

/// One spectrum of a sample.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct SampleSpectrum {
    /// Identity; none for the one that is being processed.
    pub(super) id: Option<Uuid>,
    /// The acquisition it was made from.
    pub(super) acquisition: Uuid,
    pub(super) nucleus: Nucleus,
    pub(super) experiment: Experiment,
    pub(super) peaks: Vec<Peak>,
}

impl SampleSpectrum {
    /// A stored spectrum; `None` when this version knows no such experiment.
    pub(super) fn stored(stored: StoredSpectrum) -> Option<Self> {
        let Ok(nucleus) = stored.nucleus.parse::<Nucleus>();
        Some(Self {
            id: Some(stored.id),
            acquisition: stored.acquisition,
            nucleus,
            experiment: stored.experiment.parse().ok()?,
            peaks: stored.peaks,
        })
    }
}

/// What a sample's spectra say together.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Gathered {
    pub(super) query: Query,
    /// Earlier spectra that went into it.
    pub(super) used: Vec<Uuid>,
    /// Acquisitions of all spectra that went into it.
    pub(super) acquisitions: Vec<Uuid>,
}

/// Puts the spectrum just processed together with the earlier ones; an earlier one of the same
/// nucleus and kind gives way to it. `None` without a spectrum that shows every carbon.
pub(super) fn gather(current: SampleSpectrum, earlier: Vec<SampleSpectrum>) -> Option<Gathered> {
    let slot = |s: &SampleSpectrum| (s.nucleus.clone(), s.experiment);
    let mut spectra = earlier;
    spectra.retain(|other| slot(other) != slot(&current));
    spectra.push(current);

    let views: Vec<elucidation::SampleSpectrum> = spectra
        .iter()
        .map(|s| elucidation::SampleSpectrum {
            nucleus: &s.nucleus,
            experiment: s.experiment,
            peaks: &s.peaks,
        })
        .collect();
    let (query, places) = Query::of_sample(&views)?;
    let used = || places.iter().map(|&place| &spectra[place]);
    Some(Gathered {
        query,
        acquisitions: used().map(|s| s.acquisition).collect(),
        used: used().filter_map(|s| s.id).collect(),
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::spectrum::{Multiplicity, PeakClass};

    fn peak(ppm: f64, intensity: f64, class: PeakClass) -> Peak {
        Peak {
            ppm,
            intensity,
            width_hz: 1.5,
            area: 0.1,
            signal_to_noise: 100.0,
            class,
            multiplicity: None,
            errors: None,
            splitting: None,
        }
    }

    fn spectrum(nucleus: Nucleus, experiment: Experiment, peaks: &[(f64, f64)]) -> SampleSpectrum {
        let mut peaks: Vec<Peak> = peaks
            .iter()
            .map(|(ppm, intensity)| peak(*ppm, *intensity, PeakClass::Compound))
            .collect();
        peaks.push(peak(77.16, 3.0, PeakClass::Solvent));
        SampleSpectrum {
            id: Some(Uuid::now_v7()),
            acquisition: Uuid::now_v7(),
            nucleus,
            experiment,
            peaks,
        }
    }

    fn current(mut spectrum: SampleSpectrum) -> SampleSpectrum {
        spectrum.id = None;
        spectrum
    }

    const CARBON: [(f64, f64); 3] = [(160.0, 0.3), (120.0, 1.0), (56.0, 0.8)];
    const DEPT: [(f64, f64); 2] = [(120.0, 1.0), (56.0, -0.9)];
    const PROTON: [(f64, f64); 2] = [(7.2, 1.0), (3.9, 0.7)];

    #[test]
    fn spectra_of_a_sample_are_judged_together_in_whatever_order_they_come() {
        let all = [
            spectrum(Nucleus::Carbon, Experiment::Plain, &CARBON),
            spectrum(Nucleus::Carbon, Experiment::Dept(135), &DEPT),
            spectrum(Nucleus::Proton, Experiment::Plain, &PROTON),
        ];
        for last in 0..all.len() {
            let mut earlier = all.to_vec();
            let newest = current(earlier.remove(last));
            let used: Vec<Uuid> = earlier.iter().filter_map(|s| s.id).collect();
            let gathered = gather(newest, earlier).unwrap();
            let carbons = &gathered.query.c13;
            assert_eq!(carbons.iter().map(|p| p.ppm).collect::<Vec<_>>(), [160.0, 120.0, 56.0]);
            assert_eq!(gathered.query.h1.len(), 2);
            let multiplicities: Vec<_> = carbons.iter().map(|p| p.multiplicity).collect();
            assert_eq!(multiplicities[0], Some(Multiplicity::S));
            assert_eq!(multiplicities[2], Some(Multiplicity::T));
            assert_eq!(gathered.acquisitions.len(), 3);
            let mut found = gathered.used;
            found.sort();
            let mut used = used;
            used.sort();
            assert_eq!(found, used);
        }
    }

    #[test]
    fn without_carbons_there_is_nothing_to_judge() {
        let proton = spectrum(Nucleus::Proton, Experiment::Plain, &PROTON);
        let dept = spectrum(Nucleus::Carbon, Experiment::Dept(135), &DEPT);
        assert_eq!(gather(current(proton), vec![dept]), None);
    }

    #[test]
    fn a_repeated_spectrum_takes_the_place_of_the_earlier_one() {
        let old = spectrum(Nucleus::Carbon, Experiment::Plain, &[(10.0, 1.0)]);
        let new = current(spectrum(Nucleus::Carbon, Experiment::Plain, &CARBON));
        let gathered = gather(new, vec![old]).unwrap();
        assert_eq!(gathered.query.c13.len(), 3);
        assert!(gathered.used.is_empty());
    }

    #[test]
    fn a_spectrum_with_every_carbon_stands_in_for_a_plain_one() {
        let deptq = current(spectrum(Nucleus::Carbon, Experiment::Deptq, &CARBON));
        assert_eq!(gather(deptq, Vec::new()).unwrap().query.c13.len(), 3);
    }
}
