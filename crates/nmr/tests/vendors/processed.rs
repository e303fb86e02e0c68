//! What TopSpin leaves in `pdata`: beside a FID, and where nothing else was kept.

use std::fs;
use std::path::Path;

use larmor_nmr::fid::{self, Nucleus, Origin, Status, Vendor};
use larmor_nmr::spectrum::{self, ProcessingParameters};
use proptest::prelude::*;

const POINTS: usize = 16_384;
const SF: f64 = 400.130_02;
/// Shift of the first point, ppm, and width, Hz.
const OFFSET: f64 = 11.0;
const WIDTH: f64 = 12.0 * SF;
const LINES: [f64; 3] = [1.234, 3.456, 7.26];

fn real() -> Vec<f64> {
    let line = |ppm: f64, at: f64| 1e6 / (1.0 + ((ppm - at) / 0.002).powi(2));
    (0..POINTS)
        .map(|i| {
            let ppm = OFFSET - 12.0 * i as f64 / POINTS as f64;
            let noise = 300.0 * ((i as f64 * 12.9898).sin() * 43_758.545_3).fract();
            LINES.iter().map(|&at| line(ppm, at)).sum::<f64>() + noise
        })
        .collect()
}

fn procs(changes: &str) -> String {
    format!(
        "{changes}\n##$SI= {POINTS}\n##$OFFSET= {OFFSET}\n##$SW_p= {WIDTH}\n##$SF= {SF}\n\
         ##$NC_proc= 1\n##$AXNUC= <1H>\n##END=\n"
    )
}

/// Writes a processing; `encode` makes a value's bytes.
fn write<const N: usize>(dataset: &Path, procs: &str, encode: impl Fn(f64) -> [u8; N]) {
    let folder = dataset.join("pdata/1");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("procs"), procs).unwrap();
    let bytes: Vec<u8> = real().into_iter().flat_map(|value| encode(value / 2.0)).collect();
    fs::write(folder.join("1r"), bytes).unwrap();
}

fn whole(dataset: &Path) {
    write(dataset, &procs(""), |value| (value as i32).to_le_bytes());
}

#[test]
fn a_spectrum_without_fid_is_a_dataset_with_or_without_acqus() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(fid::recognise(folder.path()), None);
    whole(folder.path());
    assert_eq!(fid::recognise(folder.path()), Some(Vendor::Bruker));
    for acqus in [None, Some("##$SOLVENT= <CDCl3>\n##$NUC1= <1H>\n##$BF1= 400.13\n##END=\n")] {
        if let Some(acqus) = acqus {
            fs::write(folder.path().join("acqus"), acqus).unwrap();
        }
        let inspection = fid::inspect(folder.path()).unwrap();
        assert!(matches!(inspection.status, Status::Complete { .. }), "{inspection:?}");
        assert!(!inspection.vendor_evidence && inspection.digest.is_some());
        assert_eq!(inspection.nucleus, Some(Nucleus::Proton));
        let read = fid::read(folder.path()).unwrap();
        assert_eq!(read.origin, Origin::Spectrum);
        assert_eq!(read.calibrated_mhz, Some(SF));
        let made = spectrum::process(&read, &ProcessingParameters::default()).unwrap();
        for at in LINES {
            let shift = made.referencing.shift_ppm;
            assert!(
                made.peaks.iter().any(|peak| (peak.ppm - shift - at).abs() < 5e-4),
                "{at}: {:?}",
                made.peaks
            );
        }
    }
}

#[test]
fn every_form_of_number_gives_the_same_spectrum() {
    let spectrum = |folder: &Path| fid::vendor_spectrum(folder, &Nucleus::Proton).unwrap().unwrap();
    let folder = tempfile::tempdir().unwrap();
    whole(folder.path());
    let little = spectrum(folder.path());
    assert!((little.first_ppm + 12.0 * (POINTS - 1) as f64 / POINTS as f64 - OFFSET).abs() < 1e-9);
    assert_eq!(little.reference_mhz, Some(SF));
    write(folder.path(), &procs("##$BYTORDP= 1"), |value| (value as i32).to_be_bytes());
    assert_eq!(spectrum(folder.path()).real, little.real);
    write(folder.path(), &procs("##$DTYPP= 2"), |value| value.trunc().to_le_bytes());
    assert_eq!(spectrum(folder.path()).real, little.real);
}

#[test]
fn a_spectrum_half_written_or_beside_a_running_acquisition_is_not_taken() {
    let folder = tempfile::tempdir().unwrap();
    whole(folder.path());
    let points = folder.path().join("pdata/1/1r");
    let bytes = fs::read(&points).unwrap();
    let incomplete = || {
        let status = fid::inspect(folder.path()).unwrap().status;
        assert!(matches!(status, Status::Incomplete { .. }), "{status:?}");
    };
    fs::write(&points, &bytes[..bytes.len() / 2]).unwrap();
    incomplete();
    fs::write(&points, &bytes).unwrap();
    let cut = procs("").replace("##END=", "");
    fs::write(folder.path().join("pdata/1/procs"), cut).unwrap();
    incomplete();
    // Queued: nothing but a header.
    fs::remove_dir_all(folder.path().join("pdata")).unwrap();
    fs::write(folder.path().join("acqus"), "##$DATE= 0\n##END=\n").unwrap();
    incomplete();
}

#[test]
fn a_spectrum_whose_fid_may_be_to_come_is_incomplete() {
    let folder = tempfile::tempdir().unwrap();
    whole(folder.path());
    for acqus in ["##$DATE= 0\n##END=\n", "##$DATE= 1700000000\n##$BF1= 400", ""] {
        fs::write(folder.path().join("acqus"), acqus).unwrap();
        let status = fid::inspect(folder.path()).unwrap().status;
        assert!(matches!(status, Status::Incomplete { .. }), "{acqus}: {status:?}");
    }
    fs::write(folder.path().join("acqus"), "##$DATE= 1700000000\n##END=\n").unwrap();
    let status = fid::inspect(folder.path()).unwrap().status;
    assert!(matches!(status, Status::Complete { .. }), "{status:?}");
}

#[test]
fn a_spectrum_is_read_with_the_calibration_of_its_own_processing() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join("pdata").join(name);
    whole(folder.path());
    fs::create_dir(at("0")).unwrap();
    fs::write(at("0/procs"), procs("##$SF= 400.131")).unwrap();
    fs::write(folder.path().join("acqus"), "##$BF1= 400.13\n##END=\n").unwrap();
    let read = fid::read(folder.path()).unwrap();
    assert_eq!((read.reference_mhz, read.calibrated_mhz), (SF, Some(SF)));
    // Nobody calibrated.
    fs::write(at("1/procs"), procs("##$SF= 400.13")).unwrap();
    assert_eq!(fid::read(folder.path()).unwrap().calibrated_mhz, None);
}

#[test]
fn an_axis_that_was_moved_by_its_first_point_is_a_calibration() {
    let folder = tempfile::tempdir().unwrap();
    let with = |offset: f64| {
        let carrier = 400.13 * (1.0 + 5.0 / 1e6);
        let acqus = format!(
            "##$TD= 32\n##$SW_h= 4800\n##$SFO1= {carrier}\n##$BF1= 400.13\n##$NUC1= <1H>\n\
             ##$AQ_mod= 1\n##$DECIM= 1\n##$DSPFVS= 0\n##$GRPDLY= 0\n##$BYTORDA= 0\n##$DTYPA= 0\n##END=\n"
        );
        fs::write(folder.path().join("acqus"), acqus).unwrap();
        let values = (0..32i32).flat_map(|k| (k * 100 + 7).to_le_bytes()).collect::<Vec<u8>>();
        fs::write(folder.path().join("fid"), values).unwrap();
        let lines = format!(
            "##$SI= 16\n##$OFFSET= {offset}\n##$SW_p= 4800\n##$SF= 400.13\n##$NC_proc= 0\n##END=\n"
        );
        fs::create_dir_all(folder.path().join("pdata/1")).unwrap();
        fs::write(folder.path().join("pdata/1/procs"), lines).unwrap();
        fid::read(folder.path()).unwrap().calibrated_mhz
    };
    let first = 5.0 + 2400.0 / 400.13;
    assert_eq!(with(first), None);
    let moved = with(first + 0.03).unwrap();
    assert!(((moved / 400.13 - 1.0) * 1e6 + 0.03).abs() < 1e-3, "{moved}");
}

#[test]
fn names_in_capital_letters_are_the_vendors_names_here_too() {
    let folder = tempfile::tempdir().unwrap();
    whole(folder.path());
    let before = fid::read(folder.path()).unwrap();
    for name in ["pdata/1/procs", "pdata/1/1r", "pdata"] {
        let (parent, own) = name.rsplit_once('/').unwrap_or(("", name));
        let capital = folder.path().join(parent).join(own.to_ascii_uppercase());
        fs::rename(folder.path().join(name), capital).unwrap();
    }
    assert_eq!(fid::recognise(folder.path()), Some(Vendor::Bruker));
    let after = fid::read(folder.path()).unwrap();
    assert_eq!((after.points, after.calibrated_mhz), (before.points, before.calibrated_mhz));
}

#[test]
fn only_a_fid_that_is_not_there_was_not_kept() {
    let folder = tempfile::tempdir().unwrap();
    whole(folder.path());
    let fid = folder.path().join("fid");
    // A link that leads nowhere: it may lead somewhere tomorrow.
    std::os::unix::fs::symlink("elsewhere", &fid).unwrap();
    assert_eq!(fid::recognise(folder.path()), None);
    fs::remove_file(&fid).unwrap();
    // An old disk's spelling.
    fs::write(folder.path().join("FID"), "").unwrap();
    assert_eq!(fid::recognise(folder.path()), None);
    fs::write(folder.path().join("acqus"), "##$DATE= 1\n##END=\n").unwrap();
    let status = fid::inspect(folder.path()).unwrap().status;
    assert!(!matches!(status, Status::Complete { .. }), "{status:?}");
}

#[test]
fn what_is_no_spectrum_with_signs_in_one_dimension_is_unsupported() {
    for (procs_of, file, reason) in [
        ("", "acqu2s", "two or more dimensions (acqu2s)"),
        ("", "pdata/1/2rr", "two or more dimensions (2rr)"),
        ("##$PH_mod= 2", "", "a magnitude spectrum: its lines have neither sign nor shape"),
        ("##$PH_mod= 3", "", "a power spectrum: its lines have neither sign nor shape"),
        (
            "##$FT_mod= 0\n##$AXUNIT= <s>",
            "",
            "the signal itself in place of its spectrum (FT_mod 0)",
        ),
    ] {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), &procs(procs_of), |value| (value as i32).to_le_bytes());
        if !file.is_empty() {
            fs::write(folder.path().join(file), "").unwrap();
        }
        let inspection = fid::inspect(folder.path()).unwrap();
        assert_eq!(inspection.status, Status::Unsupported { reason: reason.into() });
        assert_eq!(inspection.digest, None);
    }
    for procs_of in ["##$PH_mod= 0", "##$PH_mod= 1\n##$FT_mod= 6", "##$FT_mod= 0\n##$AXUNIT= <>"] {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), &procs(procs_of), |value| (value as i32).to_le_bytes());
        let status = fid::inspect(folder.path()).unwrap().status;
        assert!(matches!(status, Status::Complete { .. }), "{procs_of}: {status:?}");
    }
}

#[test]
fn absurd_parameters_end_in_a_reason() {
    for (change, name) in [
        ("##$SI= 0", "SI"),
        ("##$SI= 2147483648", "SI"),
        ("##$SF= nan", "SF"),
        ("##$OFFSET= 1e9", "OFFSET"),
        ("##$SW_p= -1", "SW_p"),
        ("##$DTYPP= 7", "DTYPP"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), &procs(change), |value| (value as i32).to_le_bytes());
        let status = fid::inspect(folder.path()).unwrap().status;
        assert!(
            matches!(&status, Status::Corrupt { reason } if reason.contains(name)),
            "{change}: {status:?}"
        );
    }
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &procs("##$SI= 16777216"), |value| (value as i32).to_le_bytes());
    let status = fid::inspect(folder.path()).unwrap().status;
    assert!(matches!(status, Status::Incomplete { .. }), "{status:?}");
}

/// Frequency of the first point of the spectrum, MHz.
const HIGH_MHZ: f64 = SF * (1.0 + OFFSET / 1e6);

/// A FID of one line `above` Hz over the carrier.
fn write_fid(dataset: &Path, acqus: &str, above: f64) {
    fs::create_dir_all(dataset).unwrap();
    let acqus = format!(
        "{acqus}\n##$TD= 16384\n##$SFO1= {}\n##$BF1= 400.13\n##$SW_h= 4800\n\
         ##$NUC1= <1H>\n##$AQ_mod= 1\n##END=\n",
        HIGH_MHZ - 2400e-6
    );
    fs::write(dataset.join("acqus"), acqus).unwrap();
    let values = (0..8192).flat_map(|k| {
        let seconds = f64::from(k) / 4800.0;
        let turns = std::f64::consts::TAU * above * seconds;
        let height = 1e6 * (-seconds / 0.3).exp();
        [height * turns.cos(), height * turns.sin()]
    });
    let bytes: Vec<u8> = values.flat_map(|value| (value as i32).to_le_bytes()).collect();
    fs::write(dataset.join("fid"), bytes).unwrap();
}

#[test]
fn a_fid_with_a_spectrum_beside_it_is_one_dataset_with_its_calibration() {
    let folder = tempfile::tempdir().unwrap();
    write_fid(folder.path(), "", 500.0);
    let alone = fid::inspect(folder.path()).unwrap();
    assert_eq!(fid::read(folder.path()).unwrap().calibrated_mhz, None);
    assert_eq!(fid::vendor_spectrum(folder.path(), &Nucleus::Proton).unwrap(), None);
    whole(folder.path());
    let read = fid::read(folder.path()).unwrap();
    assert_eq!((read.origin, read.calibrated_mhz), (Origin::Acquired, Some(SF)));
    // What is calibrated afterwards changes nothing of what was acquired.
    assert_eq!(fid::inspect(folder.path()).unwrap().digest, alone.digest);
    // Not calibrated, or the calibration of something else.
    for mhz in ["400.13", "100.6", "nan"] {
        let offset = (HIGH_MHZ / 400.13 - 1.0) * 1e6;
        let text = procs(&format!("##$SF= {mhz}\n##$OFFSET= {offset}"));
        fs::write(folder.path().join("pdata/1/procs"), text).unwrap();
        assert_eq!(fid::read(folder.path()).unwrap().calibrated_mhz, None, "{mhz}");
    }
    // Moved by its first point, and a processing of another width that was copied.
    for (width, moved) in [("4800", true), ("8000", false)] {
        let text = procs(&format!("##$SF= 400.13\n##$OFFSET= 12.5\n##$SW_p= {width}"));
        fs::write(folder.path().join("pdata/1/procs"), text).unwrap();
        let calibrated = fid::read(folder.path()).unwrap().calibrated_mhz;
        assert_eq!(calibrated.is_some(), moved, "{width}");
    }
}

#[test]
fn data_converted_from_a_varian_turn_the_other_way_round() {
    let folder = tempfile::tempdir().unwrap();
    let [own, converted] = ["own", "converted"].map(|name| folder.path().join(name));
    write_fid(&own, "##$INSTRUM= <spect>", 500.0);
    write_fid(&converted, "##$INSTRUM= <varian>", -500.0);
    let [own, converted] = [own, converted].map(|path| fid::read(&path).unwrap().points);
    assert!(own.iter().zip(&converted).all(|(a, b)| (a - b).norm() <= 2.0));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn spoilt_processings_end_in_a_value_or_an_error(at in 0.0..1.0f64, bit in 0u8..8, cut: bool) {
        let folder = tempfile::tempdir().unwrap();
        whole(folder.path());
        let path = folder.path().join("pdata/1/procs");
        let mut bytes = fs::read(&path).unwrap();
        let index = (at * bytes.len() as f64) as usize;
        bytes[index] ^= 1 << bit;
        if cut {
            bytes.truncate(index);
        }
        fs::write(&path, bytes).unwrap();
        let _ = fid::inspect(folder.path());
        let _ = fid::read(folder.path());
        let _ = fid::vendor_spectrum(folder.path(), &Nucleus::Proton);
    }
}

#[test]
fn the_first_processing_that_there_is_is_read_and_watched() {
    let folder = tempfile::tempdir().unwrap();
    whole(folder.path());
    fs::rename(folder.path().join("pdata/1"), folder.path().join("pdata/10")).unwrap();
    assert_eq!(fid::recognise(folder.path()), Some(Vendor::Bruker));
    let inspection = fid::inspect(folder.path()).unwrap();
    assert!(matches!(inspection.status, Status::Complete { .. }), "{inspection:?}");
    assert!(fid::evidence_files(folder.path()).contains(&folder.path().join("pdata/10/1r")));
}
