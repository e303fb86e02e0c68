//! Files of the test data.

use std::fs;
use std::path::{Path, PathBuf};

use larmor_nmr::fid::{self, Experiment, FidError, Nucleus, Origin, Solvent, Status, Vendor};
use larmor_nmr::spectrum::PeakClass;

use crate::{phase, processed};
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
