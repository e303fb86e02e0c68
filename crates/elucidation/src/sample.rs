//! All spectra of one sample, put together to one query.

use std::borrow::Borrow;

use crate::drawn_spectrum::DrawnSpectrum;
use crate::multiplet::ObservedMultiplet;
use crate::query::{ObservedPeak, Query};
use crate::separate_substance::SeparateSubstance;
use larmor_nmr::fid::{Experiment, Nucleus};
use larmor_nmr::sample::SampleSpectrum;
use larmor_nmr::spectrum::{Multiplet, Peak, PeakClass, edit_multiplicities};

/// Experiments that show every carbon, the best first: DEPTQ and APT show quaternary carbons too.
const EVERY_CARBON: [Experiment; 3] = [Experiment::Plain, Experiment::Deptq, Experiment::Apt];
/// Experiments that show every multiplet, the best first. Echoes leave every multiplet of a small
/// molecule; what shows part of the lines, or shows them without their splittings, would be taken
/// for another compound.
const EVERY_MULTIPLET: [Experiment; 2] = [Experiment::Plain, Experiment::Cpmg];

/// The experiments on a nucleus that show the whole compound: a sample is judged by one of them.
#[must_use]
pub fn whole_experiments(nucleus: &Nucleus) -> &'static [Experiment] {
    match nucleus {
        Nucleus::Carbon => &EVERY_CARBON,
        Nucleus::Proton => &EVERY_MULTIPLET,
        Nucleus::Other(_) => &[],
    }
}

impl Query {
    /// What the spectra of a sample say together, and the places of those that went into it, the
    /// one that shows every carbon first. Of two of a kind the later one counts. `None` without a
    /// spectrum that shows every carbon or a 1H spectrum that shows every multiplet.
    #[must_use]
    pub fn of_sample<S: Borrow<SampleSpectrum>>(spectra: &[S]) -> Option<(Self, Vec<usize>)> {
        let spectra: Vec<&SampleSpectrum> = spectra.iter().map(Borrow::borrow).collect();
        let last = |nucleus: Nucleus, kind: Experiment| {
            spectra.iter().rposition(|s| s.nucleus == nucleus && s.experiment == kind)
        };
        let carbon = EVERY_CARBON.into_iter().find_map(|kind| last(Nucleus::Carbon, kind));
        let edited: Vec<usize> = (0..spectra.len())
            .filter(|&i| spectra[i].nucleus == Nucleus::Carbon && spectra[i].experiment.is_edited())
            .collect();
        let proton = EVERY_MULTIPLET.into_iter().find_map(|kind| last(Nucleus::Proton, kind));
        let drawn = |i: usize| DrawnSpectrum::of(&spectra[i].peaks, spectra[i].frequency_mhz);
        let (mut query, mut used) = (Self::default(), Vec::new());
        if let Some(carbon) = carbon {
            let mut peaks = spectra[carbon].peaks.clone();
            let lists: Vec<(Experiment, Vec<Peak>)> =
                edited.iter().map(|&i| (spectra[i].experiment, spectra[i].peaks.clone())).collect();
            edit_multiplicities(&mut peaks, &lists);
            query.c13 = compound(&peaks);
            query.c13_axis_error_ppm = spectra[carbon].axis_error_ppm;
            query.c13_drawn = drawn(carbon);
            query.solvent = spectra[carbon].solvent;
            query.substances.extend(SeparateSubstance::of(spectra[carbon]));
            used.push(carbon);
            used.extend(edited.into_iter().filter(|&i| i != carbon));
        }
        if let Some(proton) = proton {
            query.h1 = protons(spectra[proton]);
            query.h1_axis_error_ppm = spectra[proton].axis_error_ppm;
            query.h1_drawn = drawn(proton);
            query.solvent = spectra[proton].solvent.or(query.solvent);
            query.substances.extend(SeparateSubstance::of(spectra[proton]));
            used.push(proton);
        }
        (!used.is_empty()).then_some((query, used))
    }
}

fn compound(peaks: &[Peak]) -> Vec<ObservedPeak> {
    peaks
        .iter()
        .filter(|peak| peak.class == PeakClass::Compound)
        .map(|peak| ObservedPeak::carbon(peak.ppm, peak.multiplicity).of_height(peak.intensity))
        .collect()
}

/// One entry for each kind of hydrogen where the spectrum tells them, so that a quartet does not
/// count four times; else its lines.
fn protons(spectrum: &SampleSpectrum) -> Vec<ObservedPeak> {
    if spectrum.multiplets.is_empty() {
        let compound = spectrum.peaks.iter().filter(|peak| peak.class == PeakClass::Compound);
        return compound.map(|peak| ObservedPeak::proton_line(peak.ppm)).collect();
    }
    spectrum
        .multiplets
        .iter()
        .filter(|multiplet| multiplet.class == PeakClass::Compound)
        .map(|multiplet| ObservedPeak::of_multiplet(multiplet.ppm, observed(multiplet)))
        .collect()
}

fn observed(multiplet: &Multiplet) -> ObservedMultiplet {
    ObservedMultiplet::new(multiplet.hydrogens)
        .split(&multiplet.pattern, &multiplet.couplings_hz)
        .of_area(multiplet.area)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::splitting::SplittingPattern;

    fn line(ppm: f64) -> Peak {
        Peak {
            ppm,
            intensity: 1.0,
            width_hz: 1.0,
            area: 0.1,
            signal_to_noise: 100.0,
            class: PeakClass::Compound,
            multiplicity: None,
            errors: None,
            splitting: None,
            substance: None,
        }
    }

    fn multiplet(ppm: f64, class: PeakClass, peaks: Vec<usize>) -> Multiplet {
        Multiplet {
            ppm,
            from_ppm: ppm - 0.05,
            to_ppm: ppm + 0.05,
            area: 0.5,
            hydrogens: None,
            pattern: "q".to_owned(),
            couplings_hz: vec![7.1],
            class,
            peaks,
        }
    }

    #[test]
    fn a_quartet_counts_once_and_where_none_is_told_every_line_counts() {
        let carbons = [line(18.2), line(58.3)];
        let lines = [line(3.60), line(3.62), line(3.64), line(3.66), line(7.26)];
        let multiplets = [
            multiplet(3.63, PeakClass::Compound, vec![0, 1, 2, 3]),
            multiplet(7.26, PeakClass::Solvent, vec![4]),
        ];
        let h1 = |multiplets: &[Multiplet]| {
            let spectra = [
                SampleSpectrum {
                    nucleus: Nucleus::Carbon,
                    experiment: Experiment::Plain,
                    peaks: carbons.to_vec(),
                    multiplets: Vec::new(),
                    solvent: None,
                    frequency_mhz: 100.6,
                    axis_error_ppm: 0.0,
                },
                SampleSpectrum {
                    nucleus: Nucleus::Proton,
                    experiment: Experiment::Plain,
                    peaks: lines.to_vec(),
                    multiplets: multiplets.to_vec(),
                    solvent: None,
                    frequency_mhz: 400.1,
                    axis_error_ppm: 0.0,
                },
            ];
            let (query, _) = Query::of_sample(&spectra).unwrap();
            assert!(query.c13.iter().all(|peak| peak.height == Some(1.0)));
            query.h1
        };
        let shifts = |peaks: &[ObservedPeak]| peaks.iter().map(|p| p.ppm).collect::<Vec<_>>();
        let found = h1(&multiplets);
        assert_eq!(shifts(&found), [3.63]);
        let quartet = found[0].as_multiplet().unwrap();
        assert_eq!(quartet.splitting, SplittingPattern::Quartet);
        assert_eq!((quartet.largest_coupling_hz, quartet.area), (Some(7.1), Some(0.5)));
        assert_eq!(shifts(&h1(&[])), [3.60, 3.62, 3.64, 3.66, 7.26]);
    }
}
