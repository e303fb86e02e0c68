//! What reading JCAMP-DX files promises, on real and on hostile ones.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::{Path, PathBuf};

use larmor::fid::{self, Origin, Status};

fn data(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("third_party/test-data").join(path)
}

#[test]
fn exported_fids_are_those_of_the_spectrometer() {
    for (exported, native) in [
        ("jcamp/aspirin-1h.fid.dx", "bruker/aspirin-1h/1"),
        ("jcamp/naphtoicAcid-1h.fid.dx", "bruker/naphtoicAcid-1h/1"),
    ] {
        let (exported, native) =
            (fid::read(&data(exported)).unwrap(), fid::read(&data(native)).unwrap());
        assert!(exported.points == native.points, "{}", native.title);
        assert_eq!(exported.origin, Origin::Acquired);
        assert!((exported.sweep_width_hz - native.sweep_width_hz).abs() < 1e-6);
        assert!((exported.carrier_mhz - native.carrier_mhz).abs() < 1e-9);
        assert!((exported.reference_mhz - native.reference_mhz).abs() < 1e-4);
        assert_eq!(exported.group_delay, native.group_delay);
        assert_eq!(
            (exported.nucleus, exported.experiment, exported.solvent, exported.scans),
            (native.nucleus, native.experiment, native.solvent, native.scans)
        );
        assert_eq!((exported.title, exported.pulse_program), (native.title, native.pulse_program));
    }
}

fn status(path: &Path) -> Status {
    fid::inspect(path).unwrap().status
}
