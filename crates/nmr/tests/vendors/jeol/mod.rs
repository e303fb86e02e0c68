//! JEOL Delta files: all those of the test data, and files written here after the format's
//! description.

use std::fs;
use std::path::{Path, PathBuf};

use larmor_nmr::fid::{self, Experiment, FidError, Nucleus, Origin, Solvent, Status, Vendor};
use larmor_nmr::spectrum::PeakClass;
use proptest::prelude::*;

use super::{
    assert_corrupt, assert_incomplete, assert_only_plain_files, assert_unsupported, is_complete,
    phase, processed, rubbish, status, tallest,
};
use larmor_fixtures::instruments::stored_line;
use larmor_fixtures::test_data;

const RUTIN_H: &str = "jeol/Rutin_3080ug200uL_DMSOd6_qHNMR_400MHz_Jeol.jdf";
const RUTIN_C: &str = "jeol/Rutin_3080ug200uL_DMSOd6_13CNMR_400MHz_Jeol.jdf";
const RESVERATROL: &str = "jeol/Resveratrol1_11280u600u_MeOD.jdf";

fn all() -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(test_data("jeol"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| fid::recognise(path) == Some(Vendor::Jeol))
        .collect();
    files.sort();
    files
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

#[test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
fn each_of_38_files_is_opened_or_refused_for_the_right_reason() {
    let files = all();
    assert_eq!(files.len(), 38);
    let (mut protons, mut carbons, mut planes, mut others, mut halted) = (0, 0, 0, 0, 0);
    for path in &files {
        let name = name(path);
        let inspection = fid::inspect(path).unwrap();
        let read = fid::read(path);
        match inspection.status {
            Status::Complete { evidence, halted: early } => {
                assert!(evidence.starts_with("end_time is written"), "{name}: {evidence}");
                assert!(inspection.vendor_evidence && inspection.digest.unwrap().len() == 64);
                let fid = read.unwrap();
                assert_eq!(Some(&fid.nucleus), inspection.nucleus.as_ref(), "{name}");
                assert_eq!(fid.experiment, Experiment::Plain);
                assert!(!fid.title.is_empty() && !fid.pulse_program.is_empty(), "{name}");
                assert!(fid.solvent.is_some() && fid.scans.is_some(), "{name}");
                assert_eq!(early, fid.scans != Some(planned(&fid.scans, &evidence)), "{name}");
                match fid.nucleus {
                    Nucleus::Proton => protons += 1,
                    _ => carbons += 1,
                }
                halted += usize::from(early);
            }
            Status::Unsupported { reason } if name.contains("fluorine") => {
                assert_eq!(reason, "nucleus 19F; 1H and 13C are processed");
                others += 1;
            }
            Status::Unsupported { reason } if name.contains("phosphorus") => {
                assert_eq!(reason, "nucleus 31P; 1H and 13C are processed");
                others += 1;
            }
            Status::Unsupported { reason } => {
                assert_eq!(reason, "two or more dimensions", "{name}");
                assert!(["HSQC", "HMBC", "COSY"].iter().any(|kind| name.contains(kind)), "{name}");
                assert_eq!(inspection.experiment, Some(Experiment::MultiDimensional));
                assert!(matches!(read, Err(FidError::Unsupported { .. })), "{name}");
                planes += 1;
            }
            other => panic!("{name}: {other:?}"),
        }
    }
    assert_eq!((protons, carbons, planes, others), (12, 12, 12, 2));
    // Stopped by hand after 1097 of 2500, 1529 of 14336, and 20438 of 20480 scans.
    assert_eq!(halted, 3);
}

/// Scans the evidence says were asked for.
fn planned(scans: &Option<u32>, evidence: &str) -> u32 {
    match evidence.split_once(" of ") {
        Some((_, rest)) => rest.split(' ').next().unwrap().parse().unwrap(),
        None => scans.unwrap(),
    }
}

#[test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
fn headers_become_what_they_mean() {
    let fid = fid::read(&test_data(RUTIN_C)).unwrap();
    assert_eq!((&fid.nucleus, fid.origin), (&Nucleus::Carbon, Origin::Acquired));
    assert_eq!(fid.solvent, Some(Solvent::DimethylSulfoxide));
    assert_eq!((fid.points.len(), fid.scans), (32768, Some(4096)));
    assert_eq!((fid.title.as_str(), fid.temperature_k), ("Rutin_RUTI01_3080u200u", Some(298.15)));
    assert_eq!(fid.pulse_program, "carbon.jxp");
    assert!((fid.sweep_width_hz - 31_565.66).abs() < 0.01);
    // The carrier stands at 100 ppm.
    assert!(((fid.carrier_mhz / fid.reference_mhz - 1.0) * 1e6 - 100.0).abs() < 1e-6);
    // 19.66 points of filter, less 20.85 us of delay and half a 30 degree pulse of 3.86 us.
    assert!((fid.group_delay - 18.936).abs() < 0.002, "{}", fid.group_delay);
}

#[test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
fn with_the_delay_undone_little_first_order_phase_is_left() {
    let mut seen = 0;
    for path in all() {
        let Ok(fid) = fid::read(&path) else { continue };
        if fid.origin == Origin::Spectrum || matches!(fid.nucleus, Nucleus::Other(_)) {
            continue;
        }
        let (_, first, lines) = phase(&processed(&fid));
        // Fewer lines do not determine a slope.
        if lines >= 15 {
            // A tenth of a point of delay; the receiver's dead time forgotten makes two points.
            assert!(first.abs() < 36.0, "{}: {first} from {lines} lines", name(&path));
            seen += 1;
        }
    }
    assert!(seen >= 18, "{seen}");
}

#[test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
fn known_lines_stand_where_they_belong() {
    // Rutin in DMSO-d6: its 27 carbons as published, less two that do not rise out of the noise
    // here (101.2 and 67.0).
    let spectrum = processed(&fid::read(&test_data(RUTIN_C)).unwrap());
    assert_eq!(spectrum.solvent, Some(Solvent::DimethylSulfoxide));
    assert!(spectrum.referencing.shift_ppm.abs() < 1.0);
    let compound: Vec<f64> = spectrum
        .peaks
        .iter()
        .filter(|peak| peak.class == PeakClass::Compound)
        .map(|peak| peak.ppm)
        .collect();
    for carbon in [
        177.4, 164.1, 161.2, 156.6, 156.4, 148.4, 144.8, 133.3, 121.6, 121.2, 116.3, 115.2, 104.0,
        100.8, 98.7, 93.6, 76.5, 75.9, 74.1, 71.9, 70.6, 70.4, 70.0, 68.3, 17.8,
    ] {
        let found = compound.iter().any(|ppm| (ppm - carbon).abs() < 0.3);
        assert!(found, "no {carbon} in {compound:?}");
    }
    // Resveratrol in CD3OD: H-2/6 of the one ring, H-2'/6' of the other.
    let spectrum = processed(&fid::read(&test_data(RESVERATROL)).unwrap());
    assert_eq!(spectrum.solvent, Some(Solvent::Methanol));
    for proton in [6.16, 6.45, 6.77, 6.95, 7.35] {
        let found = spectrum.peaks.iter().any(|peak| (peak.ppm - proton).abs() < 0.02);
        assert!(found, "no {proton}");
    }
    let spectrum = processed(&fid::read(&test_data(RUTIN_H)).unwrap());
    for proton in [6.19, 6.39, 6.84, 12.6] {
        let found = spectrum.peaks.iter().any(|peak| (peak.ppm - proton).abs() < 0.03);
        assert!(found, "no {proton}");
    }
}

/// One measurement is kept both as signal and as the spectrum that Delta made of it.
#[test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
fn a_spectrum_gives_the_same_lines_as_the_signal_it_was_made_of() {
    let signal = fid::read(&test_data("jeol/PM032220_3000U200U_Bin_180218_qH-1-1.jdf")).unwrap();
    let made = fid::read(&test_data("jeol/PM032220_3000U200U_Bin_180218_qH-1-4.jdf")).unwrap();
    assert_eq!((signal.origin, made.origin), (Origin::Acquired, Origin::Spectrum));
    assert_eq!(made.group_delay, 0.0);
    let (signal, made) = (processed(&signal), processed(&made));
    let strong: Vec<_> = signal.peaks.iter().filter(|peak| peak.intensity > 0.05).collect();
    assert!(strong.len() >= 10, "{}", strong.len());
    for peak in strong {
        let found = made.peaks.iter().any(|other| (other.ppm - peak.ppm).abs() < 0.004);
        assert!(found, "no {}", peak.ppm);
    }
}

const POINTS: usize = 2048;

/// What may differ between the files below.
struct Jdf {
    little_endian: bool,
    single: bool,
    mirrored: bool,
    parameters: Vec<Record>,
    values: Vec<f64>,
}

enum Record {
    Text(&'static str, &'static str),
    Count(&'static str, i32),
    /// Name, value, power of 1000 of the prefix, unit.
    Real(&'static str, f64, i8, u8),
}

impl Default for Jdf {
    fn default() -> Self {
        Self {
            little_endian: true,
            single: false,
            mirrored: false,
            parameters: vec![
                Record::Text("X_DOMAIN", "Proton"),
                Record::Real("X_FREQ", 400.0, -2, 13),
                Record::Real("X_OFFSET", 5.0, 0, 26),
                Record::Count("SCANS", 8),
                Record::Count("TOTAL_SCANS", 8),
                Record::Real("end_time", 1e9, 0, 28),
                Record::Text("experiment", "single_pulse.jxp"),
                Record::Text("solvent", "CHLOROFORM-D"),
                Record::Real("temp_get", 25.0, 0, 4),
            ],
            values: stored_line(0.125, POINTS, 100.0),
        }
    }
}

impl Jdf {
    fn with(parameter: Record) -> Self {
        let mut file = Self::default();
        let named = |record: &Record| match record {
            Record::Text(name, _) | Record::Count(name, _) | Record::Real(name, ..) => *name,
        };
        file.parameters.retain(|other| named(other) != named(&parameter));
        file.parameters.push(parameter);
        file
    }

    fn without(name: &str) -> Self {
        let mut file = Self::default();
        file.parameters.retain(|record| match record {
            Record::Text(other, _) | Record::Count(other, _) | Record::Real(other, ..) => {
                *other != name
            }
        });
        file
    }

    fn bytes(&self) -> Vec<u8> {
        let points = self.values.len() / 2;
        let width = if self.single { 4 } else { 8 };
        let mut file = vec![0u8; 1360];
        let mut put = |at: usize, big: &[u8]| {
            let mut field = big.to_vec();
            if self.mirrored {
                field.reverse();
            }
            file[at..at + field.len()].copy_from_slice(&field);
        };
        let parameter_bytes = 16 + 64 * self.parameters.len();
        let data_start = 1360 + parameter_bytes;
        put(0, b"JEOL.NMR");
        put(8, &[u8::from(self.little_endian)]);
        put(12, &[1]);
        put(14, &[if self.single { 0x41 } else { 0x01 }]);
        put(24, &[3]);
        put(32, &[0x01]);
        put(33, &[28]);
        put(176, &(points as u32).to_be_bytes());
        put(240, &(points as u32 - 1).to_be_bytes());
        put(336, &((points - 1) as f64 / 8000.0).to_be_bytes());
        put(1064, &400f64.to_be_bytes());
        put(1212, &1360u32.to_be_bytes());
        put(1216, &(parameter_bytes as u32).to_be_bytes());
        put(1284, &(data_start as u32).to_be_bytes());
        put(1288, &((2 * points * width) as u64).to_be_bytes());
        file[48..53].copy_from_slice(b"title");

        let order = |mut big: Vec<u8>| {
            if self.little_endian {
                big.reverse();
            }
            big
        };
        for word in [64, 0, self.parameters.len() as u32 - 1, parameter_bytes as u32 - 16] {
            file.extend(order(word.to_be_bytes().to_vec()));
        }
        for record in &self.parameters {
            let mut bytes = vec![0u8; 64];
            let (name, value, kind) = match record {
                Record::Text(name, text) => (name, format!("{text:16}").into_bytes(), 0i32),
                Record::Count(name, count) => (name, order(count.to_be_bytes().to_vec()), 1),
                Record::Real(name, value, prefix, unit) => {
                    bytes[6] = ((prefix << 4) | 1) as u8;
                    bytes[7] = *unit;
                    (name, order(value.to_be_bytes().to_vec()), 2)
                }
            };
            bytes[16..16 + value.len()].copy_from_slice(&value);
            bytes[32..36].copy_from_slice(&order(kind.to_be_bytes().to_vec()));
            bytes[36..36 + name.len()].copy_from_slice(name.as_bytes());
            file.extend(bytes);
        }
        for part in [0, 1] {
            for value in self.values.iter().skip(part).step_by(2) {
                file.extend(order(if self.single {
                    (*value as f32).to_be_bytes().to_vec()
                } else {
                    value.to_be_bytes().to_vec()
                }));
            }
        }
        file
    }

    fn write(&self) -> Written {
        Written::new(&self.bytes())
    }
}

struct Written {
    _folder: tempfile::TempDir,
    path: PathBuf,
}

impl Written {
    fn new(bytes: &[u8]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sample.JDF");
        fs::write(&path, bytes).unwrap();
        Self { _folder: folder, path }
    }
}

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
