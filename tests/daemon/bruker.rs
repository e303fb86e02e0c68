//! A spectrometer: writes datasets the way TopSpin does.

use std::fs;
use std::path::{Path, PathBuf};

use larmor_fixtures::test_data;
use md5::{Digest, Md5};

/// Arborinine: 10 is 1H, 11 is 13C, 12 is DEPT135, 13 to 15 have two dimensions.
pub fn arborinine(expno: &str) -> PathBuf {
    test_data("nmredata/arborinine_full_assignments/dj_ca_2017_ernestin_EN4").join(expno)
}

/// An experiment that is being run.
pub struct RunningExperiment {
    source: PathBuf,
    pub path: PathBuf,
}

impl RunningExperiment {
    /// The experiment is queued: parameters, and nothing else.
    pub fn begin(source: PathBuf, path: PathBuf) -> Self {
        fs::create_dir_all(path.join("pdata/1")).unwrap();
        let acquisition = Self { source, path };
        for file in ["acqus", "acqu", "pulseprogram", "pdata/1/title", "acqu2s", "acqu2"] {
            if acquisition.source.join(file).exists() {
                acquisition.copy(file);
            }
        }
        acquisition
    }

    /// Points of the FID up to this share of it.
    pub fn scan(&self, share: f64) {
        let fid = fs::read(self.source.join("fid")).unwrap();
        let end = (fid.len() as f64 * share) as usize;
        fs::write(self.path.join("fid"), &fid[..end]).unwrap();
    }

    /// The end: all points, then the audit trail.
    pub fn finish(&self) {
        for file in ["fid", "ser", "audita.txt"] {
            if self.source.join(file).exists() {
                self.copy(file);
            }
        }
    }

    fn copy(&self, file: &str) {
        fs::copy(self.source.join(file), self.path.join(file)).unwrap();
    }
}

/// A whole experiment at once.
pub fn acquire(source: PathBuf, path: PathBuf) -> RunningExperiment {
    let acquisition = RunningExperiment::begin(source, path);
    acquisition.finish();
    acquisition
}

/// The 13C experiment with other noise: content of its own, which its number makes, and peaks as before.
pub struct Content {
    parameters: Vec<u8>,
    fid: Vec<u8>,
    audit: String,
}

impl Content {
    pub fn numbered(number: usize) -> Self {
        let source = arborinine("11");
        let mut fid = fs::read(source.join("fid")).unwrap();
        let hash = |bytes: &[u8]| {
            let hex: Vec<String> = Md5::digest(bytes).iter().map(|b| format!("{b:02X}")).collect();
            hex.join(" ")
        };
        let original = hash(&fid);
        let last = fid.len() - 4;
        let number = u32::try_from(number + 1).unwrap().to_le_bytes();
        // Two bytes at the small end of the last real and imaginary point.
        for (place, byte) in [(last, number[0]), (last - 4, number[1])] {
            fid[place] ^= byte;
        }
        let audit = fs::read_to_string(source.join("audita.txt")).unwrap();
        assert!(audit.contains(&original));
        let audit = audit.replace(&original, &hash(&fid));
        Self { parameters: fs::read(source.join("acqus")).unwrap(), fid, audit }
    }

    /// Parameters, and nothing else.
    pub fn begin(&self, path: &Path) {
        fs::create_dir_all(path).unwrap();
        fs::write(path.join("acqus"), &self.parameters).unwrap();
    }

    /// Points of the FID up to this share of it.
    pub fn points(&self, path: &Path, share: f64) {
        let end = (self.fid.len() as f64 * share) as usize;
        fs::write(path.join("fid"), &self.fid[..end]).unwrap();
    }

    /// The audit trail, which says that this is all.
    pub fn end(&self, path: &Path) {
        fs::write(path.join("audita.txt"), &self.audit).unwrap();
    }

    /// The whole experiment at once.
    pub fn write(&self, path: &Path) {
        self.begin(path);
        self.points(path, 1.0);
        self.end(path);
    }
}

/// A whole experiment with content of its own.
pub fn variant(number: u8, path: &Path) {
    Content::numbered(number.into()).write(path);
}
