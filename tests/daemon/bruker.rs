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

/// The 13C experiment with other noise: content of its own, peaks as before.
pub fn variant(number: u8, path: &Path) {
    let source = arborinine("11");
    let mut fid = fs::read(source.join("fid")).unwrap();
    // The least bits of the last point.
    let last = fid.len() - 4;
    fid[last] ^= number;
    let hash = |bytes: &[u8]| {
        let hex: Vec<String> = Md5::digest(bytes).iter().map(|b| format!("{b:02X}")).collect();
        hex.join(" ")
    };
    let audit = fs::read_to_string(source.join("audita.txt")).unwrap();
    let original = hash(&fs::read(source.join("fid")).unwrap());
    assert!(audit.contains(&original));
    fs::create_dir_all(path).unwrap();
    fs::copy(source.join("acqus"), path.join("acqus")).unwrap();
    fs::write(path.join("fid"), &fid).unwrap();
    fs::write(path.join("audita.txt"), audit.replace(&original, &hash(&fid))).unwrap();
}
