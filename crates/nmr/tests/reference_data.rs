//! Raw data of known compounds, every carbon of which is known: how much of it processing finds.
//!
//! The data are not part of the project. `LARMOR_REFERENCE_DATA` names the folder that holds
//! `fid/ground_truth.json` and `fid/<CAS>/*.fid.dx.gz`; without it these tests are ignored.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use larmor_nmr::fid::{self, Beside, Experiment, Nucleus, Origin, Solvent, Status};
use larmor_nmr::spectrum::{
    self, PeakClass, ProcessedSpectrum, ProcessingParameters, ReferenceMethod,
};
use larmor_nmr::structure::StructureFormat;

/// 13C: a line this near a carbon's shift is that carbon's, ppm.
const CARBON_TOLERANCE: f64 = 0.3;
/// 1H: a compound line this near a shift shows it, ppm.
const PROTON_TOLERANCE: f64 = 0.05;
/// How far the axes of truth and spectrum may lie apart before they are compared, ppm: the
/// truth's was often left as the spectrometer had it.
const MOST_OFFSET: f64 = 2.0;

/// The bar every 13C, APT and DEPTQ file is held to.
const RECALL: f64 = 1.0;
const PRECISION: f64 = 0.95;

/// Files that miss the bar so far, and why.
const SHORT_OF_THE_BAR: [(&str, &str); 1] =
    [("623-70-1/13c", "the truth's shifts scatter by 0.69 ppm against any axis")];

struct Compound {
    cas: String,
    carbons: Vec<f64>,
    protons: Vec<f64>,
    files: Vec<String>,
}

/// The folder, and what is known of its compounds.
fn reference() -> (PathBuf, Vec<Compound>) {
    let folder = std::env::var_os("LARMOR_REFERENCE_DATA").unwrap();
    let folder = PathBuf::from(folder).join("fid");
    let text = fs::read_to_string(folder.join("ground_truth.json")).unwrap();
    let truth: serde_json::Value = serde_json::from_str(&text).unwrap();
    let compounds = truth.as_array().unwrap().iter().map(|compound| {
        let shifts = |key: &str| -> Vec<f64> {
            let pairs = compound[key].as_array().unwrap().iter();
            let mut shifts: Vec<f64> = pairs.map(|pair| pair[1].as_f64().unwrap()).collect();
            shifts.sort_by(f64::total_cmp);
            shifts.dedup();
            shifts
        };
        let files = compound["files"].as_array().unwrap().iter();
        Compound {
            cas: compound["cas"].as_str().unwrap().to_owned(),
            carbons: shifts("atom_13C_ppm"),
            protons: shifts("heavy_atom_1H_ppm"),
            files: files.map(|file| file.as_str().unwrap().to_owned()).collect(),
        }
    });
    let compounds = compounds.collect();
    (folder, compounds)
}

fn processed(path: &Path) -> ProcessedSpectrum {
    let fid = fid::read(path).unwrap();
    spectrum::process(&fid, &ProcessingParameters::default()).unwrap()
}

fn compound_lines(spectrum: &ProcessedSpectrum) -> Vec<f64> {
    let compound = spectrum.peaks.iter().filter(|peak| peak.class == PeakClass::Compound);
    compound.map(|peak| peak.ppm).collect()
}

fn nearest(line: f64, among: &[f64]) -> f64 {
    among.iter().map(|other| line - other).min_by(|a, b| a.abs().total_cmp(&b.abs())).unwrap()
}

/// Shift of the spectrum's axis against the truth's: the middle of those under which most shifts
/// of the truth have a line, nearest to none; and the median difference of these lines.
fn axis_offset(found: &[f64], truth: &[f64], tolerance: f64, most: f64) -> (f64, f64) {
    let step = tolerance / 10.0;
    let steps = (most / step) as i32;
    let near = |offset: f64| -> Vec<f64> {
        let rests = truth.iter().map(|shift| -nearest(shift + offset, found));
        rests.filter(|rest| rest.abs() < tolerance).collect()
    };
    let hits = |steps: i32| near(f64::from(steps) * step).len();
    let best = (-steps..=steps).max_by_key(|&steps| (hits(steps), -steps.abs())).unwrap();
    let reach = |way: i32| (1..).take_while(|i| hits(best + way * i) == hits(best)).count() as i32;
    let offset = step * (f64::from(best) + f64::from(reach(1) - reach(-1)) / 2.0);
    let mut rests = near(offset);
    rests.sort_by(f64::total_cmp);
    (offset, offset + rests.get(rests.len() / 2).copied().unwrap_or(0.0))
}

/// The line the axis was tied to stands where it belongs.
fn assert_tied(spectrum: &ProcessedSpectrum, within: f64, file: &str) {
    let Some(place) = spectrum.referencing.line_ppm else { return };
    let stands = |peak: &spectrum::Peak| (peak.ppm - place).abs() < within;
    let kind = match spectrum.referencing.method {
        ReferenceMethod::Solvent => PeakClass::Solvent,
        _ => PeakClass::Impurity,
    };
    let tied = spectrum.peaks.iter().any(|peak| peak.class == kind && stands(peak));
    assert!(tied, "{file}: no line at {place}");
}

fn share(of: &[f64], near: &[f64], tolerance: f64) -> f64 {
    if of.is_empty() || near.is_empty() {
        return 0.0;
    }
    let hits = of.iter().filter(|&&one| nearest(one, near).abs() < tolerance).count();
    hits as f64 / of.len() as f64
}

fn of_kind(files: &[String], kinds: &[&str]) -> Vec<String> {
    files.iter().filter(|file| kinds.iter().any(|kind| file.starts_with(kind))).cloned().collect()
}

#[test]
#[cfg_attr(not(reference_data), ignore = "needs LARMOR_REFERENCE_DATA")]
fn every_file_is_read_for_what_it_is() {
    let (folder, compounds) = reference();
    for compound in compounds {
        for file in &compound.files {
            let path = folder.join(&compound.cas).join(file);
            let inspection = fid::inspect(&path).unwrap();
            assert!(matches!(inspection.status, Status::Complete { .. }), "{}", path.display());
            let read = fid::read(&path).unwrap();
            let (nucleus, experiment) = match file.split('.').next().unwrap() {
                "1h" => (Nucleus::Proton, Experiment::Plain),
                "13c" => (Nucleus::Carbon, Experiment::Plain),
                "dept135" => (Nucleus::Carbon, Experiment::Dept(135)),
                "apt" => (Nucleus::Carbon, Experiment::Apt),
                "deptq" => (Nucleus::Carbon, Experiment::Deptq),
                other => panic!("{other}"),
            };
            assert_eq!((read.nucleus, read.experiment), (nucleus, experiment));
            assert_eq!(read.origin, Origin::Acquired);
            assert!(read.group_delay > 2.0 && read.points.len() >= 8192);
            let proposed = fid::proposed_structures(&path, Beside::Dataset);
            assert_eq!(proposed.len(), 1);
            assert_eq!(proposed[0].format, StructureFormat::Molblock);
        }
    }
}

#[test]
#[cfg_attr(not(reference_data), ignore = "needs LARMOR_REFERENCE_DATA")]
fn carbons_are_found() {
    let (folder, compounds) = reference();
    println!("{:14} {:8} lines  recall precision  offset of axes  reference", "CAS", "file");
    let mut misses = Vec::new();
    for compound in &compounds {
        let mut offsets = BTreeMap::new();
        for file in of_kind(&compound.files, &["13c", "apt", "deptq"]) {
            let spectrum = processed(&folder.join(&compound.cas).join(&file));
            let found = compound_lines(&spectrum);
            let (offset, median) =
                axis_offset(&found, &compound.carbons, CARBON_TOLERANCE, MOST_OFFSET);
            let truth: Vec<f64> = compound.carbons.iter().map(|shift| shift + offset).collect();
            let recall = share(&truth, &found, CARBON_TOLERANCE);
            let precision = share(&found, &truth, CARBON_TOLERANCE);
            let kind = file.split('.').next().unwrap();
            println!(
                "{:14} {kind:8} {:5} {recall:7.2} {precision:9.2} {median:+15.3}  {} ({:.2})",
                compound.cas,
                found.len(),
                spectrum.referencing.method.name(),
                spectrum.referencing.confidence,
            );
            assert_eq!(spectrum.referencing.method, ReferenceMethod::Solvent, "{file}");
            assert_tied(&spectrum, 0.05, &file);
            offsets.insert(kind.to_owned(), median);
            let name = format!("{}/{kind}", compound.cas);
            if recall < RECALL || precision < PRECISION {
                let strangers =
                    found.iter().filter(|&&line| nearest(line, &truth).abs() >= CARBON_TOLERANCE);
                let strangers: Vec<String> = strangers.map(|line| format!("{line:.2}")).collect();
                let lost =
                    truth.iter().filter(|&&shift| nearest(shift, &found).abs() >= CARBON_TOLERANCE);
                let lost: Vec<String> = lost.map(|shift| format!("{shift:.2}")).collect();
                println!("    not found: {}; foreign: {}", lost.join(" "), strangers.join(" "));
                misses.push(name);
            }
        }
        // Each file of a compound is referenced by itself: their axes must agree.
        let spread = offsets.values().copied().fold(f64::MIN, f64::max)
            - offsets.values().copied().fold(f64::MAX, f64::min);
        assert!(offsets.len() < 2 || spread < 0.05, "{}: {offsets:?}", compound.cas);
    }
    let known: Vec<&str> = SHORT_OF_THE_BAR.iter().map(|(file, _)| *file).collect();
    // A file that has come to meet the bar is to be taken off the list.
    assert_eq!(misses, known);
}

#[test]
#[cfg_attr(not(reference_data), ignore = "needs LARMOR_REFERENCE_DATA")]
fn protons_are_found() {
    let (folder, compounds) = reference();
    println!("{:14} lines  shown  offset of axes  reference", "CAS");
    for compound in &compounds {
        for file in of_kind(&compound.files, &["1h"]) {
            let spectrum = processed(&folder.join(&compound.cas).join(&file));
            let mut found = compound_lines(&spectrum);
            found.extend(spectrum.multiplets.iter().map(|multiplet| multiplet.ppm));
            // Shifts of the truth are centres of multiplets: only a rough offset can be told.
            let (offset, _) = axis_offset(&found, &compound.protons, PROTON_TOLERANCE, 0.1);
            let truth: Vec<f64> = compound.protons.iter().map(|shift| shift + offset).collect();
            let shown = share(&truth, &found, PROTON_TOLERANCE);
            println!(
                "{:14} {:5} {shown:6.2} {offset:+15.3}  {} ({:.2})",
                compound.cas,
                found.len(),
                spectrum.referencing.method.name(),
                spectrum.referencing.confidence,
            );
            assert_tied(&spectrum, 0.01, &file);
            assert!(shown > 0.9, "{}: {shown}", compound.cas);
        }
    }
}

/// A solvent's first carbon on the unified scale, its zero 25.145020 % of the frequency of the
/// protons of TMS in the same solution (R. E. Hoffman, Magn. Reson. Chem. 2006, 44, 606). On the
/// usual scale, that of the carbon of TMS, acetone and DMSO stand at 29.84 and 39.52.
fn on_unified_scale(solvent: Solvent) -> Option<f64> {
    match solvent {
        Solvent::Chloroform => Some(76.99),
        Solvent::DimethylSulfoxide => Some(39.98),
        Solvent::Acetone => Some(28.91),
        _ => None,
    }
}

#[test]
#[cfg_attr(not(reference_data), ignore = "needs LARMOR_REFERENCE_DATA")]
fn axes_of_both_nuclei_agree_by_their_frequencies() {
    const RATIO: f64 = 0.251_450_20;
    let (folder, compounds) = reference();
    let mut compared = 0;
    for compound in &compounds {
        let zero = |kinds: &[&str]| {
            let file = of_kind(&compound.files, kinds).first()?.clone();
            let path = folder.join(&compound.cas).join(file);
            let spectrum = processed(&path);
            let mhz = fid::read(&path).unwrap().reference_mhz;
            let tied = spectrum.referencing;
            Some((mhz * (1.0 - tied.shift_ppm * 1e-6), tied.line_ppm?, spectrum.solvent?))
        };
        let (Some((proton, ..)), Some((carbon, line, solvent))) =
            (zero(&["1h"]), zero(&["13c", "deptq"]))
        else {
            continue;
        };
        let Some(expected) = on_unified_scale(solvent) else { continue };
        let found = line + (carbon / (proton * RATIO) - 1.0) * 1e6;
        println!("{:14} {} {found:.3}, expected {expected:.2}", compound.cas, solvent.name());
        assert!((found - expected).abs() < 0.1, "{}: {found}", compound.cas);
        compared += 1;
    }
    assert!(compared >= 8, "{compared}");
}
