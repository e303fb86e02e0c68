//! What the fuzz targets have in common: a dataset is laid out in memory, inspected, read and
//! processed, and none of this may panic, take long, or allocate much more than the files hold.

mod limits;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use larmor_nmr::fid::{self, Beside, Status};
use larmor_nmr::spectrum::{self, ProcessingParameters, SpectrumError};

/// Between the parts of an input that holds several files.
const SEPARATOR: &[u8] = b"\n=8<=\n";

/// Points up to which what was read is processed, too.
const MOST_PROCESSED: usize = 4096;

/// The parts of an input for a dataset of several files; parts that are missing are empty.
pub fn parts<const N: usize>(input: &[u8]) -> [&[u8]; N] {
    let mut rest = Some(input);
    [(); N].map(|()| {
        let here = rest.unwrap_or_default();
        let end = here.windows(SEPARATOR.len()).position(|window| window == SEPARATOR);
        rest = end.map(|end| &here[end + SEPARATOR.len()..]);
        &here[..end.unwrap_or(here.len())]
    })
}

/// A dataset of several files in a directory.
pub fn directory(name: &str, files: &[(&str, &[u8])]) {
    let path = place().join(name);
    fs::create_dir_all(&path).expect("the place of this process can be written to");
    for (file, bytes) in files {
        fs::write(path.join(file), bytes).expect("the place of this process can be written to");
    }
    let largest = files.iter().map(|(_, bytes)| bytes.len()).max().unwrap_or(0);
    dataset(&path, largest);
}

/// A dataset of one file.
pub fn file(name: &str, bytes: &[u8]) {
    let path = place().join(name);
    fs::write(&path, bytes).expect("the place of this process can be written to");
    dataset(&path, bytes.len());
}

/// Structures in a file beside a dataset.
pub fn structures(name: &str, bytes: &[u8]) {
    let path = place().join("structures");
    fs::create_dir_all(&path).expect("the place of this process can be written to");
    let file = path.join(name);
    fs::write(&file, bytes).expect("the place of this process can be written to");
    limits::hold(bytes.len(), || fid::proposed_structures(&path, Beside::Dataset));
    fs::remove_file(file).expect("the place of this process can be written to");
}

fn dataset(path: &Path, size: usize) {
    let Some(vendor) = fid::recognise(path) else { return };
    let inspection = limits::hold(size, || fid::inspect(path));
    let read = limits::hold(size, || fid::read(path));
    if let Ok(inspection) = &inspection {
        assert_eq!(inspection.vendor, vendor);
        let complete = matches!(inspection.status, Status::Complete { .. });
        assert_eq!(complete, inspection.digest.is_some(), "{inspection:?}");
    }
    let Ok(fid) = read else { return };
    assert!(fid.points.iter().all(|p| p.re.is_finite() && p.im.is_finite()), "finite points");
    if fid.points.len() > MOST_PROCESSED {
        return;
    }
    match spectrum::process(&fid, &ProcessingParameters::default()) {
        Ok(spectrum) => {
            assert!(spectrum.real.iter().all(|value| value.is_finite()), "finite spectrum");
            for peak in &spectrum.peaks {
                assert!(peak.ppm.is_finite() && peak.intensity.is_finite(), "{peak:?}");
            }
        }
        Err(error) => drop::<SpectrumError>(error),
    }
}

/// A directory of this process, in memory where the system offers that.
fn place() -> &'static Path {
    static PLACE: OnceLock<PathBuf> = OnceLock::new();
    PLACE.get_or_init(|| {
        let shared = Path::new("/dev/shm");
        let root = if shared.is_dir() { shared.to_owned() } else { std::env::temp_dir() };
        let place = root.join(format!("larmor-fuzz-{}", std::process::id()));
        fs::create_dir_all(&place).expect("a directory for the datasets can be made");
        place
    })
}
