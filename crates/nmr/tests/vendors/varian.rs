//! Varian and Agilent datasets.

use std::fs;
use std::path::Path;

use larmor_nmr::fid::{self, Experiment, FidError, Nucleus, Solvent, Status, Vendor};
use proptest::prelude::*;

use super::{
    assert_corrupt, assert_incomplete, assert_only_plain_files, assert_unsupported, is_complete,
    processed, rubbish, status, tallest,
};
use larmor_fixtures::instruments::stored_line;
use larmor_fixtures::instruments::varian::{Dataset, POINTS};

/// The sound dataset with other bytes in its `fid`.
fn with_fid(bytes: &[u8]) -> tempfile::TempDir {
    let folder = Dataset::default().write();
    fs::write(folder.path().join("fid"), bytes).unwrap();
    folder
}

fn with_procpar(bytes: &[u8]) -> tempfile::TempDir {
    let folder = Dataset::default().write();
    fs::write(folder.path().join("procpar"), bytes).unwrap();
    folder
}

#[test]
fn every_kind_of_number_is_read_and_the_line_stands_where_it_belongs() {
    for kind in ["float", "long", "short"] {
        let folder = Dataset { kind, ..Dataset::default() }.write();
        assert_eq!(fid::recognise(folder.path()), Some(Vendor::Varian));
        let inspection = fid::inspect(folder.path()).unwrap();
        assert_eq!(
            inspection.status,
            Status::Complete { evidence: "log: Acquisition complete".into(), halted: false }
        );
        assert!(inspection.vendor_evidence && inspection.digest.unwrap().len() == 64);
        let fid = fid::read(folder.path()).unwrap();
        assert_eq!(fid.points.len(), POINTS);
        assert!((fid.points[0].re - 10_000.0).abs() < 1.0 && fid.points[0].im.abs() < 1.0);
        assert!((tallest(&fid) - 0.125).abs() < 0.003);
        assert_eq!((&fid.nucleus, fid.experiment), (&Nucleus::Proton, Experiment::Plain));
        assert_eq!((fid.solvent, fid.scans), (Some(Solvent::Chloroform), Some(16)));
        assert_eq!((fid.title.as_str(), fid.pulse_program.as_str()), ("AB 17", "s2pul"));
        assert_eq!(fid.temperature_k, Some(298.15));
        // The console's set-up fills reference line and frequency in: nobody calibrated.
        assert_eq!(fid.calibrated_mhz, None);
        // 0 ppm lies 2000 Hz above the right edge, the line 1000 Hz above the carrier.
        let spectrum = processed(&fid);
        let line = spectrum.peaks.iter().max_by(|a, b| a.intensity.total_cmp(&b.intensity));
        let ppm = line.unwrap().ppm - spectrum.referencing.shift_ppm;
        assert!((ppm - 3000.0 / 399.795).abs() < 0.01, "{ppm}");
    }
}

#[test]
fn the_title_is_the_operators_text_where_there_is_one() {
    let folder = Dataset::default().write();
    fs::write(folder.path().join("text"), "menthol, batch 3\n").unwrap();
    assert_eq!(fid::read(folder.path()).unwrap().title, "menthol, batch 3");
}

#[test]
fn scan_counts_log_and_time_of_saving_tell_how_far_it_is() {
    let halted = |dataset: Dataset| match status(dataset.write().path()) {
        Status::Complete { halted, .. } => halted,
        other => panic!("{other:?}"),
    };
    let unsaved = ("time_saved", "\"\"");
    let early = [("ct", "7")];
    assert!(!halted(Dataset { log: None, ..Dataset::default() }));
    assert!(halted(Dataset { scans: vec![7], log: None, ..Dataset::with(&early) }));
    assert!(halted(Dataset { scans: vec![7], ..Dataset::with(&[early[0], unsaved]) }));
    for log in [None, Some("Mon Jan 8: Experiment started\n")] {
        let running = Dataset { scans: vec![7], log, ..Dataset::with(&[early[0], unsaved]) };
        assert_incomplete(running.write().path(), "7 of 16 scans");
    }
    let only_sizes = Dataset { log: None, ..Dataset::with(&[unsaved]) };
    let inspection = fid::inspect(only_sizes.write().path()).unwrap();
    assert!(matches!(inspection.status, Status::Complete { .. }) && !inspection.vendor_evidence);
    let laid_out = Dataset { values: vec![0.0; 4096], log: None, ..Dataset::with(&[unsaved]) };
    assert_incomplete(laid_out.write().path(), "no scan");
    let mut values = stored_line(0.1, POINTS, 100.0);
    values[3000..].fill(0.0);
    let half = Dataset { values, log: None, ..Dataset::default() };
    assert_incomplete(half.write().path(), "zeros");
}

#[test]
fn missing_files_mean_not_yet_and_a_missing_directory_is_an_error() {
    for name in ["fid", "procpar"] {
        let folder = Dataset::default().write();
        fs::remove_file(folder.path().join(name)).unwrap();
        assert_incomplete(folder.path(), name);
        assert!(fid::read(folder.path()).unwrap_err().is_missing());
    }
}

#[test]
fn arrays_planes_and_other_nuclei_are_left_out_with_the_reason() {
    let array = Dataset { blocks: 4, ..Dataset::with(&[("arraydim", "4")]) }.write();
    assert_unsupported(array.path(), "an array of 4 traces");
    assert!(matches!(fid::read(array.path()), Err(FidError::Unsupported { .. })));
    let mixed = Dataset { blocks: 3, scans: vec![16, 9, 0], ..Dataset::default() }.write();
    assert_unsupported(mixed.path(), "an array of 3 traces");
    let plane = Dataset { blocks: 4, ..Dataset::with(&[("arraydim", "4"), ("ni", "4")]) }.write();
    assert_unsupported(plane.path(), "two or more dimensions");
    let experiment = fid::inspect(plane.path()).unwrap().experiment;
    assert_eq!(experiment, Some(Experiment::MultiDimensional));
    assert_unsupported(Dataset::with(&[("tn", "\"F19\"")]).write().path(), "nucleus 19F");
}

#[test]
fn the_digest_follows_the_data_not_the_place_or_the_scan_count() {
    let digest = |dataset: &Dataset| fid::inspect(dataset.write().path()).unwrap().digest.unwrap();
    let original = digest(&Dataset::default());
    assert_eq!(digest(&Dataset::with(&[("samplename", "\"other\"")])), original);
    assert_ne!(digest(&Dataset::with(&[("sw", "8001")])), original);
    let values = stored_line(0.125, POINTS, 10_001.0);
    assert_ne!(digest(&Dataset { values, ..Dataset::default() }), original);
}

#[test]
fn headers_that_lie_end_in_a_reason() {
    let sound = Dataset::default().fid();
    let changed = |at: usize, value: i32| {
        let mut bytes = sound.clone();
        bytes[at..at + 4].copy_from_slice(&value.to_be_bytes());
        with_fid(&bytes)
    };
    // Blocks beyond the end of the file are not there yet.
    assert_incomplete(changed(0, 2).path(), "bytes");
    assert_incomplete(changed(0, i32::MAX).path(), "bytes");
    assert!(matches!(fid::read(changed(0, 2).path()), Err(FidError::TooShort { .. })));
    for (at, value) in [(0, 0), (0, -1), (4, 0), (8, i32::MAX), (8, 0), (12, 3), (16, 7), (20, 28)]
    {
        assert_corrupt(changed(at, value).path(), "fid");
    }
    let odd = Dataset { values: vec![1.0; 4097], ..Dataset::default() }.write();
    assert_corrupt(odd.path(), "even number");
    let mut spectrum = sound.clone();
    spectrum[27] |= 2;
    assert_unsupported(with_fid(&spectrum).path(), "spectrum");
}

#[test]
fn truncated_files_are_not_yet_there() {
    let sound = Dataset::default().fid();
    for length in [0, 10, 31, 32, 59, 60, sound.len() / 2, sound.len() - 1] {
        assert_incomplete(with_fid(&sound[..length]).path(), "bytes");
    }
    let mut padded = sound.clone();
    padded.extend([7; 100]);
    assert!(is_complete(with_fid(&padded).path()));
    let procpar = Dataset::default().procpar();
    for length in [0, 20, procpar.len() / 2, procpar.len() - 5] {
        assert_incomplete(with_procpar(&procpar.as_bytes()[..length]).path(), "cut off");
    }
}

#[test]
fn procpar_in_other_encodings_is_read_and_senseless_values_are_named() {
    let procpar = Dataset::default().procpar();
    let crlf = with_procpar(procpar.replace('\n', "\r\n").as_bytes());
    assert!(is_complete(crlf.path()));
    let mut western = procpar.clone().into_bytes();
    let at = procpar.find("AB 17").unwrap();
    western[at] = 0xdf;
    assert_eq!(fid::read(with_procpar(&western).path()).unwrap().title, "ßB 17");
    for (name, value) in
        [("sw", "nan"), ("sw", "-1"), ("sfrq", "0"), ("sw", "gone"), ("tn", "gone")]
    {
        assert_corrupt_parameter(name, value);
    }
}

fn assert_corrupt_parameter(name: &'static str, value: &'static str) {
    let folder = Dataset::with(&[(name, value)]).write();
    assert!(matches!(status(folder.path()), Status::Corrupt { reason } if reason.contains(name)));
    match fid::read(folder.path()) {
        Err(FidError::Parameter { name: found, .. }) => assert_eq!(found, name),
        other => panic!("{other:?}"),
    }
}

#[test]
fn points_that_no_receiver_gives_are_refused() {
    for bad in [f64::NAN, f64::INFINITY] {
        let mut values = stored_line(0.1, POINTS, 100.0);
        values[77] = bad;
        let folder = Dataset { values, ..Dataset::default() }.write();
        assert!(matches!(fid::read(folder.path()), Err(FidError::BadPoints { .. })));
    }
    let folder = Dataset { values: vec![0.0; 4096], ..Dataset::default() }.write();
    assert!(matches!(status(folder.path()), Status::Corrupt { reason } if reason.contains("zero")));
    assert!(matches!(fid::read(folder.path()), Err(FidError::BadPoints { .. })));
}

#[test]
fn rubbish_under_the_vendors_names_is_corrupt_or_not_yet_whole() {
    for bytes in rubbish() {
        assert!(!is_complete(with_fid(&bytes).path()));
        assert!(fid::read(with_fid(&bytes).path()).is_err());
        assert!(!is_complete(with_procpar(&bytes).path()));
        assert!(fid::read(with_procpar(&bytes).path()).is_err());
    }
}

#[test]
fn only_plain_files_are_opened() {
    for name in ["fid", "procpar"] {
        let folder = Dataset::default().write();
        let file = folder.path().join(name);
        fs::remove_file(&file).unwrap();
        fs::create_dir(&file).unwrap();
        assert!(matches!(status(folder.path()), Status::Corrupt { .. }));
        fs::remove_dir(&file).unwrap();
        fs::write(&file, "").unwrap();
        assert_only_plain_files_in(folder.path(), &file);
    }
}

fn assert_only_plain_files_in(dataset: &Path, file: &Path) {
    assert_only_plain_files(dataset, file);
    assert!(!is_complete(dataset));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// Spoilt bytes end in a value or a typed error.
    #[test]
    fn spoilt_datasets_are_survived(
        at in 0.0..1.0f64, start: bool, byte: u8, in_procpar: bool, cut: bool,
    ) {
        let dataset = Dataset::default();
        let folder = dataset.write();
        let mut bytes =
            if in_procpar { dataset.procpar().into_bytes() } else { dataset.fid() };
        let whole = bytes.len();
        let index = (at * if start && !in_procpar { 60.0 } else { whole as f64 }) as usize;
        bytes[index] = byte;
        if cut {
            bytes.truncate(index);
        }
        fs::write(folder.path().join(if in_procpar { "procpar" } else { "fid" }), bytes).unwrap();
        let inspection = fid::inspect(folder.path()).unwrap();
        let _ = fid::read(folder.path());
        if cut && !in_procpar {
            let incomplete = matches!(
                inspection.status,
                Status::Incomplete { .. } | Status::Corrupt { .. } | Status::Unsupported { .. }
            );
            prop_assert!(incomplete);
        }
    }
}
