//! What the frozen backbone says of pictures, kept on disk: it costs a third of a second a picture
//! and never changes. Features are found by backbone and picture, so that no others are ever used.

use std::collections::{HashMap, HashSet};
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use tch::{Device, Kind, Tensor};

use crate::error::TrainingError;
use larmor_networks::{BACKBONE_FILE, Picture, Resnet};

/// Bytes of a picture's digest.
const KEY: usize = 32;
/// Pictures that run before what is done is on disk.
const AT_ONCE: usize = 16;

/// A picture's digest.
pub type PictureKey = [u8; KEY];

/// Features on disk: digests of the pictures in one file, 16-bit floats in the same order in
/// another. Both only grow; what an interruption cut off is written again.
pub struct FeatureCache {
    index: File,
    values: File,
    path: PathBuf,
    rows: HashMap<PictureKey, u64>,
    shape: [i64; 3],
}

impl FeatureCache {
    /// Opens the cache of a backbone for pictures of a side; makes it where there is none.
    ///
    /// # Errors
    /// [`TrainingError`] when its files cannot be opened.
    pub fn open(folder: &Path, backbone: &Resnet, side: usize) -> Result<Self, TrainingError> {
        let name = backbone.digest().get(..16).unwrap_or("unnamed");
        let folder = folder.join(name);
        fs::create_dir_all(&folder).map_err(TrainingError::file(&folder))?;
        let open = |name: &str| {
            let path = folder.join(name);
            let file = OpenOptions::new().read(true).append(true).create(true).open(&path);
            file.map_err(TrainingError::file(&path)).map(|file| (file, path))
        };
        let ((index, index_path), (values, path)) =
            (open("pictures.sha256")?, open("features.f16")?);
        let places = i64::try_from(side / 32).unwrap_or(0);
        let shape = [backbone.channels(), places, places];
        let size = |file: &File, path| file.metadata().map_err(TrainingError::file(path));
        let row = row_bytes(shape);
        let whole =
            (size(&index, &index_path)?.len() / KEY as u64).min(size(&values, &path)?.len() / row);
        index.set_len(whole * KEY as u64).map_err(TrainingError::file(&index_path))?;
        values.set_len(whole * row).map_err(TrainingError::file(&path))?;
        let known = fs::read(&index_path).map_err(TrainingError::file(&index_path))?;
        let rows = known.as_chunks::<KEY>().0.iter().copied().zip(0..).collect();
        Ok(Self { index, values, path, rows, shape })
    }

    /// A picture's digest.
    #[must_use]
    pub fn key(picture: &Picture) -> PictureKey {
        Sha256::digest(&picture.pixels).into()
    }

    /// Features of a picture that are not there yet are computed; `report` hears how many are left.
    ///
    /// # Errors
    /// [`TrainingError`] when the backbone fails or the disk is full.
    pub fn fill<'a>(
        &mut self,
        backbone: &Resnet,
        pictures: impl Iterator<Item = &'a Picture>,
        report: &mut dyn FnMut(usize),
    ) -> Result<(), TrainingError> {
        let mut seen = HashSet::new();
        let mut missing: Vec<(PictureKey, &Picture)> = Vec::new();
        for picture in pictures {
            let key = Self::key(picture);
            if !self.rows.contains_key(&key) && seen.insert(key) {
                missing.push((key, picture));
            }
        }
        let mut left = missing.len();
        for chunk in missing.chunks(AT_ONCE) {
            report(left);
            left -= chunk.len();
            let pictures: Vec<&Picture> = chunk.iter().map(|(_, picture)| *picture).collect();
            let features = backbone.features(&pictures)?.f_to_device(Device::Cpu)?;
            let features = features.f_to_kind(Kind::Half)?.f_contiguous()?;
            let mut bytes = vec![0; features.numel() * 2];
            features.f_copy_data_u8(&mut bytes, features.numel())?;
            self.values.write_all(&bytes).map_err(TrainingError::file(&self.path))?;
            for (key, _) in chunk {
                self.index.write_all(key).map_err(TrainingError::file(&self.path))?;
                self.rows.insert(*key, self.rows.len() as u64);
            }
        }
        Ok(())
    }

    /// Features of pictures, a row for each, as 16-bit floats on the CPU.
    ///
    /// # Errors
    /// [`TrainingError`] when one is not there or cannot be read.
    pub fn read<'a>(
        &self,
        keys: impl Iterator<Item = &'a PictureKey>,
    ) -> Result<Tensor, TrainingError> {
        let row = row_bytes(self.shape);
        let mut bytes = Vec::new();
        let mut count = 0;
        for key in keys {
            let at = self.rows.get(key).ok_or_else(|| TrainingError::Format {
                path: self.path.clone(),
                reason: "a picture's features are not there".to_owned(),
            })?;
            let start = bytes.len();
            bytes.resize(start + usize::try_from(row).unwrap_or(0), 0);
            self.values
                .read_exact_at(&mut bytes[start..], at * row)
                .map_err(TrainingError::file(&self.path))?;
            count += 1;
        }
        let [channels, height, width] = self.shape;
        Ok(Tensor::f_from_data_size(&bytes, &[count, channels, height, width], Kind::Half)?)
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

fn row_bytes(shape: [i64; 3]) -> u64 {
    2 * shape.iter().product::<i64>().unsigned_abs()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use larmor_networks::Parameters;

    #[test]
    fn features_survive_being_closed_and_cut_off_and_are_computed_once() {
        let folder = tempfile::tempdir().unwrap();
        let net = Resnet::build(&mut Parameters::random(1, Device::Cpu), 2, Device::Cpu).unwrap();
        let pictures: Vec<Picture> =
            [0, 9, 200].map(|v| Picture { side: 64, pixels: vec![v; 64 * 64] }).into();
        let keys: Vec<PictureKey> = pictures.iter().map(FeatureCache::key).collect();
        let mut cache = FeatureCache::open(folder.path(), &net, 64).unwrap();
        assert!(cache.read(keys.iter()).is_err(), "nothing there yet");
        cache.fill(&net, pictures.iter().chain(&pictures), &mut |_| {}).unwrap();
        let features = cache.read(keys.iter().rev()).unwrap();
        let direct = net.features(&pictures.iter().rev().collect::<Vec<_>>()).unwrap();
        let apart = (features.to_kind(Kind::Float) - &direct).abs().max().double_value(&[]);
        assert!(apart < 2e-3 * direct.abs().max().double_value(&[]).max(1.0), "{apart}");
        drop(cache);
        // The last row is cut off: it is forgotten, the others are not.
        let path = folder.path().join("unnamed/features.f16");
        let size = fs::metadata(&path).unwrap().len();
        OpenOptions::new().write(true).open(&path).unwrap().set_len(size - 1).unwrap();
        let mut cache = FeatureCache::open(folder.path(), &net, 64).unwrap();
        assert!(cache.read(keys[..2].iter()).is_ok() && cache.read(keys.iter()).is_err());
        let mut computed = 0;
        cache.fill(&net, pictures.iter(), &mut |left| computed += left).unwrap();
        assert_eq!(computed, 1);
        let again = cache.read(keys.iter().rev()).unwrap();
        assert_eq!(again.narrow(0, 1, 2), features.narrow(0, 1, 2), "kept as they were");
        // Pictures that run in other company may differ in the last bit.
        let apart = (again - &features).abs().max().double_value(&[]);
        assert!(apart <= 2e-3 * features.abs().max().double_value(&[]).max(1.0), "{apart}");
    }
}
