//! What reading JCAMP-DX files promises, on real and on hostile ones.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;
use larmor_fixtures::test_data;
use larmor_nmr::fid::{self, Experiment, Fid, FidError, Nucleus, Origin, Solvent, Status, Vendor};
use larmor_nmr::spectrum::{self, PeakClass, ProcessingParameters};
use proptest::prelude::*;

fn status(path: &Path) -> Status {
    fid::inspect(path).unwrap().status
}

fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A file in a directory of its own.
struct File {
    folder: tempfile::TempDir,
    name: &'static str,
}

impl File {
    fn of(name: &'static str, bytes: &[u8]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(name), bytes).unwrap();
        Self { folder, name }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join(self.name)
    }
}

/// A FID of 200 points on two pages.
fn small_fid() -> String {
    let page = |symbol: char, number: u32| {
        let mut text =
            format!("##PAGE= N={number}\n##DATA TABLE= (X++({symbol}..{symbol})), XYDATA\n");
        for line in 0..20 {
            text.push_str(&(line * 10).to_string());
            for point in 0..10 {
                text.push_str(&format!("{:+}", (line * 10 + point + 7) % 23 - 11));
            }
            text.push('\n');
        }
        text
    };
    format!(
        "##TITLE= small $$ not much\n##JCAMP-DX= 6.0\n##DATA TYPE= NMR FID\n\
         ##DATA CLASS= NTUPLES\n##.OBSERVE FREQUENCY= 125.77\n##.OBSERVE NUCLEUS= ^13C\n\
         ##.PULSE SEQUENCE= dept90\n##.SOLVENT NAME= CDCl3\n##NTUPLES= NMR FID\n\
         ##VAR_NAME= TIME, FID/REAL, FID/IMAG\n##SYMBOL= X, R, I\n\
         ##VAR_TYPE= INDEPENDENT, DEPENDENT, DEPENDENT\n##VAR_FORM= AFFN, ASDF, ASDF\n\
         ##VAR_DIM= 200, 200, 200\n##UNITS= SECONDS, ARBITRARY UNITS, ARBITRARY UNITS\n\
         ##FACTOR= 0.00005, 2, 0.5\n##FIRST= 0, 0, 0\n##LAST= 0.00995, 0, 0\n{}{}\
         ##END NTUPLES= NMR FID\n##END=\n",
        page('R', 1),
        page('I', 2)
    )
}

fn corrupt(path: &Path) -> String {
    match status(path) {
        Status::Corrupt { reason } => {
            assert!(fid::read(path).is_err());
            reason
        }
        other => panic!("{other:?}"),
    }
}

fn unsupported(path: &Path) -> String {
    match (status(path), fid::read(path)) {
        (Status::Unsupported { reason }, Err(FidError::Unsupported { reason: read, .. })) => {
            assert_eq!(reason, read.to_string());
            reason
        }
        other => panic!("{other:?}"),
    }
}

#[test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
fn exported_fids_are_those_of_the_spectrometer() {
    for (exported, native) in [
        ("jcamp/aspirin-1h.fid.dx", "bruker/aspirin-1h/1"),
        ("jcamp/naphtoicAcid-1h.fid.dx", "bruker/naphtoicAcid-1h/1"),
    ] {
        let (exported, native) =
            (fid::read(&test_data(exported)).unwrap(), fid::read(&test_data(native)).unwrap());
        assert!(exported.points == native.points, "{}", native.title);
        assert_eq!(exported.origin, Origin::Acquired);
        assert!((exported.sweep_width_hz - native.sweep_width_hz).abs() < 1e-6);
        assert!((exported.carrier_mhz - native.carrier_mhz).abs() < 1e-9);
        assert!((exported.reference_mhz - native.reference_mhz).abs() < 1e-4);
        assert_eq!(exported.group_delay, native.group_delay);
        assert_eq!(
            (exported.nucleus, exported.experiment, exported.solvent, exported.scans),
            (native.nucleus, native.experiment, native.solvent, native.scans)
        );
        assert_eq!((exported.title, exported.pulse_program), (native.title, native.pulse_program));
    }
}

#[test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
fn every_real_file_is_read_or_refused_for_the_right_reason() {
    let rutin = |kind: &str| format!("jcamp/Rutin_3080ug200uL_DMSOd6_{kind}_400MHz_JDX.jdx");
    for (file, nucleus, origin, points, solvent) in [
        (
            rutin("13CNMR"),
            Nucleus::Carbon,
            Origin::Spectrum,
            26215,
            Some(Solvent::DimethylSulfoxide),
        ),
        (
            rutin("qHNMR"),
            Nucleus::Proton,
            Origin::Spectrum,
            26215,
            Some(Solvent::DimethylSulfoxide),
        ),
        (
            "jcamp/aspirin-1h.dx".into(),
            Nucleus::Proton,
            Origin::Spectrum,
            16384,
            Some(Solvent::Chloroform),
        ),
        (
            "jcamp/aspirin-1h.fid.dx".into(),
            Nucleus::Proton,
            Origin::Acquired,
            8192,
            Some(Solvent::Chloroform),
        ),
        (
            "jcamp/naphtoicAcid-1h.dx".into(),
            Nucleus::Proton,
            Origin::Spectrum,
            65536,
            Some(Solvent::Acetone),
        ),
        (
            "jcamp/naphtoicAcid-1h.fid.dx".into(),
            Nucleus::Proton,
            Origin::Acquired,
            8192,
            Some(Solvent::Acetone),
        ),
        (
            "jcamp/ibuprofen_j_ave_qmagnetics.jdx".into(),
            Nucleus::Proton,
            Origin::Acquired,
            40000,
            None,
        ),
    ] {
        let path = test_data(&file);
        assert_eq!(fid::recognise(&path), Some(Vendor::Jcamp));
        let inspection = fid::inspect(&path).unwrap();
        assert!(matches!(inspection.status, Status::Complete { .. }), "{file}");
        assert!(!inspection.vendor_evidence && inspection.last_written.is_some());
        assert_eq!(inspection.digest.unwrap().len(), 64);
        let read = fid::read(&path).unwrap();
        assert_eq!(
            (read.nucleus, read.origin, read.points.len(), read.solvent, read.experiment),
            (nucleus, origin, points, solvent, Experiment::Plain),
            "{file}"
        );
    }
    for kind in ["COSY", "HMBC", "HSQC"] {
        let path = test_data(&rutin(kind));
        assert_eq!(unsupported(&path), "two or more dimensions");
        let experiment = fid::inspect(&path).unwrap().experiment;
        assert_eq!(experiment, Some(Experiment::MultiDimensional));
    }
}

fn compound_lines(path: &str) -> Vec<(f64, f64)> {
    let fid = fid::read(&test_data(path)).unwrap();
    let spectrum = spectrum::process(&fid, &ProcessingParameters::default()).unwrap();
    let peaks = spectrum.peaks.into_iter();
    peaks.filter(|p| p.class == PeakClass::Compound).map(|p| (p.ppm, p.intensity)).collect()
}

#[test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
fn a_published_spectrum_shows_the_lines_of_its_fid() {
    for (spectrum, fid) in [
        ("jcamp/aspirin-1h.dx", "jcamp/aspirin-1h.fid.dx"),
        ("jcamp/naphtoicAcid-1h.dx", "jcamp/naphtoicAcid-1h.fid.dx"),
    ] {
        let (published, own) = (compound_lines(spectrum), compound_lines(fid));
        let strong: Vec<_> = own.iter().filter(|(_, height)| *height > 0.2).collect();
        assert!(!strong.is_empty());
        for (ppm, height) in strong {
            let same = |(at, tall): &&(f64, f64)| {
                (at - ppm).abs() < 0.01 && (tall / height - 1.0).abs() < 0.5
            };
            assert!(published.iter().any(|line| same(&line)), "{spectrum}: no {ppm} of {height}");
        }
    }
}

/// Shifts of rutin in DMSO-d6 as its 13C spectrum has them, whole ppm.
#[test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
fn a_carbon_spectrum_in_descending_hertz_stands_right() {
    let lines = compound_lines("jcamp/Rutin_3080ug200uL_DMSOd6_13CNMR_400MHz_JDX.jdx");
    for carbon in
        [177.4, 164.1, 161.2, 148.4, 144.8, 133.3, 121.2, 116.3, 115.2, 101.2, 98.7, 93.6, 17.8]
    {
        assert!(lines.iter().any(|(ppm, _)| (ppm - carbon).abs() < 0.3), "no {carbon}: {lines:?}");
    }
}

#[test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
fn the_same_data_have_one_digest_however_they_are_written() {
    let plain = test_data("jcamp/aspirin-1h.fid.dx");
    let digest = |path: &Path| fid::inspect(path).unwrap().digest.unwrap();
    let bytes = fs::read(&plain).unwrap();
    let packed = File::of("x.FID.DX.gz", &gzipped(&bytes));
    assert_eq!(digest(&packed.path()), digest(&plain));
    let text = String::from_utf8(bytes).unwrap().replace('\n', "\r\n");
    assert_eq!(digest(&File::of("x.JDX", text.as_bytes()).path()), digest(&plain));
    assert_ne!(digest(&test_data("jcamp/naphtoicAcid-1h.fid.dx")), digest(&plain));
}

#[test]
fn headers_become_what_they_mean() {
    let file = File::of("small.jcamp", small_fid().as_bytes());
    let fid = fid::read(&file.path()).unwrap();
    assert_eq!((fid.title.as_str(), fid.points.len()), ("small", 200));
    assert_eq!((fid.nucleus, fid.experiment), (Nucleus::Carbon, Experiment::Dept(90)));
    assert!((fid.sweep_width_hz - 20_000.0).abs() < 1e-6);
    assert_eq!((fid.points[0].re, fid.points[0].im), (-8.0, -2.0));
    let referenced =
        small_fid().replace("##NTUPLES=", "##.SHIFT REFERENCE= INTERNAL, , 1, 200\n##NTUPLES=");
    let fid = fid::read(&File::of("small.dx", referenced.as_bytes()).path()).unwrap();
    let highest =
        (fid.carrier_mhz + fid.sweep_width_hz / 2e6 - fid.reference_mhz) / fid.reference_mhz * 1e6;
    assert!((highest - 200.0).abs() < 0.01, "{highest}");
    let latin = small_fid().into_bytes();
    let latin: Vec<u8> =
        latin.iter().flat_map(|&b| if b == b'$' { vec![0xb5] } else { vec![b] }).collect();
    assert_eq!(fid::read(&File::of("a.dx", &latin).path()).unwrap().title, "small µµ not much");
}

#[test]
fn a_filter_nobody_mentions_is_seen_in_the_points() {
    let delay = |points: &dyn Fn(f64) -> f64| {
        let table: String =
            (0..200).map(|time| format!("{time} {:.0}\n", points(f64::from(time)))).collect();
        let text = small_fid();
        let head = &text[..text.find("##PAGE").unwrap()];
        let page =
            |symbol| format!("##PAGE= N=1\n##DATA TABLE= (X++({symbol}..{symbol}))\n{table}");
        let text = format!("{head}{}{}##END=\n", page('R'), page('I'));
        fid::read(&File::of("a.dx", text.as_bytes()).path()).unwrap().group_delay
    };
    assert_eq!(delay(&|time| 1000.0 * (-time / 50.0).exp()), 0.0);
    assert_eq!(delay(&|time| 1000.0 * (-(time - 20.0).abs() / 5.0).exp()), 20.0);
}

#[test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
fn a_compound_file_gives_its_one_fid_or_says_how_many_there_are() {
    let link =
        |inside: &str| format!("##TITLE= all\n##DATA TYPE= LINK\n##BLOCKS= 2\n{inside}##END=\n");
    let peaks = "##TITLE= p\n##DATA TYPE= NMR PEAK TABLE\n##PEAK TABLE= (XY..XY)\n1,2\n##END=\n";
    let spectrum = fs::read_to_string(test_data("jcamp/aspirin-1h.dx")).unwrap();
    let one = File::of("a.dx", link(&format!("{peaks}{spectrum}{}", small_fid())).as_bytes());
    assert_eq!(fid::read(&one.path()).unwrap().title, "small");
    let two = File::of("a.dx", link(&small_fid().repeat(2)).as_bytes());
    assert_eq!(unsupported(&two.path()), "2 FIDs in one file; store each in a file of its own");
    let none = File::of("a.dx", link(peaks).as_bytes());
    assert_eq!(unsupported(&none.path()), "NMR PEAK TABLE is neither NMR FID nor NMR SPECTRUM");
    let phosphorus = small_fid().replace("^13C", "^31P").replace("125.77", "202.456");
    let other = File::of("a.dx", link(&phosphorus).as_bytes());
    assert_eq!(unsupported(&other.path()), "nucleus 31P; 1H and 13C are processed");
    let points = "##TITLE= p\n##DATA TYPE= NMR SPECTRUM\n##.OBSERVE NUCLEUS= ^1H\n\
        ##.OBSERVE FREQUENCY= 400.1\n##XYPOINTS= (XY..XY)\n1,2\n##END=\n";
    let points = File::of("a.dx", points.as_bytes());
    assert_eq!(unsupported(&points.path()), "a list of peaks (XYPOINTS), no whole spectrum");
}

#[test]
fn a_file_still_being_written_is_incomplete_wherever_it_stops() {
    let whole = small_fid();
    let packed = gzipped(whole.as_bytes());
    let incomplete = |name, bytes: &[u8]| {
        let file = File::of(name, bytes);
        match status(&file.path()) {
            Status::Incomplete { reason } => assert!(reason.starts_with("no ##END="), "{reason}"),
            other => panic!("{name}: {other:?} at {}", bytes.len()),
        }
        assert!(matches!(fid::read(&file.path()), Err(FidError::ParametersCutOff { .. })));
    };
    for length in (0..whole.len() - 2).step_by(97).chain([1]) {
        incomplete("a.dx", &whole.as_bytes()[..length]);
    }
    incomplete("a.dx", &whole.as_bytes()[..whole.len() - 7]);
    for length in (20..packed.len()).step_by(31) {
        incomplete("a.dx.gz", &packed[..length]);
    }
}

#[test]
fn damaged_tables_are_named_with_their_line() {
    let spoilt = |from: &str, to: &str| {
        assert!(small_fid().contains(from), "{from}");
        corrupt(&File::of("a.dx", small_fid().replacen(from, to, 1).as_bytes()).path())
    };
    let declared = spoilt("VAR_DIM= 200, 200, 200", "VAR_DIM= 1000000000, 1000000000, 1000000000");
    assert!(declared.contains("VAR_DIM is 1000000000"), "{declared}");
    let short = spoilt("VAR_DIM= 200, 200, 200", "VAR_DIM= 200, 201, 200");
    assert!(short.contains("the table holds 200 of 201 declared points"), "{short}");
    let unequal = spoilt("VAR_DIM= 200, 200, 200", "VAR_DIM= 200, 200, 190")
        + &spoilt("##PAGE= N=2\n", "##PAGE= N=2\n##NPOINTS= 199\n");
    assert!(
        unequal.contains("more than the 190") && unequal.contains("more than the 199"),
        "{unequal}"
    );
    let shorter = small_fid().replace("200, 200, 200", "200, 200, 190");
    let last_line = shorter.rfind("\n190").unwrap();
    let end = shorter.find("##END NTUPLES").unwrap();
    let shorter = format!("{}\n{}", &shorter[..last_line], &shorter[end..]);
    let reason = corrupt(&File::of("a.dx", shorter.as_bytes()).path());
    assert!(reason.ends_with("holds 200 real and 190 imaginary points"), "{reason}");
    let line = 1 + small_fid().lines().position(|line| line.starts_with("10+6")).unwrap();
    assert!(spoilt("10+6", "10 NaN").contains(&format!("line {line}: a value is not a number")));
    assert!(spoilt("10+6", "10+1E+999").contains("not numbers"));
    assert!(spoilt("10+6", "10+6 Z99999999").contains(&format!("line {line}: more than the 200")));
    assert!(spoilt("0.00995", "x").contains("LAST gives no number"));
    assert!(spoilt("125.77", "-1").contains(".OBSERVE FREQUENCY is missing"));
    assert!(spoilt("SYMBOL= X, R, I", "SYMBOL= X, A, I").contains("SYMBOL does not name R"));
    let zeros = small_fid().replace("FACTOR= 0.00005, 2, 0.5", "FACTOR= 1, 0, 0");
    assert!(corrupt(&File::of("a.dx", zeros.as_bytes()).path()).contains("every point is zero"));
}

#[test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
fn a_line_lost_among_differences_is_noticed() {
    let name = "jcamp/Rutin_3080ug200uL_DMSOd6_13CNMR_400MHz_JDX.jdx";
    let text = fs::read_to_string(test_data(name)).unwrap();
    let lost: Vec<&str> =
        text.lines().enumerate().filter(|(line, _)| *line != 700).map(|(_, text)| text).collect();
    let reason = corrupt(&File::of("a.jdx", lost.join("\n").as_bytes()).path());
    assert!(reason.contains("line 701: check value"), "{reason}");
}

#[test]
fn what_is_no_jcamp_at_all_is_said_so_at_once() {
    let deep: String = (0..200).map(|_| "##TITLE= x\n##DATA TYPE= LINK\n").collect();
    let mut long = b"##TITLE= x\n##XYDATA= (X++(Y..Y))\n".to_vec();
    long.resize(100 << 20, b'1');
    let bomb = gzipped(&vec![b' '; 40 << 20]);
    let mut damaged = gzipped(small_fid().as_bytes());
    let middle = damaged.len() / 2;
    damaged[middle] ^= 0xff;
    for (name, bytes, said) in [
        ("a.dx", b"{\"peaks\": [1, 2]}".to_vec(), "is no JCAMP-DX"),
        ("a.jdx", b"PK\x03\x04\x14\0\0\0 and so on".to_vec(), "is no JCAMP-DX"),
        ("a.dx", b"object 1 class gridpositions counts 97 97 97\n".to_vec(), "is no JCAMP-DX"),
        ("a.dx", (0..=255u8).cycle().take(5000).collect(), "is no JCAMP-DX"),
        ("a.dx", b"##JCAMP-DX= 5\n##END=\n".to_vec(), "no ##TITLE="),
        ("a.dx", deep.into_bytes(), "nested more than 16 deep"),
        ("a.dx", b"##a=\n".repeat(1 << 20), "a label outside of any block"),
        (
            "a.dx",
            [b"##TITLE=\n".to_vec(), b"##a=\n".repeat(1 << 20)].concat(),
            "more than 131072 labels",
        ),
        ("a.dx", long, "more than the 67108864 accepted here"),
        ("a.dx.gz", bomb, "expands to more than"),
        ("a.dx.gz", damaged, ""),
        ("a.dx.gz", gzipped(b"rubbish"), "is no JCAMP-DX"),
    ] {
        let file = File::of(name, &bytes);
        let started = Instant::now();
        let reason = corrupt(&file.path());
        assert!(reason.contains(said), "{said}: {reason}");
        // Seconds at most even on a loaded machine without optimisation: never a hang.
        assert!(started.elapsed() < Duration::from_secs(20), "{said}");
    }
    let infrared = small_fid().replace("NMR FID", "INFRARED SPECTRUM");
    let infrared = File::of("a.dx", infrared.as_bytes());
    assert_eq!(
        unsupported(&infrared.path()),
        "INFRARED SPECTRUM is neither NMR FID nor NMR SPECTRUM"
    );
}

#[test]
fn only_plain_files_are_opened() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe.dx");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    assert!(corrupt(&pipe).contains("a named pipe"));
    let link = folder.path().join("link.dx");
    std::os::unix::fs::symlink(test_data("jcamp/aspirin-1h.dx"), &link).unwrap();
    assert!(corrupt(&link).contains("a symbolic link"));
    fs::create_dir(folder.path().join("folder.dx")).unwrap();
    for name in ["folder.dx", "._a.dx", "a.dx.part", "a.dx.gz.Xy12", "a.txt", "dx"] {
        let path = folder.path().join(name);
        if !path.exists() {
            fs::write(&path, small_fid()).unwrap();
        }
        assert_eq!(fid::recognise(&path), None, "{name}");
    }
    assert!(fid::inspect(&folder.path().join("gone.dx")).unwrap_err().is_missing());
}

fn opened(name: &'static str, bytes: &[u8]) -> Result<Fid, FidError> {
    let file = File::of(name, bytes);
    let inspection = fid::inspect(&file.path()).unwrap();
    let read = fid::read(&file.path());
    // What is called complete can be read, and nothing else.
    assert_eq!(matches!(inspection.status, Status::Complete { .. }), read.is_ok());
    assert_eq!(inspection.digest.is_some(), read.is_ok());
    read
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn damage_anywhere_is_survived(
        flips in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..20),
        length in any::<prop::sample::Index>(),
        cut: bool,
    ) {
        let mut bytes = small_fid().into_bytes();
        for (at, byte) in flips {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if cut {
            bytes.truncate(length.index(bytes.len()));
        }
        let plain = opened("a.dx", &bytes);
        let packed = opened("a.dx.gz", &gzipped(&bytes));
        prop_assert_eq!(plain.ok(), packed.ok());
    }

    #[test]
    fn any_bytes_behind_a_label_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..3000)) {
        let mut text = b"##TITLE= x\n##DATA TYPE= NMR SPECTRUM\n##.OBSERVE NUCLEUS= ^1H\n\
            ##.OBSERVE FREQUENCY= 400\n##NPOINTS= 9\n##XYDATA= (X++(Y..Y))\n".to_vec();
        text.extend(bytes);
        text.extend(b"\n##END=\n");
        let _ = opened("a.dx", &text);
    }
}
