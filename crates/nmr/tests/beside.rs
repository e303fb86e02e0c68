//! The spectra of one tube have one axis.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};

use larmor_fixtures::test_data;
use larmor_nmr::fid;
use larmor_nmr::sample;
use larmor_nmr::spectrum::{ProcessingParameters, ReferenceMethod, Referencing};

const SAMPLE: &str = "nmredata/arborinine_full_assignments/dj_ca_2017_ernestin_EN4";

/// An experiment copied under another number, the spectrometer's zero 2 ppm off.
fn copy(experiment: &str, to: PathBuf) -> PathBuf {
    let from = test_data(SAMPLE).join(experiment);
    fs::create_dir_all(&to).unwrap();
    fs::copy(from.join("fid"), to.join("fid")).unwrap();
    let acqus = fs::read(from.join("acqus")).unwrap();
    let displaced: String = String::from_utf8_lossy(&acqus)
        .lines()
        .map(|line| match line.strip_prefix("##$BF1= ") {
            Some(mhz) => {
                let mhz: f64 = mhz.trim().parse().unwrap();
                format!("##$BF1= {:.9}\n", mhz * (1.0 + 2e-6))
            }
            None => format!("{line}\n"),
        })
        .collect();
    fs::write(to.join("acqus"), displaced).unwrap();
    to
}

fn referencing(dataset: &Path) -> Referencing {
    let fid = fid::read(dataset).unwrap();
    sample::process(dataset, &fid, &ProcessingParameters::default()).unwrap().referencing
}

#[test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
fn a_dept_follows_the_13c_of_its_tube() {
    let folder = tempfile::tempdir().unwrap();
    let dept = copy("12", folder.path().join("12"));
    assert_eq!(referencing(&dept).method, ReferenceMethod::Carrier);
    let carbon = copy("11", folder.path().join("11"));
    let (dept, carbon) = (referencing(&dept), referencing(&carbon));
    assert_eq!((carbon.method, dept.method), (ReferenceMethod::Solvent, ReferenceMethod::Sample));
    assert!((dept.shift_ppm - carbon.shift_ppm).abs() < 0.01, "{dept:?} {carbon:?}");
    assert!((dept.shift_ppm - 2.0).abs() < 0.05, "{dept:?}");
}

#[test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
fn datasets_that_may_be_of_other_tubes_are_not_asked() {
    let folder = tempfile::tempdir().unwrap();
    let dept = copy("12", folder.path().join("12"));
    // Twenty numbers on is the sample after next.
    copy("11", folder.path().join("31"));
    assert_eq!(referencing(&dept).method, ReferenceMethod::Carrier);
    // Without numbers, two of a kind are of two tubes.
    let names = tempfile::tempdir().unwrap();
    let dept = copy("12", names.path().join("dept"));
    copy("11", names.path().join("carbon"));
    assert_eq!(referencing(&dept).method, ReferenceMethod::Sample);
    copy("11", names.path().join("carbon of another"));
    assert_eq!(referencing(&dept).method, ReferenceMethod::Carrier);
}
