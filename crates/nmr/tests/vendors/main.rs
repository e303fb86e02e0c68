//! What reading promises on the formats of other vendors than Bruker.
#![allow(clippy::unwrap_used, clippy::panic)]

mod jeol;
mod magritek;
mod processed;
mod varian;

use std::f64::consts::TAU;
use std::fs;
use std::path::Path;

use larmor_nmr::fid::{self, Fid, FidError, Status};
use larmor_nmr::spectrum::{self, ProcessedSpectrum, ProcessingParameters, ProcessingStep};

fn status(path: &Path) -> Status {
    fid::inspect(path).unwrap().status
}

fn is_complete(path: &Path) -> bool {
    matches!(status(path), Status::Complete { .. })
}

#[track_caller]
fn assert_incomplete(path: &Path, part: &str) {
    match status(path) {
        Status::Incomplete { reason } => assert!(reason.contains(part), "{reason}"),
        other => panic!("{other:?}"),
    }
    assert_eq!(fid::inspect(path).unwrap().digest, None);
}

#[track_caller]
fn assert_unsupported(path: &Path, part: &str) {
    match status(path) {
        Status::Unsupported { reason } => assert!(reason.contains(part), "{reason}"),
        other => panic!("{other:?}"),
    }
}

/// Corrupt, and reading fails with an error that names the place.
#[track_caller]
fn assert_corrupt(path: &Path, part: &str) {
    match status(path) {
        Status::Corrupt { reason } => assert!(reason.contains(part), "{reason}"),
        other => panic!("{other:?}"),
    }
    let error = fid::read(path).unwrap_err();
    let name = path.file_name().unwrap().to_string_lossy();
    assert!(error.to_string().contains(&*name), "{error}");
}

fn processed(fid: &Fid) -> ProcessedSpectrum {
    spectrum::process(fid, &ProcessingParameters::default()).unwrap()
}

/// Zero and first order, and how many lines they rest on.
fn phase(spectrum: &ProcessedSpectrum) -> (f64, f64, usize) {
    let found = spectrum.record.steps.iter().find_map(|step| match step {
        ProcessingStep::Phase { zero_deg, first_deg, lines, .. } => {
            Some((*zero_deg, *first_deg, *lines))
        }
        _ => None,
    });
    found.unwrap()
}

/// The tallest point of a spectrum made without any of the processing, as a share of the sweep
/// width above the carrier: how `Fid::points` are signed.
fn tallest(fid: &Fid) -> f64 {
    let count = fid.points.len();
    let steps = 400;
    let magnitude = |step: i32| {
        let turn = f64::from(step) / f64::from(steps);
        let sum: num_complex::Complex64 = fid
            .points
            .iter()
            .take(count.min(2000))
            .enumerate()
            .map(|(t, point)| {
                point * num_complex::Complex64::from_polar(1.0, -TAU * turn * t as f64)
            })
            .sum();
        sum.norm()
    };
    let best =
        (-steps / 2..steps / 2).max_by(|&a, &b| magnitude(a).total_cmp(&magnitude(b))).unwrap();
    f64::from(best) / f64::from(steps)
}

/// What is no file of any vendor.
fn rubbish() -> Vec<Vec<u8>> {
    let mut noise = Vec::new();
    let mut state = 1u32;
    for _ in 0..5000 {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        noise.push((state >> 24) as u8);
    }
    vec![
        br#"{"points": [1, 2, 3], "nucleus": "1H"}"#.repeat(40),
        [b"PK\x03\x04".as_slice(), &noise].concat(),
        noise,
        vec![0xff; 4000],
        vec![b' '; 4000],
    ]
}

/// Puts a pipe, a link, a device's link and a directory in a file's place and expects each to be
/// refused at once.
fn assert_only_plain_files(dataset: &Path, file: &Path) {
    fs::remove_file(file).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(file).status().unwrap().success());
    assert_corrupt(dataset, "pipe");
    assert!(matches!(fid::read(dataset), Err(FidError::NotPlainFile { .. })));
    for target in ["/dev/zero", "/etc/hostname"] {
        fs::remove_file(file).unwrap();
        std::os::unix::fs::symlink(target, file).unwrap();
        assert_corrupt(dataset, "link");
    }
    fs::remove_file(file).unwrap();
}
