//! Spectra of a training set as its network takes them: traces drawn anew every time, or pictures
//! drawn once, whose features are kept.

use std::path::Path;

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use tch::Device;

use super::feature_cache::{FeatureCache, PictureKey};
use super::molecule::SpecmolMolecule;
use crate::data::key_hash;
use crate::drawing::SpectrumForm;
use crate::error::TrainingError;
use larmor_networks::{PICTURE_SIDE, Picture, Resnet, SpectrumBatch, SpectrumPair};

/// Where a training run has its spectra from.
pub(super) enum SpectrumSource {
    /// Drawn when they are needed.
    Drawn { shift_noise: f64, form: SpectrumForm },
    /// Looked up.
    Pictures { cache: FeatureCache, train: Vec<[PictureKey; 2]>, validation: Vec<[PictureKey; 2]> },
}

/// Spectra drawn of a molecule before it is taken to show nothing.
const TRIES: usize = 50;

/// Which part of the data a row is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ShownPart {
    Train,
    Validation,
}

/// The spectra a molecule always has, for validation and for pictures: its key is the seed.
fn fixed(
    molecule: &SpecmolMolecule,
    shift_noise: f64,
    form: SpectrumForm,
    seed: u64,
) -> Result<SpectrumPair, TrainingError> {
    let mut random = ChaCha8Rng::seed_from_u64(seed ^ key_hash(&molecule.block));
    drawn(molecule, shift_noise, form, &mut random)
}

/// Draws until there is a 13C line: of a small molecule chance may hide them all.
fn drawn(
    molecule: &SpecmolMolecule,
    shift_noise: f64,
    form: SpectrumForm,
    random: &mut ChaCha8Rng,
) -> Result<SpectrumPair, TrainingError> {
    let shown = (0..TRIES).find_map(|_| molecule.draw(shift_noise, form, random));
    shown.ok_or_else(|| TrainingError::Format {
        path: molecule.block.as_str().into(),
        reason: format!("shows no line in 13C in {TRIES} spectra"),
    })
}

impl SpectrumSource {
    /// Computes the features of all pictures that are not in the cache yet.
    pub(super) fn pictures(
        backbone: &Resnet,
        cache: &Path,
        [train, validation]: [&[SpecmolMolecule]; 2],
        shift_noise: f64,
        seed: u64,
        report: &mut dyn FnMut(&str),
    ) -> Result<Self, TrainingError> {
        let mut cache = FeatureCache::open(cache, backbone, PICTURE_SIDE)?;
        let mut said = 0_usize;
        let mut keys = |molecules: &[SpecmolMolecule]| {
            let mut keys = Vec::with_capacity(molecules.len());
            // A molecule at a time, so that pictures do not fill the memory.
            for (done, molecule) in molecules.iter().enumerate() {
                let pair = fixed(molecule, shift_noise, SpectrumForm::Traces, seed)?;
                let pictures: [Picture; 2] = pair.traces()?.pictures();
                cache.fill(backbone, pictures.iter(), &mut |_| said += 1)?;
                keys.push(pictures.each_ref().map(FeatureCache::key));
                if said >= 100 {
                    report(&format!("pictures of {} of {} molecules", done + 1, molecules.len()));
                    said = 0;
                }
            }
            Ok::<_, TrainingError>(keys)
        };
        let (train, validation) = (keys(train)?, keys(validation)?);
        Ok(Self::Pictures { cache, train, validation })
    }

    /// Spectra of the molecules at `rows`.
    pub(super) fn batch(
        &self,
        part: ShownPart,
        molecules: &[SpecmolMolecule],
        rows: &[usize],
        random: &mut ChaCha8Rng,
        device: Device,
    ) -> Result<SpectrumBatch, TrainingError> {
        match self {
            Self::Drawn { shift_noise, form } => {
                let drawn = rows
                    .iter()
                    .map(|&row| {
                        let molecule = &molecules[row];
                        match part {
                            ShownPart::Train => drawn(molecule, *shift_noise, *form, random),
                            ShownPart::Validation => fixed(molecule, *shift_noise, *form, 0),
                        }
                    })
                    .collect::<Result<Vec<_>, _>>()?;
                Ok(match form {
                    SpectrumForm::Peaks => SpectrumBatch::Peaks(drawn),
                    SpectrumForm::Traces => {
                        SpectrumBatch::of_traces(&drawn.iter().collect::<Vec<_>>(), device)?
                    }
                })
            }
            Self::Pictures { cache, train, validation } => {
                let keys = if part == ShownPart::Train { train } else { validation };
                let read = |nucleus: usize| cache.read(rows.iter().map(|&r| &keys[r][nucleus]));
                Ok(SpectrumBatch::of_features([read(0)?, read(1)?], device)?)
            }
        }
    }
}
