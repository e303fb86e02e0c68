//! All spectra of one sample, put together to one query.

use uuid::Uuid;

use crate::elucidation::{ObservedPeak, Query};
use crate::fid::{Experiment, Nucleus};
use crate::spectrum::{Peak, PeakClass, edit_multiplicities};
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

    fn compound(&self) -> impl Iterator<Item = &Peak> {
        self.peaks.iter().filter(|peak| peak.class == PeakClass::Compound)
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

    // A plain spectrum is best; DEPTQ and APT show quaternary carbons too.
    let carbon = [Experiment::Plain, Experiment::Deptq, Experiment::Apt]
        .into_iter()
        .find_map(|kind| spectra.iter().find(|s| slot(s) == (Nucleus::Carbon, kind)))?;
    let edited: Vec<&SampleSpectrum> = spectra
        .iter()
        .filter(|s| s.nucleus == Nucleus::Carbon && s.experiment.is_edited())
        .collect();
    let proton = spectra.iter().find(|s| slot(s) == (Nucleus::Proton, Experiment::Plain));

    let mut peaks: Vec<Peak> = carbon.compound().cloned().collect();
    let lists: Vec<(Experiment, Vec<Peak>)> =
        edited.iter().map(|s| (s.experiment, s.compound().cloned().collect())).collect();
    edit_multiplicities(&mut peaks, &lists);
    let observed = |peak: &Peak| ObservedPeak { ppm: peak.ppm, multiplicity: peak.multiplicity };
    let query = Query {
        c13: peaks.iter().map(observed).collect(),
        h1: proton.map(|s| s.compound().map(observed).collect()).unwrap_or_default(),
        formula: None,
    };
    let mut used = vec![carbon];
    used.extend(edited.into_iter().filter(|s| !std::ptr::eq(*s, carbon)));
    used.extend(proton);
    Some(Gathered {
        query,
        acquisitions: used.iter().map(|s| s.acquisition).collect(),
        used: used.iter().filter_map(|s| s.id).collect(),
    })
}
