//! All spectra of one sample, put together to one query.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use larmor_elucidation::Query;
use larmor_nmr::fid::Origin;
use larmor_nmr::sample::SampleSpectrum;
use larmor_store::StoredSpectrum;

/// A spectrum that there is of a sample, and what decides whether it counts.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct AvailableSpectrum {
    /// Identity; none for the one that is being processed.
    pub(super) id: Option<Uuid>,
    /// The acquisition it was made from.
    pub(super) acquisition: Uuid,
    /// When that was acquired.
    pub(super) acquired_at: DateTime<Utc>,
    pub(super) origin: Origin,
    pub(super) spectrum: SampleSpectrum,
}

/// A stored spectrum as a part of its sample; `None` when this version knows no such experiment.
pub(crate) fn sample_spectrum(stored: StoredSpectrum) -> Option<SampleSpectrum> {
    let axis = stored.axis();
    Some(SampleSpectrum {
        nucleus: stored.nucleus,
        experiment: *stored.experiment.known()?,
        peaks: stored.peaks,
        multiplets: stored.multiplets,
        solvent: stored.solvent.and_then(|solvent| solvent.known().copied()),
        frequency_mhz: stored.frequency_mhz,
        axis_error_ppm: axis.map_or(0.0, |axis| axis.axis_error_ppm()),
    })
}

impl AvailableSpectrum {
    /// A stored spectrum; `None` when this version knows no such experiment.
    pub(super) fn stored(stored: StoredSpectrum) -> Option<Self> {
        Some(Self {
            id: Some(stored.id),
            acquisition: stored.acquisition,
            acquired_at: stored.acquired_at,
            origin: stored.origin,
            spectrum: sample_spectrum(stored)?,
        })
    }

    /// Whether both show the same nucleus by the same kind of experiment.
    fn is_of_kind(&self, other: &Self) -> bool {
        let (one, other) = (&self.spectrum, &other.spectrum);
        one.nucleus == other.nucleus && one.experiment == other.experiment
    }
}

/// What a sample's spectra say together.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Gathered {
    pub(super) query: Query,
    /// Stored spectra that went into it.
    pub(super) used: Vec<Uuid>,
    /// Whether the one that is being processed went into it.
    pub(super) uses_new: bool,
    /// Acquisitions of all spectra that went into it.
    pub(super) acquisitions: Vec<Uuid>,
}

/// Puts the spectra of a sample together. Of two of the same nucleus and kind the one acquired
/// later counts, whenever each was processed; one calculated back from a spectrum gives way to an
/// acquired one. `None` without a spectrum that shows every carbon or a 1H spectrum that shows every
/// multiplet.
pub(super) fn gather(mut all: Vec<AvailableSpectrum>) -> Option<Gathered> {
    all.sort_by_key(|s| (s.origin == Origin::Acquired, s.acquired_at, s.acquisition));
    let mut spectra: Vec<AvailableSpectrum> = Vec::with_capacity(all.len());
    for later in all {
        spectra.retain(|earlier| !earlier.is_of_kind(&later));
        spectra.push(later);
    }
    let views: Vec<&SampleSpectrum> = spectra.iter().map(|one| &one.spectrum).collect();
    let (query, places) = Query::of_sample(&views)?;
    let used = || places.iter().map(|&place| &spectra[place]);
    Some(Gathered {
        query,
        acquisitions: used().map(|s| s.acquisition).collect(),
        used: used().filter_map(|s| s.id).collect(),
        uses_new: used().any(|s| s.id.is_none()),
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use larmor_nmr::fid::{Experiment, Nucleus};
    use larmor_nmr::spectrum::{Multiplicity, Peak, PeakClass};

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
            substance: None,
        }
    }

    fn spectrum(
        nucleus: Nucleus,
        experiment: Experiment,
        peaks: &[(f64, f64)],
    ) -> AvailableSpectrum {
        let mut peaks: Vec<Peak> = peaks
            .iter()
            .map(|(ppm, intensity)| peak(*ppm, *intensity, PeakClass::Compound))
            .collect();
        peaks.push(peak(77.16, 3.0, PeakClass::Solvent));
        AvailableSpectrum {
            id: Some(Uuid::now_v7()),
            acquisition: Uuid::now_v7(),
            acquired_at: DateTime::UNIX_EPOCH,
            origin: Origin::Acquired,
            spectrum: SampleSpectrum {
                nucleus,
                experiment,
                peaks,
                multiplets: Vec::new(),
                solvent: None,
                frequency_mhz: 100.6,
                axis_error_ppm: 0.0,
            },
        }
    }

    fn current(mut spectrum: AvailableSpectrum) -> AvailableSpectrum {
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
            earlier.push(newest);
            let gathered = gather(earlier).unwrap();
            assert!(gathered.uses_new);
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
    fn hydrogens_alone_are_judged_and_part_of_the_carbons_is_not() {
        let dept = || spectrum(Nucleus::Carbon, Experiment::Dept(135), &DEPT);
        assert_eq!(gather(vec![current(dept())]), None);
        let proton = current(spectrum(Nucleus::Proton, Experiment::Plain, &PROTON));
        let gathered = gather(vec![dept(), proton]).unwrap();
        assert_eq!((gathered.query.c13.len(), gathered.query.h1.len()), (0, 2));
        assert!(gathered.uses_new && gathered.used.is_empty(), "the DEPT135 says nothing yet");
    }

    #[test]
    fn of_two_of_a_kind_the_one_acquired_later_counts_whenever_it_was_processed() {
        let hour = |spectrum: AvailableSpectrum, hour| AvailableSpectrum {
            acquired_at: DateTime::UNIX_EPOCH + chrono::TimeDelta::hours(hour),
            ..spectrum
        };
        let old = || hour(spectrum(Nucleus::Carbon, Experiment::Plain, &[(10.0, 1.0)]), 1);
        let new = || hour(spectrum(Nucleus::Carbon, Experiment::Plain, &CARBON), 2);
        let gathered = gather(vec![old(), current(new())]).unwrap();
        assert_eq!(gathered.query.c13.len(), 3);
        assert!(gathered.uses_new && gathered.used.is_empty());

        // The older one is processed again.
        let (stored, again) = (new(), current(old()));
        let gathered = gather(vec![stored.clone(), again]).unwrap();
        assert_eq!(gathered.query.c13.len(), 3);
        assert_eq!((gathered.uses_new, gathered.used), (false, vec![stored.id.unwrap()]));
        assert_eq!(gathered.acquisitions, [stored.acquisition]);
    }

    #[test]
    fn what_was_acquired_counts_before_what_was_calculated_back_from_a_spectrum() {
        let acquired = spectrum(Nucleus::Carbon, Experiment::Plain, &CARBON);
        let back = AvailableSpectrum {
            acquired_at: acquired.acquired_at + chrono::TimeDelta::hours(1),
            origin: Origin::Spectrum,
            ..spectrum(Nucleus::Carbon, Experiment::Plain, &[(10.0, 1.0)])
        };
        assert_eq!(gather(vec![acquired, back.clone()]).unwrap().query.c13.len(), 3);
        assert_eq!(gather(vec![back]).unwrap().query.c13.len(), 1);
    }

    #[test]
    fn a_proton_spectrum_that_shows_part_of_the_lines_is_not_judged() {
        for kind in [
            Experiment::SelectiveNoe,
            Experiment::SelectiveTocsy,
            Experiment::PureShift,
            Experiment::DiffusionEdited,
            Experiment::Filtered,
        ] {
            let part = || spectrum(Nucleus::Proton, kind, &PROTON[..1]);
            assert_eq!(gather(vec![current(part())]), None, "{kind}");
            let proton = current(spectrum(Nucleus::Proton, Experiment::Plain, &PROTON));
            assert_eq!(gather(vec![proton, part()]).unwrap().query.h1.len(), 2, "{kind}");
        }
        let coupled = current(spectrum(Nucleus::Carbon, Experiment::Coupled, &CARBON));
        assert_eq!(gather(vec![coupled]), None);
        let echoes = current(spectrum(Nucleus::Proton, Experiment::Cpmg, &PROTON));
        assert_eq!(gather(vec![echoes]).unwrap().query.h1.len(), 2);
    }

    #[test]
    fn a_spectrum_with_every_carbon_stands_in_for_a_plain_one() {
        let deptq = current(spectrum(Nucleus::Carbon, Experiment::Deptq, &CARBON));
        assert_eq!(gather(vec![deptq]).unwrap().query.c13.len(), 3);
    }
}
