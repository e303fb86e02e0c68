//! Files written here, sound and damaged.

use std::fs;

use larmor_nmr::fid::{self, Experiment, FidError, Status, Vendor};
use proptest::prelude::*;

use crate::{
    assert_corrupt, assert_incomplete, assert_only_plain_files, assert_unsupported, is_complete,
    rubbish, status, tallest,
};
use larmor_fixtures::instruments::stored_line;

use super::file::{Jdf, POINTS, Record, Written};

#[test]
fn both_orders_and_both_widths_are_read_alike() {
    for (little_endian, single, mirrored) in
        [(true, false, false), (false, false, false), (true, true, false), (false, true, false)]
            .into_iter()
            .chain([(true, false, true)])
    {
        let file = Jdf { little_endian, single, mirrored, ..Jdf::default() }.write();
        assert_eq!(fid::recognise(&file.path), Some(Vendor::Jeol));
        assert_eq!(
            status(&file.path),
            Status::Complete {
                evidence: "end_time is written and all 8 scans are there".into(),
                halted: false
            }
        );
        let fid = fid::read(&file.path).unwrap();
        assert_eq!(fid.points.len(), POINTS);
        assert!((tallest(&fid) - 0.125).abs() < 0.003);
        assert!((fid.sweep_width_hz - 8000.0).abs() < 1e-6);
        // 400 MHz written with the prefix mega; the carrier at 5 ppm.
        assert!((fid.reference_mhz - 400.0).abs() < 1e-9);
        assert!((fid.carrier_mhz - 400.002).abs() < 1e-9);
        assert_eq!((fid.title.as_str(), fid.temperature_k), ("title", Some(298.15)));
        assert_eq!((fid.scans, fid.group_delay), (Some(8), 0.0));
    }
}

#[test]
fn names_of_experiments_tell_what_they_edit() {
    for (program, expected) in [
        ("dept.jxp", Experiment::Dept(135)),
        ("dept90.jxp", Experiment::Dept(90)),
        ("deptq.jxp", Experiment::Deptq),
        ("apt.jxp", Experiment::Apt),
        ("carbon.jxp", Experiment::Plain),
    ] {
        let file = Jdf::with(Record::Text("experiment", program)).write();
        assert_eq!(fid::inspect(&file.path).unwrap().experiment, Some(expected), "{program}");
    }
    let mut file = Jdf::with(Record::Text("experiment", "dept.jxp"));
    file.parameters.push(Record::Real("selection_angle", 45.0, 0, 6));
    assert_eq!(fid::read(&file.write().path).unwrap().experiment, Experiment::Dept(45));
}

#[test]
fn scans_and_the_time_of_the_end_tell_how_far_it_is() {
    let stopped = Jdf::with(Record::Count("SCANS", 5)).write();
    assert!(matches!(status(&stopped.path), Status::Complete { halted: true, .. }));
    let mut running = Jdf::without("end_time");
    running.parameters.retain(|record| !matches!(record, Record::Count("SCANS", _)));
    running.parameters.push(Record::Count("SCANS", 5));
    assert_incomplete(&running.write().path, "5 of 8 scans");
    let inspection = fid::inspect(&Jdf::without("end_time").write().path).unwrap();
    assert!(matches!(inspection.status, Status::Complete { .. }) && !inspection.vendor_evidence);
}

#[test]
fn the_digest_follows_the_data_not_the_place_or_the_title() {
    let digest = |bytes: &[u8]| fid::inspect(&Written::new(bytes).path).unwrap().digest.unwrap();
    let sound = Jdf::default().bytes();
    let original = digest(&sound);
    let mut renamed = sound.clone();
    renamed[48..53].copy_from_slice(b"other");
    assert_eq!(digest(&renamed), original);
    let mut changed = sound.clone();
    *changed.last_mut().unwrap() ^= 1;
    assert_ne!(digest(&changed), original);
    let moved = Jdf::with(Record::Real("X_OFFSET", 6.0, 0, 26)).bytes();
    assert_ne!(digest(&moved), original);
}

#[test]
fn tables_of_sections_that_lie_end_in_a_reason() {
    let sound = Jdf::default().bytes();
    let changed = |at: usize, value: u32| {
        let mut bytes = sound.clone();
        bytes[at..at + 4].copy_from_slice(&value.to_be_bytes());
        Written::new(&bytes)
    };
    // Data or parameters that begin in the header or lie over each other.
    for (at, value) in [(1284, 0), (1284, 1300), (1284, 1360), (1212, 5), (1216, 1 << 20)] {
        assert!(!is_complete(&changed(at, value).path), "{at} {value}");
        assert!(fid::read(&changed(at, value).path).is_err(), "{at} {value}");
    }
    assert_corrupt(&changed(1284, 1300).path, "sections");
    // Beyond the end of the file: not there yet.
    for (at, value) in [(1284, u32::MAX), (1212, u32::MAX), (1324, u32::MAX), (176, 1 << 20)] {
        assert_incomplete(&changed(at, value).path, "bytes");
        assert!(matches!(fid::read(&changed(at, value).path), Err(FidError::TooShort { .. })));
    }
    for points in [0, 1, 1 << 31, u32::MAX] {
        assert_corrupt(&changed(176, points).path, "points");
    }
    assert_corrupt(&changed(240, POINTS as u32).path, "points");
    assert_corrupt(&changed(208, u32::MAX).path, "points");
    // The table of parameters: record size, and a count beyond the section.
    let mut bytes = sound.clone();
    bytes[1360..1364].copy_from_slice(&65u32.to_le_bytes());
    assert_corrupt(&Written::new(&bytes).path, "parameters");
    let mut bytes = sound.clone();
    bytes[1368..1372].copy_from_slice(&u32::MAX.to_le_bytes());
    assert_corrupt(&Written::new(&bytes).path, "parameters");
    // Kinds of numbers and axes that are not read.
    let mut bytes = sound.clone();
    bytes[14] = 0xc1;
    assert_corrupt(&Written::new(&bytes).path, "numbers");
    for (kind, reason) in [(1, "one channel"), (2, "axis of kind 2"), (5, "axis of kind 5")] {
        let mut bytes = sound.clone();
        bytes[24] = kind;
        assert_unsupported(&Written::new(&bytes).path, reason);
    }
    for dimensions in [0, 9, 255] {
        let mut bytes = sound.clone();
        bytes[12] = dimensions;
        assert_corrupt(&Written::new(&bytes).path, "dimensions");
    }
    let mut bytes = sound;
    bytes[33] = 14;
    assert_corrupt(&Written::new(&bytes).path, "data_axis");
}

#[test]
fn senseless_parameters_are_named() {
    for (parameter, name) in [
        (Record::Real("X_FREQ", -1.0, 0, 13), "x_freq"),
        (Record::Real("X_FREQ", 1e300, -7, 13), "x_freq"),
        (Record::Text("X_DOMAIN", ""), "x_domain"),
    ] {
        let file = Jdf::with(parameter).write();
        let mut bytes = fs::read(&file.path).unwrap();
        // Nor does the header know a frequency.
        bytes[1064..1072].fill(0xff);
        fs::write(&file.path, bytes).unwrap();
        assert_corrupt(&file.path, name);
    }
}

#[test]
fn truncated_and_laid_out_files_are_not_yet_there() {
    let sound = Jdf::default().bytes();
    for length in [0, 7, 8, 1359, 1360, 1500, sound.len() / 2, sound.len() - 1] {
        assert_incomplete(&Written::new(&sound[..length]).path, "bytes");
    }
    let mut laid_out = sound.clone();
    let half = laid_out.len() - 9000;
    laid_out[half..].fill(0);
    assert_incomplete(&Written::new(&laid_out).path, "zeros");
    assert_incomplete(&Written::new(&vec![0; sound.len()]).path, "bytes");
}

#[test]
fn points_that_no_receiver_gives_are_refused() {
    for bad in [f64::NAN, f64::INFINITY] {
        let mut values = stored_line(0.1, POINTS, 100.0);
        values[77] = bad;
        let file = Jdf { values, ..Jdf::default() }.write();
        assert!(matches!(fid::read(&file.path), Err(FidError::BadPoints { .. })));
    }
    let file = Jdf { values: vec![0.0; 2 * POINTS], ..Jdf::default() }.write();
    assert_corrupt(&file.path, "zero");
}

#[test]
fn rubbish_pipes_links_and_directories_under_the_vendors_name_are_refused() {
    for bytes in rubbish() {
        assert_corrupt(&Written::new(&bytes).path, "JEOL");
    }
    let file = Jdf::default().write();
    assert_only_plain_files(&file.path, &file.path);
    fs::create_dir(&file.path).unwrap();
    assert_eq!(fid::recognise(&file.path), None);
    assert_eq!(fid::recognise(&file.path.with_file_name("._sample.jdf")), None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Spoilt bytes end in a value or a typed error, cut files never in a status of complete.
    #[test]
    fn spoilt_files_are_survived(at in 0.0..1.0f64, start: bool, byte: u8, cut: bool) {
        let mut bytes = Jdf::default().bytes();
        let index = (at * if start { 2000.0 } else { bytes.len() as f64 }) as usize;
        bytes[index] = byte;
        if cut {
            bytes.truncate(index);
        }
        let file = Written::new(&bytes);
        let inspection = fid::inspect(&file.path).unwrap();
        let _ = fid::read(&file.path);
        let complete = matches!(inspection.status, Status::Complete { .. });
        prop_assert!(!(cut && complete));
    }
}
