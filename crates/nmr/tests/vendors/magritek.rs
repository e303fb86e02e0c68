//! Magritek Spinsolve datasets.

use std::fs;

use larmor_nmr::fid::{self, Experiment, FidError, Nucleus, Solvent, Status, Vendor};
use proptest::prelude::*;

use super::{
    assert_corrupt, assert_incomplete, assert_only_plain_files, assert_unsupported, is_complete,
    processed, rubbish, status, tallest,
};
use larmor_fixtures::instruments::magritek::{ACQU, POINTS, data};
use larmor_fixtures::instruments::stored_line;

fn sound() -> Vec<u8> {
    data(504, &stored_line(0.125, POINTS, 100.0))
}

fn dataset(acqu: &[u8], data: &[u8]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("acqu.par"), acqu).unwrap();
    fs::write(folder.path().join("data.1d"), data).unwrap();
    folder
}

#[test]
fn the_line_stands_where_it_belongs_with_and_without_times() {
    for kind in [504, 501] {
        let folder = dataset(ACQU.as_bytes(), &data(kind, &stored_line(0.125, POINTS, 100.0)));
        assert_eq!(fid::recognise(folder.path()), Some(Vendor::Magritek));
        let fid = fid::read(folder.path()).unwrap();
        assert_eq!(fid.points.len(), POINTS);
        assert!((tallest(&fid) - 0.125).abs() < 0.003);
        assert_eq!((&fid.nucleus, fid.experiment), (&Nucleus::Proton, Experiment::Plain));
        assert_eq!((fid.solvent, fid.scans), (Some(Solvent::DimethylSulfoxide), Some(4)));
        assert_eq!((fid.title.as_str(), fid.pulse_program.as_str()), ("menthol", "1D EXTENDED+"));
        assert_eq!(fid.sweep_width_hz, 5000.0);
        // The carrier lies 300 Hz above 0 ppm, the line 625 Hz above the carrier.
        let spectrum = processed(&fid);
        let line = spectrum.peaks.iter().max_by(|a, b| a.intensity.total_cmp(&b.intensity));
        let ppm = line.unwrap().ppm - spectrum.referencing.shift_ppm;
        assert!((ppm - 925.0 / 43.5).abs() < 0.1, "{ppm}");
    }
}

#[test]
fn the_vendors_spectrum_is_the_evidence_and_either_name_will_do() {
    let folder = dataset(ACQU.as_bytes(), &sound());
    let before = fid::inspect(folder.path()).unwrap();
    assert!(is_complete(folder.path()) && !before.vendor_evidence);
    fs::write(folder.path().join("spectrum_processed.1d"), "").unwrap();
    let after = fid::inspect(folder.path()).unwrap();
    assert!(is_complete(folder.path()) && after.vendor_evidence);
    assert_eq!((after.digest.is_some(), after.digest), (true, before.digest));
    fs::rename(folder.path().join("data.1d"), folder.path().join("fid.1d")).unwrap();
    assert!(is_complete(folder.path()));
    assert_eq!(fid::read(folder.path()).unwrap().points.len(), POINTS);
    fs::remove_file(folder.path().join("fid.1d")).unwrap();
    assert_unsupported(folder.path(), "no data.1d");
}

#[test]
fn missing_files_mean_not_yet() {
    for (name, other) in [("acqu.par", "data.1d"), ("data.1d", "acqu.par")] {
        let folder = dataset(ACQU.as_bytes(), &sound());
        fs::remove_file(folder.path().join(name)).unwrap();
        assert_incomplete(folder.path(), name);
        assert!(folder.path().join(other).exists());
    }
    let folder = dataset(ACQU.as_bytes(), &sound());
    fs::rename(folder.path().join("data.1d"), folder.path().join("data.2d")).unwrap();
    assert_unsupported(folder.path(), "two or more dimensions");
}

#[test]
fn truncated_and_laid_out_files_are_not_yet_there() {
    let sound = sound();
    for length in [0, 8, 31, 32, 33, sound.len() / 2, sound.len() - 1] {
        assert_incomplete(dataset(ACQU.as_bytes(), &sound[..length]).path(), "bytes");
    }
    let mut half = sound.clone();
    half[8000..].fill(0);
    assert_incomplete(dataset(ACQU.as_bytes(), &half).path(), "zeros");
    assert_incomplete(dataset(ACQU.as_bytes(), &[0; 12_320]).path(), "bytes");
}

#[test]
fn headers_that_lie_end_in_a_reason() {
    let changed = |at: usize, value: u32| {
        let mut bytes = sound();
        bytes[at..at + 4].copy_from_slice(&value.to_le_bytes());
        dataset(ACQU.as_bytes(), &bytes)
    };
    for count in [0, 1, 1 << 31, u32::MAX] {
        assert_corrupt_data(changed(16, count).path(), "points");
    }
    assert_incomplete(changed(16, 1 << 20).path(), "bytes");
    assert_unsupported(changed(20, 64).path(), "two or more dimensions");
    assert_unsupported(changed(12, 503).path(), "no complex signal");
}

fn assert_corrupt_data(path: &std::path::Path, part: &str) {
    assert_corrupt(path, part);
    assert!(matches!(fid::read(path), Err(FidError::Malformed { .. })));
}

#[test]
fn senseless_parameters_are_named_and_other_nuclei_left_out() {
    for (line, change, name) in
        [("b1Freq = 43.5d", "b1Freq = nan", "b1Freq"), ("b1Freq = 43.5d", "", "b1Freq")]
    {
        let folder = dataset(ACQU.replace(line, change).as_bytes(), &sound());
        assert!(
            matches!(fid::read(folder.path()), Err(FidError::Parameter { name: found, .. }) if found == name)
        );
        assert!(
            matches!(status(folder.path()), Status::Corrupt { reason } if reason.contains(name))
        );
    }
    let crlf = dataset(ACQU.replace('\n', "\r\n").as_bytes(), &sound());
    assert!(is_complete(crlf.path()));
    let fluorine = dataset(ACQU.replace("\"1H\"", "\"19F\"").as_bytes(), &sound());
    assert_unsupported(fluorine.path(), "nucleus 19F");
}

#[test]
fn a_nucleus_that_nothing_names_is_left_out_and_one_that_something_names_is_read() {
    let unnamed = ACQU.replace("rxChannel = \"1H\"", "");
    let by_frequency = dataset(unnamed.as_bytes(), &sound());
    assert!(is_complete(by_frequency.path()));
    assert_eq!(fid::read(by_frequency.path()).unwrap().nucleus, Nucleus::Proton);
    // Prospa on a magnet of its own.
    let kea = "b1Freq = 14.79565d\nbandwidth = 10\ndwellTime = 100.0\nexperiment = \"1Pulse\"\n\
        expName = \"1Pulse_20200929\"\nnrScans = 4\n";
    let folder = dataset(kea.as_bytes(), &sound());
    assert_unsupported(folder.path(), "rxChannel is missing");
    assert!(matches!(fid::read(folder.path()), Err(FidError::Unsupported { .. })));
}

#[test]
fn echoes_and_relaxation_are_left_out_whatever_else_is_missing() {
    for acqu in [
        "experiment = \"CPMG\"\nexpName = \"CPMG_oil\"\nnrEchoes = 512\nb1Freq = 14.8d\n"
            .to_owned(),
        ACQU.replace("1D EXTENDED+", "T1"),
        format!("{ACQU}nrEchoes = 64\n"),
    ] {
        let folder = dataset(acqu.as_bytes(), &sound());
        assert_unsupported(folder.path(), "not the signal of a spectrum");
        assert_eq!(fid::inspect(folder.path()).unwrap().experiment, Some(Experiment::Relaxation));
        assert!(matches!(fid::read(folder.path()), Err(FidError::Unsupported { .. })));
    }
}

#[test]
fn parameters_from_any_country_give_the_same_spectrum() {
    let reference = fid::read(dataset(ACQU.as_bytes(), &sound()).path()).unwrap();
    for acqu in [
        ACQU.replace("43.5d", "43,5").replace("= 200", "= 200,0"),
        ACQU.replace("43.5d", "43.5 MHz")
            .replace("= 200", "= 200 us")
            .replace("= 5\n", "= 5 kHz\n"),
        ACQU.replace("b1Freq", "B1FREQ"),
    ] {
        assert_eq!(fid::read(dataset(acqu.as_bytes(), &sound()).path()).unwrap(), reference);
    }
}

#[test]
fn water_is_known_to_be_suppressed_by_the_protocol() {
    let suppressed = |protocol: &str| {
        let acqu = ACQU.replace("1D EXTENDED+", protocol);
        let fid = fid::read(dataset(acqu.as_bytes(), &sound()).path()).unwrap();
        assert_eq!(fid.experiment, Experiment::Plain, "{protocol}");
        fid.water_suppressed
    };
    assert!(suppressed("1D WET SUP") && suppressed("1D PRESAT"));
    assert!(!suppressed("1D EXTENDED+"));
}

#[test]
fn names_in_capital_letters_are_read() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("ACQU.PAR"), ACQU).unwrap();
    fs::write(folder.path().join("Data.1d"), sound()).unwrap();
    assert_eq!(fid::recognise(folder.path()), Some(Vendor::Magritek));
    assert!(is_complete(folder.path()));
    assert_eq!(fid::read(folder.path()).unwrap().points.len(), POINTS);
}

#[test]
fn points_that_no_receiver_gives_are_refused() {
    for bad in [f64::NAN, f64::NEG_INFINITY] {
        let mut values = stored_line(0.1, POINTS, 100.0);
        values[77] = bad;
        let folder = dataset(ACQU.as_bytes(), &data(504, &values));
        assert!(matches!(fid::read(folder.path()), Err(FidError::BadPoints { .. })));
    }
    let folder = dataset(ACQU.as_bytes(), &data(504, &vec![0.0; 2 * POINTS]));
    assert!(matches!(status(folder.path()), Status::Corrupt { reason } if reason.contains("zero")));
    assert!(matches!(fid::read(folder.path()), Err(FidError::BadPoints { .. })));
}

#[test]
fn rubbish_pipes_and_links_under_the_vendors_names_are_refused() {
    for bytes in rubbish() {
        let folder = dataset(ACQU.as_bytes(), &bytes);
        assert!(matches!(status(folder.path()), Status::Corrupt { .. }));
        assert!(fid::read(folder.path()).is_err());
        assert!(fid::read(dataset(&bytes, &sound()).path()).is_err());
    }
    for name in ["data.1d", "acqu.par"] {
        let folder = dataset(ACQU.as_bytes(), &sound());
        assert_only_plain_files(folder.path(), &folder.path().join(name));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// Spoilt bytes end in a value or a typed error, cut ones never in a status of complete.
    #[test]
    fn spoilt_datasets_are_survived(at in 0.0..1.0f64, start: bool, byte: u8, cut: bool) {
        let mut bytes = sound();
        let index = (at * if start { 32.0 } else { bytes.len() as f64 }) as usize;
        bytes[index] = byte;
        if cut {
            bytes.truncate(index);
        }
        let folder = dataset(ACQU.as_bytes(), &bytes);
        let inspection = fid::inspect(folder.path()).unwrap();
        let _ = fid::read(folder.path());
        let complete = matches!(inspection.status, Status::Complete { .. });
        prop_assert!(!(cut && complete));
    }
}
