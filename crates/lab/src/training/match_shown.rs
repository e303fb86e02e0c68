//! Spectra of a training set as its network takes them: traces drawn anew every time, or pictures
//! drawn once, whose features are kept.

use std::fs;
use std::path::Path;

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use tch::Device;

use super::match_features::{FeatureCache, PictureKey};
use super::{MatchMolecule, TrainingError, key_hash};
use larmor_networks::{BACKBONE_FILE, PICTURE_SIDE, Picture, Resnet, SpectrumBatch, SpectrumPair};

/// Where spectra come from.
pub(super) enum Shown {
    /// Drawn when they are needed.
    Traces { shift_noise: f64 },
    /// Looked up.
    Pictures { cache: FeatureCache, train: Vec<[PictureKey; 2]>, validation: Vec<[PictureKey; 2]> },
}

/// Which part of the data a row is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Train,
    Validation,
}

/// The spectra a molecule always has, for validation and for pictures: its key is the seed.
fn fixed(
    molecule: &MatchMolecule,
    shift_noise: f64,
    seed: u64,
) -> Result<SpectrumPair, TrainingError> {
    let mut random = ChaCha8Rng::seed_from_u64(seed ^ key_hash(&molecule.block));
    molecule.draw(shift_noise, &mut random).ok_or_else(|| nothing(molecule))
}

fn nothing(molecule: &MatchMolecule) -> TrainingError {
    let reason = "shows no line in 13C".to_owned();
    TrainingError::Format { path: molecule.block.as_str().into(), reason }
}

impl Shown {
    /// Computes the features of all pictures that are not in the cache yet.
    pub(super) fn pictures(
        backbone: &Resnet,
        cache: &Path,
        [train, validation]: [&[MatchMolecule]; 2],
        shift_noise: f64,
        seed: u64,
        tell: &mut dyn FnMut(&str),
    ) -> Result<Self, TrainingError> {
        let mut cache = FeatureCache::open(cache, backbone, PICTURE_SIDE)?;
        let mut said = 0_usize;
        let mut keys = |molecules: &[MatchMolecule]| {
            let mut keys = Vec::with_capacity(molecules.len());
            // A molecule at a time, so that pictures do not fill the memory.
            for (done, molecule) in molecules.iter().enumerate() {
                let pictures: [Picture; 2] = fixed(molecule, shift_noise, seed)?.pictures();
                cache.fill(backbone, pictures.iter(), &mut |_| said += 1)?;
                keys.push(pictures.each_ref().map(FeatureCache::key));
                if said >= 100 {
                    tell(&format!("pictures of {} of {} molecules", done + 1, molecules.len()));
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
        part: Part,
        molecules: &[MatchMolecule],
        rows: &[usize],
        random: &mut ChaCha8Rng,
        device: Device,
    ) -> Result<SpectrumBatch, TrainingError> {
        match self {
            Self::Traces { shift_noise } => {
                let drawn = rows
                    .iter()
                    .map(|&row| {
                        let molecule = &molecules[row];
                        match part {
                            Part::Train => {
                                molecule.draw(*shift_noise, random).ok_or_else(|| nothing(molecule))
                            }
                            Part::Validation => fixed(molecule, *shift_noise, 0),
                        }
                    })
                    .collect::<Result<Vec<_>, _>>()?;
                Ok(SpectrumBatch::of_traces(&drawn.iter().collect::<Vec<_>>(), device)?)
            }
            Self::Pictures { cache, train, validation } => {
                let keys = if part == Part::Train { train } else { validation };
                let read = |nucleus: usize| cache.read(rows.iter().map(|&r| &keys[r][nucleus]));
                Ok(SpectrumBatch::of_features([read(0)?, read(1)?], device)?)
            }
        }
    }
}

/// Puts the backbone beside the weights, without a copy where the file system can.
pub(super) fn place_backbone(from: &Path, out: &Path) -> Result<(), TrainingError> {
    let to = out.join(BACKBONE_FILE);
    if to.exists() {
        fs::remove_file(&to).map_err(TrainingError::file(&to))?;
    }
    if fs::hard_link(from, &to).is_err() {
        fs::copy(from, &to).map_err(TrainingError::file(&to))?;
    }
    Ok(())
}
