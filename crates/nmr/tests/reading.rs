//! What reading promises on real and on hostile datasets.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs;
use std::path::{Path, PathBuf};

use larmor_fixtures::test_data;
use larmor_nmr::fid::{self, Experiment, FidError, Nucleus, Solvent, Status};
use proptest::prelude::*;

const COFFEE: &str = "bruker/coffee/UV1009_M1-1003-1002_6268712_73uEjPg4XR";
const ARBORININE: &str = "nmredata/arborinine_full_assignments/dj_ca_2017_ernestin_EN4";

/// A copy that may be spoilt.
fn copy(of: &Path) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for name in ["fid", "acqus", "audita.txt"] {
        if of.join(name).exists() {
            fs::copy(of.join(name), folder.path().join(name)).unwrap();
        }
    }
    folder
}

fn status(path: &Path) -> Status {
    fid::inspect(path).unwrap().status
}

fn change(path: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(path).unwrap();
    assert!(text.contains(from), "{from}");
    fs::write(path, text.replace(from, to)).unwrap();
}

#[test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
fn every_finished_dataset_is_proven_by_its_hash() {
    let mut seen = 0;
    for entry in walk(&test_data("")) {
        if fid::recognise(&entry).is_none() || !entry.join("fid").exists() {
            continue;
        }
        let inspection = fid::inspect(&entry).unwrap();
        match inspection.status {
            Status::Complete { evidence, halted } => {
                assert_eq!(evidence, "audita.txt: data hash matches", "{}", entry.display());
                assert!(!halted && inspection.vendor_evidence);
                assert_eq!(inspection.digest.unwrap().len(), 64);
                assert!(!fid::read(&entry).unwrap().points.is_empty());
                seen += 1;
            }
            Status::Unsupported { reason } => assert!(reason.contains("19F"), "{reason}"),
            other => panic!("{}: {other:?}", entry.display()),
        }
    }
    assert!(seen >= 20, "{seen}");
}

#[test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
fn queued_two_dimensional_and_other_nuclei_are_told_apart() {
    assert_eq!(
        status(&test_data(COFFEE).join("10")),
        Status::Incomplete { reason: "queued: no fid yet".into() }
    );
    let cosy = fid::inspect(&test_data(ARBORININE).join("13")).unwrap();
    assert!(matches!(cosy.status, Status::Unsupported { .. }));
    assert_eq!(cosy.experiment, Some(Experiment::MultiDimensional));
    assert!(matches!(
        fid::read(&test_data(ARBORININE).join("13")),
        Err(FidError::Unsupported { .. })
    ));
    let fluorine = "nmredata/3,5-Bis(trifluoromethyl)aniline-sym/MP-trifluoromethyl-aniline/11";
    assert!(matches!(status(&test_data(fluorine)), Status::Unsupported { .. }));
}

#[test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
fn headers_become_what_they_mean() {
    let dept = fid::read(&test_data(ARBORININE).join("12")).unwrap();
    assert_eq!((dept.nucleus, dept.experiment), (Nucleus::Carbon, Experiment::Dept(135)));
    assert_eq!(dept.solvent, Some(Solvent::Chloroform));
    assert_eq!(dept.points.len(), 32768);
    assert!((dept.group_delay - 67.98).abs() < 0.01);
    // Big-endian, simultaneous, no GRPDLY.
    let aspirin = fid::read(&test_data("bruker/aspirin-1h/1")).unwrap();
    assert!((aspirin.group_delay - 61.02).abs() < 0.01);
    assert!(aspirin.points.iter().all(|p| p.norm() < 2e6));
    // Base-optimised data build up like any others; an analog filter has no delay.
    assert_eq!(fid::read(&test_data(COFFEE).join("20")).unwrap().group_delay, 76.0);
    assert_eq!(fid::read(&test_data(COFFEE).join("99999")).unwrap().group_delay, 0.0);
}

#[test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
fn half_written_and_laid_out_data_are_incomplete() {
    let folder = copy(&test_data(COFFEE).join("20"));
    let path = folder.path();
    let fid = fs::read(path.join("fid")).unwrap();

    fs::write(path.join("fid"), &fid[..fid.len() / 2]).unwrap();
    assert!(
        matches!(status(path), Status::Incomplete { reason } if reason.contains("131072 of 262144"))
    );
    assert!(matches!(fid::read(path), Err(FidError::TooShort { .. })));

    let mut half = fid.clone();
    half[fid.len() / 2..].fill(0);
    fs::write(path.join("fid"), &half).unwrap();
    assert!(matches!(status(path), Status::Incomplete { reason } if reason.contains("data hash")));
    assert_eq!(fid::inspect(path).unwrap().digest, None);
    fs::remove_file(path.join("audita.txt")).unwrap();
    assert!(matches!(status(path), Status::Incomplete { reason } if reason.contains("zeros")));

    // Without an audit trail whole data count, but only their size says so.
    fs::write(path.join("fid"), &fid).unwrap();
    let inspection = fid::inspect(path).unwrap();
    assert!(matches!(inspection.status, Status::Complete { .. }) && !inspection.vendor_evidence);

    fs::write(path.join("fid"), vec![0; fid.len()]).unwrap();
    assert!(matches!(fid::read(path), Err(FidError::BadPoints { .. })));
}

#[test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
fn padding_behind_the_last_point_is_accepted() {
    let folder = copy(&test_data(COFFEE).join("20"));
    let before = fid::inspect(folder.path()).unwrap();
    let mut fid = fs::read(folder.path().join("fid")).unwrap();
    fid.extend_from_slice(&[0xa5; 777]);
    fs::write(folder.path().join("fid"), fid).unwrap();
    let after = fid::inspect(folder.path()).unwrap();
    assert_eq!((after.status, after.digest), (before.status, before.digest));
}

#[test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
fn the_digest_follows_the_data_not_the_place_or_the_comments() {
    let original = fid::inspect(&test_data(COFFEE).join("20")).unwrap().digest.unwrap();
    let folder = copy(&test_data(COFFEE).join("20"));
    change(&folder.path().join("acqus"), "$$ 2012", "$$ 2022");
    assert_eq!(fid::inspect(folder.path()).unwrap().digest.as_ref(), Some(&original));
    assert_ne!(
        fid::inspect(&test_data(COFFEE).join("21")).unwrap().digest.as_ref(),
        Some(&original)
    );
    change(&folder.path().join("acqus"), "##$SW_h= 8223.68421052631", "##$SW_h= 8000");
    assert_ne!(fid::inspect(folder.path()).unwrap().digest.as_ref(), Some(&original));
}

#[test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
fn halted_acquisitions_are_complete_and_marked() {
    let folder = copy(&test_data(COFFEE).join("20"));
    let halt = "created by zg\n\tterminated by command 'halt'";
    change(&folder.path().join("audita.txt"), "created by zg", halt);
    assert!(matches!(status(folder.path()), Status::Complete { halted: true, .. }));
}

#[test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
fn absurd_headers_end_in_a_reason_before_any_allocation() {
    for td in ["0", "-1", "2147483648", "9223372036854775807"] {
        let folder = copy(&test_data(COFFEE).join("20"));
        change(&folder.path().join("acqus"), "##$TD= 65536", &format!("##$TD= {td}"));
        assert!(
            matches!(status(folder.path()), Status::Corrupt { reason } if reason.contains("TD"))
        );
        assert!(matches!(fid::read(folder.path()), Err(FidError::Parameter { .. })));
    }
    let folder = copy(&test_data(COFFEE).join("20"));
    change(&folder.path().join("acqus"), "##$TD= 65536", "##$TD= 16777216");
    assert!(matches!(fid::read(folder.path()), Err(FidError::TooShort { .. })));
}

#[test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
fn a_header_cut_off_means_not_yet() {
    let folder = copy(&test_data(COFFEE).join("20"));
    let acqus = fs::read(folder.path().join("acqus")).unwrap();
    fs::write(folder.path().join("acqus"), &acqus[..acqus.len() / 2]).unwrap();
    assert!(matches!(status(folder.path()), Status::Incomplete { .. }));
    assert!(matches!(fid::read(folder.path()), Err(FidError::ParametersCutOff { .. })));
}

#[test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
fn pipes_links_and_directories_named_fid_are_refused_at_once() {
    let folder = copy(&test_data(COFFEE).join("20"));
    let fid = folder.path().join("fid");
    fs::remove_file(&fid).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(&fid).status().unwrap().success());
    assert!(matches!(status(folder.path()), Status::Corrupt { reason } if reason.contains("pipe")));
    assert!(matches!(fid::read(folder.path()), Err(FidError::NotPlainFile { .. })));
    fs::remove_file(&fid).unwrap();
    std::os::unix::fs::symlink("/dev/zero", &fid).unwrap();
    assert!(matches!(status(folder.path()), Status::Corrupt { reason } if reason.contains("link")));
    fs::remove_file(&fid).unwrap();
    fs::create_dir(&fid).unwrap();
    assert!(matches!(status(folder.path()), Status::Corrupt { .. }));
}

#[test]
fn what_is_gone_or_no_dataset_is_an_error_with_the_path() {
    let folder = tempfile::tempdir().unwrap();
    assert!(matches!(fid::inspect(folder.path()), Err(FidError::NotADataset { .. })));
    let gone = folder.path().join("gone");
    let error = fid::inspect(&gone).unwrap_err();
    assert!(error.is_missing() && error.to_string().contains("gone"));
}

#[test]
fn floating_point_data_are_read_both_ways_round_and_checked() {
    for (order, big) in [(0, false), (1, true)] {
        let folder = tempfile::tempdir().unwrap();
        let acqus = format!(
            "##$TD= 8\n##$DTYPA= 2\n##$BYTORDA= {order}\n##$SFO1= 400.13\n##$SW_h= 8000\n\
             ##$NUC1= <1H>\n##$AQ_mod= 3\n##END=\n"
        );
        fs::write(folder.path().join("acqus"), acqus).unwrap();
        let write = |values: &[f64]| {
            let bytes: Vec<u8> = values
                .iter()
                .flat_map(|v| if big { v.to_be_bytes() } else { v.to_le_bytes() })
                .collect();
            fs::write(folder.path().join("fid"), bytes).unwrap();
        };
        write(&[1.5, -2.5, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]);
        let read = fid::read(folder.path()).unwrap();
        assert_eq!((read.points[0].re, read.points[0].im), (1.5, -2.5));
        write(&[1.5, f64::NAN, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]);
        assert!(matches!(fid::read(folder.path()), Err(FidError::BadPoints { .. })));
        write(&[1.5, f64::INFINITY, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]);
        assert!(matches!(fid::read(folder.path()), Err(FidError::BadPoints { .. })));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Spoilt bytes end in a value or a typed error, and never in a status of complete.
    #[test]
    #[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
    fn spoilt_datasets_are_never_complete(at in 0.0..1.0f64, bit in 0u8..8, in_header: bool, cut: bool) {
        let folder = copy(&test_data(COFFEE).join("20"));
        let path = folder.path().join(if in_header { "acqus" } else { "fid" });
        let mut bytes = fs::read(&path).unwrap();
        let index = (at * bytes.len() as f64) as usize;
        bytes[index] ^= 1 << bit;
        if cut {
            bytes.truncate(index);
        }
        fs::write(&path, bytes).unwrap();
        let inspection = fid::inspect(folder.path()).unwrap();
        let _ = fid::read(folder.path());
        if !in_header {
            let incomplete = matches!(inspection.status, Status::Incomplete { .. });
            prop_assert!(incomplete);
        }
    }
}

fn walk(root: &Path) -> Vec<PathBuf> {
    let mut found = vec![root.to_owned()];
    let mut next = 0;
    while next < found.len() {
        let entries = fs::read_dir(&found[next]).unwrap().map(|e| e.unwrap().path());
        found.extend(entries.filter(|p| p.is_dir()));
        next += 1;
    }
    found
}
