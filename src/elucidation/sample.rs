//! All spectra of one sample, put together to one query.

use super::{ObservedPeak, Query};
use crate::fid::{Experiment, Nucleus};
use crate::spectrum::{Peak, PeakClass, edit_multiplicities};

/// One spectrum of a sample.
#[derive(Debug, Clone, Copy)]
pub struct SampleSpectrum<'a> {
    /// Observed nucleus.
    pub nucleus: &'a Nucleus,
    /// Kind of experiment.
    pub experiment: Experiment,
    /// All its peaks, whatever their class.
    pub peaks: &'a [Peak],
}

impl Query {
    /// What the spectra of a sample say together, and the places of those that went into it, the
    /// one that shows every carbon first. Of two of a kind the later one counts. `None` without a
    /// spectrum that shows every carbon.
    #[must_use]
    pub fn of_sample(spectra: &[SampleSpectrum]) -> Option<(Self, Vec<usize>)> {
        let last = |nucleus: Nucleus, kind: Experiment| {
            spectra.iter().rposition(|s| *s.nucleus == nucleus && s.experiment == kind)
        };
        // A plain spectrum is best; DEPTQ and APT show quaternary carbons too.
        let carbon = [Experiment::Plain, Experiment::Deptq, Experiment::Apt]
            .into_iter()
            .find_map(|kind| last(Nucleus::Carbon, kind))?;
        let edited: Vec<usize> = (0..spectra.len())
            .filter(|&i| {
                *spectra[i].nucleus == Nucleus::Carbon && spectra[i].experiment.is_edited()
            })
            .collect();
        let proton = last(Nucleus::Proton, Experiment::Plain);

        let mut peaks = spectra[carbon].peaks.to_vec();
        let lists: Vec<(Experiment, Vec<Peak>)> =
            edited.iter().map(|&i| (spectra[i].experiment, spectra[i].peaks.to_vec())).collect();
        edit_multiplicities(&mut peaks, &lists);
        let query = Self {
            c13: compound(&peaks),
            h1: proton.map(|i| compound(spectra[i].peaks)).unwrap_or_default(),
            formula: None,
        };
        let mut used = vec![carbon];
        used.extend(edited.into_iter().filter(|&i| i != carbon));
        used.extend(proton);
        Some((query, used))
    }
}

fn compound(peaks: &[Peak]) -> Vec<ObservedPeak> {
    peaks
        .iter()
        .filter(|peak| peak.class == PeakClass::Compound)
        .map(|peak| ObservedPeak { ppm: peak.ppm, multiplicity: peak.multiplicity })
        .collect()
}
